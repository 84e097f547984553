"""The hub dies, the kernel is restarted, the page is loaded again: nothing typed is lost, all is sent once."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

import collabchat as cc

from . import servers
from .conftest import panel_cell
from .notebook import Notebook
from .panel import Panel

OpenNotebook = Callable[..., Notebook]
Connect = Callable[..., cc.Chat]


def test_the_hub_is_killed_while_one_types_and_sends(visitor: Callable[..., Panel], app: servers.Page) -> None:
    ana, bo = visitor("Ana Survives"), visitor("Bo Survives")
    ana.create_room("survived")
    bo.join("survived")
    ana.box.focus()
    sent = []
    for number in range(30):
        text = f"word {number}"
        ana.page.keyboard.type(text)
        if number in (5, 14, 23):
            servers.kill_hub(app.workspace)
        ana.page.keyboard.press("Enter")
        sent.append(text)
    ana.page.keyboard.type("half a thought")
    for panel in (ana, bo):
        panel.expect_message("word 29", "Ana Survives", within=60_000)
        expect(panel.messages).to_have_count(30)
        expect(panel.status).to_have_text("Connected")
        for at, text in enumerate(sent):
            expect(panel.messages.nth(at)).to_contain_text(text)
        expect(panel.alerts).to_have_count(0)
    expect(ana.box).to_have_value("half a thought")
    bo.say("I got them all")
    ana.expect_message("I got them all", "Bo Survives")


def test_a_hub_that_hangs_is_said_and_what_is_sent_waits(
    open_notebook: OpenNotebook, workspace: Path, connect: Connect
) -> None:
    room = connect("ana").create_room("hangs")
    book = open_notebook("hangs.ipynb", [panel_cell(workspace, "ana", ', room="hangs"')])
    book.run_all()
    panel = book.panel().expect_open().expect_room("hangs")
    pid = servers.until(lambda: servers.hub_pid(workspace), 10, "a hub runs")
    os.kill(pid, signal.SIGSTOP)
    try:
        panel.say("into the silence")
        # It is there at once, and says that it is on its way.
        expect(panel.messages).to_have_count(1)
        expect(panel.messages.first).to_contain_text("into the silence")
        expect(panel.messages.first.get_by_text(re.compile("^(Sending|Waiting)"))).to_be_visible()
    finally:
        os.kill(pid, signal.SIGCONT)
    panel.expect_message("into the silence")
    assert [message.text for message in room.history()] == ["into the silence"]


def test_the_kernel_is_restarted_and_the_cell_run_again(
    open_notebook: OpenNotebook, workspace: Path, connect: Connect
) -> None:
    room = connect("ana").create_room("restarted")
    book = open_notebook("restarted.ipynb", [panel_cell(workspace, "ana", ', room="restarted"')])
    book.run_all()
    panel = book.panel().expect_open().expect_room("restarted")
    panel.say("before")
    panel.expect_message("before")
    panel.box.fill("typed before the restart")
    book.restart()
    # The panel that is left says what to do, and keeps what was typed.
    expect(
        panel.alerts.filter(has_text="Restart the kernel").or_(panel.alerts.filter(has_text="un the cell again")).first
    ).to_be_visible(timeout=30_000)
    expect(panel.box).to_have_value("typed before the restart")
    panel.say("sent into the void")
    expect(panel.messages.last).to_contain_text("sent into the void")
    expect(panel.box).to_have_value("")
    panel.box.fill("typed after the restart")
    book.run(0)
    again = book.panel().expect_open().expect_room("restarted")
    expect(again.box).to_have_value("typed after the restart")
    again.expect_message("before")
    again.expect_message("sent into the void")
    assert [message.text for message in room.history()] == ["before", "sent into the void"]
    again.box.press("Enter")
    again.expect_message("typed after the restart")


def test_the_page_is_loaded_again_while_messages_are_on_their_way(
    visitor: Callable[..., Panel], app: servers.Page
) -> None:
    ana, bo = visitor("Ana Hastens"), visitor("Bo Hastens")
    ana.create_room("hastened")
    bo.join("hastened")
    pid = servers.until(lambda: servers.hub_pid(app.workspace), 10, "a hub runs")
    os.kill(pid, signal.SIGSTOP)  # so that they are on their way when the page goes
    try:
        for number in range(5):
            ana.say(f"hurried {number}")
        expect(ana.messages).to_have_count(5)
        ana.page.reload()
    finally:
        os.kill(pid, signal.SIGCONT)
    ana.expect_open().expect_room("hastened")
    for panel in (ana, bo):
        for number in range(5):
            panel.expect_message(f"hurried {number}", "Ana Hastens", within=60_000)
        expect(panel.messages).to_have_count(5)


def test_the_text_is_kept_when_the_page_is_loaded_again_in_jupyterlab(
    open_notebook: OpenNotebook, workspace: Path, connect: Connect
) -> None:
    connect("ana").create_room("again")
    book = open_notebook("again.ipynb", [panel_cell(workspace, "ana", ', room="again"')])
    book.run_all()
    panel = book.panel().expect_open().expect_room("again")
    panel.say("said")
    panel.expect_message("said")
    panel.box.fill("kept in the box")
    book.save()
    book.expect_saved()
    book.page.reload()
    book.wait()
    # The kernel lives on, so the widget is the same: it comes back without a cell being run.
    panel = book.panel().expect_open().expect_room("again")
    panel.expect_message("said")
    expect(panel.box).to_have_value("kept in the box")
    panel.box.press("Enter")
    panel.expect_message("kept in the box")
