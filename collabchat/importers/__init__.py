"""Talk from elsewhere: what other chats export, as DataFrames.

Each format has a reader, which gives people, rooms and messages one after the other (`records`). `read` makes frames of
them, with the columns that a workspace's own have.
"""

from __future__ import annotations

from .archive import Archive, read

__all__ = ["Archive", "read"]
