"""What a command comes to."""

from __future__ import annotations

from typing import NamedTuple

from collabchat import protocol as p
from collabchat.errors import Invalid
from collabchat.store.directory import MemberState
from collabchat.store.workspace import Workspace

FURTHEST = 2 * 366 * 86_400 * 1_000_000
"""Microseconds from now on until which something can be scheduled, remembered or said of oneself."""


class Decision(NamedTuple):
    """The event to store, or nothing to change."""

    data: p.AnyEventData | None
    room: p.Id | None = None
    id: p.Id | None = None
    """What was found already, where nothing changes."""


class Case(NamedTuple):
    """A command's surroundings: what it is checked against."""

    workspace: Workspace
    limits: p.Limits
    me: MemberState
    now: p.Micros

    @property
    def next(self) -> p.Id:
        """The id of what this command makes."""
        return str(self.workspace.directory.seq + 1)


def name_of(command: p.AnyCommand) -> str:
    """The command as the table of rights has it."""
    return str(command.__struct_config__.tag)


def in_time(case: Case, at: p.Micros | None) -> None:
    """Refuse a time that has passed, or is too far away."""
    if at is None:
        return
    if at <= case.now:
        raise Invalid("That time has passed.")
    if at > case.now + FURTHEST:
        raise Invalid("That is too far away: at most two years from now.")
