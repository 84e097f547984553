"""Where the files are that belong to the package but are no code of it: in a wheel inside it, else in the checkout."""

from __future__ import annotations

import os
from pathlib import Path

from collabchat.errors import CollabchatError

__all__ = ["notebooks_folder", "sample_folder", "with_package"]

_PACKAGE = Path(__file__).parent


def sample_folder() -> Path:
    """The folder of the sample conversation."""
    return _find("_sample", "data", "conversation")


def notebooks_folder() -> Path:
    """The folder of the notebooks ``tour.ipynb`` and ``app.ipynb``."""
    return _find("_notebooks", "notebooks", "app.ipynb")


def _find(inside: str, beside: str, proof: str) -> Path:
    for folder in (_PACKAGE / inside, _PACKAGE.parent / beside):
        if (folder / proof).exists():
            return folder
    raise CollabchatError(f"This installation of collabchat is not complete ({inside} is missing): install it again.")


def with_package(environment: dict[str, str]) -> dict[str, str]:
    """The variables, and what a process that is started with them needs to find this very package."""
    home = _PACKAGE.parent
    if home.name in ("site-packages", "dist-packages"):
        return environment
    rest = os.environ.get("PYTHONPATH")
    paths = rest.split(os.pathsep) if rest else []
    return {**environment, "PYTHONPATH": os.pathsep.join(dict.fromkeys([str(home), *paths]))}
