"""Reads from the tables: pages of history, counts of what is unread, events again. Rights are the caller's."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import duckdb
import msgspec

from collabchat import protocol as p
from collabchat.store.load import EVENT_COLUMNS, event

_MESSAGE = """SELECT seq, room, author, epoch_us(time), text, kind, thread, reply_to, epoch_us(edited_at), deleted,
    n_replies, epoch_us(last_reply_at), n_reactions, pinned IS NOT NULL, broadcast, forwarded, poll, n_files
    FROM messages"""

LAST_TIME = 253_402_300_799_999_999
"""The end of the year 9999."""


def page(
    cursor: duckdb.DuckDBPyConnection, ask: p.History, *, newest: int | None = None
) -> tuple[list[p.Message], bool, bool]:
    """A page of history, oldest first, and whether more stand before and after it.

    ``newest`` is the ``seq`` of the room's newest message, where it is known: a room that has been silent for long is
    then found without a look at everything that was said elsewhere since.
    """
    where, values = _scope(ask)
    if newest is not None:
        where += f" AND seq <= {newest}"
    middle = int(ask.around) if ask.around is not None else None
    if ask.at is not None:
        found = cursor.execute(
            f"SELECT seq FROM messages WHERE {where} AND time >= make_timestamp(?) ORDER BY seq LIMIT 1",
            [*values, max(0, min(ask.at, LAST_TIME))],
        ).fetchone()
        middle = found[0] if found else None
    if middle is not None:
        half = ask.limit // 2
        before, more_before = _older(cursor, where, values, middle, half)
        after, more_after = _newer(cursor, where, values, middle - 1, ask.limit - half)
        rows = before + after
    elif ask.after is not None:
        rows, more_after = _newer(cursor, where, values, int(ask.after), ask.limit)
        more_before = _any(cursor, where, values, f"seq <= {int(ask.after)}")
    else:
        rows, more_before = _older(cursor, where, values, int(ask.before) if ask.before else None, ask.limit)
        more_after = bool(ask.before) and _any(cursor, where, values, f"seq >= {int(ask.before or 0)}")
    return messages(cursor, rows), more_before, more_after


def _scope(ask: p.History) -> tuple[str, list[Any]]:
    # A room's id is the `seq` of its beginning.
    where, values = f"room = ? AND seq >= {int(ask.room)}", [int(ask.room)]
    if ask.thread is not None:
        where += f" AND (thread = ? OR seq = ?) AND seq >= {int(ask.thread)}"
        values += [int(ask.thread), int(ask.thread)]
    if ask.main:
        where += " AND (thread IS NULL OR thread = seq OR broadcast)"
    if not ask.system:
        where += " AND kind <> 'system'"
    return where, values


def _older(
    cursor: duckdb.DuckDBPyConnection, where: str, values: list[Any], before: int | None, limit: int
) -> tuple[list[Any], bool]:
    bound = f" AND seq < {before}" if before is not None else ""
    rows = cursor.execute(f"{_MESSAGE} WHERE {where}{bound} ORDER BY seq DESC LIMIT {limit + 1}", values).fetchall()
    return rows[:limit][::-1], len(rows) > limit


def _newer(
    cursor: duckdb.DuckDBPyConnection, where: str, values: list[Any], after: int, limit: int
) -> tuple[list[Any], bool]:
    rows = cursor.execute(
        f"{_MESSAGE} WHERE {where} AND seq > {after} ORDER BY seq LIMIT {limit + 1}", values
    ).fetchall()
    return rows[:limit], len(rows) > limit


def _any(cursor: duckdb.DuckDBPyConnection, where: str, values: list[Any], bound: str) -> bool:
    return bool(cursor.execute(f"SELECT 1 FROM messages WHERE {where} AND {bound} LIMIT 1", values).fetchall())


def pinned(cursor: duckdb.DuckDBPyConnection, room: p.Id) -> list[p.Message]:
    """The pinned messages of a room, the newest pin first."""
    rows = cursor.execute(
        f"{_MESSAGE} WHERE room = ? AND pinned IS NOT NULL ORDER BY pinned DESC", [int(room)]
    ).fetchall()
    return messages(cursor, rows)


def messages(cursor: duckdb.DuckDBPyConnection, rows: Sequence[Any]) -> list[p.Message]:
    """The records of these rows, with their reactions and mentions."""
    reacted = [row[0] for row in rows if row[12]]
    reactions: dict[int, dict[str, list[p.Id]]] = {}
    if reacted:
        for message, emoji, member in cursor.execute(
            """SELECT message, emoji, member FROM reactions
            WHERE message IN (SELECT unnest($1::BIGINT[])) ORDER BY seq""",
            [reacted],
        ).fetchall():
            reactions.setdefault(message, {}).setdefault(emoji, []).append(str(member))
    mentions: dict[int, list[p.Id]] = {}
    mentioning = [row[0] for row in rows if row[4] and "@" in row[4]]
    if mentioning:
        for message, member in cursor.execute(
            "SELECT message, member FROM mentions WHERE message IN (SELECT unnest($1::BIGINT[])) ORDER BY rowid",
            [mentioning],
        ).fetchall():
            mentions.setdefault(message, []).append(str(member))
    votes = _votes(cursor, [row[0] for row in rows if row[16] is not None])
    files = attachments(cursor, [row[0] for row in rows if row[17]])
    return [
        p.Message(
            id=str(seq),
            room=str(room),
            author=str(author),
            time=time,
            text=text,
            kind=kind,
            thread=_id(thread),
            reply_to=_id(reply_to),
            edited_at=edited_at,
            deleted=deleted,
            mentions=mentions.get(seq, []),
            reactions=[p.Reaction(emoji=emoji, members=members) for emoji, members in reactions.get(seq, {}).items()],
            n_replies=n_replies,
            last_reply_at=last_reply_at,
            pinned=is_pinned,
            broadcast=bool(broadcast),
            forwarded=None if forwarded is None else _forwarded.decode(forwarded),
            poll=None if poll is None else _with_votes(_poll.decode(poll), votes.get(seq, [])),
            files=files.get(seq, []),
        )
        for (
            seq,
            room,
            author,
            time,
            text,
            kind,
            thread,
            reply_to,
            edited_at,
            deleted,
            n_replies,
            last_reply_at,
            _n_reactions,
            is_pinned,
            broadcast,
            forwarded,
            poll,
            _n_files,
        ) in rows
    ]


FILE = "name, original, size, type, kind, sha256, width, height"
"""The columns that `attachment` takes."""


def attachments(cursor: duckdb.DuckDBPyConnection, wanted: Sequence[int]) -> dict[int, list[p.Attachment]]:
    """The files of these messages."""
    found: dict[int, list[p.Attachment]] = {}
    if wanted:
        rows = cursor.execute(
            f"""SELECT message, {FILE} FROM attachments WHERE message BETWEEN {min(wanted)} AND {max(wanted)}
            AND message IN (SELECT unnest($1::BIGINT[])) ORDER BY message, number""",
            [wanted],
        ).fetchall()
        for message, *file in rows:
            found.setdefault(message, []).append(attachment(file))
    return found


def attachment(row: Sequence[Any]) -> p.Attachment:
    """A file from its row."""
    name, original, size, media_type, kind, sha256, width, height = row
    return p.Attachment(
        name=name,
        original=original,
        size=size,
        type=media_type,
        kind=kind,
        sha256=sha256,
        width=width,
        height=height,
    )


def attachment_of(cursor: duckdb.DuckDBPyConnection, message: p.Id, number: int) -> p.Attachment | None:
    """One file of a message."""
    row = cursor.execute(
        f"SELECT {FILE} FROM attachments WHERE message = {int(message)} AND number = ?", [number]
    ).fetchone()
    return None if row is None else attachment(row)


def kept(cursor: duckdb.DuckDBPyConnection, wanted: Sequence[str]) -> set[str]:
    """Those of these contents that a file of a message has."""
    if not wanted:
        return set()
    rows = cursor.execute(
        "SELECT DISTINCT sha256 FROM attachments WHERE sha256 IN (SELECT unnest($1::VARCHAR[]))", [list(wanted)]
    ).fetchall()
    return {sha for (sha,) in rows}


def all_kept(cursor: duckdb.DuckDBPyConnection) -> set[str]:
    """The contents of all files of messages."""
    return {sha for (sha,) in cursor.execute("SELECT DISTINCT sha256 FROM attachments").fetchall()}


def holders(cursor: duckdb.DuckDBPyConnection, sha256: str) -> list[tuple[p.Id, int]]:
    """The messages that have a file of this content, and its size."""
    rows = cursor.execute("SELECT message, size FROM attachments WHERE sha256 = ?", [sha256]).fetchall()
    return [(str(message), size) for message, size in rows]


_forwarded = msgspec.json.Decoder(p.Forwarded)
_poll = msgspec.json.Decoder(p.Poll)
_choices = msgspec.json.Decoder(list[int])


def _votes(cursor: duckdb.DuckDBPyConnection, polls: list[int]) -> dict[int, list[tuple[p.Id, list[int]]]]:
    """Who chose what in these polls, in the order of time."""
    found: dict[int, list[tuple[p.Id, list[int]]]] = {}
    if polls:
        for message, member, choices in cursor.execute(
            "SELECT message, member, choices FROM votes WHERE message IN (SELECT unnest($1::BIGINT[])) ORDER BY seq",
            [polls],
        ).fetchall():
            found.setdefault(message, []).append((str(member), _choices.decode(choices)))
    return found


def _with_votes(poll: p.Poll, votes: list[tuple[p.Id, list[int]]]) -> p.Poll:
    chosen: list[list[p.Id]] = [[] for _ in poll.options]
    for member, choices in votes:
        for choice in choices:
            chosen[choice].append(member)
    return msgspec.structs.replace(poll, votes=chosen)


def _id(value: int | None) -> p.Id | None:
    return None if value is None else str(value)


def unread(
    cursor: duckdb.DuckDBPyConnection, member: p.Id, reads: dict[p.Id, int], upto: int
) -> dict[p.Id, tuple[int, int]]:
    """For each room with unread messages, how many there were and how many of them mentioned the member.

    Parameters
    ----------
    reads
        The member's read mark in each room that is asked for.
    upto
        The state after this ``seq`` is asked for, whatever is on disk by now.
    """
    if not reads:
        return {}
    rooms, marks = [int(room) for room in reads], list(reads.values())
    cursor.execute("BEGIN")
    try:
        rows = cursor.execute(_UNREAD, [rooms, marks, min(marks), upto, int(member)]).fetchall()
        late = cursor.execute(
            f"SELECT {EVENT_COLUMNS} FROM events WHERE seq > ? AND type IN ('edited', 'deleted') ORDER BY seq", [upto]
        ).fetchall()
    finally:
        with contextlib.suppress(duckdb.Error):  # a query that failed has ended the transaction
            cursor.execute("ROLLBACK")
    found = {str(room): (count, mentions) for room, count, mentions in rows}
    for change in _undone(map(event, late), member, reads, upto):
        count, mentions = found.get(change.room, (0, 0))
        found[change.room] = (count + change.messages, mentions + change.mentions)
    return found


_UNREAD = """WITH r AS (SELECT unnest($1::BIGINT[]) AS room, unnest($2::BIGINT[]) AS mark),
    u AS (SELECT m.seq, m.room FROM messages m JOIN r ON m.room = r.room
        WHERE m.seq > r.mark AND m.seq > $3 AND m.seq <= $4 AND m.author <> $5 AND NOT m.deleted
        AND m.kind <> 'system')
