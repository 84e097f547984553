"""Opening a database: new, older, newer, foreign, damaged."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import pytest

from collabchat.errors import VersionMismatch, WorkspaceError
from collabchat.store import schema
from collabchat.store.seed import Seeder

T = 1_700_000_000_000_000


def _filled(folder: Path) -> Path:
    with Seeder(folder) as seeder:
        ana = seeder.member("ana", at=T)
        room = seeder.room("pipeline", by=ana, members=[ana], at=T)
        seeder.post(room, ana, "hello", at=T + 1)
    return folder / schema.FILE


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_new_database_has_the_version_of_this_package(tmp_path: Path) -> None:
    with schema.connect(tmp_path / "deep" / "team") as connection:
        version = connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
        assert version == (str(schema.SCHEMA_VERSION),)
        tables = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        assert tables == {"events", "meta", "presence", "titles", *schema.VIEW_TABLES}


def test_an_older_one_is_upgraded_after_a_copy_was_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = _filled(tmp_path)
    monkeypatch.setattr(schema, "SCHEMA_VERSION", schema.SCHEMA_VERSION + 2)
    first = schema.SCHEMA_VERSION - 2
    monkeypatch.setitem(
        schema.MIGRATIONS, first, lambda connection: connection.execute("ALTER TABLE rooms ADD COLUMN colour VARCHAR")
    )
    monkeypatch.setitem(
        schema.MIGRATIONS, first + 1, lambda connection: connection.execute("UPDATE rooms SET colour = 'blue'")
    )
    with schema.connect(tmp_path) as connection:
        assert connection.execute("SELECT name, colour FROM rooms").fetchall() == [("pipeline", "blue")]
        assert connection.execute("SELECT value FROM meta").fetchall() == [(str(first + 2),)]
    aside = file.with_name(f"{schema.FILE}.v{first}")
    with duckdb.connect(str(aside), read_only=True) as old:
        assert old.execute("SELECT value FROM meta").fetchall() == [(str(first),)]
        assert old.execute("SELECT text FROM messages").fetchall() == [("hello",)]


def test_a_migration_that_fails_leaves_the_old_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _filled(tmp_path)
    first = schema.SCHEMA_VERSION

    def broken(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("DELETE FROM messages")
        connection.execute("SELECT no_such_function()")

    with monkeypatch.context() as patch:
        patch.setattr(schema, "SCHEMA_VERSION", first + 1)
        patch.setitem(schema.MIGRATIONS, first, broken)
        with pytest.raises(WorkspaceError, match="no_such_function"):
            schema.connect(tmp_path)
    with schema.connect(tmp_path) as connection:
        assert connection.execute("SELECT text FROM messages").fetchall() == [("hello",)]


def test_a_newer_one_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    file = _filled(tmp_path)
    with duckdb.connect(str(file)) as connection:
        connection.execute("UPDATE meta SET value = '99'")
    before = _digest(file)
    with pytest.raises(VersionMismatch, match="pip install -U collabchat"):
        schema.connect(tmp_path)
    assert _digest(file) == before


@pytest.mark.parametrize("content", ["CREATE TABLE other (x INTEGER)", "CREATE TABLE events (x INTEGER)"])
def test_a_database_of_somebody_else_is_refused(tmp_path: Path, content: str) -> None:
    with duckdb.connect(str(tmp_path / schema.FILE)) as connection:
        connection.execute(content)
    with pytest.raises(WorkspaceError, match="not one of collabchat"):
        schema.connect(tmp_path)


def test_what_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / schema.FILE
    file.write_bytes(b"these are the notes of somebody" * 1_000)
    before = _digest(file)
    with pytest.raises(WorkspaceError, match="collabchat doctor"):
        schema.connect(tmp_path)
    assert _digest(file) == before
