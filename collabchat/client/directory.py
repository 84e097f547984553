"""Who and what is in the workspace as one member sees it: a snapshot, and every event since."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from difflib import get_close_matches

from msgspec.structs import replace

from .. import errors, protocol
from ..protocol import Member, Preferences, Room, WorkspaceSettings
from .own import Own


class Directory:
    """Members and rooms, kept fresh from snapshots and events; may be read from any thread."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._members: dict[str, Member] = {}
        self._handles: dict[str, str] = {}
        self._rooms: dict[str, Room] = {}
        self._names: dict[str, str] | None = None
        self._past: dict[str, str] = {}
        self.preferences = Preferences()
        self.settings = WorkspaceSettings()
        self.own = Own()
        self.hidden = False
        """Whether a room came in sight since the snapshot, which left out what one keeps of rooms out of sight."""
        self.me = ""
        self.seq = 0

    # ---- what the hub says

    def snapshot(self, snapshot: protocol.Snapshot) -> None:
        """Take everything anew."""
        with self._lock:
            self._past.update((room.id, self.room_name(room)) for room in self._rooms.values())
            self._members = {member.id: member for member in snapshot.members}
            self._handles = {member.handle.casefold(): member.id for member in snapshot.members}
            self._rooms = {room.id: room for room in snapshot.rooms}
            self._names = None
            self.preferences = snapshot.preferences
            self.settings = snapshot.settings
            self.own.snapshot(snapshot)
            self.hidden = False
            self.me = snapshot.me
            self.seq = snapshot.seq

    def room_changed(self, room: Room) -> None:
        """A room as it is now."""
        with self._lock:
            self.hidden = self.hidden or room.id not in self._rooms
            self._rooms[room.id] = room
            self._names = None

    def apply(self, event: protocol.Event) -> None:
        """Take in an event, unless the snapshot knew it."""
        with self._lock:
            if event.seq > self.seq:
                self.seq = event.seq
                self._apply_to_members(event)
                if event.actor == self.me:
                    self.own.apply(event)
                if event.room is not None:
                    self._apply_to_room(event, event.room)

    def _apply_to_members(self, event: protocol.Event) -> None:
        match event.data:
            case protocol.MemberAdded(member=id, handle=handle, name=name, role=role, bot=bot):
                added = Member(id=id, handle=handle, name=name, role=role, bot=bot, joined_at=event.time)
                self._members[id] = added
                self._handles[handle.casefold()] = id
            case protocol.NameSet(member=id, name=name) if id in self._members:
                self._members[id] = replace(self._members[id], name=name)
            case protocol.RoleSet(member=id, role=role) if id in self._members:
                self._members[id] = replace(self._members[id], role=role)
            case protocol.StatusSet(status=status) if event.actor in self._members:
                self._members[event.actor] = replace(self._members[event.actor], status=status)
            case protocol.PictureSet(picture=picture) if event.actor in self._members:
                self._members[event.actor] = replace(self._members[event.actor], picture=picture)
            case protocol.PreferencesSet(preferences=preferences):
                self.preferences = preferences
            case protocol.SettingsSet(settings=settings):
                self.settings = settings

    def _apply_to_room(self, event: protocol.Event, id: str) -> None:
        room = self._rooms.get(id)
        if room is None:
            return
        match event.data:
            case protocol.Renamed(name=name):
                self._past[id] = name
                self._rooms[id] = replace(room, name=name)
                self._names = None
            case protocol.TopicSet(topic=topic):
                self._rooms[id] = replace(room, topic=topic)
            case protocol.Archived():
                self._rooms[id] = replace(room, archived=True)
            case protocol.Unarchived():
                self._rooms[id] = replace(room, archived=False)
            case protocol.RoomDeleted():
                self._forget(room)
                self.own.forget_room(id)
            case protocol.Joined():
                self._enter(room, event.actor)
            case protocol.Added(member=member):
                self._enter(room, member)
            case protocol.Left():
                self._go(room, event.actor)
            case protocol.Removed(member=member):
                self._go(room, member)
            case protocol.Posted():
                self._rooms[id] = replace(room, n_messages=room.n_messages + 1)

    def _enter(self, room: Room, member: str) -> None:
        if member not in room.members:
            known = [*room.members, member] if room.members or room.joined or member == self.me else room.members
            room = replace(room, members=known, n_members=room.n_members + 1)
        if member == self.me:
            room = replace(room, joined=True)
        self._rooms[room.id] = room

    def _go(self, room: Room, member: str) -> None:
        if member == self.me and (room.kind != "public" or self._members[member].role == "guest"):
            self._forget(room)
            return
        rest = [id for id in room.members if id != member]
        room = replace(room, members=rest, n_members=max(0, room.n_members - 1))
        if member == self.me:
            room = replace(room, joined=False, members=[])
        self._rooms[room.id] = room

    def _forget(self, room: Room) -> None:
        self._past[room.id] = self.room_name(room)
        self._rooms.pop(room.id, None)
        self._names = None

    # ---- what one asks

    def handle(self, id: str) -> str:
        """A member's handle; the id where it is not known."""
        with self._lock:
            member = self._members.get(id)
            return member.handle if member else id

    def handles(self, ids: list[str]) -> tuple[str, ...]:
        """Several handles, in the same order."""
        with self._lock:
            return tuple(self.handle(id) for id in ids)

    def members(self) -> list[Member]:
        """All members."""
        with self._lock:
            return list(self._members.values())

    def rooms(self) -> list[Room]:
        """All rooms that one sees."""
        with self._lock:
            return list(self._rooms.values())

    def room(self, id: str) -> Room | None:
        """A room by its id."""
        with self._lock:
            return self._rooms.get(id)

    def room_name(self, room: Room) -> str:
        """A room's name; of a direct one the handles, ``@ana,@bo``."""
        if room.kind != "direct":
            return room.name
        return ",".join(f"@{handle}" for handle in sorted(self.handles(room.members)))

    def name_of(self, id: str | None) -> str | None:
        """The name of a room by its id, also when it is gone."""
        if id is None:
            return None
        with self._lock:
            room = self._rooms.get(id)
            return self.room_name(room) if room else self._past.get(id, id)

    def find_member(self, handle: object) -> Member:
        """A member by handle (``bo`` or ``@bo``).

        Raises
        ------
        errors.NotFound
            With near matches, where there is none.
        """
        if not isinstance(handle, str):
            raise errors.Invalid(f"A member is named by a handle, such as 'bo', not by {type(handle).__name__}.")
        wanted = handle.removeprefix("@")
        with self._lock:
            id = self._handles.get(wanted.casefold())
            if id is not None:
                return self._members[id]
            known = [member.handle for member in self._members.values()]
            raise errors.NotFound(
                f"{wanted!r} is no member of this workspace yet.{near(wanted, known)} Who connects becomes a member."
            )

    def find_room(self, name: object) -> Room | None:
        """A room by name (``pipeline`` or ``#pipeline``) or id; None where one sees no such room."""
        if not isinstance(name, str):
            raise errors.Invalid(f"A room is named by its name or id, not by {type(name).__name__}.")
        wanted = name.removeprefix("#")
        with self._lock:
            names = self._by_name()
            id = names.get(wanted) or names.get(wanted.casefold()) or wanted
            return self._rooms.get(id)

    def no_room(self, name: str) -> errors.NotFound:
        """The error for a room that is not there."""
        wanted = name.removeprefix("#")
        with self._lock:
            names = [self.room_name(room) for room in self._rooms.values()]
        return errors.NotFound(f"There is no room {wanted!r} that you can see.{near(wanted, names)}")

    def _by_name(self) -> dict[str, str]:
        if self._names is None:
            exact = {self.room_name(room): room.id for room in self._rooms.values()}
            self._names = {name.casefold(): id for name, id in exact.items()} | exact
        return self._names


def near(wanted: str, known: Iterable[str]) -> str:
    """Names like the wanted one, as a question; empty where there are none.

    Examples
    --------
    >>> near("piplin", ["pipeline", "random"])
    " Did you mean 'pipeline'?"
    """
    names = {name.casefold(): name for name in known}
    found = [names[match] for match in get_close_matches(wanted.casefold(), list(names), n=3, cutoff=0.6)]
    return f" Did you mean {' or '.join(repr(name) for name in found)}?" if found else ""
