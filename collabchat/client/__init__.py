"""What a notebook's user holds: a chat, its rooms, their messages."""

from __future__ import annotations

from .chat import Chat
from .connecting import connect
from .files import File
from .listener import Listener
from .message import Message
from .messages import Messages
from .records import Event, Forwarded, Poll, Scheduled
from .room import Room
from .thread import Thread

__all__ = [
    "Chat",
    "Event",
    "File",
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
