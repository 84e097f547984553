"""A workspace without a hub: commands are decided and written as a hub would, and nothing is sent to anybody.

``python desk.py FOLDER SEED`` lets chance give commands for ever, and prints ``seq actor req`` of each event once it
is on disk: something to kill.
"""

from __future__ import annotations

import os
import random
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from collabchat import protocol as p
from collabchat.errors import CollabchatError
from collabchat.hub.commands import decide
from collabchat.store.directory import MemberState
from collabchat.store.workspace import Workspace

NOON = 1_700_000_000_000_000
HANDLES = ("ana", "bo", "cy", "gus")
Step = tuple[int, int, int]
Told = Callable[[Sequence[p.Event]], None]
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
    *(p.SetPreferences, p.SetName, p.SetRole),
)


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
        self.texts: dict[p.Id, list[str]] = {}
        """Of each message all that it ever said."""
        self.room_of: dict[p.Id, p.Id] = {}
        self.gone: list[str] = []
        """What was said in messages that are deleted now."""
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
            decision = decide(self.workspace, p.Limits(), me, command)
        except CollabchatError:
            return None
        if decision.data is None:
            return None
        event = self.workspace.decide(me.id, decision.data, room=decision.room, req=command.req, now=self.clock)
        self.answered[me.id, command.req] = event.seq
        self._note(event)
        return event

    def _note(self, event: p.Event) -> None:
        data = event.data
        match data:
            case p.RoomCreated():
                self.rooms.append(str(event.seq))
            case p.Posted():
                self.messages.append(data.id)
                self.texts[data.id] = [data.text]
                self.room_of[data.id] = event.room or ""
            case p.Edited() if data.id in self.texts:
                self.texts[data.id].append(data.text)
            case p.Deleted():
                self.gone += self.texts.pop(data.id, [])
            case p.RoomDeleted():
                for message in [one for one in self.texts if self.room_of[one] == event.room]:
                    self.gone += self.texts.pop(message)

    def step(self, who: int, what: Step) -> p.Event | None:
        """One command, of the kind and about the things that these numbers choose."""
        return self.do(who, self._command(*what))

    def _command(self, kind: int, a: int, b: int) -> Any:
        chosen = KINDS[kind % len(KINDS)]
        message = self.messages[-1 - b % min(len(self.messages), 12)]
        rooms = [*self.workspace.directory.rooms, self.rooms[-1]]  # the last one may be gone
        word = f"said-{a}-{b}-{os.urandom(6).hex()}-end"
        fields: dict[str, Any] = {
            "req": p.new_req(),
            "again": False,
            "room": rooms[a % len(rooms)],
            "id": message,
            "member": self.people[b % len(self.people)].id,
            "upto": message if b % 3 else None,
            "reply_to": message if b % 4 == 0 else None,
            "quote": b % 8 == 0,
            "text": f"{word} @{HANDLES[a % 4]} @{HANDLES[b % 4]}" if b % 2 else word,
            "emoji": "👍🎉👀"[a % 3],
            "name": f"name{b % 40}",
            "topic": f"topic {b % 3}",
            "kind": ("public", "private")[a % 2],
            "members": [self.people[one].id for one in sorted({a % 4, b % 4})],
            "enter": ("send", "line", None)[a % 3],
            "theme": ("dark", "light", None)[b % 3],
            "view": None,
            "role": ("admin", "member", "guest", "owner")[a % 4],
        }
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
