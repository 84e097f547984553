"""The files and links of a conversation: found, shown where they were said, chosen and saved as one archive."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

import collabchat as cc
from tests.helpers.shelf import Shelf, content

from . import servers
from .conftest import Person
from .panel import Panel

MESSAGES = 500
ENTRIES = 475
"""Of ten messages seven have one file, one has two, two have a link; every twenty messages name the same link."""


class Side:
    """What stands beside the conversation."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self.all = panel.region.get_by_role("complementary", name="Files and links", exact=True)
        self.items = self.all.locator("[aria-posinset]")
        self.list = self.all.locator(".cc-shared-list")
        self.status = self.all.get_by_role("status").first

    def open(self) -> Side:
        self.panel.button("Files and links").click()
        return self

    def button(self, name: str) -> Locator:
        return self.all.get_by_role("button", name=name, exact=True)

    def item(self, name: str) -> Locator:
        escaped = re.escape(name).replace("/", r"\/")
        return self.all.get_by_role("listitem", name=re.compile(rf"^{escaped}, "))

    def expect_count(self, text: str) -> None:
        expect(self.status).to_have_text(text)

    def expect_drawn(self) -> None:
        """Everything in sight is there."""
        expect(self.items.first).to_be_attached()
        expect(self.all.locator("[aria-busy=true]")).to_have_count(0)

    def top(self) -> tuple[str, float]:
        """The first entry that is wholly in sight, and where it stands."""
        found: list[Any] = self.list.evaluate(
            """list => {
                const top = list.getBoundingClientRect().top + 34;
                const seen = [...list.querySelectorAll("[aria-posinset]")]
                    .map(one => [one.getAttribute("aria-label"), one.getBoundingClientRect().top - top])
                    .filter(([, place]) => place >= 0);
                return seen.sort((a, b) => a[1] - b[1])[0];
            }"""
        )
        return found[0], found[1]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, browser: object) -> Iterator[servers.Page]:
    """The page of a workspace with a room full of files and links, as Ana sees it."""
    home = tmp_path_factory.mktemp("shelf")
    workspace = home / "team"
    with Shelf(workspace, "pipeline") as room:
        room.fill(MESSAGES)
    with servers.app(workspace, home, "--user", "ana") as page:
        yield page
    servers.stop_hub(workspace)


def _enter(page: Page, shelf: servers.Page) -> Panel:
    page.goto(shelf.url)
    return Panel(page).expect_open().open("pipeline")


def test_files_and_links_are_found_again_and_lead_to_their_message(
    shelf: servers.Page, person: Callable[..., Person]
) -> None:
    page = person("ana").page
    panel = _enter(page, shelf)
    side = Side(panel).open()
    side.expect_count(f"{ENTRIES} files and links")
    expect(side.all.get_by_role("heading", name="March 2025")).to_be_visible()
    expect(side.item("chart 499.png").locator("img")).to_have_js_property("complete", True)

    # All the way down and up again, by wheel and by keys.
    side.list.hover()
    seen = set()
    for _ in range(12):
        seen.add(side.top()[0])
        before = side.list.evaluate("list => list.scrollTop")
        page.mouse.wheel(0, 900)
        page.wait_for_function("([list, y]) => list.scrollTop > y", arg=[side.list.element_handle(), before])
        side.expect_drawn()
    assert len(seen) == 12
    side.items.first.focus()
    page.keyboard.press("End")
    last = side.all.locator(f'[aria-posinset="{ENTRIES}"]')
    expect(last).to_be_focused()
    expect(last).to_be_in_viewport()
    expect(last).to_have_accessible_name(re.compile("^report.csv, Ana Ruiz, 1 Jan 2025"))
    side.expect_drawn()
    assert side.items.count() < 60
    page.keyboard.press("Home")
    expect(side.item("chart 499.png")).to_be_focused()

    # What one looks at stays there while others post; at the top what is new comes in.
    side.list.evaluate("list => { list.scrollTop = 3000 }")
    side.expect_drawn()
    page.wait_for_function("list => list.scrollTop === 3000", arg=side.list.element_handle())
    before_news = side.top()
    with cc.connect(shelf.workspace, user="bo") as bo:
        room = bo.room("pipeline")
        said = room.post("New: https://example.org/new and https://example.org/newer")
        side.expect_count(f"{ENTRIES + 2} files and links")
        assert side.top() == pytest.approx(before_news)
        side.list.evaluate("list => { list.scrollTop = 0 }")
        expect(side.item("example.org/new")).to_be_in_viewport()
        room.delete(said.id)
    side.expect_count(f"{ENTRIES} files and links")

    # Filters, together.
    side.button("Links").click()
    side.expect_count(f"{MESSAGES // 20} found")
    side.button("Data").click()
    side.button("Links").click()
    side.button("Person").click()
    panel.region.get_by_role("dialog", name="Who shared it").get_by_role("button", name="Cyrus Mehta").click()
    side.button("Date").click()
    dates = panel.region.get_by_role("dialog", name="When it was shared")
    dates.get_by_label("From", exact=True).fill("2025-02-01")
    dates.get_by_label("Until", exact=True).fill("2025-02-28")
    page.keyboard.press("Escape")
    expect(side.button("Date")).to_be_hidden()
    expect(side.all.get_by_role("heading", name="February 2025")).to_be_visible()
    expect(side.all.locator("h4")).to_have_count(1)
    side.all.get_by_role("searchbox", name="Find in files and links").fill("nothing like this")
    expect(side.all.get_by_text("Nothing fits these filters")).to_be_visible()
    side.button("Clear filters").first.click()
    side.expect_count(f"{ENTRIES} files and links")
    side.all.get_by_role("searchbox", name="Find in files and links").fill("load 454")
    side.expect_count("1 found")

    # From there into the conversation, and on from there both ways.
    side.item("load 454.csv").hover()
    side.item("load 454.csv").get_by_role("button", name="Show in conversation").click()
    there = panel.log.get_by_role("article").filter(has_text="load 454.csv")
    expect(there).to_be_in_viewport()
    panel.log.hover()
    for way, name in ((-500, "load 438.csv"), (500, "load 471.csv")):
        target = panel.log.get_by_text(name, exact=True)
        for _ in range(60):
            if target.count() and target.first.is_visible():
                break
            before = panel.log.evaluate("log => log.scrollTop + log.scrollHeight * 1e-6")
            page.mouse.wheel(0, way)
            page.wait_for_function(
                "([log, y]) => log.scrollTop + log.scrollHeight * 1e-6 !== y",
                arg=[panel.log.element_handle(), before],
            )
        expect(target.first).to_be_attached()

    # A link leads out of here and nowhere else.
    side.all.get_by_role("searchbox", name="Find in files and links").fill("report/24")
    side.expect_count("1 found")
    link = side.item("example.org/report/24").get_by_role("link")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", re.compile("noopener"))
    side.all.get_by_role("button", name="in 4 messages").click()
    named = panel.region.get_by_role("list", name="Messages with this link")
    expect(named.get_by_role("button", name=re.compile("for the long story"))).to_have_count(4)


