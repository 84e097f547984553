"""What a member keeps for themselves, as the hub says it: stars, drafts, what is saved and what is to be sent."""

from __future__ import annotations

from msgspec.structs import replace

from .. import protocol
from ..protocol import Draft, Saved, Scheduled


class Own:
    """Kept fresh from snapshots and from one's own events; `Directory` sees to it that one thread writes at a time.

    Every change puts a new list or dict in the old one's place, so what was taken out stays as it is.
    """

    def __init__(self) -> None:
        self.stars: list[str] = []
        self.muted: frozenset[str] = frozenset()
        self.drafts: dict[tuple[str, str | None], Draft] = {}
        self.saved: dict[str, Saved] = {}
        self.scheduled: dict[str, Scheduled] = {}

    def snapshot(self, snapshot: protocol.Snapshot) -> None:
        """Take everything anew."""
        self.stars = list(snapshot.stars)
        self.muted = frozenset(snapshot.muted)
        self.drafts = {(draft.room, draft.thread): draft for draft in snapshot.drafts}
        self.saved = {saved.id: saved for saved in snapshot.saved}
        self.scheduled = {scheduled.id: scheduled for scheduled in snapshot.scheduled}

    def draft(self, room: str, thread: str | None) -> Draft | None:
        """What was begun in a room, or in a thread of it."""
        return self.drafts.get((room, thread))

    def apply(self, event: protocol.Event) -> None:
        """Take in an event of one's own."""
        data = event.data
        match data:
            case protocol.StarsSet(rooms=rooms):
                self.stars = list(rooms)
            case protocol.Muted(target=room):
                self.muted = self.muted | {room}
            case protocol.Unmuted(target=room):
                self.muted = self.muted - {room}
            case protocol.DraftSet():
                self._drafted(event, data)
            case protocol.MessageSaved(id=id):
                self.saved = self.saved | {id: data.saved(event.time)}
            case protocol.Unsaved(id=id):
                self.saved = {key: saved for key, saved in self.saved.items() if key != id}
            case protocol.Reminded(id=id) if id in self.saved:
                told = replace(self.saved[id], remind_at=None, reminded_at=event.time)
                self.saved = self.saved | {id: told}
            case protocol.MessageScheduled():
                waiting = data.scheduled(event.seq)
                self.scheduled = self.scheduled | {waiting.id: waiting}
            case protocol.Unscheduled(id=id) | protocol.Posted(scheduled=str(id)):
                self.scheduled = {key: waiting for key, waiting in self.scheduled.items() if key != id}
            case protocol.Unsent(id=id, problem=problem) if id in self.scheduled:
                self.scheduled = self.scheduled | {id: replace(self.scheduled[id], problem=problem)}

    def forget_room(self, room: str) -> None:
        """A room was deleted, and with it what was kept of it."""
        self.stars = [star for star in self.stars if star != room]
        self.muted = self.muted - {room}
        self.drafts = {key: draft for key, draft in self.drafts.items() if draft.room != room}
        self.saved = {id: saved for id, saved in self.saved.items() if saved.room != room}
        self.scheduled = {id: waiting for id, waiting in self.scheduled.items() if waiting.room != room}

    def _drafted(self, event: protocol.Event, data: protocol.DraftSet) -> None:
        key = data.target, data.thread
        if data.text:
            self.drafts = self.drafts | {key: data.draft(event.time)}
        else:
            self.drafts = {other: draft for other, draft in self.drafts.items() if other != key}
