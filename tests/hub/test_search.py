"""Search at the hub: what is found, by whom, how soon, and in which order."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sending
from house import Clock, House, Person, RefusedError, house, run

from collabchat import protocol as p
from collabchat.hub.session import Peer
from collabchat.store.search import index as index_module

DAY = 86_400_000_000


@pytest.fixture(params=["index", "memory"], autouse=True)
def place(request: pytest.FixtureRequest) -> Iterator[str]:
    """Everything is the same whether the index has the messages or not yet."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "index":
            patch.setattr(index_module, "FLUSH", 0)
            patch.setattr(index_module, "BUSY", 10**9)
            patch.setattr(index_module, "TICK", 0.01)
        yield request.param


async def search(who: Person, query: str, **more: Any) -> p.Found:
    found: p.Found = await who.ask(p.Search(req=p.new_req(), query=query, **more))
    return found


async def texts(who: Person, query: str, **more: Any) -> list[str]:
    found = await search(who, query, limit=200, **more)
    assert found.total == len(found.hits)
    return [hit.message.text or "" for hit in found.hits]


async def ready(home: House, place: str) -> None:
    """The index has everything, where it is to have it."""
    if place == "index":
        async with asyncio.timeout(20):
            index = home.hub.searching.index
            while index.through < home.hub.workspace.durable or index._edited:
                await asyncio.sleep(0.01)


async def post(who: Person, room: p.Id, *said: str, **more: Any) -> list[p.Id]:
    return [(await who.do(p.Post, room=room, text=text, **more)).id or "" for text in said]


def test_words_in_every_way_that_they_are_looked_for(tmp_path: Path, place: str) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            (ana,), room = await home.room("ana")
            said = [
                "The late invoices of **May**",
                "user_id or userId?",
                "C++ needs std::vector, v1.2.3 and #4512 at 0xdead",
                "会议数据报告",
                "Ångström naïve café",
                "mail bo.lim@example.org about /srv/late/report.csv 🚀",
            ]
            await post(ana, room, *said)
            await ready(home, place)
            for query, numbers in {
                "voice": [0],
                "LATE": [0, 5],
                "late invoices": [0],
                "invoices late": [0],
                '"invoices late"': [],
                '"late  inv"': [0],
                "id": [1],
                "user": [1],
                "user_id": [1],
                "userid": [1],
                "c++": [2],
                "std::": [2],
                "1.2.3": [2],
                "#4512": [2],
                "0xDEAD": [2],
                "数据": [3],
                "angstrom": [4],
                "NAIVE cafe": [4],
                "bo.lim@example.org": [5],
                "late/report": [5],
                "🚀": [5],
                "lat*": [0, 5],
                "oices*": [],
                "late -invoices": [5],
                "invoices or 数据": [0, 3],
                "(invoices or late) report": [5],
                "ma": [],
            }.items():
                assert sorted(await texts(ana, query, inflected=False)) == sorted(said[n] for n in numbers), query

    run(main())


def test_the_best_first_and_each_with_what_fits(tmp_path: Path, place: str) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            (ana,), room = await home.room("ana")
            await post(ana, room, "an unloaded one", "loading  dock", "a load of it", "laod", "then he loaded it up")
            await ready(home, place)
            found = await search(ana, "load")
            assert [hit.message.text for hit in found.hits] == [
                "a load of it",
                "loading  dock",
                "then he loaded it up",
                "an unloaded one",
            ]
            assert [hit.score for hit in found.hits] == sorted((hit.score for hit in found.hits), reverse=True)
            assert found.hits[0].snippet == ["a ", "load", " of it"]
            assert found.hits[1].snippet == ["", "load", "ing dock"]
            assert (found.total, found.at_least, found.cursor, found.correction) == (4, False, None, None)
            inflected = await search(ana, "loads")
            assert [hit.message.text for hit in inflected.hits][-1] != "laod"
            assert {hit.message.text for hit in inflected.hits} == {
                "a load of it",
                "loading  dock",
                "then he loaded it up",
            }
            assert (await search(ana, "loads", inflected=False)).correction == "load"
            slip = await search(ana, "loadnig")
            assert [hit.message.text for hit in slip.hits] == ["loading  dock"]
            assert slip.correction == "loading"
            assert slip.hits[0].snippet == ["", "loading", " dock"]
            long = "word " * 200 + "needle in the middle " + "word " * 200
            await post(ana, room, long)
            hit = (await search(ana, "needle")).hits[0]
            assert hit.snippet[0].startswith("… ")
            assert hit.snippet[1] == "needle"
            assert len("".join(hit.snippet)) < 260

    run(main())


