"""When people talk: by hour and weekday, in bursts or evenly, in conversations with gaps between."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from .figures import Figures, figures
from .intervals import Seconds, between, burstiness_of, memory_of
from .talk import By, each, keys_of, said, with_keys

Array = np.ndarray[Any, Any]
KNOWN = 12
"""Windows that a room must have spoken in before anything can be unusual there."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def activity(
    messages: pd.DataFrame,
    *,
    tz: str | pd.Series = "UTC",
    by: By = None,
    freq: str | None = None,
) -> Figures:
    """How many messages are written in each hour of each weekday.

    Parameters
    ----------
    messages
        ``author``, ``time``.
    tz
        The zone of the hours, or a Series with a zone for each author (its index): then each hour is the author's own;
        authors without one are in UTC.
    by, freq
        As in `participation`; periods begin in ``tz`` where that is one zone, else in UTC.

    Returns
    -------
    Figures
        The columns of ``by``, ``period``, ``weekday`` (int64: 0 is Monday), ``hour`` (int64: 0 to 23), ``messages``
        (int64), ``people`` (int64), ``share`` (float64: of the messages of its group). Hours without a message have no
        row.

    Examples
    --------
    >>> cc.analytics.activity(chat.messages(), tz="Europe/Madrid")  # doctest: +SKIP
    """
    talk = said(messages)
    source, names = with_keys(talk, keys_of(talk, by, freq, tz if isinstance(tz, str) else "UTC"))
    local = local_times(source, tz)
    source = source.assign(weekday=local.dt.day_of_week.astype("int64"), hour=local.dt.hour.astype("int64"))
    keys = [*names, "weekday", "hour"]
    table = (
        source.groupby(keys, observed=True).agg(messages=("time", "size"), people=("author", "nunique")).reset_index()
    )
    whole = table.groupby(names, observed=True)["messages"].transform("sum") if names else table["messages"].sum()
    table["share"] = (table["messages"] / whole).astype("float64")
    return figures(table, source, *keys)


def after_hours(
    messages: pd.DataFrame,
    *,
    tz: str | pd.Series = "UTC",
    start: float = 9,
    end: float = 18,
    weekend: Collection[int] = (5, 6),
    holidays: Collection[date] = (),
    by: By = None,
    freq: str | None = None,
) -> Figures:
    """How much is written outside of working hours.

    A message is inside where its local time is from ``start`` on and before ``end``, on a day that is neither of the
    weekend nor a holiday.

    Parameters
    ----------
    messages, tz, by, freq
        As in `activity`.
    start, end
        Hours of the day, as 8.5 for half past eight. Where ``end`` is not after ``start`` the hours go over midnight,
        and belong to the day on which they begin.
    weekend
        Weekdays, 0 for Monday.
    holidays
        Days; the objects of the package ``holidays`` are such a collection.

    Returns
    -------
    Figures
        The columns of ``by``, ``period``, ``messages``, ``outside``, ``night`` (int64: of those outside, from 22 to 6
        o'clock), ``free_day`` (int64: on a weekend or holiday), ``share`` (float64: outside of all).

    Examples
    --------
    >>> cc.analytics.after_hours(chat.messages(), tz="Europe/Madrid", by="author", freq="W")  # doctest: +SKIP
    """
    for hour in (start, end):
        if not 0 <= hour <= 24:
            raise ValueError(f"start and end are hours from 0 to 24, not {hour!r}.")
    talk = said(messages)
    source, names = with_keys(talk, keys_of(talk, by, freq, tz if isinstance(tz, str) else "UTC"))
    local = local_times(source, tz)
    hour = local.dt.hour + local.dt.minute / 60 + local.dt.second / 3600
    over_midnight = end <= start
    within = (hour >= start) | (hour < end) if over_midnight else (hour >= start) & (hour < end)
    day = local.dt.normalize()
    if over_midnight:
        day = day.where(hour >= end, day - pd.Timedelta(days=1))
    free = day.dt.day_of_week.isin(list(weekend))
    if len(holidays):
        days = day.dt.date
        free |= days.isin([one for one in days.unique() if one in holidays])
    work = source[names].assign(outside=~within | free, night=(hour >= 22) | (hour < 6), free_day=free, messages=1)
    work["night"] &= work["outside"]
    sums = ["messages", "outside", "night", "free_day"]
    table = work.groupby(names, observed=True)[sums].sum().reset_index() if names else work[sums].sum().to_frame().T
    table = table.astype(dict.fromkeys(sums, "int64"))
    table["share"] = (table["outside"] / table["messages"].where(table["messages"] > 0)).astype("float64")
    return figures(table, source, *names)


