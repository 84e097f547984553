"""The columns of each frame."""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa

_TEXT, _INT, _BOOL = pa.large_string(), pa.int64(), pa.bool_()
_TIME, _LIST = pa.timestamp("us"), pa.list_(pa.large_string())

SCHEMAS: Final[dict[str, Any]] = {
    "messages": pa.schema(
        [
            ("id", _TEXT),
            ("seq", _INT),
            ("room", _TEXT),
            ("room_id", _TEXT),
            ("author", _TEXT),
            ("author_id", _TEXT),
            ("time", _TIME),
            ("text", _TEXT),
            ("kind", _TEXT),
            ("thread", _TEXT),
            ("reply_to", _TEXT),
            ("edited_at", _TIME),
            ("deleted", _BOOL),
            ("mentions", _LIST),
            ("n_files", _INT),
            ("n_reactions", _INT),
        ]
    ),
    "rooms": pa.schema(
        [
            ("room", _TEXT),
            ("room_id", _TEXT),
            ("kind", _TEXT),
            ("topic", _TEXT),
            ("created_at", _TIME),
            ("archived", _BOOL),
            ("n_members", _INT),
            ("n_messages", _INT),
            ("last_at", _TIME),
            ("unread", _INT),
        ]
    ),
    "members": pa.schema(
        [
            ("member", _TEXT),
            ("member_id", _TEXT),
            ("name", _TEXT),
            ("role", _TEXT),
            ("bot", _BOOL),
            ("joined_at", _TIME),
            ("last_seen", _TIME),
        ]
    ),
    "reactions": pa.schema([("message", _TEXT), ("room", _TEXT), ("author", _TEXT), ("emoji", _TEXT), ("time", _TIME)]),
    "reads": pa.schema([("room", _TEXT), ("member", _TEXT), ("seq", _INT), ("time", _TIME)]),
    "files": pa.schema(
        [
            ("id", _TEXT),
            ("message", _TEXT),
            ("room", _TEXT),
            ("author", _TEXT),
            ("time", _TIME),
            ("name", _TEXT),
            ("size", _INT),
            ("type", _TEXT),
            ("sha256", _TEXT),
        ]
    ),
    "links": pa.schema(
        [("message", _TEXT), ("room", _TEXT), ("author", _TEXT), ("time", _TIME), ("url", _TEXT), ("title", _TEXT)]
    ),
    "events": pa.schema(
        [("seq", _INT), ("time", _TIME), ("type", _TEXT), ("actor", _TEXT), ("room", _TEXT), ("data", _TEXT)]
    ),
}
"""The columns of each frame, in order, as they are kept; times are UTC."""

GROWING: Final = ("messages", "events")
"""The frames of which only changed rows travel; the others are small, and come whole."""
