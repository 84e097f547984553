"""What was shared and said in a workspace: its files and links, and the search."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import errors
from . import checks, searching
from .archive import save_all
from .files import File

if TYPE_CHECKING:
    import pandas as pd

    from ..frames import Frames
    from .room import Room
    from .session import Session

_ROW = "give its id, such as '1824-1', or a row of chat.files()."


class Shared:
    """The part of a `Chat` that is about files, links and the search."""

    _session: Session

    # ---- files

    def file(self, file: object) -> File:
        """A file, by its id or by its row of `files`.

        Parameters
        ----------
        file : str, Series, row or File
            The id (a message's id, ``-`` and which of its files), or whatever has an ``id``.

        Raises
        ------
        errors.NotFound
            Where there is no such file that one may see.

        Examples
        --------
        >>> chat.file("1824-1").df()  # doctest: +SKIP
        >>> newest = chat.files().iloc[-1]  # doctest: +SKIP
        >>> chat.file(newest).save("downloads/")  # doctest: +SKIP
        """
        if isinstance(file, File):
            if file.__dict__.get("_session") is self._session:
                return file
            file = file.id
        id, room = _named(file)
        message, _, number = id.partition("-")
        self._session.check()
        where = self._room_of_file(id, room)
        found = [] if where is None else self._a_room(where)._read_back(message).files
        if int(number) > len(found):
            raise errors.NotFound(f"There is no file {id} that you can see.")
        return found[int(number) - 1]

    def files(self, room: str | Room | None = None) -> pd.DataFrame:
        """All files that one may see, one a row; see `Frames.files` for the columns.

        Parameters
        ----------
        room : str or Room, optional
            Only those of this room.

        Examples
        --------
        >>> chat.files().query("type == 'text/csv'")  # doctest: +SKIP
        >>> tables = {row.name: chat.file(row.id).df() for row in chat.files("pipeline").itertuples()}  # doctest: +SKIP
        """
        return self._in_room(self._tables.files(), room)

    def links(self, room: str | Room | None = None) -> pd.DataFrame:
        """All links that one may see, one a row for each message that named them; see `Frames.links` for the columns.

        Parameters
        ----------
        room : str or Room, optional
            Only those of this room.

        Examples
        --------
        >>> chat.links()["url"].value_counts().head()  # doctest: +SKIP
        """
        return self._in_room(self._tables.links(), room)

    def download(
        self,
        files: object,
        path: str | os.PathLike[str] = ".",
        *,
        overwrite: bool = False,
        progress: bool | None = None,
    ) -> Path:
        """Several files as one zip, which is written as they come.

        Parameters
        ----------
        files : DataFrame or list
            Rows of `files`, or what `file` takes.
        path : str or path
            The zip, or a folder for it: ``files.zip`` is put there.
        overwrite : bool
            Replace a file of that name; otherwise that is an error.
        progress : bool, optional
            Show a bar or show none; by default a bar shows where it takes long.

        Returns
        -------
        pathlib.Path
            Where it is. Files of the same name have a number in it.

        Examples
        --------
        >>> chat.download(chat.files("pipeline"), "pipeline.zip")  # doctest: +SKIP
        PosixPath('pipeline.zip')
        """
        wanted = [self.file(one) for one in _several(files)]
        return save_all(self._session, wanted, path, overwrite=overwrite, progress=progress)

    # ---- search

    def search(
        self,
        query: str,
        room: str | Room | None = None,
        *,
        limit: int | None = 50,
        sort: str = "relevance",
        inflected: bool = True,
    ) -> pd.DataFrame:
        """Messages that fit a query, the best first.

        Parameters
        ----------
        query : str
            Words, all of which are there, ``"a phrase"``, ``-without``, ``or``, parentheses, ``name*``, and filters:
            ``from:`` ``in:`` ``mentions:`` ``has:`` ``is:`` ``type:`` ``before:`` ``after:`` ``on:`` ``during:``. Any
            text is a query.
        room : str or Room, optional
            Only in this room.
        limit : int or None
            At most so many; None: all.
        sort : str
            ``relevance``, ``newest`` or ``oldest``.
        inflected : bool
            Also other forms of the English words ("ran" for "run").

        Returns
        -------
        pandas.DataFrame
            The columns of `messages`, then ``score`` (float64) and ``snippet`` (what is around the words that fit).
            Its ``attrs`` say more: ``total`` (all that fit; with ``at_least``: there are more than that), ``query``
            (as it was understood), ``problems`` (sentences about what was not), ``correction`` (a query that finds
            something, where this one finds nothing), ``indexed`` (False while the index is being built).

        Examples
        --------
        >>> chat.search('from:bo in:pipeline "late invoice" has:file after:2026-01-01')  # doctest: +SKIP
        >>> chat.search("dedup*", limit=None)["author"].value_counts()  # doctest: +SKIP
        """
        self._session.check()
        where = None if room is None else self._a_room(room).id
        answers = searching.ask(self._session, query, room=where, limit=limit, sort=sort, inflected=inflected)
        return searching.frame_of_hits(self._session.directory, list(answers))

    # ---- for its own

    @property
    def _tables(self) -> Frames:
        raise NotImplementedError

    def _a_room(self, room: object) -> Room:
        raise NotImplementedError

    def _in_room(self, frame: pd.DataFrame, room: str | Room | None) -> pd.DataFrame:
        if room is None:
            return frame
        name = self._a_room(room).name
        return frame[frame["room"] == name].reset_index(drop=True)

    def _room_of_file(self, id: str, said: str | None) -> str | None:
        """The name of the room that a file is in, as it is now; None where one sees no such file."""
        find = self._session.directory.find_room
        if said is not None and find(said) is not None:
            return said
        # What was fetched before says it as well, unless the room has another name by now.
        for fresh in (False, True):
            room = self._tables.room_of_file(id, fresh=fresh)
            if room is not None and find(room) is not None:
                return room
        return None


def _several(files: object) -> list[object]:
    if hasattr(files, "itertuples"):
        return list(files.itertuples(index=False))
    if isinstance(files, str | File) or not hasattr(files, "__iter__"):
        return [files]
    return list(files)


def _named(file: object) -> tuple[str, str | None]:
    """A file's id, and the room that it is in, where that was said."""
    if isinstance(file, str):
        return checks.file_id(file), None
    row: Any = file
    try:
        if hasattr(row, "keys"):  # a dict, or a Series
            id, room = row["id"], row.get("room")
        else:
            id, room = row.id, getattr(row, "room", None)
    except (AttributeError, KeyError, TypeError):
        raise errors.Invalid(f"{checks.short(file)} names no file: {_ROW}") from None
    return checks.file_id(id), room if isinstance(room, str) else None
