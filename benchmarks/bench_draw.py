"""Drawing a page of 50 messages in Chromium: from its arrival in the browser to the screen, and when one comes back.

The messages are as a team writes them: marks, links, mentions, lists, code, a table now and then, reactions, threads.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from figure import figure, middle, note, share
from hubs import scratch
from pages import WAIT, app, chromium, item, visit
from playwright.sync_api import CDPSession, Page

from collabchat.store.seed import Seeder

PAGE = 50
T = 1_780_000_000_000_000
MINUTE = 60_000_000

TEXTS = (
    "The nightly load is done, all checks are green.",
    "Did anybody look at **order 4711**? It has no customer, and `join` drops it.",
    "@ana the numbers are in #room0, and the query is\n\n```sql\nselect region, count(*)\nfrom orders\n"
    "where day = current_date\ngroup by region\n```",
    "Thanks!",
    "- read the file\n- count what is *empty*\n- tell @bo\n\nThat is all for today.",
    "See https://example.org/report?week=28 for the long story, it is worth the time.",
    "| region | rows |\n| --- | ---: |\n| north | 1,204 |\n| south | 988 |",
    "I would rather not: the last time we did it by hand, half of the invoices came twice, and it took a week until "
    "somebody found out where from. Let us write the check first, it is ten lines.",
    "> half of the invoices came twice\n\nThat was me. 🙂",
    "🎉",
)

# The page with the messages comes as one large WebSocket message. All of them are in the log at once; `worked` is when
# script, style and layout are done then, `painted` when the frame is.
WATCH = """
window.drawn = {};
const Original = window.WebSocket;
window.WebSocket = class extends Original {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({data}) => {
      const size = data.length ?? data.byteLength ?? data.size;
      if (size > 6000) window.drawn.arrived = performance.now();
    });
  }
};
window.addEventListener("click", (event) => { window.drawn = {clicked: event.timeStamp}; }, true);
window.watchDrawing = () => new MutationObserver(() => {
  const articles = document.querySelectorAll("[role=log] article").length;
  const {drawn} = window;
  if (articles < PAGE || drawn.clicked === undefined || drawn.articles) return;
  drawn.articles = articles;
  document.querySelector("[role=log]").getBoundingClientRect();
  drawn.worked = performance.now();
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { drawn.painted ??= performance.now(); };
    channel.port2.postMessage(0);
  });
}).observe(document.body, {childList: true, subtree: true});
""".replace("PAGE", str(PAGE))


def make(folder: Path, rooms: int) -> None:
    """Rooms of a page each, and an empty one to come from."""
    with Seeder(folder) as seeder:
        ana, bo = seeder.member("ana", name="Ana Ruiz", at=T), seeder.member("bo", name="Bo Lindqvist", at=T)
        lobby = seeder.room("lobby", by=ana, members=[ana, bo], at=T)
        at = T
        for number in range(rooms):
            room = seeder.room(f"room{number}", by=ana, members=[ana, bo], at=at)
            for line in range(PAGE):
                at += MINUTE * (1 if line % 4 else 8)
                last = seeder.post(room, bo if line % 3 else ana, TEXTS[(number + line) % len(TEXTS)], at=at)
                if line % 6 == 0:
                    seeder.react(room, last, ana, "👍", at=at)
            seeder.read(room, ana, last, at=at)
        # The room that the panel opens by itself.
        seeder.post(lobby, bo, "Good morning.", at=at)


def opened(page: Page, tools: CDPSession, room: str) -> dict[str, Any]:
    """Open a room by a click; the times of what followed."""

    def processor() -> float:
        metrics = tools.send("Performance.getMetrics")["metrics"]
        return 1e3 * next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration")

    before = processor()
    item(page, room).click(timeout=WAIT)
    page.wait_for_function("() => window.drawn.painted", timeout=WAIT)
    # Late pictures and parts of the panel count as well: nothing more changes then.
    page.wait_for_timeout(150)
    times: dict[str, Any] = page.evaluate("window.drawn")
    times["processor"] = processor() - before
    if times["articles"] < PAGE:
        raise SystemExit(f"Only {times['articles']} messages were drawn in {room}.")
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", type=int, default=24)
    options = parser.parse_args()
    with scratch() as folder, chromium() as browser:
        make(folder, options.rooms)
        with app(folder) as url:
            page = visit(browser, url, "ana", "lobby", WATCH, viewport={"width": 1280, "height": 900})
            page.evaluate("window.watchDrawing()")
            tools = page.context.new_cdp_session(page)
            tools.send("Performance.enable", {"timeDomain": "threadTicks"})
            time.sleep(1)
            note(f"{options.rooms} rooms of {PAGE} messages")
            first = [opened(page, tools, f"room{number}") for number in range(options.rooms)]
            # Those that the panel still holds.
            again = [opened(page, tools, f"room{options.rooms - 2 + turn % 2}") for turn in range(options.rooms)]
    name = f"a page of {PAGE} messages"
    first, again = first[2:], again[2:]
    for what, times, start in (
        (f"{name}, from the browser's having it", first, "arrived"),
        (f"{name} that one comes back to", again, "clicked"),
    ):
        took = [one["painted"] - one[start] for one in times]
        worked = [one["worked"] - one[start] for one in times]
        figure(
            f"to draw {what}",
            middle(took),
            "ms",
            target="p50 below 50 ms",
            reached=middle(took) < 50,
            p99=round(share(took, 0.99), 1),
            script_style_and_layout=round(middle(worked), 1),
            processor=round(middle([one["processor"] for one in times]), 1),
        )


if __name__ == "__main__":
    main()
