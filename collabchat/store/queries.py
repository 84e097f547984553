"""Reads from the tables: pages of history, counts of what is unread, events again. Rights are the caller's."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import duckdb

from collabchat import protocol as p
from collabchat.store.load import EVENT_COLUMNS, event

_MESSAGE = """SELECT seq, room, author, epoch_us(time), text, kind, thread, reply_to, epoch_us(edited_at), deleted,
    n_replies, epoch_us(last_reply_at), n_reactions, pinned IS NOT NULL FROM messages"""


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
    if ask.around is not None:
        middle = int(ask.around)
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
        where += " AND (thread IS NULL OR thread = seq)"
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
        ) in rows
    ]


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
