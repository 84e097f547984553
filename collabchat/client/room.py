"""A room: what one does and reads there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import errors, protocol
from . import checks, display
from .messaging import Messaging

if TYPE_CHECKING:
    import pandas as pd

    from .chat import Chat
    from .session import Session

_SHOWN = 10


class Room(Messaging):
    """A conversation: public, private or direct. Get one from `Chat.room`, `Chat.direct` or `Chat.create_room`.

    Everything that changes something returns when it is on disk.

    Examples
    --------
    >>> room = chat.room("pipeline")  # doctest: +SKIP
    >>> message = room.post("**done**, see @bo")  # doctest: +SKIP
    >>> room.react(message, "👍")  # doctest: +SKIP
    """

    def __init__(self, chat: Chat, session: Session, record: protocol.Room) -> None:
        self._chat = chat
        self._session = session
        self._known = record

    # ---- what it is

    @property
    def id(self) -> str:
        """Its id, which stays when it is renamed.

        Examples
        --------
        >>> room.id  # doctest: +SKIP
        '12'
        """
        return self._known.id

    @property
    def name(self) -> str:
        """Its name; of a direct one the handles, ``@ana,@bo``.

        Examples
        --------
        >>> chat.direct("bo").name  # doctest: +SKIP
        '@ana,@bo'
        """
        return self._session.directory.room_name(self._record)

    @property
    def kind(self) -> str:
        """``public``, ``private`` or ``direct``.

        Examples
        --------
        >>> room.kind  # doctest: +SKIP
        'public'
        """
        return self._record.kind

    @property
    def topic(self) -> str:
        """What it is about; may be empty.

        Examples
        --------
        >>> room.topic  # doctest: +SKIP
        'nightly load'
        """
        return self._record.topic

    @property
    def archived(self) -> bool:
        """Whether it can only be read.

        Examples
        --------
        >>> room.archived  # doctest: +SKIP
        False
        """
        return self._record.archived

    @property
    def members(self) -> list[str]:
        """The handles of who is in it, in order; empty for a public room that one has not joined.

        Examples
        --------
        >>> room.members  # doctest: +SKIP
        ['ana', 'bo']
        """
        return sorted(self._session.directory.handles(self._record.members))

    # ---- how one sees it oneself

    @property
    def starred(self) -> bool:
        """Whether it stands among one's first conversations.

        Examples
        --------
        >>> room.starred  # doctest: +SKIP
        False
        """
        return self.id in self._session.directory.own.stars

    @property
    def muted(self) -> bool:
        """Whether one has muted it.

        Examples
        --------
        >>> room.muted  # doctest: +SKIP
        False
        """
        return self.id in self._session.directory.own.muted

    def star(self) -> None:
        """Have it stand first, after those that have a star already; nobody else sees that.

        Examples
        --------
        >>> room.star()  # doctest: +SKIP
        """
        self._chat._set_stars(lambda stars: stars if self.id in stars else [*stars, self.id])

    def unstar(self) -> None:
        """Take its star away.

        Examples
        --------
        >>> room.unstar()  # doctest: +SKIP
        """
        self._chat._set_stars(lambda stars: [star for star in stars if star != self.id])

    def mute(self) -> None:
        """Be quiet about it: what is said there counts for nothing until it mentions one. Nobody else sees that.

        Examples
        --------
        >>> room.mute()  # doctest: +SKIP
        """
        self._do(protocol.Mute(req=protocol.new_req(), room=self.id))

    def unmute(self) -> None:
        """Be told of it again.

        Examples
        --------
        >>> room.unmute()  # doctest: +SKIP
        """
        self._do(protocol.Unmute(req=protocol.new_req(), room=self.id))

    # ---- people

    def join(self) -> None:
        """Come into a public room.

        Examples
        --------
        >>> chat.room("random").join()  # doctest: +SKIP
        """
        self._do(protocol.Join(req=protocol.new_req(), room=self.id))

    def leave(self) -> None:
        """Go out of it.

        Examples
        --------
        >>> room.leave()  # doctest: +SKIP
        """
        self._do(protocol.Leave(req=protocol.new_req(), room=self.id))

    def add(self, member: str) -> None:
        """Bring a member in, by handle.

        Examples
        --------
        >>> room.add("cy")  # doctest: +SKIP
        """
        self._do(protocol.Add(req=protocol.new_req(), room=self.id, member=self._chat._member(member).id))

    def remove(self, member: str) -> None:
        """Put a member out, by handle.

        Examples
        --------
        >>> room.remove("cy")  # doctest: +SKIP
        """
        self._do(protocol.Remove(req=protocol.new_req(), room=self.id, member=self._chat._member(member).id))

    # ---- what was shared and said

    def files(self) -> pd.DataFrame:
        """Its files, one a row; see `Frames.files` for the columns.

        Examples
        --------
        >>> room.files().sort_values("size").tail(3)["name"]  # doctest: +SKIP
        """
        return self._chat.files(self)

    def links(self) -> pd.DataFrame:
        """Its links, one a row for each message that named them; see `Frames.links` for the columns.

        Examples
        --------
        >>> room.links().drop_duplicates("url")  # doctest: +SKIP
        """
        return self._chat.links(self)

    def search(
        self, query: str, *, limit: int | None = 50, sort: str = "relevance", inflected: bool = True
    ) -> pd.DataFrame:
        """Its messages that fit a query; see `Chat.search`.

        Examples
        --------
        >>> room.search('"late invoice" has:file', sort="newest")  # doctest: +SKIP
        """
        return self._chat.search(query, self, limit=limit, sort=sort, inflected=inflected)

    # ---- the room itself

    def rename(self, name: str) -> None:
        """Give it another name.

        Examples
        --------
        >>> room.rename("nightly")  # doctest: +SKIP
        """
        self._do(protocol.Rename(req=protocol.new_req(), room=self.id, name=checks.room_name(name)))

    def set_topic(self, topic: str) -> None:
        """Say what it is about.

        Examples
        --------
        >>> room.set_topic("nightly load, vendor files")  # doctest: +SKIP
        """
        self._do(protocol.SetTopic(req=protocol.new_req(), room=self.id, topic=checks.topic(topic)))

    def archive(self) -> None:
        """Close it: it can be read, and nobody posts.

        Examples
        --------
        >>> room.archive()  # doctest: +SKIP
        """
        self._do(protocol.Archive(req=protocol.new_req(), room=self.id))

    def unarchive(self) -> None:
        """Open it again.

        Examples
        --------
        >>> room.unarchive()  # doctest: +SKIP
        """
        self._do(protocol.Unarchive(req=protocol.new_req(), room=self.id))

    def delete_room(self) -> None:
        """Delete it with all its messages; this cannot be undone.

        Examples
        --------
        >>> room.delete_room()  # doctest: +SKIP
        """
        self._do(protocol.DeleteRoom(req=protocol.new_req(), room=self.id))

    # ---- how it looks

    def __repr__(self) -> str:
        return f"<Room {self.name}: {', '.join(self._facts())}>"

    def _repr_html_(self) -> str:
        try:
            if self._session.state not in ("open", "closed"):
                raise errors.ConnectionLost("The hub is away: its messages are shown when it is back.")
            messages = self.history(limit=_SHOWN)
        except errors.CollabchatError as error:
            inner = display.notice(str(error))
        else:
            inner = display.messages_html(messages) if messages else display.notice("No messages yet.")
        return display.box(self.name, [*self._facts(), self.topic], inner)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Room) and (other.id, other._session) == (self.id, self._session)

    def __hash__(self) -> int:
        return hash((self.id, id(self._session)))

    def _facts(self) -> list[str]:
        record = self._record
        facts: list[str] = [record.kind, display.many(record.n_members, "member")]
        if record.archived:
            facts.append("archived")
        if not record.joined and record.kind == "public":
            facts.append("not joined")
        return facts

    @property
    def _record(self) -> protocol.Room:
        found = self._session.directory.room(self._known.id)
        if found is not None:
            self._known = found
        return self._known
