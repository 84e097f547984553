"""What a notebook calls the chat of a panel, for code that the panel puts into a cell."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from collabchat.connection import Target

__all__ = ["code_of"]

USUAL = "chat"


def code_of(chat: Any, target: Target, handle: str) -> str:
    """The variable of the notebook that holds the chat, or the call that connects as it does."""
    shells = sys.modules.get("IPython")
    shell = shells.get_ipython() if shells is not None else None
    if shell is None:
        return USUAL
    names = [name for name, value in list(shell.user_ns.items()) if value is chat and not name.startswith("_")]
    if names:
        return USUAL if USUAL in names else names[0]
    if target.workspace is None:
        # Who one is at an address is proved by what stands in no code.
        return USUAL
    words = [repr(_shown(target.workspace))]
    if handle:
        words.append(f"user={handle!r}")
    return f"cc.connect({', '.join(words)})"


def _shown(folder: Path) -> str:
    """The folder as one would write it in this notebook."""
    try:
        return os.fspath(folder.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return os.fspath(folder)
