"""The frames that a chat hands out."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from .. import errors
from ..protocol import Table
from .arrow import to_frame
from .copy import Copy
from .schema import GROWING, SCHEMAS

Fetch = Callable[[str, int | None], Iterable[tuple[Table, memoryview]]]
"""Asks the hub for a frame's rows, all or those that changed after a ``seq``; where part 0 comes again, anew."""


_WORD = re.compile(r"\w+")


class Frames:
    """The frames of one member: only what is new travels, and all of it is one's own copy.

    Missing texts are ``<NA>``, missing times ``NaT``; whole numbers and truth values are never missing, so they
    are plain ``int64`` and ``bool``. Texts are ``string``, times ``datetime64[us, UTC]``. A frame may be changed
    without any harm to the next one.

    Parameters
    ----------
    fetch : callable
        Asks the hub for the rows of a frame.

    Examples
    --------
    >>> frames = Frames(session.table)  # doctest: +SKIP
    >>> frames.messages().tail()  # doctest: +SKIP
    """

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._copies = {name: Copy(name) for name in SCHEMAS}
        self._sql: Any = None
        self._sql_lock = threading.Lock()

    def close(self) -> None:
        """Forget everything; more than once is fine."""
        with self._sql_lock:
            connection, self._sql = self._sql, None
            if connection is not None:
                connection.close()
        for copy in self._copies.values():
            with copy.lock:
                copy.chunks, copy.since, copy.frame = [], None, None

    def messages(self) -> pd.DataFrame:
        """Messages, in the order of ``seq``; deleted ones stay, without text.

        ``id``, ``seq`` (int64), ``room``, ``room_id``, ``author``, ``author_id``, ``time``, ``text`` (missing where
        deleted), ``kind`` (text, system, bot, call), ``thread`` (the id of the thread's first message, also on that
        one once it has replies; else missing), ``reply_to`` (may be missing), ``edited_at`` (may be missing),
        ``deleted`` (bool), ``mentions`` (lists of handles, which cannot be changed), ``n_files`` and
        ``n_reactions`` (int64).

        Examples
        --------
        >>> chat.messages().query("not deleted")["author"].value_counts()  # doctest: +SKIP
        """
        return self._frame("messages")

    def rooms(self) -> pd.DataFrame:
        """Rooms: ``room``, ``room_id``, ``kind``, ``topic``, ``created_at``, ``archived`` (bool), ``n_members``,
        ``n_messages`` (int64), ``last_at`` (missing where nothing was said), ``unread`` (int64).

        Examples
        --------
        >>> chat.rooms().sort_values("last_at")  # doctest: +SKIP
        """
        return self._frame("rooms")

    def members(self) -> pd.DataFrame:
        """Members: ``member`` (the handle), ``member_id``, ``name``, ``role``, ``bot`` (bool), ``joined_at``,
        ``last_seen`` (missing where one was never connected).

        Examples
        --------
        >>> chat.members()[["member", "name"]]  # doctest: +SKIP
        """
        return self._frame("members")

    def reactions(self) -> pd.DataFrame:
        """Reactions that stand: ``message`` (its id), ``room``, ``author``, ``emoji``, ``time``.

        Examples
        --------
        >>> chat.reactions().merge(chat.messages(), left_on="message", right_on="id")  # doctest: +SKIP
        """
        return self._frame("reactions")

    def reads(self) -> pd.DataFrame:
        """How far each has read: ``room``, ``member``, ``seq`` (int64: up to and with it), ``time`` (may be missing).

        Examples
        --------
        >>> chat.reads().query("member == 'bo'")  # doctest: +SKIP
        """
        return self._frame("reads")

    def files(self) -> pd.DataFrame:
        """Files, in the order of their messages: ``id`` (`Chat.file` takes it), ``message`` (its id), ``room``,
        ``author``, ``time``, ``name``, ``size`` (int64: bytes), ``type`` (the media type), ``sha256``.

        Examples
        --------
        >>> chat.files().groupby("author")["size"].sum()  # doctest: +SKIP
        """
        return self._frame("files")

    def room_of_file(self, id: str, *, fresh: bool) -> str | None:
        """The name of the room that a file is in, by its id; without ``fresh`` as it was when files were last asked
        for.
        """
        import pyarrow.compute as pc

        copy = self._refreshed("files") if fresh else self._copies["files"]
        with copy.lock:
            table = copy.table()
        place = pc.index(table["id"], id).as_py()
        return None if place < 0 else str(table["room"][place])

    def links(self) -> pd.DataFrame:
        """Links, once for each message that named them: ``message`` (its id), ``room``, ``author``, ``time``, ``url``,
        ``title`` (missing where it is not known).

        Examples
        --------
        >>> chat.links()["url"].value_counts()  # doctest: +SKIP
        """
        return self._frame("links")

    def events(self) -> pd.DataFrame:
        """The log: ``seq`` (int64), ``time``, ``type``, ``actor``, ``room`` (missing where it is about the
        workspace), ``data`` (JSON).

        Examples
        --------
        >>> chat.events()["type"].value_counts()  # doctest: +SKIP
        """
        return self._frame("events")

    def sql(self, query: str, params: dict[str, Any]) -> pd.DataFrame:
        """A query that reads, over one's own copy; see `Chat.sql`."""
        from .sql import Database

        if not isinstance(query, str) or not query.strip():
            raise errors.Invalid("A query is text, such as: select count(*) from messages.")
        with self._sql_lock:
            if self._sql is None:
                self._sql = Database()
            database = self._sql
            database.check(query)
            # A word too many costs a look for news; DuckDB names tables only of queries without parameters.
            for name in set(_WORD.findall(query.lower())) & set(self._copies):
                copy = self._refreshed(name)
                with copy.lock:
                    database.provide(name, copy.version, copy.table)
            return to_frame(database.run(query, params))

    def _frame(self, name: str) -> pd.DataFrame:
        copy = self._refreshed(name)
        with copy.lock:
            return copy.pandas()

    def _refreshed(self, name: str) -> Copy:
        copy = self._copies[name]
        with copy.lock:
            copy.take(self._fetch(name, copy.since if name in GROWING else None))
        return copy
