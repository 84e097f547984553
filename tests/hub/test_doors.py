"""The doors of real hub processes: who gets in, as whom, and what somebody who misbehaves can break."""

from __future__ import annotations

import grp
import json
import os
import pwd
import secrets
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import pytest
import wire as wire_module
from hubs import info, until
from wire import TurnedAwayError, Wire, plug

import collabchat
from collabchat import errors
from collabchat import protocol as p
from collabchat.hub import server as servers

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no Unix sockets")

Start = Callable[..., str]


IMPATIENT = """
import sys
from pathlib import Path
from collabchat.hub import main, server
server.SILENT = float(sys.argv[1])
sys.exit(main.run(Path(sys.argv[2])))
"""
"""A hub that waits less long for those who say nothing."""


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a hub of a folder and gives its address; each is told to stop at the end, and must do so well."""
    made: list[tuple[Path, subprocess.Popen[str]]] = []

    def start(folder: Path, *words: str, umask: int = 0o022, silent: float | None = None) -> str:
        command = [sys.executable, "-m", "collabchat", "hub", str(folder), *words]
        if silent is not None:
            command = [sys.executable, "-c", IMPATIENT, str(silent), str(folder)]
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            umask=umask,
        )
        made.append((folder, process))
        until(lambda: process.poll() is not None or info(folder).get("pid") == process.pid)
        assert process.poll() is None, process.communicate()
        address: str = info(folder)["address"]
        return address

    yield start
    for folder, process in made:
        if (folder / "hub.json").exists():  # else it leaves already, because a test asked it to
            process.terminate()
        try:
            said = process.communicate(timeout=30)
        finally:
            process.kill()
        assert (process.returncode, *said) == (0, "", "")


def mode(path: Path | str) -> int:
    return stat.S_IMODE(Path(path).stat().st_mode)


def works(address: str, user: str | None = "witness", **more: Any) -> None:
    """Somebody comes in, and is answered."""
    with Wire(address) as wire:
        assert wire.hello(user, **more)["type"] == "welcome"
        assert wire.ask("ping")["type"] == "ack"


# ---------------------------------------------------------------- the socket


@pytest.mark.parametrize(
    ("rights", "umask", "expected"),
    [
        (0o700, 0o000, 0o600),
        (0o755, 0o000, 0o600),
        (0o770, 0o022, 0o660),
        (0o770, 0o077, 0o660),
        (0o2770, 0o077, 0o660),
    ],
)
def test_the_socket_has_the_rights_of_the_folder(
    tmp_path: Path, start: Start, rights: int, umask: int, expected: int
) -> None:
    team = tmp_path / "team"
    team.mkdir()
    if os.getuid() == 0:
        os.chown(team, -1, 12_345)
    team.chmod(rights)
    address = start(team, umask=umask)
    file = Path(address.removeprefix("unix:"))
    assert file == team / "hub.sock"
    assert stat.S_ISSOCK(file.stat().st_mode)
    assert mode(file) == expected
    if expected == 0o660:
        assert file.stat().st_gid == team.stat().st_gid
        # Whoever may come in must be able to read where: whatever the umask of the one who started it.
        assert mode(team / "hub.json") & 0o440 == 0o440
        assert (team / "hub.json").stat().st_gid == team.stat().st_gid or mode(team / "hub.json") & 0o004
    works(address)


def test_a_folder_that_is_made_is_its_owners_alone(tmp_path: Path, start: Start) -> None:
    team = tmp_path / "team"
    address = start(team, umask=0)
    assert (mode(team), mode(address.removeprefix("unix:"))) == (0o700, 0o600)


@pytest.mark.parametrize(("rights", "expected"), [(0o700, (0o700, 0o600)), (0o770, (0o710, 0o660))])
def test_a_long_path_has_a_short_socket(tmp_path: Path, start: Start, rights: int, expected: tuple[int, int]) -> None:
    team = tmp_path / ("ä" * 40) / ("y" * 60) / "team"
    team.mkdir(parents=True)
    team.chmod(rights)
    address = start(team)
    file = Path(address.removeprefix("unix:"))
    assert len(os.fsencode(team / "hub.sock")) > 100 >= len(os.fsencode(file))
    assert (mode(file.parent), mode(file)) == expected
    with collabchat.connect(team, user="ana") as ana, collabchat.connect(team, user="bo") as bo:
        assert ana.status()["pid"] == info(team)["pid"]
        ana.create_room("pipeline", members=["bo"]).post("hello")
        assert bo.messages()["text"].tolist() == ["hello"]
    with Wire(address) as keeper:
        assert keeper.ask("stop")["type"] == "ack"
    until(lambda: not file.parent.exists())  # it leaves nothing behind


# ---------------------------------------------------------------- other users of the machine


class Stranger(NamedTuple):
    """Another user of this machine."""

    login: str
    uid: int
    gid: int
    groups: list[int]
    python: str
    script: Path

    def asks(self, address: str, *requests: dict[str, Any]) -> Any:
        """What a process of this user is answered, or ``{"refused": …}``."""
        return self.runs([str(self.script), address], json.dumps(requests))

    def runs(self, words: list[str], given: str = "") -> Any:
        done = subprocess.run(
            [self.python, "-I", *words],
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            cwd="/",
            env={},
            user=self.uid,
            group=self.gid,
            extra_groups=self.groups,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


class Machine(NamedTuple):
    """A group, somebody who is in it, and somebody who is not."""

    group: int
    inside: Stranger
    outside: Stranger
    public: Path
    """A folder that all may enter."""


def tool(*words: str) -> None:
    """A command that writes /etc/passwd or /etc/group, which only one may do at a time."""

    def done() -> bool:
        result = subprocess.run(words, capture_output=True, text=True)
        if result.returncode in (1, 10) and "lock" in result.stderr:
            return False
        assert result.returncode == 0, result.stderr
        return True

    until(done)


def python_for(uid: int, gid: int) -> str:
    """A Python that this user may run."""
    for found in (sys.executable, shutil.which("python3", path="/usr/bin:/usr/local/bin:/bin")):
        if found is not None:
            try:
                subprocess.run([found, "-I", "-c", "pass"], user=uid, group=gid, extra_groups=[], cwd="/", check=True)
            except (OSError, subprocess.CalledProcessError):
                continue
            return found
    pytest.skip("there is no Python here that another user may run")


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    if not hasattr(os, "getuid") or os.getuid() != 0:
        pytest.skip("only root can make users and become one of them")
    if not all(shutil.which(name) for name in ("useradd", "userdel", "groupadd", "groupdel")):
        pytest.skip("there is no useradd here")
    mark = secrets.token_hex(4)
    group, logins = f"cc-{mark}", (f"cc-in-{mark}", f"cc-out-{mark}")
    with tempfile.TemporaryDirectory(prefix="collabchat-doors-") as base:
        public = Path(base).resolve()
        public.chmod(0o755)
        script = public / "wire.py"
        shutil.copyfile(str(wire_module.__file__), script)
        script.chmod(0o644)
        try:
            tool("groupadd", group)
            gid = grp.getgrnam(group).gr_gid
            people = []
            for login, groups in zip(logins, ([gid], []), strict=True):
                more = ["--groups", group] if groups else []
                tool("useradd", "--no-create-home", "--no-user-group", "--shell", "/bin/false", *more, login)
                entry = pwd.getpwnam(login)
                python = python_for(entry.pw_uid, entry.pw_gid)
                people.append(Stranger(login, entry.pw_uid, entry.pw_gid, groups, python, script))
            yield Machine(gid, people[0], people[1], public)
        finally:
            for login in logins:
                subprocess.run(["userdel", login], capture_output=True)
            subprocess.run(["groupdel", group], capture_output=True)


@pytest.fixture
def shared(machine: Machine) -> Iterator[Path]:
    """A workspace of root's that the group may write."""
    team = machine.public / "team"
    team.mkdir()
    os.chown(team, -1, machine.group)
    team.chmod(0o2770)
    yield team
    shutil.rmtree(team)


