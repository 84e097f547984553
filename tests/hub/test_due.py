"""What happens at a time: messages that are posted later, and reminders; and what is put aside until then."""

from __future__ import annotations

import time
from pathlib import Path

import duckdb
import pytest
from house import MINUTE, NOON, Clock, Person, house, run

from collabchat import protocol as p
from collabchat.hub.hub import Hub
from collabchat.store import log as logs
from collabchat.store import schema

DAY = 24 * 60 * MINUTE


async def _texts(person: Person, room: p.Id) -> list[str | None]:
    return [message.text for message in (await person.history(room, system=False)).messages]


async def _scheduled(person: Person) -> list[p.Scheduled]:
    return (await person.sync()).scheduled


def _words_left(folder: Path, word: str) -> list[str]:
    """The tables in which this word stands."""
    with duckdb.connect(str(folder / schema.FILE), read_only=True) as database:
        columns = database.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE data_type = 'VARCHAR' AND NOT internal"
        ).fetchall()
        return [
            table
            for table, column in columns
            if database.execute(f"SELECT 1 FROM {table} WHERE contains({column}, ?) LIMIT 1", [word]).fetchall()
        ]


# ---------------------------------------------------------------- scheduled


def test_it_is_posted_by_itself_when_its_time_comes(tmp_path: Path) -> None:
    """With the clock of every day, and nobody who looks at it but the hub."""

    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], room = await home.room("ana", "bo")
            at = time.time_ns() // 1000 + 200_000
            ack = await ana.do(p.Schedule, room=room, text="good morning, @bo", at=at)
            sooner = await ana.do(p.Schedule, room=room, text="before it", at=at - 100_000)
            assert await _texts(bo, room) == []
            said = await bo.until(lambda: [e for e in bo.events if isinstance(e.data, p.Posted)][1:])
            assert said[0].time >= at
            assert said[0].data.text == "good morning, @bo"
            assert said[0].data.mentions == [bo.me]
            assert said[0].data.scheduled == ack.id
            assert said[0].actor == ana.me
            assert await _texts(ana, room) == ["before it", "good morning, @bo"]
            assert await _scheduled(ana) == []
            assert sooner.id != ack.id

    run(main())
    with duckdb.connect(str(tmp_path / schema.FILE), read_only=True) as database:
        left = database.execute("SELECT type FROM events WHERE contains(data, 'good morning')").fetchall()
    assert left == [("posted",)]  # of when it was posted, and not of before


def test_until_then_it_is_its_authors_alone(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path, clock=Clock()) as home:
            [ana, bo], room = await home.room("ana", "bo")
            root = (await bo.do(p.Post, room=room, text="root")).id
            ack = await ana.do(p.Schedule, room=room, text="later", at=NOON + MINUTE, reply_to=root, broadcast=True)
            waiting = p.Scheduled(
                id=ack.id or "", room=room, text="later", at=NOON + MINUTE, reply_to=root, broadcast=True
            )
            assert ack.id == str(ack.seq)
            assert await _scheduled(ana) == [waiting]
            assert await _scheduled(bo) == []
            await home.wait(MINUTE - 1)
            assert await _scheduled(ana) == [waiting]
            await home.wait(1)
            found = (await bo.history(room, system=False)).messages[-1]
            assert (found.text, found.thread, found.broadcast, found.time) == ("later", root, True, NOON + MINUTE)
            assert await _scheduled(ana) == []

    run(main())


def test_what_was_taken_back_is_not_posted_and_leaves_no_word(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path, clock=Clock()) as home:
            [ana, bo], room = await home.room("ana", "bo")
            one = (await ana.do(p.Schedule, room=room, text="periscope", at=NOON + MINUTE)).id
            assert await bo.code(p.Unschedule, id=one) == "not_found"
            await ana.do(p.Unschedule, id=one)
            assert ana.last(p.Unscheduled).id == one
            assert await ana.code(p.Unschedule, id=one) == "not_found"
            await home.wait(2 * MINUTE)
            assert await _texts(ana, room) == []

    run(main())
    assert _words_left(tmp_path, "periscope") == []


