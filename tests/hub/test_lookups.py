"""What a message said before, who has read it, what was said on that day; and who writes just now."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from house import MINUTE, NOON, Clock, Person, house, run

from collabchat import protocol as p
from collabchat.store import schema


async def _seen_by(person: Person, message: p.Id) -> list[p.Id]:
    found: p.People = await person.ask(p.SeenBy(req=p.new_req(), id=message))
    return sorted(found.members, key=int)


async def _versions(person: Person, message: p.Id) -> list[tuple[p.Micros, str]]:
    found: p.MessageVersions = await person.ask(p.Versions(req=p.new_req(), id=message))
    return [(one.time, one.text) for one in found.versions]


def test_who_has_read_up_to_a_message(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo, cy], room = await home.room("ana", "bo", "cy")
            one, two = [(await ana.do(p.Post, room=room, text=text)).id or "" for text in ("one", "two")]
            assert await _seen_by(ana, one) == []
            await bo.do(p.MarkRead, room=room, upto=one)
            assert await _seen_by(ana, one) == [bo.me]
            assert await _seen_by(ana, two) == []
            await cy.do(p.MarkRead, room=room)
            assert await _seen_by(bo, one) == [bo.me, cy.me]
            assert await _seen_by(bo, two) == [cy.me]
            await cy.do(p.MarkUnread, room=room, id=two)
            assert await _seen_by(ana, two) == []
            await bo.do(p.Leave, room=room)
            assert await _seen_by(ana, one) == [cy.me]
            await bo.do(p.Join, room=room)  # whoever comes in has nothing to read up to here
            assert await _seen_by(ana, two) == [bo.me]
            assert (await ana.ask(p.SeenBy(req=p.new_req(), id="999"), refused=True)).code == "not_found"

    run(main())


def test_what_a_message_said_before(tmp_path: Path) -> None:
    clock = Clock()

    async def main() -> None:
        async with house(tmp_path, clock=clock) as home:
            [ana, bo], room = await home.room("ana", "bo")
            one = (await ana.do(p.Post, room=room, text="first periscope")).id or ""
            other = (await ana.do(p.Post, room=room, text="beside it")).id or ""
            assert await _versions(bo, one) == [(NOON, "first periscope")]
            for number, text in enumerate(("second periscope", "third periscope"), 1):
                clock.now = NOON + number * MINUTE
                await ana.do(p.Edit, id=one, text=text)
                await ana.do(p.Edit, id=other, text="not this one")
            said = [
                (NOON, "first periscope"),
                (NOON + MINUTE, "second periscope"),
                (NOON + 2 * MINUTE, "third periscope"),
            ]
            assert await _versions(bo, one) == said
            # An edit that is not on disk yet is waited for.
            edit = p.Edit(req=p.new_req(), id=one, text="fourth periscope")
            await ana.say(p.encode(edit).decode())
            assert [text for _, text in await _versions(bo, one)][-1] == "fourth periscope"
            await ana.do(p.Delete, id=one)
            assert (await bo.ask(p.Versions(req=p.new_req(), id=one), refused=True)).code == "invalid"

    run(main())
    with duckdb.connect(str(tmp_path / schema.FILE), read_only=True) as database:
        assert database.execute("SELECT * FROM events WHERE contains(data, 'periscope')").fetchall() == []


def test_a_page_around_a_date(tmp_path: Path) -> None:
    clock = Clock()

    async def main() -> None:
        async with house(tmp_path, clock=clock) as home:
            [ana], room = await home.room("ana")
            for number in range(10):
                clock.now = NOON + number * MINUTE
                await ana.do(p.Post, room=room, text=str(number))

            async def texts(at: int, limit: int = 4) -> list[str | None]:
                page = await ana.history(room, at=at, limit=limit, system=False)
                assert page.more_before == (page.messages[0].text != "0")
                assert page.more_after == (page.messages[-1].text != "9")
                return [message.text for message in page.messages]

            assert await texts(NOON + 5 * MINUTE) == ["3", "4", "5", "6"]
            assert await texts(NOON + 5 * MINUTE - 1) == ["3", "4", "5", "6"]
            assert await texts(NOON + 5 * MINUTE + 1) == ["4", "5", "6", "7"]
            assert (await texts(NOON - 10**15))[0] == "0"
            assert (await texts(-(10**30)))[0] == "0"
            for late in (NOON + 100 * MINUTE, 2**63, 10**30):  # later than all that was said: the newest
                assert (await texts(late))[-1] == "9"
            wrong = p.History(req=p.new_req(), room=room, at=NOON, before="5")
            assert (await ana.ask(wrong, refused=True)).code == "invalid"

    run(main())


def _typing(person: Person) -> list[p.MemberTyping]:
    return [one for one in person.heard if isinstance(one, p.MemberTyping)]


def test_those_of_the_room_are_told_who_writes(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], room = await home.room("ana", "bo")
            again, out, guest = await home.person("bo"), await home.person("out"), await home.person("guest")
            await ana.do(p.SetRole, member=guest.me, role="guest")
            await guest.sync()
            quiet = await home.person("bo", sync=False)
            before = home.hub.workspace.directory.seq
            for _ in range(50):
                said = await ana.ask(p.Typing(req=p.new_req(), room=room))
                assert not said.changed
            await ana.ask(p.Typing(req=p.new_req(), room=room, thread="7"))
            for person in (bo, again, out, guest, quiet, ana):
                await person.ask(p.Ping(req=p.new_req()))
            told = p.MemberTyping(member=ana.me, room=room)
            for person in (bo, again):
                assert _typing(person) == [told] * 50 + [p.MemberTyping(member=ana.me, room=room, thread="7")]
            for person in (out, guest, quiet, ana):
                assert _typing(person) == []
            assert home.hub.workspace.directory.seq == before  # nothing of it is kept
            assert home.hub.workspace.log.waiting == 0
            await ana.do(p.Archive, room=room)
            assert (await ana.ask(p.Typing(req=p.new_req(), room=room), refused=True)).code == "archived"

    run(main())


def test_many_who_write_do_not_heap_up_before_a_slow_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    from collabchat.hub import session

    monkeypatch.setattr(session, "MOST_EVENTS", 20)

    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], room = await home.room("ana", "bo")
            bo.slow = asyncio.Event()
            for _ in range(200):
                await ana.ask(p.Typing(req=p.new_req(), room=room))
            bo.slow.set()
            await bo.until(lambda: any(isinstance(one, p.Restart) for one in bo.heard))
            assert len(_typing(bo)) < 100

    run(main())
