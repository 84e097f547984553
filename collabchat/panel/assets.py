"""The built front end: one script and one style sheet."""

from __future__ import annotations

from pathlib import Path

from collabchat.errors import CollabchatError

__all__ = ["STATIC", "asset"]

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
