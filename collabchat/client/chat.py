"""A chat: one member's connection to a workspace."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

import msgspec

from .. import errors, protocol
from ..connection.target import check_handle
from . import checks, display
from .personal import Personal
from .room import Room
from .session import Session
from .settings import Settings
from .shared import Shared

if TYPE_CHECKING:
    from types import TracebackType

    import pandas as pd

    from ..connection import Target
    from ..frames import Frames
    from ..panel import ChatPanel
    from .listener import Listener


class Chat(Personal, Shared, Settings):
    """One member's connection to a workspace; get one from `connect`. May be used from several threads.

    Examples
    --------
    >>> with cc.connect("team", user="ana") as chat:  # doctest: +SKIP
    ...     chat.room("pipeline").post("good morning")
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._frames: Frames | None = None
        self._frames_lock = threading.Lock()
        # A chat that nobody holds any more closes itself: in notebooks a cell is run again and again.
        # At the end of the interpreter the connections are let go of without a word to threads that still wait.
        weakref.finalize(self, session.close).atexit = False

    # ---- who and where

    @property
    def me(self) -> str:
        """The handle that one speaks as.

        Examples
        --------
        >>> chat.me  # doctest: +SKIP
        'ana'
        """
        return self._session.handle

    @property
    def seq(self) -> int:
        """The number of the newest event that was seen; `listen` takes it as ``since``.

        Examples
        --------
        >>> chat.seq  # doctest: +SKIP
        1824
        """
        return self._session.seq

    @property
    def target(self) -> Target:
        """Where it is connected, and as whom: what another connection of the same member needs.

        Examples
        --------
        >>> chat.target.user  # doctest: +SKIP
        'ana'
        """
        return self._session.target

    def close(self) -> None:
        """Let go of the connection; more than once is fine.

        Examples
        --------
        >>> chat.close()  # doctest: +SKIP
        """
        self._session.close(wait=2.0)
        if self._frames is not None:
            self._frames.close()

    def __enter__(self) -> Chat:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ---- rooms and people

    def room(self, name: str) -> Room:
        """A room, by its name or id.

        Raises
        ------
        errors.NotFound
            Where one sees no such room; it names those that are spelled alike.

        Examples
        --------
        >>> chat.room("pipeline")  # doctest: +SKIP
        <Room pipeline: public, 8 members>
        """
        directory = self._session.directory
        self._session.check()
        record = directory.find_room(name)
        if record is None:
            # Somebody may have made it this very moment.
            self._session.sync()
            record = directory.find_room(name)
        if record is None:
            raise directory.no_room(name)
        return Room(self, self._session, record)

    def direct(self, member: str) -> Room:
        """The conversation with one member, by handle; made where it is not there yet.

        Examples
        --------
        >>> chat.direct("bo").post("lunch?")  # doctest: +SKIP
        """
        found = self._member(member)
        done = self._session.command(protocol.OpenDirect(req=protocol.new_req(), member=found.id))
        return self._room_of(done.ack)

    def create_room(self, name: str, *, members: Iterable[str] = (), kind: str = "public", topic: str = "") -> Room:
        """Make a room.

        Parameters
        ----------
        name : str
            Letters, digits, ``_``, ``.`` and ``-``.
        members : iterable of str
            The handles of who is in it from the start; oneself is.
        kind : str
            ``public``: any member may join, or ``private``: one is added.
        topic : str
            What it is about.

        Raises
        ------
        errors.Conflict
            Where the name is taken.

        Examples
        --------
        >>> chat.create_room("pipeline", members=["bo"], kind="private", topic="nightly load")  # doctest: +SKIP
        """
        if isinstance(members, str):
            raise errors.Invalid(f"members is a list of handles, such as [{members!r}], not text.")
        command = protocol.CreateRoom(
            req=protocol.new_req(),
            name=checks.room_name(name),
            kind=cast(Any, checks.one_of(kind, ("public", "private"), "kind")),
            topic=checks.topic(topic),
            members=[self._member(member).id for member in members],
        )
        return self._room_of(self._session.command(command).ack)

    def set_name(self, name: str) -> None:
        """Change the name that others see of oneself.

        Examples
        --------
        >>> chat.set_name("Ana Ruiz")  # doctest: +SKIP
        """
        self._session.command(protocol.SetName(req=protocol.new_req(), name=checks.name(name)))

    def set_role(self, member: str, role: str) -> None:
        """Give a member another role: ``owner``, ``admin``, ``member`` or ``guest``.

        Examples
        --------
        >>> chat.set_role("bo", "admin")  # doctest: +SKIP
        """
        role = checks.one_of(role, checks.ROLES, "role")
        found = self._member(member)
        self._session.command(protocol.SetRole(req=protocol.new_req(), member=found.id, role=cast(Any, role)))

    def status(self) -> dict[str, Any]:
        """How the hub is doing.

        Examples
        --------
        >>> chat.status()["members_connected"]  # doctest: +SKIP
        3
        """
        reply = self._session.request(protocol.Status(req=protocol.new_req()))
        facts = msgspec.structs.asdict(reply)
        facts.pop("req")
        return facts

    # ---- what happens

    def listen(self, since: int | None = None, timeout: float | None = 5) -> Listener:
        """Events as they happen, oldest first.

        Parameters
        ----------
        since : int, optional
            Everything after this `seq` that one may see, and then what happens; by default what happens from
            this call on.
        timeout : float or None
            It ends after so many seconds without an event; None: when the chat is closed.

        Returns
        -------
        Listener
            An iterator of `Event`. Several may run at once, each with all events.

        Examples
        --------
        >>> for event in chat.listen(timeout=5):  # doctest: +SKIP
        ...     print(event.room, event.actor, event.type, event.data)
        """
        if since is not None and (isinstance(since, bool) or not isinstance(since, int) or since < 0):
            raise errors.Invalid(f"since is the seq of an event, such as chat.seq, not {since!r}.")
        if timeout is not None and (isinstance(timeout, bool) or not isinstance(timeout, int | float) or timeout < 0):
            raise errors.Invalid(f"timeout is a number of seconds, or None, not {timeout!r}.")
        return self._session.listen(since, timeout, owner=self)

    # ---- frames

    def messages(self) -> pd.DataFrame:
        """All messages that one may see, one a row; see `Frames.messages` for the columns.

        Examples
        --------
        >>> chat.messages().groupby("room").size()  # doctest: +SKIP
        """
        return self._tables.messages()

    def rooms(self) -> pd.DataFrame:
        """All rooms that one sees, one a row; see `Frames.rooms` for the columns.

        Examples
        --------
        >>> chat.rooms().query("unread > 0")  # doctest: +SKIP
        """
        return self._tables.rooms()

    def members(self) -> pd.DataFrame:
        """All members, one a row; see `Frames.members` for the columns.

        Examples
        --------
        >>> chat.members().query("bot")  # doctest: +SKIP
        """
        return self._tables.members()

    def reactions(self) -> pd.DataFrame:
        """Who put which emoji on which message; see `Frames.reactions` for the columns.

        Examples
        --------
        >>> chat.reactions()["emoji"].value_counts()  # doctest: +SKIP
        """
        return self._tables.reactions()

    def reads(self) -> pd.DataFrame:
        """Who has read how far; see `Frames.reads` for the columns.

        Examples
        --------
        >>> chat.reads().query("room == 'pipeline'")  # doctest: +SKIP
        """
        return self._tables.reads()

    def events(self) -> pd.DataFrame:
        """Everything that happened, as far as one may see; see `Frames.events` for the columns.

        Examples
        --------
        >>> chat.events().query("type == 'room_created'")  # doctest: +SKIP
        """
        return self._tables.events()

    def sql(self, query: str, **params: Any) -> pd.DataFrame:
        """A query over one's own copy of the frames, in DuckDB's SQL.

        Parameters
        ----------
        query : str
            One statement that reads; the frames are tables by their names. Times are UTC.
        **params
            Values for ``$name`` in the query.

        Raises
        ------
        errors.Invalid
            Where DuckDB does not understand it, with what it says.

        Examples
        --------
        >>> chat.sql("select count(*) n from messages where author = $who", who="bo")  # doctest: +SKIP
        """
        return self._tables.sql(query, params)

    # ---- the panel

    def panel(self, room: str = "", **options: Any) -> ChatPanel:
        """The widget; the same as ``ChatPanel(chat, room=...)``.

        Examples
        --------
        >>> chat.panel(room="pipeline")  # doctest: +SKIP
        """
        from ..panel import ChatPanel

        return ChatPanel(self, room=room, **options)

    # ---- how it looks

    def __repr__(self) -> str:
        return f"<Chat {self.target.label} as {self.me}: {', '.join(self._facts())}>"

    def _repr_html_(self) -> str:
        directory = self._session.directory
        names = sorted(directory.room_name(room) for room in directory.rooms() if room.joined and not room.archived)
        inner = display.notice(display.listing(names)) if names else display.notice("In no room yet.")
        return display.box(self.target.label, [f"as {self.me}", *self._facts()], inner)

    def _facts(self) -> list[str]:
        directory = self._session.directory
        facts = [display.many(len(directory.rooms()), "room"), display.many(len(directory.members()), "member")]
        if self._session.state != "open":
            facts.append(self._session.state)
        return facts

    # ---- for its own

    def _member(self, handle: str) -> protocol.Member:
        """A member by handle, looked up anew where it is not known: it may have come this moment."""
        self._session.check()
        directory = self._session.directory
        try:
            return directory.find_member(handle)
        except errors.NotFound:
            check_handle(handle.removeprefix("@"))
            self._session.sync()
            return directory.find_member(handle)

    def _room_of(self, ack: protocol.Ack) -> Room:
        record = self._session.directory.room(str(ack.id))
        if record is None:
            self._session.sync()
            record = self._session.directory.room(str(ack.id))
        if record is None:
            raise errors.NotFound("The room was made, and is already gone again.")
        return Room(self, self._session, record)

    def _a_room(self, room: object) -> Room:
        """A room that was given itself, or by its name or id."""
        if isinstance(room, Room):
            return room if room._chat is self else self.room(room.id)
        return self.room(room)  # type: ignore[arg-type]  # what is no name is refused there

    @property
    def _tables(self) -> Frames:
        from ..frames import Frames

        self._session.check()
        with self._frames_lock:
            if self._frames is None:
                self._frames = Frames(self._session.table)
            return self._frames
