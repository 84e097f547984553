"""A real Firefox, driven through its own WebDriver BiDi: no driver beside it is needed."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import websocket

from . import servers

SOON = 60.0
ENTER = "\ue007"
"""The Enter key, as WebDriver names it."""
QUIET = {
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "app.update.auto": False,
    "app.normandy.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "intl.accept_languages": "en-GB",
    "intl.locale.requested": "en-GB",
}


class Tab:
    """One page of a Firefox; what is on it is found by role and accessible name."""

    def __init__(self, socket: websocket.WebSocket) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self.ask("session.new", capabilities={})
        self._context = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method: str, **params: Any) -> Any:
        """Send a command, and wait for its answer."""
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            said = json.loads(self._socket.recv())
            if said.get("id") == number:
                assert said["type"] == "success", said
                return said["result"]

    def go(self, url: str) -> None:
        """Open a page."""
        self.ask("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def find(self, role: str, name: str, within: float = SOON) -> Any:
        """The element with this role and this name, as soon as it is there."""
        locator = {"type": "accessibility", "value": {"role": role, "name": name}}

        def found() -> Any:
            nodes = self.ask("browsingContext.locateNodes", context=self._context, locator=locator)["nodes"]
            return nodes[0] if nodes else None

        return servers.until(found, within, f'{role} "{name}"')

    def click(self, node: Any) -> None:
        """Press the mouse on the middle of an element."""
        origin = {"type": "element", "element": {"sharedId": node["sharedId"]}}
        pointer = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._act({"type": "pointer", "id": "mouse", "actions": pointer})

    def type(self, text: str) -> None:
        """Type on the keyboard, into whatever has the focus."""
        keys = [{"type": kind, "value": sign} for sign in text for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keyboard", "actions": keys})

    def _act(self, source: dict[str, Any]) -> None:
        self.ask("input.performActions", context=self._context, actions=[source])

    def text(self, node: Any) -> str:
        """What an element says."""
        said = self.ask(
            "script.callFunction",
            functionDeclaration="(element) => element.textContent",
            arguments=[{"sharedId": node["sharedId"]}],
            target={"context": self._context},
            awaitPromise=False,
        )
        return str(said["result"]["value"])

    def picture(self, file: Path) -> None:
        """Keep what the page looks like."""
        said = self.ask("browsingContext.captureScreenshot", context=self._context)
        file.write_bytes(base64.b64decode(said["data"]))

    def until(self, condition: Callable[[], Any], what: str) -> Any:
        """Wait for something on the page."""
        return servers.until(condition, SOON, what)


@contextlib.contextmanager
def firefox(binary: str, home: Path) -> Iterator[Tab]:
    """A Firefox of its own, without a window."""
    profile = home / "firefox"
    profile.mkdir()
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in QUIET.items()]
    (profile / "user.js").write_text("\n".join(lines))
    log = home / "firefox.log"
    words = [binary, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    with servers.process(words, log) as running:

        def address() -> str | None:
            assert running.poll() is None, log.read_text()
            said = re.search(r"WebDriver BiDi listening on (ws://\S+)", log.read_text(errors="replace"))
            return said[1] if said else None

        socket = websocket.create_connection(
            servers.until(address, SOON, "Firefox starts") + "/session", timeout=SOON, suppress_origin=True
        )
        try:
            yield Tab(socket)
        finally:
            socket.close()
