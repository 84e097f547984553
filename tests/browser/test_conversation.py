"""What two or three people do with messages: through the page that Voila serves, each in a browser of their own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Locator, expect

import collabchat as cc
from collabchat.store.seed import Seeder

from . import servers
from .conftest import Person
from .panel import Panel

Visitor = Callable[..., Panel]

DAY = 86_400_000_000


def _menu(panel: Panel, text: str, item: str) -> None:
    """Choose something from the menu of a message."""
    message = panel.message(text)
    message.hover()
    message.get_by_role("button", name="More", exact=True).click()
    panel.region.get_by_role("menuitem", name=item, exact=True).click()


def _dialog(panel: Panel, name: str) -> Locator:
    found = panel.region.get_by_role("dialog", name=name, exact=True)
    expect(found).to_be_visible()
    return found


def _lit(panel: Panel, text: str) -> None:
    """Wait until a message was led to."""
    expect(panel.log.locator("article[data-lit]")).to_contain_text(text)
    expect(panel.message(text)).to_be_in_viewport()


def test_reactions_show_who_and_come_by_mouse_and_by_key(visitor: Visitor) -> None:
    ana, bo = visitor("Ana Reacts"), visitor("Bo Reacts")
    ana.create_room("reacted")
    bo.join("reacted")
    ana.say("It is done")
    message = bo.message("It is done")
    message.hover()
    message.get_by_role("button", name="React", exact=True).click()
    bo.region.get_by_role("textbox", name="Find an emoji").fill("rocket")
    bo.region.get_by_role("dialog", name="Reactions").get_by_text("🚀").first.click()
    chip = ana.log.get_by_role("button", name="🚀 1, Bo Reacts", exact=True)
    chip.hover()
    expect(ana.region.get_by_role("tooltip")).to_contain_text("Bo Reacts")
    chip.click()
    expect(bo.log.get_by_role("button", name="🚀 2, Ana Reacts and you", exact=True)).to_be_visible()
    # By key: from the message to the palette and back.
    ana.page.mouse.move(5, 5)
    ana.message("It is done").focus()
    ana.page.keyboard.press("+")
    field = ana.region.get_by_role("textbox", name="Find an emoji")
    expect(field).to_be_focused()
    field.fill("tada")
    field.press("Enter")
    expect(bo.log.get_by_role("button", name="🎉 1, Ana Reacts", exact=True)).to_be_visible()


def test_a_thread_is_followed_and_a_reply_stands_in_the_room_too(visitor: Visitor) -> None:
    ana, bo, cy = visitor("Ana Follows"), visitor("Bo Follows"), visitor("Cy Follows")
    ana.create_room("followed")
    bo.join("followed")
    cy.join("followed")
    ana.say("Who looks at the load?")
    bo.message("Who looks at the load?").hover()
    bo.message("Who looks at the load?").get_by_role("button", name="Reply in thread").click()
    reply = bo.region.get_by_role("textbox", name="Reply", exact=True)
    reply.fill("I do, from nine on")
    bo.region.get_by_role("checkbox", name=re.compile("^Also send to")).check()
    reply.press("Enter")
    cy.expect_message("I do, from nine on", "Bo Follows")
    cy.log.get_by_role("button", name=re.compile("^replied in a thread")).click()
    side = cy.region.get_by_role("complementary", name="Thread")
    expect(side).to_contain_text("2 followers")
    side.get_by_role("button", name="Follow", exact=True).click()
    expect(side).to_contain_text("3 followers")
    bo.region.get_by_role("checkbox", name=re.compile("^Also send to")).uncheck()
    reply.fill("Only in here")
    reply.press("Enter")
    cy.button("Threads").click()
    threads = cy.region.get_by_role("list", name="Threads")
    expect(threads.get_by_role("listitem")).to_have_count(1)
    expect(threads).to_contain_text("Only in here")
    expect(ana.log.get_by_text("Only in here", exact=True)).to_have_count(0)


def test_a_message_is_forwarded_with_its_origin_and_its_edits_are_kept(visitor: Visitor) -> None:
    ana, bo = visitor("Ana Forwards"), visitor("Bo Forwards")
    ana.create_room("source")
    bo.join("source")
    bo.say("The load ran at four")
    bo.expect_message("The load ran at four")
    message = bo.message("The load ran at four")
    message.hover()
    message.get_by_role("button", name="Edit", exact=True).click()
    bo.region.get_by_role("textbox", name="Edit message").fill("The load ran at five")
    bo.page.keyboard.press("Enter")
    ana.expect_message("The load ran at five", "Bo Forwards")
    ana.log.get_by_role("button", name="edited", exact=True).click()
    versions = _dialog(ana, "Earlier versions")
    expect(versions.locator("del")).to_have_text("four")
    expect(versions.locator("ins")).to_have_text("five")
    ana.page.keyboard.press("Escape")

    _menu(ana, "The load ran at five", "Forward")
    forward = _dialog(ana, "Forward")
    forward.get_by_role("textbox", name="Room or person").fill("Bo Forw")
    forward.get_by_role("button", name="Bo Forwards", exact=True).click()
    forward.get_by_role("textbox", name=re.compile("^Words of your own")).fill("see here")
    forward.get_by_role("button", name="Forward", exact=True).click()
    expect(forward).to_be_hidden()
    bo.open("Ana Forwards")
    bo.expect_message("see here", "Ana Forwards")
    bo.button("Go to the forwarded message").click()
    bo.expect_room("source")
    _lit(bo, "The load ran at five")


def test_a_deletion_can_be_undone_for_a_moment(visitor: Visitor) -> None:
    ana, bo = visitor("Ana Undoes"), visitor("Bo Undoes")
    ana.create_room("undone")
    bo.join("undone")
    for text in ("stays", "goes", "comes back"):
        ana.say(text)
        bo.expect_message(text)
    message = ana.message("comes back")
    message.hover()
    message.get_by_role("button", name="Delete", exact=True).click()
    expect(message).to_have_count(0)
    ana.button("Undo").click()
    ana.expect_message("comes back")
    ana.page.mouse.move(5, 5)
    ana.message("goes").focus()
    ana.page.keyboard.press("Delete")
    expect(ana.message("goes")).to_have_count(0)
    # The focus is on what stands there now.
    expect(ana.message("comes back")).to_be_focused()
    bo.expect_message("goes")
    expect(bo.log.get_by_text("This message was deleted.")).to_be_visible()
    bo.expect_message("comes back")


def test_a_saved_message_reminds_and_is_found_again(visitor: Visitor) -> None:
    ana = visitor("Ana Saves")
    ana.create_room("saved-in")
    ana.say("Ask about the invoice")
    ana.expect_message("Ask about the invoice")
    _menu(ana, "Ask about the invoice", "Remind me")
    dialog = _dialog(ana, "Remind me")
    dialog.get_by_role("textbox", name=re.compile("^Note")).fill("before noon")
    dialog.get_by_role("button", name="In 3 hours", exact=True).click()
    expect(dialog).to_be_hidden()
    ana.create_room("saved-elsewhere")
    ana.button("Saved").click()
    saved = ana.region.get_by_role("list", name="Saved")
    expect(saved).to_contain_text("before noon")
    expect(saved).to_contain_text(re.compile("Reminder (today|tomorrow) at"))
    saved.get_by_role("button", name="Ask about the invoice", exact=True).click()
    ana.expect_room("saved-in")
    _lit(ana, "Ask about the invoice")
    ana.button("Saved").click()
    saved.get_by_role("button", name="Done, remove it").click()
    expect(ana.region.get_by_text("Nothing is saved")).to_be_visible()


def test_one_sees_who_writes_and_who_has_seen_it(visitor: Visitor) -> None:
    ana, bo, cy = visitor("Ana Looks"), visitor("Bo Looks"), visitor("Cy Looks")
    ana.create_room("looked-at")
    bo.join("looked-at")
    cy.join("looked-at")
    cy.create_room("away")
    bo.box.click()
    bo.page.keyboard.type("hel")
    expect(ana.region.get_by_text("Bo Looks is writing…")).to_be_visible()
    bo.page.keyboard.type("lo")
    bo.page.keyboard.press("Enter")
    ana.expect_message("hello", "Bo Looks")
    expect(ana.region.get_by_text("Bo Looks is writing…")).to_be_hidden()
    _menu(bo, "hello", "Seen by")
    sheet = _dialog(bo, "Seen by")
    expect(sheet.get_by_role("listitem")).to_have_text([re.compile("Ana Looks")])
    expect(sheet).to_contain_text("1 person has not seen it yet")


def test_a_name_has_a_card_that_leads_to_a_conversation(visitor: Visitor) -> None:
    ana, bo = visitor("Ana Cards"), visitor("Bo Cards")
    ana.create_room("carded", topic="who is who")
    bo.join("carded")
    bo.say("here I am")
    ana.expect_message("here I am", "Bo Cards")
    author = ana.message("here I am").get_by_text("Bo Cards", exact=True)
    author.hover()
    card = _dialog(ana, "Card")
    expect(card).to_contain_text("online")
    ana.page.mouse.move(700, 5)
    expect(card).to_be_hidden()
    author.click()
    _dialog(ana, "Card").get_by_role("button", name="Message", exact=True).click()
    ana.expect_room("Bo Cards")
    # And the topic is changed where it stands.
    ana.open("carded")
    ana.region.get_by_role("button", name="who is who", exact=True).click()
    field = ana.region.get_by_role("textbox", name="Topic", exact=True)
    field.fill("names and faces")
    field.press("Enter")
    expect(bo.region.get_by_role("button", name="names and faces", exact=True)).to_be_visible()
    expect(bo.log).to_contain_text("Ana Cards set the topic: names and faces")


def _long_talk(folder: Path, days: int, each: int) -> None:
    start = int(time.time() * 1_000_000) - days * DAY
    with Seeder(folder) as seeder:
        ana, bo = seeder.member("ana", at=start), seeder.member("bo", at=start)
        room = seeder.room("history", by=ana, members=[ana, bo], at=start)
        seeder.room("beside", by=ana, members=[ana, bo], at=start)
        for day in range(days):
            for number in range(each):
                at = start + day * DAY + (number + 1) * 1_000_000
                last = seeder.post(room, bo, f"day {day} message {number}", at=at)
                if day == days // 2 and number == 0:
                    read = last
        seeder.read(room, ana, read, at=start + days * DAY)


def test_one_comes_back_to_where_one_was_and_jumps_to_a_date(person: Callable[..., Person], tmp_path: Path) -> None:
    workspace = tmp_path / "team"
    days = 40
    _long_talk(workspace, days, 60)
    with servers.app(workspace, tmp_path, "--user", "ana") as page:
        browser = person("ana")
        browser.page.goto(page.url)
        panel = Panel(browser.page).expect_open()
        panel.open("history")
        # With so much unread it opens where one left off.
        expect(panel.log.get_by_text("New messages", exact=True)).to_be_in_viewport()
        expect(panel.log.get_by_text(f"day {days // 2} message 1", exact=True)).to_be_in_viewport()
        newest = panel.region.get_by_role("button", name=re.compile(r"^\d+ new$"))
        expect(newest).to_be_visible()
        # Another room and back: the same place.
        panel.log.hover()
        browser.page.mouse.wheel(0, 900)
        expect(panel.log.get_by_text("New messages", exact=True)).not_to_be_in_viewport()
        place = _place(panel)[2]
        panel.open("beside").open("history")
        expect(panel.message(place)).to_be_in_viewport()
        assert _place(panel)[2] == place
        # What is above grows: nothing that one reads moves.
        key, before, _ = _place(panel)
        with cc.connect(workspace, user="bo") as bo:
            bo.room("history").edit(str(int(key) - 2), "grown" + "\n\nand grown" * 20)
        expect(panel.log.get_by_text("grown", exact=True)).to_have_count(1)
        expect(panel.log.get_by_text("and grown").last).to_be_attached()
        assert _place(panel)[0] == key
        assert abs(_place(panel)[1] - before) < 2
        newest.click()
        expect(panel.log.get_by_text(f"day {days - 1} message 59", exact=True)).to_be_in_viewport()

        panel.button("Jump to date").click()
        dialog = _dialog(panel, "Jump to date")
        third = date.today() - timedelta(days=days - 3)
        dialog.get_by_label("Date").fill(third.isoformat())
        dialog.get_by_role("button", name="Jump", exact=True).click()
        expect(panel.log.locator("article[data-lit]")).to_contain_text(re.compile("^.*day [23] message"))
        panel.button("Jump to date").click()
        panel.button("First message").click()
        expect(panel.log.get_by_text("day 0 message 0", exact=True)).to_be_in_viewport()
        assert panel.messages.count() <= 450
    servers.stop_hub(workspace)


def _place(panel: Panel) -> tuple[str, float, str]:
    """The first message that begins in sight: its id, how far down, what it says."""
    found: tuple[str, float, str] = panel.log.evaluate(
        """log => {
            const top = log.getBoundingClientRect().top;
            for (const one of log.querySelectorAll("article")) {
                const place = one.getBoundingClientRect().top - top;
                if (place >= 0) return [one.dataset.key, place, one.querySelector(".cc-text").textContent.trim()];
            }
        }"""
    )
    return found[0], found[1], found[2]
