"""Answered (durable) posts a second, beside the same server without a store and with SQLite behind it.

The three take turns, so that whatever else the machine does falls on all of them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys

from figure import figure, middle, note
from hubs import HERE, hub, processor, scratch
from wire import ask, enter

from collabchat import protocol as p

LOGS = ("none", "duckdb", "sqlite")
WRITERS = 32


async def make_room(path: str) -> str:
    """A public room for the writers."""
    wire = await enter(path, "owner")
    made = await ask(wire, p.CreateRoom(req=p.new_req(), name="load"))
    wire.close()
    assert isinstance(made, p.Ack), made
    return str(made.id)


def load(path: str, room: str, *, seconds: float, depth: int, batch: int) -> dict[str, float]:
    """What the writers reach, in a process of their own."""
    command = [sys.executable, str(HERE / "load_posts.py"), path, room, str(WRITERS), str(seconds)]
    done = subprocess.run(
        [*command, str(depth), str(batch)],
        check=True,
        stdout=subprocess.PIPE,
        env=dict(os.environ, PYTHONPATH=str(HERE.parent)),
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measure(log: str, *, seconds: float, depth: int, batch: int) -> dict[str, float]:
    with scratch() as folder, hub(folder, log=log) as running:
        room = asyncio.run(make_room(running.socket))
        before = processor(running.pid)
        found = load(running.socket, room, seconds=seconds, depth=depth, batch=batch)
        found["hub_us"] = 1e6 * (processor(running.pid) - before) / found["posts"]
    note(f"  {log:7} depth {depth} x {batch}: {json.dumps({key: round(value, 2) for key, value in found.items()})}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--only", choices=("waiting", "pipelined"))
    options = parser.parse_args()
    for kind, depth, batch in (("waiting", 1, 1), ("pipelined", 4, 25)):
        if options.only in (None, kind):
            _family(kind, depth, batch, options.rounds, options.seconds)


def _family(kind: str, depth: int, batch: int, rounds: int, seconds: float) -> None:
    note(f"{WRITERS} writers, {kind}")
    found: dict[str, list[dict[str, float]]] = {log: [] for log in LOGS}
    for _ in range(rounds):
        for log in LOGS:
            found[log].append(measure(log, seconds=seconds, depth=depth, batch=batch))
    rates = {log: [one["rate"] for one in found[log]] for log in LOGS}
    value = middle(rates["duckdb"])
    latency = {key: round(middle([one[key] for one in found["duckdb"]]), 2) for key in ("p50", "p99", "hub_us")}
    if kind == "waiting":
        for log, target, least in (("none", "at least 0.5 of no store", 0.5), ("sqlite", "more than SQLite", 1.0)):
            # Each round has its own ratio: neighbours in time share what disturbs them.
            ratio = middle([ours / other for ours, other in zip(rates["duckdb"], rates[log], strict=True)])
            figure(
                f"posts a second, {WRITERS} waiting writers, against {log}",
                value,
                "posts/s",
                target=target,
                reached=ratio >= least,
                baseline=middle(rates[log]),
                baseline_name="no store" if log == "none" else "SQLite (WAL, FULL, one commit a post)",
                ratio_of_rounds=round(ratio, 3),
                **latency,
            )
        return
    figure(
        f"posts a second, {WRITERS} pipelined writers",
        value,
        "posts/s",
        target="20,000",
        reached=value >= 20_000,
        baseline=middle(rates["none"]),
        baseline_name="no store",
        sqlite=round(middle(rates["sqlite"])),
        **latency,
    )


if __name__ == "__main__":
    main()
