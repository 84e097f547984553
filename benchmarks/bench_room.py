"""Open a room: a page of the newest 50 messages, asked over the socket, with 10 thousand to 10 million stored."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import time
from dataclasses import dataclass
from typing import Any

from figure import figure, middle, share
from hubs import hub
from wire import Wire, ask, enter
from workspaces import ROOMS, workspace

from collabchat import protocol as p

PLACES = ("busiest", "middle", "quietest", "old", "empty", "thread", "around")
"""Of rooms by how much is said in them; then one where nothing new was said since long ago, one where nothing ever
was, a thread, and a page around an old message of the busiest room."""


@dataclass
class Asker:
    """A client of one hub, and what it asks for at each place."""

    wire: Wire
    asks: dict[str, dict[str, Any]]


async def asker(path: str) -> Asker:
    wire = await enter(path, "user5")
    snapshot = await ask(wire, p.Sync(req=p.new_req()))
    rooms = {room.name: room.id for room in snapshot.rooms}
    busiest = rooms["room0"]
    newest = await ask(wire, p.History(req=p.new_req(), room=busiest, limit=200))
    oldest = await ask(wire, p.History(req=p.new_req(), room=busiest, after="1", limit=200))
    root = next(message.id for message in newest.messages if message.n_replies)
    return Asker(
        wire,
        {
            "busiest": {"room": busiest},
            "middle": {"room": rooms[f"room{ROOMS // 2}"]},
            "quietest": {"room": rooms[f"room{ROOMS - 1}"]},
            "old": {"room": rooms["old"]},
            "empty": {"room": rooms["empty"]},
            "thread": {"room": busiest, "thread": root},
            "around": {"room": busiest, "around": oldest.messages[-1].id},
        },
    )


async def times(paths: dict[int, str], rounds: int) -> dict[int, dict[str, list[float]]]:
    """Milliseconds for each size and place; they take turns, so that what else the machine does falls on all."""
    askers = {size: await asker(path) for size, path in paths.items()}
    found: dict[int, dict[str, list[float]]] = {size: {place: [] for place in PLACES} for size in paths}
    for number in range(rounds + 2):
        for place in PLACES:
            for size, one in askers.items():
                start = time.perf_counter()
                await ask(one.wire, p.History(req=p.new_req(), **one.asks[place]))
                if number >= 2:
                    found[size][place].append(1e3 * (time.perf_counter() - start))
    for one in askers.values():
        one.wire.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000, 10_000_000])
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        paths = {size: stack.enter_context(hub(workspace(size))).socket for size in options.sizes}
        found = asyncio.run(times(paths, options.rounds))
    smallest, largest = options.sizes[0], options.sizes[-1]
    for place in PLACES:
        few, many = middle(found[smallest][place]), middle(found[largest][place])
        figure(
            f"open a room: {place}, {largest:,} messages",
            many,
            "ms",
            target="30 ms, at most 1.5 times as long as with 10,000",
            reached=many <= 30 and many <= 1.5 * few,
            baseline=few,
            baseline_name=f"{smallest:,} messages",
            p99=round(share(found[largest][place], 0.99), 2),
            between={f"{size:,}": round(middle(found[size][place]), 2) for size in options.sizes[1:-1]},
        )


if __name__ == "__main__":
    main()
