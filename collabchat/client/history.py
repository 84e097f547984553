"""A room's messages, page after page."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from .. import errors, protocol

if TYPE_CHECKING:
    from .session import Session


def read_history(
    session: Session,
    room: str,
    *,
    limit: int | None,
    before: str | None,
    after: str | None,
    around: str | None,
    at: int | None,
    thread: str | None,
    system: bool,
) -> list[protocol.Message]:
    """At most ``limit`` messages (None: all) in the order of time; as many pages as that takes."""
    if sum(place is not None for place in (before, after, around, at)) > 1:
        raise errors.Invalid("Give one of before=, after=, around= and at=, not several.")
    reader = _Reader(session, room, thread=thread, system=system)
    if after is not None:
        return reader.forward(after, limit)
    if around is not None or at is not None:
        return reader.both_ways(around, at, limit)
    return reader.backward(before, limit)


class _Reader:
    def __init__(self, session: Session, room: str, *, thread: str | None, system: bool) -> None:
        self._session = session
        self._room = room
        self._thread = thread
        self._system = system

    def backward(self, before: str | None, limit: int | None) -> list[protocol.Message]:
        found: list[protocol.Message] = []
        more = True
        while more and (limit is None or len(found) < limit):
            page = self._page(self._size(limit, found), before=before)
            found[:0] = page.messages
            more = page.more_before and bool(page.messages)
            before = page.messages[0].id if page.messages else None
        return found

    def forward(self, after: str, limit: int | None) -> list[protocol.Message]:
        found: list[protocol.Message] = []
        more = True
        while more and (limit is None or len(found) < limit):
            page = self._page(self._size(limit, found), after=after)
            found += page.messages
            more = page.more_after and bool(page.messages)
            after = page.messages[-1].id if page.messages else after
        return found

    def both_ways(self, around: str | None, at: int | None, limit: int | None) -> list[protocol.Message]:
        page = self._page(self._size(limit, []), around=around, at=at)
        found = list(page.messages)
        if around is None and found:
            around = next((message.id for message in found if message.time >= (at or 0)), found[-1].id)
        if not found or (limit is not None and len(found) >= limit):
            return found if limit is None else _middle(found, around or "0", limit)
        missing = None if limit is None else limit - len(found)
        newer = self.forward(found[-1].id, None if missing is None else -(-missing // 2)) if page.more_after else []
        rest = None if missing is None else missing - len(newer)
        older = self.backward(found[0].id, rest) if page.more_before and rest != 0 else []
        found = older + found + newer
        left = 0 if limit is None else limit - len(found)
        if left > 0 and page.more_after:
            # What there was not on one side is taken from the other.
            found += self.forward(found[-1].id, left)
        return found

    def _size(self, limit: int | None, found: list[protocol.Message]) -> int:
        largest = self._session.limits.page
        return largest if limit is None else min(largest, limit - len(found))

    def _page(
        self,
        limit: int,
        *,
        before: str | None = None,
        after: str | None = None,
        around: str | None = None,
        at: int | None = None,
    ) -> protocol.Page:
        request = protocol.History(
            req=protocol.new_req(),
            room=self._room,
            thread=self._thread,
            system=self._system,
            before=before,
            after=after,
            around=around,
            at=at,
            limit=limit,
        )
        return cast(protocol.Page, self._session.request(request))


def _middle(found: list[protocol.Message], around: str, limit: int) -> list[protocol.Message]:
    """At most so many, those next to ``around`` first."""
    older = sum(int(message.id) < int(around) for message in found)
    start = max(0, min(older - limit // 2, len(found) - limit))
    return found[start : start + limit]
