"""The other half of the rights: taking back a reaction, a pin, an archiving, a read mark; and all of an archived room.

What is expected is written here in its own words, not read from `collabchat.hub.rights`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from house import House, Person, house, run
from standings import KINDS, ROLES, STANDINGS, WITHIN, give_roles, newcomers, stage

from collabchat import protocol as p

# Of each command, kind of room and standing: the roles (o, a, m, g) that may; what is left out may not.
MAY: dict[str, dict[str, dict[str, str]]] = {
    "unreact": {kind: dict.fromkeys(WITHIN, "oamg") for kind in KINDS},
    "unpin": {
        "public": dict.fromkeys(WITHIN, "oam"),
        "private": dict.fromkeys(WITHIN, "oam"),
        "direct": dict.fromkeys(WITHIN, "oamg"),
    },
    "unarchive": {kind: {"author": "oa", "creator": "oam", "inside": "oa"} for kind in ("public", "private")},
    "mark_unread": {kind: dict.fromkeys(WITHIN, "oamg") for kind in KINDS},
}


async def _scene(
    home: House, first: Person, other: Person, me: Person, command: str, kind: str, standing: str, number: int
) -> tuple[p.Id, p.Id]:
    """A room and a message in which this command has something to take back."""
    async with stage(home, first, other, me, kind, standing, number) as (room, author, other, inside):
        message = (await author.do(p.Post, room=room, text="words")).id or ""
        keeper = me if inside else other
        match command:
            case "unreact":
                await keeper.do(p.React, id=message, emoji="👍")
            case "unpin":
                await other.do(p.Pin, id=message)
            case "unarchive" if kind != "direct":
                await first.do(p.SetRole, member=other.me, role="admin")
                await other.do(p.Archive, room=room)
                await first.do(p.SetRole, member=other.me, role="member")
            case "mark_unread":
                await keeper.do(p.MarkRead, room=room)
    return room, message


def _request(command: str, room: p.Id, message: p.Id) -> p.Command:
    req = p.new_req()
    made: dict[str, p.Command] = {
        "unreact": p.Unreact(req=req, id=message, emoji="👍"),
        "unpin": p.Unpin(req=req, id=message),
        "unarchive": p.Unarchive(req=req, room=room),
        "mark_unread": p.MarkUnread(req=req, room=room, id=message),
    }
    return made[command]


@pytest.mark.parametrize("command", MAY)
def test_every_cell_of_what_takes_something_back(tmp_path: Path, command: str) -> None:
    wrong: list[str] = []

    async def main() -> None:
        async with house(tmp_path, limits=p.Limits(rate=1_000_000)) as home:
            first, other, people = await newcomers(home)
            await give_roles(first, people)
            cells = [(kind, standing, role) for kind in KINDS for standing in STANDINGS for role in ROLES]
            for number, (kind, standing, role) in enumerate(cells):
                me = people[role]
                room, message = await _scene(home, first, other, me, command, kind, standing, number)
                before = home.hub.workspace.directory.seq
                reply = await me.ask(_request(command, room, message), refused=True)
                cell = f"{command} by the {role} who is {standing} in a {kind} room: {reply}"
                may = role[0] in MAY[command].get(kind, {}).get(standing, "")
                if may != (isinstance(reply, p.Ack) and reply.changed):
                    wrong.append(cell)
                if isinstance(reply, p.Error):
                    hidden = standing == "outside" and (kind != "public" or role == "guest")
                    if reply.code != ("not_found" if hidden else "forbidden"):
                        wrong.append(f"not the right refusal: {cell}")
                    if home.hub.workspace.directory.seq != before:
                        wrong.append(f"refused and done: {cell}")
                for person in (first, other, *people.values()):
                    person.heard.clear()

    run(main())
    assert wrong == []


ARCHIVED: dict[str, tuple[type[p.Command], dict[str, Any], str]] = {
    "post": (p.Post, {"room": "ROOM", "text": "x"}, "archived"),
    "reply": (p.Post, {"room": "ROOM", "text": "x", "reply_to": "MESSAGE"}, "archived"),
    "edit": (p.Edit, {"id": "MESSAGE", "text": "x"}, "archived"),
    "delete": (p.Delete, {"id": "MESSAGE"}, "archived"),
    "react": (p.React, {"id": "MESSAGE", "emoji": "🎉"}, "archived"),
    "unreact": (p.Unreact, {"id": "MESSAGE", "emoji": "👍"}, "archived"),
    "pin": (p.Pin, {"id": "SECOND"}, "archived"),
    "unpin": (p.Unpin, {"id": "MESSAGE"}, "archived"),
    "rename": (p.Rename, {"room": "ROOM", "name": "x"}, "archived"),
    "set_topic": (p.SetTopic, {"room": "ROOM", "topic": "x"}, "archived"),
    "add": (p.Add, {"room": "ROOM", "member": "OUT"}, "archived"),
    "mark_read": (p.MarkRead, {"room": "ROOM"}, "ok"),
    "mark_unread": (p.MarkUnread, {"room": "ROOM", "id": "SECOND"}, "ok"),
    "remove": (p.Remove, {"room": "ROOM", "member": "OTHER"}, "ok"),
    "leave": (p.Leave, {"room": "ROOM"}, "ok"),
    "unarchive": (p.Unarchive, {"room": "ROOM"}, "ok"),
    "delete_room": (p.DeleteRoom, {"room": "ROOM"}, "ok"),
}


@pytest.mark.parametrize("name", ARCHIVED)
def test_what_can_be_done_in_an_archived_room(tmp_path: Path, name: str) -> None:
    """By who made it and owns the workspace, so that being archived is all that can stand in the way."""
    kind, fields, expected = ARCHIVED[name]

    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo, out = [await home.person(handle) for handle in ("ana", "bo", "out")]
            room = (await ana.do(p.CreateRoom, name="old", members=[bo.me])).id or ""
            one, two = [(await ana.do(p.Post, room=room, text="words")).id or "" for _ in range(2)]
            await ana.do(p.React, id=one, emoji="👍")
            await ana.do(p.Pin, id=one)
            await bo.do(p.Post, room=room, text="and words of somebody else")
            await ana.do(p.Archive, room=room)
            names = {"ROOM": room, "MESSAGE": one, "SECOND": two, "OTHER": bo.me, "OUT": out.me}
            filled = {key: names.get(value, value) for key, value in fields.items()}
            seq = home.hub.workspace.directory.seq
            assert await ana.code(kind, **filled) == expected
            assert (home.hub.workspace.directory.seq > seq) == (expected == "ok")

    run(main())


def test_nobody_joins_an_archived_room(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo = await home.person("ana"), await home.person("bo")
            room = (await ana.do(p.CreateRoom, name="old")).id or ""
            await ana.do(p.Archive, room=room)
            assert await bo.code(p.Join, room=room) == "archived"
            assert bo.me not in home.hub.workspace.directory.rooms[room].members
            await ana.do(p.Unarchive, room=room)
            assert await bo.code(p.Join, room=room) == "ok"

    run(main())
