"""The files and links of a room in Chromium: from the click to the first of 50,000 on the screen, and a scroll."""

from __future__ import annotations

import argparse
from typing import Any

from bench_shared import fill
from figure import figure, middle, note, share
from hubs import scratch
from pages import WAIT, app, chromium, region, visit
from playwright.sync_api import CDPSession, Page

TARGET = 100.0
FRAME = 1000 / 60

# `asked` is when the panel has sent its question, `drawn` when the first entries are laid out, `painted` when their
# frame is.
WATCH = """
window.opened = {};
window.addEventListener("click", (event) => { window.opened = {clicked: event.timeStamp}; }, true);
window.watchEntries = () => new MutationObserver(() => {
  const {opened} = window;
  if (opened.clicked === undefined || opened.drawn) return;
  const entries = document.querySelectorAll("[aria-posinset]:not([aria-busy])").length;
  if (entries < 5) return;
  opened.entries = entries;
  document.querySelector(".cc-shared-list").getBoundingClientRect();
  opened.drawn = performance.now();
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { opened.painted ??= performance.now(); };
    channel.port2.postMessage(0);
  });
}).observe(document.body, {childList: true, subtree: true});
"""

# Scrolls like a wheel that is turned hard; gives the time between frames.
SCROLL = """
(list) => new Promise((done) => {
  const times = [];
  let last = performance.now();
  const turn = (now) => {
    times.push(now - last);
    last = now;
    if (times.length > 240) return done(times.slice(1));
    list.scrollTop += 180;
    requestAnimationFrame(turn);
  };
  requestAnimationFrame(turn);
})
"""

# Jumps to a place; gives the time until everything in sight is there.
JUMP = """
([list, part]) => new Promise((done) => {
  const start = performance.now();
  list.scrollTop = list.scrollHeight * part;
  const look = () => {
    const seen = [...list.querySelectorAll("[aria-posinset]")];
    const {top, bottom} = list.getBoundingClientRect();
    const inSight = seen.filter((one) => {
      const place = one.getBoundingClientRect();
      return place.bottom > top + 34 && place.top < bottom;
    });
    if (inSight.length > 5 && inSight.every((one) => !one.hasAttribute("aria-busy"))) done(performance.now() - start);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})
"""


def processor(tools: CDPSession) -> float:
    """Milliseconds that the page has worked."""
    metrics = tools.send("Performance.getMetrics")["metrics"]
    return 1e3 * next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration")


def opened(page: Page) -> dict[str, Any]:
    """Open the list by a click; the times of what followed."""
    button = region(page).get_by_role("button", name="Files and links", exact=True)
    button.click(timeout=WAIT)
    page.wait_for_function("() => window.opened.painted", timeout=WAIT)
    times: dict[str, Any] = page.evaluate("window.opened")
    return times


def closed(page: Page) -> None:
    """Close the list."""
    region(page).get_by_role("button", name="Files and links", exact=True).click(timeout=WAIT)
    page.wait_for_function("() => !document.querySelector('.cc-shared-list')", timeout=WAIT)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=50_000)
    parser.add_argument("--pages", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    first: list[float] = []
    again: list[float] = []
    worked: list[float] = []
    with scratch() as folder, chromium() as browser:
        note(f"a room with {options.entries:,} files and links")
        fill(folder, options.entries)
        with app(folder) as url:
            for number in range(options.pages):
                page = visit(browser, url, "user5", "shared", WATCH, viewport={"width": 1280, "height": 900})
                page.evaluate("window.watchEntries()")
                # The part of the panel that draws the list comes by itself when a room has been open for a while.
                page.wait_for_timeout(4_000)
                times = opened(page)
                first.append(times["painted"] - times["clicked"])
                closed(page)
                if number < options.pages - 1:
                    page.context.close()
            tools = page.context.new_cdp_session(page)
            tools.send("Performance.enable", {"timeDomain": "threadTicks"})
            for _ in range(options.rounds):
                before = processor(tools)
                times = opened(page)
                again.append(times["painted"] - times["clicked"])
                worked.append(processor(tools) - before)
                closed(page)
            opened(page)
            entries = page.locator(".cc-shared-list").element_handle()
            jumps = [page.evaluate(JUMP, [entries, (number * 37 % 100) / 100]) for number in range(1, 21)]
            page.evaluate("list => { list.scrollTop = 0; }", entries)
            before = processor(tools)
            frames: list[float] = page.evaluate(SCROLL, entries)
            scrolling = (processor(tools) - before) / len(frames)
    name = f"{options.entries:,} files and links"
    for what, took, more in (
        (f"to open {name} on a new page, from the click to the screen", first, {}),
        (f"to open {name} again", again, {"processor": round(middle(worked), 1)}),
    ):
        figure(
            what,
            middle(took),
            "ms",
            target=f"{TARGET:g} ms",
            reached=middle(took) <= TARGET,
            p99=round(share(took, 0.99), 1),
            **more,
        )
    figure(f"to jump to a place among {name}", middle(jumps), "ms", p99=round(share(jumps, 0.99), 1))
    figure(
        f"between two frames while one scrolls through {name}",
        middle(frames),
        "ms",
        target="p99 below 2 frames",
        reached=share(frames, 0.99) < 2.2 * FRAME,
        p99=round(share(frames, 0.99), 1),
        longest=round(max(frames), 1),
        processor=round(scrolling, 2),
    )


if __name__ == "__main__":
    main()
