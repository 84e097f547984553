"""Real hub processes and the bare protocol: how they start, what they leave behind, and who may end them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from hubs import info, stop_hub, until
from wire import Wire

import collabchat
from collabchat import errors
from collabchat.hub import main
from collabchat.store import doctor, schema

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no Unix sockets, no signals")

Process = subprocess.Popen[str]
Start = Callable[..., Process]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a hub of ``team`` (or of another folder); whatever still runs at the end is killed."""
    made: list[Process] = []

    def start(*words: str, folder: Path = tmp_path / "team", listens: bool = True) -> Process:
        process = subprocess.Popen(
            [sys.executable, "-m", "collabchat", "hub", str(folder), *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        made.append(process)
        if listens:
            until(lambda: process.poll() is not None or info(folder).get("pid") == process.pid)
            assert process.poll() is None, process.communicate()
        return process

    yield start
    for process in made:
        process.kill()
        process.communicate()


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """Where `start` starts it."""
    return tmp_path / "team"


def wire_to(folder: Path, user: str | None = None) -> Wire:
    """A connection; it has said hello where a user is named."""
    wire = Wire(info(folder)["address"])
    if user is not None:
        assert wire.hello(user)["type"] == "welcome"
    return wire


def ends(process: Process, within: float = 30.0) -> tuple[int, str, str]:
    """Its status, and what it said."""
    out, err = process.communicate(timeout=within)
    return process.returncode, out, err


def refused(process: Process) -> str:
    """The sentence of a hub that could not start."""
    status, out, err = ends(process)
    assert (status, out) == (1, ""), err
    [line] = err.splitlines()
    assert line.startswith("collabchat hub: ")
    return line


def texts(folder: Path) -> dict[str, str]:
    """The messages of a workspace that no hub has open: id and text."""
    with duckdb.connect(str(folder / schema.FILE), read_only=True) as database:
        return {str(seq): text for seq, text in database.execute("SELECT seq, text FROM messages").fetchall()}


class Writers:
    """Members that post as fast as they are answered, until their hub goes or they are told to stop."""

    def __init__(self, folder: Path, count: int) -> None:
        self.answered: dict[str, str] = {}
        self.room = ""
        with wire_to(folder, "w0") as wire:
            self.room = wire.ask("create_room", name="load")["id"]
        self._stop = threading.Event()
        self._wires = [wire_to(folder, f"w{number}") for number in range(count)]
        for wire in self._wires[1:]:
            assert wire.ask("join", room=self.room)["type"] == "ack"
        self._threads = [
            threading.Thread(target=self._write, args=(wire, number)) for number, wire in enumerate(self._wires)
        ]
        for thread in self._threads:
            thread.start()

    def _write(self, wire: Wire, number: int) -> None:
        n = 0
        while not self._stop.is_set():
            text = f"{number}:{n}"
            try:
                reply = wire.ask("post", room=self.room, text=text)
            except ConnectionError:
                return
            assert reply["type"] == "ack", reply
            self.answered[reply["id"]] = text
            n += 1

    def wait(self, count: int) -> dict[str, str]:
        """What was answered so far, once it is so many."""
        until(lambda: len(self.answered) >= count)
        return dict(self.answered)

    def end(self) -> dict[str, str]:
        """All that was answered, once every writer has ended."""
        self._stop.set()
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive()
        for wire in self._wires:
            wire.close()
        return self.answered


# ---------------------------------------------------------------- it starts, and leaves


def test_hub_json_is_there_as_long_as_it_listens(team: Path, start: Start) -> None:
    before = time.time()
    process = start()
    found = info(team)
    started_at = found.pop("started_at")
    assert before <= started_at / 1e6 <= time.time()
    assert found == {
        "pid": process.pid,
        "address": f"unix:{team / 'hub.sock'}",
        "version": collabchat.__version__,
        "host": socket.gethostname(),
        "token_file": None,
    }
    process.terminate()
    assert ends(process) == (0, "", "")
    assert not {"hub.json", "hub.part", "hub.sock"} & {path.name for path in team.iterdir()}
    with duckdb.connect(str(team / schema.FILE), read_only=True):
        pass


def test_a_second_one_does_not_disturb_the_first(team: Path, start: Start) -> None:
    first = start()
    with wire_to(team, "ana") as ana:
        room = ana.ask("create_room", name="pipeline")["id"]
        before = info(team)
        assert "runs already" in refused(start(listens=False))
        # Not even where somebody tidied up and took the lock's file away: the database has a lock of its own.
        (team / "hub.lock").unlink()
        assert "Another process holds" in refused(start(listens=False))
        assert info(team) == before
        assert ana.ask("post", room=room, text="still here")["type"] == "ack"
        with wire_to(team, "bo"):
            assert first.poll() is None
    first.terminate()
    assert ends(first)[0] == 0
    assert "still here" in texts(team).values()


def test_idle_counts_from_when_the_last_one_left(team: Path, start: Start) -> None:
    process = start("--idle", "0.6")
    with wire_to(team, "ana") as ana, wire_to(team, "bo"):
        # Silence is not absence.
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(2)
        assert ana.ask("ping")["type"] == "ack"
        gone = time.monotonic()
    assert ends(process)[0] == 0
    assert time.monotonic() - gone > 0.5
    assert "nobody has been here" in (team / "hub.log").read_text()
    assert info(team) == {}


def test_without_idle_it_stays(team: Path, start: Start) -> None:
    process = start()
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1.5)
    process.terminate()
    assert ends(process)[0] == 0


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_what_was_answered_before_a_signal_is_there_after_it(team: Path, start: Start, kind: signal.Signals) -> None:
    process = start()
    writers = Writers(team, 4)
    writers.wait(200)
    process.send_signal(kind)
    process.send_signal(kind)  # whoever is impatient makes nothing worse
    assert ends(process) == (0, "", "")
    answered = writers.end()
    assert info(team) == {}
    assert answered.items() <= texts(team).items()
    start()
    with wire_to(team, "w0") as wire:
        page = wire.ask("history", room=writers.room)["messages"]
    newest = max(answered, key=int)
    assert {one["id"]: one["text"] for one in page}[newest] == answered[newest]


def test_who_writes_goes_on_with_the_next_one(team: Path, start: Start) -> None:
    process = start()
    answered: list[tuple[str, str]] = []
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            text = str(len(answered))
            answered.append((room.post(text).id, text))

    try:
        with collabchat.connect(team, user="ana", timeout=60) as ana:
            room = ana.create_room("pipeline")
            writer = threading.Thread(target=write)
            writer.start()
            try:
                until(lambda: len(answered) > 50)
                process.terminate()
                assert ends(process) == (0, "", "")
                # What was on its way then is answered by the hub that the client starts.
                count = len(answered)
                until(lambda: len(answered) > count + 5, 60)
            finally:
                stop.set()
                writer.join(60)
            found = ana.messages()
            assert list(zip(found["id"], found["text"], strict=True)) == answered
            assert ana.status()["pid"] != process.pid
    finally:
        stop_hub(team)


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_as_soon_as_it_says_where_it_is(team: Path, kind: signal.Signals) -> None:
    code = """
import os, sys
from pathlib import Path
from collabchat.hub import main

write = main._write_info

def written(*things):
    write(*things)
    print(*(path.name for path in Path(sys.argv[1]).glob("hub.json")), flush=True)
    os.kill(os.getpid(), int(sys.argv[2]))

main._write_info = written
sys.exit(main.run(Path(sys.argv[1])))
"""
    words = [sys.executable, "-c", code, str(team), str(int(kind))]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "hub.json\n", "")
    assert info(team) == {}
    assert "leaves at" in (team / "hub.log").read_text()


