"""Workspaces as earlier releases made them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import duckdb

from collabchat.store import schema

AT = "TIMESTAMP '2024-05-01 08:00:00' + INTERVAL ({}) SECOND"
"""When the event of a ``seq`` happened."""


def make(folder: Path, tables: str, talk: Iterable[str], rows: str) -> Path:
    """A database of these tables; each line of ``talk`` is ``seq actor room data``, ``rows`` fill the tables."""
    with duckdb.connect(str(folder / schema.FILE)) as connection:
        connection.execute(tables)
        for line in talk:
            seq, actor, room, data = line.split(" ", 3)
            connection.execute(
                f"INSERT INTO events VALUES (?, {AT.format(seq)}, ?, ?, ?, uuid(), ?)",
                [seq, json.loads(data)["type"], actor, None if room == "-" else room, data],
            )
        connection.execute(rows)
    return folder
