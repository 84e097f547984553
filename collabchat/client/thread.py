"""A thread: a message and the replies to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import errors, protocol
from . import checks, display
from .message import Message
from .messages import Messages

if TYPE_CHECKING:
    from .room import Room

_SHOWN = 10


class Thread:
    """A message and the replies to it; get one from `Room.thread`. It need not have any replies yet.

    Examples
    --------
    >>> thread = room.thread(message)  # doctest: +SKIP
    >>> thread.post("on it")  # doctest: +SKIP
    >>> [reply.text for reply in thread.replies()]  # doctest: +SKIP
    ['on it']
    """

    def __init__(self, room: Room, root: str) -> None:
        self._room = room
        self._root = root

    @property
    def id(self) -> str:
        """The id of its first message.

        Examples
        --------
        >>> thread.id  # doctest: +SKIP
        '1824'
        """
        return self._root

    @property
    def room(self) -> Room:
        """The room that it is in.

        Examples
        --------
        >>> thread.room.name  # doctest: +SKIP
        'pipeline'
        """
        return self._room

    @property
    def root(self) -> Message:
        """Its first message, as it is now.

        Examples
        --------
        >>> thread.root.n_replies  # doctest: +SKIP
        2
        """
        return self._room._read_back(self._root)

    def replies(self, limit: int | None = None) -> Messages:
        """The replies in the order of time.

        Parameters
        ----------
        limit : int or None
            The newest so many; None: all.

        Returns
        -------
        Messages
            A list; its ``frame()`` is a DataFrame.

        Examples
        --------
        >>> thread.replies().frame()["author"].value_counts()  # doctest: +SKIP
        """
        if limit is not None:
            limit = checks.count(limit, "limit")
        # The root is one of the thread's messages, and not a reply.
        found = self._room.history(limit=limit and limit + 1, thread=self._root)
        replies = [message for message in found if message.id != self._root]
        return Messages(replies if limit is None else replies[-limit:])

    def post(
        self, text: str = "", *, files: object = (), also_to_room: bool = False, progress: bool | None = None
    ) -> Message:
        """Answer in it.

        Parameters
        ----------
        text : str
            Markdown; may be left out where there are files.
        also_to_room : bool
            Have the answer stand in the room itself too.
        files, progress
            As for `Room.post`.

        Examples
        --------
        >>> thread.post("it is done", also_to_room=True)  # doctest: +SKIP
        """
        return self._room.post(text, files=files, reply_to=self._root, also_to_room=also_to_room, progress=progress)

    def follow(self) -> None:
        """Be told of new replies. Who writes in a thread, or is mentioned there, follows it already.

        Examples
        --------
        >>> thread.follow()  # doctest: +SKIP
        """
        self._room._do(protocol.Follow(req=protocol.new_req(), id=self._root))

    def unfollow(self) -> None:
        """Be told no more.

        Examples
        --------
        >>> thread.unfollow()  # doctest: +SKIP
        """
        self._room._do(protocol.Unfollow(req=protocol.new_req(), id=self._root))

    def followers(self) -> list[str]:
        """The handles of who is told of new replies, in order.

        Examples
        --------
        >>> thread.followers()  # doctest: +SKIP
        ['ana', 'bo']
        """
        return self._room._people(protocol.Followers(req=protocol.new_req(), id=self._root))

    @property
    def draft(self) -> str:
        """What one has begun to write in it, here or in a panel; empty where nothing. It can be set.

        Examples
        --------
        >>> thread.draft = "I think that"  # doctest: +SKIP
        """
        return self._room._draft(self._root)

    @draft.setter
    def draft(self, text: str) -> None:
        self._room._set_draft(self._root, text)

    def __repr__(self) -> str:
        return f"<Thread {self._root} of {self._room.name}>"

    def _repr_html_(self) -> str:
        facts: list[str] = []
        try:
            root = self.root
            facts.append("1 reply" if root.n_replies == 1 else f"{root.n_replies:,} replies")
            inner = display.messages_html([root, *self.replies(limit=_SHOWN)])
        except errors.CollabchatError as error:
            inner = display.notice(str(error))
        return display.box(f"{self._room.name}: thread", facts, inner)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Thread) and (other._root, other._room) == (self._root, self._room)

    def __hash__(self) -> int:
        return hash((self._root, self._room))