def hello(user: str | None = None) -> dict[str, Any]:
    return {"type": "hello", "version": p.VERSION, "oldest": p.OLDEST, "user": user}


def test_somebody_of_the_group_speaks_as_the_own_login(machine: Machine, shared: Path, start: Start) -> None:
    address = start(shared)
    with Wire(address) as ana:
        assert ana.hello("ana")["type"] == "welcome"
        room = ana.ask("create_room", name="pipeline")["id"]
        stranger = machine.inside
        for named in (None, stranger.login, stranger.login.upper()):
            welcome, joined, posted = stranger.asks(
                address,
                hello(named),
                {"type": "join", "room": room},
                {"type": "post", "room": room, "text": f"as {named}"},
            )
            assert (welcome["type"], welcome["handle"]) == ("welcome", stranger.login)
            assert joined["type"] == posted["type"] == "ack"
        said = [one for one in ana.ask("history", room=room)["messages"] if one["kind"] == "text"]
        assert [(one["author"], one["text"]) for one in said] == [
            (welcome["me"], f"as {named}") for named in (None, stranger.login, stranger.login.upper())
        ]


def test_nobody_speaks_as_somebody_else(machine: Machine, shared: Path, start: Start) -> None:
    address = start(shared)
    with Wire(address) as ana:
        assert ana.hello("ana")["type"] == "welcome"
        stranger = machine.inside
        for named in ("ana", "root", "nobody-yet"):
            first, second, status, stop, again = stranger.asks(
                address,
                hello(named),
                {"type": "create_room", "name": "x"},
                {"type": "status"},
                {"type": "stop"},
                hello(),
            )
            assert first["type"] == "error"
            assert first["code"] == "unauthenticated"
            assert first["message"] == (
                f"On this machine you are {stranger.login}, so you speak as {stranger.login} and not as {named}: "
                "connect without user=."
            )
            # Nor does anything else help, but the own name does.
            assert {second["code"], status["code"], stop["code"]} == {"unauthenticated"}
            assert again["handle"] == stranger.login
        backup, token = stranger.asks(
            address,
            {"type": "backup", "path": "/tmp/collabchat-never"},
            hello("ana") | {"token": "x"},
        )
        assert backup["code"] == token["code"] == "unauthenticated"
        ana.ask("sync")
        assert ana.ask("status")["members"] == 2


