"""The servers that the browser is pointed at: processes of their own, with folders of their own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).parents[2]
START_WITHIN = 60.0
SETTINGS: dict[str, dict[str, Any]] = {
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    # Off by itself, and what a notebook needs to hold what its widgets were.
    "@jupyter-widgets/jupyterlab-manager/plugin": {"saveState": True},
}


def until(condition: Callable[[], Any], within: float, what: str) -> Any:
    """The first true answer of ``condition``; fails after ``within`` seconds."""
    deadline = time.monotonic() + within
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < deadline, f"{what}: not within {within:g} s"
        time.sleep(0.02)


@contextlib.contextmanager
def process(words: list[str], log: Path, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process with its output in a file; ended with SIGTERM, and with SIGKILL where that is not enough."""
    with log.open("wb") as output:
        running = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True, **options
        )
    try:
        yield running
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait(15)


def environment(home: Path) -> dict[str, str]:
    """Variables that keep Jupyter to a folder, and let its kernels find the package of this checkout."""
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "layouts",
        "IPYTHONDIR": "ipython",
    }
    for folder in folders.values():
        (home / folder).mkdir(parents=True, exist_ok=True)
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **os.environ,
        **{name: str(home / folder) for name, folder in folders.items()},
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUNBUFFERED": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


@dataclass
class Jupyter:
    """A Jupyter server, and the folder that it shows."""

    url: str
    root: Path
    view: str
    """``lab/tree`` or ``notebooks``."""

    def write(self, name: str, cells: list[str]) -> str:
        """Write a notebook with these code cells; gives the address that opens it."""
        book = nbformat.v4.new_notebook()
        book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
        book.cells = [nbformat.v4.new_code_cell(source) for source in cells]
        nbformat.write(book, self.root / name)
        return self.address(name)

    def address(self, name: str) -> str:
        """What opens a notebook that is there."""
        reset = "?reset" if self.view == "lab/tree" else ""
        return f"{self.url}{self.view}/{name}{reset}"

    def text(self, name: str) -> str:
        """A notebook's file; empty while Jupyter puts the new one in the place of the old one."""
        try:
            return (self.root / name).read_text("utf-8")
        except FileNotFoundError:
            return ""

    def read(self, name: str) -> Any:
        """A notebook as it was saved."""
        return nbformat.read(self.root / name, as_version=4)


@contextlib.contextmanager
def jupyter(application: str, home: Path, view: str) -> Iterator[Jupyter]:
    """A server of JupyterLab (``jupyterlab``) or Notebook 7 (``notebook``)."""
    variables = environment(home)
    root = home / "root"
    root.mkdir()
    for plugin, settings in SETTINGS.items():
        file = home / "settings" / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(settings))
    words = [
        *(sys.executable, "-m", application, "--no-browser", "--allow-root", "--port=0"),
        *(f"--ServerApp.root_dir={root}", "--IdentityProvider.token=", "--ServerApp.password="),
        *("--LabApp.extension_manager=readonly", "--LabApp.news_url=None", "--LanguageServerManager.autodetect=False"),
        *("--KernelSpecManager.ensure_native_kernel=True", "--MappingKernelManager.shutdown_wait_time=1"),
    ]
    with process(words, home / "server.log", env=variables, cwd=root) as running:

        def address() -> str | None:
            assert running.poll() is None, (home / "server.log").read_text()
            for file in (home / "runtime").glob("jpserver-*.json"):
                with contextlib.suppress(ValueError):
                    return str(json.loads(file.read_text())["url"])
            return None

        url = until(address, START_WITHIN, f"{application} starts")
        yield Jupyter(url=url, root=root, view=view)


@dataclass
class Page:
    """``collabchat app``: the chat of a workspace as a page."""

    url: str
    workspace: Path


@contextlib.contextmanager
def app(workspace: Path, home: Path, *options: str) -> Iterator[Page]:
    """The chat of a workspace as a page, as the command line serves it."""
    log = home / "app.log"
    words = [sys.executable, "-m", "collabchat", "app", str(workspace), "--port", "0", *options]
    with process(words, log, env=environment(home), cwd=home) as running:
        yield Page(url=_address(running, log), workspace=workspace)


@contextlib.contextmanager
def voila(cells: list[str], workspace: Path, home: Path) -> Iterator[str]:
    """The page that ``collabchat app`` serves, made of other cells; gives its address."""
    folder = home / "own"
    folder.mkdir()
    Jupyter(url="", root=folder, view="").write("app.ipynb", cells)
    code = (
        "import pathlib, sys\n"
        "from collabchat.app import server\n"
        "server.notebooks_folder = lambda: pathlib.Path(sys.argv[1])\n"
        "server.serve(pathlib.Path(sys.argv[2]), port=0)\n"
    )
    words = [sys.executable, "-c", code, str(folder), str(workspace)]
    with process(words, home / "voila.log", env=environment(home), cwd=home) as running:
        yield _address(running, home / "voila.log")


def _address(running: subprocess.Popen[bytes], log: Path) -> str:
    """What a server says where it is."""

    def address() -> str | None:
        assert running.poll() is None, log.read_text()
        found = re.search(r"http://\S+", log.read_text())
        return found[0] if found else None

    return str(until(address, START_WITHIN, "the page is served"))


def hub_pid(workspace: Path) -> int | None:
    """The process of the hub, where ``hub.json`` names one that lives."""
    try:
        pid = int(json.loads((workspace / "hub.json").read_text())["pid"])
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    return pid


def kill_hub(workspace: Path) -> int:
    """``kill -9`` of the hub; gives who it was."""
    pid = until(lambda: hub_pid(workspace), 10, "a hub runs")
    os.kill(pid, signal.SIGKILL)
    return int(pid)


def stop_hub(workspace: Path) -> None:
    """Let the hub go in peace, where one runs."""
    pid = hub_pid(workspace)
    if pid is None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    until(lambda: hub_pid(workspace) != pid, 20, "the hub goes")
