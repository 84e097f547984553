"""Voila, serving one notebook: the chat."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tornado.httpserver
import tornado.ioloop
import tornado.web
from ipykernel.kernelspec import RESOURCES
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_core.utils import run_sync
from traitlets.config import Config
from voila.app import Voila
from voila.paths import collect_static_paths, collect_template_paths
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from collabchat.app import address as addresses
from collabchat.places import notebooks_folder, with_package

__all__ = ["ChatVoila", "serve"]

CULL = 300
"""Seconds after which the kernel of a visitor who is gone is ended, where the browser did not say so itself."""
TEMPLATE = "collabchat"
TEMPLATES = Path(__file__).parent / "templates"
LONGEST_FOLDER = 30
"""Bytes of a temporary folder in which kernels can have sockets: a socket's path has about 100, theirs add 70."""
APPS = ["voila", "nbconvert"]
EXTENSIONS = ["anywidget", "@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8"]
"""What the page needs; whatever else is installed for JupyterLab stays out of it."""


class OwnPython(KernelSpecManager):
    """The one kernel there is: this Python, whatever else is installed for this user."""

    def find_kernel_specs(self) -> dict[str, str]:
        return {"python3": RESOURCES}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        if kernel_name != "python3":
            raise NoSuchKernel(kernel_name)
        return KernelSpec(
            resource_dir=RESOURCES,
            argv=[
                *(sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"),
                # Visitors run no code, so they leave no history; its file would be shared by all of them.
                "--HistoryManager.enabled=False",
            ],
            display_name="Python 3",
            language="python",
        )


class Channels(VoilaKernelWebsocketHandler):  # type: ignore[misc]  # voila has no types
    """The browser's socket to its kernel."""

    async def open(self, kernel_id: str) -> None:
        # A second message right behind a first one would wait 40 ms for the browser's acknowledgement.
        self.set_nodelay(True)
        await super().open(kernel_id)


class ChatVoila(Voila):  # type: ignore[misc]  # voila has no types
    """Voila with our template, our kernel, and visitors who leave nothing behind."""

    name = "voila"

    def setup_template_dirs(self) -> None:
        from jupyter_core.paths import jupyter_path
        from jupyter_server import DEFAULT_STATIC_FILES_PATH

        roots = [str(TEMPLATES), *jupyter_path()]
        self.template_paths = collect_template_paths(APPS, TEMPLATE, prune=True, root_dirs=roots)
        self.static_paths = [*collect_static_paths(APPS, TEMPLATE, root_dirs=roots), DEFAULT_STATIC_FILES_PATH]

    def init_settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = super().init_settings()
        # A page of elsewhere whose name is made to point to this machine must not pass for ours.
        settings["allow_remote_access"] = False
        return settings

    def init_handlers(self) -> list[Any]:
        handlers = super().init_handlers()
        ours = [(rule[0], Channels, *rule[2:]) if rule[1] is VoilaKernelWebsocketHandler else rule for rule in handlers]
        if sum(rule[1] is Channels for rule in ours) != 1:
            self.log.warning("This version of Voila has other handlers than we know: messages may be slower.")
        return ours

    def run(self, listener: socket.socket, ready: Callable[[], None]) -> None:
        """Serve on a socket that listens until SIGINT, SIGTERM or SIGHUP, then end all kernels."""
        short = sys.platform != "win32" and len(os.fsencode(tempfile.gettempdir())) > LONGEST_FOLDER
        self.connection_dir = tempfile.mkdtemp(prefix="collabchat-app-", dir="/tmp" if short else None)
        if sys.platform != "win32":
            # On a port of this machine, every user of it could listen to what a kernel says.
            self.config.KernelManager.transport = "ipc"
        self.app = tornado.web.Application(**self.init_settings())
        self.app.add_handlers(".*$", self.init_handlers())
        server = tornado.httpserver.HTTPServer(self.app)
        server.add_socket(listener)
        self.ioloop = tornado.ioloop.IOLoop.current()
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._handle_signal_stop)
        self.ioloop.add_callback(ready)
        try:
            self.ioloop.start()
        finally:
            server.stop()
            self.stop()

    def stop(self) -> None:
        # Their state is worth nothing without their browser, so they need no time to save it.
        run_sync(self.kernel_manager.shutdown_all)(now=True)
        shutil.rmtree(self.connection_dir, ignore_errors=True)


def serve(
    workspace: Path,
    *,
    address: str = "127.0.0.1",
    port: int = 8866,
    cull: float = CULL,
    user: str | None = None,
    verbose: bool = False,
    ready: Callable[[str], None] = print,
) -> None:
    """Serve the chat of a workspace as a page, until SIGINT or SIGTERM.

    Parameters
    ----------
    workspace
        The folder.
    address, port
        Where to listen: a loopback address, and a port (the next free one where it is taken).
    cull
        After how many seconds to end the kernel of a visitor whose browser is gone without a word.
    user
        The name of the one visitor there is; otherwise each picks a name.
    verbose
        Let Voila tell what it does.
    ready
        Is called with the page's address once it listens.

    Raises
    ------
    Invalid
        For an address that others can reach.
    HubUnavailable
        Where no port is free.
    """
    address = addresses.check_loopback(address)
    notebook = notebooks_folder() / "app.ipynb"
    listener = addresses.listen(address, port)
    bound = listener.getsockname()[1]
    os.environ.update(with_package({"COLLABCHAT_WORKSPACE": str(workspace.absolute())}))
    os.environ.pop("COLLABCHAT_USER", None)
    if user is not None:
        os.environ["COLLABCHAT_USER"] = user
    app = ChatVoila(
        config=_config(workspace, notebook, cull, verbose),
        notebook_path=str(notebook),
        port=bound,
        ip=address,
        open_browser=False,
        config_file_paths=[],
    )
    app.initialize([])
    app.run(listener, lambda: ready(addresses.url(address, bound)))


def _config(workspace: Path, notebook: Path, cull: float, verbose: bool) -> Config:
    config = Config()
    config.Voila.log_level = logging.INFO if verbose else logging.ERROR
    config.Voila.root_dir = str(notebook.parent)
    voila = config.VoilaConfiguration
    voila.template = TEMPLATE
    voila.allow_template_override = "NO"
    voila.prelaunch_hook = _prelaunch
    voila.kernel_spec_manager_class = OwnPython
    voila.preheat_kernel = False  # such a kernel carries the request of an earlier visitor
    voila.show_tracebacks = verbose
    voila.file_allowlist = []
    voila.extension_allowlist = EXTENSIONS
    voila.resources = {"collabchat": {"title": f"{workspace.name} · collabchat"}}
    kernels = config.MappingKernelManager
    kernels.cull_idle_timeout = max(1, round(cull))
    kernels.cull_interval = max(1, min(30, round(cull / 2)))
    kernels.cull_connected = False
    return config


def _prelaunch(request: Any, notebook: Any, cwd: str) -> None:  # noqa: ARG001  # Voila names them
    headers = request.request.headers
    if headers.get("Sec-Fetch-Site") == "cross-site" and headers.get("Sec-Fetch-Dest") != "document":
        # An image or a frame in somebody else's page must not start a kernel with each look at it.
        raise tornado.web.HTTPError(403, "The chat is opened as a page of its own.")
    # Sets the cookie that the browser's request to end its kernel, when the tab closes, is checked against.
    request.xsrf_token  # noqa: B018
