"""A hub in this process, and people who speak the protocol with it: no sockets, everything else real."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from collabchat import protocol as p
from collabchat.hub.hub import Hub
from collabchat.hub.session import Peer

OWN = Peer(own=True, login="ana", uid=0)
NOON = 1_700_000_000_000_000
MINUTE = 60_000_000


class Clock:
    """The time of a hub, which stands still until it is moved."""

    def __init__(self, now: p.Micros = NOON) -> None:
        self.now = now

    def __call__(self) -> p.Micros:
        return self.now


class RefusedError(AssertionError):
    """The hub answered with an error."""

    def __init__(self, error: p.Error) -> None:
        super().__init__(f"{error.code}: {error.message}")
        self.code = error.code
        self.message = error.message


class Person:
    """One connection, and all that it was told."""

    def __init__(self, hub: Hub, peer: Peer = OWN) -> None:
        self.hub = hub
        self.heard: list[Any] = []
        self.raw: list[bytes] = []
        self.slow: asyncio.Event | None = None
        self._news = asyncio.Event()
        self.session = hub.connect(peer, self._send, lambda: None)
        self.me = ""

    async def _send(self, frame: bytes, binary: bool) -> None:
        if self.slow is not None:
            await self.slow.wait()
        self.raw.append(frame)
        if binary:
            self.heard.append(p.decode_binary(frame))
        else:
            self.heard += p.decode_replies(frame)
        self._news.set()

    async def until(self, found: Callable[[], Any], within: float = 20.0) -> Any:
        """What ``found`` gives, once it gives something."""
        async with asyncio.timeout(within):
            while not (got := found()):
                self._news.clear()
                await self._news.wait()
        return got

    async def say(self, frame: str | bytes) -> None:
        await self.hub.receive(self.session, frame)

    async def ask(self, request: p.Request, *, refused: bool = False) -> Any:
        """The reply; an error raises `RefusedError` unless it is wanted."""
        await self.say(p.encode(request).decode())

        def answered() -> Any:
            return next((one for one in self.heard if not isinstance(one, tuple) and _answers(one, request)), None)

        reply = await self.until(answered)
        if isinstance(reply, p.Error) and not refused:
            raise RefusedError(reply)
        return reply

    async def hello(self, handle: str, **more: Any) -> Person:
        said = p.Hello(req=p.new_req(), version=p.VERSION, oldest=p.OLDEST, user=handle, **more)
        self.me = (await self.ask(said)).me
        return self

    async def sync(self, since: int | None = None) -> p.Snapshot:
        found: p.Snapshot = await self.ask(p.Sync(req=p.new_req(), since=since))
        return found

    async def do(self, kind: type[p.Command], /, **fields: Any) -> p.Ack:
        found: p.Ack = await self.ask(kind(req=p.new_req(), **fields))
        return found

    async def code(self, kind: type[p.Command], /, **fields: Any) -> str:
        """``ok``, or the code of the refusal."""
        reply = await self.ask(kind(req=p.new_req(), **fields), refused=True)
        return reply.code if isinstance(reply, p.Error) else "ok"

    async def history(self, room: p.Id, **more: Any) -> p.Page:
        found: p.Page = await self.ask(p.History(req=p.new_req(), room=room, **more))
        return found

    async def table(self, name: str, **more: Any) -> list[dict[str, Any]]:
        """The rows of a frame."""
        request = p.Frame(req=p.new_req(), name=name, **more)  # type: ignore[arg-type]
        await self.say(p.encode(request).decode())

        def parts() -> list[tuple[p.Table, memoryview]]:
            found = [one for one in self.heard if isinstance(one, tuple) and one[0].req == request.req]
            return found if found and not found[-1][0].more else []

        return [row for _, part in await self.until(parts) for row in pa.ipc.open_stream(part).read_all().to_pylist()]

    def last(self, kind: type) -> Any:
        """What the newest event of this kind says."""
        return next(event.data for event in reversed(self.events) if isinstance(event.data, kind))

    @property
    def events(self) -> list[p.Event]:
        return [one for one in self.heard if isinstance(one, p.Event)]

    async def upto(self, seq: int) -> list[p.Event]:
        """The events that were heard, once this one (or a later one) is among them."""
        await self.until(lambda: self.events and self.events[-1].seq >= seq)
        return self.events

    def leave(self) -> None:
        self.hub.disconnect(self.session)


def _answers(one: Any, request: p.Request) -> bool:
    return getattr(one, "req", None) == request.req and not isinstance(one, p.Event)


class House:
    """A hub, and a door for people."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def person(self, handle: str, *, peer: Peer = OWN, sync: bool = True, **more: Any) -> Person:
        person = await Person(self.hub, peer).hello(handle, **more)
        if sync:
            await person.sync()
        return person

    async def room(self, *handles: str, **more: Any) -> tuple[list[Person], p.Id]:
        """People, and a room that the first of them made for all."""
        people = [await self.person(handle) for handle in handles]
        fields = {"name": "pipeline", "members": [one.me for one in people[1:]]} | more
        return people, (await people[0].do(p.CreateRoom, **fields)).id or ""

    async def wait(self, micros: int) -> None:
        """Let the hub's `Clock` go on, and what is due then happen."""
        clock = self.hub.clock
        assert isinstance(clock, Clock)
        clock.now += micros
        self.hub.due.look()
        await asyncio.sleep(0.001)  # what is due comes in the next turn of the loop
        await self.hub.durable(self.hub.workspace.directory.seq)


@asynccontextmanager
async def house(folder: Path, **options: Any) -> AsyncIterator[House]:
    """A hub of a folder, closed at the end."""
    hub = Hub(folder, **options)
    try:
        yield House(hub)
    finally:
        hub.close()
        await asyncio.sleep(0)


def run(main: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(main)
