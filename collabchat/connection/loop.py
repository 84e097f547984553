"""The one thread of a process that talks to hubs: an asyncio loop nobody else's code runs on."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import threading
from collections.abc import Callable
from typing import Any, Protocol


class Closable(Protocol):
    """What is closed before the loop ends."""

    def abandon(self) -> None: ...


class IoThread:
    """A daemon thread that runs an asyncio loop until the interpreter ends."""

    def __init__(self) -> None:
        # tornado needs add_reader, which the default loop of Windows has not.
        self.loop = asyncio.SelectorEventLoop()
        self.pid = os.getpid()
        self.links: set[Closable] = set()
        self._thread = threading.Thread(target=self._run, name="collabchat-io", daemon=True)
        self._thread.start()

    @property
    def here(self) -> bool:
        """Whether the caller runs on this thread."""
        return threading.get_ident() == self._thread.ident

    def call(self, function: Callable[..., Any], *args: Any) -> None:
        """Run it on the thread: at once where one is on it already, else soon and in order."""
        if self.here:
            function(*args)
        else:
            self.call_later(function, *args)

    def call_later(self, function: Callable[..., Any], *args: Any) -> None:
        """Run it on the thread, soon and in order; also where one is on it already."""
        # The loop is closed when the interpreter ends; nothing is owed to anybody then.
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(function, *args)

    def stop(self, timeout: float = 2.0) -> None:
        """Close all links and end the thread."""
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self._stop)
        self._thread.join(timeout)

    def _stop(self) -> None:
        for link in list(self.links):
            link.abandon()
        self.loop.stop()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
        finally:
            tasks = asyncio.all_tasks(self.loop)
            for task in tasks:
                task.cancel()
            if tasks:
                self.loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            self.loop.close()


_lock = threading.Lock()
_current: IoThread | None = None
# A child keeps what its parent's thread owned: closing it there would disturb the parent's sockets.
_inherited: list[IoThread] = []


def io_thread() -> IoThread:
    """The thread of this process, made on first use."""
    global _current
    with _lock:
        if _current is None:
            _current = IoThread()
        return _current


def _after_fork() -> None:
    global _current, _lock
    _lock = threading.Lock()
    if _current is not None:
        _inherited.append(_current)
        _current = None


def _at_exit() -> None:
    thread = _current
    if thread is not None and thread.pid == os.getpid():
        thread.stop()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
atexit.register(_at_exit)
