"""What a notebook and the views of its panel tell each other: the open room, the chosen message, what was sent.

The browser speaks on a subshell, a thread beside the kernel's main one, and traits belong to the main one: so what it
says is kept until the main thread is free (while a cell runs, until the cell awaits something or ends) and set there.
Of several rooms or messages that were looked at in the meantime only the last one counts; of messages that were sent
each is told.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from collabchat.panel.messages import Placed, Sent

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Host", "main_loop"]

_log = logging.getLogger("collabchat.panel")

OnSend = Callable[[dict[str, Any]], object]


class Host:
    """The notebook's end.

    Parameters
    ----------
    place
        Sets room and chosen message, on the kernel's main thread.
    asked
        How many times the notebook has set them by now: what views say that had not heard of the last time is old.
    loop
        The event loop of the kernel's main thread; None where there is none, and all happens at once.
    """

    def __init__(
        self,
        place: Callable[[str, str], None],
        asked: Callable[[], int],
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._place = place
        self._asked = asked
        self._loop = loop
        self._lock = threading.Lock()
        self._placed: Placed | None = None
        self._sent: list[Sent] = []
        self._due = False
        self._listeners: list[OnSend] = []

    def on_send(self, callback: OnSend, *, remove: bool = False) -> None:
        """Call something with each message that is sent from the panel, or no more."""
        if not callable(callback):
            raise TypeError(f"on_send takes a function, not {type(callback).__name__}.")
        if callback in self._listeners:
            self._listeners.remove(callback)
        if not remove:
            self._listeners.append(callback)

    def receive(self, message: Placed | Sent) -> None:
        """Take what a view said (any thread)."""
        with self._lock:
            if isinstance(message, Placed):
                self._placed = message
            else:
                self._sent.append(message)
            if self._due:
                return
            self._due = True
        if self._loop is None or threading.current_thread() is threading.main_thread():
            self._hear()
            return
        try:
            self._loop.call_soon_threadsafe(self._hear)
        except RuntimeError:
            _log.debug("The kernel is going away", exc_info=True)

    def _hear(self) -> None:
        with self._lock:
            placed, self._placed = self._placed, None
            sent, self._sent = self._sent, []
            self._due = False
        if placed is not None and placed.asked >= self._asked():
            with _shown():
                self._place(placed.room, placed.selected)
        for one in sent:
            for callback in list(self._listeners):
                with _shown():
                    callback({"room": one.room, "text": one.text, "id": one.message, "reply_to": one.reply_to})


def main_loop() -> asyncio.AbstractEventLoop | None:
    """The event loop that runs on the main thread, where there is one."""
    if threading.current_thread() is threading.main_thread():
        try:
            return asyncio.get_running_loop()
        except RuntimeError:
            return None
    kernels = sys.modules.get("ipykernel.kernelbase")
    if kernels is None or not kernels.Kernel.initialized():
        return None
    found = getattr(getattr(kernels.Kernel.instance(), "io_loop", None), "asyncio_loop", None)
    return found if isinstance(found, asyncio.AbstractEventLoop) else None


@contextmanager
def _shown() -> Iterator[None]:
    """What a notebook's own function raises is shown, as for every widget, and stops nothing else."""
    try:
        yield
    except Exception:
        shell = sys.modules.get("IPython")
        shell = shell.get_ipython() if shell is not None else None
        if shell is None:
            _log.warning("A function that watches the panel failed", exc_info=True)
        else:
            shell.showtraceback()
