"""Hubs as processes of their own, with the log of DuckDB or with another one to compare it with."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Running:
    """A hub that runs."""

    folder: Path
    socket: str
    pid: int


@contextlib.contextmanager
def hub(folder: Path, *, log: str = "duckdb") -> Iterator[Running]:
    """Run the hub of a workspace while the block runs.

    Parameters
    ----------
    folder
        The workspace.
    log
        ``duckdb``; or ``none`` (nothing is stored) or ``sqlite`` (one commit a post), for comparison.
    """
    environment = dict(os.environ, PYTHONPATH=str(HERE.parent))
    command = [sys.executable, str(HERE / "other_logs.py"), log, str(folder)]
    if log == "duckdb":
        command = [sys.executable, "-m", "collabchat", "hub", str(folder)]
    info = folder / "hub.json"
    info.unlink(missing_ok=True)
    with (folder / "bench-hub.log").open("ab") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment)
    try:
        address = _address(info, process, folder)
        yield Running(folder, address.removeprefix("unix:"), process.pid)
    finally:
        process.terminate()
        process.wait(60)


def _address(info: Path, process: subprocess.Popen[bytes], folder: Path) -> str:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
            return str(json.loads(info.read_text())["address"])
        time.sleep(0.005)
    raise RuntimeError(f"The hub did not start; see {folder / 'bench-hub.log'}.")


def stop(folder: Path) -> None:
    """Let the hub go that a client has started, where one runs."""
    info = folder / "hub.json"
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        os.kill(int(json.loads(info.read_text())["pid"]), signal.SIGTERM)
    deadline = time.monotonic() + 60
    while info.exists() and time.monotonic() < deadline:
        time.sleep(0.005)


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder that goes away after the block, on the disk of the temporary files."""
    folder = Path(tempfile.mkdtemp(prefix="collabchat-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def memory(pid: int) -> int:
    """Resident bytes of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def processor(pid: int) -> float:
    """Seconds of processor that a process has taken so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
