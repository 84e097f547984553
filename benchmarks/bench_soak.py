"""200 connected members and 20 posts a second, for as long as one likes: times from post to seen, and memory.

By default ten minutes; ``--seconds 60`` for a look. Memory is compared between the end and a third of the way, when
what is remembered on purpose (the newest messages, the answers to the newest commands) has begun to be let go.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time

from figure import figure, middle, note, share
from hubs import Running, hub, memory, processor, scratch
from wire import ask, enter
from workspaces import copy

from collabchat import protocol as p

MB = 1e6
REMEMBERED = 10
_MARK = b'"text":"sent '


class Soak:
    """The members, what they saw and when."""

    def __init__(self, running: Running, *, members: int, rate: float, seconds: float) -> None:
        self.running = running
        self.members = members
        self.rate = rate
        self.seconds = seconds
        self.times: list[float] = []
        self.sizes: list[tuple[float, float]] = []
        self.posts = 0
        self.seen = 0

    def _saw(self, payload: bytes) -> None:
        now = time.perf_counter()
        at = payload.find(_MARK)
        while at >= 0:
            start = at + len(_MARK)
            self.times.append(now - float(payload[start : payload.index(b'"', start)]))
            self.seen += 1
            at = payload.find(_MARK, start)

    async def run(self) -> None:
        wires = [await enter(self.running.socket, f"user{number}") for number in range(self.members)]
        snapshot = None
        for wire in wires:
            snapshot = await ask(wire, p.Sync(req=p.new_req()))
            wire.on_message = self._saw
        assert snapshot is not None
        rooms = [room.id for room in snapshot.rooms if room.joined]
        chance = random.Random(1)
        begin = time.perf_counter()
        while (now := time.perf_counter() - begin) < self.seconds:
            text = f"sent {time.perf_counter()}"
            chance.choice(wires).send(p.encode(p.Post(req=p.new_req(), room=chance.choice(rooms), text=text)))
            self.posts += 1
            if self.posts % round(self.rate) == 0:
                self.sizes.append((now, memory(self.running.pid) / MB))
            await asyncio.sleep(max(0.0, begin + self.posts / self.rate - time.perf_counter()))
        await asyncio.sleep(1)
        for wire in wires:
            wire.close()


def growth(sizes: list[tuple[float, float]]) -> float:
    """MB by which the last tenth is above what it was a third of the way."""
    third, tenth = len(sizes) // 3, max(1, len(sizes) // 10)
    return middle([size for _, size in sizes[-tenth:]]) - middle([size for _, size in sizes[third : third + tenth]])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--members", type=int, default=200)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--seconds", type=float, default=600)
    options = parser.parse_args()
    with scratch() as folder, hub(copy(options.messages, folder)) as running:
        soak = Soak(running, members=options.members, rate=options.rate, seconds=options.seconds)
        before = processor(running.pid)
        asyncio.run(soak.run())
        busy = (processor(running.pid) - before) / options.seconds
    if soak.seen != soak.posts * options.members:
        note(f"{soak.seen} were seen of {soak.posts} posts x {options.members} members")
        raise SystemExit(1)
    name = f"{options.members} members, {options.rate:g} posts a second, {options.seconds:g} s"
    p99 = 1e3 * share(soak.times, 0.99)
    figure(
        f"post to seen by all, {name}",
        1e3 * middle(soak.times),
        "ms",
        target="p99 below 40 ms",
        reached=p99 < 40,
        p99=round(p99, 2),
        most=round(1e3 * max(soak.times), 1),
        processor_of_the_hub=round(busy, 3),
    )
    grown = growth(soak.sizes)
    figure(
        f"growth of the hub's memory, {name}",
        grown,
        "MB",
        target="none but for what is remembered of the newest 20,000 messages (10 MB when it is full)",
        reached=grown < REMEMBERED,
        baseline=soak.sizes[len(soak.sizes) // 3][1],
        baseline_name="memory a third of the way",
        every_tenth=[round(size, 1) for _, size in soak.sizes[:: max(1, len(soak.sizes) // 10)]],
    )


if __name__ == "__main__":
    main()
