"""A link finds its hub, keeps it, comes back to it, and says why it cannot."""

from __future__ import annotations

import json
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from scripted_hub import ScriptedHub, until

from collabchat import errors, protocol
from collabchat.connection import Link, Target
from collabchat.connection import finding as finding_module
from collabchat.connection.finding import read_hub_file
from collabchat.connection.lock import FileLock


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "team"
    made.mkdir()
    return made


@pytest.fixture
def hub(folder: Path) -> Iterator[ScriptedHub]:
    made = ScriptedHub(folder).start()
    yield made
    made.stop()


class Recorder:
    """A link and all that it said."""

    def __init__(self, target: Target) -> None:
        self.frames: list[Any] = []
        self.states: list[tuple[str, str]] = []
        self.welcomes: list[protocol.Welcome] = []
        self.link = Link(
            target,
            on_frame=self.frames.append,
            on_state=lambda state, message: self.states.append((state, message)),
            on_welcome=self.welcomes.append,
        )

    def words(self) -> list[str]:
        return [state for state, _ in self.states]


@pytest.fixture
def linked() -> Iterator[Callable[..., Recorder]]:
    made: list[Recorder] = []

    def link(folder: Path | None = None, **options: Any) -> Recorder:
        made.append(Recorder(Target(workspace=folder, **options)))
        made[-1].link.start()
        return made[-1]

    yield link
    for recorder in made:
        recorder.link.close()
        assert recorder.link.wait_closed(5)