def test_where_the_author_may_not_write_any_more_it_is_said_why(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path, clock=Clock()) as home:
            [ana, bo], left = await home.room("ana", "bo")
            hidden, archived, fine = [
                (await ana.do(p.CreateRoom, name=name, kind=kind, members=[bo.me])).id or ""
                for name, kind in (("hidden", "private"), ("archived", "public"), ("fine", "public"))
            ]
            answered = (await ana.do(p.Post, room=fine, text="answered")).id
            ids = [
                (await bo.do(p.Schedule, room=room, text=f"into {room}", at=NOON + MINUTE)).id
                for room in (left, hidden, archived)
            ]
            ids.append((await bo.do(p.Schedule, room=fine, text="answer", at=NOON + MINUTE, reply_to=answered)).id)
            last = (await bo.do(p.Schedule, room=fine, text="and this one", at=NOON + MINUTE)).id
            await bo.do(p.Leave, room=left)
            await ana.do(p.Remove, room=hidden, member=bo.me)
            await ana.do(p.Archive, room=archived)
            await ana.do(p.Delete, id=answered)
            assert home.hub.due.posts_wait
            await home.wait(MINUTE)
            found = {one.id: one.problem or "" for one in await _scheduled(bo)}
            assert list(found) == ids
            assert last not in found
            reasons = ("Join #pipeline first", "you are not in it", "is archived", "was deleted")
            for number, reason in zip(ids, reasons, strict=True):
                assert reason in found[number or ""]
            assert bo.last(p.Unsent).id == ids[-1]
            assert await _texts(ana, fine) == [None, "and this one"]
            # It is tried once, stays where one finds it, and keeps no hub from leaving.
            assert not home.hub.due.posts_wait
            seq = home.hub.workspace.directory.seq
            await bo.do(p.Join, room=left)
            await home.wait(DAY)
            assert home.hub.workspace.directory.seq == seq + 1
            await bo.do(p.Unschedule, id=ids[0])
        async with house(tmp_path, clock=Clock()) as home:
            bo = await home.person("bo", sync=False)
            kept = {one.id: one.problem or "" for one in await _scheduled(bo)}
            assert kept == {number: problem for number, problem in found.items() if number != ids[0]}

    run(main())


def test_with_its_room_goes_what_was_to_be_posted_there(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path, clock=Clock()) as home:
            [ana, bo], room = await home.room("ana", "bo", kind="private")
            for person in (ana, bo):
                await person.do(p.Schedule, room=room, text="periscope", at=NOON + MINUTE)
            await bo.do(p.Leave, room=room)
            gone = await ana.do(p.DeleteRoom, room=room)
            assert await _scheduled(ana) == []
            assert await _scheduled(bo) == []
            # Whoever had left is told too, for there is something of theirs that is gone.
            await bo.upto(gone.seq)
            assert bo.last(p.RoomDeleted).members == [ana.me, bo.me]
            seq = home.hub.workspace.directory.seq
            await home.wait(2 * MINUTE)
            assert home.hub.workspace.directory.seq == seq

    run(main())
    assert _words_left(tmp_path, "periscope") == []


def test_what_came_due_while_no_hub_ran_is_posted_at_the_next_start_in_the_order_of_its_times(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path, clock=Clock()) as home:
            [ana, bo], room = await home.room("ana", "bo")
            for person, text, at in ((ana, "third", 3), (bo, "first", 1), (ana, "second", 2), (bo, "not yet", 90)):
                await person.do(p.Schedule, room=room, text=text, at=NOON + at * MINUTE)
            note = (await ana.do(p.Save, note="look at it", remind_at=NOON + MINUTE)).id
        clock = Clock(NOON + 60 * MINUTE)
        for _ in range(2):  # and by the one after it not again
            async with house(tmp_path, clock=clock) as home:
                ana = await home.person("ana", sync=False)
                assert await _texts(ana, room) == ["first", "second", "third"]
                found = await ana.sync()
                assert [(one.id, one.reminded_at) for one in found.saved] == [(note, NOON + 60 * MINUTE)]

    run(main())