def test_somebody_of_the_group_is_no_owner(machine: Machine, shared: Path, start: Start) -> None:
    address = start(shared)
    works(address, "ana")
    welcome, stop, backup = machine.inside.asks(
        address, hello(), {"type": "stop"}, {"type": "backup", "path": str(machine.public / "copy")}
    )
    assert welcome["handle"] == machine.inside.login
    assert stop["code"] == backup["code"] == "forbidden"
    assert not (machine.public / "copy").exists()
    works(address)


@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_somebody_of_the_group_finds_the_hub(machine: Machine, shared: Path, start: Start, umask: int) -> None:
    address = start(shared, umask=umask)
    code = "import json, sys; print(json.dumps(json.load(open(sys.argv[1]))))"
    assert machine.inside.runs(["-c", code, str(shared / "hub.json")])["address"] == address


def test_somebody_of_no_such_group_cannot_open_it(machine: Machine, shared: Path, start: Start) -> None:
    address = start(shared)
    assert machine.outside.asks(address, hello())["refused"].startswith("PermissionError")
    # Where the folder lets everybody look, the socket still does not.
    shared.chmod(0o2775)
    assert machine.outside.asks(address, hello())["refused"].startswith("PermissionError")
    assert machine.inside.asks(address, hello())[0]["type"] == "welcome"


def test_a_folder_without_group_rights_is_closed_to_the_group(machine: Machine, shared: Path, start: Start) -> None:
    shared.chmod(0o755)
    address = start(shared)
    for stranger in (machine.inside, machine.outside):
        assert stranger.asks(address, hello())["refused"].startswith("PermissionError")
    works(address)


def test_the_group_comes_in_by_a_short_socket_too(machine: Machine, start: Start) -> None:
    team = machine.public / ("x" * 60) / ("y" * 60)
    team.mkdir(parents=True)
    os.chown(team, -1, machine.group)
    team.chmod(0o770)
    address = start(team)
    assert str(team) not in address
    assert machine.inside.asks(address, hello())[0]["handle"] == machine.inside.login
    assert machine.outside.asks(address, hello())["refused"].startswith("PermissionError")


def test_the_token_of_tcp_is_not_for_others(machine: Machine, shared: Path, start: Start) -> None:
    address = start(shared, "--tcp", umask=0)
    found = info(shared)
    assert mode(found["token_file"]) == 0o600
    code = "import json, sys\ntry: open(sys.argv[1])\nexcept PermissionError: print(json.dumps('closed'))"
    for stranger in (machine.inside, machine.outside):
        [reply] = stranger.asks(address, hello())
        assert reply["code"] == "unauthenticated"
    assert machine.inside.runs(["-c", code, found["token_file"]]) == "closed"
    works(address, token=Path(found["token_file"]).read_text())


# ---------------------------------------------------------------- TCP


