"""What is to happen at a time: messages that were scheduled, and reminders."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

from collabchat import protocol as p
from collabchat.errors import CollabchatError
from collabchat.hub.commands import posts
from collabchat.hub.commands.decision import Case
from collabchat.hub.commands.personal import as_post
from collabchat.store.directory import MemberState

if TYPE_CHECKING:
    from collabchat.hub.hub import Hub

log = logging.getLogger("collabchat.hub")
LONGEST = 3600.0
"""Seconds after which the clock is looked at again, whatever is due when: it may have been set."""
RETRY = 1.0


class Due:
    """The hub's clock. What came due while no hub ran happens when the next one starts."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._timer: asyncio.TimerHandle | None = None

    @property
    def posts_wait(self) -> bool:
        """Whether the hub has to stay, since nobody else would post what is scheduled."""
        return any(isinstance(waiting, p.Scheduled) for _, _, waiting in self._waiting())

    def look(self) -> None:
        """See when the next thing is due."""
        self.close()
        first = min((when for when, _, _ in self._waiting()), default=None)
        if first is not None:
            wait = min(max(0.0, (first - self.hub.clock()) / 1e6), LONGEST)
            self._timer = self.hub.loop.call_later(wait, self._fire)

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _fire(self) -> None:
        self._timer = None
        try:
            self.hub.workspace.log.check()
            now = self.hub.clock()
            due = [found for found in self._waiting() if found[0] <= now]
            for _, member, waiting in sorted(due, key=lambda found: (found[0], int(found[2].id))):
                self._happen(member, waiting, now)
        except CollabchatError as error:  # the disk refuses everything just now
            log.warning("what is due has to wait: %s", error)
        except Exception:  # the database may be closed; whatever it is, nothing that is due may be forgotten
            log.exception("what is due has to wait")
        else:
            self.look()
            return
        self._timer = self.hub.loop.call_later(RETRY, self._fire)

    def _waiting(self) -> Iterator[tuple[p.Micros, MemberState, p.Scheduled | p.Saved]]:
        """What is due when, and for whom."""
        for member in self.hub.workspace.directory.members.values():
            for scheduled in member.own.scheduled.values():
                if scheduled.problem is None:
                    yield scheduled.at, member, scheduled
            for saved in member.own.saved.values():
                if saved.remind_at is not None:
                    yield saved.remind_at, member, saved

    def _happen(self, member: MemberState, waiting: p.Scheduled | p.Saved, now: p.Micros) -> None:
        workspace = self.hub.workspace
        if isinstance(waiting, p.Saved):
            workspace.decide(member.id, p.Reminded(id=waiting.id), room=None, req=None, now=now)
            return
        case = Case(workspace, self.hub.limits, member, now)
        try:
            made = posts.post(case, as_post(waiting, req=p.new_req()), scheduled=waiting)
        except CollabchatError as error:
            data = p.Unsent(id=waiting.id, problem=str(error))
            workspace.decide(member.id, data, room=None, req=None, now=now)
            return
        assert made.data is not None
        workspace.decide(member.id, made.data, room=made.room, req=None, now=now)
