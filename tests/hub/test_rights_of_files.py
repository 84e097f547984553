"""Who may send and get files: every request about them, by each role and standing, in each kind of room.

What is expected is written here in its own words.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from house import Person, house, run
from sending import begin, code, get, post
from standings import KINDS, ROLES, STANDINGS, give_roles, newcomers, stage

from collabchat import protocol as p


def _reads(kind: str, standing: str, role: str) -> bool:
    """Whoever is in it; in a public room everybody but guests."""
    return standing != "outside" or (kind == "public" and role != "guest")


async def _answer(person: Person, request: p.Request) -> str:
    """``ok``, or the code of the refusal."""
    await person.say(p.encode(request).decode())

    def answered() -> str | None:
        for one in person.heard:
            if isinstance(one, tuple):
                if one[0].req == request.req:
                    return "ok"
            elif getattr(one, "req", None) == request.req:
                return one.code if isinstance(one, p.Error) else "ok"
        return None

    found: str = await person.until(answered)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_request_about_files(tmp_path: Path, kind: str) -> None:
    async def main() -> None:
        async with house(tmp_path, limits=p.Limits(rate=100_000)) as home:
            first, other, people = await newcomers(home)
            await give_roles(first, people)
            number = 0
            for role in ROLES:
                for standing in STANDINGS:
                    number += 1
                    me = people[role]
                    async with stage(home, first, other, me, kind, standing, number) as scene:
                        message = await post(scene.author, scene.room, b"content", name="a.txt")
                    where = f"{role}, {standing}"
                    reads = _reads(kind, standing, role)
                    file = f"{message}-1"
                    assert await code(get(me, file)) == ("ok" if reads else "not_found"), where
                    assert await _answer(me, p.Shared(req=p.new_req(), room=scene.room)) == (
                        "ok" if reads else "not_found"
                    ), where
                    preview = await _answer(me, p.GetPreview(req=p.new_req(), file=file))
                    assert (preview != "not_found") == reads, where
                    thumbnail = p.GetThumbnail(req=p.new_req(), file=file)
                    assert await _answer(me, thumbnail) == "not_found", where  # there is none of a text
                    listed = [row["id"] for row in await me.table("files")]
                    assert (file in listed) == reads, where
                    sends = "ok" if standing != "outside" else "forbidden" if reads else "not_found"
                    assert await code(begin(me, scene.room, "b.txt", 5)) == sends, where
                    assert await code(begin(me, scene.room, "b.txt", 0)) == sends, where
                    for upload in home.hub.workspace.uploads.of(me.me):
                        await me.ask(p.CancelUpload(req=p.new_req(), upload=upload.note.upload))
                    edits = await me.code(p.Edit, id=message, text="")
                    assert edits == ("ok" if standing == "author" else "forbidden" if reads else "not_found"), where
                    deletes = standing == "author" or (standing != "outside" and role in ("owner", "admin"))
                    deletes = deletes and (kind != "direct" or standing == "author")
                    assert (await me.code(p.Delete, id=message) == "ok") == deletes, where
                    for one in (me, scene.author, scene.other):
                        gets = await code(get(one, file))
                        assert gets == ("not_found" if deletes or (one is me and not reads) else "ok"), where

    run(main())


def test_in_an_archived_room_files_are_read_and_not_sent(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            (ana, bo), room = await home.room("ana", "bo")
            message = await post(ana, room, b"content")
            await ana.do(p.Archive, room=room)
            assert await code(get(bo, f"{message}-1")) == "ok"
            assert await code(begin(ana, room, "a", 1)) == "archived"

    run(main())


def test_nothing_is_had_before_a_hello(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            (ana,), room = await home.room("ana")
            message = await post(ana, room, b"content")
            stranger = Person(home.hub)
            for request in (
                p.GetSlice(req=p.new_req(), file=f"{message}-1"),
                p.GetThumbnail(req=p.new_req(), file=f"{message}-1"),
                p.GetPreview(req=p.new_req(), file=f"{message}-1"),
                p.Shared(req=p.new_req(), room=room),
                p.StartUpload(req=p.new_req(), upload=p.new_req(), room=room, name="a", size=1),
                p.CancelUpload(req=p.new_req(), upload=p.new_req()),
                p.SetSettings(req=p.new_req(), attachments=1),
            ):
                assert await _answer(stranger, request) == "unauthenticated"

    run(main())
