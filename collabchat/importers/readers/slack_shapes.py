"""The records of a Slack export, as they stand in its files."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

Stamp = str | int | float


class Profile(Struct):
    display_name: str | None = None
    real_name: str | None = None
    name: str | None = None
    bot_id: str | None = None


class User(Struct):
    id: str
    name: str | None = None
    real_name: str | None = None
    is_bot: bool | None = None
    profile: Profile | None = None
    team_id: str | None = None


class Value(Struct):
    value: str | None = None


class Pin(Struct):
    id: str | None = None
    type: str | None = None


class Channel(Struct):
    id: str
    name: str | None = None
    created: Stamp | None = None
    is_archived: bool | None = None
    members: list[str] | None = None
    topic: Value | None = None
    purpose: Value | None = None
    pins: list[Pin] | None = None


class Comment(Struct):
    comment: str | None = None
    user: str | None = None


class File(Struct):
    id: str | None = None
    name: str | None = None
    title: str | None = None
    mode: str | None = None
    user: str | None = None
    url_private: str | None = None
    permalink: str | None = None
    preview: str | None = None
    lines_more: int | None = None
    preview_is_truncated: bool | None = None
    initial_comment: Comment | None = None


class Given(Struct):
    name: str
    users: list[str] | None = None


class Edited(Struct):
    ts: Stamp


class BotProfile(Struct):
    name: str | None = None


class Message(Struct):
    ts: Stamp
    type: str | None = None
    subtype: str | None = None
    user: str | None = None
    text: str | None = None
    thread_ts: Stamp | None = None
    edited: Edited | None = None
    reactions: list[Given] | None = None
    files: list[File] | None = None
    file: File | None = None
    comment: Comment | None = None
    bot_id: str | None = None
    username: str | None = None
    bot_profile: BotProfile | None = None
    user_profile: Profile | None = None
    attachments: list[dict[str, Any]] | None = None
    blocks: list[dict[str, Any]] | None = None
    pinned_to: list[str] | None = None
    inviter: str | None = None
    hidden: bool | None = None


def micros(stamp: Stamp) -> int:
    """Microseconds of a time such as ``1433558319.000002``; its digits are kept.

    Examples
    --------
    >>> micros("1433558319.000002")
    1433558319000002
    """
    text = stamp if isinstance(stamp, str) else f"{stamp:.6f}"
    whole, _, part = text.partition(".")
    made = int(whole) * 1_000_000 + int((part + "000000")[:6])
    if not 0 < made < 4_102_444_800_000_000:
        raise ValueError(f"no time of a message: {text[:40]}")
    return made
