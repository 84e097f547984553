"""From the protocol's records to those that people hold: names in place of ids, aware times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import protocol
from .files import files_of
from .message import Message
from .records import Forwarded, Poll, as_time

if TYPE_CHECKING:
    from datetime import datetime

    from .directory import Directory


def message_of(directory: Directory, record: protocol.Message) -> Message:
    """A message of a page or a listing."""
    room = directory.name_of(record.room) or record.room
    author, time = directory.handle(record.author), as_time(record.time)
    return Message(
        id=record.id,
        seq=int(record.id),
        room=room,
        author=author,
        time=time,
        text=record.text,
        kind=record.kind,
        thread=record.thread,
        reply_to=record.reply_to,
        edited_at=_maybe(record.edited_at),
        deleted=record.deleted,
        mentions=directory.handles(record.mentions),
        reactions={each.emoji: directory.handles(each.members) for each in record.reactions},
        n_replies=record.n_replies,
        last_reply_at=_maybe(record.last_reply_at),
        pinned=record.pinned,
        also_to_room=record.broadcast,
        forwarded=_forwarded(directory, record.forwarded),
        poll=_poll(directory, record.poll),
        files=files_of(record.files, message=record.id, room=room, author=author, time=time),
    )


def message_of_event(directory: Directory, event: protocol.Event, data: protocol.Posted) -> Message:
    """A message that was posted this moment."""
    room = directory.name_of(event.room) or ""
    author, time = directory.handle(event.actor), as_time(event.time)
    return Message(
        id=data.id,
        seq=event.seq,
        room=room,
        author=author,
        time=time,
        text=data.text,
        kind=data.kind,
        thread=data.thread,
        reply_to=data.reply_to,
        mentions=directory.handles(data.mentions),
        also_to_room=data.broadcast,
        forwarded=_forwarded(directory, data.forwarded),
        poll=_poll(directory, data.poll),
        files=files_of(data.files, message=data.id, room=room, author=author, time=time),
    )


def _forwarded(directory: Directory, origin: protocol.Forwarded | None) -> Forwarded | None:
    if origin is None:
        return None
    room = directory.room(origin.room)
    return Forwarded(
        id=origin.id,
        room=None if room is None else directory.room_name(room),
        author=directory.handle(origin.author),
        time=as_time(origin.time),
        text=origin.text,
    )


def _poll(directory: Directory, poll: protocol.Poll | None) -> Poll | None:
    if poll is None:
        return None
    votes = [*poll.votes, *([] for _ in poll.options[len(poll.votes) :])]
    return Poll(
        question=poll.question,
        options=tuple(poll.options),
        multiple=poll.multiple,
        closed=poll.closed,
        votes={option: directory.handles(who) for option, who in zip(poll.options, votes, strict=False)},
    )


def _maybe(micros: int | None) -> datetime | None:
    return None if micros is None else as_time(micros)
