"""What a reader of data hands over: the beginning of a table, and how large all of it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

COLUMNS = 50
"""Columns that are shown."""
LOOKED_AT = 100_000
"""Rows of which the figures are made."""
CELLS = 2_000_000
"""Cells of which the figures are made."""
CHARACTERS = 32_000_000
"""Characters of cells that are kept."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """The first columns and rows of a table."""

    names: list[str]
    columns: list[Any]
    """An Arrow array each."""
    n_rows: int | None
    n_columns: int
    sheets: list[str] = field(default_factory=list)
    written: bool = False
    """The values are texts as somebody wrote them: what types they have is still to be found out."""
    decimal_comma: bool = False

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    def rows(self) -> Iterator[list[str | None]]:
        """The values as texts."""
        for at in range(0, len(self), 1_000):
            parts = [column.slice(at, 1_000).to_pylist() for column in self.columns]
            for row in zip(*parts, strict=True):
                yield [None if value is None else str(value) for value in row]


def empty(names: list[str] | None = None, sheets: list[str] | None = None) -> Source:
    """A table without rows."""
    names = names or []
    return Source(
        names=names[:COLUMNS],
        columns=[pa.array([], pa.string()) for _ in names[:COLUMNS]],
        n_rows=0,
        n_columns=len(names),
        sheets=sheets or [],
    )


def rows_for(n_columns: int) -> int:
    """How many rows are looked at, of a table with so many columns."""
    return max(100, min(LOOKED_AT, CELLS // max(1, min(n_columns, COLUMNS))))


def array_of(values: list[Any]) -> Any:
    """Values of Python as an Arrow array; as texts where they are of several kinds."""
    try:
        found = pa.array(values)
        if not pa.types.is_nested(found.type) and not pa.types.is_null(found.type):
            return found
    except (pa.ArrowException, OverflowError, TypeError, ValueError, UnicodeError):
        pass
    return pa.array([None if value is None else clean(str(value)) for value in values], pa.string())


def clean(text: str) -> str:
    """A text without halves of characters, which nothing could encode."""
    return text.encode("utf-8", "replace").decode()
