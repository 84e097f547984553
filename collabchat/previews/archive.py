"""Archives: the names of what is inside. Nothing is unpacked."""

from __future__ import annotations

import gzip
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Literal

from collabchat import protocol as p
from collabchat.previews.jobs import Unreadable
from collabchat.previews.limits import Deadline

NAMES = 500
"""Names that are shown."""
LONGEST = 300
"""Characters of one."""
DIRECTORY = 64 * 2**20
"""Bytes of a zip's list of names."""
SKIPPED = 512 * 2**20
"""Bytes of a packed tar that are gone through for its names."""
DAMAGED = "This archive could not be read: it may be damaged."
_ENTRIES = "This archive has too many entries to be listed."


def preview(path: str, media_type: str, name: str, deadline: Deadline) -> p.AnyPreview:
    """The first names and their sizes."""
    match media_type:
        case "application/zip" | "application/java-archive" | "application/vnd.android.package-archive":
            return _zip(path)
        case "application/x-tar":
            return _tar(path, "r:", deadline)
        case "application/gzip" | "application/x-bzip2" | "application/x-xz":
            if _is_tar(path, media_type):
                return _tar(path, "r|*", deadline)
            return _single(path, name) if media_type == "application/gzip" else p.NoPreview()
        case _:
            return p.NoPreview()


def _zip(path: str) -> p.ArchivePreview:
    _check_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise Unreadable(DAMAGED) from error
    return _shown(((entry.filename, entry.file_size) for entry in entries[:NAMES]), len(entries))


def _check_directory(path: str) -> None:
    """A zip's list of names is read whole: see first how long it says it is."""
    with Path(path).open("rb") as file:
        file.seek(max(0, Path(path).stat().st_size - 65_557))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at >= 0 and DIRECTORY < int.from_bytes(tail[at + 12 : at + 16], "little") < 0xFFFFFFFF:
        raise Unreadable(_ENTRIES)


def _is_tar(path: str, media_type: str) -> bool:
    """Whether there is a tar inside, by its first block."""
    import bz2
    import lzma

    openers = {"application/gzip": gzip.GzipFile, "application/x-bzip2": bz2.BZ2File, "application/x-xz": lzma.LZMAFile}
    opener: Callable[[str], IO[bytes]] = openers[media_type]
    try:
        with opener(path) as stream:
            return stream.read(512)[257:262] == b"ustar"
    except (OSError, EOFError, zlib.error, lzma.LZMAError):
        return False


def _tar(path: str, mode: Literal["r:", "r|*"], deadline: Deadline) -> p.ArchivePreview:
    found: list[tuple[str, int]] = []
    count = 0
    try:
        with tarfile.open(path, mode) as archive:
            for entry in archive:
                count += 1
                if len(found) < NAMES:
                    found.append((entry.name + ("/" if entry.isdir() else ""), entry.size))
                # Each entry is kept there, and not needed here.
                archive.members.clear()  # type: ignore[attr-defined]
                if deadline.over or archive.offset > SKIPPED:
                    break
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError) as error:
        # A tar that breaks off has shown what it has.
        if not found:
            raise Unreadable(DAMAGED) from error
    return _shown(found, count)


def _single(path: str, name: str) -> p.ArchivePreview:
    """One packed file: its size stands at the end, of which the last 32 bits."""
    with Path(path).open("rb") as file:
        file.seek(max(0, Path(path).stat().st_size - 4))
        size = int.from_bytes(file.read(4), "little")
    return _shown([(name.removesuffix(".gz") or "file", size)], 1)


def _shown(entries: Iterable[tuple[str, int]], count: int) -> p.ArchivePreview:
    return p.ArchivePreview(names=[(_clean(name), max(0, size)) for name, size in entries], n_entries=count)


def _clean(name: str) -> str:
    text = name.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
