"""IRC's marks in a text: bold, italics, struck, fixed width become Markdown; colours and the rest are dropped."""

from __future__ import annotations

import re

_COLOUR = re.compile(r"\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?|[\x1f\x16\x06\x07]")
_MARK = re.compile(r"([\x02\x1d\x1e\x11\x0f])")
_OTHER = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SIGNS = {"\x02": "**", "\x1d": "_", "\x1e": "~~", "\x11": "`"}


def plain(text: str) -> str:
    """The text in Markdown; one without marks is given back as it is."""
    if text.isprintable():
        return text
    text = _COLOUR.sub("", text)
    if _MARK.search(text) is None:
        return _OTHER.sub("", text)
    on: list[str] = []
    out: list[str] = []
    for part in _MARK.split(text):
        if part == "\x0f":
            on = []
        elif part in _SIGNS:
            sign = _SIGNS[part]
            on = [one for one in on if one != sign] if sign in on else [*on, sign]
        elif part:
            out.append(_wrapped(_OTHER.sub("", part), on))
    return "".join(out)


def _wrapped(text: str, signs: list[str]) -> str:
    """Marks hold what is inside of them tightly: blanks stay outside."""
    inner = text.strip()
    if not inner or not signs:
        return text
    # Fixed width shows everything inside as it is, so it goes innermost.
    order = [one for one in signs if one != "`"] + (["`"] if "`" in signs else [])
    start = text.index(inner[0])
    return text[:start] + "".join(order) + inner + "".join(reversed(order)) + text[start + len(inner) :]
