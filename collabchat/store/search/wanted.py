"""A query whose names and dates are known: what is asked of each message, and the answer for one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt

from collabchat.store.search.docs import REPLY, Doc
from collabchat.store.search.english import forms
from collabchat.store.search.fold import spaced_tokens
from collabchat.store.search.match import INFLECTED, TYPO, WHOLE, Needle, how_well
from collabchat.store.search.parts import one_slip

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Words:
    """A term."""

    needle: Needle
    inflect: bool = False
    """Other forms of the word count too, less."""
    typo: bool = False
    """And so do words that are one slip away, least."""


@dataclass(frozen=True, eq=False)
class Rooms:
    rooms: frozenset[int]


@dataclass(frozen=True, eq=False)
class Authors:
    authors: frozenset[int]


@dataclass(frozen=True, eq=False)
class Times:
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Flag:
    bit: int


@dataclass(frozen=True, eq=False)
class Among:
    """One of these messages."""

    seqs: Ids
    """In order."""

    def __contains__(self, seq: int) -> bool:
        place = int(np.searchsorted(self.seqs, seq))
        return place < len(self.seqs) and int(self.seqs[place]) == seq


@dataclass(frozen=True, eq=False)
class Unread:
    me: int
    reads: dict[int, int]


@dataclass(frozen=True, eq=False)
class Threads:
    """Replies, and what was replied to."""

    roots: frozenset[int] = frozenset()
    """The latter, as far as they are known where this is asked."""


@dataclass(frozen=True, eq=False)
class Asked:
    """One of the messages that a statement gives; `filled` asks it."""

    statement: str
    values: tuple[object, ...] = ()


@dataclass(frozen=True, eq=False)
class Nothing:
    """What no message is."""


@dataclass(frozen=True, eq=False)
class Neither:
    node: Wanted


@dataclass(frozen=True, eq=False)
class All:
    nodes: tuple[Wanted, ...]


@dataclass(frozen=True, eq=False)
class Any:
    nodes: tuple[Wanted, ...]


Wanted = Words | Rooms | Authors | Times | Flag | Among | Asked | Unread | Threads | Nothing | Neither | All | Any


def mapped(node: Wanted, change: Callable[[Wanted], Wanted]) -> Wanted:
    """The same with each leaf as ``change`` gives it."""
    match node:
        case Neither(inner):
            return Neither(mapped(inner, change))
        case All(nodes):
            return All(tuple(mapped(one, change) for one in nodes))
        case Any(nodes):
            return Any(tuple(mapped(one, change) for one in nodes))
        case _:
            return change(node)


def filled(node: Wanted, cursor: duckdb.DuckDBPyConnection) -> Wanted:
    """With the answers of the database in the place of its statements."""

    def ask(leaf: Wanted) -> Wanted:
        if not isinstance(leaf, Asked):
            return leaf
        found = cursor.execute(leaf.statement, list(leaf.values)).fetchnumpy()
        column = next(iter(found.values()))
        return Among(np.unique(np.asarray(column, dtype=np.int64)))

    return mapped(node, ask)


def words_of(node: Wanted, *, positive: bool = True) -> Iterator[Words]:
    """The terms that are to be there."""
    match node:
        case Words():
            if positive:
                yield node
        case Neither(inner):
            yield from words_of(inner, positive=not positive)
        case All(nodes) | Any(nodes):
            for one in nodes:
                yield from words_of(one, positive=positive)
        case _:
            return


def rank(node: Wanted, doc: Doc, *, inflected: bool = False, typos: bool = False) -> int:
    """How well a message fits: 0 not at all; else as the term does that fits it least.

    Parameters
    ----------
    inflected, typos
        Whether other forms of a word count, and words that are one slip away.
    """
    match node:
        case Words(needle):
            found = how_well(needle, doc.text, doc.parts)
            if not found and inflected and node.inflect and _words_of(doc) & set(forms(needle.text)):
                return INFLECTED
            if not found and typos and node.typo and any(one_slip(word, needle.text) for word in _words_of(doc)):
                return TYPO
            return found
        case Neither(inner):
            return 0 if rank(inner, doc) else WHOLE
        case All(nodes):
            least = WHOLE
            for one in nodes:
                least = min(least, rank(one, doc, inflected=inflected, typos=typos))
                if not least:
                    break
            return least
        case Any(nodes):
            return max(rank(one, doc, inflected=inflected, typos=typos) for one in nodes)
        case _:
            return WHOLE if _is(node, doc) else 0


def _words_of(doc: Doc) -> set[str]:
    return {token.removeprefix(" ") for token in spaced_tokens(doc.text)}


def _is(node: Wanted, doc: Doc) -> bool:
    match node:
        case Rooms(rooms):
            return doc.room in rooms
        case Authors(authors):
            return doc.author in authors
        case Times(start, end):
            return start <= doc.time < end
        case Flag(bit):
            return bool(doc.flags & bit)
        case Among():
            return doc.seq in node
        case Unread(me, reads):
            return doc.author != me and doc.room in reads and doc.seq > reads[doc.room]
        case Threads(roots):
            return bool(doc.flags & REPLY) or doc.seq in roots
        case _:
            return False
