"""Is a workspace whole? And if its tables are not but its log is: make them anew from the log."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from collabchat import protocol as p
from collabchat.errors import CollabchatError, WorkspaceError
from collabchat.store import file_check, schema, tables
from collabchat.store.load import EVENT_COLUMNS, event

BATCH = 10_000


class Finding(msgspec.Struct, frozen=True):
    """One thing that is wrong."""

    where: str
    """``file``, ``log``, ``files``, or the name of a table."""
    problem: str
    mendable: bool
    """Whether `repair` mends it."""


class Report(msgspec.Struct, frozen=True):
    """What was found in a workspace."""

    workspace: str
    events: int
    seq: int
    findings: list[Finding]
    files: int = 0
    """Files that something refers to."""
    leftover: int = 0
    """Files that nothing refers to: the hub removes them in time."""

    @property
    def whole(self) -> bool:
        return not self.findings


def check(folder: Path) -> Report:
    """Read everything, and compare the tables with what the log makes of them.

    Nothing is changed. No hub of the workspace may run.

    Parameters
    ----------
    folder
        The workspace.

    Raises
    ------
    WorkspaceError
        Where there is no workspace, or another process holds it.
    VersionMismatch
        Where a newer collabchat wrote it.
    """
    file = folder / schema.FILE
    if not file.exists():
        raise WorkspaceError(f"{folder} is no workspace: there is no {schema.FILE} in it.")
    with tempfile.TemporaryDirectory(prefix="collabchat-doctor-") as scratch:
        # On a copy, for opening a database may already change it (DuckDB plays its write-ahead log into it).
        copy = Path(scratch) / schema.FILE
        with _nobody_writes(file):
            shutil.copyfile(file, copy)
            wal = file.with_name(file.name + ".wal")
            if wal.exists():
                shutil.copyfile(wal, copy.with_name(copy.name + ".wal"))
        return _check(folder, copy)


@contextlib.contextmanager
def _nobody_writes(file: Path) -> Iterator[None]:
    try:
        duckdb.connect(str(file), read_only=True).close()
    except duckdb.Error as error:
        if "lock" in str(error).lower() and "conflicting" in str(error).lower():
            raise WorkspaceError(
                f"{file} is in use: stop its hub first (`collabchat hub {file.parent} --stop`)."
            ) from error
    yield


def _check(folder: Path, copy: Path) -> Report:
    findings: list[Finding] = []
    try:
        connection = _open(copy)
    except duckdb.Error as error:
        problem = f"the file cannot be opened: {error}"
        return Report(str(folder), 0, 0, [Finding("file", problem, False)])
    with connection:
        found = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        missing = [name for name in ("events", "meta") if name not in found]
        if missing:
            problem = f"there is no table {' and no table '.join(missing)}"
            return Report(str(folder), 0, 0, [Finding("log", problem, False)])
        _check_beside(connection, copy, found, findings)
        count, newest = _check_log(connection, findings)
        if all(finding.mendable for finding in findings):
            _check_roots(connection, found, findings)
        if all(finding.mendable for finding in findings):
            _check_tables(connection, copy.with_name("replayed.duckdb"), found, findings)
        files = leftover = 0
        if found >= {"attachments", "members", "personal"}:
            wrong, files, leftover = file_check.check(folder, connection)
            findings += [Finding("files", problem, False) for problem in wrong]
    return Report(str(folder), count, newest, findings, files, leftover)


def _open(copy: Path) -> duckdb.DuckDBPyConnection:
    """The copy, at the version of this package where it is of an older one: that is no damage."""
    connection = duckdb.connect(str(copy))
    with contextlib.suppress(duckdb.Error, WorkspaceError):
        version = schema.check_version(connection, copy)
        if version is not None and version < schema.SCHEMA_VERSION:
            connection.close()
            with contextlib.suppress(CollabchatError):
                schema.connect_file(copy).close()
            connection = duckdb.connect(str(copy))
    return connection


def _check_beside(connection: duckdb.DuckDBPyConnection, copy: Path, found: set[str], findings: list[Finding]) -> None:
    try:
        schema.check_version(connection, copy)
    except (duckdb.Error, WorkspaceError) as error:
        findings.append(Finding("meta", f"the version cannot be read: {error}", True))
    if "presence" not in found:
        findings.append(Finding("presence", "the table is missing", True))
        return
    try:
        connection.execute("SELECT max(member), max(last_seen) FROM presence").fetchall()
    except duckdb.Error as error:
        findings.append(Finding("presence", f"it cannot be read: {error}", True))


def _check_roots(connection: duckdb.DuckDBPyConnection, found: set[str], findings: list[Finding]) -> None:
    """Whether the log has what the rows were made of: rows that it does not know would be lost in a replay."""
    roots = {
        **{"members": "member", "rooms": "room", "messages": "seq", "reactions": "seq"},
        **{"votes": "seq", "personal": "seq"},
    }
    for name, column in roots.items():
        if name not in found:
            continue
        try:
            row = connection.execute(
                f"SELECT count(*), min({column}) FROM {name} WHERE {column} NOT IN (SELECT seq FROM events)"
            ).fetchone()
        except duckdb.Error:
            continue  # one of the two cannot be read; that is found elsewhere
        if row and row[0]:
            problem = f"it lacks the events of {row[0]} rows of {name}, from event {row[1]} on"
            findings.append(Finding("log", problem, False))


def _check_log(connection: duckdb.DuckDBPyConnection, findings: list[Finding]) -> tuple[int, int]:
    count, last = 0, 0
    try:
        rooms_deleted = connection.execute("SELECT count(*) FROM events WHERE type = 'room_deleted'").fetchone()
        holes_allowed = bool(rooms_deleted and rooms_deleted[0])
        for one in _events(connection):
            count += 1
            if one.seq <= last:
                findings.append(Finding("log", f"event {one.seq} stands after event {last}", False))
            elif one.seq != last + 1 and not holes_allowed:
                findings.append(Finding("log", f"the events {last + 1} to {one.seq - 1} are missing", False))
            last = max(last, one.seq)
            if len(findings) >= 20:
                break
    except (duckdb.Error, msgspec.DecodeError) as error:
        findings.append(Finding("log", f"it cannot be read after event {last}: {error}", False))
    return count, last


def _events(connection: duckdb.DuckDBPyConnection) -> Iterator[p.Event]:
    cursor = connection.cursor()
    cursor.execute(f"SELECT {EVENT_COLUMNS} FROM events")
    while rows := cursor.fetchmany(BATCH):
        for row in rows:
            yield event(row)


def _check_tables(
    connection: duckdb.DuckDBPyConnection, scratch: Path, found: set[str], findings: list[Finding]
) -> None:
    replay(connection, scratch)
    connection.execute(f"ATTACH '{_quoted(scratch)}' AS replayed (READ_ONLY)")
    for name in schema.VIEW_TABLES:
        if name not in found:
            findings.append(Finding(name, "the table is missing", True))
            continue
        try:
            differ = [
                connection.execute(f"SELECT count(*) FROM ({a} EXCEPT ALL {b})").fetchone()
                for a, b in (
                    (f"FROM {name}", f"FROM replayed.{name}"),
                    (f"FROM replayed.{name}", f"FROM {name}"),
                )
            ]
        except duckdb.Error as error:
            findings.append(Finding(name, f"it cannot be read: {error}", True))
            continue
        extra, lacking = (row[0] if row else 0 for row in differ)
        if extra or lacking:
            problem = f"{extra} rows are not what the log says, {lacking} rows of the log are not there"
            findings.append(Finding(name, problem, True))
    connection.execute("DETACH replayed")


def replay(source: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Make a new database whose tables come from the log of another one alone."""
    made = schema.connect_file(target)
    try:
        made.execute("BEGIN")
        batch: list[p.Event] = []
        for one in _events(source):
            batch.append(one)
            if len(batch) >= BATCH:
                tables.write(made, batch, log=False)
                batch = []
        tables.write(made, batch, log=False)
        made.execute("COMMIT")
        made.execute("CHECKPOINT")
    finally:
        made.close()


