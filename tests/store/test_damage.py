"""A log that lost something is not replayed over the tables that still have it; a backup that fails leaves nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from disks import small_disk

from collabchat import protocol as p
from collabchat.errors import CollabchatError, DiskFull, VersionMismatch, WorkspaceError
from collabchat.store import backup, doctor, schema
from collabchat.store.seed import Seeder
from collabchat.store.workspace import Workspace

NOON = 1_700_000_000_000_000
SAID = 300


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two people, a room, 300 messages, and a room that came and went."""
    team = tmp_path / "team"
    with Seeder(team) as seeder:
        ana, bo = seeder.member("ana", at=NOON), seeder.member("bo", at=NOON)
        room = seeder.room("pipeline", by=ana, members=[ana, bo], at=NOON)
        for n in range(SAID):
            seeder.post(room, bo, f"message {n}", at=NOON + n)
        gone = seeder.room("gone", by=ana, members=[ana], at=NOON + SAID)
        seeder.post(gone, ana, "not for long", at=NOON + SAID)
        data = p.RoomDeleted(kind="public", members=[ana])
        seeder.workspace.decide(ana, data, room=gone, req=None, now=NOON + SAID)
    return team


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "tiny", "512k") as disk:
        yield disk


def _sql(folder: Path, *statements: str) -> None:
    with duckdb.connect(str(folder / schema.FILE)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_deleted_room_leaves_a_hole_that_is_no_damage(folder: Path) -> None:
    report = doctor.check(folder)
    assert report.findings == []
    assert report.events == report.seq - 2


@pytest.mark.parametrize(
    ("lost", "first"),
    [
        (f"seq > {SAID - 20} AND seq <= {SAID}", SAID - 19),
        ("seq BETWEEN 50 AND 60", 50),
        ("seq = 2", 2),
        ("seq = 3", 3),
    ],
)
def test_what_only_the_tables_still_have_is_not_thrown_away(folder: Path, lost: str, first: int) -> None:
    _sql(folder, f"DELETE FROM events WHERE {lost}")
    [finding] = doctor.check(folder).findings
    assert (finding.where, finding.mendable) == ("log", False)
    assert f"from event {first} on" in finding.problem
    before = (folder / schema.FILE).read_bytes()
    with pytest.raises(WorkspaceError, match="Put a backup in its place"):
        doctor.repair(folder)
    assert (folder / schema.FILE).read_bytes() == before


def test_a_log_whose_end_was_lost(folder: Path) -> None:
    _sql(folder, "DELETE FROM events WHERE seq > 100")
    [finding] = doctor.check(folder).findings
    assert (finding.where, finding.mendable) == ("log", False)


@pytest.mark.parametrize(
    ("damage", "where"),
    [
        ("DROP TABLE presence", "presence"),
        ("DELETE FROM meta", "meta"),
        ("UPDATE meta SET value = 'one'", "meta"),
    ],
)
def test_whatever_keeps_a_hub_from_opening_it_is_named_and_mended(folder: Path, damage: str, where: str) -> None:
    _sql(folder, damage)
    report = doctor.check(folder)
    assert [(finding.where, finding.mendable) for finding in report.findings] == [(where, True)]
    doctor.repair(folder)
    assert doctor.check(folder).findings == []
    with Workspace(folder, lambda _events, _failure: None) as opened:
        assert opened.directory.rooms["3"].n_messages == SAID


def test_one_of_a_newer_collabchat_is_left_alone(folder: Path) -> None:
    _sql(folder, "UPDATE meta SET value = '99'")
    before = (folder / schema.FILE).read_bytes()
    for ask in (doctor.check, doctor.repair):
        with pytest.raises(VersionMismatch, match="pip install -U collabchat"):
            ask(folder)
    assert (folder / schema.FILE).read_bytes() == before


@pytest.mark.parametrize("place", [n / 16 for n in range(16)])
def test_a_block_of_zeros_anywhere(folder: Path, place: float) -> None:
    """Whatever was hit, it is a report; and what it calls whole can be opened and read to the end."""
    file = folder / schema.FILE
    data = bytearray(file.read_bytes())
    start = int(len(data) * place)
    data[start : start + 4096] = bytes(min(4096, len(data) - start))
    file.write_bytes(data)
    report = doctor.check(folder)
    assert file.read_bytes() == data
    opened = _opens(folder)
    assert opened or not report.whole
    if report.findings and all(finding.mendable for finding in report.findings):
        try:
            doctor.repair(folder)
        except WorkspaceError:
            assert file.read_bytes() == data
        else:
            assert doctor.check(folder).findings == []
            assert _opens(folder)


def _opens(folder: Path) -> bool:
    try:
        with Workspace(folder, lambda _events, _failure: None) as opened:
            return len(opened.directory.members) == 2
    except (CollabchatError, duckdb.Error):
        return False


def test_one_that_a_hub_has_open_is_not_looked_at(folder: Path) -> None:
    hold = (
        "import sys; from pathlib import Path; from collabchat.store import schema; c = schema.connect(Path("
        "sys.argv[1])); print('open', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", hold, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        for ask in (doctor.check, doctor.repair):
            with pytest.raises(WorkspaceError, match="stop its hub first"):
                ask(folder)
        with pytest.raises(WorkspaceError, match="Another process holds"):
            schema.connect(folder)
        process.stdin.close()
    assert doctor.check(folder).whole


def test_a_hub_that_was_killed_left_the_end_of_the_log_beside_the_file(folder: Path) -> None:
    kill = (
        "import os, sys; from pathlib import Path; from collabchat.store.seed import Seeder\n"
        "seeder = Seeder(Path(sys.argv[1]))\n"
        "for n in range(50): last = seeder.post('3', '1', f'late {n}', at=1_700_000_001_000_000)\n"
        "seeder._wait(int(last))\n"
        "os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", kill, str(folder)], check=True)
    assert (folder / f"{schema.FILE}.wal").exists()
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    report = doctor.check(folder)
    assert report.whole
    assert report.seq == SAID + 6 + 50
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


@pytest.mark.parametrize("there_before", [True, False])
def test_a_backup_without_room_leaves_nothing(folder: Path, tiny_disk: Path, there_before: bool) -> None:
    target = tiny_disk if there_before else tiny_disk / "deep" / "monday"
    with Workspace(folder, lambda _events, _failure: None) as opened:
        for n in range(2_000):
            data = p.Posted(id=str(opened.directory.seq + 1), text=os.urandom(400).hex())
            opened.decide("1", data, room="3", req=None, now=NOON + 10_000 + n)
        opened.log.close()
        with pytest.raises(DiskFull, match="no room for a backup"):
            backup.copy(opened.connection.cursor(), target)
    assert [file for file in tiny_disk.rglob("*") if file.is_file()] == []
    assert target.exists() == there_before
    assert doctor.check(folder).whole


def test_names_with_a_quote(folder: Path, tmp_path: Path) -> None:
    odd = folder.rename(tmp_path / "ana's team")
    with Workspace(odd, lambda _events, _failure: None) as opened:
        made = backup.copy(opened.connection.cursor(), tmp_path / "five o'clock; DROP TABLE events")
    _sql(odd, "DELETE FROM messages")
    doctor.repair(odd)
    assert doctor.check(odd).whole
    assert doctor.check(made.parent).whole
