"""The panel tells the notebook where its person is, and goes where the notebook wants it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

import collabchat as cc

from .notebook import Notebook
from .servers import Jupyter, until

CELL = """\
import collabchat as cc, json, time
chat = cc.connect({workspace!r}, user="ana")
panel = cc.ChatPanel(chat, room="pipeline", height="500px")
def note(*said):  # where the test reads it
    with open({log!r}, "a") as file: file.write(json.dumps(said) + "\\n")
panel.observe(lambda change: note("room", change.new), "room")
panel.observe(lambda change: note("selected", change.new), "selected")
panel.on_send(lambda sent: note("sent", sent["room"], sent["text"], sent["id"]))
panel"""
BUSY = """\
end = time.monotonic() + 5
while time.monotonic() < end: pass
note("the cell ends", panel.room)"""
LEAD = "panel.selected = chat.room('pipeline').pins()[0]"
COMPACT = "panel.layout, panel.height = 'compact', '410px'"


def test_a_notebook_watches_and_leads_its_panel(
    open_notebook: Callable[..., Notebook],
    lab: Jupyter,
    workspace: Path,
    tmp_path: Path,
    connect: Callable[..., cc.Chat],
) -> None:
    ana, bo = connect("ana", name="Ana Ruiz"), connect("bo", name="Bo Lind")
    room = bo.create_room("pipeline", members=["ana"])
    pinned = room.post("where the runbook is")
    pinned.pin()
    for number in range(120):
        room.post(f"line {number}")
    bo.create_room("random", members=["ana"]).post("lunch?")
    ana.mark_all_read()
    log = tmp_path / "log.jsonl"
    log.touch()

    def told() -> list[list[str]]:
        return [json.loads(line) for line in log.read_text("utf-8").splitlines()]

    cell = CELL.format(workspace=str(workspace), log=str(log))
    book = open_notebook("watch.ipynb", [cell, BUSY, LEAD, COMPACT])
    book.run(0)
    panel = book.panel().expect_open().expect_room("pipeline")

    # A message that is clicked, another room, a message that is sent.
    panel.message("line 119").click()
    last = room.history(limit=1)[0].id
    until(lambda: ["selected", last] in told(), 10, "the notebook knows of the message")
    panel.open("random")
    until(lambda: ["room", "random"] in told(), 10, "the notebook knows of the room")
    panel.say("soup")
    panel.expect_message("soup", "Ana Ruiz")
    sent = ana.room("random").history(limit=1)[0].id
    until(lambda: ["sent", "random", "soup", sent] in told(), 10, "the notebook knows of what was sent")

    # While a cell works the panel goes on; what was heard counts when the cell is at its end.
    book.run(1, to_end=False)
    book.expect_kernel("busy")
    panel.open("pipeline").say("during the cell")
    panel.expect_message("during the cell", "Ana Ruiz")
    assert ["room", "pipeline"] not in told()
    until(lambda: ["room", "pipeline"] in told(), 20, "the notebook hears when the cell has ended")
    after = told()[told().index(["the cell ends", "random"]) :]
    assert after[1:3] == [["room", "pipeline"], ["sent", "pipeline", "during the cell", room.history(limit=1)[0].id]]

    # The notebook leads: to a message far up, in another room than the one that is open.
    panel.open("random")
    until(lambda: told()[-1] == ["room", "random"], 10, "the notebook knows")
    book.run(2)
    panel.expect_room("pipeline")
    expect(panel.message("where the runbook is")).to_be_in_viewport()
    assert ["selected", pinned.id] in told()

    # One conversation, without the left.
    book.run(3)
    expect(panel.list).to_be_hidden()
    expect(panel.region).to_have_css("height", "410px")
    panel.expect_room("pipeline")
    book.save()
    book.expect_saved()

    def state() -> str | None:
        text = lab.text("watch.ipynb")
        return text if "widget-state" in text else None

    saved = until(state, 20, "the state of the widgets is saved")
    for word in ("where the runbook is", "during the cell", "soup", "random"):
        assert word not in saved
