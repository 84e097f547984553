"""Workbooks: the first sheet that has something in it. By calamine, which runs no formulas and no macros."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from collabchat.previews.jobs import Unreadable
from collabchat.previews.tables.delimited import has_header
from collabchat.previews.tables.source import COLUMNS, Source, array_of, empty, rows_for

UNPACKED = 256 * 2**20
"""Bytes of a workbook's parts."""
SHEETS = 200
MISSING = 'Workbooks are shown where the hub has the extra "files" installed.'
TOO_LARGE = "This workbook is too large to be shown."
DAMAGED = "This workbook could not be read: it may be damaged."


def read(path: str) -> Source:
    """The beginning of its first sheet.

    Raises
    ------
    Unreadable
        Where it cannot be read, is locked, or is too large.
    """
    try:
        import python_calamine as calamine
    except ImportError:
        raise Unreadable(MISSING) from None
    _check(path)
    try:
        with Path(path).open("rb") as file:
            book = calamine.CalamineWorkbook.from_filelike(file)
            return _sheet(book)
    except calamine.PasswordError:
        raise Unreadable("This workbook is locked with a password.") from None
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise Unreadable(DAMAGED) from error


def _check(path: str) -> None:
    """Refuse what would unpack to far more than it says, before anything is unpacked."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise Unreadable(DAMAGED) from error
    if size > UNPACKED:
        raise Unreadable(TOO_LARGE)


def _sheet(book: Any) -> Source:
    names = [str(name) for name in book.sheet_names][:SHEETS]
    for at in range(min(len(names), 10)):
        try:
            sheet = book.get_sheet_by_index(at)
        except Exception as error:
            # A sheet of charts has no cells.
            if type(error).__name__ in ("WorksheetNotFound", "XmlError"):
                continue
            raise
        if sheet.height and sheet.width:
            return _source(sheet, [names[at], *(name for name in names if name != names[at])])
    return empty(sheets=names)


def _source(sheet: Any, sheets: list[str]) -> Source:
    rows: list[list[Any]] = sheet.to_python(nrows=rows_for(sheet.width) + 1)
    if not rows:
        return empty(sheets=sheets)
    named = has_header([[_written(cell) for cell in row] for row in rows[:100]])
    names = [_written(cell).strip() for cell in rows.pop(0)] if named else [""] * len(rows[0])
    shown = min(len(names), COLUMNS)
    return Source(
        names=[name[:200] or f"column{at}" for at, name in enumerate(names[:shown])],
        columns=[array_of(_column([row[at] for row in rows])) for at in range(shown)],
        n_rows=sheet.height - named,
        n_columns=len(names),
        sheets=sheets,
    )


def _written(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _column(cells: Sequence[Any]) -> list[Any]:
    """The values: an empty cell is none, and numbers without a fraction are whole."""
    values = [None if cell == "" else cell for cell in cells]
    if all(value is None or (isinstance(value, float) and value.is_integer()) for value in values):
        return [None if value is None else int(value) for value in values]
    return values
