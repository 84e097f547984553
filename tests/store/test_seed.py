"""Talk with times of its own, straight into the log."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from disks import fill, small_disk

from collabchat import protocol as p
from collabchat.errors import DiskFull
from collabchat.store import doctor, queries, seed
from collabchat.store.seed import Seeder
from collabchat.store.workspace import Workspace

NOON = 1_700_000_000_000_000


def _within(seconds: float, run: threading.Thread) -> None:
    run.start()
    run.join(seconds)
    assert not run.is_alive(), "it waits for something that does not come"


def test_members_and_rooms_are_made_once(tmp_path: Path) -> None:
    with Seeder(tmp_path) as seeder:
        ana, bo = seeder.member("Ana", at=NOON), seeder.member("bo", bot=True, at=NOON)
        room = seeder.room("pipeline", by=ana, members=[ana], at=NOON)
        direct = seeder.room("", by=bo, members=[bo, ana], kind="direct", at=NOON)
        seeder.add(room, bo, by=ana, at=NOON)
        seq = seeder.directory.seq
        assert seeder.member("ana", at=NOON + 1) == ana
        assert seeder.room("Pipeline", by=bo, members=[bo], at=NOON + 1) == room
        assert seeder.room("", by=ana, members=[ana, bo], kind="direct", at=NOON + 1) == direct
        seeder.add(room, bo, by=ana, at=NOON + 1)
        assert seeder.directory.seq == seq
    with Workspace(tmp_path, lambda _events, _failure: None) as opened:
        state = opened.directory
        assert [(one.handle, one.role, one.bot) for one in state.members.values()] == [
            ("Ana", "owner", False),
            ("bo", "member", True),
        ]
        assert state.rooms[direct].name == "@Ana,@bo"
        assert list(state.rooms[room].members) == [ana, bo]


def test_times_are_kept_and_never_go_back(tmp_path: Path) -> None:
    with Seeder(tmp_path) as seeder:
        ana = seeder.member("ana", at=NOON)
        room = seeder.room("pipeline", by=ana, members=[ana], at=NOON)
        for at in (NOON + 5, NOON + 3, NOON + 9):
            seeder.post(room, ana, f"at {at - NOON}", at=at)
    with Workspace(tmp_path, lambda _events, _failure: None) as opened:
        page, *_ = queries.page(opened.reader(), p.History(req=p.new_req(), room=room))
    assert [(one.text, one.time - NOON) for one in page] == [("at 5", 5), ("at 3", 5), ("at 9", 9)]


def test_opened_again_with_nothing_to_add_it_closes(tmp_path: Path) -> None:
    with Seeder(tmp_path) as seeder:
        seeder.member("ana", at=NOON)

    def again() -> None:
        with Seeder(tmp_path) as seeder:
            seeder.member("ana", at=NOON)

    _within(20, threading.Thread(target=again, daemon=True))


def test_more_than_may_wait_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seed, "MOST_WAITING", 100)
    most = 0
    with Seeder(tmp_path) as seeder:
        ana = seeder.member("ana", at=NOON)
        room = seeder.room("pipeline", by=ana, members=[ana], at=NOON)
        for n in range(2_000):
            seeder.post(room, ana, f"{n}", at=NOON + n)
            most = max(most, seeder.workspace.log.waiting)
    assert 50 < most <= 101
    assert doctor.check(tmp_path).seq == 2_002


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "24m") as disk:
        folder = disk / "team"
        with Seeder(folder) as seeder:
            ana = seeder.member("ana", at=NOON)
            room = seeder.room("pipeline", by=ana, members=[ana], at=NOON)
        filler = fill(disk, leave=1024 * 1024)

        def more() -> None:
            with pytest.raises(DiskFull, match="make room"), Seeder(folder) as seeder:
                seeder.post(room, ana, "not stored", at=NOON)

        _within(20, threading.Thread(target=more, daemon=True))
        filler.unlink()
        report = doctor.check(folder)
        assert (report.seq, report.findings) == (2, [])


def test_messages_have_the_files_that_they_are_given(tmp_path: Path) -> None:
    with Seeder(tmp_path) as seeder:
        ana = seeder.member("ana", at=NOON)
        room = seeder.room("pipeline", by=ana, members=[ana], at=NOON)
        files = [seeder.file("../load.csv", b"a,b\n1,2\n"), seeder.file("load.csv", b"a,b\n1,2\n")]
        message = seeder.post(room, ana, "", at=NOON + 1, files=files)
    assert [(file.name, file.original, file.kind) for file in files] == [
        ("load.csv", "../load.csv", "data"),
        ("load.csv", "", "data"),
    ]
    with Seeder(tmp_path) as seeder:
        [found] = queries.messages_by_id(seeder.workspace.reader(), [message])
        assert found.files == files
        assert seeder.workspace.blobs.get(files[0].sha256) == b"a,b\n1,2\n"
        assert seeder.workspace.blobs.usage() == (1, 8)
    report = doctor.check(tmp_path)
    assert (report.findings, report.files) == ([], 1)
