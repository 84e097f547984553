"""Nothing that was answered is ever lost: the hub is killed under load, again and again."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest
import writers
from hubs import stop_hub

import collabchat
from collabchat.store import doctor

WRITERS, PROCESSES = 32, 4
POSTS = int(os.environ.get("COLLABCHAT_KILL_POSTS", "5120"))
KILLS = int(os.environ.get("COLLABCHAT_KILLS", "20"))


class Answered:
    """What the writers were told, as they are told it."""

    def __init__(self, processes: list) -> None:
        self.ids: dict[tuple[int, int], str] = {}
        self.more = threading.Condition()
        self.threads = [threading.Thread(target=self._read, args=(one,), daemon=True) for one in processes]
        for thread in self.threads:
            thread.start()

    def _read(self, process) -> None:
        for line in process.stdout:
            number, n, message = line.split()
            with self.more:
                self.ids[int(number), int(n)] = message
                self.more.notify_all()

    def wait(self, count: int, within: float = 60.0) -> None:
        with self.more:
            assert self.more.wait_for(lambda: len(self.ids) >= count, within), f"{len(self.ids)} of {count}"


def _hub(folder: Path, within: float = 30.0) -> int:
    deadline = time.monotonic() + within
    while True:
        try:
            return int(json.loads((folder / "hub.json").read_text())["pid"])
        except (FileNotFoundError, json.JSONDecodeError):
            assert time.monotonic() < deadline
            time.sleep(0.01)


def _check(folder: Path, answered: dict[tuple[int, int], str]) -> None:
    with collabchat.connect(folder, user="reader") as chat:
        frame = chat.messages()
    frame = frame[frame["kind"] == "text"]
    found: dict[str, list[str]] = {}
    for text, message in zip(frame["text"], frame["id"], strict=True):
        found.setdefault(text, []).append(message)
    twice = {text: ids for text, ids in found.items() if len(ids) > 1}
    assert twice == {}
    lost = [key for key, message in answered.items() if found.get(f"w{key[0]}:{key[1]}") != [message]]
    assert lost == []
    for number in {key[0] for key in answered}:
        mine = [int(text.split(":")[1]) for text in frame["text"] if text.startswith(f"w{number}:")]
        assert mine == list(range(len(mine))), "in the order in which they were written, none missing between"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_kill_9_under_load(workspace: Path) -> None:
    with collabchat.connect(workspace, user="ana") as chat:
        chat.create_room(writers.ROOM)
    each = POSTS // WRITERS
    per = WRITERS // PROCESSES
    processes = [writers.start(workspace, first=n * per, count=per, posts=each) for n in range(PROCESSES)]
    try:
        answered = Answered(processes)
        for kill in range(KILLS):
            answered.wait((kill + 1) * POSTS // (KILLS + 2))
            os.kill(_hub(workspace), signal.SIGKILL)
            if kill % 5 == 4:
                with answered.more:
                    known = dict(answered.ids)
                _check(workspace, known)
        for process in processes:
            assert process.wait(120) == 0, process.stderr.read()
        for thread in answered.threads:
            thread.join(10)
        assert len(answered.ids) == each * WRITERS
        _check(workspace, answered.ids)
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    stop_hub(workspace)
    assert doctor.check(workspace).findings == []
