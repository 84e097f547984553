"""For everybody: what axe finds, the whole panel by keys alone, German from end to end, large print, no motion."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

import collabchat as cc
from collabchat.sample_workspace import make

from . import servers
from .conftest import Person
from .panel import Panel

ROOT = Path(__file__).parents[2]
AXE = ROOT / "js" / "node_modules" / "axe-core" / "axe.min.js"
GERMAN: dict[str, Any] = json.loads((ROOT / "js" / "src" / "i18n" / "de.json").read_text())


@pytest.fixture(scope="module")
def tidewater(tmp_path_factory: pytest.TempPathFactory, browser: object) -> Iterator[servers.Page]:
    """The page of the sample conversation as Ana sees it, with something of everything in it."""
    home = tmp_path_factory.mktemp("everything")
    workspace = home / "tidewater"
    make(workspace)
    with servers.app(workspace, home, "--user", "ana") as page:
        ana, bo = (cc.connect(workspace, user=user) for user in ("ana", "bo"))
        room = ana.room("general")
        table = "\n\n- [x] ask\n- [ ] decide\n\n| day | who |\n| --- | --- |\n| Mon | @bo |"
        first = room.post("Which day?" + table)
        bo.room("general").post("Monday, see `load()` in #pipeline:\n\n```python\nload(day=1)\n```", reply_to=first.id)
        bo.room("general").react(first.id, "👍")
        room.edit(first.id, "Which day, then?" + table)
        first.pin()
        room.poll("Where do we eat?", ["Harbour", "Station"])
        room.post("And $e^{i\\pi} = -1$, by the way.")
        first.save("for Friday")
        room.send_later("Good morning", at=datetime.timedelta(days=1))
        bo.set_status("By the harbour", emoji="🍜")
        yield page
        ana.close()
        bo.close()
    servers.stop_hub(workspace)


class Check:
    """What axe finds in each state of a page, in the colours of day and of night."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: dict[str, list[str]] = {}
        self.states = 0
        page.evaluate(AXE.read_text())

    def __call__(self, state: str, part: Locator | None = None, schemes: tuple[str, ...] = ("light", "dark")) -> None:
        """Look at a part of the page, or at all of it."""
        if part is not None:
            expect(part).to_be_visible()
        for scheme in schemes:
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            expect(self.page.locator(".cc-panel")).to_have_attribute("data-theme", scheme)
            self.settle()
            self.states += 1
            violations = self._run(part)
            for one in violations:
                for node in one["nodes"]:
                    why = next((check["message"] for check in node["any"] + node["all"] + node["none"]), "")
                    line = f"{one['id']}: {node['html'][:150]} ({why[:150]})"
                    self.found.setdefault(line, []).append(f"{state}, {scheme}")
        self.page.emulate_media(color_scheme="light")

    def _run(self, part: Locator | None) -> list[dict[str, Any]]:
        options = {"resultTypes": ["violations"], "elementRef": False}
        if part is None:
            result = self.page.evaluate("options => axe.run(document, options)", options)
        else:
            result = part.evaluate("(part, options) => axe.run(part, options)", options)
        violations: list[dict[str, Any]] = result["violations"]
        return violations

    def settle(self) -> None:
        """Wait until nothing moves any more, and everything lazy is there."""
        self.page.wait_for_function(
            """() => document.getAnimations().every(one => one.playState !== "running" || one.effect?.getTiming()
                .iterations === Infinity) && !document.querySelector("[aria-busy=true]")"""
        )

    def expect_nothing(self) -> None:
        """Fail with all that was found."""
        lines = [f"{line}\n        in {'; '.join(states[:4])}" for line, states in sorted(self.found.items())]
        assert not lines, f"{len(lines)} findings in {self.states} states:\n" + "\n".join(lines)


def _dialog(panel: Panel, name: str) -> Locator:
    return panel.region.get_by_role("dialog", name=name, exact=True)


def _message(panel: Panel, text: str) -> Locator:
    return panel.log.get_by_role("article").filter(has_text=text).last


def _opened(person: Callable[..., Person], tidewater: servers.Page) -> tuple[Panel, Check]:
    page = person("ana", color_scheme="light").page
    page.goto(tidewater.url)
    panel = Panel(page).expect_open()
    panel.open("general")
    expect(panel.log.locator("math").first).to_be_visible()
    return panel, Check(page)


