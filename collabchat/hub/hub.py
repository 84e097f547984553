"""The hub itself, without sockets: sessions in, events to the log, events out to whoever may see them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from collabchat import protocol as p
from collabchat.errors import CollabchatError
from collabchat.hub import access, hello, pictures, reading
from collabchat.hub.codes import error_of
from collabchat.hub.collecting import Collecting
from collabchat.hub.commands import decide
from collabchat.hub.due import Due
from collabchat.hub.files import Files
from collabchat.hub.presence import Presence
from collabchat.hub.previewing import Previewing
from collabchat.hub.searching import Searching
from collabchat.hub.session import Peer, Send, Session
from collabchat.hub.titles import Titles
from collabchat.store.directory import SEEN_BY_ALL, Directory, MemberState, RoomState
from collabchat.store.load import made_by
from collabchat.store.personal import PERSONAL
from collabchat.store.workspace import Workspace

log = logging.getLogger("collabchat.hub")
Waiter = Callable[[Exception | None], None]
RETRY = 1.0
INTRODUCING = (p.RoomCreated, p.Joined, p.Added)
"""Events that let somebody see a room."""
OTHERS = ""
"""Whoever is not named."""


class Hub:
    """The one owner of a workspace, as a set of sessions.

    Parameters
    ----------
    folder
        The workspace.
    limits
        What it accepts.
    clock
        The time in microseconds.
    token
        What a connection over TCP must show.
    """

    def __init__(
        self,
        folder: Path,
        *,
        limits: p.Limits | None = None,
        clock: Callable[[], p.Micros] = lambda: time.time_ns() // 1000,
        token: str | None = None,
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self.limits = limits or p.Limits()
        self.clock = clock
        self.token = token
        self.presence = Presence()
        self.started_at = time.time_ns() // 1000
        self.stop = asyncio.Event()
        self._waiters: dict[int, list[Waiter]] = {}
        self._introductions: dict[int, dict[p.Id, bytes]] = {}
        self.closing = False
        self._mending: asyncio.Task[None] | None = None
        self._unsure: list[p.Event] = []
        """What the log refused, until it is known what of it is on disk."""
        self.workspace = Workspace(folder, self._on_log_thread)
        self.reads = reading.Reading(self)
        self.previewing = Previewing(self.workspace.blobs)
        self.files = Files(self)
        self.collecting = Collecting(self)
        self.titles = Titles(self)
        self.searching = Searching(self)
        self.due = Due(self)
        self.due.look()

    # ------------------------------------------------------------ connections

    def connect(self, peer: Peer, send: Send, lost: Callable[[], None]) -> Session:
        """A new connection, of which nothing is known but what it proves."""
        return Session(peer, send, lost, rate=self.limits.rate)

    def disconnect(self, session: Session) -> None:
        session.close()
        me = session.me
        if me is None or not self.presence.leave(me.id, session):
            return
        now = self.clock()
        current = self.workspace.directory.members.get(me.id)
        if current is not None:
            current.last_seen = now
        if not self.closing:
            self.workspace.save_seen({me.id: now})
            self.tell_all(p.Presence(member=me.id, online=False, last_seen=now))

    def tell_all(self, message: object) -> None:
        """Something that everybody may know and that is not in the log."""
        raw = p.encode(message)
        for session in self.presence.all():
            if session.since is not None:
                session.push(raw, may_drop=True)

    async def receive(self, session: Session, frame: str | bytes) -> None:
        """A frame from a client; returns when the next one may be read."""
        if self.stop.is_set():
            return  # no answer is better than a refusal: the client asks the next hub again
        if isinstance(frame, bytes):
            await self.files.take(session, frame)
            await session.pace(1)
            return
        requests = p.decode_requests(frame, self.limits)
        for request in requests:
            if isinstance(request, p.Error):
                session.say(request)
                continue
            try:
                await self._request(session, request)
            except CollabchatError as error:
                session.say(error_of(error, request.req))
            except Exception:  # a client must never be able to stop the hub
                log.debug("%s failed", type(request).__name__)
                session.say(self.failed(request.req))
        await session.pace(len(requests))

    def failed(self, req: p.Req) -> p.Error:
        """What is answered where a request met a mistake of the hub's own; called while that is being handled."""
        if self._mending is not None:  # no wonder: the database may be closed
            return p.Error(code="unavailable", message="The hub's disk refuses it: try again later.", req=req)
        log.exception("a request failed")
        return p.Error(code="internal", message="The hub failed at this; its log says why.", req=req)

    async def _request(self, session: Session, request: p.AnyRequest) -> None:
        if isinstance(request, p.Hello):
            await hello.hello(self, session, request)
            return
        me = self.me(session)
        if me is None:
            # Whoever runs the hub looks after it without being a member.
            if isinstance(request, p.Status | p.Stop | p.Backup | p.Reindex) and (
                session.peer.own or (session.peer.uid is None and hello.is_token(request.token, self.token))
            ):
                await self.reads.care(session, None, request)
                return
            raise hello.not_yet()
        if isinstance(request, p.SetPicture) and request.data:
            picture = pictures.bytes_of(request.data, self.limits)
            with self.workspace.arriving(picture):
                await self.loop.run_in_executor(None, self.workspace.blobs.put, picture)
                if self.me(session) is None:
                    raise hello.not_yet()
                self.command(session, request)
            return
        if isinstance(request, p.Command):
            self.command(session, request)
            return
        if isinstance(request, p.Typing):
            self._typing(session, me, request)
            return
        await self.reads.answer(session, me, request)

    def me(self, session: Session) -> MemberState | None:
        """Who speaks, once that was said."""
        # After a recovery the directory is a new one: look the member up again.
        if session.me is not None:
            session.me = self.workspace.directory.members.get(session.me.id)
        return session.me

    def _typing(self, session: Session, me: MemberState, said: p.Typing) -> None:
        room = access.room(self.workspace.directory, me, said.room)
        access.check("post", me, room)
        raw = p.encode(p.MemberTyping(member=me.id, room=room.id, thread=said.thread))
        for member, sessions in self.presence.listening().items():
            if member in room.members and member != me.id:
                for other in sessions:
                    other.push(raw, may_drop=True)
        session.say(p.Ack(req=said.req, seq=self.workspace.durable, changed=False))

    # ------------------------------------------------------------ commands

    def command(self, session: Session, command: p.AnyCommand) -> None:
        """Decide a command now; it is answered when its event is on disk."""
        me = session.me
        assert me is not None
        earlier = self.workspace.earlier(me.id, command.req, command.again)
        if earlier is not None:
            ack = p.Ack(req=command.req, seq=earlier.seq, time=earlier.time, id=earlier.id)
            self.when_durable(earlier.seq, self._answer(session, ack))
            return
        self.workspace.log.check()
        now = self.clock()
        decision = decide(self.workspace, self.limits, me, command, now)
        if decision.data is None:
            seq = self.workspace.directory.seq
            ack = p.Ack(req=command.req, seq=seq, id=decision.id, changed=False)
            self.when_durable(seq, self._answer(session, ack))
            return
        event = self.workspace.decide(me.id, decision.data, room=decision.room, req=command.req, now=now)
        if isinstance(command, p.Post | p.Schedule) and command.files:
            self.files.posted(me.id, command.files, event.seq)
        if isinstance(event.data, INTRODUCING):
            self._introductions[event.seq] = introductions(self.workspace.directory, event)
        if isinstance(event.data, p.MessageScheduled | p.MessageSaved):
            self.due.look()
        ack = p.Ack(req=command.req, seq=event.seq, time=event.time, id=made_by(event))
        self.when_durable(event.seq, self._answer(session, ack))

    def _answer(self, session: Session, ack: p.Ack) -> Waiter:
        def answer(failure: Exception | None) -> None:
            session.say(ack if failure is None else error_of(failure, ack.req))

        return answer

    def when_durable(self, seq: int, waiter: Waiter) -> None:
        """Call ``waiter`` once everything up to ``seq`` is on disk, or was refused."""
        if seq <= self.workspace.durable:
            waiter(None)
        else:
            self._waiters.setdefault(seq, []).append(waiter)

    async def durable(self, seq: int) -> None:
        """Wait until everything up to ``seq`` is on disk."""
        done: asyncio.Future[None] = self.loop.create_future()

        def finish(failure: Exception | None) -> None:
            if done.cancelled():
                return
            if failure is None:
                done.set_result(None)
            else:
                done.set_exception(failure)

        self.when_durable(seq, finish)
        await done

    async def settled(self, seq: int) -> bool:
        """Wait until everything up to ``seq`` is on disk (true), or was refused and the directory is another one."""
        try:
            await self.durable(seq)
        except Exception:  # whoever asked for it is told what it was; who only reads does not care
            return False
        return True

    # ------------------------------------------------------------ after the disk

    def _on_log_thread(self, events: Sequence[p.Event], failure: Exception | None) -> None:
        self.loop.call_soon_threadsafe(self._committed, events, failure)

    def _committed(self, events: Sequence[p.Event], failure: Exception | None) -> None:
        if failure is not None:
            self._refused(events, failure)
            return
        self.workspace.committed(events[-1].seq)
        self._stored(events)

    def _stored(self, events: Sequence[p.Event]) -> None:
        listening = self.presence.listening()
        self.titles.take(events)
        self.searching.take(events)
        for event in events:
            self._announce(event, listening)
            for waiter in self._waiters.pop(event.seq, ()):
                waiter(None)

    def _announce(self, event: p.Event, listening: dict[p.Id, list[Session]]) -> None:
        raw: bytes | None = None
        state = self.workspace.directory
        room = state.rooms.get(event.room) if event.room else None
        quiet = room is not None and (room.kind != "public" or isinstance(event.data, p.Posted | p.Read | p.Edited))
        # Whoever is in the room, or who just went; everybody for what all may see.
        wanted: AbstractSet[p.Id] = listening.keys()
        if isinstance(event.data, PERSONAL):
            wanted = wanted & {event.actor}
        if quiet and room is not None:
            wanted = (wanted & room.members.keys()) | (wanted & _leaving(event))
        told = self._introductions.pop(event.seq, None)
        for member_id in wanted:
            member = state.members[member_id]
            if not state.delivers(event, member) or (room is not None and _before_entering(event, room, member)):
                continue
            raw = raw or p.encode(event)
            introduction = told.get(member_id, told.get(OTHERS)) if told is not None else None
            for session in listening[member_id]:
                if session.since is None or event.seq <= session.since:
                    continue
                if introduction is not None:
                    session.push(introduction, seq=event.seq)
                session.push(raw, seq=event.seq)
                if _starts_anew(event, room, member):
                    session.restart(event.seq)

    def _refused(self, events: Sequence[p.Event], failure: Exception) -> None:
        log.error("the log refused events: %s", failure)
        self._unsure += events
        if self._mending is None:
            self._mending = self.loop.create_task(self._mend(failure))

    async def _mend(self, failure: Exception) -> None:
        """Go back to what is on disk, however long the disk takes to let us; then say what is there and what is not."""
        try:
            while True:
                if self.closing:
                    return  # without an answer: the client asks the next hub
                try:
                    self.workspace.recover()
                    break
                except Exception as error:  # whatever it is, there is nothing to do but to try again
                    log.error("cannot open the database again yet: %s", error)
                    await asyncio.sleep(RETRY)
        finally:
            self._mending = None
        # A commit can fail after all: DuckDB has it in its write-ahead log, and finds no room for what follows.
        stored = [event for event in self._unsure if event.seq <= self.workspace.durable]
        self._unsure = []
        if stored:
            self._stored(stored)
        self._introductions.clear()
        self.due.look()
        waiters, self._waiters = self._waiters, {}
        for seq in sorted(waiters):
            for waiter in waiters[seq]:
                waiter(None if seq <= self.workspace.durable else failure)

    # ------------------------------------------------------------ the end

    def close(self) -> None:
        """Write everything that was accepted, tell the connections, close the file."""
        self.closing = True
        self.due.close()
        self.collecting.close()
        self.titles.close()
        now = self.clock()
        self.workspace.save_seen(dict.fromkeys(self.presence.sessions, now))
        self.workspace.log.close()
        self.reads.close()
        self.searching.close()
        self.files.close()
        self.previewing.close()
        self.workspace.close()


