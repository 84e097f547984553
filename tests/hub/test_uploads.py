"""Files on their way in: sent in slices, gone on with, refused, given up; and out again to those who may see them."""

from __future__ import annotations

import asyncio
import hashlib
import random
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from house import NOON, Clock, House, Person, RefusedError, house, run
from sending import begin, code, get, post, put, rest, send, whole

from collabchat import protocol as p
from collabchat.hub.files import IN_LINE

DAY = 86_400_000_000


def _bytes(seed: int, size: int) -> bytes:
    return random.Random(seed).randbytes(size)


def test_a_file_comes_out_as_it_went_in(tmp_path: Path) -> None:
    async def main() -> None:
        content = _bytes(1, 2_500_000)
        async with house(tmp_path) as home:
            (ana, bo), room = await home.room("ana", "bo")
            sent = await send(ana, room, content, "report.csv")
            assert sent.offset == len(content)
            assert sent.file == p.Attachment(
                name="report.csv",
                size=len(content),
                type="application/octet-stream",
                kind="other",
                sha256=hashlib.sha256(content).hexdigest(),
            )
            empty = await send(ana, room, b"", "empty.txt")
            assert empty.file is not None
            assert (empty.file.size, empty.file.sha256) == (0, hashlib.sha256(b"").hexdigest())
            ack = await ana.do(p.Post, room=room, files=[sent.upload, empty.upload])
            [message] = (await bo.history(room, system=False)).messages
            assert (message.id, message.text, message.files) == (ack.id, "", [sent.file, empty.file])
            assert bo.last(p.Posted).files == message.files
            assert await whole(bo, f"{ack.id}-1") == content
            assert await get(bo, f"{ack.id}-1", 2_499_990) == content[-10:]
            assert await get(bo, f"{ack.id}-1", 10**9) == b""
            assert await get(bo, f"{ack.id}-2") == b""
            assert (await bo.sync()).rooms[0].last == p.LastMessage(
                id=str(ack.id), author=ana.me, time=message.time, text="", file="report.csv"
            )
            assert [row["n_files"] for row in await bo.table("messages") if row["kind"] == "text"] == [2]
            files = await bo.table("files")
            assert [(row["id"], row["name"], row["size"]) for row in files] == [
                (f"{ack.id}-1", "report.csv", len(content)),
                (f"{ack.id}-2", "empty.txt", 0),
            ]
            assert list(files[0]) == ["id", "message", "room", "author", "time", "name", "size", "type", "sha256"]
        assert sorted(one.name for one in (tmp_path / "files" / ".uploads").iterdir()) == []

    run(main())


def test_slices_come_in_order_and_what_came_twice_counts_once(tmp_path: Path) -> None:
    async def main() -> None:
        content = _bytes(2, 1_000)
        async with house(tmp_path, limits=p.Limits(slice=600)) as home:
            (ana,), room = await home.room("ana")
            begun = await begin(ana, room, "a.bin", 1_000)
            up = begun.upload
            with pytest.raises(RefusedError, match="byte 0"):
                await put(ana, up, 1, content[1:10])
            assert (await put(ana, up, 0, content[:400])).offset == 400
            assert (await put(ana, up, 0, content[:400])).offset == 400
            assert (await put(ana, up, 100, content[100:600])).offset == 600
            with pytest.raises(RefusedError, match=r"byte 600\."):
                await put(ana, up, 700, content[700:])
            with pytest.raises(RefusedError, match="these are more"):
                await put(ana, up, 600, content[600:] + b"!")
            with pytest.raises(RefusedError, match="at most 600 bytes"):
                await put(ana, up, 600, bytes(601))
            # Said again, it is the same upload; another size, and it is not.
            assert (await begin(ana, room, "a.bin", 1_000, upload=up)).offset == 600
            assert await code(begin(ana, room, "a.bin", 1_001, upload=up)) == "conflict"
            assert await code(ana.do(p.Post, room=room, files=[up])) == "not_found"
            done = await put(ana, up, 600, content[600:])
            assert done.file is not None
            assert done.file.sha256 == hashlib.sha256(content).hexdigest()
            assert await put(ana, up, 600, content[600:]) == msg_with(done, ana)
            assert (await begin(ana, room, "a.bin", 1_000, upload=up)).file == done.file

    def msg_with(done: p.Upload, ana: Person) -> p.Upload:
        return p.Upload(req=ana.heard[-1].req, upload=done.upload, offset=done.offset, file=done.file)

    run(main())


