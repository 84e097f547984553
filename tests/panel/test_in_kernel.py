"""ChatPanel in a real kernel with a real hub, its comm spoken to as the browser does."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import collabchat
from collabchat.cli import talk
from collabchat.connection.finding import read_hub_file
from collabchat.places import with_package
from collabchat.protocol import new_req

SETUP = """
import time
from pathlib import Path
import collabchat as cc
from collabchat.panel import assets
assets.STATIC = Path({static!r})
chat = cc.connect({workspace!r}, user="ana")
panel = cc.ChatPanel(chat)
print(panel.model_id, panel._channel.way)
"""


class Browser:
    """The front end of one panel."""

    def __init__(self, kernel: Any, comm: str) -> None:
        self.kernel = kernel
        self.comm = comm

    def say(self, **content: Any) -> None:
        self.kernel.say(self.comm, content)

    def send(self, **request: Any) -> str:
        req = new_req()
        self.say(type="frames", frames=[json.dumps({**request, "req": req})])
        return req

    def until(self, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        self.kernel.until(lambda: any(map(condition, self.kernel.said(self.comm))), 30)
        return next(filter(condition, self.kernel.said(self.comm)))

    def replies(self) -> list[dict[str, Any]]:
        """All that the hub said."""
        found = []
        for content in self.kernel.said(self.comm):
            for frame in map(json.loads, content.get("frames", ())):
                found += frame if isinstance(frame, list) else [frame]
        return found

    def reply(self, req: str) -> dict[str, Any]:
        self.kernel.until(lambda: any(one.get("req") == req and one["type"] != "event" for one in self.replies()), 30)
        return next(one for one in self.replies() if one.get("req") == req and one["type"] != "event")

    def open(self, epoch: int = 1) -> None:
        self.say(type="attach", view="v")
        self.until(lambda content: content.get("state") == "open" and content["epoch"] == epoch)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "team"
    yield folder
    talk.stop(folder)


@pytest.fixture
def kernel(notebook: Any) -> Iterator[Any]:
    with notebook(**with_package({})) as found:
        yield found


@pytest.fixture
def browser(kernel: Any, workspace: Path, tmp_path: Path) -> Browser:
    for name in ("panel.js", "panel.css"):
        (tmp_path / name).write_text("/* */", "utf-8")
    comm, way = kernel.run(SETUP.format(static=str(tmp_path), workspace=str(workspace))).split()
    assert way == "subshell"
    return Browser(kernel, comm)


def test_it_speaks_with_the_hub_while_a_cell_runs(browser: Browser, workspace: Path) -> None:
    browser.open()
    snapshot = browser.reply(browser.send(type="sync"))
    assert snapshot["type"] == "snapshot"
    room = browser.reply(browser.send(type="create_room", name="pipeline"))["id"]
    browser.reply(browser.send(type="post", room=room, text="before"))

    running = browser.kernel.start("end = time.monotonic() + 4\nwhile time.monotonic() < end: pass")
    times = []
    for number in range(10):
        start = time.monotonic()
        assert browser.reply(browser.send(type="post", room=room, text=f"during {number}"))["type"] == "ack"
        times.append(time.monotonic() - start)
    with collabchat.connect(workspace, user="bo") as bo:
        bo.room("pipeline").join()
        bo.room("pipeline").post("from elsewhere")
        texts = ["from elsewhere"]
        browser.kernel.until(lambda: texts[0] in [one.get("data", {}).get("text") for one in browser.replies()])
    assert not browser.kernel.is_done(running)
    assert sorted(times)[5] < 0.5, times
    browser.kernel.wait(running)
    numbers = [content["n"] for content in browser.kernel.said(browser.comm) if content["type"] == "frames"]
    assert numbers == list(range(1, len(numbers) + 1))


def test_who_speaks_is_whom_the_chat_speaks_for(browser: Browser) -> None:
    browser.open()
    browser.send(type="hello", version=1, oldest=1, user="bo")
    snapshot = browser.reply(browser.send(type="sync"))
    me = next(member for member in snapshot["members"] if member["id"] == snapshot["me"])
    assert me["handle"] == "ana"
    assert [member["handle"] for member in snapshot["members"]] == ["ana"]


def test_a_killed_hub_is_a_new_epoch(browser: Browser, workspace: Path) -> None:
    browser.open()
    room = browser.reply(browser.send(type="create_room", name="pipeline"))["id"]
    hub = read_hub_file(workspace)
    assert hub is not None
    os.kill(hub.pid, signal.SIGKILL)
    browser.until(lambda content: content.get("state") == "lost")
    browser.until(lambda content: content.get("state") == "open" and content["epoch"] == 2)
    assert browser.reply(browser.send(type="post", room=room, text="after"))["type"] == "ack"


def test_a_ping_is_answered_while_a_cell_runs(browser: Browser) -> None:
    browser.open()
    running = browser.kernel.start("time.sleep(1.5)")
    browser.say(type="ping", t=42, n=0)
    pong = browser.until(lambda content: content["type"] == "pong")
    assert pong == {"type": "pong", "t": 42, "n": 0, "epoch": 1, "state": "open"}
    assert not browser.kernel.is_done(running)
    browser.kernel.wait(running)


def test_two_panels_of_one_kernel(browser: Browser) -> None:
    comm = browser.kernel.run("other = chat.panel(room='pipeline')\nprint(other.model_id)").strip()
    second = Browser(browser.kernel, comm)
    browser.open()
    second.open()
    room = browser.reply(browser.send(type="create_room", name="pipeline"))["id"]
    second.reply(second.send(type="sync"))
    browser.reply(browser.send(type="post", room=room, text="to both"))
    second.kernel.until(lambda: "to both" in [one.get("data", {}).get("text") for one in second.replies()])
    browser.kernel.run("other.close()")
    browser.reply(browser.send(type="post", room=room, text="one is enough"))


def test_a_closed_panel_lets_go_of_the_hub(browser: Browser, workspace: Path) -> None:
    browser.open()
    browser.kernel.run("chat.close()")
    browser.reply(browser.send(type="sync"))
    browser.kernel.run("panel.close()")
    browser.kernel.run(
        "deadline = time.monotonic() + 10\n"
        "from collabchat.connection.loop import io_thread\n"
        "while list(io_thread().links) and time.monotonic() < deadline: time.sleep(0.01)\n"
        "assert not list(io_thread().links)"
    )


def test_memory_of_a_panel(notebook: Any, workspace: Path, tmp_path: Path) -> None:
    for name in ("panel.js", "panel.css"):
        (tmp_path / name).write_text("/* */", "utf-8")
    measure = "\nimport resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    with notebook(**with_package({})) as kernel:
        bare = int(kernel.run("pass" + measure).split()[-1])
        code = (
            "from pathlib import Path\nfrom collabchat.panel import ChatPanel, assets\n"
            f"assets.STATIC = Path({str(tmp_path)!r})\n"
            f"panel = ChatPanel.visitor({str(workspace)!r}, name='Ana')\nprint(panel.model_id)"
        )
        browser = Browser(kernel, kernel.run(code).strip())
        browser.open()
        browser.reply(browser.send(type="sync"))
        full = int(kernel.run("pass" + measure).split()[-1])
    assert (full - bare) / 1024 < 30, f"{bare} -> {full} KiB"


WATCHING = """
import threading
heard = []
def heard_that(name, value):
    heard.append((name, value, threading.current_thread() is threading.main_thread()))
