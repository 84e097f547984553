"""Slack's blocks and attachments as our Markdown: where a message has no text, or an app says more than it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from collabchat.importers.markup.emoji_names import emoji_of
from collabchat.importers.markup.slack import Names, fenced, link, markdown

_BROADCASTS = {"here", "channel", "everyone"}
Block = Mapping[str, Any]


def blocks(found: object, names: Names) -> str:
    """The text of a message's blocks."""
    return "\n\n".join(text for text in (_block(one, names) for one in _maps(found)) if text.strip())


def attachments(found: object, names: Names) -> str:
    """What the attachments of an app or a bot say."""
    return "\n\n".join(text for text in (attachment(one, names) for one in _maps(found)) if text.strip())


def attachment(one: Block, names: Names) -> str:
    """One attachment: what is above it, its author, title, text, fields and footer."""
    parts = [_said(one, "pretext", names), _said(one, "author_name", names)]
    title = _said(one, "title", names)
    if title:
        address = _word(one, "title_link")
        parts.append(f"**{link(address, title) if address else title}**")
    text = _said(one, "text", names) or blocks(one.get("blocks"), names)
    parts.append(text)
    parts += [_field(field, names) for field in _maps(one.get("fields"))]
    if not any(parts):
        parts.append(_said(one, "fallback", names))
    parts += [_word(one, "image_url") or _word(one, "thumb_url"), _said(one, "footer", names)]
    return "\n".join(part for part in parts if part)


def quoted(text: str) -> str:
    """A text as a quotation."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _field(field: Block, names: Names) -> str:
    title, value = _said(field, "title", names), _said(field, "value", names)
    return f"**{title}**: {value}" if title and value else title or value


def _block(one: Block, names: Names) -> str:
    kind = one.get("type")
    if kind == "rich_text":
        return "\n".join(_rich(part, names) for part in _maps(one.get("elements"))).strip("\n")
    if kind == "header":
        return f"**{_text(one.get('text'), names)}**"
    if kind == "divider":
        return "---"
    if kind == "image":
        return link(_word(one, "image_url"), _word(one, "alt_text")) if _word(one, "image_url") else ""
    if kind == "context":
        return " ".join(filter(None, (_text(part, names) for part in _maps(one.get("elements")))))
    if kind in ("section", "markdown"):
        fields = [_text(part, names) for part in _maps(one.get("fields"))]
        text = one.get("text")
        first = text if isinstance(text, str) else _text(text, names)
        return "\n".join(filter(None, [first, *fields]))
    return ""


def _text(found: object, names: Names) -> str:
    """A text object: plain, or mrkdwn."""
    if not isinstance(found, dict):
        return ""
    text = _word(found, "text")
    return markdown(text, names) if found.get("type") == "mrkdwn" else text


def _rich(part: Block, names: Names) -> str:
    kind = part.get("type")
    if kind == "rich_text_list":
        return _list(part, names)
    inside = "".join(_piece(one, names) for one in _maps(part.get("elements")))
    if kind == "rich_text_quote":
        return quoted(inside) + "\n"
    if kind == "rich_text_preformatted":
        return fenced("".join(_bare(one) for one in _maps(part.get("elements")))).strip("\n")
    return inside.strip("\n")


def _list(part: Block, names: Names) -> str:
    indent = part.get("indent")
    deep = "  " * (indent if isinstance(indent, int) and 0 < indent < 9 else 0)
    ordered = part.get("style") == "ordered"
    lines = []
    for number, item in enumerate(_maps(part.get("elements")), 1):
        mark = f"{number}." if ordered else "-"
        text = "".join(_piece(one, names) for one in _maps(item.get("elements"))).replace("\n", f"\n{deep}  ")
        lines.append(f"{deep}{mark} {text}")
    return "\n".join(lines)


def _piece(one: Block, names: Names) -> str:
    kind = one.get("type")
    if kind == "user":
        return names("@", _word(one, "user_id"), "")
    if kind == "channel":
        return names("#", _word(one, "channel_id"), "")
    if kind == "usergroup":
        return f"@{_word(one, 'usergroup_id')}"
    if kind == "broadcast":
        reach = _word(one, "range")
        return f"@{reach if reach in _BROADCASTS else 'channel'}"
    if kind == "emoji":
        name, tone = _word(one, "name"), one.get("skin_tone")
        return emoji_of(f"{name}::skin-tone-{tone}" if tone else name) or f":{name}:"
    if kind == "link":
        return _styled(link(_word(one, "url"), _word(one, "text")), one)
    if kind == "date":
        return _word(one, "fallback")
    return _styled(_word(one, "text"), one)


def _bare(one: Block) -> str:
    return _word(one, "text") or _word(one, "url")


def _styled(text: str, one: Block) -> str:
    style = one.get("style")
    core = text.strip()
    if not isinstance(style, dict) or not core:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    if style.get("code"):
        core = f"`{core}`"
    for name, mark in (("strike", "~~"), ("italic", "_"), ("bold", "**")):
        if style.get(name):
            core = f"{mark}{core}{mark}"
    return before + core + after


def _said(one: Block, name: str, names: Names) -> str:
    return markdown(_word(one, name), names)


def _word(one: Block, name: str) -> str:
    found = one.get(name)
    return str(found) if isinstance(found, (str, int, float)) and not isinstance(found, bool) else ""


def _maps(found: object) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
