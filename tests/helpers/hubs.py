"""Hubs that run as processes of their own, and how to be rid of them."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import psutil


def stop_hub(folder: Path, within: float = 15.0) -> None:
    """Stop the hub of a folder, if one runs, and wait until it is gone."""
    try:
        pid = json.loads((folder / "hub.json").read_text())["pid"]
    except FileNotFoundError:
        return
    if pid == os.getpid():
        return
    deadline = time.monotonic() + within
    while _runs(pid):
        try:
            os.kill(pid, signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL)
        except ProcessLookupError:
            return
        time.sleep(0.02)


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