def test_over_tcp_the_token_lets_in(tmp_path: Path, start: Start) -> None:
    team = tmp_path / "team"
    address = start(team, "--tcp")
    kind, host, _ = address.split(":")
    assert (kind, host) == ("tcp", "127.0.0.1")
    [listening] = [one for one in psutil.Process(info(team)["pid"]).net_connections() if one.status == "LISTEN"]
    assert listening.laddr.ip == "127.0.0.1"
    assert not (team / "hub.sock").exists()
    file = Path(info(team)["token_file"])
    assert (file.parent, mode(file)) == (team, 0o600)
    token = file.read_text()
    assert len(token) > 40
    for wrong in ({}, {"token": None}, {"token": ""}, {"token": token[:-1]}, {"token": token + "x"}, {"token": "é"}):
        with Wire(address) as wire:
            reply = wire.hello("ana", **wrong)
            assert (reply["type"], reply["code"]) == ("error", "unauthenticated")
            assert token not in reply["message"]
            for request in ("status", "stop", "sync", "ping"):
                assert (
                    wire.ask(request, **(wrong if request in ("status", "stop") else {}))["code"] == "unauthenticated"
                )
            # It may try again on the same connection.
            assert wire.hello("ana", token=token)["handle"] == "ana"
    with collabchat.connect(team, user="bo") as bo:  # which reads the token where hub.json says
        assert bo.members()["member"].tolist() == ["ana", "bo"]
    file.write_text("another")
    with pytest.raises(errors.Unauthenticated, match="token is wrong"):
        collabchat.connect(team, user="bo", timeout=10)
    file.write_text(token)


def test_each_hub_has_a_token_of_its_own(tmp_path: Path, start: Start) -> None:
    team = tmp_path / "team"
    team.mkdir()
    (team / "hub.token").write_text("left behind")
    (team / "hub.token").chmod(0o644)
    address = start(team, "--tcp", umask=0)
    file = Path(info(team)["token_file"])
    assert mode(file) == 0o600
    token = file.read_text()
    assert token != "left behind"
    with Wire(address) as wire:
        assert wire.hello("ana", token="left behind")["code"] == "unauthenticated"
        hub = psutil.Process(info(team)["pid"])
        assert wire.ask("stop", token=token)["type"] == "ack"
    # Not told to stop twice: what a signal does to a hub that has all but ended is the system's business.
    until(lambda: hub.status() == psutil.STATUS_ZOMBIE)
    assert not info(team)
    assert not file.exists()


# ---------------------------------------------------------------- browsers


def answer(address: str, request: bytes) -> str:
    """The status line that a request gets, whatever it is."""
    with plug(address) as raw:
        raw.sendall(request)
        return raw.recv(65_536).decode("latin-1").split("\r\n")[0]