panel.observe(lambda change: heard_that("room", change.new), "room")
panel.observe(lambda change: heard_that("selected", change.new), "selected")
panel.on_send(lambda sent: heard_that("sent", sent["text"]))
"""


def heard(browser: Browser) -> list[Any]:
    return list(json.loads(browser.kernel.run("import json\nprint(json.dumps(heard))")))


def state(browser: Browser, name: str) -> list[Any]:
    """The values of a trait that the browser was told."""
    updates = [
        m["content"]["data"]["state"]
        for m in browser.kernel.seen
        if m["msg_type"] == "comm_msg"
        and m["content"]["comm_id"] == browser.comm
        and m["content"]["data"].get("method") == "update"
    ]
    return [update[name] for update in updates if name in update]


def test_a_notebook_watches_where_its_person_is(browser: Browser) -> None:
    browser.kernel.run(WATCHING)
    browser.say(type="placed", room="pipeline", selected="", asked=0)
    browser.say(type="placed", room="pipeline", selected="12", asked=0)
    browser.say(type="sent", room="pipeline", text="hello", message="13", reply_to=None)
    browser.kernel.run("import asyncio\nwhile len(heard) < 3: await asyncio.sleep(0.01)")
    assert heard(browser) == [["room", "pipeline", True], ["selected", "12", True], ["sent", "hello", True]]
    assert browser.kernel.run("print(panel.room, panel.selected)").split() == ["pipeline", "12"]


def test_it_hears_during_a_cell_that_waits_and_else_when_the_cell_ends(browser: Browser) -> None:
    browser.open()
    browser.kernel.run(WATCHING)
    waits = browser.kernel.start(
        "import asyncio\nwhile not heard: await asyncio.sleep(0.01)\nprint('heard while it waited')"
    )
    browser.say(type="placed", room="pipeline", selected="", asked=0)
    assert browser.kernel.wait(waits, 30) == "heard while it waited\n"

    works = browser.kernel.start(
        "end = time.monotonic() + 1.5\nwhile time.monotonic() < end: pass\nprint(len(heard), panel.room)"
    )
    for name in ("forecast", "random", "looked-at-last"):
        browser.say(type="placed", room=name, selected="", asked=0)
    browser.say(type="sent", room="random", text="one", message="13", reply_to=None)
    browser.say(type="sent", room="random", text="two", message="14", reply_to=None)
    browser.say(type="ping", t=42, n=0)
    browser.until(lambda content: content["type"] == "pong")
    assert not browser.kernel.is_done(works)
    assert browser.kernel.wait(works) == "1 pipeline\n", "traits change between the statements of no cell"
    browser.kernel.run("while len(heard) < 4: await asyncio.sleep(0.01)")
    assert heard(browser)[1:] == [["room", "looked-at-last", True], ["sent", "one", True], ["sent", "two", True]]


def test_setting_a_trait_reaches_the_browser_and_is_not_undone_by_older_words(browser: Browser) -> None:
    browser.kernel.run(WATCHING)
    cell = browser.kernel.start("panel.room = 'random'\nend = time.monotonic() + 1\nwhile time.monotonic() < end: pass")
    browser.kernel.until(lambda: bool(state(browser, "_asked")))
    assert state(browser, "_asked") == [{"n": 1, "room": "random", "selected": ""}]
    browser.say(type="placed", room="pipeline", selected="12", asked=0)
    browser.say(type="ping", t=1, n=0)
    browser.until(lambda content: content["type"] == "pong")
    browser.kernel.wait(cell)
    assert browser.kernel.run("print(panel.room, repr(panel.selected))").split() == ["random", "''"]
    browser.say(type="placed", room="random", selected="15", asked=1)
    browser.kernel.run("import asyncio\nwhile not panel.selected: await asyncio.sleep(0.01)")
    assert [name for name, *_ in heard(browser)] == ["room", "selected"]


def test_a_function_that_fails_is_shown_and_the_panel_goes_on(browser: Browser) -> None:
    browser.open()
    browser.kernel.run("panel.on_send(lambda sent: 1 / 0)")
    browser.say(type="sent", room="pipeline", text="hello", message="13", reply_to=None)
    browser.kernel.until(
        lambda: any(
            "ZeroDivisionError" in json.dumps(m["content"])
            for m in browser.kernel.seen
            if m["msg_type"] in ("error", "stream")
        )
    )
    assert browser.reply(browser.send(type="sync"))["type"] == "snapshot"


def test_a_panel_of_another_thread_is_heard_on_the_main_one(browser: Browser) -> None:
    comm = browser.kernel.run(
        "import threading\nmade = []\n"
        "thread = threading.Thread(target=lambda: made.append(cc.ChatPanel(chat)))\n"
        "thread.start(); thread.join()\npanel = made[0]\nprint(panel.model_id)"
    ).strip()
    browser.kernel.run(WATCHING)
    other = Browser(browser.kernel, comm)
    other.say(type="placed", room="pipeline", selected="", asked=0)
    browser.kernel.run("import asyncio\nwhile not heard: await asyncio.sleep(0.01)")
    assert heard(browser) == [["room", "pipeline", True]]
