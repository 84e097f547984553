"""95 MB from Python, up and down, beside slices over a bare WebSocket; the two take turns."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import bare_slices
from figure import figure, middle, note
from hubs import HERE, hub, processor, scratch

import collabchat
from collabchat import protocol as p
from collabchat.client import uploads

SIZE = 95_000_000
TARGET = 150.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    found: dict[str, list[float]] = {
        name: [] for name in ("up", "down", "bare up", "bare down", "known", "up cpu", "down cpu")
    }
    limits = p.Limits()
    with scratch() as folder, hub(folder) as running, tempfile.TemporaryDirectory() as place:
        path, saved, socket = Path(place) / "big.bin", Path(place) / "saved.bin", f"{place}/bare.sock"
        bare = subprocess.Popen(
            [sys.executable, str(HERE / "bare_slices.py"), socket], env=dict(os.environ, PYTHONPATH=str(HERE.parent))
        )
        try:
            while not Path(socket).exists():
                time.sleep(0.02)
            with collabchat.connect(folder, user="ana") as chat:
                room = chat.create_room("files")
                for turn in range(options.rounds):
                    content = os.urandom(SIZE)
                    path.write_bytes(content)
                    found["bare up"].append(SIZE / bare_slices.up(socket, content, limits.slice, uploads.WINDOW) / 1e6)
                    before, start = processor(running.pid), time.perf_counter()
                    [file] = room.post(files=[path]).files
                    found["up"].append(SIZE / (time.perf_counter() - start) / 1e6)
                    found["up cpu"].append(processor(running.pid) - before)
                    found["bare down"].append(SIZE / bare_slices.down(socket, SIZE, limits.slice, uploads.WINDOW) / 1e6)
                    before, start = processor(running.pid), time.perf_counter()
                    file.save(saved, overwrite=True)
                    found["down"].append(SIZE / (time.perf_counter() - start) / 1e6)
                    found["down cpu"].append(processor(running.pid) - before)
                    if saved.read_bytes() != content:
                        raise SystemExit("what came back is not what was sent")
                    start = time.perf_counter()
                    room.post(files=[path])
                    found["known"].append(time.perf_counter() - start)
                    note(
                        f"  round {turn + 1}: "
                        + ", ".join(f"{name} {values[-1]:.2f}" for name, values in found.items())
                    )
        finally:
            bare.terminate()
            bare.wait()
    for way, words in (("up", "sending"), ("down", "fetching")):
        figure(
            f"{words} 95 MB from Python",
            middle(found[way]),
            "MB/s",
            target=f"{TARGET:g} MB/s",
            reached=middle(found[way]) >= TARGET,
            baseline=middle(found[f"bare {way}"]),
            baseline_name="slices over a bare WebSocket, nothing read, hashed or written",
            hub_cpu=round(middle(found[f"{way} cpu"]), 2),
        )
    figure("sending 95 MB that the hub has", 1e3 * middle(found["known"]), "ms")


if __name__ == "__main__":
    main()
