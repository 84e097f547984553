"""Who a text mentions."""

from __future__ import annotations

import re

from collabchat import protocol as p
from collabchat.store.directory import Directory, RoomState

MOST = 50
LONGEST = 40
"""Characters of a handle."""
_CODE = re.compile(r"(```|~~~).*?(?:\1|\Z)|`[^`\n]*`", re.DOTALL)
_MENTION = re.compile(r"(?<![\w@/.])@(\w[\w.\-]*)")


def mentions(text: str, state: Directory, room: RoomState) -> list[p.Id]:
    """The members of a room whose ``@handle`` stands in a text, outside of code, each once, at most 50."""
    if "@" not in text:
        return []
    found: dict[p.Id, None] = {}
    for match in _MENTION.finditer(_CODE.sub(" ", text)):
        handle = _cut(match[1])
        while handle:
            member = state.member_by_handle(handle)
            if member is not None:
                if member.id in room.members:
                    found[member.id] = None
                break
            # "@bo." ends a sentence, and a handle may hold a full stop: the longest that exists counts.
            shorter = handle.rstrip(".-")
            handle = shorter if shorter != handle else handle.rpartition(".")[0]
        if len(found) >= MOST:
            break
    return list(found)


def _cut(words: str) -> str:
    """What of these words may be a handle: a text of nothing but full stops would take long to be tried piece by piece.

    Examples
    --------
    >>> _cut("bo.smith")
    'bo.smith'
    >>> _cut("bo" + "." * 100)
    'bo'
    >>> _cut("bo." + "x" * 100)
    'bo'
    """
    if len(words) <= LONGEST:
        return words
    words = words.rstrip(".-")
    return words if len(words) <= LONGEST else words[: LONGEST + 1].rpartition(".")[0]
