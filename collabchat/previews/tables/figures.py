"""The figures of a table: types, first rows, and how the values of each column are spread. By DuckDB, in memory."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa

from collabchat import protocol as p
from collabchat.previews.limits import Deadline
from collabchat.previews.tables.source import Source, clean

ROWS = 20
BARS = 12
COMMON = 5
CELL = 120
"""Characters of a value."""
_MISSING = "('', 'NA', 'N/A', 'n/a', 'NaN', 'nan', 'NULL', 'null', 'None', '-')"
_NUMBERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE"} | {
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "UHUGEINT",
}
_TIMES = {"DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE"}
_SETTINGS = (
    "SET temp_directory = ''",
    "SET enable_external_access = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET memory_limit = '512MB'",
    "SET threads = 1",
    "SET TimeZone = 'UTC'",
    "SET lock_configuration = true",
)


def preview(source: Source, deadline: Deadline) -> p.TablePreview:
    """What is shown of a table."""
    with _engine(deadline) as engine:
        columns = [_load(engine, at, column) for at, column in enumerate(source.columns)]
        shown = [p.Column(name=name, type=kind) for name, kind in zip(source.names, columns, strict=True)]
        rows = _first(engine, len(columns))
        # What takes too long is left out, and the rest is shown.
        with contextlib.suppress(duckdb.InterruptException):
            for at, name in enumerate(source.names):
                kind, value = _typed(engine, at, source) if source.written else (columns[at], f"c{at}")
                shown[at] = p.Column(name=name, type=kind)
                shown[at] = _figures(engine, at, name, kind, value)
    return p.TablePreview(
        columns=shown,
        rows=rows,
        n_rows=source.n_rows,
        n_columns=source.n_columns,
        looked_at=len(source),
        sheets=[clean(sheet)[:100] for sheet in source.sheets],
    )


@contextlib.contextmanager
def _engine(deadline: Deadline) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB that can reach nothing, and stops when the time is over."""
    engine = duckdb.connect(":memory:")
    for setting in _SETTINGS:
        _ask(engine, setting)
    timer = threading.Timer(max(1.0, deadline.left), engine.interrupt)
    timer.start()
    try:
        yield engine
    finally:
        timer.cancel()
        engine.close()


def _load(engine: duckdb.DuckDBPyConnection, at: int, column: Any) -> str:
    """Have a column as ``t{at}(c{at})``; its type."""
    for attempt in (column, None):
        values = _as_text(column) if attempt is None else attempt
        table = pa.table({f"c{at}": values})
        try:
            engine.register(f"a{at}", table)
            _ask(engine, f"CREATE TABLE t{at} AS SELECT * FROM a{at}")
            engine.unregister(f"a{at}")
            break
        except duckdb.Error as error:
            # Arrow has types that DuckDB has not.
            if attempt is None or isinstance(error, duckdb.OutOfMemoryException | duckdb.InterruptException):
                raise
    kind = str(_one(engine, f"SELECT data_type FROM duckdb_columns() WHERE table_name = 't{at}'")[0])
    kind = kind.strip('"')
    return kind if len(kind) <= 80 else kind[:79] + "…"


def _as_text(column: Any) -> Any:
    try:
        return column.cast(pa.string())
    except (pa.ArrowException, NotImplementedError):
        return pa.array([None if value is None else str(value)[:CELL] for value in column.to_pylist()], pa.string())


def _first(engine: duckdb.DuckDBPyConnection, n_columns: int) -> list[list[str | None]]:
    columns = [
        [
            _cut(value)
            for (value,) in _ask(engine, f"SELECT left(CAST(c{at} AS VARCHAR), {CELL + 1}) FROM t{at} LIMIT {ROWS}")
        ]
        for at in range(n_columns)
    ]
    return [list(row) for row in zip(*columns, strict=True)]


# ---------------------------------------------------------------- types of what was written

_WHOLE = r"\s*[+-]?\d{1,18}\s*"
_COMMA = r"\s*[+-]?\d+(,\d+)?\s*"
_CLOCK = r"\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*"
_DAY = r"\s*\d{4}[-/]\d{1,2}[-/]\d{1,2}\s*"
_INSTANT = r"\s*\d{4}[-/]\d{1,2}[-/]\d{1,2}[T ].+"