def introductions(state: Directory, event: p.Event) -> dict[p.Id, bytes]:
    """The room, for those who see it from this event on, as it stands right after it.

    Made when the event is decided: when it is announced, the directory may be further on.
    """
    room = state.rooms[event.room or ""]
    data = event.data
    if isinstance(data, p.RoomCreated):
        inside = p.encode(p.RoomChanged(room=state.room_record(room, state.members[data.members[0]])))
        made = dict.fromkeys(data.members, inside)
        other = next((one for one in state.members.values() if one.id not in room.members), None)
        if other is not None and room.kind == "public":
            made[OTHERS] = p.encode(p.RoomChanged(room=state.room_record(room, other)))
        return made
    member = data.member if isinstance(data, p.Added) else event.actor
    return {member: p.encode(p.RoomChanged(room=state.room_record(room, state.members[member])))}


def _before_entering(event: p.Event, room: RoomState, member: MemberState) -> bool:
    """Whether an event is of before a member came into its room, who came in before it was announced."""
    if event.seq >= room.members.get(member.id, 0):
        return False
    return not (room.kind == "public" and member.role != "guest" and isinstance(event.data, SEEN_BY_ALL))


def _starts_anew(event: p.Event, room: RoomState | None, member: MemberState) -> bool:
    """Whether an event changes more for a member than can be told in words."""
    match event.data:
        case p.RoleSet(member=changed):  # another role may see other rooms
            return changed == member.id
        case p.Added(member=added) if added == member.id and room is not None:
            # What one kept of a room that one could not see comes back with it.
            return (room.kind != "public" or member.role == "guest") and member.own.keeps(room.id)
        case _:
            return False


def _leaving(event: p.Event) -> set[p.Id]:
    if isinstance(event.data, p.Removed):
        return {event.data.member}
    return {event.actor} if isinstance(event.data, p.Left) else set()
