"""The documented frames as Arrow, for one member: what `collabchat.frames` makes DataFrames of."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from collabchat import protocol as p
from collabchat.store.directory import Directory, MemberState
from collabchat.store.personal import PERSONAL

ROWS = 16_384
"""Rows of one part."""

INCREMENTAL = ("messages", "events")

_VISIBLE = "SELECT unnest($rooms::BIGINT[])"
# No join and no sorting: a plain scan gives the rows as they stand, in the order of `seq`. A message that changed after
# `upto` comes as it is now; it comes again next time.
_MESSAGES = """
SELECT seq, room, author, time, CASE WHEN text = '' THEN coalesce(forwarded->>'text', text) ELSE text END AS text,
    kind, thread, reply_to, edited_at, deleted, n_files::BIGINT AS n_files, n_reactions::BIGINT AS n_reactions
FROM messages WHERE changed > $since AND seq <= $upto"""
_MENTIONS = "SELECT message, member FROM mentions WHERE message <= $upto"
_SOME_MENTIONS = f"{_MENTIONS} AND message IN (SELECT seq FROM messages WHERE changed > $since AND seq <= $upto)"
_PERSONAL = ", ".join(f"'{data.__struct_config__.tag}'" for data in PERSONAL)
_EVENTS = f"""
SELECT e.seq, e.time, e.type, a.handle AS actor, r.name AS room, e.data
FROM events e JOIN members a ON a.member = e.actor LEFT JOIN rooms r ON r.room = e.room
WHERE e.seq > $since AND e.seq <= $upto
    AND ((e.room IS NULL AND (e.type NOT IN ({_PERSONAL}) OR e.actor = $me)) OR e.room IN ({_VISIBLE}))
ORDER BY e.seq"""
_REACTIONS = f"""
SELECT CAST(x.message AS VARCHAR) AS message, r.name AS room, a.handle AS author, x.emoji, x.time
FROM reactions x JOIN rooms r ON r.room = x.room JOIN members a ON a.member = x.member
WHERE x.room IN ({_VISIBLE}) ORDER BY x.seq"""
_FILES = f"""
SELECT concat(f.message, '-', f.number) AS id, CAST(f.message AS VARCHAR) AS message, r.name AS room,
    a.handle AS author, f.time, f.name, f.size, f.type, f.sha256
