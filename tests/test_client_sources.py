"""What can be given as a file, and what is said of what cannot; limits before a byte travels."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from collabchat import errors
from collabchat.client.sources import sources_of
from collabchat.protocol import WorkspaceSettings

SETTINGS = WorkspaceSettings()


def read(source: Any) -> bytes:
    return b"".join(source.read(offset, 7) for offset in range(0, source.size, 7))


class Pipe(io.RawIOBase):
    """A file that cannot be moved in and tells no size, in small pieces."""

    def __init__(self, content: bytes) -> None:
        self._left = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._left.read(min(size, 1000) if size >= 0 else size)


def test_all_that_can_be_given(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_bytes(b"x,y\n1,2\n")
    with path.open("rb") as opened:
        given = [str(path), path, ("named.csv", path), opened, ("other.csv", opened),
                 ("bytes.csv", b"x,y\n1,2\n"), ("array.csv", bytearray(b"x,y\n1,2\n")),
                 ("memory.csv", io.BytesIO(b"x,y\n1,2\n")), ("pipe.csv", Pipe(b"x,y\n1,2\n"))]  # fmt: skip
        found = sources_of(given, SETTINGS)
        assert [source.name for source in found] == [
            "report.csv", "report.csv", "named.csv", "report.csv", "other.csv", "bytes.csv", "array.csv", "memory.csv",
            "pipe.csv",
        ]  # fmt: skip
        for source in found:
            assert source.size == 8
            assert read(source) == b"x,y\n1,2\n"
            assert source.sha256() == hashlib.sha256(b"x,y\n1,2\n").hexdigest()
            source.close()
        assert not opened.closed, "what was given stays open"


@pytest.mark.parametrize("alone", ["report.csv", Path("report.csv"), ("report.csv", b"abc"), ("a.csv", io.BytesIO())])
def test_one_alone_is_a_list_of_one(alone: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("report.csv").write_bytes(b"abc")
    assert len(sources_of(alone, SETTINGS)) == 1


def test_two_paths_in_a_tuple_are_two(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"")
    assert len(sources_of((str(tmp_path / "a"), str(tmp_path / "b")), SETTINGS)) == 2
    assert sources_of(None, SETTINGS) == sources_of([], SETTINGS) == []


def test_of_an_open_file_all_is_sent_and_it_stays_where_it_stood() -> None:
    file = io.BytesIO(b"abcdef")
    file.seek(4)
    [source] = sources_of([("a.txt", file)], SETTINGS)
    assert read(source) == b"abcdef"
    source.close()
    assert file.tell() == 4


def test_a_frame_is_told_how_it_becomes_a_file() -> None:
    with pytest.raises(errors.Invalid, match=r"to_csv\(\).encode\(\)"):
        sources_of([pd.DataFrame()], SETTINGS)
    with pytest.raises(errors.Invalid, match=r"to_csv\(\).encode\(\)"):
        sources_of(pd.DataFrame({"x": [1]}), SETTINGS)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (5, "files is a list"),
        ([5], "5 is no file: give a path"),
        ([b"abc"], "content without a name"),
        ([("a.txt", "text")], "text.encode"),
        ([("a.txt", 5)], "5: give a path"),
        ([("a", b"", b"")], r"\(name, bytes\)"),
        ([(1, b"")], r"\(name, bytes\)"),
        ([("", b"")], "1 to 1,024 characters"),
        ([("x" * 1025, b"")], "1 to 1,024 characters"),
        ([io.BytesIO(b"abc")], "given with one"),
        ([("a.txt", io.StringIO("abc"))], "mode 'rb'"),
        (["/"], "is a folder"),
        (["/dev/null"], "no file that can be sent"),
        (["a\0b"], "cannot be read"),
    ],
)
def test_what_is_no_file(given: Any, says: str) -> None:
    with pytest.raises(errors.Invalid, match=says):
        sources_of(given, SETTINGS)


def test_a_path_that_is_not_there_says_where_it_was_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(errors.NotFound, match=f"'nope.csv'.*{tmp_path}"):
        sources_of(["nope.csv"], SETTINGS)


def test_closed_and_text_files(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("abc")
    with path.open("rb") as opened:
        pass
    with pytest.raises(errors.Invalid, match="is closed"):
        sources_of([opened], SETTINGS)
    with path.open() as text, pytest.raises(errors.Invalid, match="mode 'rb'"):
        sources_of([text], SETTINGS)


def test_a_name_of_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(path, "wb"):  # noqa: PTH123
        pass
    [source] = sources_of([os.fsdecode(path)], SETTINGS)
    assert source.name == "caf\ufffd.txt"


class TestLimits:
    def test_too_many(self) -> None:
        files = [(f"{number}.txt", b"") for number in range(12)]
        with pytest.raises(errors.TooLarge, match=r"at most 10 files; these are 12, 2 too many, from '10\.txt' on"):
            sources_of(files, SETTINGS)
        assert len(sources_of(files[:10], SETTINGS)) == 10

    def test_none_at_all(self) -> None:
        with pytest.raises(errors.TooLarge, match="have no files"):
            sources_of([("a", b"")], WorkspaceSettings(attachments=0))
        assert sources_of([], WorkspaceSettings(attachments=0)) == []

    def test_one_byte_over_names_the_file_that_does_not_fit(self) -> None:
        settings = WorkspaceSettings(attachment_bytes=100)
        files = [("a.bin", bytes(60)), ("b.bin", bytes(41)), ("c.bin", b"")]
        with pytest.raises(
            errors.TooLarge, match=r"100 bytes together; these have 101, 1 byte too many\. 'b.bin' \(41 bytes\)"
        ):
            sources_of(files, settings)
        assert len(sources_of([("a.bin", bytes(60)), ("b.bin", bytes(40))], settings)) == 2

    def test_what_tells_no_size_is_read_no_further_than_there_is_room(self) -> None:
        settings = WorkspaceSettings(attachment_bytes=10_000)
        endless = Pipe(bytes(10**6))
        with pytest.raises(errors.TooLarge, match="'endless' has more than the 9,000 that are left"):
            sources_of([("endless", endless), ("a", bytes(1000))], settings)
        assert len(endless.read()) > 980_000

    def test_what_is_refused_leaves_nothing_open(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        made: list[Any] = []
        temporary = tempfile.TemporaryFile

        def remember(*args: Any, **options: Any) -> Any:
            made.append(temporary(*args, **options))
            return made[-1]

        monkeypatch.setattr("collabchat.client.sources.tempfile.TemporaryFile", remember)
        settings = WorkspaceSettings(attachment_bytes=1500)
        with pytest.raises(errors.TooLarge):
            sources_of([("a", Pipe(bytes(1000))), ("b", Pipe(bytes(1000)))], settings)
        assert [file.closed for file in made] == [True, True]


def test_a_file_that_becomes_shorter(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_bytes(bytes(1000))
    [source] = sources_of([path], SETTINGS)
    path.write_bytes(bytes(10))
    with pytest.raises(errors.Invalid, match="has become shorter while it was sent: it had 1,000 bytes"):
        source.sha256()
    source.close()


def test_a_file_that_grows_is_sent_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_bytes(b"abc")
    [source] = sources_of([path], SETTINGS)
    path.write_bytes(b"abcdef")
    assert source.sha256() == hashlib.sha256(b"abc").hexdigest()
    source.close()


def test_a_file_that_is_closed_meanwhile() -> None:
    file = io.BytesIO(b"abc")
    [source] = sources_of([("a.txt", file)], SETTINGS)
    file.close()
    with pytest.raises(errors.Invalid, match=r"'a\.txt' cannot be read"):
        source.sha256()
