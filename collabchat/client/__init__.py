"""What a notebook's user holds: a chat, its rooms, their messages."""

from __future__ import annotations

from .chat import Chat
from .connecting import connect
from .listener import Listener
from .message import Message, Messages
from .records import Event, Forwarded, Poll, Scheduled
from .room import Room
from .thread import Thread

__all__ = [
    "Chat",
    "Event",
    "Forwarded",
    "Listener",
    "Message",
    "Messages",
    "Poll",
    "Room",
    "Scheduled",
    "Thread",
    "connect",
]
