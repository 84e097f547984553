"""What was answered is there once, and what was refused is nowhere: while the hub is killed, and on a full disk."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from disks import fill, small_disk
from hubs import stop_hub

import collabchat
from collabchat.errors import Archived, CollabchatError, DiskFull, HubUnavailable
from collabchat.store import doctor

MEGABYTE = 1024 * 1024
ROOM, CLOSED = "load", "closed"


class Writers:
    """People who post until they are stopped, each waiting for the answer; what they were told, in their order."""

    def __init__(self, folder: Path, count: int, *, size: int = 0, closed: bool = False) -> None:
        self.folder, self.size, self.closed = folder, size, closed
        self.answered: list[list[tuple[str, str]]] = [[] for _ in range(count)]
        self.refused: list[list[str]] = [[] for _ in range(count)]
        self.failures: list[BaseException] = []
        self._stop = threading.Event()
        self._changed = threading.Condition()
        self._threads = [threading.Thread(target=self._run, args=(number,)) for number in range(count)]
        for thread in self._threads:
            thread.start()

    def _run(self, number: int) -> None:
        try:
            with collabchat.connect(self.folder, user=f"w{number}", timeout=60) as chat:
                room = chat.room(ROOM)
                room.join()
                n = 0
                while not self._stop.is_set():
                    self._post(room, number, f"w{number}:{n}:{os.urandom(self.size // 2).hex()}")
                    if self.closed and n % 3 == 0:
                        self._post(chat.room(CLOSED), number, f"w{number}:{n}:closed")
                    n += 1
        except BaseException as error:
            self.failures.append(error)

    def _post(self, room: collabchat.Room, number: int, text: str) -> None:
        try:
            message = room.post(text)
        except (DiskFull, Archived, HubUnavailable):
            self.refused[number].append(text)
            self._stop.wait(0.01)
        else:
            self.answered[number].append((text, message.id))
        with self._changed:
            self._changed.notify_all()

    def until(self, found: Callable[[], bool], within: float = 60.0) -> None:
        with self._changed:
            done = self._changed.wait_for(lambda: bool(self.failures) or found(), within)
        assert self.failures == []
        assert done, f"{[len(one) for one in self.answered]} answered, {[len(one) for one in self.refused]} refused"

    def more(self, count: int) -> None:
        """Wait until each was answered so many times more."""
        before = [len(one) for one in self.answered]
        self.until(lambda: all(len(a) >= b + count for a, b in zip(self.answered, before, strict=True)))

    def more_refused(self, count: int) -> None:
        before = [len(one) for one in self.refused]
        self.until(lambda: all(len(a) >= b + count for a, b in zip(self.refused, before, strict=True)))

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(90)
        assert not any(thread.is_alive() for thread in self._threads)

    def check(self, chat: collabchat.Chat) -> None:
        frame = chat.messages()
        frame = frame[frame["kind"] == "text"]
        found = dict(zip(frame["text"], frame["id"], strict=True))
        assert [text for text, times in Counter(frame["text"]).items() if times > 1] == []
        for answered, refused in zip(self.answered, self.refused, strict=True):
            assert [text for text, message in answered if found.get(text) != message] == []
            assert [text for text in refused if text in found] == []
            order = [int(message) for _, message in answered]
            assert order == sorted(order)
        if chat.me == "reader":  # asked when all have stopped: nothing is there of which nobody was told
            assert set(found) == {text for answered in self.answered for text, _ in answered}


def _hub(folder: Path) -> int:
    try:
        return int(json.loads((folder / "hub.json").read_text())["pid"])
    except (FileNotFoundError, json.JSONDecodeError):
        return 0


def _until_hub(folder: Path, pid: int, within: float = 30.0) -> None:
    deadline = time.monotonic() + within
    while _hub(folder) != pid:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _kill_hub(folder: Path, within: float = 30.0) -> None:
    deadline = time.monotonic() + within
    while True:
        pid = _hub(folder)
        if pid:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:  # the one that was killed before: the next one is on its way
                pid = 0
        if pid:
            return
        assert time.monotonic() < deadline
        time.sleep(0.01)


DYING_HUB = """
import os, signal, sys
from pathlib import Path
from collabchat import protocol as p
from collabchat.hub.main import run
from collabchat.store.log import DuckLog

commit, posts, moment = DuckLog._commit, int(sys.argv[2]), sys.argv[3]

