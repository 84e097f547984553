"""A notebook in the browser, in JupyterLab or in Notebook 7."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from .panel import SOON, Panel

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
        page.goto(address)
        self.wait()

    def wait(self) -> None:
        """Until its cells are there and its kernel is idle."""
        expect(self.cells.first).to_be_visible(timeout=START)
        self.wait_idle(START)

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
        prompt = self.cells.first.get_by_text(re.compile(r"^\[[\d* ]*\]:$")).first
        before = prompt.inner_text()
        for last in (False, False, True):
            # JupyterLab forgets the wish, without a word, when its kernel has only just come.
            self.menu("Run", "Run All Cells")
            try:
                expect(prompt).not_to_have_text(before, timeout=4_000)
                return
            except AssertionError:
                if last:
                    raise

    def run(self, number: int) -> None:
        """Start one cell, counted from 0."""
        editor = self.cells.nth(number).get_by_role("textbox").first
        editor.click()
        editor.press("Control+Enter")

    def panel(self, number: int = 0) -> Panel:
        """The panel, or one of several, counted from 0 as they stand on the page."""
        regions = self.page.get_by_role("region", name="collabchat", exact=True)
        return Panel(self.page, regions.nth(number))

    def save(self) -> None:
        self.menu("File", "Save Notebook")
