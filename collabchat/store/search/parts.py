"""A part of the index: one file that never changes, and what can be asked of it. `build` says what is in it."""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import zlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

SHIFT = 4
BLOCK = 1 << SHIFT
CAMEL = "\x01"
"""Stands before a part of a camel word; no text holds it."""
MAGIC = b"collabchat-search-1\n"
_CACHED = 200

Array = npt.NDArray[Any]
Ids = npt.NDArray[np.int64]


class DamagedError(Exception):
    """A file of the index is not what was written."""


class Written(NamedTuple):
    """What is known of a file, to tell whether it is still the same."""

    name: str
    bytes: int
    check: int
    docs: int


def write(arrays: dict[str, Array], target: Path) -> Written:
    """Put a part on the disk; it is whole there or not at all."""
    header, at = {}, 0
    for name, one in arrays.items():
        header[name] = [one.dtype.str, at, len(one)]
        at += -(-one.nbytes // 8) * 8
    head = json.dumps(header).encode()
    head += b" " * (-(len(MAGIC) + 8 + len(head)) % 8)
    part = target.with_name(target.name + ".part")
    check = size = 0
    with part.open("wb") as file:
        for piece in (MAGIC, len(head).to_bytes(8, "little"), head, *_padded(arrays)):
            file.write(piece)
            check = zlib.crc32(piece, check)
            size += len(piece)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)
    return Written(target.name, size, check, len(arrays["seq"]))


def _padded(arrays: dict[str, Array]) -> list[bytes | memoryview]:
    found: list[bytes | memoryview] = []
    for one in arrays.values():
        found += [np.ascontiguousarray(one).data.cast("B") if len(one) else b"", bytes(-one.nbytes % 8)]
    return found


def check_file(path: Path, size: int, check: int) -> None:
    """Read a file whole.

    Raises
    ------
    DamagedError
        Where it is not what was written.
    """
    found = 0
    try:
        if path.stat().st_size != size:
            raise DamagedError(f"{path.name} has another size")
        with path.open("rb") as file:
            while chunk := file.read(1 << 22):
                found = zlib.crc32(chunk, found)
    except OSError as error:
        raise DamagedError(f"{path.name} cannot be read: {error}") from error
    if found != check:
        raise DamagedError(f"{path.name} has another content")