def test_the_next_one_takes_the_place_of_one_that_was_killed(team: Path, start: Start) -> None:
    first = start()
    writers = Writers(team, 2)
    writers.wait(50)
    first.kill()
    assert ends(first)[0] == -signal.SIGKILL
    answered = writers.end()
    left = info(team)
    assert left["pid"] == first.pid
    assert (team / "hub.sock").exists()
    second = start()
    assert info(team)["pid"] == second.pid
    assert info(team)["started_at"] > left["started_at"]
    with wire_to(team) as wire:
        assert wire.ask("status")["pid"] == second.pid
    second.terminate()
    assert ends(second)[0] == 0
    assert answered.items() <= texts(team).items()


# ---------------------------------------------------------------- the log


def test_the_log_says_when_it_began_and_ended(team: Path, start: Start) -> None:
    for _ in range(2):
        process = start()
        process.terminate()
        assert ends(process)[0] == 0
    told = [line.split(" INFO ")[1] for line in (team / "hub.log").read_text().splitlines() if " INFO " in line]
    assert [line.split(" of ")[0].split(" at seq ")[0] for line in told] == [
        f"hub {collabchat.__version__}",
        "hub leaves",
    ] * 2
    assert all(str(team / "hub.sock") in line for line in told[::2])


def test_a_log_that_is_full_is_set_aside(team: Path, start: Start) -> None:
    team.mkdir(mode=0o700)
    for number in ("", ".1", ".2", ".3"):
        (team / f"hub.log{number}").write_text(f"old{number}\n" + "x" * 1_000_000)
    process = start()
    process.terminate()
    assert ends(process)[0] == 0
    assert "listens on" in (team / "hub.log").read_text()
    assert "leaves at" in (team / "hub.log").read_text()
    assert (team / "hub.log.1").read_text().startswith("old\n")
    assert (team / "hub.log.3").read_text().startswith("old.2\n")
    assert sorted(path.name for path in team.glob("hub.log*")) == ["hub.log", "hub.log.1", "hub.log.2", "hub.log.3"]


