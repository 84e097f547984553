"""Data files: each format is read into one kind of table, of which one place makes the figures."""

from __future__ import annotations

from collabchat import protocol as p
from collabchat.previews.limits import Deadline
from collabchat.previews.tables.source import Source

_ARROW = {"application/vnd.apache.arrow.file", "application/vnd.apache.arrow.stream"}
_BOOKS = ("spreadsheetml", "ms-excel", "opendocument.spreadsheet")
_JSON = {"application/json", "application/geo+json", "application/x-ndjson"}


def preview(path: str, media_type: str, deadline: Deadline) -> p.AnyPreview | None:
    """The data of a file; None where it is none that is shown as a table.

    Raises
    ------
    Unreadable
        Where it should be one and cannot be read.
    """
    source = _read(path, media_type, deadline)
    if source is None:
        return None
    from collabchat.previews.tables import figures

    return figures.preview(source, deadline)


def words(path: str, media_type: str, most: int, deadline: Deadline) -> str:
    """The names and values of a file whose bytes are no text."""
    source = _read(path, media_type, deadline)
    if source is None:
        return ""
    parts = [" ".join(source.sheets), " ".join(source.names)]
    length = sum(map(len, parts))
    for row in source.rows():
        line = " ".join(cell for cell in row if cell)
        parts.append(line)
        length += len(line) + 1
        if length > most or deadline.over:
            break
    return "\n".join(part for part in parts if part)


def _read(path: str, media_type: str, deadline: Deadline) -> Source | None:
    # Each reader is loaded when it is first needed.
    if media_type in ("text/csv", "text/tab-separated-values"):
        from collabchat.previews.tables import delimited

        return delimited.read(path, media_type, deadline)
    if media_type in _JSON:
        from collabchat.previews.tables import records

        return records.read(path, media_type, deadline)
    if media_type in _ARROW or media_type == "application/vnd.apache.parquet":
        from collabchat.previews.tables import columnar

        return columnar.read(path, media_type, deadline)
    if any(word in media_type for word in _BOOKS):
        from collabchat.previews.tables import workbook

        return workbook.read(path)
    return None
