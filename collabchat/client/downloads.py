"""Files on their way from the hub: slices in a window, checked, and put in their place whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from .. import errors, protocol

if TYPE_CHECKING:
    from .files import File
    from .pending import Pending
    from .session import Session

WINDOW = 8
"""Slices that are asked for at once."""
_LONGEST = 255
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(\.|\Z)", re.IGNORECASE
)


def fetch(session: Session, file: File, write: Callable[[memoryview], Any], told: Callable[[int], None]) -> None:
    """Hand over a file's bytes in order, as they come.

    Raises
    ------
    errors.NotFound
        Where one may not see it any more.
    errors.WorkspaceError
        Where it is not what was sent: its last bytes are handed over all the same.
    """
    digest = hashlib.sha256()
    for piece in _slices(session, file):
        digest.update(piece)
        write(piece)
        told(piece.nbytes)
    if digest.hexdigest() != file.sha256:
        raise errors.WorkspaceError(
            f"{file.name!r} is damaged: it is not what was sent. `collabchat doctor` says more about its workspace."
        )


def _slices(session: Session, file: File) -> Iterator[memoryview]:
    waiting: deque[tuple[Pending, int, int]] = deque()
    asked = 0
    try:
        while asked < file.size or waiting:
            while asked < file.size and len(waiting) < WINDOW:
                length = min(session.limits.slice, file.size - asked)
                request = protocol.GetSlice(req=protocol.new_req(), file=file.id, offset=asked, length=length)
                waiting.append((session.submit(request), asked, length))
                asked += length
            pending, offset, length = waiting[0]
            header, piece = session.wait(pending)
            waiting.popleft()
            if (header.offset, header.size, piece.nbytes) != (offset, file.size, length):
                raise errors.WorkspaceError(f"The hub gave other bytes of {file.name!r} than it was asked for.")
            yield piece
    finally:
        for pending, _, _ in waiting:
            session.forget(pending)


@contextlib.contextmanager
def placed(target: Path, overwrite: bool) -> Iterator[BinaryIO]:
    """A file to write to, that gets its name when all of it is there, and is gone where something fails.

    Raises
    ------
    errors.Conflict
        Where there is one of that name, and it is not to be replaced.
    errors.NotFound
        Where there is no such folder.
    """
    _check(target, overwrite)
    part = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o666)
    except FileNotFoundError:
        raise errors.NotFound(f"There is no folder {str(target.parent)!r}.") from None
    except OSError as error:
        raise errors.Invalid(f"Nothing can be saved in {str(target.parent)!r}: {error}") from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        _settle(part, target, overwrite)
    finally:
        part.unlink(missing_ok=True)


def target_of(path: str | os.PathLike[str], name: str) -> Path:
    """Where a file of this name goes: into a folder, or to a name of its own."""
    if not isinstance(path, str | os.PathLike):
        raise errors.Invalid(f"A path is text or a pathlib.Path, not {type(path).__name__}.")
    place = Path(path).expanduser()
    words = os.fspath(path)
    if place.is_dir() or (isinstance(words, str) and words.endswith(("/", os.sep))):
        return place / safe_name(name)
    return place


def holds(target: Path, size: int, sha256: str) -> bool:
    """Whether a file is there already with this content."""
    try:
        if not target.is_file() or target.stat().st_size != size:
            return False
        with target.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def safe_name(name: str) -> str:
    """A name that stays in its folder, whatever was said to be one.

    Examples
    --------
    >>> safe_name("../../etc/passwd"), safe_name("nul.txt"), safe_name("..")
    ('passwd', '_nul.txt', 'file')
    """
    whole = name.encode("utf-8", "replace").decode()
    last = _CONTROL.sub("", whole).replace("\\", "/").rpartition("/")[2]
    last = re.sub(r'[<>:"|?*]', "_", last).rstrip(" .").lstrip()
    if _DEVICE.match(last):
        last = f"_{last}"
    stem, dot, suffix = last.rpartition(".")
    while len(last.encode()) > _LONGEST:
        stem, last = (stem[:-1], f"{stem[:-1]}{dot}{suffix}") if stem else ("", last[:-1])
    return last or "file"


def _check(target: Path, overwrite: bool) -> None:
    if target.is_dir():
        raise errors.Conflict(f"{str(target)!r} is a folder.")
    if not overwrite and os.path.lexists(target):
        raise errors.Conflict(f"{str(target)!r} is there already: overwrite=True replaces it, another name keeps both.")


def _settle(part: Path, target: Path, overwrite: bool) -> None:
    if overwrite:
        part.replace(target)
        return
    try:
        # Unlike renaming, this takes nobody else's file away that came in between.
        os.link(part, target)
    except FileExistsError:
        _check(target, False)
    except OSError:  # no such thing on this disk
        _check(target, False)
        part.rename(target)
