"""From an id that a client names to the object, or a refusal: the only way to a room, a member or a message.

What a member may not see is not there: the answer is the same as for an id that does not exist.
"""

from __future__ import annotations

from collabchat import protocol as p
from collabchat.errors import Archived, Forbidden, NotFound
from collabchat.hub.rights import IN_ARCHIVED, Standing, allowed
from collabchat.store.directory import Directory, MemberState, RoomState
from collabchat.store.refs import MessageRef, MessageRefs


def room(state: Directory, me: MemberState, wanted: p.Id) -> RoomState:
    """A room that this member may see."""
    found = state.rooms.get(wanted)
    if found is None or not state.may_see(me, found):
        raise NotFound("There is no such room, or you are not in it.")
    return found


def member(state: Directory, wanted: p.Id) -> MemberState:
    """A member of the workspace."""
    found = state.members.get(wanted)
    if found is None:
        raise NotFound("There is no such member.")
    return found


def message(state: Directory, refs: MessageRefs, me: MemberState, wanted: p.Id) -> tuple[MessageRef, RoomState]:
    """A message in a room that this member may see."""
    found = refs.get(wanted)
    where = state.rooms.get(found.room) if found else None
    if found is None or where is None or not state.may_see(me, where):
        raise NotFound("There is no such message, or you are not in its room.")
    return found, where


def standings(me: MemberState, where: RoomState, what: MessageRef | None = None) -> set[Standing]:
    """How a member stands to a room, and to a message in it."""
    if me.id not in where.members:
        return {"outside"}
    found: set[Standing] = {"inside"}
    if where.created_by == me.id:
        found.add("creator")
    if what is not None and what.author == me.id and what.kind != "system":
        found.add("author")
    return found


def check(command: str, me: MemberState, where: RoomState | None, what: MessageRef | None = None) -> None:
    """Refuse what the table of rights does not allow.

    Raises
    ------
    Forbidden
        With the reason.
    Archived
        Where the room is archived and the command would change it.
    """
    if where is None:
        if not allowed(command, role=me.role, kind=None, standings={"workspace"}):
            raise Forbidden(f"A {me.role} may not do this ({command}) in this workspace.")
        return
    stands = standings(me, where, what)
    if not allowed(command, role=me.role, kind=where.kind, standings=stands):
        raise Forbidden(_reason(command, me, where, stands))
    if where.archived and command not in IN_ARCHIVED:
        raise Archived(f"#{where.name} is archived: it can be read, not changed. Unarchive it first.")


def _reason(command: str, me: MemberState, where: RoomState, stands: set[Standing]) -> str:
    if stands == {"outside"}:
        return f"Join #{where.name} first."
    if where.kind == "direct" and command in {
        "rename",
        "set_topic",
        "archive",
        "delete_room",
        "leave",
        "add",
        "remove",
    }:
        return "A conversation of two people stays as it is: make a room instead."
    if command == "edit":
        return "Only its author may edit a message."
    if command == "delete":
        return "Only its author, or an admin or owner who is in the room, may delete a message."
    return f"As {me.role} you may not do this ({command}) in #{where.name}: ask who made it, or an admin."