FROM attachments f JOIN rooms r ON r.room = f.room JOIN members a ON a.member = f.author
WHERE f.room IN ({_VISIBLE}) ORDER BY f.message, f.number"""
_LINKS = f"""
SELECT CAST(l.message AS VARCHAR) AS message, r.name AS room, a.handle AS author, l.time, l.url, t.title
FROM links l JOIN rooms r ON r.room = l.room JOIN members a ON a.member = l.author
LEFT JOIN (SELECT url, any_value(title) AS title FROM titles WHERE title <> '' GROUP BY url) t ON t.url = l.url
WHERE l.room IN ({_VISIBLE}) ORDER BY l.message, l.number"""
_COLUMNS = (
    "id",
    "seq",
    "room",
    "room_id",
    "author",
    "author_id",
    "time",
    "text",
    "kind",
    "thread",
    "reply_to",
    "edited_at",
    "deleted",
    "mentions",
    "n_files",
    "n_reactions",
)
_QUERIES = {"events": _EVENTS, "reactions": _REACTIONS, "files": _FILES, "links": _LINKS}
_TIME = pa.timestamp("us")
_TEXT = pa.large_string()


def stored(
    cursor: duckdb.DuckDBPyConnection, name: str, *, me: p.Id, rooms: list[p.Id], since: int, upto: int
) -> Iterator[pa.Table]:
    """The rows of messages, events, reactions, files or links in these rooms, in parts; at least one part, if empty."""
    if name == "messages":
        yield from _Messages(cursor, rooms).parts(since, upto)
        return
    values: dict[str, object] = {"rooms": [int(room) for room in rooms]}
    if name in INCREMENTAL:
        values |= {"since": since, "upto": upto}
    if name == "events":
        values["me"] = int(me)
    reader = cursor.sql(_QUERIES[name], params=values).to_arrow_reader(ROWS)
    empty = True
    for batch in reader:
        if batch.num_rows:
            empty = False
            yield pa.Table.from_batches([batch])
    if empty:
        yield pa.Table.from_batches([], schema=reader.schema)


class _Names:
    """Ids of rooms or members, to be replaced by names: as dictionaries, so that a name travels once a part."""

    def __init__(self, rows: list[tuple[int, str]]) -> None:
        self._numbers = pa.array([number for number, _ in rows], pa.int64())
        self.ids = pa.array([str(number) for number, _ in rows], _TEXT)
        self.names = pa.array([name for _, name in rows], _TEXT)

    def find(self, numbers: pa.Array) -> pa.Array:
        """Where each stands; null where it does not."""
        import pyarrow.compute as pc  # only where it is needed: a hub has to start quickly

        return pc.index_in(numbers, value_set=self._numbers)


class _Messages:
    """The messages of some rooms, part by part, all from one state of the database."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, rooms: list[p.Id]) -> None:
        self._cursor = cursor
        self._visible = [int(room) for room in rooms]

    def parts(self, since: int, upto: int) -> Iterator[pa.Table]:
        cursor = self._cursor
        cursor.execute("BEGIN")
        try:
            self._rooms = _Names(
                cursor.execute(
                    "SELECT room, name FROM rooms WHERE room IN (SELECT unnest($1::BIGINT[]))", [self._visible]
                ).fetchall()
            )
            self._members = _Names(cursor.execute("SELECT member, handle FROM members").fetchall())
            self._find_mentions(since, upto)
            empty = True
            rows = cursor.sql(_MESSAGES, params={"since": since, "upto": upto}).to_arrow_reader(ROWS)
            with contextlib.closing(rows) as reader:  # an open reader would keep the transaction
                for batch in reader:
                    part = self._part(batch)
                    if part.num_rows:
                        empty = False
                        yield part
                if empty:
                    yield self._part(pa.RecordBatch.from_pylist([], schema=reader.schema))
        finally:
            with contextlib.suppress(duckdb.Error):  # a query that failed has ended the transaction
                cursor.execute("ROLLBACK")

    def _find_mentions(self, since: int, upto: int) -> None:
        """Who is mentioned where, by message and then in the order of the text."""
        sql, values = (_SOME_MENTIONS, {"since": since, "upto": upto}) if since else (_MENTIONS, {"upto": upto})
        found = self._cursor.execute(sql, values).fetchnumpy()
        order = np.argsort(found["message"], kind="stable")
        self._mentioning = np.asarray(found["message"])[order]
        places = self._members.find(pa.array(np.asarray(found["member"])[order], pa.int64()))
        self._mentioned = self._members.names.take(places)

    def _part(self, batch: pa.RecordBatch) -> pa.Table:
        places = self._rooms.find(batch["room"])
        if places.null_count:
            visible = places.is_valid()
            batch, places = batch.filter(visible), places.filter(visible)
        authors = self._members.find(batch["author"])
        seq = batch["seq"]
        named = {
            "id": seq.cast(pa.string()),
            "room": pa.DictionaryArray.from_arrays(places, self._rooms.names),
            "room_id": pa.DictionaryArray.from_arrays(places, self._rooms.ids),
            "author": pa.DictionaryArray.from_arrays(authors, self._members.names),
            "author_id": pa.DictionaryArray.from_arrays(authors, self._members.ids),
            "kind": batch["kind"].dictionary_encode(),
            "thread": batch["thread"].cast(pa.string()),
            "reply_to": batch["reply_to"].cast(pa.string()),
            "mentions": self._mentions(seq.to_numpy()),
        }
        return pa.table({name: named[name] if name in named else batch[name] for name in _COLUMNS})

    def _mentions(self, seqs: np.ndarray[Any, Any]) -> pa.Array:
        """For each of these messages the handles that it mentions."""
        starts = np.searchsorted(self._mentioning, seqs, side="left")
        lengths = np.searchsorted(self._mentioning, seqs, side="right") - starts
        offsets = np.zeros(len(seqs) + 1, dtype=np.int32)
        np.cumsum(lengths, out=offsets[1:])
        # Those of messages between, in rooms that one may not see, are left out.
        wanted = np.repeat(starts - offsets[:-1], lengths) + np.arange(offsets[-1])
        return pa.ListArray.from_arrays(pa.array(offsets), self._mentioned.take(pa.array(wanted)))


def rooms(state: Directory, member: MemberState, unread: dict[p.Id, tuple[int, int]]) -> pa.Table:
    """The rooms that a member may see."""
    found = [state.rooms[room] for room in state.visible_rooms(member)]
    return pa.table(
        {
            "room": pa.array([room.name for room in found], pa.string()),
            "room_id": pa.array([room.id for room in found], pa.string()),
            "kind": pa.array([room.kind for room in found], pa.string()),
            "topic": pa.array([room.topic for room in found], pa.string()),
            "created_at": pa.array([room.created_at for room in found], _TIME),
            "archived": pa.array([room.archived for room in found], pa.bool_()),
            "n_members": pa.array([len(room.members) for room in found], pa.int64()),
            "n_messages": pa.array([room.n_messages for room in found], pa.int64()),
            "last_at": pa.array([room.last.time if room.last else None for room in found], _TIME),
            "unread": pa.array([unread.get(room.id, (0, 0))[0] for room in found], pa.int64()),
        }
    )


def members(state: Directory) -> pa.Table:
    """Everybody of the workspace."""
    found = list(state.members.values())
    return pa.table(
        {
            "member": pa.array([member.handle for member in found], pa.string()),
            "member_id": pa.array([member.id for member in found], pa.string()),
            "name": pa.array([member.name for member in found], pa.string()),
            "role": pa.array([member.role for member in found], pa.string()),
            "bot": pa.array([member.bot for member in found], pa.bool_()),
            "joined_at": pa.array([member.joined_at for member in found], _TIME),
            "last_seen": pa.array([member.last_seen for member in found], _TIME),
        }
    )


def reads(state: Directory, member: MemberState) -> pa.Table:
    """How far each member has read in the rooms that this one may see."""
    rows = [
        (room.name, other.handle, other.reads[room.id], other.read_at.get(room.id))
        for room in (state.rooms[room] for room in state.visible_rooms(member))
        for other in (state.members[one] for one in room.members)
        if room.id in other.reads
    ]
    return pa.table(
        {
            "room": pa.array([row[0] for row in rows], pa.string()),
            "member": pa.array([row[1] for row in rows], pa.string()),
            "seq": pa.array([row[2] for row in rows], pa.int64()),
            "time": pa.array([row[3] for row in rows], _TIME),
        }
    )
