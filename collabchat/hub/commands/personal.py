"""What a member keeps for themselves: choices about rooms and threads, drafts, saved messages, what is sent later."""

from __future__ import annotations

from collabchat import protocol as p
from collabchat.errors import Invalid, NotFound, TooLarge
from collabchat.hub import access
from collabchat.hub.commands import posts
from collabchat.hub.commands.decision import Case, Decision, in_time, name_of
from collabchat.store.personal import draft_key

_Choice = p.SetStars | p.Mute | p.Unmute | p.Follow | p.Unfollow
_Kept = p.SetDraft | p.Save | p.Unsave | p.Schedule | p.Unschedule


def choice(case: Case, command: _Choice) -> Decision:
    """Which rooms stand first, which are quiet, which threads are followed."""
    state, me = case.workspace.directory, case.me
    own = me.own
    match command:
        case p.SetStars():
            access.check(name_of(command), me, None)
            stars = [access.room(state, me, room).id for room in dict.fromkeys(command.rooms)]
            if len(stars) > case.limits.stars:
                raise TooLarge(f"At most {case.limits.stars} conversations can have a star.")
            return Decision(None) if stars == own.stars else Decision(p.StarsSet(rooms=stars))
        case p.Mute() | p.Unmute():
            room = access.room(state, me, command.room)
            access.check(name_of(command), me, room)
            if (room.id in own.muted) == isinstance(command, p.Mute):
                return Decision(None, None, room.id)
            return Decision(p.Muted(target=room.id) if isinstance(command, p.Mute) else p.Unmuted(target=room.id))
        case p.Follow() | p.Unfollow():
            ref, room = access.message(state, case.workspace.refs, me, command.id)
            access.check(name_of(command), me, room, ref)
            if ref.kind == "system":
                raise Invalid("A line of the room itself has no thread.")
            root, follow = ref.thread or ref.id, isinstance(command, p.Follow)
            if own.follows.get(root) == (room.id, follow):
                return Decision(None, None, root)
            made = p.Followed if follow else p.Unfollowed
            return Decision(made(id=root, target=room.id), None, root)


def keep(case: Case, command: _Kept) -> Decision:
    """Drafts, saved messages and notes, messages to be sent later."""
    me = case.me
    own = me.own
    match command:
        case p.SetDraft():
            return _draft(case, command)
        case p.Save():
            return _save(case, command)
        case p.Unsave():
            access.check(name_of(command), me, None)
            if command.id not in own.saved:
                return Decision(None, None, command.id)
            return Decision(p.Unsaved(id=command.id, before=own.said_at.get(f"saved:{command.id}")), None, command.id)
        case p.Schedule():
            return _schedule(case, command)
        case p.Unschedule():
            access.check(name_of(command), me, None)
            if command.id not in own.scheduled:
                raise NotFound("Nothing of yours is scheduled under this id: it was sent, or taken back.")
            return Decision(p.Unscheduled(id=command.id), None, command.id)


def _draft(case: Case, command: p.SetDraft) -> Decision:
    state, own = case.workspace.directory, case.me.own
    room = access.room(state, case.me, command.room)
    access.check(name_of(command), case.me, room)
    for other in (command.thread, command.reply_to):
        if other is not None and access.message(state, case.workspace.refs, case.me, other)[1].id != room.id:
            raise Invalid(f"That message is not in #{room.name}.")
    key = draft_key(room.id, command.thread)
    now = own.drafts.get(key)
    text = command.text if command.text.strip() else ""
    if (now.text, now.reply_to) == (text, command.reply_to) if now else not text:
        return Decision(None, None, room.id)
    if now is None and len(own.drafts) >= case.limits.drafts:
        raise TooLarge(f"You have {case.limits.drafts} drafts already: send or drop one first.")
    return Decision(
        p.DraftSet(
            target=room.id, thread=command.thread, text=text, reply_to=command.reply_to, before=own.said_at.get(key)
        ),
        None,
        room.id,
    )


def _save(case: Case, command: p.Save) -> Decision:
    own = case.me.own
    in_time(case, command.remind_at)
    if command.id is not None and command.id in own.saved and own.saved[command.id].room is None:
        room, saved = None, command.id  # a note of one's own, changed
    elif command.id is not None:
        ref, where = access.message(case.workspace.directory, case.workspace.refs, case.me, command.id)
        access.check(name_of(command), case.me, where, ref)
        if ref.deleted:
            raise Invalid("That message was deleted.")
        room, saved = where.id, ref.id
    else:
        room, saved = None, case.next
    if room is None and not command.note.strip():
        raise Invalid("A note needs some text.")
    now = own.saved.get(saved)
    if now is not None and (now.note, now.remind_at) == (command.note, command.remind_at):
        return Decision(None, None, saved)
    if now is None and len(own.saved) >= case.limits.saved:
        raise TooLarge(f"You have saved {case.limits.saved:,} messages already: take one away first.")
    before = own.said_at.get(f"saved:{saved}")
    return Decision(
        p.MessageSaved(id=saved, target=room, note=command.note, remind_at=command.remind_at, before=before),
        None,
        saved,
    )


def _schedule(case: Case, command: p.Schedule) -> Decision:
    in_time(case, command.at)
    # Refused now what would be refused then, as far as that can be known.
    post = posts.post(case, as_post(command, req=command.req))
    if len(case.me.own.scheduled) >= case.limits.scheduled:
        raise TooLarge(f"{case.limits.scheduled} messages of yours wait to be sent already: send or drop one first.")
    return Decision(
        p.MessageScheduled(
            target=command.room,
            text=command.text,
            at=command.at,
            reply_to=command.reply_to,
            quote=command.quote,
            broadcast=command.broadcast,
            files=post.data.files if isinstance(post.data, p.Posted) else [],
        )
    )


def as_post(waiting: p.Schedule | p.Scheduled, *, req: p.Req) -> p.Post:
    """The post that something scheduled becomes."""
    return p.Post(
        req=req,
        room=waiting.room,
        text=waiting.text,
        files=waiting.files if isinstance(waiting, p.Schedule) else [],
        reply_to=waiting.reply_to,
        quote=waiting.quote,
        broadcast=waiting.broadcast,
    )
