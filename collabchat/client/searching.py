"""Asking the hub for messages that fit a query, and the ranked frame of what it found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from .. import errors, protocol
from . import checks

if TYPE_CHECKING:
    import pandas as pd

    from .directory import Directory
    from .session import Session

SORTS = ("relevance", "newest", "oldest")
PAGE = 200
"""Hits of one answer."""


def ask(
    session: Session, query: object, *, room: str | None, limit: int | None, sort: object, inflected: bool
) -> Iterator[protocol.Found]:
    """The hub's answers, until there are as many hits as wanted; at least one."""
    if not isinstance(query, str):
        raise errors.Invalid(f"A query is text, such as 'from:bo late invoice', not {type(query).__name__}.")
    if len(query) > session.limits.query:
        raise errors.TooLarge(f"A query has at most {session.limits.query:,} characters; this one has {len(query):,}.")
    query, order = checks.encodable(query), cast(Any, checks.one_of(sort, SORTS, "sort"))
    left = None if limit is None else checks.count(limit, "limit")
    cursor: str | None = None
    while True:
        found = session.request(
            protocol.Search(
                req=protocol.new_req(),
                query=query,
                room=room,
                sort=order,
                limit=PAGE if left is None else min(left, PAGE),
                cursor=cursor,
                inflected=bool(inflected),
                utc_offset=clock_ahead(),
            )
        )
        yield found
        cursor = found.cursor
        if left is not None:
            left -= len(found.hits)
        if cursor is None or not found.hits or (left is not None and left <= 0):
            return


def frame_of_hits(directory: Directory, answers: list[protocol.Found]) -> pd.DataFrame:
    """The hits as a frame, in their order."""
    from ..frames.personal import frame_of

    frame = frame_of("search", [_row(directory, hit) for found in answers for hit in found.hits])
    first = answers[0]
    frame.attrs = {
        "total": first.total,
        "at_least": first.at_least,
        "query": first.query,
        "problems": list(first.problems),
        "correction": first.correction,
        "indexed": all(found.indexed for found in answers),
    }
    return frame


def _row(directory: Directory, hit: protocol.Hit) -> dict[str, Any]:
    message = hit.message
    text = message.text
    if not text and message.forwarded is not None:
        text = message.forwarded.text
    return {
        "id": message.id,
        "seq": int(message.id),
        "room": directory.name_of(message.room),
        "room_id": message.room,
        "author": directory.handle(message.author),
        "author_id": message.author,
        "time": message.time,
        "text": None if message.deleted else text,
        "kind": message.kind,
        "thread": message.thread,
        "reply_to": message.reply_to,
        "edited_at": message.edited_at,
        "deleted": message.deleted,
        "mentions": list(directory.handles(message.mentions)),
        "n_files": len(message.files),
        "n_reactions": sum(len(one.members) for one in message.reactions),
        "score": hit.score,
        "snippet": "".join(hit.snippet),
    }


def clock_ahead() -> int:
    """Minutes that this computer's clock is ahead of UTC: what "yesterday" is."""
    offset = datetime.now().astimezone().utcoffset()
    return round(offset.total_seconds() / 60) if offset is not None else 0