class Part:
    """A part of the index, open.

    Raises
    ------
    DamagedError
        Where the file is none, or not whole.
    """

    seq: Ids
    time: Ids
    rooms: Ids
    authors: Ids
    roots: Ids
    room: Array
    author: Array
    blocks: Array
    piece_at: Array
    held_at: Array
    places: Array
    length: Array
    flags: Array
    pieces: Array

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            if self._map[: len(MAGIC)] != MAGIC:
                raise ValueError("another format")
            start = len(MAGIC) + 8
            end = start + int.from_bytes(self._map[len(MAGIC) : start], "little")
            for name, (dtype, at, count) in json.loads(self._map[start:end]).items():
                setattr(self, name, np.frombuffer(self._map, dtype=np.dtype(dtype), count=count, offset=end + at))
            self._pieces = self.pieces.data
            self._piece_at = self.piece_at.data
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise DamagedError(f"{path.name} cannot be opened: {error}") from error
        self.n_pieces = len(self.piece_at) - 1
        self._cache: OrderedDict[tuple[str, bytes], Ids] = OrderedDict()

    def __len__(self) -> int:
        return len(self.seq)

    # ------------------------------------------------------------ messages

    def number_of(self, seqs: Ids) -> Ids:
        """Where these messages stand here; those that do not are left out."""
        places = np.searchsorted(self.seq, seqs)
        places = places[places < len(self.seq)] if len(places) else places
        known = np.isin(self.seq[places], seqs)
        return np.unique(places[known])

    def doc_starts(self) -> Ids:
        """The place before each message's first one."""
        first = np.searchsorted(self.blocks[1:], np.arange(len(self.seq))) + 1
        return first.astype(np.int64) * BLOCK - 2

    # ------------------------------------------------------------ pieces

    def piece(self, number: int) -> bytes:
        return bytes(self._pieces[self._piece_at[number] : self._piece_at[number + 1] - 1])

    def all_pieces(self) -> list[bytes]:
        blob = bytes(self._pieces)
        return blob.split(b"\n")[1:-1]

    def _lower(self, wanted: bytes) -> int:
        """The first piece that is not before this one."""
        low, high = 0, self.n_pieces
        at, pieces = self._piece_at, self._pieces
        while low < high:
            middle = (low + high) // 2
            if bytes(pieces[at[middle] : at[middle + 1] - 1]) < wanted:
                low = middle + 1
            else:
                high = middle
        return low

    def exact(self, wanted: str) -> Ids:
        """The number of a piece, as an array of one or none."""
        raw = wanted.encode()
        number = self._lower(raw)
        there = number < self.n_pieces and self.piece(number) == raw
        return np.array([number] if there else [], dtype=np.int64)

    def beginning(self, wanted: str) -> Ids:
        """The pieces that begin so."""
        raw = wanted.encode()
        return np.arange(self._lower(raw), self._lower(raw + b"\xff"), dtype=np.int64)

    @cached_property
    def _camels(self) -> int:
        """Camel parts stand before all pieces; there are so many."""
        return self._lower(b"\x02")

    @cached_property
    def _frequency(self) -> Ids:
        return np.bincount(self.pieces, minlength=256)

    def containing(self, wanted: str) -> Ids:
        """The pieces that this is a part of."""
        return self._remembered("part", wanted.encode(), self._containing)

    def ending(self, wanted: str) -> Ids:
        """The pieces that end so."""
        return self._remembered("end", wanted.encode() + b"\n", self._containing)

    def _containing(self, raw: bytes) -> Ids:
        order = sorted(range(len(raw)), key=lambda at: self._frequency[raw[at]])
        found = np.flatnonzero(self.pieces == raw[order[0]]) - order[0]
        found = found[(found >= 0) & (found + len(raw) <= len(self.pieces))]
        for at in order[1:]:
            if not len(found):
                break
            found = found[self.pieces[found + at] == raw[at]]
        ids = np.searchsorted(self.piece_at, found, side="right") - 1
        return np.unique(ids[ids >= self._camels])

    def near(self, wanted: str) -> Ids:
        """The pieces that are one slip away: a letter more, less, another one, or two that changed places."""
        return self._remembered("near", wanted.encode(), self._near)

    def _near(self, raw: bytes) -> Ids:
        # One slip leaves the first half as it is, or the second; or it lies between them, where two letters changed.
        word = raw.decode()
        half = len(word) // 2
        candidates = [self.beginning(word[:half]), self.ending(word[half:])]
        candidates += [self.exact(word[:at] + word[at + 1] + word[at] + word[at + 2 :]) for at in (half - 1,)]
        ids = union(candidates)
        slack = 1 if raw.isascii() else 3  # a slip may be in a letter of several bytes
        sizes = self.piece_at[ids + 1].astype(np.int64) - self.piece_at[ids] - 1
        close = (ids >= self._camels) & (np.abs(sizes - len(raw)) <= slack)
        ids, sizes = ids[close], sizes[close]
        common = np.minimum(sizes, len(raw))
        starts = self.piece_at[ids].astype(np.int64)
        same = np.zeros(len(ids), dtype=np.int64)
        for step in (1, -1):
            alive = np.ones(len(ids), dtype=bool)
            at = starts if step == 1 else starts + sizes - 1
            for number in range(len(raw)):
                inside = np.where(number < common, at + step * number, 0)
                alive = alive & (number < common) & (self.pieces[inside] == raw[number if step == 1 else -1 - number])
                same += alive
        likely = ids[same >= np.maximum(sizes, len(raw)) - 2 * slack]
        found = [one for one in likely.tolist() if one_slip(self.piece(one).decode(), word)]
        return np.array(found, dtype=np.int64)

    def _remembered(self, kind: str, raw: bytes, find: Callable[[bytes], Ids]) -> Ids:
        key = (kind, raw)
        known = self._cache.get(key)
        if known is None:
            known = self._cache[key] = find(raw)
            while len(self._cache) > _CACHED:
                with contextlib.suppress(KeyError):  # another thread was quicker
                    self._cache.popitem(last=False)
        return known

    # ------------------------------------------------------------ where pieces stand

    def places_of(self, ids: Ids) -> Array:
        """Where these pieces stand; in order where it is one piece."""
        if not len(ids):
            return self.places[:0]
        first, last = int(ids[0]), int(ids[-1])
        if last - first + 1 == len(ids):
            return self.places[int(self.held_at[first]) : int(self.held_at[last + 1])]
        starts = self.held_at[ids].astype(np.int64)
        counts = self.held_at[ids + 1].astype(np.int64) - starts
        ends = np.cumsum(counts)
        return self.places[np.repeat(starts - (ends - counts), counts) + np.arange(int(ends[-1]))]

    def count_of(self, ids: Ids) -> int:
        return int((self.held_at[ids + 1].astype(np.int64) - self.held_at[ids]).sum())

    def docs_at(self, places: Array) -> Array:
        """The messages that these places are in."""
        found: Array = self.blocks[places >> SHIFT]
        return found

    def docs_of(self, ids: Ids) -> Array:
        """The messages that hold one of these pieces, some of them several times."""
        return self.docs_at(self.places_of(ids))


def one_slip(one: str, other: str) -> bool:
    """Whether two words differ by a letter more, less, another one, or two that changed places."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    return max(len(left), len(right)) <= 1 or (len(left) == 2 and left == right[::-1])


def union(arrays: Sequence[Ids]) -> Ids:
    """All of these, once, in order."""
    return np.unique(np.concatenate(arrays)) if arrays else np.zeros(0, dtype=np.int64)
