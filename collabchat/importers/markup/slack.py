"""Slack's mrkdwn as our Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable

from collabchat.importers.markup.emoji_names import with_emoji
from collabchat.importers.records import mention, mention_room

Names = Callable[[str, str, str], str]
"""What stands for a person or a room: called with ``@`` or ``#``, its id and the label beside it."""

_MARKS = re.compile(r"[<&*~`:•]")
_CODE = re.compile(r"```(.*?)```|(?<!`)`([^`\n]+)`(?!`)", re.DOTALL)
_CONTROL = re.compile(r"<([^<>\n]+)>")
_BOLD = re.compile(r"(?<![\w*\ue002])\*(?=[^\s*])([^*\n]*[^\s*])\*(?![\w*])")
_STRUCK = re.compile(r"(?<![\w~])~(?=[^\s~])([^~\n]*[^\s~])~(?![\w~])")
_BULLET = re.compile(r"^(\s*)[•◦▪]\s+", re.MULTILINE)
_HELD = re.compile("\ue002(\\d+)\ue003")
_BROADCASTS = {"here": "@here", "channel": "@channel", "everyone": "@everyone", "group": "@group"}


def plain_names(sign: str, key: str, label: str) -> str:  # noqa: ARG001
    """Everybody who is named is known."""
    return mention(key) if sign == "@" else mention_room(key)


def markdown(text: str, names: Names = plain_names) -> str:
    """A text of Slack as Markdown.

    Examples
    --------
    >>> markdown("*done*, see <https://example.org|the log> &amp; ~wait~")
    '**done**, see [the log](https://example.org) & ~~wait~~'
    """
    if not _MARKS.search(text):
        return text
    if "\ue002" in text:
        text = text.replace("\ue002", "")
    # What must not be read again as marks waits here, and a sign of its own stands for it.
    held: list[str] = []

    def hold(done: str) -> str:
        held.append(done)
        return f"\ue002{len(held) - 1}\ue003"

    def code(match: re.Match[str]) -> str:
        block, inline = match[1], match[2]
        if block is None:
            return hold(f"`{_literal(inline, names)}`")
        return hold(fenced(_literal(block, names)))

    if "`" in text:
        text = _CODE.sub(code, text)
    if "<" in text:
        text = _CONTROL.sub(lambda match: hold(control(match[1], names)), text)
    if "&gt;" in text:
        text = _quotations(text)
    if "&" in text:
        text = entities(text)
    if "*" in text:
        text = _BOLD.sub(r"**\1**", text)
    if "~" in text:
        text = _STRUCK.sub(r"~~\1~~", text)
    if ":" in text:
        text = with_emoji(text)
    if "•" in text or "◦" in text:
        text = _BULLET.sub(r"\1- ", text)
    while held and "\ue002" in text:
        text = _HELD.sub(lambda match: held[int(match[1])], text)
    return _spaced(text) if "```" in text else text.strip()


def entities(text: str) -> str:
    """Slack escapes three signs and no others."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def fenced(code: str) -> str:
    """A block of code on lines of its own (the lines around it are looked after by the caller)."""
    return f"\n```\n{code.strip(chr(10))}\n```\n"


def control(inside: str, names: Names) -> str:
    """What stands between ``<`` and ``>``: a person, a room, a call to all, a date, a link."""
    target, _, label = inside.partition("|")
    label = entities(label)
    if target.startswith("@"):
        return names("@", target[1:], label)
    if target.startswith("#"):
        return names("#", target[1:], label)
    if target.startswith("!"):
        return _special(target[1:], label)
    return link(entities(target), label)


def link(address: str, label: str = "") -> str:
    """A link; the bare address where its label says no more."""
    scheme, _, rest = address.partition(":")
    if scheme in ("mailto", "tel"):
        return label or rest
    bare = address.removeprefix("https://").removeprefix("http://").rstrip("/")
    if not label or label.rstrip("/") in (address.rstrip("/"), bare):
        return address
    label = label.replace("[", "\\[").replace("]", "\\]").replace("\n", " ")
    if any(sign in address for sign in " ()"):
        return f"[{label}](<{address}>)"
    return f"[{label}]({address})"


def _special(what: str, label: str) -> str:
    kind, *rest = what.split("^")
    if kind in _BROADCASTS:
        return _BROADCASTS[kind]
    if kind == "subteam":
        name = label or (rest[0] if rest else "group")
        return name if name.startswith("@") else f"@{name}"
    if kind == "date":
        return label or (rest[-1] if rest else "")
    return label or f"@{kind}"


def _literal(code: str, names: Names) -> str:
    """Inside of code links and names are written out."""

    def written(match: re.Match[str]) -> str:
        target, _, label = match[1].partition("|")
        if target[:1] in "@#!":
            return control(match[1], names)
        return label or target

    return entities(_CONTROL.sub(written, code) if "<" in code else code)


def _quotations(text: str) -> str:
    lines: list[str] = []
    quoted = rest = False
    for line in text.split("\n"):
        bare = line.lstrip(" ")
        if not rest and bare.startswith("&gt;&gt;&gt;"):
            rest, bare = True, "&gt;" + bare[12:]
        elif rest:
            bare = "&gt; " + line
        if bare.startswith("&gt;"):
            lines.append(("> " + bare[4:].lstrip(" ")).rstrip())
            quoted = True
            continue
        if quoted and line.strip():
            # Else the line would belong to the quotation.
            lines.append("")
        quoted = False
        lines.append(line)
    return "\n".join(lines)


def _spaced(text: str) -> str:
    """Fences stand on lines of their own, and no more lines are empty around them than there were."""
    text = re.sub(r"[ \t]*\n{2,}```\n", "\n```\n", text) if "\n\n```\n" in text else text
    text = re.sub(r"\n```\n{2,}(?=[^\n])", "\n```\n", text)
    return text.strip("\n")
