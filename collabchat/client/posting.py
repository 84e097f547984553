"""What one says in a room, now or later, with files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import errors, protocol
from . import checks
from .message import Message
from .records import Scheduled, as_time
from .times import moment
from .uploads import Uploads

if TYPE_CHECKING:
    from .session import Session


class Posting:
    """The part of a `Room` that is about saying something."""

    _session: Session

    @property
    def id(self) -> str:
        """The room's id."""
        raise NotImplementedError

    # ---- saying something

    def post(
        self,
        text: str = "",
        *,
        files: object = (),
        reply_to: str | Message | None = None,
        quote: bool = False,
        also_to_room: bool = False,
        progress: bool | None = None,
    ) -> Message:
        """Say something.

        Parameters
        ----------
        text : str
            Markdown; ``@handle`` mentions a member. May be left out where there are files.
        files : list
            Paths, ``(name, bytes)``, open files, ``(name, open file)``, or files of other messages (`File`). Of an open
            file that can be moved in all is sent, wherever it stands. One alone may be given without a list.
        reply_to : str or Message, optional
            The message to answer, in its thread.
        quote : bool
            With ``reply_to``: answer in the room itself, quoting it.
        also_to_room : bool
            With ``reply_to``: the answer stands in the thread, and in the room itself too.
        progress : bool, optional
            Show a bar while files are sent, or show none; by default one shows where it takes long.

        Returns
        -------
        Message
            As it was stored.

        Raises
        ------
        errors.TooLarge
            Over a limit of the workspace (`Chat.settings`); nothing has been sent then.
        errors.ConnectionLost
            Where the hub was away for too long. What it has of the files is kept for a day: the same post again goes
            on where this one stopped.

        Examples
        --------
        >>> message = room.post("**done**, see @bo")  # doctest: +SKIP
        >>> room.post("thanks", reply_to=message)  # doctest: +SKIP
        >>> room.post("the load", files=["load.csv", ("day.parquet", df.to_parquet())])  # doctest: +SKIP
        """
        answered = _answered(reply_to, quote, also_to_room)
        with self._with_files(text, files, progress) as uploads:
            return self._said(
                protocol.Post(
                    req=protocol.new_req(),
                    room=self.id,
                    text=uploads.text,
                    files=uploads.ids,
                    reply_to=answered,
                    quote=bool(quote),
                    broadcast=bool(also_to_room),
                )
            )

    def send_later(
        self,
        text: str,
        at: object,
        *,
        files: object = (),
        reply_to: str | Message | None = None,
        quote: bool = False,
        also_to_room: bool = False,
        progress: bool | None = None,
    ) -> Scheduled:
        """Have the hub post something at a time, whoever is there then.

        Parameters
        ----------
        text : str
            Markdown; may be empty where there are files.
        at : datetime, pandas.Timestamp or timedelta
            When; a datetime without a zone is one of this computer's zone, a timedelta counts from now.
        files, reply_to, quote, also_to_room, progress
            As for `post`; the files are sent now.

        Returns
        -------
        Scheduled
            With the ``id`` that `Chat.unschedule` takes.

        Raises
        ------
        errors.Invalid
            Where the time has passed, is none, or is more than two years away.

        Examples
        --------
        >>> room.send_later("the load begins", timedelta(hours=2))  # doctest: +SKIP
        >>> room.send_later("good morning", pd.Timestamp("2030-01-07 09:00", tz="Europe/Madrid"))  # doctest: +SKIP
        """
        answered = _answered(reply_to, quote, also_to_room)
        when = moment(at, "at")
        with self._with_files(text, files, progress) as uploads:
            command = protocol.Schedule(
                req=protocol.new_req(),
                room=self.id,
                text=uploads.text,
                files=uploads.ids,
                at=when,
                reply_to=answered,
                quote=bool(quote),
                broadcast=bool(also_to_room),
            )
            done = self._session.command(command)
        room = self._session.directory.name_of(self.id) or self.id
        return Scheduled(
            id=str(done.ack.id),
            room=room,
            text=uploads.text,
            at=as_time(when),
            reply_to=answered,
            files=tuple(uploads.names),
        )

    # ---- for its own

    def _with_files(self, text: str, files: object, progress: bool | None) -> Uploads:
        """The words and files of a message, looked at before anything travels; the files are sent when one enters."""
        uploads = Uploads(self._session, self.id, files, progress)
        try:
            uploads.text = checks.text(text, self._session.limits, with_files=bool(uploads.names))
        except errors.CollabchatError:
            uploads.close()
            raise
        return uploads

    def _said(self, command: protocol.Post | protocol.CreatePoll | protocol.Forward) -> Message:
        raise NotImplementedError


def _answered(reply_to: str | Message | None, quote: bool, also_to_room: bool) -> str | None:
    """The id of the message that is answered, where the words go together."""
    answered = None if reply_to is None else checks.message_id(reply_to)
    if quote and answered is None:
        raise errors.Invalid("quote=True quotes a message: name it by reply_to=.")
    if also_to_room and answered is None:
        raise errors.Invalid("also_to_room=True is for a reply in a thread: name the message by reply_to=.")
    if also_to_room and quote:
        raise errors.Invalid("A quotation stands in the room anyway: give quote= or also_to_room=, not both.")
    return answered
