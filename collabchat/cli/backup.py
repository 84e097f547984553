"""``collabchat backup``: a consistent copy."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from collabchat.cli import workspace_of
from collabchat.errors import WorkspaceError


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("workspace", type=workspace_of, metavar="WORKSPACE", help="the folder")
    parser.add_argument("destination", type=workspace_of, metavar="DEST", help="a folder that is not there, or empty")
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def run(options: argparse.Namespace) -> int:
    from collabchat import protocol
    from collabchat.cli.talk import ask
    from collabchat.store.schema import FILE

    if not (options.workspace / FILE).exists():
        raise WorkspaceError(f"{options.workspace} is no workspace: there is no {FILE} in it.")
    request = protocol.Backup(req=protocol.new_req(), path=str(options.destination))
    # The hub has the file open, and nobody else may: it makes the copy, while everybody goes on talking.
    if ask(options.workspace, request, protocol.Ack, patience=3600) is None:
        _copy(options.workspace / FILE, options.destination)
    copy = options.destination / FILE
    size = copy.stat().st_size
    if options.json:
        print(json.dumps({"workspace": str(options.workspace), "backup": str(options.destination), "bytes": size}))
    else:
        print(f"{options.destination} is a copy of {options.workspace} ({size:,} bytes), and a workspace itself.")
    return 0


def _copy(file: Path, destination: Path) -> None:
    import duckdb

    from collabchat.store.backup import copy

    connection = duckdb.connect()
    try:
        try:
            quoted = str(file).replace("'", "''")
            connection.execute(f"ATTACH '{quoted}' AS original (READ_ONLY)")
            connection.execute("USE original")
        except duckdb.Error as error:
            raise WorkspaceError(
                f"{file} cannot be read ({error}). `collabchat doctor {file.parent}` says what is damaged."
            ) from error
        copy(connection, destination)
    finally:
        connection.close()
