"""Hubs that run as processes of their own, and how to be rid of them."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil


def until(found: Callable[[], Any], within: float = 30.0) -> Any:
    """What ``found`` gives, once it gives something."""
    deadline = time.monotonic() + within
    while not (got := found()):
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.01)
    return got


def info(folder: Path) -> dict[str, Any]:
    """What ``hub.json`` says; empty where there is none."""
    try:
        found: dict[str, Any] = json.loads((folder / "hub.json").read_text())
    except FileNotFoundError:
        return {}
    return found


def stop_hub(folder: Path, within: float = 15.0) -> None:
    """Stop the hub of a folder, if one runs, and wait until it is gone."""
    pid = info(folder).get("pid")
    if pid is None or pid == os.getpid():
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
