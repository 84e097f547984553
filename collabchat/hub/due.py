"""What is to happen at a time: messages that were scheduled, and reminders."""

from __future__ import annotations

import asyncio
import logging
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
        return any(
            one.problem is None
            for member in self.hub.workspace.directory.members.values()
            for one in member.own.scheduled.values()
        )

    def look(self) -> None:
        """See when the next thing is due."""
        self.close()
        times = [
            *(when for member in self.hub.workspace.directory.members.values() for when, _ in _waiting(member)),
        ]
        if times:
            wait = min(max(0.0, (min(times) - self.hub.clock()) / 1e6), LONGEST)
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
            due = [
                (when, int(waiting.id), member, waiting)
                for member in self.hub.workspace.directory.members.values()
                for when, waiting in _waiting(member)
                if when <= now
            ]
            for _, _, member, waiting in sorted(due, key=lambda found: found[:2]):
                self._happen(member, waiting, now)
        except CollabchatError as error:  # the disk refuses everything just now
            log.warning("what is due has to wait: %s", error)
        except Exception:  # the database may be closed; whatever it is, nothing that is due may be forgotten
            log.exception("what is due has to wait")
        else:
            self.look()
            return
        self._timer = self.hub.loop.call_later(RETRY, self._fire)

    def _happen(self, member: MemberState, waiting: p.Scheduled | p.Saved, now: p.Micros) -> None:
        workspace = self.hub.workspace
        if isinstance(waiting, p.Saved):
            workspace.decide(member.id, p.Reminded(id=waiting.id), room=None, req=None, now=now)
            return
        case = Case(workspace, self.hub.limits, member, now)
        try:
            made = posts.post(case, as_post(waiting, req=p.new_req()), scheduled=waiting.id)
        except CollabchatError as error:
            data = p.Unsent(id=waiting.id, problem=str(error))
            workspace.decide(member.id, data, room=None, req=None, now=now)
            return
        assert made.data is not None
        workspace.decide(member.id, made.data, room=made.room, req=None, now=now)


def _waiting(member: MemberState) -> list[tuple[p.Micros, p.Scheduled | p.Saved]]:
    """What is due for a member, and when."""
    found: list[tuple[p.Micros, p.Scheduled | p.Saved]] = []
    found += [(one.at, one) for one in member.own.scheduled.values() if one.problem is None]
    found += [(one.remind_at, one) for one in member.own.saved.values() if one.remind_at is not None]
    return found
