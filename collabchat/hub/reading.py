"""Requests that read: each is checked on the loop, asked of the database on a thread, answered when it is there."""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow as pa

from collabchat import __version__
from collabchat import protocol as p
from collabchat.errors import CollabchatError, Forbidden, HubUnavailable, Invalid, NotFound
from collabchat.hub import access, lookups
from collabchat.hub.codes import error_of
from collabchat.store import backup, frames, queries, shared
from collabchat.store.directory import MemberState
from collabchat.store.schema import FILE

if TYPE_CHECKING:
    from collabchat.hub.hub import Hub
    from collabchat.hub.session import Session

T = TypeVar("T")
_Care = p.Ping | p.Status | p.Stop | p.Backup | p.Reindex
ATTEMPTS = 10
"""How often a read begins anew because the disk refused what it was about to show."""
BUSY = "The hub's disk refuses what others write, again and again: try again later."
MISSED = 5_000
"""More events than this are not sent again after a `Sync`: the client loads anew."""


class Reading:
    """The readers of a hub."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="collabchat-read")
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def busy(self) -> bool:
        """Whether something is being answered that takes long."""
        return bool(self._tasks)

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def ask(self, question: Callable[..., T], *values: Any) -> T:
        return await self.hub.loop.run_in_executor(self._pool, lambda: question(*values))

    async def answer(self, session: Session, me: MemberState, request: p.AnyRequest) -> None:
        """Answer a request that changes nothing."""
        hub = self.hub
        match request:
            case p.Ping() | p.Status() | p.Stop() | p.Backup() | p.Reindex():
                await self.care(session, me, request)
            case p.Sync():
                await self._sync(session, me, request)
            case p.History():
                await self._page(session, me, request)
            case p.Pins():
                room = access.room(hub.workspace.directory, me, request.room)
                found = await self.ask(lambda: queries.pinned(hub.workspace.reader(), room.id))
                self._say_page(session, request.req, room.id, found, False, False)
            case p.Versions() | p.SeenBy() | p.Followers() | p.Threads() | p.SavedMessages() | p.GetPicture():
                session.say(await lookups.answer(hub, me, request, self.ask))
            case p.StartUpload() | p.CancelUpload():
                await hub.files.answer(session, me, request)
            case p.GetSlice():
                await hub.files.line(session).acquire()
                self.later(session, request.req, hub.files.send(session, me, request))
            case p.GetThumbnail():
                self.later(session, request.req, self._thumbnail(session, me, request))
            case p.GetPreview():
                self.later(session, request.req, self._preview(session, me, request))
            case p.Shared():
                await self._shared(session, me, request)
            case p.Search():
                self.later(session, request.req, self._search(session, me, request))
            case p.Frame():
                self.later(session, request.req, self._send_frame(session, me, request))
            case _:
                raise Invalid(f"The hub does not know what to do with {type(request).__name__}.")

    async def care(self, session: Session, me: MemberState | None, request: _Care) -> None:
        """Answer a request about the hub itself; ``me`` is None for the hub's own user who said no hello."""
        hub = self.hub
        match request:
            case p.Ping():
                session.say(p.Ack(req=request.req, seq=hub.workspace.durable, changed=False))
            case p.Status():
                staff = me is None or me.role in ("owner", "admin")
                session.say(await self._status(request.req, staff=staff))
            case p.Stop():
                if me is not None and me.role not in ("owner", "admin"):
                    raise Forbidden("Only the hub's own user, an owner or an admin may stop the hub.")
                session.say(p.Ack(req=request.req, seq=hub.workspace.durable))
                await session.drained()
                hub.stop.set()
            case p.Reindex():
                if me is not None:
                    raise Forbidden("Only the hub's own user may have the index made anew: `collabchat index`.")
                hub.searching.rebuild()
                session.say(p.Ack(req=request.req, seq=hub.workspace.durable, changed=False))
            case p.Backup():
                # It writes where it is told to. A panel's connection is of the hub's own user too, but what it says
                # comes from a browser.
                if me is not None:
                    raise Forbidden("Only the hub's own user may make a backup: `collabchat backup`.")
                target = Path(request.path)
                if not target.is_absolute():
                    raise Invalid("A backup needs the whole path of its folder, from the root on.")
                self.later(session, request.req, self._backup(session, request.req, target))

    def later(self, session: Session, req: p.Req, answering: Coroutine[Any, Any, None]) -> None:
        """Answer while the connection is read further, as it must be to be known alive: this may take long."""
        task = self.hub.loop.create_task(self._answered(session, req, answering))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answered(self, session: Session, req: p.Req, answering: Coroutine[Any, Any, None]) -> None:
        try:
            await answering
        except CollabchatError as error:
            session.say(error_of(error, req))
        except Exception:  # its reason may name files and statements of the hub: it is for the log
            session.say(self.hub.failed(req))

    async def _backup(self, session: Session, req: p.Req, target: Path) -> None:
        workspace = self.hub.workspace
        with self.hub.collecting.paused():
            await self.ask(lambda: backup.copy(workspace.connection.cursor(), target, workspace.blobs.folder))
        session.say(p.Ack(req=req, seq=workspace.durable))

    async def _search(self, session: Session, me: MemberState, request: p.Search) -> None:
        session.say(await self.hub.searching.answer(me, request))

    # ------------------------------------------------------------ start-up

    async def _sync(self, session: Session, me: MemberState, request: p.Sync) -> None:
        session.hold()
        try:
            for _ in range(ATTEMPTS):
                if await self._start(session, me.id, request):
                    return
            raise HubUnavailable(BUSY)
        except BaseException:
            session.since = None
            raise
        finally:
            session.release()

    async def _start(self, session: Session, member_id: p.Id, request: p.Sync) -> bool:
        """Put the snapshot and what was missed before what waits; false where the disk refused what it shows."""
        hub = self.hub
        state = hub.workspace.directory
        me = state.members[member_id]
        upto = state.seq
        rooms = [state.rooms[room] for room in state.visible_rooms(me)]
        reads = {room: me.reads.get(room, 0) for room in me.rooms}
        records = [(room.id, state.room_record(room, me)) for room in rooms]
        members = [member.record() for member in state.members.values()]
        preferences = me.preferences
        own, settings = lookups.own(state, me), state.settings
        session.forget_events()
        session.since = upto
        if not await hub.settled(upto):
            return False
        reader = hub.workspace.reader
        unread = await self.ask(lambda: queries.unread(reader(), me.id, reads, upto))
        missed: list[p.Event] | None = []
        if request.since is not None and request.since < upto:
            since, visible = request.since, [room.id for room in rooms]
            missed = await self.ask(lambda: queries.events_between(reader(), visible, since, upto, MISSED))
        snapshot = p.Snapshot(
            req=request.req,
            seq=upto,
            me=me.id,
            members=members,
            rooms=[_with_unread(record, unread.get(room)) for room, record in records],
            preferences=preferences,
            online=hub.presence.online(),
            limits=hub.limits,
            **own,
            settings=settings,
            gap=missed is None or (request.since is not None and request.since > upto),
        )
        raws = [p.encode(snapshot)]
        raws += [p.encode(event) for event in missed or () if state.delivers(event, me)]
        session.first(raws)
        return True

    # ------------------------------------------------------------ messages

    async def _page(self, session: Session, me: MemberState, request: p.History) -> None:
        workspace = self.hub.workspace
        room = access.room(workspace.directory, me, request.room)
        if sum(bound is not None for bound in (request.before, request.after, request.around, request.at)) > 1:
            raise Invalid("Ask for a page before, after or around a message, or at a time: one of them.")
        await self.hub.settled(workspace.directory.seq)

        def read() -> tuple[list[p.Message], bool, bool]:
            newest = room.last_seq
            found = queries.page(workspace.reader(), request, newest=newest)
            # Something new was said meanwhile: it may be on disk already, and belongs to the page.
            return found if room.last_seq == newest else queries.page(workspace.reader(), request)

        found, before, after = await self.ask(read)
        self._say_page(session, request.req, room.id, found, before, after)

    def _say_page(
        self, session: Session, req: p.Req, room: p.Id, found: list[p.Message], before: bool, after: bool
    ) -> None:
        session.say(
            p.Page(
                req=req,
                room=room,
                messages=found,
                more_before=before,
                more_after=after,
                seq=self.hub.workspace.durable,
            )
        )

    # ------------------------------------------------------------ files

    async def _thumbnail(self, session: Session, me: MemberState, request: p.GetThumbnail) -> None:
        files = self.hub.files
        made = await self.hub.previewing.thumbnail(await files.find(me, request.file), request.side)
        files.check(me, request.file)
        if made is None:
            raise NotFound("There is no picture of this file.")
        header = p.Thumbnail(
            req=request.req, file=request.file, media_type=made.media_type, width=made.width, height=made.height
        )
        await session.send_binary(header, made.data)

    async def _preview(self, session: Session, me: MemberState, request: p.GetPreview) -> None:
        files = self.hub.files
        made = await self.hub.previewing.preview(await files.find(me, request.file))
        files.check(me, request.file)
        session.say(p.Preview(req=request.req, preview=made))

    async def _shared(self, session: Session, me: MemberState, request: p.Shared) -> None:
        workspace = self.hub.workspace
        room = access.room(workspace.directory, me, request.room)
        await self.hub.settled(workspace.directory.seq)
        found = await self.ask(lambda: shared.listed(workspace.reader(), request))
        access.room(workspace.directory, workspace.directory.members[me.id], room.id)
        session.say(
            p.SharedPage(
                req=request.req,
                room=room.id,
                entries=found.entries,
                total=found.total,
                months=found.months,
                seq=workspace.durable,
            )
        )

    # ------------------------------------------------------------ tables

    async def _send_frame(self, session: Session, me: MemberState, request: p.Frame) -> None:
        workspace = self.hub.workspace
        for _ in range(ATTEMPTS):
            state = workspace.directory
            me = state.members[me.id]
            upto, visible, access_seq = state.seq, state.visible_rooms(me), state.access_of(me)
            if await self.hub.settled(upto):
                break
        else:
            raise HubUnavailable(BUSY)
        full = request.name not in frames.INCREMENTAL or request.since is None or request.since < access_seq
        full = full or (request.since or 0) > upto
        parts: Iterator[pa.Table]
        if request.name == "rooms":
            reads = {room: me.reads.get(room, 0) for room in me.rooms}
            unread = await self.ask(lambda: queries.unread(workspace.reader(), me.id, reads, upto))
            parts = iter([frames.rooms(state, me, unread)])
        elif request.name == "members":
            parts = iter([frames.members(state)])
        elif request.name == "reads":
            parts = iter([frames.reads(state, me)])
        else:
            since = 0 if full else request.since or 0
            cursor = workspace.connection.cursor()
            parts = frames.stored(cursor, request.name, me=me.id, rooms=visible, since=since, upto=upto)
        number = 0
        encoded = await self.ask(_next_part, parts)
        while encoded is not None and not session.closed:
            following = await self.ask(_next_part, parts)
            header = p.Table(
                req=request.req, name=request.name, seq=upto, full=full, part=number, more=following is not None
            )
            await session.send_binary(header, encoded)
            encoded, number = following, number + 1

    # ------------------------------------------------------------ how it is

    async def _status(self, req: p.Req, *, staff: bool) -> p.HubStatus:
        hub = self.hub
        workspace = hub.workspace
        # Whoever sends a file could see by these whether it had been there before.
        files, file_bytes = await self.ask(workspace.blobs.usage) if staff else (0, 0)
        indexed, index_bytes, indexing = hub.searching.facts()
        times = sorted(workspace.log.commit_times)
        database = workspace.folder / FILE
        messages = sum(room.n_messages for room in workspace.directory.rooms.values())
        return p.HubStatus(
            req=req,
            version=__version__,
            pid=os.getpid(),
            workspace=str(workspace.folder),
            started_at=hub.started_at,
            uptime=(time.time_ns() // 1000 - hub.started_at) / 1e6,
            seq=workspace.durable,
            members=len(workspace.directory.members),
            members_connected=len(hub.presence.sessions),
            connections=len(hub.presence.all()),
            messages=messages,
            database_bytes=_size(database),
            log_bytes=_size(database.with_name(database.name + ".wal")),
            queue=workspace.log.waiting,
            commits=workspace.log.commits,
            commit_p50=1000 * statistics.median(times) if times else 0.0,
            commit_p99=1000 * times[int(len(times) * 0.99)] if times else 0.0,
            memory_bytes=_memory(),
            files=files,
            file_bytes=file_bytes,
            indexed=indexed,
            index_bytes=index_bytes,
            indexing=indexing,
        )


def _with_unread(record: p.Room, unread: tuple[int, int] | None) -> p.Room:
    if unread is None:
        return record
    import msgspec

    return msgspec.structs.replace(record, unread=unread[0], mentions=unread[1])


def _next_part(parts: Iterator[pa.Table]) -> pa.Buffer | None:
    table = next(parts, None)
    if table is None:
        return None
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _memory() -> int:
    """The resident memory of this process, where the system tells."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


__all__ = ["HubUnavailable", "Reading"]
