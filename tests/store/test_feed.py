"""Rows that change under one name."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa
import pytest

from collabchat.store.feed import Feeds

SCHEMAS = {"pairs": pa.schema([("a", pa.int64()), ("b", pa.string())])}
STATEMENTS = {
    "pairs": ["INSERT INTO kept FROM batch_pairs", "DELETE FROM kept WHERE a IN (SELECT -a FROM batch_pairs)"]
}


@pytest.fixture
def cursor() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE kept (a BIGINT, b VARCHAR)")
        yield connection


def kept(cursor: duckdb.DuckDBPyConnection) -> list[tuple[int, str | None]]:
    return [(a, b) for a, b in cursor.execute("FROM kept ORDER BY a").fetchall()]


def test_a_prepared_statement_takes_the_rows_of_its_moment(cursor: duckdb.DuckDBPyConnection) -> None:
    feeds = Feeds(cursor, SCHEMAS, STATEMENTS)
    feeds.run("pairs", [(1, "one"), (2, None)])
    feeds.run("pairs", [(3, "three")])
    assert kept(cursor) == [(1, "one"), (2, None), (3, "three")]
    feeds.run("pairs", [(-2, "takes two away")])
    assert kept(cursor) == [(-2, "takes two away"), (1, "one"), (3, "three")]


def test_it_goes_on_after_a_rollback_and_after_the_catalog_changed(cursor: duckdb.DuckDBPyConnection) -> None:
    feeds = Feeds(cursor, SCHEMAS, STATEMENTS)
    cursor.execute("BEGIN")
    feeds.run("pairs", [(1, "one")])
    cursor.execute("ROLLBACK")
    cursor.execute("CREATE TABLE other (c BIGINT)")
    cursor.execute("ALTER TABLE other ADD COLUMN d BIGINT")
    feeds.run("pairs", [(2, "two")])
    assert kept(cursor) == [(2, "two")]


def test_rows_that_do_not_fit_are_refused_and_harm_nothing(cursor: duckdb.DuckDBPyConnection) -> None:
    feeds = Feeds(cursor, SCHEMAS, STATEMENTS)
    with pytest.raises(pa.ArrowException):
        feeds.run("pairs", [("no number", "x")])
    feeds.run("pairs", [(1, "one")])
    assert kept(cursor) == [(1, "one")]


def test_two_cursors_do_not_see_each_others_rows(cursor: duckdb.DuckDBPyConnection) -> None:
    one, other = Feeds(cursor, SCHEMAS, STATEMENTS), Feeds(cursor.cursor(), SCHEMAS, STATEMENTS)
    one.fill("pairs", [(7, "seven")])
    other.run("pairs", [(8, "eight")])
    assert kept(cursor) == [(8, "eight")]
