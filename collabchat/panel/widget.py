"""ChatPanel: what a notebook shows."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import msgspec
import traitlets

from collabchat.connection import Target
from collabchat.panel import messages
from collabchat.panel.assets import asset
from collabchat.panel.host import Host, main_loop
from collabchat.panel.naming import code_of
from collabchat.panel.relay import Relay
from collabchat.panel.subshell import Channel
from collabchat.panel.traits import LayoutOption, MessageId, RoomName, room_name
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
    layout
        ``"full"``, or ``"compact"``: one conversation, without the left side.

    Attributes
    ----------
    room : str
        The name of the room that is open. Setting it (to a name or a `Room`) opens that one in all views; opening
        one in a view sets it.
    selected : str
        The id of the message that was chosen in a view (by a click, or with the arrow keys); ``""``: none. Setting
        it (to an id of the open room, or to a `Message`) leads there.
    height : str
    shape : str
        ``"full"`` or ``"compact"``; ``panel.layout = "compact"`` sets it too.

    Examples
    --------
    >>> panel = cc.ChatPanel(chat, room="pipeline", height="720px")  # doctest: +SKIP
    >>> panel.observe(lambda change: print(change.new), "room")  # doctest: +SKIP
    >>> panel.on_send(lambda sent: print(sent["room"], sent["text"]))  # doctest: +SKIP
    >>> panel.selected = chat.room("pipeline").pins()[0]  # doctest: +SKIP
    """

    # Where people went is no business of a notebook's file: its state has what the notebook itself has set.
    room = RoomName("").tag(sync=True, to_json=lambda value, panel: panel._said("room", value))
    selected = MessageId("").tag(sync=True, to_json=lambda value, panel: panel._said("selected", value))
    height = traitlets.Unicode("560px").tag(sync=True)
    shape = traitlets.Enum(("full", "compact"), "full").tag(sync=True)
    layout = LayoutOption()
    _asked = traitlets.Dict({"n": 0, "room": "", "selected": ""}).tag(sync=True)
    """What the notebook has set last, and how many times: views go there. (`room` itself also follows the views.)"""
    _label = traitlets.Unicode("").tag(sync=True)
    _chat = traitlets.Unicode("chat").tag(sync=True)
    """Python that is the panel's chat in this notebook: what code that a view makes begins with."""
    _version = traitlets.Unicode("").tag(sync=True)
    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)

    def __init__(self, chat: Any, *, room: Any = "", height: str = "560px", layout: Any = "full") -> None:
        from collabchat import __version__

        seat = chat if isinstance(chat, _Seat) else _seat_of(chat)
        self._host: Host | None = None
        self._known = room_name(room), ""
        super().__init__(
            room=self._known[0],
            _asked={"n": 0, "room": self._known[0], "selected": ""},
            height=height,
            layout=layout,
            _label=seat.label,
            _chat=seat.code,
            _version=__version__,
            _esm=asset("panel.js"),
            _css=asset("panel.css"),
        )
        self._channel = Channel(self)
        self._asks = 0
        self._host = Host(self._go_along, lambda: self._asks, main_loop())
        self._relay = Relay(seat.target, self._channel.send, workspace=seat.workspace)
        self.on_msg(self._receive)

    @classmethod
    def visitor(
        cls,
        workspace: str | os.PathLike[str],
        *,
        name: str | None = None,
        room: Any = "",
        height: str = "560px",
        layout: Any = "full",
    ) -> ChatPanel:
        """A panel that has no identity yet: it asks whoever looks at it for a name.

        Parameters
        ----------
        workspace
            The folder.
        name
            Who speaks; nobody is asked then.
        room, height, layout
            As for `ChatPanel`.

        Examples
        --------
        >>> cc.ChatPanel.visitor("team")  # doctest: +SKIP
        """
        folder = Path(workspace).expanduser().absolute()
        if name is None:
            return cls(_Seat(None, folder, folder.name, ""), room=room, height=height, layout=layout)
        handle, shown = identity(name)
        target = Target(workspace=folder, user=handle, name=shown)
        return cls(_Seat(target, folder, target.label, handle), room=room, height=height, layout=layout)

    def on_send(self, callback: Callable[[dict[str, Any]], object], remove: bool = False) -> None:
        """Have a function called with each message that is sent from this panel.

        It is called in the kernel's main thread once the hub has the message; while a cell runs, when the cell ends.
        What one sends from Python or elsewhere is not told: `Chat.listen` has that.

        Parameters
        ----------
        callback
            Gets a dict: ``room`` (its name), ``text``, ``id``, ``reply_to`` (an id, or None).
        remove
            Do not call it any more.

        Examples
        --------
        >>> panel.on_send(lambda sent: print(sent["room"], sent["text"]))  # doctest: +SKIP
        """
        if self._host is not None:
            self._host.on_send(callback, remove=remove)

    def __repr__(self) -> str:
        return f"<ChatPanel of {self._label}: run the cell to talk>"

    def _receive(self, _widget: Any, content: Any, buffers: Any) -> None:
        try:
            message = messages.read(content)
        except msgspec.ValidationError:
            message = None
        if self._host is not None and isinstance(message, messages.Placed | messages.Sent):
            self._host.receive(message)
        else:
            self._relay.receive(content, buffers)

    def _go_along(self, room: str, selected: str) -> None:
        """A view went there by itself: no view has to be told."""
        self._known = room, selected
        if self._asked["selected"] and (room, selected) != (self._asked["room"], self._asked["selected"]):
            # No view that is drawn later is to be led there.
            self._asked = {**self._asked, "selected": ""}
        with self.hold_trait_notifications():
            self.set_trait("room", room)
            self.set_trait("selected", selected)

    @traitlets.observe("room", "selected")
    def _went(self, _change: Any) -> None:
        now = self.room, self.selected
        if self._host is None or now == self._known:
            return
        self._known = now
        self._asks += 1
        self._asked = {"n": self._asks, "room": now[0], "selected": now[1]}

    def _said(self, name: str, value: str) -> str:
        """What the widget's state says of `room` and `selected`."""
        heard = self._known[("room", "selected").index(name)]
        return str(self._asked[name]) if value == heard else value

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
    code: str = "chat"

    @property
    def label(self) -> str:
        return f"{self.place} · @{self.handle}" if self.handle else self.place


def _seat_of(chat: Any) -> _Seat:
    target = getattr(chat, "target", None)
    if not isinstance(target, Target):
        raise TypeError(f"ChatPanel takes what collabchat.connect() returns, not {type(chat).__name__}.")
    me = getattr(chat, "me", None)
    handle = getattr(me, "handle", me)
    handle = handle if isinstance(handle, str) else target.user or ""
    return _Seat(target, target.workspace, target.label, handle, code_of(chat, target, handle))
