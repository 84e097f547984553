"""What a member keeps for themselves, and says of themselves."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args, get_type_hints

import msgspec

from .. import errors, protocol
from . import checks
from .records import Scheduled
from .times import moment

if TYPE_CHECKING:
    import pandas as pd

    from .room import Room
    from .session import Session

_TOGETHER = 500
"""Commands that are on their way at once."""


class Personal:
    """The part of a `Chat` that is about oneself."""

    _session: Session

    # ---- what one keeps

    def drafts(self) -> pd.DataFrame:
        """What one has begun to write in rooms and threads, here and in panels; the newest first.

        Returns
        -------
        pandas.DataFrame
            ``room``, ``room_id``, ``thread`` (the id of the thread's first message; missing in the room itself),
            ``text``, ``reply_to`` (the id of the message that it quotes; may be missing): ``string``; ``time``
            (datetime64[us, UTC]).

        Examples
        --------
        >>> chat.drafts()[["room", "text"]]  # doctest: +SKIP
        """
        rows = [
            {
                **self._where(draft.room),
                "thread": draft.thread,
                "text": draft.text,
                "reply_to": draft.reply_to,
                "time": draft.time,
            }
            for draft in self._own().drafts.values()
            if self._sees(draft.room)
        ]
        return self._personal("drafts", sorted(rows, key=lambda row: -row["time"]))

    def saved(self) -> pd.DataFrame:
        """The messages that one saved, and one's notes; the one saved last first.

        Returns
        -------
        pandas.DataFrame
            ``id`` (of the message; of a note its own), ``room``, ``room_id``, ``author``, ``author_id``,
            ``posted_at``, ``text`` (the message's; all five missing for a note, and ``text`` for a message that was
            deleted), ``note``, ``time`` (when it was saved), ``remind_at`` (when one is to be reminded; may be
            missing), ``reminded_at`` (when one was; may be missing). Times are ``datetime64[us, UTC]``, the others
            ``string``.

        Examples
        --------
        >>> chat.saved().query("remind_at.notna()")  # doctest: +SKIP
        """
        listing = self._session.request(protocol.SavedMessages(req=protocol.new_req()))
        known = {message.id: message for message in listing.messages}
        rows: list[dict[str, Any]] = []
        for saved in self._own().saved.values():
            if saved.room is not None and not self._sees(saved.room):
                continue
            message = known.get(saved.id)
            said = {} if message is None else {**self._by(message), "posted_at": message.time, "text": message.text}
            where = {} if saved.room is None else self._where(saved.room)
            kept = {name: getattr(saved, name) for name in ("id", "note", "time", "remind_at", "reminded_at")}
            rows.append({**where, **said, **kept})
        return self._personal("saved", sorted(rows, key=lambda row: -row["time"]))

    def scheduled(self) -> pd.DataFrame:
        """The messages that the hub is to post for oneself; the next one first.

        Returns
        -------
        pandas.DataFrame
            ``id``, ``room``, ``room_id``, ``text`` (``string``), ``at`` (datetime64[us, UTC]), ``reply_to``
            (``string``; may be missing), ``n_files`` (int64), ``quote``, ``also_to_room`` (bool), ``problem``
            (``string``: why it could not be posted when its time came; else missing).

        Examples
        --------
        >>> chat.scheduled()[["at", "room", "text"]]  # doctest: +SKIP
        """
        rows = [
            {
                **self._where(waiting.room),
                "id": waiting.id,
                "text": waiting.text,
                "at": waiting.at,
                "reply_to": waiting.reply_to,
                "n_files": len(waiting.files),
                "quote": waiting.quote,
                "also_to_room": waiting.broadcast,
                "problem": waiting.problem,
            }
            for waiting in self._own().scheduled.values()
        ]
        return self._personal("scheduled", sorted(rows, key=lambda row: row["at"]))

    def unschedule(self, scheduled: str | Scheduled) -> None:
        """Take back what was to be sent later.

        Parameters
        ----------
        scheduled : str or Scheduled
            What `Room.send_later` gave, or its id.

        Raises
        ------
        errors.NotFound
            Where it was sent already, or taken back.

        Examples
        --------
        >>> later = room.send_later("good morning", timedelta(hours=9))  # doctest: +SKIP
        >>> chat.unschedule(later)  # doctest: +SKIP
        """
        id = scheduled.id if isinstance(scheduled, Scheduled) else checks.message_id(scheduled)
        self._session.command(protocol.Unschedule(req=protocol.new_req(), id=id))

    def threads(self, limit: int = 50) -> pd.DataFrame:
        """The threads that one follows, the one with the newest reply first.

        Parameters
        ----------
        limit : int
            How many at most, up to 200.

        Returns
        -------
        pandas.DataFrame
            ``id`` (of the thread's first message), ``room``, ``room_id``, ``author``, ``author_id``, ``time``,
            ``text`` (missing where it was deleted), ``n_replies`` (int64), ``last_reply_at`` (may be missing).
            Times are ``datetime64[us, UTC]``, texts ``string``.

        Examples
        --------
        >>> chat.threads()[["room", "text", "n_replies"]]  # doctest: +SKIP
        """
        limit = checks.count(limit, "limit")
        if limit > 200:
            raise errors.Invalid(f"limit is at most 200, not {limit:,}.")
        listing = self._session.request(protocol.Threads(req=protocol.new_req(), limit=limit))
        rows = [
            {
                **self._where(message.room),
                **self._by(message),
                "id": message.id,
                "time": message.time,
                "text": message.text,
                "n_replies": message.n_replies,
                "last_reply_at": message.last_reply_at,
            }
            for message in listing.messages
        ]
        return self._personal("threads", rows)

    def stars(self) -> pd.DataFrame:
        """The rooms that stand first for oneself, in their order.

        Returns
        -------
        pandas.DataFrame
            ``room``, ``room_id``, ``kind``, ``topic``: all ``string``.

        Examples
        --------
        >>> chat.stars()["room"].tolist()  # doctest: +SKIP
        ['pipeline', '@ana,@bo']
        """
        rooms = [self._session.directory.room(id) for id in self._own().stars]
        rows = [{**self._where(room.id), "kind": room.kind, "topic": room.topic} for room in rooms if room]
        return self._personal("stars", rows)

    def set_stars(self, rooms: Iterable[str | Room]) -> None:
        """Have these rooms stand first, in this order, and no others; nobody else sees that.

        Examples
        --------
        >>> chat.set_stars(["pipeline", "random"])  # doctest: +SKIP
        """
        if isinstance(rooms, str):
            raise errors.Invalid(f"rooms is a list of rooms, such as [{rooms!r}], not text.")
        ids = list(dict.fromkeys(self._a_room(room).id for room in rooms))
        self._set_stars(lambda _: ids)

    def remind(self, text: str, at: object) -> str:
        """Be reminded of something; it stands in `saved` as a note.

        Parameters
        ----------
        text : str
            Of what; at most 1,000 characters.
        at : datetime, pandas.Timestamp or timedelta
            When; a datetime without a zone is one of this computer's zone, a timedelta counts from now.

        Returns
        -------
        str
            The note's id, for `unsave`.

        Examples
        --------
        >>> chat.remind("look at the load", timedelta(minutes=30))  # doctest: +SKIP
        '2041'
        """
        when = moment(at, "at")
        note = checks.words(text, 1000, "A reminder")
        done = self._session.command(protocol.Save(req=protocol.new_req(), note=note, remind_at=when))
        return str(done.ack.id)

    def unsave(self, saved: str) -> None:
        """Take a note or a message, by id, out of what one has saved.

        Examples
        --------
        >>> chat.unsave(chat.remind("look at the load", timedelta(minutes=30)))  # doctest: +SKIP
        """
        self._session.command(protocol.Unsave(req=protocol.new_req(), id=checks.message_id(saved)))

    def mark_all_read(self) -> None:
        """Mark everything in all of one's rooms as read.

        Examples
        --------
        >>> chat.mark_all_read()  # doctest: +SKIP
        """
        self._session.check()
        rooms = [room.id for room in self._session.directory.rooms() if room.joined]
        for start in range(0, len(rooms), _TOGETHER):
            self._session.commands(
                [protocol.MarkRead(req=protocol.new_req(), room=room) for room in rooms[start : start + _TOGETHER]]
            )

    # ---- what one says of oneself

    def set_status(self, text: str, emoji: str = "", until: object = None) -> None:
        """Say what one is doing; it stands beside one's name.

        Parameters
        ----------
        text : str
            One line of at most 100 characters; may be empty where there is an emoji.
        emoji : str
        until : datetime, pandas.Timestamp or timedelta, optional
            When it ends by itself; a timedelta counts from now. None: with `clear_status`.

        Examples
        --------
        >>> chat.set_status("in a call", "📞", until=timedelta(hours=1))  # doctest: +SKIP
        """
        if not isinstance(text, str) or not isinstance(emoji, str) or not (text.strip() or emoji.strip()):
            raise errors.Invalid("A status is text, an emoji, or both; clear_status() takes it away.")
        if len(text) > 100 or len(emoji) > 40:
            raise errors.Invalid("A status has at most 100 characters of text, and an emoji of at most 40.")
        when = None if until is None else moment(until, "until")
        text, emoji = checks.encodable(text), checks.encodable(emoji)
        self._session.command(protocol.SetStatus(req=protocol.new_req(), text=text, emoji=emoji, until=when))

    def clear_status(self) -> None:
        """Take one's status away.

        Examples
        --------
        >>> chat.clear_status()  # doctest: +SKIP
        """
        self._session.command(protocol.SetStatus(req=protocol.new_req()))

    def set_picture(self, picture: str | os.PathLike[str] | bytes | None) -> None:
        """Give oneself a picture, or take it away.

        Parameters
        ----------
        picture : path, bytes or None
            A PNG, JPEG or WebP of at most 512 pixels a side and 64 KiB; None: one's colour and letters again.

        Raises
        ------
        errors.Invalid
            Where it is none, or too large. The panel's settings make a large one smaller.

        Examples
        --------
        >>> chat.set_picture("me.png")  # doctest: +SKIP
        """
        data = b"" if picture is None else _bytes(picture)
        if picture is not None and not data:
            raise errors.Invalid("This picture is empty.")
        most = self._session.limits.picture
        if len(data) > most:
            raise errors.TooLarge(
                f"A picture has at most {most:,} bytes; this one has {len(data):,}. Make it smaller, or choose it in "
                "the panel's settings, which do so."
            )
        self._session.command(protocol.SetPicture(req=protocol.new_req(), data=base64.b64encode(data).decode()))

    def picture(self, member: str | None = None) -> bytes | None:
        """The picture of a member, by default one's own: the bytes of a PNG, JPEG or WebP; None where there is none.

        Examples
        --------
        >>> IPython.display.Image(chat.picture("bo"))  # doctest: +SKIP
        """
        found = self._member(self._session.handle if member is None else member)
        if found.picture is None:
            return None
        reply = self._session.request(protocol.GetPicture(req=protocol.new_req(), picture=found.picture))
        return base64.b64decode(reply.data)

    # ---- what one has chosen

    def preferences(self) -> dict[str, Any]:
        """What one has chosen for every panel.

        Examples
        --------
        >>> chat.preferences()["theme"]  # doctest: +SKIP
        'system'
        """
        self._session.check()
        return dict(msgspec.structs.asdict(self._session.directory.preferences))

    def set_preferences(
        self,
        *,
        enter: str | None = None,
        view: str | None = None,
        theme: str | None = None,
        density: str | None = None,
        clock: str | None = None,
        week: str | None = None,
        language: str | None = None,
        bar: bool | None = None,
        unread_first: bool | None = None,
        skin: int | None = None,
    ) -> None:
        """Choose what panels do; what is left out stays.

        Parameters
        ----------
        enter : str, optional
            What the Enter key does: ``send`` or ``line``.
        view : str, optional
            The list on the left: ``recent`` or ``category``.
        theme : str, optional
            ``system``, ``light`` or ``dark``.
        density : str, optional
            ``comfortable`` or ``compact``.
        clock : str, optional
            The time of day: ``12``, ``24``, or ``auto`` (as the language does).
        week : str, optional
            Its first day: ``monday``, ``sunday``, ``saturday`` or ``auto``.
        language : str, optional
            Of the panel: ``en``, ``de``, or ``auto`` (the browser's).
        bar : bool, optional
            Whether the formatting bar of the text box is shown.
        unread_first : bool, optional
            Whether conversations with something unread stand before the others.
        skin : int, optional
            The skin tone of emoji: 0 for none, then 1 (light) to 5 (dark).

        Examples
        --------
        >>> chat.set_preferences(enter="line", clock="24")  # doctest: +SKIP
        """
        given = {name: value for name, value in locals().items() if name != "self" and value is not None}
        chosen = {name: _preference(name, value) for name, value in given.items()}
        self._session.command(protocol.SetPreferences(req=protocol.new_req(), **cast(Any, chosen)))

    # ---- for its own

    def _own(self) -> Any:
        """What the hub last said of it; asked for anew where a room came in sight that the snapshot left out."""
        self._session.check()
        directory = self._session.directory
        if directory.hidden:
            self._session.sync()
        return directory.own

    def _set_stars(self, change: Callable[[list[str]], list[str]]) -> None:
        stars = change(self._own().stars)
        self._session.command(protocol.SetStars(req=protocol.new_req(), rooms=stars))

    def _sees(self, room: str) -> bool:
        return self._session.directory.room(room) is not None

    def _where(self, room: str) -> dict[str, Any]:
        return {"room": self._session.directory.name_of(room), "room_id": room}

    def _by(self, message: protocol.Message) -> dict[str, Any]:
        return {"author": self._session.directory.handle(message.author), "author_id": message.author}

    def _personal(self, name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
        from ..frames.personal import frame_of

        return frame_of(name, rows)

    def _member(self, handle: str) -> protocol.Member:
        raise NotImplementedError

    def _a_room(self, room: object) -> Room:
        raise NotImplementedError


def _preference(name: str, value: object) -> object:
    kind = get_type_hints(protocol.Preferences)[name]
    if kind is bool:
        if not isinstance(value, bool):
            raise errors.Invalid(f"{name} is True or False, not {value!r}.")
        return value
    if name == "skin":
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 5:
            raise errors.Invalid(f"skin is a number from 0 to 5, not {value!r}.")
        return value
    if name == "language":
        try:
            return msgspec.convert(value, protocol.Language)
        except msgspec.ValidationError:
            raise errors.Invalid(f"language is a code such as 'en' or 'de', or 'auto', not {value!r}.") from None
    return checks.one_of(value, get_args(kind), name)


def _bytes(picture: object) -> bytes:
    if isinstance(picture, bytes | bytearray | memoryview):
        return bytes(picture)
    if not isinstance(picture, str | os.PathLike):
        raise errors.Invalid(f"A picture is a path, bytes or None, not {type(picture).__name__}.")
    try:
        return Path(picture).expanduser().read_bytes()
    except (OSError, ValueError) as error:
        raise errors.Invalid(f"The picture cannot be read: {error}.") from error
