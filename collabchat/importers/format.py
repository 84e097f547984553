"""What a reader tells of itself: the name of its format, how it is known, and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from collabchat.importers.records import Record
from collabchat.importers.source import Source


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a source does not say itself."""

    tz: str = "UTC"
    """The zone of times that have none."""
    year: int | None = None
    date: str | None = None
    """Of the first line of a log that names none: ``2024-05-31``."""
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    pattern: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    room: str | None = None
    """A name for the room of a source that has none."""


def own_identity(source: Source) -> str:
    """Where a format knows nothing better: the source's own."""
    return source.identity


@dataclass(frozen=True, kw_only=True)
class Format:
    """A format and its reader."""

    name: str
    title: str
    matches: Callable[[Source], bool]
    """A cheap look: is this it?"""
    read: Callable[[Source, Options], Iterator[Record]]
    options: tuple[str, ...] = ()
    """The names of the options that it heeds."""
    identity: Callable[[Source], str] = own_identity
    """What tells this source from another of the same format."""
