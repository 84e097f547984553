"""Links as rows of the table ``links``: found in the words of a message whenever those are written."""

from __future__ import annotations

import duckdb
import msgspec
import pyarrow as pa

from collabchat import protocol as p
from collabchat.store.links import links_in

Row = tuple[int, int, int, int, p.Micros, str]
"""Message, number from 1, room, author, time and address."""

SCHEMA = pa.schema(
    [
        ("message", pa.int64()),
        ("number", pa.int32()),
        ("room", pa.int64()),
        ("author", pa.int64()),
        ("time", pa.timestamp("us")),
        ("url", pa.string()),
    ]
)
_forwarded = msgspec.json.Decoder(p.Forwarded)
BATCH = 10_000
SIGN = r"://|www\.|\.(com|org|edu|gov|[a-z]{2,7}/|[^\x00-\x7f])"
"""As `links_in` looks for it."""


def of(
    message: int, room: int, author: int, time: p.Micros, text: str | None, forwarded: p.Forwarded | None
) -> list[Row]:
    """The links of a message: its own, then those of what it forwards."""
    found = links_in(text) if text else []
    if forwarded is not None:
        found = list(dict.fromkeys([*found, *links_in(forwarded.text)]))
    return [(message, number, room, author, time, url) for number, url in enumerate(found, 1)]


_WORDS = "SELECT seq, room, author, epoch_us(time), text, forwarded FROM messages WHERE NOT deleted"


def _of_row(row: tuple[int, int, int, p.Micros, str | None, str | None]) -> list[Row]:
    seq, room, author, time, text, forwarded = row
    return of(seq, room, author, time, text, None if forwarded is None else _forwarded.decode(forwarded))


def renew(cursor: duckdb.DuckDBPyConnection, message: int) -> None:
    """Take the links of a message from what it says now."""
    cursor.execute("DELETE FROM links WHERE message = ?", [message])
    row = cursor.execute(f"{_WORDS} AND seq = ?", [message]).fetchone()
    for link in _of_row(row) if row else ():
        cursor.execute("INSERT INTO links VALUES (?, ?, ?, ?, make_timestamp(?), ?)", list(link))


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    """Find the links of all messages."""
    reading = connection.cursor()
    # Those in which there cannot be any are most: they stay in the database.
    reading.execute(
        f"{_WORDS} AND kind <> 'system' AND (forwarded IS NOT NULL OR regexp_matches(text, ?, 'i'))", [SIGN]
    )
    writing = connection
    while rows := reading.fetchmany(BATCH):
        found = [link for row in rows for link in _of_row(row)]
        if found:
            columns = zip(*found, strict=True)
            arrays = [pa.array(column, type=kind.type) for column, kind in zip(columns, SCHEMA, strict=True)]
            found_links = pa.Table.from_arrays(arrays, schema=SCHEMA)
            writing.register("found_links", found_links)
            writing.execute("INSERT INTO links FROM found_links")
            writing.unregister("found_links")
