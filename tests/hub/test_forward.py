"""Forwarded messages: where they come from, in whose words, and what is left of them when they are deleted."""

from __future__ import annotations

from pathlib import Path

import duckdb
from house import House, Person, house, run

from collabchat import protocol as p
from collabchat.store import schema


async def _two_rooms(home: House) -> tuple[Person, Person, p.Id, p.Id]:
    [ana, bo], here = await home.room("ana", "bo")
    there = (await ana.do(p.CreateRoom, name="there", members=[bo.me])).id or ""
    return ana, bo, here, there


async def _newest(person: Person, room: p.Id) -> p.Message:
    return (await person.history(room, system=False)).messages[-1]


def test_it_says_who_said_it_where_and_when(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo, here, there = await _two_rooms(home)
            said = await ana.do(p.Post, room=here, text="the load is through, @bo")
            origin = p.Forwarded(
                id=said.id or "", room=here, author=ana.me, time=said.time or 0, text="the load is through, @bo"
            )
            bare = await bo.do(p.Forward, id=said.id, room=there)
            found = await _newest(ana, there)
            assert (found.id, found.author, found.text, found.forwarded) == (bare.id, bo.me, "", origin)
            assert found.mentions == []  # who was mentioned there is not called again
            assert ana.last(p.Posted).forwarded == origin
            assert (await ana.sync()).rooms[1].last.text == "the load is through, @bo"
            await bo.do(p.Forward, id=said.id, room=there, text="look, @ana")
            found = await _newest(ana, there)
            assert (found.text, found.forwarded, found.mentions) == ("look, @ana", origin, [ana.me])
            await bo.do(p.Forward, id=said.id, room=here, text=" \n ")  # the same room, and no words
            assert (await _newest(ana, here)).text == ""

    run(main())


def test_what_is_forwarded_once_more(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo, here, there = await _two_rooms(home)
            said = (await ana.do(p.Post, room=here, text="first words")).id or ""
            bare = (await bo.do(p.Forward, id=said, room=there)).id
            spoken = (await bo.do(p.Forward, id=said, room=there, text="second words")).id
            await ana.do(p.Forward, id=bare, room=here)
            again = await _newest(bo, here)
            assert again.forwarded is not None
            assert (again.forwarded.id, again.forwarded.author, again.forwarded.text) == (said, ana.me, "first words")
            await ana.do(p.Forward, id=spoken, room=here)
            again = await _newest(bo, here)
            assert again.forwarded is not None
            assert (again.forwarded.id, again.forwarded.author, again.forwarded.text) == (spoken, bo.me, "second words")

    run(main())


def test_the_words_of_now_even_where_they_are_not_on_disk_yet(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, _, here, there = await _two_rooms(home)
            old = (await ana.do(p.Post, room=here, text="old words")).id or ""
            number = str(home.hub.workspace.directory.seq + 1)
            frame = [
                p.Post(req=p.new_req(), room=here, text="new words"),
                p.Forward(req=p.new_req(), id=number, room=there),
                p.Edit(req=p.new_req(), id=number, text="newer words"),
                p.Forward(req=p.new_req(), id=number, room=there),
                p.Edit(req=p.new_req(), id=old, text="not so old words"),
                p.Forward(req=p.new_req(), id=old, room=there),
                p.Forward(req=p.new_req(), id=str(int(number) + 1), room=here),
                p.Delete(req=p.new_req(), id=old),
                p.Forward(req=p.new_req(), id=old, room=there),
            ]
            await ana.say(p.encode(frame).decode())
            await ana.ask(p.Ping(req=p.new_req()))
            refused = await ana.until(lambda: [one for one in ana.heard if isinstance(one, p.Error)])
            assert [(one.req, one.code) for one in refused] == [(frame[-1].req, "invalid")]
            await home.hub.durable(home.hub.workspace.directory.seq)
            found = (await ana.history(there, system=False)).messages
            assert [one.forwarded.text for one in found if one.forwarded] == [
                "new words",
                "newer words",
                "not so old words",
            ]
            [nested] = [one for one in (await ana.history(here)).messages if one.forwarded]
            assert nested.forwarded is not None
            assert (nested.forwarded.id, nested.forwarded.text) == (number, "new words")

    run(main())


def test_who_may_see_both_rooms(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], here = await home.room("ana", "bo", kind="private")
            theirs = (await ana.do(p.CreateRoom, name="theirs", kind="private")).id or ""
            one = (await ana.do(p.Post, room=here, text="words")).id or ""
            hidden = (await ana.do(p.Post, room=theirs, text="words")).id or ""
            line = str(next(e.seq for e in ana.events if isinstance(e.data, p.RoomCreated)))
            assert await bo.code(p.Forward, id=one, room=theirs) == "not_found"
            assert await bo.code(p.Forward, id=hidden, room=here) == "not_found"
            assert await bo.code(p.Forward, id=line, room=here) == "not_found"
            topic = await ana.do(p.SetTopic, room=here, topic="x")
            assert await bo.code(p.Forward, id=str(topic.seq), room=here) == "invalid"
            assert await ana.code(p.Forward, id=hidden, room=here) == "ok"

    run(main())


def test_edited_and_deleted_like_any_message(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo, here, there = await _two_rooms(home)
            said = (await ana.do(p.Post, room=here, text="periscope")).id or ""
            copy = (await bo.do(p.Forward, id=said, room=there, text="look")).id or ""
            await bo.do(p.Edit, id=copy, text="look here")
            found = await _newest(ana, there)
            assert (found.text, found.forwarded and found.forwarded.text) == ("look here", "periscope")
            await ana.do(p.Delete, id=said)
            assert (await _newest(ana, there)).forwarded is not None  # what others hold of it stays theirs
            await bo.do(p.Delete, id=copy)
            gone = (await bo.history(there)).messages[-1]
            assert (gone.deleted, gone.text, gone.forwarded) == (True, None, None)
            assert await bo.code(p.Forward, id=copy, room=here) == "invalid"

    run(main())
    with duckdb.connect(str(tmp_path / schema.FILE), read_only=True) as database:
        assert database.execute("SELECT * FROM events WHERE contains(data, 'periscope')").fetchall() == []
        assert database.execute("SELECT * FROM messages WHERE contains(forwarded, 'periscope')").fetchall() == []


def test_in_the_tables_it_has_its_words(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo, here, there = await _two_rooms(home)
            said = (await ana.do(p.Post, room=here, text="the load is through")).id
            await bo.do(p.Forward, id=said, room=there)
            assert [row["text"] for row in await ana.table("messages")] == ["the load is through"] * 2
        async with house(tmp_path) as home:
            ana = await home.person("ana", sync=False)
            assert [room.last.text for room in (await ana.sync()).rooms] == ["the load is through"] * 2

    run(main())
