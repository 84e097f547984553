"""Files by their content: what is stored twice is there once."""

from __future__ import annotations

import contextlib
import hashlib
import os
import uuid
from pathlib import Path

from collabchat.errors import DiskFull, WorkspaceError
from collabchat.store.schema import is_disk_full

FOLDER = "files"


class Blobs:
    """The folder ``files/`` of a workspace; each file's name is the SHA-256 of what is in it.

    Parameters
    ----------
    folder
        The workspace.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / FOLDER

    def path(self, sha: str) -> Path:
        """Where a file is, if it is there."""
        return self.folder / sha[:2] / sha

    def put(self, content: bytes) -> str:
        """Keep some bytes; on disk when this returns.

        Returns
        -------
        str
            Their SHA-256.

        Raises
        ------
        DiskFull, WorkspaceError
            Where they cannot be kept.
        """
        try:
            return self._put(content)
        except OSError as error:
            if is_disk_full(error):
                raise DiskFull(
                    f"The disk of {self.folder} is full. Nothing was stored: make room, then try again."
                ) from error
            raise WorkspaceError(f"The file could not be stored: {error.strerror}") from error

    def _put(self, content: bytes) -> str:
        sha = hashlib.sha256(content).hexdigest()
        target = self.path(sha)
        if target.exists():
            return sha
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{sha}.{uuid.uuid4().hex}")
        try:
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise
        return sha

    def get(self, sha: str) -> bytes | None:
        """The bytes of a file; None where it is not there."""
        try:
            return self.path(sha).read_bytes()
        except OSError:
            return None
