"""Post to seen, kernel to kernel: from the call of ``room.post`` in one process to the event in another's ``listen``.

48 more members are connected to the room. The clock is the system's monotonic one, which all processes share.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

from figure import figure, middle, share
from hubs import HERE, hub, scratch
from wire import Wire, ask, enter
from workspaces import copy

import collabchat
from collabchat import protocol as p

_LISTENER = """
import sys, time, json, collabchat
chat = collabchat.connect(sys.argv[1], user="user1")
print("ready", flush=True)
times = []
for event in chat.listen(timeout=30):
    now = time.perf_counter()
    if event.type == "posted" and event.data["text"].startswith("sent "):
        times.append(now - float(event.data["text"][5:]))
    elif event.type == "posted" and event.data["text"] == "end":
        break
print(json.dumps(times), flush=True)
"""


async def members(path: str, count: int) -> list[Wire]:
    """Members that are connected and receive everything."""
    wires = []
    for number in range(count):
        wire = await enter(path, f"user{number + 10}")
        await ask(wire, p.Sync(req=p.new_req()))
        wires.append(wire)
    return wires


async def talk(path: str, folder: Path, *, others: int, posts: int, pause: float) -> tuple[list[float], list[float]]:
    """Seconds from post to seen, and seconds of a bare round trip to the hub, taken in turns."""
    wires = await members(path, others)
    return await asyncio.to_thread(_talk, folder, posts, pause), [await _ping(wires[0]) for _ in range(200)]


def _talk(folder: Path, posts: int, pause: float) -> list[float]:
    environment = dict(os.environ, PYTHONPATH=str(HERE.parent))
    listener = subprocess.Popen(
        [sys.executable, "-c", _LISTENER, str(folder)], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert listener.stdout is not None
    listener.stdout.readline()
    chance = random.Random(1)
    with collabchat.connect(folder, user="user2") as chat:
        room = chat.room("room3")
        for _ in range(posts):
            room.post(f"sent {time.perf_counter()}")
            time.sleep(pause * 2 * chance.random())
        room.post("end")
    found: list[float] = json.loads(listener.stdout.readline())
    listener.wait(30)
    return found


async def _ping(wire: Wire) -> float:
    start = time.perf_counter()
    await ask(wire, p.Ping(req=p.new_req()))
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--posts", type=int, default=400)
    parser.add_argument("--others", type=int, default=48)
    parser.add_argument("--pause", type=float, default=0.05, help="seconds between two posts, on average")
    options = parser.parse_args()
    with scratch() as folder, hub(copy(options.messages, folder)) as running:
        times, pings = asyncio.run(
            talk(running.socket, folder, others=options.others, posts=options.posts, pause=options.pause)
        )
    p50, p99 = 1e3 * middle(times), 1e3 * share(times, 0.99)
    figure(
        f"post to seen, kernel to kernel, {options.others + 2} members connected",
        p50,
        "ms",
        target="p50 below 10 ms, p99 below 40 ms",
        reached=p50 < 10 and p99 < 40,
        baseline=1e3 * middle(pings),
        baseline_name="a round trip to the hub that stores nothing",
        p99=round(p99, 2),
        posts=len(times),
    )


if __name__ == "__main__":
    main()
