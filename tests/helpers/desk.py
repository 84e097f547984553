"""A workspace without a hub: commands are decided and written as a hub would, and nothing is sent to anybody.

``python desk.py FOLDER SEED`` lets chance give commands for ever, and prints ``seq actor req`` of each event once it
is on disk: something to kill.
"""

from __future__ import annotations

import base64
import os
import random
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

from collabchat import protocol as p
from collabchat.errors import CollabchatError
from collabchat.hub.commands import decide
from collabchat.hub.due import Due
from collabchat.store.attached import described
from collabchat.store.directory import MemberState
from collabchat.store.personal import Personal
from collabchat.store.uploads import Note, Upload
from collabchat.store.workspace import Workspace

NOON = 1_700_000_000_000_000
HANDLES = ("ana", "bo", "cy", "gus")
Step = tuple[int, int, int]
Told = Callable[[Sequence[p.Event]], None]
PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0\0\0\x01\0\0\0\x01" + bytes(9)).decode()
"""As much of a picture as the hub looks at."""
WAIT = 60_000_000
"""Microseconds from now on until something is due."""
TIME = 1
"""Where a kind of command would stand: time goes by."""
KINDS: tuple[type[p.Command], ...] = (
    *(p.CreateRoom, p.OpenDirect, p.Rename, p.SetTopic, p.Archive, p.Unarchive, p.Unarchive, p.DeleteRoom),
    *(
        p.Join,
        p.Join,
        p.Leave,
        p.Add,
        p.Add,
        p.Remove,
        *(p.Post, p.Post, p.Post),
        *(p.Post, p.Post, p.Post),
        *(p.Post, p.Post, p.Post),
        p.Edit,
        p.Edit,
        p.Edit,
        p.Delete,
        p.Delete,
    ),
    *(p.React, p.React, p.React, p.Unreact, p.Unreact, p.Pin, p.Pin, p.Unpin, p.MarkRead, p.MarkUnread),
    *(p.SetPreferences, p.SetName, p.SetRole, p.SetSettings),
    *(p.Forward, p.Forward, p.CreatePoll, p.CreatePoll, p.Vote, p.Vote, p.Vote, p.ClosePoll),
    *(p.SetStatus, p.SetPicture, p.SetStars, p.Mute, p.Unmute, p.Follow, p.Unfollow),
    *(p.SetDraft, p.SetDraft, p.SetDraft, p.Save, p.Save, p.Save, p.Unsave, p.Schedule, p.Schedule, p.Unschedule),
)


def values(a: int, b: int, *, word: str, room: p.Id, message: p.Id, rooms: list[p.Id], now: p.Micros) -> dict[str, Any]:
    """What two numbers make of the fields of commands; whom a command is about is for the caller to say."""
    return {
        "req": p.new_req(),
        "again": False,
        "room": room,
        "id": message,
        "upto": message if b % 3 else None,
        "reply_to": message if b % 4 == 0 else None,
        "quote": b % 8 == 0,
        "broadcast": b % 12 == 4,
        "text": f"{word} @{HANDLES[a % 4]} @{HANDLES[b % 4]}" if b % 2 else f"{word} https://example.org/{a % 9}",
        "emoji": "👍🎉👀"[a % 3],
        "name": f"name{b % 40}",
        "topic": f"topic {b % 3}",
        "kind": ("public", "private")[a % 2],
        "enter": ("send", "line", None)[a % 3],
        "theme": ("dark", "light", None)[b % 3],
        "view": None,
        "density": (None, "compact", "comfortable")[a % 3],
        "clock": (None, "12")[b % 2],
        "week": None,
        "language": (None, "de", "pt-BR")[b % 3],
        "bar": (None, True, False)[a % 3],
        "unread_first": None,
        "skin": a % 6,
        "role": ("admin", "member", "guest", "owner")[a % 4],
        "question": word,
        "options": [f"{word} {n}" for n in range(2 + a % 3)],
        "multiple": bool(b % 2),
        "choices": [[], [0], [1], [0, 1], [2]][(a + b) % 5],
        "until": None if b % 3 else now + WAIT,
        "data": PIXEL if a % 3 else "",
        "rooms": list(dict.fromkeys([room, *rooms[: b % 3]])),
        "thread": message if b % 5 == 0 else None,
        "note": word if a % 3 else "",
        "remind_at": now + WAIT if b % 2 else None,
        "at": now + WAIT,
        "files": [],
        "attachments": 10 - a % 3,
        "attachment_bytes": None if b % 2 else 1_000_000 + b,
        "quota": (None, 0, 10**9)[a % 3],
        "collect_after": None,
        "link_titles": None,
    }


def upload(workspace: Workspace, member: p.Id, name: str, *, content: bytes = b"", now: p.Micros = NOON) -> p.Req:
    """A complete upload of a member, of which only the content is on disk."""
    req = p.new_req()
    file = described(name, content, size=len(content), sha256=workspace.blobs.put(content))
    note = Note(member=member, upload=req, room="0", name=name, size=len(content), time=now, file=file)
    workspace.uploads.all[member, req] = Upload(note, offset=len(content))
    return req


