"""One WebSocket to a hub, over a Unix socket or TCP."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tornado.httpclient import HTTPError, HTTPRequest
from tornado.iostream import StreamClosedError
from tornado.netutil import Resolver
from tornado.websocket import WebSocketClientConnection, WebSocketError, websocket_connect

from .. import errors
from .finding import HubFile, UnreachableError

CONNECT = 10.0
"""Seconds that the other side has to answer the handshake."""
_PING = 20.0
_LARGEST = 512 * 1024 * 1024


class _UnixResolver(Resolver):
    """Sends every host to one Unix socket."""

    def initialize(self, path: str) -> None:
        self._path = path

    async def resolve(self, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_UNIX, self._path)]


class Socket:
    """A WebSocket that tells what arrives to a function; None says that it is closed."""

    def __init__(self, on_message: Callable[[Socket, str | bytes | None], None]) -> None:
        self._on_message = on_message
        self._connection: WebSocketClientConnection | None = None

    @classmethod
    async def open(
        cls, url: str, on_message: Callable[[Socket, str | bytes | None], None], *, path: str | None = None
    ) -> Socket:
        """Connect, through the Unix socket at ``path`` where one is given.

        Raises
        ------
        UnreachableError
            Where nobody listens, or what listens is no hub.
        """
        made = cls(on_message)
        request = HTTPRequest(url, connect_timeout=CONNECT, request_timeout=CONNECT)
        resolver = _UnixResolver(path=path) if path else None
        opening = asyncio.ensure_future(
            websocket_connect(
                request,
                on_message_callback=made._arrived,
                ping_interval=_PING,
                ping_timeout=_PING,
                max_message_size=_LARGEST,
                resolver=resolver,
            )
        )
        try:
            connection = await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(_close_unwanted)
            raise
        except HTTPError as error:
            raise UnreachableError(f"{url} answers, but not as a hub: {error}") from error
        except (OSError, StreamClosedError, WebSocketError) as error:
            if isinstance(getattr(error, "real_error", error), PermissionError):
                raise errors.WorkspaceError(
                    f"A hub listens at {path or url}, and you may not speak to it: its folder is not shared with you. "
                    "Its owner shares it with a group by: chmod g+rwx, and starts the hub again."
                ) from error
            raise UnreachableError(f"Nobody answers at {path or url}: {error}") from error
        made._connection = connection
        if connection.protocol is None or connection.close_code is not None:
            made.close()
            raise UnreachableError(f"What answers at {path or url} closes at once.")
        return made

    @property
    def reason(self) -> str:
        """What the other side said when it closed."""
        connection = self._connection
        return (connection.close_reason or "") if connection is not None else ""

    def write(self, frame: str | bytes, *, binary: bool = False) -> None:
        """Send a frame, text or binary; what cannot be sent any more is dropped."""
        connection = self._connection
        if connection is not None:
            # A future that fails says what the closing says as well.
            with contextlib.suppress(OSError, WebSocketError):
                connection.write_message(frame, binary=binary).add_done_callback(_swallow)

    def close(self) -> None:
        """Say goodbye and close at once."""
        connection, self._connection = self._connection, None
        if connection is not None:
            protocol = connection.protocol
            connection.close()
            stream = getattr(protocol, "stream", None)
            if stream is not None:
                stream.close()

    def _arrived(self, message: str | bytes | None) -> None:
        # Before it is open there is nobody to tell, and after `close` nobody asks any more.
        if self._connection is not None:
            self._on_message(self, message)


def _close_unwanted(opening: asyncio.Future[WebSocketClientConnection]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()


def _swallow(future: Any) -> None:
    if not future.cancelled():
        future.exception()


async def dial_hub(hub: HubFile, on_message: Callable[[Socket, str | bytes | None], None]) -> tuple[Socket, str | None]:
    """A socket to the hub of a file, and the token that it wants."""
    token = None
    if hub.socket_path is None and hub.token_file:
        try:
            token = Path(hub.token_file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise errors.Unauthenticated(
                f"The token of the hub cannot be read ({error}): only who started it may."
            ) from error
    return await Socket.open(hub.url, on_message, path=hub.socket_path), token
