"""What is handed to people: events, polls, origins, what is to be sent; with names in place of ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def as_time(micros: int) -> datetime:
    """An aware time from microseconds since 1970, exact to the microsecond."""
    return _EPOCH + timedelta(microseconds=micros)


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened.

    Attributes
    ----------
    seq : int
        Its number in the workspace; they rise, with gaps for what one may not see.
    type : str
        ``posted``, ``edited``, ``reacted``, ``room_created``, ...
    room : str or None
        The room's name; None for what is about the workspace.
    actor : str
        The handle of the member who did it.
    time : datetime
        When, in UTC.
    data : dict
        What else there is to say; ids are strings. ``posted`` has ``id`` and ``text``.

    Examples
    --------
    >>> for event in chat.listen(timeout=5):  # doctest: +SKIP
    ...     if event.type == "posted":
    ...         print(event.room, event.actor, event.data["text"])
    """

    seq: int
    type: str
    room: str | None
    actor: str
    time: datetime
    data: dict[str, Any] = field(hash=False)


@dataclass(frozen=True, kw_only=True)
class Poll:
    """A question with choices, as it stood when its message was read.

    Attributes
    ----------
    question : str
    options : tuple of str
    multiple : bool
        One may choose several.
    closed : bool
        Nobody votes any more.
    votes : dict
        For each of the options, in their order, the handles of who chose it: ``{"tea": ("ana",), "coffee": ()}``.

    Examples
    --------
    >>> message = room.poll("Lunch?", ["noodles", "soup"])  # doctest: +SKIP
    >>> message.vote("soup")  # doctest: +SKIP
    >>> message.reload().poll.votes  # doctest: +SKIP
    {'noodles': (), 'soup': ('ana',)}
    """

    question: str
    options: tuple[str, ...]
    multiple: bool = False
    closed: bool = False
    votes: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, kw_only=True)
class Forwarded:
    """Where a forwarded message comes from, and its words as they were then.

    Attributes
    ----------
    id : str
        The message's id.
    room : str or None
        Its room's name; None where one sees no such room.
    author : str
        The handle of who wrote it.
    time : datetime
        When, in UTC.
    text : str

    Examples
    --------
    >>> message.forward("random", "worth reading").forwarded.author  # doctest: +SKIP
    'bo'
    """

    id: str
    room: str | None
    author: str
    time: datetime
    text: str


@dataclass(frozen=True, kw_only=True)
class Scheduled:
    """A message that the hub will post; `Chat.unschedule` takes it back.

    Attributes
    ----------
    id : str
    room : str
        The room's name.
    text : str
    at : datetime
        When, in UTC.
    reply_to : str or None
        The id of the message that it answers.
    files : tuple of str
        The names of its files.

    Examples
    --------
    >>> later = room.send_later("stand-up in 5 minutes", timedelta(hours=1))  # doctest: +SKIP
    >>> chat.unschedule(later)  # doctest: +SKIP
    """

    id: str
    room: str
    text: str
    at: datetime
    reply_to: str | None = None
    files: tuple[str, ...] = ()
