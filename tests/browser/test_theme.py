"""Light and dark, wide and narrow; and the picture that the README shows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from collabchat.sample_workspace import make

from . import servers
from .conftest import OUTPUT, Person, panel_cell
from .notebook import Notebook
from .panel import Panel

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "panel.png"
WIDTHS = (1400, 760, 380)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, browser: object) -> Iterator[servers.Page]:
    """The page of the sample conversation, as Ana sees it."""
    home = tmp_path_factory.mktemp("sample")
    workspace = home / "tidewater"
    make(workspace)
    with servers.app(workspace, home, "--user", "ana") as page:
        yield page
    servers.stop_hub(workspace)


def _brightness(panel: Panel) -> float:
    """Of the panel's background: 0 is black, 255 is white."""
    colour: list[int] = panel.region.evaluate(
        """region => {
            let one = region.querySelector("[role=log]");
            let colour = "rgba(0, 0, 0, 0)";
            while (one && /, 0\\)$/.test(colour)) {
                colour = getComputedStyle(one).backgroundColor;
                one = one.parentElement;
            }
            return colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
        }"""
    )
    return sum(colour) / 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_follows_the_system(
    person: Callable[..., Person], sample: servers.Page, scheme: str, width: int
) -> None:
    browser = person("ana", viewport={"width": width, "height": 860}, color_scheme=scheme)
    browser.page.goto(sample.url)
    panel = Panel(browser.page)
    expect(panel.region).to_be_visible(timeout=60_000)
    expect(panel.conversation("incidents")).to_be_visible()
    panel.open("incidents")
    expect(panel.messages.last).to_be_visible()
    assert (_brightness(panel) > 200) == (scheme == "light")
    # Nothing is wider than the window, whatever its width.
    assert browser.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert panel.box.bounding_box()["width"] > 200
    OUTPUT.mkdir(exist_ok=True)
    browser.page.screenshot(path=OUTPUT / f"page-{scheme}-{width}.png")


@pytest.fixture
def dark_lab(lab: servers.Jupyter) -> Iterator[None]:
    """JupyterLab in its dark theme."""
    chosen = lab.root.parent / "settings" / "@jupyterlab" / "apputils-extension" / "themes.jupyterlab-settings"
    chosen.parent.mkdir(parents=True, exist_ok=True)
    chosen.write_text('{"theme": "JupyterLab Dark"}')
    yield
    chosen.unlink()


@pytest.mark.usefixtures("dark_lab")
def test_the_panel_is_dark_in_a_dark_jupyterlab(open_notebook: Callable[..., Notebook], workspace: Path) -> None:
    book = open_notebook("theme.ipynb", [panel_cell(workspace, "ana")])
    book.run(0)
    panel = book.panel().expect_open()
    expect(book.page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    panel.create_room("colours")
    panel.say("dark now")
    panel.expect_message("dark now")
    assert _brightness(panel) < 60
    OUTPUT.mkdir(exist_ok=True)
    book.page.screenshot(path=OUTPUT / "lab-dark.png")
    # The theme may change while the panel is there.
    book.page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    book.page.evaluate("document.documentElement.style.setProperty('--jp-layout-color1', 'white')")
    expect(panel.region.locator("xpath=ancestor-or-self::*[@data-theme]").first).to_have_attribute(
        "data-theme", "light"
    )


def test_the_picture_of_the_readme(person: Callable[..., Person], sample: servers.Page) -> None:
    browser = person("ana", viewport={"width": 1180, "height": 720}, color_scheme="light", device_scale_factor=2)
    browser.page.goto(sample.url)
    panel = Panel(browser.page).expect_open()
    panel.open("pipeline")
    expect(panel.messages.last).to_be_visible()
    browser.page.mouse.move(5, 5)
    browser.page.evaluate("document.fonts.ready")
    path = PICTURE if os.environ.get("COLLABCHAT_PICTURES") == "1" else OUTPUT / "panel.png"
    path.parent.mkdir(exist_ok=True, parents=True)
    browser.page.screenshot(path=path)
    assert path.stat().st_size > 20_000
