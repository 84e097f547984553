"""A hub for as long as a command runs."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from collabchat import errors, protocol
from collabchat.cli import talk
from collabchat.places import with_package

__all__ = ["hub_of", "interruptible"]

IDLE = 300
"""Seconds after which a hub leaves whose command was killed and could not stop it."""
START = 30.0


@contextlib.contextmanager
def hub_of(workspace: Path) -> Iterator[None]:
    """A hub of the workspace runs; one that was not there before is stopped in the end.

    Raises
    ------
    HubUnavailable
        Where none can be started.
    """
    if _answers(workspace):
        yield
        return
    process = _start(workspace)
    try:
        yield
    finally:
        # Not only ours: had it gone in between, a client has started another one.
        with contextlib.suppress(errors.CollabchatError):
            talk.stop(workspace)
        _end(process)


def _answers(workspace: Path) -> bool:
    return talk.ask(workspace, protocol.Status(req=protocol.new_req()), protocol.HubStatus) is not None


def _start(workspace: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "collabchat", "hub", str(workspace), "--idle", str(IDLE)]
    with tempfile.TemporaryFile() as said:
        # A session of its own: Ctrl-C in the terminal is for us, and we stop the hub when all others are gone.
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
            env={**os.environ, **with_package({"PYTHONSAFEPATH": "1"})},
        )
        deadline = time.monotonic() + START
        try:
            while not _answers(workspace):
                if process.poll() is not None and not _answers(workspace):
                    said.seek(0)
                    why = said.read().decode("utf-8", "replace").strip().removeprefix("collabchat hub: ")
                    raise errors.HubUnavailable(why or f"The hub ended at once; {workspace / 'hub.log'} may say why.")
                if time.monotonic() > deadline:
                    raise errors.HubUnavailable(f"The hub of {workspace} did not start within {START:g} s.")
                time.sleep(0.03)
        except BaseException:
            _end(process)
            raise
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """SIGTERM and SIGHUP end what is inside as Ctrl-C does: with all that is to be tidied up."""

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
