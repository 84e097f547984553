"""The rights of forwarding, polls, threads and what is kept for oneself, and of asking who has read: cell by cell.

What is expected is written here in its own words, not read from `collabchat.hub.rights`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from house import MINUTE, Clock, House, Person, house, run
from standings import KINDS, ROLES, STANDINGS, WITHIN, give_roles, newcomers, stage

from collabchat import protocol as p

INSIDE = {kind: dict.fromkeys(WITHIN, "oamg") for kind in KINDS}
SEEN = {**INSIDE, "public": {**INSIDE["public"], "outside": "oam"}}
"""Whoever sees the room: of a public one everybody but guests."""
CLOSES = {"author": "oamg", "creator": "oa", "inside": "oa"}

# Of each command, kind of room and standing: the roles (o, a, m, g) that may; what is left out may not.
MAY: dict[str, dict[str, dict[str, str]]] = {
    "forward": INSIDE,
    "forward from there": SEEN,
    "create_poll": INSIDE,
    "vote": INSIDE,
    "mute": INSIDE,
    "unmute": INSIDE,
    "set_draft": INSIDE,
    "schedule": INSIDE,
    "follow": INSIDE,
    "unfollow": INSIDE,
    "save": SEEN,
    "set_stars": SEEN,
    "typing": INSIDE,
    "seen_by": INSIDE,
    "versions": SEEN,
    "followers": SEEN,
    "close_poll": {"public": CLOSES, "private": CLOSES, "direct": {"author": "oamg"}},
}


async def _people(home: House) -> tuple[Person, Person, dict[str, Person], dict[str, p.Id]]:
    """The first owner, somebody else, one person of each role, and a message of each in a room of its own."""
    first, other, people = await newcomers(home)
    own = {}
    for role, one in people.items():
        room = (await one.do(p.CreateRoom, name=f"own-{role}", kind="private")).id or ""
        own[role] = (await one.do(p.Post, room=room, text="my own words")).id or ""
    await give_roles(first, people)
    return first, other, people, own


async def _scene(
    home: House, first: Person, other: Person, me: Person, kind: str, standing: str, number: int
) -> tuple[p.Id, p.Id]:
    """A room of this kind with a poll in it, to which ``me`` stands so."""
    async with stage(home, first, other, me, kind, standing, number) as (room, author, _, _):
        message = (await author.do(p.CreatePoll, room=room, question="when", options=["now", "later"])).id or ""
    return room, message


def _request(command: str, room: p.Id, message: p.Id, own: p.Id, own_room: p.Id, at: p.Micros) -> p.Request:
    req = p.new_req()
    made: dict[str, p.Request] = {
        "forward": p.Forward(req=req, id=own, room=room),
        "forward from there": p.Forward(req=req, id=message, room=own_room),
        "create_poll": p.CreatePoll(req=req, room=room, question="who", options=["a", "b"]),
        "vote": p.Vote(req=req, id=message, choices=[1]),
        "close_poll": p.ClosePoll(req=req, id=message),
        "mute": p.Mute(req=req, room=room),
        "unmute": p.Unmute(req=req, room=room),
        "set_draft": p.SetDraft(req=req, room=room, text="begun"),
        "schedule": p.Schedule(req=req, room=room, text="later", at=at),
        "follow": p.Follow(req=req, id=message),
        "unfollow": p.Unfollow(req=req, id=message),
        "save": p.Save(req=req, id=message),
        "set_stars": p.SetStars(req=req, rooms=[room]),
        "typing": p.Typing(req=req, room=room),
        "seen_by": p.SeenBy(req=req, id=message),
        "versions": p.Versions(req=req, id=message),
        "followers": p.Followers(req=req, id=message),
    }
    return made[command]


def test_every_cell(tmp_path: Path) -> None:
    wrong: list[str] = []
    limits = p.Limits(rate=1_000_000, scheduled=1_000)

    async def main() -> None:
        async with house(tmp_path, limits=limits, clock=Clock()) as home:
            first, other, people, own = await _people(home)
            state = home.hub.workspace.directory
            cells = [(kind, standing, role) for kind in KINDS for standing in STANDINGS for role in ROLES]
            for number, (kind, standing, role) in enumerate(cells):
                me = people[role]
                room, message = await _scene(home, first, other, me, kind, standing, number)
                own_room = next(one.id for one in state.rooms.values() if one.name == f"own-{role}")
                await me.do(p.SetStars, rooms=[])
                for command, may_so in MAY.items():  # in an order in which none stands in the way of the next
                    before = state.seq
                    request = _request(command, room, message, own[role], own_room, home.hub.clock() + MINUTE)
                    reply = await me.ask(request, refused=True)
                    cell = f"{command} by the {role} who is {standing} in a {kind} room: {reply}"
                    may = role[0] in may_so.get(kind, {}).get(standing, "")
                    if may == isinstance(reply, p.Error):
                        wrong.append(cell)
                    if may and isinstance(request, p.Command) != (state.seq > before):
                        wrong.append(f"not done: {cell}")
                    if isinstance(reply, p.Error):
                        hidden = standing == "outside" and (kind != "public" or role == "guest")
                        if reply.code != ("not_found" if hidden else "forbidden"):
                            wrong.append(f"not the right refusal: {cell}")
                        if state.seq != before:
                            wrong.append(f"refused and done: {cell}")
                if standing != "outside":
                    await me.do(p.SetDraft, room=room, text="")
                for person in (first, other, *people.values()):
                    person.heard.clear()

    run(main())
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_what_is_about_no_room_is_for_everybody(tmp_path: Path, role: str) -> None:
    async def main() -> None:
        async with house(tmp_path, clock=Clock()) as home:
            _, _, people, own = await _people(home)
            me = people[role]
            assert await me.code(p.SetStatus, text="away") == "ok"
            assert await me.code(p.SetPicture, data="") == "ok"
            assert await me.code(p.SetStars, rooms=[]) == "ok"
            note = (await me.do(p.Save, note="by the way")).id
            assert await me.code(p.Unsave, id=note) == "ok"
            room = home.hub.workspace.refs.get(own[role])
            assert room is not None
            waiting = await me.do(p.Schedule, room=room.room, text="later", at=home.hub.clock() + MINUTE)
            assert await me.code(p.Unschedule, id=waiting.id) == "ok"

    run(main())


ARCHIVED: dict[str, tuple[type[p.Command], dict[str, Any], str]] = {
    "forward into it": (p.Forward, {"id": "ELSEWHERE", "room": "ROOM"}, "archived"),
    "forward from it": (p.Forward, {"id": "MESSAGE", "room": "OTHER"}, "ok"),
    "create_poll": (p.CreatePoll, {"room": "ROOM", "question": "x", "options": ["a", "b"]}, "archived"),
    "vote": (p.Vote, {"id": "POLL", "choices": [0]}, "archived"),
    "close_poll": (p.ClosePoll, {"id": "POLL"}, "archived"),
    "schedule": (p.Schedule, {"room": "ROOM", "text": "x", "at": "LATER"}, "archived"),
    "set_draft": (p.SetDraft, {"room": "ROOM", "text": "x"}, "ok"),
    "save": (p.Save, {"id": "MESSAGE"}, "ok"),
    "follow": (p.Follow, {"id": "MESSAGE"}, "ok"),
    "unfollow": (p.Unfollow, {"id": "MESSAGE"}, "ok"),
    "mute": (p.Mute, {"room": "ROOM"}, "ok"),
    "unmute": (p.Unmute, {"room": "MUTED"}, "ok"),
    "set_stars": (p.SetStars, {"rooms": ["ROOM"]}, "ok"),
}


def test_what_can_be_done_in_an_archived_room(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path, clock=Clock()) as home:
            [ana], room = await home.room("ana")
            other = (await ana.do(p.CreateRoom, name="other")).id or ""
            muted = (await ana.do(p.CreateRoom, name="muted")).id or ""
            await ana.do(p.Mute, room=muted)
            names: dict[str, Any] = {"ROOM": room, "OTHER": other, "MUTED": muted, "LATER": home.hub.clock() + MINUTE}
            names["MESSAGE"] = (await ana.do(p.Post, room=room, text="words")).id
            names["ELSEWHERE"] = (await ana.do(p.Post, room=other, text="words")).id
            names["POLL"] = (await ana.do(p.CreatePoll, room=room, question="when", options=["a", "b"])).id
            for one in (room, muted):
                await ana.do(p.Archive, room=one)
            for name, (kind, fields, expected) in ARCHIVED.items():
                filled = {
                    key: [names["ROOM"]]
                    if key == "rooms"
                    else names.get(value, value)
                    if isinstance(value, str)
                    else value
                    for key, value in fields.items()
                }
                seq = home.hub.workspace.directory.seq
                assert await ana.code(kind, **filled) == expected, name
                assert (home.hub.workspace.directory.seq > seq) == (expected == "ok"), name

    run(main())
