"""The notebooks: stored without output, and they run."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import collabchat
from collabchat.cli import talk
from collabchat.panel.assets import STATIC
from collabchat.places import notebooks_folder, with_package

NOTEBOOKS = sorted(notebooks_folder().glob("*.ipynb"))
built = pytest.mark.skipif(not (STATIC / "panel.js").exists(), reason="the panel has not been built")
pytestmark = pytest.mark.filterwarnings("ignore:Proactor event loop:RuntimeWarning")


@pytest.fixture(autouse=True)
def _own_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name, value in with_package({}).items():
        monkeypatch.setenv(name, value)
    for name in ("COLLABCHAT_WORKSPACE", "COLLABCHAT_USER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    yield
    # os.walk passes over a folder that goes while one looks: a kernel takes its own along as it ends.
    for folder, _, names in os.walk(tmp_path):
        if "hub.json" in names:
            talk.stop(Path(folder))


SHOW = """
import collabchat as cc
chat = cc.connect({workspace!r}, user="ana")
panel = cc.ChatPanel(chat, room="pipeline")
panel
"""
# As its view would: it asks for the state, then for everything.
ASK = """
import json, time
from collabchat.protocol import new_req
told = []
send = panel._relay._outbox._send
panel._relay._outbox._send = lambda message: (told.append(json.dumps(message)), send(message))
def until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, told
        time.sleep(0.01)
panel._receive(panel, {{"type": "attach", "view": "v"}}, [])
until(lambda: panel._relay._state == "open")
asks = [{{"type": "sync", "req": new_req()}}, {{"type": "history", "req": new_req(), "room": "{room}"}}]
panel._receive(panel, {{"type": "frames", "frames": [json.dumps(ask) for ask in asks]}}, [])
until(lambda: "{backwards}"[::-1] in "".join(told))
print("the panel was told")
"""


def execute(path: Path, folder: Path) -> Any:
    notebook = nbformat.read(path, 4)
    client = NotebookClient(
        notebook,
        timeout=60,
        kernel_name="python3",
        store_widget_state=True,
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute(env=dict(os.environ))
    return notebook


def outputs(notebook: Any) -> dict[str, str]:
    """The text of each cell's outputs."""
    return {
        cell.id: "".join(o.get("text", "") or o.get("data", {}).get("text/plain", "") for o in cell.outputs)
        for cell in notebook.cells
        if cell.cell_type == "code"
    }


def test_there_are_notebooks() -> None:
    assert {"app.ipynb", "tour.ipynb"} <= {path.name for path in NOTEBOOKS}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_stored_without_output(path: Path) -> None:
    notebook = nbformat.read(path, 4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
        assert set(cell.metadata) <= {"tags"}
    assert "widgets" not in notebook.metadata
    assert notebook.metadata.kernelspec.name == "python3"


@built
def test_the_tour_with_a_workspace_of_its_own(tmp_path: Path) -> None:
    said = outputs(execute(notebooks_folder() / "tour.ipynb", tmp_path))
    assert said["connect"].startswith("<Chat tidewater as ana: ")
    assert "pipeline" in said["rooms"]
    assert said["room"] == "<Room tour: public, 1 member>"
    assert "12,306" in said["post"]
    assert "tidewater · @ana" in said["panel"]
    assert "posted ana step 3 of 3 is done" in said["listen"]
    assert "step 3 of 3 is done" in said["frames"]
    assert "bo" in said["pandas"]
    assert "people" in said["sql"]


@built
def test_the_tour_of_a_workspace_that_is_given_may_be_taken_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = tmp_path / "team"
    with collabchat.connect(workspace, user="bo") as chat:
        chat.create_room("pipeline").post("before the tour")
    monkeypatch.setenv("COLLABCHAT_WORKSPACE", str(workspace))
    for _ in range(2):
        said = outputs(execute(notebooks_folder() / "tour.ipynb", tmp_path))
        assert said["connect"].startswith("<Chat team as ")
        assert said["room"].startswith("<Room tour: public, 1 member")


@built
def test_a_saved_notebook_holds_no_message(tmp_path: Path) -> None:
    workspace = tmp_path / "team"
    secret = "nobody but us two should read this"
    with collabchat.connect(workspace, user="ana") as chat:
        room = chat.create_room("pipeline", kind="private")
        room.post(secret)
        cells = [
            SHOW.format(workspace=str(workspace)),
            # The text itself must not stand in the notebook's code.
            ASK.format(room=room.id, backwards=secret[::-1]),
        ]
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        nbformat.write(notebook, tmp_path / "mine.ipynb")
        executed = execute(tmp_path / "mine.ipynb", tmp_path)
    assert executed.cells[1].outputs[0].text == "the panel was told\n"
    states = executed.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    panels = [one["state"] for one in states.values() if one["state"].get("_label")]
    assert panels
    assert panels[0]["_label"] == "team · @ana"
    saved = json.dumps(executed)
    assert secret not in saved