def test_axe_finds_nothing_on_the_left_and_in_dialogs(person: Callable[..., Person], tidewater: servers.Page) -> None:
    panel, check = _opened(person, tidewater)
    press = check.page.keyboard.press
    check("a room")
    panel.view("Category")
    check("category", panel.region.locator(".cc-side"))
    panel.view("Recent")
    # The search: empty, with what it proposes, and with what it found.
    results = panel.region.get_by_role("listbox", name="Results", exact=True)
    search = panel.region.get_by_role("searchbox", name="Search messages", exact=True)
    press("Control+k")
    expect(results.get_by_role("option").first).to_be_visible()
    check("search", panel.region.locator(".cc-side"))
    search.fill("from:")
    expect(results.get_by_role("group", name="From", exact=True)).to_be_visible()
    check("search, names", panel.region.locator(".cc-side"))
    search.fill("load from:bo")
    expect(results.get_by_role("group", name="Messages", exact=True)).to_be_visible()
    check("search, found", panel.region.locator(".cc-side"))
    search.press("Escape")
    expect(results).to_have_count(0)

    # Dialogs: what opens each, and what it is called.
    dialogs: list[tuple[str, Callable[[], object]]] = [
        ("Browse rooms", panel.region.get_by_role("button", name=re.compile("^Browse rooms")).first.click),
        ("New room", panel.button("New room").first.click),
        ("New conversation", panel.button("New conversation").first.click),
        ("Your status", panel.region.locator(".cc-me").click),
        ("Jump to date", panel.button("Jump to date").click),
        ("Keyboard", lambda: (_message(panel, "Where do we eat").focus(), press("?"))),
        ("Forward", lambda: (_message(panel, "Where do we eat").focus(), press("f"))),
        ("New poll", panel.button("Poll").click),
    ]
    for name, show in dialogs:
        show()
        check(name, _dialog(panel, name))
        press("Escape")
        expect(_dialog(panel, name)).to_have_count(0)
    panel.button("Settings").click()
    for title in ("Appearance", "Text box", "Keyboard"):
        _dialog(panel, "Settings").get_by_text(title, exact=True).first.click()
        check(f"settings, {title}", _dialog(panel, "Settings"))
    press("Escape")
    # From the menu of a message.
    for name, item in (("Earlier versions", "Earlier versions"), ("Remind me", "Remind me")):
        _message(panel, "Which day, then").focus()
        press("Enter")
        menu = panel.region.get_by_role("menu", name="More")
        if name == "Remind me":
            check("menu of a message", menu)
        menu.get_by_role("menuitem", name=item, exact=True).click()
        check(name, panel.region.get_by_role("dialog").last)
        press("Escape")
        expect(panel.region.get_by_role("dialog")).to_have_count(0)
    check.expect_nothing()


