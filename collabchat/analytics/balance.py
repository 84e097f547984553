"""Who speaks how much: does it all hang on one person?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from .figures import Figures, figures
from .inequality import absence_factor_of, entropy_of, evenness_of, gini_of
from .talk import By, each, keys_of, said, with_keys


def participation(messages: pd.DataFrame, *, by: By = None, freq: str | None = None, tz: str = "UTC") -> Figures:
    """Who said how much.

    Bots, system lines and deleted messages do not count. An edited message counts as it is now, and once.

    Parameters
    ----------
    messages
        ``author``, ``time``; with ``text`` the words are counted too (runs of characters between blanks).
    by
        Columns to tell apart, such as ``"room"``: shares are within each.
    freq
        A period (``"D"``, ``"W"``, ``"M"``): shares are within each.
    tz
        The time zone in which days and periods begin.

    Returns
    -------
    Figures
        The columns of ``by``, ``period`` (with ``freq``), ``author``, ``messages`` (int64), ``words`` (int64, with
        ``text``), ``days`` (int64: on how many one wrote), ``share`` (float64: of the messages), ``first`` and ``last``
        (times). The one with the most messages first; of the same number in the order of the names.

    Examples
    --------
    >>> cc.analytics.participation(chat.messages(), by="room")  # doctest: +SKIP
    """
    talk = said(messages)
    keys = keys_of(talk, by, freq, tz)
    source, names = with_keys(talk, keys)
    work = source[[*names, "author", "time"]].assign(day=source["time"].dt.tz_convert(tz).dt.floor("D"))
    if "text" in source.columns:
        work["words"] = source["text"].fillna("").astype(str).str.count(r"\S+").astype("int64")
    grouped = work.groupby([*names, "author"], sort=False, observed=True)
    columns = {
        "messages": ("time", "size"),
        "days": ("day", "nunique"),
        "first": ("time", "min"),
        "last": ("time", "max"),
    }
    if "words" in work:
        columns["words"] = ("words", "sum")
    table = grouped.agg(**columns).reset_index()
    whole = table.groupby(names, observed=True)["messages"].transform("sum") if names else table["messages"].sum()
    table["share"] = (table["messages"] / whole).astype("float64")
    table = table.sort_values(
        [*names, "messages", "author"], ascending=[True] * len(names) + [False, True], ignore_index=True
    )
    shown = [*names, "author", "messages", *(["words"] if "words" in work else []), "days", "share", "first", "last"]
    return figures(table[shown], source, *names, "author")


def gini(
    messages: pd.DataFrame | Iterable[Any],
    *,
    members: Iterable[str] | None = None,
    by: By = None,
    freq: str | None = None,
    tz: str = "UTC",
) -> float | Figures:
    """How unequally the messages are shared among people: 0 where all wrote the same, near 1 where one wrote all.

    G = 2 Σ i x(i) / (n Σ x) - (n + 1) / n over the counts x(1) ≤ … ≤ x(n) (Gini 1912, in the form of Sen 1973). Over
    those with at least one message it can be at most (n - 1) / n. One person alone has 0; nobody, no figure.

    Parameters
    ----------
    messages
        A frame with ``author`` and ``time``; or the counts themselves.
    members
        Handles that count with 0 where they wrote nothing; by default only those with a message count.
    by, freq, tz
        As in `participation`: one figure for each.

    Returns
    -------
    float or Figures
        A number without ``by`` and ``freq``; else ``gini`` and ``people`` for each.

    Examples
    --------
    >>> round(gini([1000, 202, 90, 33, 332, 343, 42, 433]), 4)
    0.4855
    >>> gini([0, 0, 0, 10])
    0.75
    """
    return _shared(messages, gini_of, "gini", members, by, freq, tz)


def entropy(
    messages: pd.DataFrame | Iterable[Any],
    *,
    members: Iterable[str] | None = None,
    normalised: bool = False,
    by: By = None,
    freq: str | None = None,
    tz: str = "UTC",
) -> float | Figures:
    """How evenly the messages are spread over people, in bits: 0 where one wrote all, log2 n where n wrote the same.

    H = -Σ p log2 p over the shares p (Shannon 1948). With ``normalised`` it is H / log2 n (Pielou 1966), between 0 and
    1, and no number for one person alone.

    Parameters
    ----------
    messages, members, by, freq, tz
        As in `gini`.
    normalised
        Divide by the most that it could be.

    Returns
    -------
    float or Figures
        A number without ``by`` and ``freq``; else ``entropy`` and ``people`` for each.

    Examples
    --------
    >>> entropy([5, 5, 5, 5])
    2.0
    """
    return _shared(messages, evenness_of if normalised else entropy_of, "entropy", members, by, freq, tz)


def absence_factor(
    messages: pd.DataFrame | Iterable[Any],
    *,
    share: float = 0.5,
    by: By = None,
    freq: str | None = None,
    tz: str = "UTC",
) -> int | Figures:
    """How many people have to be away for half of what is said to be missing: the smaller, the more hangs on few.

    The smallest number of people whose messages together are at least ``share`` of all (CHAOSS: Contributor Absence
    Factor). 0 where nothing was said.

    Parameters
    ----------
    messages, by, freq, tz
        As in `gini`.
    share
        Between 0 and 1.

    Returns
    -------
    int or Figures
        A number without ``by`` and ``freq``; else ``absence_factor`` and ``people`` for each.

    Examples
    --------
    >>> absence_factor([1000, 202, 90, 33, 332, 343, 42, 433])
    2
    """

    def factor(counts: Iterable[Any]) -> float:
        return absence_factor_of(counts, share)

    found = _shared(messages, factor, "absence_factor", None, by, freq, tz)
    if isinstance(found, Figures):
        found["absence_factor"] = found["absence_factor"].astype("int64")
        return found
    return int(found)


def turn_taking(messages: pd.DataFrame, *, by: By = "room", freq: str | None = None, tz: str = "UTC") -> Figures:
    """Whether people take turns, or one speaks on and on.

    A turn is a run of messages of one person in a room with nobody else between (Sacks, Schegloff and Jefferson 1974,
    with a message for an utterance). Without a column ``room`` everything is one room.

    Parameters
    ----------
    messages
        ``author``, ``time``; ``room`` where there is more than one.
    by, freq, tz
        As in `participation`. A turn belongs to where it began.

    Returns
    -------
    Figures
        The columns of ``by``, ``period``, ``messages``, ``turns`` (int64), ``length`` (float64: messages of a turn, the
        mean), ``alternation`` (float64: how many of the messages after the first one are another person's than the one
        before; missing for a single message), ``people`` (int64).

    Examples
    --------
    >>> cc.analytics.turn_taking(chat.messages())  # doctest: +SKIP
    """
    talk = said(messages)
    if by == "room" and "room" not in talk.columns:
        by = None
    source, names = with_keys(talk, keys_of(talk, by, freq, tz))
    rooms = source["room"] if "room" in source.columns else pd.Series("", index=source.index)
    before = source["author"].groupby(rooms, observed=True).shift()
    follows = before.notna()
    turn = ~follows | (source["author"].astype(object) != before.astype(object))
    work = source[[*names, "author"]].assign(turn=turn, follows=follows, other=turn & follows)
    grouped = work.groupby(names, observed=True) if names else work.assign(all=0).groupby("all")
    table = grouped.agg(
        messages=("author", "size"),
        turns=("turn", "sum"),
        follows=("follows", "sum"),
        other=("other", "sum"),
        people=("author", "nunique"),
    ).reset_index(drop=not names)
    if not names and table.empty:
        table = pd.DataFrame({"messages": [0], "turns": [0], "follows": [0], "other": [0], "people": [0]})
    table["turns"] = table["turns"].astype("int64")
    table["length"] = (table["messages"] / table["turns"].where(table["turns"] > 0)).astype("float64")
    table["alternation"] = (table["other"] / table["follows"].where(table["follows"] > 0)).astype("float64")
    shown = [*names, "messages", "turns", "length", "alternation", "people"]
    return figures(table[shown], source, *names)


def _shared(
    messages: pd.DataFrame | Iterable[Any],
    measure: Callable[[Iterable[Any]], float],
    name: str,
    members: Iterable[str] | None,
    by: By,
    freq: str | None,
    tz: str,
) -> float | Figures:
    if not isinstance(messages, pd.DataFrame):
        if by is not None or freq is not None or members is not None:
            raise ValueError("by, freq and members need a frame of messages, not counts.")
        return measure(messages)
    talk = said(messages)
    silent = None if members is None else {str(member) for member in members}
    source, names = with_keys(talk, keys_of(talk, by, freq, tz))

    def figure(counts: pd.Series) -> float:
        others = 0 if silent is None else len(silent - set(map(str, counts.index)))
        return measure(np.concatenate([counts.to_numpy(), np.zeros(others)]))

    if not names:
        return figure(source["author"].value_counts())
    counted = source.groupby([*names, "author"], observed=True).size().rename("messages").reset_index()
    table = each(
        counted,
        names,
        lambda part: [figure(part.set_index("author")["messages"]), len(part)],
        {name: "float64", "people": "int64"},
    )
    return figures(table, source, *names)
