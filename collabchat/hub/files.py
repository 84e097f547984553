"""Files on their way in and out: slices to the disk, and back to those who may see the message they belong to."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import weakref
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from collabchat import protocol as p
from collabchat.errors import CollabchatError, Conflict, DiskFull, Invalid, NotFound, TooLarge
from collabchat.hub import access
from collabchat.hub.codes import error_of
from collabchat.hub.commands.posts import too_many
from collabchat.hub.hello import not_yet
from collabchat.store import queries
from collabchat.store.directory import MemberState
from collabchat.store.log import RESERVE
from collabchat.store.uploads import Key, Note, Upload

if TYPE_CHECKING:
    from collabchat.hub.hub import Hub
    from collabchat.hub.session import Session

T = TypeVar("T")
THREADS = 4
IN_LINE = 64
"""Slices that a connection may have asked for and not got yet."""
KEPT = 2_000
"""Files of messages that are remembered, for their next slice."""
GONE = "There is no such file, or you may not see its message."
NO_UPLOAD = "There is no such upload of yours: begin it again."


class Files:
    """What a hub does with files."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.uploads = hub.workspace.uploads
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="collabchat-files")
        self._turns: weakref.WeakValueDictionary[Key, asyncio.Lock] = weakref.WeakValueDictionary()
        self._lines: weakref.WeakKeyDictionary[Session, asyncio.Semaphore] = weakref.WeakKeyDictionary()
        self._sending: weakref.WeakKeyDictionary[Session, asyncio.Lock] = weakref.WeakKeyDictionary()
        self._tasks: set[asyncio.Task[None]] = set()
        self._known: OrderedDict[str, p.Attachment] = OrderedDict()

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def run(self, work: Callable[..., T], *values: object) -> T:
        """Do something with the disk, on a thread."""
        return await self.hub.loop.run_in_executor(self._pool, lambda: work(*values))

    @contextlib.asynccontextmanager
    async def _turn(self, key: Key) -> AsyncIterator[None]:
        """One at a time for each upload, whichever connection it comes from."""
        lock = self._turns.get(key)
        if lock is None:
            lock = self._turns[key] = asyncio.Lock()
        async with lock:
            yield

    # ------------------------------------------------------------ in

    async def take(self, session: Session, frame: bytes) -> None:
        """A binary frame of a client: bytes of an upload. Returns when they are on their place."""
        decoded = p.decode_slice(frame, self.hub.limits)
        if isinstance(decoded, p.Error):
            session.say(decoded)
            return
        header, content = decoded
        try:
            me = self.hub.me(session)
            if me is None:
                raise not_yet()
            upload = await self._write((me.id, header.upload), header.offset, content)
            session.say(_told(header.req, upload))
        except CollabchatError as error:
            session.say(error_of(error, header.req))
        except Exception:  # as for any other request
            session.say(self.hub.failed(header.req))

    async def _write(self, key: Key, offset: int, content: memoryview) -> Upload:
        async with self._turn(key):
            upload = self.uploads.get(*key)
            if upload is None:
                raise NotFound(NO_UPLOAD)
            if upload.file is not None:
                return upload
            if upload.hashed is None:
                await self.run(self.uploads.resume, upload, self.hub.clock())
            seen = upload.offset - offset
            if seen < 0:
                raise Conflict(f"The next slice begins at byte {upload.offset:,}.")
            rest = content[seen:]
            if upload.offset + len(rest) > upload.note.size:
                raise TooLarge(f"The file was to have {upload.note.size:,} bytes; these are more.")
            upload.touched = self.hub.clock()
            if rest:
                await self.run(self.uploads.write, upload, rest)
            if upload.offset == upload.note.size:
                await self._finish(upload)
            return upload

    async def _finish(self, upload: Upload) -> None:
        # From here on the file of this content is kept, should it be there and somebody about to remove it.
        upload.sha = upload.hashed.hexdigest()
        if not await self.run(self.uploads.finish, upload):
            await self._drop(upload)
            raise Invalid("What arrived is not what was announced (its SHA-256 is another one): send the file again.")

    async def _drop(self, upload: Upload) -> None:
        self.uploads.all.pop(upload.key, None)
        await self.run(self.uploads.drop, upload)

    # ------------------------------------------------------------ begin, give up

    async def answer(self, session: Session, me: MemberState, request: p.StartUpload | p.CancelUpload) -> None:
        """Begin an upload, go on with one, or give it up."""
        key = me.id, request.upload
        if isinstance(request, p.CancelUpload):
            async with self._turn(key):
                upload = self.uploads.get(*key)
                if upload is not None and upload.posting is None:
                    await self._drop(upload)
            session.say(p.Ack(req=request.req, seq=self.hub.workspace.durable, changed=upload is not None))
            return
        room = access.room(self.hub.workspace.directory, me, request.room)
        access.check("post", me, room)
        async with self._turn(key):
            upload = self.uploads.get(*key)
            if upload is None:
                upload = await self._begin(me, request)
            else:
                await self._go_on(upload, request)
            session.say(_told(request.req, upload))

    async def _go_on(self, upload: Upload, request: p.StartUpload) -> None:
        if upload.note.size != request.size:
            raise Conflict("Another file is under way under this name: give this one another.")
        if upload.file is not None:
            return
        self._has_room(upload.note.size - upload.offset)
        await self.run(self.uploads.resume, upload, self.hub.clock())
        upload.touched = self.hub.clock()
        if upload.offset == upload.note.size:
            await self._finish(upload)

    async def _begin(self, me: MemberState, request: p.StartUpload) -> Upload:
        known = await self._may_see(me, request)
        await self.run(self.hub.workspace.blobs.usage)  # counted once, and not on the loop
        self._fits(me, request)
        note = Note(
            member=me.id,
            upload=request.upload,
            room=request.room,
            name=request.name,
            size=request.size,
            sha256=request.sha256,
            time=self.hub.clock(),
            boot=self.uploads.boot,
        )
        # In the list at once: others ask at the same time how much there is.
        upload = self.uploads.all[me.id, request.upload] = Upload(note)
        try:
            if known:
                with contextlib.suppress(FileNotFoundError):
                    await self.run(self.uploads.describe_known, upload)
                    return upload
            self._has_room(request.size)
            await self.run(self.uploads.begin, upload)
            if not request.size:
                await self._finish(upload)
        except BaseException:
            self.uploads.all.pop(upload.key, None)
            raise
        return upload

    async def _may_see(self, me: MemberState, request: p.StartUpload) -> bool:
        """Whether a member may see a file of this content already: else its being there is nobody's business."""
        sha, size = request.sha256, request.size
        if sha is None:
            return False
        mine = [one.file for one in self.uploads.of(me.id)]
        mine += [file for waiting in me.own.scheduled.values() for file in waiting.files]
        if any(file is not None and (file.sha256, file.size) == (sha, size) for file in mine):
            return True
        workspace = self.hub.workspace
        for message, found in await self.hub.reads.ask(lambda: queries.holders(workspace.reader(), sha)):
            with contextlib.suppress(NotFound):
                ref, _ = access.message(workspace.directory, workspace.refs, me, message)
                if not ref.deleted and found == size:
                    return True
        return False

    def _fits(self, me: MemberState, request: p.StartUpload) -> None:
        settings = self.hub.workspace.directory.settings
        if not settings.attachments:
            raise TooLarge(too_many(settings, 1))
        over = request.size - settings.attachment_bytes
        if over > 0:
            raise TooLarge(
                f"The files of a message have at most {settings.attachment_bytes:,} bytes together; "
                f"this one has {over:,} too many."
            )
        if len(self.uploads.of(me.id)) >= self.hub.limits.uploads:
            raise TooLarge(
                f"You have sent {self.hub.limits.uploads} files that are not posted yet: post or drop one first."
            )
        if settings.quota is not None:
            left = settings.quota - self.hub.workspace.blobs.usage()[1] - self.uploads.under_way
            if request.size > left:
                raise TooLarge(
                    f"The files of this workspace have at most {settings.quota:,} bytes in all; there is room for "
                    f"{max(0, left):,} more."
                )

    def _has_room(self, size: int) -> None:
        if shutil.disk_usage(self.hub.workspace.folder).free < RESERVE + size:
            raise DiskFull("The hub's disk has no room for this file. Nothing was stored: make room, then try again.")

    # ------------------------------------------------------------ posted

    async def give_up(self, upload: Upload, latest: p.Micros) -> None:
        """Drop one that nobody has gone on with since."""
        async with self._turn(upload.key):
            if upload.posting is None and upload.touched <= latest and self.uploads.get(*upload.key) is upload:
                await self._drop(upload)

    def posted(self, member: p.Id, uploads: Sequence[p.Req], seq: int) -> None:
        """Some go out with an event: once that is on disk they are used up, and where it was refused they are not."""
        used = [found for one in uploads if (found := self.uploads.get(member, one)) is not None]
        for upload in used:
            upload.posting = seq

        def done(failure: Exception | None) -> None:
            for upload in used:
                upload.posting = None
                if failure is None and self.hub.closing:
                    self.uploads.drop(self.uploads.all.pop(upload.key))
                elif failure is None:
                    self._later(self._used_up(upload))

        self.hub.when_durable(seq, done)

    async def _used_up(self, upload: Upload) -> None:
        async with self._turn(upload.key):
            await self._drop(upload)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = self.hub.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # ------------------------------------------------------------ out

    async def find(self, me: MemberState, wanted: p.FileId) -> p.Attachment:
        """A file of a message that a member may see, now.

        Raises
        ------
        NotFound
            Where there is none.
        """
        self.check(me, wanted)
        known = self._known.get(wanted)
        if known is None:
            await self.hub.settled(self.hub.workspace.directory.seq)
            reader = self.hub.workspace.reader
            message, _, number = wanted.partition("-")
            known = await self.hub.reads.ask(lambda: queries.attachment_of(reader(), message, int(number)))
            if known is None:
                raise NotFound(GONE)
            self._known[wanted] = known
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
            self.check(me, wanted)
        return known

    def check(self, me: MemberState, wanted: p.FileId) -> None:
        """Refuse what a member may not see at this moment."""
        workspace = self.hub.workspace
        now = workspace.directory.members.get(me.id)
        message, _, number = wanted.partition("-")
        try:
            if now is None:
                raise NotFound(GONE)
            ref, _ = access.message(workspace.directory, workspace.refs, now, message)
        except NotFound as error:
            raise NotFound(GONE) from error
        if ref.deleted or int(number) > ref.n_files:
            raise NotFound(GONE)

    def line(self, session: Session) -> asyncio.Semaphore:
        """The places of a connection's slices that are asked for: whoever asks for more is read on later."""
        found = self._lines.get(session)
        if found is None:
            found = self._lines[session] = asyncio.Semaphore(IN_LINE)
        return found

    async def send(self, session: Session, me: MemberState, request: p.GetSlice) -> None:
        """Answer with bytes of a file: those of a connection one after the other, as fast as it takes them.

        Its place in the `line` is free again after that.
        """
        lock = self._sending.get(session)
        if lock is None:
            lock = self._sending[session] = asyncio.Lock()
        try:
            async with lock:
                await self._send(session, me, request)
        finally:
            self.line(session).release()

    async def _send(self, session: Session, me: MemberState, request: p.GetSlice) -> None:
        if session.closed:
            return
        file = await self.find(me, request.file)
        content = await self.run(
            self.hub.workspace.blobs.read, file.sha256, request.offset, min(request.length, self.hub.limits.slice)
        )
        self.check(me, request.file)
        if content is None:
            raise NotFound("The file is not there any more.")
        header = p.FileSlice(req=request.req, file=request.file, offset=request.offset, size=file.size)
        await session.send_binary(header, content)


def _told(req: p.Req, upload: Upload) -> p.Upload:
    return p.Upload(req=req, upload=upload.note.upload, offset=upload.offset, file=upload.file)