def test_verbose_says_it_to_the_terminal_too(team: Path, start: Start) -> None:
    process = start("--verbose")
    process.terminate()
    status, out, err = ends(process)
    assert (status, out) == (0, "")
    assert [line.rsplit(" INFO ")[1] for line in err.splitlines() if "hub" in line] == [
        line.rsplit(" INFO ")[1] for line in (team / "hub.log").read_text().splitlines() if "hub" in line
    ]
    assert "listens on" in err


# ---------------------------------------------------------------- it cannot start


def test_a_folder_that_cannot_be_made(tmp_path: Path, start: Start) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for folder in (file, file / "below", loop, tmp_path / ("x" * 300)):
        refused(start(folder=folder, listens=False))
    assert file.read_text() == "in the way"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "loop"]


def test_a_home_that_is_nobodys(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(Path("~nobody-has-this-name/team")) == 1
    assert capsys.readouterr().err.startswith("collabchat hub: ")


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_may_not_be_written(team: Path, start: Start) -> None:
    team.mkdir()
    team.chmod(0o500)
    assert "Permission denied" in refused(start(listens=False))


@pytest.mark.parametrize("damage", ["no database", "cut off", "another database"])
def test_a_damaged_file_is_a_sentence_and_stays_as_it_is(team: Path, start: Start, damage: str) -> None:
    process = start()
    writers = Writers(team, 1)
    writers.wait(20)
    process.terminate()
    assert ends(process)[0] == 0
    writers.end()
    file = team / schema.FILE
    if damage == "no database":
        file.write_bytes(b"no database " * 1_000)
    elif damage == "cut off":
        file.write_bytes(file.read_bytes()[:5_000])
    else:
        file.unlink()
        with duckdb.connect(str(file)) as database:
            database.execute("CREATE TABLE other (x INTEGER)")
    before = file.read_bytes()
    said = refused(start(listens=False))
    assert str(file) in said
    assert file.read_bytes() == before
    assert info(team) == {}
    assert not (team / "hub.sock").exists()


def test_a_file_of_a_newer_version_stays_as_it_is_to_the_byte(team: Path, start: Start) -> None:
    process = start()
    process.terminate()
    assert ends(process)[0] == 0
    file = team / schema.FILE
    with duckdb.connect(str(file)) as database:
        database.execute("UPDATE meta SET value = ? WHERE key = 'version'", [str(schema.SCHEMA_VERSION + 1)])
    before, when = file.read_bytes(), file.stat().st_mtime_ns
    said = refused(start(listens=False))
    assert "newer collabchat" in said
    assert "pip install -U collabchat" in said
    assert (file.read_bytes(), file.stat().st_mtime_ns) == (before, when)
    assert not file.with_name(file.name + ".wal").exists()
    # Whoever connects is told the same, and not that some process ended.
    with pytest.raises(errors.HubUnavailable, match="newer collabchat"):
        collabchat.connect(team, user="ana", timeout=30)
    assert file.read_bytes() == before


# ---------------------------------------------------------------- who may ask and end it


def test_status_before_a_hello(team: Path, start: Start) -> None:
    began = time.time()
    process = start()
    writers = Writers(team, 3)
    writers.wait(30)
    count = len(writers.end())
    with wire_to(team) as keeper, wire_to(team, "ana"), wire_to(team, "ana"):
        until(lambda: keeper.ask("status")["connections"] == 2)
        status = keeper.ask("status")
        assert keeper.ask("history", room=writers.room)["code"] == "unauthenticated"
    assert status["type"] == "hub_status"
    assert (status["version"], status["pid"]) == (collabchat.__version__, process.pid)
    assert (status["members"], status["members_connected"]) == (4, 1)
    assert (status["messages"], status["queue"]) == (count, 0)
    assert status["seq"] >= count + 4
    assert began <= status["started_at"] / 1e6 <= time.time()
    assert 0 <= status["uptime"] <= time.time() - began
    assert 0 < status["commits"] <= status["seq"]
    assert 0 < status["commit_p50"] <= status["commit_p99"] < 30_000
    assert status["database_bytes"] == (team / schema.FILE).stat().st_size
    assert 10_000_000 < status["memory_bytes"] < 2_000_000_000


def test_stop_before_a_hello(team: Path, start: Start) -> None:
    process = start()
    with wire_to(team, "ana") as ana, wire_to(team) as keeper:
        ana.ask("create_room", name="pipeline")
        assert keeper.ask("stop")["type"] == "ack"
        assert keeper.read() is None
        assert ends(process) == (0, "", "")
    assert info(team) == {}


def test_stop_is_for_the_owner_and_not_for_a_member(team: Path, start: Start) -> None:
    process = start()
    with wire_to(team, "ana") as owner, wire_to(team, "bo") as member:
        reply = member.ask("stop")
        assert (reply["type"], reply["code"]) == ("error", "forbidden")
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)
        assert member.ask("ping")["type"] == "ack"
        assert owner.ask("stop")["type"] == "ack"
        assert ends(process)[0] == 0


