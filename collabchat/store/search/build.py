"""Making a part of the index: from texts, or from smaller parts. Runs in a process of its own.

A part holds, for each piece of text (see `fold`), the places where it stands. A place is one number: each message has
some blocks of 16 places, and a table says which message a block belongs to. From a piece to the next one it is two
places, with a blank between them three, and more where another piece lies between or a message ends: so places alone
say what stands side by side.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from collabchat.store.search import parts
from collabchat.store.search.docs import Doc
from collabchat.store.search.fold import spaced_tokens
from collabchat.store.search.parts import BLOCK, CAMEL, SHIFT, Part

GAP = 4
MOST_PLACES = 2**32 - 2**16
_BOUNDARY = "\x00"
Numbers = npt.NDArray[np.int64]


class _Vocabulary(dict[str, int]):
    """Pieces to numbers, twice a piece's own; one more where a blank stands before it."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def __missing__(self, key: str) -> int:
        if key[0] == " ":
            number = self[key[1:]] + 1
        else:
            number = 2 * len(self.pieces)
            self.pieces.append(key)
        self[key] = number
        return number


def part_of(docs: Iterable[Doc]) -> dict[str, npt.NDArray[Any]] | None:
    """The arrays of a part with these messages, which come in the order of ``seq``; None where there are none."""
    vocabulary = _Vocabulary()
    number_of = vocabulary.__getitem__
    codes, counts = array("I"), array("I")
    columns: dict[str, array[int]] = {name: array("q") for name in ("seq", "room", "author", "time", "thread")}
    flags, lengths = array("B"), array("H")
    for doc in docs:
        pieces = spaced_tokens(doc.text)
        pieces += [f" {CAMEL}{part}" for part in doc.parts]
        codes.extend(map(number_of, pieces))
        counts.append(len(pieces))
        for name, column in columns.items():
            column.append(getattr(doc, name))
        flags.append(doc.flags)
        lengths.append(min(len(doc.text), 65_535))
    if not counts:
        return None
    code = np.frombuffer(codes, dtype=np.uint32)
    count = np.frombuffer(counts, dtype=np.uint32).astype(np.int64)
    whole = {name: np.frombuffer(column, dtype=np.int64) for name, column in columns.items()}
    steps = np.cumsum(2 + (code & 1), dtype=np.int64)
    ends = np.cumsum(count)
    before = np.concatenate(([0], steps))[ends - count]
    extent = np.concatenate(([0], steps))[ends] - before
    starts, blocks = _room_for(extent)
    places = steps - np.repeat(before, count) + np.repeat(starts, count)
    pieces_of = [piece.encode() for piece in vocabulary.pieces]
    order = sorted(range(len(pieces_of)), key=pieces_of.__getitem__)
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.arange(len(order))
    ids = number[code >> 1] if len(order) else np.zeros(0, dtype=np.int64)
    if _BOUNDARY in vocabulary:
        keep = ids != number[vocabulary[_BOUNDARY] >> 1]
        ids, places = ids[keep], places[keep]
    return _arrays(
        whole,
        np.frombuffer(flags, dtype=np.uint8),
        np.frombuffer(lengths, dtype=np.uint16),
        [pieces_of[one] for one in order],
        ids,
        places,
        blocks,
        np.unique(whole["thread"][whole["thread"] > 0]),
    )


def _room_for(extent: Numbers) -> tuple[Numbers, npt.NDArray[np.uint32]]:
    """The place before each message's first one, and the message of each block."""
    sizes = (extent + GAP + BLOCK - 1) // BLOCK
    ends = np.cumsum(sizes) + 1
    if len(ends) and int(ends[-1]) * BLOCK > MOST_PLACES:
        raise ValueError("too much text for one part of the index")
    blocks = np.concatenate(([0], np.repeat(np.arange(len(sizes)), sizes)))
    return (ends - sizes) * BLOCK - 2, blocks.astype(np.uint32)