def burstiness(
    messages: pd.DataFrame | pd.Series | Sequence[float],
    *,
    corrected: bool = False,
    by: By = None,
    freq: str | None = None,
    tz: str = "UTC",
) -> float | Figures:
    """Whether messages come evenly (-1), at random (0) or in bursts (towards 1).

    B = (s - m) / (s + m), where m is the mean and s the deviation (of the population) of the times between messages
    that follow each other (Goh and Barabási 2008). Few events keep B away from 1; ``corrected`` is the measure of Kim
    and Jo (2016), (√(n+1) r - √(n-1)) / ((√(n+1) - 2) r + √(n-1)) with r = s / m and n events, which has no such
    bound.

    Parameters
    ----------
    messages
        ``author``, ``time``; or times, or numbers such as seconds.
    corrected
        As Kim and Jo.
    by, freq, tz
        As in `participation`.

    Returns
    -------
    float or Figures
        A number without ``by`` and ``freq``; else ``burstiness`` and ``messages`` for each. No number for fewer than
        two messages, or where all are of one moment.

    Examples
    --------
    >>> round(burstiness([0, 1, 2, 3, 100, 101, 102, 103]), 4)
    0.3908
    >>> burstiness([0, 10, 20, 30])
    -1.0
    """
    return _of_gaps(messages, lambda gaps: burstiness_of(gaps, corrected=corrected), "burstiness", by, freq, tz)


def memory(
    messages: pd.DataFrame | pd.Series | Sequence[float],
    *,
    by: By = None,
    freq: str | None = None,
    tz: str = "UTC",
) -> float | Figures:
    """Whether a short gap follows a short one (towards 1), or a long one (towards -1).

    The correlation of each time between messages with the next one (Goh and Barabási 2008).

    Parameters
    ----------
    messages, by, freq, tz
        As in `burstiness`.

    Returns
    -------
    float or Figures
        A number without ``by`` and ``freq``; else ``memory`` and ``messages`` for each. No number for fewer than four
        messages, or where all gaps are the same.

    Examples
    --------
    >>> round(memory([0, 1, 11, 12, 22, 23, 33]), 4)
    -1.0
    """
    return _of_gaps(messages, memory_of, "memory", by, freq, tz)


def sessions(messages: pd.DataFrame, *, gap: str | pd.Timedelta = "30min") -> Figures:
    """Conversations: messages of a room with no pause longer than ``gap`` between them.

    Parameters
    ----------
    messages
        ``author``, ``time``; ``room`` where there is more than one.
    gap
        A pause longer than this ends a conversation.

    Returns
    -------
    Figures
        ``session`` (int64, from 0 in the order of time), ``room`` (where the frame has it), ``start``, ``end``,
        ``minutes`` (float64), ``messages`` (int64), ``people`` (int64).

    Examples
    --------
    >>> cc.analytics.sessions(chat.messages(), gap="1h")  # doctest: +SKIP
    """
    pause = pd.Timedelta(gap)
    if not pause > pd.Timedelta(0):
        raise ValueError(f"gap is a time such as '30min', not {gap!r}.")
    source = said(messages)
    rooms = source["room"] if "room" in source.columns else pd.Series("", index=source.index)
    since = source["time"].groupby(rooms, observed=True).diff()
    starts = since.isna() | (since > pause)
    # The number of the row in which its conversation began: rows are in the order of time.
    began = pd.Series(np.where(starts, np.arange(len(source)), np.nan), index=source.index)
    began = began.groupby(rooms, observed=True).ffill()
    source = source.assign(session=pd.factorize(began, sort=True)[0].astype("int64"))
    keys = ["session", "room"] if "room" in source.columns else ["session"]
    table = (
        source.groupby(keys, observed=True)
        .agg(start=("time", "min"), end=("time", "max"), messages=("time", "size"), people=("author", "nunique"))
        .reset_index()
    )
    table["minutes"] = (table["end"] - table["start"]).dt.total_seconds() / 60
    return figures(table[[*keys, "start", "end", "minutes", "messages", "people"]], source, "session")


