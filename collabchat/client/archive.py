"""Several files as one zip, written as they come: no file of it is ever whole in memory."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from .. import errors
from .downloads import fetch, placed, safe_name, target_of
from .progress import Bar

if TYPE_CHECKING:
    from .files import File
    from .session import Session

NAME = "files.zip"
_LEVEL = 1
_PACKABLE = ("data", "code", "notebook", "document")
_PACKED_ALREADY = (".parquet", ".pdf", ".xlsx", ".docx", ".pptx", ".odt", ".ods", ".odp", ".gz", ".feather")


def save_all(
    session: Session, files: list[File], path: str | os.PathLike[str], *, overwrite: bool, progress: bool | None
) -> Path:
    """Write the zip; where it is."""
    if not files:
        raise errors.Invalid("There are no files to put into a zip.")
    target = target_of(path, NAME)
    names = unique([safe_name(file.name) for file in files])
    with (
        placed(target, overwrite) as part,
        zipfile.ZipFile(part, "w") as archive,
        Bar(sum(file.size for file in files), target.name, progress) as bar,
    ):
        for file, name in zip(files, names, strict=True):
            entry = zipfile.ZipInfo(name, file.time.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED if _packs(file) else zipfile.ZIP_STORED
            entry._compresslevel = _LEVEL  # type: ignore[attr-defined]  # has no other door before Python 3.13
            entry.external_attr = 0o644 << 16
            entry.file_size = file.size
            with archive.open(entry, "w", force_zip64=file.size >= 2**31) as inside:
                fetch(session, file, inside.write, bar.update)
    return target


def unique(names: list[str]) -> list[str]:
    """The names, with a number where one comes again; whatever the case, as some disks do not tell it.

    Examples
    --------
    >>> unique(["a.csv", "A.csv", "a.csv", "a (2).csv"])
    ['a.csv', 'A (2).csv', 'a (3).csv', 'a (2) (2).csv']
    """
    taken: set[str] = set()
    found = []
    for name in names:
        stem, dot, suffix = name.rpartition(".")
        if not stem:
            stem, dot, suffix = name, "", ""
        given, number = name, 2
        while given.casefold() in taken:
            given, number = f"{stem} ({number}){dot}{suffix}", number + 1
        taken.add(given.casefold())
        found.append(given)
    return found


def _packs(file: File) -> bool:
    return file.kind in _PACKABLE and not file.name.lower().endswith(_PACKED_ALREADY)
