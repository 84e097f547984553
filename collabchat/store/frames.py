"""The documented frames as Arrow, for one member: what `collabchat.frames` makes DataFrames of."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa

from collabchat import protocol as p
from collabchat.store.directory import Directory, MemberState

ROWS = 16_384
"""Rows of one part."""

INCREMENTAL = ("messages", "events")

_VISIBLE = "SELECT unnest($rooms::BIGINT[])"
_MESSAGES = f"""
WITH mentioned AS (
    SELECT n.message, list(h.handle ORDER BY n.rowid) AS handles FROM mentions n JOIN members h ON h.member = n.member
    WHERE n.room IN ({_VISIBLE}) GROUP BY n.message)
SELECT CAST(m.seq AS VARCHAR) AS id, m.seq, r.name AS room, CAST(m.room AS VARCHAR) AS room_id,
    a.handle AS author, CAST(m.author AS VARCHAR) AS author_id, m.time, m.text, m.kind,
    CAST(m.thread AS VARCHAR) AS thread, CAST(m.reply_to AS VARCHAR) AS reply_to, m.edited_at, m.deleted,
    coalesce(n.handles, []) AS mentions, 0::BIGINT AS n_files, m.n_reactions::BIGINT AS n_reactions
FROM messages m JOIN rooms r ON r.room = m.room JOIN members a ON a.member = m.author
    LEFT JOIN mentioned n ON n.message = m.seq
WHERE m.room IN ({_VISIBLE}) AND m.changed > $since AND m.changed <= $upto ORDER BY m.seq"""
_EVENTS = f"""
SELECT e.seq, e.time, e.type, a.handle AS actor, r.name AS room, e.data
FROM events e JOIN members a ON a.member = e.actor LEFT JOIN rooms r ON r.room = e.room
WHERE e.seq > $since AND e.seq <= $upto
    AND ((e.room IS NULL AND (e.type <> 'preferences_set' OR e.actor = $me)) OR e.room IN ({_VISIBLE}))
ORDER BY e.seq"""
_REACTIONS = f"""
SELECT CAST(x.message AS VARCHAR) AS message, r.name AS room, a.handle AS author, x.emoji, x.time
FROM reactions x JOIN rooms r ON r.room = x.room JOIN members a ON a.member = x.member
WHERE x.room IN ({_VISIBLE}) ORDER BY x.seq"""
_QUERIES = {"messages": _MESSAGES, "events": _EVENTS, "reactions": _REACTIONS}
_TIME = pa.timestamp("us")


def stored(
    cursor: duckdb.DuckDBPyConnection, name: str, *, me: p.Id, rooms: list[p.Id], since: int, upto: int
) -> Iterator[pa.Table]:
    """The rows of messages, events or reactions in these rooms, in parts; at least one part, if empty."""
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
