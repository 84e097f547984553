"""What is handed to people: messages and events, with names in place of ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from . import display

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def as_time(micros: int) -> datetime:
    """An aware time from microseconds since 1970, exact to the microsecond."""
    return _EPOCH + timedelta(microseconds=micros)


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message as it stood when it was read; it does not change by itself.

    Attributes
    ----------
    id : str
        Its id, which methods that ask for a message take.
    seq : int
        The number of the event that made it.
    room, author : str
        The room's name and the author's handle.
    time : datetime
        When the hub stored it, in UTC.
    text : str or None
        None where it was deleted.
    kind : str
        ``text``, ``system``, ``bot`` or ``call``.
    thread : str or None
        The id of the thread's first message; also on that one once it has replies.
    reply_to : str or None
        The id of the message that it answers.
    edited_at : datetime or None
    deleted : bool
    mentions : tuple of str
        The handles that it names.
    reactions : dict
        Who put which emoji on it: ``{"👍": ("ana", "bo")}``.

    Examples
    --------
    >>> message = chat.room("pipeline").history(limit=1)[0]  # doctest: +SKIP
    >>> message.author, message.text  # doctest: +SKIP
    ('ana', 'done')
    """

    id: str
    seq: int
    room: str
    author: str
    time: datetime
    text: str | None
    kind: str = "text"
    thread: str | None = None
    reply_to: str | None = None
    edited_at: datetime | None = None
    deleted: bool = False
    mentions: tuple[str, ...] = ()
    reactions: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return display.message_line(self)

    def _repr_html_(self) -> str:
        return display.messages_html([self])


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
