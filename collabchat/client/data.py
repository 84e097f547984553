"""Tables out of files: which of pandas' functions reads what."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, BinaryIO

from .. import errors

if TYPE_CHECKING:
    import pandas as pd

    from .files import File

_BY_TYPE = {
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/x-ndjson": "jsonl",
    "application/ndjson": "jsonl",
    "application/jsonl": "jsonl",
    "application/json-lines": "jsonl",
    "application/jsonlines": "jsonl",
    "application/vnd.apache.parquet": "parquet",
    "application/parquet": "parquet",
    "application/x-parquet": "parquet",
    "application/vnd.apache.arrow.file": "arrow",
    "application/vnd.apache.arrow.stream": "arrow",
    "application/vnd.ms-excel": "excel",
    "application/vnd.ms-excel.sheet.macroenabled.12": "excel",
    "application/vnd.ms-excel.sheet.binary.macroenabled.12": "excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "excel",
    "application/vnd.oasis.opendocument.spreadsheet": "excel",
}
_BY_SUFFIX = {
    "csv": "csv",
    "tsv": "tsv",
    "tab": "tsv",
    "json": "json",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "parquet": "parquet",
    "pq": "parquet",
    "arrow": "arrow",
    "arrows": "arrow",
    "feather": "arrow",
    "ipc": "arrow",
    "xlsx": "excel",
    "xlsm": "excel",
    "xlsb": "excel",
    "xls": "excel",
    "ods": "excel",
}
_PACKED = {"gz": "gzip", "bz2": "bz2", "xz": "xz", "zst": "zstd", "zip": "zip"}
_WORDS = {
    "csv": "CSV",
    "tsv": "TSV",
    "json": "JSON",
    "jsonl": "JSON lines",
    "parquet": "Parquet",
    "arrow": "Arrow",
    "excel": "a workbook",
}


def read_table(file: File, options: dict[str, Any]) -> pd.DataFrame:
    """The table in a file; see `File.df`."""
    form, packed = form_of(file.type, file.name)
    if form is None:
        raise errors.Invalid(
            f"{file.name!r} is no table that can be read ({file.type}): read() gives its bytes, open() an open file."
        )
    if packed is not None and form in ("csv", "tsv", "json", "jsonl"):
        options = {"compression": packed, **options}
    elif packed is not None:
        raise errors.Invalid(f"{file.name!r} is packed: unpack what open() gives.")
    with file.open() as opened:
        return _read(file.name, form, opened, options)


def form_of(type_: str, name: str) -> tuple[str | None, str | None]:
    """What kind of table it is by its media type and name, and how it is packed; None where it is not.

    Examples
    --------
    >>> form_of("text/plain", "load.csv.gz"), form_of("application/pdf", "load.pdf")
    (('csv', 'gzip'), (None, None))
    """
    words = name.lower().split(".")[1:]
    packed = _PACKED.get(words[-1]) if words else None
    if packed is not None:
        words = words[:-1]
    known = _BY_TYPE.get(type_.partition(";")[0].strip().lower())
    # A name that says more wins: JSON lines are JSON to some, and CSV is plain text to many.
    named = _BY_SUFFIX.get(words[-1]) if words else None
    if named is None and packed is not None:
        return None, None
    return (named or known), packed


def _read(name: str, form: str, opened: BinaryIO, options: dict[str, Any]) -> pd.DataFrame:
    import zipfile
    import zlib

    import pyarrow as pa

    failures: tuple[type[Exception], ...] = (
        ValueError, OSError, EOFError, LookupError, pa.ArrowException, zipfile.BadZipFile, zlib.error,
    )  # fmt: skip
    if form == "excel":
        failures = (*failures, _calamine(name))
    try:
        return _READERS[form](opened, options)
    except failures as error:
        if isinstance(error, errors.CollabchatError):
            raise
        raise errors.Invalid(f"{name!r} cannot be read as {_WORDS[form]}: {error}") from error


def _calamine(name: str) -> type[Exception]:
    try:
        from python_calamine import CalamineError
    except ImportError:
        raise errors.Invalid(
            f"{name!r} is a workbook, and this Python has nothing that reads one: pip install 'collabchat[files]'."
        ) from None
    return CalamineError


def _csv(opened: BinaryIO, options: dict[str, Any]) -> pd.DataFrame:
    import pandas as pd

    return pd.read_csv(opened, **options)  # type: ignore[no-any-return]  # what options choose


def _tsv(opened: BinaryIO, options: dict[str, Any]) -> pd.DataFrame:
    return _csv(opened, {"sep": "\t", **options})


def _json(opened: BinaryIO, options: dict[str, Any]) -> pd.DataFrame:
    import pandas as pd

    return pd.read_json(opened, **options)  # type: ignore[no-any-return]


def _jsonl(opened: BinaryIO, options: dict[str, Any]) -> pd.DataFrame:
    return _json(opened, {"lines": True, **options})


def _parquet(opened: BinaryIO, options: dict[str, Any]) -> pd.DataFrame:
    import pandas as pd

    return pd.read_parquet(opened, **options)


def _arrow(opened: BinaryIO, options: dict[str, Any]) -> pd.DataFrame:
    import pandas as pd
    import pyarrow as pa

    head = opened.read(6)
    opened.seek(0)
    if head in (b"ARROW1", b"FEA1\x00\x00") or head[:4] == b"FEA1":
        return pd.read_feather(opened, **options)
    # A stream, which read_feather does not know.
    table = pa.ipc.open_stream(opened).read_all()
    spooled = io.BytesIO()
    with pa.ipc.new_file(spooled, table.schema) as writer:
        writer.write_table(table)
    spooled.seek(0)
    return pd.read_feather(spooled, **options)


def _excel(opened: BinaryIO, options: dict[str, Any]) -> pd.DataFrame:
    import pandas as pd

    return pd.read_excel(opened, **{"engine": "calamine", **options})  # type: ignore[no-any-return]


_READERS: dict[str, Callable[[BinaryIO, dict[str, Any]], pd.DataFrame]] = {
    "csv": _csv,
    "tsv": _tsv,
    "json": _json,
    "jsonl": _jsonl,
    "parquet": _parquet,
    "arrow": _arrow,
    "excel": _excel,
}
