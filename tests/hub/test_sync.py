"""Start-up and coming back: a snapshot, what was missed, and what is new, each once and in order."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from house import House, Person, house, run

from collabchat import protocol as p
from collabchat.hub import reading, session


async def _room(home: House, people: int = 2) -> tuple[list[Person], p.Id]:
    found = [await home.person(name) for name in ("ana", "bo", "cy", "dee")[:people]]
    made = await found[0].do(p.CreateRoom, name="pipeline", members=[one.me for one in found[1:]])
    return found, made.id or ""


def test_what_was_missed_comes_once_in_order_and_before_what_is_new(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], room = await _room(home)
            seen = (await ana.do(p.Post, room=room, text="0")).seq
            await bo.upto(seen)
            bo.leave()
            for n in range(1, 20):
                await ana.do(p.Post, room=room, text=str(n))
            back = await Person(home.hub).hello("bo")
            # Others go on talking while the snapshot is made.
            posts = [p.Post(req=p.new_req(), room=room, text=str(n)) for n in range(20, 40)]
            await asyncio.gather(back.sync(since=seen), ana.say(p.encode(posts).decode()))
            await ana.upto(seen + 39)
            events = await back.upto(seen + 39)
            assert [event.seq for event in events] == list(range(seen + 1, seen + 40))
            assert isinstance(back.heard[1], p.Snapshot)
            assert not back.heard[1].gap

    run(main())


def test_too_much_missed_is_a_gap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MISSED", 10)

    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], room = await _room(home)
            start = home.hub.workspace.directory.seq
            for n in range(11):
                last = (await ana.do(p.Post, room=room, text=str(n))).seq
            await bo.upto(last)
            bo.heard.clear()
            assert (await bo.sync(since=start)).gap
            assert bo.events == []
            assert not (await bo.sync(since=start + 1)).gap
            assert (await bo.sync(since=last + 100)).gap

    run(main())


def test_events_come_only_after_a_sync(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, _], room = await _room(home)
            quiet = await home.person("bo", sync=False)
            await ana.do(p.Post, room=room, text="x")
            await quiet.ask(p.Status(req=p.new_req()))
            assert quiet.events == []

    run(main())


def test_a_slow_reader_is_told_to_start_again_and_slows_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "MOST_EVENTS", 50)
    monkeypatch.setattr(session, "FRAME_OBJECTS", 10)

    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo, cy], room = await _room(home, 3)
            seen = bo.events[-1].seq
            bo.slow = asyncio.Event()
            for n in range(200):
                last = (await ana.do(p.Post, room=room, text=str(n))).seq
            await cy.upto(last)
            assert len([e for e in cy.events if isinstance(e.data, p.Posted)]) == 200
            bo.slow.set()
            restart = await bo.until(lambda: next((one for one in bo.heard if isinstance(one, p.Restart)), None))
            got = [event.seq for event in bo.events]
            assert len(got) < 150
            assert restart.seq >= seen
            await bo.sync(since=got[-1])
            events = await bo.upto(last)
            assert [event.seq for event in events] == list(range(events[0].seq, last + 1))

    run(main())


def test_presence_is_the_first_connection_and_the_last(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana = await home.person("ana")
            bo, again = await home.person("bo"), await home.person("bo")

            def told() -> list[bool]:
                return [one.online for one in ana.heard if isinstance(one, p.Presence) and one.member == bo.me]

            assert told() == [True]
            assert (await ana.sync()).online == [ana.me, bo.me]
            bo.leave()
            await ana.ask(p.Ping(req=p.new_req()))
            assert told() == [True]
            again.leave()
            await ana.until(lambda: told() == [True, False])
            snapshot = await ana.sync()
            assert snapshot.online == [ana.me]
            assert next(m.last_seen for m in snapshot.members if m.id == bo.me) is not None
        async with house(tmp_path) as home:
            ana = await home.person("ana", sync=False)
            members = (await ana.sync()).members
            assert next(m.last_seen for m in members if m.handle == "bo") is not None

    run(main())


def test_the_snapshot_of_a_workspace_that_was_opened_again_is_the_same(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], room = await _room(home)
            one = await ana.do(p.Post, room=room, text="@bo hello")
            await bo.do(p.Pin, id=one.id or "")
            await ana.do(p.Post, room=room, text="again")
            before = await bo.sync()
        async with house(tmp_path) as home:
            after = await (await home.person("bo", sync=False)).sync()
        assert (before.rooms, before.preferences, before.seq) == (after.rooms, after.preferences, after.seq)
        assert [m.handle for m in before.members] == [m.handle for m in after.members]

    run(main())


def test_coming_and_going_does_not_heap_up_before_a_slow_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "MOST_EVENTS", 20)

    async def main() -> None:
        async with house(tmp_path) as home:
            ana = await home.person("ana")
            ana.slow = asyncio.Event()
            for _ in range(50):
                (await home.person("bo")).leave()
            ana.slow.set()
            await ana.until(lambda: any(isinstance(one, p.Restart) for one in ana.heard))
            assert len([one for one in ana.heard if isinstance(one, p.Presence)]) < 50
            assert (await ana.sync()).online == [ana.me]
            (await home.person("cy")).leave()
            await ana.until(lambda: isinstance(ana.heard[-1], p.Presence))

    run(main())
