"""The process itself: what it gives up before it opens a file, and that no file makes it take more than it may."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import hostile
import msgspec
import psutil
import pytest

from collabchat import protocol as p
from collabchat.hub import reader_process
from collabchat.hub.reader_process import Ended, Made, ReaderProcess, TooSlow
from collabchat.previews import jobs, limits
from collabchat.previews.making import TOO_DEEP, TOO_LARGE

linux = pytest.mark.skipif(sys.platform != "linux", reason="a limit that Linux alone keeps")
ROOT = Path(__file__).parents[2]


class Reader:
    """A process that is started again where it has left; the most memory that any of them had."""

    def __init__(self, folder: Path, job_of: Callable[..., jobs.Job]) -> None:
        self._folder = folder
        self._job_of = job_of
        self.process = ReaderProcess(folder, 30)
        self.most = 0

    def ask(self, content: bytes, name: str, what: str = "preview") -> Made:
        job = self._job_of(content, name, what)
        if not self.process.alive:
            self.process = ReaderProcess(self._folder, 30)
        made, _ = self.process.ask(msgspec.convert(msgspec.to_builtins(job), reader_process.Job))
        assert made.fault == ""
        if sys.platform == "linux" and self.process.alive:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
            self.most = max(self.most, int(status.split("VmHWM:")[1].split()[0]) * 1024)
        return made


@pytest.fixture
def reader(tmp_path: Path, job_of: Callable[..., jobs.Job]) -> Iterator[Reader]:
    made = Reader(tmp_path, job_of)
    yield made
    made.process.close()


@pytest.mark.parametrize("name", ["Job", "Made"])
def test_both_sides_say_the_same(name: str) -> None:
    ours, theirs = getattr(jobs, name), getattr(reader_process, name)
    assert [field.name for field in msgspec.structs.fields(ours)] == [
        field.name for field in msgspec.structs.fields(theirs)
    ]


def test_it_reads_files_one_after_the_other(reader: Reader) -> None:
    first = reader.process.pid
    for _ in range(3):
        assert isinstance(reader.ask(b"a,b\n1,2\n", "a.csv").preview, p.TablePreview)
        assert reader.ask(hostile.png(300, 300), "a.png", "thumbnail").width == 300
        assert reader.ask(b"words", "a.txt", "text").text == "words"
    assert reader.process.pid == first


HOSTILE: list[tuple[Callable[[], bytes], str, str, object]] = [
    (hostile.bomb_workbook, "a.xlsx", "preview", p.NoPreview(problem="This workbook is too large to be shown.")),
    (
        hostile.bomb_document,
        "a.docx",
        "preview",
        p.NoPreview(problem="This document could not be read: it may be damaged."),
    ),
    (lambda: hostile.png(50_000, 50_000), "a.png", "thumbnail", None),
    (lambda: hostile.png(9_900, 10_000), "a.png", "thumbnail", 475),
    (lambda: hostile.gif(9_000, 10_000), "a.gif", "thumbnail", 432),
    (lambda: hostile.gif(65_535, 65_535), "a.gif", "thumbnail", None),
    (hostile.bomb_parquet, "a.parquet", "preview", p.NoPreview(problem=TOO_LARGE)),
    (hostile.deep_json, "a.json", "preview", p.NoPreview(problem=TOO_DEEP)),
    (hostile.deep_json, "a.jsonl", "preview", p.NoPreview(problem=TOO_DEEP)),
    (hostile.deep_notebook, "a.ipynb", "preview", p.NoPreview(problem=TOO_DEEP)),
    (
        lambda: b"a,b" * 30_000_000,
        "a.csv",
        "preview",
        p.NoPreview(problem="This file has a line of more than 4,000,000 characters, so it is shown as no table."),
    ),
    (
        lambda: b"%PDF-1.7\n" + bytes(range(256)) * 999,
        "a.pdf",
        "preview",
        p.NoPreview(problem="This PDF could not be read: it may be damaged."),
    ),
]


def test_hostile_files_are_answered_within_the_limits(reader: Reader) -> None:
    for make, name, what, expected in HOSTILE:
        content = make()
        made = reader.ask(content, name, what)
        assert (made.preview if what == "preview" else made.width or None) == expected, name
        assert not reader.ask(content, name, "text").text or name in ("a.csv", "a.json", "a.jsonl")
    if sys.platform == "linux":
        assert 0 < reader.most <= limits.MEMORY + 256 * 2**20


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The same with some bytes changed, gone or there twice."""
    found = bytearray(content)
    for _ in range(chance.choice([1, 1, 3, 20])):
        at = chance.randrange(8, len(found))
        match chance.randrange(4):
            case 0 | 1:
                found[at] = chance.randrange(256)
            case 2:
                del found[at : at + chance.randrange(1, 40)]
            case _:
                found[at:at] = found[: chance.randrange(1, 40)]
        found.extend(bytes(max(0, 9 - len(found))))
    return bytes(found)


