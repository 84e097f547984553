"""A message, and what one can do with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .. import errors
from . import display
from .files import File
from .records import Forwarded, Poll

if TYPE_CHECKING:
    import pandas as pd

    from .room import Room
    from .thread import Thread


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message as it stood when it was read; it does not change by itself (`reload` reads it anew).

    Attributes
    ----------
    id : str
        Its id, which methods that ask for a message take.
    seq : int
        The number of the event that made it.
    room, author : str
        The room's name and the author's handle.
    time : datetime
        When the hub stored it, in UTC.
    text : str or None
        None where it was deleted.
    kind : str
        ``text``, ``system``, ``bot``, ``call`` or ``poll``.
    thread : str or None
        The id of the thread's first message; also on that one once it has replies.
    reply_to : str or None
        The id of the message that it answers.
    edited_at : datetime or None
    deleted : bool
    mentions : tuple of str
        The handles that it names.
    reactions : dict
        Who put which emoji on it: ``{"👍": ("ana", "bo")}``.
    n_replies : int
        How many replies its thread has.
    last_reply_at : datetime or None
    pinned : bool
    also_to_room : bool
        A reply in a thread that also stands in the room itself.
    forwarded : Forwarded or None
        Where it comes from, where it was forwarded.
    poll : Poll or None
    files : list of File
        In the order in which they were sent.

    Examples
    --------
    >>> message = chat.room("pipeline").history(limit=1)[0]  # doctest: +SKIP
    >>> message.author, message.text  # doctest: +SKIP
    ('ana', 'done')
    >>> message.react("👍")  # doctest: +SKIP
    >>> message.reply("thanks")  # doctest: +SKIP
    """

    id: str
    seq: int
    room: str
    author: str
    time: datetime
    text: str | None
    kind: str = "text"
    thread: str | None = None
    reply_to: str | None = None
    edited_at: datetime | None = None
    deleted: bool = False
    mentions: tuple[str, ...] = ()
    reactions: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    n_replies: int = 0
    last_reply_at: datetime | None = None
    pinned: bool = False
    also_to_room: bool = False
    forwarded: Forwarded | None = None
    poll: Poll | None = None
    files: list[File] = field(default_factory=list, hash=False)

    # ---- answering

    def reply(self, text: str = "", also: bool = False, *, files: object = (), progress: bool | None = None) -> Message:
        """Answer in its thread.

        Parameters
        ----------
        text : str
            Markdown; may be left out where there are files.
        also : bool
            Have the answer stand in the room itself too.
        files, progress
            As for `Room.post`.

        Examples
        --------
        >>> message.reply("on it")  # doctest: +SKIP
        """
        return self._at.post(text, files=files, reply_to=self, also_to_room=also, progress=progress)

    def quote(self, text: str = "", *, files: object = (), progress: bool | None = None) -> Message:
        """Answer in the room itself, quoting it; ``files`` and ``progress`` are as for `Room.post`.

        Examples
        --------
        >>> message.quote("this one")  # doctest: +SKIP
        """
        return self._at.post(text, files=files, reply_to=self, quote=True, progress=progress)

    def forward(self, room: str | Room, text: str = "") -> Message:
        """Post it into another room, with its files and where it comes from; one must be able to see it and to post
        there.

        Parameters
        ----------
        room : str or Room
            Where to.
        text : str
            Words of one's own above it; may be empty.

        Returns
        -------
        Message
            The one in the other room; its ``forwarded`` is this one.

        Examples
        --------
        >>> message.forward("random", "worth reading")  # doctest: +SKIP
        """
        return self._at._forward(self, room, text)

    # ---- changing

    def edit(self, text: str) -> None:
        """Change its text; it must be one's own.

        Examples
        --------
        >>> message.edit("new text")  # doctest: +SKIP
        """
        self._at.edit(self, text)

    def delete(self) -> None:
        """Delete it; its place stays, its text is gone.

        Examples
        --------
        >>> message.delete()  # doctest: +SKIP
        """
        self._at.delete(self)

    def react(self, emoji: str) -> None:
        """Put an emoji on it; once, however often it is called.

        Examples
        --------
        >>> message.react("👍")  # doctest: +SKIP
        """
        self._at.react(self, emoji)

    def unreact(self, emoji: str) -> None:
        """Take one's emoji off it.

        Examples
        --------
        >>> message.unreact("👍")  # doctest: +SKIP
        """
        self._at.unreact(self, emoji)

    def pin(self) -> None:
        """Pin it to its room.

        Examples
        --------
        >>> message.pin()  # doctest: +SKIP
        """
        self._at.pin(self)

    def unpin(self) -> None:
        """Take the pin away.

        Examples
        --------
        >>> message.unpin()  # doctest: +SKIP
        """
        self._at.unpin(self)

    # ---- polls

    def vote(self, *choices: str | int) -> None:
        """Choose in its poll, in place of what one chose before; without choices one's vote is taken back.

        Parameters
        ----------
        *choices : str or int
            Options by their words, or by their places from 0 on.

        Raises
        ------
        errors.Invalid
            Where it is no poll, or has no such option.

        Examples
        --------
        >>> room.poll("Lunch?", ["noodles", "soup"]).vote("soup")  # doctest: +SKIP
        """
        self._at._vote(self, choices)

    def close_poll(self) -> None:
        """End its poll: nobody votes any more.

        Examples
        --------
        >>> message.close_poll()  # doctest: +SKIP
        """
        self._at._close_poll(self)

    # ---- for oneself

    def save(self, note: str = "", remind: object = None) -> None:
        """Put it aside for later; said again, note and reminder are the new ones. Nobody else sees it.

        Parameters
        ----------
        note : str
            Words of one's own, at most 1,000 characters.
        remind : datetime, pandas.Timestamp or timedelta, optional
            When to be reminded; a datetime without a zone is one of this computer's zone, a timedelta counts from
            now.

        Examples
        --------
        >>> message.save("for the report", remind=timedelta(hours=2))  # doctest: +SKIP
        """
        self._at._save(self, note, remind)

    def unsave(self) -> None:
        """Take it out of what one has saved.

        Examples
        --------
        >>> message.unsave()  # doctest: +SKIP
        """
        self._at._unsave(self)

    # ---- looking closer

    def reload(self) -> Message:
        """The message as it is now.

        Raises
        ------
        errors.NotFound
            Where one sees it no more.

        Examples
        --------
        >>> message.reload().reactions  # doctest: +SKIP
        {'👍': ('bo',)}
        """
        return self._at._read_back(self.id)

    def open_thread(self) -> Thread:
        """Its thread; the same as ``room.thread(message)``.

        Examples
        --------
        >>> message.open_thread().replies()  # doctest: +SKIP
        """
        return self._at.thread(self)

    def versions(self) -> pd.DataFrame:
        """What it said, the first version first, the one of now last.

        Returns
        -------
        pandas.DataFrame
            ``time`` (datetime64[us, UTC]: from when on it said so), ``text`` (string).

        Raises
        ------
        errors.Invalid
            Where it was deleted: its versions are gone with it.

        Examples
        --------
        >>> message.versions()["text"].tolist()  # doctest: +SKIP
        ['dnoe', 'done']
        """
        return self._at._versions(self)

    def seen_by(self) -> list[str]:
        """The handles of who has read up to it, but for its author; in order.

        Examples
        --------
        >>> message.seen_by()  # doctest: +SKIP
        ['bo', 'cy']
        """
        return self._at._seen_by(self)

    @property
    def link(self) -> str:
        """The address of the message, as *Copy link* gives it: where another message links to it, it leads there.

        Examples
        --------
        >>> room.post(f"as [said]({message.link})")  # doctest: +SKIP
        """
        return self._at._link_to(self)

    # ---- how it looks

    def __str__(self) -> str:
        return display.message_line(self)

    def _repr_html_(self) -> str:
        return display.messages_html([self])

    # ---- where it is

    @property
    def _at(self) -> Room:
        found: Room | None = self.__dict__.get("_room")
        if found is None:
            raise errors.Invalid(
                f"This copy of message {self.id} knows of no chat (it was copied or unpickled): "
                f"use chat.room({self.room!r}), whose methods take it, or read it again."
            )
        return found

    def _is_of(self, room: Room) -> bool:
        return bool(self.__dict__.get("_room") == room)

    def _bind(self, room: Room) -> Message:
        object.__setattr__(self, "_room", room)
        for file in self.files:
            file._bind(room._session)
        return self

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key != "_room"}
