"""Frames that no client of ours would send: an error for each, no crash, no growth, and the others go on talking."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import random
import socket
import sys
from pathlib import Path
from typing import Any

import pytest
from house import House, Person, house, run
from tornado.netutil import Resolver
from tornado.websocket import WebSocketClientConnection, websocket_connect

from collabchat import protocol as p
from collabchat.hub.hub import Hub
from collabchat.hub.server import Server

FRAMES = int(os.environ.get("COLLABCHAT_FUZZ", "100000"))
LIMITS = p.Limits(rate=100_000_000)


def _valid(draw: random.Random, room: str, message: str) -> dict[str, Any]:
    req = p.new_req()
    return draw.choice(
        [
            {"type": "post", "req": req, "room": room, "text": "hello"},
            {"type": "edit", "req": req, "id": message, "text": "other"},
            {"type": "history", "req": req, "room": room, "limit": 5},
            {"type": "create_room", "req": req, "name": "new", "kind": "public", "members": []},
            {"type": "react", "req": req, "id": message, "emoji": "👍"},
            {"type": "mark_read", "req": req, "room": room, "upto": message},
            {"type": "sync", "req": req, "since": 0},
            {"type": "frame", "req": req, "name": "messages", "since": 0},
            {"type": "set_role", "req": req, "member": "1", "role": "guest"},
            {"type": "hello", "req": req, "version": 1, "oldest": 1, "user": "eve"},
        ]
    )


ODD: list[Any] = [
    *(None, True, False, 0, -1, 1e308, 10**30, "", "\x00", "\ud800", "x" * 5_000, "9" * 30, "-1", "١٢"),
    *([], {}, [[]], {"type": "post"}, [None] * 100),
]


def _broken(draw: random.Random, room: str, message: str) -> str | bytes:
    """A frame that cannot be a request."""
    way = draw.randrange(9)
    if way == 0:
        return draw.randbytes(draw.randrange(0, 60))
    if way == 1:
        return "".join(chr(draw.choice([draw.randrange(32, 127), draw.randrange(0x110000)])) for _ in range(20))
    made = _valid(draw, room, message)
    if way == 2:
        text = json.dumps(made)
        return text[: draw.randrange(len(text))]
    if way == 3:  # a wrong value where there is only one right kind of value
        made[draw.choice(["req", "type"])] = draw.choice(ODD)
        return json.dumps(made)
    if way == 4:
        del made[draw.choice(["req", "type"])]
        return json.dumps(made)
    if way == 5:
        made["type"] = draw.choice(["posted", "ack", "event", "welcome", "POST", "post ", "__class__"])
        return json.dumps(made)
    if way == 6:
        depth = draw.randrange(100, 5_000)
        return draw.choice(["[" * depth, '{"a":' * depth, "[" * depth + "]" * depth])
    if way == 7:
        return json.dumps(draw.choice(ODD))
    text = bytearray(json.dumps(made).encode())
    text[draw.randrange(len(text))] = draw.choice(b'\x00\xff\x80"{}[]')
    text.insert(0, draw.choice(b"\x00\xff}]:,"))
    return bytes(text)


async def _answers(person: Person, frame: str | bytes) -> list[Any]:
    person.heard.clear()
    await person.say(frame)
    await person.session.drained()
    return [one for one in person.heard if not isinstance(one, p.Event | p.Presence | p.RoomChanged)]


async def _home(home: House) -> tuple[Person, Person, str, str]:
    ana, eve = await home.person("ana"), await home.person("eve")
    room = (await ana.do(p.CreateRoom, name="pipeline", members=[eve.me])).id or ""
    message = (await ana.do(p.Post, room=room, text="hello")).id or ""
    return ana, eve, room, message


@pytest.mark.timeout(300)
def test_broken_frames_are_answered_with_an_error_each(tmp_path: Path) -> None:
    draw = random.Random(20_261_124)

    async def main() -> None:
        async with house(tmp_path, limits=LIMITS) as home:
            ana, eve, room, message = await _home(home)
            stranger = Person(home.hub)
            seq, objects = home.hub.workspace.directory.seq, 0
            for number in range(FRAMES):
                person = stranger if number % 3 == 0 else eve
                frame = _broken(draw, room, message)
                got = await _answers(person, frame)
                if frame not in ("[]", b"[]"):
                    assert got, frame
                assert all(isinstance(one, p.Error) for one in got), (frame, got)
                person.raw.clear()
                if number == FRAMES // 10:
                    gc.collect()
                    objects = len(gc.get_objects())
            assert home.hub.workspace.directory.seq == seq
            gc.collect()
            assert len(gc.get_objects()) < objects * 1.1 + 1_000
            assert (await ana.do(p.Post, room=room, text="still here")).changed

    run(main())


def test_wrong_values_in_right_frames_never_stop_the_hub(tmp_path: Path) -> None:
    """Some of these are fine requests after all; each is answered, and nothing is an internal error."""
    draw = random.Random(4)

    async def main() -> None:
        async with house(tmp_path, limits=LIMITS) as home:
            ana, eve, room, message = await _home(home)
            for _ in range(max(500, FRAMES // 20)):
                made = _valid(draw, room, message)
                for _ in range(draw.randrange(1, 3)):
                    made[draw.choice([*made, "thread", "around", "before", "limit", "token", "again"])] = draw.choice(
                        ODD
                    )
                eve.heard.clear()
                await eve.say(json.dumps(made))
                await eve.say(json.dumps({"type": "ping", "req": (ping := p.new_req())}))
                await eve.until(lambda ping=ping: any(getattr(one, "req", None) == ping for one in eve.heard))
                bad = [one for one in eve.heard if isinstance(one, p.Error) and one.code == "internal"]
                assert bad == [], made
            assert (await ana.do(p.Post, room=room, text="still here")).changed

    run(main())


class _Fixed(Resolver):
    """Every name is this socket."""

    def initialize(self, path: str) -> None:
        self.path = path

    async def resolve(self, host: str, port: int, family: int = 0) -> list[Any]:
        return [(socket.AF_UNIX, self.path)]


async def _heard(connection: WebSocketClientConnection, req: str) -> list[Any]:
    """What the hub says until it answers this request."""
    found: list[Any] = []
    while not any(getattr(one, "req", None) == req for one in found):
        frame = await asyncio.wait_for(connection.read_message(), 20)
        assert isinstance(frame, str), "the hub closed the connection"
        found += p.decode_replies(frame)
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="no Unix sockets")
def test_broken_frames_over_a_socket_while_others_talk(tmp_path: Path) -> None:
    draw = random.Random(8)
    frames = max(200, FRAMES // 30)

    async def knock(server: Server, user: str) -> WebSocketClientConnection:
        path = server.address.removeprefix("unix:")
        connection = await websocket_connect("ws://hub/ws", resolver=_Fixed(path))
        hello = p.Hello(req=p.new_req(), version=p.VERSION, oldest=p.OLDEST, user=user)
        await connection.write_message(p.encode(hello).decode())
        await _heard(connection, hello.req)
        return connection

    async def ask(connection: WebSocketClientConnection, request: p.Request) -> Any:
        await connection.write_message(p.encode(request).decode())
        return (await _heard(connection, request.req))[-1]

    async def main() -> None:
        hub = Hub(tmp_path, limits=LIMITS)
        server = Server(hub, tmp_path)
        server.listen_unix()
        try:
            ana, eve = await knock(server, "ana"), await knock(server, "eve")
            room = (await ask(ana, p.CreateRoom(req=p.new_req(), name="pipeline"))).id
            message = (await ask(ana, p.Post(req=p.new_req(), room=room, text="hello"))).id
            for number in range(frames):
                frame = _broken(draw, room, message)
                raw = frame if isinstance(frame, bytes) else frame.encode("utf-8", "surrogatepass")
                await eve.write_message(raw, binary=True)
                ping = p.Ping(req=p.new_req())
                await eve.write_message(p.encode(ping).decode())
                *errors, pong = await _heard(eve, ping.req)
                assert isinstance(pong, p.Ack)
                assert errors or raw == b"[]", raw
                assert all(isinstance(one, p.Error) for one in errors), (raw, errors)
                if number % 100 == 0:
                    assert (await ask(ana, p.Post(req=p.new_req(), room=room, text=str(number)))).changed
            page = await ask(ana, p.History(req=p.new_req(), room=room, limit=200))
            assert [m.text for m in page.messages] == ["hello", *map(str, range(0, frames, 100))]
            ana.close()
            eve.close()
        finally:
            await server.close()
            hub.close()

    run(main())
