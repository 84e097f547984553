"""The files and links of a room: a page of 100, asked over the socket, of 50,000 in the room and as many elsewhere."""

from __future__ import annotations

import argparse
import asyncio
import time
from pathlib import Path
from typing import Any

from figure import figure, middle, note, share
from hubs import hub, scratch
from wire import ask, enter

from collabchat import protocol as p
from collabchat.store import schema
from collabchat.store.seed import Seeder

START = 1_700_000_000_000_000
TARGET = 20.0
"""Milliseconds that a page may take, of the 100 in which the panel is to open."""
ASKS: dict[str, dict[str, Any]] = {
    "newest": {},
    "oldest": {"sort": "oldest"},
    "by name": {"sort": "name"},
    "by size": {"sort": "size"},
    "from the middle": {"offset": 25_000},
    "pictures": {"kinds": ["picture"]},
    "links": {"kinds": ["link"]},
    "words": {"text": "report 77"},
    "since a time": {"since": START + 30_000 * 1_000_000},
}


def fill(folder: Path, entries: int) -> str:
    """A room with as many entries, four of five of them files, and another one like it; the first one's id."""
    with Seeder(folder) as seeder:
        people = [seeder.member(f"user{number}", at=START) for number in range(20)]
        rooms = [seeder.room(name, by=people[0], members=people, at=START) for name in ("shared", "other")]
    connection = schema.connect(folder)
    try:
        members = [int(one) for one in people]
        connection.execute(
            """CREATE TEMP TABLE drawn AS SELECT i, 100 + i AS seq, ($rooms::BIGINT[])[1 + i % 2] AS room,
                ($members::BIGINT[])[1 + (i * 7) % 20] AS author, make_timestamp($start + i * 500000) AS time,
                (i // 2) % 5 = 4 AS link FROM range($count) AS g(i)""",
            {"rooms": [int(room) for room in rooms], "members": members, "start": START, "count": 2 * entries},
        )
        connection.execute(
            """INSERT INTO events SELECT seq, time, 'posted', author, room, uuid(),
                to_json({type: 'posted', id: seq::VARCHAR, text: '', kind: 'text'}) FROM drawn ORDER BY seq"""
        )
        connection.execute(
            """INSERT INTO messages SELECT seq, room, author, time, '', 'text', NULL, NULL, NULL, false, 0, NULL, 0,
                NULL, seq, NULL, NULL, NULL, (NOT link)::INTEGER FROM drawn ORDER BY seq"""
        )
        connection.execute(
            """INSERT INTO attachments SELECT seq, 1, room, author, time,
                concat('Report ', (i * 7919) % 100000, '.csv'), '',
                (i * 7919) % 1000000, 'text/csv', ['picture', 'data', 'code', 'document'][1 + i % 4],
                sha256(i::VARCHAR), NULL, NULL FROM drawn WHERE NOT link ORDER BY seq"""
        )
        connection.execute(
            """INSERT INTO links SELECT seq, 1, room, author, time, 'https://example.com/report/' || i
                FROM drawn WHERE link ORDER BY seq"""
        )
        connection.execute("CHECKPOINT")
    finally:
        connection.close()
    return rooms[0]


async def times(path: str, room: str, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each question; they take turns."""
    wire = await enter(path, "user5")
    found: dict[str, list[float]] = {name: [] for name in ASKS}
    for number in range(rounds + 2):
        for name, fields in ASKS.items():
            start = time.perf_counter()
            reply = await ask(wire, p.Shared(req=p.new_req(), room=room, **fields))
            took = 1000 * (time.perf_counter() - start)
            assert isinstance(reply, p.SharedPage), reply
            assert reply.entries, name
            if number >= 2:
                found[name].append(took)
    wire.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    with scratch() as folder:
        note(f"a room with {options.entries:,} files and links")
        room = fill(folder, options.entries)
        with hub(folder) as running:
            found = asyncio.run(times(running.socket, room, options.rounds))
    for name, each in found.items():
        figure(
            f"a page of {options.entries:,} files and links, {name}",
            middle(each),
            "ms",
            target=f"{TARGET:g} ms",
            reached=middle(each) <= TARGET,
            p99=round(share(each, 0.99), 1),
        )


if __name__ == "__main__":
    main()
