"""Files on their way to the hub: they go on where they were after whatever happens, and tell how far they are."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hubs import info, until

from collabchat import Chat, Room, errors, protocol
from collabchat.client import progress, uploads
from collabchat.client.downloads import fetch
from collabchat.client.progress import Bar

CONTENT = os.urandom(1_000_000) * 24
SLICE = protocol.Limits().slice


class Watched(io.BytesIO):
    """A file that does something when so many bytes of it were read to be sent, and writes down where it was read."""

    def __init__(self, content: bytes, at: int, action: Callable[[], None]) -> None:
        super().__init__(content)
        self.name = "big.bin"
        self._size = len(content)
        self._at = at
        self._action: Callable[[], None] | None = action
        self._seen = 0
        self.before: list[int] = []
        self.after: list[int] = []

    def read(self, size: int | None = -1) -> bytes:
        place = self.tell()
        piece = super().read(size)
        self._seen += len(piece)
        if self._seen <= self._size:
            return piece  # to be hashed
        (self.before if self._action else self.after).append(place)
        if self._action and self._seen >= self._size + self._at:
            action, self._action = self._action, None
            action()
        return piece


def pid_of(workspace: Path) -> int:
    return int(info(workspace)["pid"])


@pytest.fixture
def room(chat_of: Callable[..., Chat]) -> Room:
    return chat_of("ana").create_room("pipeline")


def test_a_killed_hub(room: Room, workspace: Path) -> None:
    first = pid_of(workspace)
    file = Watched(CONTENT, 16_000_000, lambda: os.kill(first, signal.SIGKILL))
    message = room.post("the load", files=[("note.txt", b"first"), file, ("end.txt", b"last")])
    assert pid_of(workspace) != first
    assert [one.name for one in message.files] == ["note.txt", "big.bin", "end.txt"]
    assert message.files[1].sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert message.files[1].read() == CONTENT
    assert min(file.after) >= 16_000_000 - (uploads.WINDOW + 1) * SLICE, "it went on where it was"
    assert len(room.history()) == 1


def test_a_hub_that_is_killed_again_and_again(room: Room, workspace: Path) -> None:
    def kill() -> None:
        os.kill(pid_of(workspace), signal.SIGKILL)
        file._action, file._at = (kill, file._at + 6_000_000) if file._at < 18_000_000 else (None, 0)

    file = Watched(CONTENT, 6_000_000, kill)
    [stored] = room.post("the load", files=[file]).files
    assert stored.read() == CONTENT


def test_a_lost_connection(room: Room) -> None:
    link = room._session._link

    def cut() -> None:
        link.io.call(lambda: link._socket._connection.protocol.stream.close())  # type: ignore[union-attr]

    file = Watched(CONTENT, 12_000_000, cut)
    [stored] = room.post("the load", files=[file]).files
    assert stored.read() == CONTENT
    assert min(file.after) > 0


def test_a_post_whose_answer_is_lost_is_there_once(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection breaks when the message is on disk, before that is known here."""
    session, link = room._session, room._session._link
    acked = session._acked

    def lose(ack: protocol.Ack) -> None:
        pending = session._pending.get(ack.req)
        if pending is not None and isinstance(pending.request, protocol.Post):
            monkeypatch.setattr(session, "_acked", acked)
            link._socket._connection.protocol.stream.close()  # type: ignore[union-attr]
        else:
            acked(ack)

    monkeypatch.setattr(session, "_acked", lose)
    message = room.post("the load", files=[("a.txt", b"abc")])
    assert message.files[0].read() == b"abc"
    assert [one.id for one in room.history()] == [message.id]


def test_a_download_goes_on_too(room: Room, workspace: Path, tmp_path: Path) -> None:
    [stored] = room.post("the load", files=[("big.bin", CONTENT)]).files
    first = pid_of(workspace)
    with (tmp_path / "part").open("wb") as part:

        def write(piece: memoryview) -> None:
            part.write(piece)
            if 8_000_000 < part.tell() < 8_000_000 + SLICE:
                os.kill(first, signal.SIGKILL)

        fetch(room._session, stored, write, lambda _: None)
    assert pid_of(workspace) != first
    assert (tmp_path / "part").read_bytes() == CONTENT


def test_the_same_post_again_goes_on_after_a_hub_that_was_away_for_too_long(room: Room, workspace: Path) -> None:
    hub = pid_of(workspace)

    def stop() -> None:
        os.kill(hub, signal.SIGSTOP)
        room._session.timeout = 1.0

    file = Watched(CONTENT, 10_000_000, stop)
    try:
        with pytest.raises(errors.ConnectionLost):
            room.post("the load", files=[file])
    finally:
        os.kill(hub, signal.SIGCONT)
    room._session.timeout = 20.0
    again = Watched(CONTENT, 0, lambda: None)
    [stored] = room.post("the load", files=[again]).files
    assert again.before[0] > 0, "what the hub had was not sent again"
    assert stored.read() == CONTENT
    assert room._session.unfinished == {}
    assert len(room.history()) == 1


def test_a_known_file_is_there_at_once(room: Room) -> None:
    room.post("first", files=[("big.bin", CONTENT)])
    file = Watched(CONTENT, 0, lambda: None)
    [stored] = room.post("again", files=[("other.bin", file)]).files
    assert file.before + file.after == []
    assert (stored.name, stored.sha256) == ("other.bin", hashlib.sha256(CONTENT).hexdigest())


