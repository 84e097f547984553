"""Rows for DuckDB's statements, under names that are registered once and in statements that are planned once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa


class Feed:
    """An Arrow table that can change under one name: each statement that reads it takes the rows it has then."""

    def __init__(self, schema: pa.Schema) -> None:
        self.schema = schema
        self.table: pa.Table = schema.empty_table()

    def fill(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Put other rows in the place of those it has."""
        columns = zip(*rows, strict=True)
        self.table = pa.Table.from_arrays(
            [pa.array(column, type=kind.type) for column, kind in zip(columns, self.schema, strict=True)],
            schema=self.schema,
        )

    # DuckDB asks these two of whatever is registered: the schema when it plans, the rows each time it runs.

    def __arrow_c_schema__(self) -> object:
        return self.schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


class Feeds:
    """The feeds of one cursor, each as the view ``batch_NAME``, and the statements that read them.

    Parameters
    ----------
    cursor
        Nobody else's.
    schemas
        The columns of each feed.
    statements
        What is done with a feed's rows when it is run, by the feed's name. Planning one takes longer than running it.
    """

    def __init__(
        self,
        cursor: duckdb.DuckDBPyConnection,
        schemas: Mapping[str, pa.Schema],
        statements: Mapping[str, Sequence[str]],
    ) -> None:
        self.cursor = cursor
        self._feeds = {name: Feed(schema) for name, schema in schemas.items()}
        self._prepared: dict[str, list[str]] = {}
        for name, feed in self._feeds.items():
            cursor.register(f"batch_{name}", feed)
        for name, texts in statements.items():
            for number, text in enumerate(texts):
                cursor.execute(f"PREPARE run_{name}_{number} AS {text}")
            self._prepared[name] = [f"EXECUTE run_{name}_{number}" for number in range(len(texts))]

    def fill(self, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Give a feed its rows."""
        self._feeds[name].fill(rows)

    def run(self, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Give a feed its rows, and run its statements."""
        self.fill(name, rows)
        for text in self._prepared[name]:
            self.cursor.execute(text)
