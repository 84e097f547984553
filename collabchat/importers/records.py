"""What every reader gives: people, rooms, messages and what could not be read, whatever they came from."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

Micros = int
"""Microseconds since 1970 in UTC."""

_OPEN, _CLOSE = "\ue000", "\ue001"


def mention(key: str) -> str:
    """Stands in a text for the person with this key; the driver makes ``@handle`` of it."""
    return f"{_OPEN}@{key}{_CLOSE}"


def mention_room(key: str) -> str:
    """Stands in a text for the room with this key; the driver makes ``#name`` of it."""
    return f"{_OPEN}#{key}{_CLOSE}"


class Person(msgspec.Struct, kw_only=True):
    """Somebody who talks, or a bot."""

    key: str
    """Its id there."""
    handle: str
    """As it is written there; the driver makes a valid one of ours of it."""
    name: str = ""
    bot: bool = False


class Room(msgspec.Struct, kw_only=True):
    """A conversation. A direct room is one of two people; groups of more are private rooms."""

    key: str
    name: str
    kind: Literal["public", "private", "direct"] = "public"
    topic: str = ""
    members: list[str] = []
    """Keys of people."""
    created_at: Micros | None = None
    archived: bool = False


class Enclosed(msgspec.Struct, kw_only=True):
    """A file of a message: a local copy, its bytes, or neither; then its address or name becomes a line of the text."""

    name: str
    path: Path | None = None
    data: bytes | None = None
    url: str = ""


class Reaction(msgspec.Struct, kw_only=True):
    """An emoji that a person put on a message."""

    emoji: str
    by: str
    time: Micros | None = None


class Place(msgspec.Struct, kw_only=True):
    """Where a record stands, for the report."""

    file: str
    line: int | None = None


class Forwarded(msgspec.Struct, kw_only=True):
    """Where a forwarded message comes from; only our own format has it."""

    room: str
    author: str
    time: Micros
    message: str = ""


class Poll(msgspec.Struct, kw_only=True):
    """A question with answers to choose from; only our own format has it."""

    question: str
    options: list[str] = []


class Talk(msgspec.Struct, kw_only=True):
    """One message."""

    key: str
    """Its id there: unique within the source, and the same in each export of it."""
    room: str
    author: str
    time: Micros
    text: str = ""
    kind: Literal["text", "bot", "system", "poll"] = "text"
    thread: str | None = None
    """The key of the thread's root, another message."""
    reply_to: str | None = None
    """The key of the message that it quotes or answers."""
    edited_at: Micros | None = None
    deleted: bool = False
    reactions: list[Reaction] = []
    files: list[Enclosed] = []
    pinned: bool = False
    broadcast: bool = False
    forwarded: Forwarded | None = None
    poll: Poll | None = None
    place: Place | None = None


class ReadMark(msgspec.Struct, kw_only=True):
    """How far a person has read a room: the key of a message."""

    room: str
    person: str
    upto: str


class Broken(msgspec.Struct, kw_only=True):
    """What could not be read, cut at 2,000 characters."""

    file: str
    line: int | None
    reason: str
    record: str


Record = Person | Room | Talk | ReadMark | Broken
