"""``connect()`` with a hub that runs, and with one that it has to start first, at a million messages."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from figure import figure, middle
from hubs import HERE, hub, scratch, stop
from workspaces import copy

_CONNECT = """
import json, sys, time
start = time.perf_counter()
import collabchat
imported = time.perf_counter()
times = []
for _ in range(int(sys.argv[2])):
    begin = time.perf_counter()
    chat = collabchat.connect(sys.argv[1], user="user5")
    times.append(time.perf_counter() - begin)
    chat.close()
print(json.dumps({"import": imported - start, "times": times}))
"""


def connect(folder: Path, count: int) -> dict[str, float | list[float]]:
    """Connect in a process of its own: the first time holds what is imported when it is first needed."""
    done = subprocess.run(
        [sys.executable, "-c", _CONNECT, str(folder), str(count)],
        check=True,
        stdout=subprocess.PIPE,
        env=dict(os.environ, PYTHONPATH=str(HERE.parent)),
    )
    found: dict[str, float | list[float]] = json.loads(done.stdout)
    return found


def bare_start() -> float:
    """Seconds that a Python with DuckDB and tornado takes to start, and to open and close nothing."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import duckdb, pyarrow, tornado.websocket"], check=True)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    running: list[float] = []
    first: list[float] = []
    starting: list[float] = []
    bare: list[float] = []
    with scratch() as folder:
        copy(options.messages, folder)
        with hub(folder):
            for _ in range(options.rounds):
                times = connect(folder, 10)["times"]
                assert isinstance(times, list)
                first.append(times[0])
                running += times[1:]
        for _ in range(options.rounds):
            bare.append(bare_start())
            times = connect(folder, 1)["times"]
            assert isinstance(times, list)
            starting += times
            stop(folder)
    figure(
        "connect() with a hub that runs",
        1e3 * middle(running),
        "ms",
        target="50 ms",
        reached=middle(running) <= 0.05,
        first_in_a_process=round(1e3 * middle(first), 1),
        messages=options.messages,
    )
    figure(
        "connect() that starts the hub",
        middle(starting),
        "s",
        target="1 s",
        reached=middle(starting) <= 1,
        baseline=middle(bare),
        baseline_name="a Python that imports what a hub imports",
        messages=options.messages,
    )


if __name__ == "__main__":
    main()
