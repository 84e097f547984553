"""Files on their way to the hub: slices in a window, which go on where they were after a lost connection."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from msgspec.structs import replace

from .. import errors, protocol
from .pending import Interrupted
from .progress import Bar
from .sources import Source, sources_of

if TYPE_CHECKING:
    from types import TracebackType

    from .pending import Pending
    from .session import Session

WINDOW = 8
"""Slices that are on their way at once."""
_IN_VAIN = 5
"""Times that a connection may be lost one after the other without a byte that arrived."""
_REMEMBERED = 100


class Uploads:
    """The files of one message: sent when one enters, dropped again where the message is not posted.

    Examples
    --------
    >>> with Uploads(session, room.id, ["report.csv"]) as uploads:  # doctest: +SKIP
    ...     session.command(protocol.Post(req=protocol.new_req(), room=room.id, files=uploads.ids))
    """

    def __init__(self, session: Session, room: str, files: object, progress: bool | None = None) -> None:
        self._session = session
        self._room = room
        self.ids: list[str] = []
        """Of the uploads, in the order of the files."""
        self.text = ""
        """The words that go with them."""
        session.check()
        self._sources = sources_of(files, session.directory.settings)
        self.names = [source.name for source in self._sources]
        self._bar = Bar(sum(source.size or 0 for source in self._sources), "sending", progress)

    def __enter__(self) -> Uploads:
        try:
            with self._bar:
                for source in self._sources:
                    self._send(source)
        except BaseException as error:
            self._drop(error)
            raise
        finally:
            self.close()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._drop(error)

    def close(self) -> None:
        """Let go of what was given."""
        for source in self._sources:
            source.close()

    def _send(self, source: Source) -> None:
        sha256 = source.sha256()
        size = source.size or 0
        key = self._room, source.name, size, sha256
        upload = self._session.unfinished.pop(key, None) or protocol.new_req()
        self.ids.append(upload)
        start = protocol.StartUpload(
            req=protocol.new_req(), upload=upload, room=self._room, name=source.name, size=size, sha256=sha256
        )
        sending = _Sending(self._session, source, start, self._bar)
        try:
            stored = sending.run()
        except errors.ConnectionLost:
            self._remember(key, upload)
            raise
        except errors.Invalid as error:
            if sending.all_sent and source.sha256(anew=True) != sha256:
                raise errors.Invalid(_changed(source)) from error
            raise
        if stored.sha256 != sha256:
            raise errors.Invalid(_changed(source))

    def _remember(self, key: tuple[str, str, int, str], upload: str) -> None:
        known = self._session.unfinished
        known[key] = upload
        while len(known) > _REMEMBERED:
            known.pop(next(iter(known)), None)

    def _drop(self, error: BaseException) -> None:
        """Nobody is to post these: the hub need not keep them."""
        if isinstance(error, errors.ConnectionLost | errors.Forked):
            return
        for upload in self.ids:
            try:
                self._session.submit(protocol.CancelUpload(req=protocol.new_req(), upload=upload))
            except errors.CollabchatError:
                return


class _Sending:
    """One file on its way."""

    def __init__(self, session: Session, source: Source, start: protocol.StartUpload, bar: Bar) -> None:
        self._session = session
        self._source = source
        self._start = start
        self._bar = bar
        self._there = 0
        self.all_sent = False
        self._waiting: deque[Pending] = deque()

    def run(self) -> protocol.Attachment:
        """Send it; the file as the hub has it."""
        in_vain = 0
        while True:
            before = self._there
            try:
                found = self._session.request(self._start)
                return self._slices(found)
            except Interrupted:
                in_vain = in_vain + 1 if self._there <= before else 0
                if in_vain == _IN_VAIN:
                    raise
            finally:
                for pending in self._waiting:
                    self._session.forget(pending)
                self._waiting.clear()
            self._start = replace(self._start, req=protocol.new_req())

    def _slices(self, answer: protocol.Upload) -> protocol.Attachment:
        size = self._start.size
        at = answer.offset
        self._arrived(answer)
        while answer.file is None:
            while len(self._waiting) < WINDOW and (at < size or (size == 0 and not self._waiting)):
                piece = self._source.read(at, self._session.limits.slice)
                self._waiting.append(self._session.send_slice(self._start.upload, at, piece))
                at += len(piece)
                self.all_sent = at == size
            if not self._waiting:
                raise errors.CollabchatError(f"The hub did not keep {self._source.name!r}: send it again.")
            answer = self._session.wait(self._waiting.popleft())
            self._arrived(answer)
        return answer.file

    def _arrived(self, answer: protocol.Upload) -> None:
        self._bar.update(answer.offset - self._there)
        self._there = answer.offset


def _changed(source: Source) -> str:
    return f"{source.name!r} changed while it was sent: send it again when nobody writes to it."
