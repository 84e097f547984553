"""People of each role, and rooms to which they stand in each way: what rights are asked about."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import NamedTuple

from house import House, Person

from collabchat import protocol as p

ROLES = ("owner", "admin", "member", "guest")
KINDS = ("public", "private", "direct")
STANDINGS = ("author", "creator", "inside", "outside")
"""Wrote the message (and did not make the room); made the room; is in it; is not in it."""
WITHIN = ("author", "creator", "inside")


async def newcomers(home: House) -> tuple[Person, Person, dict[str, Person]]:
    """The owner who made the workspace, somebody else, and one person for each role, who has it not yet."""
    first, other = await home.person("first", sync=False), await home.person("other", sync=False)
    return first, other, {role: await home.person(f"the-{role}", sync=False) for role in ROLES}


async def give_roles(first: Person, people: dict[str, Person]) -> None:
    """Let each have the role that they stand for."""
    for role in ROLES:
        if role != "member":
            await first.do(p.SetRole, member=people[role].me, role=role)


class Stage(NamedTuple):
    """A room, and who is there."""

    room: p.Id
    author: Person
    """Who is to write the message."""
    other: Person
    """Somebody in it who is not the one that is asked about."""
    inside: bool


@contextlib.asynccontextmanager
async def stage(
    home: House, first: Person, other: Person, me: Person, kind: str, standing: str, number: int
) -> AsyncIterator[Stage]:
    """A room of this kind to which ``me`` stands so. What a guest has done in it, they do as a member, within this."""
    state = home.hub.workspace.directory
    role = state.members[me.me].role
    if role == "guest":
        await first.do(p.SetRole, member=me.me, role="member")
    if kind == "direct" and standing == "creator":
        other = first  # a conversation is made once, and the one with the other is of the other's making
    maker, author = me if standing == "creator" else other, me if standing == "author" else other
    inside = standing != "outside"
    if kind == "direct":
        partner = first if not inside else other if maker is me else me
        room = (await maker.do(p.OpenDirect, member=partner.me)).id or ""
    else:
        members = [other.me, *([me.me] if inside else [])]
        room = (await maker.do(p.CreateRoom, name=f"r{number}", kind=kind, members=members)).id or ""
    assert (state.rooms[room].created_by == me.me) == (standing == "creator")
    yield Stage(room, author, other, inside)
    if role == "guest":
        await first.do(p.SetRole, member=me.me, role="guest")
