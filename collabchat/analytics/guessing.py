"""Which message answers which, guessed from who speaks when, to whom, and about what.

Each message is weighed against the ones before it in its room (at most `REACH`) and against "it answers nothing". A
candidate's score is a sum of weighted signs (`signs`), and the best one is taken: a multinomial logit, whose weights
were fitted on hand-made links of an IRC channel (Kummerfeld and others 2019, parts train and dev) by
``benchmarks/fit_reply_links.py``. docs/analytics.md says how often it is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from .reply_weights import WEIGHTS
from .tokens import Tokens, distinct, tokens_of

Array = np.ndarray[Any, Any]
REACH = 30
"""So many messages before it may be what a message answers."""
CHUNK = 50_000
NEVER = np.float32(-1e9)
_OFTEN = 1_500
"""How often a word occurs is counted in so many messages."""
_ASKING = r"(?i)^\s*(?:hi|hello|hey|anyone|does any|is there|how do|can some|can any)\b"
_SHORT = frozenset(
    [
        "the",
        "and",
        "are",
        "was",
        "were",
        "you",
        "she",
        "they",
        "that",
        "this",
        "for",
        "with",
        "your",
        "have",
        "has",
        "not",
        "but",
        "can",
        "just",
        "what",
        "how",
        "from",
        "there",
        "then",
        "will",
        "would",
        "yes",
        "now",
        "one",
        "get",
        "use",
        "any",
        "some",
        "out",
        "all",
        "when",
        "where",
        "who",
        "why",
        "which",
        "its",
        "dont",
        "did",
        "does",
        "been",
        "had",
        "more",
        "about",
        "into",
        "than",
        "like",
        "also",
        "here",
        "only",
        "very",
        "know",
        "think",
    ]
)


class Talk:
    """The messages of one frame, each room's together and in the order of time, as arrays.

    Parameters
    ----------
    talk
        As `said` gives it.
    """

    def __init__(self, talk: pd.DataFrame) -> None:
        rooms = pd.factorize(talk["room"])[0] if "room" in talk.columns else np.zeros(len(talk), dtype=np.int64)
        self.order = np.argsort(rooms, kind="stable")
        ordered = talk.iloc[self.order]
        self.room = rooms[self.order]
        self.minutes = ordered["time"].dt.as_unit("us").astype("int64").to_numpy() / 60e6
        names = ordered["author"].astype(str)
        self.author, authors = pd.factorize(names)
        texts = ordered["text"] if "text" in ordered.columns else pd.Series("", index=ordered.index)
        texts = texts.fillna("").astype(str)
        self.tokens = tokens_of(texts)
        self.asks = texts.str.contains("?", regex=False).to_numpy(bool)
        self.greets = texts.str.contains(_ASKING, regex=True).to_numpy(bool)
        self.length = np.bincount(self.tokens.row, minlength=len(ordered))
        spread = self.tokens.spread()
        self.addressee, self.at_start = _addressees(
            self.tokens, spread, self.author, [str(one) for one in authors], ordered
        )
        n = len(ordered)
        self.before, self.after = _neighbours(self.author, self.room, n)
        self.first = np.searchsorted(self.room, self.room, side="left")
        self.last_addressee = _last_addressee(self.addressee, self.author, self.room)
        self.shared = _shared_words(self.tokens, spread, self.room, n)

    def __len__(self) -> int:
        return len(self.author)


def signs(talk: Talk, low: int, high: int) -> Iterator[tuple[int, Array, list[tuple[str, Array]]]]:
    """For each distance (0: nothing is answered) whether there is a candidate, and its signs by name."""
    i = np.arange(low, high)
    author, to, asks = talk.author[i], talk.addressee[i], talk.asks[i]
    speaks_to, new = to >= 0, talk.before[i] < 0
    since_own = np.where(new, 999.0, talk.minutes[i] - talk.minutes[np.maximum(talk.before[i], 0)])
    pause = np.where(i > talk.first[i], talk.minutes[i] - talk.minutes[np.maximum(i - 1, 0)], 0.0)
    yield (
        0,
        np.ones(len(i), dtype=bool),
        [
            ("none", np.ones(len(i))),
            ("none: asks", asks),
            ("none: to somebody", speaks_to),
            ("none: to somebody first", talk.at_start[i]),
            ("none: new", new),
            ("none: new and asks", new & asks),
            ("none: since own", np.log1p(np.minimum(since_own, 600))),
            ("none: own just now", ~new & (i - talk.before[i] <= 5)),
            ("none: pause", np.log1p(pause)),
            ("none: length", np.log1p(talk.length[i])),
            ("none: greets", talk.greets[i]),
        ],
    )
    partner = talk.last_addressee[i]
    for distance in range(1, REACH + 1):
        there = i - distance >= talk.first[i]
        j = np.maximum(i - distance, 0)
        far, gap = np.log(distance), np.maximum(talk.minutes[i] - talk.minutes[j], 0)
        own = talk.author[j] == author
        theirs, to_me = speaks_to & (to == talk.author[j]), (talk.addressee[j] >= 0) & (talk.addressee[j] == author)
        elsewhere = speaks_to & (to != talk.author[j])
        to_other = (talk.addressee[j] >= 0) & (talk.addressee[j] != author)
        latest = talk.after[j] >= i
        shared = talk.shared[i, distance - 1]
        yield (
            distance,
            there,
            [
                ("distance", np.full(len(i), far)),
                ("minutes", np.log1p(gap)),
                ("over 10 minutes", gap > 10),
                ("over an hour", gap > 60),
                ("just before", np.full(len(i), float(distance == 1))),
                ("own", own),
                ("own, just before", own & (distance == 1)),
                ("own, the last one", talk.before[i] == i - distance),
                ("own, within 2 minutes", (talk.before[i] == i - distance) & (gap < 2)),
                ("own, to the same", own & speaks_to & (to == talk.addressee[j])),
                ("own, went on", own & ~speaks_to & (talk.addressee[j] >= 0)),
                ("own, to another", own & elsewhere & (to != talk.addressee[j])),
                ("to its author", theirs),
                ("to another", elsewhere),
                ("it is to me", to_me),
                ("it is to another", to_other),
                ("to each other", theirs & to_me),
                ("it is to another than mine", to_other & (talk.addressee[j] != to) & ~own),
                ("both to one", speaks_to & (to == talk.addressee[j]) & ~own),
                ("both to nobody", ~speaks_to & (talk.addressee[j] < 0) & ~own),
                ("it asks", talk.asks[j]),
                ("it asks, this does not", talk.asks[j] & ~asks & ~own),
                ("it asks, this is to its author", theirs & talk.asks[j]),
                ("spoke to its author before", (partner >= 0) & (partner == talk.author[j]) & ~speaks_to),
                ("spoke to another before", (partner >= 0) & (partner != talk.author[j]) & ~own & ~speaks_to),
                ("its author's last", latest & ~own),
                ("its author's last, and to them", latest & theirs),
                ("distance, to its author", theirs * far),
                ("distance, it is to me", to_me * far),
                ("distance, own", own * far),
                ("distance, others", (~own & ~theirs & ~to_me) * far),
                ("shared words", np.minimum(shared, 3)),
                ("any shared word", shared > 0),
                ("its length", np.log1p(talk.length[j])),
                ("it is short", talk.length[j] <= 2),
            ],
        )


def guess(talk: Talk) -> tuple[Array, Array]:
    """For each message which one it answers (-1: none), and how sure that is (between 0 and 1)."""
    n = len(talk)
    answers, sure = np.full(n, -1, dtype=np.int64), np.zeros(n)
    for low in range(0, n, CHUNK):
        high = min(low + CHUNK, n)
        best = np.full(high - low, NEVER)
        chosen = np.zeros(high - low, dtype=np.int64)
        total = np.zeros(high - low, dtype=np.float64)
        for distance, there, found in signs(talk, low, high):
            score = np.zeros(high - low, dtype=np.float32)
            for name, values in found:
                weight = WEIGHTS.get(name, 0.0)
                if weight:
                    score += np.float32(weight) * values
            score = np.where(there, score, NEVER)
            # Sum of exponentials beside the greatest of them, so that none is too large.
            better = score > best
            apart = np.exp(-np.abs(score - best))
            total = np.where(better, total * apart + 1, total + apart)
            chosen = np.where(better, distance, chosen)
            best = np.where(better, score, best)
        here = np.arange(low, high)
        answers[low:high] = np.where(chosen > 0, here - chosen, -1)
        sure[low:high] = 1 / total
    return answers, sure


def _addressees(
    tokens: Tokens, spread: Array, author: Array, authors: list[str], talk: pd.DataFrame
) -> tuple[Array, Array]:
    """Whom each message speaks to (the first one that it names, or mentions), and whether it begins with that."""
    n = len(author)
    codes = {name.lower(): code for code, name in reversed(list(enumerate(authors)))}
    wrote = np.bincount(author, minlength=len(authors))
    named = np.array([codes.get(word, -1) for word in tokens.words], dtype=np.int64)
    # A name that is also a word that everybody uses is none.
    common = spread > np.maximum(20, 3 * wrote[np.maximum(named, 0)])
    short = np.array([len(word) <= 1 or word in _SHORT for word in tokens.words], dtype=bool)
    named[(common | short)[: len(named)]] = -1
    who = named[tokens.word] if len(tokens.word) else np.zeros(0, dtype=np.int64)
    kept = (who >= 0) & (who != author[tokens.row])
    found, start = np.full(n, -1, dtype=np.int64), np.zeros(n, dtype=bool)
    rows, whom, places = tokens.row[kept][::-1], who[kept][::-1], tokens.place[kept][::-1]
    found[rows], start[rows] = whom, places == 0  # backwards, so that the first one stays
    if "mentions" in talk.columns:
        for row, mentions in enumerate(talk["mentions"]):
            if found[row] < 0 and isinstance(mentions, list | tuple | np.ndarray) and len(mentions):
                code = codes.get(str(mentions[0]).lower(), -1)
                found[row] = -1 if code == author[row] else code
    return found, start


def _neighbours(author: Array, room: Array, n: int) -> tuple[Array, Array]:
    """The message before and the one after of the same author in the same room (-1, n)."""
    order = np.lexsort((np.arange(n), author, room))
    same = (author[order][1:] == author[order][:-1]) & (room[order][1:] == room[order][:-1])
    before, after = np.full(n, -1, dtype=np.int64), np.full(n, n, dtype=np.int64)
    before[order[1:][same]] = order[:-1][same]
    after[order[:-1][same]] = order[1:][same]
    return before, after


def _last_addressee(addressee: Array, author: Array, room: Array) -> Array:
    """Whom the author of each message spoke to last before it, in the room."""
    values = pd.Series(addressee, dtype="float64").where(addressee >= 0)
    filled = values.groupby([room, author]).ffill().groupby([room, author]).shift()
    return np.asarray(filled.fillna(-1).astype("int64").to_numpy())


def _shared_words(tokens: Tokens, spread: Array, room: Array, n: int) -> Array:
    """How much each message shares with each of the `REACH` before it: rare words count for more."""
    shared = np.zeros((n, REACH), dtype=np.float32)
    telling = np.array([len(word) > 2 and word not in _SHORT for word in tokens.words], dtype=bool)
    telling &= spread > 1
    weight = 1 / np.log(2 + spread * min(1.0, _OFTEN / max(n, 1)))
    kept = telling[tokens.word] if len(tokens.word) else np.zeros(0, dtype=bool)
    size = max(n, 1)
    keys = distinct((room[tokens.row[kept]] * len(tokens.words) + tokens.word[kept]) * size + tokens.row[kept])
    group, row = keys // size, keys % size
    value = weight[group % max(len(tokens.words), 1)]
    for step in range(1, REACH + 1):
        near = (group[step:] == group[:-step]) & (row[step:] - row[:-step] <= REACH)
        if not near.any():
            break
        late, early = row[step:][near], row[:-step][near]
        np.add.at(shared, (late, late - early - 1), value[step:][near])
    return shared
