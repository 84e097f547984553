"""The small frames: what one keeps for oneself, what a message said before. They are made here, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from .arrow import handles, to_frame
from .schema import SCHEMAS

_TEXT, _INT, _BOOL = pa.large_string(), pa.int64(), pa.bool_()
_TIME, _LIST = pa.timestamp("us", "UTC"), pa.list_(pa.large_string())

PERSONAL: Final[dict[str, Any]] = {
    "drafts": pa.schema(
        [
            ("room", _TEXT),
            ("room_id", _TEXT),
            ("thread", _TEXT),
            ("text", _TEXT),
            ("reply_to", _TEXT),
            ("time", _TIME),
        ]
    ),
    "saved": pa.schema(
        [
            ("id", _TEXT),
            ("room", _TEXT),
            ("room_id", _TEXT),
            ("author", _TEXT),
            ("author_id", _TEXT),
            ("posted_at", _TIME),
            ("text", _TEXT),
            ("note", _TEXT),
            ("time", _TIME),
            ("remind_at", _TIME),
            ("reminded_at", _TIME),
        ]
    ),
    "scheduled": pa.schema(
        [
            ("id", _TEXT),
            ("room", _TEXT),
            ("room_id", _TEXT),
            ("text", _TEXT),
            ("at", _TIME),
            ("reply_to", _TEXT),
            ("n_files", _INT),
            ("quote", _BOOL),
            ("also_to_room", _BOOL),
            ("problem", _TEXT),
        ]
    ),
    "threads": pa.schema(
        [
            ("id", _TEXT),
            ("room", _TEXT),
            ("room_id", _TEXT),
            ("author", _TEXT),
            ("author_id", _TEXT),
            ("time", _TIME),
            ("text", _TEXT),
            ("n_replies", _INT),
            ("last_reply_at", _TIME),
        ]
    ),
    "stars": pa.schema([("room", _TEXT), ("room_id", _TEXT), ("kind", _TEXT), ("topic", _TEXT)]),
}
"""The columns of the frames of what is one's own, in order."""

_OTHERS: Final[dict[str, Any]] = {
    "search": pa.schema([*SCHEMAS["messages"], ("score", pa.float64()), ("snippet", _TEXT)]),
    "versions": pa.schema([("time", _TIME), ("text", _TEXT)]),
    "history": pa.schema(
        [
            ("id", _TEXT),
            ("seq", _INT),
            ("room", _TEXT),
            ("author", _TEXT),
            ("time", _TIME),
            ("text", _TEXT),
            ("kind", _TEXT),
            ("thread", _TEXT),
            ("reply_to", _TEXT),
            ("edited_at", _TIME),
            ("deleted", _BOOL),
            ("pinned", _BOOL),
            ("mentions", _LIST),
            ("n_replies", _INT),
            ("n_files", _INT),
            ("n_reactions", _INT),
        ]
    ),
}


def frame_of(name: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """A frame of rows whose times are aware, or microseconds since 1970.

    Examples
    --------
    >>> frame_of("versions", [{"time": 0, "text": "hi"}])["text"].tolist()
    ['hi']
    """
    schema = PERSONAL.get(name) or _OTHERS[name]
    table = pa.Table.from_pylist(list(rows), schema=schema)
    # Where the messages frame has lists that cannot be changed, this one has them too.
    return to_frame(table, {"mentions": handles(table["mentions"])} if name == "search" else None)
