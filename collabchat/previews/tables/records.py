"""JSON lines, and arrays of JSON: read record by record, so that a file of any size shows how it begins."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from collabchat.previews.jobs import Unreadable
from collabchat.previews.limits import Deadline
from collabchat.previews.tables.source import COLUMNS, Source, array_of, clean, empty, rows_for
from collabchat.previews.texts import encoding_of

LINE = 4_000_000
"""Characters of a record."""
_CHUNK = 1_048_576
_BLANK = re.compile(r"[\s\ufeff]*")
_NEXT = re.compile(r"\s*([,\]])\s*")
NO_RECORD = "This file holds a line that is no JSON."
TOO_LONG = "This file has a record of more than 4,000,000 characters, so it is shown as no table."


def read(path: str, media_type: str, deadline: Deadline) -> Source | None:
    """The beginning of a file of records; None where JSON is something else than an array of them.

    Raises
    ------
    Unreadable
        Where it is no JSON, or a record is too long.
    """
    lines = media_type == "application/x-ndjson"
    source = _Records(deadline)
    values = _lines(path) if lines else _array(path)
    if values is None:
        return None
    source.take(values)
    # An array of anything else is shown as the text that it is.
    return source.source(anything=lines)


class _Records:
    """Records, by column."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._columns: dict[str, list[Any]] = {}
        self._more: set[str] = set()
        self._kept = 0
        self._plain = 0
        self._n_rows: int | None = 0

    def take(self, values: Iterator[Any]) -> None:
        count = 0
        for value in values:
            count += 1
            if count <= rows_for(len(self._columns)):
                self._keep(value)
            if count % 500 == 0 and self._deadline.over:
                self._n_rows = None
                return
        self._n_rows = count

    def _keep(self, value: Any) -> None:
        if not isinstance(value, dict):
            self._plain += 1
            value = {"value": value}
        for key, cell in value.items():
            column = self._columns.get(key)
            if column is None:
                if len(self._columns) >= COLUMNS:
                    if len(self._more) < 100_000:
                        self._more.add(key)
                    continue
                column = self._columns[key] = []
            column.extend([None] * (self._kept - len(column)))
            column.append(_cell(cell))
        self._kept += 1

    def source(self, *, anything: bool) -> Source | None:
        if self._kept == 0:
            return empty() if anything else None
        if self._plain and not anything:
            return None
        for column in self._columns.values():
            column.extend([None] * (self._kept - len(column)))
        return Source(
            names=[clean(name)[:200] for name in self._columns],
            columns=[array_of(column) for column in self._columns.values()],
            n_rows=self._n_rows,
            n_columns=len(self._columns) + len(self._more),
        )


def _cell(value: Any) -> Any:
    match value:
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)[:10_000]
        case int() if not -(2**63) <= value < 2**63:
            return str(value)[:100]
        case str():
            return clean(value)
        case _:
            return value


def _lines(path: str) -> Iterator[Any]:
    with Path(path).open(encoding=encoding_of(path), errors="replace") as file:
        while line := file.readline(LINE + 1):
            if len(line) > LINE:
                raise Unreadable(TOO_LONG)
            if line.strip("\ufeff \t\r\n"):
                yield _record(line.strip("\ufeff \t\r\n"))


def _record(line: str) -> Any:
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeError):
        pass
    try:
        return json.loads(line)  # slower, and it knows NaN
    except ValueError:
        raise Unreadable(NO_RECORD) from None


def _array(path: str) -> Iterator[Any] | None:
    """The elements of an array, one after the other; None where the file is no array."""
    file = Path(path).open(encoding=encoding_of(path), errors="replace")  # noqa: SIM115
    buffer = file.read(_CHUNK)
    start = _end(_BLANK, buffer, 0)
    if buffer[start : start + 1] != "[":
        file.close()
        return None

    def elements() -> Iterator[Any]:
        nonlocal buffer
        with file:
            decoder = json.JSONDecoder()
            at, over = _end(_BLANK, buffer, start + 1), False
            if buffer[at : at + 1] == "]":
                return
            while True:
                try:
                    value, end = decoder.raw_decode(buffer, at)
                    following = _NEXT.match(buffer, end)
                    # A number at the end of what was read may go on.
                    if following is None:
                        raise ValueError("cut")
                except ValueError:
                    more = file.read(_CHUNK)
                    if over or len(buffer) - at > LINE or not more:
                        raise Unreadable(TOO_LONG if len(buffer) - at > LINE else NO_JSON) from None
                    buffer, at = buffer[at:] + more, 0
                    continue
                yield value
                if following[1] == "]":
                    return
                at = following.end()

    return elements()


NO_JSON = "This file is no JSON: it may be cut or damaged."


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
