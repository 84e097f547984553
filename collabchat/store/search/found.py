"""From a view of the index to a page of hits: all that fit, counted, in an order that stays from page to page."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import duckdb
import numpy as np

from collabchat.store.search import docs
from collabchat.store.search import wanted as w
from collabchat.store.search.docs import Doc
from collabchat.store.search.held import View
from collabchat.store.search.look import Asking, ranks
from collabchat.store.search.match import INFLECTED, PART, TYPO, WHOLE
from collabchat.store.search.parts import Ids

WINDOW = 2_000
"""Of the hits of one rank, so many of the newest are put in order by more than their time."""
FEW = 3
"""With fewer hits than this, words that are one slip away are looked for too."""
MONTH = 30 * 86_400 * 1_000_000
SCAN_FOR = 8.0
"""Seconds that messages which the index does not have are looked through."""
SCAN_CHUNK = 20_000

Sort = Literal["relevance", "newest", "oldest"]


@dataclass(frozen=True)
class Key:
    """Where a hit stands in the order."""

    rank: int
    fine: int
    """Within the rank; 0 for those that stand in the order of their time alone."""
    seq: int

    @property
    def score(self) -> float:
        return round(self.rank + self.fine / 1e9, 6)


@dataclass
class _Source:
    """Hits of one part of the index, or of the memory."""

    seqs: Ids
    """Of the hits, in order."""
    ranks: Any
    times: Any
    """Of all, as `places` count."""
    lengths: Any
    places: Ids


@dataclass
class Hits:
    """All that fit."""

    sources: list[_Source] = field(default_factory=list)
    complete: bool = True

    @property
    def total(self) -> int:
        return sum(len(one.seqs) for one in self.sources)

    @property
    def exact(self) -> bool:
        """Whether anything fits without a slip."""
        return any((one.ranks > TYPO).any() for one in self.sources)

    def page(self, sort: Sort, after: Key | None, limit: int, now: int) -> list[Key]:
        """The next hits in the order."""
        if sort != "relevance":
            return self._by_time(sort, after, limit)
        found: list[Key] = []
        for rank in (WHOLE, WHOLE - 1, PART, INFLECTED, TYPO):
            if after is not None and rank > after.rank:
                continue
            last = after if after is not None and after.rank == rank else None
            found += self._of_rank(rank, last, limit - len(found), now)
            if len(found) >= limit:
                break
        return found

    def _by_time(self, sort: Sort, after: Key | None, limit: int) -> list[Key]:
        found: list[Key] = []
        for one in self.sources:
            if sort == "newest":
                end = len(one.seqs) if after is None else int(np.searchsorted(one.seqs, after.seq))
                chosen = range(max(0, end - limit), end)
            else:
                start = 0 if after is None else int(np.searchsorted(one.seqs, after.seq, side="right"))
                chosen = range(start, min(len(one.seqs), start + limit))
            found += [Key(int(one.ranks[at]), 0, int(one.seqs[at])) for at in chosen]
        return sorted(found, key=lambda key: key.seq, reverse=sort == "newest")[:limit]

    def _of_rank(self, rank: int, after: Key | None, limit: int, now: int) -> list[Key]:
        rest = [(one, places) for one in self.sources if len(places := np.flatnonzero(one.ranks == rank))]
        if not rest:
            return []
        newest = [(one, places[-WINDOW:]) for one, places in rest]
        seqs = np.concatenate([one.seqs[places] for one, places in newest])
        fine = np.concatenate([_fine(one, one.places[places], now) for one, places in newest])
        chosen = np.argsort(seqs)[-WINDOW:]
        seqs, fine = seqs[chosen], fine[chosen]
        lowest = int(seqs[0]) if len(seqs) == WINDOW else -1
        if after is not None:
            following = (fine < after.fine) | ((fine == after.fine) & (seqs < after.seq))
            seqs, fine = seqs[following], fine[following]
        order = np.lexsort((-seqs, -fine))[:limit]
        found = [Key(rank, int(fine[at]), int(seqs[at])) for at in order]
        if len(found) < limit and lowest >= 0:
            top = lowest if after is None or after.fine > 0 else min(lowest, after.seq)
            older: list[int] = []
            for one, places in rest:
                end = int(np.searchsorted(one.seqs[places], top))
                older += one.seqs[places[max(0, end - limit) : end]].tolist()
            found += [Key(rank, 0, seq) for seq in sorted(older, reverse=True)[: limit - len(found)]]
        return found


def _fine(source: _Source, places: Ids, now: int) -> Ids:
    """Short and new ones first, among those that fit as well: between 0 and a thousand millions."""
    age = np.maximum(0, now - source.times[places]) / MONTH
    fine = 0.05 + 0.6 / (1 + age) + 0.3 / (1 + source.lengths[places] / 100)
    whole: Ids = (fine * 1e9).astype(np.int64)
    return whole


# ---------------------------------------------------------------- finding


@dataclass(frozen=True)
class Question:
    """What is looked for, and where."""

    node: w.Wanted
    rooms: frozenset[int]
    upto: int
    inflected: bool


def find(view: View, question: Question, cursor: duckdb.DuckDBPyConnection) -> Hits:
    """All that fit. Slips are looked for where little else is found."""
    node = w.filled(question.node, cursor)
    roots = _roots(view, cursor) if _asks_threads(node) else np.zeros(0, dtype=np.int64)
    if len(roots):
        threads = w.Threads(frozenset(roots.tolist()))
        node = w.mapped(node, lambda leaf: threads if isinstance(leaf, w.Threads) else leaf)
    rows = None if view.scan_after is None else _scanned(view, node, question, cursor)
    hits = _hits(view, node, question, Asking(roots, question.inflected), rows)
    if hits.total < FEW and any(words.typo for words in w.words_of(node)):
        more = _hits(view, node, question, Asking(roots, question.inflected, typos=True), rows)
        if more.total > hits.total:
            return more
    return hits


def _hits(view: View, node: w.Wanted, question: Question, asking: Asking, scanned: _Source | None) -> Hits:
    rooms = np.array(sorted(question.rooms), dtype=np.int64)
    found = Hits()
    for part, gone in view.parts:
        seen = np.isin(part.rooms, rooms)
        if not seen.any():
            continue
        ranked = ranks(part, node, asking)
        ranked[gone] = 0
        places = np.flatnonzero(ranked)
        if not seen.all():
            places = places[seen[part.room[places]]]
        if len(places) and part.seq[places[-1]] > question.upto:
            places = places[: int(np.searchsorted(part.seq[places], question.upto, side="right"))]
        if len(places):
            found.sources.append(_Source(part.seq[places], ranked[places], part.time, part.length, places))
    tail = (doc for doc in view.tail if doc.room in question.rooms and doc.seq <= question.upto)
    ranker = Ranker(node, asking)
    memory = _source([(doc, rank) for doc in tail if (rank := ranker.rank(doc))])
    found.sources += [one for one in (memory, scanned) if one is not None and len(one.seqs)]
    if view.scan_after is not None:
        found.complete = scanned is not None and not getattr(scanned, "cut", False)
    return found


def _source(ranked: Sequence[tuple[Doc, int]]) -> _Source:
    chosen = sorted(ranked, key=lambda one: one[0].seq)
    return _Source(
        np.array([doc.seq for doc, _ in chosen], dtype=np.int64),
        np.array([rank for _, rank in chosen], dtype=np.uint8),
        np.array([doc.time for doc, _ in chosen], dtype=np.int64),
        np.array([min(len(doc.text), 65_535) for doc, _ in chosen], dtype=np.int64),
        np.arange(len(chosen)),
    )


class Ranker:
    """How well single messages fit, other forms and slips included."""

    def __init__(self, node: w.Wanted, asking: Asking) -> None:
        self.node, self.asking = node, asking

    def rank(self, doc: Doc) -> int:
        return w.rank(self.node, doc, inflected=self.asking.inflected, typos=self.asking.typos)


@dataclass
class _Scanned(_Source):
    cut: bool = False


def _scanned(view: View, node: w.Wanted, question: Question, cursor: duckdb.DuckDBPyConnection) -> _Scanned:
    """What the index does not have yet, looked through in the database, the newest first, for a while."""
    end = time.monotonic() + SCAN_FOR
    asking = Asking(np.zeros(0, dtype=np.int64), question.inflected)
    ranker = Ranker(node, asking)
    likely, values = _likely(node)
    found: list[tuple[Doc, int]] = []
    top, cut = question.upto, False
    rooms = sorted(question.rooms)
    while True:
        row = cursor.execute(
            f"SELECT seq FROM messages WHERE seq > {view.scan_after} AND seq <= {top} "
            f"ORDER BY seq DESC LIMIT 1 OFFSET {SCAN_CHUNK * (10 if values else 1)}"
        ).fetchone()
        first = row[0] if row else view.scan_after
        rows = docs.rows_of(
            cursor,
            f"seq > {first} AND seq <= {top} AND room IN (SELECT unnest($1::BIGINT[])){likely}",
            [rooms, *values],
        )
        names = docs.file_names(cursor, rows)
        for one in rows:
            doc = docs.doc(one, names.get(one[0], ()))
            if rank := ranker.rank(doc):
                found.append((doc, rank))
        if row is None:
            break
        top = row[0]
        if time.monotonic() > end:
            cut = True
            break
    made = _source(found)
    return _Scanned(made.seqs, made.ranks, made.times, made.lengths, made.places, cut)


def _likely(node: w.Wanted) -> tuple[str, list[Any]]:
    """What the database can say beforehand of the terms that must be there."""
    nodes = node.nodes if isinstance(node, w.All) else (node,)
    clauses, values = "", []
    for one in nodes:
        if isinstance(one, w.Words) and not one.inflect and one.needle.text.isascii():
            longest = max((token.strip() for token in one.needle.tokens), key=len)
            values.append(longest)
            clauses += (
                f" AND (contains(lower(text), ${len(values) + 1}) OR strlen(text) <> length(text)"
                " OR forwarded IS NOT NULL OR poll IS NOT NULL OR n_files > 0)"
            )
    return clauses, values


# ---------------------------------------------------------------- threads


def _asks_threads(node: w.Wanted) -> bool:
    match node:
        case w.Threads():
            return True
        case w.Neither(inner):
            return _asks_threads(inner)
        case w.All(nodes) | w.Any(nodes):
            return any(_asks_threads(one) for one in nodes)
        case _:
            return False


def _roots(view: View, cursor: duckdb.DuckDBPyConnection) -> Ids:
    known: list[Any] = [part.roots for part, _ in view.parts]
    known.append(np.array([doc.thread for doc in view.tail if doc.thread], dtype=np.int64))
    if view.scan_after is not None:
        rows = cursor.execute(
            f"SELECT DISTINCT thread FROM messages WHERE seq > {view.scan_after} AND thread IS NOT NULL"
        ).fetchall()
        known.append(np.array([thread for (thread,) in rows], dtype=np.int64))
    return np.unique(np.concatenate(known))