def test_axe_finds_nothing_in_the_text_box_and_beside(person: Callable[..., Person], tidewater: servers.Page) -> None:
    panel, check = _opened(person, tidewater)
    press = check.page.keyboard.press
    panel.box.fill("**bold** @b")
    check("names are proposed", panel.region.locator(".cc-composer"))
    press("Escape")
    panel.button("Send later").click()
    panel.region.get_by_role("menuitem", name="Date and time…").click()
    check("Send later", _dialog(panel, "Send later"))
    press("Escape")
    panel.button("Preview").click()
    check("preview", panel.region.locator(".cc-composer"))
    panel.button("Preview").click()
    panel.box.fill("")
    panel.button("Emoji").click()
    palette = panel.region.get_by_role("dialog", name="Emoji")
    expect(palette.get_by_role("textbox")).to_be_visible()
    check("emoji", palette)
    press("Escape")
    panel.button("Text box settings").click()
    check("text box settings", _dialog(panel, "Text box settings"))
    press("Escape")
    given = [("plan.txt", b"a plan"), ("costs.csv", b"a,b\n1,2\n")]
    panel.region.locator("input[type=file][multiple]").first.set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": data} for name, data in given]
    )
    tray = panel.region.get_by_role("list", name="Attached files", exact=True)
    expect(tray.get_by_role("button", name=re.compile("^Remove "))).to_have_count(2)
    check("attached files", panel.region.locator(".cc-composer"))
    for name, _ in given:
        tray.get_by_role("button", name=f"Remove {name}", exact=True).click()
    expect(tray).to_have_count(0)
    _message(panel, "Where do we eat").hover()
    check("a message in hand", _message(panel, "Where do we eat"))

    # What stands beside.
    panel.button("Members").click()
    check("members", panel.region.locator(".cc-aside"))
    panel.region.locator(".cc-aside").get_by_role("button", name="Room settings").click()
    check("Room settings", _dialog(panel, "Room settings"))
    press("Escape")
    panel.button("Pinned messages").click()
    check("pins", panel.region.locator(".cc-aside"))
    panel.button("Files and links").click()
    expect(panel.region.locator(".cc-aside").get_by_role("listitem").first).to_be_visible()
    check("files and links", panel.region.locator(".cc-aside"))
    _message(panel, "Which day, then").focus()
    press("r")
    expect(panel.region.get_by_role("textbox", name="Reply")).to_be_visible()
    check("thread", panel.region.locator(".cc-aside"))
    # What stands in the conversation's place.
    for name in ("Threads", "Saved", "Drafts"):
        panel.region.locator(".cc-side").get_by_role("button", name=re.compile(f"^{name}")).click()
        expect(
            panel.region.locator(".cc-main").get_by_role("heading", name=re.compile(f"^{name}")).first
        ).to_be_visible()
        check(name, panel.region.locator(".cc-main"))

    check.expect_nothing()


def test_axe_finds_nothing_in_high_contrast_and_narrow(person: Callable[..., Person], tidewater: servers.Page) -> None:
    panel, check = _opened(person, tidewater)
    page, press = check.page, check.page.keyboard.press
    # High contrast: colours of the system's choice.
    page.emulate_media(forced_colors="active")
    check("high contrast")
    panel.button("Settings").click()
    check("settings in high contrast", _dialog(panel, "Settings"), ("light",))
    press("Escape")
    page.emulate_media(forced_colors="none")

    # Narrow, as in the side of a notebook, and twice as large.
    tools = page.context.new_cdp_session(page)
    for name, width, height, scale in (("narrow", 360, 700, 1), ("twice as large", 640, 450, 2)):
        _screen(tools, width, height, scale)
        expect(panel.region).to_have_attribute("data-size", "narrow" if width < 600 else "medium")
        check(name, None, ("light",))
        _expect_nothing_beyond(panel)
        panel.button("Members").click()
        check(f"{name}, members", panel.region.locator(".cc-aside"), ("light",))
        _expect_nothing_beyond(panel)
        press("Escape")
        if width < 600:
            panel.button("Back to the conversations").click()
            check(f"{name}, the list", panel.region.get_by_role("dialog"), ("light",))
        panel.button("Settings").click()
        check(f"{name}, settings", _dialog(panel, "Settings"), ("light",))
        _expect_nothing_beyond(panel)
        press("Escape")
        if width < 600:
            panel.conversation("general").get_by_role("button").first.click()
    check.expect_nothing()


