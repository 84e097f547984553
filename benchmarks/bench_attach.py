"""95 MB into the panel and out of it, through Voila, beside bare comm slices on the same page; the two take turns.

The bare ones are a plain widget that acknowledges each slice, and sends as many bytes as it is asked for. Needs
Chromium.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
from figure import figure, middle, note
from hubs import scratch
from pages import WAIT, chromium, item, region, served
from playwright.sync_api import Page

import collabchat

SIZE = 95_000_000
SLICE = 524_288
WINDOW = 8
TARGET = 0.8

_BARE = '''
import anywidget

class Bare(anywidget.AnyWidget):
    _esm = """
    export default { render({ model }) {
      const run = (total, slice, most, ask) => new Promise((done) => {
        const start = performance.now();
        let next = 0, came = 0;
        const more = () => { if (next < total) { const n = Math.min(slice, total - next); ask(next, n); next += n; } };
        const receive = (message) => {
          came += message.size;
          if (came < total) return more();
          model.off("msg:custom", receive);
          done(performance.now() - start);
        };
        model.on("msg:custom", receive);
        for (let i = 0; i < most; i++) more();
      });
      window.bareUp = async (file, slice, most) => run(file.size, slice, most, async (at, n) => {
        model.send({ type: "up" }, undefined, [await file.slice(at, at + n).arrayBuffer()]);
      });
      window.bareDown = (total, slice, most) =>
        run(total, slice, most, (at, n) => model.send({ type: "down", size: n }));
    } };
    """

    def __init__(self):
        super().__init__()
        self.on_msg(self._said)

    def _said(self, _widget, content, buffers):
        if content["type"] == "up":
            self.send({"size": buffers[0].nbytes})
        else:
            self.send({"size": content["size"]}, [bytes(content["size"])])

Bare()
'''
_PANEL = """
import os
from collabchat.panel import ChatPanel
ChatPanel.visitor(os.environ["COLLABCHAT_WORKSPACE"], height="600px")
"""
_SERVE = """
import pathlib, sys
from collabchat.app import server
server.notebooks_folder = lambda: pathlib.Path(sys.argv[1])
server.serve(pathlib.Path(sys.argv[2]), port=0)
"""
# From when the panel has the file to when it calls it done.
_STAMP = """
window.addEventListener("change", (event) => {
  if (event.target.type === "file" && event.target.closest(".cc-panel")) window.began = performance.now();
}, true);
const look = () => {
  if (window.began && document.querySelector('.cc-tray-file[data-state="done"]')) {
    window.took = performance.now() - window.began;
    window.began = 0;
  }
  requestAnimationFrame(look);
};
look();
"""
_BARE_FIELD = """
const field = document.createElement("input");
field.type = "file";
field.id = "bare-field";
document.body.append(field);
"""


@contextlib.contextmanager
def page_of(workspace: Path) -> Iterator[str]:
    """The address of a page with the panel and the bare widget."""
    folder = workspace / "page"
    folder.mkdir()
    book = nbformat.v4.new_notebook()
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    book.cells = [nbformat.v4.new_code_cell(source) for source in (_PANEL, _BARE)]
    nbformat.write(book, folder / "app.ipynb")
    with served([sys.executable, "-c", _SERVE, str(folder), str(workspace)], workspace) as address:
        yield address


def up(page: Page, path: Path) -> float:
    """Seconds in which the panel has a file at the hub; it is sent then."""
    page.evaluate("window.took = 0")
    page.locator(".cc-panel input[type=file][multiple]").set_input_files(path)
    page.wait_for_function("window.took > 0", timeout=WAIT)
    region(page).get_by_role("button", name="Send", exact=True).click()
    return float(page.evaluate("window.took")) / 1e3


def down(page: Page, name: str, to: Path) -> float:
    """Seconds from the click to the file's being given to the browser."""
    button = region(page).get_by_role("button", name=f"Download {name}", exact=True)
    button.wait_for(timeout=WAIT)
    with page.expect_download(timeout=WAIT) as saving:
        start = time.perf_counter()
        button.click()
    took = time.perf_counter() - start
    saving.value.save_as(to)
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    found: dict[str, list[float]] = {name: [] for name in ("up", "bare up", "down", "bare down")}
    with scratch() as workspace, tempfile.TemporaryDirectory() as place:
        with collabchat.connect(workspace, user="user0") as chat:
            chat.create_room("files").post("here they come")
        with page_of(workspace) as url, chromium() as browser:
            page = browser.new_page()
            page.goto(url, timeout=WAIT)
            page.get_by_role("textbox", name="Your name").fill("user0", timeout=WAIT)
            page.get_by_role("textbox", name="Your name").press("Enter")
            item(page, "files").click(timeout=WAIT)
            page.evaluate(_STAMP)
            page.evaluate(_BARE_FIELD)
            page.wait_for_function("() => Boolean(window.bareUp)", timeout=WAIT)
            for turn in range(options.rounds):
                path = Path(place) / f"big {turn}.bin"
                path.write_bytes(os.urandom(SIZE))
                page.locator("#bare-field").set_input_files(path)
                bare = "([slice, most]) => bareUp(document.querySelector('#bare-field').files[0], slice, most)"
                found["bare up"].append(SIZE / page.evaluate(bare, [SLICE, WINDOW]) / 1e3)
                found["up"].append(SIZE / up(page, path) / 1e6)
                bare = "([size, slice, most]) => bareDown(size, slice, most)"
                found["bare down"].append(SIZE / page.evaluate(bare, [SIZE, SLICE, WINDOW]) / 1e3)
                saved = Path(place) / "saved.bin"
                found["down"].append(SIZE / down(page, path.name, saved) / 1e6)
                if hashlib.sha256(saved.read_bytes()).digest() != hashlib.sha256(path.read_bytes()).digest():
                    raise SystemExit("what came back is not what was sent")
                path.unlink()
                shown = ", ".join(f"{name} {values[-1]:.1f}" for name, values in found.items())
                note(f"  round {turn + 1}: {shown} MB/s")
    for way, words in (("up", "sending"), ("down", "fetching")):
        figure(
            f"{words} 95 MB through the panel in Voila",
            middle(found[way]),
            "MB/s",
            target=f"{TARGET:g} of bare comm slices",
            reached=middle(found[way]) >= TARGET * middle(found[f"bare {way}"]),
            baseline=middle(found[f"bare {way}"]),
            baseline_name="slices through a plain widget on the same page, nothing done with them",
        )


if __name__ == "__main__":
    main()
