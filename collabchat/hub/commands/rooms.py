"""Rooms: made, changed, entered and left."""

from __future__ import annotations

from collabchat import protocol as p
from collabchat.errors import Conflict, Forbidden, TooLarge
from collabchat.hub import access
from collabchat.hub.commands.decision import Case, Decision, name_of
from collabchat.store.directory import MemberState, RoomState, direct_name
from collabchat.store.workspace import Workspace


def new(case: Case, command: p.CreateRoom | p.OpenDirect) -> Decision:
    """A room, or the conversation with one member."""
    workspace, limits, me = case.workspace, case.limits, case.me
    state = workspace.directory
    access.check(name_of(command), me, None)
    if isinstance(command, p.OpenDirect):
        other = access.member(state, command.member)
        if me.role == "guest" and other.id != me.id and not (me.rooms & other.rooms):
            raise Forbidden("A guest may write to those who share a room with them.")
        name = direct_name([me.handle, other.handle])
        found = state.room_by_name(name)
        if found is not None:
            return Decision(None, found.id, found.id)
        _has_room_for_a_room(workspace, limits)
        both = list(dict.fromkeys([me.id, other.id]))
        return Decision(p.RoomCreated(name=name, kind="direct", topic="", members=both), case.next)
    _free_name(workspace, me, command.name)
    _has_room_for_a_room(workspace, limits)
    members = list(dict.fromkeys([me.id, *(access.member(state, one).id for one in command.members)]))
    if len(members) > limits.room_members:
        raise TooLarge(f"A room has at most {limits.room_members:,} members.")
    return Decision(
        p.RoomCreated(name=command.name, kind=command.kind, topic=command.topic, members=members), case.next
    )


def _has_room_for_a_room(workspace: Workspace, limits: p.Limits) -> None:
    if len(workspace.directory.rooms) >= limits.rooms:
        raise TooLarge(f"A workspace has at most {limits.rooms:,} rooms.")


def _free_name(workspace: Workspace, me: MemberState, name: str) -> None:
    taken = workspace.directory.room_by_name(name)
    if taken is None:
        return
    if workspace.directory.may_see(me, taken):
        raise Conflict(f"There is a room #{taken.name} already.")
    raise Conflict(f"The name {name} cannot be used: take another one.")


_RoomCommand = p.Rename | p.SetTopic | p.Archive | p.Unarchive | p.DeleteRoom | p.Join | p.Leave | p.Add | p.Remove


def decide(case: Case, command: _RoomCommand) -> Decision:
    """A change of a room."""
    workspace, limits, me = case.workspace, case.limits, case.me
    state = workspace.directory
    room = access.room(state, me, command.room)
    nothing = Decision(None, room.id, room.id)
    if isinstance(command, p.Join) and me.id in room.members:
        return nothing
    if isinstance(command, p.Leave) and me.id not in room.members:
        return nothing
    leaving = isinstance(command, p.Remove) and command.member == me.id
    done = isinstance(command, p.Archive) and room.archived
    access.check("unarchive" if done else "leave" if leaving else name_of(command), me, room)
    if done or (isinstance(command, p.Unarchive) and not room.archived):
        return nothing
    match command:
        case p.Rename():
            if command.name == room.name:
                return nothing
            if command.name.casefold() != room.name.casefold():
                _free_name(workspace, me, command.name)
            return Decision(p.Renamed(name=command.name, text=f"renamed the room to {command.name}"), room.id)
        case p.SetTopic():
            if command.topic == room.topic:
                return nothing
            text = f"set the topic: {command.topic}" if command.topic else "removed the topic"
            return Decision(p.TopicSet(topic=command.topic, text=text), room.id)
        case p.Archive():
            return Decision(p.Archived(text="archived the room"), room.id)
        case p.Unarchive():
            return Decision(p.Unarchived(text="unarchived the room"), room.id)
        case p.DeleteRoom():
            # Those too who left and have something scheduled there: it is gone as well.
            waiting = [
                one.id
                for one in state.members.values()
                if one.id not in room.members and any(it.room == room.id for it in one.own.scheduled.values())
            ]
            return Decision(p.RoomDeleted(kind=room.kind, members=[*room.members, *waiting]), room.id)
        case p.Join():
            _has_place(room, limits)
            return Decision(p.Joined(text="joined the room"), room.id)
        case p.Leave():
            return Decision(p.Left(text="left the room"), room.id)
        case p.Add():
            other = access.member(state, command.member)
            if other.id in room.members:
                return nothing
            _has_place(room, limits)
            return Decision(p.Added(member=other.id, text=f"added @{other.handle}"), room.id)
        case p.Remove():
            other = access.member(state, command.member)
            if other.id not in room.members:
                return nothing
            if leaving:
                return Decision(p.Left(text="left the room"), room.id)
            return Decision(p.Removed(member=other.id, text=f"removed @{other.handle}"), room.id)


def _has_place(room: RoomState, limits: p.Limits) -> None:
    if len(room.members) >= limits.room_members:
        raise TooLarge(f"A room has at most {limits.room_members:,} members.")
