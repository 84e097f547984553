"""Uploads to a hub of its own process: killed in the middle, with a full disk, and how much memory they take."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from disks import fill, small_disk
from house import Person, RefusedError, house, run
from hubs import info, until
from sending import begin, put, rest, send, whole
from wire import Wire

from collabchat import protocol as p
from collabchat.store import doctor

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no Unix sockets, no signals")

Process = subprocess.Popen[bytes]
MEGABYTE = 1024 * 1024
SIZE = 95_000_000
SLICE = 512 * 1024
WINDOW = 8


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Process]]:
    """Starts a hub of ``team``; whatever still runs at the end is killed."""
    made: list[Process] = []
    folder = tmp_path / "team"

    def start() -> Process:
        process = subprocess.Popen([sys.executable, "-m", "collabchat", "hub", str(folder)], stdin=subprocess.DEVNULL)
        made.append(process)
        until(lambda: process.poll() is not None or info(folder).get("pid") == process.pid)
        assert process.poll() is None
        return process

    yield start
    for process in made:
        process.kill()
        process.wait()


def _slice(upload: str, offset: int, content: bytes) -> bytes:
    header = json.dumps({"type": "slice", "req": str(uuid.uuid4()), "upload": upload, "offset": offset}).encode()
    return b"".join((len(header).to_bytes(4, "big"), header, content))


def _stream(wire: Wire, upload: str, content: bytes, offset: int, upto: int | None = None) -> dict[str, Any]:
    """Send slices with a window; the last answer, or the newest one once ``upto`` bytes are there."""
    last: dict[str, Any] = {"offset": offset}
    sent, under_way = offset, 0
    while last["offset"] < len(content):
        while under_way < WINDOW and sent < len(content):
            wire.send(_slice(upload, sent, content[sent : sent + SLICE]), 2)
            sent, under_way = min(sent + SLICE, len(content)), under_way + 1
        frame = wire.read()
        if frame is None:
            return last
        for one in found if isinstance(found := json.loads(frame), list) else [found]:
            if one["type"] == "error":
                return one
            if one["type"] == "upload":
                last, under_way = one, under_way - 1
        if upto is not None and last["offset"] >= upto:
            return last
    return last


@pytest.mark.timeout(180)
def test_a_hub_that_is_killed_in_the_middle_goes_on_where_it_was(tmp_path: Path, start: Callable[[], Process]) -> None:
    content = random.Random(1).randbytes(SIZE)
    folder, upload = tmp_path / "team", str(uuid.uuid4())
    process = start()
    begun = {"upload": upload, "name": "big.bin", "size": SIZE}
    with Wire(info(folder)["address"]) as wire:
        wire.hello("ana")
        room = wire.ask("create_room", name="pipeline")["id"]
        assert wire.ask("start_upload", room=room, **begun)["offset"] == 0
        reached = _stream(wire, upload, content, 0, upto=SIZE // 2)["offset"]
        assert SIZE // 2 <= reached < SIZE
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    start()
    with Wire(info(folder)["address"]) as wire:
        wire.hello("ana")
        again = wire.ask("start_upload", room=room, **begun)
        assert again["offset"] >= reached
        done = _stream(wire, upload, content, again["offset"])
        assert done["file"]["sha256"] == hashlib.sha256(content).hexdigest()
        message = wire.ask("post", room=room, files=[upload])["id"]
        hashed, offset = hashlib.sha256(), 0
        while offset < SIZE:
            request = {"type": "get_slice", "req": str(uuid.uuid4()), "file": f"{message}-1", "offset": offset}
            wire.send(json.dumps(request).encode())
            frame = wire.read()
            while frame is not None and frame[:1] in b"{[":
                frame = wire.read()
            assert frame is not None
            part = frame[4 + int.from_bytes(frame[:4], "big") :]
            hashed.update(part)
            offset += len(part)
        assert hashed.hexdigest() == hashlib.sha256(content).hexdigest()


@pytest.mark.timeout(120)
def test_many_big_uploads_at_once_take_little_memory(tmp_path: Path, start: Callable[[], Process]) -> None:
    """As ``benchmarks/bench_upload_memory.py`` in small: 8 members with 24 MB each."""
    size, count = 24_000_000, 8
    content = random.Random(2).randbytes(size)
    folder = tmp_path / "team"
    process = start()
    with Wire(info(folder)["address"]) as wire:
        wire.hello("owner")
        room = wire.ask("create_room", name="pipeline")["id"]

        def one(number: int) -> None:
            with Wire(info(folder)["address"]) as mine:
                mine.hello(f"user{number}")
                mine.ask("join", room=room)
                upload = str(uuid.uuid4())
                mine.ask("start_upload", room=room, upload=upload, name=f"{number}.bin", size=size)
                done.append(_stream(mine, upload, content, 0))

        done: list[dict[str, Any]] = []
        upload = str(uuid.uuid4())
        wire.ask("start_upload", room=room, upload=upload, name="warm", size=SLICE)
        _stream(wire, upload, content[:SLICE], 0)
        before = psutil.Process(process.pid).memory_info().rss
        most = before
        threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            most = max(most, psutil.Process(process.pid).memory_info().rss)
            time.sleep(0.005)
        for thread in threads:
            thread.join()
    assert len(done) == count
    assert {one["file"]["sha256"] for one in done} == {hashlib.sha256(content).hexdigest()}
    assert most - before < 60 * MEGABYTE
    assert [one.stat().st_size for one in (folder / "files").glob("??/*") if one.stat().st_size > SLICE] == [size]


def test_a_full_disk_keeps_what_was_sent(tmp_path: Path) -> None:
    content = random.Random(3).randbytes(6 * MEGABYTE)

    async def main(disk: Path) -> None:
        async with house(disk / "team") as home:
            (ana,), room = await home.room("ana")
            begun = await begin(ana, room, "a.bin", len(content))
            half = await put(ana, begun.upload, 0, content[:MEGABYTE])
            half = await put(ana, begun.upload, half.offset, content[half.offset : 2 * MEGABYTE])
            filler = fill(disk, leave=17 * MEGABYTE)
            with pytest.raises(RefusedError) as refused:
                await rest(ana, half, content)
            assert refused.value.code == "disk_full"
            assert "What was sent before is kept" in refused.value.message
            assert str(disk) not in refused.value.message
            with pytest.raises(RefusedError, match="no room for this file"):
                await begin(ana, room, "b.bin", 5 * MEGABYTE)
            with pytest.raises(RefusedError, match="no room for this file"):
                await begin(ana, room, "a.bin", len(content), upload=begun.upload)
            filler.unlink()
            again = await begin(ana, room, "a.bin", len(content), upload=begun.upload)
            assert again.offset >= 2 * MEGABYTE
            done = await rest(ana, again, content)
            # Nor is a file lost whose message the disk refuses.
            filler = fill(disk, leave=8 * MEGABYTE)
            command = p.Post(req=p.new_req(), room=room, files=[done.upload])
            assert (await ana.ask(command, refused=True)).code == "disk_full"
            filler.unlink()
            message = await _at_last(ana, command)
            assert await whole(ana, f"{message}-1") == content

    async def _at_last(ana: Person, command: p.Post) -> p.Id:
        while True:
            ana.heard.clear()
            reply = await ana.ask(command, refused=True)
            if isinstance(reply, p.Ack):
                return reply.id or ""
            assert reply.code in ("disk_full", "unavailable")

    with small_disk(tmp_path / "disk", "64m") as disk:
        run(main(disk))
        assert doctor.check(disk / "team").findings == []


def test_a_disk_that_fails_in_the_middle_of_a_slice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What of it was written is taken back, and the sum of what is there stays right."""
    from collabchat.store import uploads

    content = random.Random(4).randbytes(3_000)

    def half(descriptor: int, given: bytes) -> None:
        os.write(descriptor, bytes(given)[: len(given) // 2])
        raise OSError(28, "No space left on device")

    async def main() -> None:
        async with house(tmp_path) as home:
            (ana,), room = await home.room("ana")
            begun = await begin(ana, room, "a.bin", len(content))
            await put(ana, begun.upload, 0, content[:1_000])
            with monkeypatch.context() as patch:
                patch.setattr(uploads, "_write_all", half)
                with pytest.raises(RefusedError, match="disk_full"):
                    await put(ana, begun.upload, 1_000, content[1_000:2_000])
            done = await rest(ana, await begin(ana, room, "a.bin", len(content), upload=begun.upload), content)
            assert done.file is not None
            assert done.file.sha256 == hashlib.sha256(content).hexdigest()
            assert (await send(ana, room, content)).file is not None

    run(main())
