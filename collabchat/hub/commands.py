"""One action a command: check it against the state as it is, and say which event it makes.

Nothing here waits or writes: the hub hands the event to the log.
"""

from __future__ import annotations

from typing import NamedTuple

from collabchat import protocol as p
from collabchat.errors import Conflict, Forbidden, Invalid, TooLarge
from collabchat.hub import access
from collabchat.hub.mentions import mentions
from collabchat.store.directory import MemberState, RoomState, direct_name
from collabchat.store.workspace import Workspace


class Decision(NamedTuple):
    """What a command comes to: the event to store, or nothing to change."""

    data: p.AnyEventData | None
    room: p.Id | None = None
    id: p.Id | None = None
    """What was found already, where nothing changes."""


def decide(workspace: Workspace, limits: p.Limits, me: MemberState, command: p.AnyCommand) -> Decision:
    """Check a command of a member.

    Raises
    ------
    collabchat.errors.CollabchatError
        Where it is refused; nothing has changed then.
    """
    match command:
        case p.Post():
            return _post(workspace, me, command)
        case p.Edit() | p.Delete() | p.React() | p.Unreact() | p.Pin() | p.Unpin():
            return _message(workspace, limits, me, command)
        case p.MarkRead() | p.MarkUnread():
            return _mark(workspace, me, command)
        case p.CreateRoom() | p.OpenDirect():
            return _new_room(workspace, limits, me, command)
        case p.SetPreferences() | p.SetName() | p.SetRole():
            return _member(workspace, me, command)
        case _:
            return _room(workspace, limits, me, command)


def _next(workspace: Workspace) -> p.Id:
    return str(workspace.directory.seq + 1)


def _post(workspace: Workspace, me: MemberState, command: p.Post) -> Decision:
    state = workspace.directory
    room = access.room(state, me, command.room)
    access.check("post", me, room)
    _needs_text(command.text)
    thread: p.Id | None = None
    if command.reply_to is not None:
        answered, where = access.message(state, workspace.refs, me, command.reply_to)
        if where.id != room.id:
            raise Invalid(f"That message is not in #{room.name}: a reply stays in the room of what it answers.")
        if not command.quote:
            if answered.kind == "system":
                raise Invalid("A line of the room itself has no thread; quote it instead.")
            if answered.deleted and answered.thread is None:
                raise Invalid("That message was deleted; it cannot be answered in a thread.")
            thread = answered.thread or answered.id
    return Decision(
        p.Posted(
            id=_next(workspace),
            text=command.text,
            kind="bot" if me.bot else "text",
            thread=thread,
            reply_to=command.reply_to,
            mentions=mentions(command.text, state, room),
        ),
        room.id,
    )


def _needs_text(text: str) -> None:
    if not text.strip():
        raise Invalid("A message needs some text.")


_Message = p.Edit | p.Delete | p.React | p.Unreact | p.Pin | p.Unpin


def _message(workspace: Workspace, limits: p.Limits, me: MemberState, command: _Message) -> Decision:
    state = workspace.directory
    ref, room = access.message(state, workspace.refs, me, command.id)
    access.check(str(command.__struct_config__.tag), me, room, ref)
    nothing = Decision(None, room.id, ref.id)
    if isinstance(command, p.Delete):
        if ref.kind == "system":
            raise Forbidden("A line of the room itself stays.")
        if ref.deleted:
            return nothing
        thread = ref.thread if ref.thread != ref.id else None
        return Decision(p.Deleted(id=ref.id, author=ref.author, thread=thread, mentions_before=ref.mentions), room.id)
    if ref.deleted:
        if isinstance(command, p.Unreact | p.Unpin):
            return nothing
        raise Invalid("That message was deleted.")
    match command:
        case p.Edit():
            _needs_text(command.text)
            return Decision(
                p.Edited(
                    id=ref.id,
                    text=command.text,
                    author=ref.author,
                    mentions=mentions(command.text, state, room),
                    mentions_before=ref.mentions,
                ),
                room.id,
            )
        case p.React():
            if me.id in ref.reactions.get(command.emoji, ()):
                return nothing
            if not command.emoji.strip() or any(ord(letter) < 32 for letter in command.emoji):
                raise Invalid("A reaction is an emoji, or a name like :done:.")
            if command.emoji not in ref.reactions and len(ref.reactions) >= limits.reactions:
                raise TooLarge(f"A message has at most {limits.reactions} different reactions.")
            return Decision(p.Reacted(id=ref.id, emoji=command.emoji), room.id)
        case p.Unreact():
            if me.id not in ref.reactions.get(command.emoji, ()):
                return nothing
            return Decision(p.Unreacted(id=ref.id, emoji=command.emoji), room.id)
        case p.Pin():
            if ref.pinned:
                return nothing
            if len(room.pins) >= limits.pins:
                raise TooLarge(f"A room has at most {limits.pins} pinned messages: unpin one first.")
            return Decision(p.Pinned(id=ref.id), room.id)
        case p.Unpin():
            return Decision(p.Unpinned(id=ref.id), room.id) if ref.pinned else nothing