def _typed(engine: duckdb.DuckDBPyConnection, at: int, source: Source) -> tuple[str, str]:
    """The type that all values of a column have, and how they are read as that."""
    name = f"c{at}"
    value = f"CASE WHEN trim({name}) NOT IN {_MISSING} THEN {name} END"
    comma = f"replace({name}, ',', '.')"
    kinds = {
        "BIGINT": (f"regexp_full_match({name}, '{_WHOLE}')", f"TRY_CAST(trim({name}) AS BIGINT)"),
        "DOUBLE": (f"TRY_CAST({name} AS DOUBLE) IS NOT NULL", f"TRY_CAST({name} AS DOUBLE)"),
        "BOOLEAN": (f"lower(trim({name})) IN ('true', 'false')", f"TRY_CAST(trim({name}) AS BOOLEAN)"),
        "DATE": (
            f"regexp_full_match({name}, '{_DAY}') AND TRY_CAST({name} AS DATE) IS NOT NULL",
            f"TRY_CAST({name} AS DATE)",
        ),
        "TIMESTAMP": (
            f"regexp_full_match({name}, '{_INSTANT}') AND TRY_CAST({name} AS TIMESTAMP) IS NOT NULL",
            f"TRY_CAST({name} AS TIMESTAMP)",
        ),
        "TIME": (f"regexp_full_match({name}, '{_CLOCK}')", f"TRY_CAST({name} AS TIME)"),
    }
    if source.decimal_comma:
        kinds["DOUBLE"] = (f"regexp_full_match({name}, '{_COMMA}')", f"TRY_CAST({comma} AS DOUBLE)")
    left = list(kinds)
    # A few rows rule out most types before all rows are asked.
    for rows in (f"(FROM t{at} LIMIT 200)", f"t{at}"):
        tests = ", ".join(f"bool_and({kinds[kind][0]})" for kind in left)
        found = _one(engine, f"SELECT {tests} FROM {rows} WHERE ({value}) IS NOT NULL")
        left = [kind for kind, fits in zip(left, found, strict=True) if fits is not False]
        if not left:
            return "VARCHAR", name
    if not _one(engine, f"SELECT count({value}) FROM t{at}")[0]:
        return "VARCHAR", name
    return left[0], f"(CASE WHEN ({value}) IS NOT NULL THEN {kinds[left[0]][1]} END)"


# ---------------------------------------------------------------- how values are spread


def _figures(engine: duckdb.DuckDBPyConnection, at: int, name: str, kind: str, value: str) -> p.Column:
    number = kind in _NUMBERS or kind.startswith("DECIMAL")
    if number or kind in _TIMES:
        return _spread(engine, at, name, kind, value)
    text = f"left(CAST({value} AS VARCHAR), {CELL + 1})"
    ordered = kind in ("VARCHAR", "TIME", "BOOLEAN")
    nulls, distinct, least, greatest = _one(
        engine,
        f"SELECT count(*) - count(x), count(DISTINCT x), min(x), max(x) FROM (SELECT {text} AS x FROM t{at})",
    )
    common = _ask(
        engine,
        f"SELECT x, count(*) AS n FROM (SELECT {text} AS x FROM t{at}) WHERE x IS NOT NULL "
        f"GROUP BY x ORDER BY n DESC, x LIMIT {COMMON}",
    )
    return p.Column(
        name=name,
        type=kind,
        nulls=nulls,
        distinct=distinct,
        least=_cut(least) if ordered else None,
        greatest=_cut(greatest) if ordered else None,
        common=[(_cut(found) or "", count) for found, count in common],
    )


def _spread(engine: duckdb.DuckDBPyConnection, at: int, name: str, kind: str, value: str) -> p.Column:
    finite = f"isfinite({value})" if kind in ("FLOAT", "DOUBLE") or kind in _TIMES else "true"
    nulls, distinct, least, greatest = _one(
        engine,
        f"SELECT count(*) - count(v), count(DISTINCT v), CAST(min(v) FILTER (f) AS VARCHAR), "
        f"CAST(max(v) FILTER (f) AS VARCHAR) FROM (SELECT {value} AS v, {finite} AS f FROM t{at})",
    )
    measure = f"CAST(epoch({value}) AS DOUBLE)" if kind in _TIMES else f"CAST({value} AS DOUBLE)"
    rows = _ask(
        engine,
        f"WITH v AS (SELECT {measure} AS x FROM t{at} WHERE {value} IS NOT NULL AND {finite}), "
        "m AS (SELECT min(x) AS a, max(x) - min(x) AS w FROM v) "
        f"SELECT CASE WHEN w > 0 THEN least({BARS - 1}, CAST(floor((x - a) / w * {BARS}) AS INTEGER)) ELSE 0 END AS b, "
        "count(*) FROM v, m WHERE isfinite(w) GROUP BY b",
    )
    bars: list[int] = []
    if rows:
        bars = [0] * (BARS if len(rows) > 1 else 1)
        for bar, count in rows:
            bars[bar if len(bars) > 1 else 0] = count
    return p.Column(
        name=name, type=kind, nulls=nulls, distinct=distinct, least=_cut(least), greatest=_cut(greatest), bars=bars
    )


def _ask(engine: duckdb.DuckDBPyConnection, query: str) -> list[Any]:
    return engine.execute(query).fetchall()


def _one(engine: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    return tuple(_ask(engine, query)[0])


def _cut(value: str | None) -> str | None:
    if value is None or len(value) <= CELL:
        return value
    return value[:CELL] + "…"
