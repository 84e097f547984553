"""Mattermost's Markdown as ours: nearly the same."""

from __future__ import annotations

import re
from collections.abc import Callable

from collabchat.importers.markup.emoji_names import with_emoji

_CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]+`)", re.DOTALL)
_PERSON = re.compile(r"(?<![\w@/.`])@([A-Za-z0-9][A-Za-z0-9._-]*)")
_ROOM = re.compile(r"(?<![\w~/.`])~([a-z0-9][a-z0-9._-]*)(?!~)")
Name = Callable[[str], str | None]
"""What stands for a name; None where nobody has it."""


def markdown(text: str, person: Name, room: Name) -> str:
    """A text with what stands for people and rooms, and with emoji."""
    if not ("@" in text or "~" in text or ":" in text):
        return text
    parts = _CODE.split(text) if "`" in text else [text]
    for at in range(0, len(parts), 2):
        parts[at] = _prose(parts[at], person, room)
    return "".join(parts)


def _prose(text: str, person: Name, room: Name) -> str:
    if "@" in text:
        text = _PERSON.sub(lambda match: _named(match, person), text)
    if "~" in text:
        text = _ROOM.sub(lambda match: _named(match, room), text)
    return with_emoji(text) if ":" in text else text


def _named(match: re.Match[str], name: Name) -> str:
    """A full stop after a name ends the sentence, not the name."""
    word = match[1]
    bare = word.rstrip(".-_")
    for one in (word, bare):
        found = name(one.lower())
        if found is not None:
            return found + word[len(one) :]
    return match[0]