def repair(folder: Path) -> Path:
    """Make the tables anew from the log, where the log is whole.

    The damaged file is set aside, not deleted.

    Returns
    -------
    Path
        Where the damaged file is now.

    Raises
    ------
    WorkspaceError
        Where the log itself is damaged: then only a backup helps.
    """
    file = folder / schema.FILE
    report = check(folder)
    lost = [finding for finding in report.findings if not finding.mendable and finding.where != "files"]
    if lost:
        raise WorkspaceError(
            f"The log of {folder} is damaged ({lost[0].problem}): its tables cannot be made from it. "
            "Put a backup in its place; the damaged file was left as it is."
        )
    new = file.with_name(file.name + ".new")
    new.unlink(missing_ok=True)
    try:
        with duckdb.connect(str(file)) as connection:
            connection.execute("CHECKPOINT")
            replay(connection, new)
        with duckdb.connect(str(new)) as connection:
            connection.execute(f"ATTACH '{_quoted(file)}' AS damaged (READ_ONLY)")
            for name in ("events", "presence", "titles"):
                # What is beside the log is no loss; the log was read before, and is.
                with contextlib.suppress(*((duckdb.Error,) if name != "events" else ())):
                    connection.execute(f"INSERT INTO {name} FROM damaged.{name}")
            connection.execute("DETACH damaged")
    except (duckdb.Error, CollabchatError) as error:
        new.unlink(missing_ok=True)
        raise WorkspaceError(f"The tables could not be made from the log: {error}") from error
    aside = file.with_name(f"{file.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
    file.replace(aside)
    new.replace(file)
    return aside


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def as_json(report: Report) -> dict[str, Any]:
    """The report for a machine."""
    made: dict[str, Any] = msgspec.to_builtins(report)
    return made | {"whole": report.whole}