def test_damaged_files_are_answered(reader: Reader) -> None:
    whole: dict[str, bytes] = {path.name: path.read_bytes() for path in (ROOT / "data" / "files").iterdir()}
    whole |= {
        "a.parquet": hostile.parquet(100),
        "a.xlsx": hostile.workbook([["a", "b"], [1, 2]]),
        "a.docx": hostile.document(hostile.paragraph("words")),
        "a.zip": hostile.zipped({"a.txt": "x" * 99, "b": "y"}),
        "a.jsonl": b'{"a": 1}\n{"a": "x"}\n',
    }
    chance = random.Random(4711)
    for name in sorted(whole) * 5:
        content = damaged(whole[name], chance)
        made = reader.ask(content, name)  # no fault that nobody had thought of
        assert made.preview is not None
        reader.ask(content, name, "thumbnail")
        reader.ask(content, name, "text")


def test_a_table_of_nothing_but_room_ends_the_process_and_no_more(reader: Reader) -> None:
    with pytest.raises(Ended):
        reader.ask(hostile.wide_workbook(), "a.xlsx")
    assert not reader.process.alive
    assert isinstance(reader.ask(b"a,b\n1,2\n", "a.csv").preview, p.TablePreview)


def test_it_leaves_with_what_it_has_used_up(reader: Reader) -> None:
    made = reader.ask(hostile.bomb_parquet(), "a.parquet")
    assert made.leaves
    assert not reader.process.alive


def test_what_takes_too_long_is_ended(tmp_path: Path, job_of: Callable[..., jobs.Job]) -> None:
    process = ReaderProcess(tmp_path, 0.05)
    job = job_of(b"a,b\n" + b"1,2\n" * 500_000, "a.csv")
    with pytest.raises(TooSlow):
        process.ask(msgspec.convert(msgspec.to_builtins(job), reader_process.Job))
    assert not process.alive


def test_it_leaves_when_the_hub_is_gone(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "collabchat.previews", str(tmp_path)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, cwd=ROOT, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, b"")


TRIES = """
import os, pathlib, socket, subprocess, sys
from collabchat.previews import limits
limits.before_imports()
limits.confine(pathlib.Path(sys.argv[1]))
def refused(what):
    try:
        what()
    except OSError:
        return "refused"
    return "done"
def write():
    with open(sys.argv[1] + "/new", "w") as file:
        file.write("x" * 10)
print(refused(lambda: socket.create_connection(("127.0.0.1", int(sys.argv[2])), 5)))
print(refused(lambda: socket.socket(socket.AF_UNIX)))
print(refused(lambda: subprocess.run(["true"])))
print(refused(lambda: os.remove(sys.argv[1] + "/kept")))
print(refused(lambda: os.rename(sys.argv[1] + "/kept", sys.argv[1] + "/other")))
print(refused(lambda: os.truncate(sys.argv[1] + "/kept", 0)))
print(refused(lambda: os.kill(os.getppid(), 0)))
print(refused(write))
print(refused(lambda: open(sys.argv[3]).read()))
print(refused(lambda: open(f"/proc/{os.getppid()}/environ").read()))
print(refused(lambda: os.listdir(os.path.expanduser("~"))))
print(open(sys.argv[1] + "/kept").read(), os.nice(0))
import pyarrow.parquet, duckdb, PIL.Image, pypdfium2, python_calamine, zoneinfo
"""


@linux
def test_it_gives_up_network_programs_and_changes(tmp_path: Path) -> None:
    import signal
    import socket

    folder, outside = tmp_path / "files", tmp_path / "outside"
    folder.mkdir()
    (folder / "kept").write_text("kept")
    outside.write_text("secret")
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = subprocess.run(
            [sys.executable, "-c", TRIES, str(folder), str(server.getsockname()[1]), str(outside)],
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=60,
            check=False,
            # It is told by a signal where it writes more than nothing.
            preexec_fn=lambda: signal.signal(signal.SIGXFSZ, signal.SIG_IGN) and None,
        )
    assert done.stdout.split() == ["refused"] * 11 + ["kept", "10"], done.stderr
    assert (folder / "kept").read_text() == "kept"


@linux
def test_memory_past_the_limit_is_not_to_be_had() -> None:
    code = (
        "import pathlib; from collabchat.previews import limits; limits.before_imports()\n"
        "limits.confine(pathlib.Path('.'))\n"
        "kept = []\n"
        "try:\n"
        "    while True: kept.append(bytearray(50_000_000))\n"
        "except MemoryError: print(len(kept))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60, check=True
    )
    assert 10 <= int(done.stdout) <= limits.MEMORY // 50_000_000


def test_the_watch_over_memory_ends_the_process() -> None:
    """As on systems that keep no limit: the thread alone."""
    code = (
        "import threading; from collabchat.previews import limits\n"
        "limits.MEMORY = 64 * 2**20 - 256 * 2**20\n"
        "threading.Thread(target=limits._watch).start()\n"
        "kept = bytes(range(256)) * 500_000"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, check=False)
    assert done.returncode == limits.OUT_OF_MEMORY


@linux
def test_time_of_the_processor_is_limited() -> None:
    code = "from collabchat.previews import limits\nwith limits.processor_time(0):\n    while True: pass"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, check=False)
    assert done.returncode < 0


def test_it_is_given_none_of_the_hubs_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLLABCHAT_SECRET", "x")
    process = ReaderProcess(tmp_path, 30)
    try:
        environment = psutil.Process(process.pid).environ()
    finally:
        process.close()
    assert "COLLABCHAT_SECRET" not in environment
    assert environment["PYTHONSAFEPATH"] == "1"
    assert "HOME" not in environment
    assert os.environ["COLLABCHAT_SECRET"] == "x"
