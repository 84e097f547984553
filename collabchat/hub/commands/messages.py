"""What is done with a message that is there, and with the read mark of a room."""

from __future__ import annotations

from collabchat import protocol as p
from collabchat.errors import Forbidden, Invalid, TooLarge
from collabchat.hub import access
from collabchat.hub.commands.decision import Case, Decision, name_of
from collabchat.hub.commands.posts import needs_text
from collabchat.hub.mentions import mentions
from collabchat.store.refs import MessageRef

_Message = p.Edit | p.Delete | p.React | p.Unreact | p.Pin | p.Unpin | p.Vote | p.ClosePoll


def decide(case: Case, command: _Message) -> Decision:
    """A change of one message."""
    workspace, limits, me = case.workspace, case.limits, case.me
    state = workspace.directory
    ref, room = access.message(state, workspace.refs, me, command.id)
    access.check(name_of(command), me, room, ref)
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
            if not ref.n_files:
                needs_text(command.text)
            if ref.poll is not None:
                raise Invalid("A poll stays as it was asked: close it and make another one.")
            return Decision(
                p.Edited(
                    id=ref.id,
                    text=command.text if command.text.strip() else "",
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
        case p.Vote() | p.ClosePoll():
            data = _poll(me.id, ref, command)
            return nothing if data is None else Decision(data, room.id)


def _poll(me: p.Id, ref: MessageRef, command: p.Vote | p.ClosePoll) -> p.Voted | p.PollClosed | None:
    poll = ref.poll
    if poll is None:
        raise Invalid("That message is no poll.")
    if isinstance(command, p.ClosePoll):
        return None if poll.closed else p.PollClosed(id=ref.id)
    if poll.closed:
        raise Invalid("The poll is closed.")
    choices = sorted(set(command.choices))
    if any(not 0 <= choice < poll.options for choice in choices):
        raise Invalid(f"The choices of this poll are 0 to {poll.options - 1}.")
    if len(choices) > 1 and not poll.multiple:
        raise Invalid("In this poll one has one vote.")
    return None if poll.votes.get(me, []) == choices else p.Voted(id=ref.id, choices=choices)


def mark(case: Case, command: p.MarkRead | p.MarkUnread) -> Decision:
    """How far one has read."""
    workspace, me = case.workspace, case.me
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
