"""``collabchat demo``: the sample conversation to walk around in."""

from __future__ import annotations

import argparse
import contextlib
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from collabchat.cli import workspace_of
from collabchat.cli.app import add_page_options, check_voila, serve_page


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--workspace",
        type=workspace_of,
        metavar="DIR",
        help="keep the workspace in this folder, and use it again the next time (default: a temporary one)",
    )
    parser.add_argument("--no-app", action="store_true", help="the hub alone, without the page")
    add_page_options(parser)


def run(options: argparse.Namespace) -> int:
    from collabchat.app.address import check_loopback
    from collabchat.cli.running import hub_of, interruptible

    check_loopback(options.address)
    if not options.no_app:
        check_voila()
    with contextlib.suppress(KeyboardInterrupt), interruptible(), _workspace(options.workspace) as workspace:
        _fill(workspace)
        with hub_of(workspace):
            hint = f'A notebook joins with: import collabchat as cc; chat = cc.connect({str(workspace)!r}, user="ana")'
            if options.no_app:
                print(f"The hub of the sample conversation runs in {workspace}", flush=True)
                print(hint, flush=True)
                threading.Event().wait()
            else:
                people = "Open it in two browsers, as two people: ana, bo, cy … or a name of your own."
                serve_page(workspace, options, also=f"{people}\n{hint}")
    return 0


@contextlib.contextmanager
def _workspace(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        yield kept
        return
    folder = Path(tempfile.mkdtemp(prefix="collabchat-demo-"))
    try:
        yield folder / "tidewater"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fill(workspace: Path) -> None:
    from collabchat.sample_workspace import make
    from collabchat.store.schema import FILE

    if not (workspace / FILE).exists():
        print("Making a workspace of the sample conversation …", flush=True)
        count = make(workspace)
        print(f"{count:,} messages of the data team of Tidewater Ferries are in {workspace}", flush=True)