def _arrays(
    columns: dict[str, Numbers],
    flags: npt.NDArray[np.uint8],
    lengths: npt.NDArray[np.uint16],
    pieces: Sequence[bytes],
    ids: Numbers,
    places: Numbers,
    blocks: npt.NDArray[np.uint32],
    roots: Numbers,
) -> dict[str, npt.NDArray[Any]]:
    keys = (ids.astype(np.uint64) << np.uint64(32)) | places.astype(np.uint64)
    keys.sort()
    held = np.bincount((keys >> np.uint64(32)).astype(np.int64), minlength=len(pieces))
    blob = b"\n" + b"".join(piece + b"\n" for piece in pieces)
    ends = np.cumsum([1, *(len(piece) + 1 for piece in pieces)], dtype=np.int64)
    rooms, room = np.unique(columns["room"], return_inverse=True)
    authors, author = np.unique(columns["author"], return_inverse=True)
    return {
        "seq": columns["seq"],
        "time": columns["time"],
        "rooms": rooms,
        "authors": authors,
        "roots": roots.astype(np.int64),
        "room": room.astype(np.uint32),
        "author": author.astype(np.uint32),
        "blocks": blocks,
        "piece_at": ends.astype(np.uint32),
        "held_at": np.concatenate(([0], np.cumsum(held))).astype(np.uint32),
        "places": (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32),
        "length": lengths,
        "flags": flags,
        "pieces": np.frombuffer(blob, dtype=np.uint8),
    }


def merged(sources: Sequence[Part], gone: Sequence[Numbers]) -> dict[str, npt.NDArray[Any]] | None:
    """The arrays of one part in the place of several.

    Parameters
    ----------
    sources
        No message is in two of them, but for those that are gone.
    gone
        For each, which of its messages (by their place in it) are not taken along.
    """
    kept = [np.ones(len(source.seq), dtype=bool) for source in sources]
    for keep, without in zip(kept, gone, strict=True):
        keep[without] = False
    seqs = np.concatenate([source.seq[keep] for source, keep in zip(sources, kept, strict=True)])
    if not len(seqs):
        return None
    order = np.argsort(seqs, kind="stable")
    columns = {
        "seq": seqs[order],
        "time": _gathered(sources, kept, order, lambda one: one.time),
        "room": _gathered(sources, kept, order, lambda one: one.rooms[one.room]),
        "author": _gathered(sources, kept, order, lambda one: one.authors[one.author]),
    }
    extent = _gathered(sources, kept, order, _extents)
    starts, blocks = _room_for(extent)
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.arange(len(order))
    vocabularies = [source.all_pieces() for source in sources]
    pieces = sorted(set().union(*vocabularies))
    number_of = {piece: one for one, piece in enumerate(pieces)}
    all_ids, all_places, first = [], [], 0
    for source, keep, vocabulary in zip(sources, kept, vocabularies, strict=True):
        ids = np.fromiter((number_of[piece] for piece in vocabulary), np.int64, len(vocabulary))
        held_at: Any = source.held_at.astype(np.int64)
        ids = np.repeat(ids, held_at[1:] - held_at[:-1])
        docs = source.blocks[source.places >> SHIFT]
        there = keep[docs]
        new = np.full(len(keep), -1, dtype=np.int64)
        new[keep] = number[first : first + int(keep.sum())]
        first += int(keep.sum())
        docs, places = docs[there], source.places[there].astype(np.int64)
        all_ids.append(ids[there])
        all_places.append(places - source.doc_starts()[docs] + starts[new[docs]])
    return _without_unused(
        columns,
        _gathered(sources, kept, order, lambda one: one.flags),
        _gathered(sources, kept, order, lambda one: one.length),
        pieces,
        np.concatenate(all_ids),
        np.concatenate(all_places),
        blocks,
        np.unique(np.concatenate([source.roots for source in sources])),
    )


def _without_unused(
    columns: dict[str, Numbers], flags: Any, lengths: Any, pieces: list[bytes], ids: Numbers, *rest: Any
) -> dict[str, npt.NDArray[Any]]:
    """Words that nobody says any more are forgotten."""
    used = np.zeros(len(pieces), dtype=bool)
    used[ids] = True
    if not used.all():
        number = np.cumsum(used) - 1
        pieces, ids = [piece for piece, there in zip(pieces, used.tolist(), strict=True) if there], number[ids]
    return _arrays(columns, flags, lengths, pieces, ids, *rest)


def _gathered(sources: Sequence[Part], kept: Sequence[Any], order: Numbers, column: Any) -> Any:
    return np.concatenate([column(source)[keep] for source, keep in zip(sources, kept, strict=True)])[order]


def _extents(source: Part) -> Numbers:
    """How many places each message may take: the room of its blocks."""
    blocks = np.bincount(source.blocks[1:], minlength=len(source.seq))
    return blocks * BLOCK - GAP


def write(arrays: dict[str, npt.NDArray[Any]], target: Path) -> parts.Written:
    """Put a part on the disk; it is whole there or not at all."""
    return parts.write(arrays, target)
