"""A notebook in the browser, in JupyterLab or in Notebook 7."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from .panel import SOON, Panel
from .servers import until

START = 60_000
"""Milliseconds in which a page of Jupyter and its kernel are there."""


class Notebook:
    """One notebook on a page.

    Parameters
    ----------
    page
        The browser's page.
    address
        What opens it.
    """

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        page.goto(address)
        self.wait()

    def wait(self) -> None:
        """Until its cells are there and its kernel is idle."""
        expect(self.cells.first).to_be_visible(timeout=START)
        until(self._has_kernel, START / 1000, "the kernel of the notebook is there")
        self.wait_idle(START)

    def _has_kernel(self) -> bool:
        """Whether the server knows of a kernel that this page is connected to; before that, a wish to run is lost."""
        server, name = self._server_and_name()
        sessions = self.page.context.request.get(f"{server}api/sessions").json()
        kernels = [session["kernel"] for session in sessions if session["path"] == name]
        return any(kernel["connections"] and kernel["execution_state"] == "idle" for kernel in kernels)

    def _server_and_name(self) -> tuple[str, str]:
        found = re.fullmatch(r"(.*/)(?:lab/tree|notebooks)/([^?]+).*", self.address)
        assert found is not None, self.address
        return found[1], found[2]

    @property
    def cells(self) -> Locator:
        """Its cells, from the top."""
        return self.page.get_by_label(re.compile("^Code Cell Content"))

    def wait_idle(self, within: int = SOON) -> None:
        """Until its kernel is there and runs no cell."""
        self.expect_kernel("idle", within)

    def expect_kernel(self, status: str, within: int = SOON) -> None:
        """Until the kernel is ``idle`` or ``busy``, as the toolbar shows."""
        indicator = self.page.get_by_role("progressbar", name="Kernel status").first.locator("..")
        expect(indicator).to_have_attribute("data-status", status, timeout=within)

    def expect_ran(self, number: int, within: int = SOON) -> None:
        """Until a cell, counted from 0, has run to its end."""
        expect(self.cells.nth(number).get_by_text(re.compile(r"^\[\d+\]:$")).first).to_be_attached(timeout=within)

    def menu(self, menu: str, item: str) -> None:
        """Choose from the menu bar."""
        self.page.get_by_role("menubar").first.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.get_by_role("menu").get_by_role("menuitem", name=re.compile(f"^{re.escape(item)}")).first.click()

    def run_all(self) -> None:
        """Start all cells."""
        self._start(0, lambda: self.menu("Run", "Run All Cells"))

    def run(self, number: int, *, to_end: bool = True) -> None:
        """Run one cell, counted from 0, to its end; or only start it."""
        editor = self.cells.nth(number).get_by_role("textbox").first

        def start() -> None:
            editor.click()
            editor.press("Control+Enter")

        self._start(number, start, to_end)

    def _start(self, number: int, start: Callable[[], None], to_end: bool = True) -> None:
        prompt = self.cells.nth(number).get_by_text(re.compile(r"^\[[\d* ]*\]:$")).first
        before = prompt.inner_text()
        for last in (False, False, True):
            # JupyterLab forgets the wish, without a word, when its kernel has only just come.
            start()
            try:
                expect(prompt).not_to_have_text(before, timeout=4_000)
                if to_end:
                    expect(prompt).to_have_text(re.compile(r"^\[\d+\]:$"), timeout=START if last else 8_000)
                return
            except AssertionError:
                if last:
                    raise

    def panel(self, number: int = 0) -> Panel:
        """The panel, or one of several, counted from 0 as they stand on the page."""
        regions = self.page.get_by_role("region", name="collabchat", exact=True)
        return Panel(self.page, regions.nth(number))

    def save(self) -> None:
        self.menu("File", "Save Notebook")

    def context_menu(self, place: Locator, item: str) -> None:
        """Choose from what the right mouse button offers at the head of a cell."""
        place.get_by_text(re.compile(r"^\[\d+\]:$")).first.click(button="right")
        self.page.get_by_role("menu").get_by_role("menuitem", name=re.compile(f"^{re.escape(item)}")).first.click()

    def restart(self, run: bool = False) -> None:
        """Restart the kernel, as the menu does it and asks."""
        self.menu("Kernel", "Restart Kernel and Run All Cells" if run else "Restart Kernel…")
        self.page.get_by_role("button", name="Confirm Kernel Restart").click()
        self.wait_idle(START)

    def shut_down_kernel(self) -> None:
        """End the kernel, and stay."""
        self.menu("Kernel", "Shut Down Kernel")
        self.page.get_by_role(
            "button", name=re.compile("^(Python 3.*No Kernel|No Kernel|Python 3.*Unknown)")
        ).first.wait_for()

    def expect_saved(self) -> None:
        """Until the file holds the panel that its cells show."""
        server, name = self._server_and_name()

        def saved() -> bool:
            answer = self.page.context.request.get(f"{server}api/contents/{name}")
            # While Jupyter puts the new file in the place of the old one, there may be none.
            return answer.ok and "application/vnd.jupyter.widget-view+json" in json.dumps(answer.json().get("content"))

        until(saved, SOON / 1000, "the notebook is saved")

    def end_kernels(self, url: str) -> None:
        """End all kernels of the server, through its own interface."""
        request = self.page.context.request
        tokens = [cookie.get("value", "") for cookie in self.page.context.cookies(url) if cookie.get("name") == "_xsrf"]
        for session in request.get(f"{url}api/sessions").json():
            request.delete(f"{url}api/sessions/{session['id']}", headers={"X-XSRFToken": tokens[0] if tokens else ""})
