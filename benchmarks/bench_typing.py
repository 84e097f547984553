"""Typing in the text box while the room is busy: how long a key waits in Chromium for everything else.

A room with 100,000 messages, open at its newest, where 50 arrive each second. A key waits from when the browser has it
until the panel's code gets it, and it is seen with the next frame that shows it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
from figure import figure, middle, note, share
from hubs import HERE, scratch
from pages import WAIT, app, chromium, region, visit
from playwright.sync_api import Page
from wire import ask, enter
from workspaces import copy

from collabchat import protocol as p
from collabchat.store import schema

WRITERS = 10
WORDS = "the load of this night is through and the numbers agree with those of last week "

# Of each key: what it waited, when its frame was on the screen. Of everything: how long the page was busy at a time, as
# a message to oneself finds out that is sent again and again; and what the browser says of long frames.
WATCH = """
window.watchTyping = () => {
  const watched = window.watched = {waits: [], frames: [], busy: [], long: [], keys: 0};
  window.addEventListener("keydown", (event) => {
    watched.keys += 1;
    watched.waits.push(performance.now() - event.timeStamp);
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => watched.frames.push(performance.now() - event.timeStamp);
      channel.port2.postMessage(0);
    });
  }, true);
  const {port1, port2} = new MessageChannel();
  let last = performance.now();
  port1.onmessage = () => {
    const now = performance.now();
    if (now - last > 4) watched.busy.push(now - last);
    last = now;
    setTimeout(() => { last = performance.now(); port2.postMessage(0); }, 1);
  };
  port2.postMessage(0);
  new PerformanceObserver((list) => {
    for (const one of list.getEntries())
      watched.long.push({duration: one.duration, blocking: one.blockingDuration, scripts: one.scripts.map((script) =>
        ({duration: script.duration, by: script.invoker, forced: script.forcedStyleAndLayoutDuration}))});
  }).observe({type: "long-animation-frame"});
};
"""


async def pour(socket: str, room: str, rate: float, seconds: float) -> int:
    """Post into a room, evenly, by several members; gives how many were posted."""
    wires = [await enter(socket, f"user{number}") for number in range(2, 2 + WRITERS)]
    for wire in wires:
        await ask(wire, p.Sync(req=p.new_req()))
    begin, posts = time.perf_counter(), 0
    while time.perf_counter() - begin < seconds:
        text = f"arrival {posts}: {WORDS[: 20 + posts % 60]}" + (" `done`" if posts % 7 == 0 else "")
        wires[posts % WRITERS].send(p.encode(p.Post(req=p.new_req(), room=room, text=text)))
        posts += 1
        await asyncio.sleep(max(0.0, begin + posts / rate - time.perf_counter()))
    for wire in wires:
        wire.close()
    return posts


@contextlib.contextmanager
def poured(socket: str, room: str, rate: float, seconds: float) -> Iterator[None]:
    """The same in a process of its own, for as long as the block runs."""
    words = [sys.executable, __file__, "--pour", socket, room, "--rate", str(rate), "--seconds", str(seconds)]
    environment = dict(os.environ, PYTHONPATH=str(HERE.parent))
    process = subprocess.Popen(words, env=environment)
    try:
        yield
        if process.poll() not in (None, 0):
            raise SystemExit("The posts did not go on.")
    finally:
        process.terminate()
        process.wait(30)


def busiest(folder: Path) -> tuple[str, str, int]:
    """The room with the most messages: its id, its name, how many."""
    connection = duckdb.connect(str(folder / schema.FILE), read_only=True)
    try:
        found = connection.execute(
            "SELECT room, any_value(name), count(*) AS n FROM messages JOIN rooms USING (room) GROUP BY room "
            "ORDER BY n DESC LIMIT 1"
        ).fetchone()
    finally:
        connection.close()
    assert found is not None
    return str(found[0]), str(found[1]), int(found[2])


def to_newest(page: Page) -> None:
    """Down to the newest message, past what was unread."""
    log = region(page).get_by_role("log", name="Messages", exact=True)
    log.get_by_role("article").last.focus()
    page.keyboard.press("End")
    page.wait_for_function(
        """() => {
            const log = document.querySelector("[role=log]");
            return log.scrollHeight - log.scrollTop - log.clientHeight < 30;
        }""",
        timeout=WAIT,
    )


def typed(page: Page, seconds: float) -> dict[str, Any]:
    """Type for so long, ten keys a second; what was seen meanwhile."""
    box = region(page).get_by_role("textbox", name="Message", exact=True)
    box.click()
    box.fill("")
    page.evaluate("window.watchTyping()")
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def processor() -> float:
        metrics = tools.send("Performance.getMetrics")["metrics"]
        return next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration")

    before, start = processor(), time.monotonic()
    end, count = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        page.keyboard.type(WORDS[count % len(WORDS)], delay=20)
        count += 1
        page.wait_for_timeout(80)
    watched: dict[str, Any] = page.evaluate("window.watched")
    watched["processor"] = (processor() - before) / (time.monotonic() - start)
    text = (WORDS * (count // len(WORDS) + 1))[:count]
    if box.input_value() != text:
        raise SystemExit("What was typed is not what stands in the text box.")
    return watched


def said(name: str, values: list[float], target: str | None, limit: float, **more: object) -> None:
    figure(
        name,
        middle(values),
        "ms",
        target=target,
        reached=max(values) <= limit if target else None,
        p99=round(share(values, 0.99), 1),
        most=round(max(values), 1),
        **more,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=450_000, help="of the workspace; a quarter is in one room")
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--trace", help="write what Chromium did meanwhile into this file, for its Performance panel")
    parser.add_argument("--pour", nargs=2, metavar=("SOCKET", "ROOM"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.pour:
        asyncio.run(pour(*options.pour, options.rate, options.seconds))
        return
    with scratch() as folder, chromium() as browser:
        copy(options.messages, folder)
        room, name, count = busiest(folder)
        note(f"{name} has {count:,} messages")
        with app(folder) as url:
            page = visit(browser, url, "user1", name, WATCH, viewport={"width": 1280, "height": 900})
            socket = str(json.loads((folder / "hub.json").read_text())["address"]).removeprefix("unix:")
            to_newest(page)
            quiet = typed(page, options.seconds / 2)
            with poured(socket, room, options.rate, options.seconds + 30):
                page.get_by_text("arrival 100:").first.wait_for(timeout=WAIT)
                if options.trace:
                    browser.start_tracing(page=page, path=options.trace)
                busy = typed(page, options.seconds)
                if options.trace:
                    browser.stop_tracing()
                seen = page.get_by_text("arrival ").count()
                drawn = region(page).get_by_role("article").count()
    if seen == 0:
        raise SystemExit("The messages that arrived were not shown.")
    where = f"{count:,} messages, {options.rate:g} arriving a second"
    longest = sorted(busy["busy"], reverse=True)[:5]
    said(
        f"a key waits for the rest, {where}",
        busy["waits"],
        "never more than 16 ms",
        16,
        baseline=middle(quiet["waits"]),
        baseline_name="nothing arrives",
        keys=busy["keys"],
        messages_drawn=drawn,
        processor_of_the_page=round(busy["processor"], 3),
        longest_work=[round(one, 1) for one in longest],
        long_frames=[round(one["duration"]) for one in busy["long"]],
    )
    said(
        f"a key is on the screen, {where}",
        busy["frames"],
        None,
        0,
        baseline=middle(quiet["frames"]),
        baseline_name="nothing arrives",
    )
    for frame in sorted(busy["long"], key=lambda one: -one["duration"])[:3]:
        note(json.dumps(frame))


if __name__ == "__main__":
    main()
