"""A hub as a process: lock, log file, signals, ``hub.json``, and leaving when nobody is there."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import logging
import logging.handlers
import os
import signal
import socket
import sys
import time
from pathlib import Path

from collabchat import __version__
from collabchat import protocol as p
from collabchat.errors import CollabchatError
from collabchat.hub.hub import Hub
from collabchat.hub.server import Server, has_unix_sockets, share_file

log = logging.getLogger("collabchat.hub")
INFO = "hub.json"


def run(
    workspace: Path,
    *,
    idle: float | None = None,
    tcp: bool = False,
    verbose: bool = False,
    limits: p.Limits | None = None,
) -> int:
    """Run the hub of a workspace in this process until it is told to stop.

    Parameters
    ----------
    workspace
        The folder; made where it is not there, readable by its owner alone.
    idle
        Seconds without any connection after which it leaves; None: never.
    tcp
        Listen on loopback TCP with a token even where there are Unix sockets.
    verbose
        Log to the terminal as well as to ``hub.log``.
    limits
        Other limits than the usual ones.

    Returns
    -------
    int
        0 when it was told to stop or left, 1 where it could not start (the reason is on stderr).
    """
    try:
        folder = workspace.expanduser().absolute()
        if not folder.exists():
            folder.mkdir(parents=True, mode=0o700)
        folder = folder.resolve()
        _log_to(folder, verbose)
        lock = _lock(folder)
    except (OSError, RuntimeError, CollabchatError) as error:  # a RuntimeError where ~ is nobody's home
        print(f"collabchat hub: {error}", file=sys.stderr)
        return 1
    # Loop and log share the interpreter's lock: by default each waits up to 5 ms for the other.
    sys.setswitchinterval(0.0005)
    try:
        asyncio.run(_serve(folder, idle, tcp or not has_unix_sockets(), limits))
    except (CollabchatError, OSError) as error:
        log.error("%s", error)
        print(f"collabchat hub: {error}", file=sys.stderr)
        return 1
    finally:
        os.close(lock)
    return 0


def _log_to(folder: Path, verbose: bool) -> None:
    file = logging.handlers.RotatingFileHandler(folder / "hub.log", maxBytes=1_000_000, backupCount=3)
    handlers: list[logging.Handler] = [file, *([logging.StreamHandler()] if verbose else [])]
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", handlers=handlers, force=True
    )


def _lock(folder: Path) -> int:
    """Hold the workspace's lock as long as this process lives.

    Raises
    ------
    CollabchatError
        Where another hub holds it.
    """
    descriptor = os.open(folder / "hub.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise CollabchatError(
            f"A hub of {folder} runs already. `collabchat hub {folder} --status` asks it how it is, --stop stops it."
        ) from error
    return descriptor


async def _serve(folder: Path, idle: float | None, tcp: bool, limits: p.Limits | None) -> None:
    hub = Hub(folder, limits=limits)
    server = Server(hub, folder)
    info = folder / INFO
    try:
        if tcp:
            server.listen_tcp()
        else:
            server.listen_unix()
        # Before anybody can know the pid: a signal must find the handlers there.
        _stop_when_told(hub)
        _write_info(info, server)
        gc.collect()
        gc.freeze()
        log.info("hub %s of %s listens on %s at seq %d", __version__, folder, server.address, hub.workspace.durable)
        await _until_told(hub, idle)
        log.info("hub leaves at seq %d", hub.workspace.durable)
    finally:
        gc.unfreeze()
        hub.stop.set()
        info.unlink(missing_ok=True)
        await _end(hub, server)


def _stop_when_told(hub: Hub) -> None:
    """SIGTERM and SIGINT stop the hub as long as its process lives: one that comes when it leaves is no failure."""
    loop = asyncio.get_running_loop()

    def told(*_: object) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(hub.stop.set)

    # Not by way of the loop, which closes the pipe that a signal wakes it through before it forgets its handlers.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)


async def _until_told(hub: Hub, idle: float | None) -> None:
    alone_since = time.monotonic()
    while not hub.stop.is_set():
        if hub.presence.sessions or hub.workspace.log.waiting or hub.reads.busy or hub.due.posts_wait:
            alone_since = time.monotonic()
        elif idle is not None and time.monotonic() - alone_since > idle:
            log.info("nobody has been here for %g s", idle)
            return
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(hub.stop.wait(), 0.5 if idle is None else max(0.05, min(0.5, idle / 4)))


async def _end(hub: Hub, server: Server) -> None:
    # First what was accepted goes to disk and is answered, then the connections end.
    await asyncio.get_running_loop().run_in_executor(None, hub.workspace.log.close)
    await asyncio.sleep(0)
    if waiting := [asyncio.ensure_future(session.drained()) for session in hub.presence.all()]:
        _, late = await asyncio.wait(waiting, timeout=1)
        for task in late:
            task.cancel()
    await server.close()
    hub.close()


def _write_info(path: Path, server: Server) -> None:
    info = {
        "pid": os.getpid(),
        "address": server.address,
        "version": __version__,
        "host": socket.gethostname(),
        "started_at": time.time_ns() // 1000,
        "token_file": str(server.token_file) if server.token_file else None,
    }
    part = path.with_suffix(".part")
    part.write_text(json.dumps(info))
    if has_unix_sockets():
        share_file(part)
    part.replace(path)
