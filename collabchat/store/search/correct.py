"""The nearest query that finds something, of words that stand where the asker may read."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import numpy as np

from collabchat.store.search import wanted as w
from collabchat.store.search.fold import fold, is_word, spaced_tokens
from collabchat.store.search.found import Question, find
from collabchat.store.search.held import View
from collabchat.store.search.match import needle
from collabchat.store.search.parts import Part, one_slip
from collabchat.store.search.query import And, Node, Not, Or, Term, printed

_TRIED = 5
_LOOKED_AT = 3_000


def correction(view: View, question: Question, understood: Node, cursor: duckdb.DuckDBPyConnection) -> str | None:
    """A query like this one that finds something; None where there is none."""
    changed = {}
    for term in _terms(understood):
        if term != understood and _said(view, question, term.text, cursor):
            continue
        better = next(_nearest(view, question, fold(term.text)), None)
        if better is None:
            return None
        changed[term] = Term(better, term.kind)
    if not changed:
        return None
    node = _replaced(question.node, {fold(old.text): new.text for old, new in changed.items()})
    tried = Question(node, question.rooms, question.upto, inflected=False)
    return printed(_written(understood, changed)) if find(view, tried, cursor).total else None


def _terms(node: Node) -> Iterator[Term]:
    match node:
        case Term(text, kind):
            if kind != "phrase" and is_word(fold(text)) and len(fold(text)) >= 3:
                yield node
        case And(nodes) | Or(nodes):
            for one in nodes:
                yield from _terms(one)
        case _:
            return


def _said(view: View, question: Question, text: str, cursor: duckdb.DuckDBPyConnection) -> bool:
    ready = needle(text)
    if ready is None:
        return True
    return find(view, Question(w.Words(ready), question.rooms, question.upto, inflected=False), cursor).total > 0


def _nearest(view: View, question: Question, word: str) -> Iterator[str]:
    """Words like this one, the ones that are said most often first."""
    rooms = np.array(sorted(question.rooms), dtype=np.int64)
    counts: dict[str, int] = {}
    for part, gone in view.parts:
        seen = np.isin(part.rooms, rooms)
        if not seen.any():
            continue
        visible = seen[part.room]
        visible[gone] = False
        for number in _like(part, word):
            docs = part.docs_of(np.array([number], dtype=np.int64))
            count = int(np.count_nonzero(visible[docs]))
            if count:
                piece = part.piece(number).decode()
                counts[piece] = counts.get(piece, 0) + count
    for doc in view.tail:
        if doc.room in question.rooms and doc.seq <= question.upto:
            for spaced in set(spaced_tokens(doc.text)):
                piece = spaced.removeprefix(" ")
                if _two_slips(piece, word):
                    counts[piece] = counts.get(piece, 0) + 1
    yield from sorted(counts, key=lambda one: (not one_slip(one, word), -counts[one], one))[:_TRIED]


def _like(part: Part, word: str) -> list[int]:
    """Pieces that are one slip away; where there are none, two, with the same beginning."""
    near = part.near(word).tolist()
    if near or len(word) < 5:
        return [int(one) for one in near]
    same = part.beginning(word[:2])
    sizes = np.diff(part.piece_at)[same] - 1
    raw = len(word.encode())
    close = same[np.abs(sizes - raw) <= 2][:_LOOKED_AT].tolist()
    return [int(one) for one in close if _two_slips(part.piece(one).decode(), word)]


def _two_slips(one: str, other: str) -> bool:
    if one == other or abs(len(one) - len(other)) > 2 or min(len(one), len(other)) < 3 or not is_word(one):
        return False
    if one_slip(one, other):
        return True
    return len(other) >= 5 and one[:2] == other[:2] and _distance(one, other) <= 2


def _distance(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        diagonal, row[0] = row[0], number
        for at, there in enumerate(other, 1):
            diagonal, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, diagonal + (letter != there))
    return row[-1]


def _replaced(node: w.Wanted, better: dict[str, str]) -> w.Wanted:
    match node:
        case w.Words(old):
            new = needle(better[old.text], old.prefix) if old.text in better else None
            return node if new is None else w.Words(new)
        case w.All(nodes):
            return w.All(tuple(_replaced(one, better) for one in nodes))
        case w.Any(nodes):
            return w.Any(tuple(_replaced(one, better) for one in nodes))
        case _:
            return node


def _written(node: Node, changed: dict[Term, Term]) -> Node:
    match node:
        case Term():
            return changed.get(node, node)
        case Not(_):
            return node
        case And(nodes):
            return And(tuple(_written(one, changed) for one in nodes))
        case Or(nodes):
            return Or(tuple(_written(one, changed) for one in nodes))
        case _:
            return node
