"""Records in the order of time whatever their file's order was, without holding them all."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, TypeVar

import msgspec

_RUN = 20_000
_PIECE = 500

Row = tuple[int, int, list[str]]
"""A time, a number that keeps equal times in order, and what belongs to it."""
_T = TypeVar("_T")


def in_order(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows by time, equal ones by their number. What does not fit into a run waits in a temporary file."""
    run: list[Row] = []
    spilled: list[list[tuple[int, int]]] = []
    with tempfile.TemporaryFile() as file:
        for row in rows:
            run.append(row)
            if len(run) >= _RUN:
                spilled.append(_spill(file, run))
                run = []
        run.sort(key=_when)
        if not spilled:
            yield from run
            return
        runs = [_back(file, places) for places in spilled]
        yield from heapq.merge(*runs, run, key=_when)


def _when(row: Row) -> tuple[int, int]:
    return row[0], row[1]


def _spill(file: IO[bytes], run: list[Row]) -> list[tuple[int, int]]:
    run.sort(key=_when)
    places = []
    for start in range(0, len(run), _PIECE):
        data = msgspec.msgpack.encode(run[start : start + _PIECE])
        places.append((file.tell(), len(data)))
        file.write(data)
    return places


def _back(file: IO[bytes], places: list[tuple[int, int]]) -> Iterator[Row]:
    decoder = msgspec.msgpack.Decoder(list[Row])
    for start, length in places:
        file.seek(start)
        data = file.read(length)
        yield from decoder.decode(data)
