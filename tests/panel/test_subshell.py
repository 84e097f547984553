"""A widget's messages while a cell runs, in a real kernel."""

from __future__ import annotations

import time
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import pytest

# Earlier ones cannot be asked where a comm's messages go.
routing = pytest.mark.skipif(
    tuple(int(part) for part in version("ipykernel").split(".")[:2]) < (7, 4), reason="needs ipykernel 7.4"
)
subshells = pytest.mark.skipif(int(version("ipykernel").split(".")[0]) < 7, reason="needs ipykernel 7")

SETUP = """
import threading, time
import anywidget
from collabchat.panel.subshell import Channel
class Echo(anywidget.AnyWidget):
    _esm = "export default {{}}"
widget = Echo()
channel = Channel(widget)
threads = []
def echo(widget, content, buffers):
    threads.append(threading.current_thread())
    channel.send({{"echo": content["k"]}})
widget.on_msg(echo)
stop = threading.Event()
def push():
    while not stop.wait(0.02):
        channel.send({{"push": 1}})
if {pushing}:
    threading.Thread(target=push, daemon=True).start()
print(widget.model_id, channel.way)
"""
COUNT = """
ends = 0
def ended():
    global ends
    ends += 1
get_ipython().events.register("post_execute", ended)
"""
SLEEP = "time.sleep(3)"
LOOP = "end = time.monotonic() + 3\nwhile time.monotonic() < end: pass"


@pytest.fixture(scope="module")
def kernel(notebook: Any) -> Iterator[Any]:
    with notebook() as found:
        found.run(COUNT)
        yield found


def set_up(kernel: Any, *, pushing: bool = True) -> tuple[str, str]:
    comm, way = kernel.run(SETUP.format(pushing=pushing)).split()
    return comm, way


def round_trip(kernel: Any, comm: str, k: int, timeout: float = 20) -> float:
    start = time.monotonic()
    kernel.say(comm, {"k": k})
    kernel.until(lambda: {"echo": k} in kernel.said(comm), timeout)
    return time.monotonic() - start


@routing
@pytest.mark.parametrize("cell", [SLEEP, LOOP], ids=["sleep", "loop"])
def test_round_trips_while_a_cell_runs(kernel: Any, cell: str) -> None:
    comm, way = set_up(kernel)
    assert way == "subshell"
    running = kernel.start(cell)
    times = [round_trip(kernel, comm, k) for k in range(20)]
    assert not kernel.is_done(running), "the cell was over: nothing was shown"
    assert sorted(times)[10] < 0.25, times
    kernel.wait(running)
    kernel.run("stop.set()")


@routing
def test_figures_stay_with_their_cell(kernel: Any) -> None:
    comm, _ = set_up(kernel, pushing=False)
    before = int(kernel.run("print(ends)"))
    running = kernel.start("time.sleep(1)")
    for k in range(5):
        round_trip(kernel, comm, k)
    assert not kernel.is_done(running)
    kernel.wait(running)
    # One for the cell that printed, one for the one that slept, none for the five messages.
    assert int(kernel.run("print(ends)")) == before + 2


def test_without_the_channel_figures_would_be_taken(kernel: Any) -> None:
    set_up(kernel, pushing=False)
    comm = kernel.run("other = Echo(); other.on_msg(echo); print(other.model_id)").strip()
    before = int(kernel.run("print(ends)"))
    idle = kernel.say(comm, {"k": 0})
    kernel.until(lambda: kernel.is_done(idle))
    assert int(kernel.run("print(ends)")) == before + 2


@routing
def test_traits_are_set_on_the_main_thread(kernel: Any) -> None:
    comm, _ = set_up(kernel, pushing=False)
    kernel.run("set_on = []\nwidget.observe(lambda change: set_on.append(threading.current_thread()), 'tooltip')")
    update = kernel.say(comm, {"state": {"tooltip": "x"}}, "update")
    kernel.until(lambda: kernel.is_done(update))
    assert kernel.run("print([t is threading.main_thread() for t in set_on])").strip() == "[True]"
    round_trip(kernel, comm, 1)
    assert kernel.run("print(threads[-1] is threading.main_thread())").strip() == "False"


@routing
def test_all_panels_of_a_kernel_share_one_subshell(kernel: Any) -> None:
    first, second = set_up(kernel)[0], set_up(kernel)[0]
    assert first != second
    assert len(kernel.control("list_subshell_request", {})["subshell_id"]) == 1
    kernel.run("stop.set()")


@routing
def test_a_subshell_that_somebody_deletes(kernel: Any) -> None:
    comm, _ = set_up(kernel, pushing=False)
    (own,) = kernel.control("list_subshell_request", {})["subshell_id"]
    assert kernel.control("delete_subshell_request", {"subshell_id": own})["status"] == "ok"
    round_trip(kernel, comm, 1)
    assert set_up(kernel, pushing=False)[1] == "subshell"
    assert len(kernel.control("list_subshell_request", {})["subshell_id"]) == 1


@pytest.fixture(scope="module")
def without(notebook: Any) -> Iterator[Any]:
    with notebook(COLLABCHAT_SUBSHELL="0") as found:
        yield found


@subshells
def test_without_a_subshell_of_our_own(without: Any) -> None:
    comm, way = set_up(without)
    assert way == "context"
    # The front end has one: that must go on being used, whatever a thread pushes.
    without.subshell = without.control("create_subshell_request", {})["subshell_id"]
    try:
        round_trip(without, comm, -1)
        running = without.start(LOOP)
        times = [round_trip(without, comm, k) for k in range(10)]
        assert not without.is_done(running)
        assert sorted(times)[5] < 0.5, times
        without.wait(running)
    finally:
        without.subshell = None
    without.run("stop.set()")


def test_without_any_subshell_messages_wait_and_pushes_arrive(without: Any) -> None:
    comm, _ = set_up(without)
    round_trip(without, comm, 0)
    running = without.start("time.sleep(1.5)")
    without.say(comm, {"k": 1})
    pushed = len([m for m in without.said(comm) if "push" in m])
    without.until(lambda: len([m for m in without.said(comm) if "push" in m]) > pushed + 10)
    assert not without.is_done(running)
    assert {"echo": 1} not in without.said(comm)
    without.until(lambda: {"echo": 1} in without.said(comm))
    assert without.is_done(running)
    without.run("stop.set()")


def test_without_ipykernel() -> None:
    from ipywidgets import Widget

    from collabchat.panel.subshell import Channel

    widget = Widget()
    try:
        assert Channel(widget).way == "plain"
    finally:
        widget.close()