def _screen(tools: CDPSession, width: int, height: int, scale: float) -> None:
    """Another size of the screen; a scale of 2 on half of it is a zoom of 200 %."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
    tools.send("Emulation.setDeviceMetricsOverride", metrics)


def _expect_nothing_beyond(panel: Panel) -> None:
    """Nothing that is drawn is cut off at the right, and the page does not scroll sideways."""
    beyond = panel.region.evaluate(
        """region => {
            const edge = region.getBoundingClientRect().right + 1;
            const scrolls = one => one !== region && (/auto|scroll/.test(getComputedStyle(one).overflowX)
                || (one.parentElement && scrolls(one.parentElement)));
            return [...region.querySelectorAll("button, input, textarea, h2, h3, p, label")]
                .filter(one => one.checkVisibility() && one.getBoundingClientRect().width > 1
                    && one.getBoundingClientRect().right > edge && !scrolls(one))
                .map(one => one.outerHTML.slice(0, 120));
        }"""
    )
    assert beyond == []
    assert panel.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# ---------------------------------------------------------------- by keys alone


class Keys:
    """Somebody who has no mouse, and sees where the focus is."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self.page = panel.page

    def press(self, *keys: str) -> None:
        """Press keys, one after the other; after each the focus is somewhere in the panel."""
        for key in keys:
            self.page.keyboard.press(key)
            self.expect_inside()

    def write(self, text: str) -> None:
        """Type where the focus is."""
        self.page.keyboard.type(text)
        self.expect_inside()

    def expect_inside(self) -> None:
        """The focus is in the panel, at once or as soon as what has just come is drawn; never on nothing for longer."""
        self.page.wait_for_function(
            "() => document.activeElement?.closest('.cc-panel') && document.activeElement !== document.body",
            timeout=2_000,
        )

    def go(self, words: str) -> None:
        """By a few letters."""
        self.press("Control+k")
        self.expect("searchbox", "Search messages")
        self.write(words)
        self.press("Enter")

    @property
    def focused(self) -> Locator:
        """What has the focus."""
        return self.panel.region.locator(":focus")

    def expect(self, role: Any, name: str | re.Pattern[str]) -> None:
        """The focus is on, or comes to, something of this role and name."""
        expect(self.focused).to_have_role(role)
        expect(self.focused).to_have_accessible_name(name)

    def to(self, role: Any, name: str | re.Pattern[str], key: str = "Tab", within: int = 60) -> None:
        """Press a key until the focus is there."""
        wanted = self.panel.region.get_by_role(role, name=name, exact=True).and_(self.panel.region.locator(":focus"))
        for _ in range(within):
            if wanted.count() > 0:
                return
            self.press(key)
        raise AssertionError(
            f"{key} does not lead to {role} {name!r}, but to {self.focused.evaluate('e => e.outerHTML')}"
        )


def test_everything_by_keys_alone(person: Callable[..., Person], tidewater: servers.Page) -> None:
    """Reading, writing, reacting, answering, changing, settings and back, without a mouse."""
    page = person("ana").page
    page.goto(tidewater.url)
    panel = Panel(page).expect_open()
    keys = Keys(panel)
    # Into the panel, and through it: each part is one stop or a few.
    page.keyboard.press("Tab")
    keys.expect("button", "Settings")
    keys.to("tab", "Recent")
    keys.press("ArrowRight")
    keys.expect("tab", "Category")
    keys.press("ArrowLeft")
    keys.expect("tab", "Recent")
    # A room by the list, another one by a few letters, back by Alt and an arrow.
    keys.press("F6")
    keys.press("Home")
    first = panel.list.get_by_role("listitem").and_(page.locator("[aria-label]")).nth(0).get_attribute("aria-label")
    keys.press("Enter")
    panel.expect_room(first or "")
    keys.go("pipe")
    panel.expect_room("pipeline")
    keys.expect_inside()
    keys.go("random")
    panel.expect_room("random")
    # A message: F6 goes to the text box.
    for _ in range(5):
        if keys.focused.and_(panel.box).count():
            break
        keys.press("F6")
    expect(panel.box).to_be_focused()
    keys.write("By keys alone")
    keys.press("Control+a", "Control+b", "End", "Enter")
    panel.expect_message("By keys alone", "Ana Ruiz")
    expect(panel.log.locator("strong", has_text="By keys alone")).to_be_visible()
    # A reaction.
    keys.press("Shift+F6")
    keys.expect("article", re.compile("^Ana Ruiz, "))
    keys.press("+")
    keys.expect("textbox", "Find an emoji")
    keys.write("rocket")
    keys.press("Enter")
    message = panel.message("By keys alone")
    expect(message.get_by_role("button", name="🚀 1, you", exact=True)).to_be_visible()
    keys.press("Escape")
    keys.expect("article", re.compile("^Ana Ruiz, "))
    # An answer in a thread, and back to where one came from.
    keys.press("r")
    expect(panel.region.get_by_role("textbox", name="Reply")).to_be_focused()
    keys.write("And an answer")
    keys.press("Enter")
    expect(panel.region.get_by_role("log", name="Thread").get_by_text("And an answer")).to_be_visible()
    keys.press("Escape")
    expect(panel.region.get_by_role("log", name="Thread")).to_have_count(0)
    keys.expect("article", re.compile("^Ana Ruiz, "))
    # Another wording.
    keys.press("e")
    keys.expect("textbox", "Edit message")
    keys.press("Control+a")
    keys.write("By keys, changed")
    keys.press("Enter")
    panel.expect_message("By keys, changed", "Ana Ruiz")
    keys.expect("article", re.compile("^Ana Ruiz, "))
    # The menu of a message, up and down, and away again.
    keys.press("Enter")
    keys.expect("menuitem", "Reply in thread")
    keys.press("ArrowUp", "ArrowDown", "ArrowDown", "Escape")
    keys.expect("article", re.compile("^Ana Ruiz, "))
    # Delete, with second thoughts.
    keys.press("Delete")
    expect(panel.message("By keys, changed")).to_have_count(0)
    keys.to("button", "Undo")
    keys.press("Enter")
    panel.expect_message("By keys, changed", "Ana Ruiz")
    # The sheet of keys, the settings, and back.
    for _ in range(5):
        if keys.focused.and_(panel.messages).count():
            break
        keys.press("F6")
    keys.press("?")
    sheet = _dialog(panel, "Keyboard")
    expect(sheet.get_by_text("Next unread conversation", exact=True)).to_be_visible()
    keys.press("Escape")
    expect(sheet).to_have_count(0)
    keys.press("Control+,")
    keys.expect("tab", "Appearance")
    keys.to("radio", re.compile("^(Comfortable|Compact)$"))
    keys.press("ArrowRight")
    expect(panel.region).to_have_attribute("data-density", "compact")
    keys.press("ArrowLeft")
    expect(panel.region).to_have_attribute("data-density", "comfortable")
    # Tab stays in a dialog, as often as one presses it.
    for _ in range(30):
        keys.press("Tab")
        assert keys.focused.evaluate("one => one.closest('[role=dialog]') !== null")
    keys.press("Escape")
    expect(_dialog(panel, "Settings")).to_have_count(0)
    keys.expect_inside()
    # A new room, and out of it.
    keys.go(">new room")
    keys.expect("textbox", "Name")
    keys.write("by-keys")
    keys.press("Enter")
    panel.expect_room("by-keys")
    keys.expect_inside()
    # Tab leads out of the panel at its end: nothing is a trap.
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("!document.activeElement?.closest('.cc-panel')"):
            break
    else:
        raise AssertionError("Tab never leaves the panel.")


