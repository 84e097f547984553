"""One action a command: check it against the state as it is, and say which event it makes.

Nothing here waits or writes: the hub hands the event to the log.
"""

from __future__ import annotations

from collabchat import protocol as p
from collabchat.hub.commands import members, messages, personal, posts, rooms, settings
from collabchat.hub.commands.decision import Case, Decision
from collabchat.store.directory import MemberState
from collabchat.store.workspace import Workspace

__all__ = ["Decision", "decide"]


def decide(workspace: Workspace, limits: p.Limits, me: MemberState, command: p.AnyCommand, now: p.Micros) -> Decision:
    """Check a command of a member.

    Raises
    ------
    collabchat.errors.CollabchatError
        Where it is refused; nothing has changed then.
    """
    case = Case(workspace, limits, me, now)
    match command:
        case p.Post():
            return posts.post(case, command)
        case p.Forward():
            return posts.forward(case, command)
        case p.CreatePoll():
            return posts.poll(case, command)
        case p.MarkRead() | p.MarkUnread():
            return messages.mark(case, command)
        case p.CreateRoom() | p.OpenDirect():
            return rooms.new(case, command)
        case p.SetSettings():
            return settings.decide(case, command)
        case p.SetPreferences() | p.SetName() | p.SetRole() | p.SetStatus() | p.SetPicture():
            return members.decide(case, command)
        case p.SetStars() | p.Mute() | p.Unmute() | p.Follow() | p.Unfollow():
            return personal.choice(case, command)
        case p.SetDraft() | p.Save() | p.Unsave() | p.Schedule() | p.Unschedule():
            return personal.keep(case, command)
        case p.Edit() | p.Delete() | p.React() | p.Unreact() | p.Pin() | p.Unpin() | p.Vote() | p.ClosePoll():
            return messages.decide(case, command)
        case _:
            return rooms.decide(case, command)
