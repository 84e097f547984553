"""A notebook that was saved holds no message, and without its kernel shows a picture and a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

import collabchat as cc

from . import servers
from .conftest import Person, panel_cell
from .notebook import Notebook


def test_saved_and_opened_without_a_kernel(
    open_notebook: Callable[..., Notebook],
    person: Callable[..., Person],
    lab: servers.Jupyter,
    workspace: Path,
    connect: Callable[..., cc.Chat],
) -> None:
    bo = connect("bo", name="Bo Lind")
    room = bo.create_room("confidential-room")
    connect("ana", name="Ana Ruiz").room("confidential-room").join()
    room.post("the-secret-of-the-house")
    book = open_notebook("saved.ipynb", [panel_cell(workspace, "ana")])
    book.run_all()
    panel = book.panel().expect_open()
    panel.open("confidential-room")
    panel.expect_message("the-secret-of-the-house")
    panel.say("my-own-words")
    panel.expect_message("my-own-words")
    book.save()
    book.expect_saved()
    saved = servers.until(
        lambda: text if "widget-state" in (text := lab.text("saved.ipynb")) else None,
        20,
        "the state of the widgets is saved",
    )
    for hidden in ("the-secret-of-the-house", "my-own-words", "confidential-room", "Bo Lind"):
        assert hidden not in saved
    states = json.loads(saved)["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    (state,) = [entry["state"] for entry in states.values() if "_label" in entry["state"]]
    assert (state["_label"], state["room"]) == ("team · @ana", "")
    book.shut_down_kernel()

    # Somebody else opens it; the notebook starts a new kernel, which knows nothing of the widget.
    other = Notebook(person("somebody else").page, lab.address("saved.ipynb"))
    still = other.panel().region
    expect(still).to_be_visible(timeout=60_000)
    expect(still).to_contain_text("run the cell", ignore_case=True)
    expect(still).to_contain_text("team")
    expect(still).not_to_contain_text("the-secret-of-the-house")
    box = still.bounding_box()
    assert box is not None
    assert box["height"] > 100
    # And run again it is the chat.
    other.run_all()
    other.panel().expect_open().open("confidential-room").expect_message("my-own-words", "Ana Ruiz")
