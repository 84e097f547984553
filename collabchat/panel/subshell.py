"""A widget's comm that works while a cell runs.

All that leans on ipykernel's inner life is in this file. Three ways, the best that the kernel can do is taken:

``subshell``
    ipykernel 7.4 asks each comm on which subshell (a thread that handles messages beside the main one) its
    messages are to be handled, and by itself answers with that of the last message that went *out*: a push from
    a background thread makes the panel deaf while a cell runs. So the comm answers with a subshell of our own,
    one for the whole kernel. Nothing is needed from the front end.
``context``
    Where that cannot be had, what goes out is sent in the context that the browser's last message was handled
    in, so that the kernel goes on taking it for an answer to that subshell (if the front end has one).
``plain``
    Where there is no ipykernel, or one without subshells: the browser's messages wait for the cell; pushes
    arrive all the same.

In all three the comm's own ``handle_msg`` is passed by for what the panel says: it runs ``post_execute``, and
that shows (and closes) the figures of the cell that is running.
"""

from __future__ import annotations

import contextvars
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Literal
from weakref import WeakKeyDictionary

__all__ = ["SWITCH", "Channel", "Way"]

Way = Literal["subshell", "context", "plain"]

SWITCH = "COLLABCHAT_SUBSHELL"
"""Set this variable to ``0`` to do without a subshell of our own."""
PATIENCE = 2.0
"""Seconds to wait for the kernel to make a subshell."""

_made: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
_making = threading.Lock()


class Channel:
    """The way of a widget's custom messages, in and out.

    Parameters
    ----------
    widget
        An ipywidgets widget whose comm is open. Its own handlers of custom messages (``on_msg``) are called on
        another thread than the kernel's main one while `way` is ``subshell``.
    """

    def __init__(self, widget: Any) -> None:
        self._widget = widget
        self._context: contextvars.Context | None = None
        comm = widget.comm
        self.way: Way = "plain"
        """Which of the three ways is taken."""
        if not hasattr(comm, "handle_msg"):
            return
        comm.handle_msg = self._handler(comm.handle_msg)
        manager = _manager(comm)
        if manager is None:
            return
        own = _own_subshell(manager) if os.environ.get(SWITCH) != "0" and _routes(comm) else None
        if own is None:
            self.way = "context"
        else:
            self.way = "subshell"
            comm._reply_subshell_for = _route(manager, own)

    def send(self, content: dict[str, Any], buffers: list[bytes | memoryview] | None = None, /) -> None:
        """Send a custom message to the browser, with bytes beside it or without, from any thread."""
        if self.way == "context" and self._context is not None:
            # A copy, as a context can be entered by one thread at a time only.
            self._context.copy().run(self._widget.send, content, buffers)
        else:
            self._widget.send(content, buffers)

    def _handler(self, own: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
        def handle_msg(message: dict[str, Any]) -> None:
            if _is_ours(message["content"].get("data")):
                self._context = contextvars.copy_context()
                self._widget._handle_msg(message)
            else:
                own(message)

        return handle_msg


def _is_ours(data: Any) -> bool:
    # "update" sets traits: that stays on the kernel's main thread.
    return isinstance(data, dict) and data.get("method") in ("custom", "request_state")


def _manager(comm: Any) -> Any:
    """The kernel's manager of subshells, None where there is none."""
    kernel = getattr(comm, "kernel", None)
    if kernel is None:
        try:
            from ipykernel.kernelbase import Kernel
        except ImportError:
            return None
        if not Kernel.initialized():
            return None
        kernel = Kernel.instance()
    return getattr(getattr(kernel, "shell_channel_thread", None), "manager", None)


def _routes(comm: Any) -> bool:
    return callable(getattr(comm, "_reply_subshell_for", None))


def _route(manager: Any, own: str) -> Callable[[Any, str | None], str | None]:
    def reply_subshell_for(data: Any, default: str | None) -> str | None:
        # Somebody may have deleted it (any front end can): then the message takes the kernel's usual way.
        return own if _is_ours(data) and own in manager.list_subshell() else default

    return reply_subshell_for


def _own_subshell(manager: Any) -> str | None:
    """The id of this kernel's subshell for panels; None where it cannot be made."""
    loop = getattr(manager, "_shell_channel_io_loop", None)
    create = getattr(manager, "_create_subshell", None)
    if loop is None or create is None or not hasattr(manager, "list_subshell"):
        return None
    with _making:
        known = _made.get(manager)
        if known is not None and known in manager.list_subshell():
            return known
        made: Future[str] = Future()

        def make() -> None:
            try:
                made.set_result(create())
            except BaseException as error:
                made.set_exception(error)

        loop.add_callback(make)
        try:
            _made[manager] = made.result(PATIENCE)
        except Exception:
            return None
        return _made[manager]