def with_files(kind: type[p.Command], b: int) -> int:
    """How many files a command is to have."""
    return b % 3 if kind in (p.Post, p.Schedule) and b % 5 < 2 else 0


def about_own(kind: type[p.Command], a: int, b: int, own: Personal, fields: dict[str, Any]) -> None:
    """Let a command be about what the member keeps, where there is something."""
    if kind in (p.Save, p.Unsave) and b % 3:
        fields["id"] = None if kind is p.Save and a % 4 == 0 else next(iter(own.saved), fields["id"])
    elif kind is p.Unschedule:
        fields["id"] = next(iter(own.scheduled), fields["id"])
    elif kind is p.SetDraft and own.drafts:
        now = list(own.drafts.values())[a % len(own.drafts)]
        if b % 3:
            fields |= {"room": now.room, "thread": now.thread}
        if b % 3 == 2:
            fields["text"] = ""
    elif kind is p.SetStatus:
        fields["text"] = fields["text"].split()[0] if a % 3 else ""
        fields["emoji"] = "" if a % 3 == 0 else fields["emoji"]
    elif kind is p.Forward and a % 2:
        fields["text"] = ""


class Waits:
    """What an event loop is to the hub's clock: it keeps what is to be called."""

    def __init__(self) -> None:
        self.calls: list[Callable[[], None]] = []

    def call_later(self, _seconds: float, call: Callable[[], None]) -> Waits:
        self.calls.append(call)
        return self

    def cancel(self) -> None:
        self.calls.clear()


class Clockwork:
    """As much of a hub as its clock asks for."""

    limits = p.Limits()

    def __init__(self, desk: Desk) -> None:
        self.loop = Waits()
        self.workspace = desk.workspace
        self.clock = lambda: desk.clock


