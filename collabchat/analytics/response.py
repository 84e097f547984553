"""Who answers what, how soon, and what nobody has answered."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from .figures import Figures, figures
from .questions import is_question
from .reply_links import reply_links
from .survival import survival_of
from .talk import By, as_utc, each, keys_of, said, with_ids, with_keys

Of = Literal["questions", "threads", "answerable"]
QUANTILES = (0.25, 0.5, 0.75, 0.9)


def responses(
    messages: pd.DataFrame,
    *,
    of: Of = "questions",
    links: pd.DataFrame | None = None,
    until: Any = None,
) -> Figures:
    """The first answer of somebody else to each message that could have one; unanswered ones stay, as unanswered.

    Parameters
    ----------
    messages
        As for `reply_links`.
    of
        Which messages: ``"questions"`` (by the signs in `is_question`, needs ``text``), ``"threads"`` (the first
        message of a thread, and each message that answers nothing: the CHAOSS metric's "first response"), or
        ``"answerable"`` (all).
    links
        What answers what; by default `reply_links` of the same messages.
    until
        The end of the time that is looked at; by default that of the last message. An answer after it does not count.

    Returns
    -------
    Figures
        ``message``, ``room`` (where there is one), ``author``, ``time``, ``answer`` (its id; missing), ``answered_by``
        (missing), ``answered`` (bool), ``seconds`` (float64: to the answer, or, where there is none, how long it has
        waited until ``until``).

    Examples
    --------
    >>> cc.analytics.responses(chat.messages(), of="threads")  # doctest: +SKIP
    """
    if of not in ("questions", "threads", "answerable"):
        raise ValueError(f"of is 'questions', 'threads' or 'answerable', not {of!r}.")
    source = said(messages, *(["text"] if of == "questions" else []))
    source = with_ids(source)
    found = reply_links(messages) if links is None else pd.DataFrame(links)
    end = source["time"].max() if until is None else as_utc(pd.Series([until])).iloc[0]
    source = source[source["time"] <= end] if len(source) else source
    if of == "questions":
        wanted = source[is_question(source["text"]).to_numpy()]
    elif of == "threads":
        wanted = source[~source["message"].isin(found["message"])]
    else:
        wanted = source
    others = found[(found["author"].astype(str) != found["to"].astype(str)) & (found["time"] <= end)]
    first = others.sort_values("time", kind="stable").drop_duplicates("answers")
    first = first[["answers", "message", "author", "time"]].set_axis(["message", "answer", "answered_by", "at"], axis=1)
    columns = ["message", *(["room"] if "room" in source.columns else []), "author", "time"]
    table = wanted[columns].merge(first, on="message", how="left")
    table["answered"] = table["answer"].notna()
    table["seconds"] = (table["at"].fillna(end) - table["time"]).dt.total_seconds()
    return figures(table.drop(columns="at"), source, "message")


def response_times(
    messages: pd.DataFrame,
    *,
    of: Of = "questions",
    by: By = None,
    freq: str | None = None,
    tz: str = "UTC",
    links: pd.DataFrame | None = None,
    until: Any = None,
) -> Figures:
    """How long it takes until somebody answers.

    Quantiles are those of the Kaplan-Meier estimate (1958): a message that nobody has answered yet counts as one that
    took longer than it has waited, instead of being left out. A quantile that the estimate does not reach, because too
    much is unanswered, is missing.

    Parameters
    ----------
    messages, of, links, until
        As for `responses`.
    by, freq, tz
        As for `participation`; ``"author"`` is who asks. A message counts in the period in which it was written.

    Returns
    -------
    Figures
        The columns of ``by``, ``period``, ``messages``, ``answered``, ``unanswered`` (int64), ``share`` (float64:
        answered of all), ``q25``, ``median``, ``q75``, ``q90`` (float64: seconds).

    Raises
    ------
    ImportError
        Without the extra ``analytics``.

    Examples
    --------
    >>> cc.analytics.response_times(chat.messages(), by="room")  # doctest: +SKIP
    """
    answers = responses(messages, of=of, links=links, until=until)
    source, names = with_keys(pd.DataFrame(answers), keys_of(answers, by, freq, tz))

    def times(part: pd.DataFrame) -> list[float]:
        answered = int(part["answered"].sum())
        share = answered / len(part) if len(part) else np.nan
        quantiles = survival_of(part["seconds"], part["answered"]).quantiles(QUANTILES)
        return [len(part), answered, len(part) - answered, share, *quantiles]

    counts = dict.fromkeys(("messages", "answered", "unanswered"), "int64")
    table = each(source, names, times, counts | dict.fromkeys(("share", "q25", "median", "q75", "q90"), "float64"))
    talk = answers._source
    assert talk is not None
    texts = talk[["message", *(["text"] if "text" in talk.columns else [])]]
    return figures(table, source.merge(texts, on="message", how="left"), *names)


def time_to_first_response(messages: pd.DataFrame, **options: Any) -> Figures:
    """How long it takes until somebody else speaks to what one began (CHAOSS: Time to First Response).

    `response_times` of ``"threads"``: first messages of threads, and messages that answer nothing.

    Examples
    --------
    >>> cc.analytics.time_to_first_response(chat.messages(), freq="M")  # doctest: +SKIP
    """
    return response_times(messages, of="threads", **options)


def open_questions(
    messages: pd.DataFrame, *, links: pd.DataFrame | None = None, until: Any = None, at_least: str | pd.Timedelta = "0s"
) -> Figures:
    """Questions that nobody else has answered, the oldest first.

    Parameters
    ----------
    messages, links, until
        As for `responses`; ``mentions`` say who was asked.
    at_least
        Leave out those that have waited for less.

    Returns
    -------
    Figures
        ``message``, ``room``, ``author``, ``time``, ``text``, ``asked`` (lists of handles; with ``mentions``),
        ``seconds`` (float64: how long it has waited).

    Examples
    --------
    >>> cc.analytics.open_questions(chat.messages(), at_least="1D")  # doctest: +SKIP
    """
    answers = responses(messages, of="questions", links=links, until=until)
    waiting = answers[~answers["answered"] & (answers["seconds"] >= pd.Timedelta(at_least).total_seconds())]
    talk = answers._source
    assert talk is not None
    extra = talk[["message", "text", *(["mentions"] if "mentions" in talk.columns else [])]]
    table = pd.DataFrame(waiting).merge(extra.rename(columns={"mentions": "asked"}), on="message", how="left")
    shown = [
        name for name in ("message", "room", "author", "time", "text", "asked", "seconds") if name in table.columns
    ]
    return figures(table[shown].sort_values("time", kind="stable", ignore_index=True), talk, "message")


def response_matrix(messages: pd.DataFrame, *, links: pd.DataFrame | None = None, median: bool = False) -> pd.DataFrame:
    """Who answers whom, how often or how soon.

    Parameters
    ----------
    messages, links
        As for `responses`.
    median
        The median of the seconds in place of the number of answers.

    Returns
    -------
    pandas.DataFrame
        A row for each who answers, a column for each who is answered, both in the order of names. Answers to oneself
        are left out. Numbers are int64; medians float64, missing where there was none.

    Examples
    --------
    >>> cc.analytics.response_matrix(chat.messages())  # doctest: +SKIP
    """
    found = pd.DataFrame(reply_links(messages) if links is None else links)
    people = sorted({*found["author"].astype(str), *found["to"].astype(str)})
    found = found.assign(author=found["author"].astype(str), to=found["to"].astype(str))
    found = found[found["author"] != found["to"]]
    values = found.groupby(["author", "to"])["seconds"].agg("median" if median else "size").unstack("to")
    table = values.reindex(index=people, columns=people)
    table.index.name, table.columns.name = "author", "to"
    return table.astype("float64") if median else table.fillna(0).astype("int64")
