"""Text and HTML of chats, rooms and messages for a notebook's output; everything is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .message import Message

_TIME = "color:var(--jp-ui-font-color2,#666);font-size:85%"
_TEXT = "white-space:pre-wrap;overflow-wrap:anywhere"


def clock(time: datetime) -> str:
    """Day and minute, in UTC."""
    return time.strftime("%Y-%m-%d %H:%M")


def message_line(message: Message) -> str:
    """A message in one line or a few."""
    return f"[{clock(message.time)}] {message.author}: {body(message)}{_marks(message)}"


def body(message: Message) -> str:
    """Its text, or what stands in its place."""
    if message.deleted or message.text is None:
        return "(deleted)"
    parts = [message.text]
    origin = message.forwarded
    if origin is not None:
        parts.append(f"(forwarded from {origin.author}{f' in {origin.room}' if origin.room else ''})")
        parts += [f"> {line}" for line in origin.text.splitlines()]
    parts += [f"[{file}]" for file in message.files]
    return "\n".join(part for part in parts if part)


def messages_html(messages: Iterable[Message]) -> str:
    """Messages, one below the other."""
    rows = "".join(
        f'<div style="margin:2px 0"><b>{escape(m.author)}</b> <span style="{_TIME}">{clock(m.time)} UTC</span>'
        f'<div style="{_TEXT}">{escape(body(m))}<span style="{_TIME}">{escape(_marks(m))}</span></div></div>'
        for m in messages
    )
    return f"<div>{rows}</div>"


def box(title: str, facts: Iterable[str], inner: str = "") -> str:
    """A heading, a line of facts and what stands below; ``inner`` is HTML, the others are text."""
    line = " · ".join(escape(fact) for fact in facts if fact)
    return (
        '<div style="border-left:3px solid var(--jp-brand-color1,#1976d2);padding:2px 0 2px 8px">'
        f'<div><b>{escape(title)}</b> <span style="{_TIME}">{line}</span></div>{inner}</div>'
    )


def notice(text: str) -> str:
    """A sentence as HTML."""
    return f'<div style="{_TIME}">{escape(text)}</div>'


def listing(names: list[str], most: int = 30) -> str:
    """Names in a line, not too many.

    Examples
    --------
    >>> listing(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most:,} more"


def many(number: int, noun: str) -> str:
    """A number and its noun.

    Examples
    --------
    >>> many(1, "member"), many(2, "member")
    ('1 member', '2 members')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _marks(message: Message) -> str:
    marks = [f"{emoji} {len(people)}" for emoji, people in message.reactions.items()]
    if message.poll is not None and not message.deleted:
        marks[:0] = [f"{option}: {len(who)}" for option, who in message.poll.votes.items()]
    if message.edited_at is not None and not message.deleted:
        marks.insert(0, "(edited)")
    return "".join(f"  {mark}" for mark in marks)
