"""The tables of ``chat.duckdb``, their version, and the way from an older version to this one."""

from __future__ import annotations

import contextlib
import filecmp
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import msgspec

from collabchat import protocol as p
from collabchat.errors import DiskFull, VersionMismatch, WorkspaceError
from collabchat.store import link_rows

SCHEMA_VERSION = 3
FILE = "chat.duckdb"

# No primary keys: the one writer guarantees them, rows stand in the order of `seq`, and DuckDB's own minima and
# maxima of row groups find a `seq` as quickly as an index would, without the index's memory.
LOG = """
CREATE TABLE events (
    seq BIGINT NOT NULL, time TIMESTAMP NOT NULL, type VARCHAR NOT NULL, actor BIGINT NOT NULL,
    room BIGINT, req UUID, data VARCHAR NOT NULL);
"""
VIEWS = """
CREATE TABLE members (
    member BIGINT NOT NULL, handle VARCHAR NOT NULL, name VARCHAR NOT NULL, role VARCHAR NOT NULL,
    bot BOOLEAN NOT NULL, joined_at TIMESTAMP NOT NULL, preferences VARCHAR, status VARCHAR, picture VARCHAR);
CREATE TABLE rooms (
    room BIGINT NOT NULL, name VARCHAR NOT NULL, kind VARCHAR NOT NULL, topic VARCHAR NOT NULL,
    created_at TIMESTAMP NOT NULL, created_by BIGINT NOT NULL, archived BOOLEAN NOT NULL);
CREATE TABLE memberships (room BIGINT NOT NULL, member BIGINT NOT NULL, since BIGINT NOT NULL);
CREATE TABLE reads (room BIGINT NOT NULL, member BIGINT NOT NULL, upto BIGINT NOT NULL, time TIMESTAMP NOT NULL);
CREATE TABLE messages (
    seq BIGINT NOT NULL, room BIGINT NOT NULL, author BIGINT NOT NULL, time TIMESTAMP NOT NULL, text VARCHAR,
    kind VARCHAR NOT NULL, thread BIGINT, reply_to BIGINT, edited_at TIMESTAMP, deleted BOOLEAN NOT NULL,
    n_replies INTEGER NOT NULL, last_reply_at TIMESTAMP, n_reactions INTEGER NOT NULL, pinned BIGINT,
    changed BIGINT NOT NULL, broadcast BOOLEAN, forwarded VARCHAR, poll VARCHAR, n_files INTEGER DEFAULT 0);
CREATE TABLE mentions (message BIGINT NOT NULL, room BIGINT NOT NULL, member BIGINT NOT NULL);
CREATE TABLE reactions (
    seq BIGINT NOT NULL, message BIGINT NOT NULL, room BIGINT NOT NULL, member BIGINT NOT NULL,
    emoji VARCHAR NOT NULL, time TIMESTAMP NOT NULL);
"""
OWN = """
CREATE TABLE votes (
    seq BIGINT NOT NULL, message BIGINT NOT NULL, room BIGINT NOT NULL, member BIGINT NOT NULL,
    choices VARCHAR NOT NULL);
CREATE TABLE personal (
    member BIGINT NOT NULL, kind VARCHAR NOT NULL, key VARCHAR NOT NULL, room BIGINT, seq BIGINT NOT NULL,
    data VARCHAR NOT NULL);
"""
SHARED = """
CREATE TABLE attachments (
    message BIGINT NOT NULL, number INTEGER NOT NULL, room BIGINT NOT NULL, author BIGINT NOT NULL,
    time TIMESTAMP NOT NULL, name VARCHAR NOT NULL, original VARCHAR NOT NULL, size BIGINT NOT NULL,
    type VARCHAR NOT NULL, kind VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, width INTEGER, height INTEGER);
CREATE TABLE links (
    message BIGINT NOT NULL, number INTEGER NOT NULL, room BIGINT NOT NULL, author BIGINT NOT NULL,
    time TIMESTAMP NOT NULL, url VARCHAR NOT NULL);
CREATE TABLE settings (data VARCHAR NOT NULL);
"""
TITLES = """
CREATE TABLE titles (url VARCHAR NOT NULL, title VARCHAR NOT NULL, time TIMESTAMP NOT NULL);
"""
BESIDE = """
CREATE TABLE meta (key VARCHAR NOT NULL, value VARCHAR NOT NULL);
CREATE TABLE presence (member BIGINT NOT NULL, last_seen TIMESTAMP NOT NULL);
"""
VIEW_TABLES = (
    *("members", "rooms", "memberships", "reads", "messages", "mentions", "reactions", "votes", "personal"),
    *("attachments", "links", "settings"),
)

Migration = Callable[[duckdb.DuckDBPyConnection], None]


def _from_1(connection: duckdb.DuckDBPyConnection) -> None:
    for table, column in (
        ("members", "status VARCHAR"),
        ("members", "picture VARCHAR"),
        ("messages", "broadcast BOOLEAN"),
        ("messages", "forwarded VARCHAR"),
        ("messages", "poll VARCHAR"),
    ):
        connection.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    connection.execute(OWN)
    # What one has chosen stands there with all of its fields, as a replay of the log would write it now.
    for member, raw in connection.execute(
        "SELECT member, preferences FROM members WHERE preferences IS NOT NULL"
    ).fetchall():
        preferences = msgspec.json.decode(raw, type=p.Preferences)
        connection.execute(
            "UPDATE members SET preferences = ? WHERE member = ?", [msgspec.json.encode(preferences).decode(), member]
        )


