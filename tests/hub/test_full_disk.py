"""A full disk: a clear error, reads go on, and when there is room again so do posts. On a small tmpfs of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from house import House, Person, house, run

from collabchat import protocol as p
from collabchat.store import doctor
from collabchat.store import log as logs

MEGABYTE = 1024 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """48 MB of disk."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("a disk of its own takes Linux and root")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip(f"no tmpfs can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def _fill(disk: Path, leave: int) -> Path:
    filler = disk / "filler"
    status = os.statvfs(disk)
    with filler.open("wb") as file:
        file.write(b"\0" * max(0, status.f_bavail * status.f_frsize - leave))
    return filler


async def _two(home: House) -> tuple[Person, Person, p.Id]:
    ana, bo = await home.person("ana"), await home.person("bo")
    room = (await ana.do(p.CreateRoom, name="pipeline", members=[bo.me])).id or ""
    return ana, bo, room


async def _goes_on(home: House, ana: Person, room: p.Id) -> p.Ack:
    """The first post that is taken again, once there is room."""
    while True:
        reply = await ana.ask(p.Post(req=p.new_req(), room=room, text="after"), refused=True)
        if isinstance(reply, p.Ack):
            return reply
        assert reply.code in ("disk_full", "unavailable")


def _texts(page: p.Page) -> list[str | None]:
    return [message.text for message in page.messages]


def test_before_the_disk_is_full_nothing_more_is_taken(small_disk: Path) -> None:
    folder = small_disk / "team"

    async def main() -> None:
        async with house(folder) as home:
            ana, bo, room = await _two(home)
            await ana.do(p.Post, room=room, text="before")
            filler = _fill(small_disk, leave=8 * MEGABYTE)
            refused = p.Post(req=p.new_req(), room=room, text="refused")
            reply = await ana.ask(refused, refused=True)
            assert reply.code == "disk_full"
            assert "make room" in reply.message
            # Reading goes on, for those who are here and for those who come.
            assert _texts(await bo.history(room)) == ["before"]
            assert (await bo.sync()).rooms[0].n_messages == 1
            assert (await (await Person(home.hub).hello("bo")).sync()).rooms[0].unread == 1
            filler.unlink()
            after = await _goes_on(home, ana, room)
            await bo.upto(after.seq)
            assert _texts(await bo.history(room)) == ["before", "after"]
            # What was refused was not done: saying it again does it now, once.
            ana.heard.clear()
            assert (await ana.ask(refused)).changed
            assert _texts(await bo.history(room)) == ["before", "after", "refused"]
            assert [event.seq for event in bo.events] == sorted({event.seq for event in bo.events})

    run(main())
    assert doctor.check(folder).findings == []


# With 1 MB the write-ahead log finds no more room; with 18 the checkpoint after a commit that is in it already.
@pytest.mark.timeout(180)
@pytest.mark.parametrize("leave", [1, 18])
def test_when_duckdb_itself_meets_the_end_of_the_disk(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch, leave: int
) -> None:
    monkeypatch.setattr(logs, "RESERVE", 0)
    folder = small_disk / "team"
    answered: list[str | None] = []

    async def main() -> None:
        async with house(folder, limits=p.Limits(rate=1_000_000)) as home:
            ana, bo, room = await _two(home)
            await ana.do(p.Post, room=room, text="before")
            filler = _fill(small_disk, leave=leave * MEGABYTE)
            refused = 0
            for number in range(400):
                text = f"{number} " + os.urandom(15_000).hex()
                reply = await ana.ask(p.Post(req=p.new_req(), room=room, text=text), refused=True)
                if isinstance(reply, p.Ack):
                    answered.append(text)
                else:
                    assert reply.code in ("disk_full", "unavailable"), reply
                    refused += 1
                if refused > 5:
                    break
            assert refused > 5
            filler.unlink()
            after = await _goes_on(home, ana, room)
            await bo.sync()
            page = await bo.history(room, limit=200)
            assert len(_texts(page)) == len(set(_texts(page)))
            assert _texts(page)[-1] == "after"
            assert after.seq == int(page.messages[-1].id)
            assert _texts(page) == (["before", *answered, "after"])[-len(page.messages) :]

    run(main())

    async def again() -> None:
        async with house(folder) as home:
            bo = await home.person("bo")
            room = (await bo.sync()).rooms[0]
            assert room.n_messages == len(answered) + 2

    run(again())
    assert doctor.check(folder).findings == []
