"""The kernel's side of a panel: passes frames between its comm and the hub without understanding them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import msgspec

from collabchat.connection import Link, Target
from collabchat.connection.loop import io_thread
from collabchat.errors import CollabchatError, Conflict, Forbidden, Invalid
from collabchat.panel import messages
from collabchat.panel.assets import part
from collabchat.panel.messages import Asset, Attach, Bytes, Frames, Ping, State, Visitor
from collabchat.panel.outbox import Outbox
from collabchat.panel.slices import Flow, pack, unpack
from collabchat.panel.visitor import identity

__all__ = ["SILENCE", "AnyLink", "Relay", "Send"]

SILENCE = 150.0
"""Seconds without a word of the browser after which it is taken for gone."""
WATCH = 10.0
"""Seconds between two looks at that."""

_log = logging.getLogger("collabchat.panel")


class AnyLink(Protocol):
    """What the relay needs of a `collabchat.connection.Link`."""

    @property
    def error(self) -> Exception | None: ...
    def start(self) -> None: ...
    def send(self, frame: str | bytes) -> None: ...
    def send_binary(self, frame: bytes) -> None: ...
    def close(self) -> None: ...


class Send(Protocol):
    """Sends one message to the browser, with bytes beside it or without, from any thread."""

    def __call__(self, content: dict[str, Any], buffers: list[bytes | memoryview] = ..., /) -> None: ...


class _Typed(msgspec.Struct):
    type: Any = None


_typed = msgspec.json.Decoder(_Typed)
_listed = msgspec.json.Decoder(list[msgspec.Raw])


class Relay:
    """One panel's way to the hub.

    It connects when the first view asks, and lets go of the hub when no browser has said a word for `SILENCE`
    seconds: a kernel that pushes is never idle, and nobody is there to read. The next word connects again.

    Parameters
    ----------
    target
        Where and as whom to connect; None where a visitor is asked for a name first.
    send
        Sends one message to the browser, with bytes beside it or without, from any thread.
    workspace
        The workspace of visitors.
    make_link, later, clock
        For tests: how to connect, how to do something after some seconds, and the time.
    """

    def __init__(
        self,
        target: Target | None,
        send: Send,
        *,
        workspace: Path | None = None,
        make_link: Callable[..., AnyLink] = Link,
        later: Callable[[float, Callable[[], None]], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._target = target
        self._workspace = workspace
        self._visitors = target is None
        self._outbox = Outbox(send, clock)
        self._up, self._down = Flow(), Flow()
        self._send = send
        self._make_link = make_link
        self._later = later or _later
        self._clock = clock
        self._lock = threading.RLock()
        self._link: AnyLink | None = None
        self._links = 0
        self._state: State = "visitor" if target is None else "connecting"
        self._message = ""
        self._epoch = 0
        self._heard = clock()
        self._watching = False
        self._ended = False

    # ------------------------------------------------------------ what the browser says

    def receive(self, content: Any, buffers: Sequence[Any] | None = None) -> None:
        """Take a message of the browser, with the bytes beside it (any thread).

        What is none of ours is logged and left alone.
        """
        try:
            message = messages.read(content)
        except msgspec.ValidationError as error:
            _log.warning("A message of the panel that cannot be read: %s", error)
            return
        with self._lock:
            if self._ended:
                return
            self._heard = self._clock()
            self._down.heard()
            match message:
                case Attach():
                    self._outbox.forget()
                    self._wake(again=True)
                    self._tell_state()
                case Ping(t=t, n=n):
                    self._flush_after(self._outbox.seen(n))
                    if self._wake():
                        self._tell_state()
                    epoch, state = self._epoch, self._state
                    self._outbox.tell(lambda last: messages.pong(last, t, epoch, state))
                case Frames(frames=frames):
                    if self._wake():
                        self._tell_state()
                    self._pass_on(frames)
                case Bytes(header=header):
                    if self._wake():
                        self._tell_state()
                    self._pass_bytes_on(header, buffers)
                case Visitor(name=name):
                    self._name_visitor(name)
        if isinstance(message, Asset):
            self._bring(message)

    def close(self) -> None:
        """Let go of the hub for good."""
        with self._lock:
            if self._ended:
                return
            self._ended = True
            link, self._link = self._link, None
            self._links += 1
            self._state, self._message = "closed", "This panel was closed."
            self._tell_state()
        if link is not None:
            link.close()

    def _bring(self, asked: Asset) -> None:
        """Send a file of the package: that needs neither the hub nor its turn among the frames."""
        found = part(asked.name)
        try:
            if isinstance(found, bytes):
                self._send(messages.asset(asked.name, asked.t, ""), [found])
            else:
                self._send(messages.asset(asked.name, asked.t, found))
        except Exception:
            _log.debug("A file for the panel was not sent", exc_info=True)

    def _pass_on(self, frames: list[str]) -> None:
        # A frame that comes before the hub is there is dropped: with the new epoch the browser sends again
        # what has no answer yet.
        if self._link is None or self._state != "open":
            return
        for frame in frames:
            allowed = _without_hello(frame)
            if allowed is not None:
                self._link.send(allowed)

    def _pass_bytes_on(self, header: str, buffers: Sequence[Any] | None) -> None:
        # What is dropped is sent again: the browser waits for an answer to each slice.
        if self._link is None or self._state != "open":
            return
        frame = pack(header, buffers)
        if frame is None:
            _log.warning("Bytes of the panel that are no slice of a file: %.100s", header)
        elif self._up.passes(len(frame)):
            self._link.send_binary(frame)

    def _name_visitor(self, typed: str) -> None:
        if not self._visitors or self._state != "visitor":
            self._tell_state()
            return
        try:
            handle, name = identity(typed)
        except Invalid as error:
            self._message = str(error)
        else:
            self._target = Target(workspace=self._workspace, user=handle, name=name)
            self._wake()
        self._tell_state()

    # ------------------------------------------------------------ what the hub says

    def _on_frame(self, link: int, frame: str | bytes) -> None:
        found = unpack(frame) if isinstance(frame, bytes) else None
        with self._lock:
            if link != self._links or self._ended:
                return
            sending = self._up.heard()
            if isinstance(frame, str):
                self._flush_after(self._outbox.put(frame, soon=sending))
            if found is None or not self._down.passes(found[1].nbytes):
                return
        self._say_bytes(*found)

    def _say_bytes(self, header: str, payload: memoryview) -> None:
        try:
            self._send(messages.file_bytes(header), [payload])
        except Exception:
            _log.debug("Bytes of a file were not sent to the panel", exc_info=True)

    def _on_state(self, link: int, state: State, message: str) -> None:
        with self._lock:
            if link != self._links or self._ended:
                return
            self._state, self._message = state, message
            if state == "open":
                self._epoch += 1
                self._up.heard()
                self._watch_over()
            elif state == "closed":
                self._refused()
            self._tell_state()

    def _refused(self) -> None:
        error = self._link.error if self._link is not None else None
        self._link = None
        self._links += 1
        if self._visitors and isinstance(error, Invalid | Forbidden | Conflict):
            # Another name may do.
            self._target, self._state = None, "visitor"

    # ------------------------------------------------------------ the link

    def _wake(self, *, again: bool = False) -> bool:
        """Connect where nothing does so already, after a refusal only with ``again``; whether it does now."""
        if self._link is not None or self._target is None or (self._state == "closed" and not again):
            return False
        self._links += 1
        self._state, self._message = "connecting", ""
        try:
            self._link = self._make_link(
                self._target,
                on_frame=partial(self._on_frame, self._links),
                on_state=partial(self._on_state, self._links),
            )
            self._link.start()
        except CollabchatError as error:
            self._link = None
            self._state, self._message = "closed", str(error)
        return True

    def _watch_over(self) -> None:
        if not self._watching:
            self._watching = True
            self._later(WATCH, self._watch)

    def _watch(self) -> None:
        with self._lock:
            self._watching = False
            if self._ended or self._link is None:
                return
            if self._clock() - self._heard <= SILENCE:
                self._watch_over()
                return
            link, self._link = self._link, None
            self._links += 1
            self._state, self._message = "lost", ""
            self._outbox.skip()
        link.close()

    # ------------------------------------------------------------ to the browser

    def _tell_state(self) -> None:
        state, message, epoch = self._state, self._message, self._epoch
        self._outbox.tell(lambda n: messages.state(n, state, message, epoch))

    def _flush_after(self, delay: float | None) -> None:
        if delay is not None:
            self._later(delay, self._outbox.flush)


def _later(delay: float, action: Callable[[], None]) -> None:
    thread = io_thread()
    thread.call(thread.loop.call_later, delay, action)


def _without_hello(frame: str) -> str | None:
    """The frame without any hello in it, None where nothing is left: who speaks is said by the link alone.

    What is no JSON passes: the hub says so.
    """
    try:
        if not frame.lstrip().startswith("["):
            return None if _typed.decode(frame).type == "hello" else frame
        raws = _listed.decode(frame)
        kept = [raw for raw in raws if _typed.decode(raw).type != "hello"]
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return frame
    if len(kept) == len(raws):
        return frame
    return msgspec.json.encode(kept).decode() if kept else None
