"""Rows of the database on their way to the process that makes the index: columns as bytes, not a row at a time."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np

from collabchat.store.search import docs


def shipped(cursor: duckdb.DuckDBPyConnection, table: Any, texts_of: docs.Texts) -> tuple[dict[str, Any], list[Any]]:
    """A table as the process of the index takes it."""
    table = table.combine_chunks()
    columns = table.columns
    forwarded, poll, n_files = columns[7], columns[8], columns[9]
    more: dict[str, Any] = {}
    if forwarded.null_count < len(table) or poll.null_count < len(table) or _any(n_files):
        special = [
            number
            for number, one in enumerate(zip(forwarded.to_pylist(), poll.to_pylist(), n_files.to_pylist(), strict=True))
            if one[0] is not None or one[1] is not None or one[2]
        ]
        rows = [tuple(table.slice(number, 1).to_pylist()[0].values()) for number in special]
        names = docs.file_names(cursor, rows)
        for number, row in zip(special, rows, strict=True):
            seq = row[0]
            texts = texts_of(seq) if row[9] else ()
            files = [*names.get(seq, ()), *texts]
            more[str(number)] = {"said": docs.said(row), "files": files, "poll": row[8] is not None}
    numbers = [np.asarray(columns[at].fill_null(0)).astype(np.int64) for at in (0, 1, 2, 3, 5)]
    edited = np.asarray(columns[6]).astype(np.uint8)
    ends, blob = _strings(columns[4])
    return {"count": len(table), "more": more}, [*numbers, edited, ends, blob]


def _any(column: Any) -> bool:
    return bool(np.asarray(column.fill_null(0)).any())


def _strings(column: Any) -> tuple[Any, Any]:
    """The ends and the bytes of a column of strings."""
    import pyarrow as pa

    column = column.cast(pa.string()).fill_null("")
    whole = column.combine_chunks() if hasattr(column, "combine_chunks") else column
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks) if whole.num_chunks else pa.array([], pa.string())
    _, ends, blob = whole.buffers()
    numbers = np.frombuffer(ends, dtype=np.int32, count=len(whole) + 1, offset=4 * whole.offset) if ends else None
    if numbers is None:
        return np.zeros(len(whole) + 1, dtype=np.int32), b""
    return numbers, blob if blob is not None else b""
