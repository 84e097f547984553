"""Members, rooms, memberships and read marks in memory: what every check asks, kept by applying events.

It holds what is small. Messages stay in the database; of them only counts and the newest line of a room are here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from collabchat import protocol as p
from collabchat.store.personal import PERSONAL, Personal

SEEN_BY_ALL = (
    p.RoomCreated,
    p.Renamed,
    p.TopicSet,
    p.Archived,
    p.Unarchived,
    p.RoomDeleted,
    p.Joined,
    p.Left,
    p.Added,
    p.Removed,
)
"""Events of a public room that also those see who have not joined it."""
LAST_LENGTH = 120


@dataclass(slots=True)
class MemberState:
    id: p.Id
    handle: str
    name: str
    role: p.Role
    bot: bool
    joined_at: p.Micros
    preferences: p.Preferences = field(default_factory=p.Preferences)
    last_seen: p.Micros | None = None
    rooms: set[p.Id] = field(default_factory=set)
    reads: dict[p.Id, int] = field(default_factory=dict)
    read_at: dict[p.Id, p.Micros] = field(default_factory=dict)
    access: int = 0
    """The last `seq` that changed which rooms this member may see."""
    status: p.MemberStatus | None = None
    picture: str | None = None
    own: Personal = field(default_factory=Personal)

    def record(self) -> p.Member:
        return p.Member(
            id=self.id,
            handle=self.handle,
            name=self.name,
            role=self.role,
            bot=self.bot,
            joined_at=self.joined_at,
            last_seen=self.last_seen,
            status=self.status,
            picture=self.picture,
        )


@dataclass(slots=True)
class RoomState:
    id: p.Id
    name: str
    kind: p.RoomKind
    topic: str
    created_at: p.Micros
    created_by: p.Id
    archived: bool = False
    members: dict[p.Id, int] = field(default_factory=dict)
    """Each with the `seq` of coming in."""
    pins: dict[p.Id, int] = field(default_factory=dict)
    """Message and the `seq` of pinning it, oldest first."""
    n_messages: int = 0
    last_seq: int = 0
    """Of the newest message, lines that events leave included."""
    last: p.LastMessage | None = None


def direct_name(handles: list[str]) -> str:
    """The name of the conversation of these people."""
    return ",".join(f"@{handle}" for handle in sorted(set(handles)))


class Directory:
    """The state of a workspace but for its messages, after every event up to ``seq``."""

    def __init__(self) -> None:
        self.seq = 0
        self.time: p.Micros = 0
        self.members: dict[p.Id, MemberState] = {}
        self.rooms: dict[p.Id, RoomState] = {}
        self.by_handle: dict[str, p.Id] = {}
        self.by_name: dict[str, p.Id] = {}
        self.settings = p.WorkspaceSettings()
        self.public_access = 0
        """The last `seq` that changed which rooms everybody may see."""

    # ------------------------------------------------------------ questions

    def member_by_handle(self, handle: str) -> MemberState | None:
        found = self.by_handle.get(handle.casefold())
        return self.members[found] if found else None

    def room_by_name(self, name: str) -> RoomState | None:
        found = self.by_name.get(name.casefold())
        return self.rooms[found] if found else None

    def may_see(self, member: MemberState, room: RoomState) -> bool:
        """Whether the room exists for this member."""
        return member.id in room.members or (room.kind == "public" and member.role != "guest")

    def visible_rooms(self, member: MemberState) -> list[p.Id]:
        if member.role == "guest":
            return sorted(member.rooms, key=int)
        return [room.id for room in self.rooms.values() if room.kind == "public" or member.id in room.members]

    def access_of(self, member: MemberState) -> int:
        """The last `seq` after which this member's rooms are the same as now."""
        return max(member.access, self.public_access if member.role != "guest" else 0)

    def delivers(self, event: p.Event, member: MemberState) -> bool:
        """Whether an event is sent to a member."""
        if event.room is None:
            return not isinstance(event.data, PERSONAL) or event.actor == member.id
        room = self.rooms.get(event.room)
        if room is None:
            gone = event.data
            return isinstance(gone, p.RoomDeleted) and (
                member.id in gone.members or (gone.kind == "public" and member.role != "guest")
            )
        if member.id in room.members:
            return True
        if isinstance(event.data, p.Removed) and event.data.member == member.id:
            return True
        if isinstance(event.data, p.Left) and event.actor == member.id:
            return True
        return room.kind == "public" and member.role != "guest" and isinstance(event.data, SEEN_BY_ALL)

    def room_record(self, room: RoomState, member: MemberState, unread: tuple[int, int] = (0, 0)) -> p.Room:
        """The room as this member sees it."""
        joined = member.id in room.members
        return p.Room(
            id=room.id,
            name=room.name,
            kind=room.kind,
            topic=room.topic,
            created_at=room.created_at,
            created_by=room.created_by,
            archived=room.archived,
            joined=joined,
            n_members=len(room.members),
            members=list(room.members) if joined else [],
            n_messages=room.n_messages if joined else 0,
            unread=unread[0],
            mentions=unread[1],
            read=member.reads.get(room.id, 0),
            last=room.last if joined else None,
            pins=list(room.pins) if joined else [],
        )

    def files_of_members(self) -> set[str]:
        """The SHA-256 of their pictures, and of the files that are to be sent later."""
        found = {one.picture for one in self.members.values() if one.picture is not None}
        for one in self.members.values():
            found |= {file.sha256 for waiting in one.own.scheduled.values() for file in waiting.files}
        return found

    # ------------------------------------------------------------ events

    def apply(self, event: p.Event) -> None:
        """Take in one event; it was checked before."""
        self.seq = event.seq
        self.time = max(self.time, event.time)
        data = event.data
        room = self.rooms.get(event.room) if event.room else None
        match data:
            case p.MemberAdded():
                member = MemberState(data.member, data.handle, data.name, data.role, data.bot, event.time)
                member.access = event.seq
                self.members[member.id] = member
                self.by_handle[member.handle.casefold()] = member.id
            case p.NameSet():
                self.members[data.member].name = data.name
            case p.RoleSet():
                self.members[data.member].role = data.role
                self.members[data.member].access = event.seq
            case p.PreferencesSet():
                self.members[event.actor].preferences = data.preferences
            case p.SettingsSet():
                self.settings = data.settings
            case p.StatusSet():
                self.members[event.actor].status = data.status
            case p.PictureSet():
                self.members[event.actor].picture = data.picture
            case p.RoomCreated():
                self._create(event, data)
            case p.RoomDeleted() if room is None:  # its beginning has left the log
                self._forget(event.room or "")
            case _ if room is None:
                self.members[event.actor].own.apply(event)
            case p.Posted():
                text = data.text or (data.forwarded.text if data.forwarded else "")
                self._say(room, event, text, data.kind, data.files[0].name if data.files else "")
                if data.scheduled is not None:
                    self.members[event.actor].own.scheduled.pop(data.scheduled, None)
            case p.Edited():
                if room.last and room.last.id == data.id:
                    room.last = msgspec.structs.replace(room.last, text=data.text[:LAST_LENGTH])
            case p.Deleted():
                room.n_messages -= 1
                room.pins.pop(data.id, None)
                if room.last and room.last.id == data.id:
                    room.last = p.LastMessage(id=data.id, author=room.last.author, time=room.last.time, text="")
            case p.Pinned():
                room.pins[data.id] = event.seq
            case p.Unpinned():
                room.pins.pop(data.id, None)
            case p.Read():
                member = self.members[event.actor]
                member.reads[room.id] = data.upto
                member.read_at[room.id] = event.time
            case p.RoomDeleted():
                self._delete(room, event.seq)
            case _:
                self._change(room, event)

    def _create(self, event: p.Event, data: p.RoomCreated) -> None:
        room = RoomState(str(event.seq), data.name, data.kind, data.topic, event.time, event.actor)
        self.rooms[room.id] = room
        self.by_name[room.name.casefold()] = room.id
        for member in data.members:
            self._enter(room, member, event)
        if room.kind == "public":
            self.public_access = event.seq

    def _change(self, room: RoomState, event: p.Event) -> None:
        data = event.data
        match data:
            case p.Renamed():
                del self.by_name[room.name.casefold()]
                room.name = data.name
                self.by_name[room.name.casefold()] = room.id
                for member in room.members:
                    self.members[member].access = event.seq
                if room.kind == "public":
                    self.public_access = event.seq
            case p.TopicSet():
                room.topic = data.topic
            case p.Archived():
                room.archived = True
            case p.Unarchived():
                room.archived = False
            case p.Joined():
                self._enter(room, event.actor, event)
            case p.Left():
                self._exit(room, event.actor, event.seq)
            case p.Added():
                self._enter(room, data.member, event)
            case p.Removed():
                self._exit(room, data.member, event.seq)
        text = getattr(data, "text", None)
        if text is not None:
            self._say(room, event, text, "system")

    def _enter(self, room: RoomState, member: p.Id, event: p.Event) -> None:
        room.members[member] = event.seq
        state = self.members[member]
        state.rooms.add(room.id)
        state.access = event.seq
        state.reads[room.id] = event.seq
        state.read_at[room.id] = event.time

    def _exit(self, room: RoomState, member: p.Id, seq: int) -> None:
        room.members.pop(member, None)
        state = self.members[member]
        state.rooms.discard(room.id)
        state.reads.pop(room.id, None)
        state.read_at.pop(room.id, None)
        state.access = seq

    def _delete(self, room: RoomState, seq: int) -> None:
        for member in list(room.members):
            self._exit(room, member, seq)
        self._forget(room.id)
        del self.rooms[room.id]
        del self.by_name[room.name.casefold()]
        if room.kind == "public":
            self.public_access = seq

    def _forget(self, room: p.Id) -> None:
        for one in self.members.values():
            one.own.forget_room(room)

    def _say(self, room: RoomState, event: p.Event, text: str, kind: p.MessageKind, file: str = "") -> None:
        room.last_seq = event.seq
        if kind != "system":
            room.n_messages += 1
            room.last = p.LastMessage(
                id=str(event.seq), author=event.actor, time=event.time, text=text[:LAST_LENGTH], file=file
            )


def type_of(event: p.Event) -> str:
    """The name of what happened."""
    return str(event.data.__struct_config__.tag)
