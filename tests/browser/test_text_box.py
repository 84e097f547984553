"""The text box: what is written can be undone, follows its writer, and is sent when it is meant to be."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from . import servers
from .conftest import Person, panel_cell
from .panel import Panel

Visitor = Callable[..., Panel]
TABLE = "<table><tr><td>Port</td><td>Calls</td></tr><tr><td>Haifa</td><td>12</td></tr></table>"


def _paste(page: Page, plain: str, html: str = "") -> None:
    page.evaluate(
        """async ([plain, html]) => {
            const data = {"text/plain": new Blob([plain], {type: "text/plain"})};
            if (html) data["text/html"] = new Blob([html], {type: "text/html"});
            await navigator.clipboard.write([new ClipboardItem(data)]);
        }""",
        [plain, html],
    )
    page.keyboard.press("ControlOrMeta+v")


def test_what_the_box_does_to_a_text_can_be_undone(visitor: Visitor) -> None:
    ana = visitor("Ana Undoes", permissions=["clipboard-read", "clipboard-write"])
    ana.create_room("typewriter")
    keys = ana.page.keyboard
    ana.box.press_sequentially("one two")
    for _ in "two":
        keys.press("Shift+ArrowLeft")
    keys.press("Control+b")
    expect(ana.box).to_have_value("one **two**")
    keys.press("Control+z")
    expect(ana.box).to_have_value("one two")
    keys.press("Control+y")
    expect(ana.box).to_have_value("one **two**")
    ana.box.fill("- first")
    keys.press("Shift+Enter")
    expect(ana.box).to_have_value("- first\n- ")
    keys.press("Control+z")
    expect(ana.box).to_have_value("- first")
    ana.box.fill("see #typ")
    expect(ana.region.get_by_role("listbox", name="Rooms")).to_be_visible()
    keys.press("Enter")
    expect(ana.box).to_have_value("see #typewriter ")
    keys.press("Control+z")
    expect(ana.box).to_have_value("see #typ")

    # A table of a spreadsheet, as one of Markdown; as text; and not at all.
    ana.box.fill("")
    _paste(ana.page, "Port\tCalls\nHaifa\t12", TABLE)
    table = "| Port | Calls |\n| --- | --: |\n| Haifa | 12 |\n"
    expect(ana.box).to_have_value(table)
    ana.button("Paste as text").click()
    expect(ana.box).to_have_value("Port\tCalls\nHaifa\t12")
    keys.press("Control+z")
    expect(ana.box).to_have_value(table)
    keys.press("Control+z")
    expect(ana.box).to_have_value("")
    _paste(ana.page, "Port\tCalls\nHaifa\t12", TABLE)
    keys.press("Enter")
    expect(ana.log.get_by_role("cell", name="Haifa")).to_be_visible()
    # Code stays what it is, until one wants a block.
    _paste(ana.page, "import os\nprint(os.getcwd())")
    expect(ana.box).to_have_value("import os\nprint(os.getcwd())")
    ana.button("Make it a code block").click()
    expect(ana.box).to_have_value("```python\nimport os\nprint(os.getcwd())\n```")


def test_an_input_method_is_done_before_anything_is_sent(visitor: Visitor) -> None:
    ana = visitor("Ana Composes")
    ana.create_room("composed")
    ana.box.click()
    devtools = ana.page.context.new_cdp_session(ana.page)

    def compose(text: str) -> None:
        devtools.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})

    compose("に")
    compose("にほん")
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229, "nativeVirtualKeyCode": 13}
    devtools.send("Input.dispatchKeyEvent", {"type": "keyDown", **enter})
    devtools.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
    expect(ana.box).to_have_value("にほん")
    devtools.send("Input.insertText", {"text": "日本"})
    expect(ana.box).to_have_value("日本")
    expect(ana.messages).to_have_count(0)
    # The list of people does not take its keys either.
    ana.box.press_sequentially(" @")
    compose("あ")
    devtools.send("Input.dispatchKeyEvent", {"type": "keyDown", **enter})
    devtools.send("Input.insertText", {"text": "あ"})
    expect(ana.box).to_have_value("日本 @あ")
    ana.box.press("Enter")
    ana.expect_message("日本 @あ", "Ana Composes")


def test_drafts_follow_their_writer_to_another_browser(
    person: Callable[..., Person], workspace: Path, tmp_path: Path
) -> None:
    with servers.voila([panel_cell(workspace, "ana")], workspace, tmp_path) as url:
        office, home = person("office").page, person("home").page
        for page in (office, home):
            page.goto(url)
        here, there = Panel(office).expect_open(), Panel(home).expect_open()
        here.create_room("drafted")
        there.open("drafted")
        here.box.fill("begun in the office, ")
        expect(there.box).to_have_value("begun in the office, ")
        there.box.press("End")
        there.box.press_sequentially("ended at home")
        expect(here.box).to_have_value("begun in the office, ended at home")
        # In the list, too, from where it is opened.
        here.create_room("elsewhere")
        here.button("Send later").click()
        here.region.get_by_role("menuitem", name="Drafts and scheduled").click()
        item = here.region.get_by_role("region", name="Drafts", exact=True).get_by_role("listitem", name="#drafted")
        expect(item).to_contain_text("begun in the office, ended at home")
        item.get_by_role("button", name="Open").click()
        here.expect_room("drafted")
        here.box.press("Enter")
        there.expect_message("begun in the office, ended at home")
        expect(there.box).to_have_value("")
        # A browser whose clock is late by almost an hour, for this one click.
        there.box.fill("sent when its time has come")
        there.button("Send later").click()
        home.evaluate("window.now = Date.now; Date.now = () => window.now() - 3_592_000")
        there.region.get_by_role("menuitem", name="In 1 hour").click()
        home.evaluate("Date.now = window.now")
        expect(there.box).to_have_value("")
        here.button("Send later").click()
        here.region.get_by_role("menuitem", name="Drafts and scheduled").click()
        scheduled = here.region.get_by_role("region", name="Scheduled", exact=True)
        expect(scheduled.get_by_role("listitem", name="#drafted")).to_contain_text("sent when its time has come")
        home.close()
        expect(scheduled).to_be_hidden()
        here.button("Close").last.click()
        here.expect_room("drafted").expect_message("sent when its time has come")
        office.close()


def test_a_poll_of_two_people(visitor: Visitor) -> None:
    ana, bo = visitor("Ana Asks"), visitor("Bo Asks")
    ana.create_room("asked")
    bo.join("asked")
    ana.say("/poll Where shall we meet?")
    dialog = ana.region.get_by_role("dialog", name="New poll")
    expect(dialog.get_by_role("textbox", name="Question")).to_have_value("Where shall we meet?")
    for number, choice in enumerate(("Harbour", "Online", "Office"), 1):
        dialog.get_by_role("textbox", name=f"Choice {number}", exact=True).fill(choice)
    dialog.get_by_role("button", name="Ask", exact=True).click()
    expect(dialog).to_be_hidden()
    polls = [panel.region.get_by_role("group", name="Where shall we meet?") for panel in (ana, bo)]
    for poll in polls:
        expect(poll.get_by_role("radio")).to_have_count(3)
    polls[0].get_by_role("radio", name="Online").check()
    # By key as well.
    polls[1].get_by_role("radio", name="Harbour").press("Space")
    polls[1].get_by_role("radio", name="Harbour").press("ArrowDown")
    for poll in polls:
        expect(poll.get_by_role("radio", name="Online")).to_have_accessible_description(re.compile("^2 votes: "))
        expect(poll.get_by_role("radio", name="Online")).to_be_checked()
    polls[1].get_by_role("button", name="Show who").click()
    expect(polls[1].get_by_text("Ana Asks, you", exact=True)).to_be_visible()
    polls[1].get_by_role("button", name="Take back").click()
    expect(polls[0].get_by_role("radio", name="Online")).to_have_accessible_description("1 vote: you")
    expect(polls[1].get_by_role("button", name="Close the poll")).to_have_count(0)
    polls[0].get_by_role("button", name="Close the poll").click()
    for poll in polls:
        expect(poll.get_by_role("radio")).to_have_count(0)
        expect(poll).to_contain_text("Closed · 1 person voted")
    expect(bo.button("Preview")).to_be_visible()
