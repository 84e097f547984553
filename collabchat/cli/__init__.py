"""The command line. Each command is a module of its own, loaded when it is called."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from collabchat.errors import CollabchatError, WorkspaceError

__all__ = ["main"]

COMMANDS = {
    "demo": "a workspace with a sample conversation, and the chat in the browser",
    "app": "serve the chat of a workspace as a page",
    "hub": "run the hub of a workspace, ask how it is, or stop it",
    "lab": "open JupyterLab with a tour of the chat",
    "search": "find messages and files of a workspace by their words",
    "files": "list the files of a workspace, or save them into a folder",
    "index": "say how the index of the search is, or build it anew",
    "backup": "copy a workspace, also while it is in use",
    "doctor": "say whether a workspace is whole, and mend what can be mended",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments
        The words after ``collabchat``; by default those of this process.

    Returns
    -------
    int
        0 where it did what was asked, 1 where it could not (stderr says why), 2 for words that it does not know.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options = _parser(words).parse_args(words)
    except SystemExit as stop:  # argparse has said what was wrong, or helped
        return int(stop.code or 0)
    module = import_module(f"collabchat.cli.{options.command}")
    try:
        return int(module.run(options))
    except CollabchatError as error:
        print(f"collabchat {options.command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"collabchat {options.command}: stopped.", file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read our output has gone
        sys.stderr.close()
        return 1


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="collabchat", description="A team chat in notebooks and Voila, every message a row that pandas can read."
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="say which version this is")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, about in COMMANDS.items():
        command = commands.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
        if name in words[:1]:
            # Only the command that is called needs its options, and so its module.
            import_module(f"collabchat.cli.{name}").add_options(command)
    return parser


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from collabchat import __version__

        print(f"collabchat {__version__}")
        parser.exit()


def workspace_of(word: str) -> Path:
    """The folder that a word on the command line names."""
    if "://" in word:
        raise argparse.ArgumentTypeError(f"{word!r} is an address: this command works on a folder of this machine")
    if not word.strip():
        raise argparse.ArgumentTypeError("the workspace is the name of a folder")
    try:
        return Path(word).expanduser().absolute()
    except RuntimeError as error:  # "~nobody" is nobody's home
        raise argparse.ArgumentTypeError(f"{word!r}: {error}") from error


def existing(workspace: Path) -> Path:
    """The folder, where it is a workspace; a command that only looks makes none.

    Raises
    ------
    WorkspaceError
        Where it is not.
    """
    if not (workspace / "chat.duckdb").exists():
        raise WorkspaceError(f"{workspace} is no workspace: there is no chat.duckdb in it.")
    return workspace


def count_of(word: str) -> int:
    """A whole number from 1 on."""
    if not word.isdecimal() or int(word) < 1:
        raise argparse.ArgumentTypeError(f"this is a whole number from 1 on, not {word!r}")
    return int(word)


def port_of(word: str) -> int:
    """A port's number; 0 means any that is free."""
    if not word.isdecimal() or int(word) > 65_535:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, not {word!r}")
    return int(word)


def seconds_of(word: str) -> float:
    """A time in seconds, above 0."""
    try:
        seconds = float(word)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 10**9:
        raise argparse.ArgumentTypeError(f"a time is a number of seconds above 0, not {word!r}")
    return seconds
