"""Questions about messages and people that are answered with a few rows."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypedDict

from collabchat import protocol as p
from collabchat.errors import Invalid, NotFound
from collabchat.hub import access, pictures
from collabchat.store import queries
from collabchat.store.directory import Directory, MemberState

if TYPE_CHECKING:
    from collabchat.hub.hub import Hub

Lookup = p.Versions | p.SeenBy | p.Followers | p.Threads | p.SavedMessages | p.GetPicture
Ask = Callable[..., Awaitable[Any]]


class Own(TypedDict):
    """What of a snapshot is a member's own."""

    stars: list[p.Id]
    muted: list[p.Id]
    drafts: list[p.Draft]
    saved: list[p.Saved]
    scheduled: list[p.Scheduled]


def own(state: Directory, me: MemberState) -> Own:
    """What a member keeps of rooms that they may see, and what they have scheduled."""
    mine, visible = me.own, set(state.visible_rooms(me))
    return Own(
        stars=[room for room in mine.stars if room in visible],
        muted=sorted(mine.muted & visible, key=int),
        drafts=[draft for draft in mine.drafts.values() if draft.room in visible],
        saved=[saved for saved in mine.saved.values() if saved.room is None or saved.room in visible],
        scheduled=list(mine.scheduled.values()),
    )


async def answer(hub: Hub, me: MemberState, request: Lookup, ask: Ask) -> object:
    """The reply to a question; ``ask`` runs one on a reader's thread."""
    state, refs, reader = hub.workspace.directory, hub.workspace.refs, hub.workspace.reader
    match request:
        case p.Versions():
            ref, room = access.message(state, refs, me, request.id)
            if ref.deleted:
                raise Invalid("That message was deleted, and with it what it said before.")
            await hub.settled(state.seq)
            found = await ask(lambda: queries.versions(reader(), ref.id, room.id))
            return p.MessageVersions(req=request.req, versions=found)
        case p.SeenBy():
            ref, room = access.message(state, refs, me, request.id)
            access.check("mark_read", me, room)
            seen = [one for one in room.members if state.members[one].reads.get(room.id, 0) >= int(ref.id)]
            return p.People(req=request.req, members=[one for one in seen if one != ref.author])
        case p.Followers():
            ref, room = access.message(state, refs, me, request.id)
            root = ref.thread or ref.id
            await hub.settled(state.seq)
            wrote = await ask(lambda: queries.writers(reader(), root, room.id))
            return p.People(req=request.req, members=_followers(hub.workspace.directory, room.id, root, wrote))
        case p.Threads():
            inside, choices = sorted(me.rooms, key=int), me.own.follows
            follows = [root for root, (_, follow) in choices.items() if follow]
            leaves = [root for root, (_, follow) in choices.items() if not follow]
            await hub.settled(state.seq)
            messages, more = await ask(
                lambda: queries.threads(reader(), me.id, inside, follows=follows, leaves=leaves, limit=request.limit)
            )
            return p.Listing(req=request.req, messages=messages, more=more)
        case p.SavedMessages():
            visible = state.visible_rooms(me)
            kept = [one.id for one in reversed(me.own.saved.values()) if one.room in visible]
            await hub.settled(state.seq)
            return p.Listing(req=request.req, messages=await ask(lambda: queries.messages_by_id(reader(), kept)))
        case p.GetPicture():
            if not any(member.picture == request.picture for member in state.members.values()):
                raise NotFound("There is no such picture.")
            picture = await ask(lambda: hub.workspace.blobs.get(request.picture))
            if picture is None:
                raise NotFound("The picture is not there any more.")
            return p.Picture(
                req=request.req, media_type=pictures.media_type(picture), data=base64.b64encode(picture).decode()
            )


def _followers(state: Directory, room: p.Id, root: p.Id, wrote: list[p.Id]) -> list[p.Id]:
    """Who wrote there or is mentioned there and did not leave, and who follows by their own word."""
    where = state.rooms.get(room)
    if where is None:
        return []
    said = {
        one: state.members[one].own.follows[root][1] for one in where.members if root in state.members[one].own.follows
    }
    found = [one for one in wrote if one in where.members and said.get(one, True)]
    return found + [one for one, follow in said.items() if follow and one not in found]
