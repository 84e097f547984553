"""Damage is found and named; tables are made anew from a log that is whole; a backup is a workspace."""

from __future__ import annotations

import threading
from pathlib import Path

import duckdb
import pytest

from collabchat import protocol as p
from collabchat.errors import Conflict, WorkspaceError
from collabchat.store import backup, doctor, schema
from collabchat.store.seed import Seeder
from collabchat.store.workspace import Workspace

T = 1_700_000_000_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Seeder(tmp_path / "team") as seeder:
        ana, bo = seeder.member("ana", at=T), seeder.member("bo", at=T)
        room = seeder.room("pipeline", by=ana, members=[ana, bo], at=T)
        for n in range(200):
            message = seeder.post(room, ana if n % 2 else bo, f"message {n} @bo", at=T + n, mentions=[bo])
            if n % 10 == 0:
                seeder.react(room, message, bo, "👍", at=T + n)
        seeder.pin(room, message, ana, at=T + 1_000)
        seeder.read(room, bo, message, at=T + 1_001)
        # What the newer kinds of events leave.
        poll = str(seeder.directory.seq + 1)
        posted = p.Posted(id=poll, text="x", kind="poll", poll=p.Poll(question="x", options=["a", "b"]))
        seeder.workspace.decide(ana, posted, room=room, req=None, now=T + 1_002)
        seeder.workspace.decide(bo, p.Voted(id=poll, choices=[1]), room=room, req=None, now=T + 1_003)
        draft = p.DraftSet(target=room, text="begun")
        seeder.workspace.decide(bo, draft, room=None, req=None, now=T + 1_004)
        seeder.workspace.decide(bo, p.StarsSet(rooms=[room]), room=None, req=None, now=T + 1_005)
    return tmp_path / "team"


def _sql(folder: Path, *statements: str) -> None:
    with duckdb.connect(str(folder / schema.FILE)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_whole_workspace(folder: Path) -> None:
    report = doctor.check(folder)
    assert report.whole
    assert (report.events, report.seq) == (229, 229)
    assert doctor.as_json(report)["whole"] is True


@pytest.mark.parametrize(
    ("damage", "table"),
    [
        ("DELETE FROM messages WHERE seq BETWEEN 50 AND 60", "messages"),
        ("UPDATE messages SET text = 'not what was said' WHERE seq = 10", "messages"),
        ("UPDATE members SET role = 'owner'", "members"),
        ("INSERT INTO memberships VALUES (3, 99, 1)", "memberships"),
        ("DELETE FROM reactions", "reactions"),
        ("DELETE FROM mentions WHERE message < 20", "mentions"),
        ("UPDATE reads SET upto = 1", "reads"),
        ("DELETE FROM rooms", "rooms"),
        ("DROP TABLE reactions", "reactions"),
        ("DELETE FROM votes", "votes"),
        ("UPDATE votes SET choices = '[0]'", "votes"),
        ("DROP TABLE votes", "votes"),
        ("UPDATE personal SET data = 'other words' WHERE kind = 'draft'", "personal"),
        ("DELETE FROM personal WHERE kind = 'stars'", "personal"),
        ("DROP TABLE personal", "personal"),
        ("UPDATE messages SET poll = NULL", "messages"),
        ("UPDATE members SET status = '{}' WHERE member = 1", "members"),
    ],
)
def test_damaged_tables_are_named_and_made_anew(folder: Path, damage: str, table: str) -> None:
    _sql(folder, damage)
    report = doctor.check(folder)
    assert table in {finding.where for finding in report.findings}
    assert all(finding.mendable for finding in report.findings)
    aside = doctor.repair(folder)
    assert aside.exists()
    assert doctor.check(folder).whole
    with Workspace(folder, lambda _events, _failure: None) as opened:
        assert opened.directory.rooms["3"].n_messages == 201
        assert opened.directory.members["2"].own.drafts["3"].text == "begun"
        assert opened.directory.members["2"].own.stars == ["3"]
        ref = opened.refs.get("226")
        assert ref is not None
        assert ref.poll is not None
        assert ref.poll.votes == {"2": [1]}


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM events WHERE seq = 100",
        "UPDATE events SET data = 'no json' WHERE seq = 100",
        """UPDATE events SET data = '{"type": "unheard of"}' WHERE seq = 100""",
        "INSERT INTO events SELECT * FROM events WHERE seq = 100",
        "DELETE FROM events WHERE seq IN (227, 228, 229)",
    ],
)
def test_a_damaged_log_is_named_and_nothing_is_made_of_it(folder: Path, damage: str) -> None:
    _sql(folder, damage)
    report = doctor.check(folder)
    assert {finding.where for finding in report.findings} == {"log"}
    assert not report.findings[0].mendable
    before = (folder / schema.FILE).read_bytes()
    with pytest.raises(WorkspaceError, match="Put a backup in its place"):
        doctor.repair(folder)
    assert (folder / schema.FILE).read_bytes() == before


def test_a_file_that_was_cut_off_is_named(folder: Path) -> None:
    file = folder / schema.FILE
    file.write_bytes(file.read_bytes()[:5_000])
    report = doctor.check(folder)
    assert report.findings[0].where == "file"
    assert not report.whole


def test_what_is_no_workspace_and_what_is_in_use(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="no workspace"):
        doctor.check(tmp_path / "nothing")


def test_a_backup_while_it_is_written_to_is_a_workspace(folder: Path, tmp_path: Path) -> None:
    done = threading.Event()
    durable = [0]

    def committed(events: list[p.Event], failure: Exception | None) -> None:
        assert failure is None
        durable[0] = events[-1].seq
        done.set()

    with Workspace(folder, committed) as opened:
        for n in range(500):
            data = p.Posted(id=str(opened.directory.seq + 1), text=f"while {n}")
            opened.decide("1", data, room="3", req=None, now=T + 5_000 + n)
        assert done.wait(10)
        before = durable[0]
        made = backup.copy(opened.connection.cursor(), tmp_path / "copies" / "monday")
        with pytest.raises(Conflict, match="not empty"):
            backup.copy(opened.connection.cursor(), tmp_path / "copies" / "monday")
    report = doctor.check(made.parent)
    assert report.whole
    assert before <= report.seq <= 729
    with Workspace(made.parent, committed) as copied:
        assert copied.directory.rooms["3"].n_messages == report.seq - 28


def test_a_backup_that_cannot_be_written_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with Workspace(folder, lambda _events, _failure: None) as opened, pytest.raises((WorkspaceError, Conflict)):
        backup.copy(opened.connection.cursor(), blocked / "copy")
    assert blocked.read_text() == "in the way"
