"""The panel in a notebook in JupyterLab."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

import collabchat as cc

from .conftest import panel_cell
from .notebook import Notebook
from .panel import Panel

OpenNotebook = Callable[..., Notebook]
Connect = Callable[..., cc.Chat]


def test_a_notebook_joins_in_with_three_lines(open_notebook: OpenNotebook, workspace: Path, connect: Connect) -> None:
    connect("ana", name="Ana Ruiz")
    bo = connect("bo", name="Bo Lind")
    room = bo.create_room("pipeline", members=["ana"])
    room.post("Did the load finish?")
    book = open_notebook("joins.ipynb", [panel_cell(workspace, "ana", ', room="pipeline"')])
    book.run_all()
    panel = book.panel().expect_open().expect_room("pipeline")
    panel.expect_message("Did the load finish?", "Bo Lind")
    panel.say("It did, **04:52**.")
    panel.expect_message("It did, 04:52.", "Ana Ruiz")
    assert room.history()[-1].text == "It did, **04:52**."
    assert room.history()[-1].author == "ana"
    room.post("Thanks!")
    panel.expect_message("Thanks!", "Bo Lind")


def test_keys_in_the_panel_are_no_shortcuts_of_jupyterlab(
    open_notebook: OpenNotebook, workspace: Path, connect: Connect
) -> None:
    room = connect("ana").create_room("typed")
    book = open_notebook("keys.ipynb", [panel_cell(workspace, "ana", ', room="typed"'), "2 + 2", "3 + 3"])
    book.run_all()
    panel = book.panel().expect_open().expect_room("typed")
    book.expect_ran(2)
    expect(book.cells).to_have_count(3)
    panel.box.click()
    # In JupyterLab's command mode: a, b insert cells, x cuts one, dd deletes, 00 restarts, y and m change the kind.
    book.page.keyboard.type("aabbx dd 00 y m zc v", delay=15)
    expect(panel.box).to_have_value("aabbx dd 00 y m zc v")
    for keys in ("Control+a", "Control+c", "ArrowRight", "Control+v", "Shift+Enter", "ArrowUp", "Escape", "Backspace"):
        book.page.keyboard.press(keys)
    # Keys with no text box under them: the focus is on a message, then on a button.
    panel.box.fill("for the focus")
    panel.box.press("Enter")
    panel.expect_message("for the focus")
    for place in (panel.messages.last, panel.button("Settings")):
        place.focus()
        book.page.keyboard.type("abxdd", delay=15)
    expect(book.cells).to_have_count(3)
    for number in (0, 1, 2):
        expect(book.cells.nth(number)).not_to_have_text("")
    assert [message.text for message in room.history()] == ["for the focus"]
    # The kernel was not restarted: the widget still talks.
    panel.say("all there")
    panel.expect_message("all there")


def test_a_view_beside_shows_the_same(open_notebook: OpenNotebook, workspace: Path, connect: Connect) -> None:
    room = connect("ana").create_room("beside")
    book = open_notebook("beside.ipynb", [panel_cell(workspace, "ana", ', room="beside"')])
    book.run_all()
    book.panel().expect_open().expect_room("beside")

    book.context_menu(book.cells.first, "Create New View for Cell Output")
    regions = book.page.get_by_role("region", name="collabchat", exact=True)
    expect(regions).to_have_count(2)
    panels = [Panel(book.page, regions.nth(number)).expect_open() for number in (0, 1)]
    for panel in panels:
        panel.expect_room("beside")
    panels[0].say("seen in both")
    for panel in panels:
        panel.expect_message("seen in both")
    panels[1].say("and the other way")
    for panel in panels:
        panel.expect_message("and the other way")
    # Each view stands in a room of its own choice.
    panels[1].create_room("only-there")
    panels[0].expect_room("beside")
    assert [message.text for message in room.history()] == ["seen in both", "and the other way"]
    # One is closed: the other goes on.
    book.page.get_by_role("tab", name="Output View").get_by_title("Close").click()
    expect(regions).to_have_count(1)
    room.post("after the closing")
    panels[0].expect_message("after the closing")


def test_several_widgets_in_one_notebook(open_notebook: OpenNotebook, workspace: Path, connect: Connect) -> None:
    connect("bo", name="Bo Lind")
    ana = connect("ana", name="Ana Ruiz")
    ana.create_room("shared", members=["bo"])
    ana.create_room("other")
    cells = [
        panel_cell(workspace, "ana", ', room="shared", height="300px"'),
        'cc.ChatPanel(chat, room="other", height="300px")',
        f'cc.ChatPanel(cc.connect({str(workspace)!r}, user="bo"), room="shared", height="300px")',
    ]
    book = open_notebook("several.ipynb", cells, viewport={"width": 1280, "height": 1500})
    book.run_all()
    regions = book.page.get_by_role("region", name="collabchat", exact=True)
    expect(regions).to_have_count(3, timeout=60_000)
    shared, other, bos = (book.panel(number).expect_open() for number in range(3))
    shared.expect_room("shared")
    other.expect_room("other")
    bos.expect_room("shared")
    bos.say("from the third")
    shared.expect_message("from the third", "Bo Lind")
    other.expect_unread("shared", 0)  # ana has read it in the first
    other.say("from the second")
    shared.open("other").expect_message("from the second", "Ana Ruiz")


def test_a_panel_follows_its_traits(open_notebook: OpenNotebook, workspace: Path, connect: Connect) -> None:
    ana = connect("ana")
    for room in ("here", "there"):
        ana.create_room(room)
    cells = [
        panel_cell(workspace, "ana", ', room="here"').replace("cc.ChatPanel(", "panel = cc.ChatPanel(") + "\npanel",
        'panel.room = "there"; panel.height = "420px"',
        'import ipywidgets, IPython.display; IPython.display.display(panel); panel.room = "here"',
    ]
    book = open_notebook("traits.ipynb", cells)
    book.run(0)
    panel = book.panel().expect_open().expect_room("here")
    book.run(1)
    panel.expect_room("there")
    box = panel.region.bounding_box()
    assert box is not None
    assert 400 < box["height"] < 440