def test_filters(tmp_path: Path, place: str) -> None:
    async def main() -> None:
        clock = Clock()
        async with house(tmp_path, clock=clock) as home:
            (ana, bo, cy), room = await home.room("ana", "bo", "cy")
            direct = (await bo.do(p.OpenDirect, member=ana.me)).id or ""
            first, code = await post(ana, room, "one for @bo", "two `code` here")
            clock.now += 2 * DAY
            (asked,) = await post(bo, room, "three? see https://example.org/x")
            (reply,) = await post(cy, room, "four", reply_to=first)
            (told,) = await post(bo, direct, "five, only you")
            await ana.do(p.React, id=code, emoji="👍")
            await ana.do(p.Pin, id=asked)
            await cy.do(p.Edit, id=reply, text="four now")
            await ana.do(p.SetStars, rooms=[room])
            await ana.do(p.MarkRead, room=room, upto=asked)
            await ready(home, place)
            names = {first: "first", code: "code", asked: "asked", reply: "reply", told: "told"}
            for query, expected in {
                "from:ana": "first code",
                "from:@BO": "asked told",
                "from:me": "first code",
                "-from:ana": "asked reply told",
                "in:#pipeline from:bo": "asked",
                "in:@bo": "told",
                "in:bo five": "told",
                "mentions:bo": "first",
                "to:me": "told",
                "to:bo": "first",
                "has:code": "code",
                "has:question": "asked",
                "has:link": "asked",
                "has:reaction": "code",
                "has:pin": "asked",
                "is:pinned": "asked",
                "is:edited": "reply",
                "is:thread": "first reply",
                "is:unread": "reply told",
                "is:starred": "first code asked reply",
                "type:direct": "told",
                "type:public": "first code asked reply",
                "before:2023-11-15": "first code",
                "after:2023-11-15": "asked reply told",
                "on:2023-11-14": "first code",
                "during:nov": "first code asked reply told",
                "yesterday": "",
                "on:today": "asked reply told",
                "has:file": "",
                "type:pdf": "",
            }.items():
                found = await search(ana, query)
                assert {names[hit.message.id] for hit in found.hits} == set(expected.split()), query
                assert found.problems == []
            # At once, whatever the index has.
            await ana.do(p.Unreact, id=code, emoji="👍")
            await ana.do(p.React, id=told, emoji="👍")
            await ana.do(p.Unpin, id=asked)
            await ana.do(p.MarkRead, room=direct)
            assert await texts(ana, "has:reaction") == ["five, only you"]
            assert await texts(ana, "has:pin") == []
            assert await texts(ana, "is:unread") == ["four now"]

    run(main())


def test_what_makes_no_sense_is_said_and_its_words_are_found(tmp_path: Path, place: str) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            (ana,), room = await home.room("ana")
            await post(ana, room, "a plain word")
            await ready(home, place)
            for query, problem in {
                "from:zed plain": "from:zed: there is nobody of that name.",
                "in:nowhere plain": "in:nowhere: there is no such room, or you are not in it.",
                "before:someday plain": "before:someday is no date; write 2026-01-31, 31.1.2026,",
                "is: plain": "is: needs something after the colon.",
                "type:?? plain": "type:?? is not known;",
                "before:plain": "before:plain is no date;",
            }.items():
                found = await search(ana, query)
                assert [hit.message.text for hit in found.hits] == ["a plain word"], query
                assert found.problems[0].startswith(problem)
            for query in ("", "  ", '""', "from:zed", "-", "((((", "\x00", "or or or", "a" * 1000, "-" * 999):
                await search(ana, query)

    run(main())


