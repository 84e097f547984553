"""What nothing refers to leaves the disk after the time that was chosen, and nothing else ever does."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import random
from pathlib import Path
from unittest import mock

import pytest
from house import NOON, Clock, House, Person, house, run
from sending import begin, post, put, rest, send, whole

from collabchat import protocol as p
from collabchat.store import doctor
from collabchat.store.blobs import Blobs
from collabchat.store.made import MadeFiles

WEEK = 7 * 86_400_000_000


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _there(folder: Path) -> set[str]:
    return {sha for sha, _ in Blobs(folder).all()}


def _png(shade: int) -> str:
    head = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0\0\0\x01\0\0\0\x01"
    return base64.b64encode(head + bytes([shade]) * 9).decode()


def test_a_file_goes_a_while_after_its_last_message(tmp_path: Path) -> None:
    async def main() -> None:
        clock = Clock()
        async with house(tmp_path, clock=clock) as home:
            (ana,), room = await home.room("ana")
            one, two = await post(ana, room, b"shared"), await post(ana, room, b"shared", b"kept")
            made = MadeFiles(tmp_path / "files")
            made.put(_sha(b"shared"), "thumbnail", b"small")
            made.put(_sha(b"kept"), "thumbnail", b"small")
            assert await home.hub.collecting.run() == 0
            await ana.do(p.Delete, id=one)
            assert await home.hub.collecting.run() == 0
            clock.now += WEEK
            assert await home.hub.collecting.run() == 0
            await ana.do(p.Delete, id=two)
            kept = await post(ana, room, b"kept")
            assert await home.hub.collecting.run() == 0  # from now on it counts
            clock.now += WEEK - 1
            assert await home.hub.collecting.run() == 0
            clock.now += 1
            assert await home.hub.collecting.run() == 1
            assert _there(tmp_path) == {_sha(b"kept")}
            assert home.hub.workspace.blobs.usage() == (1, 4)
            assert made.get(_sha(b"shared"), "thumbnail") is None
            assert made.get(_sha(b"kept"), "thumbnail") == b"small"
            assert await whole(ana, f"{kept}-1") == b"kept"
            await ana.do(p.SetSettings, collect_after=0)
            await ana.do(p.DeleteRoom, room=room)
            assert await home.hub.collecting.run() == 1
            assert _there(tmp_path) == set()
        assert not (tmp_path / "files" / ".unused.json").exists()

    run(main())


def test_what_is_needed_again_in_time_stays_and_waits_anew(tmp_path: Path) -> None:
    async def main() -> None:
        clock = Clock()
        async with house(tmp_path, clock=clock) as home:
            (ana,), room = await home.room("ana")
            await ana.do(p.Delete, id=await post(ana, room, b"again"))
            await home.hub.collecting.run()
            clock.now += WEEK
            message = await post(ana, room, b"again")
            assert await home.hub.collecting.run() == 0
            await ana.do(p.Delete, id=message)
            assert await home.hub.collecting.run() == 0
            clock.now += WEEK - 1
            assert await home.hub.collecting.run() == 0
        # The time goes on where it was when another hub looks.
        async with house(tmp_path, clock=clock) as home:
            clock.now += 1
            assert await home.hub.collecting.run() == 1

    run(main())


def test_pictures_uploads_and_what_is_scheduled(tmp_path: Path) -> None:
    async def main() -> None:
        clock = Clock()
        async with house(tmp_path, clock=clock) as home:
            (ana, bo), room = await home.room("ana", "bo")
            await ana.do(p.SetSettings, collect_after=0)
            for shade in (1, 2):
                await ana.do(p.SetPicture, data=_png(shade))
            await bo.do(p.SetPicture, data=_png(2))
            upload = (await send(ana, room, b"later")).upload
            await ana.do(p.Schedule, room=room, files=[upload], at=NOON + 60_000_000)
            waiting = await send(ana, room, b"not posted yet")
            await home.hub.collecting.run()
            second = _sha(base64.b64decode(_png(2)))
            assert _there(tmp_path) == {second, _sha(b"later"), _sha(b"not posted yet")}
            await ana.do(p.SetPicture, data="")
            await ana.ask(p.CancelUpload(req=p.new_req(), upload=waiting.upload))
            await home.hub.collecting.run()
            assert _there(tmp_path) == {second, _sha(b"later")}
            await home.wait(60_000_000)
            await home.hub.collecting.run()
            assert _there(tmp_path) == {second, _sha(b"later")}
            await ana.do(p.Delete, id=(await ana.history(room)).messages[-1].id)
            await home.hub.collecting.run()
            assert _there(tmp_path) == {second}

    run(main())


async def _everything_at_once(home: House, people: list[Person], room: p.Id, seed: int) -> None:
    """Contents come and go while the broom never rests; whoever has just posted finds their file."""
    chance = random.Random(seed)
    contents = [bytes([number]) * 50 for number in range(3)]

    async def sweep() -> None:
        while True:
            await home.hub.collecting.run()
            await asyncio.sleep(0)

    async def talk(person: Person) -> None:
        for _ in range(12):
            content = chance.choice(contents)
            sha = _sha(content) if chance.random() < 0.5 else None
            begun = await begin(person, room, "a", 50, **({"sha256": sha} if sha else {}))
            done = await rest(person, begun, content, size=chance.choice([20, 50]))
            message = (await person.do(p.Post, room=room, files=[done.upload])).id
            if chance.random() < 0.3:
                forwarded = (await person.do(p.Forward, id=message, room=room)).id
                await person.do(p.Delete, id=message)
                message = forwarded
            assert await whole(person, f"{message}-1") == content
            if chance.random() < 0.2:
                await person.do(p.SetPicture, data=_png(chance.randrange(2)))
                picture = home.hub.workspace.directory.members[person.me].picture
                assert await person.ask(p.GetPicture(req=p.new_req(), picture=picture or ""))
            await person.do(p.Delete, id=message)

    sweeping = asyncio.ensure_future(sweep())
    try:
        await asyncio.gather(*(talk(person) for person in people))
    finally:
        sweeping.cancel()
        await asyncio.gather(sweeping, return_exceptions=True)


@pytest.mark.parametrize("seed", range(2))
def test_nothing_that_arrives_meanwhile_is_lost(tmp_path: Path, seed: int) -> None:
    async def main() -> None:
        async with house(tmp_path, limits=p.Limits(rate=1_000_000)) as home:
            people, room = await home.room("ana", "bo", "cy", "dee")
            await people[0].do(p.SetSettings, collect_after=0)
            await _everything_at_once(home, people, room, seed)
            await home.hub.collecting.run()
            pictures = {one.picture for one in home.hub.workspace.directory.members.values()} - {None}
            assert _there(tmp_path) == pictures

    run(main())
    assert doctor.check(tmp_path).findings == []


def test_an_upload_that_is_finished_between_look_and_removal_keeps_its_file(tmp_path: Path) -> None:
    """The worst moment: a file of that content is about to be removed when another one of it arrives."""

    async def main() -> None:
        async with house(tmp_path) as home:
            (ana,), room = await home.room("ana")
            await ana.do(p.SetSettings, collect_after=0)
            await ana.do(p.Delete, id=await post(ana, room, b"twice"))
            begun = await begin(ana, room, "a", 5)
            collecting = home.hub.collecting
            asked = home.hub.files.run
            arrived: list[p.Upload] = []

            async def late(work: object, *values: object) -> object:
                found = await asked(work, *values)  # type: ignore[arg-type]
                if getattr(work, "__name__", "") == "_unused":
                    assert _sha(b"twice") in found  # type: ignore[operator]
                    arrived.append(await put(ana, begun.upload, 0, b"twice"))
                return found

            with mock.patch.object(home.hub.files, "run", late):
                assert await collecting.run() == 0
            assert arrived[0].file is not None
            message = (await ana.do(p.Post, room=room, files=[begun.upload])).id
            assert await whole(ana, f"{message}-1") == b"twice"

    run(main())


def test_while_a_backup_is_made_every_file_stays(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path / "team") as home:
            (ana,), room = await home.room("ana")
            await ana.do(p.SetSettings, collect_after=0)
            message = await post(ana, room, b"kept", text="words")
            (tmp_path / "team" / "files" / ".made" / "ab").mkdir(parents=True)
            unposted = await begin(ana, room, "part", 10)
            await put(ana, unposted.upload, 0, b"12345")
            keeper = Person(home.hub)
            with home.hub.collecting.paused():
                await keeper.ask(p.Backup(req=p.new_req(), path=str(tmp_path / "copy")))
                await ana.do(p.Delete, id=message)
                assert await home.hub.collecting.run() == 0
            assert await home.hub.collecting.run() == 1
        assert sorted(one.name for one in (tmp_path / "copy" / "files").iterdir()) == [_sha(b"kept")[:2]]
        async with house(tmp_path / "copy") as home:
            assert await whole(await home.person("ana"), f"{message}-1") == b"kept"

    run(main())
    assert doctor.check(tmp_path / "copy").findings == []
