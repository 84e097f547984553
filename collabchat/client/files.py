"""A file of a message."""

from __future__ import annotations

import io
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from .. import errors
from .downloads import fetch, holds, placed, target_of
from .progress import Bar

if TYPE_CHECKING:
    import pandas as pd

    from .. import protocol
    from .session import Session

_IN_MEMORY = 16_000_000


@dataclass(frozen=True, kw_only=True)
class File:
    """A file of a message; `Message.files` and `Chat.file` give them.

    What it holds is fetched when it is asked for, and compared with its SHA-256.

    Attributes
    ----------
    id : str
        The message's id, ``-`` and which of its files it is, from 1.
    message : str
        The message's id.
    room, author : str
        The room's name and the author's handle.
    time : datetime
        When the message was stored, in UTC.
    name : str
        Safe to save it under.
    original : str
        The name as it was given.
    size : int
        Bytes.
    type : str
        The media type, by its content and then by its name.
    kind : str
        ``picture``, ``data``, ``document``, ``code``, ``notebook``, ``sound``, ``video``, ``archive`` or ``other``.
    sha256 : str
        The SHA-256 of its content, in hexadecimal.
    width, height : int or None
        Pixels of a picture.

    Examples
    --------
    >>> file = room.post("the load", files=["load.csv"]).files[0]  # doctest: +SKIP
    >>> file.name, file.size, file.kind  # doctest: +SKIP
    ('load.csv', 1824, 'data')
    >>> file.df().groupby("table")["seconds"].sum()  # doctest: +SKIP
    >>> file.save("downloads/")  # doctest: +SKIP
    PosixPath('downloads/load.csv')
    """

    id: str
    message: str
    room: str
    author: str
    time: datetime
    name: str
    original: str
    size: int
    type: str
    kind: str
    sha256: str
    width: int | None = None
    height: int | None = None

    def save(
        self, path: str | os.PathLike[str] = ".", *, overwrite: bool = False, progress: bool | None = None
    ) -> Path:
        """Write it to disk.

        Parameters
        ----------
        path : str or path
            A folder, where it gets its own name, or the name of a file. By default the folder one is in.
        overwrite : bool
            Replace another file of that name; otherwise that is an error. Where it is there already, nothing is done.
        progress : bool, optional
            Show a bar or show none; by default a bar shows where it takes long.

        Returns
        -------
        pathlib.Path
            Where it is. It is there whole, or not at all.

        Raises
        ------
        errors.Conflict
            Where there is another file of that name.

        Examples
        --------
        >>> file.save()  # doctest: +SKIP
        PosixPath('load.csv')
        >>> file.save("data/monday.csv", overwrite=True)  # doctest: +SKIP
        """
        target = target_of(path, self.name)
        if holds(target, self.size, self.sha256):
            return target
        with placed(target, overwrite) as part:
            self._fetch(part, progress)
        return target

    def read(self) -> bytes:
        """All of its bytes.

        Examples
        --------
        >>> file.read()[:4]  # doctest: +SKIP
        b'PAR1'
        """
        found = io.BytesIO()
        self._fetch(found, None)
        return found.getvalue()

    def open(self) -> BinaryIO:
        """An open file with its bytes, at their beginning; it can be read and moved in like one of the disk.

        Examples
        --------
        >>> import zipfile
        >>> with file.open() as opened, zipfile.ZipFile(opened) as archive:  # doctest: +SKIP
        ...     print(archive.namelist())
        """
        spooled = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  # it is the caller's
        try:
            self._fetch(cast(BinaryIO, spooled), None)
        except BaseException:
            spooled.close()
            raise
        spooled.seek(0)
        return cast(BinaryIO, spooled)

    def text(self, encoding: str = "utf-8") -> str:
        """Its text.

        Raises
        ------
        errors.Invalid
            Where its bytes are no text of that encoding.

        Examples
        --------
        >>> file.text().splitlines()[0]  # doctest: +SKIP
        'table,seconds'
        """
        try:
            found = self.read().decode(encoding)
        except (UnicodeDecodeError, LookupError) as error:
            raise errors.Invalid(
                f"{self.name!r} is no text in {encoding} ({error}): name another encoding, such as text('latin-1'), "
                "or take its bytes by read()."
            ) from error
        return found.removeprefix("\ufeff")

    def df(self, **options: Any) -> pd.DataFrame:
        """The table that it holds: CSV, TSV, JSON, JSON lines, Parquet, Arrow or Feather, Excel.

        Parameters
        ----------
        **options
            For the function of pandas that reads it: ``read_csv``, ``read_json``, ``read_parquet``, ``read_feather``
            or ``read_excel``.

        Raises
        ------
        errors.Invalid
            Where it is no table, or cannot be read as one.

        Examples
        --------
        >>> file.df(parse_dates=["day"]).plot(x="day", y="seconds")  # doctest: +SKIP
        """
        from .data import read_table

        return read_table(self, options)

    def __str__(self) -> str:
        return f"{self.name} ({size_text(self.size)}, {self.type})"

    # ---- where it is

    @property
    def _at(self) -> Session:
        found: Session | None = self.__dict__.get("_session")
        if found is None:
            raise errors.Invalid(
                f"This copy of file {self.id} knows of no chat (it was copied or unpickled): "
                f"use chat.file({self.id!r})."
            )
        return found

    def _fetch(self, into: BinaryIO, progress: bool | None) -> None:
        with Bar(self.size, self.name, progress) as bar:
            fetch(self._at, self, into.write, bar.update)

    def _bind(self, session: Session) -> File:
        object.__setattr__(self, "_session", session)
        return self

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key != "_session"}


def files_of(records: list[protocol.Attachment], *, message: str, room: str, author: str, time: datetime) -> list[File]:
    """The files of a message."""
    return [
        File(
            id=f"{message}-{number}",
            message=message,
            room=room,
            author=author,
            time=time,
            name=one.name,
            original=one.original or one.name,
            size=one.size,
            type=one.type,
            kind=one.kind,
            sha256=one.sha256,
            width=one.width,
            height=one.height,
        )
        for number, one in enumerate(records, 1)
    ]


def size_text(size: int) -> str:
    """Bytes as people say them.

    Examples
    --------
    >>> size_text(1), size_text(999), size_text(1_500), size_text(95_000_000)
    ('1 byte', '999 bytes', '1.5 kB', '95 MB')
    """
    if size < 1000:
        return f"{size} byte{'' if size == 1 else 's'}"
    number = float(size)
    for unit in ("kB", "MB", "GB", "TB"):
        number /= 1000
        if number < 999.5 or unit == "TB":
            break
    return f"{number:,.0f} {unit}" if number >= 10 else f"{number:.1f} {unit}"
