"""``chat.messages()`` of a million messages: the first time, and again when 100 are new."""

from __future__ import annotations

import argparse
import asyncio
import time

import pandas as pd
import pyarrow as pa
from figure import figure, middle
from hubs import hub, processor, scratch
from wire import enter
from workspaces import copy

import collabchat
from collabchat import protocol as p

NEW = 100


async def table_parts(path: str) -> tuple[float, int]:
    """Seconds until a client as thin as can be has every part of the table, and its bytes: the hub's share."""
    wire = await enter(path, "user7")
    done = asyncio.get_running_loop().create_future()
    size = 0

    def take(payload: bytes) -> None:
        nonlocal size
        if payload[:1] != b"{":
            size += len(payload)
            if not p.decode_binary(payload)[0].more:
                done.set_result(None)

    wire.on_message = take
    start = time.perf_counter()
    wire.send(p.encode(p.Frame(req=p.new_req(), name="messages")))
    await asyncio.wait_for(done, 60)
    wire.close()
    return time.perf_counter() - start, size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    first: list[float] = []
    again: list[float] = []
    hub_share: list[float] = []
    idle: list[float] = []
    build: list[float] = []
    hub_cpu: list[float] = []
    own_cpu: list[float] = []
    with scratch() as folder, hub(copy(options.messages, folder)) as running:
        for _ in range(options.rounds):
            took, size = asyncio.run(table_parts(running.socket))
            hub_share.append(took)
            with collabchat.connect(folder, user="user5") as chat, collabchat.connect(folder, user="user6") as other:
                start, hub_start, own_start = time.perf_counter(), processor(running.pid), time.process_time()
                frame = chat.messages()
                hub_cpu.append(processor(running.pid) - hub_start)
                own_cpu.append(time.process_time() - own_start)
                first.append(time.perf_counter() - start)
                rows = len(frame)
                for turn in range(4):
                    room = other.room(f"room{turn}")
                    for number in range(NEW):
                        room.post(f"One more message, number {number}.")
                    start = time.perf_counter()
                    frame = chat.messages()
                    again.append(time.perf_counter() - start)
                    rows += NEW
                    if len(frame) != rows:
                        raise SystemExit(f"{len(frame)} rows, and not {rows}")
                start = time.perf_counter()
                chat.messages()
                idle.append(time.perf_counter() - start)
                build.append(_bare(frame))
    figure(
        f"chat.messages(), {options.messages:,}, first",
        middle(first),
        "s",
        target="1.5 s",
        reached=middle(first) <= 1.5,
        baseline=middle(build),
        baseline_name="the same DataFrame out of and into Arrow, in memory",
        hub_share=round(middle(hub_share), 3),
        hub_cpu=round(middle(hub_cpu), 2),
        own_cpu=round(middle(own_cpu), 2),
        megabytes=round(size / 1e6),
    )
    figure(
        f"chat.messages(), {options.messages:,}, {NEW} new",
        1e3 * middle(again),
        "ms",
        target="30 ms",
        reached=middle(again) <= 0.030,
        baseline=1e3 * middle(idle),
        baseline_name="nothing new",
    )


def _bare(frame: pd.DataFrame) -> float:
    start = time.perf_counter()
    pa.Table.from_pandas(frame, preserve_index=False).to_pandas()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
