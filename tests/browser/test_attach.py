"""Files into the panel: chosen, dropped and pasted as a person does it, and sent whatever breaks on the way."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

import collabchat as cc

from . import servers
from .conftest import panel_cell
from .notebook import Notebook
from .panel import SOON, Panel
from .servers import until

Connect = Callable[..., cc.Chat]
OpenNotebook = Callable[..., Notebook]
MOST = 95_000_000
LONG = 60_000
# What the page around the panel hears of a drag.
_HEAR = """
window.heard = [];
for (const type of ["dragenter", "dragover", "dragleave", "drop"])
  document.addEventListener(type, (event) => window.heard.push(type), true);
"""
_COPY_PICTURE = """
async (data) => {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  await navigator.clipboard.write([new ClipboardItem({"image/png": new Blob([bytes], {type: "image/png"})})]);
}
"""
_COPY_CELLS = """
async (data) => {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  await navigator.clipboard.write([new ClipboardItem({
    "text/plain": new Blob(["words of a cell"], {type: "text/plain"}),
    "image/png": new Blob([bytes], {type: "image/png"}),
  })]);
}
"""


def _files(folder: Path, sizes: Sequence[int]) -> list[Path]:
    """Files of these sizes, each with a content of its own."""
    folder.mkdir(exist_ok=True)
    paths = [folder / f"part {number}.bin" for number in range(len(sizes))]
    for path, size in zip(paths, sizes, strict=True):
        path.write_bytes(os.urandom(size))
    return paths


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _picture() -> str:
    image = pytest.importorskip("PIL.Image")
    to = io.BytesIO()
    image.new("RGB", (40, 30), "teal").save(to, "png")
    return base64.b64encode(to.getvalue()).decode()


class Attaching:
    """The files of a text box."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self.page = panel.page
        self.tray = panel.region.get_by_role("list", name="Attached files", exact=True)
        self.items = self.tray.get_by_role("listitem")
        self.bars = panel.region.get_by_role("progressbar", name=re.compile("^Upload of"))
        self.target = panel.region.get_by_text(re.compile("^Drop files here to attach them"))

    def choose(self, *paths: Path) -> None:
        """Through the picker of the paperclip."""
        with self.page.expect_file_chooser() as choosing:
            self.panel.button("Attach files").click()
        choosing.value.set_files(list(paths))

    def drag(self, kind: str, over: Locator, *paths: Path) -> None:
        """What Chromium does when a hand drags files over the page."""
        box = over.bounding_box()
        assert box is not None
        session = self.page.context.new_cdp_session(self.page)
        session.send(
            "Input.dispatchDragEvent",
            {
                "type": kind,
                "x": box["x"] + box["width"] / 2,
                "y": box["y"] + box["height"] / 2,
                "data": {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1},
            },
        )
        session.detach()

    def drop(self, over: Locator, *paths: Path) -> None:
        for kind in ("dragEnter", "dragOver", "drop"):
            self.drag(kind, over, *paths)

    def paste(self, script: str, *values: Any) -> None:
        """Copy, and press the keys that paste."""
        self.page.evaluate(script, *values)
        self.panel.box.click()
        self.page.keyboard.press("Control+v")

    def expect_there(self, count: int) -> None:
        """Wait until so many files are at the hub."""
        expect(self.items).to_have_count(count, timeout=LONG)
        expect(self.bars).to_have_count(0, timeout=LONG)
        expect(self.tray.get_by_role("button", name=re.compile("^Remove "))).to_have_count(count)

    def send(self, text: str) -> None:
        self.panel.box.fill(text)
        self.panel.button("Send").click()


def _posted(room: cc.Room, text: str) -> cc.Message:
    def look() -> cc.Message | None:
        return next((message for message in room.history() if message.text == text and message.files), None)

    found: cc.Message = until(look, LONG / 1000, f"{text!r} is posted")
    return found


def _come_in(attaching: Attaching, room: cc.Room, folder: Path) -> None:
    """Choose, drop and paste; what the page around the panel hears of it is nothing."""
    panel, page = attaching.panel, attaching.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate(_HEAR)
    small = _files(folder, [10, 0, 30])
    attaching.choose(small[0], small[1])
    attaching.expect_there(2)

    # The target shows itself while one drags, and leaves with the drag.
    attaching.drag("dragEnter", panel.log, small[2])
    attaching.drag("dragOver", panel.log, small[2])
    expect(attaching.target).to_contain_text(f"#{room.name}")
    attaching.drag("dragCancel", panel.log, small[2])
    expect(attaching.target).to_have_count(0)
    attaching.drop(panel.log, small[2], folder)
    attaching.expect_there(3)
    expect(attaching.target).to_have_count(0)
    expect(panel.alerts).to_contain_text(f"“{folder.name}” is a folder")
    attaching.drop(panel.box, small[2])
    attaching.expect_there(4)

    attaching.paste(_COPY_PICTURE, _picture())
    attaching.expect_there(5)
    expect(attaching.items.last).to_have_accessible_name(
        re.compile(r"^Pasted picture \d{4}-\d\d-\d\d \d\d\.\d\d\.png, ")
    )
    attaching.paste(_COPY_CELLS, _picture())
    expect(panel.box).to_have_value("words of a cell")
    attaching.expect_there(5)

    # By keys: the last one first.
    attaching.items.last.focus()
    for _ in range(4):
        page.keyboard.press("Shift+ArrowLeft")
    expect(attaching.items.first).to_be_focused()
    attaching.send("all of these")
    message = _posted(room, "all of these")
    assert re.match("Pasted picture", message.files[0].name)
    assert [file.size for file in message.files[1:]] == [10, 0, 30, 30]
    assert [file.read() for file in message.files[1:4]] == [path.read_bytes() for path in small]
    assert page.evaluate("window.heard") == []


