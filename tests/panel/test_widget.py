"""ChatPanel itself: its arguments, its state, what it loads."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import collabchat
from collabchat import errors
from collabchat.connection import Target
from collabchat.panel import ChatPanel, assets


@pytest.fixture(autouse=True)
def _built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "panel.js").write_text("export default { render() {} }", "utf-8")
    (tmp_path / "panel.css").write_text(".cc { color: red }", "utf-8")
    monkeypatch.setattr(assets, "STATIC", tmp_path)


@pytest.fixture
def chat() -> Any:
    target = Target(workspace=Path("/somewhere/team"), user="ana", token="secret")
    return SimpleNamespace(target=target, me=SimpleNamespace(handle="ana"))


@pytest.fixture
def panel(chat: Any) -> Iterator[ChatPanel]:
    with_panel = ChatPanel(chat, room="pipeline", height="80vh")
    yield with_panel
    with_panel.close()


def test_the_state_is_what_is_documented(panel: ChatPanel) -> None:
    state = panel.get_state()
    assert state["room"] == "pipeline"
    assert state["height"] == "80vh"
    assert state["_label"] == "team · @ana"
    assert state["_version"] == collabchat.__version__
    assert state["_esm"] == "export default { render() {} }"
    assert state["_css"] == ".cc { color: red }"
    standard = {"layout", "tabbable", "tooltip", "_dom_classes", "_view_count", "_anywidget_id"}
    own = {"room", "height", "_label", "_version", "_esm", "_css"}
    parts = {f"_{part}_{what}" for part in ("model", "view") for what in ("name", "module", "module_version")}
    assert set(state) == standard | own | parts
    assert "secret" not in str(state)


def test_a_room_may_be_a_room(chat: Any) -> None:
    panel = ChatPanel(chat, room=SimpleNamespace(name="forecast"))
    assert panel.room == "forecast"
    panel.close()
    with pytest.raises(TypeError, match="room is the name of a room"):
        ChatPanel(chat, room=3)


def test_an_unknown_keyword_is_named(chat: Any) -> None:
    with pytest.raises(TypeError, match="hieght"):
        ChatPanel(chat, hieght="3px")
    with pytest.raises(TypeError, match="colour"):
        ChatPanel.visitor("team", colour="red")


@pytest.mark.parametrize("wrong", ["team", None, Path("team")])
def test_something_else_than_a_chat(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"what collabchat\.connect\(\) returns"):
        ChatPanel(wrong)


def test_a_visitor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    panel = ChatPanel.visitor("team")
    assert panel._label == "team"
    assert panel._relay._target is None
    assert panel._relay._workspace == tmp_path / "team"
    panel.close()
    assert not (tmp_path / "team").exists()


def test_a_visitor_who_is_known() -> None:
    panel = ChatPanel.visitor("/somewhere/team", name="Ana Ruiz")
    assert panel._label == "team · @ana-ruiz"
    assert panel._relay._target == Target(workspace=Path("/somewhere/team"), user="ana-ruiz", name="Ana Ruiz")
    panel.close()
    with pytest.raises(errors.Invalid):
        ChatPanel.visitor("/somewhere/team", name="!")


def test_a_panel_that_was_not_built(chat: Any, tmp_path: Path) -> None:
    (tmp_path / "panel.js").unlink()
    with pytest.raises(errors.CollabchatError, match="npm run build"):
        ChatPanel(chat)


def test_closing_twice(chat: Any) -> None:
    panel = ChatPanel(chat)
    panel.close()
    panel.close()


def test_a_panel_is_light() -> None:
    code = (
        "import sys; import collabchat; from collabchat.panel import ChatPanel; "
        "heavy = {'pandas', 'numpy', 'duckdb', 'pyarrow', 'matplotlib', "
        "'collabchat.hub', 'collabchat.store'}; print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
