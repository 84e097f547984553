"""Where things lie inside of an export."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def root_of(path: Path, signs: Sequence[str]) -> Path | None:
    """The folder that holds one of these files: this one, or one that stands alone within it, as zips often have it.

    Examples
    --------
    >>> root_of(Path("/nowhere"), ["users.json"]) is None
    True
    """
    for _ in range(3):
        if not path.is_dir():
            return None
        if any((path / sign).is_file() for sign in signs):
            return path
        inside = [one for one in path.iterdir() if one.is_dir() and not one.name.startswith((".", "__MACOSX"))]
        if len(inside) != 1:
            return None
        path = inside[0]
    return None


def inside(folder: Path, name: str) -> Path | None:
    """A file of the export by the name that the export gives; None where it is none, or lies outside."""
    if not name or "\0" in name:
        return None
    try:
        found = (folder / name.replace("\\", "/")).resolve()
        if found.is_relative_to(folder.resolve()) and found.is_file():
            return found
    except (OSError, ValueError):
        return None
    return None
