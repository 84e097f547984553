"""Events one after the other, none lost: what does not fit the buffer is read from the hub's log."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .backlog import events_since
from .records import Event

if TYPE_CHECKING:
    from types import TracebackType

    from .session import Session

BUFFER = 10_000
"""Events that wait for their reader; past it the reader takes the rest from the log."""


class Listener(Iterator[Event]):
    """What `Chat.listen` gives: an iterator of events, also a context manager.

    Examples
    --------
    >>> for event in chat.listen(timeout=5):  # doctest: +SKIP
    ...     print(event.seq, event.type, event.actor)
    """

    def __init__(self, session: Session, *, since: int | None, timeout: float | None, owner: object = None) -> None:
        self._session = session
        self._owner = owner
        self._timeout = timeout
        self._condition = threading.Condition()
        self._buffer: deque[Event] = deque()
        self._backlog: Iterator[Event] = iter(())
        self._last = session.seq if since is None else since
        self._behind = since is not None
        self._closed = False

    def __iter__(self) -> Listener:
        return self

    def __next__(self) -> Event:
        deadline = None if self._timeout is None else time.monotonic() + self._timeout
        while True:
            for event in self._backlog:
                if event.seq > self._last:
                    self._last = event.seq
                    return event
            found = self._from_buffer(deadline)
            if found is not None:
                return found
            self._catch_up()

    def close(self) -> None:
        """Stop listening; the iteration ends."""
        with self._condition:
            self._closed = True
            self._buffer.clear()
            self._condition.notify_all()

    def __enter__(self) -> Listener:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def push(self, event: Event) -> None:
        """An event has come; called on the thread of the connection."""
        with self._condition:
            if self._behind or self._closed:
                return
            if len(self._buffer) >= BUFFER:
                self._behind = True
            else:
                self._buffer.append(event)
            self._condition.notify_all()

    def fall_behind(self) -> None:
        """Events were missed: read them from the log."""
        with self._condition:
            self._behind = True
            self._condition.notify_all()

    def skip(self, upto: int) -> None:
        """Pass over everything up to and with a ``seq``."""
        with self._condition:
            self._last = max(self._last, upto)

    def wake(self) -> None:
        """Look again whether the chat is still open."""
        with self._condition:
            self._condition.notify_all()

    def _from_buffer(self, deadline: float | None) -> Event | None:
        """The next event; None where the log has to be read first."""
        with self._condition:
            while True:
                if self._closed:
                    raise StopIteration
                while self._buffer:
                    event = self._buffer.popleft()
                    if event.seq > self._last:
                        self._last = event.seq
                        return event
                if self._session.state == "closed":
                    self._end()
                if self._behind:
                    return None
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    raise StopIteration
                self._session.check()
                self._condition.wait(left)

    def _catch_up(self) -> None:
        with self._condition:
            # From here on the buffer takes what comes; the log has all before it.
            self._behind = False
        try:
            self._backlog = events_since(self._session, self._last)
        except BaseException:
            self.fall_behind()
            raise

    def _end(self) -> None:
        self._closed = True
        if not self._session.closed_by_us:
            self._session.check()
        raise StopIteration
