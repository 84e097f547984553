"""A request that waits for its answer."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any

from .. import errors, protocol

Part = tuple[protocol.Table, memoryview]


class Interrupted(errors.ConnectionLost):
    """Bytes of a file were on their way when the connection was lost: the hub says how far it got."""


@dataclass(eq=False)
class Pending:
    """A request that has no answer yet."""

    request: protocol.Request | protocol.Slice
    future: Future[Any] = field(default_factory=Future)
    sent: bool = False
    parts: SimpleQueue[Part | None] = field(default_factory=SimpleQueue)
    """The parts of a table as they come; None when there will be no more."""
    event: protocol.Event | None = None
    """The first event that the command caused, as it came to us."""
    ack: protocol.Ack | None = None

    @property
    def is_command(self) -> bool:
        """Whether it changes something, and so causes events."""
        return isinstance(self.request, protocol.Command)

    def resolve(self, answer: Any) -> None:
        """Hand over the answer; what was given up already stays so."""
        if self.future.set_running_or_notify_cancel():
            self.future.set_result(answer)
            self.parts.put(None)

    def fail(self, error: Exception) -> None:
        """Hand over an error."""
        if self.future.set_running_or_notify_cancel():
            self.future.set_exception(error)
            self.parts.put(None)


@dataclass(frozen=True)
class Done:
    """What a command did: the hub's answer, and the event where it has reached us."""

    ack: protocol.Ack
    event: protocol.Event | None