def test_a_time_that_is_no_time_and_what_could_not_be_posted_now(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path, clock=Clock(), limits=p.Limits(scheduled=2)) as home:
            [ana, bo], room = await home.room("ana", "bo")
            other = (await ana.do(p.CreateRoom, name="other", kind="private")).id or ""
            there = (await ana.do(p.Post, room=other, text="x")).id
            fine = {"room": room, "text": "x", "at": NOON + MINUTE}
            for wrong in ({"at": NOON}, {"at": -1}, {"at": NOON + 800 * DAY}, {"at": 10**30}, {"text": " "}):
                assert await ana.code(p.Schedule, **(fine | wrong)) == "invalid", wrong
            assert await ana.code(p.Schedule, **(fine | {"reply_to": there})) == "invalid"
            assert await ana.code(p.Schedule, **(fine | {"broadcast": True})) == "invalid"
            assert await bo.code(p.Schedule, **(fine | {"room": other})) == "not_found"
            assert [await ana.code(p.Schedule, **fine) for _ in range(3)] == ["ok", "ok", "too_large"]
            await home.wait(MINUTE)
            assert await _texts(bo, room) == ["x", "x"]
            assert await ana.code(p.Schedule, **(fine | {"at": NOON + 2 * MINUTE})) == "ok"

    run(main())


def test_what_is_due_waits_for_a_disk_that_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collabchat.hub.due.RETRY", 0.01)

    async def main() -> None:
        async with house(tmp_path, clock=Clock()) as home:
            [ana, bo], room = await home.room("ana", "bo")
            await ana.do(p.Schedule, room=room, text="at last", at=NOON + MINUTE)
            with monkeypatch.context() as full:
                full.setattr(logs, "RESERVE", 2**62)
                assert await ana.code(p.Post, room=room, text="no room") == "disk_full"
                home.hub.clock.now += MINUTE  # type: ignore[attr-defined]
                home.hub.due.look()
                assert await ana.code(p.Post, room=room, text="no room") == "disk_full"
                assert [one.text for one in await _scheduled(ana)] == ["at last"]
            await bo.until(lambda: [e for e in bo.events if isinstance(e.data, p.Posted)])
            assert await _texts(bo, room) == ["at last"]
            assert await _scheduled(ana) == []

    run(main())


