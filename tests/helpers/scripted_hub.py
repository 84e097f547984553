"""A hub that does what a test says: real sockets, real protocol, no store."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tornado.httpserver
import tornado.netutil
import tornado.web
import tornado.websocket

from collabchat import protocol as p

ANA = p.Member(id="1", handle="ana", name="Ana", role="owner")
BO = p.Member(id="2", handle="bo", name="Bo", role="member")
ROOM = p.Room(id="3", name="pipeline", kind="public", joined=True, n_members=2, members=["1", "2"])

Answer = Callable[[p.AnyRequest], Any]


class Door(tornado.websocket.WebSocketHandler):
    def initialize(self, hub: ScriptedHub) -> None:
        self.hub = hub

    def open(self, *args: str, **kwargs: str) -> None:
        self.hub.doors.append(self)
        self.hub.connections += 1

    def on_message(self, message: str | bytes) -> None:
        for request in p.decode_requests(message, p.Limits()):
            self.hub.receive(self, request)

    def on_close(self) -> None:
        if self in self.hub.doors:
            self.hub.doors.remove(self)


class ScriptedHub:
    """Answers hello and sync by itself, the rest as `on` says; silent where nothing was said.

    An answer is an object, a list of them, or None for silence.
    """

    def __init__(self, workspace: Path, *, tcp: bool = False) -> None:
        self.workspace = workspace
        self.tcp = tcp
        self.seq = 10
        self.connections = 0
        self.doors: list[Door] = []
        self.received: list[p.AnyRequest] = []
        self.answers: dict[type, Answer] = {p.Hello: self.welcome, p.Sync: self.snapshot, p.Ping: self.pong}
        self.arrival = threading.Condition()
        self.loop: asyncio.AbstractEventLoop | None = None

    def on(self, kind: type, answer: Answer) -> None:
        self.answers[kind] = answer

    def welcome(self, hello: p.Hello) -> p.Welcome:
        return p.Welcome(
            req=hello.req,
            version=1,
            hub="test",
            me="1",
            handle=hello.user or "ana",
            workspace="team",
            seq=self.seq,
            limits=p.Limits(),
        )

    def pong(self, ping: p.Ping) -> p.Ack:
        return p.Ack(req=ping.req, seq=self.seq, changed=False)

    def snapshot(self, sync: p.Sync, *, gap: bool = False) -> p.Snapshot:
        return p.Snapshot(
            req=sync.req,
            seq=self.seq,
            me="1",
            members=[ANA, BO],
            rooms=[ROOM],
            preferences=p.Preferences(),
            online=["1"],
            limits=p.Limits(),
            gap=gap,
        )

    def posted(self, text: str, *, seq: int | None = None, req: str | None = None) -> p.Event:
        """The next event: somebody said something."""
        self.seq = seq if seq is not None else self.seq + 1
        data = p.Posted(id=str(self.seq), text=text)
        return p.Event(seq=self.seq, time=1_000_000, actor="1", room="3", req=req, data=data)

    def acked(self, command: p.Command) -> list[Any]:
        """Event and ack of a post, as a hub sends them."""
        event = self.posted(getattr(command, "text", "text"), req=command.req)
        return [event, p.Ack(req=command.req, seq=event.seq, time=event.time, id=str(event.seq))]

    # ---- what happens

    def receive(self, door: Door, request: Any) -> None:
        with self.arrival:
            self.received.append(request)
            self.arrival.notify_all()
        answer = self.answers.get(type(request))
        if answer is None:
            return
        said = answer(request)
        for each in said if isinstance(said, list) else [said]:
            if isinstance(each, bytes):
                door.write_message(each, binary=True)
            elif each is not None:
                door.write_message(p.encode(each))

    def say(self, *objects: Any) -> None:
        """Say something to everybody, unasked."""
        for each in objects:
            for door in list(self.doors):
                self._call(lambda door=door, each=each: door.write_message(p.encode(each)))

    def raw(self, frame: str) -> None:
        self._call(lambda: [door.write_message(frame) for door in self.doors])

    def kick(self) -> None:
        """Cut all connections."""
        self._call(lambda: [door.ws_connection.stream.close() for door in list(self.doors)])

    def wait_for(self, kind: type, count: int = 1, within: float = 10.0) -> list[Any]:
        """The requests of a kind, once there are so many."""
        deadline = time.monotonic() + within
        with self.arrival:
            while True:
                found = [request for request in self.received if type(request) is kind]
                if len(found) >= count:
                    return found
                left = deadline - time.monotonic()
                assert left > 0, f"{count} {kind.__name__} wanted, {len(found)} came: {self.received}"
                self.arrival.wait(left)

    # ---- its life

    def start(self) -> ScriptedHub:
        ready = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self.thread.start()
        assert ready.wait(10)
        return self

    def _run(self, ready: threading.Event) -> None:
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._listen())
        self.loop.call_soon(ready.set)
        self.loop.run_forever()
        self.loop.run_until_complete(self._end())
        self.loop.close()

    async def _listen(self) -> None:
        application = tornado.web.Application([("/ws", Door, {"hub": self})], log_function=lambda _: None)
        self.server = tornado.httpserver.HTTPServer(application)
        if self.tcp:
            [listener] = tornado.netutil.bind_sockets(0, "127.0.0.1", family=socket.AF_INET)
            self.address = f"tcp:127.0.0.1:{listener.getsockname()[1]}"
        else:
            listener = tornado.netutil.bind_unix_socket(str(self.workspace / "hub.sock"))
            self.address = f"unix:{self.workspace / 'hub.sock'}"
        self.server.add_socket(listener)
        self.write_info()

    def write_info(self, **changes: Any) -> None:
        info = {
            "pid": os.getpid(),
            "address": self.address,
            "version": "0",
            "host": socket.gethostname(),
            "started_at": 0,
            "token_file": None,
        }
        (self.workspace / "hub.json").write_text(json.dumps(info | changes))

    async def _end(self) -> None:
        self.server.stop()
        for door in list(self.doors):
            if door.ws_connection is not None:
                door.ws_connection.stream.close()
        await self.server.close_all_connections()
        await asyncio.sleep(0)
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def stop(self) -> None:
        """Stop to listen and cut all connections; ``hub.json`` stays, as after a kill."""
        assert self.loop is not None
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        (self.workspace / "hub.sock").unlink(missing_ok=True)

    def _call(self, function: Callable[[], Any]) -> None:
        assert self.loop is not None
        self.loop.call_soon_threadsafe(function)


def table(request: p.Frame, rows: Any, *, seq: int, full: bool, part: int = 0, more: bool = False) -> bytes:
    """A binary frame with an Arrow table."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        writer.write_table(rows)
    header = p.Table(req=request.req, name=request.name, seq=seq, full=full, part=part, more=more)
    return p.encode_binary(header, sink.getvalue())


def until(condition: Callable[[], Any], within: float = 10.0) -> Any:
    """What a condition gives once it is true."""
    deadline = time.monotonic() + within
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


__all__ = ["ANA", "BO", "ROOM", "ScriptedHub", "table", "until"]