# ---------------------------------------------------------------- in German


def _english() -> list[re.Pattern[str]]:
    """Patterns of all texts that German has other words for."""
    patterns = []
    words_of_both = {german for german in GERMAN.values() if isinstance(german, str)}
    for english, german in GERMAN.items():
        if english in words_of_both:
            continue  # what is "Filters" there is "Filter", which is another word here
        forms = [english] if isinstance(german, str) else [english, re.sub(r"\{n\} (\w+?)s\b", r"1 \1", english)]
        if german == english:
            continue
        for form in forms:
            words = re.sub(r"\{\w+\}", "", form)
            if len(re.findall(r"[A-Za-z]{3,}", words)) == 0:
                continue
            parts = [re.escape(part) for part in re.split(r"\{\w+\}", form)]
            patterns.append(re.compile("^" + "(.+)".join(parts) + "$", re.DOTALL))
    return patterns


VISIBLE = """region => {
    const found = new Set();
    const own = ".cc-text, .cc-title, .cc-topic, .cc-item, [dir=auto], time, code, kbd, option";
    for (const one of region.querySelectorAll("*")) {
        for (const name of ["aria-label", "title", "placeholder", "aria-description"])
            if (one.hasAttribute(name) && !one.matches(own)) found.add(one.getAttribute(name));
        for (const child of one.childNodes)
            if (child.nodeType === 3 && child.data.trim() && !one.closest(own)) found.add(child.data.trim());
    }
    return [...found];
}"""


