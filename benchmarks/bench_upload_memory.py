"""Twenty members each send 95 MB at once, then get them back at once: what that takes of memory, and how fast it is."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import time
from collections.abc import Coroutine
from typing import Any

from figure import figure, note
from hubs import hub, memory, scratch
from wire import Wire, ask, enter

from collabchat import protocol as p

SIZE = 95_000_000
SLICE = 1024 * 1024
WINDOW = 4
TARGET = 100.0
"""Megabytes."""
FAST = 150.0
"""Megabytes a second, of one member alone."""


class Member:
    """A connection that sends and gets files."""

    def __init__(self) -> None:
        self.news = asyncio.Event()
        self.heard: list[p.Upload | p.Error | tuple[p.FileSlice, memoryview]] = []
        self.wire: Wire

    async def enter(self, path: str, handle: str) -> Member:
        self.wire = await enter(path, handle)
        self.wire.on_message = self._hear
        return self

    def _hear(self, payload: bytes) -> None:
        if payload[:1] == b"\0":
            header, content = p.decode_binary(payload)
            assert isinstance(header, p.FileSlice)
            self.heard.append((header, content))
        else:
            self.heard += [one for one in p.decode_replies(payload) if isinstance(one, p.Upload | p.Error)]
        self.news.set()

    async def next(self) -> p.Upload | p.Error | tuple[p.FileSlice, memoryview]:
        while not self.heard:
            self.news.clear()
            await self.news.wait()
        return self.heard.pop(0)

    async def send(self, room: str, content: bytes) -> p.Upload:
        """Send a file with a window of slices."""
        upload = p.new_req()
        start = p.StartUpload(req=p.new_req(), upload=upload, room=room, name="a.bin", size=len(content))
        self.wire.send(p.encode(start))
        told = await self.next()
        sent = under_way = 0
        while not isinstance(told, p.Upload) or told.file is None:
            assert isinstance(told, p.Upload), told
            while under_way < WINDOW and sent < len(content):
                header = p.Slice(req=p.new_req(), upload=upload, offset=sent)
                self.wire.send_binary(p.encode_binary(header, content[sent : sent + SLICE]))
                sent, under_way = sent + SLICE, under_way + 1
            told = await self.next()
            under_way -= 1
        return told

    async def get(self, file: str, size: int) -> str:
        """Get a file, again with a window; its SHA-256."""
        hashed, asked, got = hashlib.sha256(), 0, 0
        while got < size:
            while asked < size and asked - got < WINDOW * SLICE:
                self.wire.send(p.encode(p.GetSlice(req=p.new_req(), file=file, offset=asked, length=SLICE)))
                asked += SLICE
            told = await self.next()
            assert isinstance(told, tuple), told
            hashed.update(told[1])
            got += len(told[1])
        return hashed.hexdigest()


async def room_of(path: str, owner: str) -> tuple[Wire, str]:
    """A public room, and the connection of who made it."""
    wire = await enter(path, owner)
    made = await ask(wire, p.CreateRoom(req=p.new_req(), name="load"))
    assert isinstance(made, p.Ack)
    return wire, made.id or ""


async def join(path: str, room: str, handle: str) -> Member:
    wire = await enter(path, handle)
    await ask(wire, p.Join(req=p.new_req(), room=room))
    wire.close()
    return await Member().enter(path, handle)


async def highest(pid: int, until: asyncio.Event) -> int:
    """The most memory that the hub has until then."""
    most = memory(pid)
    while not until.is_set():
        most = max(most, memory(pid))
        await asyncio.sleep(0.01)
    return most


async def measured(pid: int, *work: Coroutine[Any, Any, Any]) -> tuple[float, float, list[Any]]:
    """Megabytes that the memory grows by, and seconds, while all of this is done."""
    before, over, start = memory(pid), asyncio.Event(), time.perf_counter()
    watching = asyncio.ensure_future(highest(pid, over))
    results = await asyncio.gather(*work)
    seconds = time.perf_counter() - start
    over.set()
    return (await watching - before) / 1e6, seconds, list(results)


async def run(path: str, pid: int, members: int, size: int) -> None:
    owner, room = await room_of(path, "owner")
    people = [await join(path, room, f"user{number}") for number in range(members)]
    contents = [os.urandom(size)] * members
    # Once in small: what is loaded at the first file is not counted.
    await people[0].send(room, contents[0][:100_000])
    _, alone, [sent] = await measured(pid, people[0].send(room, contents[0]))
    message = await post(path, room, "user0", sent)
    _, back, [sha] = await measured(pid, people[0].get(f"{message}-1", size))
    assert sha == hashlib.sha256(contents[0]).hexdigest()
    for what, seconds in (("upload", alone), ("download", back)):
        rate = size / 1e6 / seconds
        figure(
            f"{what} of {size / 1e6:g} MB by one member", rate, "MB/s", target=f"{FAST:g} MB/s", reached=rate >= FAST
        )
    note(f"{members} members at once")
    together = [one.send(room, content) for one, content in zip(people, contents, strict=True)]
    into, seconds, _ = await measured(pid, *together)
    out, back, _ = await measured(pid, *(one.get(f"{message}-1", size) for one in people))
    for what, grown, took in (("upload", into, seconds), ("download", out, back)):
        figure(
            f"memory that {members} members take who each {what} {size / 1e6:g} MB at once",
            grown,
            "MB",
            target=f"{TARGET:g} MB",
            reached=grown <= TARGET,
            rate=round(members * size / 1e6 / took, 1),
        )
    owner.close()


async def post(path: str, room: str, handle: str, sent: p.Upload) -> str:
    """A message with a file."""
    wire = await enter(path, handle)
    done = await ask(wire, p.Post(req=p.new_req(), room=room, files=[sent.upload]))
    assert isinstance(done, p.Ack), done
    wire.close()
    return done.id or ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=20)
    parser.add_argument("--size", type=int, default=SIZE)
    options = parser.parse_args()
    with scratch() as folder, hub(folder) as running:
        asyncio.run(run(running.socket, running.pid, options.members, options.size))


if __name__ == "__main__":
    main()
