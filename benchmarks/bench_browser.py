"""Post to seen, browser to browser through Voila: from the Enter key in one page to the text in the other's.

Two people in each workspace, one with 10 thousand messages and one with a million, taking turns. Needs Chromium.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from figure import figure, middle, note, share
from hubs import HERE, scratch, stop
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from workspaces import copy

WAIT = 90_000
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ROOM = "room3"
# The clock of both pages: the system's, in milliseconds.
_SENT = """
window.sentAt = {};
window.addEventListener("keydown", (event) => {
  if (event.key === "Enter") window.sentAt[event.target.value] = performance.timeOrigin + performance.now();
}, true);
"""
_SEEN = """
window.seenAt = {};
new MutationObserver(() => {
  for (const found of document.body.innerText.slice(-4000).matchAll(/sent \\d+ now/g))
    window.seenAt[found[0]] ??= performance.timeOrigin + performance.now();
}).observe(document.body, {childList: true, subtree: true, characterData: true});
"""


@contextlib.contextmanager
def app(workspace: Path) -> Iterator[str]:
    """The address of the chat of a workspace, served by Voila while the block runs."""
    log = workspace / "app.log"
    command = [sys.executable, "-m", "collabchat", "app", str(workspace), "--port", "0"]
    environment = dict(os.environ, PYTHONPATH=str(HERE.parent), PYTHONUNBUFFERED="1")
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment, start_new_session=True
        )
    try:
        deadline = time.monotonic() + 60
        while not (found := re.search(r"http://\S+", log.read_text())):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text())
            time.sleep(0.05)
        yield found[0]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        stop(workspace)


def visit(browser: Browser, url: str, who: str) -> Page:
    """Somebody's page, with the room open."""
    page = browser.new_context().new_page()
    page.goto(url, timeout=WAIT)
    name = page.get_by_role("textbox", name="Your name")
    name.fill(who, timeout=WAIT)
    name.press("Enter")
    region = page.get_by_role("region", name="collabchat", exact=True)
    item = region.get_by_role("list", name="Conversations").get_by_role("listitem", name=ROOM, exact=True)
    item.get_by_role("button").click(timeout=WAIT)
    region.get_by_role("log", name="Messages").get_by_role("article").last.wait_for(timeout=WAIT)
    return page


class Pair:
    """Two people in one room."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.writer = visit(browser, url, "user1")
        self.reader = visit(browser, url, "user2")
        self.writer.evaluate(_SENT)
        self.reader.evaluate(_SEEN)
        self.box: Locator = self.writer.get_by_role("textbox", name="Message", exact=True)

    def post(self, number: int) -> float:
        """Milliseconds from Enter to the text on the other page."""
        text = f"sent {number} now"
        self.box.fill(text)
        self.box.press("Enter")
        self.reader.wait_for_function("text => window.seenAt[text]", arg=text, timeout=WAIT)
        seen: Any = self.reader.evaluate("text => window.seenAt[text]", text)
        sent: Any = self.writer.evaluate("text => window.sentAt[text]", text)
        return float(seen) - float(sent)


def measure(sizes: list[int], posts: int) -> dict[int, list[float]]:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        raise SystemExit("There is no Chromium here.")
    found: dict[int, list[float]] = {size: [] for size in sizes}
    with contextlib.ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        stack.callback(browser.close)
        pairs = {}
        for size in sizes:
            url = stack.enter_context(app(copy(size, stack.enter_context(scratch()))))
            pairs[size] = Pair(browser, url)
            note(f"two people see {size:,} messages")
        for number in range(posts + 3):
            for size, pair in pairs.items():
                took = pair.post(number)
                if number >= 3:
                    found[size].append(took)
                time.sleep(0.1)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs=2, default=[10_000, 1_000_000])
    parser.add_argument("--posts", type=int, default=60)
    options = parser.parse_args()
    found = measure(options.sizes, options.posts)
    few, many = (middle(found[size]) for size in options.sizes)
    figure(
        f"post to seen, browser to browser through Voila, {options.sizes[1]:,} messages",
        many,
        "ms",
        target="p50 below 60 ms, at most 1.2 times as long as with 10,000 messages",
        reached=many < 60 and many <= 1.2 * few,
        baseline=few,
        baseline_name=f"{options.sizes[0]:,} messages",
        p99=round(share(found[options.sizes[1]], 0.99), 1),
        baseline_p99=round(share(found[options.sizes[0]], 0.99), 1),
    )


if __name__ == "__main__":
    main()
