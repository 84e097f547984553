"""One browser, one JupyterLab, one Notebook and one Voila for all tests here; a context for each person."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

import collabchat as cc

from . import servers
from .notebook import Notebook
from .panel import SOON, Panel

OUTPUT = Path(__file__).parent / "output"
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
# What JupyterLab and Notebook say by themselves, with no panel on the page.
KNOWN = re.compile(
    r"""
    /api/(contents|kernels|sessions)/\S*\b404\b
    | Cannot\ read\ properties\ of\ undefined\ \(reading\ 'schema'\)  # Notebook 7.6, each time it opens a notebook
    """,
    re.VERBOSE,
)
_failed = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = str(Path(__file__).parent)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    if report.failed:
        item.stash[_failed] = True
    return report


def _chromium() -> str | None:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    return None


# "package": a Playwright that is open keeps asyncio.run() from working in the tests that come after these.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The real Chromium."""
    path = _chromium()
    if path is None:
        message = "There is no Chromium here: install it (Debian: apt-get install chromium)."
        if os.environ.get("COLLABCHAT_REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    expect.set_options(timeout=SOON)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="package")
def lab(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[servers.Jupyter]:
    """A JupyterLab."""
    with servers.jupyter("jupyterlab", tmp_path_factory.mktemp("lab"), "lab/tree") as server:
        yield server


@pytest.fixture(scope="package")
def notebook_server(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[servers.Jupyter]:
    """A Notebook 7."""
    with servers.jupyter("notebook", tmp_path_factory.mktemp("notebook"), "notebooks") as server:
        yield server


@pytest.fixture(scope="package")
def app(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[servers.Page]:
    """``collabchat app`` on a workspace that all tests share: each with people and rooms of its own."""
    home = tmp_path_factory.mktemp("app")
    workspace = home / "team"
    with servers.app(workspace, home) as page:
        yield page
    servers.stop_hub(workspace)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Path]:
    """A workspace for this test alone."""
    folder = tmp_path / "team"
    yield folder
    servers.stop_hub(folder)


@pytest.fixture
def connect(workspace: Path) -> Iterator[Callable[..., cc.Chat]]:
    """``connect("bo")`` speaks as that member from Python; ``connect("bo", folder)`` elsewhere."""
    chats: list[cc.Chat] = []

    def connect(user: str, folder: Path | None = None, **options: Any) -> cc.Chat:
        chats.append(cc.connect(folder or workspace, user=user, **options))
        return chats[-1]

    yield connect
    for chat in chats:
        chat.close()


class Person:
    """Somebody's browser: a context of its own."""

    def __init__(self, context: BrowserContext, who: str) -> None:
        self.context = context
        self.who = who
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.allowed: list[re.Pattern[str]] = [KNOWN]
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("console", self._console)
        context.on("weberror", lambda error: self.errors.append(f"{error.error}"))
        self.page: Page = context.new_page()

    def allow(self, pattern: str) -> None:
        """Errors of the page that this test provokes."""
        self.allowed.append(re.compile(pattern))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            place = message.location
            self.errors.append(f"{message.text} ({place.get('url')})")

    def problems(self) -> list[str]:
        """The page's errors that nobody expected, and what it asked of other machines."""
        errors = [error for error in self.errors if not any(known.search(error) for known in self.allowed)]
        ours = re.compile(r"(https?|wss?)://(127\.0\.0\.1|localhost|\[::1\])[:/]|data:|blob:|about:")
        return errors + [f"asked {url}" for url in self.requests if not ours.match(url)]


@pytest.fixture
def person(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Person]]:
    """``person("ana")`` opens a browser context for somebody; options are Playwright's for a context.

    Errors on the page's console fail the test, and so does a request to another machine.
    """
    people: list[Person] = []

    def person(who: str = "somebody", **options: Any) -> Person:
        given = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", **options}
        people.append(Person(browser.new_context(**given), who))
        people[-1].context.set_default_timeout(SOON)
        return people[-1]

    yield person
    if request.node.stash.get(_failed, False):
        _keep_pictures(request.node.name, people)
    problems = [f"{one.who}: {problem}" for one in people for problem in one.problems()]
    for one in people:
        one.context.close()
    if not request.node.stash.get(_failed, False):
        assert problems == []
    elif problems:
        print("\n".join(problems))


def _keep_pictures(test: str, people: list[Person]) -> None:
    OUTPUT.mkdir(exist_ok=True)
    name = re.sub(r"[^\w\-]+", "_", test)
    for one in people:
        for number, page in enumerate(one.context.pages):
            page.screenshot(path=OUTPUT / f"failed-{name}-{one.who}-{number}.png")


@pytest.fixture
def visitor(person: Callable[..., Person], app: servers.Page) -> Callable[..., Panel]:
    """``visitor("Ana")`` opens the page of the app, gives a name, and is in."""

    def visitor(name: str, **options: Any) -> Panel:
        page = person(name, **options).page
        page.goto(app.url)
        return enter(page, name)

    return visitor


def enter(page: Page, name: str) -> Panel:
    """Give the name that the page asks for."""
    page.get_by_role("textbox", name="Your name", exact=True).fill(name, timeout=60_000)
    page.get_by_role("button", name="Enter the chat", exact=True).click()
    return Panel(page).expect_open()


@pytest.fixture
def open_notebook(person: Callable[..., Person], lab: servers.Jupyter) -> Iterator[Callable[..., Notebook]]:
    """``open_notebook("a.ipynb", [cells])`` opens it in JupyterLab in a context of its own, and runs it not."""
    books: list[Notebook] = []

    def open_notebook(name: str, cells: list[str], **options: Any) -> Notebook:
        books.append(Notebook(person(name, **options).page, lab.write(name, cells)))
        return books[-1]

    yield open_notebook
    for book in books:
        book.end_kernels(lab.url)


def panel_cell(workspace: Path, user: str, options: str = "") -> str:
    """The three lines with which a notebook joins in."""
    return "\n".join(
        [
            "import collabchat as cc",
            f"chat = cc.connect({str(workspace)!r}, user={user!r})",
            f"cc.ChatPanel(chat{options})",
        ]
    )
