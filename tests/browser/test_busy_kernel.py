"""One talks both ways while a cell runs, and nothing is missing when a cell prints a lot."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

import collabchat as cc

from . import servers
from .conftest import Person, panel_cell
from .notebook import Notebook
from .panel import Panel

SLEEP = "import time\ntime.sleep(25)"
LOOP = "import time\nend = time.time() + 25\nwhile time.time() < end:\n    sum(range(1000))"
FLOOD = "import time\nfor _ in range(50):\n    print('x' * 100_000)\n    time.sleep(0.06)"


@pytest.mark.parametrize("cell", [SLEEP, LOOP], ids=["sleep", "loop"])
def test_one_talks_while_a_cell_runs(
    open_notebook: Callable[..., Notebook], workspace: Path, connect: Callable[..., cc.Chat], cell: str
) -> None:
    connect("ana", name="Ana Ruiz")
    bo = connect("bo", name="Bo Lind")
    room = bo.create_room("busy", members=["ana"])
    book = open_notebook("busy.ipynb", [panel_cell(workspace, "ana", ', room="busy"'), cell])
    book.run(0)
    panel = book.panel().expect_open().expect_room("busy")
    book.run(1, to_end=False)
    book.expect_kernel("busy")
    begun = time.monotonic()
    heard = bo.listen(timeout=10)
    for number in range(5):
        panel.say(f"ana {number}")
        panel.expect_message(f"ana {number}", "Ana Ruiz", within=5_000)
        assert next(event.data["text"] for event in heard if event.type == "posted") == f"ana {number}"
        room.post(f"bo {number}")
        next(event for event in heard if event.type == "posted")
        panel.expect_message(f"bo {number}", "Bo Lind", within=5_000)
    # A view that opens meanwhile, and a room that is made: the relay answers those too.
    panel.create_room("made-while-busy")
    assert time.monotonic() - begun < 20, "the talk was slower than the cell"
    book.expect_kernel("busy")
    expect(panel.status).to_have_text("Connected")


def test_one_talks_in_voila_while_the_kernel_works(
    person: Callable[..., Person], workspace: Path, tmp_path: Path, connect: Callable[..., cc.Chat]
) -> None:
    connect("ana", name="Ana Ruiz")
    bo = connect("bo", name="Bo Lind")
    room = bo.create_room("working", members=["ana"])
    # A page of somebody's own: beside the chat a button, whose work keeps the kernel from everything else.
    button = (
        "import time, ipywidgets\nbutton = ipywidgets.Button(description='Compute')\n"
        "def work(_):\n    button.description = 'Computing'\n    time.sleep(5)\n"
        "    end = time.time() + 5\n    while time.time() < end:\n        sum(range(1000))\n"
        "    button.description = 'Computed'\n"
        "button.on_click(work)\nbutton"
    )
    cells = [button, panel_cell(workspace, "ana", ', room="working", height="500px"')]
    with servers.voila(cells, workspace, tmp_path) as url:
        page = person("ana").page
        page.goto(url)
        panel = Panel(page).expect_open().expect_room("working")
        page.get_by_role("button", name="Compute", exact=True).click()
        expect(page.get_by_role("button", name="Computing", exact=True)).to_be_visible()
        heard = bo.listen(timeout=10)
        for number in range(4):
            panel.say(f"ana {number}")
            panel.expect_message(f"ana {number}", "Ana Ruiz", within=4_000)
            assert next(event.data["text"] for event in heard if event.type == "posted") == f"ana {number}"
            room.post(f"bo {number}")
            next(event for event in heard if event.type == "posted")
            panel.expect_message(f"bo {number}", "Bo Lind", within=4_000)
        expect(page.get_by_role("button", name="Computing", exact=True)).to_be_visible(timeout=1)
        expect(page.get_by_role("button", name="Computed", exact=True)).to_be_visible()


def test_forty_messages_typed_as_fast_as_one_can(visitor: Callable[..., Panel]) -> None:
    ana, bo = visitor("Ana Hurries"), visitor("Bo Hurries")
    ana.create_room("hurried")
    bo.join("hurried")
    for number in range(40):
        ana.box.fill(f"line {number}")
        ana.box.press("Enter")
    bo.expect_message("line 39", "Ana Hurries")
    expect(bo.messages).to_have_count(40)
    expect(ana.messages).to_have_count(40)


def test_nothing_is_missing_when_a_cell_prints_5_megabytes(
    open_notebook: Callable[..., Notebook], workspace: Path, connect: Callable[..., cc.Chat]
) -> None:
    connect("ana", name="Ana Ruiz")
    bo = connect("bo", name="Bo Lind")
    room = bo.create_room("flooded", members=["ana"])
    book = open_notebook("flood.ipynb", [panel_cell(workspace, "ana", ', room="flooded"'), FLOOD])
    book.run(0)
    panel = book.panel().expect_open().expect_room("flooded")
    book.run(1, to_end=False)
    book.expect_kernel("busy")
    for number in range(80):
        room.post(f"message {number}")
    panel.say("mine, through the flood")
    panel.expect_message("message 79", "Bo Lind", within=60_000)
    panel.expect_message("mine, through the flood", "Ana Ruiz", within=60_000)
    wanted = {message.text for message in room.history(limit=200)}
    assert len(wanted) == 81

    expect(panel.messages).to_have_count(81)
    shown = [panel.messages.nth(at).inner_text() for at in range(81)]
    assert all(any(text in article for article in shown) for text in wanted)
