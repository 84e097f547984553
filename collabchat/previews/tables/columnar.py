"""Parquet, Arrow and Feather."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from collabchat.previews.jobs import Unreadable
from collabchat.previews.limits import Deadline
from collabchat.previews.tables.source import COLUMNS, Source, rows_for

BYTES = 128 * 2**20
"""Bytes of columns that are kept."""
DAMAGED = "This file could not be read: it may be cut or damaged."


def read(path: str, media_type: str, deadline: Deadline) -> Source:
    """The beginning of a file of columns.

    Raises
    ------
    Unreadable
        Where it is none.
    """
    try:
        if media_type == "application/vnd.apache.parquet":
            return _parquet(path, deadline)
        return _arrow(path, media_type, deadline)
    except (pa.ArrowMemoryError, MemoryError):
        raise
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise Unreadable(DAMAGED) from error


def _parquet(path: str, deadline: Deadline) -> Source:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path, pre_buffer=False) as file:
        names = file.schema_arrow.names
        shown = min(len(names), COLUMNS)
        wanted = rows_for(shown)
        batches: list[Any] = []
        if shown:
            # By their places, because names may be there twice or have dots in them.
            reader = file.reader
            iterator = reader.iter_batches(
                min(wanted, 10_000),
                row_groups=list(range(file.num_row_groups)),
                column_indices=_leaves(file, shown),
                use_threads=False,
            )
            batches = _take(iterator, wanted, deadline)
        schema = pa.schema(list(file.schema_arrow)[:shown])
        return _source(batches, schema, file.metadata.num_rows, len(names))


def _leaves(file: Any, shown: int) -> list[int]:
    """The places of what the first columns are made of."""
    names = list(dict.fromkeys(file.schema_arrow.names[:shown]))
    tops = [file.schema.column(at).path.split(".")[0] for at in range(len(file.schema))]
    return [at for at, top in enumerate(tops) if any(top == name.split(".")[0] for name in names)]


def _arrow(path: str, media_type: str, deadline: Deadline) -> Source:
    with pa.memory_map(path) as mapped:
        if mapped.read(4) == b"FEA1":
            import pyarrow.feather as feather

            table = feather.read_table(path, memory_map=True)
            return _source(table.slice(0, rows_for(table.num_columns)).to_batches(), table.schema, len(table))
        mapped.seek(0)
        if media_type == "application/vnd.apache.arrow.stream":
            with pa.ipc.open_stream(mapped) as stream:
                return _stream(stream, deadline)
        with pa.ipc.open_file(mapped) as file:
            wanted = rows_for(len(file.schema.names))
            parts = (file.get_batch(at) for at in range(file.num_record_batches))
            batches = _take(parts, wanted, deadline)
            return _source(batches, file.schema, _rows(file, batches, deadline))


def _rows(file: Any, batches: list[Any], deadline: Deadline) -> int | None:
    """The rows of a file of batches, each of which says how many it has; what was read is not read again."""
    count = 0
    for batch in batches:
        count += int(batch.num_rows)
    for at in range(len(batches), file.num_record_batches):
        if deadline.over:
            return None
        count += int(file.get_batch(at).num_rows)
    return count


def _stream(stream: Any, deadline: Deadline) -> Source:
    batches = _take(stream, rows_for(len(stream.schema.names)), deadline)
    count = sum(batch.num_rows for batch in batches)
    for batch in stream:
        count += batch.num_rows
        if deadline.over:
            return _source(batches, stream.schema, None)
    return _source(batches, stream.schema, count)


def _take(parts: Iterable[Any], wanted: int, deadline: Deadline) -> list[Any]:
    batches: list[Any] = []
    rows = size = 0
    for batch in parts:
        # What a file says about its own columns may be wrong, and is then no reason to read elsewhere.
        batch.validate(full=True)
        batches.append(batch)
        rows += batch.num_rows
        size += batch.nbytes
        if rows >= wanted or size > BYTES or deadline.over:
            break
    return batches


def _source(batches: list[Any], schema: Any, n_rows: int | None, n_columns: int | None = None) -> Source:
    table = pa.Table.from_batches(batches) if batches else schema.empty_table()
    shown = min(table.num_columns, COLUMNS)
    columns = [_plain(table.column(at)) for at in range(shown)]
    return Source(
        names=[str(name)[:200] for name in table.schema.names[:shown]],
        columns=[column.slice(0, rows_for(shown)) for column in columns],
        n_rows=n_rows,
        n_columns=len(schema.names) if n_columns is None else n_columns,
    )


def _plain(column: Any) -> Any:
    """Without what only Arrow knows: dictionaries, extensions."""
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        column = pa.chunked_array([chunk.storage for chunk in column.chunks], kind.storage_type)
        kind = column.type
    if pa.types.is_dictionary(kind):
        return column.cast(kind.value_type)
    if pa.types.is_float16(kind):
        return column.cast(pa.float32())
    return column