@pytest.mark.parametrize("words", [(), ("--tcp",)])
def test_whatever_has_an_origin_stays_outside(tmp_path: Path, start: Start, words: tuple[str, ...]) -> None:
    team = tmp_path / "team"
    address = start(team, *words)
    token = Path(info(team)["token_file"]).read_text() if words else None
    # A page's owner decides what its host is called, so that of the Host proves nothing ("hub" is what `Wire` says).
    for origin in ("http://hub", "https://hub", "http://localhost:8888", "https://example.org", "null", "file://", ""):
        for more in ({}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
            for name in ("Origin", "Sec-WebSocket-Origin"):
                with pytest.raises(TurnedAwayError, match=r"\b403\b"):
                    Wire(address, **{name: origin, **more}).close()
    for line, expected in (
        ("GET /ws", "403"),
        ("POST /ws", "403"),
        ("OPTIONS /ws", "403"),
        ("GET /", "404"),
        ("GET /hub.json", "404"),
    ):
        for origin in ("http://hub", "https://example.org"):
            request = f"{line} HTTP/1.1\r\nHost: hub\r\nContent-Length: 0\r\nOrigin: {origin}\r\n\r\n"
            assert answer(address, request.encode()).split()[1] == expected
    works(address, token=token)


# ---------------------------------------------------------------- those who misbehave


@pytest.fixture
def open_team(tmp_path: Path, start: Start) -> tuple[str, Path]:
    team = tmp_path / "team"
    return start(team), team


def test_a_frame_over_the_limit_hurts_only_its_sender(open_team: tuple[str, Path]) -> None:
    address, _ = open_team
    limit = p.Limits().frame
    with Wire(address) as ana:
        assert ana.hello("ana")["limits"]["frame"] == limit
        room = ana.ask("create_room", name="pipeline")["id"]
        for size, opcode in ((limit + 1, 1), (limit + 1, 2), (limit * 4, 1), (limit * 4, 2)):
            with Wire(address) as big:
                big.hello("bo")
                try:
                    big.send(b"x" * size, opcode)
                    frame = big.read()
                except ConnectionError:
                    frame = None
                if size == limit + 1:
                    assert frame is not None
                    assert json.loads(frame)["code"] in ("too_large", "invalid", "malformed")
                    assert big.ask("ping")["type"] == "ack"
                else:
                    assert frame is None
            assert ana.ask("post", room=room, text=f"{size}")["type"] == "ack"
        with Wire(address) as liar:  # says that 4 EB will come
            liar.socket.sendall(bytes([0x81, 0xFF]) + (1 << 62).to_bytes(8) + bytes(4))
            assert liar.read() is None
        with Wire(address) as parts:  # many small parts of one frame that never ends
            try:
                parts.socket.sendall(bytes([0x01, 0xFF]) + (65_536).to_bytes(8) + bytes(4) + b"x" * 65_536)
                for _ in range(40):
                    parts.socket.sendall(bytes([0x00, 0xFF]) + (65_536).to_bytes(8) + bytes(4) + b"x" * 65_536)
                assert parts.read() is None
            except ConnectionError:
                pass
        assert ana.ask("post", room=room, text="after")["type"] == "ack"
    works(address)


def test_what_is_no_websocket_hurts_nobody(open_team: tuple[str, Path]) -> None:
    address, team = open_team
    with Wire(address) as ana:
        ana.hello("ana")
        room = ana.ask("create_room", name="pipeline")["id"]
        left: list[socket.socket] = []
        try:
            for junk in (
                b"",
                b"\0" * 10_000,
                os.urandom(20_000),
                b"\x16\x03\x01\x02\x00\x01\x00",  # TLS
                b"GET /ws HTTP/1.1\r\n\r\n",
                b"GET /ws HTTP/1.1\r\nHost: hub\r\nX: " + b"a" * 200_000,
                b"GET /ws HTTP/1.1\r\nHost: hub\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Version: 7\r\n\r\n",
                b"POST /ws HTTP/1.1\r\nHost: hub\r\nContent-Length: 99999999999\r\n\r\n" + b"x" * 50_000,
                b"POST /ws HTTP/1.1\r\nHost: hub\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffff\r\n",
            ):
                for _ in range(5):
                    raw = plug(address)
                    left.append(raw)
                    try:
                        raw.sendall(junk)
                    except ConnectionError:
                        continue
                    assert ana.ask("post", room=room, text="still here")["type"] == "ack"
            for junk in (b"\xff" * 50, b"\x81\x05hello", bytes([0xF1, 0x80]) + bytes(4), bytes([0x89, 0xFE]) + b"\1\0"):
                rude = Wire(address)  # a handshake, then bytes that are no frame; the second is not masked
                left.append(rude.socket)
                rude.socket.sendall(junk)
                assert ana.ask("post", room=room, text="still here")["type"] == "ack"
        finally:
            for raw in left:
                raw.close()
    works(address)
    assert "Traceback" not in (team / "hub.log").read_text()


@pytest.mark.slow
def test_those_who_say_nothing_hurt_nobody_and_are_sent_away(tmp_path: Path, start: Start) -> None:
    team = tmp_path / "team"
    address = start(team, silent=4)
    assert servers.SILENT == 20
    hub = psutil.Process(info(team)["pid"])
    before = hub.num_fds()
    silent = [plug(address) for _ in range(100)]
    halfway = [plug(address) for _ in range(100)]
    for raw in halfway:
        raw.sendall(b"GET /ws HT")
    unnamed = [Wire(address) for _ in range(20)]
    try:
        until(lambda: hub.num_fds() >= before + 220)
        began = time.monotonic()
        works(address)
        assert time.monotonic() - began < 5
        with Wire(address) as keeper:
            assert keeper.ask("status")["connections"] == 0
        # Who says nothing at all is sent away; a WebSocket that says no hello may stay, and hears nothing.
        until(lambda: hub.num_fds() <= before + 25, 60)
        for raw in (*silent, *halfway):
            assert raw.recv(1) == b""
    finally:
        for one in (*silent, *halfway, *unnamed):
            one.close()
    until(lambda: hub.num_fds() <= before + 2)
    works(address)


def test_a_token_of_a_client_is_for_tcp_alone(open_team: tuple[str, Path]) -> None:
    """On the Unix socket the system says who it is: a token changes nothing."""
    address, _ = open_team
    works(address, "ana", token="whatever")
