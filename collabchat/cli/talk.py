"""Ask a running hub one thing, without starting one."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import TypeVar

import msgspec

from collabchat import errors, protocol
from collabchat.connection.dial import Socket, dial_hub
from collabchat.connection.finding import HubFile, UnreachableError, read_hub_file

__all__ = ["ask", "stop"]

R = TypeVar("R", bound=msgspec.Struct)

PATIENCE = 10.0


def ask(
    workspace: Path, request: protocol.Request, answer: type[R], *, patience: float = PATIENCE
) -> tuple[R, HubFile] | None:
    """The hub's answer, and who it is; None where no hub runs.

    Parameters
    ----------
    workspace
        The folder.
    request, answer
        What to ask, and what the reply is then.
    patience
        Seconds to wait for it.

    Raises
    ------
    CollabchatError
        Where the hub refuses, or does not answer in time.
    """
    return asyncio.run(_ask(workspace, request, answer, patience))


async def _ask(
    workspace: Path, request: protocol.Request, answer: type[R], patience: float
) -> tuple[R, HubFile] | None:
    hub = read_hub_file(workspace)
    if hub is None:
        return None
    frames: asyncio.Queue[str | bytes | None] = asyncio.Queue()
    try:
        socket, token = await dial_hub(hub, lambda _socket, frame: frames.put_nowait(frame))
    except UnreachableError:
        return None
    try:
        async with asyncio.timeout(patience):
            # A hub that knows its own user needs no member for this; one that does not wants a hello first.
            if isinstance(request, protocol.Status | protocol.Stop | protocol.Reindex | protocol.Backup):
                request = msgspec.structs.replace(request, token=token)
            reply = await _exchange(socket, frames, request)
            if isinstance(reply, protocol.Error) and reply.code == "unauthenticated":
                hello = protocol.Hello(
                    req=protocol.new_req(), version=protocol.VERSION, oldest=protocol.OLDEST, token=token
                )
                reply = await _exchange(socket, frames, hello)
                if not isinstance(reply, protocol.Error):
                    reply = await _exchange(socket, frames, request)
    except TimeoutError:
        raise errors.HubUnavailable(
            f"The hub of {workspace} (process {hub.pid}) does not answer within {patience:g} s."
        ) from None
    finally:
        socket.close()
    if isinstance(reply, protocol.Error):
        raise errors.from_code(reply.code, reply.message)
    if not isinstance(reply, answer):
        raise errors.VersionMismatch(f"The hub of {workspace} answered something that this version does not know.")
    return reply, hub


async def _exchange(
    socket: Socket, frames: asyncio.Queue[str | bytes | None], request: protocol.Request
) -> msgspec.Struct:
    socket.write(protocol.encode(request))
    while True:
        frame = await frames.get()
        if frame is None:
            raise errors.ConnectionLost("The hub went away while it was asked.")
        if isinstance(frame, bytes):
            continue
        for reply in protocol.decode_replies(frame):
            if getattr(reply, "req", None) == request.req:
                return reply


def stop(workspace: Path, *, patience: float = 30.0) -> HubFile | None:
    """Stop the hub of a workspace and wait until it has gone; what it answered is kept. None where none runs."""
    found = ask(workspace, protocol.Stop(req=protocol.new_req()), protocol.Ack)
    if found is None:
        return None
    _, hub = found
    deadline = time.monotonic() + patience
    while _runs(workspace, hub):
        if time.monotonic() > deadline:
            raise errors.HubUnavailable(
                f"The hub of {workspace} (process {hub.pid}) is still there after {patience:g} s."
            )
        time.sleep(0.02)
    return hub


def _runs(workspace: Path, hub: HubFile) -> bool:
    if sys.platform == "win32":  # there os.kill ends the process
        found = read_hub_file(workspace)
        return found is not None and found.pid == hub.pid
    return is_alive(hub.pid)


def is_alive(pid: int) -> bool:
    """Whether a process of this machine runs; one that has ended but was not waited for does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return True