def dying(log, events):
    global posts
    posts -= sum(isinstance(event.data, p.Posted) for event in events)
    if posts <= 0 and moment == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    failure = commit(log, events)
    if posts <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return failure

DuckLog._commit = dying
sys.exit(run(Path(sys.argv[1])))
"""


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before", "after"])
def test_dead_right_before_or_after_the_commit(workspace: Path, moment: str) -> None:
    """After it the posts are on disk and nobody knows: they are sent again, and must not be there twice."""
    with collabchat.connect(workspace, user="ana") as ana:
        ana.create_room(ROOM)
    for posts in (1, 25):
        stop_hub(workspace)
        with subprocess.Popen([sys.executable, "-c", DYING_HUB, str(workspace), str(posts), moment]) as hub:
            _until_hub(workspace, hub.pid)
            writers = Writers(workspace, 5, size=20)
            try:
                assert hub.wait(60) == -signal.SIGKILL
                writers.more(5)
            finally:
                hub.kill()
                writers.stop()
        assert writers.failures == []
        with collabchat.connect(workspace, user="ana") as ana:
            writers.check(ana)
    stop_hub(workspace)
    assert doctor.check(workspace).findings == []


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", "64m") as made:
        yield made
        stop_hub(made / "team")


@pytest.mark.slow
def test_killed_while_some_posts_are_refused(workspace: Path) -> None:
    with collabchat.connect(workspace, user="ana") as ana:
        ana.create_room(ROOM)
        ana.create_room(CLOSED, members=[])
        closed = ana.room(CLOSED)
        people = [collabchat.connect(workspace, user=f"w{number}") for number in range(8)]
        for one in people:
            one.room(CLOSED).join()
            one.close()
        closed.archive()
        writers = Writers(workspace, 8, closed=True)
        try:
            for _ in range(6):
                writers.more(10)
                _kill_hub(workspace)
            writers.more(10)
        finally:
            writers.stop()
        assert writers.failures == []
        assert all(len(refused) > 10 for refused in writers.refused)
        with collabchat.connect(workspace, user="reader") as reader:
            reader.room(ROOM).join()
            writers.check(reader)
        assert all(message.kind == "system" for message in closed.history(limit=200))
    stop_hub(workspace)
    assert doctor.check(workspace).findings == []


@pytest.mark.slow
def test_a_full_disk_under_load_and_a_hub_that_is_killed_there(disk: Path) -> None:
    folder = disk / "team"
    with collabchat.connect(folder, user="ana", timeout=60) as ana:
        room = ana.create_room(ROOM)
        room.post("the first words")
        writers = Writers(folder, 6, size=2_000)
        try:
            writers.more(20)
            filler = fill(disk, leave=12 * MEGABYTE)
            writers.more_refused(5)
            with pytest.raises(DiskFull, match="make room"):
                room.post("not now")
            # Reading goes on, of what is old and of what is new.
            assert room.history(limit=1)
            writers.check(ana)
            _kill_hub(folder)
            writers.more_refused(5)
            assert room.history(limit=1)
            writers.check(ana)
            filler.unlink()
            writers.more(20)
            _kill_hub(folder)
            writers.more(5)
        finally:
            writers.stop()
        assert writers.failures == []
        room.post("the last words")
        texts = list(ana.messages().query("author == 'ana' and kind == 'text'")["text"])
        assert texts == ["the first words", "the last words"]
    stop_hub(folder)
    assert doctor.check(folder).findings == []


@pytest.mark.slow
def test_not_a_byte_is_left(disk: Path) -> None:
    """Then no hub can start, or it takes nothing; it says so, and all is there when there is room again."""
    folder = disk / "team"
    with collabchat.connect(folder, user="ana") as ana:
        ana.create_room(ROOM)
        writers = Writers(folder, 2, size=2_000)
        writers.more(20)
        writers.stop()
    _kill_hub(folder)
    filler = fill(disk, leave=0)
    refused = None
    try:
        with collabchat.connect(folder, user="ana", timeout=20) as ana:
            ana.room(ROOM).post("no room for this")
    except CollabchatError as error:
        refused = error
    assert refused is not None
    filler.unlink()
    stop_hub(folder)
    with collabchat.connect(folder, user="ana", timeout=30) as ana:
        writers.check(ana)
        ana.room(ROOM).post("there is room again")
    stop_hub(folder)
    assert doctor.check(folder).findings == []
