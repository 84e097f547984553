"""Files on their way in: a part on disk and what is known of it beside it, so that it goes on after any end.

The hub's loop keeps the list; what touches the disk (`write`, `finish`, `resume`, `drop`) runs on a thread, one at a
time for each upload.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from collabchat import protocol as p
from collabchat.errors import DiskFull, WorkspaceError
from collabchat.store.attached import HEAD, described
from collabchat.store.blobs import Blobs, sync_folder
from collabchat.store.log import RESERVE
from collabchat.store.schema import is_disk_full

FOLDER = ".uploads"
BLOCK = 1024 * 1024
Key = tuple[p.Id, p.Req]
"""Whose it is, and what its member calls it."""


class Note(msgspec.Struct, frozen=True):
    """What stands beside a part."""

    member: p.Id
    upload: p.Req
    room: p.Id
    name: str
    size: int
    time: p.Micros
    """When it was begun or taken up again."""
    sha256: str | None = None
    """As it was announced."""
    boot: str = ""
    """The run of the machine in which it was written: what was not flushed does not outlive it."""
    file: p.Attachment | None = None
    """Once it is complete."""


_note = msgspec.json.Decoder(Note)


@dataclass(slots=True)
class Upload:
    """A file that a member sends."""

    note: Note
    offset: int = 0
    """Bytes that are there."""
    hashed: Any = None
    """The SHA-256 of them; None until they were read again."""
    posting: int | None = None
    """The ``seq`` of what it goes out with, until that is on disk."""
    touched: p.Micros = 0
    """When it was last gone on with."""
    sha: str | None = None
    """What it becomes: from the moment on that this is known, the file of that content stays."""

    def __post_init__(self) -> None:
        self.touched = self.note.time
        self.sha = self.note.file.sha256 if self.note.file else self.note.sha256

    @property
    def key(self) -> Key:
        return self.note.member, self.note.upload

    @property
    def file(self) -> p.Attachment | None:
        return self.note.file


class Uploads:
    """The folder ``files/.uploads/``.

    Parameters
    ----------
    blobs
        Where complete files go.
    """

    def __init__(self, blobs: Blobs) -> None:
        self.blobs = blobs
        self.folder = blobs.folder / FOLDER
        self.all: dict[Key, Upload] = {}
        self._boot = _boot()
        for upload in self._found():
            self.all[upload.key] = upload

    def _found(self) -> Iterator[Upload]:
        for path in sorted(self.folder.glob("*.json")):
            try:
                note = _note.decode(path.read_bytes())
            except (OSError, msgspec.DecodeError, UnicodeError):
                continue  # it goes with what nobody refers to
            if path != self._beside(note):
                continue
            upload = Upload(note)
            if note.file is not None:
                upload.offset = note.size
                if not self._complete(note, note.file):
                    upload.note, upload.offset = msgspec.structs.replace(note, file=None), 0
            else:
                with contextlib.suppress(OSError):
                    upload.offset = self.part(note).stat().st_size if note.boot == self._boot else 0
            yield upload

    def _complete(self, note: Note, file: p.Attachment) -> bool:
        """Whether a file is there of which its note says so; the last step is made where it was not."""
        target, part = self.blobs.path(file.sha256), self.part(note)
        if target.exists():
            return True
        try:
            if part.stat().st_size != file.size:
                return False
            target.parent.mkdir(parents=True, exist_ok=True)
            part.replace(target)
        except OSError:
            return False
        return True

    def part(self, note: Note) -> Path:
        """Where the bytes are until they are all there."""
        return self.folder / f"{note.member}-{note.upload}.part"

    def _beside(self, note: Note) -> Path:
        return self.folder / f"{note.member}-{note.upload}.json"

    # ------------------------------------------------------------ what is known

    def get(self, member: p.Id, upload: p.Req) -> Upload | None:
        """What a member calls so."""
        return self.all.get((member, upload))

    def of(self, member: p.Id) -> list[Upload]:
        """All of a member."""
        return [one for one in self.all.values() if one.note.member == member]

    def complete(self, member: p.Id, upload: p.Req) -> p.Attachment | None:
        """The file, where it is complete and goes out with nothing yet."""
        found = self.get(member, upload)
        return None if found is None or found.posting is not None else found.file

    @property
    def under_way(self) -> int:
        """Bytes that the uploads which are not complete will have."""
        return sum(one.note.size for one in self.all.values() if one.file is None)

    def stay(self) -> set[str]:
        """The SHA-256 of what they are, or are about to become."""
        return {one.sha for one in self.all.values() if one.sha is not None}

    # ------------------------------------------------------------ on a thread

    def begin(self, upload: Upload) -> None:
        """Begin one: nothing of it is there yet."""
        with _explained():
            self.folder.mkdir(parents=True, exist_ok=True)
            with self.part(upload.note).open("wb"):
                upload.hashed = hashlib.sha256()
            self._save(upload)

    def describe_known(self, upload: Upload) -> None:
        """Let one be the file that is there already, of the SHA-256 that was announced.

        Raises
        ------
        FileNotFoundError
            Where it is not there after all.
        """
        sha = upload.note.sha256
        assert sha is not None
        with _explained():
            self.folder.mkdir(parents=True, exist_ok=True)
            self._describe(upload, self.blobs.path(sha), sha)
            upload.offset = upload.note.size

    def resume(self, upload: Upload, time: p.Micros) -> None:
        """Go on with one: what is there is read again, unless it is known."""
        with _explained():
            upload.note = msgspec.structs.replace(upload.note, time=time, boot=self._boot)
            if upload.file is None and upload.hashed is None:
                self._read_again(upload)
            self._save(upload)

    def _read_again(self, upload: Upload) -> None:
        hashed, length = hashlib.sha256(), 0
        part = self.part(upload.note)
        with part.open("ab") as file:
            file.truncate(upload.offset)
        with part.open("rb") as file:
            while length < upload.offset and (block := file.read(min(BLOCK, upload.offset - length))):
                hashed.update(block)
                length += len(block)
        upload.offset, upload.hashed = length, hashed

    def write(self, upload: Upload, content: bytes | memoryview) -> None:
        """Put bytes at the end of one.

        Raises
        ------
        DiskFull, WorkspaceError
            What was there before stays, and it can go on.
        """
        part = self.part(upload.note)
        with _explained():
            if shutil.disk_usage(self.folder).free < RESERVE + len(content):
                raise _full()
            with part.open("r+b", buffering=0) as file:
                file.seek(upload.offset)
                try:
                    _write_all(file.fileno(), content)
                except OSError:
                    with contextlib.suppress(OSError):
                        file.truncate(upload.offset)
                    raise
        upload.hashed.update(content)
        upload.offset += len(content)

    def finish(self, upload: Upload) -> bool:
        """Keep one as a file, once all of it is there; false where it is not what was said.

        On disk when this returns.
        """
        note, part = upload.note, self.part(upload.note)
        sha = upload.hashed.hexdigest()
        if note.sha256 is not None and note.sha256 != sha:
            return False
        with _explained():
            with part.open("rb") as file:
                os.fsync(file.fileno())
            self._describe(upload, part, sha)
            self.blobs.take(part, sha)
        return True

    def _describe(self, upload: Upload, content: Path, sha: str) -> None:
        """Note that one is complete, and what it is."""
        note = upload.note
        with content.open("rb") as reader:
            head = reader.read(HEAD)
        file = described(note.name, head, size=note.size, sha256=sha)
        upload.note = msgspec.structs.replace(note, file=file)
        try:
            self._save(upload, durably=True)
        except BaseException:
            upload.note = note
            raise

    def drop(self, upload: Upload) -> None:
        """Take one away; a file that it became stays until nothing refers to it."""
        for path in (self._beside(upload.note), self.part(upload.note)):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def leftovers(self) -> set[Path]:
        """What stands in the folder and belongs to none of them."""
        try:
            found = list(self.folder.iterdir())
        except OSError:
            return set()
        known = {f"{member}-{upload}" for member, upload in self.all}
        return {path for path in found if path.stem not in known and path.suffix in (".part", ".json", ".new")}

    def _save(self, upload: Upload, *, durably: bool = False) -> None:
        path = self._beside(upload.note)
        part = path.with_suffix(".new")
        with part.open("wb") as file:
            file.write(msgspec.json.encode(upload.note))
            if durably:
                file.flush()
                os.fsync(file.fileno())
        part.replace(path)
        if durably:
            sync_folder(self.folder)

    @property
    def boot(self) -> str:
        """The run of the machine, to be noted."""
        return self._boot


def _write_all(descriptor: int, content: bytes | memoryview) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _full() -> DiskFull:
    return DiskFull("The hub's disk is full. What was sent before is kept: once there is room again, go on.")


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (DiskFull, FileNotFoundError):
        raise
    except OSError as error:
        if is_disk_full(error):
            raise _full() from error
        raise WorkspaceError(f"The file could not be stored: {error.strerror}") from error