def test_in_jupyterlab(
    open_notebook: OpenNotebook, lab: servers.Jupyter, workspace: Path, connect: Connect, tmp_path: Path
) -> None:
    room = connect("ana", name="Ana Ruiz").create_room("yard")
    book = open_notebook("attach.ipynb", [panel_cell(workspace, "ana", ', room="yard", height="700px"')])
    book.run(0)
    attaching = Attaching(book.panel().expect_open().expect_room("yard"))
    panel = attaching.panel
    before = sorted(lab.root.iterdir())
    _come_in(attaching, room, tmp_path / "small")
    assert sorted(lab.root.iterdir()) == before
    expect(book.cells).to_have_count(1)

    # As much as a message may have, dropped at once; one more file, and one more byte, are refused before they travel.
    parts = _files(tmp_path / "large", [MOST // 10] * 10)
    attaching.drop(panel.log, *parts)
    expect(panel.region.get_by_role("progressbar", name="Upload of 10 files")).to_be_visible()
    attaching.expect_there(10)
    attaching.choose(tmp_path / "small" / "part 0.bin")
    expect(panel.alerts).to_contain_text("A message has at most 10 files: “part 0.bin” is one too many.")
    attaching.items.last.get_by_role("button").click()
    [heavy] = _files(tmp_path / "heavy", [MOST // 10 + 1])
    attaching.choose(heavy)
    expect(panel.alerts).to_contain_text(
        "The files of a message have at most 95 MB together: “part 0.bin” is 1 byte over that."
    )
    attaching.expect_there(9)
    attaching.drop(panel.log, parts[9])
    attaching.expect_there(10)
    attaching.send("95 MB")
    message = _posted(room, "95 MB")
    assert [file.sha256 for file in message.files] == [_sha(path.read_bytes()) for path in parts]


def test_in_voila(visitor: Callable[..., Panel], app: servers.Page, connect: Connect, tmp_path: Path) -> None:
    panel = visitor("Ana Attaches")
    panel.create_room("attached")
    bo = connect("bo-attaches", app.workspace)
    room = bo.room("attached")
    room.join()
    _come_in(Attaching(panel), room, tmp_path / "small")


def test_whatever_breaks_a_file_goes_on_where_it_was(
    open_notebook: OpenNotebook, workspace: Path, connect: Connect, tmp_path: Path
) -> None:
    ana = connect("ana", name="Ana Ruiz")
    room = ana.create_room("yard")
    ana.create_room("elsewhere")
    book = open_notebook("breaks.ipynb", [panel_cell(workspace, "ana", ', room="yard", height="700px"')])
    book.run(0)
    attaching = Attaching(book.panel().expect_open().expect_room("yard"))
    panel = attaching.panel

    def under_way(least: int) -> None:
        far = attaching.bars.first
        until(lambda: int(far.get_attribute("aria-valuenow") or 0) >= least, 20, "some of it is there")

    # It is sent before it is there, one looks at another room, and the hub is killed in the middle.
    first, second = _files(tmp_path / "large", [MOST, 40_000_000])
    attaching.choose(first)
    attaching.send("with all of it")
    under_way(5)
    panel.open("elsewhere")
    servers.kill_hub(workspace)
    panel.say("a word meanwhile")
    panel.open("yard")
    message = _posted(room, "with all of it")
    assert _sha(ana.file(message.files[0].id).read()) == _sha(first.read_bytes())
    panel.expect_message("with all of it")
    expect(panel.alerts).to_have_count(0)

    # The kernel is restarted, and the cell run again: the page still holds the bytes.
    attaching.choose(second)
    attaching.panel.box.fill("after the kernel")
    under_way(10)
    far = int(attaching.bars.first.get_attribute("aria-valuenow") or 0)
    book.restart(run=True)
    again = Attaching(book.panel().expect_open().expect_room("yard"))
    assert far < 100
    again.expect_there(1)
    expect(again.panel.box).to_have_value("after the kernel", timeout=SOON)
    again.panel.button("Send").click()
    assert _posted(room, "after the kernel").files[0].sha256 == _sha(second.read_bytes())
