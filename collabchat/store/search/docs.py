"""Messages as they are searched, and how they are read from the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import msgspec

from collabchat import protocol as p
from collabchat.store.search.fold import camel_parts, fold
from collabchat.store.search.match import has_code, has_question

CODE, QUESTION, REPLY, EDITED = 1, 2, 4, 8
"""What is known of a message, as bits."""
BOUNDARY = " \x00 "
"""Between what does not belong together; no query holds it."""
FILE_TEXT = 1_000_000
"""Characters of a file that are searched."""

COLUMNS = "seq, room, author, epoch_us(time), text, thread, edited_at IS NOT NULL, forwarded, poll, n_files"
SEARCHED = "NOT deleted AND kind <> 'system'"
"""Which messages are searched at all."""

_forwarded = msgspec.json.Decoder(p.Forwarded)
_poll = msgspec.json.Decoder(p.Poll)
Texts = Callable[[int], Sequence[str]]
"""The names of a message's files, and what is in them, as far as it is known."""


@dataclass(slots=True)
class Doc:
    """A message, as it is searched."""

    seq: int
    room: int
    author: int
    time: int
    flags: int
    thread: int
    """0 where it is in none."""
    text: str
    """Folded."""
    parts: frozenset[str]


def sections(text: str | None, forwarded: p.Forwarded | None, poll: p.Poll | None) -> list[str]:
    """All that a message says, but for its files."""
    found = [text or ""]
    if forwarded is not None:
        found.append(forwarded.text)
    if poll is not None:
        found += [poll.question, *poll.options]
    return [one for one in found if one]


def said(row: Sequence[Any]) -> list[str]:
    """As `sections`, of a row of `COLUMNS`."""
    forwarded = None if row[7] is None else _forwarded.decode(row[7])
    poll = None if row[8] is None else _poll.decode(row[8])
    return sections(row[4], forwarded, poll)


def doc(row: Sequence[Any], files: Sequence[str] = ()) -> Doc:
    """A row of `COLUMNS` as it is searched."""
    seq, room, author, time, text, thread, edited, forwarded, poll, _ = row
    parts = [text or ""] if forwarded is None and poll is None else said(row)
    flags = flags_of(parts, reply=thread is not None, edited=edited, poll=poll is not None)
    folded, camels = searched([*parts, *files])
    return Doc(seq, room, author, time, flags, thread or 0, folded, frozenset(camels))


def flags_of(parts: Sequence[str], *, reply: bool, edited: bool, poll: bool) -> int:
    """What is known of a message, as bits."""
    flags = (REPLY if reply else 0) | (EDITED if edited else 0)
    flags |= CODE if any("`" in part and has_code(part) for part in parts) else 0
    return flags | (QUESTION if poll or any(has_question(part) for part in parts) else 0)


def searched(everything: Sequence[str]) -> tuple[str, set[str]]:
    """The folded text of what belongs to one message, and the parts of its camel words."""
    camels: set[str] = set()
    for part in everything:
        camels |= camel_parts(part)
    return BOUNDARY.join([one for one in map(fold, everything) if one]), camels


def rows_of(cursor: duckdb.DuckDBPyConnection, where: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of messages that are searched."""
    return cursor.execute(
        f"SELECT {COLUMNS} FROM messages WHERE {SEARCHED} AND {where} ORDER BY seq", list(values)
    ).fetchall()


def file_names(cursor: duckdb.DuckDBPyConnection, rows: Iterable[Sequence[Any]]) -> dict[int, list[str]]:
    """The names of the files of these messages."""
    wanted = [row[0] for row in rows if row[9]]
    found: dict[int, list[str]] = {}
    if wanted:
        for message, name, original in cursor.execute(
            f"""SELECT message, name, original FROM attachments WHERE message BETWEEN {min(wanted)} AND {max(wanted)}
            AND message IN (SELECT unnest($1::BIGINT[])) ORDER BY message, number""",
            [wanted],
        ).fetchall():
            found.setdefault(message, []).append(name)
            if original and original != name:
                found[message].append(original)
    return found
