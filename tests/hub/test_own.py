"""What a member keeps for themselves: it follows them, and nobody else ever learns of it."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from desk import KINDS, about_own, values
from house import MINUTE, NOON, Clock, House, house, run
from mirror import Mirror

from collabchat import protocol as p
from collabchat.store.personal import PERSONAL

HANDLES = ("ana", "bo", "cy", "gus")
OWN = (p.SetDraft, p.Save, p.Schedule)


async def _all_that_is_told(home: House, handle: str) -> list[Any]:
    """Everything that a connection of this member can hear and read, from the beginning on."""
    person = await home.person(handle, sync=False)
    told: list[Any] = [await person.sync(since=0)]
    for name in ("events", "messages", "rooms", "members", "reactions", "reads", "files", "links"):
        told += await person.table(name)
    rooms = home.hub.workspace.directory.rooms
    for room in rooms:
        reply = await person.ask(p.History(req=p.new_req(), room=room, limit=200), refused=True)
        told.append(reply)
    told += person.events
    person.leave()
    return told


@pytest.mark.parametrize("seed", range(4))
def test_nobody_hears_of_what_another_keeps(tmp_path: Path, seed: int) -> None:
    """Random commands of four people; each word that one kept for oneself is unlike all others."""
    chance, clock = random.Random(seed), Clock()

    async def main() -> None:
        async with house(tmp_path, clock=clock, limits=p.Limits(rate=1_000_000)) as home:
            people, room = await home.room(*HANDLES)
            await people[0].do(p.SetRole, member=people[3].me, role="guest")
            await people[3].sync()
            messages = [(await people[0].do(p.Post, room=room, text="first")).id or ""]
            directory = home.hub.workspace.directory
            whose: dict[str, int] = {}
            kept_something = 0
            for count in range(250):
                who, a, b = chance.randrange(4), chance.randrange(1_000), chance.randrange(1_000)
                kind = chance.choice(OWN) if count % 2 else chance.choice(KINDS)
                rooms = list(directory.rooms)
                word = f"word{count}x{who}"
                message = messages[-1 - b % min(9, len(messages))]
                fields = values(a, b, word=word, room=chance.choice(rooms), message=message, rooms=rooms, now=clock())
                # What is scheduled is posted in the end, and drafts and notes are never said aloud.
                fields["at"] = clock() + MINUTE * 10**5
                fields["member"] = people[b % 4].me
                fields["members"] = [people[b % 4].me]
                about_own(kind, a, b, directory.members[people[who].me].own, fields)
                if kind in (p.DeleteRoom, p.OpenDirect):
                    continue
                command = kind(**{field: fields[field] for field in kind.__struct_fields__})
                reply = await people[who].ask(command, refused=True)
                if kind in OWN:
                    whose[word] = who
                    kept_something += isinstance(reply, p.Ack)
                elif isinstance(reply, p.Ack) and reply.id and kind in (p.Post, p.Forward, p.CreatePoll):
                    messages.append(reply.id)
            assert kept_something > 30
            for index, handle in enumerate(HANDLES):
                told = await _all_that_is_told(home, handle)
                for event in [*people[index].events, *(one for one in told if isinstance(one, p.Event))]:
                    if isinstance(event.data, PERSONAL):
                        assert event.actor == people[index].me
                types = {data.__struct_config__.tag for data in PERSONAL}
                rows = [one for one in told if isinstance(one, dict) and one.get("type") in types]
                assert {row["actor"] for row in rows} <= {handle}
                raw = repr(told) + repr(people[index].raw)
                others = [word for word, who in whose.items() if who != index and word in raw]
                assert others == []
                assert [word for word, who in whose.items() if who == index and word in raw]

    run(main())


def test_stars_in_their_order(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], room = await home.room("ana", "bo")
            other, hidden = [
                (await ana.do(p.CreateRoom, name=name, kind=kind)).id or ""
                for name, kind in (("other", "public"), ("hidden", "private"))
            ]
            await ana.do(p.SetStars, rooms=[hidden, room, hidden, other])
            assert ana.last(p.StarsSet).rooms == [hidden, room, other]
            assert not (await ana.do(p.SetStars, rooms=[hidden, room, other])).changed
            await ana.do(p.SetStars, rooms=[other, room, hidden])
            assert (await ana.sync()).stars == [other, room, hidden]
            assert (await bo.sync()).stars == []
            assert await bo.code(p.SetStars, rooms=[hidden]) == "not_found"
            await bo.do(p.SetStars, rooms=[other])  # one that bo sees, and is not in
            await ana.do(p.DeleteRoom, room=other)
            assert (await bo.sync()).stars == []
        async with house(tmp_path) as home:
            ana = await home.person("ana", sync=False)
            assert (await ana.sync()).stars == [room, hidden]
        async with house(tmp_path, limits=p.Limits(stars=1)) as home:
            ana = await home.person("ana", sync=False)
            assert await ana.code(p.SetStars, rooms=[room, hidden]) == "too_large"
            assert await ana.code(p.SetStars, rooms=[]) == "ok"

    run(main())


def test_a_muted_room_is_counted_as_before_and_muted_for_oneself(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], room = await home.room("ana", "bo")
            await bo.do(p.Mute, room=room)
            assert not (await bo.do(p.Mute, room=room)).changed
            await ana.do(p.Post, room=room, text="@bo")
            found = await bo.sync()
            assert (found.muted, found.rooms[0].unread, found.rooms[0].mentions) == ([room], 1, 1)
            assert (await ana.sync()).muted == []
        async with house(tmp_path) as home:
            bo = await home.person("bo", sync=False)
            assert (await bo.sync()).muted == [room]
            await bo.do(p.Unmute, room=room)
            assert not (await bo.do(p.Unmute, room=room)).changed
            assert (await bo.sync()).muted == []

    run(main())


def test_what_one_kept_of_a_room_comes_back_with_it(tmp_path: Path) -> None:
    """A member who comes into a private room again learns of the draft, the star and the rest without a reload."""

    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], room = await home.room("ana", "bo", kind="private")
            one = (await ana.do(p.Post, room=room, text="words")).id
            await bo.do(p.SetDraft, room=room, text="begun")
            await bo.do(p.SetStars, rooms=[room])
            await bo.do(p.Mute, room=room)
            await bo.do(p.Save, id=one)
            await ana.do(p.Remove, room=room, member=bo.me)
            without = await bo.sync()
            assert (without.stars, without.muted, without.drafts, without.saved) == ([], [], [], [])
            assert (await bo.ask(p.SavedMessages(req=p.new_req()))).messages == []
            mirror, start = Mirror(without), len(bo.heard)
            await ana.do(p.Add, room=room, member=bo.me)
            await bo.until(lambda: any(isinstance(one, p.Restart) for one in bo.heard[start:]))
            fresh = await bo.sync(since=mirror.seq)
            assert [draft.text for draft in fresh.drafts] == ["begun"]
            assert (fresh.stars, fresh.muted, [saved.id for saved in fresh.saved]) == ([room], [room], [one])
            # Whoever kept nothing of it need not begin anew.
            cy = await home.person("cy")
            added = await ana.do(p.Add, room=room, member=cy.me)
            await cy.upto(added.seq)
            await cy.ask(p.Ping(req=p.new_req()))
            assert not any(isinstance(one, p.Restart) for one in cy.heard)

    run(main())


def test_what_one_says_of_oneself_is_for_all(tmp_path: Path) -> None:
    clock = Clock()

    async def main() -> None:
        async with house(tmp_path, clock=clock) as home:
            [ana, bo], _ = await home.room("ana", "bo")
            until = NOON + MINUTE
            said = await ana.do(p.SetStatus, emoji=" 🌴 ", text=" away ", until=until)
            status = p.MemberStatus(emoji="🌴", text="away", until=until)
            await bo.upto(said.seq)
            assert bo.last(p.StatusSet).status == status
            assert (await bo.sync()).members[0].status == status
            assert not (await ana.do(p.SetStatus, emoji="🌴", text="away", until=until)).changed
            for wrong in ({"until": NOON}, {"until": 10**30}, {"text": "two\nlines"}, {"emoji": "\x00"}):
                assert await ana.code(p.SetStatus, **({"text": "x"} | wrong)) == "invalid"
            clock.now += 2 * MINUTE  # it is over, and it is for whoever shows it to know that
            assert (await bo.sync()).members[0].status == status
        async with house(tmp_path, clock=clock) as home:
            ana = await home.person("ana", sync=False)
            assert (await ana.sync()).members[0].status == status
            await ana.do(p.SetStatus, emoji=" ", text="")
            assert (await ana.sync()).members[0].status is None
            assert not (await ana.do(p.SetStatus)).changed

    run(main())


def test_every_preference_follows_one(tmp_path: Path) -> None:
    chosen: dict[str, Any] = {
        "enter": "line",
        "view": "category",
        "theme": "dark",
        "density": "compact",
        "clock": "24",
        "week": "sunday",
        "language": "pt-BR",
        "bar": False,
        "unread_first": True,
        "skin": 3,
    }
    assert set(chosen) == set(p.Preferences.__struct_fields__)

    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], _ = await home.room("ana", "bo")
            for name, value in chosen.items():
                await ana.do(p.SetPreferences, **{name: value})
                assert not (await ana.do(p.SetPreferences, **{name: value})).changed
            assert not [event for event in bo.events if isinstance(event.data, p.PreferencesSet)]
        async with house(tmp_path) as home:
            ana = await home.person("ana", sync=False)
            assert (await ana.sync()).preferences == p.Preferences(**chosen)
            for wrong in ({"skin": 6}, {"language": "x" * 20}, {"clock": "13"}):
                frame = p.encode(p.SetPreferences(req=p.new_req(), **wrong)).decode()
                before = len(ana.heard)
                await ana.say(frame)
                reply = await ana.until(lambda start=before: ana.heard[start:])
                assert reply[-1].code == "malformed"

    run(main())
