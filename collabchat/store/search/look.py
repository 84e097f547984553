"""What fits, over a whole part of the index at once: for each of its messages, how well. `match` states the rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from collabchat.store.search import wanted as w
from collabchat.store.search.docs import REPLY
from collabchat.store.search.english import forms
from collabchat.store.search.fold import is_word
from collabchat.store.search.match import BEGINNING, INFLECTED, PART, TYPO, WHOLE, Needle
from collabchat.store.search.parts import CAMEL, Ids, Part

Ranks = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Asking:
    """How far the search goes."""

    roots: Ids
    """What was replied to, anywhere."""
    inflected: bool = False
    typos: bool = False


def ranks(part: Part, node: w.Wanted, asking: Asking) -> Ranks:
    """How well each message fits; 0: it does not."""
    match node:
        case w.Words():
            return _words(part, node, asking)
        case w.All(nodes):
            found = ranks(part, nodes[0], asking)
            for one in nodes[1:]:
                np.minimum(found, ranks(part, one, asking), out=found)
            return found
        case w.Any(nodes):
            found = ranks(part, nodes[0], asking)
            for one in nodes[1:]:
                np.maximum(found, ranks(part, one, asking), out=found)
            return found
        case w.Neither(inner):
            exact = Asking(asking.roots)
            return np.where(ranks(part, inner, exact) == 0, np.uint8(WHOLE), np.uint8(0))
        case _:
            return np.where(_is(part, node, asking), np.uint8(WHOLE), np.uint8(0))


def _is(part: Part, node: w.Wanted, asking: Asking) -> npt.NDArray[np.bool_]:
    match node:
        case w.Rooms(rooms):
            return _named(part.rooms, part.room, rooms)
        case w.Authors(authors):
            return _named(part.authors, part.author, authors)
        case w.Times(start, end):
            return np.asarray((part.time >= start) & (part.time < end))
        case w.Flag(bit):
            return np.asarray((part.flags & bit) != 0)
        case w.Among(seqs):
            return _among(part, seqs)
        case w.Threads():
            return np.asarray((part.flags & REPLY) != 0) | _among(part, asking.roots)
        case w.Unread(me, reads):
            marks = np.array([reads.get(room, 2**62) for room in part.rooms.tolist()], dtype=np.int64)
            mine = np.isin(part.authors, _ids({me}))
            return np.asarray((part.seq > marks[part.room]) & ~mine[part.author])
        case _:
            return np.zeros(len(part), dtype=bool)


def _named(known: Ids, number: Any, wanted: Any) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = np.isin(known, _ids(wanted))[number]
    return found


def _ids(values: Any) -> Ids:
    return np.array(sorted(values), dtype=np.int64)


def _among(part: Part, seqs: Ids) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(part), dtype=bool)
    if len(seqs) and len(part):
        seqs = seqs[np.searchsorted(seqs, part.seq[0]) : np.searchsorted(seqs, part.seq[-1], side="right")]
        places = np.searchsorted(part.seq, seqs)
        found[places[part.seq[places] == seqs]] = True
    return found


# ---------------------------------------------------------------- words


def _words(part: Part, node: w.Words, asking: Asking) -> Ranks:
    needle = node.needle
    found = np.zeros(len(part), dtype=np.uint8)
    if needle.single:
        token = needle.last
        if asking.typos and node.typo:
            found[part.docs_of(part.near(token))] = TYPO
        if asking.inflected and node.inflect:
            for form in forms(token):
                ids = part.exact(form)
                if len(ids):
                    found[part.docs_of(ids)] = INFLECTED
        _single(part, needle, token, found)
    else:
        _several(part, needle, found)
    return found


def _single(part: Part, needle: Needle, token: str, found: Ranks) -> None:
    if needle.open_left:
        found[part.docs_of(part.containing(token))] = PART
    if needle.open_right:
        found[part.docs_of(part.beginning(token))] = BEGINNING
    if is_word(token):
        if needle.open_right:
            found[part.docs_of(part.beginning(CAMEL + token))] = BEGINNING
        found[part.docs_of(part.exact(CAMEL + token))] = WHOLE
    found[part.docs_of(part.exact(token))] = WHOLE


def _several(part: Part, needle: Needle, found: Ranks) -> None:
    tokens = [token.removeprefix(" ") for token in needle.tokens]
    offsets = np.cumsum([0] + [3 if token[0] == " " else 2 for token in needle.tokens[1:]]).tolist()
    exact = [part.exact(token) for token in tokens]
    ids = list(exact)
    if needle.open_left:
        ids[0] = part.ending(tokens[0])
    if needle.open_right:
        ids[-1] = part.beginning(tokens[-1])
    counts = [part.count_of(one) for one in ids]
    if not all(counts):
        return
    order = sorted(range(len(ids)), key=counts.__getitem__)
    starts = part.places_of(ids[order[0]]).astype(np.int64) - offsets[order[0]]
    for number in order[1:]:
        starts = starts[_stand(part, ids[number], starts + offsets[number])]
        if not len(starts):
            return
    left = _stand(part, exact[0], starts)
    right = _stand(part, exact[-1], starts + offsets[-1])
    docs = part.docs_at(starts)
    found[docs] = PART
    found[docs[left]] = BEGINNING
    found[docs[left & right]] = WHOLE


def _stand(part: Part, ids: Ids, places: Ids) -> npt.NDArray[np.bool_]:
    """At which of these places one of these pieces stands."""
    there = part.places_of(ids)
    if not len(there) or not len(places):
        return np.zeros(len(places), dtype=bool)
    if len(ids) > 1:
        there = np.sort(there)
    wanted = places.astype(np.uint32)
    at = np.searchsorted(there, wanted)
    at[at == len(there)] = 0
    found: npt.NDArray[np.bool_] = there[at] == wanted
    return found
