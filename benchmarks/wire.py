"""A WebSocket client as thin as can be, so that a load generator costs little beside the hub that it measures."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Callable
from typing import Any

from collabchat import protocol as p

_TEXT, _BINARY, _CLOSE, _PING = 1, 2, 8, 9


class Wire(asyncio.Protocol):
    """One connection to the Unix socket of a hub.

    ``on_message`` gets the payload of each text or binary frame. Get one with `connect`.
    """

    def __init__(self, on_message: Callable[[bytes], None] | None = None) -> None:
        self.on_message: Callable[[bytes], None] = on_message or (lambda _payload: None)
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._parts: list[bytes] = []
        self._upgraded = False

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            (
                "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
            ).encode()
        )

    def connection_lost(self, error: Exception | None) -> None:
        for future in (self.opened, self.closed):
            if not future.done():
                future.set_exception(error or ConnectionError("the hub closed the connection"))
                future.exception()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._upgraded:
            head, found, rest = bytes(self._buffer).partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head.split(b"\r\n", 1)[0]:
                self.opened.set_exception(ConnectionError(head.decode("latin-1")))
                return
            self._buffer = bytearray(rest)
            self._upgraded = True
            self.opened.set_result(None)
        self._frames()

    def _frames(self) -> None:
        buffer, at = self._buffer, 0
        while len(buffer) - at >= 2:
            size, start = buffer[at + 1] & 127, at + 2
            if size == 126:
                size, start = int.from_bytes(buffer[at + 2 : at + 4], "big"), at + 4
            elif size == 127:
                size, start = int.from_bytes(buffer[at + 2 : at + 10], "big"), at + 10
            if len(buffer) < start + size:
                break
            self._frame(buffer[at], bytes(buffer[start : start + size]))
            at = start + size
        if at:
            del buffer[:at]

    def _frame(self, first: int, payload: bytes) -> None:
        kind = first & 15
        if kind == _PING:
            self._write(0x8A, payload)
        elif kind == _CLOSE:
            self.close()
        elif kind in (0, _TEXT, _BINARY):
            self._parts.append(payload)
            if first & 128:
                whole = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
                self._parts = []
                self.on_message(whole)

    def send(self, payload: bytes) -> None:
        """Send a text frame."""
        self._write(0x81, payload)

    def send_binary(self, payload: bytes) -> None:
        """Send a binary frame."""
        self._write(0x82, payload)

    def _write(self, first: int, payload: bytes) -> None:
        size = len(payload)
        if size < 126:
            head = bytes((first, 128 | size))
        elif size < 65536:
            head = bytes((first, 254)) + size.to_bytes(2, "big")
        else:
            head = bytes((first, 255)) + size.to_bytes(8, "big")
        assert self._transport is not None
        # A mask of zeros: allowed, and the payload stays as it is.
        self._transport.write(head + b"\0\0\0\0" + payload)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


async def connect(path: str, on_message: Callable[[bytes], None] | None = None) -> Wire:
    """A connection to the socket at ``path``, opened but silent."""
    _, wire = await asyncio.get_running_loop().create_unix_connection(lambda: Wire(on_message), path)
    await wire.opened
    return wire


async def ask(wire: Wire, request: p.Request) -> Any:
    """Send a request and wait for its reply (of text)."""
    reply: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    before = wire.on_message
    key = request.req.encode()

    def look(payload: bytes) -> None:
        if key in payload:
            for found in p.decode_replies(payload):
                if getattr(found, "req", None) == request.req and not reply.done():
                    reply.set_result(found)

    wire.on_message = look
    wire.send(p.encode(request))
    try:
        return await asyncio.wait_for(reply, 60)
    finally:
        wire.on_message = before


async def enter(path: str, user: str) -> Wire:
    """A connection that has said hello."""
    wire = await connect(path)
    said = await ask(wire, p.Hello(req=p.new_req(), version=p.VERSION, oldest=p.OLDEST, user=user))
    if not isinstance(said, p.Welcome):
        raise RuntimeError(said.message)
    return wire
