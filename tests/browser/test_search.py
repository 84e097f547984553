"""The search on the left: a message far back is found, opened, lit, and one goes on from there; nobody finds more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from collabchat.store.seed import Seeder

from . import servers
from .conftest import Person
from .panel import Panel

LONG = 2_000
FAR = 300
T = 1_780_000_000_000_000
MINUTE = 60_000_000


def _talk(folder: Path) -> None:
    with Seeder(folder) as seeder:
        ana, bo, cy = (seeder.member(name, at=T) for name in ("ana", "bo", "cy"))
        room = seeder.room("harbour", by=ana, members=[ana, bo, cy], at=T)
        quiet = seeder.room("quiet", by=ana, members=[ana, bo], at=T, kind="private")
        for number in range(LONG):
            text = "the late invoice of the ferry" if number == FAR else f"message {number} late"
            last = seeder.post(room, bo if number % 3 else ana, text, at=T + number * MINUTE)
        seeder.post(quiet, bo, "a late invoice that is nobody's business", at=T + LONG * MINUTE)
        for member in (ana, bo, cy):
            seeder.read(room, member, last, at=T + LONG * MINUTE)


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory, browser: object) -> Iterator[servers.Page]:
    """The page of a workspace with a long talk."""
    home = tmp_path_factory.mktemp("search")
    workspace = home / "team"
    _talk(workspace)
    with servers.app(workspace, home) as page:
        yield page
    servers.stop_hub(workspace)


def _enter(person: Person, page: servers.Page) -> Panel:
    person.page.goto(page.url)
    name = person.page.get_by_role("textbox", name="Your name")
    name.fill(person.who, timeout=60_000)
    name.press("Enter")
    return Panel(person.page)


class Search:
    """The search of a panel."""

    def __init__(self, panel: Panel) -> None:
        get = panel.region.get_by_role
        self.panel = panel
        self.box = get("searchbox", name="Search messages", exact=True)
        self.results = get("listbox", name="Results", exact=True)
        self.messages = self.results.get_by_role("group", name="Messages", exact=True).get_by_role("option")
        self.count = panel.region.locator(".cc-search-count").get_by_role("status")

    def look(self, words: str, count: str) -> None:
        """Type it and wait for what is said of it."""
        self.box.fill(words)
        expect(self.count).to_have_text(count)

    def lit(self, text: str) -> Locator:
        """The message that is lit, in sight."""
        found = self.panel.log.locator("article[data-lit]")
        expect(found).to_contain_text(text)
        expect(found).to_be_in_viewport()
        return found


def test_a_phrase_leads_far_back_and_rights_hold(person: Callable[..., Person], harbour: servers.Page) -> None:
    ana = person("ana")
    panel = _enter(ana, harbour).expect_open()
    panel.open("harbour")
    search = Search(panel)
    expect(panel.log.get_by_text(f"message {LONG - 1} late", exact=True)).to_be_in_viewport()
    # By its key; as one types.
    panel.log.get_by_role("article").last.focus()
    ana.page.keyboard.press("/")
    expect(search.box).to_be_focused()
    ana.page.keyboard.type('"late invoice"')
    expect(search.count).to_have_text("2 messages")
    expect(search.messages.first.locator("mark").first).to_have_text(re.compile("late", re.IGNORECASE))
    # In this conversation alone.
    ana.page.keyboard.press("Control+Shift+F")
    expect(search.count).to_have_text("1 message")
    ana.page.keyboard.press("Enter")
    search.lit("the late invoice of the ferry")
    expect(search.box).to_be_focused()
    # On from there, up and down, and nothing springs back.
    for way in (-1, 1):
        wanted = panel.log.get_by_text(f"message {FAR + 90 * way} late", exact=True)
        panel.log.hover()
        for _ in range(80):
            if wanted.count() and wanted.is_visible():
                wanted.scroll_into_view_if_needed()
                break
            ana.page.mouse.wheel(0, 500 * way)
            ana.page.wait_for_function("new Promise(go => requestAnimationFrame(() => go(true)))")
        expect(wanted).to_be_in_viewport()
    # Filters, typed and completed.
    search.box.fill("late from:b")
    search.results.get_by_role("option", name=re.compile("@bo")).click()
    expect(search.box).to_have_value("late from:bo ")
    expect(search.count).to_have_text("1,333 messages")
    search.box.press("ArrowUp")
    panel.button("Remove the filter “From: bo”").click()
    expect(search.count).to_have_text("2,000 messages")
    panel.button("In this conversation").click()
    # Nothing, and what was meant.
    search.look("invoicr", "2 messages")
    search.look("invoice zzzzqqqq", "Nothing found")
    expect(panel.region.get_by_text("No message fits", exact=False)).to_be_visible()
    # What one looked for is offered; Escape gives the text box back.
    search.box.fill("")
    expect(search.results.get_by_role("group", name="Recent searches").get_by_role("option").first).to_be_visible()
    search.box.press("Escape")
    expect(search.results).to_have_count(0)
    expect(panel.list).to_be_visible()
    assert ana.errors == []


def test_others_find_nothing_private_and_narrow_views_come_back(
    person: Callable[..., Person], harbour: servers.Page
) -> None:
    cy = person("cy", viewport={"width": 380, "height": 720})
    panel = _enter(cy, harbour)
    search = Search(panel)
    search.box.click(timeout=60_000)
    search.look("invoice", "1 message")
    search.look("business", "Nothing found")
    search.look("in:quiet business", "Nothing found")
    expect(panel.region.get_by_text("there is no such room")).to_be_visible()
    search.look("ferry", "1 message")
    search.messages.first.click()
    search.lit("the late invoice of the ferry")
    panel.button("Back to the results").click()
    expect(search.box).to_have_value("ferry")
    expect(search.messages).to_have_count(1)
    assert cy.errors == []