class Changing(Watched):
    """A file of which another byte is there when it is sent."""

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        return piece if self._seen <= self._size or not piece else b"!" + piece[1:]


def left_behind(room: Room) -> list[Path]:
    assert room._session.target.workspace is not None
    return [one for one in (room._session.target.workspace / "files" / ".uploads").rglob("*") if one.is_file()]


def test_a_file_that_changes_meanwhile(room: Room) -> None:
    with pytest.raises(errors.Invalid, match=r"'big\.bin' changed while it was sent"):
        room.post("the load", files=[Changing(CONTENT, 0, lambda: None)])
    assert room.history() == []
    until(lambda: left_behind(room) == [])


def test_what_is_broken_off_or_refused_is_not_kept(room: Room, chat_of: Callable[..., Chat]) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        room.post("the load", files=[("a.txt", b"abc"), Watched(CONTENT, 10_000_000, stop)])
    until(lambda: left_behind(room) == [])
    with pytest.raises(errors.NotFound):
        room.post("the load", files=[("a.txt", b"abc")], reply_to="999999")
    until(lambda: left_behind(room) == [])
    room.archive()
    with pytest.raises(errors.Archived):
        room.post("the load", files=[("a.txt", b"abc")])
    room.unarchive()
    assert len(room.post("the load", files=[("a.txt", b"abc")]).files) == 1


def test_a_chat_that_is_closed_meanwhile(room: Room) -> None:
    with pytest.raises(errors.ConnectionLost, match="closed"):
        room.post("the load", files=[Watched(CONTENT, 10_000_000, room._chat.close)])
    with pytest.raises(errors.ConnectionLost, match="closed"):
        room.post("the load", files=[("a.txt", b"abc")])


def test_a_hub_that_keeps_nothing_is_left_alone_after_a_while(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each connection is lost before a byte has arrived."""
    link = room._session._link
    tries = []

    def lose(frame: bytes) -> None:
        tries.append(frame)
        link.io.call(lambda: link._socket._connection.protocol.stream.close())  # type: ignore[union-attr]

    monkeypatch.setattr(link, "send_binary", lose)
    with pytest.raises(errors.ConnectionLost):
        room.post("the load", files=[("a.txt", b"abc")])
    assert 0 < len(tries) <= uploads._IN_VAIN


class Shown:
    """A bar that writes down what it was told."""

    made: list[Shown] = []  # noqa: RUF012

    def __init__(self, **options: Any) -> None:
        self.options = options
        self.n = options["initial"]
        self.closed = False
        Shown.made.append(self)

    def update(self, size: int) -> None:
        self.n += size

    def close(self) -> None:
        self.closed = True


class TestProgress:
    @pytest.fixture(autouse=True)
    def bars(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tqdm.auto.tqdm", Shown)
        monkeypatch.setattr(Shown, "made", [])

    def test_of_what_is_sent_and_fetched(self, room: Room, tmp_path: Path) -> None:
        [file, _] = room.post(files=[("big.bin", CONTENT), ("a.txt", b"abc")], progress=True).files
        file.save(tmp_path, progress=True)
        sent, fetched = Shown.made
        assert (sent.n, sent.options["total"], sent.closed) == (len(CONTENT) + 3, len(CONTENT) + 3, True)
        assert (fetched.n, fetched.options["total"], fetched.closed) == (len(CONTENT), len(CONTENT), True)

    def test_none_unasked_where_nobody_looks_or_it_is_quick(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def run(total: int, wanted: bool | None) -> int:
            Shown.made.clear()
            with Bar(total, "sending", wanted) as bar:
                bar.update(1)
            return len(Shown.made)

        monkeypatch.setattr(progress, "PATIENCE", 0.0)
        monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)
        assert [run(10**9, wanted) for wanted in (None, True, False)] == [0, 1, 0]
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
        assert [run(10**9, wanted) for wanted in (None, True, False)] == [1, 1, 0]
        assert run(10**6, None) == 0
        monkeypatch.setattr(progress, "PATIENCE", 60.0)
        assert run(10**9, None) == 0

    @pytest.mark.parametrize("wrong", ["yes", 1, 0.5])
    def test_other_words_are_refused(self, wrong: Any) -> None:
        with pytest.raises(errors.Invalid, match="progress is True, False or None"):
            Bar(1, "sending", wrong)


def test_the_real_bar_says_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    with Bar(100, "sending", True) as bar:
        bar.update(40)
        bar.update(60)
    assert "sending" in capsys.readouterr().err


def test_memory_stays_bounded(room: Room, tmp_path: Path) -> None:
    """95 MB go out and come back, and this process grows by no more than what is on its way."""
    import psutil

    path = tmp_path / "big.bin"
    with path.open("wb") as big:
        for _ in range(95):
            big.write(os.urandom(1_000_000))
    room.post(files=[("warm.bin", CONTENT)])
    process, most, done = psutil.Process(), [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.005):
            most[0] = max(most[0], process.memory_info().rss)

    before = process.memory_info().rss
    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        room.post(files=[path]).files[0].save(tmp_path / "back.bin")
    finally:
        done.set()
        watcher.join()
    assert most[0] - before < 60_000_000
    assert hashlib.sha256((tmp_path / "back.bin").read_bytes()).digest() == hashlib.sha256(path.read_bytes()).digest()
