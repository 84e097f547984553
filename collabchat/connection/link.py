"""An authenticated WebSocket to a hub that comes back on its own."""

from __future__ import annotations

import asyncio
import getpass
import logging
import os
import random
import threading
import time
from collections.abc import Callable
from typing import Any

import msgspec

from .. import errors, protocol
from .dial import CONNECT, Socket, dial_hub
from .finding import FolderGone, HubFile, UnreachableError, reach
from .loop import IoThread, io_thread
from .target import Target

log = logging.getLogger("collabchat")

_FIRST, _LONGEST = 0.05, 5.0
_STEADY = 5.0
# What passes by itself; every other refusal of a hello stays.
_PASSING = frozenset({"unavailable", "internal"})


class Link:
    """One authenticated connection to a hub; finds or starts it, and reconnects with back-off.

    Parameters
    ----------
    target : Target
        Where the hub is, and as whom to speak.
    on_frame : callable
        Gets every frame of the hub after the welcome: text as ``str``, binary ones as ``bytes``.
    on_state : callable
        Gets the state and a sentence for people whenever the state changes.
    on_welcome : callable, optional
        Gets each `Welcome`, just before the state becomes "open".

    Notes
    -----
    The callbacks run on the thread that all links of a process share, so they must be quick and must not wait.
    A frame that is sent while the link is not open is dropped: whoever sends knows what is unanswered, and sends
    it again when the link is open.

    Examples
    --------
    >>> link = Link(Target(workspace=Path("team")), on_frame=print, on_state=print)  # doctest: +SKIP
    >>> link.start()  # doctest: +SKIP
    """

    def __init__(
        self,
        target: Target,
        *,
        on_frame: Callable[[str | bytes], None],
        on_state: Callable[[str, str], None],
        on_welcome: Callable[[protocol.Welcome], None] | None = None,
    ) -> None:
        self.target = target
        self.state = "connecting"
        """``connecting``, ``open``, ``lost`` or ``closed``."""
        self.message = ""
        """The sentence that goes with the state."""
        self.welcome: protocol.Welcome | None = None
        self.error: errors.CollabchatError | None = None
        """Why the link ended, where it was not closed by `close`."""
        self._on_frame = on_frame
        self._on_state = on_state
        self._on_welcome = on_welcome
        self._pid = os.getpid()
        self._io: IoThread | None = None
        self._task: asyncio.Task[None] | None = None
        self._socket: Socket | None = None
        self._greeting: asyncio.Future[Any] | None = None
        self._gone: asyncio.Event | None = None
        self._ended = threading.Event()
        self._closing = False

    def __repr__(self) -> str:
        return f"<Link to {self.target.label}: {self.state}>"

    @property
    def io(self) -> IoThread:
        """The thread that the callbacks run on."""
        if self._io is None:
            raise RuntimeError("The link has not been started.")
        return self._io

    def start(self) -> None:
        """Begin to connect; returns at once.

        Raises
        ------
        errors.Forked
            In a forked child of the process that made the link.
        """
        self._check_process()
        if self._io is None:
            self._io = io_thread()
            self._io.call(self._begin)

    def send(self, frame: str | bytes) -> None:
        """Send a text frame; dropped where the link is not open.

        Raises
        ------
        errors.Forked
            In a forked child of the process that made the link.
        """
        self._check_process()
        if self._io is not None:
            self._io.call(self._write, frame, False)

    def send_binary(self, frame: bytes) -> None:
        """Send a binary frame: bytes with a header before them; dropped where the link is not open.

        Raises
        ------
        errors.Forked
            In a forked child of the process that made the link.
        """
        self._check_process()
        if self._io is not None:
            self._io.call(self._write, frame, True)

    def close(self) -> None:
        """End the link; more than once is fine, and so is in a forked child, where nothing happens."""
        if self._pid != os.getpid():
            return
        self._closing = True
        if self._io is None:
            self.state = "closed"
            self._ended.set()
        else:
            # Never at once: the garbage collector may call this in the middle of anything.
            self._io.call_later(self._finish, None, "Closed.")

    def wait_closed(self, timeout: float) -> bool:
        """Wait until a closed link has let go of its socket; not for the thread of the callbacks."""
        return self._ended.wait(timeout)

    # ---- on the io thread

    def abandon(self) -> None:
        """Let go of everything at once and say nothing: the interpreter ends."""
        self._closing = True
        self._release()
        self.state = "closed"
        self._ended.set()

    def _begin(self) -> None:
        if self._closing:
            self._finish(None, "Closed.")
            return
        self.io.links.add(self)
        self._task = self.io.loop.create_task(self._run())

    async def _run(self) -> None:
        self._set("connecting", f"Looking for the hub of {self.target.label}.")
        attempt = 0
        while not self._closing:
            began = time.monotonic()
            try:
                await self._connect()
                assert self._gone is not None
                await self._gone.wait()
                reason = self._socket.reason if self._socket else ""
                reason = reason or "The connection to the hub was lost."
            except (UnreachableError, errors.CollabchatError, TimeoutError) as error:
                if self._stays(error):
                    self._finish(error, str(error))
                    return
                reason = str(error) or "The hub does not answer."
            except Exception as error:
                log.exception("The connection to the hub of %s failed", self.target.label)
                reason = f"The connection failed: {error}"
            self._release()
            if self._closing:
                return
            if time.monotonic() - began > _STEADY:
                attempt = 0
            self._set("lost", f"{reason} Trying again.")
            await asyncio.sleep(min(_LONGEST, _FIRST * 2**attempt) * random.uniform(0.5, 1.0))
            attempt = min(attempt + 1, 10)

    def _stays(self, error: Exception) -> bool:
        if getattr(error, "code", None) in _PASSING:
            return False
        if isinstance(error, errors.HubUnavailable | errors.WorkspaceError) and not isinstance(error, FolderGone):
            # A hub that ran before may run again; one that never did says why at once.
            return self.welcome is None
        return isinstance(error, errors.CollabchatError)

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        self._greeting = loop.create_future()
        self._gone = asyncio.Event()
        token = self.target.token
        user = self.target.user
        if self.target.workspace is not None:

            async def dial(hub: HubFile) -> tuple[Socket, str | None, HubFile]:
                return *await dial_hub(hub, self._arrived), hub

            self._socket, file_token, hub = await reach(self.target.workspace, dial, make=self.welcome is None)
            token = token or file_token
            if user is None and hub.socket_path is None:
                # Over TCP the system does not vouch for who we are, as it does on a Unix socket.
                user = getpass.getuser()
        else:
            assert self.target.url is not None
            self._socket = await Socket.open(self.target.url, self._arrived)
        hello = protocol.Hello(
            req=protocol.new_req(),
            version=protocol.VERSION,
            oldest=protocol.OLDEST,
            user=user,
            name=self.target.name,
            bot=self.target.bot,
            token=token,
        )
        assert self._socket is not None
        self._socket.write(protocol.encode(hello))
        welcome = await asyncio.wait_for(self._greeting, CONNECT)
        self.welcome = welcome
        if self._on_welcome is not None:
            self._call(self._on_welcome, welcome)
        self._set("open", f"Connected to {welcome.workspace} as {welcome.handle}.")

    def _arrived(self, source: Socket, message: str | bytes | None) -> None:
        if self._socket is not None and source is not self._socket:
            return
        greeting = self._greeting
        if message is None:
            if self._gone is not None:
                self._gone.set()
            if greeting is not None and not greeting.done():
                greeting.set_exception(UnreachableError(source.reason or "The hub closed the connection."))
        elif greeting is not None and not greeting.done():
            self._greet(greeting, message)
        else:
            self._call(self._on_frame, message)

    def _greet(self, greeting: asyncio.Future[Any], message: str | bytes) -> None:
        if isinstance(message, bytes):
            return
        try:
            replies = protocol.decode_replies(message)
        except msgspec.DecodeError as error:
            greeting.set_exception(errors.VersionMismatch(f"What answers is no hub that this version knows: {error}"))
            return
        for reply in replies:
            if isinstance(reply, protocol.Welcome):
                greeting.set_result(reply)
                return
            if isinstance(reply, protocol.Error):
                refusal = errors.from_code(reply.code, reply.message)
                refusal.code = reply.code  # type: ignore[attr-defined]  # what passes by itself is known by its code
                greeting.set_exception(refusal)
                return

    def _write(self, frame: str | bytes, binary: bool) -> None:
        if self.state == "open" and self._socket is not None:
            self._socket.write(frame, binary=binary)

    def _set(self, state: str, message: str) -> None:
        if self._closing and state != "closed":
            return
        self.state, self.message = state, message
        self._call(self._on_state, state, message)

    def _finish(self, error: Exception | None, message: str) -> None:
        self._closing = True
        if self._ended.is_set():
            return
        if isinstance(error, errors.CollabchatError):
            self.error = error
        self._release()
        if self._task is not None and self._task is not asyncio.current_task(self.io.loop):
            self._task.cancel()
        self.io.links.discard(self)
        self._set("closed", message)
        self._ended.set()

    def _release(self) -> None:
        connection, self._socket = self._socket, None
        if connection is not None:
            connection.close()
        if self._gone is not None:
            self._gone.set()

    def _call(self, function: Callable[..., None], *args: Any) -> None:
        try:
            function(*args)
        except Exception:
            log.exception("A callback of the link to %s failed", self.target.label)

    def _check_process(self) -> None:
        if self._pid != os.getpid():
            raise errors.Forked(
                "This connection belongs to the process that was forked: call collabchat.connect() in the child."
            )
