"""The search in the panel: from a key to the frame that shows what was found for it, in Chromium through Voila.

Words are typed into the search box letter by letter, each after the results of the one before are there. Of each key:
how long it took until the results of exactly this text were drawn. Keys after which nothing is found do not count.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from figure import figure, middle, note, share
from hubs import scratch
from pages import WAIT, app, chromium, region, visit
from wire import ask, enter
from workspaces import copy

from collabchat import protocol as p

T = TypeVar("T")
WORDS = ("dashboard", "invoices", '"late invoices"', "churn model from:user3", "parquet -month", "yesterdy")
TARGET = 100

# A key of the search box, and the first frame in which nothing is waited for and hits stand in the list.
WATCH = """
window.watchSearch = () => {
  window.took = [];
  let since = null;
  const look = () => {
    const panel = document.querySelector(".cc-search");
    const count = panel?.querySelector(".cc-search-count");
    if (since === null || !count || count.dataset.waiting !== undefined || !panel.querySelector(".cc-hit")) return;
    const begun = since;
    since = null;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.took.push(performance.now() - begun);
      channel.port2.postMessage(0);
    });
  };
  window.addEventListener("keydown", (event) => {
    if (event.target.type !== "search") return;
    since = event.timeStamp;
  }, true);
  new MutationObserver(look).observe(document.querySelector(".cc-side"),
    {childList: true, subtree: true, attributes: true, characterData: true});
};
"""
ANSWERED = "document.querySelector('.cc-search-count')?.dataset.waiting === undefined"


async def settled(socket: str, messages: int) -> None:
    """Wait until the index has everything."""
    wire = await enter(socket, "user0")
    while True:
        status = await ask(wire, p.Status(req=p.new_req()))
        if not status.indexing and status.indexed >= messages * 0.99:
            break
        await asyncio.sleep(0.1)
    wire.close()


async def at_the_hub(socket: str) -> list[float]:
    """Milliseconds that each of the texts takes over the hub's socket."""
    wire = await enter(socket, "user1")
    await ask(wire, p.Sync(req=p.new_req()))
    took = []
    for word in WORDS:
        for end in range(1, len(word) + 1):
            begin = time.perf_counter()
            await ask(wire, p.Search(req=p.new_req(), query=word[:end], limit=30))
            took.append((time.perf_counter() - begin) * 1_000)
    wire.close()
    return took


def run(work: Coroutine[Any, Any, T]) -> T:
    """In a thread of its own: the browser's loop has this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def measure(messages: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each key in the panel, and of each text at the hub."""
    with scratch() as folder, chromium() as browser:
        workspace = copy(messages, folder)
        with app(workspace) as url:
            page = visit(browser, url, "user1", "room1", WATCH)
            socket = json.loads((workspace / "hub.json").read_text())["address"].removeprefix("unix:")
            run(settled(socket, messages))
            note(f"{messages:,} messages are in the index")
            box = region(page).get_by_role("searchbox", name="Search messages", exact=True)
            box.click()
            page.locator(".cc-search").wait_for(timeout=WAIT)
            page.evaluate("watchSearch()")
            for word in WORDS:
                box.fill("")
                for letter in word:
                    page.keyboard.press("Space" if letter == " " else letter)
                    page.wait_for_function(ANSWERED, timeout=WAIT)
            took: list[float] = page.evaluate("took")
            return took, run(at_the_hub(socket))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    options = parser.parse_args()
    took, asked = measure(options.messages)
    note(f"{len(took)} keys with results")
    figure(
        f"key to first results drawn, {options.messages:,} messages",
        middle(took),
        "ms",
        target=f"{TARGET} ms",
        reached=middle(took) <= TARGET,
        baseline=middle(asked),
        baseline_name="the same texts over the hub's socket",
        p90=round(share(took, 0.9), 1),
        p99=round(share(took, 0.99), 1),
        baseline_p99=round(share(asked, 0.99), 1),
        keys=len(took),
    )


if __name__ == "__main__":
    main()
