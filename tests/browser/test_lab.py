"""The panel in a notebook in JupyterLab."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import collabchat as cc

from .conftest import panel_cell
from .notebook import Notebook


def test_a_notebook_joins_in_with_three_lines(
    open_notebook: Callable[..., Notebook], workspace: Path, connect: Callable[..., cc.Chat]
) -> None:
    bo = connect("bo", name="Bo Lind")
    room = bo.create_room("pipeline")
    room.post("Did the load finish?")
    cells = [panel_cell(workspace, "ana", ', room="pipeline"')]
    connect("ana", name="Ana Ruiz").room("pipeline").join()
    book = open_notebook("joins.ipynb", cells)
    book.run_all()
    panel = book.panel().expect_open()
    panel.expect_room("pipeline")
    panel.expect_message("Did the load finish?", "Bo Lind")
    panel.say("It did, **04:52**.")
    panel.expect_message("It did, 04:52.", "Ana Ruiz")
    assert [message.text for message in room.history()][-1] == "It did, **04:52**."
    room.post("Thanks!")
    panel.expect_message("Thanks!", "Bo Lind")