SELECT u.room, count(*), count(n.message) FROM u LEFT JOIN
    (SELECT DISTINCT message FROM mentions WHERE member = $5 AND message > $3) n ON n.message = u.seq
GROUP BY u.room"""


class _Change(NamedTuple):
    """What to add to the counts of a room."""

    room: p.Id
    messages: int
    mentions: int


def _undone(events: Iterable[p.Event], member: p.Id, reads: dict[p.Id, int], upto: int) -> Iterator[_Change]:
    """The later edits and deletions of unread messages, taken back."""
    for one in events:
        data = one.data
        if not isinstance(data, p.Edited | p.Deleted) or one.room is None or data.author == member:
            continue
        if not reads.get(one.room, upto) < int(data.id) <= upto:
            continue
        before = member in data.mentions_before
        if isinstance(data, p.Deleted):
            yield _Change(one.room, 1, before)
        else:
            yield _Change(one.room, 0, before - (member in data.mentions))


def events_between(
    cursor: duckdb.DuckDBPyConnection, rooms: Iterable[p.Id], after: int, upto: int, limit: int
) -> list[p.Event] | None:
    """The events of these rooms and of the workspace with ``after < seq <= upto``; None where they are too many.

    The end of a room is among them, whichever room it was.
    """
    rows = cursor.execute(
        f"""SELECT {EVENT_COLUMNS} FROM events WHERE seq > $1 AND seq <= $2
        AND (room IS NULL OR type IN ('room_deleted', 'removed', 'left') OR room IN (SELECT unnest($3::BIGINT[])))
        ORDER BY seq LIMIT $4""",
        [after, upto, [int(room) for room in rooms], limit + 1],
    ).fetchall()
    return None if len(rows) > limit else [event(row) for row in rows]


def versions(cursor: duckdb.DuckDBPyConnection, message: p.Id, room: p.Id) -> list[p.Version]:
    """What a message said from when on, the first text first."""
    rows = cursor.execute(
        """SELECT epoch_us(time), data->>'text' FROM events WHERE room = $1 AND seq >= $2
        AND (seq = $2 OR (type = 'edited' AND data->>'id' = $3)) ORDER BY seq""",
        [int(room), int(message), message],
    ).fetchall()
    return [p.Version(time=time, text=text) for time, text in rows]


def messages_by_id(cursor: duckdb.DuckDBPyConnection, wanted: Sequence[p.Id]) -> list[p.Message]:
    """These messages, in this order; those that are not there are left out."""
    if not wanted:
        return []
    numbers = [int(one) for one in wanted]
    rows = cursor.execute(
        f"{_MESSAGE} WHERE seq BETWEEN {min(numbers)} AND {max(numbers)} AND seq IN (SELECT unnest($1::BIGINT[]))",
        [numbers],
    ).fetchall()
    found = {message.id: message for message in messages(cursor, rows)}
    return [found[one] for one in wanted if one in found]


def writers(cursor: duckdb.DuckDBPyConnection, root: p.Id, room: p.Id) -> list[p.Id]:
    """Who wrote in a thread or was mentioned there, in the order of the first time."""
    rows = cursor.execute(
        """WITH t AS (SELECT seq, author FROM messages WHERE room = $1 AND seq >= $2 AND (thread = $2 OR seq = $2)
            AND NOT deleted),
        w AS (SELECT author AS member, seq FROM t
            UNION ALL SELECT m.member, m.message FROM mentions m JOIN t ON t.seq = m.message)
        SELECT member FROM w GROUP BY member ORDER BY min(seq), member""",
        [int(room), int(root)],
    ).fetchall()
    return [str(member) for (member,) in rows]


def threads(
    cursor: duckdb.DuckDBPyConnection,
    member: p.Id,
    rooms: Sequence[p.Id],
    *,
    follows: Sequence[p.Id],
    leaves: Sequence[p.Id],
    limit: int,
) -> tuple[list[p.Message], bool]:
    """The roots of the threads in these rooms that a member wrote in, is mentioned in or follows; and whether there
    are more."""
    rows = cursor.execute(
        f"""WITH mine AS (
            SELECT thread FROM messages WHERE author = $1 AND thread IS NOT NULL AND NOT deleted
            UNION SELECT m.thread FROM messages m JOIN mentions n ON n.message = m.seq
                WHERE n.member = $1 AND m.thread IS NOT NULL
            UNION SELECT unnest($3::BIGINT[]))
        {_MESSAGE} WHERE seq IN (FROM mine) AND seq NOT IN (SELECT unnest($4::BIGINT[])) AND n_replies > 0
            AND room IN (SELECT unnest($2::BIGINT[]))
        ORDER BY last_reply_at DESC, seq DESC LIMIT $5""",
        [int(member), *([int(one) for one in ids] for ids in (rooms, follows, leaves)), limit + 1],
    ).fetchall()
    return messages(cursor, rows[:limit]), len(rows) > limit
