"""ChatPanel: what a notebook shows."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from collabchat.connection import Target
from collabchat.panel.assets import asset
from collabchat.panel.relay import Relay
from collabchat.panel.subshell import Channel
from collabchat.panel.visitor import identity

__all__ = ["ChatPanel"]


class ChatPanel(anywidget.AnyWidget):
    """The chat as a widget.

    It has a connection of its own, as the person whom ``chat`` speaks for, and works while a cell runs. No
    message is ever in the widget's state, so none is saved into a notebook.

    Parameters
    ----------
    chat
        What `collabchat.connect` gives.
    room
        The room to open at first: a name, or a `Room`.
    height
        A CSS length.

    Examples
    --------
    >>> panel = cc.ChatPanel(chat, room="pipeline")  # doctest: +SKIP
    """

    room = traitlets.Unicode("").tag(sync=True)
    """The name of the room to open; empty for the one that was open last."""
    height = traitlets.Unicode("560px").tag(sync=True)
    _label = traitlets.Unicode("").tag(sync=True)
    _version = traitlets.Unicode("").tag(sync=True)
    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)

    def __init__(self, chat: Any, *, room: Any = "", height: str = "560px") -> None:
        from collabchat import __version__

        seat = chat if isinstance(chat, _Seat) else _seat_of(chat)
        super().__init__(
            room=_room_name(room),
            height=height,
            _label=seat.label,
            _version=__version__,
            _esm=asset("panel.js"),
            _css=asset("panel.css"),
        )
        self._channel = Channel(self)
        self._relay = Relay(seat.target, self._channel.send, workspace=seat.workspace)
        self.on_msg(self._receive)

    @classmethod
    def visitor(
        cls, workspace: str | os.PathLike[str], *, name: str | None = None, room: Any = "", height: str = "560px"
    ) -> ChatPanel:
        """A panel that has no identity yet: it asks whoever looks at it for a name.

        Parameters
        ----------
        workspace
            The folder.
        name
            Who speaks; nobody is asked then.
        room, height
            As for `ChatPanel`.
        """
        folder = Path(workspace).expanduser().absolute()
        if name is None:
            return cls(_Seat(None, folder, folder.name, ""), room=room, height=height)
        handle, shown = identity(name)
        target = Target(workspace=folder, user=handle, name=shown)
        return cls(_Seat(target, folder, target.label, handle), room=room, height=height)

    def __repr__(self) -> str:
        return f"<ChatPanel of {self._label}: run the cell to talk>"

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        self._relay.receive(content)

    def close(self) -> None:
        """Take the panel away and let go of the hub."""
        relay = getattr(self, "_relay", None)
        if relay is not None:
            relay.close()
        super().close()


@dataclass(frozen=True)
class _Seat:
    """Who looks at a panel, and of which workspace; no target: that is still to be asked."""

    target: Target | None
    workspace: Path | None
    place: str
    handle: str

    @property
    def label(self) -> str:
        return f"{self.place} · @{self.handle}" if self.handle else self.place


def _seat_of(chat: Any) -> _Seat:
    target = getattr(chat, "target", None)
    if not isinstance(target, Target):
        raise TypeError(f"ChatPanel takes what collabchat.connect() returns, not {type(chat).__name__}.")
    me = getattr(chat, "me", None)
    handle = getattr(me, "handle", me)
    return _Seat(target, target.workspace, target.label, handle if isinstance(handle, str) else target.user or "")


def _room_name(room: Any) -> str:
    if room is None:
        return ""
    name = room if isinstance(room, str) else getattr(room, "name", None)
    if not isinstance(name, str):
        raise TypeError(f"room is the name of a room, or a Room, not {type(room).__name__}.")
    return name