def replace_the_hub(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Let "start a hub" run a few lines of Python instead."""

    def start(workspace: Path) -> subprocess.Popen[bytes]:
        with (workspace / "hub.log").open("ab") as log:
            process = subprocess.Popen([sys.executable, "-c", program, str(workspace)], stdout=log, stderr=log)
        threading.Thread(target=process.wait, daemon=True).start()
        return process

    monkeypatch.setattr(finding_module, "start_hub", start)


# ---------------------------------------------------------------- open, lost, back


def test_it_says_hello_and_is_open(hub: ScriptedHub, folder: Path, linked: Callable[..., Recorder]) -> None:
    one = linked(folder, user="bo", name="Bo L", bot=True)
    until(lambda: one.link.state == "open")
    [hello] = hub.wait_for(protocol.Hello)
    assert (hello.user, hello.name, hello.bot) == ("bo", "Bo L", True)
    assert (hello.version, hello.oldest) == (protocol.VERSION, protocol.OLDEST)
    assert one.words() == ["connecting", "open"]
    assert one.link.welcome == one.welcomes[0]
    assert "as bo" in one.states[-1][1]
    assert one.frames == [], "the welcome is not passed on"


def test_frames_go_both_ways(hub: ScriptedHub, folder: Path, linked: Callable[..., Recorder]) -> None:
    one = linked(folder)
    until(lambda: one.link.state == "open")
    one.link.send(protocol.encode(protocol.Ping(req=protocol.new_req())))
    hub.wait_for(protocol.Ping)
    hub.say(protocol.Restart(seq=4))
    until(lambda: len(one.frames) == 2)
    pong, restart = (protocol.decode_replies(frame)[0] for frame in one.frames)
    assert isinstance(pong, protocol.Ack)
    assert restart == protocol.Restart(seq=4)


def test_a_lost_connection_comes_back(hub: ScriptedHub, folder: Path, linked: Callable[..., Recorder]) -> None:
    one = linked(folder)
    until(lambda: one.link.state == "open")
    for times in (2, 3, 4):
        hub.kick()
        hub.wait_for(protocol.Hello, times)
        until(lambda: one.link.state == "open")
    assert one.words() == ["connecting", *["open", "lost"] * 3, "open"]
    assert "Trying again" in one.states[2][1]


def test_what_is_sent_while_lost_is_dropped(hub: ScriptedHub, folder: Path, linked: Callable[..., Recorder]) -> None:
    one = linked(folder)
    one.link.send("[]")
    until(lambda: one.link.state == "open")
    assert [type(request) for request in hub.received] == [protocol.Hello]


def test_a_frame_that_its_reader_fails_at_does_not_end_it(
    hub: ScriptedHub, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[Any] = []

    def read(frame: Any) -> None:
        seen.append(frame)
        raise RuntimeError("cannot read this")

    link = Link(Target(workspace=folder), on_frame=read, on_state=lambda *_: None)
    link.start()
    until(lambda: link.state == "open")
    hub.say(protocol.Restart(seq=1), protocol.Restart(seq=2))
    until(lambda: len(seen) == 2)
    assert link.state == "open"
    assert "cannot read this" in caplog.text
    link.close()
    assert link.wait_closed(5)


def test_closing(hub: ScriptedHub, folder: Path, linked: Callable[..., Recorder]) -> None:
    one = linked(folder)
    until(lambda: one.link.state == "open")
    one.link.close()
    one.link.close()
    assert one.link.wait_closed(5)
    assert one.words()[-1] == "closed"
    assert one.link.error is None
    until(lambda: not hub.doors)
    one.link.send("[]")
    time.sleep(0.2)
    assert hub.connections == 1, "a closed link does not come back"


def test_closing_while_it_looks_for_a_hub(hub: ScriptedHub, folder: Path, linked: Callable[..., Recorder]) -> None:
    hub.on(protocol.Hello, lambda _: None)
    one = linked(folder)
    hub.wait_for(protocol.Hello)
    one.link.close()
    assert one.link.wait_closed(5)
    until(lambda: not hub.doors)


def test_a_link_that_was_never_started_closes(folder: Path) -> None:
    one = Recorder(Target(workspace=folder))
    one.link.close()
    assert one.link.wait_closed(1)
    assert one.link.state == "closed"


def test_links_share_one_thread(hub: ScriptedHub, folder: Path, linked: Callable[..., Recorder]) -> None:
    links = [linked(folder) for _ in range(5)]
    for one in links:
        until(lambda one=one: one.link.state == "open")
    assert [thread.name for thread in threading.enumerate()].count("collabchat-io") == 1


def test_large_frames_arrive(hub: ScriptedHub, folder: Path, linked: Callable[..., Recorder]) -> None:
    one = linked(folder)
    until(lambda: one.link.state == "open")
    hub.raw(" " * 30_000_000)
    until(lambda: one.frames, 30)
    assert len(one.frames[0]) == 30_000_000


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("version", errors.VersionMismatch),
        ("unauthenticated", errors.Unauthenticated),
        ("forbidden", errors.Forbidden),
        ("invalid", errors.Invalid),
        ("malformed", errors.Invalid),
        ("too_large", errors.TooLarge),
        ("disk_full", errors.DiskFull),
    ],
)
def test_a_refusal_that_stays_ends_it(
    hub: ScriptedHub, folder: Path, linked: Callable[..., Recorder], code: Any, kind: type
) -> None:
    hub.on(protocol.Hello, lambda hello: protocol.Error(req=hello.req, code=code, message="Use another one."))
    one = linked(folder)
    until(lambda: one.link.state == "closed")
    assert type(one.link.error) is kind
    assert one.states[-1] == ("closed", "Use another one.")
    assert hub.connections == 1


@pytest.mark.parametrize("code", ["unavailable", "internal"])
def test_a_refusal_that_passes_is_tried_again(
    hub: ScriptedHub, folder: Path, linked: Callable[..., Recorder], code: Any
) -> None:
    hub.on(protocol.Hello, lambda hello: protocol.Error(req=hello.req, code=code, message="Not now."))
    one = linked(folder)
    hub.wait_for(protocol.Hello, 2)
    hub.on(protocol.Hello, hub.welcome)
    until(lambda: one.link.state == "open")
    assert ("lost", "Not now. Trying again.") in one.states


def test_what_speaks_another_language_is_no_hub(
    hub: ScriptedHub, folder: Path, linked: Callable[..., Recorder]
) -> None:
    hub.on(protocol.Hello, lambda _: {"type": "hola"})
    one = linked(folder)
    until(lambda: one.link.state == "closed")
    assert isinstance(one.link.error, errors.VersionMismatch)


# ---------------------------------------------------------------- finding


def test_a_hub_over_tcp_wants_the_token_of_its_file(folder: Path, linked: Callable[..., Recorder]) -> None:
    hub = ScriptedHub(folder, tcp=True).start()
    (folder / "hub.token").write_text("secret\n")
    hub.write_info(token_file=str(folder / "hub.token"))
    one = linked(folder)
    until(lambda: one.link.state == "open")
    [hello] = hub.wait_for(protocol.Hello)
    assert hello.token == "secret"
    assert hello.user, "over TCP the system does not say who we are"
    hub.stop()


def test_a_hub_at_an_address(folder: Path, linked: Callable[..., Recorder]) -> None:
    hub = ScriptedHub(folder, tcp=True).start()
    target = Target.of(hub.address.replace("tcp:", "http://"), token="secret")
    one = linked(None, url=target.url, token=target.token)
    until(lambda: one.link.state == "open")
    [hello] = hub.wait_for(protocol.Hello)
    assert (hello.token, hello.user) == ("secret", None)
    hub.stop()


def test_an_address_where_nobody_answers_is_tried_again(linked: Callable[..., Recorder]) -> None:
    one = linked(None, url="ws://127.0.0.1:9/ws")
    until(lambda: one.words().count("lost") >= 2)
    assert "Nobody answers at ws://127.0.0.1:9/ws" in one.states[1][1]


def test_the_hub_of_another_machine_is_named_and_none_is_started(
    hub: ScriptedHub, folder: Path, linked: Callable[..., Recorder], monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_the_hub(monkeypatch, "raise SystemExit('started all the same')")
    hub.write_info(host="elsewhere")
    one = linked(folder)
    until(lambda: one.link.state == "closed")
    assert isinstance(one.link.error, errors.HubUnavailable)
    assert "'elsewhere'" in str(one.link.error)
    assert not (folder / "hub.log").exists()
    assert hub.connections == 0


def test_a_stale_file_is_replaced(
    folder: Path, linked: Callable[..., Recorder], monkeypatch: pytest.MonkeyPatch
) -> None:
    info = {"pid": 2**22 + 1, "address": f"unix:{folder / 'gone.sock'}", "version": "0", "host": socket.gethostname()}
    (folder / "hub.json").write_text(json.dumps(info))
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(folder / "gone.sock"))
    hub = ScriptedHub(folder)

    def start(workspace: Path) -> subprocess.Popen[bytes]:
        hub.start()
        process = subprocess.Popen([sys.executable, "-c", ""])
        process.wait()
        return process

    monkeypatch.setattr(finding_module, "start_hub", start)
    one = linked(folder)
    until(lambda: one.link.state == "open")
    hub.stop()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": "x"}', "\x00\xff"])
def test_a_file_that_cannot_be_read_yet_says_nothing(folder: Path, text: str) -> None:
    (folder / "hub.json").write_text(text)
    assert read_hub_file(folder) is None


def test_a_hub_that_cannot_start_says_why(
    folder: Path, linked: Callable[..., Recorder], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "hub.log").write_text("an old line\n")
    replace_the_hub(monkeypatch, "print('the database is newer: update', flush=True); raise SystemExit(1)")
    one = linked(folder)
    until(lambda: one.link.state == "closed")
    assert isinstance(one.link.error, errors.HubUnavailable)
    assert "the database is newer: update" in str(one.link.error)
    assert "status 1" in str(one.link.error)
    assert "an old line" not in str(one.link.error)


def test_a_hub_that_never_listens_is_given_up(
    folder: Path, linked: Callable[..., Recorder], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding_module, "START", 0.5)
    replace_the_hub(monkeypatch, "import time; time.sleep(3)")
    one = linked(folder)
    until(lambda: one.link.state == "closed")
    assert "did not listen" in str(one.link.error)


def test_a_hub_that_ran_may_run_again(
    hub: ScriptedHub, folder: Path, linked: Callable[..., Recorder], monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_the_hub(monkeypatch, "raise SystemExit('not today')")
    one = linked(folder)
    until(lambda: one.link.state == "open")
    hub.stop()
    until(lambda: any("not today" in message for _, message in one.states), 20)
    assert one.link.state == "lost"
    again = ScriptedHub(folder).start()
    until(lambda: one.link.state == "open", 20)
    again.stop()
    hub.start()


def test_a_folder_that_is_gone_is_not_made_again(
    hub: ScriptedHub, folder: Path, tmp_path: Path, linked: Callable[..., Recorder]
) -> None:
    one = linked(folder)
    until(lambda: one.link.state == "open")
    folder.rename(tmp_path / "moved")
    hub.kick()
    until(lambda: one.link.state == "closed")
    assert isinstance(one.link.error, errors.WorkspaceError)
    assert not folder.exists()
    (tmp_path / "moved").rename(folder)


def test_a_file_is_no_workspace(tmp_path: Path, linked: Callable[..., Recorder]) -> None:
    (tmp_path / "notes.txt").write_text("")
    for path in (tmp_path / "notes.txt", tmp_path / "notes.txt" / "team"):
        one = linked(path)
        until(lambda one=one: one.link.state == "closed")
        assert isinstance(one.link.error, errors.WorkspaceError)


def test_a_new_folder_is_its_owners_alone(
    tmp_path: Path, linked: Callable[..., Recorder], monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_the_hub(monkeypatch, "raise SystemExit(1)")
    one = linked(tmp_path / "new" / "team")
    until(lambda: one.link.state == "closed")
    assert stat.S_IMODE((tmp_path / "new" / "team").stat().st_mode) == 0o700


# ---------------------------------------------------------------- lock and target


def test_a_lock_is_held_once(tmp_path: Path) -> None:
    one, other = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert one.acquire()
    assert not other.acquire()
    one.release()
    one.release()
    assert other.acquire()
    other.release()


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("https://chat.example.org", "wss://chat.example.org/ws"),
        ("https://chat.example.org/team/", "wss://chat.example.org/team/ws"),
        ("http://127.0.0.1:8000/ws", "ws://127.0.0.1:8000/ws"),
        ("ws://localhost:1/ws?x=1", "ws://localhost:1/ws"),
    ],
)
def test_addresses(typed: str, url: str) -> None:
    assert Target.of(typed).url == url


@pytest.mark.parametrize("typed", ["ftp://example.org", "https://", "  ", "", 3])
def test_what_is_no_workspace(typed: Any) -> None:
    with pytest.raises(errors.Invalid):
        Target.of(typed)


@pytest.mark.parametrize("user", ["", "ana ruiz", "a" * 41, "-ana", "ana\n", 3])
def test_what_is_no_handle(user: Any) -> None:
    with pytest.raises(errors.Invalid, match="handle"):
        Target.of("team", user=user)


def test_a_token_is_not_shown() -> None:
    assert "secret" not in repr(Target.of("https://chat.example.org", token="secret"))
