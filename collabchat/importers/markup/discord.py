"""Discord's Markdown as ours."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

_CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]+`)", re.DOTALL)
_RAW = re.compile(r"<(@[!&]?|#|a?:\w+:|t:)([\d-]{1,20})(?::([tTdDfFR]))?>")
_SMALL = re.compile(r"^-# ", re.MULTILINE)
_REST = re.compile(r"^>>> (.*)\Z", re.MULTILINE | re.DOTALL)
Name = Callable[[str, str], str]
"""What stands for what is named: called with ``@``, ``@&`` or ``#`` and an id."""


def markdown(text: str, name: Name, shown: dict[str, str] | None = None) -> str:
    """A text of Discord as Markdown.

    Parameters
    ----------
    text
        As exported, with its marks or as shown.
    name
        What stands for people, roles and channels.
    shown
        What stands for a name that follows ``@`` in a text as shown.
    """
    parts = _CODE.split(text) if "`" in text else [text]
    for at in range(0, len(parts), 2):
        part = parts[at]
        if "<" in part:
            part = _RAW.sub(lambda match: _named(match, name), part)
        if shown and "@" in part:
            # The longest first: "@Ana Lee" is not "@Ana" and a word.
            for word in sorted(shown, key=len, reverse=True):
                part = re.sub(rf"(?<![\w@])@{re.escape(word)}(?!\w)", lambda _, done=shown[word]: done, part)
        if ">>> " in part:
            part = _REST.sub(lambda match: "> " + match[1].replace("\n", "\n> "), part)
        parts[at] = _SMALL.sub("", part) if "-# " in part else part
    return "".join(parts)


def _named(match: re.Match[str], name: Name) -> str:
    sign, key = match[1], match[2]
    if sign in ("@", "@!"):
        return name("@", key)
    if sign in ("@&", "#"):
        return name(sign, key)
    if sign == "t:":
        try:
            return datetime.fromtimestamp(int(key), UTC).strftime("%Y-%m-%d %H:%M UTC")
        except (ValueError, OverflowError, OSError):
            return match[0]
    return sign.removeprefix("a")
