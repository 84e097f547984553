"""A client's picture of a workspace in the plainest words: a snapshot, then events."""

from __future__ import annotations

from typing import Any

import msgspec

from collabchat import protocol as p

replace = msgspec.structs.replace
LINES = (p.Renamed, p.TopicSet, p.Archived, p.Unarchived, p.Joined, p.Left, p.Added, p.Removed)


class Mirror:
    def __init__(self, snapshot: p.Snapshot) -> None:
        self.me = snapshot.me
        self.members = {member.id: member for member in snapshot.members}
        self.rooms = {room.id: room for room in snapshot.rooms}
        self.preferences = snapshot.preferences
        self.stars = list(snapshot.stars)
        self.muted = set(snapshot.muted)
        self.drafts = {(draft.room, draft.thread): draft for draft in snapshot.drafts}
        self.saved = {saved.id: saved for saved in snapshot.saved}
        self.scheduled = {waiting.id: waiting for waiting in snapshot.scheduled}
        self.settings = snapshot.settings
        self.seq = snapshot.seq

    @property
    def own(self) -> dict[str, Any]:
        """What one keeps of the rooms that one sees, and what is to be sent later, as a snapshot has it."""
        return {
            "stars": [room for room in self.stars if room in self.rooms],
            "muted": sorted((room for room in self.muted if room in self.rooms), key=int),
            "drafts": [draft for draft in self.drafts.values() if draft.room in self.rooms],
            "saved": [saved for saved in self.saved.values() if saved.room is None or saved.room in self.rooms],
            "scheduled": list(self.scheduled.values()),
        }

    def take(self, one: Any) -> None:
        if isinstance(one, p.RoomChanged):
            self.rooms[one.room.id] = one.room
        elif isinstance(one, p.Event) and one.seq > self.seq:
            self.seq = one.seq
            self._event(one)

    def _event(self, event: p.Event) -> None:
        data = event.data
        match data:
            case p.MemberAdded():
                self.members[data.member] = p.Member(
                    id=data.member,
                    handle=data.handle,
                    name=data.name,
                    role=data.role,
                    bot=data.bot,
                    joined_at=event.time,
                )
            case p.NameSet():
                self.members[data.member] = replace(self.members[data.member], name=data.name)
            case p.RoleSet():
                self.members[data.member] = replace(self.members[data.member], role=data.role)
            case p.PreferencesSet():
                self.preferences = data.preferences
            case p.SettingsSet():
                self.settings = data.settings
            case p.StatusSet():
                self.members[event.actor] = replace(self.members[event.actor], status=data.status)
            case p.PictureSet():
                self.members[event.actor] = replace(self.members[event.actor], picture=data.picture)
            case p.RoomDeleted():
                self.rooms.pop(event.room or "", None)
                self.scheduled = {key: one for key, one in self.scheduled.items() if one.room != event.room}
            case p.RoomCreated():
                pass  # told by the room that came before it
            case _ if event.room in self.rooms:
                if isinstance(data, p.Posted) and data.scheduled is not None:
                    self.scheduled.pop(data.scheduled, None)
                self._room(self.rooms[event.room], event)
            case _ if event.room is None:
                assert event.actor == self.me, f"{event} is nobody's business but of {event.actor}"
                self._own(event)

    def _own(self, event: p.Event) -> None:
        data = event.data
        match data:
            case p.StarsSet():
                self.stars = data.rooms
            case p.Muted():
                self.muted.add(data.target)
            case p.Unmuted():
                self.muted.discard(data.target)
            case p.DraftSet():
                self.drafts.pop((data.target, data.thread), None)
                if data.text:
                    self.drafts[data.target, data.thread] = p.Draft(
                        room=data.target, thread=data.thread, text=data.text, reply_to=data.reply_to, time=event.time
                    )
            case p.MessageSaved():
                self.saved.pop(data.id, None)
                self.saved[data.id] = p.Saved(
                    id=data.id, room=data.target, note=data.note, time=event.time, remind_at=data.remind_at
                )
            case p.Unsaved():
                self.saved.pop(data.id, None)
            case p.Reminded():
                if data.id in self.saved:  # else it is of a room that one does not see
                    self.saved[data.id] = replace(self.saved[data.id], remind_at=None, reminded_at=event.time)
            case p.MessageScheduled():
                number = str(event.seq)
                self.scheduled[number] = p.Scheduled(
                    id=number,
                    room=data.target,
                    text=data.text,
                    at=data.at,
                    reply_to=data.reply_to,
                    quote=data.quote,
                    broadcast=data.broadcast,
                    files=data.files,
                )
            case p.Unscheduled():
                del self.scheduled[data.id]
            case p.Unsent():
                self.scheduled[data.id] = replace(self.scheduled[data.id], problem=data.problem)
            case p.Followed() | p.Unfollowed():
                pass  # asked for when it is shown
            case _:
                raise AssertionError(f"nobody knows what {event} means")

    def _room(self, room: p.Room, event: p.Event) -> None:
        data = event.data
        mine = event.actor == self.me
        if not room.joined and isinstance(data, p.Posted | p.Edited | p.Deleted | p.Pinned | p.Unpinned):
            return  # of before one left
        match data:
            case p.Posted():
                counts = room.joined and not mine
                text = data.text or (data.forwarded.text if data.forwarded else "")
                file = data.files[0].name if data.files else ""
                last = p.LastMessage(id=data.id, author=event.actor, time=event.time, text=text[:120], file=file)
                room = replace(
                    room,
                    n_messages=room.n_messages + 1,
                    last=last,
                    unread=room.unread + counts,
                    mentions=room.mentions + (counts and self.me in data.mentions),
                )
            case p.Edited():
                if room.last and room.last.id == data.id:
                    room = replace(room, last=replace(room.last, text=data.text[:120]))
                if self._unread(room, data.id, data.author):
                    change = (self.me in data.mentions) - (self.me in data.mentions_before)
                    room = replace(room, mentions=room.mentions + change)
            case p.Deleted():
                if room.last and room.last.id == data.id:
                    room = replace(room, last=replace(room.last, text="", file=""))
                room = replace(room, n_messages=room.n_messages - 1, pins=[one for one in room.pins if one != data.id])
                if self._unread(room, data.id, data.author):
                    gone = self.me in data.mentions_before
                    room = replace(room, unread=room.unread - 1, mentions=room.mentions - gone)
            case p.Pinned():
                room = replace(room, pins=[*room.pins, data.id])
            case p.Unpinned():
                room = replace(room, pins=[one for one in room.pins if one != data.id])
            case p.Read():
                if mine:
                    room = replace(room, read=data.upto, unread=data.unread, mentions=data.mentions)
            case p.Renamed():
                room = replace(room, name=data.name)
            case p.TopicSet():
                room = replace(room, topic=data.topic)
            case p.Archived() | p.Unarchived():
                room = replace(room, archived=isinstance(data, p.Archived))
            case p.Joined():
                room = self._entered(room, event.actor, event.seq)
            case p.Added():
                room = self._entered(room, data.member, event.seq)
            case p.Left() | p.Removed():
                gone_member = event.actor if isinstance(data, p.Left) else data.member
                left = self._left(room, gone_member)
                if left is None:
                    del self.rooms[room.id]
                    return
                room = left
        self.rooms[room.id] = room

    def _unread(self, room: p.Room, message: p.Id, author: p.Id) -> bool:
        return room.joined and author != self.me and int(message) > room.read

    def _entered(self, room: p.Room, member: p.Id, seq: int) -> p.Room:
        if member == self.me:
            return room  # told by the room that came before it
        if room.joined:
            members = [*[one for one in room.members if one != member], member]
            return replace(room, members=members, n_members=len(members))
        return replace(room, n_members=room.n_members + 1)

    def _left(self, room: p.Room, member: p.Id) -> p.Room | None:
        if member != self.me:
            members = [one for one in room.members if one != member]
            return replace(room, members=members, n_members=room.n_members - 1)
        if room.kind != "public" or self.members[self.me].role == "guest":
            return None
        return replace(
            room,
            joined=False,
            members=[],
            n_members=room.n_members - 1,
            n_messages=0,
            read=0,
            unread=0,
            mentions=0,
            last=None,
            pins=[],
        )
