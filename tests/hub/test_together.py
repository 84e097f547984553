"""Commands that are decided before the ones before them are on disk: what one is told still adds up."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from desk import HANDLES, NOON, about_own, values
from house import House, Person, RefusedError, house, run
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from mirror import Mirror

from collabchat import protocol as p
from collabchat.store import doctor
from collabchat.store import workspace as workspaces

WORDS = {
    p.CreateRoom: 1,
    p.OpenDirect: 1,
    p.Rename: 1,
    p.Archive: 1,
    p.Unarchive: 1,
    p.DeleteRoom: 1,
    p.Join: 3,
    p.Leave: 2,
    p.Add: 3,
    p.Remove: 2,
    p.Post: 8,
    p.Edit: 3,
    p.Delete: 3,
    p.Pin: 2,
    p.Unpin: 1,
    p.MarkRead: 3,
    p.MarkUnread: 2,
    p.SetRole: 1,
    p.Forward: 2,
    p.CreatePoll: 2,
    p.Vote: 3,
    p.ClosePoll: 1,
    p.SetDraft: 3,
    p.Save: 2,
    p.Unsave: 1,
    p.Schedule: 2,
    p.Unschedule: 1,
    p.SetStars: 1,
    p.Mute: 1,
}
KINDS = [kind for kind, times in WORDS.items() for _ in range(times)]
Step = tuple[int, int, int, int]
BATCHES = st.lists(
    st.lists(
        st.tuples(
            st.integers(0, len(HANDLES) - 1),
            st.integers(0, len(KINDS) - 1),
            st.integers(0, 1_000),
            st.integers(0, 1_000),
        ),
        min_size=2,
        max_size=12,
    ),
    min_size=3,
    max_size=8,
)


class Known:
    """The rooms and messages that there are, or were."""

    def __init__(self, home: House, people: list[Person]) -> None:
        self.home = home
        self.people = people
        self.rooms: list[p.Id] = []
        self.messages: list[p.Id] = []
        self.polls: list[p.Id] = []

    def command(self, step: Step) -> p.Command:
        who, kind, a, b = step
        found = KINDS[kind]
        # The newest are the ones that are not on disk yet.
        room = self.rooms[-1 - a % min(len(self.rooms), 4)]
        message = self.messages[-1 - b % min(len(self.messages), 12)]
        if found in (p.Vote, p.ClosePoll) and self.polls:
            message = self.polls[-1 - b % min(len(self.polls), 3)]
        fields = values(a, b, word=f"text{b}", room=room, message=message, rooms=self.rooms, now=NOON)
        fields |= {
            "name": f"name{b % 7}",
            "topic": "",
            "member": self.people[b % len(self.people)].me,
            "members": [self.people[one].me for one in {a % 4, b % 4}],
        }
        about_own(found, a, b, self.home.hub.workspace.directory.members[self.people[who].me].own, fields)
        made: p.Command = found(**{field: fields[field] for field in found.__struct_fields__})
        return made


async def _play(folder: Path, batches: list[list[Step]]) -> None:
    async with house(folder, limits=p.Limits(rate=1_000_000), clock=lambda: NOON) as home:
        people = [await home.person(handle) for handle in HANDLES]
        known = Known(home, people)
        known.rooms.append(
            (await people[0].do(p.CreateRoom, name="first", members=[x.me for x in people[1:]])).id or ""
        )
        known.messages.append((await people[0].do(p.Post, room=known.rooms[0], text="first")).id or "")
        await people[0].do(p.SetRole, member=people[3].me, role="guest")
        mirrors = [Mirror(await person.sync()) for person in people]
        heard = [len(person.heard) for person in people]
        state = home.hub.workspace.directory
        for batch in batches:
            for step in batch:
                command, before = known.command(step), state.seq
                await people[step[0]].say(p.encode(command).decode())
                if state.seq > before and isinstance(command, p.CreateRoom | p.OpenDirect):
                    known.rooms.append(str(state.seq))
                elif state.seq > before and isinstance(command, p.Post | p.Forward | p.CreatePoll):
                    known.messages.append(str(state.seq))
                    if isinstance(command, p.CreatePoll):
                        known.polls.append(str(state.seq))
            await home.hub.durable(state.seq)
            for index, person in enumerate(people):
                await person.ask(p.Ping(req=p.new_req()))
                mirrors[index] = await _told(person, mirrors[index], heard[index])
                heard[index] = len(person.heard)
                fresh = await (other := await Person(home.hub).hello(HANDLES[index])).sync()
                other.leave()
                assert mirrors[index].rooms == {room.id: room for room in fresh.rooms}, HANDLES[index]
                own = mirrors[index].own
                assert own == {name: getattr(fresh, name) for name in own}, HANDLES[index]


async def _told(person: Person, mirror: Mirror, start: int) -> Mirror:
    for one in person.heard[start:]:
        mirror.take(one)
        if isinstance(one, p.Event) and one.room is not None and not isinstance(one.data, p.RoomDeleted):
            gone = isinstance(one.data, p.Left | p.Removed)
            assert gone or one.room in mirror.rooms, f"{one} is of a room that nobody told of"
    if any(isinstance(one, p.Restart) for one in person.heard[start:]):
        return Mirror(await person.sync())
    return mirror


@settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(BATCHES)
def test_events_of_one_commit_lead_where_a_fresh_start_does(batches: list[list[Step]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "team"
        run(_play(folder, batches))
        assert doctor.check(folder).findings == []


async def _room(home: House, names: tuple[str, ...] = ("ana", "bo")) -> tuple[list[Person], p.Id]:
    people = [await home.person(name) for name in names]
    made = await people[0].do(p.CreateRoom, name="pipeline", members=[one.me for one in people[1:]])
    return people, made.id or ""


def test_whoever_comes_in_between_two_messages_counts_each_once(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana], room = await _room(home, ("ana",))
            bo = await home.person("bo")
            mirror = Mirror(await bo.sync())
            start = len(bo.heard)
            frame = [
                p.Post(req=p.new_req(), room=room, text="before @bo"),
                p.Add(req=p.new_req(), room=room, member=bo.me),
                p.Post(req=p.new_req(), room=room, text="after @bo"),
                p.Rename(req=p.new_req(), room=room, name="loads"),
            ]
            await ana.say(p.encode(frame).decode())
            await ana.ask(p.Ping(req=p.new_req()))
            await bo.upto(home.hub.workspace.directory.seq)
            for one in bo.heard[start:]:
                mirror.take(one)
            assert not [e for e in bo.events if isinstance(e.data, p.Posted) and e.data.text == "before @bo"]
            fresh = await bo.sync()
            assert mirror.rooms == {one.id: one for one in fresh.rooms}
            assert (fresh.rooms[0].n_messages, fresh.rooms[0].unread, fresh.rooms[0].mentions) == (2, 1, 1)

    run(main())


def test_what_is_unread_leaves_out_what_was_just_deleted(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], room = await _room(home)
            ids = [(await ana.do(p.Post, room=room, text=f"{n} @bo")).id or "" for n in range(4)]
            frame = [
                p.Delete(req=p.new_req(), id=ids[2]),
                p.Edit(req=p.new_req(), id=ids[3], text="nobody"),
            ]
            await ana.say(p.encode(frame).decode())
            unread = p.MarkUnread(req=p.new_req(), room=room, id=ids[1])
            await bo.ask(unread)
            said = next(e.data for e in reversed(bo.events) if isinstance(e.data, p.Read))
            assert (said.unread, said.mentions) == (2, 1)

    run(main())


def test_a_name_or_an_id_with_a_line_end_is_refused_and_harms_nobody(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], room = await _room(home)
            await ana.say(p.encode(p.Post(req=p.new_req() + "\n", room=room, text="with a line end")).decode())
            assert (await bo.do(p.Post, room=room, text="beside it")).changed
            assert [m.text for m in (await bo.history(room)).messages][-1] == "beside it"
            assert await ana.code(p.CreateRoom, name="two\n") != "ok"
            assert await ana.code(p.Rename, room=room, name="two\n") != "ok"
            with pytest.raises(RefusedError):
                await home.person("cy\n")
            await ana.ask(p.Ping(req=p.new_req()))

    run(main())


def test_an_old_command_is_known_again_though_some_events_have_no_req(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspaces, "ANSWERS_KEPT", 5)
    first: list[p.Post] = []

    async def before() -> None:
        async with house(tmp_path) as home:
            [ana, _], room = await _room(home)
            first.append(p.Post(req=p.new_req(), room=room, text="once"))
            await ana.ask(first[0])
            for name in ("cy", "dee", "eve", "flo"):  # who comes is an event that no command made
                await home.person(name)
            await ana.do(p.Post, room=room, text="later")

    async def after() -> None:
        async with house(tmp_path) as home:
            ana = await home.person("ana")
            again = p.Post(req=first[0].req, room=first[0].room, text="once", again=True)
            await ana.ask(again)
            texts = [m.text for m in (await ana.history(first[0].room)).messages]
            assert texts == ["once", "later"]

    run(before())
    run(after())


def test_an_open_conversation_is_found_in_a_full_house(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path, limits=p.Limits(rooms=2)) as home:
            [ana, bo], _ = await _room(home)
            made = await ana.do(p.OpenDirect, member=bo.me)
            assert (await bo.do(p.OpenDirect, member=ana.me)).id == made.id
            assert await ana.code(p.CreateRoom, name="third") == "too_large"
            assert await ana.code(p.OpenDirect, member=ana.me) == "too_large"

    run(main())


def test_what_is_done_already_is_no_way_around_the_rights(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], room = await _room(home)
            assert await bo.code(p.Unarchive, room=room) == "forbidden"
            await ana.do(p.Archive, room=room)
            assert await bo.code(p.Archive, room=room) == "forbidden"
            assert not (await ana.do(p.Archive, room=room)).changed
            await ana.do(p.Unarchive, room=room)
            assert not (await ana.do(p.Unarchive, room=room)).changed

    run(main())


def test_a_second_start_sends_nothing_twice(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], room = await _room(home)
            start = home.hub.workspace.directory.seq
            bo.heard.clear()
            posts = [p.Post(req=p.new_req(), room=room, text=str(n)) for n in range(30)]
            bo.session.hold()
            await ana.say(p.encode(posts).decode())
            await ana.upto(start + 30)
            # Thirty events wait for a reader that asks for them anew.
            await bo.say(p.encode(p.Sync(req=p.new_req(), since=start)).decode())
            bo.session.release()
            await ana.do(p.Post, room=room, text="last")
            events = await bo.upto(start + 31)
            assert [event.seq for event in events] == list(range(start + 1, start + 32))

    run(main())


def test_an_id_has_one_spelling(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], room = await _room(home)
            message = (await ana.do(p.Post, room=room, text="hello")).id or ""
            for other in ("0" + message, message + "\n"):
                assert await bo.code(p.React, id=other, emoji="x") != "ok"
                assert await ana.code(p.Delete, id=other) != "ok"
                assert await bo.code(p.Post, room=room, text="x", reply_to=other) != "ok"
            assert await bo.code(p.Post, room="0" + room, text="x") == "not_found"
            [found] = (await bo.history(room)).messages
            assert (found.text, found.reactions) == ("hello", [])

    run(main())