def test_one_finds_what_one_may_read(tmp_path: Path, place: str) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo, cy = [await home.person(handle) for handle in ("ana", "bo", "cy")]
            gus = await home.person("gus")
            await ana.do(p.SetRole, member=gus.me, role="guest")
            public = (await ana.do(p.CreateRoom, name="open", kind="public")).id or ""
            private = (await ana.do(p.CreateRoom, name="board", kind="private", members=[bo.me])).id or ""
            direct = (await ana.do(p.OpenDirect, member=cy.me)).id or ""
            await post(ana, public, "budget in the open")
            await post(ana, private, "budget of the board, zebrafinch")
            await post(ana, direct, "budget between us")
            await ready(home, place)
            for who, expected in (
                (ana, {"budget in the open", "budget of the board, zebrafinch", "budget between us"}),
                (bo, {"budget in the open", "budget of the board, zebrafinch"}),
                (cy, {"budget in the open", "budget between us"}),
                (gus, set()),
            ):
                assert set(await texts(who, "budget")) == expected
            # Nothing is counted, corrected, or said to be there.
            assert (await search(bo, "zebrafinhc")).correction == "zebrafinch"
            hidden = await search(cy, "zebrafinhc")
            assert (hidden.total, hidden.correction, hidden.hits) == (0, None, [])
            named, none = await search(cy, "in:board budget"), await search(cy, "in:nowhere budget")
            assert [one.replace("nowhere", "board") for one in none.problems] == named.problems
            with pytest.raises(RefusedError):
                await search(cy, "budget", room=private)
            await ana.do(p.Remove, room=private, member=bo.me)
            assert await texts(bo, "zebrafinch") == []
            await ana.do(p.DeleteRoom, room=private)
            assert await texts(ana, "zebrafinch") == []
            assert set(await texts(ana, "budget")) == {"budget in the open", "budget between us"}

    run(main())


def test_a_message_is_found_as_soon_as_it_is_posted_and_as_it_is_now(tmp_path: Path, place: str) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            (ana, bo), room = await home.room("ana", "bo")
            slowest = 0.0
            for number in range(30):
                (said,) = await post(ana, room, f"ember{number} glows")
                start = time.perf_counter()
                assert await texts(bo, f"ember{number}") == [f"ember{number} glows"]
                slowest = max(slowest, time.perf_counter() - start)
                if number % 3 == 0:
                    await ana.do(p.Edit, id=said, text=f"ash{number}")
                    assert await texts(bo, f"ember{number} glows", inflected=False) == []
                    assert await texts(bo, f"ash{number}") == [f"ash{number}"]
                elif number % 3 == 1:
                    await ana.do(p.Delete, id=said)
                    assert await texts(bo, f'"ember{number}"') == []
            assert slowest < 1.0
            await ready(home, place)
            assert len(await texts(bo, "ember*")) == 10
            assert len(await texts(bo, "ash*")) == 10

    run(main())


def test_pages_do_not_move_while_others_talk(tmp_path: Path, place: str) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            (ana,), room = await home.room("ana")
            said = await post(ana, room, *[f"tick {'long ' * (n % 7)}{n}" for n in range(45)])
            await ready(home, place)
            for sort in ("relevance", "newest", "oldest"):
                found, cursor = [], None
                for turn in itertools.count():
                    page = await search(ana, "tick", sort=sort, limit=10, cursor=cursor)
                    assert page.total == 45
                    found += [hit.message.id for hit in page.hits]
                    await post(ana, room, f"tock {turn}")
                    cursor = page.cursor
                    if cursor is None:
                        break
                assert sorted(found, key=int) == said
                if sort != "relevance":
                    assert found == sorted(said, key=int, reverse=sort == "newest")
            page = await search(ana, "tick", limit=10)
            await post(ana, room, "tick, and one more")
            assert (await search(ana, "tick", limit=10, cursor=page.cursor)).total == 45
            for cursor in ("", "x", "1.2.3", page.cursor[:-1] + "x", "9" * 200):  # type: ignore[index]
                with pytest.raises(RefusedError, match="no cursor"):
                    await search(ana, "tick", cursor=cursor)
            with pytest.raises(RefusedError, match="no cursor"):
                await search(ana, "tock", cursor=page.cursor)

    run(main())


def test_forwarded_words_and_polls(tmp_path: Path, place: str) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            (ana,), room = await home.room("ana")
            (said,) = await post(ana, room, "heron")
            await ana.do(p.Forward, id=said, room=room, text="look")
            await ana.do(p.CreatePoll, room=room, question="Which bird?", options=["kestrel", "magpie"])
            await ready(home, place)
            assert (await search(ana, "heron")).total == 2
            assert (await search(ana, "look heron")).total == 1
            assert (await search(ana, "kestrel bird")).hits[0].message.poll is not None
            assert (await search(ana, "type:poll")).total == 1

    run(main())


