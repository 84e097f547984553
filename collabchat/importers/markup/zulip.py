"""Zulip's Markdown as ours: for messages whose rendered HTML is not in the export."""

from __future__ import annotations

import re

from collabchat.importers.markup.emoji_names import with_emoji
from collabchat.importers.markup.zulip_html import Turned, Where, Who

_LONGEST = 100_000
"""Zulip's own messages are ten times shorter; a longer one stays as it is."""
_CODE = re.compile(r"(^(`{3,}|~{3,})(?!quote|spoiler|math).*?^\2[ \t]*$|`[^`\n]+`)", re.DOTALL | re.MULTILINE)
_QUOTE = re.compile(
    r"^(`{3,}|~{3,})quote[ \t]*\n((?:(?!^(?:`{3,}|~{3,})quote).)*?)^\1[ \t]*$", re.DOTALL | re.MULTILINE
)
_SPOILER = re.compile(r"^(`{3,}|~{3,})spoiler[ \t]*([^\n]*)\n(.*?)^\1[ \t]*$", re.DOTALL | re.MULTILINE)
_MATH = re.compile(r"^(`{3,}|~{3,})math[ \t]*\n(.*?)^\1[ \t]*$", re.DOTALL | re.MULTILINE)
_PERSON = re.compile(r"@(_?)\*\*([^*\n|]*)(?:\|(\d+))?\*\*")
_GROUP = re.compile(r"@_?\*([^*\n]+)\*(?!\*)")
_STREAM = re.compile(r"#\*\*([^*\n>]+?)(?:>([^*\n]*?))?(?:@(\d+))?\*\*")
_TEX = re.compile(r"\$\$([^$\n]+)\$\$")
_SAID = re.compile(r"\[said\]\([^)\s]*/(?:near|with)/(\d+)\)(?=:\s*\n(?:`{3,}|~{3,})quote)")
_UPLOAD = re.compile(r"!?\[([^\]\n]*)\]\(((?:https?://[^)\s/]+)?/user_uploads/[^)\s]+)\)")
_TIME = re.compile(r"<time:([^>\n]+)>")


def turned(text: str, who: Who, where: Where) -> Turned:
    """Zulip's Markdown as ours, with the message that it quotes and the files that it encloses."""
    if len(text) > _LONGEST:
        return Turned(text)
    said = _SAID.search(text)
    text = _SAID.sub("said", text)
    for _ in range(3):
        # A quotation may hold another, in a shorter fence: the inner ones first.
        if "quote" not in text:
            break
        text = _QUOTE.sub(lambda match: _quoted(match[2]), text)
    text = _SPOILER.sub(lambda match: f"**{match[2] or 'Spoiler'}**\n\n{_quoted(match[3])}", text)
    text = _MATH.sub(lambda match: f"$$\n{match[2].strip()}\n$$", text)
    files: dict[str, str] = {}

    def enclosed(match: re.Match[str]) -> str:
        files.setdefault(match[2], match[1] or match[2].rpartition("/")[2])
        return match[1]

    parts = _CODE.split(text)
    # Each match brings itself and its fence.
    made = [parts[0]]
    for at in range(1, len(parts), 3):
        made += [parts[at], parts[at + 2]]
    for at in range(0, len(made), 2):
        part = _UPLOAD.sub(enclosed, made[at])
        part = _PERSON.sub(lambda match: _person(match, who), part)
        part = _GROUP.sub(r"@\1", part)
        part = _STREAM.sub(lambda match: where("", match[1]) + (f" > {match[2]}" if match[2] else ""), part)
        part = _TIME.sub(r"\1", _TEX.sub(r"$\1$", part))
        made[at] = with_emoji(part) if ":" in part else part
    return Turned("".join(made).strip(), said[1] if said else None, tuple(files.items()))


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.strip("\n").split("\n")) + "\n"


def _person(match: re.Match[str], who: Who) -> str:
    name, key = match[2], match[3] or ""
    if name in ("all", "everyone", "channel", "stream", "topic") and not key:
        return f"@{name}"
    return who(key, name)
