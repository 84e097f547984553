"""A part of the index that is in use, and what of it does not count any more."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from collabchat.store.search.docs import Doc
from collabchat.store.search.parts import Ids, Part, Written


@dataclass
class Held:
    """A part that is in use."""

    part: Part
    written: Written
    stamp: tuple[int, int, int]
    dead: set[int] = field(default_factory=set)
    """Messages (their ``seq``) that another part or the memory knows better, or that are gone."""
    dead_since: float = 0.0
    _gone: Ids | None = None

    def bury(self, seqs: Iterable[int]) -> None:
        wanted = np.array(sorted(seqs), dtype=np.int64)
        numbers = self.part.number_of(wanted)
        new = set(self.part.seq[numbers].tolist()) - self.dead
        if new:
            self.dead |= new
            self.dead_since = self.dead_since or time.monotonic()
            self._gone = None

    def gone(self) -> Ids:
        """Where the dead ones stand."""
        if self._gone is None:
            self._gone = self.part.number_of(np.array(sorted(self.dead), dtype=np.int64))
        return self._gone


@dataclass(frozen=True)
class View:
    """What a search looks at."""

    parts: list[tuple[Part, Ids]]
    """Each with the places of what is gone."""
    tail: list[Doc]
    """In order."""
    scan_after: int | None
    """Where not None: the database has messages after this one that are nowhere else."""


def held_of(path: Path, written: Sequence[Any] | None) -> Held | None:
    """A part that was just made; None where nothing was left for it."""
    if written is None:
        return None
    return Held(Part(path), Written(*written), stamp_of(path))


def stamp_of(path: Path) -> tuple[int, int, int]:
    """What tells whether a file is still the same, without reading it."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0)
    return (found.st_size, found.st_mtime_ns, found.st_ino)
