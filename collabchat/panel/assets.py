"""The built front end: a script, a style sheet, and the files that the script asks for when it needs them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from collabchat.errors import CollabchatError

__all__ = ["STATIC", "asset", "part"]

STATIC = Path(__file__).parent / "static"


def asset(name: str) -> str:
    """The text of a built file.

    Raises
    ------
    CollabchatError
        Where it has not been built.
    """
    path = STATIC / name
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise CollabchatError(
            f"The panel has not been built: {path} is missing. In a checkout, build it with "
            "`npm ci && npm run build` in js/ (or `pip install .`, which does so); an installed package holds it, "
            "so install collabchat again."
        ) from None


def part(name: str) -> bytes | Literal["stale", "unknown"]:
    """The bytes (packed) of one of the files that come later; else why there are none.

    ``"stale"``: a file of that name was built, but another version of it.
    """
    folder = STATIC / "assets"
    try:
        built = {path.name: path for path in folder.iterdir() if path.is_file()}
    except FileNotFoundError:
        built = {}
    # Nothing but the names that are there: no path can be asked for.
    found = built.get(name)
    if found is not None:
        try:
            return found.read_bytes()
        except FileNotFoundError:
            return "stale"  # installed anew this moment
    return "stale" if _stem(name) in map(_stem, built) else "unknown"


def _stem(name: str) -> str:
    """``emoji-0123456789ab.json`` without its hash."""
    stem, _, kind = name.rpartition(".")
    return f"{stem.rpartition('-')[0]}.{kind}"
