"""What people send is text: nothing of it runs, and nothing is fetched from anywhere."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Dialog, expect

import collabchat as cc

from . import servers
from .conftest import Person, enter

MARK = "window.__ran = (window.__ran || 0) + 1"
ATTACKS = [
    f"<script>{MARK}</script>",
    f'<img src=x onerror="{MARK}">',
    f'<svg onload="{MARK}"><animate onbegin="{MARK}" attributeName=x dur=1s></svg>',
    f'<details open ontoggle="{MARK}"><summary>x</summary></details>',
    f"[click](javascript:{MARK.replace(' ', '%20')})",
    f"[click](JaVaScRiPt&colon;{MARK.replace(' ', '')})",
    "[click](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "![picture](https://example.org/spy.png)",
    '<iframe src="https://example.org/"></iframe>',
    '<link rel=stylesheet href="https://example.org/spy.css">',
    '<style>@import url("https://example.org/spy.css"); * { display: none !important }</style>',
    '<div style="position:fixed;inset:0;background:url(https://example.org/spy.png)">cover</div>',
    '<form action="https://example.org/"><button>Send</button></form>',
    '<input autofocus onfocus="alert(1)">',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '"><img src=x onerror=alert(1)>',
    "`<img src=x onerror=alert(1)>`",
    "```html\n<script>alert(1)</script>\n```",
    '<a href="https://example.org" onclick="alert(1)" onmouseover="alert(1)">hover</a>',
    "<base href=https://example.org/><a href=x>relative</a>",
    "<meta http-equiv=refresh content='0;url=https://example.org/'>",
    "[x]: javascript:alert(1)\n[reference][x]",
    '<https://example.org/" onmouseover="alert(1)>',
]


def test_nothing_runs_and_nothing_is_fetched(
    person: Callable[..., Person], app: servers.Page, connect: Callable[..., cc.Chat]
) -> None:
    mallory = connect("mallory", app.workspace)
    room = mallory.create_room("hostile", topic=ATTACKS[1])
    for attack in ATTACKS:
        room.post(attack)
    mallory.set_name("<img src=x onerror=alert(1)>")
    ana = person("ana")
    dialogs: list[Dialog] = []
    ana.page.on("dialog", lambda dialog: (dialogs.append(dialog), dialog.dismiss()))
    ana.page.goto(app.url)
    panel = enter(ana.page, "Ana Calm")
    panel.join("hostile")
    room.post("the end")
    panel.expect_message("the end")
    expect(panel.log.get_by_text("click").first).to_be_attached()
    # Everything that could be clicked, hovered or focused by mistake.
    for link in panel.log.locator(".cc-text a").all():
        assert (link.get_attribute("href") or "https://").startswith(("http://", "https://", "mailto:"))
        link.hover()
        link.focus()
    found = panel.log.locator("script, iframe, object, embed, style, link, form, img, svg.bad, input, base, meta")
    expect(found).to_have_count(0)
    assert ana.page.evaluate("window.__ran") is None
    assert dialogs == []
    attributes = panel.log.evaluate(
        """log => [...log.querySelectorAll(".cc-text *")].flatMap(one => [...one.attributes].map(a => a.name))"""
    )
    assert not [name for name in attributes if name.startswith("on") or name == "style"]
    # That no other machine was asked is checked for every test, at its end.


JS = Path(__file__).parents[2] / "js"
# What the tests of js/ check each text with, here in a real browser and in its document, where things would run.
DRAW = """
count => {
  const { ATTACKS, generated, wrong } = hostile;
  const texts = [...ATTACKS, ...ATTACKS.map(one => `> - ${one}\\n\\n${one}`), ...generated(count)];
  const bad = [];
  for (const text of texts) {
    const found = wrong(text, document.body);
    if (found.length) bad.push({ text, found });
  }
  return { texts: texts.length, bad };
}
"""
LONG = """
piece => {
  const text = piece.repeat(Math.ceil(40000 / piece.length)).slice(0, 40000);
  const start = performance.now();
  hostile.wrong(text, document.body);
  return performance.now() - start;
}
"""
PIECES = [
    "[",
    "![",
    "*a_",
    "a_b_",
    "`a",
    "$a$ ",
    ":a:",
    "@a ",
    "#a ",
    "<a ",
    "[^a] ",
    "[^a]: b\n",
    "| a ",
    "|-|\n",
    "- a\n",
]
PIECES += ["> ", "a\n$$", "```\n", "e\u0301\u0302", "\U0001f469\u200d", "\u202e", "\u05e2 ", "a ", "http://a.b "]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The panel's Markdown with the checks of its tests, as a script for a page."""
    node = shutil.which("node")
    if node is None or not (JS / "node_modules").is_dir():
        pytest.skip("This test needs Node and js/node_modules.")
    made = tmp_path_factory.mktemp("hostile") / "hostile.js"
    options = {"entryPoints": ["tests/support/hostile.ts"], "bundle": True, "globalName": "hostile", "charset": "utf8"}
    code = f"import {{ build }} from 'esbuild'; await build({json.dumps({**options, 'outfile': str(made)})})"
    subprocess.run([node, "--input-type=module", "-e", code], cwd=JS, check=True)
    return made.read_text("utf-8")


def test_thousands_of_texts_in_a_real_document(person: Callable[..., Person], hostile: str) -> None:
    ana = person("ana")
    dialogs: list[Dialog] = []
    ana.page.on("dialog", lambda dialog: (dialogs.append(dialog), dialog.dismiss()))
    ana.page.goto("about:blank")
    ana.page.add_script_tag(content=hostile)
    before = len(ana.requests)
    made: dict[str, Any] = ana.page.evaluate(DRAW, 5000)
    assert made["bad"] == [], json.dumps(made["bad"][:5], indent=1)
    assert made["texts"] > 5300
    times = {piece: ana.page.evaluate(LONG, piece) for piece in PIECES}
    assert {piece: time for piece, time in times.items() if time > 4000} == {}
    # What would have been loaded or run later is so by now.
    ana.page.wait_for_function("new Promise(go => setTimeout(() => requestAnimationFrame(() => go(true)), 200))")
    assert ana.page.evaluate("document.querySelectorAll('body > *').length") == 0
    assert ana.requests[before:] == []
    assert dialogs == []