def test_a_mistake_of_the_hub_forgets_nothing_that_is_due(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collabchat.hub.due.RETRY", 0.01)
    failed: list[int] = []

    def failing(*_: object, **__: object) -> None:
        failed.append(1)
        raise RuntimeError("nobody thought of this")

    async def main() -> None:
        async with house(tmp_path, clock=Clock()) as home:
            [ana], room = await home.room("ana")
            await ana.do(p.Schedule, room=room, text="at last", at=NOON + MINUTE)
            with monkeypatch.context() as broken:
                broken.setattr("collabchat.hub.due.posts.post", failing)
                await home.wait(MINUTE)
                assert failed
                assert await _texts(ana, room) == []
            await ana.until(lambda: [e for e in ana.events if isinstance(e.data, p.Posted)])
            assert await _texts(ana, room) == ["at last"]

    run(main())


def test_a_retry_of_what_was_posted_meanwhile_posts_nothing(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path, clock=Clock()) as home:
            [ana], room = await home.room("ana")
            schedule = p.Schedule(req=p.new_req(), room=room, text="once", at=NOON + MINUTE)
            first = await ana.ask(schedule)
            await home.wait(2 * MINUTE)
            ana.heard.clear()
            assert await ana.ask(schedule) == first
            await home.wait(2 * MINUTE)
            assert await _texts(ana, room) == ["once"]

    run(main())


# ---------------------------------------------------------------- saved messages, notes, reminders


async def _saved(person: Person) -> list[tuple[p.Id, str, p.Micros | None]]:
    return [(one.id, one.note, one.remind_at) for one in (await person.sync()).saved]


def test_messages_and_notes_that_are_put_aside(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path, clock=Clock()) as home:
            [ana, bo], room = await home.room("ana", "bo")
            one, two = [(await ana.do(p.Post, room=room, text=text)).id or "" for text in ("one", "two")]
            await bo.do(p.Save, id=one)
            await bo.do(p.Save, id=two, note="periscope", remind_at=NOON + MINUTE)
            note = await bo.do(p.Save, note="submarine")
            assert note.id == str(note.seq)
            kept = [(one, "", None), (two, "periscope", NOON + MINUTE), (note.id, "submarine", None)]
            assert await _saved(bo) == kept
            assert await _saved(ana) == []
            listed = await bo.ask(p.SavedMessages(req=p.new_req()))
            assert [message.text for message in listed.messages] == ["two", "one"]
            assert not (await bo.do(p.Save, id=one)).changed
            await bo.do(p.Save, id=one, note="depth charge")
            await bo.do(p.Save, id=note.id, note="torpedo")
            listed = await bo.ask(p.SavedMessages(req=p.new_req()))
            assert [message.text for message in listed.messages] == ["one", "two"]  # the one saved last first
            await bo.do(p.Unsave, id=two)
            assert not (await bo.do(p.Unsave, id=two)).changed
            left = [(one, "depth charge", None), (note.id, "torpedo", None)]
            assert await _saved(bo) == left
            assert await bo.code(p.Save, note=" ") == "invalid"
            assert await bo.code(p.Save, id=note.id, note="") == "invalid"
            assert await ana.code(p.Save, id=note.id, note="mine now") == "not_found"
            for wrong in (NOON, NOON + 800 * DAY):
                assert await bo.code(p.Save, id=one, remind_at=wrong) == "invalid"
            await ana.do(p.Delete, id=two)
            assert await bo.code(p.Save, id=two) == "invalid"
        async with house(tmp_path, clock=Clock(), limits=p.Limits(saved=2)) as home:
            bo = await home.person("bo", sync=False)
            assert await _saved(bo) == left
            listed = await bo.ask(p.SavedMessages(req=p.new_req()))
            assert [message.text for message in listed.messages] == ["one"]
            assert await bo.code(p.Save, note="a third one") == "too_large"

    run(main())
    for word in ("periscope", "submarine"):
        assert _words_left(tmp_path, word) == []
    for word in ("depth charge", "torpedo"):
        assert set(_words_left(tmp_path, word)) == {"events", "personal"}


def test_a_reminder_comes_once_to_whoever_asked_for_it(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path, clock=Clock()) as home:
            [ana, bo], room = await home.room("ana", "bo")
            one = (await ana.do(p.Post, room=room, text="one")).id or ""
            await bo.do(p.Save, id=one, note="answer it", remind_at=NOON + MINUTE)
            assert not home.hub.due.posts_wait  # for this alone no hub stays
            await home.wait(MINUTE - 1)
            assert not [event for event in bo.events if isinstance(event.data, p.Reminded)]
            await home.wait(1)
            await home.wait(MINUTE)
            assert [event.data for event in bo.events if isinstance(event.data, p.Reminded)] == [p.Reminded(id=one)]
            assert not [event for event in ana.events if isinstance(event.data, p.Reminded)]
            [saved] = (await bo.sync()).saved
            assert (saved.remind_at, saved.reminded_at, saved.note) == (None, NOON + MINUTE, "answer it")
            # Once more, later; and taken away before its time.
            await bo.do(p.Save, id=one, note="answer it", remind_at=NOON + 5 * MINUTE)
            [saved] = (await bo.sync()).saved
            assert (saved.remind_at, saved.reminded_at) == (NOON + 5 * MINUTE, None)
            await bo.do(p.Unsave, id=one)
            await home.wait(10 * MINUTE)
            assert len([event for event in bo.events if isinstance(event.data, p.Reminded)]) == 1

    run(main())


def test_a_clock_that_was_set_back_or_forward(tmp_path: Path) -> None:
    clock = Clock()

    async def main() -> None:
        async with house(tmp_path, clock=clock) as home:
            [ana], room = await home.room("ana")
            await ana.do(p.Schedule, room=room, text="later", at=NOON + MINUTE)
            await home.wait(-DAY)
            assert await _texts(ana, room) == []
            await home.wait(2 * DAY)
            assert await _texts(ana, room) == ["later"]

    run(main())


def test_what_is_far_away_is_looked_at_again_within_the_hour(tmp_path: Path) -> None:
    """A timer of a year would not notice that the computer slept, or that its clock was set."""
    waits: list[float] = []

    async def main() -> None:
        hub = Hub(tmp_path, clock=Clock())
        try:
            ana = await Person(hub).hello("ana")
            room = (await ana.do(p.CreateRoom, name="pipeline")).id
            later = hub.loop.call_later
            hub.loop.call_later = lambda wait, *call: waits.append(wait) or later(wait, *call)  # type: ignore[method-assign]
            await ana.do(p.Schedule, room=room, text="later", at=NOON + 300 * DAY)
        finally:
            hub.close()

    run(main())
    assert max(waits) <= 3600