def test_binary_nonsense_is_answered_and_harms_nobody(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            (ana,), room = await home.room("ana")
            chance = random.Random(4)
            good = p.encode_binary(p.Slice(req=p.new_req(), upload=p.new_req(), offset=0), b"x")
            for frame in (b"", b"\0", b"\0\0\0\2{}", b"\xff" * 9, *(chance.randbytes(60) for _ in range(200))):
                before = len(ana.heard)
                await ana.say(frame)
                [error] = ana.heard[before:] or [await ana.until(lambda at=before: next(iter(ana.heard[at:]), None))]
                assert error.code == "malformed", frame
            for place in range(len(good)):
                before = len(ana.heard)
                await ana.say(good[:place] + bytes([good[place] ^ 0x41]) + good[place + 1 :])
                await ana.until(lambda at=before: len(ana.heard) > at)
                assert isinstance(ana.heard[-1], p.Error)
            stranger = Person(home.hub)
            await stranger.say(good)
            assert (await stranger.until(lambda: stranger.heard))[0].code == "unauthenticated"
            assert await code(post(ana, room, b"still here")) == "ok"

    run(main())


def test_what_was_announced_must_arrive(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            (ana,), room = await home.room("ana")
            sha = hashlib.sha256(b"right").hexdigest()
            begun = await begin(ana, room, "a.txt", 5, sha256=sha)
            with pytest.raises(RefusedError, match="SHA-256"):
                await put(ana, begun.upload, 0, b"wrong")
            assert await code(put(ana, begun.upload, 0, b"right")) == "not_found"
            assert (await send(ana, room, b"right", sha256=sha)).file is not None

    run(main())


def test_nobody_has_to_do_with_the_uploads_of_others(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            (ana, bo), room = await home.room("ana", "bo")
            begun = await begin(ana, room, "a.bin", 10)
            missing = await code(put(bo, p.new_req(), 0, b"12345"))
            assert await code(put(bo, begun.upload, 0, b"12345")) == missing == "not_found"
            assert await code(bo.do(p.Post, room=room, files=[begun.upload])) == "not_found"
            ack = await bo.ask(p.CancelUpload(req=p.new_req(), upload=begun.upload))
            assert not ack.changed
            # The same name for another upload of somebody else is that one's own.
            assert (await send(bo, room, b"mine", "b.bin", upload=begun.upload)).file is not None
            assert (await put(ana, begun.upload, 0, b"0123456789")).file is not None
            assert await code(bo.do(p.Post, room=room, files=[begun.upload])) == "ok"
            assert await code(ana.do(p.Post, room=room, files=[begun.upload])) == "ok"
            contents = [await whole(ana, f"{one.id}-1") for one in (await ana.history(room, system=False)).messages]
            assert contents == [b"mine", b"0123456789"]

    run(main())


def test_an_upload_goes_out_once_and_the_command_can_be_sent_again(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            (ana,), room = await home.room("ana")
            upload = (await send(ana, room, b"once")).upload
            command = p.Post(req=p.new_req(), room=room, files=[upload])
            other = p.Post(req=p.new_req(), room=room, files=[upload])
            await ana.say(b"[".decode() + p.encode(command).decode() + "," + p.encode(other).decode() + "]")
            await ana.until(lambda: sum(getattr(one, "req", "") in (command.req, other.req) for one in ana.heard) == 3)
            again = await ana.ask(p.Post(req=command.req, again=True, room=room, files=[upload]))
            assert again.id == (await ana.history(room, system=False)).messages[0].id
            assert await code(ana.ask(p.Post(req=p.new_req(), room=room, files=[upload]))) == "not_found"
            assert len((await ana.history(room, system=False)).messages) == 1
            twice = (await send(ana, room, b"twice")).upload
            assert await code(ana.do(p.Post, room=room, files=[twice, twice])) == "invalid"

    run(main())


def test_limits_of_a_message(tmp_path: Path) -> None:
    """Eleven files; one byte over, in one file and in two."""

    async def main() -> None:
        async with house(tmp_path) as home:
            (ana,), room = await home.room("ana")
            with pytest.raises(RefusedError, match="at most 95,000,000 bytes together; this one has 1 too many"):
                await begin(ana, room, "a.bin", 95_000_001)
            assert await code(begin(ana, room, "a.bin", 95_000_000)) == "ok"
            uploads = [(await send(ana, room, bytes([n]))).upload for n in range(11)]
            with pytest.raises(RefusedError, match="at most 10 files; these are 11"):
                await ana.do(p.Post, room=room, files=uploads)
            assert await code(ana.do(p.Post, room=room, files=uploads[:10])) == "ok"
            await ana.do(p.SetSettings, attachment_bytes=1_000, attachments=2)
            two = [(await send(ana, room, bytes(size))).upload for size in (1_000, 1)]
            with pytest.raises(RefusedError, match="at most 1,000 bytes together; these have 1 too many"):
                await ana.do(p.Post, room=room, files=two)
            assert await code(ana.do(p.Post, room=room, files=two[:1])) == "ok"
            assert await code(ana.do(p.Post, room=room, text=" ", files=two[1:])) == "ok"
            assert await code(ana.do(p.Post, room=room, text=" ")) == "invalid"
            await ana.do(p.SetSettings, attachments=0)
            with pytest.raises(RefusedError, match="messages have no files"):
                await begin(ana, room, "a.bin", 1)
            assert await code(ana.do(p.Post, room=room, text="words")) == "ok"

    run(main())


def test_limits_of_a_member_and_of_the_workspace(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path, limits=p.Limits(uploads=3)) as home:
            (ana, bo), room = await home.room("ana", "bo")
            begun = [await begin(ana, room, "a", 100) for _ in range(3)]
            with pytest.raises(RefusedError, match="3 files that are not posted"):
                await begin(ana, room, "a", 100)
            await ana.ask(p.CancelUpload(req=p.new_req(), upload=begun[0].upload))
            assert await code(begin(ana, room, "a", 100)) == "ok"
            for one in begun:
                await ana.ask(p.CancelUpload(req=p.new_req(), upload=one.upload))
            # 100 bytes are under way. Of 1,000 in all, 500 are there, once, however often.
            content = _bytes(5, 500)
            await post(ana, room, content, content)
            await post(bo, room, content)
            await ana.do(p.SetSettings, quota=1_000)
            with pytest.raises(RefusedError, match="at most 1,000 bytes in all; there is room for 400 more"):
                await begin(bo, room, "b", 401)
            assert await code(begin(bo, room, "b", 400)) == "ok"
            assert await code(begin(bo, room, "b", 1)) == "too_large"
            await ana.do(p.SetSettings, quota=0)
            assert await code(begin(bo, room, "b", 10_000)) == "ok"
            status = await ana.ask(p.Status(req=p.new_req()))
            assert (status.files, status.file_bytes) == (1, 500)
            status = await bo.ask(p.Status(req=p.new_req()))
            assert (status.files, status.file_bytes) == (0, 0)

    run(main())


async def _first_answers(person: Person, room: p.Id, content: bytes) -> list[Any]:
    """What is told while a file is sent, but for the ids."""
    sha = hashlib.sha256(content).hexdigest()
    begun = await begin(person, room, "x.bin", len(content), sha256=sha)
    done = await rest(person, begun, content)
    return [(one.offset, one.file) for one in (begun, done)]


def test_a_known_content_is_there_at_once_for_those_who_see_it_and_for_nobody_else(tmp_path: Path) -> None:
    async def main() -> None:
        content = _bytes(6, 2_000)
        async with house(tmp_path) as home:
            (ana, bo, cy), public = await home.room("ana", "bo", "cy")
            private = (await ana.do(p.CreateRoom, name="hidden", kind="private", members=[bo.me])).id or ""
            message = await post(ana, private, content)
            known = await _first_answers(bo, public, content)
            assert [offset for offset, _ in known] == [2_000, 2_000]
            outside = await _first_answers(cy, public, content)
            unheard = await _first_answers(cy, public, _bytes(7, 2_000))
            assert [offset for offset, _ in outside] == [offset for offset, _ in unheard] == [0, 2_000]
            # Now it is cy's own too.
            assert [offset for offset, _ in await _first_answers(cy, public, content)] == [2_000, 2_000]
            # A size that is not the right one is not believed.
            sha = hashlib.sha256(content).hexdigest()
            assert (await begin(bo, public, "x", 1_999, sha256=sha)).offset == 0
            # Who cannot see the message any more sees nothing of its content either.
            dee = await home.person("dee")
            await dee.do(p.Join, room=public)
            await ana.do(p.Add, room=private, member=dee.me)
            assert (await begin(dee, public, "x", 2_000, sha256=sha)).offset == 2_000
            await dee.ask(p.CancelUpload(req=p.new_req(), upload=dee.heard[-1].upload))
            await dee.do(p.Leave, room=private)
            assert (await begin(dee, public, "x", 2_000, sha256=sha)).offset == 0
            ed = await home.person("ed")
            await ed.do(p.Join, room=public)
            await ana.do(p.Add, room=private, member=ed.me)
            await ana.do(p.Delete, id=message)
            assert (await begin(ed, public, "x", 2_000, sha256=sha)).offset == 0

    run(main())


def test_a_file_is_out_of_reach_as_soon_as_its_message_is(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            (ana, bo, cy), room = await home.room("ana", "bo", "cy", kind="private")
            eve = await home.person("eve")
            message = await post(ana, room, b"secret", b"more")
            file = f"{message}-1"
            assert await get(bo, file) == b"secret"
            for asked in (file, f"{message}-2", f"{message}-3", "999-1"):
                with pytest.raises(RefusedError) as refused:
                    await get(eve, asked)
                assert str(refused.value) == "not_found: There is no such file, or you may not see its message."
            assert await code(get(bo, f"{message}-3")) == "not_found"
            await bo.do(p.Leave, room=room)
            assert await code(get(bo, file)) == "not_found"
            await ana.do(p.Remove, room=room, member=cy.me)
            assert await code(get(cy, file)) == "not_found"
            assert [await table(eve) for table in (_files, _links)] == [[], []]
            await ana.do(p.Delete, id=message)
            assert await code(get(ana, file)) == "not_found"
            assert await _files(ana) == []
            raw = (tmp_path / "chat.duckdb").read_bytes() + b"".join(
                one.read_bytes() for one in tmp_path.glob("chat.duckdb.wal")
            )
            assert raw
            gone = await post(ana, room, b"gone too")
            await ana.do(p.DeleteRoom, room=room)
            assert await code(get(ana, f"{gone}-1")) == "not_found"

    async def _files(person: Person) -> list[Any]:
        return await person.table("files")

    async def _links(person: Person) -> list[Any]:
        return await person.table("links")

    run(main())


def test_edit_forward_and_schedule_bring_their_files(tmp_path: Path) -> None:
    async def main() -> None:
        clock = Clock()
        async with house(tmp_path, clock=clock) as home:
            (ana, bo), room = await home.room("ana", "bo")
            other = (await ana.do(p.CreateRoom, name="other", members=[bo.me])).id or ""
            message = await post(ana, room, b"one", text="see this")
            await ana.do(p.Edit, id=message, text="")
            assert (await bo.history(room, system=False)).messages[0].text == ""
            words = (await ana.do(p.Post, room=room, text="words")).id
            assert await ana.code(p.Edit, id=words, text="") == "invalid"
            forwarded = (await bo.do(p.Forward, id=message, room=other)).id
            await ana.do(p.Delete, id=message)
            assert await get(ana, f"{forwarded}-1") == b"one"
            assert bo.last(p.Posted).forwarded is not None
            upload = (await send(ana, room, b"later")).upload
            waiting = (await ana.do(p.Schedule, room=room, files=[upload], at=NOON + 1_000_000)).id
            [scheduled] = (await ana.sync()).scheduled
            assert (scheduled.id, scheduled.text, [file.size for file in scheduled.files]) == (waiting, "", [5])
            assert await code(ana.do(p.Post, room=room, files=[upload])) == "not_found"
            await home.wait(1_000_000)
            posted = (await bo.history(room, system=False)).messages[-1]
            assert await get(bo, f"{posted.id}-1") == b"later"
            assert (await ana.sync()).scheduled == []
            assert await ana.code(p.Schedule, room=room, at=clock.now + 1) == "invalid"

    run(main())


def test_what_was_given_up_goes_after_a_day(tmp_path: Path) -> None:
    async def main() -> None:
        clock = Clock()
        async with house(tmp_path, clock=clock) as home:
            (ana,), room = await home.room("ana")
            begun = await begin(ana, room, "a", 10)
            await put(ana, begun.upload, 0, b"12345")
            done = await send(ana, room, b"complete")
            clock.now += DAY - 1
            await home.hub.collecting.run()
            assert (await put(ana, begun.upload, 5, b"6")).offset == 6
            clock.now += 1
            await home.hub.collecting.run()
            assert await code(ana.do(p.Post, room=room, files=[done.upload])) == "not_found"
            assert (await put(ana, begun.upload, 6, b"7")).offset == 7
            clock.now += DAY
            await home.hub.collecting.run()
            assert await code(put(ana, begun.upload, 7, b"8")) == "not_found"
            assert list((tmp_path / "files" / ".uploads").iterdir()) == []

    run(main())


def test_two_hundred_uploads_at_once(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path, limits=p.Limits(rate=100_000)) as home:
            people, room = await home.room("ana", "bo", "cy", "dee")

            async def one(number: int) -> None:
                person = people[number % 4]
                content = _bytes(number, 20_000 + number)
                upload = await rest(
                    person, await begin(person, room, f"{number}.bin", len(content)), content, size=7_000
                )
                ack = await person.do(p.Post, room=room, files=[upload.upload])
                assert await whole(people[(number + 1) % 4], f"{ack.id}-1") == content

            await asyncio.gather(*(one(number) for number in range(200)))
            assert home.hub.workspace.blobs.usage()[0] == 200

    run(main())


def test_whoever_does_not_read_waits_and_what_is_asked_for_comes_in_order(tmp_path: Path) -> None:
    """However much one asks for, no more than a slice of it is in memory."""

    async def main() -> None:
        content = _bytes(8, 100_000)
        async with house(tmp_path, limits=p.Limits(rate=100_000)) as home:
            (ana, bo), room = await home.room("ana", "bo")
            message = await post(ana, room, content)
            reads = mock.Mock(wraps=home.hub.workspace.blobs.read)
            home.hub.workspace.blobs.read = reads  # type: ignore[method-assign]
            bo.slow = asyncio.Event()
            asked = [
                p.GetSlice(req=p.new_req(), file=f"{message}-1", offset=n * 1_000, length=1_000) for n in range(100)
            ]
            for request in asked[:IN_LINE]:
                await bo.say(p.encode(request).decode())
            more = asyncio.ensure_future(bo.say(p.encode(asked[IN_LINE]).decode()))
            # Others are answered meanwhile, and ana as well.
            assert await whole(ana, f"{message}-1") == content
            assert not more.done()
            assert reads.call_count < 10
            bo.slow.set()
            await more
            for request in asked[IN_LINE + 1 :]:
                await bo.say(p.encode(request).decode())
            await bo.until(lambda: sum(isinstance(one, tuple) for one in bo.heard) == 100)
            parts = [(one[0].req, bytes(one[1])) for one in bo.heard if isinstance(one, tuple)]
            assert [req for req, _ in parts] == [request.req for request in asked]
            assert b"".join(part for _, part in parts) == content

    run(main())


async def _begun_anew(folder: Path, content: bytes, home: House) -> None:
    (ana,), room = await home.room("ana")
    begun = await begin(ana, room, "a.bin", len(content))
    await put(ana, begun.upload, 0, content[:700])
    done = await send(ana, room, b"complete before", "b.bin")
    (folder / "names.txt").write_text(f"{room} {begun.upload} {done.upload}")


def test_uploads_outlive_the_hub(tmp_path: Path) -> None:
    content = _bytes(9, 1_500)

    async def before() -> None:
        async with house(tmp_path / "team") as home:
            await _begun_anew(tmp_path, content, home)

    async def after() -> None:
        room, part, whole_one = (tmp_path / "names.txt").read_text().split()
        async with house(tmp_path / "team") as home:
            ana = await home.person("ana")
            # Without asking first, and with a slice that begins where nobody is any more.
            assert (await put(ana, part, 600, content[600:1_000])).offset == 1_000
            assert (await begin(ana, room, "a.bin", len(content), upload=part)).offset == 1_000
            done = await put(ana, part, 1_000, content[1_000:])
            assert done.file is not None
            assert done.file.sha256 == hashlib.sha256(content).hexdigest()
            ack = await ana.do(p.Post, room=room, files=[part, whole_one])
            assert [await whole(ana, f"{ack.id}-{n}") for n in (1, 2)] == [content, b"complete before"]

    run(before())
    run(after())


def test_a_part_of_another_run_of_the_machine_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not flushed to the disk may be zeros now."""
    from collabchat.store import uploads

    content = _bytes(9, 1_500)

    async def before() -> None:
        async with house(tmp_path / "team") as home:
            await _begun_anew(tmp_path, content, home)

    async def after() -> None:
        room, part, _ = (tmp_path / "names.txt").read_text().split()
        async with house(tmp_path / "team") as home:
            ana = await home.person("ana")
            begun = await begin(ana, room, "a.bin", len(content), upload=part)
            assert begun.offset == 0
            assert (await rest(ana, begun, content)).file is not None

    run(before())
    monkeypatch.setattr(uploads, "_boot", lambda: "another one")
    run(after())