def incidents(
    messages: pd.DataFrame,
    *,
    window: str | pd.Timedelta = "10min",
    usual: str | pd.Timedelta = "28D",
    at_least: int = 10,
    chance: float = 1e-6,
) -> Figures:
    """When a room spoke much more than it usually does: the likely incidents.

    Time is cut into windows. A window stands out where it has at least ``at_least`` messages, a fifth of that number by
    others than the one who wrote most, and so many would come by chance with a probability below ``chance`` if messages
    came at random (Poisson) at the room's usual rate: that of its windows with any message in the time ``usual`` before
    it, of which there must be `KNOWN` at least. Windows that follow each other, or leave one out, are one incident.

    Parameters
    ----------
    messages
        ``author``, ``time``; ``room`` where there is more than one.
    window
        The length of a window.
    usual
        How far back one looks for the usual rate.
    at_least, chance
        What stands out.

    Returns
    -------
    Figures
        ``room`` (where the frame has it), ``start``, ``end``, ``messages``, ``people`` (int64), ``rate`` and
        ``usual_rate`` (float64: messages a window).

    Examples
    --------
    >>> cc.analytics.incidents(chat.messages())  # doctest: +SKIP
    """
    length, back = pd.Timedelta(window), pd.Timedelta(usual)
    if not pd.Timedelta(0) < length < back:
        raise ValueError("window is a time such as '10min', and usual a longer one such as '28D'.")
    source = said(messages)
    keys = ["room"] if "room" in source.columns else []
    source = source.assign(window=source["time"].dt.floor(length))
    each = source.groupby([*keys, "window", "author"], observed=True).size().groupby([*keys, "window"], observed=True)
    counted = each.agg(n="sum", most="max").reset_index().sort_values([*keys, "window"], ignore_index=True)
    groups = [part for _, part in counted.groupby(keys[0], observed=True)] if keys else [counted]
    found = [_standing_out(part, length, back, at_least, chance) for part in groups]
    marked = pd.concat([part for part in found if len(part)]) if any(map(len, found)) else counted.iloc[:0]
    if not len(marked):
        empty = pd.DataFrame(
            {
                **{key: pd.Series(dtype=source[key].dtype) for key in keys},
                "start": pd.Series(dtype=source["time"].dtype),
                "end": pd.Series(dtype=source["time"].dtype),
                "messages": pd.Series(dtype="int64"),
                "people": pd.Series(dtype="int64"),
                "rate": pd.Series(dtype="float64"),
                "usual_rate": pd.Series(dtype="float64"),
            }
        )
        return figures(empty, source.assign(start=source["time"]).iloc[:0], "start", *keys)
    inside = source.merge(marked[[*keys, "window", "start", "usual_rate"]], on=[*keys, "window"], how="inner")
    table = (
        inside.groupby([*keys, "start"], observed=True)
        .agg(
            end=("time", "max"),
            messages=("time", "size"),
            people=("author", "nunique"),
            windows=("window", "nunique"),
            usual_rate=("usual_rate", "first"),
        )
        .reset_index()
        .sort_values(["start", *keys], ignore_index=True)
    )
    table["rate"] = table["messages"] / table["windows"]
    shown = [*keys, "start", "end", "messages", "people", "rate", "usual_rate"]
    return figures(table[shown], inside.drop(columns=["window", "usual_rate"]), *keys, "start")


def _standing_out(
    windows: pd.DataFrame, length: pd.Timedelta, back: pd.Timedelta, at_least: int, chance: float
) -> pd.DataFrame:
    """The windows of a room that stand out, each with the beginning of its incident and the usual rate there."""
    times = windows["window"].dt.as_unit("us").astype("int64").to_numpy()
    counts = windows["n"].to_numpy()
    total = np.concatenate([[0], np.cumsum(counts)])
    low = np.searchsorted(times, times - int(back / pd.Timedelta("1us")), side="left")
    at = np.arange(len(times))
    usual = (total[at] - total[low]) / np.maximum(at - low, 1)
    rate = np.maximum(usual, 1.0)
    others = counts - windows["most"].to_numpy()
    out = (counts >= at_least) & (others >= at_least / 5) & (at - low >= KNOWN)
    out[out] &= _poisson_tail(counts[out], rate[out]) < chance
    marked = windows[out].assign(usual_rate=rate[out])
    apart = marked["window"].diff() > 2 * length
    begins = marked["window"].where(apart | marked["window"].diff().isna()).ffill()
    found: pd.DataFrame = marked.assign(start=begins)
    return found


def _poisson_tail(counts: Array, rates: Array) -> Array:
    """The probability of so many or more, by Chernoff's bound: exp(-λ) (eλ / k)^k, for k above λ."""
    above = counts > rates
    bound = np.ones(len(counts))
    k, rate = counts[above].astype(float), rates[above]
    bound[above] = np.exp(k - rate + k * np.log(rate / k))
    return bound


def local_times(source: pd.DataFrame, tz: str | pd.Series) -> pd.Series:
    """Local times without a zone."""
    if isinstance(tz, str):
        try:
            local: pd.Series = source["time"].dt.tz_convert(tz).dt.tz_localize(None)
        except (KeyError, ValueError, TypeError) as error:
            raise ValueError(f"tz is a time zone such as 'Europe/Madrid', not {tz!r}.") from error
        return local
    zones = source["author"].map(tz).fillna("UTC").astype(str)
    local = pd.Series(pd.NaT, index=source.index, dtype="datetime64[us]")
    for zone in zones.unique():
        here = zones == zone
        local[here] = local_times(source[here], zone)
    return local


def _of_gaps(
    messages: pd.DataFrame | pd.Series | Sequence[float],
    measure: Callable[[Seconds], float],
    name: str,
    by: By,
    freq: str | None,
    tz: str,
) -> float | Figures:
    if not isinstance(messages, pd.DataFrame):
        if by is not None or freq is not None:
            raise ValueError("by and freq need a frame of messages.")
        times = pd.Series(messages)
        gaps = between(times) if hasattr(times, "dt") else np.diff(np.sort(times.to_numpy(dtype=float)))
        return measure(gaps)
    talk = said(messages)
    source, names = with_keys(talk, keys_of(talk, by, freq, tz))
    if not names:
        return measure(between(source["time"]))
    table = each(
        source,
        names,
        lambda part: [measure(between(part["time"])), len(part)],
        {name: "float64", "messages": "int64"},
    )
    return figures(table, source, *names)
