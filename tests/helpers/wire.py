"""A WebSocket by hand, of Python's own modules alone: for what no real client does, and for other users of the machine.

``python3 wire.py ADDRESS`` sends the requests that stand on stdin as a JSON list, and prints the replies as another
one; or ``{"refused": REASON}`` where it does not come in. ADDRESS is that of ``hub.json``.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import struct
import sys
import uuid
from typing import Any

WITHIN = 20.0


class TurnedAwayError(Exception):
    """The hub did not open the WebSocket."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class Wire:
    """One connection."""

    def __init__(self, address: str, **headers: str) -> None:
        self.socket = plug(address)
        self._rest = b""
        key = base64.b64encode(os.urandom(16)).decode()
        lines = ["GET /ws HTTP/1.1", "Host: hub", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        status = self._head().splitlines()[0]
        if " 101 " not in status:
            self.close()
            raise TurnedAwayError(status)

    def _head(self) -> str:
        while b"\r\n\r\n" not in self._rest:
            got = self.socket.recv(65_536)
            if not got:
                self.close()
                raise TurnedAwayError("the connection ended")
            self._rest += got
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        return head.decode("latin-1")

    def _take(self, count: int) -> bytes:
        while len(self._rest) < count:
            got = self.socket.recv(65_536)
            if not got:
                raise EOFError
            self._rest += got
        taken, self._rest = self._rest[:count], self._rest[count:]
        return taken

    def send(self, payload: bytes, opcode: int = 1) -> None:
        """One frame, masked as a client's must be (with zeros, which change nothing)."""
        size = len(payload)
        if size < 126:
            head = bytes([0x80 | opcode, 0x80 | size])
        elif size < 65_536:
            head = bytes([0x80 | opcode, 0x80 | 126]) + struct.pack(">H", size)
        else:
            head = bytes([0x80 | opcode, 0x80 | 127]) + struct.pack(">Q", size)
        self.socket.sendall(head + bytes(4) + payload)

    def read(self) -> bytes | None:
        """The next frame of text or bytes; None where the hub ended the connection."""
        try:
            while True:
                first, size = self._take(2)
                if size == 126:
                    [size] = struct.unpack(">H", self._take(2))
                elif size == 127:
                    [size] = struct.unpack(">Q", self._take(8))
                payload = self._take(size)
                opcode = first & 0x0F
                if opcode == 8:
                    return None
                if opcode == 9:
                    self.send(payload, 10)
                elif opcode != 10:
                    return payload
        except (EOFError, ConnectionError):
            return None

    def ask(self, type: str, **fields: Any) -> dict[str, Any]:
        """The reply to a request, whatever it is."""
        req = fields.setdefault("req", str(uuid.uuid4()))
        self.send(json.dumps({"type": type, **fields}).encode())
        while True:
            frame = self.read()
            if frame is None:
                raise ConnectionError("the hub ended the connection")
            got = json.loads(frame)
            for one in got if isinstance(got, list) else [got]:
                if one.get("req") == req and "actor" not in one:
                    found: dict[str, Any] = one
                    return found

    def hello(self, user: str | None = None, **more: Any) -> dict[str, Any]:
        return self.ask("hello", version=1, oldest=1, user=user, **more)

    def close(self) -> None:
        self.socket.close()

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def plug(address: str) -> socket.socket:
    """A connection on which nothing was said."""
    kind, _, where = address.partition(":")
    if kind == "unix":
        made = socket.socket(socket.AF_UNIX)
        made.settimeout(WITHIN)
        try:
            made.connect(where)
        except BaseException:
            made.close()
            raise
        return made
    host, _, port = where.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=WITHIN)


def main() -> None:
    requests = json.load(sys.stdin)
    try:
        with Wire(sys.argv[1]) as wire:
            print(json.dumps([wire.ask(**request) for request in requests]))
    except (OSError, TurnedAwayError) as error:
        print(json.dumps({"refused": f"{type(error).__name__}: {error}"}))


if __name__ == "__main__":
    main()
