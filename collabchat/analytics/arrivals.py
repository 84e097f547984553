"""Who came, who went quiet, and how many of those who came are still there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .figures import Figures, figures
from .talk import PERIODS, By, as_utc, keys_of, period_of, said, with_ids, with_keys


def newcomers(
    messages: pd.DataFrame,
    *,
    since: Any = None,
    within: str | pd.Timedelta = "28D",
    links: pd.DataFrame | None = None,
    by: By = None,
    freq: str | None = None,
    tz: str = "UTC",
) -> Figures:
    """Those who spoke for the first time, and what came of it.

    Somebody is new with the first message that the frame has of them: give it more of the past than the time that is
    asked for, else those who were there all along look new (``since`` says from when on somebody is new).

    Parameters
    ----------
    messages
        ``author``, ``time``.
    since
        Leave out those whose first message is older.
    within
        ``messages`` and ``days`` are counted in this time after the first one.
    links
        What answers what (`reply_links`): then ``answered`` says whether somebody else answered any message of that
        time, which is what newcomers are said to stay for (Joyce and Kraut 2006).
    by
        Columns to tell apart: with ``"room"`` somebody is new in each room.
    freq, tz
        Periods: then a row for each, not for each person.

    Returns
    -------
    Figures
        The columns of ``by``, ``author``, ``message`` (the id of the first one), ``time``, ``messages``, ``days``
        (int64), ``answered`` (bool, with ``links``); the newest last. With ``freq`` the columns of ``by``, ``period``,
        ``newcomers`` and ``people`` (int64: who wrote in it), ``share`` (float64), ``answered`` (int64, with
        ``links``).

    Examples
    --------
    >>> cc.analytics.newcomers(chat.messages(), freq="M")  # doctest: +SKIP
    """
    source, names = _told_apart(messages, by)
    length = _length(within, "within")
    people = [*names, "author"]
    first = source.groupby(people, observed=True, sort=False)["time"].transform("min")
    early = source[source["time"] <= first + length]
    if links is not None:
        early = early.assign(answered=early["message"].isin(_answered(pd.DataFrame(links))))
    early = early.assign(day=early["time"].dt.tz_convert(tz).dt.floor("D"))
    columns = {"message": ("message", "first"), "time": ("time", "first"), "messages": ("time", "size")}
    columns["days"] = ("day", "nunique")
    if links is not None:
        columns["answered"] = ("answered", "any")
    table = early.groupby(people, observed=True, sort=False).agg(**columns).reset_index()
    if since is not None:
        table = table[table["time"] >= _moment(since)]
    table = table.sort_values(["time", *people], ignore_index=True)
    if freq is None:
        return figures(table, early.drop(columns=["day", *(["answered"] if links is not None else [])]), *people)
    table["period"] = period_of(table["time"], freq, tz)
    source["period"] = period_of(source["time"], freq, tz)
    keys = [*names, "period"]
    counted = table.groupby(keys, observed=True).size().rename("newcomers")
    whole = source.groupby(keys, observed=True)["author"].nunique().rename("people")
    found = whole.to_frame().join(counted).reset_index()
    found["newcomers"] = found["newcomers"].fillna(0).astype("int64")
    found["share"] = (found["newcomers"] / found["people"]).astype("float64")
    if links is not None:
        welcomed = table.groupby(keys, observed=True)["answered"].sum().rename("answered")
        found = found.join(welcomed, on=keys)
        found["answered"] = found["answered"].fillna(0).astype("int64")
    first_ones = source[source["message"].isin(table["message"])]
    shown = [*keys, "newcomers", "people", "share", *(["answered"] if links is not None else [])]
    return figures(found[shown], first_ones, *keys)


def gone_quiet(
    messages: pd.DataFrame,
    *,
    quiet: str | pd.Timedelta = "28D",
    days: int = 5,
    until: Any = None,
    by: By = None,
    freq: str | None = None,
    tz: str = "UTC",
) -> Figures:
    """Those who used to speak and have not for long.

    Somebody went quiet who wrote on at least ``days`` different days, has written nothing for ``quiet`` at the end
    (``until``), and never paused so long before: a holiday of one who writes once a month is no silence. The first part
    is CHAOSS' "inactive contributors", the measure by one's own pauses is ours. One who comes back was not quiet, so
    the newest of them are the least certain; and silence here says nothing about work elsewhere.

    Parameters
    ----------
    messages
        ``author``, ``time``.
    quiet
        How long a silence is at least.
    days
        On how many days one must have written before.
    until
        The end of the time that is looked at; by default that of the last message.
    by
        Columns to tell apart: with ``"room"`` those who left a room.
    freq, tz
        Periods: then a row for each period in which somebody wrote, with those whose last message is in it.

    Returns
    -------
    Figures
        The columns of ``by``, ``author``, ``messages``, ``days`` (int64), ``first``, ``last`` (times),
        ``silent_days`` and ``longest_pause_days`` (float64); the newest silence first. With ``freq`` the columns of
        ``by``, ``period``, ``went_quiet``, ``people`` (int64: who wrote in it), ``share`` (float64).

    Examples
    --------
    >>> cc.analytics.gone_quiet(chat.messages(), quiet="6W")  # doctest: +SKIP
    """
    least = _length(quiet, "quiet")
    if days < 1:
        raise ValueError(f"days is a number from 1 on, not {days!r}.")
    source, names = _told_apart(messages, by)
    end = source["time"].max() if until is None else _moment(until)
    source = source[source["time"] <= end] if len(source) else source
    people = [*names, "author"]
    work = source[[*people, "time"]].assign(day=source["time"].dt.tz_convert(tz).dt.floor("D"))
    work["pause"] = work.groupby(people, observed=True, sort=False)["time"].diff()
    table = (
        work.groupby(people, observed=True, sort=False)
        .agg(
            messages=("time", "size"),
            days=("day", "nunique"),
            first=("time", "min"),
            last=("time", "max"),
            pause=("pause", "max"),
        )
        .reset_index()
    )
    silence = end - table["last"]
    longest = table.pop("pause").fillna(pd.Timedelta(0))
    table["silent_days"] = _in_days(silence)
    table["longest_pause_days"] = _in_days(longest)
    table = table[(table["days"] >= days) & (silence >= least) & (silence > longest)]
    table = table.sort_values(["last", *people], ascending=[False, *[True] * len(people)], ignore_index=True)
    if freq is None:
        return figures(table, source, *people)
    table["period"] = period_of(table["last"], freq, tz)
    source = source.assign(period=period_of(source["time"], freq, tz))
    keys = [*names, "period"]
    whole = source.groupby(keys, observed=True)["author"].nunique().rename("people")
    found = whole.to_frame().join(table.groupby(keys, observed=True).size().rename("went_quiet")).reset_index()
    found["went_quiet"] = found["went_quiet"].fillna(0).astype("int64")
    found["share"] = (found["went_quiet"] / found["people"]).astype("float64")
    last = source.merge(table[[*people, "last"]], on=people, how="inner")
    last = last[last["time"] == last["last"]].drop(columns="last")
    return figures(found[[*keys, "went_quiet", "people", "share"]], last, *keys)


def retention(messages: pd.DataFrame, *, freq: str = "M", until: Any = None, by: By = None, tz: str = "UTC") -> Figures:
    """How many of those who came in one month still speak in each later one: a table of cohorts, in long form.

    A cohort are those whose first message is of the same period (Glenn 2005, "Cohort Analysis", for the kind of table).
    The first cohort of a frame holds all who were there before it begins.

    Parameters
    ----------
    messages
        ``author``, ``time``.
    freq
        The periods: ``"M"``, ``"W"``, ``"Q"``, …
    until
        The end of the time that is looked at; by default that of the last message.
    by
        Columns to tell apart: with ``"room"`` one arrives in each room.
    tz
        The time zone in which periods begin.

    Returns
    -------
    Figures
        The columns of ``by``, ``cohort`` (the beginning of the period of arrival), ``age`` (int64: so many periods
        later), ``period``, ``arrived``, ``people`` (int64: of them those who wrote in that period), ``share``
        (float64), ``complete`` (bool: the period had ended). A row for each age up to the end, with 0 where all were
        silent.

    Examples
    --------
    >>> found = cc.analytics.retention(chat.messages())  # doctest: +SKIP
    >>> found.pivot(index="cohort", columns="age", values="share")  # doctest: +SKIP
    """
    source, names = _told_apart(messages, by)
    end = source["time"].max() if until is None else _moment(until)
    source = source[source["time"] <= end] if len(source) else source
    begins = period_of(source["time"], freq, tz)
    last = period_of(pd.Series([end], dtype=source["time"].dtype), freq, tz) if len(source) else begins
    all_periods = _periods_between(begins, last, freq, tz)
    number = pd.Series(np.searchsorted(_micros(all_periods), _micros(begins)), index=source.index)
    people = [*names, "author"]
    work = source[people].assign(number=number)
    work["came"] = work.groupby(people, observed=True, sort=False)["number"].transform("min")
    once = work.drop_duplicates([*people, "number"]).groupby([*names, "came", "number"], observed=True)
    counted = once.size().rename("people").reset_index()
    arrived = counted[counted["came"] == counted["number"]].drop(columns="number")
    arrived = arrived.rename(columns={"people": "arrived"})
    rows = arrived.loc[arrived.index.repeat(len(all_periods) - arrived["came"])].reset_index(drop=True)
    rows["age"] = rows.groupby([*names, "came"], observed=True).cumcount().astype("int64")
    rows["number"] = rows["came"] + rows["age"]
    table = rows.merge(counted, on=[*names, "came", "number"], how="left")
    table["people"] = table["people"].fillna(0).astype("int64")
    table["arrived"] = table["arrived"].astype("int64")
    table["share"] = (table["people"] / table["arrived"]).astype("float64")
    table["cohort"] = all_periods.take(table["came"].to_numpy()).to_numpy()
    table["period"] = all_periods.take(table["number"].to_numpy()).to_numpy()
    for column in ("cohort", "period"):
        table[column] = table[column].astype(begins.dtype)
    table["complete"] = table["number"] < len(all_periods) - 1
    table = table.sort_values([*names, "cohort", "age"], ignore_index=True)
    cohorts = all_periods.take(work["came"].to_numpy()).to_numpy()
    source = source.assign(cohort=pd.Series(cohorts, index=source.index).astype(begins.dtype))
    source["age"] = (work["number"] - work["came"]).astype("int64")
    shown = [*names, "cohort", "age", "period", "arrived", "people", "share", "complete"]
    return figures(table[shown], source, *names, "cohort", "age")


def _told_apart(messages: pd.DataFrame, by: By) -> tuple[pd.DataFrame, list[str]]:
    talk = with_ids(said(messages))
    source, names = with_keys(talk, keys_of(talk, by, None))
    if "author" in names:
        raise ValueError("by tells apart something else than the author here: each row is about one already.")
    return source, names


def _answered(links: pd.DataFrame) -> pd.Series:
    others = links["author"].astype(str) != links["to"].astype(str)
    answered: pd.Series = links.loc[others, "answers"].astype(str)
    return answered


def _periods_between(begins: pd.Series, last: pd.Series, freq: str, tz: str) -> pd.Series:
    """The beginnings of all periods from the first one to the last, those without a message too."""
    if not len(begins):
        return begins
    local = pd.concat([begins, last]).dt.tz_convert(tz).dt.tz_localize(None)
    one = local.dt.to_period(PERIODS.get(freq, freq))
    between = pd.Series(pd.period_range(one.min(), one.max()).start_time)
    found = between.dt.tz_localize(tz, ambiguous=True, nonexistent="shift_forward").dt.as_unit("us")
    return found.reset_index(drop=True)


def _micros(times: pd.Series) -> Any:
    return times.dt.as_unit("us").astype("int64").to_numpy()


def _in_days(lengths: pd.Series) -> pd.Series:
    days: pd.Series = lengths.dt.total_seconds() / 86_400
    return days


def _moment(time: Any) -> pd.Timestamp:
    found: pd.Timestamp = as_utc(pd.Series([time])).iloc[0]
    return found


def _length(value: str | pd.Timedelta, name: str) -> pd.Timedelta:
    length = pd.Timedelta(value)
    if not length > pd.Timedelta(0):
        raise ValueError(f"{name} is a time such as '28D', not {value!r}.")
    return length