def _from_2(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("ALTER TABLE messages ADD COLUMN n_files INTEGER DEFAULT 0")
    connection.execute(SHARED + TITLES)
    link_rows.fill(connection)
    # As a replay of the log would write it now, with all of its fields.
    connection.execute("""UPDATE personal SET data = left(data, -1) || ',"files":[]}' WHERE kind = 'scheduled'""")
    connection.execute(
        """UPDATE personal SET data = json_merge_patch(data, json_object('problem', data->>'problem'))
        WHERE kind = 'scheduled' AND data->>'problem' IS NOT NULL"""
    )


MIGRATIONS: dict[int, Migration] = {1: _from_1, 2: _from_2}
"""From version N to N + 1, each in one transaction."""


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the database of a workspace, new or not, at the version of this package.

    An older file is upgraded after a copy was set aside as ``chat.duckdb.vN`` (``vN-2`` where another copy has that
    name); a newer one is left as it is.

    Raises
    ------
    VersionMismatch
        Where a newer collabchat wrote the file.
    DiskFull
        Where there is no room to open it.
    WorkspaceError
        Where the file is damaged, no database of ours, or open in another process.
    """
    path.mkdir(parents=True, exist_ok=True)
    return connect_file(path / FILE)


def connect_file(file: Path) -> duckdb.DuckDBPyConnection:
    """As `connect`, for a database that stands by itself."""
    try:
        if file.with_name(file.name + ".wal").exists():
            # Opening it would play this into the file: first see whether it is ours to change.
            # (Where this process has it open already, which DuckDB calls another configuration, it has been seen.)
            with (
                contextlib.suppress(duckdb.ConnectionException),
                duckdb.connect(str(file), read_only=True) as looking,
            ):
                check_version(looking, file)
        connection = duckdb.connect(str(file), config={"preserve_insertion_order": "true"})
    except duckdb.Error as error:
        raise _explained(file, error) from error
    try:
        version = check_version(connection, file)
        if version is None:
            connection.execute("BEGIN")
            connection.execute(LOG + VIEWS + OWN + SHARED + BESIDE + TITLES)
            connection.execute("INSERT INTO meta VALUES ('version', ?)", [str(SCHEMA_VERSION)])
            connection.execute("COMMIT")
        elif version < SCHEMA_VERSION:
            connection = _upgrade(connection, file, version)
    except duckdb.Error as error:
        connection.close()
        raise _explained(file, error) from error
    except BaseException:
        connection.close()
        raise
    return connection


def check_version(connection: duckdb.DuckDBPyConnection, file: Path) -> int | None:
    """The version of a database's tables; None where it is empty.

    Raises
    ------
    VersionMismatch
        Where a newer collabchat wrote it.
    WorkspaceError
        Where it is not one of collabchat.
    """
    tables = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if not tables:
        return None
    row = connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchone() if "meta" in tables else None
    if row is None or "events" not in tables or not str(row[0]).isdecimal():
        raise WorkspaceError(f"{file} is a DuckDB file, but not one of collabchat.")
    version = int(row[0])
    if version > SCHEMA_VERSION:
        raise VersionMismatch(
            f"{file} was written by a newer collabchat (its tables are version {version}, this one knows "
            f"{SCHEMA_VERSION}). It was left as it is: update collabchat with `pip install -U collabchat`."
        )
    return version


def _upgrade(connection: duckdb.DuckDBPyConnection, file: Path, version: int) -> duckdb.DuckDBPyConnection:
    connection.execute("CHECKPOINT")
    connection.close()
    missing = [one for one in range(version, SCHEMA_VERSION) if one not in MIGRATIONS]
    if missing:
        raise VersionMismatch(f"{file} is of version {version}, and no way leads from there to this version.")
    _set_aside(file, version)
    connection = duckdb.connect(str(file), config={"preserve_insertion_order": "true"})
    try:
        while version < SCHEMA_VERSION:
            connection.execute("BEGIN")
            MIGRATIONS[version](connection)
            version += 1
            connection.execute("UPDATE meta SET value = ? WHERE key = 'version'", [str(version)])
            connection.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
    return connection


def _set_aside(file: Path, version: int) -> None:
    """Copy the file beside itself; an earlier copy stays, for it may be of another day."""
    aside, number = file.with_name(f"{file.name}.v{version}"), 1
    while aside.exists():
        if filecmp.cmp(file, aside, shallow=False):
            return
        number += 1
        aside = file.with_name(f"{file.name}.v{version}-{number}")
    part = aside.with_name(aside.name + ".part")
    try:
        shutil.copyfile(file, part)
        part.replace(aside)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise _explained(file, error) from error


def is_disk_full(error: BaseException) -> bool:
    """Whether DuckDB (or the system) says that there is no room."""
    text = str(error).lower()
    return "no space left" in text or "disk quota" in text or "not enough space" in text or "file too large" in text


def _explained(file: Path, error: duckdb.Error | OSError) -> Exception:
    text = str(error)
    if is_disk_full(error):
        return DiskFull(f"There is no room on the disk of {file}: {text}")
    if "lock" in text.lower():
        return WorkspaceError(f"Another process holds {file}: {text}")
    return WorkspaceError(
        f"{file} cannot be read: {text}. Nothing was changed. `collabchat doctor {file.parent}` says what is damaged."
    )
