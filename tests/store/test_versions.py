"""Older and newer databases, and those that only look like one of ours."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from collabchat.errors import CollabchatError, DiskFull, VersionMismatch, WorkspaceError
from collabchat.store import schema
from collabchat.store.seed import Seeder

NOON = 1_700_000_000_000_000
FIRST = schema.SCHEMA_VERSION


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Seeder(tmp_path) as seeder:
        ana = seeder.member("ana", at=NOON)
        seeder.post(seeder.room("pipeline", by=ana, members=[ana], at=NOON), ana, "hello", at=NOON)
    return tmp_path


def _content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def _value(file: Path, sql: str) -> object:
    with duckdb.connect(str(file), read_only=True) as connection:
        row = connection.execute(sql).fetchone()
    return row and row[0]


def test_a_newer_one_whose_hub_was_killed_is_left_as_it_is(folder: Path) -> None:
    """Opening it to write would play its write-ahead log into the file."""
    kill = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); c.execute('CREATE TABLE tasks (x INTEGER)');"
        """c.execute("UPDATE meta SET value = '99'"); os._exit(0)"""
    )
    subprocess.run([sys.executable, "-c", kill, str(folder / schema.FILE)], check=True)
    before = _content(folder)
    assert set(before) == {schema.FILE, f"{schema.FILE}.wal"}
    with pytest.raises(VersionMismatch, match="left as it is"):
        schema.connect(folder)
    assert _content(folder) == before


def test_an_older_one_whose_hub_was_killed_is_upgraded_with_all_it_has(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]);"
        """c.execute("UPDATE messages SET text = 'only beside the file'"); os._exit(0)"""
    )
    subprocess.run([sys.executable, "-c", kill, str(folder / schema.FILE)], check=True)
    assert (folder / f"{schema.FILE}.wal").exists()
    monkeypatch.setattr(schema, "SCHEMA_VERSION", FIRST + 1)
    monkeypatch.setitem(schema.MIGRATIONS, FIRST, lambda connection: connection.execute("UPDATE rooms SET topic = 'x'"))
    schema.connect(folder).close()
    aside = folder / f"{schema.FILE}.v{FIRST}"
    for file, topic in ((aside, ""), (folder / schema.FILE, "x")):
        assert _value(file, "SELECT text FROM messages") == "only beside the file"
        assert _value(file, "SELECT topic FROM rooms") == topic


def test_a_copy_of_another_day_is_not_taken_for_this_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = folder / f"{schema.FILE}.v{FIRST}"
    earlier.write_bytes(b"of another day")
    monkeypatch.setattr(schema, "SCHEMA_VERSION", FIRST + 1)
    monkeypatch.setitem(schema.MIGRATIONS, FIRST, lambda connection: connection.execute("DELETE FROM messages"))
    schema.connect(folder).close()
    assert earlier.read_bytes() == b"of another day"
    aside = folder / f"{schema.FILE}.v{FIRST}-2"
    assert _value(aside, "SELECT text FROM messages") == "hello"
    assert _value(folder / schema.FILE, "SELECT count(*) FROM messages") == 0


def test_trying_again_makes_no_second_copy(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "SCHEMA_VERSION", FIRST + 1)
    monkeypatch.setitem(schema.MIGRATIONS, FIRST, lambda connection: connection.execute("SELECT no_such_function()"))
    for _ in range(3):
        with pytest.raises(WorkspaceError, match="no_such_function"):
            schema.connect(folder)
    assert set(_content(folder)) == {schema.FILE, f"{schema.FILE}.v{FIRST}"}


def test_where_no_way_leads_from_there_nothing_is_done(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "SCHEMA_VERSION", FIRST + 2)
    touched: list[str] = []
    monkeypatch.setitem(schema.MIGRATIONS, FIRST, lambda _connection: touched.append("first"))
    with pytest.raises(VersionMismatch, match="no way leads"):
        schema.connect(folder)
    assert touched == []
    assert set(_content(folder)) == {schema.FILE}
    assert _value(folder / schema.FILE, "SELECT value FROM meta") == str(FIRST)


def test_without_room_for_the_copy_nothing_is_changed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_source: Path, target: Path) -> None:
        Path(target).write_bytes(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    monkeypatch.setattr(schema, "SCHEMA_VERSION", FIRST + 1)
    monkeypatch.setitem(schema.MIGRATIONS, FIRST, lambda connection: connection.execute("DELETE FROM messages"))
    with pytest.raises(DiskFull):
        schema.connect(folder)
    assert set(_content(folder)) == {schema.FILE}
    assert _value(folder / schema.FILE, "SELECT text FROM messages") == "hello"


@pytest.mark.parametrize(
    "content",
    [
        "CREATE TABLE meta (key VARCHAR, value VARCHAR)",
        "CREATE TABLE meta (key VARCHAR, value VARCHAR); CREATE TABLE events (x INTEGER)",
        "CREATE TABLE meta (key VARCHAR, value VARCHAR); INSERT INTO meta VALUES ('version', '1')",
        "CREATE TABLE meta (key VARCHAR, value VARCHAR); CREATE TABLE events (x INTEGER);"
        "INSERT INTO meta VALUES ('version', 'one')",
        "CREATE TABLE meta (x INTEGER); CREATE TABLE events (x INTEGER)",
    ],
)
def test_what_looks_like_one_of_ours_but_is_not(tmp_path: Path, content: str) -> None:
    file = tmp_path / schema.FILE
    with duckdb.connect(str(file)) as connection:
        connection.execute(content)
    before = file.read_bytes()
    with pytest.raises(CollabchatError, match=r"not one of collabchat|cannot be read"):
        schema.connect(tmp_path)
    assert file.read_bytes() == before
