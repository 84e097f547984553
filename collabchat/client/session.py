"""Requests and their answers over a link: what waits is sent again after a lost connection, once."""

from __future__ import annotations

import logging
import os
import threading
import time
import weakref
from collections.abc import Iterator
from concurrent.futures import Future
from queue import Empty
from typing import Any, cast

import msgspec
from msgspec.structs import replace

from .. import errors, protocol
from ..connection import Link, Target
from .directory import Directory
from .listener import Listener
from .pending import Done, Interrupted, Part, Pending
from .records import Event, as_time

log = logging.getLogger("collabchat")

_ECHO = 2.0


class Session:
    """One member's conversation with a hub; used from any thread.

    Parameters
    ----------
    target : Target
        Where the hub is, and as whom to speak.
    timeout : float
        Seconds that an answer may take, reconnecting included.
    """

    def __init__(self, target: Target, *, timeout: float) -> None:
        self.target = target
        self.timeout = timeout
        self.directory = Directory()
        self.limits = protocol.Limits()
        self.handle = ""
        self._pid = os.getpid()
        self._ready: Future[None] = Future()
        self._closed = False
        self._pending: dict[str, Pending] = {}
        self._echoes: dict[str, Pending] = {}
        self.unfinished: dict[tuple[str, str, int, str], str] = {}
        """Uploads that a lost connection broke off, by room, name, size and content: sent again, they go on."""
        self._seq = 0
        self._synced = False
        self._listeners: weakref.WeakSet[Listener] = weakref.WeakSet()
        self._listeners_lock = threading.Lock()
        self._link = Link(target, on_frame=self._frame, on_state=self._state, on_welcome=self._welcome)

    @property
    def seq(self) -> int:
        """The newest seq that was seen."""
        return max(self._seq, self.directory.seq)

    @property
    def state(self) -> str:
        """The link's state."""
        return "closed" if self._closed else self._link.state

    @property
    def closed_by_us(self) -> bool:
        """Whether `close` was called, as against a hub that refuses."""
        return self._closed

    def open(self) -> None:
        """Connect, and wait until the workspace is known.

        Raises
        ------
        errors.HubUnavailable
            Where nobody answered in time.
        """
        self._link.start()
        try:
            self._ready.result(self.timeout)
        except TimeoutError:
            reason = self._link.message.removesuffix(" Trying again.")
            self.close()
            raise errors.HubUnavailable(
                f"The hub of {self.target.label} did not answer within {self.timeout:g} s. {reason}"
            ) from None
        except BaseException:
            self.close()
            raise

    def close(self, *, wait: float = 0.0) -> None:
        """End it; whoever waits gets `errors.ConnectionLost`. Takes no lock, so that the collector may call it."""
        if self._pid != os.getpid():
            return
        self._closed = True
        self._link.close()
        if wait:
            self._link.wait_closed(wait)

    def check(self) -> None:
        """Nothing, where one may go on.

        Raises
        ------
        errors.Forked
            In a forked child.
        errors.ConnectionLost
            Where the chat is closed.
        """
        if self._pid != os.getpid():
            raise errors.Forked(
                "This chat belongs to the process that was forked: call collabchat.connect() in the child."
            )
        if self._closed:
            raise errors.ConnectionLost("This chat is closed: connect again.")
        if self._link.state == "closed":
            raise self._end()

    # ---- asking

    def submit(self, request: protocol.Request) -> Pending:
        """Send a request; its future gets the reply, or `Done` for a command."""
        self.check()
        pending = Pending(request)
        self._link.io.call(self._submit, pending)
        return pending

    def request(self, request: protocol.Request) -> Any:
        """Send a request and wait for its answer.

        Raises
        ------
        errors.CollabchatError
            What the hub refused, or `errors.ConnectionLost` where it did not answer in time.
        """
        return self.wait(self.submit(request))

    def wait(self, pending: Pending) -> Any:
        """Wait for the answer of what was submitted; raises as `request` does."""
        try:
            return pending.future.result(self.timeout)
        except TimeoutError:
            raise errors.ConnectionLost(self._late(pending)) from None
        finally:
            self.forget(pending)

    def forget(self, pending: Pending) -> None:
        """Wait for it no more."""
        if not pending.future.done():
            self._link.io.call(self._give_up, pending)

    def send_slice(self, upload: str, offset: int, payload: bytes) -> Pending:
        """Send bytes of a file, once; where the connection is lost its future fails with `Interrupted`."""
        self.check()
        header = protocol.Slice(req=protocol.new_req(), upload=upload, offset=offset)
        pending = Pending(header)
        self._link.io.call(self._send_bytes, pending, protocol.encode_binary(header, payload))
        return pending

    def command(self, request: protocol.Command) -> Done:
        """Do something, and wait until it is on disk and its event is here."""
        return cast(Done, self.request(request))

    def commands(self, requests: list[protocol.Command]) -> None:
        """Do several things, all on their way at once; the first that was refused is raised when all are answered."""
        waiting = [self.submit(request) for request in requests]
        failed: Exception | None = None
        deadline = time.monotonic() + self.timeout
        for pending in waiting:
            try:
                pending.future.result(max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                failed = failed or errors.ConnectionLost(self._late(pending))
                self._link.io.call(self._give_up, pending)
            except errors.CollabchatError as error:
                failed = failed or error
        if failed is not None:
            raise failed

    def table(self, name: str, since: int | None = None) -> Iterator[Part]:
        """The parts of a frame of what one may see, as they come; where part 0 comes again, all begins anew.

        Each part may take as long as an answer may.
        """
        pending = self.submit(protocol.Frame(req=protocol.new_req(), name=cast(Any, name), since=since))
        try:
            while (part := pending.parts.get(timeout=self.timeout)) is not None:
                yield part
            pending.future.result(0)
        except Empty:
            raise errors.ConnectionLost(self._late(pending)) from None
        finally:
            self.forget(pending)

    def sync(self) -> None:
        """Wait for a snapshot of the workspace as it is now."""
        self.request(protocol.Sync(req=protocol.new_req(), since=self._seq))

    def _late(self, pending: Pending) -> str:
        lost = "" if self._link.state == "open" else f" {self._link.message}"
        maybe = " It may have been done all the same." if pending.is_command and pending.sent else ""
        return f"The hub did not answer within {self.timeout:g} s.{lost}{maybe}"

    # ---- listening

    def listen(self, since: int | None, timeout: float | None, *, owner: object = None) -> Listener:
        """Events from now on, or all after ``since`` that one may see; the listener keeps its owner alive."""
        self.check()
        listener = Listener(self, since=since, timeout=timeout, owner=owner)
        with self._listeners_lock:
            self._listeners.add(listener)
        if since is None:
            # What happened before this call may still be on its way to us: it is not news.
            listener.skip(self.request(protocol.Ping(req=protocol.new_req())).seq)
        return listener

    def event(self, event: protocol.Event) -> Event:
        """An event with names in place of ids."""
        data = msgspec.to_builtins(event.data)
        kind = data.pop("type")
        room = self.directory.name_of(event.room)
        actor = self.directory.handle(event.actor)
        return Event(seq=event.seq, type=kind, room=room, actor=actor, time=as_time(event.time), data=data)

    # ---- on the io thread

    def _submit(self, pending: Pending) -> None:
        if self._closed or self._link.state == "closed":
            pending.fail(self._end())
            return
        self._pending[pending.request.req] = pending
        if self._link.state == "open":
            self._send(pending)

    def _send_bytes(self, pending: Pending, frame: bytes) -> None:
        if self._closed or self._link.state == "closed":
            pending.fail(self._end())
        elif self._link.state != "open":
            pending.fail(Interrupted(self._link.message))
        else:
            pending.sent = True
            self._pending[pending.request.req] = pending
            self._link.send_binary(frame)

    def _interrupt(self) -> None:
        # Bytes are never sent again by themselves: the hub may have them, or be another one that has less.
        for req, pending in list(self._pending.items()):
            if isinstance(pending.request, protocol.Slice):
                del self._pending[req]
                pending.fail(Interrupted(self._link.message))

    def _send(self, pending: Pending) -> None:
        request = pending.request
        if pending.sent and isinstance(request, protocol.Command):
            request = replace(request, again=True)
        if isinstance(request, protocol.Sync) and pending.sent:
            request = replace(request, since=self._seq)
        pending.sent = True
        self._link.send(protocol.encode(request))

    def _give_up(self, pending: Pending) -> None:
        pending.future.cancel()
        self._pending.pop(pending.request.req, None)
        self._echoes.pop(pending.request.req, None)

    def _welcome(self, welcome: protocol.Welcome) -> None:
        self.handle = welcome.handle
        self.limits = welcome.limits

    def _state(self, state: str, _message: str) -> None:
        if state == "open":
            self._resync()
            for pending in list(self._pending.values()):
                self._send(pending)
        elif state == "lost":
            self._interrupt()
        elif state == "closed":
            self._over()

    def _resync(self) -> None:
        since = self._seq if self._synced else None
        self._link.send(protocol.encode(protocol.Sync(req=protocol.new_req(), since=since)))

    def _over(self) -> None:
        if not self._ready.done():
            self._ready.set_exception(self._end())
        for pending in [*self._pending.values(), *self._echoes.values()]:
            if pending.ack is not None:
                pending.resolve(Done(pending.ack, pending.event))
            else:
                pending.fail(self._end())
        self._pending.clear()
        self._echoes.clear()
        for listener in self._all_listeners():
            listener.wake()

    def _end(self) -> errors.CollabchatError:
        error = self._link.error
        return _again(error) if error is not None else errors.ConnectionLost("This chat is closed: connect again.")

    def _all_listeners(self) -> list[Listener]:
        with self._listeners_lock:
            return list(self._listeners)

    def _frame(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            header, payload = protocol.decode_binary(frame)
            if isinstance(header, protocol.Table):
                self._table(header, payload)
            elif (pending := self._pending.pop(header.req, None)) is not None:
                pending.resolve((header, payload))
            return
        try:
            replies = protocol.decode_replies(frame)
        except msgspec.DecodeError as error:
            log.warning("A frame of the hub could not be read: %s", error)
            return
        for reply in replies:
            self._reply(reply)

    def _reply(self, reply: protocol.AnyReply) -> None:
        match reply:
            case protocol.Event():
                self._event(reply)
            case protocol.RoomChanged(room=room):
                self.directory.room_changed(room)
            case protocol.Ack():
                self._acked(reply)
            case protocol.Snapshot():
                self._snapshot(reply)
            case protocol.Restart():
                self._resync()
            case protocol.Presence() | protocol.MemberTyping():
                pass
            case protocol.Error(code=code, message=message, req=req):
                pending = self._pending.pop(req or "", None)
                if pending is not None:
                    pending.fail(errors.from_code(code, message))
                else:
                    log.warning("The hub refused something: %s", message)
            case (
                protocol.Page()
                | protocol.Listing()
                | protocol.MessageVersions()
                | protocol.People()
                | protocol.Picture()
                | protocol.Upload()
                | protocol.Preview()
                | protocol.SharedPage()
                | protocol.Found()
                | protocol.HubStatus()
            ):
                pending = self._pending.pop(reply.req, None)
                if pending is not None:
                    pending.resolve(reply)

    def _acked(self, ack: protocol.Ack) -> None:
        pending = self._pending.pop(ack.req, None)
        if pending is None:
            return
        pending.ack = ack
        if not pending.is_command:
            pending.resolve(ack)
        elif pending.event is not None or not ack.changed:
            pending.resolve(Done(ack, pending.event))
        else:
            # The event is on its way; when it is here, what we know of rooms and members is as new as the answer.
            self._echoes[ack.req] = pending
            self._link.io.loop.call_later(_ECHO, self._no_echo, pending)

    def _no_echo(self, pending: Pending) -> None:
        if self._echoes.pop(pending.request.req, None) is not None:
            pending.resolve(Done(cast(protocol.Ack, pending.ack), None))

    def _event(self, event: protocol.Event) -> None:
        if event.seq > self._seq:
            self.directory.apply(event)
            self._seq = event.seq
            listeners = self._all_listeners()
            if listeners:
                told = self.event(event)
                for listener in listeners:
                    listener.push(told)
        if event.req is not None:
            waiting = self._pending.get(event.req)
            if waiting is not None:
                waiting.event = waiting.event or event
            echo = self._echoes.pop(event.req, None)
            if echo is not None:
                echo.resolve(Done(cast(protocol.Ack, echo.ack), event))

    def _snapshot(self, snapshot: protocol.Snapshot) -> None:
        if snapshot.seq >= self.directory.seq:
            self.directory.snapshot(snapshot)
            self.limits = snapshot.limits
        if not self._synced or snapshot.gap:
            # Where more happened than is sent again, listeners read the rest from the log.
            self._seq = max(self._seq, snapshot.seq)
            for listener in self._all_listeners():
                listener.fall_behind()
        self._synced = True
        if not self._ready.done():
            self._ready.set_result(None)
        pending = self._pending.pop(snapshot.req, None)
        if pending is not None:
            pending.resolve(snapshot)

    def _table(self, header: protocol.Table, payload: memoryview) -> None:
        pending = self._pending.get(header.req)
        if pending is None:
            return
        pending.parts.put((header, payload))
        if not header.more:
            del self._pending[header.req]
            pending.resolve(None)


def _again(error: errors.CollabchatError) -> errors.CollabchatError:
    # One exception raised in several threads would gather all their tracebacks.
    return type(error)(*error.args)
