"""ChatPanel itself: its arguments, its state, what it loads."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import traitlets

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
    own = {"room", "selected", "height", "shape", "_asked", "_label", "_chat", "_version", "_esm", "_css"}
    parts = {f"_{part}_{what}" for part in ("model", "view") for what in ("name", "module", "module_version")}
    assert set(state) == standard | own | parts
    assert "secret" not in str(state)


class TestWhatTheNotebookCallsTheChat:
    """Code that a view makes begins with it."""

    @pytest.fixture
    def notebook(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
        import IPython

        names: dict[str, Any] = {}
        monkeypatch.setattr(IPython, "get_ipython", lambda: SimpleNamespace(user_ns=names, kernel=None))
        return names

    def test_its_variable(self, notebook: dict[str, Any], chat: Any) -> None:
        notebook.update(_=chat, _1=chat, other=SimpleNamespace(), team=chat)
        assert self.code(chat) == "team"
        notebook["chat"] = chat
        assert self.code(chat) == "chat"

    def test_a_call_where_no_variable_has_it(self, notebook: dict[str, Any], chat: Any) -> None:
        notebook["chat"] = SimpleNamespace()
        assert self.code(chat) == "cc.connect('/somewhere/team', user='ana')"

    def test_the_folder_as_one_would_write_it(
        self, notebook: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        target = Target(workspace=tmp_path / "it's", user="ana")
        assert self.code(SimpleNamespace(target=target, me="ana")) == """cc.connect("it's", user='ana')"""

    def test_no_address_and_no_token(self, notebook: dict[str, Any]) -> None:
        target = Target(workspace=None, url="wss://chat.example.org/ws", token="secret")
        assert self.code(SimpleNamespace(target=target, me="ana")) == "chat"

    def test_outside_of_a_notebook_and_of_a_visitor(self, chat: Any, tmp_path: Path) -> None:
        assert self.code(chat) == "chat"
        panel = ChatPanel.visitor(tmp_path, name="Ana")
        assert panel.get_state()["_chat"] == "chat"
        assert str(tmp_path) not in str(panel.get_state())
        panel.close()

    @staticmethod
    def code(chat: Any) -> str:
        panel = ChatPanel(chat)
        try:
            return str(panel.get_state()["_chat"])
        finally:
            panel.close()


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


# ---------------------------------------------------------------- what a notebook watches and sets


def placed(panel: ChatPanel, room: str, selected: str = "", asked: int = 0) -> None:
    """A view went somewhere."""
    panel._receive(panel, {"type": "placed", "room": room, "selected": selected, "asked": asked}, [])


def sent(panel: ChatPanel, text: str) -> None:
    """The hub has a message of this panel."""
    panel._receive(panel, {"type": "sent", "room": "pipeline", "text": text, "message": "7", "reply_to": None}, [])


@pytest.fixture
def seen(panel: ChatPanel) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    panel.observe(lambda change: found.append((change.name, change.new)), ["room", "selected"])
    return found


def test_a_view_that_goes_somewhere_sets_the_traits_and_asks_for_nothing(
    panel: ChatPanel, seen: list[tuple[str, str]]
) -> None:
    placed(panel, "random", "12")
    assert (panel.room, panel.selected) == ("random", "12")
    assert seen == [("room", "random"), ("selected", "12")]
    placed(panel, "random", "12")
    placed(panel, "pipeline")
    assert seen[2:] == [("room", "pipeline"), ("selected", "")]
    assert panel._asked["n"] == 0


def test_setting_them_asks_the_views(panel: ChatPanel, seen: list[tuple[str, str]]) -> None:
    panel.room = "#random"
    assert panel.room == "random"
    assert panel._asked == {"n": 1, "room": "random", "selected": ""}
    panel.selected = 12
    assert panel._asked == {"n": 2, "room": "random", "selected": "12"}
    panel.room = SimpleNamespace(name="forecast")
    assert panel._asked == {"n": 3, "room": "forecast", "selected": ""}
    assert seen[-2:] == [("room", "forecast"), ("selected", "")]
    panel.selected = SimpleNamespace(id="40", room="pipeline")
    assert panel._asked == {"n": 4, "room": "pipeline", "selected": "40"}
    assert (panel.room, panel.selected) == ("pipeline", "40")
    panel.selected = ""
    assert panel._asked == {"n": 5, "room": "pipeline", "selected": ""}


def test_going_back_to_where_a_view_came_from_asks_again(panel: ChatPanel) -> None:
    placed(panel, "random")
    panel.room = "pipeline"
    assert panel._asked == {"n": 1, "room": "pipeline", "selected": ""}


def test_where_people_went_is_not_in_the_state(panel: ChatPanel) -> None:
    def said() -> tuple[str, str]:
        state = panel.get_state()
        return state["room"], state["selected"]

    assert said() == ("pipeline", "")
    placed(panel, "secret-room", "12")
    assert said() == ("pipeline", "")
    panel.selected = "14"
    assert said() == ("secret-room", "14"), "that the notebook has set"
    placed(panel, "secret-room", "15", asked=1)
    assert (panel.room, panel.selected) == ("secret-room", "15")
    assert said() == ("secret-room", "")
    placed(panel, "other-secret-room", asked=1)
    assert "other-secret-room" not in str(panel.get_state())
    assert panel._asked["n"] == 1


def test_what_a_view_said_before_it_heard_is_old(panel: ChatPanel) -> None:
    panel.room = "random"
    placed(panel, "pipeline", "3", asked=0)
    assert (panel.room, panel.selected) == ("random", "")
    placed(panel, "forecast", asked=1)
    assert panel.room == "forecast"


def test_an_observer_that_leads_elsewhere(panel: ChatPanel) -> None:
    def back(change: Any) -> None:
        if change.new == "random":
            panel.room = "pipeline"

    panel.observe(back, "room")
    placed(panel, "random", "12")
    assert (panel.room, panel._asked["room"], panel._asked["n"]) == ("pipeline", "pipeline", 1)


@pytest.mark.parametrize("wrong", ["x", "1.5", None, True, 1.5, -1, "1" * 19])
def test_what_names_no_message(panel: ChatPanel, wrong: Any) -> None:
    with pytest.raises(traitlets.TraitError, match="selected"):
        panel.selected = wrong


def test_what_names_no_room(panel: ChatPanel) -> None:
    with pytest.raises(TypeError, match="room is the name of a room"):
        panel.room = 3
    assert panel.room == "pipeline"


def test_what_is_sent_is_told(panel: ChatPanel) -> None:
    told: list[dict[str, Any]] = []
    again = told.append
    panel.on_send(again)
    panel.on_send(again)
    sent(panel, "hello")
    assert told == [{"room": "pipeline", "text": "hello", "id": "7", "reply_to": None}]
    panel.on_send(again, remove=True)
    sent(panel, "nobody listens")
    assert len(told) == 1
    assert "hello" not in str(panel.get_state())
    with pytest.raises(TypeError, match="on_send takes a function"):
        panel.on_send("print")


def test_a_function_that_fails_stops_no_other(panel: ChatPanel, caplog: pytest.LogCaptureFixture) -> None:
    told: list[dict[str, Any]] = []
    panel.on_send(lambda _sent: 1 / 0)
    panel.on_send(told.append)
    panel.observe(lambda _change: 1 / 0, "room")
    placed(panel, "random")
    sent(panel, "hello")
    assert len(told) == 1
    assert panel.room == "random"
    assert caplog.text.count("ZeroDivisionError") == 2


@pytest.mark.parametrize(
    "content",
    [
        {"type": "placed"},
        {"type": "placed", "room": 3},
        {"type": "placed", "room": "random", "selected": "x"},
        {"type": "placed", "room": "random", "asked": -1},
        {"type": "sent", "room": "random"},
    ],
)
def test_what_cannot_be_read_changes_nothing(panel: ChatPanel, content: Any, caplog: pytest.LogCaptureFixture) -> None:
    panel._receive(panel, content, [])
    assert panel.room == "pipeline"
    assert "cannot be read" in caplog.text


def test_layouts(chat: Any) -> None:
    panel = ChatPanel(chat, layout="compact")
    assert panel.shape == "compact"
    panel.layout = "full"
    assert panel.shape == "full"
    panel.layout.width = "50%"
    assert panel.get_state("layout")["layout"].startswith("IPY_MODEL_")
    panel.layout = {"width": "40%"}
    assert panel.layout.width == "40%"
    for wrong in ("wide", 3, None):
        with pytest.raises(traitlets.TraitError, match="layout"):
            panel.layout = wrong
    with pytest.raises(traitlets.TraitError, match="'full' or 'compact'"):
        ChatPanel(chat, layout="wide")
    panel.close()
    visitor = ChatPanel.visitor("/somewhere/team", layout="compact")
    assert visitor.shape == "compact"
    visitor.close()


def test_a_panel_is_light() -> None:
    code = (
        "import sys; import collabchat; from collabchat.panel import ChatPanel; "
        "heavy = {'pandas', 'numpy', 'duckdb', 'pyarrow', 'matplotlib', "
        "'collabchat.hub', 'collabchat.store'}; print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
