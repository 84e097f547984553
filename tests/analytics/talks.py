"""Frames of talk for the tests of the analytics: drawn ones, and small ones by hand."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import pandas as pd

START = pd.Timestamp("2026-03-02 09:00", tz="UTC")
COLUMNS = ["id", "room", "author", "time", "text", "kind", "deleted", "reply_to", "thread", "mentions"]


def talk(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """``(room, author, minutes, text)`` and, where wanted, a dict of other columns; the ids are 1, 2, …"""
    made = []
    for number, (room, author, minutes, text, *more) in enumerate(rows, 1):
        row = {
            "id": str(number),
            "room": room,
            "author": author,
            "time": START + pd.Timedelta(minutes=minutes),
            "text": text,
            "kind": "text",
            "deleted": False,
            "reply_to": None,
            "thread": None,
            "mentions": [],
        }
        made.append(row | (more[0] if more else {}))
    frame = pd.DataFrame(made, columns=COLUMNS)
    texts = ["id", "room", "author", "text", "kind", "reply_to", "thread"]
    frame["time"] = pd.to_datetime(frame["time"], utc=True).astype("datetime64[us, UTC]")
    return frame.astype(dict.fromkeys(texts, "string") | {"deleted": bool})


@st.composite
def talks(draw: st.DrawFn, smallest: int = 0) -> pd.DataFrame:
    """Some people, some rooms, times in any order, a bot, lines of the room, deleted messages, replies."""
    words = st.lists(st.sampled_from(["load", "disk?", "ana", "bo:", "ok", "`x?`", "Who", "done.", ""]), max_size=5)
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["x", "y"]),
                st.sampled_from(["ana", "bo", "cy", "dee"]),
                st.integers(0, 20_000),
                words.map(" ".join),
                st.sampled_from(["text", "text", "text", "bot", "system"]),
                st.booleans(),
                st.integers(0, 8),
            ),
            min_size=smallest,
            max_size=25,
        )
    )
    rows.sort(key=lambda row: row[2])
    made = []
    for number, (room, author, minutes, text, kind, deleted, back) in enumerate(rows):
        more: dict[str, Any] = {"kind": kind, "deleted": deleted and number % 3 == 0}
        if 0 < back <= number and rows[number - back][0] == room:
            more["reply_to"] = str(number - back + 1)
        made.append((room, author, minutes, text, more))
    return talk(*made)
