"""The tables read into memory when a workspace opens, and single rows later."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, NamedTuple

import duckdb
import msgspec

from collabchat import protocol as p
from collabchat.store import personal_rows
from collabchat.store.directory import LAST_LENGTH, Directory, MemberState, RoomState
from collabchat.store.refs import MessageRef, PollRef

_data = msgspec.json.Decoder(p.AnyEventData)
EVENT_COLUMNS = "seq, epoch_us(time), actor, room, CAST(req AS VARCHAR), data"


def event(row: tuple[Any, ...]) -> p.Event:
    """An event of the log from its row (`EVENT_COLUMNS`)."""
    seq, time, actor, room, req, data = row
    return p.Event(
        seq=seq,
        time=time,
        actor=str(actor),
        data=_data.decode(data),
        room=None if room is None else str(room),
        req=req,
    )


def directory(connection: duckdb.DuckDBPyConnection) -> Directory:
    """The directory as the tables have it."""
    state = Directory()
    newest = connection.execute("SELECT max(seq), epoch_us(max(time)) FROM events").fetchone()
    state.seq, state.time = (newest[0] or 0, newest[1] or 0) if newest else (0, 0)
    chosen = connection.execute("SELECT data FROM settings").fetchone()
    if chosen is not None:
        state.settings = msgspec.json.decode(chosen[0], type=p.WorkspaceSettings)
    _members(connection, state)
    _rooms(connection, state)
    _personal(connection, state)
    _access(connection, state)
    return state


def _access(connection: duckdb.DuckDBPyConnection, state: Directory) -> None:
    """Which ``seq`` last changed what each member may see, from the few events that do."""
    rows = connection.execute(
        """SELECT seq, actor, room, data FROM events WHERE type IN ('member_added', 'role_set', 'room_created',
            'renamed', 'room_deleted', 'joined', 'left', 'added', 'removed') ORDER BY seq"""
    ).fetchall()
    for seq, actor, number, raw in rows:
        data = _data.decode(raw)
        room = state.rooms.get(str(number))
        affected: list[p.Id] = []
        match data:
            case p.RoomCreated():
                affected = data.members
            case p.Joined() | p.Left():
                affected = [str(actor)]
            case p.MemberAdded() | p.RoleSet() | p.Added() | p.Removed():
                affected = [data.member]
            case p.Renamed():
                affected = list(room.members) if room else []
            case p.RoomDeleted():
                # With the room went the events that say who had been in it.
                affected = list(state.members)
        for member in affected:
            state.members[member].access = seq
        if isinstance(data, p.RoomDeleted) or (
            room and room.kind == "public" and isinstance(data, p.RoomCreated | p.Renamed)
        ):
            state.public_access = seq


def _members(connection: duckdb.DuckDBPyConnection, state: Directory) -> None:
    rows = connection.execute(
        """SELECT m.member, handle, name, role, bot, epoch_us(joined_at), preferences, epoch_us(last_seen),
            status, picture
        FROM members m LEFT JOIN presence s ON m.member = s.member ORDER BY m.member"""
    ).fetchall()
    for number, handle, name, role, bot, joined_at, preferences, last_seen, status, picture in rows:
        member = MemberState(str(number), handle, name, role, bot, joined_at, last_seen=last_seen, picture=picture)
        if status:
            member.status = msgspec.json.decode(status, type=p.MemberStatus)
        if preferences:
            member.preferences = msgspec.json.decode(preferences, type=p.Preferences)
        state.members[member.id] = member
        state.by_handle[handle.casefold()] = member.id


def _rooms(connection: duckdb.DuckDBPyConnection, state: Directory) -> None:
    rows = connection.execute(
        "SELECT room, name, kind, topic, epoch_us(created_at), created_by, archived FROM rooms ORDER BY room"
    ).fetchall()
    for number, name, kind, topic, created_at, created_by, archived in rows:
        room = RoomState(str(number), name, kind, topic, created_at, str(created_by), archived)
        state.rooms[room.id] = room
        state.by_name[name.casefold()] = room.id
    for number, member, since in connection.execute(
        "SELECT room, member, since FROM memberships ORDER BY since, rowid"
    ).fetchall():
        state.rooms[str(number)].members[str(member)] = since
        state.members[str(member)].rooms.add(str(number))
    for number, member, upto, time in connection.execute(
        "SELECT room, member, upto, epoch_us(time) FROM reads"
    ).fetchall():
        state.members[str(member)].reads[str(number)] = upto
        state.members[str(member)].read_at[str(number)] = time
    for message, number, pinned in connection.execute(
        "SELECT seq, room, pinned FROM messages WHERE pinned IS NOT NULL ORDER BY pinned"
    ).fetchall():
        state.rooms[str(number)].pins[str(message)] = pinned
    _newest_messages(connection, state)


def _personal(connection: duckdb.DuckDBPyConnection, state: Directory) -> None:
    for member, kind, key, room, seq, raw in connection.execute(
        "SELECT member, kind, key, room, seq, data FROM personal ORDER BY seq"
    ).fetchall():
        own = state.members[str(member)].own
        personal_rows.load(own, kind, key, None if room is None else str(room), seq, raw)
    for one in state.members.values():
        one.own.stars = [room for room in one.own.stars if room in state.rooms]


def _newest_messages(connection: duckdb.DuckDBPyConnection, state: Directory) -> None:
    rows = connection.execute(
        """WITH n AS (SELECT room, max(seq) AS newest, max(seq) FILTER (kind <> 'system') AS said,
            count(*) FILTER (kind <> 'system' AND NOT deleted) AS n FROM messages GROUP BY room)
        SELECT n.room, newest, n, m.seq, m.author, epoch_us(m.time),
            left(coalesce(nullif(m.text, ''), m.forwarded->>'text', ''), ?), coalesce(f.name, '')
        FROM n LEFT JOIN messages m ON m.seq = n.said
        LEFT JOIN attachments f ON m.n_files > 0 AND f.message = m.seq AND f.number = 1""",
        [LAST_LENGTH],
    ).fetchall()
    for number, newest, count, seq, author, time, text, file in rows:
        room = state.rooms[str(number)]
        room.last_seq, room.n_messages = newest, count
        if seq is not None:
            room.last = p.LastMessage(id=str(seq), author=str(author), time=time, text=text, file=file)


def message_ref(cursor: duckdb.DuckDBPyConnection, message: p.Id) -> MessageRef | None:
    """One message from the tables."""
    row = cursor.execute(
        "SELECT room, author, kind, thread, deleted, pinned IS NOT NULL, poll, n_files FROM messages WHERE seq = ?",
        [int(message)],
    ).fetchone()
    if row is None:
        return None
    room, author, kind, thread, deleted, pinned, poll, n_files = row
    ref = MessageRef(
        message, str(room), str(author), kind, str(thread) if thread is not None else None, deleted, pinned
    )
    ref.n_files = n_files
    for (member,) in cursor.execute("SELECT member FROM mentions WHERE message = ?", [int(message)]).fetchall():
        ref.mentions.append(str(member))
    for emoji, member in cursor.execute(
        "SELECT emoji, member FROM reactions WHERE message = ? ORDER BY seq", [int(message)]
    ).fetchall():
        ref.reactions.setdefault(emoji, []).append(str(member))
    if poll is not None:
        ref.poll = PollRef.of(msgspec.json.decode(poll, type=p.Poll))
        for member, choices in cursor.execute(
            "SELECT member, choices FROM votes WHERE message = ? ORDER BY seq", [int(message)]
        ).fetchall():
            ref.poll.votes[str(member)] = msgspec.json.decode(choices, type=list[int])
    return ref


class Earlier(NamedTuple):
    """What a command was answered, for when it is sent again."""

    seq: int
    time: p.Micros
    id: p.Id | None


def made_by(event: p.Event) -> p.Id | None:
    """What the command that caused this event has made."""
    match event.data:
        case p.Posted() | p.RoomCreated() | p.MessageScheduled():
            return str(event.seq)
        case p.MessageSaved(id=saved):
            return saved
        case _:
            return None


def answer(event: p.Event) -> Earlier:
    """What the command that caused this event is answered."""
    return Earlier(event.seq, event.time, made_by(event))


_EARLIER = """SELECT actor, CAST(req AS VARCHAR), seq, epoch_us(time),
    CASE WHEN type IN ('posted', 'room_created', 'scheduled') THEN CAST(seq AS VARCHAR)
        WHEN type = 'saved' THEN data->>'id' END
    FROM events"""


def recent_commands(cursor: duckdb.DuckDBPyConnection, count: int) -> OrderedDict[tuple[p.Id, str], Earlier]:
    """The answers to the newest commands, oldest first."""
    rows = cursor.execute(
        f"{_EARLIER} WHERE req IS NOT NULL AND seq > (SELECT max(seq) FROM events) - ? ORDER BY seq", [count]
    ).fetchall()
    return OrderedDict(((str(actor), req), Earlier(seq, time, made)) for actor, req, seq, time, made in rows)


def command(cursor: duckdb.DuckDBPyConnection, actor: p.Id, req: str) -> Earlier | None:
    """The answer to a command, wherever it stands in the log."""
    row = cursor.execute(f"{_EARLIER} WHERE req = ?::UUID AND actor = ?", [req, int(actor)]).fetchone()
    return Earlier(row[2], row[3], row[4]) if row else None
