"""``collabchat index``: how the index of the search is, or build it anew."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from collabchat import errors, protocol
from collabchat.cli import existing, talk, workspace_of
from collabchat.cli.running import hub_of, interruptible

LOOK = 0.1
"""Seconds between two looks at how far it is."""


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("workspace", type=workspace_of, metavar="WORKSPACE", help="the folder")
    parser.add_argument(
        "--rebuild", action="store_true", help="build it anew from the messages; the search works meanwhile"
    )
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def run(options: argparse.Namespace) -> int:
    workspace: Path = existing(options.workspace)
    with interruptible(), hub_of(workspace):
        if options.rebuild:
            _ask(workspace, protocol.Reindex(req=protocol.new_req()), protocol.Ack)
            status = _follow(workspace, quiet=options.json)
        else:
            status = _status(workspace)
    if options.json:
        facts = {
            "workspace": str(workspace),
            "messages": status.messages,
            "indexed": status.indexed,
            "bytes": status.index_bytes,
            "indexing": status.indexing,
        }
        print(json.dumps(facts))
        return 0
    from collabchat.client.files import size_text

    if status.indexing:
        print(f"The index of {workspace} is being built: {status.indexed:,} of {status.messages:,} messages so far.")
    else:
        # The newest messages are in the hub's memory before they are in its files.
        size = size_text(status.index_bytes)
        print(f"The index of {workspace} is up to date: {status.messages:,} messages, {size} on disk.")
    return 0


def _follow(workspace: Path, *, quiet: bool) -> protocol.HubStatus:
    """Wait until it is built, with a bar where somebody looks."""
    from tqdm import tqdm

    status = _status(workspace)
    with tqdm(
        total=status.messages, desc="indexing", unit=" messages", disable=quiet or not sys.stderr.isatty()
    ) as bar:
        while True:
            bar.total = max(status.messages, status.indexed)
            bar.update((status.indexed if status.indexing else bar.total) - bar.n)
            if not status.indexing:
                return status
            time.sleep(LOOK)
            status = _status(workspace)


def _status(workspace: Path) -> protocol.HubStatus:
    return _ask(workspace, protocol.Status(req=protocol.new_req()), protocol.HubStatus)


def _ask(workspace: Path, request: protocol.Request, answer: type[talk.R]) -> talk.R:
    found = talk.ask(workspace, request, answer)
    if found is None:
        raise errors.HubUnavailable(f"The hub of {workspace} went away.")
    return found[0]
