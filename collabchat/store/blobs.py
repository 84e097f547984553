"""Files by their content: what is stored twice is there once."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

from collabchat.errors import DiskFull, WorkspaceError
from collabchat.store.made import MadeFiles
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
        self._counting = threading.Lock()
        self._usage: tuple[int, int] | None = None

    def all(self) -> Iterator[tuple[str, int]]:
        """The SHA-256 and the size of each file."""
        with contextlib.suppress(FileNotFoundError):
            for folder in sorted(os.scandir(self.folder), key=lambda one: one.name):
                if len(folder.name) == 2 and folder.is_dir():
                    for file in os.scandir(folder.path):
                        if len(file.name) == 64:
                            yield file.name, file.stat().st_size

    def usage(self) -> tuple[int, int]:
        """How many files there are, and their bytes."""
        with self._counting:
            if self._usage is None:
                sizes = [size for _, size in self.all()]
                self._usage = len(sizes), sum(sizes)
            return self._usage

    def _count(self, files: int, size: int) -> None:
        with self._counting:
            if self._usage is not None:
                self._usage = self._usage[0] + files, self._usage[1] + size

    def remove(self, sha: str) -> None:
        """Take a file away, and what was made of it."""
        path = self.path(sha)
        with contextlib.suppress(OSError):
            size = path.stat().st_size
            path.unlink()
            self._count(-1, -size)
        MadeFiles(self.folder).forget(sha)

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
            self._count(1, len(content))
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise
        return sha

    def take(self, part: Path, sha: str) -> None:
        """Keep a file of a known SHA-256 that is on disk already, by moving it; durable when this returns."""
        target = self.path(sha)
        if target.exists():
            part.unlink(missing_ok=True)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        size = part.stat().st_size
        part.replace(target)
        self._count(1, size)
        sync_folder(target.parent)
        sync_folder(self.folder)

    def read(self, sha: str, offset: int, length: int) -> bytes | None:
        """Some bytes of a file, fewer at its end; None where it is not there."""
        try:
            with self.path(sha).open("rb", buffering=0) as file:
                file.seek(offset)
                return file.read(length)
        except OSError:
            return None

    def get(self, sha: str) -> bytes | None:
        """The bytes of a file; None where it is not there."""
        try:
            return self.path(sha).read_bytes()
        except OSError:
            return None


def sync_folder(folder: Path) -> None:
    """Make sure that what was renamed into a folder stays there, where the system lets one."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