def test_chosen_files_are_saved_as_one_archive(shelf: servers.Page, person: Callable[..., Person]) -> None:
    page = person("ana", accept_downloads=True).page
    page.add_init_script("delete window.showSaveFilePicker")
    panel = _enter(page, shelf)
    side = Side(panel).open()
    side.all.get_by_role("searchbox", name="Find in files and links").fill("report.csv")
    side.expect_count("50 found")
    boxes = side.all.get_by_role("checkbox")
    side.items.first.hover()
    boxes.first.check()
    expect(side.all.get_by_text("1 file chosen")).to_be_visible()
    side.items.nth(4).hover()
    boxes.nth(4).click(modifiers=["Shift"])
    expect(side.all.get_by_text("5 files chosen")).to_be_visible()
    side.all.get_by_role("searchbox", name="Find in files and links").fill("chart 47")
    side.expect_count("1 found")
    side.items.first.focus()
    page.keyboard.press("Space")
    expect(side.all.get_by_text("6 files chosen")).to_be_visible()
    page.keyboard.press("Enter")
    large = panel.region.get_by_role("dialog", name="chart 479.png")
    expect(large).to_be_visible()
    page.keyboard.press("Escape")
    expect(large).to_be_hidden()
    expect(side.items.first).to_be_focused()
    with page.expect_download() as saved:
        side.button("Download as zip").click()
    download = saved.value
    assert re.fullmatch(r"pipeline \d{4}-\d\d-\d\d\.zip", download.suggested_filename)
    _expect_archive(Path(download.path()).read_bytes())
    expect(side.all.get_by_text("6 files are in the archive.")).to_be_visible()

    # The same, written into a place that the browser asks for.
    page.evaluate(
        """() => {
            window.showSaveFilePicker = async ({ suggestedName }) =>
                (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true });
        }"""
    )
    side.button("Download as zip").click()
    expect(side.all.get_by_text("6 files are in the archive.")).to_be_visible()
    written: str = page.evaluate(
        """async name => {
            const file = await (await (await navigator.storage.getDirectory()).getFileHandle(name)).getFile();
            const bytes = new Uint8Array(await file.arrayBuffer());
            return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""));
        }""",
        download.suggested_filename,
    )
    _expect_archive(base64.b64decode(written))


def _expect_archive(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        names = ["report.csv", *(f"report ({number}).csv" for number in range(2, 6))]
        assert sorted(archive.namelist()) == sorted([*names, "chart 479.png"])
        numbers = [MESSAGES - 10 * (1 + place) for place in range(5)]
        assert sorted(archive.read(name) for name in names) == sorted(content(number) for number in numbers)
        assert archive.read("chart 479.png").startswith(b"\x89PNG")


def test_with_one_person_too_and_on_a_narrow_screen(shelf: servers.Page, person: Callable[..., Person]) -> None:
    page = person("ana").page
    panel = _enter(page, shelf).write_to("Bo Lindqvist")
    side = Side(panel).open()
    expect(side.all.get_by_text("Nothing is shared here yet")).to_be_visible()
    page.keyboard.press("Escape")
    expect(side.all).to_be_hidden()
    page.set_viewport_size({"width": 340, "height": 700})
    side.open()
    side.button("Back to the messages").click()
    expect(side.all).to_be_hidden()
    expect(panel.button("Files and links")).to_be_focused()
