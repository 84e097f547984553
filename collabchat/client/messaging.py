"""What one says and reads in a room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from .. import errors, protocol
from . import checks
from .history import read_history
from .message import Message
from .messages import Messages
from .naming import message_of, message_of_event
from .posting import Posting
from .thread import Thread
from .times import any_moment, moment

if TYPE_CHECKING:
    import pandas as pd

    from .chat import Chat
    from .room import Room


class Messaging(Posting):
    """The part of a `Room` that is about messages."""

    _chat: Chat

    # ---- polls and threads

    def poll(
        self,
        question: str,
        options: Iterable[str],
        *,
        multiple: bool = False,
        reply_to: str | Message | None = None,
    ) -> Message:
        """Ask something that people answer by a click.

        Parameters
        ----------
        question : str
            At most 1,000 characters.
        options : iterable of str
            What there is to choose: two or more, each said once.
        multiple : bool
            One may choose several.
        reply_to : str or Message, optional
            Ask it in the thread of this message.

        Returns
        -------
        Message
            Its ``poll`` has the votes, `Message.vote` votes, `Message.close_poll` ends it.

        Examples
        --------
        >>> message = room.poll("Lunch?", ["noodles", "soup"])  # doctest: +SKIP
        >>> message.vote("soup")  # doctest: +SKIP
        """
        command = protocol.CreatePoll(
            req=protocol.new_req(),
            room=self.id,
            question=checks.words(question, 1000, "A question"),
            options=checks.options(options, self._session.limits),
            multiple=bool(multiple),
            reply_to=None if reply_to is None else checks.message_id(reply_to),
        )
        return self._said(command)

    def thread(self, message: str | Message) -> Thread:
        """The thread of a message, whether it has replies yet or not.

        Parameters
        ----------
        message : str or Message
            The thread's first message, or any reply in it.

        Raises
        ------
        errors.NotFound
            Where there is no such message in this room.

        Examples
        --------
        >>> thread = room.thread(message)  # doctest: +SKIP
        >>> thread.post("on it")  # doctest: +SKIP
        >>> thread.replies().frame()  # doctest: +SKIP
        """
        if not (isinstance(message, Message) and message._is_of(self._room)):
            message = self._read_back(checks.message_id(message))
        return Thread(self._room, message.thread or message.id)

    @property
    def draft(self) -> str:
        """What one has begun to write in the room, here or in a panel; empty where nothing. It can be set: panels
        show it in their text box.

        Examples
        --------
        >>> room.draft  # doctest: +SKIP
        'I think that'
        >>> room.draft = ""  # doctest: +SKIP
        """
        return self._draft(None)

    @draft.setter
    def draft(self, text: str) -> None:
        self._set_draft(None, text)

    # ---- messages that are there

    def edit(self, message: str | Message, text: str) -> None:
        """Change the text of a message of one's own; its files stay.

        Examples
        --------
        >>> room.edit(message.id, "new text")  # doctest: +SKIP
        """
        # Of one that is named by its id the hub knows whether it has files.
        text = checks.text(
            text, self._session.limits, with_files=not isinstance(message, Message) or bool(message.files)
        )
        self._do(protocol.Edit(req=protocol.new_req(), id=checks.message_id(message), text=text))

    def delete(self, message: str | Message) -> None:
        """Delete a message; its place stays, its text is gone.

        Examples
        --------
        >>> room.delete(message)  # doctest: +SKIP
        """
        self._do(protocol.Delete(req=protocol.new_req(), id=checks.message_id(message)))

    def react(self, message: str | Message, emoji: str) -> None:
        """Put an emoji on a message; once, however often it is called.

        Examples
        --------
        >>> room.react(message, "👍")  # doctest: +SKIP
        """
        emoji = checks.emoji(emoji)
        self._do(protocol.React(req=protocol.new_req(), id=checks.message_id(message), emoji=emoji))

    def unreact(self, message: str | Message, emoji: str) -> None:
        """Take one's emoji off a message.

        Examples
        --------
        >>> room.unreact(message, "👍")  # doctest: +SKIP
        """
        emoji = checks.emoji(emoji)
        self._do(protocol.Unreact(req=protocol.new_req(), id=checks.message_id(message), emoji=emoji))

    def pin(self, message: str | Message) -> None:
        """Pin a message to the room.

        Examples
        --------
        >>> room.pin(message)  # doctest: +SKIP
        """
        self._do(protocol.Pin(req=protocol.new_req(), id=checks.message_id(message)))

    def unpin(self, message: str | Message) -> None:
        """Take a pin away.

        Examples
        --------
        >>> room.unpin(message)  # doctest: +SKIP
        """
        self._do(protocol.Unpin(req=protocol.new_req(), id=checks.message_id(message)))

    # ---- reading

    def pins(self) -> Messages:
        """The pinned messages, the newest pin first.

        Returns
        -------
        Messages
            A list; its ``frame()`` is a DataFrame.

        Examples
        --------
        >>> [message.text for message in room.pins()]  # doctest: +SKIP
        ['where the runbook is']
        >>> room.pins().frame()[["author", "text"]]  # doctest: +SKIP
        """
        page = self._session.request(protocol.Pins(req=protocol.new_req(), room=self.id))
        return Messages(map(self._message, page.messages))

    def history(
        self,
        limit: int | None = 50,
        before: str | Message | None = None,
        after: str | Message | None = None,
        around: str | Message | None = None,
        thread: str | Message | None = None,
        system: bool = False,
        at: object = None,
    ) -> Messages:
        """Messages in the order of time.

        Parameters
        ----------
        limit : int or None
            How many at most; None: all.
        before, after, around : str or Message, optional
            One of them: the ones just before it, just after it, or on both sides of it (with itself). Without
            any, the newest.
        thread : str or Message, optional
            Only the thread of this message, its first message included.
        system : bool
            Also the lines that events leave ("bo joined").
        at : datetime, date, pandas.Timestamp or timedelta, optional
            In place of ``around``: on both sides of the first message of this time or later. Without a zone it is
            a time of this computer's zone; a timedelta counts back from now.

        Returns
        -------
        Messages
            A list; its ``frame()`` is a DataFrame.

        Examples
        --------
        >>> room.history(limit=3)  # doctest: +SKIP
        >>> room.history(limit=None, thread=message)  # doctest: +SKIP
        >>> room.history(at=date(2026, 1, 7))  # doctest: +SKIP
        """
        records = read_history(
            self._session,
            self.id,
            limit=None if limit is None else checks.count(limit, "limit"),
            before=None if before is None else checks.message_id(before),
            after=None if after is None else checks.message_id(after),
            around=None if around is None else checks.message_id(around),
            at=None if at is None else any_moment(at, "at"),
            thread=_root(thread),
            system=bool(system),
        )
        return Messages(map(self._message, records))

    def read(self, upto: str | Message | None = None) -> None:
        """Mark as read up to and with a message, by default the newest; never moves the mark back.

        Examples
        --------
        >>> room.read()  # doctest: +SKIP
        """
        id = None if upto is None else checks.message_id(upto)
        self._do(protocol.MarkRead(req=protocol.new_req(), room=self.id, upto=id))

    def mark_unread(self, message: str | Message) -> None:
        """Mark a message, and all after it, as unread again.

        Examples
        --------
        >>> room.mark_unread(message)  # doctest: +SKIP
        """
        self._do(protocol.MarkUnread(req=protocol.new_req(), room=self.id, id=checks.message_id(message)))

    # ---- for messages and threads

    @property
    def _room(self) -> Room:
        return cast("Room", self)

    def _link_to(self, message: Message) -> str:
        return f"collabchat:{self.id}/{message.id}"

    def _do(self, command: protocol.Command) -> None:
        self._session.command(command)

    def _said(self, command: protocol.Post | protocol.CreatePoll | protocol.Forward) -> Message:
        """Do what makes a message here; the message."""
        done = self._session.command(command)
        event = done.event
        if event is None or not isinstance(event.data, protocol.Posted):
            return self._read_back(str(done.ack.id))
        return message_of_event(self._session.directory, event, event.data)._bind(self._room)

    def _message(self, record: protocol.Message) -> Message:
        return message_of(self._session.directory, record)._bind(self._room)

    def _read_back(self, id: str) -> Message:
        page: Any = self._session.request(
            protocol.History(req=protocol.new_req(), room=self.id, around=id, limit=1, system=True)
        )
        for record in page.messages:
            if record.id == id:
                return self._message(record)
        raise errors.NotFound(f"There is no message {id} in this room that you can see.")

    def _forward(self, message: Message, room: object, text: str) -> Message:
        target = self._chat._a_room(room)
        if text:
            text = checks.text(text, self._session.limits)
        return target._said(protocol.Forward(req=protocol.new_req(), id=message.id, room=target.id, text=text))

    def _vote(self, message: Message, choices: tuple[str | int, ...]) -> None:
        if message.poll is None:
            raise errors.Invalid("This message is no poll: there is nothing to choose.")
        places = checks.choices(choices, message.poll)
        self._do(protocol.Vote(req=protocol.new_req(), id=message.id, choices=places))

    def _close_poll(self, message: Message) -> None:
        if message.poll is None:
            raise errors.Invalid("This message is no poll: there is nothing to close.")
        self._do(protocol.ClosePoll(req=protocol.new_req(), id=message.id))

    def _save(self, message: Message, note: str, remind: object) -> None:
        when = None if remind is None else moment(remind, "remind")
        note = checks.note(note)
        self._do(protocol.Save(req=protocol.new_req(), id=message.id, note=note, remind_at=when))

    def _unsave(self, message: Message) -> None:
        self._do(protocol.Unsave(req=protocol.new_req(), id=message.id))

    def _versions(self, message: Message) -> pd.DataFrame:
        from ..frames.personal import frame_of

        reply = self._session.request(protocol.Versions(req=protocol.new_req(), id=message.id))
        return frame_of("versions", [{"time": one.time, "text": one.text} for one in reply.versions])

    def _seen_by(self, message: Message) -> list[str]:
        return self._people(protocol.SeenBy(req=protocol.new_req(), id=message.id))

    def _people(self, request: protocol.SeenBy | protocol.Followers) -> list[str]:
        reply = self._session.request(request)
        return sorted(self._session.directory.handles(reply.members))

    def _draft(self, thread: str | None) -> str:
        self._session.check()
        found = self._session.directory.own.draft(self.id, thread)
        return found.text if found else ""

    def _set_draft(self, thread: str | None, text: str) -> None:
        text = checks.draft(text, self._session.limits)
        before = self._session.directory.own.draft(self.id, thread)
        # A quotation that was begun in a panel stays one.
        quoted = before.reply_to if before and text else None
        command = protocol.SetDraft(req=protocol.new_req(), room=self.id, thread=thread, text=text, reply_to=quoted)
        self._do(command)


def _root(thread: str | Message | None) -> str | None:
    if isinstance(thread, Message):
        return thread.thread or thread.id
    return None if thread is None else checks.message_id(thread)
