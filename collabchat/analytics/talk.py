"""What a frame of messages is to the analytics: which rows are somebody's words, and in which order they were said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

By = str | Sequence[str] | None
"""The columns that figures are told apart by."""
WORDS_OF_PEOPLE = ("text", "poll")
"""Kinds of messages that people write; bots, calls and the lines of a room itself are none."""


def said(frame: pd.DataFrame, *needs: str) -> pd.DataFrame:
    """The messages of people, in the order of time.

    Bots, system lines, calls and deleted messages are left out. Where the frame does not say what a message is (no
    ``kind``, no ``deleted``), each row counts as said by somebody.

    Parameters
    ----------
    frame
        One message a row: ``author``, ``time``, and what is asked for. Times without a zone are taken as UTC.
    *needs
        Columns that must be there beside ``author`` and ``time``.

    Returns
    -------
    pandas.DataFrame
        A new frame with the same columns, ``time`` as ``datetime64[us, UTC]``, and an index from 0. Messages of the
        same microsecond stand in the order of ``seq`` where there is one, else as they came.

    Raises
    ------
    TypeError
        Where it is no DataFrame.
    ValueError
        Where a column is missing, or ``time`` holds no times.
    """
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"The analytics take a DataFrame of messages, such as chat.messages(), not {_kind(frame)}.")
    missing = [name for name in ("author", "time", *needs) if name not in frame.columns]
    if missing:
        raise ValueError(f"This needs a frame with the column {', '.join(map(repr, missing))}; it has {_names(frame)}.")
    kept = pd.Series(True, index=frame.index)
    if "kind" in frame.columns:
        kept &= frame["kind"].isin(WORDS_OF_PEOPLE) | frame["kind"].isna()
    if "deleted" in frame.columns:
        kept &= ~frame["deleted"].fillna(False).astype(bool)
    kept &= frame["author"].notna() & frame["time"].notna()
    found = frame[kept.to_numpy()].copy()
    found["time"] = as_utc(found["time"])
    order = ["time", "seq"] if "seq" in found.columns else ["time"]
    return found.sort_values(order, kind="stable", ignore_index=True)


def as_utc(times: pd.Series) -> pd.Series:
    """Times as ``datetime64[us, UTC]``; those without a zone are taken as UTC."""
    try:
        return pd.to_datetime(times, utc=True).astype("datetime64[us, UTC]")
    except (TypeError, ValueError) as error:
        raise ValueError(f"The column 'time' holds something that is no time: {error}") from error


def period_of(times: pd.Series, freq: str, tz: str = "UTC") -> pd.Series:
    """The beginning of the period (``"D"``, ``"W"``, ``"MS"``, …) that each time is in, in a time zone.

    Raises
    ------
    ValueError
        Where pandas knows no such period or zone.
    """
    local = times.dt.tz_convert(tz).dt.tz_localize(None)
    try:
        periods = local.dt.to_period(PERIODS.get(freq, freq))
    except (ValueError, AttributeError) as error:
        raise ValueError(f"freq is a period such as 'D', 'W', 'M', 'Q' or 'Y', not {freq!r}: {error}") from error
    begins: pd.Series = periods.dt.start_time.dt.tz_localize(tz, ambiguous=True, nonexistent="shift_forward")
    begins = begins.dt.as_unit("us")
    return begins.rename("period")


PERIODS = {"MS": "M", "ME": "M", "QS": "Q", "QE": "Q", "YS": "Y", "YE": "Y", "1D": "D", "1W": "W"}
"""Other words for periods."""


def keys_of(frame: pd.DataFrame, by: By, freq: str | None, tz: str = "UTC") -> list[pd.Series]:
    """What a figure is told apart by: the columns of ``by``, and the period of ``freq``."""
    names = [] if by is None else [by] if isinstance(by, str) else list(by)
    missing = [name for name in names if name not in frame.columns]
    if missing:
        raise ValueError(f"by names the column {missing[0]!r}, and the frame has {_names(frame)}.")
    keys = [frame[name] for name in names]
    if freq is not None:
        keys.append(period_of(frame["time"], freq, tz))
    return keys


def with_keys(talk: pd.DataFrame, keys: list[pd.Series]) -> tuple[pd.DataFrame, list[str]]:
    """The frame with a column for each key, and their names."""
    names = [str(key.name) for key in keys]
    for key in keys:
        if key.name not in talk.columns:
            talk = talk.assign(**{str(key.name): key})
    return talk, names


def with_ids(talk: pd.DataFrame) -> pd.DataFrame:
    """Messages with the column ``message``: their ids, or their places where the frame has none."""
    ids = talk["id"].astype(str) if "id" in talk.columns else pd.Series(talk.index.astype(str), index=talk.index)
    return talk.assign(message=ids.to_numpy())


def each(
    source: pd.DataFrame, names: list[str], measure: Callable[[pd.DataFrame], Sequence[Any]], columns: dict[str, str]
) -> pd.DataFrame:
    """A row of figures for each group, or one for all.

    Parameters
    ----------
    source
        The messages, with the columns of ``names``.
    names
        What tells the groups apart; empty: they are one.
    measure
        The figures of a group.
    columns
        Their names and dtypes.
    """
    groups: Any = source.groupby(names, observed=True) if names else [((), source)]
    rows = [[*(key if isinstance(key, tuple) else (key,)), *measure(part)] for key, part in groups]
    table = pd.DataFrame(rows, columns=[*names, *columns])
    kinds: dict[str, Any] = {**{name: source[name].dtype for name in names}, **columns}
    return table.astype(kinds)


def _names(frame: pd.DataFrame) -> str:
    return ", ".join(map(str, frame.columns)) or "no columns"


def _kind(value: object) -> str:
    return type(value).__name__
