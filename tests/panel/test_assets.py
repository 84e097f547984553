"""The files that the panel asks for later: which are brought, which are refused, and how."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collabchat.connection import Target
from collabchat.panel import assets
from collabchat.panel.relay import Relay

CODE = gzip.compress(b"export default (modules) => 1")


@pytest.fixture(autouse=True)
def _built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "static" / "assets"
    folder.mkdir(parents=True)
    (folder / "markdown-0123456789ab.js").write_bytes(CODE)
    (folder / "emoji-de-0123456789ab.txt").write_bytes(b"x")
    (folder / "folder-0123456789ab.js").mkdir()
    (tmp_path / "static" / "panel.js").write_bytes(b"panel")
    (tmp_path / "secret-0123456789ab.js").write_bytes(b"secret")
    monkeypatch.setattr(assets, "STATIC", tmp_path / "static")


class Browser:
    """What comes to it, with the bytes beside."""

    def __init__(self) -> None:
        self.said: list[tuple[dict[str, Any], list[bytes]]] = []
        self.relay = Relay(Target(workspace=Path("/nowhere"), user="ana"), self.take, later=lambda *_: None)

    def take(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        self.said.append((content, buffers or []))

    def ask(self, name: str) -> tuple[str, list[bytes]]:
        self.relay.receive({"type": "asset", "name": name, "t": 7.5})
        [(content, buffers)] = self.said[-1:]
        assert {**content, "problem": ""} == {"type": "asset", "name": name, "t": 7.5, "problem": ""}
        return content["problem"], buffers


def test_a_file_comes_as_it_is_without_any_hub() -> None:
    browser = Browser()
    assert browser.ask("markdown-0123456789ab.js") == ("", [CODE])
    assert browser.ask("emoji-de-0123456789ab.txt") == ("", [b"x"])
    assert browser.relay._link is None


def test_another_version_of_it_is_told() -> None:
    assert Browser().ask("markdown-ffffffffffff.js") == ("stale", [])
    assert Browser().ask("emoji-de-ffffffffffff.txt") == ("stale", [])
    assert Browser().ask("emoji-ffffffffffff.txt") == ("unknown", [])


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "/", "assets", "nothing", "nothing-0123456789ab.js", "folder-0123456789ab.js"),
        *("../panel.js", "../../secret-0123456789ab.js", "..\\panel.js", "./markdown-0123456789ab.js", "panel.js"),
        *("/etc/passwd", "assets/markdown-0123456789ab.js", "markdown-0123456789ab.js/", "markdown-0123456789ab.js\0"),
        *("%2e%2e/panel.js", "MARKDOWN-0123456789AB.JS", "http://127.0.0.1/x.js", "file:///etc/passwd", "*", "~"),
        *("\ud800", "x" * 200),
    ],
)
def test_nothing_else_is_served(name: str) -> None:
    problem, buffers = Browser().ask(name)
    assert problem in {"unknown", "stale"}
    assert buffers == []


def test_a_name_that_is_too_long_or_none_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    browser = Browser()
    for name in ("x" * 201, None, 3, ["markdown-0123456789ab.js"]):
        browser.relay.receive({"type": "asset", "name": name})
    assert browser.said == []
    assert "cannot be read" in caplog.text


def test_nothing_was_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "STATIC", tmp_path / "other")
    assert Browser().ask("markdown-0123456789ab.js") == ("unknown", [])


def test_a_comm_that_is_closed_is_no_error() -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("the comm is closed")

    relay = Relay(None, fail)
    relay.receive({"type": "asset", "name": "markdown-0123456789ab.js", "t": 1})


def test_a_panel_that_was_closed_brings_files_no_more() -> None:
    browser = Browser()
    browser.relay.close()
    said = len(browser.said)
    browser.relay.receive({"type": "asset", "name": "markdown-0123456789ab.js", "t": 1})
    assert len(browser.said) == said


SETUP = """
import time
from pathlib import Path
from collabchat.panel import ChatPanel, assets
assets.STATIC = Path({static!r})
panel = ChatPanel.visitor({workspace!r})
print(panel.model_id)
"""


def test_a_file_comes_while_a_cell_runs(notebook: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "static" / "panel.css").write_text(".cc {}")
    stop = tmp_path / "stop"
    with notebook() as kernel:

        def answers() -> list[dict[str, Any]]:
            said = [m for m in kernel.seen if m["msg_type"] == "comm_msg"]
            return [m for m in said if m["content"]["data"].get("content", {}).get("type") == "asset"]

        comm = kernel.run(SETUP.format(static=str(tmp_path / "static"), workspace=str(tmp_path / "team"))).strip()
        cell = kernel.start(f"print('runs', flush=True)\nwhile not Path({str(stop)!r}).exists(): time.sleep(0.02)")
        kernel.until(lambda: any(m["content"].get("text") == "runs\n" for m in kernel.seen))
        kernel.say(comm, {"type": "asset", "name": "markdown-0123456789ab.js", "t": 1})
        kernel.until(lambda: bool(answers()))
        assert not kernel.is_done(cell)
        assert answers()[0]["content"]["data"]["content"]["problem"] == ""
        assert [bytes(data) for data in answers()[0]["buffers"]] == [CODE]
        stop.touch()
        kernel.wait(cell)
