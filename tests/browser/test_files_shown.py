"""Files of messages in the panel: shown, looked into, saved, and refused to those who left."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Download, FloatRect, Locator, expect

import collabchat as cc

from .conftest import panel_cell
from .notebook import Notebook
from .panel import SOON, Panel
from .servers import until

RUNS = "window.ran = (window.ran || 0) + 1; parent.ran = 1; alert(1)"
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{RUNS}"><script>{RUNS}</script><rect/></svg>'
HTML = f"<!doctype html><title>x</title><img src=x onerror='{RUNS}'><script>{RUNS}</script><p>The report</p>"
HOSTILE = "..\\..\\re\u202egpj.exe\u0007 <img src=x onerror=ran=1>.csv"
LARGE = 95_000_000


def _picture(size: tuple[int, int], colour: str, kind: str) -> bytes:
    image = pytest.importorskip("PIL.Image")
    to = io.BytesIO()
    image.new("RGB", size, colour).save(to, kind)
    return to.getvalue()


def _tables() -> dict[str, bytes]:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"region": ["west", "east", "west"] * 20, "cost": [n * 1.5 for n in range(60)]})
    parquet = io.BytesIO()
    frame.to_parquet(parquet)
    return {"costs.csv": frame.to_csv(index=False).encode(), "costs.parquet": parquet.getvalue()}


def _book() -> bytes:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "# Backtest\n\n<script>" + RUNS + "</script>"},
        {
            **{"cell_type": "code", "metadata": {}, "source": "print(40 + 2)", "execution_count": 3},
            "outputs": [
                {"output_type": "stream", "name": "stdout", "text": "42\n"},
                {
                    **{"output_type": "display_data", "metadata": {}},
                    "data": {"text/html": HTML, "text/plain": "<the report>"},
                },
            ],
        },
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def _archive() -> bytes:
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w") as archive:
        archive.writestr("src/main.py", "print(1)")
    return to.getvalue()


def _sound() -> bytes:
    import wave

    to = io.BytesIO()
    with wave.open(to, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8_000)
        sound.writeframes(bytes(16_000))
    return to.getvalue()


def _given() -> list[tuple[str, bytes]]:
    data = Path(__file__).parents[2] / "data" / "files"
    return [
        ("harbour.png", _picture((1200, 800), "teal", "png")),
        ("crane.jpg", _picture((600, 900), "orange", "jpeg")),
        *_tables().items(),
        ("backtest.ipynb", _book()),
        ("postmortem.pdf", (data / "postmortem-2026-10-16.pdf").read_bytes()),
        ("load.py", b"def load(path: str) -> int:\n    return 42\n"),
        ("logo.svg", SVG.encode()),
        ("report.html", HTML.encode()),
        (HOSTILE, b"a,b\n1,2\n"),
    ]


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _saved(download: Download) -> bytes:
    return Path(download.path()).read_bytes()


def _drawn(picture: Locator) -> None:
    """Wait until a picture is there and really one."""
    expect(picture).to_be_visible(timeout=SOON)
    until(lambda: picture.evaluate("image => image.complete && image.naturalWidth"), 20, "the picture is drawn")


def test_files_are_shown_looked_into_and_saved(
    open_notebook: Callable[..., Notebook], workspace: Path, connect: Callable[..., cc.Chat], tmp_path: Path
) -> None:
    ana, bo = connect("ana", name="Ana Ruiz"), connect("bo", name="Bo Lind")
    room = bo.create_room("yard", members=["ana"])
    vault = bo.create_room("vault", members=["ana"], kind="private")
    given = _given()
    message = room.post("All there is", files=given)
    room.post("More", files=[("standup.wav", _sound()), ("all.zip", _archive())])
    heavy = os.urandom(1_000_000) * 95
    assert len(heavy) == LARGE
    secret = vault.post("For us", files=[("load.bin", heavy)])
    ana.mark_all_read()

    book = open_notebook("files.ipynb", [panel_cell(workspace, "ana", ', room="yard", height="700px"')])
    dialogs: list[str] = []
    book.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    book.run(0)
    panel = book.panel().expect_open().expect_room("yard")
    article = panel.log.get_by_role("article").filter(has_text="All there is")
    pictures = article.get_by_role("list", name="Pictures")
    for name in ("harbour.png", "crane.jpg"):
        # It is fetched when one comes near to it.
        pictures.get_by_role("button", name=name, exact=True).scroll_into_view_if_needed()
        _drawn(pictures.get_by_role("img", name=name))

    # Each is looked into, in its card.
    opened: list[tuple[Locator, FloatRect | None]] = []

    def look(name: str) -> Locator:
        turn = book.page.get_by_role("button", name=f"Preview {name}", exact=True)
        card = panel.log.get_by_role("listitem").filter(has=turn)
        turn.scroll_into_view_if_needed()
        before = turn.bounding_box()
        turn.click()
        opened.append((turn, before))
        return card

    def stayed() -> None:
        """What was clicked last stands where it stood: what comes, comes below."""
        turn, before = opened[-1]
        now = turn.bounding_box()
        assert before is not None
        assert now is not None
        assert abs(now["y"] - before["y"]) < 2

    for name in ("costs.csv", "costs.parquet"):
        card = look(name)
        expect(card).to_contain_text("60 rows · 2 columns", timeout=SOON)
        expect(card.get_by_role("columnheader")).to_have_count(2)
        stayed()
    card = look("backtest.ipynb")
    expect(card.get_by_role("heading", name="Backtest")).to_be_visible(timeout=SOON)
    expect(card).to_contain_text("42")
    card = look("postmortem.pdf")
    expect(card).to_contain_text(re.compile(r"\d pages?"), timeout=SOON)
    _drawn(card.get_by_role("img", name="First page of postmortem.pdf"))
    expect(look("load.py").locator(".cc-hl-keyword").first).to_have_text("def", timeout=SOON)
    expect(look("logo.svg")).to_contain_text("<svg xmlns=", timeout=SOON)
    expect(look("report.html")).to_contain_text("<p>The report</p>", timeout=SOON)
    # The last one: at the newest message one stays where one has clicked.
    panel.log.evaluate("log => { log.scrollTop = log.scrollHeight; }")
    expect(look("all.zip")).to_contain_text("src/main.py", timeout=SOON)
    stayed()
    player = look("standup.wav").locator("audio")
    until(lambda: player.evaluate("sound => sound.duration") == 1, 20, "the sound can be played")

    # In large, by keys; the focus comes back.
    opener = pictures.get_by_role("button", name="harbour.png", exact=True)
    opener.click()
    viewer = panel.region.get_by_role("dialog", name="harbour.png")
    _drawn(viewer.get_by_role("img", name="harbour.png"))
    book.page.keyboard.press("+")
    expect(viewer.get_by_role("img")).to_have_css("transform", re.compile(r"matrix\(1\.5"))
    book.page.keyboard.press("ArrowRight")
    _drawn(panel.region.get_by_role("dialog", name="crane.jpg").get_by_role("img"))
    book.page.keyboard.press("Escape")
    expect(panel.region.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()

    # Saved under its own name, as it is; one with a hostile name, under a tame one.
    tame = message.files[-1].name
    for name, data in [("report.html", HTML.encode()), ("harbour.png", given[0][1]), (tame, given[-1][1])]:
        with book.page.expect_download() as saving:
            article.get_by_role("button", name=f"Download {name}", exact=True).click()
        assert _sha(_saved(saving.value)) == _sha(data)
        # The browser has a name of its own for what a page may not save; ours is one that it takes as it is.
        assert saving.value.suggested_filename == name
    assert not re.search(r'[\\/\x00-\x1f\u202e<>"]', tame)
    expect(article).to_contain_text("..\\..\\re\ufffdgpj.exe\ufffd <img src=x onerror=ran=1>.csv")

    # The code that loads it stands in a cell below, and does what it says.
    article.get_by_role("button", name="More for costs.csv", exact=True).click()
    panel.region.get_by_role("menuitem", name="Insert code that loads it").click()
    expect(book.cells).to_have_count(2)
    expect(book.cells.nth(1)).to_contain_text(f'df = chat.file("{message.id}-3").df()')
    editor = book.cells.nth(1).get_by_role("textbox").first
    editor.click()
    editor.press("Control+End")
    book.page.keyboard.type(f"\nopen({str(tmp_path / 'shape')!r}, 'w').write(str(df.shape))")
    book.page.keyboard.press("Control+Enter")
    until(lambda: (tmp_path / "shape").exists() and (tmp_path / "shape").read_text(), 20, "the cell has run")
    assert (tmp_path / "shape").read_text() == "(60, 2)"

    # 95 MB; and who is removed meanwhile gets no more of it.
    panel.open("vault")
    with book.page.expect_download(timeout=60_000) as saving:
        panel.button("Download load.bin").click()
        expect(panel.region.get_by_role("progressbar", name="Download of load.bin")).to_be_visible()
    assert _sha(_saved(saving.value)) == _sha(heavy)
    panel.button("Download load.bin").click()
    expect(panel.region.get_by_role("progressbar", name="Download of load.bin")).to_be_visible()
    vault.remove("ana")
    expect(panel.region).to_contain_text("load.bin was not downloaded.", timeout=SOON)
    with pytest.raises(cc.errors.CollabchatError):
        ana.file(f"{secret.id}-1").read()

    assert dialogs == []
    assert book.page.evaluate("window.ran") is None
    assert Panel(book.page).region.locator("iframe, object, embed, svg image").count() == 0
