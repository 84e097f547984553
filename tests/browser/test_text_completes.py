"""Markdown, colours, formulas and emoji come when they are needed, and never move what one reads."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

import collabchat as cc

from . import servers
from .conftest import Person, enter
from .panel import Panel

# What makes texts complete is held back until the test lets it come; other parts of the panel are not.
GATE = """
(() => {
  const { arrayBuffer } = Response.prototype;
  const gate = new Promise(go => { window.letThemCome = go });
  const held = /cc-notes|cc-hl-|cc-math-alone|^\\u{1F600}/u;
  Response.prototype.arrayBuffer = async function () {
    const bytes = await arrayBuffer.call(this);
    if (held.test(new TextDecoder().decode(bytes))) await gate;
    return bytes;
  };
})()
"""
CODE = '```python\ndef mean(values):\n    """Of all."""\n    return sum(values) / len(values)\n```'
FORMULA = "$$\\int_0^1 x^2\\,dx = \\frac{1}{3}$$"
WIDE = "and so it went on and on " * 12
TABLE = f"| run | rows | what went wrong |\n|---|--:|---|\n| r1 | 17 | {WIDE} |\n| r2 | 4 | nothing |"


def top(message: Locator) -> float:
    return float(message.evaluate("one => one.getBoundingClientRect().top"))


def test_a_text_is_there_at_once_and_completes_without_moving_what_one_reads(
    person: Callable[..., Person], app: servers.Page, connect: Callable[..., cc.Chat]
) -> None:
    room = connect("bo", app.workspace).create_room("completes")
    for n in range(12):
        room.post([f"**number** {n} :tada:\n{CODE}", f"so {n}: {FORMULA}", f"{n}\n\n{TABLE}"][n % 3])
    room.post("A line that is *read* just now.")
    for n in range(24):
        room.post([f"after {n} :rocket:\n{CODE}", f"then {n}: {FORMULA}"][n % 2])
    ana = person("ana")
    ana.page.add_init_script(GATE)
    ana.page.goto(app.url)
    panel = enter(ana.page, "Ana Early")
    panel.join("completes")
    # As it was written, at once.
    read = panel.log.get_by_role("article").filter(has_text="A line that is *read* just now.")
    expect(read).to_have_count(1)
    expect(panel.log.locator("pre, math, em")).to_have_count(0)
    panel.log.hover()
    read.evaluate("one => one.scrollIntoView({ block: 'start' })")
    ana.page.wait_for_function("new Promise(go => requestAnimationFrame(() => requestAnimationFrame(() => go(true))))")
    before = top(read.first)
    handle = read.element_handle()
    ana.page.evaluate("window.letThemCome()")
    expect(panel.log.locator("em", has_text="read")).to_be_visible()
    expect(panel.log.locator(".cc-hl-keyword", has_text="def").first).to_be_attached()
    expect(panel.log.locator("math").first).to_be_attached()
    expect(panel.log.get_by_text("🚀").first).to_be_attached()
    after = handle.evaluate("one => one.getBoundingClientRect().top")
    assert abs(after - before) < 2
    # At the end one stays at the end.
    panel.region.get_by_role("button", name=re.compile("Newest|new")).last.click()
    room.post(f"the last\n{CODE}\n\n{FORMULA}")
    expect(panel.log.get_by_text("the last")).to_be_in_viewport()
    expect(panel.log.locator("article").last.locator("math")).to_be_in_viewport()


def test_what_a_text_can_hold(
    person: Callable[..., Person], app: servers.Page, connect: Callable[..., cc.Chat]
) -> None:
    bo = connect("bo", app.workspace)
    room, other = bo.create_room("holds"), bo.create_room("led-to")
    goal = other.post("This is where one is led.")
    room.post(f"Look:\n{CODE}")
    room.post(f"A table:\n\n{TABLE}")
    room.post("It costs $5 and $10, and $E = mc^2$ it is.")
    room.post(":tada: :+1:")
    room.post("/me waves")
    room.post("A claim[^1], `:tada:` as it is.\n\n[^1]: The note.")
    room.post(f"See #led-to and [that message](collabchat:{other.id}/{goal.id}) and @bo.")
    ana = person("ana", permissions=["clipboard-read", "clipboard-write"])
    ana.page.goto(app.url)
    panel = enter(ana.page, "Ana Late")
    panel.join("led-to")
    panel.join("holds")
    log = panel.log
    get = log.get_by_role

    block = get("group", name="Code in python", exact=True)
    block.scroll_into_view_if_needed()
    expect(block.locator(".cc-hl-keyword").first).to_have_text("def")
    block.hover()
    get("button", name="Copy code", exact=True).click()
    expect(get("button", name="Copied", exact=True)).to_be_visible()
    assert ana.page.evaluate("navigator.clipboard.readText()") == CODE[len("```python\n") : -len("\n```")]

    table = get("group", name="Table", exact=True)
    table.focus()
    ana.page.set_viewport_size({"width": 420, "height": 800})
    assert table.evaluate("one => one.scrollWidth > one.clientWidth")
    table.press("ArrowRight")
    ana.page.wait_for_function("one => one.scrollLeft > 0", arg=table.element_handle())
    assert log.evaluate("one => one.scrollWidth <= one.clientWidth")
    ana.page.set_viewport_size({"width": 1280, "height": 900})

    prices = log.locator(".cc-text", has_text="It costs $5 and $10, and")
    expect(prices.locator("math")).to_have_count(1)
    large = log.locator(".cc-few")
    expect(large).to_have_text("🎉 👍")
    assert large.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= 28
    expect(log.locator(".cc-action")).to_contain_text("waves")
    expect(log.get_by_text(":tada:", exact=True)).to_have_count(1)

    get("link", name="Footnote 1", exact=True).press("Enter")
    expect(log.locator(".cc-notes li")).to_be_focused()

    expect(log.locator(".cc-mention")).to_have_attribute("data-member", re.compile(r"^\d+$"))
    get("link", name="that message", exact=True).press("Enter")
    panel.expect_room("led-to")
    expect(panel.message("This is where one is led.")).to_be_in_viewport()
    panel.open("holds")
    get("link", name="#led-to", exact=True).click()
    panel.expect_room("led-to")


def test_what_does_not_come_is_said_and_comes_when_one_asks_again(
    person: Callable[..., Person], app: servers.Page, connect: Callable[..., cc.Chat]
) -> None:
    room = connect("bo", app.workspace).create_room("again")
    room.post("It is **there** all the same.")
    ana = person("ana")
    # What draws texts is not what was built, twice: then the page is whole again.
    ana.page.add_init_script(
        """
        (() => {
          const { arrayBuffer } = Response.prototype;
          let left = 1;
          Response.prototype.arrayBuffer = async function () {
            const bytes = await arrayBuffer.call(this);
            if (/cc-notes/.test(new TextDecoder().decode(bytes)) && left-- > 0) throw new Error("It was cut off.");
            return bytes;
          };
        })()
        """
    )
    ana.page.goto(app.url)
    panel: Panel = enter(ana.page, "Ana Again")
    panel.join("again")
    expect(panel.log.get_by_text("It is **there** all the same.")).to_be_visible()
    panel.button("Draw this text again").first.click()
    expect(panel.log.locator("strong", has_text="there")).to_be_visible()
    expect(panel.button("Draw this text again")).to_have_count(0)
