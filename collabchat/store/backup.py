"""A consistent copy of a workspace, while it is in use or while it is not."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import duckdb

from collabchat.errors import Conflict, DiskFull, WorkspaceError
from collabchat.store.schema import FILE, is_disk_full


def copy(cursor: duckdb.DuckDBPyConnection, target: Path, files: Path | None = None) -> Path:
    """Copy the database of an open workspace into a folder.

    Parameters
    ----------
    cursor
        A cursor of its own: the copy is what this one sees at its first read.
    target
        A folder that does not exist yet, or is empty.
    files
        The workspace's files: they come along.

    Returns
    -------
    Path
        The copy of the database. The folder is a workspace: open it, or put it where the damaged one was.

    Raises
    ------
    Conflict
        Where there is something in the folder already.
    DiskFull, WorkspaceError
        Where the copy cannot be written; what was written of it is taken away.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Conflict(f"{target} is not empty: a backup needs a folder of its own.")
    made = not target.exists()
    name = "backup_copy"
    part = target / (FILE + ".part")
    try:
        target.mkdir(parents=True, exist_ok=True)
        source = cursor.execute("SELECT current_database()").fetchone()
        assert source is not None
        quoted = str(part).replace("'", "''")
        cursor.execute(f"ATTACH '{quoted}' AS {name}")
        try:
            cursor.execute(f'COPY FROM DATABASE "{source[0]}" TO {name}')
        finally:
            cursor.execute(f"DETACH {name}")
        # After the database: whatever it names was there before it.
        if files is not None and files.is_dir():
            shutil.copytree(files, target / files.name, ignore=shutil.ignore_patterns(".*"))
        part.replace(target / FILE)
    except (duckdb.Error, OSError) as error:
        if made:
            shutil.rmtree(target, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                for left in (part, part.with_name(part.name + ".wal")):
                    left.unlink(missing_ok=True)
                if files is not None:
                    shutil.rmtree(target / files.name, ignore_errors=True)
        if is_disk_full(error):
            raise DiskFull(f"There is no room for a backup in {target}.") from error
        raise WorkspaceError(f"The backup could not be made: {error}") from error
    return target / FILE
