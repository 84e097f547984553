"""A workspace on disk, opened: its database, its directory, its log. No network."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import duckdb
import msgspec

from collabchat import protocol as p
from collabchat.store import load, queries, schema
from collabchat.store.blobs import Blobs
from collabchat.store.directory import Directory, MemberState, RoomState
from collabchat.store.log import DuckLog
from collabchat.store.refs import MessageRefs
from collabchat.store.uploads import Uploads

ANSWERS_KEPT = 50_000

Committed = Callable[[Sequence[p.Event], Exception | None], None]


class Workspace:
    """The one owner of a workspace's folder.

    `decide` is called from one thread (the hub's loop): it puts an event into the directory at once and into the
    queue of the log. ``committed`` is called, on the log's thread, when events are on disk or were refused; after a
    refusal call `recover` before deciding anything else.

    Parameters
    ----------
    folder
        Made where it is not there.
    committed
        Takes the events and None, or the error.

    Raises
    ------
    WorkspaceError, VersionMismatch, DiskFull
        As `schema.connect`.
    """

    def __init__(self, folder: Path, committed: Committed) -> None:
        self.folder = folder
        self.blobs = Blobs(folder)
        self.uploads = Uploads(self.blobs)
        self.connection = self._open()
        self._readers = threading.local()
        self._cursors: list[duckdb.DuckDBPyConnection] = []
        self._generation = 0
        self._arriving: Counter[str] = Counter()
        self._load()
        self.log = DuckLog(self.connection, folder, committed)

    def _open(self) -> duckdb.DuckDBPyConnection:
        connection = schema.connect(self.folder)
        # Each statement runs on the thread that asks, and there are several: the log's, the readers'. DuckDB's own
        # workers would take the processor from them, and a commit of a few rows has nothing for them to do.
        connection.execute("SET threads = 1")
        return connection

    def _load(self) -> None:
        self.directory: Directory = load.directory(self.connection)
        self.refs = MessageRefs(lambda message: load.message_ref(self.reader(), message))
        self.refs.durable = self.directory.seq
        self._pending: deque[p.Event] = deque()
        self.answers = load.recent_commands(self.connection, ANSWERS_KEPT)
        self._forgot = self.directory.seq > ANSWERS_KEPT
        """Whether the log holds commands whose answers are not among these."""

    def reader(self) -> duckdb.DuckDBPyConnection:
        """This thread's own cursor."""
        found: tuple[int, duckdb.DuckDBPyConnection] | None = getattr(self._readers, "cursor", None)
        if found is None or found[0] != self._generation:
            found = (self._generation, self.connection.cursor())
            self._readers.cursor = found
            self._cursors.append(found[1])
        return found[1]

    def decide(
        self, actor: p.Id, data: p.AnyEventData, *, room: p.Id | None, req: str | None, now: p.Micros
    ) -> p.Event:
        """Make the next event, apply it, and send it on its way to the disk.

        ``time`` never goes back, even where the clock does.
        """
        seq = self.directory.seq + 1
        event = p.Event(
            seq=seq,
            time=max(now, self.directory.time),
            actor=actor,
            data=data,
            room=room,
            req=req,
        )
        self.log.append([event])
        self.directory.apply(event)
        self.refs.apply(event)
        if isinstance(data, p.Posted | p.Edited | p.Deleted | p.MessageScheduled):
            self._pending.append(event)
        if req is not None:
            self.answers[actor, req] = load.answer(event)
            if len(self.answers) > ANSWERS_KEPT:
                self.answers.popitem(last=False)
                self._forgot = True
        return event

    def earlier(self, actor: p.Id, req: str, again: bool) -> load.Earlier | None:
        """What this command of this member was answered before, if it was."""
        found = self.answers.get((actor, req))
        if found is None and again and self._forgot:
            found = load.command(self.reader(), actor, req)
        return found

    @property
    def durable(self) -> int:
        """The newest ``seq`` that `committed` was told of."""
        return self.refs.durable

    def committed(self, seq: int) -> None:
        """Everything up to ``seq`` is on disk."""
        self.refs.durable = seq
        while self._pending and self._pending[0].seq <= seq:
            self._pending.popleft()

    def message(self, wanted: p.Id) -> p.Message | None:
        """A message as it stands now, on disk or on its way there; its reactions and votes may be older."""
        found = next(iter(queries.messages_by_id(self.reader(), [wanted])), None)
        for event in self._pending:
            data = event.data
            match data:
                case p.Posted() if data.id == wanted:
                    found = p.Message(
                        id=wanted,
                        room=event.room or "",
                        author=event.actor,
                        time=event.time,
                        text=data.text,
                        kind=data.kind,
                        forwarded=data.forwarded,
                        files=data.files,
                    )
                case p.Edited() if data.id == wanted and found is not None:
                    found = msgspec.structs.replace(found, text=data.text)
                case p.Deleted() if data.id == wanted and found is not None:
                    found = msgspec.structs.replace(found, text=None, deleted=True, forwarded=None, files=[])
        return found

    @contextlib.contextmanager
    def arriving(self, content: bytes) -> Iterator[None]:
        """Keep a file of this content, within, that nothing refers to yet."""
        sha = hashlib.sha256(content).hexdigest()
        self._arriving[sha] += 1
        try:
            yield
        finally:
            self._arriving[sha] -= 1
            if not self._arriving[sha]:
                del self._arriving[sha]

    def not_needed(self, files: Sequence[str]) -> list[str]:
        """Those of these files to which nothing refers, on disk or on its way there."""
        needed = set(self._arriving) | self.uploads.stay() | self.directory.files_of_members()
        for event in self._pending:
            needed |= _files_of(event.data)
        left = [sha for sha in files if sha not in needed]
        kept = queries.kept(self.reader(), left)
        return [sha for sha in left if sha not in kept]

    def unread(self, me: MemberState, room: RoomState, upto: int) -> tuple[int, int]:
        """How many messages of others stand after ``upto`` in a room, and how many of them mention this member."""
        count, mentioned = queries.unread(self.reader(), me.id, {room.id: upto}, self.durable).get(room.id, (0, 0))
        for event in self._pending:
            data = event.data
            if event.room != room.id:
                continue
            match data:
                case p.Posted() if event.seq > upto and event.actor != me.id:
                    count += 1
                    mentioned += me.id in data.mentions
                case p.Edited() if int(data.id) > upto and data.author != me.id:
                    mentioned += (me.id in data.mentions) - (me.id in data.mentions_before)
                case p.Deleted() if int(data.id) > upto and data.author != me.id:
                    count -= 1
                    mentioned -= me.id in data.mentions_before
        return count, mentioned

    def recover(self) -> None:
        """Go back to what is on disk, after the log refused something."""
        with contextlib.suppress(duckdb.Error):
            self._load()
            self.log.resume(self.connection)
            return
        # As long as a cursor is left, DuckDB would find the database again that it has given up.
        self._generation += 1
        self.log.release()
        for cursor in [*self._cursors, self.connection]:
            with contextlib.suppress(duckdb.Error):
                cursor.close()
        self._cursors.clear()
        self.connection = self._open()
        self._load()
        self.log.resume(self.connection)

    def save_seen(self, seen: dict[p.Id, p.Micros]) -> None:
        """Note when members were last here; beside the log, and no loss where it fails."""
        cursor = self.reader()
        with contextlib.suppress(duckdb.Error):
            for member, time in seen.items():
                cursor.execute("DELETE FROM presence WHERE member = ?", [int(member)])
                cursor.execute("INSERT INTO presence VALUES (?, make_timestamp(?))", [int(member), time])

    def has_title(self, url: str) -> bool:
        """Whether the title of a page was asked for already."""
        return bool(self.reader().execute("SELECT 1 FROM titles WHERE url = ? LIMIT 1", [url]).fetchall())

    def save_title(self, url: str, title: str, time: p.Micros) -> None:
        """Keep the title of a page; beside the log, and no loss where it fails."""
        with contextlib.suppress(duckdb.Error):
            self.reader().execute("INSERT INTO titles VALUES (?, ?, make_timestamp(?))", [url, title, time])

    def forget_titles(self) -> None:
        """Drop the titles of pages that no message links to any more."""
        with contextlib.suppress(duckdb.Error):
            self.reader().execute("DELETE FROM titles WHERE url NOT IN (SELECT url FROM links)")

    def close(self) -> None:
        """Write what waits and close the file."""
        self.log.close()
        with contextlib.suppress(duckdb.Error):
            self.connection.execute("CHECKPOINT")
        self.connection.close()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _files_of(data: p.AnyEventData) -> set[str]:
    files = data.files if isinstance(data, p.Posted | p.MessageScheduled) else []
    return {file.sha256 for file in files}
