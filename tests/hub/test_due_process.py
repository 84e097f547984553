"""Real hubs and the clock of every day: what is scheduled is posted exactly once, and no hub leaves before it is."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from hubs import info, until
from wire import Wire

from collabchat.store import doctor, schema

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no Unix sockets, no signals")

KILLS = int(os.environ.get("COLLABCHAT_DUE_KILLS", "3"))
Process = subprocess.Popen[str]
Start = Callable[..., Process]


@pytest.fixture
def team(tmp_path: Path) -> Path:
    return tmp_path / "team"


def _address(team: Path, pid: int) -> str | None:
    told = info(team)
    return str(told["address"]) if told.get("pid") == pid else None


@pytest.fixture
def start(team: Path) -> Iterator[Start]:
    """Starts a hub; whatever still runs at the end is killed."""
    made: list[Process] = []

    def start(*words: str) -> Process:
        process = subprocess.Popen(
            [sys.executable, "-m", "collabchat", "hub", str(team), *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        made.append(process)
        until(lambda: process.poll() is not None or _address(team, process.pid))
        assert process.poll() is None, process.communicate()
        return process

    yield start
    for process in made:
        process.kill()
        process.communicate()


def _wire(team: Path, process: Process) -> Wire:
    wire = Wire(_address(team, process.pid) or "")
    assert wire.hello("ana")["type"] == "welcome"
    return wire


def _now() -> int:
    return time.time_ns() // 1000


def _posted(team: Path) -> list[tuple[str, int]]:
    """The texts of a workspace that no hub has open, and when they were posted."""
    with duckdb.connect(str(team / schema.FILE), read_only=True) as database:
        return database.execute(
            "SELECT text, epoch_us(time) FROM messages WHERE kind = 'text' ORDER BY seq"
        ).fetchall()  # fmt: skip


def test_a_hub_does_not_leave_while_something_is_scheduled_and_leaves_after_it(team: Path, start: Start) -> None:
    process = start("--idle", "0.2")
    with _wire(team, process) as ana:
        room = ana.ask("create_room", name="pipeline")["id"]
        at = _now() + 900_000
        assert ana.ask("schedule", room=room, text="good morning", at=at)["type"] == "ack"
        dropped = ana.ask("schedule", room=room, text="not this", at=at + 10**12)["id"]
        assert ana.ask("unschedule", id=dropped)["type"] == "ack"
        # A reminder is kept, and keeps nobody here.
        assert ana.ask("save", note="look at it", remind_at=at + 10**12)["type"] == "ack"
    assert process.wait(30) == 0
    [(text, when)] = _posted(team)
    assert text == "good morning"
    assert at <= when < at + 10_000_000
    assert doctor.check(team).findings == []


def test_what_came_due_while_no_hub_ran_is_posted_when_one_starts(team: Path, start: Start) -> None:
    first = start()
    with _wire(team, first) as ana:
        room = ana.ask("create_room", name="pipeline")["id"]
        at = _now() + 300_000
        assert ana.ask("schedule", room=room, text="overslept", at=at)["type"] == "ack"
        os.kill(first.pid, signal.SIGKILL)
    first.wait()
    until(lambda: _now() > at)
    second = start("--idle", "0.2")
    assert second.wait(30) == 0
    [(text, when)] = _posted(team)
    assert (text, when > at) == ("overslept", True)


@pytest.mark.slow
def test_each_is_posted_once_though_the_hub_is_killed_around_its_time(team: Path, start: Start) -> None:
    chance = random.Random(5)
    wanted: list[str] = []
    process, room = start(), ""
    for kill in range(KILLS):
        with _wire(team, process) as ana:
            room = room or ana.ask("create_room", name="pipeline")["id"]
            begin = _now() + 800_000
            for n in range(12):
                text = f"{kill}:{n}"
                reply = ana.ask("schedule", room=room, text=text, at=begin + n * 15_000)
                assert reply["type"] == "ack", reply
                wanted.append(text)
            # In the midst of those that are due.
            aim = begin + chance.randrange(0, 200_000)
            until(lambda aim=aim: _now() >= aim)
            os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert doctor.check(team).findings == []
        process = start()
    process.terminate()
    assert process.wait(30) == 0
    last = start("--idle", "0.2")
    assert last.wait(30) == 0
    found = [text for text, _ in _posted(team)]
    assert sorted(found) == sorted(wanted)
    assert doctor.check(team).findings == []
    with duckdb.connect(str(team / schema.FILE), read_only=True) as database:
        assert database.execute("SELECT count(*) FROM personal").fetchone() == (0,)
        left = """SELECT count(*) FROM events WHERE type = 'scheduled' AND data->>'text' <> ''"""
        assert database.execute(left).fetchone() == (0,)
