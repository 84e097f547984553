"""This process's copy of a frame: rows in chunks, of which a change touches few."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from .. import errors
from ..protocol import Table
from .arrow import handles, to_frame
from .schema import GROWING, SCHEMAS

CHUNK = 16_384


@dataclass
class Chunk:
    """Some rows in a row; ``lists`` is its column of lists, made once."""

    table: Any
    lists: np.ndarray[Any, Any] | None = None

    @property
    def first(self) -> int:
        return int(self.table["seq"][0].as_py())

    @property
    def last(self) -> int:
        return int(self.table["seq"][-1].as_py())

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def mentions(self) -> np.ndarray[Any, Any]:
        if self.lists is None:
            self.lists = handles(self.table["mentions"])
        return self.lists


@dataclass
class Copy:
    """This process's copy of one frame."""

    name: str
    chunks: list[Chunk] = field(default_factory=list)
    since: int | None = None
    version: int = 0
    frame: pd.DataFrame | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)

    def take(self, parts: Iterable[tuple[Table, memoryview]]) -> None:
        """Take in an answer of the hub; nothing changes where it breaks off."""
        header: Table | None = None
        rows: list[Chunk] = []
        for header, payload in parts:
            if header.part == 0:
                rows.clear()
            table = _read(payload, self.name)
            if table.num_rows:
                rows.append(Chunk(table))
        if header is None:
            return
        if header.full or self.since is None or self.name not in GROWING:
            if rows or self.chunks or self.since is None:
                self._changed()
            self.chunks = rows
        elif rows:
            self._changed()
            for chunk in rows:
                self._merge(chunk)
        self.since = header.seq

    def table(self) -> Any:
        """All rows."""
        if not self.chunks:
            return SCHEMAS[self.name].empty_table()
        return pa.concat_tables([chunk.table for chunk in self.chunks])

    def pandas(self) -> pd.DataFrame:
        """All rows as a DataFrame, which is made anew only after a change."""
        if self.frame is None:
            ready: dict[str, Any] = {}
            if "mentions" in SCHEMAS[self.name].names:
                columns = [chunk.mentions() for chunk in self.chunks]
                ready["mentions"] = np.concatenate(columns) if columns else np.empty(0, dtype=object)
            self.frame = to_frame(self.table(), ready)
        # Shares its memory with ours until somebody writes to it: pandas copies on write.
        return self.frame.copy(deep=False)

    def _changed(self) -> None:
        self.version += 1
        self.frame = None

    def _merge(self, rows: Chunk) -> None:
        newest = self.chunks[-1].last if self.chunks else -1
        seqs = rows.table["seq"].to_numpy()
        old = int(np.searchsorted(seqs, newest, side="right"))
        if old:
            self._replace(rows.table.slice(0, old), seqs[:old])
        if old < len(seqs):
            self.chunks.append(Chunk(rows.table.slice(old)))
            self._compact()

    def _replace(self, rows: Any, seqs: np.ndarray[Any, Any]) -> None:
        """Put changed rows in their places; only the chunks that hold them are made anew."""
        starts = np.array([chunk.first for chunk in self.chunks])
        homes = np.maximum(np.searchsorted(starts, seqs, side="right") - 1, 0)
        for home in np.unique(homes):
            mine = homes == home
            chunk = self.chunks[home].table
            kept = chunk.filter(pa.array(~np.isin(chunk["seq"].to_numpy(), seqs[mine])))
            both = pa.concat_tables([kept, rows.filter(pa.array(mine))])
            order = np.argsort(both["seq"].to_numpy(), kind="stable")
            self.chunks[home] = Chunk(both.take(pa.array(order)).combine_chunks())

    def _compact(self) -> None:
        # Small ones at the end become larger ones, each row moved a few times at most.
        while len(self.chunks) > 1:
            last, before = self.chunks[-1], self.chunks[-2]
            if len(last) + len(before) > CHUNK or 2 * len(last) < len(before):
                return
            self.chunks[-2:] = [Chunk(pa.concat_tables([before.table, last.table]).combine_chunks())]


def _read(payload: memoryview, name: str) -> Any:
    table = pa.ipc.open_stream(payload).read_all()
    schema = SCHEMAS[name]
    try:
        return table.select(schema.names).cast(schema).combine_chunks()
    except (KeyError, pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise errors.VersionMismatch(
            f"The hub's frame {name!r} has other columns than this version of collabchat knows: {error}. "
            "Use the same version on both sides."
        ) from error
