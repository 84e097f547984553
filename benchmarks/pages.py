"""Chromium, and pages of the chat in it, served by Voila."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from hubs import HERE, stop
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

WAIT = 90_000
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The browser."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        raise SystemExit("There is no Chromium here.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def app(workspace: Path) -> Iterator[str]:
    """The address of the chat of a workspace, served by Voila while the block runs."""
    command = [sys.executable, "-m", "collabchat", "app", str(workspace), "--port", "0"]
    with served(command, workspace) as address:
        yield address


@contextlib.contextmanager
def served(command: Sequence[str], workspace: Path) -> Iterator[str]:
    """The address that a command says it serves a workspace at, while the block runs; the hub is stopped too."""
    log = workspace / "app.log"
    environment = dict(os.environ, PYTHONPATH=str(HERE.parent), PYTHONUNBUFFERED="1")
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment, start_new_session=True
        )
    try:
        deadline = time.monotonic() + 60
        while not (found := re.search(r"http://\S+", log.read_text())):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text())
            time.sleep(0.05)
        yield found[0]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        stop(workspace)


def region(page: Page) -> Locator:
    """The panel on a page."""
    return page.get_by_role("region", name="collabchat", exact=True)


def item(page: Page, room: str) -> Locator:
    """What opens a room, in the list on the left."""
    found = region(page).get_by_role("list", name="Conversations").get_by_role("listitem", name=room, exact=True)
    return found.get_by_role("button").first


def visit(browser: Browser, url: str, who: str, room: str, *scripts: str, **options: Any) -> Page:
    """Somebody's page, with a room open; the scripts run before its own, the options are those of a context."""
    context: BrowserContext = browser.new_context(**options)
    for script in scripts:
        context.add_init_script(script)
    page = context.new_page()
    page.goto(url, timeout=WAIT)
    name = page.get_by_role("textbox", name="Your name")
    name.fill(who, timeout=WAIT)
    name.press("Enter")
    item(page, room).click(timeout=WAIT)
    region(page).get_by_role("log", name="Messages").get_by_role("article").last.wait_for(timeout=WAIT)
    return page
