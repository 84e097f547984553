"""The kinds of traits that `ChatPanel` has: each takes what people have in hand, and keeps a plain text."""

from __future__ import annotations

import re
from typing import Any

import traitlets
from ipywidgets import Layout, widget_serialization
from ipywidgets.widgets.trait_types import InstanceDict

__all__ = ["LayoutOption", "MessageId", "RoomName", "room_name"]

_ID = re.compile(r"[0-9]{0,18}\Z")


class RoomName(traitlets.Unicode[str, Any]):
    """A room's name, from a name or a `Room`. With another room no message of the old one is chosen."""

    def validate(self, obj: Any, value: Any) -> str:
        return str(super().validate(obj, room_name(value)))

    def set(self, obj: Any, value: Any) -> None:
        before = obj._trait_values.get(self.name, "")
        with obj.hold_trait_notifications():
            super().set(obj, value)
            if before and obj._trait_values[self.name] != before:
                obj.selected = ""


class MessageId(traitlets.Unicode[str, Any]):
    """A message's id, from an id or a `Message`, whose room is opened then."""

    def validate(self, obj: Any, value: Any) -> str:
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if text is None or (isinstance(text, str) and not _ID.match(text)):
            raise traitlets.TraitError(f"selected is the id of a message, a Message, or '' for none, not {value!r}.")
        return str(super().validate(obj, text))

    def set(self, obj: Any, value: Any) -> None:
        room, id = getattr(value, "room", None), getattr(value, "id", None)
        if not isinstance(room, str) or not isinstance(id, str):
            super().set(obj, value)
            return
        with obj.hold_trait_notifications():
            obj.room = room
            super().set(obj, id)


class LayoutOption(InstanceDict):  # type: ignore[misc]  # ipywidgets has no types
    """The layout that every widget has, and beside it ours: ``"full"`` or ``"compact"``, kept in ``shape``."""

    def __init__(self) -> None:
        super().__init__(Layout)
        self.tag(sync=True, **widget_serialization)

    def set(self, obj: Any, value: Any) -> None:
        if not isinstance(value, str):
            super().set(obj, value)
        elif value in ("full", "compact"):
            obj.shape = value
        else:
            raise traitlets.TraitError(
                f"layout is 'full' or 'compact' (or, for its place in the page, a Layout of ipywidgets), not {value!r}."
            )


def room_name(room: Any) -> str:
    """The name of a room that was given by its name, or itself.

    Raises
    ------
    TypeError
        Where it is neither.
    """
    if room is None:
        return ""
    name = room if isinstance(room, str) else getattr(room, "name", None)
    if not isinstance(name, str):
        raise TypeError(f"room is the name of a room, or a Room, not {type(room).__name__}.")
    return name.removeprefix("#")
