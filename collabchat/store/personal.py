"""What a member keeps for themselves: stars, drafts, saved messages, what is to be sent later."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from collabchat import protocol as p

PERSONAL = (
    p.PreferencesSet,
    p.StarsSet,
    p.Muted,
    p.Unmuted,
    p.DraftSet,
    p.MessageSaved,
    p.Unsaved,
    p.Reminded,
    p.MessageScheduled,
    p.Unscheduled,
    p.Unsent,
    p.Followed,
    p.Unfollowed,
)
"""Events that are seen by the actor alone."""


def draft_key(room: p.Id, thread: p.Id | None) -> str:
    """Where a draft belongs."""
    return f"{room}/{thread}" if thread else room


@dataclass(slots=True)
class Personal:
    """Of one member, and seen by nobody else."""

    stars: list[p.Id] = field(default_factory=list)
    muted: set[p.Id] = field(default_factory=set)
    drafts: dict[str, p.Draft] = field(default_factory=dict)
    saved: dict[p.Id, p.Saved] = field(default_factory=dict)
    scheduled: dict[p.Id, p.Scheduled] = field(default_factory=dict)
    follows: dict[p.Id, tuple[p.Id, bool]] = field(default_factory=dict)
    """By a thread's root: its room, and whether it is followed, where the member has said so."""
    said_at: dict[str, int] = field(default_factory=dict)
    """The `seq` of the event that last said so, by the key of a draft or ``saved:ID``."""

    def apply(self, event: p.Event) -> None:
        """Take in one of the member's own events."""
        data = event.data
        match data:
            case p.StarsSet():
                self.stars = list(data.rooms)
            case p.Muted():
                self.muted.add(data.target)
            case p.Unmuted():
                self.muted.discard(data.target)
            case p.DraftSet():
                self._draft(event, data)
            case p.MessageSaved():
                self.saved.pop(data.id, None)  # in the order of the last time, as the table has them
                self.saved[data.id] = data.saved(event.time)
                self.said_at[f"saved:{data.id}"] = event.seq
            case p.Unsaved():
                self.saved.pop(data.id, None)
                self.said_at.pop(f"saved:{data.id}", None)
            case p.Reminded():
                now = self.saved[data.id]
                self.saved[data.id] = msgspec.structs.replace(now, remind_at=None, reminded_at=event.time)
            case p.MessageScheduled():
                self.scheduled[str(event.seq)] = data.scheduled(event.seq)
            case p.Unscheduled():
                self.scheduled.pop(data.id, None)
            case p.Unsent():
                self.scheduled[data.id] = msgspec.structs.replace(self.scheduled[data.id], problem=data.problem)
            case p.Followed():
                self.follows[data.id] = data.target, True
            case p.Unfollowed():
                self.follows[data.id] = data.target, False

    def _draft(self, event: p.Event, data: p.DraftSet) -> None:
        key = draft_key(data.target, data.thread)
        self.drafts.pop(key, None)
        self.said_at.pop(key, None)
        if data.text:
            self.drafts[key] = data.draft(event.time)
            self.said_at[key] = event.seq

    def keeps(self, room: p.Id) -> bool:
        """Whether something of a room is kept."""
        if room in self.stars or room in self.muted:
            return True
        return room in {one.room for one in self.drafts.values()} | {one.room for one in self.saved.values()}

    def forget_room(self, room: p.Id) -> None:
        """A room is gone, and with it what was kept of it."""
        if room in self.stars:
            self.stars = [one for one in self.stars if one != room]
        self.muted.discard(room)
        for key in [key for key, draft in self.drafts.items() if draft.room == room]:
            del self.drafts[key]
            self.said_at.pop(key, None)
        for message in [one.id for one in self.saved.values() if one.room == room]:
            del self.saved[message]
            self.said_at.pop(f"saved:{message}", None)
        for message in [one.id for one in self.scheduled.values() if one.room == room]:
            del self.scheduled[message]
        for root in [root for root, (where, _) in self.follows.items() if where == room]:
            del self.follows[root]
