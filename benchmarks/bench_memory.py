"""Memory: a hub with a million messages and 200 connections, and a panel in a kernel beside a bare kernel."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

from figure import figure, middle
from hubs import HERE, Running, hub, memory, scratch
from wire import ask, enter
from workspaces import MEMBERS, copy

from collabchat import protocol as p

MB = 1e6
_KERNEL = """
import json, os, pathlib
def resident():
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
"""


async def fill(running: Running, connections: int, seconds: float) -> dict[str, float]:
    """Memory of the hub with nobody, with everybody, and after everybody has read and written for a while."""
    found = {"alone": memory(running.pid) / MB}
    wires = [await enter(running.socket, f"user{number % MEMBERS}") for number in range(connections)]
    snapshots = [await ask(wire, p.Sync(req=p.new_req())) for wire in wires]
    rooms = [room.id for room in snapshots[0].rooms]
    found["connected"] = memory(running.pid) / MB
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    number = 0
    while loop.time() < end:
        room = rooms[number % len(rooms)]
        await ask(wires[number % connections], p.Post(req=p.new_req(), room=room, text=f"Message {number}."))
        await ask(wires[(7 * number) % connections], p.History(req=p.new_req(), room=room))
        number += 1
    found["used"] = memory(running.pid) / MB
    # Somebody asks for everything, as a notebook does.
    wires[0].on_message = lambda _payload: None
    done = loop.create_future()

    def last(payload: bytes) -> None:
        if payload[:1] != b"{" and payload[:1] != b"[" and not p.decode_binary(payload)[0].more:
            done.set_result(None)

    wires[0].on_message = last
    wires[0].send(p.encode(p.Frame(req=p.new_req(), name="messages")))
    await asyncio.wait_for(done, 120)
    found["after_a_frame"] = memory(running.pid) / MB
    for wire in wires:
        wire.close()
    return found


def kernel(code: str) -> float:
    """Resident MB of a kernel that has run some code."""
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(
        kernel_name="python3", env=dict(os.environ, PYTHONPATH=str(HERE.parent)), startup_timeout=120
    )
    try:
        said: list[str] = []

        def hear(message: dict[str, object]) -> None:
            content = message["content"]
            assert isinstance(content, dict)
            if message["msg_type"] == "stream":
                said.append(content["text"])
            if message["msg_type"] == "error":
                raise RuntimeError("\n".join(content["traceback"]))

        client.execute_interactive(_KERNEL + code + "\nprint(json.dumps(resident()))", output_hook=hear, timeout=120)
        return float(json.loads("".join(said).strip().splitlines()[-1])) / MB
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with scratch() as folder:
        with hub(copy(options.messages, folder)) as running:
            found = asyncio.run(fill(running, options.connections, options.seconds))
        bare_hub = _imports()
        most = max(found["connected"], found["used"])
        figure(
            f"memory of a hub, {options.messages:,} messages, {options.connections} connections",
            most,
            "MB",
            target="400 MB",
            reached=max(found.values()) <= 400,
            baseline=bare_hub,
            baseline_name="a Python with what a hub imports",
            **{key: round(value, 1) for key, value in found.items()},
        )
        with hub(folder):
            panels = f"""
import collabchat
panel = collabchat.ChatPanel(collabchat.connect({str(folder)!r}, user="user3"))
"""
            bare = middle([kernel("") for _ in range(options.rounds)])
            widgets = middle([kernel("import ipywidgets, anywidget") for _ in range(options.rounds)])
            with_panel = middle([kernel(panels) for _ in range(options.rounds)])
    figure(
        "memory of a panel in a kernel, above bare",
        with_panel - bare,
        "MB",
        target="30 MB",
        reached=with_panel - bare <= 30,
        bare=round(bare, 1),
        with_ipywidgets_and_anywidget=round(widgets, 1),
        with_panel=round(with_panel, 1),
    )


def _imports() -> float:
    code = _KERNEL + "import duckdb, pyarrow, pandas, tornado.websocket, msgspec\nprint(resident())"
    with contextlib.chdir(Path("/")):
        done = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE)
    return float(done.stdout) / MB


if __name__ == "__main__":
    main()
