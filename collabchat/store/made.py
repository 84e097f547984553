"""What was made of files, beside them: it saves time, and may be deleted at any time."""

from __future__ import annotations

import contextlib
import shutil
import uuid
from pathlib import Path

FOLDER = ".made"


class MadeFiles:
    """The folder ``files/.made/``: a folder for each file something was made of, named by its SHA-256.

    Parameters
    ----------
    folder
        The folder of the files.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / FOLDER

    def get(self, sha: str, what: str) -> bytes | None:
        """What was made, if it was."""
        try:
            return (self._of(sha) / what).read_bytes()
        except OSError:
            return None

    def put(self, sha: str, what: str, content: bytes) -> None:
        """Keep what was made. All of it is there or nothing; where the disk refuses, it is made again next time."""
        target = self._of(sha) / what
        part = target.with_name(f".{uuid.uuid4().hex}")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(content)
            part.replace(target)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)

    def forget(self, sha: str) -> None:
        """Remove all that was made of a file that is no longer there."""
        shutil.rmtree(self._of(sha), ignore_errors=True)

    def _of(self, sha: str) -> Path:
        return self.folder / sha[:2] / sha
