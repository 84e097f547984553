"""What can be given as a file to send: a path, bytes with a name, an open file, a file of another message."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO, cast

from .. import errors
from ..protocol import WorkspaceSettings
from .files import File

_PIECE = 1_048_576
_LONGEST_NAME = 1024


class Source:
    """A file that is to be sent: a name, and bytes that can be read from any place, more than once.

    ``size`` is None until it is known.
    """

    def __init__(
        self,
        name: str,
        size: int | None,
        open_: Callable[[], BinaryIO],
        *,
        sha256: str | None = None,
        owned: bool = True,
    ) -> None:
        self.name = name
        self.size = size
        self._open = open_
        self._sha256 = sha256
        self._owned = owned
        self._file: BinaryIO | None = None
        self._place: int | None = None
        self._lock = threading.Lock()

    def spool(self, left: int, most: int) -> int:
        """Read what tells no size of its own into a temporary file; its size.

        Raises
        ------
        errors.TooLarge
            Where it has more bytes than are left of those that are allowed.
        """
        spooled = tempfile.TemporaryFile()  # noqa: SIM115  # closed by `close`
        size = 0
        source = self._open()
        while piece := _bytes_of(source.read(_PIECE), self.name):
            size += len(piece)
            if size > left:
                spooled.close()
                raise errors.TooLarge(
                    f"The files of a message have at most {most:,} bytes together, and {self.name!r} has more than "
                    f"the {left:,} that are left for it."
                )
            spooled.write(piece)
        self._file, self._owned, self.size = cast(BinaryIO, spooled), True, size
        return size

    def sha256(self, *, anew: bool = False) -> str:
        """The SHA-256 of its content, in hexadecimal."""
        if anew or self._sha256 is None:
            digest = hashlib.sha256()
            for offset in range(0, self.size or 0, _PIECE):
                digest.update(self.read(offset, _PIECE))
            self._sha256 = digest.hexdigest()
        return self._sha256

    def read(self, offset: int, length: int) -> bytes:
        """Bytes from a place on; fewer only at its end.

        Raises
        ------
        errors.Invalid
            Where it has become shorter.
        """
        wanted = min(length, (self.size or 0) - offset)
        with self._lock:
            try:
                file = self._opened()
                file.seek(offset)
                piece = _bytes_of(file.read(wanted), self.name)
                while len(piece) < wanted and (more := _bytes_of(file.read(wanted - len(piece)), self.name)):
                    piece += more
            except (OSError, ValueError) as error:
                if isinstance(error, errors.CollabchatError):
                    raise
                raise errors.Invalid(f"{self.name!r} cannot be read: {error}") from error
        if len(piece) < wanted:
            raise errors.Invalid(
                f"{self.name!r} has become shorter while it was sent: it had {self.size:,} bytes. "
                "Send it again when nobody writes to it."
            )
        return piece

    def close(self) -> None:
        """Let go of it; an open file that was given is left as it was."""
        file, self._file = self._file, None
        if file is None:
            return
        if self._owned:
            file.close()
        elif self._place is not None and not file.closed:
            file.seek(self._place)

    def _opened(self) -> BinaryIO:
        if self._file is None:
            self._file = self._open()
            if not self._owned:
                self._place = self._file.tell()
        return self._file


def sources_of(files: object, settings: WorkspaceSettings) -> list[Source]:
    """What was given as ``files=``, within the limits of a message.

    Raises
    ------
    errors.TooLarge
        Over a limit of the workspace; nothing has travelled yet.
    errors.Invalid
        What is no file.
    """
    found = [_source(one) for one in _listed(files)]
    if len(found) > settings.attachments:
        raise errors.TooLarge(_too_many(found, settings.attachments))
    most = settings.attachment_bytes
    total = 0
    for source in found:
        if source.size is not None:
            total += source.size
            if total > most:
                raise errors.TooLarge(_too_large(found, source, most))
    try:
        for source in found:
            if source.size is None:
                total += source.spool(most - total, most)
    except BaseException:
        for source in found:
            source.close()
        raise
    return found


def _too_many(found: list[Source], most: int) -> str:
    if most == 0:
        return "The messages of this workspace have no files: its owner has set that."
    return (
        f"A message has at most {most:,} file{'' if most == 1 else 's'}; these are {len(found):,}, "
        f"{len(found) - most:,} too many, from {found[most].name!r} on."
    )


def _too_large(found: list[Source], last: Source, most: int) -> str:
    total = sum(source.size or 0 for source in found)
    over = total - most
    return (
        f"The files of a message have at most {most:,} bytes together; these have {total:,}, "
        f"{over:,} byte{'' if over == 1 else 's'} too many. {last.name!r} ({last.size:,} bytes) does not fit any more."
    )


def _listed(files: object) -> list[object]:
    """Several files; one that was given alone is a list of one."""
    if files is None:
        return []
    alone = isinstance(files, str | bytes | os.PathLike | File) or hasattr(files, "read") or _is_frame(files)
    named = isinstance(files, tuple) and len(files) == 2 and isinstance(files[0], str) and not _is_path(files[1])
    if alone or named:
        return [files]
    if not isinstance(files, Iterable):
        raise errors.Invalid(f"files is a list, such as ['report.csv'], not {type(files).__name__}.")
    return list(files)


def _source(one: object) -> Source:
    if isinstance(one, File):
        return Source(one.original or one.name, one.size, one.open, sha256=one.sha256)
    if isinstance(one, tuple):
        return _named(one)
    if _is_path(one):
        return _of_path(cast(Any, one), None)
    if hasattr(one, "read"):
        return _of_object(cast(Any, one), None)
    raise errors.Invalid(f"{_what(one)} is no file: {_SAY}")


def _named(one: tuple[Any, ...]) -> Source:
    if len(one) != 2 or not isinstance(one[0], str):
        raise errors.Invalid(f"A file with a name is (name, bytes) or (name, open file), not {_what(one)}.")
    name, content = _name(one[0]), one[1]
    if isinstance(content, bytes | bytearray | memoryview):
        data = bytes(content)
        return Source(name, len(data), lambda: _memory(data))
    if isinstance(content, os.PathLike):
        return _of_path(content, name)
    if hasattr(content, "read"):
        return _of_object(content, name)
    if isinstance(content, str):
        raise errors.Invalid(f"The content of {name!r} is text: give bytes, text.encode().")
    raise errors.Invalid(f"The content of {name!r} is {_what(content)}: {_SAY}")


def _of_path(path: str | os.PathLike[str], name: str | None) -> Source:
    place = Path(path).expanduser()
    try:
        facts = place.stat()
        if stat.S_ISDIR(facts.st_mode):
            raise errors.Invalid(f"{str(place)!r} is a folder: send its files, or a zip of it.")
        if not stat.S_ISREG(facts.st_mode):
            raise errors.Invalid(f"{str(place)!r} is no file that can be sent: open it, and give (name, open file).")
        place.open("rb").close()
    except FileNotFoundError:
        raise errors.NotFound(f"There is no file {str(place)!r} (looked for in {Path.cwd()}).") from None
    except (OSError, ValueError) as error:
        if isinstance(error, errors.CollabchatError):
            raise
        raise errors.Invalid(f"{str(place)!r} cannot be read: {error}") from error
    return Source(name or _name(place.name), facts.st_size, lambda: place.open("rb"))


def _of_object(file: Any, name: str | None) -> Source:
    if name is None:
        known = getattr(file, "name", None)
        if not isinstance(known, str) or not Path(known).name:
            raise errors.Invalid("An open file without a name of its own is given with one: ('report.csv', file).")
        name = _name(Path(known).name)
    if getattr(file, "closed", False):
        raise errors.Invalid(f"{name!r} is closed: give an open file, or its path.")
    if hasattr(file, "encoding"):
        raise errors.Invalid(f"{name!r} is open as text: open it with mode 'rb'.")
    size = None
    try:
        if file.seekable():
            place = file.tell()
            size = file.seek(0, os.SEEK_END)
            file.seek(place)
    except (AttributeError, OSError):
        size = None
    return Source(name, size, lambda: cast(BinaryIO, file), owned=False)


def _memory(data: bytes) -> BinaryIO:
    import io

    return io.BytesIO(data)


def _name(name: str) -> str:
    # A name on disk that is no UTF-8 has halves of characters in Python.
    name = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if not 1 <= len(name) <= _LONGEST_NAME:
        raise errors.Invalid(f"A file's name has 1 to {_LONGEST_NAME:,} characters, not {len(name):,}.")
    return name


def _bytes_of(piece: object, name: str) -> bytes:
    if isinstance(piece, bytes):
        return piece
    if isinstance(piece, bytearray | memoryview):
        return bytes(piece)
    if piece is None:
        raise errors.Invalid(f"{name!r} has no bytes for now: read it first, and give (name, bytes).")
    raise errors.Invalid(f"{name!r} gives {type(piece).__name__} in place of bytes: open it with mode 'rb'.")


def _is_path(one: object) -> bool:
    return isinstance(one, str | os.PathLike)


def _is_frame(one: object) -> bool:
    return hasattr(one, "to_csv")


_SAY = "give a path, (name, bytes), (name, open file) or an open file."


def _what(one: object) -> str:
    if _is_frame(one):
        return "A table, which becomes a file by ('table.csv', table.to_csv().encode()),"
    if isinstance(one, bytes | bytearray | memoryview):
        return "A content without a name"
    shown = repr(one)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