def test_the_hubs_own_user_has_the_index_made_anew(tmp_path: Path, place: str) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            (ana,), room = await home.room("ana")
            await post(ana, room, "heron", "kestrel")
            await ready(home, place)
            with pytest.raises(RefusedError):
                await ana.ask(p.Reindex(req=p.new_req()))
            stranger = Person(home.hub, Peer(own=False, login="eve", uid=7))
            with pytest.raises(RefusedError):
                await stranger.ask(p.Reindex(req=p.new_req()))
            own = Person(home.hub)
            await own.ask(p.Reindex(req=p.new_req()))
            async with asyncio.timeout(20):
                while (status := await own.ask(p.Status(req=p.new_req()))).indexing:
                    assert (await search(ana, "heron")).total == 1
            await ready(home, place)
            # Few messages stay in memory, unless they are to be in files.
            wanted = (2, False, place == "index")
            async with asyncio.timeout(20):
                while True:
                    status = await own.ask(p.Status(req=p.new_req()))
                    if (status.indexed, status.indexing, status.index_bytes > 0) == wanted:
                        break
                    await asyncio.sleep(0.01)

    run(main())


def test_two_members_by_a_plain_look(tmp_path: Path, place: str) -> None:
    import search_oracle as oracle

    words = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel"]

    async def main() -> None:
        chance = random.Random(8)
        async with house(tmp_path) as home:
            ana, bo = await home.person("ana"), await home.person("bo")
            rooms: dict[p.Id, list[Person]] = {}
            for number in range(6):
                kind = "private" if number % 2 else "public"
                members = [bo.me] if number in (1, 2) else []
                made = await ana.do(p.CreateRoom, name=f"room{number}", kind=kind, members=members)
                rooms[made.id or ""] = [ana, bo] if members or kind == "public" else [ana]
            said: list[tuple[oracle.Heard, p.Id]] = []
            for _ in range(150):
                room = chance.choice(list(rooms))
                text = " ".join(chance.choices(words, k=4))
                (one,) = await post(ana, room, text)
                said.append((oracle.heard(int(one), int(room), int(ana.me), text), room))
            await ready(home, place)
            for _ in range(60):
                query = chance.choice(words)[chance.randrange(2) :][: chance.randrange(3, 6)]
                for who in (ana, bo):
                    expected = {one.id for one, room in said if who in rooms[room] and oracle.fits(query, one)}
                    found = await search(who, query, limit=200, inflected=False)
                    assert {int(hit.message.id) for hit in found.hits if hit.score >= 3} == expected
                    if expected:
                        assert found.total == len(expected)

    run(main())


def test_files_by_their_names_and_by_what_is_in_them(tmp_path: Path, place: str) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            (ana,), room = await home.room("ana")
            message = await sending.post(ana, room, b"region,total\nAnkara,17\n", text="numbers", name="late_sums.csv")
            named = await search(ana, "late_sums")
            assert [(hit.message.id, hit.file) for hit in named.hits] == [(message, f"{message}-1")]
            for query in ("has:file", "type:csv", "type:data", "sums numbers", "-has:image"):
                assert (await search(ana, query)).total == 1, query
            assert (await search(ana, "has:image")).total == 0
            # What is in it comes when it was read.
            async with asyncio.timeout(60):
                while not (found := await search(ana, "ankara")).total:
                    await asyncio.sleep(0.05)
            assert [(hit.message.id, hit.file) for hit in found.hits] == [(message, f"{message}-1")]
            assert "Ankara" in found.hits[0].snippet
            await ready(home, place)
            assert (await search(ana, "ankara numbers")).total == 1
            await ana.do(p.Edit, id=message, text="figures")
            assert (await search(ana, "ankara figures")).total == 1
            home.hub.searching.rebuild()
            async with asyncio.timeout(60):
                while not (await search(ana, "ankara figures")).total:
                    await asyncio.sleep(0.05)
            await ana.do(p.Delete, id=message)
            assert (await search(ana, '"ankara"')).total == 0

    run(main())
