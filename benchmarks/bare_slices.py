"""Slices over a WebSocket with nothing behind it: what 95 MB cost before anything is done with them.

``python benchmarks/bare_slices.py SOCKET`` is the server: it answers a binary frame with a word, and a number of bytes
with so many bytes. `up` and `down` are its client.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable

import tornado.httpserver
import tornado.netutil
import tornado.web
import tornado.websocket

from collabchat.connection.dial import Socket

LARGEST = 4_000_000


class Door(tornado.websocket.WebSocketHandler):
    def on_message(self, message: str | bytes) -> None:
        if isinstance(message, bytes):
            self.write_message("there")
        else:
            self.write_message(bytes(int(message)), binary=True)


async def serve(path: str) -> None:
    application = tornado.web.Application([("/ws", Door)], websocket_max_message_size=LARGEST)
    tornado.httpserver.HTTPServer(application).add_socket(tornado.netutil.bind_unix_socket(path))
    await asyncio.Event().wait()


def up(path: str, content: bytes, size: int, window: int) -> float:
    """Seconds that it takes to send the content in slices of a size."""
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    return asyncio.run(_run(path, len(pieces), window, lambda socket, n: socket.write(pieces[n], binary=True)))


def down(path: str, length: int, size: int, window: int) -> float:
    """Seconds that it takes to fetch so many bytes in slices of a size."""
    sizes = [min(size, length - at) for at in range(0, length, size)]
    return asyncio.run(_run(path, len(sizes), window, lambda socket, n: socket.write(str(sizes[n]))))


async def _run(path: str, count: int, window: int, ask: Callable[[Socket, int], None]) -> float:
    answers: asyncio.Queue[object] = asyncio.Queue()
    socket = await Socket.open("ws://localhost/ws", lambda _socket, frame: answers.put_nowait(frame), path=path)
    start = time.perf_counter()
    for number in range(count + window):
        if number < count:
            ask(socket, number)
        if number >= window and await answers.get() is None:
            raise SystemExit("the bare server went away")
    took = time.perf_counter() - start
    socket.close()
    return took


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