def _mark(workspace: Workspace, me: MemberState, command: p.MarkRead | p.MarkUnread) -> Decision:
    state = workspace.directory
    room = access.room(state, me, command.room)
    access.check("mark_read", me, room)
    read = me.reads.get(room.id, 0)
    if isinstance(command, p.MarkRead):
        upto = min(int(command.upto), state.seq) if command.upto is not None else room.last_seq
        if upto <= read:
            return Decision(None, room.id)
    else:
        ref, where = access.message(state, workspace.refs, me, command.id)
        if where.id != room.id:
            raise Invalid(f"That message is not in #{room.name}.")
        upto = int(ref.id) - 1
        if upto == read:
            return Decision(None, room.id)
    unread, mentioned = (0, 0) if upto >= room.last_seq else workspace.unread(me, room, upto)
    return Decision(p.Read(upto=upto, unread=unread, mentions=mentioned), room.id)


def _new_room(
    workspace: Workspace, limits: p.Limits, me: MemberState, command: p.CreateRoom | p.OpenDirect
) -> Decision:
    state = workspace.directory
    access.check(str(command.__struct_config__.tag), me, None)
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
        return Decision(p.RoomCreated(name=name, kind="direct", topic="", members=both), _next(workspace))
    _free_name(workspace, me, command.name)
    _has_room_for_a_room(workspace, limits)
    members = list(dict.fromkeys([me.id, *(access.member(state, one).id for one in command.members)]))
    if len(members) > limits.room_members:
        raise TooLarge(f"A room has at most {limits.room_members:,} members.")
    return Decision(
        p.RoomCreated(name=command.name, kind=command.kind, topic=command.topic, members=members), _next(workspace)
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


def _member(workspace: Workspace, me: MemberState, command: p.SetPreferences | p.SetName | p.SetRole) -> Decision:
    state = workspace.directory
    access.check(str(command.__struct_config__.tag), me, None)
    match command:
        case p.SetPreferences():
            now = me.preferences
            new = p.Preferences(
                enter=command.enter or now.enter, view=command.view or now.view, theme=command.theme or now.theme
            )
            return Decision(None) if new == now else Decision(p.PreferencesSet(preferences=new))
        case p.SetName():
            name = command.name.strip()
            if not name or any(ord(letter) < 32 for letter in name):
                raise Invalid("A name is one line of text.")
            return Decision(None) if name == me.name else Decision(p.NameSet(member=me.id, name=name))
        case p.SetRole():
            other = access.member(state, command.member)
            if me.role != "owner" and ("owner" in (other.role, command.role) or "admin" in (other.role, command.role)):
                raise Forbidden("Only an owner makes or unmakes admins and owners.")
            if other.role == command.role:
                return Decision(None)
            owners = sum(one.role == "owner" for one in state.members.values())
            if other.role == "owner" and owners == 1:
                raise Forbidden("The last owner stays owner: make somebody else an owner first.")
            return Decision(p.RoleSet(member=other.id, role=command.role))


_RoomCommand = p.Rename | p.SetTopic | p.Archive | p.Unarchive | p.DeleteRoom | p.Join | p.Leave | p.Add | p.Remove


def _room(workspace: Workspace, limits: p.Limits, me: MemberState, command: _RoomCommand) -> Decision:
    state = workspace.directory
    room = access.room(state, me, command.room)
    nothing = Decision(None, room.id, room.id)
    if isinstance(command, p.Join) and me.id in room.members:
        return nothing
    if isinstance(command, p.Leave) and me.id not in room.members:
        return nothing
    leaving = isinstance(command, p.Remove) and command.member == me.id
    done = isinstance(command, p.Archive) and room.archived
    access.check("unarchive" if done else "leave" if leaving else str(command.__struct_config__.tag), me, room)
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
            return Decision(p.RoomDeleted(kind=room.kind, members=list(room.members)), room.id)
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
