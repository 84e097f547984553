"""``collabchat lab``: JupyterLab, opened on the tour."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from collabchat.cli import port_of, workspace_of
from collabchat.errors import CollabchatError

TOUR = "tour.ipynb"


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("workspace", type=workspace_of, metavar="WORKSPACE", help="the folder")
    parser.add_argument("--port", type=port_of, default=8888, help="the port, or a free one (default: %(default)s)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")


def run(options: argparse.Namespace) -> int:
    from collabchat.places import with_package

    if find_spec("jupyterlab") is None:
        raise CollabchatError("JupyterLab is not installed: pip install 'collabchat[lab]'")
    tour = copy_tour(options.workspace)
    command = lab_command(tour, port=options.port, browser=not options.no_browser)
    environment = {**os.environ, **with_package({"COLLABCHAT_WORKSPACE": str(options.workspace)})}
    print(f"The tour is {tour}", flush=True)
    if sys.platform != "win32":
        # JupyterLab takes this process's place: its signals and its exit are its own.
        os.execve(command[0], command, environment)
    return subprocess.call(command, env=environment)


def copy_tour(workspace: Path) -> Path:
    """A copy of the tour beside the workspace; one that is there already stays as it is."""
    from collabchat.places import notebooks_folder

    tour = workspace.parent / TOUR
    if not tour.exists():
        try:
            workspace.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(notebooks_folder() / TOUR, tour)
        except OSError as error:
            raise CollabchatError(f"The tour cannot be copied to {tour}: {error.strerror or error}.") from error
    return tour


def lab_command(tour: Path, *, port: int, browser: bool) -> list[str]:
    """The words that start JupyterLab on a notebook."""
    command = [
        *(sys.executable, "-m", "jupyterlab"),
        f"--ServerApp.root_dir={tour.parent}",
        f"--ServerApp.port={port}",
        # Also what is printed, for those who open it by hand.
        f"--LabApp.default_url=/lab/tree/{quote(tour.name)}",
    ]
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return command
