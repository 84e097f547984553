"""Two people talk through the page that Voila serves, each in a browser of their own."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from . import servers
from .conftest import Person, enter
from .panel import Panel

Visitor = Callable[..., Panel]


def test_they_talk_in_a_room_both_ways(visitor: Visitor) -> None:
    ana, bo = visitor("Ana Both"), visitor("Bo Both")
    ana.create_room("both-ways", topic="what the load does at night")
    bo.join("both-ways")
    ana.say("Did the **load** finish?")
    bo.expect_message("Did the load finish?", "Ana Both")
    bo.say("Yes, `04:52`")
    ana.expect_message("Yes, 04:52", "Bo Both")
    expect(ana.region.get_by_text("what the load does at night").first).to_be_visible()
    expect(ana.message("Yes, 04:52").get_by_text("04:52").locator("xpath=self::code")).to_have_count(1)
    # In order, for both; the time is in each message's name.
    for panel in (ana, bo):
        expect(panel.messages).to_have_count(2)
        expect(panel.messages.nth(0)).to_have_accessible_name(re.compile(r"^Ana Both, \d?\d:\d\d$"))
        expect(panel.messages.nth(1)).to_have_accessible_name(re.compile(r"^Bo Both, \d?\d:\d\d$"))


def test_they_talk_one_to_one(visitor: Visitor) -> None:
    ana, bo, cy = visitor("Ana Alone"), visitor("Bo Alone"), visitor("Cy Alone")
    ana.write_to("Bo Alone")
    ana.say("Between the two of us")
    expect(bo.conversation("Ana Alone")).to_be_visible()
    bo.open("Ana Alone")
    bo.expect_message("Between the two of us", "Ana Alone")
    bo.say("Nobody else hears it")
    ana.expect_message("Nobody else hears it", "Bo Alone")
    expect(cy.conversation("Ana Alone")).to_have_count(0)
    expect(cy.region.get_by_text("Between the two of us")).to_have_count(0)


def test_what_is_unread_is_counted_until_it_is_seen(visitor: Visitor) -> None:
    ana, bo = visitor("Ana Counts"), visitor("Bo Counts")
    ana.create_room("counted")
    bo.join("counted")
    bo.create_room("elsewhere")
    for number in range(3):
        ana.say(f"news {number}")
        ana.expect_message(f"news {number}")
    bo.expect_unread("counted", 3)
    bo.open("counted")
    bo.expect_message("news 2", "Ana Counts")
    bo.expect_unread("counted", 0)
    ana.expect_unread("counted", 0)


def test_a_private_room_appears_where_one_is_added(visitor: Visitor) -> None:
    ana, bo = visitor("Ana Keeps"), visitor("Bo Keeps")
    ana.create_room("kept-close", private=True)
    expect(bo.conversation("kept-close")).to_have_count(0)
    ana.button("Members").click()
    ana.region.get_by_role("button", name="Add somebody").click()
    ana.region.get_by_role("textbox", name="Find a person").fill("Bo Keeps")
    ana.region.get_by_role("list", name="People").get_by_role("button", name="Bo Keeps", exact=True).click()
    expect(bo.conversation("kept-close")).to_be_visible()
    bo.open("kept-close")
    bo.say("Here I am")
    ana.expect_message("Here I am", "Bo Keeps")


def test_recent_has_the_newest_on_top_and_category_has_people_and_rooms(visitor: Visitor) -> None:
    ana, bo = visitor("Ana Sorts"), visitor("Bo Sorts")
    for room in ("sort-a", "sort-b"):
        ana.create_room(room)
        ana.say(f"first in {room}")
        ana.expect_message(f"first in {room}")
        bo.join(room)
    assert ana.names()[:2] == ["sort-b", "sort-a"]
    bo.open("sort-a")
    bo.say("now this one is newer")
    expect(ana.list.get_by_role("listitem").first).to_have_accessible_name("sort-a")
    ana.view("Category")
    expect(ana.list.get_by_role("heading", name="People", exact=True)).to_be_visible()
    expect(ana.list.get_by_role("heading", name="Rooms", exact=True)).to_be_visible()
    expect(ana.conversation("Bo Sorts")).to_be_visible()
    names = [name for name in ana.names() if name.startswith("sort-")]
    assert names == ["sort-a", "sort-b"]
    ana.view("Recent")
    assert ana.names()[0] == "sort-a"


def test_everything_is_there_after_a_reload(visitor: Visitor) -> None:
    ana, bo = visitor("Ana Reloads"), visitor("Bo Reloads")
    ana.create_room("reloaded")
    bo.join("reloaded")
    ana.say("still here")
    bo.say("and so am I")
    bo.expect_message("and so am I")
    ana.box.fill("half a thought")
    ana.page.reload()
    # The tab knows who it was, and where.
    ana.expect_open().expect_room("reloaded")
    ana.expect_message("still here", "Ana Reloads")
    ana.expect_message("and so am I", "Bo Reloads")
    expect(ana.box).to_have_value("half a thought")
    bo.say("welcome back")
    ana.expect_message("welcome back", "Bo Reloads")


def test_what_enter_does_is_kept_by_the_hub(visitor: Visitor, person: Callable[..., Person], app: servers.Page) -> None:
    ana = visitor("Ana Enters")
    ana.create_room("entered")
    ana.choose_enter("Enter adds a line")
    ana.box.fill("one")
    ana.box.press("Enter")
    ana.page.keyboard.type("two")
    expect(ana.box).to_have_value("one\ntwo")
    expect(ana.messages).to_have_count(0)
    ana.box.press("Control+Enter")
    expect(ana.messages).to_have_count(1)
    expect(ana.messages.first).to_contain_text(re.compile("one.*two", re.DOTALL))
    # Another browser, the same person: the choice is there.
    page = person("Ana Enters elsewhere").page
    page.goto(app.url)
    other = enter(page, "Ana Enters")
    other.open("entered")
    other.box.fill("three")
    other.box.press("Enter")
    expect(other.box).to_have_value("three\n")
    other.choose_enter("Enter sends the message")
    other.box.press("Enter")
    ana.expect_message("three")
    # And the first browser follows.
    ana.say("four")
    other.expect_message("four")


def test_a_thread_is_a_talk_beside_the_talk(visitor: Visitor) -> None:
    ana, bo = visitor("Ana Threads"), visitor("Bo Threads")
    ana.create_room("threaded")
    bo.join("threaded")
    ana.say("Who takes the night shift?")
    bo.expect_message("Who takes the night shift?")
    bo.message("Who takes the night shift?").hover()
    bo.message("Who takes the night shift?").get_by_role("button", name="Reply in thread").click()
    reply = bo.region.get_by_role("textbox", name="Reply", exact=True)
    reply.fill("I do")
    reply.press("Enter")
    ana.region.get_by_role("button", name=re.compile("^1 reply")).click()
    expect(ana.region.get_by_role("log", name="Thread").get_by_text("I do", exact=True)).to_be_visible()
    expect(ana.messages).to_have_count(1)


@pytest.mark.parametrize("size", [(1400, 900), (380, 760)], ids=["wide", "narrow"])
def test_one_talks_at_any_width(visitor: Visitor, size: tuple[int, int]) -> None:
    width, height = size
    ana = visitor(f"Ana At {width}", viewport={"width": width, "height": height})
    ana.create_room(f"at-{width}")
    ana.say("fits")
    ana.expect_message("fits")
    if width < 500:
        ana.region.get_by_role("button", name="Back to the conversations").click()
        ana.open(f"at-{width}")
        ana.expect_message("fits")
    assert ana.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
