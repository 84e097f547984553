"""One connection: what waits to be sent to it, and how fast it may speak."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from collabchat import protocol as p
from collabchat.store.directory import MemberState

MOST_EVENTS = 5_000
MOST_BYTES = 8 * 1024 * 1024
"""What may wait for one connection; past it events are dropped, and the client is told to sync again."""
FRAME_BYTES = 512 * 1024
FRAME_OBJECTS = 500

Send = Callable[[bytes, bool], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Peer:
    """What a connection proves by itself."""

    own: bool
    """It is of the hub's own user (or holds the hub's token): it may name whom it speaks for."""
    login: str
    """The login name that the system vouches for."""
    uid: int | None = None


class Session:
    """A connection of a member.

    Parameters
    ----------
    send
        Sends one frame (text, or binary where the second argument is true) and waits until the socket took it.
    lost
        Called once when a frame could not be sent.
    """

    def __init__(self, peer: Peer, send: Send, lost: Callable[[], None], *, rate: int) -> None:
        self.peer = peer
        self.me: MemberState | None = None
        self.since: int | None = None
        """Events after this ``seq`` are pushed; None: none yet."""
        self.closed = False
        self._send = send
        self._lost = lost
        self._waiting: deque[tuple[bytes, bool]] = deque()
        self._bytes = 0
        self._events = 0
        self._held = 0
        self._sent_seq = 0
        self._task: asyncio.Task[None] | None = None
        self._drained = asyncio.Event()
        self._drained.set()
        self._rate = rate
        self._credit = float(rate)
        self._credited = time.monotonic()

    # ------------------------------------------------------------ out

    def say(self, message: object) -> None:
        """Send one object of the protocol."""
        self.push(p.encode(message))

    def push(self, raw: bytes, *, seq: int = 0, may_drop: bool = False) -> None:
        """Send one object that is encoded already.

        ``seq`` where it belongs to an event. An event may be dropped, and so may what a snapshot says as well.
        """
        if self.closed:
            return
        may_drop = may_drop or bool(seq)
        if may_drop and (self._events >= MOST_EVENTS or self._bytes >= MOST_BYTES):
            self._drop()
            return
        self._waiting.append((raw, may_drop))
        self._bytes += len(raw)
        if may_drop:
            self._events += 1
            self._sent_seq = max(self._sent_seq, seq)
        self._start()

    def _drop(self) -> None:
        """Forget the events that wait: the client asks again from its ``seq``, and the others are not slowed down."""
        self.forget_events()
        self.restart(self._sent_seq)

    def restart(self, seq: int) -> None:
        """Push no more events, and have the client sync again."""
        self.since = None
        self.say(p.Restart(seq=seq))

    def hold(self) -> None:
        """Send nothing until `release`: a snapshot is on its way, and events must come after it."""
        self._held += 1

    def release(self) -> None:
        self._held -= 1
        self._start()

    def forget_events(self) -> None:
        """Drop the events that wait: what comes now stands for them."""
        self._waiting = deque(item for item in self._waiting if not item[1])
        self._events = 0
        self._bytes = sum(len(raw) for raw, _ in self._waiting)

    def first(self, raws: list[bytes]) -> None:
        """Put objects before everything that waits."""
        self._waiting.extendleft((raw, False) for raw in reversed(raws))
        self._bytes += sum(len(raw) for raw in raws)

    def _start(self) -> None:
        if self._task is None and self._waiting and not self._held and not self.closed:
            self._drained.clear()
            self._task = asyncio.get_running_loop().create_task(self._drain())

    async def _drain(self) -> None:
        try:
            while self._waiting and not self._held and not self.closed:
                await self._send(self._frame(), False)
        except Exception:  # the socket is gone, in whichever way; its handler cleans up
            self.closed = True
            self._lost()
        finally:
            self._task = None
            self._drained.set()
        self._start()

    def _frame(self) -> bytes:
        raw, is_event = self._waiting.popleft()
        parts, size = [raw], len(raw)
        self._events -= is_event
        while self._waiting and len(parts) < FRAME_OBJECTS and size < FRAME_BYTES:
            raw, is_event = self._waiting.popleft()
            self._events -= is_event
            parts.append(raw)
            size += len(raw)
        self._bytes -= size
        return parts[0] if len(parts) == 1 else b"[" + b",".join(parts) + b"]"

    async def send_binary(self, header: p.Table | p.FileSlice | p.Thumbnail, payload: bytes | memoryview) -> None:
        """Send a binary frame, once what waits has gone."""
        await self.drained()
        if self.closed:
            return
        try:
            await self._send(p.encode_binary(header, payload), True)
        except Exception:  # as for what is sent otherwise
            self.closed = True
            self._lost()

    async def drained(self) -> None:
        """Wait until nothing waits to be sent."""
        await self._drained.wait()

    # ------------------------------------------------------------ in

    async def pace(self, commands: int) -> None:
        """Wait as long as a client must that speaks too fast, or does not read what it asked for."""
        if self._bytes > MOST_BYTES:
            await self.drained()
        now = time.monotonic()
        self._credit = min(float(self._rate), self._credit + (now - self._credited) * self._rate)
        self._credited = now
        self._credit -= commands
        if self._credit < 0:
            await asyncio.sleep(-self._credit / self._rate)

    def close(self) -> None:
        self.closed = True
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()
