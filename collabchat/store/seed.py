"""Fill a workspace with talk that has its own times, while no hub runs: samples and imports."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from collabchat import protocol as p
from collabchat.store.attached import HEAD, described
from collabchat.store.directory import direct_name
from collabchat.store.workspace import Workspace

MOST_WAITING = 20_000


class Seeder:
    """Writes events with given times, in the order of these times, straight into the log.

    Rights are not asked: whoever may write the folder may write its log. Times are microseconds since 1970 in UTC;
    one that is earlier than the one before counts as that one, for the log's time never goes back.

    Parameters
    ----------
    folder
        The workspace; no hub of it may run.

    Examples
    --------
    >>> with Seeder(Path("team")) as seeder:  # doctest: +SKIP
    ...     ana = seeder.member("ana", at=1_700_000_000_000_000)
    ...     room = seeder.room("pipeline", by=ana, members=[ana], at=1_700_000_000_000_001)
    ...     seeder.post(room, ana, "Morning.", at=1_700_000_000_000_002)
    """

    def __init__(self, folder: Path) -> None:
        self._changed = threading.Condition()
        self._failure: Exception | None = None
        self.workspace = Workspace(folder, self._committed)
        self.directory = self.workspace.directory
        self._durable = self.directory.seq

    def _committed(self, events: Sequence[p.Event], failure: Exception | None) -> None:
        with self._changed:
            self._failure = failure
            self._durable = events[-1].seq
            self._changed.notify_all()

    def _decide(self, actor: p.Id, data: p.AnyEventData, room: p.Id | None, at: p.Micros) -> p.Id:
        event = self.workspace.decide(actor, data, room=room, req=None, now=at)
        if self.workspace.log.waiting > MOST_WAITING:
            self._wait(event.seq - MOST_WAITING // 2)
        return str(event.seq)

    def _wait(self, seq: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._durable >= seq or self._failure is not None)
        if self._failure is not None:
            raise self._failure
        self.workspace.committed(self._durable)

    def _next(self) -> p.Id:
        return str(self.directory.seq + 1)

    def member(
        self, handle: str, *, name: str | None = None, role: p.Role | None = None, bot: bool = False, at: p.Micros
    ) -> p.Id:
        """A member with this handle, new or known; the first one is the owner."""
        known = self.directory.member_by_handle(handle)
        if known is not None:
            return known.id
        identity = self._next()
        rank: p.Role = role or ("member" if self.directory.members else "owner")
        data = p.MemberAdded(member=identity, handle=handle, name=name or handle, role=rank, bot=bot)
        return self._decide(identity, data, None, at)

    def room(
        self,
        name: str,
        *,
        by: p.Id,
        members: Sequence[p.Id],
        kind: p.RoomKind = "public",
        topic: str = "",
        at: p.Micros,
    ) -> p.Id:
        """A room with these members; a direct one gets its name from their handles."""
        if kind == "direct":
            name = direct_name([self.directory.members[member].handle for member in members])
        known = self.directory.room_by_name(name)
        if known is not None:
            return known.id
        data = p.RoomCreated(name=name, kind=kind, topic=topic, members=list(members))
        return self._decide(by, data, self._next(), at)

    def add(self, room: p.Id, member: p.Id, *, by: p.Id, at: p.Micros) -> None:
        """Bring a member into a room, with the line that says so."""
        if member not in self.directory.rooms[room].members:
            handle = self.directory.members[member].handle
            self._decide(by, p.Added(member=member, text=f"added @{handle}"), room, at)

    def post(
        self,
        room: p.Id,
        author: p.Id,
        text: str,
        *,
        at: p.Micros,
        thread: p.Id | None = None,
        reply_to: p.Id | None = None,
        mentions: Sequence[p.Id] = (),
        files: Sequence[p.Attachment] = (),
    ) -> p.Id:
        """A message; ``thread`` is the root of the thread that it stands in, ``files`` are from `file`."""
        kind: p.MessageKind = "bot" if self.directory.members[author].bot else "text"
        data = p.Posted(
            id=self._next(),
            text=text,
            kind=kind,
            thread=thread,
            reply_to=reply_to,
            mentions=list(mentions),
            files=list(files),
        )
        return self._decide(author, data, room, at)

    def file(self, name: str, content: bytes) -> p.Attachment:
        """A file to go with a message, kept from now on."""
        sha = self.workspace.blobs.put(content)
        return described(name, content[:HEAD], size=len(content), sha256=sha)

    def react(self, room: p.Id, message: p.Id, member: p.Id, emoji: str, *, at: p.Micros) -> None:
        """A reaction."""
        self._decide(member, p.Reacted(id=message, emoji=emoji), room, at)

    def pin(self, room: p.Id, message: p.Id, member: p.Id, *, at: p.Micros) -> None:
        """A pin."""
        self._decide(member, p.Pinned(id=message), room, at)

    def read(self, room: p.Id, member: p.Id, upto: p.Id, *, at: p.Micros) -> None:
        """A read mark: the member has read up to and with this message."""
        unread, mentions = self.workspace.unread(self.directory.members[member], self.directory.rooms[room], int(upto))
        self._decide(member, p.Read(upto=int(upto), unread=unread, mentions=mentions), room, at)

    def close(self) -> None:
        """Wait until everything is on disk, and close the workspace.

        Raises
        ------
        collabchat.errors.CollabchatError
            Where something could not be stored.
        """
        try:
            if self.directory.seq:
                self._wait(self.directory.seq)
        finally:
            self.workspace.close()

    def __enter__(self) -> Seeder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