@pytest.mark.timeout(180)
def test_a_backup_while_four_write(team: Path, start: Start, tmp_path: Path) -> None:
    process = start()
    writers = Writers(team, 4)
    copy = tmp_path / "copy"
    try:
        with wire_to(team, "w0") as member:
            assert member.ask("backup", path=str(copy))["code"] == "forbidden"
            assert not copy.exists()
        before = writers.wait(200)
        with wire_to(team) as keeper:
            assert keeper.ask("backup", path=str(copy))["type"] == "ack"
            meanwhile = len(writers.answered)
            assert keeper.ask("backup", path=str(copy))["code"] == "conflict"
            assert keeper.ask("backup", path="copy")["code"] == "invalid"
        writers.wait(meanwhile + 20)  # they go on
    finally:
        after = writers.end()
    assert before.items() <= texts(copy).items()
    assert doctor.check(copy).findings == []
    other = start(folder=copy)
    with wire_to(copy, "w1") as wire:
        page = wire.ask("history", room=writers.room)
        assert page["messages"]
        assert wire.ask("post", room=writers.room, text="in the copy")["type"] == "ack"
    for one in (other, process):
        one.terminate()
        assert ends(one)[0] == 0
    assert "in the copy" in texts(copy).values()
    assert after.items() <= texts(team).items()
    assert "in the copy" not in texts(team).values()
