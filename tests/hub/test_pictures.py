"""Members' pictures: taken for what they are, whatever a client says, and kept beside the database."""

from __future__ import annotations

import base64
import hashlib
import os
import struct
from pathlib import Path

import pytest
from house import Person, house, run

from collabchat import protocol as p
from collabchat.hub import pictures
from collabchat.store.blobs import Blobs


def png(width: int = 32, height: int = 32, size: int = 60) -> bytes:
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", width, height)
    return (head + b"\x08\x06\0\0\0" + bytes(4)).ljust(size, b"\0")


def jpeg(width: int = 32, height: int = 32, marker: int = 0xC0, before: bytes = b"") -> bytes:
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + bytes(9)
    frame = bytes([0xFF, marker]) + struct.pack(">HBHH", 17, 8, height, width) + bytes(10)
    return b"\xff\xd8" + app + before + frame + b"\xff\xd9"


def webp(kind: bytes, width: int = 32, height: int = 32) -> bytes:
    if kind == b"VP8X":
        body = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    elif kind == b"VP8L":
        body = b"\x2f" + ((width - 1) | (height - 1) << 14).to_bytes(4, "little") + bytes(9)
    else:
        body = bytes(3) + b"\x9d\x01\x2a" + struct.pack("<HH", width, height) + bytes(8)
    return b"RIFF" + struct.pack("<I", 12 + len(body)) + b"WEBP" + kind + struct.pack("<I", len(body)) + body


GOOD = {
    "png": (png(), "image/png"),
    "jpeg": (jpeg(), "image/jpeg"),
    "progressive jpeg": (jpeg(marker=0xC2), "image/jpeg"),
    "jpeg with tables first": (jpeg(before=b"\xff\xc4" + struct.pack(">H", 9) + bytes(7)), "image/jpeg"),
    "webp": (webp(b"VP8 "), "image/webp"),
    "webp without loss": (webp(b"VP8L"), "image/webp"),
    "webp with more": (webp(b"VP8X"), "image/webp"),
}
BAD = {
    "no picture": (b"GIF89a" + bytes(40), "invalid"),
    "markup": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "invalid"),
    "nothing but a name": (b"\x89PNG\r\n\x1a\n", "invalid"),
    "jpeg that says no size": (b"\xff\xd8\xff\xd9" + bytes(40), "invalid"),
    "jpeg whose parts have no end": (b"\xff\xd8\xff\xe0\0\0" + bytes(40), "invalid"),
    "webp of an unknown kind": (b"RIFF" + bytes(4) + b"WEBPVP9 " + bytes(20), "invalid"),
    "webp cut off": (webp(b"VP8 ")[:28], "invalid"),
    "without width": (png(0, 10), "too_large"),
    "too wide": (png(513, 10), "too_large"),
    "too high": (jpeg(10, 60_000), "too_large"),
    "a bomb": (png(2**31 - 1, 2**31 - 1), "too_large"),
    "too many bytes": (png(size=65_537), "too_large"),
    "webp too wide": (webp(b"VP8X", 513, 1), "too_large"),
}


async def _set(person: Person, picture: bytes) -> str:
    return await person.code(p.SetPicture, data=base64.b64encode(picture).decode())


async def _get(person: Person, sha: str) -> p.Picture | p.Error:
    found: p.Picture | p.Error = await person.ask(p.GetPicture(req=p.new_req(), picture=sha), refused=True)
    return found


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "files").rglob("*") if path.is_file())


def test_each_kind_is_taken_and_given_back_to_everybody(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], _ = await home.room("ana", "bo")
            for name, (picture, media_type) in GOOD.items():
                sha = hashlib.sha256(picture).hexdigest()
                assert await _set(ana, picture) == "ok", name
                assert (await bo.sync()).members[0].picture == sha
                assert bo.last(p.PictureSet).picture == sha
                found = await _get(bo, sha)
                assert isinstance(found, p.Picture)
                assert (found.media_type, base64.b64decode(found.data)) == (media_type, picture)
            assert pictures.size_of(png(512, 1)) == (512, 1)

    run(main())


