"""CSV and its kin, as people and programs write them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa

from collabchat.previews.jobs import Unreadable
from collabchat.previews.limits import Deadline
from collabchat.previews.tables.source import CHARACTERS, COLUMNS, Source, empty, rows_for
from collabchat.previews.texts import encoding_of

LINE = 4_000_000
"""Characters of a line: no table has longer ones."""
FIELD = 1_000_000
"""Characters of a cell."""
SNIFFED = 100
"""Rows by which the form of a file is found out."""
TOO_LONG = "This file has a line of more than 4,000,000 characters, so it is shown as no table."
_DELIMITERS = ",\t;|"
_NUMBER = re.compile(r"\s*[+-]?(?:\d[\d_ ]*(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?\s*%?\s*")
_TIME = re.compile(r"\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ]\d{1,2}:\d{2}.*)?|\s*\d{1,2}:\d{2}(?::\d{2})?.*")
_SEPARATOR = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_COMMA_NUMBER = re.compile(r"\s*[+-]?\d+,\d+\s*")

Row = list[str]


def read(path: str, media_type: str, deadline: Deadline) -> Source:
    """The beginning of a file of rows.

    Raises
    ------
    Unreadable
        Where a line or a cell is longer than any table's.
    """
    csv.field_size_limit(FIELD)
    encoding = encoding_of(path)
    try:
        return _read(path, encoding, media_type, deadline, csv.QUOTE_MINIMAL)
    except csv.Error:
        # A quote that is never closed swallows the rest: then quotes are letters.
        try:
            return _read(path, encoding, media_type, deadline, csv.QUOTE_NONE)
        except csv.Error:
            raise Unreadable("This file has a cell of more than 1,000,000 characters.") from None


def _read(path: str, encoding: str, media_type: str, deadline: Deadline, quoting: Any) -> Source:
    delimiter = _delimiter(path, encoding, media_type, quoting)
    with Path(path).open(encoding=encoding, errors="replace", newline="") as file:
        first = file.readline(64)
        if not _SEPARATOR.fullmatch(first):
            file.seek(0)
        rows = (row for row in csv.reader(_lines(file), delimiter=delimiter, quoting=quoting) if row)
        start = list(islice(rows, SNIFFED))
        if not start:
            return empty()
        names = start.pop(0) if has_header(start) else []
        n_columns = max(map(len, [names, *start]))
        kept, over = _keep(chain(start, rows), n_columns, deadline)
        n_rows: int | None = len(kept)
        if over:
            more = _count(rows, deadline)
            n_rows = None if more is None else len(kept) + more
    return _source(names, kept, n_rows, n_columns, comma=delimiter == ";")


def _source(names: Row, kept: list[Row], n_rows: int | None, n_columns: int, *, comma: bool) -> Source:
    shown = min(n_columns, COLUMNS)
    columns = [[row[at] or None if at < len(row) else None for row in kept] for at in range(shown)]
    names = [*names, *[""] * (n_columns - len(names))]
    return Source(
        names=[name.strip() or f"column{at}" for at, name in enumerate(names[:shown])],
        columns=[pa.array(column, pa.string()) for column in columns],
        n_rows=n_rows,
        n_columns=n_columns,
        written=True,
        decimal_comma=comma and any(cell and _COMMA_NUMBER.fullmatch(cell) for row in kept[:1_000] for cell in row),
    )


def _lines(file: TextIO) -> Iterator[str]:
    """The lines of a file, none of which may fill the memory."""
    while line := file.readline(LINE + 1):
        if len(line) > LINE:
            raise Unreadable(TOO_LONG)
        yield line


def _keep(rows: Iterator[Row], n_columns: int, deadline: Deadline) -> tuple[list[Row], bool]:
    """The rows that the figures are about, and whether there may be more."""
    most, characters = rows_for(n_columns), 0
    kept: list[Row] = []
    for row in rows:
        kept.append(row[:COLUMNS])
        characters += sum(map(len, kept[-1]))
        if len(kept) >= most or characters >= CHARACTERS or (len(kept) % 1_000 == 0 and deadline.over):
            return kept, True
    return kept, False


def _count(rows: Iterator[Row], deadline: Deadline) -> int | None:
    """How many rows follow; None where counting them takes too long."""
    count = 0
    while not deadline.over:
        some = sum(1 for _ in islice(rows, 10_000))
        count += some
        if some < 10_000:
            return count
    return None


# ---------------------------------------------------------------- its form


def _delimiter(path: str, encoding: str, media_type: str, quoting: Any) -> str:
    with Path(path).open(encoding=encoding, errors="replace", newline="") as file:
        head = file.readline(LINE + 1)
        if len(head) > LINE:
            raise Unreadable(TOO_LONG)
        if said := _SEPARATOR.fullmatch(head):
            return said[1]
        if media_type == "text/tab-separated-values":
            return "\t"
        sample = head + file.read(262_144)
    whole = len(sample) < 262_144
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        score = _fits(sample, delimiter, quoting, whole)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _fits(sample: str, delimiter: str, quoting: Any, whole: bool) -> float:
    """How much a sample looks like a table with this between its cells: the share of rows as wide as the first."""
    reader = csv.reader(sample.splitlines(keepends=True), delimiter=delimiter, quoting=quoting)
    rows: list[Row] = []
    try:
        rows = [row for row in islice(reader, SNIFFED) if row]
    except csv.Error:
        return 0.0
    if not whole and len(rows) > 1 and len(rows) < SNIFFED:
        rows.pop()  # it is cut
    if not rows or len(rows[0]) < 2:
        return 0.0
    score = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
    # Commas inside of numbers: "1,5;2,5" is a row of two.
    if delimiter == ";" and any(_COMMA_NUMBER.fullmatch(cell) for row in rows for cell in row):
        score += 0.01
    return score


def has_header(rows: Sequence[Row]) -> bool:
    """Whether the first of some rows names the columns: it does unless it looks like the ones below it."""
    first, rest = rows[0], rows[1:]
    measured = [at for at, cell in enumerate(first) if _measures(cell)]
    if not measured:
        return True
    if _are_years([first[at] for at in measured]) and not _measures(first[0]):
        return True
    for at in range(len(first)):
        below = [row[at] for row in rest if at < len(row) and row[at].strip()]
        if below and at not in measured and first[at].strip() and all(map(_measures, below)):
            return True
    return False


def _measures(cell: str) -> bool:
    """Whether it is a number or a time."""
    return bool(_NUMBER.fullmatch(cell) or _TIME.fullmatch(cell))


def _are_years(cells: list[str]) -> bool:
    """Columns that are called by years, as in tables of countries."""
    years = [int(cell) for cell in cells if re.fullmatch(r"\s*(?:1[89]|20|21)\d\d\s*", cell)]
    steps = {after - before for before, after in pairwise(years)}
    return len(years) == len(cells) > 1 and len(steps) == 1 and 0 not in steps
