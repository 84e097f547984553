"""A room: what one does and reads there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import errors, protocol
from . import checks, display
from .history import read_history
from .records import Message, as_time

if TYPE_CHECKING:
    from .chat import Chat
    from .session import Session

_SHOWN = 10


class Room:
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

    # ---- messages

    def post(self, text: str, *, reply_to: str | Message | None = None, quote: bool = False) -> Message:
        """Say something.

        Parameters
        ----------
        text : str
            Markdown; ``@handle`` mentions a member.
        reply_to : str or Message, optional
            The message to answer, in its thread.
        quote : bool
            With ``reply_to``: answer in the room itself, quoting it.

        Returns
        -------
        Message
            As it was stored.

        Examples
        --------
        >>> message = room.post("**done**, see @bo")  # doctest: +SKIP
        >>> room.post("thanks", reply_to=message)  # doctest: +SKIP
        """
        text = checks.text(text, self._session.limits)
        answered = None if reply_to is None else checks.message_id(reply_to)
        if quote and answered is None:
            raise errors.Invalid("quote=True quotes a message: name it by reply_to=.")
        done = self._session.command(
            protocol.Post(req=protocol.new_req(), room=self.id, text=text, reply_to=answered, quote=bool(quote))
        )
        if done.event is None or not isinstance(done.event.data, protocol.Posted):
            return self._read_back(str(done.ack.id))
        data = done.event.data
        return Message(
            id=data.id,
            seq=done.event.seq,
            room=self.name,
            author=self._session.directory.handle(done.event.actor),
            time=as_time(done.event.time),
            text=data.text,
            kind=data.kind,
            thread=data.thread,
            reply_to=data.reply_to,
            mentions=self._session.directory.handles(data.mentions),
        )

    def edit(self, message: str | Message, text: str) -> None:
        """Change the text of a message of one's own.

        Examples
        --------
        >>> room.edit(message.id, "new text")  # doctest: +SKIP
        """
        text = checks.text(text, self._session.limits)
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

    def pins(self) -> list[Message]:
        """The pinned messages, the newest pin first.

        Examples
        --------
        >>> [message.text for message in room.pins()]  # doctest: +SKIP
        ['where the runbook is']
        """
        page = self._session.request(protocol.Pins(req=protocol.new_req(), room=self.id))
        return [self._message(record) for record in page.messages]

    def history(
        self,
        limit: int | None = 50,
        before: str | Message | None = None,
        after: str | Message | None = None,
        around: str | Message | None = None,
        thread: str | Message | None = None,
        system: bool = False,
    ) -> list[Message]:
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

        Returns
        -------
        list of Message

        Examples
        --------
        >>> room.history(limit=3)  # doctest: +SKIP
        >>> room.history(limit=None, thread=message)  # doctest: +SKIP
        """
        records = read_history(
            self._session,
            self.id,
            limit=None if limit is None else checks.count(limit, "limit"),
            before=None if before is None else checks.message_id(before),
            after=None if after is None else checks.message_id(after),
            around=None if around is None else checks.message_id(around),
            thread=_root(thread),
            system=bool(system),
        )
        return [self._message(record) for record in records]

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

    def _do(self, command: protocol.Command) -> None:
        self._session.command(command)

    def _read_back(self, id: str) -> Message:
        page: Any = self._session.request(
            protocol.History(req=protocol.new_req(), room=self.id, around=id, limit=1, system=True)
        )
        for record in page.messages:
            if record.id == id:
                return self._message(record)
        raise errors.NotFound(f"The message {id} is stored, but it is not to be seen any more.")

    def _message(self, record: protocol.Message) -> Message:
        directory = self._session.directory
        return Message(
            id=record.id,
            seq=int(record.id),
            room=self.name,
            author=directory.handle(record.author),
            time=as_time(record.time),
            text=record.text,
            kind=record.kind,
            thread=record.thread,
            reply_to=record.reply_to,
            edited_at=None if record.edited_at is None else as_time(record.edited_at),
            deleted=record.deleted,
            mentions=directory.handles(record.mentions),
            reactions={each.emoji: directory.handles(each.members) for each in record.reactions},
        )


def _root(thread: str | Message | None) -> str | None:
    if isinstance(thread, Message):
        return thread.thread or thread.id
    return None if thread is None else checks.message_id(thread)
