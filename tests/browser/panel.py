"""The panel as somebody finds it who cannot see it: by role and accessible name."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

SOON = 20_000
"""Milliseconds that anything may take here."""


class Panel:
    """One view of a panel on a page.

    Parameters
    ----------
    page
        Where it is.
    region
        Which one, where there are several.
    """

    def __init__(self, page: Page, region: Locator | None = None) -> None:
        self.page = page
        self.region = region or page.get_by_role("region", name="collabchat", exact=True)
        get = self.region.get_by_role
        self.box = get("textbox", name="Message", exact=True)
        self.log = get("log", name="Messages", exact=True)
        self.messages = self.log.get_by_role("article")
        self.list = get("list", name="Conversations", exact=True)
        self.status = get("status", name="Connection", exact=True)
        self.alerts = get("alert")

    def button(self, name: str) -> Locator:
        """A button anywhere in it."""
        return self.region.get_by_role("button", name=name, exact=True)

    def expect_open(self, within: int = 60_000) -> Panel:
        """Wait until it is drawn and connected."""
        expect(self.region).to_be_visible(timeout=within)
        expect(self.status).to_have_text("Connected", timeout=within)
        return self

    # ---- conversations

    def conversation(self, name: str) -> Locator:
        """The item of a room or a person in the list on the left."""
        return self.list.get_by_role("listitem", name=name, exact=True)

    def open(self, name: str) -> Panel:
        """Open a conversation of the list."""
        self.conversation(name).get_by_role("button").click()
        return self.expect_room(name)

    def expect_room(self, name: str) -> Panel:
        """Wait until this conversation is the one on the right."""
        expect(self.region.get_by_role("heading", name=name, exact=True).first).to_be_visible(timeout=SOON)
        return self

    def expect_unread(self, name: str, count: int) -> None:
        """Wait until the item says how many messages are unread (0: says nothing of it)."""
        item = self.conversation(name).get_by_role("button")
        if count == 0:
            expect(item).not_to_have_accessible_description(re.compile("unread"), timeout=SOON)
        else:
            said = "1 unread message" if count == 1 else f"{count} unread messages"
            expect(item).to_have_accessible_description(re.compile(f"^{said}"), timeout=SOON)

    def names(self) -> list[str]:
        """The names in the list on the left, from the top."""
        items = self.list.get_by_role("listitem").and_(self.page.locator("[aria-label]"))
        return [item.get_attribute("aria-label") or "" for item in items.all()]

    def view(self, name: str) -> None:
        """Choose Recent or Category."""
        tab = self.region.get_by_role("tablist", name="Views").get_by_role("tab", name=name, exact=True)
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true", timeout=SOON)

    def create_room(self, name: str, topic: str = "", private: bool = False) -> Panel:
        """Make a room through the dialog."""
        self.button("New room").first.click()
        dialog = self.region.get_by_role("dialog", name="New room")
        dialog.get_by_role("textbox", name="Name", exact=True).fill(name)
        if topic:
            dialog.get_by_role("textbox", name="Topic", exact=True).fill(topic)
        if private:
            dialog.get_by_role("radio", name=re.compile("^Private")).check()
        dialog.get_by_role("button", name="Create room", exact=True).click()
        expect(dialog).to_be_hidden(timeout=SOON)
        return self.expect_room(name)

    def join(self, name: str) -> Panel:
        """Find a public room and join it."""
        self.region.get_by_role("button", name=re.compile("^Browse rooms")).first.click()
        dialog = self.region.get_by_role("dialog", name="Browse rooms")
        dialog.get_by_role("button", name=f"Join {name}", exact=True).click()
        expect(dialog).to_be_hidden(timeout=SOON)
        return self.expect_room(name)

    def write_to(self, person: str) -> Panel:
        """Open the conversation with one person, new or known."""
        self.button("New conversation").first.click()
        dialog = self.region.get_by_role("dialog", name="New conversation")
        dialog.get_by_role("textbox", name="Find a person").fill(person)
        dialog.get_by_role("list", name="People").get_by_role("button", name=person, exact=True).click()
        dialog.get_by_role("button", name="Open conversation", exact=True).click()
        expect(dialog).to_be_hidden(timeout=SOON)
        return self.expect_room(person)

    # ---- messages

    def say(self, text: str) -> None:
        """Type a message and press Enter."""
        self.box.click()
        self.box.fill(text)
        self.box.press("Enter")

    def message(self, text: str, author: str | None = None) -> Locator:
        """The message with this text."""
        name = re.compile(rf"^{re.escape(author)}, \d?\d:\d\d" if author else r", \d?\d:\d\d")
        return self.log.get_by_role("article", name=name).filter(has=self.page.get_by_text(text, exact=True))

    def expect_message(self, text: str, author: str | None = None, within: int = SOON) -> None:
        """Wait until the message is there, once, and not just on its way."""
        found = self.message(text, author)
        expect(found).to_have_count(1, timeout=within)
        expect(found).not_to_have_attribute("data-state", re.compile("."), timeout=within)

    def choose_enter(self, label: str) -> None:
        """The gear of the text box: what Enter does."""
        self.button("Text box settings").click()
        sheet = self.region.get_by_role("dialog", name="Text box settings")
        sheet.get_by_role("radio", name=label, exact=True).check()
        sheet.press("Escape")
        expect(sheet).to_be_hidden(timeout=SOON)
