"""The main way through the panel, once, in Firefox: come in, open a room, read, write, be answered."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import collabchat as cc

from . import servers
from .conftest import OUTPUT
from .firefox import ENTER, firefox

BINARY = shutil.which("firefox-esr") or shutil.which("firefox")


@pytest.mark.skipif(BINARY is None, reason="there is no Firefox here (Debian: apt-get install firefox-esr)")
def test_two_people_talk_one_of_them_in_firefox(
    app: servers.Page, connect: Callable[..., cc.Chat], tmp_path: Path
) -> None:
    assert BINARY is not None
    bo = connect("bo-of-firefox", app.workspace)
    room = bo.create_room("firefox", topic="the other browser")
    room.post("**hello** from Python")
    with firefox(BINARY, tmp_path) as tab:
        tab.go(app.url)
        tab.click(tab.find("textbox", "Your name"))
        tab.type("Fay")
        tab.click(tab.find("button", "Enter the chat"))
        tab.until(lambda: tab.text(tab.find("status", "Connection")) == "Connected", "the panel is connected")
        fay = next(one for one in bo.members()["member"] if one.startswith("fay"))
        room.add(fay)
        tab.click(tab.find("button", "firefox"))
        log = tab.find("log", "Messages")
        tab.until(lambda: "hello from Python" in tab.text(log), "the message is read")
        tab.click(tab.find("textbox", "Message"))
        tab.type("hello from Firefox" + ENTER)
        tab.until(lambda: "hello from Firefox" in room.history()[-1].text, "the answer is in the log")
        room.post("and once more")
        tab.until(lambda: "and once more" in tab.text(log), "what is new is read")
        OUTPUT.mkdir(exist_ok=True)
        tab.picture(OUTPUT / "firefox.png")
