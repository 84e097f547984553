"""Polls: one vote or several, changed and taken back, closed and deleted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
from house import Person, house, run

from collabchat import protocol as p
from collabchat.store import schema


async def _poll(person: Person, room: p.Id, **more: Any) -> p.Id:
    fields = {"question": "When, @bo?", "options": ["now", "later", "never"]} | more
    return (await person.do(p.CreatePoll, room=room, **fields)).id or ""


async def _votes(person: Person, room: p.Id) -> list[list[p.Id]]:
    found = (await person.history(room, system=False)).messages[-1].poll
    assert found is not None
    return found.votes


def test_a_poll_is_a_message_whose_text_says_it_all(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], room = await home.room("ana", "bo")
            root = (await bo.do(p.Post, room=room, text="root")).id
            poll = await _poll(ana, room, options=[" now ", "later"], reply_to=root)
            await bo.upto(int(poll))
            asked = p.Poll(question="When, @bo?", options=["now", "later"])
            assert bo.last(p.Posted).poll == asked
            found = (await bo.history(room, system=False)).messages[-1]
            assert (found.kind, found.text, found.thread) == ("poll", "When, @bo?\n- now\n- later", root)
            assert found.mentions == [bo.me]
            assert found.poll == p.Poll(question="When, @bo?", options=["now", "later"], votes=[[], []])
            assert (await bo.sync()).rooms[0].mentions == 1
            [row] = [row for row in await bo.table("messages") if row["kind"] == "poll"]
            assert row["text"] == found.text

    run(main())


def test_one_vote_changed_and_taken_back(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo, cy], room = await home.room("ana", "bo", "cy")
            poll = await _poll(ana, room)
            await cy.do(p.Vote, id=poll, choices=[0])
            await bo.do(p.Vote, id=poll, choices=[0])
            await ana.do(p.Vote, id=poll, choices=[2])
            assert await _votes(bo, room) == [[cy.me, bo.me], [], [ana.me]]  # in the order of time
            await cy.do(p.Vote, id=poll, choices=[2])
            assert await _votes(bo, room) == [[bo.me], [], [ana.me, cy.me]]
            again = await cy.do(p.Vote, id=poll, choices=[2, 2])
            assert not again.changed
            await cy.do(p.Vote, id=poll, choices=[])
            assert await _votes(bo, room) == [[bo.me], [], [ana.me]]
            assert not (await cy.do(p.Vote, id=poll, choices=[])).changed
            assert ana.last(p.Voted) == p.Voted(id=poll, choices=[])
            for choices in ([3], [-1], [0, 1]):
                assert await cy.code(p.Vote, id=poll, choices=choices) == "invalid"
            before = await _votes(bo, room)
        async with house(tmp_path) as home:  # and the same when it is read from the disk
            cy = await home.person("cy")
            assert await _votes(cy, room) == before
            assert not (await (await home.person("bo")).do(p.Vote, id=poll, choices=[0])).changed
            assert (await cy.do(p.Vote, id=poll, choices=[0])).changed
            assert (await _votes(cy, room))[0] == [bo.me, cy.me]

    run(main())


def test_several_votes(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], room = await home.room("ana", "bo")
            poll = await _poll(ana, room, multiple=True)
            await bo.do(p.Vote, id=poll, choices=[2, 0])
            await ana.do(p.Vote, id=poll, choices=[0, 1, 2])
            assert await _votes(ana, room) == [[bo.me, ana.me], [ana.me], [bo.me, ana.me]]
            await bo.do(p.Vote, id=poll, choices=[1])
            assert await _votes(ana, room) == [[ana.me], [ana.me, bo.me], [ana.me]]
            assert await bo.code(p.Vote, id=poll, choices=[0, 3]) == "invalid"

    run(main())


def test_many_votes_that_go_to_disk_together(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], room = await home.room("ana", "bo")
            poll = str(home.hub.workspace.directory.seq + 1)
            frame = [
                p.CreatePoll(req=p.new_req(), room=room, question="x", options=["a", "b"]),
                *(p.Vote(req=p.new_req(), id=poll, choices=[n % 2]) for n in range(5)),
                p.Vote(req=p.new_req(), id=poll, choices=[]),
                p.Vote(req=p.new_req(), id=poll, choices=[1]),
                p.ClosePoll(req=p.new_req(), id=poll),
            ]
            await ana.say(p.encode(frame).decode())
            await ana.ask(p.Ping(req=p.new_req()))
            await home.hub.durable(home.hub.workspace.directory.seq)
            [found] = (await bo.history(room, system=False)).messages
            assert found.poll is not None
            assert (found.poll.closed, found.poll.votes) == (True, [[], [ana.me]])

    run(main())


def test_a_closed_one_takes_no_votes(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], room = await home.room("ana", "bo")
            poll = await _poll(bo, room)
            await ana.do(p.Vote, id=poll, choices=[1])
            await bo.do(p.ClosePoll, id=poll)
            assert ana.last(p.PollClosed).id == poll
            assert not (await bo.do(p.ClosePoll, id=poll)).changed
            assert await ana.code(p.Vote, id=poll, choices=[]) == "invalid"
            assert await _votes(bo, room) == [[], [ana.me], []]
        async with house(tmp_path) as home:
            ana = await home.person("ana")
            assert await ana.code(p.Vote, id=poll, choices=[0]) == "invalid"
            found = (await ana.history(room)).messages[-1].poll
            assert found is not None
            assert found.closed

    run(main())


def test_it_stays_as_it_was_asked_until_it_is_deleted(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], room = await home.room("ana", "bo")
            poll = await _poll(ana, room, question="periscope?")
            await bo.do(p.Vote, id=poll, choices=[1])
            assert await ana.code(p.Edit, id=poll, text="other words") == "invalid"
            await ana.do(p.Delete, id=poll)
            found = (await bo.history(room)).messages[-1]
            assert (found.deleted, found.text, found.poll) == (True, None, None)
            assert await bo.code(p.Vote, id=poll, choices=[0]) == "invalid"
            assert await ana.code(p.ClosePoll, id=poll) == "invalid"
            words = (await ana.do(p.Post, room=room, text="no poll")).id
            assert await bo.code(p.Vote, id=words, choices=[0]) == "invalid"
            assert await ana.code(p.ClosePoll, id=words) == "invalid"

    run(main())
    with duckdb.connect(str(tmp_path / schema.FILE), read_only=True) as database:
        assert database.execute("SELECT * FROM events WHERE contains(data, 'periscope')").fetchall() == []
        assert database.execute("SELECT * FROM votes").fetchall() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"question": " "},
        {"options": ["a", " "]},
        {"options": ["a", "A "]},
        {"options": ["a"]},
        {"options": [str(n) for n in range(11)]},
        {"options": ["a", "x" * 201]},
        {"question": "x" * 1001},
    ],
)
def test_what_is_no_poll(tmp_path: Path, fields: dict[str, Any]) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana], room = await home.room("ana")
            asked = {"question": "x", "options": ["a", "b"]} | fields
            assert await ana.code(p.CreatePoll, room=room, **asked) in ("invalid", "malformed")
            assert (await ana.do(p.CreatePoll, room=room, question="x", options=[str(n) for n in range(10)])).changed

    run(main())