def test_german_from_end_to_end(person: Callable[..., Person], tidewater: servers.Page) -> None:
    """The language of the browser is spoken; another one is, as soon as one chooses it, with the focus where it was."""
    page = person("ana", locale="de-DE").page
    page.goto(tidewater.url)
    region = page.get_by_role("region", name="collabchat", exact=True)
    expect(region.get_by_role("tab", name="Neueste", exact=True)).to_be_visible(timeout=60_000)
    expect(region).to_have_attribute("lang", "de")
    english = _english()
    assert len(english) > 300

    def expect_german(where: str, part: Locator = region) -> None:
        # What comes later is waited for.
        texts: list[str] = servers.until(lambda: len(found := part.evaluate(VISIBLE)) > 5 and found, 10, where)
        left = [text for text in texts if any(pattern.match(text) for pattern in english)]
        assert left == [], where

    press = page.keyboard.press
    region.get_by_role("listitem", name="general", exact=True).get_by_role("button").first.click()
    article = region.get_by_role("log").get_by_role("article").last
    expect(article).to_be_visible()
    article.hover()
    expect_german("a room")
    press("Control+k")
    side, search = region.locator(".cc-side"), region.get_by_role("searchbox")
    side.locator("summary").click()
    expect_german("the search", side)
    for words in ("load", "from:", "has:", "during:", "is:", "type:", "xqzw"):
        search.fill(words)
        expect(side.locator(".cc-search-group, .cc-search-said").first).to_be_visible()
        expect_german(f"the search: {words}", side)
    search.press("Escape")
    for dialog, show in (
        ("Räume entdecken", region.get_by_role("button", name=re.compile("^Räume entdecken")).click),
        ("Neuer Raum", region.get_by_role("button", name="Neuer Raum").first.click),
        ("Neue Unterhaltung", region.get_by_role("button", name="Neue Unterhaltung").first.click),
        ("Tastatur", lambda: (article.focus(), press("?"))),
        ("Weiterleiten", lambda: (article.focus(), press("f"))),
        ("Neue Umfrage", region.get_by_role("button", name="Umfrage", exact=True).click),
        ("Emoji", region.get_by_role("button", name="Emoji", exact=True).click),
    ):
        show()
        sheet = region.get_by_role("dialog", name=dialog, exact=True)
        expect(sheet).to_be_visible()
        expect_german(dialog, sheet)
        press("Escape")
    region.get_by_role("button", name="Mitglieder", exact=True).click()
    expect(region.locator(".cc-aside")).to_be_visible()
    expect_german("members")
    for name in ("Threads", "Gemerkt", "Entwürfe"):
        region.get_by_role("button", name=name, exact=True).click()
        expect(region.get_by_role("heading", name=re.compile(f"^{name}")).first).to_be_visible()
        expect_german(name)
    region.get_by_role("button", name="Einstellungen", exact=True).first.click()
    settings = region.get_by_role("dialog", name="Einstellungen")
    expect_german("settings", settings)
    choice = settings.get_by_role("combobox", name="Sprache")
    assert choice.locator("option").all_inner_texts() == ["Wie im Browser", "English", "Deutsch"]
    choice.focus()
    choice.select_option("en")
    expect(region.get_by_role("tab", name="Recent", exact=True, include_hidden=True)).to_be_visible()
    expect(region.get_by_role("combobox", name="Language")).to_be_focused()
    expect(region).to_have_attribute("lang", "en")
    region.get_by_role("combobox", name="Language").select_option("auto")
    expect(region.get_by_role("tab", name="Neueste", exact=True, include_hidden=True)).to_be_visible()


def test_nothing_moves_for_those_who_do_not_want_it(person: Callable[..., Person], tidewater: servers.Page) -> None:
    page = person("ana", reduced_motion="reduce").page
    page.goto(tidewater.url)
    panel = Panel(page).expect_open()
    panel.open("general")
    moving = """() => [...document.querySelectorAll(".cc-panel, .cc-panel *")].filter(one => {
        const style = getComputedStyle(one);
        const times = [...style.transitionDuration.split(","), ...style.animationDuration.split(",")];
        return times.some(time => parseFloat(time) > 0.001) || style.scrollBehavior === "smooth";
    }).map(one => one.className)"""
    assert page.evaluate(moving) == []
    panel.button("Members").click()
    expect(panel.region.locator(".cc-aside")).to_be_visible()
    panel.button("Settings").click()
    expect(_dialog(panel, "Settings")).to_be_visible()
    assert page.evaluate(moving) == []
    assert page.evaluate("document.getAnimations().length") == 0
