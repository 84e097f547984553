"""The table of rights, cell by cell, through the hub itself.

What is expected is written here in its own words, not read from `collabchat.hub.rights`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from house import House, Person, house, run
from standings import KINDS, ROLES, STANDINGS, give_roles, newcomers

from collabchat import protocol as p
from collabchat.hub.rights import allowed

# Of each command, who may: for each kind of room, and each standing, the roles (o, a, m, g); what is left out may not.
ROOM_COMMANDS: dict[str, dict[str, dict[str, str]]] = {
    "post": {kind: {"author": "oamg", "creator": "oamg", "inside": "oamg"} for kind in KINDS},
    "edit": {kind: {"author": "oamg"} for kind in KINDS},
    "delete": {
        "public": {"author": "oamg", "creator": "oa", "inside": "oa"},
        "private": {"author": "oamg", "creator": "oa", "inside": "oa"},
        "direct": {"author": "oamg"},
    },
    "react": {kind: {"author": "oamg", "creator": "oamg", "inside": "oamg"} for kind in KINDS},
    "pin": {
        "public": {"author": "oam", "creator": "oam", "inside": "oam"},
        "private": {"author": "oam", "creator": "oam", "inside": "oam"},
        "direct": {"author": "oamg", "creator": "oamg", "inside": "oamg"},
    },
    "rename": {kind: {"author": "oa", "creator": "oam", "inside": "oa"} for kind in ("public", "private")},
    "archive": {kind: {"author": "oa", "creator": "oam", "inside": "oa"} for kind in ("public", "private")},
    "delete_room": {kind: {"author": "oa", "creator": "oam", "inside": "oa"} for kind in ("public", "private")},
    "set_topic": {kind: {"author": "oam", "creator": "oam", "inside": "oam"} for kind in ("public", "private")},
    "add": {kind: {"author": "oam", "creator": "oam", "inside": "oam"} for kind in ("public", "private")},
    "remove": {kind: {"author": "oa", "creator": "oam", "inside": "oa"} for kind in ("public", "private")},
    "leave": {
        "public": {"author": "oamg", "creator": "oamg", "inside": "oamg", "outside": "oam"},
        "private": {"author": "oamg", "creator": "oamg", "inside": "oamg"},
    },
    "join": {
        "public": {"author": "oamg", "creator": "oamg", "inside": "oamg", "outside": "oam"},
        "private": {"author": "oamg", "creator": "oamg", "inside": "oamg"},
        "direct": {"author": "oamg", "creator": "oamg", "inside": "oamg"},
    },
    "mark_read": {kind: {"author": "oamg", "creator": "oamg", "inside": "oamg"} for kind in KINDS},
    "history": {
        "public": {"author": "oamg", "creator": "oamg", "inside": "oamg", "outside": "oam"},
        "private": {"author": "oamg", "creator": "oamg", "inside": "oamg"},
        "direct": {"author": "oamg", "creator": "oamg", "inside": "oamg"},
    },
}
"""Leaving a room that one is not in, and joining one that one is in, change nothing and are no error."""
CELLS = [
    (command, kind, standing, role, role[0] in table.get(kind, {}).get(standing, ""))
    for command, table in ROOM_COMMANDS.items()
    for kind in KINDS
    for standing in STANDINGS
    for role in ROLES
]
assert len(CELLS) == 15 * 3 * 4 * 4


async def _people(home: House) -> tuple[Person, Person, dict[str, Person]]:
    """The owner who made the workspace, somebody else, and one person of each role."""
    first, other, people = await newcomers(home)
    await give_roles(first, people)
    return first, other, people


async def _scene(
    home: House, first: Person, other: Person, me: Person, kind: str, standing: str, number: int
) -> tuple[p.Id, p.Id]:
    """A room of this kind with a message in it, to which ``me`` stands so."""
    maker = me if standing == "creator" else other
    inside = standing != "outside"
    guests = home.hub.workspace.directory.members[me.me].role == "guest"
    if kind == "direct":
        partner = me if inside else first
        if standing == "creator" and not guests:
            room = (await me.do(p.OpenDirect, member=other.me)).id
        else:
            room = (await other.do(p.OpenDirect, member=partner.me)).id
        assert room is not None
    elif standing == "creator" and guests:
        # A guest makes no room: it was a member when it made this one.
        await first.do(p.SetRole, member=me.me, role="member")
        room = (await me.do(p.CreateRoom, name=f"r{number}", kind=kind, members=[other.me])).id
        await first.do(p.SetRole, member=me.me, role="guest")
    else:
        members = [other.me, *([me.me] if inside else [])]
        room = (await maker.do(p.CreateRoom, name=f"r{number}", kind=kind, members=members)).id
    assert room is not None
    author = me if standing == "author" else other
    message = (await author.do(p.Post, room=room, text="words")).id
    assert message is not None
    return room, message


def _request(command: str, room: p.Id, message: p.Id, other: p.Id, number: int) -> p.Request:
    req = p.new_req()
    made: dict[str, p.Request] = {
        "post": p.Post(req=req, room=room, text="mine"),
        "edit": p.Edit(req=req, id=message, text="other words"),
        "delete": p.Delete(req=req, id=message),
        "react": p.React(req=req, id=message, emoji="👍"),
        "pin": p.Pin(req=req, id=message),
        "rename": p.Rename(req=req, room=room, name=f"renamed{number}"),
        "archive": p.Archive(req=req, room=room),
        "delete_room": p.DeleteRoom(req=req, room=room),
        "set_topic": p.SetTopic(req=req, room=room, topic="about this"),
        "add": p.Add(req=req, room=room, member="1"),
        "remove": p.Remove(req=req, room=room, member=other),
        "leave": p.Leave(req=req, room=room),
        "join": p.Join(req=req, room=room),
        "mark_read": p.MarkRead(req=req, room=room),
        "history": p.History(req=req, room=room),
    }
    return made[command]


def test_every_cell(tmp_path: Path) -> None:
    wrong: list[str] = []

    async def main() -> None:
        async with house(tmp_path, limits=p.Limits(rate=1_000_000)) as home:
            first, other, people = await _people(home)
            for number, (command, kind, standing, role, expected) in enumerate(CELLS):
                me = people[role]
                room, message = await _scene(home, first, other, me, kind, standing, number)
                reply = await me.ask(_request(command, room, message, other.me, number), refused=True)
                got = not isinstance(reply, p.Error)
                if got != expected:
                    wrong.append(f"{command} by the {role} who is {standing} in a {kind} room: {reply}")
                hidden = kind != "public" or role == "guest"
                if isinstance(reply, p.Error) and standing == "outside" and hidden and reply.code != "not_found":
                    wrong.append(f"{command}: {reply.code} tells a {role} outside that there is a {kind} room")
                for person in (first, other, *people.values()):
                    person.heard.clear()

    run(main())
    assert wrong == []


@pytest.mark.parametrize(
    ("command", "fields", "roles"),
    [
        (p.CreateRoom, {"name": "new", "kind": "public"}, "oam"),
        (p.CreateRoom, {"name": "new", "kind": "private"}, "oam"),
        (p.OpenDirect, {"member": "1"}, "oam"),
        (p.SetName, {"name": "Somebody"}, "oamg"),
        (p.SetPreferences, {"enter": "line"}, "oamg"),
        (p.SetRole, {"member": "OTHER", "role": "guest"}, "oa"),
        (p.SetRole, {"member": "OTHER", "role": "admin"}, "o"),
        (p.SetRole, {"member": "OTHER", "role": "owner"}, "o"),
        (p.SetRole, {"member": "1", "role": "member"}, "o"),
    ],
)
@pytest.mark.parametrize("role", ROLES)
def test_what_is_about_no_room(tmp_path: Path, command: Any, fields: dict[str, Any], roles: str, role: str) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            _, other, people = await _people(home)
            filled = {key: other.me if value == "OTHER" else value for key, value in fields.items()}
            code = await people[role].code(command, **filled)
            assert (code == "ok") == (role[0] in roles), code
            if code != "ok":
                assert code == "forbidden"

    run(main())


def test_a_guest_writes_to_those_who_share_a_room(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            _, other, people = await _people(home)
            guest = people["guest"]
            await other.do(p.CreateRoom, name="shared", members=[guest.me])
            assert await guest.code(p.OpenDirect, member=other.me) == "ok"
            assert await guest.code(p.OpenDirect, member=people["admin"].me) == "forbidden"

    run(main())


def test_only_some_things_can_be_done_in_an_archived_room(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            first, other, _ = await _people(home)
            room = (await first.do(p.CreateRoom, name="old", members=[other.me])).id
            message = (await first.do(p.Post, room=room, text="words")).id
            await first.do(p.Archive, room=room)
            for command, fields in (
                (p.Post, {"room": room, "text": "x"}),
                (p.Edit, {"id": message, "text": "x"}),
                (p.React, {"id": message, "emoji": "x"}),
                (p.Pin, {"id": message}),
                (p.Rename, {"room": room, "name": "x"}),
                (p.SetTopic, {"room": room, "topic": "x"}),
                (p.Add, {"room": room, "member": "3"}),
            ):
                assert await first.code(command, **fields) == "archived"
            assert await other.code(p.MarkRead, room=room) == "ok"
            assert await other.code(p.Leave, room=room) == "ok"
            assert await first.code(p.Unarchive, room=room) == "ok"

    run(main())


def test_what_the_table_does_not_name_is_not_allowed() -> None:
    for role in ROLES:
        assert not allowed("made_up", role=role, kind="public", standings={"inside", "creator", "author"})  # type: ignore[arg-type]
        assert not allowed("join", role=role, kind="direct", standings={"outside"})  # type: ignore[arg-type]
