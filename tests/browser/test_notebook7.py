"""The panel in Notebook 7."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

import collabchat as cc

from . import servers
from .conftest import Person, panel_cell
from .notebook import Notebook


def test_one_talks_in_notebook_7(
    person: Callable[..., Person], notebook_server: servers.Jupyter, workspace: Path, connect: Callable[..., cc.Chat]
) -> None:
    connect("ana", name="Ana Ruiz")
    bo = connect("bo", name="Bo Lind")
    room = bo.create_room("classic", members=["ana"])
    cells = [panel_cell(workspace, "ana", ', room="classic"'), "import time; time.sleep(12)"]
    book = Notebook(person("ana").page, notebook_server.write("classic.ipynb", cells))
    book.run(0)
    panel = book.panel().expect_open().expect_room("classic")
    panel.say("from Notebook 7")
    panel.expect_message("from Notebook 7", "Ana Ruiz")
    room.post("seen in Python")
    panel.expect_message("seen in Python", "Bo Lind")
    panel.box.fill("")
    panel.box.click()
    book.page.keyboard.type("aabbx dd")
    expect(panel.box).to_have_value("aabbx dd")
    expect(book.cells).to_have_count(2)
    book.run(1, to_end=False)
    book.expect_kernel("busy")
    panel.say("while a cell runs")
    panel.expect_message("while a cell runs", "Ana Ruiz", within=5_000)
    book.expect_kernel("busy")
    assert [message.text for message in room.history()] == ["from Notebook 7", "seen in Python", "while a cell runs"]
