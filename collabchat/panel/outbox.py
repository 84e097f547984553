"""The frames on their way to the browser: gathered, numbered, bounded."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from collabchat.panel import messages

SPACING = 0.05
"""Seconds between two pushes: two messages written one right after the other cost 40 ms each (Nagle)."""
SOON = 0.005
"""The same while the browser sends a file: what it says acknowledges what it hears, and it waits for each answer."""
GATHER = 0.002
"""Seconds to wait for more when nothing went out lately; a reply and its event mostly come together."""
MAX_FRAMES = 2_000
MAX_SIZE = 4_000_000
"""Frames and characters that may wait; past them the browser is told to ask again from its ``seq``."""
LARGE = 1_000_000
"""Characters of a frame that goes alone, at once: it must not be what fills the outbox."""
WINDOW = 16_000_000
"""Characters that may be on their way unseen before pushes wait for the browser's next ping."""

_log = logging.getLogger("collabchat.panel")


class Outbox:
    """Gathers frames into numbered pushes, in order, from any thread.

    Parameters
    ----------
    send
        Sends one message to the browser.
    clock
        Seconds, monotonic.
    """

    def __init__(self, send: Callable[[dict[str, Any]], None], clock: Callable[[], float]) -> None:
        self.n = 0
        """The number of the last push, sent or skipped."""
        self._send = send
        self._clock = clock
        self._lock = threading.RLock()
        self._waiting: list[str] = []
        self._size = 0
        self._skipped = False
        self._due: float | None = None
        self._last = float("-inf")
        self._unseen: deque[tuple[int, int]] = deque()
        self._unseen_size = 0

    def put(self, frame: str, *, soon: bool = False) -> float | None:
        """Take a frame; the answer is after how many seconds `flush` must be called (None: not by this one)."""
        with self._lock:
            if len(frame) >= LARGE and not self._held:
                self._push()
                self._waiting.append(frame)
                self._size = len(frame)
                self._push()
            elif len(self._waiting) >= MAX_FRAMES or (self._waiting and self._size + len(frame) > MAX_SIZE):
                self.skip()
            else:
                self._waiting.append(frame)
                self._size += len(frame)
            return self._schedule(SOON if soon else SPACING)

    def flush(self) -> None:
        """Send what waits."""
        with self._lock:
            self._due = None
            self._push()

    def skip(self) -> None:
        """Drop what waits; the gap in the numbers makes the browser ask for it again."""
        with self._lock:
            self._waiting, self._size = [], 0
            self.n += 1
            self._skipped = True

    def seen(self, n: int) -> float | None:
        """The browser has seen push ``n``; answers as `put` does."""
        with self._lock:
            while self._unseen and self._unseen[0][0] <= n:
                self._unseen_size -= self._unseen.popleft()[1]
            return self._schedule()

    def forget(self) -> None:
        """A view came new: what earlier ones have not seen no longer counts."""
        with self._lock:
            self._unseen.clear()
            self._unseen_size = 0

    def tell(self, message: Callable[[int], dict[str, Any]]) -> None:
        """Send a message made from the last push's number, in order with the pushes."""
        with self._lock:
            self._write(message(self.n))

    @property
    def _held(self) -> bool:
        return self._unseen_size > WINDOW

    def _schedule(self, spacing: float = SPACING) -> float | None:
        if self._held or not (self._waiting or self._skipped):
            return None
        now = self._clock()
        delay = max(GATHER, self._last + spacing - now)
        if self._due is not None and self._due <= now + delay:
            return None
        self._due = now + delay
        return delay

    def _push(self) -> None:
        if self._held or not (self._waiting or self._skipped):
            return
        frames, size = self._waiting, self._size
        self._waiting, self._size, self._skipped = [], 0, False
        self.n += 1
        self._last = self._clock()
        self._unseen.append((self.n, size))
        self._unseen_size += size
        self._write(messages.frames(self.n, frames))

    def _write(self, message: dict[str, Any]) -> None:
        try:
            self._send(message)
        except Exception:
            # The kernel is going away, or the comm is closed: the browser finds the gap, if there is one left.
            _log.debug("A message to the panel was not sent", exc_info=True)
