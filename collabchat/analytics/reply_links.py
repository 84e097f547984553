"""Which message answers which."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .figures import Figures, figures
from .guessing import Talk, guess
from .talk import said, with_ids

Array = np.ndarray[Any, Any]


def reply_links(
    messages: pd.DataFrame, *, guesses: bool = True, within: str | pd.Timedelta = "1D", sure: float = 0.0
) -> Figures:
    """Which message answers which.

    Each message answers at most one, found by the first of these that says so:

    ``reply``
        ``reply_to`` names it. A reply to a thread's first message answers the last one of somebody else in that thread.
    ``thread``
        It stands in a thread (``thread``) and names nothing: as above.
    ``mention``
        It mentions somebody (``mentions``): that person's last message in the room, if it is not older than ``within``.
    ``guess``
        For rooms in which nothing of that is used: by the signs in `guessing`, from ``text`` and who spoke when.

    Parameters
    ----------
    messages
        ``author``, ``time``; ``id``, ``room``, ``reply_to``, ``thread``, ``mentions``, ``text`` where there are any.
    guesses
        Guess where nothing else says it.
    within
        How old a message may be that a mention answers.
    sure
        Leave out guesses that are less sure than this (0 to 1).

    Returns
    -------
    Figures
        ``message`` and ``answers`` (their ids; the places in the order of time where the frame has none), ``room``
        (where there is one), ``author``, ``to`` (who is answered, who may be oneself), ``time``, ``seconds`` (float64:
        since the message that is answered), ``how``, ``sure`` (float64: 1 but for guesses).

    Examples
    --------
    >>> cc.analytics.reply_links(chat.messages()).groupby("how").size()  # doctest: +SKIP
    """
    source = with_ids(said(messages))
    ids = source["message"]
    n = len(source)
    room = pd.factorize(source["room"])[0] if "room" in source.columns else np.zeros(n, dtype=np.int64)
    author = pd.factorize(source["author"].astype(str))[0]
    answers, how = np.full(n, -1, dtype=np.int64), np.full(n, "", dtype=object)
    certain = np.ones(n)
    explicit = _named(source, ids, author)
    for name, found in (("reply", explicit[0]), ("thread", explicit[1])):
        new = (answers < 0) & (found >= 0)
        answers[new], how[new] = found[new], name
    named = _mentioned(source, room, pd.Timedelta(within)) if "mentions" in source.columns else np.full(n, -1)
    new = (answers < 0) & (named >= 0)
    answers[new], how[new] = named[new], "mention"
    if guesses and "text" in source.columns and n:
        # In a room where people use threads or quotations, what answers nothing answers nothing.
        used = np.isin(room, np.unique(room[explicit[0] >= 0]))
        talk = Talk(source)
        best, belief = guess(talk)
        at, found = talk.order, np.where(best >= 0, talk.order[np.maximum(best, 0)], -1)
        guessed, trust = np.full(n, -1, dtype=np.int64), np.zeros(n)
        guessed[at], trust[at] = found, belief
        new = (answers < 0) & (guessed >= 0) & ~used & (trust >= sure)
        answers[new], how[new], certain[new] = guessed[new], "guess", trust[new]
    linked = answers >= 0
    to = np.maximum(answers, 0)
    table = pd.DataFrame({"message": source["message"], "answers": ids.to_numpy()[to] if n else ids})
    if "room" in source.columns:
        table["room"] = source["room"]
    table["author"] = source["author"]
    table["to"] = source["author"].take(to).to_numpy() if n else source["author"]
    table["to"] = table["to"].astype(source["author"].dtype)
    table["time"] = source["time"]
    earlier = source["time"].take(to).reset_index(drop=True) if n else source["time"]
    table["seconds"] = (source["time"] - earlier).dt.total_seconds()
    table["how"], table["sure"] = pd.Series(how, dtype="str"), certain
    return figures(table[linked].reset_index(drop=True), source, "message")


def _named(source: pd.DataFrame, ids: pd.Series, author: Array) -> tuple[Array, Array]:
    """What ``reply_to`` names, and what was said last by somebody else in the thread."""
    n = len(source)
    place = pd.Series(np.arange(n), index=ids.to_numpy())
    place = place[~place.index.duplicated()]

    def find(column: str) -> Array:
        if column not in source.columns:
            return np.full(n, -1, dtype=np.int64)
        wanted = source[column]
        found = wanted.astype("string").map(place).fillna(-1)
        return np.asarray(found.astype("int64").to_numpy())

    reply, root = find("reply_to"), find("thread")
    here = np.arange(n)
    in_thread = (root >= 0) & (root != here) & (root < here)
    last = _last_of_another(np.where(root >= 0, root, here), author)
    in_turn = np.where(last >= 0, last, root)
    reply = np.where((reply >= 0) & (reply < here), reply, -1)
    reply = np.where((reply >= 0) & in_thread & (reply == root), in_turn, reply)
    return reply, np.where(in_thread & (reply < 0), in_turn, -1)


def _last_of_another(group: Array, author: Array) -> Array:
    """For each message the last one before it in its group that another person wrote."""
    n = len(group)
    order = np.lexsort((np.arange(n), group))
    g, a = group[order], author[order]
    found = np.full(n, -1, dtype=np.int64)
    if n:
        same_run = np.concatenate([[False], (g[1:] == g[:-1]) & (a[1:] == a[:-1])])
        run = np.maximum.accumulate(np.where(same_run, 0, np.arange(n)))
        before = run - 1
        ok = (before >= 0) & (g[np.maximum(before, 0)] == g)
        found[order[ok]] = order[before[ok]]
    return found


def _mentioned(source: pd.DataFrame, room: Array, within: pd.Timedelta) -> Array:
    """The last message in the room of the first person that each message mentions."""
    n = len(source)
    first = pd.Series(
        [
            str(found[0]) if isinstance(found, list | tuple | np.ndarray) and len(found) else None
            for found in source["mentions"]
        ],
        dtype=object,
    )
    micros = source["time"].astype("int64").to_numpy()
    left = pd.DataFrame({"room": room, "who": first, "at": np.arange(n)}).dropna(subset=["who"])
    right = pd.DataFrame({"room": room, "who": source["author"].astype(str).to_numpy(), "at": np.arange(n)})
    right["found"] = right["at"]
    joined = pd.merge_asof(
        left.assign(who=left["who"].astype(object)),
        right.assign(who=right["who"].astype(object)),
        on="at",
        by=["room", "who"],
        allow_exact_matches=False,
    )
    found = np.full(n, -1, dtype=np.int64)
    joined = joined.dropna(subset=["found"])
    at, earlier = joined["at"].to_numpy(), joined["found"].astype("int64").to_numpy()
    near = micros[at] - micros[earlier] <= int(within / pd.Timedelta("1us"))
    found[at[near]] = earlier[near]
    return found