def test_what_is_refused_is_kept_nowhere(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana], _ = await home.room("ana")
            before = home.hub.workspace.directory.seq
            for name, (picture, code) in BAD.items():
                assert await _set(ana, picture) == code, name
            for text in ("no base64!", "iVBORw0KGgo", "ü" * 8, "\n"):
                assert await ana.code(p.SetPicture, data=text) == "invalid"
            assert home.hub.workspace.directory.seq == before
            assert _files(tmp_path) == []

    run(main())


@pytest.mark.parametrize("picture", [picture for picture, _ in GOOD.values()])
def test_any_beginning_and_any_wrong_byte_is_answered(picture: bytes) -> None:
    """Whatever stands there: a size, or none."""
    for end in range(len(picture)):
        pictures.size_of(picture[:end])
    for place in range(len(picture)):
        for byte in (0, 0x7F, 0xFF):
            size = pictures.size_of(picture[:place] + bytes([byte]) + picture[place + 1 :])
            assert size is None or min(size) >= 0


def test_the_same_twice_is_one_file_and_one_change(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], _ = await home.room("ana", "bo")
            data = base64.b64encode(png()).decode()
            first = await ana.do(p.SetPicture, data=data)
            assert not (await ana.do(p.SetPicture, data=data)).changed
            assert (await bo.do(p.SetPicture, data=data)).seq > first.seq
            assert _files(tmp_path) == [hashlib.sha256(png()).hexdigest()]
            await ana.do(p.SetPicture, data="")
            assert not (await ana.do(p.SetPicture, data="")).changed
            members = [(member.id, member.picture) for member in (await ana.sync()).members]
            assert [picture for _, picture in members] == [None, _files(tmp_path)[0]]
        async with house(tmp_path) as home:
            ana = await home.person("ana", sync=False)
            assert [(member.id, member.picture) for member in (await ana.sync()).members] == members

    run(main())


def test_only_what_is_somebodys_picture_now_is_given(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana], _ = await home.room("ana")
            await _set(ana, png())
            sha = hashlib.sha256(png()).hexdigest()
            assert isinstance(await _get(ana, sha), p.Picture)
            other = home.hub.workspace.blobs.put(b"a file of another kind")
            for wanted in (other, "0" * 64):
                reply = await _get(ana, wanted)
                assert isinstance(reply, p.Error)
                assert reply.code == "not_found"
            home.hub.workspace.blobs.path(sha).unlink()
            reply = await _get(ana, sha)
            assert isinstance(reply, p.Error)
            assert reply.code == "not_found"
            assert (await ana.sync()).members[0].picture == sha  # everything else goes on
            await _set(ana, png(33, 33))
            await _set(ana, png())  # and it can be brought again
            assert isinstance(await _get(ana, sha), p.Picture)

    run(main())


def test_a_disk_that_is_full_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana], _ = await home.room("ana")

            def full(_descriptor: int) -> None:
                raise OSError(28, "No space left on device")

            with monkeypatch.context() as broken:
                broken.setattr(os, "fsync", full)
                assert await _set(ana, png()) == "disk_full"
            assert _files(tmp_path) == []  # not even half a file
            assert (await ana.sync()).members[0].picture is None
            assert await _set(ana, png()) == "ok"

    run(main())


def test_a_backup_takes_the_files_along(tmp_path: Path) -> None:
    team, copy = tmp_path / "team", tmp_path / "copy"

    async def main() -> None:
        async with house(team) as home:
            [ana], _ = await home.room("ana")
            await _set(ana, png())
            (home.hub.workspace.blobs.folder / ".half-written").write_bytes(b"x")
            keeper = Person(home.hub)
            assert (await keeper.ask(p.Backup(req=p.new_req(), path=str(copy)))).changed
            assert _files(copy) == [hashlib.sha256(png()).hexdigest()]
        async with house(copy) as home:
            bo = await home.person("bo")
            [sha] = [member.picture for member in (await bo.sync()).members if member.handle == "ana"]
            found = await _get(bo, sha or "")
            assert isinstance(found, p.Picture)
            assert base64.b64decode(found.data) == png()

    run(main())


def test_blobs_are_named_by_what_is_in_them(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    sha = blobs.put(b"words")
    assert sha == hashlib.sha256(b"words").hexdigest()
    assert blobs.put(b"words") == sha
    assert blobs.get(sha) == b"words"
    assert blobs.get("0" * 64) is None
    assert _files(tmp_path) == [sha]
