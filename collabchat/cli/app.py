"""``collabchat app``: the chat as a page."""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path

from collabchat.cli import port_of, seconds_of, workspace_of
from collabchat.errors import CollabchatError

PORT = 8866
CULL = 300.0


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("workspace", type=workspace_of, metavar="WORKSPACE", help="the folder")
    add_page_options(parser)
    parser.add_argument(
        "--user", metavar="NAME", help="who is speaking, for a page of one person; by default each visitor picks a name"
    )


def add_page_options(parser: argparse.ArgumentParser) -> None:
    """The options of every command that serves the page."""
    parser.add_argument(
        "--address", default="127.0.0.1", help="where to listen: a loopback address (default: %(default)s)"
    )
    parser.add_argument(
        "--port", type=port_of, default=PORT, help="the port, or the next free one after it (default: %(default)s)"
    )
    parser.add_argument(
        "--cull",
        type=seconds_of,
        default=CULL,
        metavar="SECONDS",
        help="end the kernel of a visitor who has gone without a word after so long (default: 300)",
    )
    parser.add_argument("--verbose", "-v", action="store_true", help="say what happens")


def run(options: argparse.Namespace) -> int:
    from collabchat.app.address import check_loopback
    from collabchat.cli.running import hub_of, interruptible
    from collabchat.panel.visitor import identity

    check_loopback(options.address)
    if options.user is not None:
        identity(options.user)
    check_voila()
    with contextlib.suppress(KeyboardInterrupt), interruptible(), hub_of(options.workspace):
        serve_page(options.workspace, options, user=options.user)
    return 0


def check_voila() -> None:
    """Say what is missing before anything is started."""
    from importlib.util import find_spec

    if find_spec("voila") is None:
        raise CollabchatError("The page needs Voila, which is not installed: pip install 'collabchat[app]'")


def serve_page(workspace: Path, options: argparse.Namespace, *, user: str | None = None, also: str = "") -> None:
    """Serve until Ctrl-C, and print where."""
    from collabchat.app.server import serve

    def ready(url: str) -> None:
        print(f"collabchat is at {url}", flush=True)
        if also:
            print(also, flush=True)
        print("Ctrl-C stops it.", file=sys.stderr, flush=True)

    serve(
        workspace,
        address=options.address,
        port=options.port,
        cull=options.cull,
        user=user,
        verbose=options.verbose,
        ready=ready,
    )
