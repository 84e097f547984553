"""The left side in real browsers: where to go, how it is put in order, and what one chooses there."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from . import servers
from .conftest import Person
from .panel import Panel

Visitor = Callable[..., Panel]


def _menu(panel: Panel, name: str) -> Locator:
    """What the right mouse button offers at a conversation."""
    panel.conversation(name).click(button="right")
    return panel.region.get_by_role("menu", name="Conversation", exact=True)


def _choose(panel: Panel, name: str, act: str) -> None:
    _menu(panel, name).get_by_role("menuitem", name=act, exact=True).click()


def _expect_names(panel: Panel, names: list[str]) -> None:
    """Wait until the list begins so."""
    items = panel.list.get_by_role("listitem").and_(panel.page.locator("[aria-label]"))
    for number, name in enumerate(names):
        expect(items.nth(number)).to_have_accessible_name(name)


def _drag(page: Page, what: Locator, to: Locator, below: bool) -> None:
    start, end = what.bounding_box(), to.bounding_box()
    assert start is not None
    assert end is not None
    x = start["x"] + 60
    page.mouse.move(x, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(x, start["y"] + start["height"] / 2 + (8 if below else -8), steps=3)
    page.mouse.move(x, end["y"] + end["height"] * (0.9 if below else 0.1), steps=8)
    page.mouse.up()


def test_stars_stand_first_in_an_order_of_ones_own(visitor: Visitor) -> None:
    ana, bo = visitor("Ana Stars"), visitor("Bo Stars")
    for room in ("star-a", "star-b", "star-c", "star-d"):
        ana.create_room(room)
    for room in ("star-a", "star-b", "star-c"):
        _choose(ana, room, "Star")
        expect(ana.region.get_by_role("menu")).to_have_count(0)
    _expect_names(ana, ["star-a", "star-b", "star-c", "star-d"])
    # By mouse: the first one below the last one; the room that is open stays open.
    _drag(ana.page, ana.conversation("star-a"), ana.conversation("star-c"), below=True)
    _expect_names(ana, ["star-b", "star-c", "star-a", "star-d"])
    ana.expect_room("star-d")
    # By keys.
    button = ana.conversation("star-a").get_by_role("button")
    button.focus()
    button.press("Alt+ArrowUp")
    _expect_names(ana, ["star-b", "star-a", "star-c", "star-d"])
    expect(button).to_be_focused()
    # Kept by the hub, in both views.
    ana.page.reload()
    ana.expect_open()
    _expect_names(ana, ["star-b", "star-a", "star-c", "star-d"])
    ana.view("Category")
    expect(ana.list.get_by_role("heading", name="Starred", exact=True)).to_be_visible()
    _expect_names(ana, ["star-b", "star-a", "star-c"])
    ana.view("Recent")
    # A muted one says so, and what is unread in it is no reason to go there.
    _choose(ana, "star-b", "Mute")
    for room in ("star-b", "star-c"):
        bo.join(room)
        bo.say(f"news of {room}")
        bo.expect_message(f"news of {room}")
    expect(ana.conversation("star-b").get_by_role("button")).to_have_accessible_description(
        re.compile("^1 unread message, muted$")
    )
    ana.expect_unread("star-c", 1)
    ana.box.press("Alt+Shift+ArrowDown")
    ana.expect_room("star-c")
    ana.expect_unread("star-c", 0)
    ana.box.press("Alt+Shift+ArrowDown")
    expect(ana.region.get_by_text("Everything is read.")).to_be_visible()


def test_a_few_letters_lead_anywhere(visitor: Visitor) -> None:
    ana, bo = visitor("Ana Switches"), visitor("Bo Switches")
    ana.create_room("switch-harbour")
    ana.create_room("switch-lighthouse")
    bo.create_room("switch-foreign")
    ana.box.press("Control+k")
    field = ana.region.get_by_role("searchbox", name="Search messages", exact=True)
    results = ana.region.get_by_role("listbox", name="Results", exact=True)
    expect(field).to_be_focused()
    field.fill("switch-habrour")
    expect(results.get_by_role("option").first).to_contain_text("switch-harbour")
    field.press("Enter")
    ana.expect_room("switch-harbour")
    expect(results).to_have_count(0)
    expect(ana.box).to_be_focused()
    # Somebody, and a room that one is not in.
    ana.box.press("Control+k")
    field.fill("@bo switches")
    field.press("Enter")
    ana.expect_room("Bo Switches")
    ana.box.press("Control+k")
    field.fill("foreign")
    expect(results.get_by_role("option").first).to_contain_text("not joined")
    field.press("Enter")
    expect(ana.button("Join #switch-foreign")).to_be_visible()
    # A command; and Escape leaves all as it was.
    ana.region.get_by_role("heading", name="switch-foreign").first.click()
    ana.page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    field.fill(">new room")
    field.press("Enter")
    expect(ana.region.get_by_role("dialog", name="New room")).to_be_visible()
    ana.page.keyboard.press("Escape")
    expect(ana.region.get_by_role("dialog")).to_have_count(0)
    # Conversations with several are picked by typing.
    ana.button("New conversation").first.click()
    people = ana.region.get_by_role("dialog", name="New conversation")
    who = people.get_by_role("textbox", name="Find a person")
    who.fill("bo switches")
    who.press("Enter")
    expect(people.get_by_role("button", name="Leave out Bo Switches")).to_be_visible()
    who.press("Enter")
    expect(people).to_be_hidden()
    ana.expect_room("Bo Switches")


def _swipe(page: Page, x: float, to: float, y: float = 300) -> None:
    """One finger, as the browser reports it."""
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *points: float) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x in points]})

    touch("touchStart", x)
    for step in range(1, 6):
        touch("touchMove", x + (to - x) * step / 5)
    touch("touchEnd")
    session.detach()


def test_in_a_narrow_view_the_left_is_a_drawer(visitor: Visitor) -> None:
    ana = visitor("Ana Drawer", viewport={"width": 400, "height": 700}, has_touch=True)
    ana.create_room("drawer-a")
    opener = ana.button("Back to the conversations")
    opener.click()
    ana.create_room("drawer-b")
    drawer = ana.region.get_by_role("dialog", name="Where to go", exact=True)
    opener.click()
    expect(drawer).to_be_visible()
    expect(ana.conversation("drawer-b").get_by_role("button")).to_be_focused()
    # The conversation is still there, and out of reach.
    expect(ana.page.get_by_text("drawer-b", exact=True).last).to_be_visible()
    for _ in range(30):
        ana.page.keyboard.press("Tab")
        assert drawer.evaluate("drawer => drawer.contains(document.activeElement)")
    ana.page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(opener).to_be_focused()
    # By finger: in from the edge, out to it; beside it a tap closes.
    _swipe(ana.page, 4, 160)
    expect(drawer).to_be_visible()
    _swipe(ana.page, 250, 80)
    expect(drawer).to_be_hidden()
    opener.click()
    ana.page.touchscreen.tap(390, 350)
    expect(drawer).to_be_hidden()
    # A choice leads there.
    opener.click()
    ana.open("drawer-a")
    expect(drawer).to_be_hidden()
    assert ana.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    # A little wider both have room, but what stands beside a conversation covers it.
    ana.page.set_viewport_size({"width": 760, "height": 700})
    expect(ana.list).to_be_visible()
    ana.button("Members").click()
    aside = ana.region.get_by_role("complementary").first
    expect(aside).to_be_visible()
    expect(ana.log).to_be_hidden()
    wide, main = aside.bounding_box(), ana.region.locator(".cc-main").bounding_box()
    assert wide is not None
    assert main is not None
    assert wide["width"] == main["width"]


def _png(side: int) -> bytes:
    """A picture in one colour, wider than high."""
    rows = b"".join(b"\0" + bytes((200, 30, 90)) * side * 2 for _ in range(side))

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side * 2, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


def test_what_one_chooses_follows_one(visitor: Visitor, person: Callable[..., Person], app: servers.Page) -> None:
    ana, bo = visitor("Ana Chooses", color_scheme="light"), visitor("Bo Chooses")
    ana.create_room("chosen")
    bo.join("chosen")
    ana.say("see my picture")
    bo.expect_message("see my picture")
    ana.button("Settings").click()
    dialog = ana.region.get_by_role("dialog", name="Settings", exact=True)
    dialog.get_by_role("radio", name="Dark", exact=True).check()
    expect(ana.region).to_have_attribute("data-theme", "dark")
    dialog.get_by_label("Picture file").set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": _png(900)}
    )
    expect(dialog.get_by_role("button", name="Another picture")).to_be_visible()
    # Small, square, and seen by others.
    picture = bo.message("see my picture", "Ana Chooses").locator("img").first
    expect(picture).to_be_visible()
    assert picture.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [128, 128]
    dialog.get_by_label("Time of day", exact=True).focus()
    dialog.get_by_label("Time of day", exact=True).select_option("12")
    expect(ana.log.locator("time").first).to_have_text(re.compile("[ap]m$", re.IGNORECASE))
    expect(dialog.get_by_label("Time of day", exact=True)).to_be_focused()
    dialog.get_by_label("Language", exact=True).select_option(label="Deutsch")
    expect(ana.region).to_have_attribute("lang", "de")
    expect(ana.region.get_by_role("dialog", name="Einstellungen", exact=True)).to_be_visible()
    # Another browser of the same person.
    page = person("Ana Chooses elsewhere", color_scheme="light").page
    page.goto(app.url)
    page.get_by_role("textbox", name="Your name", exact=True).fill("Ana Chooses", timeout=60_000)
    page.get_by_role("button", name="Enter the chat", exact=True).click()
    region = Panel(page).region
    expect(region).to_have_attribute("data-theme", "dark", timeout=60_000)
    expect(region.get_by_role("button", name="Einstellungen", exact=True)).to_be_visible()
    # What one says of oneself is seen by others, until one takes it back.
    bo.button("Your status").click()
    status = bo.region.get_by_role("dialog", name="Your status")
    status.get_by_role("button", name=re.compile("^Working from home")).click()
    status.get_by_role("button", name="Save", exact=True).click()
    expect(status).to_be_hidden()
    cy = visitor("Cy Chooses")
    cy.view("Category")
    expect(cy.conversation("Bo Chooses")).to_contain_text("Working from home")
    bo.button("Your status").click()
    status.get_by_role("button", name="Clear status").click()
    expect(cy.conversation("Bo Chooses")).not_to_contain_text("Working from home")
