"""Find the hub of a folder, or start it: exactly one, however many look for it at once."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from .. import errors
from .lock import FileLock

T = TypeVar("T")

IDLE = 60
"""Seconds after which a hub that was started by a client leaves when nobody is connected."""
START = 30.0
"""Seconds that a hub has to begin to listen."""
_LOOK = 0.02
_LOG_LINES = 12


class UnreachableError(Exception):
    """Nobody listens at the address."""


class FolderGone(errors.WorkspaceError):
    """A workspace that was there is no more."""


@dataclass(frozen=True)
class HubFile:
    """What ``hub.json`` says of a running hub."""

    pid: int
    address: str
    version: str
    host: str
    token_file: str | None = None

    @property
    def socket_path(self) -> str | None:
        """The path of its Unix socket, where it has one."""
        return self.address.removeprefix("unix:") if self.address.startswith("unix:") else None

    @property
    def url(self) -> str:
        """The address for a WebSocket."""
        if self.address.startswith("tcp:"):
            return f"ws://{self.address.removeprefix('tcp:')}/ws"
        return "ws://localhost/ws"


def read_hub_file(workspace: Path) -> HubFile | None:
    """What ``hub.json`` says; None where there is none, or none that can be read yet."""
    try:
        found = msgspec.json.decode((workspace / "hub.json").read_bytes(), type=HubFile)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    except NotADirectoryError:
        raise errors.WorkspaceError(f"{workspace} is a file; a workspace is a folder.") from None
    except PermissionError:
        raise errors.WorkspaceError(f"You may not read {workspace}: ask its owner to let your group in.") from None
    if found.host and found.host != socket.gethostname():
        raise errors.HubUnavailable(
            f"The hub of {workspace} runs on {found.host!r}, at {found.address}. Connect from that machine, or stop "
            f"it there. If that machine is gone, remove {workspace / 'hub.json'} and try again."
        )
    return found


async def reach(workspace: Path, dial: Callable[[HubFile], Awaitable[T]], *, make: bool = True) -> T:
    """What ``dial`` gives for the hub of a folder, which is started where nobody answers.

    With ``make`` a folder that does not exist is made; without, it is gone for good.

    Raises
    ------
    errors.HubUnavailable
        Where it cannot be started, or runs on another machine.
    errors.WorkspaceError
        Where the folder cannot be one.
    """
    found = await _try(workspace, dial)
    if found is not None:
        return found
    if make:
        _make_folder(workspace)
    elif not workspace.is_dir():
        raise FolderGone(f"The folder {workspace} is gone.")
    lock = FileLock(workspace / "start.lock")
    deadline = time.monotonic() + START
    try:
        while not _acquire(lock, workspace):
            await asyncio.sleep(_LOOK)
            found = await _try(workspace, dial)
            if found is not None:
                return found
            if time.monotonic() > deadline:
                raise errors.HubUnavailable(
                    f"Another process has been starting the hub of {workspace} for {START:.0f} s. "
                    f"See {workspace / 'hub.log'}."
                )
        found = await _try(workspace, dial)
        if found is None:
            found = await _start(workspace, dial)
        return found
    finally:
        lock.release()


async def _try(workspace: Path, dial: Callable[[HubFile], Awaitable[T]]) -> T | None:
    hub = read_hub_file(workspace)
    if hub is None:
        return None
    try:
        return await dial(hub)
    except UnreachableError:
        return None


async def _start(workspace: Path, dial: Callable[[HubFile], Awaitable[T]]) -> T:
    log = workspace / "hub.log"
    before = log.stat().st_size if log.exists() else 0
    process = start_hub(workspace)
    deadline = time.monotonic() + START
    ended: float | None = None
    while True:
        found = await _try(workspace, dial)
        if found is not None:
            return found
        now = time.monotonic()
        if process.poll() is not None:
            # Somebody may have started one by hand a moment ago: it gets time to listen.
            ended = ended or now
            if now > ended + 1.0:
                raise errors.HubUnavailable(
                    f"The hub of {workspace} could not start (status {process.returncode}). {_tail(log, before)}"
                )
        if now > deadline:
            raise errors.HubUnavailable(f"The hub of {workspace} did not listen in {START:.0f} s. {_tail(log, before)}")
        await asyncio.sleep(_LOOK)


def start_hub(workspace: Path) -> subprocess.Popen[bytes]:
    """Start a hub as a process of its own, which outlives this one.

    Raises
    ------
    errors.HubUnavailable
        Where there is no Python to run it with.
    """
    if not sys.executable:
        raise errors.HubUnavailable(f"This Python does not know its own program. Run: collabchat hub {workspace}")
    command = [sys.executable, "-m", "collabchat", "hub", str(workspace), "--idle", str(IDLE)]
    options: dict[str, Any] = {}
    if sys.platform == "win32":
        options["creationflags"] = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
    else:
        options["start_new_session"] = True
    try:
        with (workspace / "hub.log").open("ab") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=_environment(), **options
            )
    except PermissionError as error:
        raise _not_yours(workspace, error) from error
    except OSError as error:
        raise errors.HubUnavailable(f"The hub of {workspace} could not start: {error}") from error
    # Somebody has to ask after a child that ends, else its number is never free again.
    threading.Thread(target=process.wait, name="collabchat-hub-exit", daemon=True).start()
    return process


def _environment() -> dict[str, str]:
    # A notebook's folder may hold a "random.py": a hub takes its modules from where this process has collabchat.
    environment = dict(os.environ, PYTHONSAFEPATH="1")
    home = Path(__file__).parents[2]
    if home.name not in ("site-packages", "dist-packages"):
        rest = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([str(home), rest] if rest else [str(home)])
    return environment


def _make_folder(workspace: Path) -> None:
    try:
        if not workspace.is_dir():
            workspace.parent.mkdir(parents=True, exist_ok=True)
            workspace.mkdir(mode=0o700, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise errors.WorkspaceError(f"{workspace} is a file; a workspace is a folder.") from None
    except OSError as error:
        raise errors.WorkspaceError(f"{workspace} cannot be made: {error.strerror or error}.") from error


def _acquire(lock: FileLock, workspace: Path) -> bool:
    try:
        return lock.acquire()
    except OSError as error:
        raise _not_yours(workspace, error) from error


def _not_yours(workspace: Path, error: OSError) -> errors.WorkspaceError:
    return errors.WorkspaceError(
        f"No hub runs for {workspace}, and you may not start one there: {error.strerror or error}. "
        "Ask who owns the folder to start it."
    )


def _tail(log: Path, before: int) -> str:
    try:
        size = log.stat().st_size
        with log.open("rb") as file:
            # Shorter than before: it was rotated.
            file.seek(max(before if before <= size else 0, size - 8192))
            lines = file.read().decode("utf-8", "replace").strip().splitlines()
    except OSError:
        lines = []
    if not lines:
        return f"{log} says nothing about why."
    return "\n".join([f"{log} ends with:", *lines[-_LOG_LINES:]])
