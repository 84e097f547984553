"""Are the files there that a workspace refers to, with the content that their names say?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import msgspec

from collabchat import protocol as p
from collabchat.store.blobs import Blobs

MOST = 20
"""Files of which something is said one by one."""
BLOCK = 1024 * 1024

_scheduled = msgspec.json.Decoder(p.Scheduled)


def check(folder: Path, connection: duckdb.DuckDBPyConnection) -> tuple[list[str], int, int]:
    """Read all files.

    Returns
    -------
    tuple
        What is wrong, how many files something refers to, and how many are there to which nothing does.
    """
    blobs = Blobs(folder)
    wanted: dict[str, str] = {}
    try:
        for sha, who in _referred(connection):
            wanted.setdefault(sha, who)
    except (duckdb.Error, msgspec.DecodeError) as error:
        return [f"which files there are to be cannot be read: {error}"], 0, 0
    wrong = [f"{who}: {problem}" for sha, who in wanted.items() if (problem := _problem(blobs, sha)) is not None]
    if len(wrong) > MOST:
        wrong[MOST:] = [f"and {len(wrong) - MOST:,} more"]
    return wrong, len(wanted), sum(sha not in wanted for sha, _ in blobs.all())


def _referred(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    """The SHA-256 of each file, and who has it."""
    for message, number, sha in connection.execute("SELECT message, number, sha256 FROM attachments").fetchall():
        yield sha, f"file {message}-{number}"
    for handle, sha in connection.execute("SELECT handle, picture FROM members WHERE picture IS NOT NULL").fetchall():
        yield sha, f"the picture of {handle}"
    for (raw,) in connection.execute("SELECT data FROM personal WHERE kind = 'scheduled'").fetchall():
        waiting = _scheduled.decode(raw)
        for file in waiting.files:
            yield file.sha256, f"a file of the scheduled message {waiting.id}"


def _problem(blobs: Blobs, sha: str) -> str | None:
    hashed = hashlib.sha256()
    try:
        with blobs.path(sha).open("rb") as file:
            while block := file.read(BLOCK):
                hashed.update(block)
    except FileNotFoundError:
        return f"its content {sha[:12]} is not there"
    except OSError as error:
        return f"its content {sha[:12]} cannot be read: {error.strerror}"
    return None if hashed.hexdigest() == sha else f"its content {sha[:12]} is another one: it is damaged"
