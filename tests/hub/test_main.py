"""The hub as a process: it starts once, says where it is, keeps what it answered, and leaves."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

import collabchat
from collabchat import errors
from collabchat.store import doctor, schema

Start = Callable[..., subprocess.Popen[str]]


def until(found: Callable[[], Any], within: float = 20.0) -> Any:
    deadline = time.monotonic() + within
    while not (got := found()):
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.02)
    return got


@pytest.fixture
def start(workspace: Path) -> Iterator[Start]:
    """Starts a hub of the workspace by hand; all are gone at the end."""
    made: list[subprocess.Popen[str]] = []

    def start(*words: str, wait: bool = True) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "collabchat", "hub", str(workspace), *words]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        made.append(process)
        if wait:
            until(lambda: process.poll() is not None or info(workspace).get("pid") == process.pid)
            assert process.poll() is None, process.communicate()
        return process

    yield start
    for process in made:
        process.kill()
        process.communicate()


def info(workspace: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((workspace / "hub.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return found


def command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "collabchat", *words], capture_output=True, text=True, timeout=60)


def test_it_says_where_it_is_and_takes_that_away_when_it_leaves(workspace: Path, start: Start) -> None:
    process = start()
    found = info(workspace)
    assert found["pid"] == process.pid
    assert found["version"] == collabchat.__version__
    assert found["address"] == f"unix:{workspace / 'hub.sock'}"
    assert found["token_file"] is None
    assert abs(found["started_at"] / 1e6 - time.time()) < 60
    assert stat.S_IMODE(workspace.stat().st_mode) == 0o700
    process.terminate()
    assert process.wait(20) == 0
    assert info(workspace) == {}
    assert not (workspace / "hub.sock").exists()
    log = (workspace / "hub.log").read_text()
    assert "listens on" in log
    assert "leaves at seq" in log


def test_there_is_one_of_it(workspace: Path, start: Start, chat_of: Callable[..., Any]) -> None:
    first = start()
    room = chat_of("ana").create_room("pipeline")
    second = start(wait=False)
    _, said = second.communicate(timeout=30)
    assert second.returncode == 1
    assert "runs already" in said
    assert "Traceback" not in said
    room.post("still here")
    assert info(workspace)["pid"] == first.pid


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_what_was_answered_is_kept_when_it_is_told_to_stop(
    workspace: Path, start: Start, chat_of: Callable[..., Any], kind: signal.Signals
) -> None:
    process = start()
    ana = chat_of("ana")
    room = ana.create_room("pipeline")
    answered: list[str] = []
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            answered.append(room.post(f"{len(answered)}").id)

    writer = threading.Thread(target=write)
    writer.start()
    until(lambda: len(answered) > 50)
    process.send_signal(kind)
    assert process.wait(20) == 0
    # The writer's next answer comes from the hub that is started in its place.
    count = len(answered)
    until(lambda: len(answered) > count + 5, 40)
    stop.set()
    writer.join()
    found = ana.messages()
    assert found["id"].tolist() == answered
    assert found["text"].tolist() == [str(n) for n in range(len(answered))]


def test_it_leaves_when_nobody_is_there_and_not_before(workspace: Path, start: Start) -> None:
    process = start("--idle", "0.5")
    with collabchat.connect(workspace, user="ana") as ana:
        room = ana.create_room("pipeline")
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            room.post("busy")
        assert process.poll() is None
        quiet = time.monotonic() + 1.5
        until(lambda: time.monotonic() > quiet)
        assert process.poll() is None
    assert process.wait(20) == 0


def test_the_next_hub_takes_the_place_of_one_that_was_killed(workspace: Path, start: Start) -> None:
    process = start()
    with collabchat.connect(workspace, user="ana") as ana:
        ana.create_room("pipeline").post("before")
    process.kill()
    process.wait()
    assert info(workspace)["pid"] == process.pid
    other = start()
    with collabchat.connect(workspace, user="ana") as ana:
        assert ana.messages()["text"].tolist() == ["before"]
    assert info(workspace)["pid"] == other.pid


def test_a_folder_that_cannot_be_one_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / schema.FILE).write_bytes(b"no database" * 1_000)
    for folder in (file, file / "below", tmp_path / "damaged"):
        done = command("hub", str(folder))
        assert done.returncode == 1
        assert done.stderr.startswith("collabchat hub: ")
        assert "Traceback" not in done.stderr


def test_a_file_of_a_newer_version_is_refused_and_left_as_it_is(workspace: Path, start: Start) -> None:
    process = start()
    process.terminate()
    process.wait(20)
    file = workspace / schema.FILE
    with duckdb.connect(str(file)) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'version'")
    before = file.read_bytes()
    done = command("hub", str(workspace))
    assert done.returncode == 1
    assert "newer collabchat" in done.stderr
    assert file.read_bytes() == before
    with pytest.raises(errors.HubUnavailable, match="newer collabchat"):
        collabchat.connect(workspace, user="ana", timeout=30)


def test_it_tells_how_it_is_and_stops_when_it_is_told(workspace: Path, start: Start, chat_of: Callable) -> None:
    process = start()
    ana, bo = chat_of("ana"), chat_of("bo")
    room = ana.create_room("pipeline", members=["bo"])
    for n in range(20):
        room.post(f"{n}")
    done = command("hub", str(workspace), "--status", "--json")
    status = json.loads(done.stdout)
    assert (status["version"], status["pid"]) == (collabchat.__version__, process.pid)
    assert (status["members"], status["members_connected"], status["connections"]) == (2, 2, 2)
    assert (status["messages"], status["seq"], status["queue"]) == (20, ana.seq, 0)
    assert 0 < status["commit_p50"] <= status["commit_p99"]
    assert status["database_bytes"] > 0
    assert status["memory_bytes"] > 10_000_000
    # Whoever looks after the hub did not become a member by that.
    assert bo.members()["member"].tolist() == ["ana", "bo"]
    ana.close()
    bo.close()
    assert command("hub", str(workspace), "--stop").returncode == 0
    assert process.wait(20) == 0
    assert command("hub", str(workspace), "--status").returncode == 1


@pytest.mark.timeout(180)
def test_a_backup_while_others_write(workspace: Path, start: Start, tmp_path: Path) -> None:
    start()
    stop = threading.Event()
    answered: list[str] = []
    with collabchat.connect(workspace, user="ana") as ana:
        room = ana.create_room("pipeline")

        def write(number: int) -> None:
            while not stop.is_set():
                answered.append(room.post(f"{number}").id)

        writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for writer in writers:
            writer.start()
        until(lambda: len(answered) > 100)
        before = list(answered)
        done = command("backup", str(workspace), str(tmp_path / "copy"))
        stop.set()
        for writer in writers:
            writer.join()
    assert done.returncode == 0, done.stderr
    assert doctor.check(tmp_path / "copy").whole
    with collabchat.connect(tmp_path / "copy", user="ana") as restored:
        assert set(before) <= set(restored.messages()["id"])
    command("hub", str(tmp_path / "copy"), "--stop")


def test_the_log_is_turned_over(tmp_path: Path) -> None:
    import logging

    from collabchat.hub import main

    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    try:
        main._log_to(tmp_path, verbose=False)
        for _ in range(30_000):
            logging.getLogger("collabchat.hub").info("a line of some length, again and again and again")
        sizes = [file.stat().st_size for file in tmp_path.glob("hub.log*")]
        assert len(sizes) > 1
        assert max(sizes) <= 1_000_000
    finally:
        for handler in root.handlers:
            handler.close()
        root.handlers[:] = kept
        root.setLevel(level)


def test_the_lock_goes_with_the_process(workspace: Path, start: Start) -> None:
    process = start()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    start()
