"""Post to seen, browser to browser through Voila: from the Enter key in one page to the text in the other's.

Two people in each workspace, one with 10 thousand messages and one with a million, taking turns. Needs Chromium.
"""

from __future__ import annotations

import argparse
import contextlib
import time
from typing import Any

from figure import figure, middle, note, share
from hubs import scratch
from pages import WAIT, app, chromium, visit
from playwright.sync_api import Browser, Locator
from workspaces import copy

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


class Pair:
    """Two people in one room."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.writer = visit(browser, url, "user1", ROOM)
        self.reader = visit(browser, url, "user2", ROOM)
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
    found: dict[int, list[float]] = {size: [] for size in sizes}
    with contextlib.ExitStack() as stack:
        browser = stack.enter_context(chromium())
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
