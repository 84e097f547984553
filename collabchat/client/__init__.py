"""What a notebook's user holds: a chat, its rooms, their messages."""

from __future__ import annotations

from .chat import Chat
from .connecting import connect
from .listener import Listener
from .records import Event, Message
from .room import Room

__all__ = ["Chat", "Event", "Listener", "Message", "Room", "connect"]