class Desk:
    """Four people, the first room, and what they said there and elsewhere."""

    def __init__(self, folder: Path, *, told: Told = lambda _events: None) -> None:
        self._told = told
        self._changed = threading.Condition()
        self._durable = 0
        self.failure: Exception | None = None
        self.clock = NOON
        self.workspace = Workspace(folder, self._committed)
        self._durable = self.workspace.directory.seq
        self.answered: dict[tuple[p.Id, str], int] = {}
        self.texts: dict[str, list[str]] = {}
        """Of each message all that it ever said, and what drafts, notes and scheduled messages say now."""
        self.room_of: dict[str, p.Id | None] = {}
        self.gone: list[str] = []
        """What was said in messages that are deleted now, and in drafts and the like that say something else."""
        self.polls: list[p.Id] = []
        self.happened: set[type] = set()
        """The kinds of events that there were."""
        new = self.workspace.directory.seq == 0
        self.people = [self._member(handle) for handle in HANDLES]
        self.rooms = list(self.workspace.directory.rooms)
        if new:
            everybody = [one.id for one in self.people]
            self.do(0, p.CreateRoom(req=p.new_req(), name="first", members=everybody))
        self.messages: list[p.Id] = [str(self.workspace.directory.seq)]

    def _committed(self, events: Sequence[p.Event], failure: Exception | None) -> None:
        with self._changed:
            self.failure = failure
            self._durable = events[-1].seq
            self._changed.notify_all()
        if failure is None:
            self._told(events)

    def _member(self, handle: str) -> MemberState:
        state = self.workspace.directory
        known = state.member_by_handle(handle)
        if known is not None:
            return known
        number = str(state.seq + 1)
        role: p.Role = "guest" if handle == "gus" else "member" if state.members else "owner"
        data = p.MemberAdded(member=number, handle=handle, name=handle, role=role)
        self.workspace.decide(number, data, room=None, req=None, now=self.clock)
        return state.members[number]

    def settle(self) -> None:
        """Wait until everything is on disk."""
        seq = self.workspace.directory.seq
        with self._changed:
            assert self._changed.wait_for(lambda: self._durable >= seq or self.failure is not None, 30)
        assert self.failure is None
        self.workspace.committed(seq)

    def heard(self) -> None:
        """Take notice of what is on disk so far."""
        with self._changed:
            self.workspace.committed(self._durable)

    def do(self, who: int, command: p.AnyCommand) -> p.Event | None:
        """The event, or None where the command was refused or had nothing to change."""
        state = self.workspace.directory
        me = state.members[self.people[who].id]
        try:
            decision = decide(self.workspace, p.Limits(), me, command, self.clock)
        except CollabchatError:
            return None
        if decision.data is None:
            return None
        if isinstance(command, p.SetPicture) and command.data:
            self.workspace.blobs.put(base64.b64decode(command.data))
        event = self.workspace.decide(me.id, decision.data, room=decision.room, req=command.req, now=self.clock)
        self.answered[me.id, command.req] = event.seq
        for one in getattr(command, "files", ()):
            self.workspace.uploads.drop(self.workspace.uploads.all.pop((me.id, one)))
        self._note(event)
        return event

    def wait(self, micros: int = WAIT) -> list[p.Event]:
        """Let time go by; what was due in it."""
        self.clock += micros
        made: list[p.Event] = []
        decided = self.workspace.decide

        def heard(*args: Any, **more: Any) -> p.Event:
            event = decided(*args, **more)
            made.append(event)
            self._note(event)
            return event

        hub = Clockwork(self)
        due = Due(hub)  # type: ignore[arg-type]
        with mock.patch.object(self.workspace, "decide", heard):
            due.look()
            for call in list(hub.loop.calls):
                call()
        due.close()
        return made

    def _note(self, event: p.Event) -> None:
        data = event.data
        self.happened.add(type(data))
        match data:
            case p.RoomCreated():
                self.rooms.append(str(event.seq))
            case p.Posted():
                self.messages.append(data.id)
                if data.scheduled is not None:
                    del self.texts[f"scheduled {data.scheduled}"]
                said = [data.forwarded.text] if data.forwarded else []
                self._keep(data.id, event.room, [*said, *(file.name for file in data.files), data.text])
                if data.poll is not None:
                    self.polls.append(data.id)
            case p.Edited() if data.id in self.texts:
                self.texts[data.id].append(data.text)
            case p.Deleted():
                self._drop(data.id)
            case p.DraftSet():
                self._keep(f"draft {event.actor} {data.target} {data.thread}", data.target, [data.text])
            case p.MessageSaved():
                self._keep(f"saved {event.actor} {data.id}", data.target, [data.note])
            case p.Unsaved():
                self._drop(f"saved {event.actor} {data.id}")
            case p.MessageScheduled():
                names = [file.name for file in data.files]
                self._keep(f"scheduled {event.seq}", data.target, [*names, data.text])
            case p.Unscheduled():
                self._drop(f"scheduled {data.id}")
            case p.RoomDeleted():
                for key in [one for one in self.texts if self.room_of[one] == event.room]:
                    self._drop(key)

    def _keep(self, key: str, room: p.Id | None, texts: list[str]) -> None:
        self._drop(key)
        if texts := [text for text in texts if text]:
            self.texts[key], self.room_of[key] = texts, room

    def _drop(self, key: str) -> None:
        self.gone += self.texts.pop(key, [])

    @property
    def erased(self) -> list[str]:
        """The first words of what is not said anywhere any more: what was forwarded is said there too."""
        said = {text.split()[0] for texts in self.texts.values() for text in texts}
        return [word for word in (text.split()[0] for text in self.gone) if word not in said]

    def step(self, who: int, what: Step) -> p.Event | None:
        """One command, of the kind and about the things that these numbers choose; now and then time goes by."""
        if what[0] % (len(KINDS) + TIME) == len(KINDS):
            return next(reversed(self.wait()), None)
        return self.do(who, self._command(who, *what))

    def _command(self, who: int, kind: int, a: int, b: int) -> Any:
        chosen = KINDS[kind % (len(KINDS) + TIME)]
        message = self.messages[-1 - b % min(len(self.messages), 12)]
        if chosen in (p.Vote, p.ClosePoll) and self.polls:
            message = self.polls[-1 - b % min(len(self.polls), 3)]
        if chosen in (p.React, p.Unreact):
            message = self.messages[-1 - b % min(len(self.messages), 3)]
        rooms = [*self.workspace.directory.rooms, self.rooms[-1]]  # the last one may be gone
        word = f"said-{a}-{b}-{os.urandom(6).hex()}-end"
        fields = values(a, b, word=word, room=rooms[a % len(rooms)], message=message, rooms=rooms, now=self.clock)
        fields["member"] = self.people[b % len(self.people)].id
        fields["members"] = [self.people[one].id for one in sorted({a % 4, b % 4})]
        about_own(chosen, a, b, self.workspace.directory.members[self.people[who].id].own, fields)
        for number in range(with_files(chosen, b)):
            name = f"file-{number}-{os.urandom(6).hex()}-end.csv"
            fields["files"].append(upload(self.workspace, self.people[who].id, name, content=b"a,b"))
        return chosen(**{field: fields[field] for field in chosen.__struct_fields__})

    def close(self) -> None:
        self.workspace.close()


def main() -> None:
    def tell(events: Sequence[p.Event]) -> None:
        lines = "".join(f"{one.seq} {one.actor} {one.req}\n" for one in events if one.req)
        os.write(1, lines.encode())

    desk = Desk(Path(sys.argv[1]), told=tell)
    chance = random.Random(int(sys.argv[2]))
    while True:
        for _ in range(chance.randrange(1, 60)):
            desk.step(chance.randrange(4), (chance.randrange(1_000), chance.randrange(1_000), chance.randrange(1_000)))
        desk.settle()


if __name__ == "__main__":
    main()
