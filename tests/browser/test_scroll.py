"""A long history: opens at the newest, loads as one scrolls, and what one reads does not move."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from collabchat.store.seed import Seeder

from . import servers
from .conftest import Person
from .panel import Panel

LONG = 5_000
T = 1_780_000_000_000_000
MINUTE = 60_000_000


def _long_talk(folder: Path) -> None:
    with Seeder(folder) as seeder:
        ana, bo = seeder.member("ana", at=T), seeder.member("bo", at=T)
        room = seeder.room("long", by=ana, members=[ana, bo], at=T)
        for number in range(LONG):
            text = f"message {number}" + "\n\nwith more than one line" * (number % 4)
            last = seeder.post(room, bo if number % 3 else ana, text, at=T + number * MINUTE)
        seeder.read(room, ana, last, at=T + LONG * MINUTE)


def _top_message(panel: Panel) -> tuple[str, float]:
    """The first message that is wholly in sight, and how far from the top of the log it stands."""
    found: list = panel.log.evaluate(
        """log => {
            const top = log.getBoundingClientRect().top;
            for (const one of log.querySelectorAll("article")) {
                const place = one.getBoundingClientRect().top - top;
                if (place >= 0) return [one.dataset.key, place];
            }
        }"""
    )
    return found[0], found[1]


def test_older_messages_come_while_one_scrolls_up_and_nothing_jumps(
    person: Callable[..., Person], tmp_path: Path
) -> None:
    workspace = tmp_path / "team"
    _long_talk(workspace)
    with servers.app(workspace, tmp_path, "--user", "ana") as page:
        browser = person("ana")
        browser.page.goto(page.url)
        panel = Panel(browser.page).expect_open()
        panel.open("long")
        newest = panel.log.get_by_text(f"message {LONG - 1}", exact=True)
        expect(newest).to_be_in_viewport()
        panel.log.hover()
        oldest_seen = LONG
        for _ in range(60):
            before, place = _top_message(panel)
            browser.page.mouse.wheel(0, -700)
            browser.page.wait_for_function(
                """([log, key, place]) => {
                    const one = log.querySelector(`article[data-key="${key}"]`);
                    const top = one?.getBoundingClientRect().top - log.getBoundingClientRect().top;
                    return !one || Math.abs(top - place) > 300;
                }""",
                arg=[panel.log.element_handle(), before, place],
            )
            key, _ = _top_message(panel)
            # A jump would pass over messages that one has not seen yet.
            assert 0 <= int(before) - int(key) < 40
            oldest_seen = int(key)
            if oldest_seen < LONG - 300:
                break
        assert oldest_seen < LONG - 300
        assert panel.messages.count() <= 450
        panel.region.get_by_role("button", name=re.compile("Newest")).click()
        expect(newest).to_be_in_viewport()
    servers.stop_hub(workspace)


def test_a_new_message_does_not_move_what_one_reads(person: Callable[..., Person], tmp_path: Path) -> None:
    import collabchat

    workspace = tmp_path / "team"
    _long_talk(workspace)
    with servers.app(workspace, tmp_path, "--user", "ana") as page:
        browser = person("ana")
        browser.page.goto(page.url)
        panel = Panel(browser.page).expect_open()
        panel.open("long")
        expect(panel.log.get_by_text(f"message {LONG - 1}", exact=True)).to_be_in_viewport()
        panel.log.hover()
        browser.page.mouse.wheel(0, -1_500)
        expect(panel.log.get_by_text(f"message {LONG - 1}", exact=True)).not_to_be_in_viewport()
        before = _top_message(panel)
        with collabchat.connect(workspace, user="bo") as bo:
            room = bo.room("long")
            for number in range(5):
                room.post(f"late {number}")
        expect(panel.region.get_by_role("button", name=re.compile("5 new"))).to_be_visible()
        key, place = _top_message(panel)
        assert key == before[0]
        assert abs(place - before[1]) < 2
    servers.stop_hub(workspace)
