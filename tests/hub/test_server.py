"""The hub's doors: who may open them, and what a stranger can do there."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import stat
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from house import run
from tornado.httpclient import HTTPRequest
from tornado.netutil import Resolver
from tornado.simple_httpclient import HTTPStreamClosedError
from tornado.websocket import WebSocketClientConnection, WebSocketError, websocket_connect

import collabchat
from collabchat import errors
from collabchat import protocol as p
from collabchat.hub import reading
from collabchat.hub import server as servers
from collabchat.hub.hello import speaks_for
from collabchat.hub.hub import Hub
from collabchat.hub.server import Server, socket_mode, socket_path
from collabchat.hub.session import Peer, Session

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no Unix sockets")


class Fixed(Resolver):
    """Every name is this socket."""

    def initialize(self, path: str) -> None:
        self.path = path

    async def resolve(self, host: str, port: int, family: int = 0) -> list[Any]:
        return [(socket.AF_UNIX, self.path)]


_opened: list[WebSocketClientConnection] = []
"""Closed with the door."""


@contextlib.asynccontextmanager
async def door(folder: Path, *, tcp: bool = False) -> AsyncIterator[Server]:
    folder.mkdir(mode=0o700, exist_ok=True, parents=True)
    hub = Hub(folder)
    server = Server(hub, folder)
    if tcp:
        server.listen_tcp()
    else:
        server.listen_unix()
    try:
        yield server
    finally:
        while _opened:
            _opened.pop().close()
        await server.close()
        hub.close()


async def knock(server: Server, **headers: str) -> WebSocketClientConnection:
    if server.address.startswith("unix:"):
        request = HTTPRequest("ws://hub/ws", headers=headers)
        opened = await websocket_connect(request, resolver=Fixed(server.address.removeprefix("unix:")))
    else:
        request = HTTPRequest(f"ws://{server.address.removeprefix('tcp:')}/ws", headers=headers)
        opened = await websocket_connect(request)
    _opened.append(opened)
    return opened


async def ask(connection: WebSocketClientConnection, request: p.Request) -> Any:
    await connection.write_message(p.encode(request).decode())
    while True:
        frame = await asyncio.wait_for(connection.read_message(), 20)
        assert frame is not None, "the hub closed the connection"
        for reply in p.decode_replies(frame):
            if getattr(reply, "req", None) == request.req and not isinstance(reply, p.Event):
                return reply


def hello(user: str | None = "ana", token: str | None = None) -> p.Hello:
    return p.Hello(req=p.new_req(), version=p.VERSION, oldest=p.OLDEST, user=user, token=token)


def inside(main: Callable[[], Awaitable[None]]) -> None:
    run(main())


@pytest.mark.parametrize(("folder_mode", "expected"), [(0o700, 0o600), (0o755, 0o600), (0o770, 0o660), (0o2775, 0o660)])
def test_the_socket_is_for_the_owner_or_the_folders_group(tmp_path: Path, folder_mode: int, expected: int) -> None:
    async def main() -> None:
        folder = tmp_path / "team"
        folder.mkdir()
        folder.chmod(folder_mode)
        assert socket_mode(folder) == expected
        async with door(folder) as server:
            path = Path(server.address.removeprefix("unix:"))
            assert stat.S_IMODE(path.stat().st_mode) == expected
            assert path.stat().st_gid == folder.stat().st_gid

    inside(main)


def test_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 60) / ("y" * 60) / "team"
    folder.mkdir(parents=True)
    assert len(os.fsencode(socket_path(folder))) <= servers.LONGEST_SOCKET
    assert socket_path(folder) != socket_path(folder.with_name("other"))
    with collabchat.connect(folder, user="ana") as ana:
        ana.create_room("pipeline").post("hello")
        assert ana.messages()["text"].tolist() == ["hello"]
        with collabchat.connect(folder, user="bo") as bo:
            assert bo.members()["member"].tolist() == ["ana", "bo"]


def test_a_folder_for_short_sockets_that_is_somebody_elses_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "LONGEST_SOCKET", 1)
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    monkeypatch.setattr(servers.tempfile, "gettempdir", lambda: str(tmp_path))

    async def main() -> None:
        with pytest.raises(PermissionError, match="somebody else"):
            async with door(tmp_path / "team"):
                pass

    inside(main)


@pytest.mark.parametrize("tcp", [False, True])
def test_no_page_of_a_browser_comes_in(tmp_path: Path, tcp: bool) -> None:
    async def main() -> None:
        async with door(tmp_path / "team", tcp=tcp) as server:
            for origin in ("http://localhost:8888", "https://example.org", "null"):
                with pytest.raises((WebSocketError, Exception), match="403"):
                    await knock(server, Origin=origin)

    inside(main)


def test_over_tcp_the_token_proves_it(tmp_path: Path) -> None:
    async def main() -> None:
        async with door(tmp_path / "team", tcp=True) as server:
            assert server.token_file is not None
            assert stat.S_IMODE(server.token_file.stat().st_mode) == 0o600
            token = server.token_file.read_text()
            for wrong in (None, "", token[:-1], token + "x", "Wröng"):
                connection = await knock(server)
                reply = await ask(connection, hello(token=wrong))
                assert isinstance(reply, p.Error)
                assert reply.code == "unauthenticated"
                assert token not in reply.message
                for request in (p.Status(req=p.new_req(), token=wrong), p.Stop(req=p.new_req(), token=wrong)):
                    assert (await ask(connection, request)).code == "unauthenticated"
                connection.close()
            connection = await knock(server)
            assert (await ask(connection, p.Status(req=p.new_req(), token=token))).members == 0
            assert (await ask(connection, hello(token=token))).handle == "ana"
        assert not server.token_file.exists()

    inside(main)


def test_a_panel_may_not_look_after_the_hub(tmp_path: Path) -> None:
    """Its connection is of the hub's own user, but what it says comes from somebody's browser."""

    async def main() -> None:
        async with door(tmp_path / "team") as server:
            owner, member = await knock(server), await knock(server)
            await ask(owner, hello("ana"))
            await ask(member, hello("bo"))
            backup = p.Backup(req=p.new_req(), path=str(tmp_path / "copy"))
            assert (await ask(owner, backup)).code == "forbidden"
            assert (await ask(member, p.Stop(req=p.new_req()))).code == "forbidden"
            assert not (tmp_path / "copy").exists()
            keeper = await knock(server)
            assert (await ask(keeper, backup)).changed
            assert (tmp_path / "copy" / "chat.duckdb").exists()

    inside(main)


@pytest.mark.parametrize(
    ("peer", "said", "expected"),
    [
        (Peer(own=True, login="ana", uid=1000), None, "ana"),
        (Peer(own=True, login="ana", uid=1000), "bo", "bo"),
        (Peer(own=False, login="bo", uid=1001), None, "bo"),
        (Peer(own=False, login="bo", uid=1001), "BO", "bo"),
        (Peer(own=False, login="bo", uid=1001), "ana", errors.Unauthenticated),
        (Peer(own=False, login="DOMAIN\\bo lind", uid=1001), None, "DOMAIN-bo-lind"),
        (Peer(own=False, login="uid-1001", uid=1001), None, "uid-1001"),
        (Peer(own=True, login="---", uid=1000), None, errors.Invalid),
    ],
)
def test_who_a_connection_speaks_for(peer: Peer, said: str | None, expected: Any) -> None:
    async def nothing(_frame: bytes, _binary: bool) -> None:
        return None

    session = Session(peer, nothing, lambda: None, rate=1)
    if isinstance(expected, str):
        assert speaks_for(session, hello(said), None) == expected
    else:
        with pytest.raises(expected):
            speaks_for(session, hello(said), None)


def test_strangers_at_the_door_hurt_nobody(tmp_path: Path) -> None:
    async def main() -> None:
        async with door(tmp_path / "team") as server:
            ana = await knock(server)
            await ask(ana, hello())
            room = (await ask(ana, p.CreateRoom(req=p.new_req(), name="pipeline"))).id
            path = server.address.removeprefix("unix:")
            strangers = [await asyncio.open_unix_connection(path) for _ in range(50)]
            for number, (_, writer) in enumerate(strangers):
                if number % 3 == 0:
                    writer.write(os.urandom(5_000))
                elif number % 3 == 1:
                    writer.write(b"GET /ws HTTP/1.1\r\nHost: x\r\n" + b"X-Long: " + b"a" * 100_000)
                with contextlib.suppress(ConnectionError):
                    await writer.drain()
            big = await knock(server)
            with contextlib.suppress(Exception):
                await big.write_message("x" * (server.hub.limits.frame + 100_000))
                assert await asyncio.wait_for(big.read_message(), 20) is None
            over = await knock(server)
            await over.write_message("x" * (server.hub.limits.frame + 10))
            [reply] = p.decode_replies(await asyncio.wait_for(over.read_message(), 20))
            assert reply.code == "too_large"
            for number in range(20):
                assert (await ask(ana, p.Post(req=p.new_req(), room=room, text=str(number)))).changed
            for _, writer in strangers:
                writer.close()
            with pytest.raises((HTTPStreamClosedError, Exception), match=r"404|HTTP"):
                await websocket_connect("ws://hub/other", resolver=Fixed(path))

    inside(main)


def test_a_long_backup_does_not_keep_its_connection_from_being_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = threading.Event()

    def slow_copy(_cursor: Any, target: Path, _files: Path) -> Path:
        assert copied.wait(10)
        return target

    monkeypatch.setattr(reading.backup, "copy", slow_copy)

    async def main() -> None:
        async with door(tmp_path) as server:
            connection = await knock(server)
            backup = p.Backup(req=p.new_req(), path=str(tmp_path / "copy"))
            await connection.write_message(p.encode(backup).decode())
            assert isinstance(await ask(connection, p.Status(req=p.new_req())), p.HubStatus)
            copied.set()
            reply = await asyncio.wait_for(connection.read_message(), 20)
            assert reply is not None
            assert p.decode_replies(reply)[0].req == backup.req

    run(main())
