"""State before + its events == fresh state after, for every command and for every member; and the tables agree."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import msgspec
from desk import HANDLES, KINDS, NOON, TIME, WAIT, about_own, upload, values, with_files
from house import House, Person, house, run
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from mirror import Mirror

from collabchat import protocol as p
from collabchat.store import doctor, load, schema

Step = tuple[int, int, int, int]
STEPS = st.lists(
    st.tuples(
        st.integers(0, len(HANDLES) - 1),
        st.integers(0, len(KINDS) + TIME - 1),
        st.integers(0, 1_000),
        st.integers(0, 1_000),
    ),
    min_size=15,
    max_size=60,
)


def test_every_command_is_among_them() -> None:
    assert set(p.AnyCommand.__args__) == set(KINDS)


class Talk:
    """The people of a hub, and what they talk about."""

    def __init__(self, home: House, people: list[Person], now: list[p.Micros]) -> None:
        self.home, self.people, self.now = home, people, now
        self.rooms: list[p.Id] = []
        self.messages: list[p.Id] = []
        self.polls: list[p.Id] = []

    async def step(self, who: int, kind: int, a: int, b: int) -> None:
        if kind == len(KINDS):
            self.now[0] += WAIT
            self.home.hub.due.look()
            await asyncio.sleep(0.001)
            return
        await self.say(who, self._command(who, KINDS[kind], a, b))

    async def say(self, who: int, command: p.AnyCommand) -> p.Id:
        reply = await self.people[who].ask(command, refused=True)
        made = reply.id if isinstance(reply, p.Ack) and reply.id is not None else ""
        if made and isinstance(command, p.CreateRoom | p.OpenDirect) and made not in self.rooms:
            self.rooms.append(made)
        elif made and isinstance(command, p.Post | p.Forward | p.CreatePoll):
            self.messages.append(made)
            if isinstance(command, p.CreatePoll):
                self.polls.append(made)
        return made

    def _command(self, who: int, kind: type[p.Command], a: int, b: int) -> Any:
        """A command about something that exists (or did)."""
        room, message = self.rooms[a % len(self.rooms)], self.messages[b % len(self.messages)]
        if kind in (p.Vote, p.ClosePoll) and self.polls:
            message = self.polls[b % len(self.polls)]
        fields = values(a, b, word=f"text{b}", room=room, message=message, rooms=self.rooms, now=self.now[0])
        me = self.people[who].me
        fields |= {
            "name": f"name{b % 7}",
            "member": self.people[b % len(self.people)].me,
            "members": [self.people[one].me for one in {a % 4, b % 4}],
        }
        about_own(kind, a, b, self.home.hub.workspace.directory.members[me].own, fields)
        for number in range(with_files(kind, b)):
            fields["files"].append(upload(self.home.hub.workspace, me, f"file{number}.csv", content=b"a,b"))
        return kind(**{field: fields[field] for field in kind.__struct_fields__})


async def _compare(home: House, people: list[Person], mirrors: list[Mirror], heard: list[int]) -> None:
    seq = home.hub.workspace.directory.seq
    await home.hub.durable(seq)
    for index, (person, mirror) in enumerate(zip(people, mirrors, strict=True)):
        await person.ask(p.Ping(req=p.new_req()))
        for one in person.heard[heard[index] :]:
            mirror.take(one)
        if any(isinstance(one, p.Restart) for one in person.heard[heard[index] :]):
            mirrors[index] = mirror = Mirror(await person.sync())
        heard[index] = len(person.heard)
        other = await Person(home.hub).hello(HANDLES[index])
        fresh = await other.sync()
        other.leave()
        assert (mirror.preferences, mirror.settings) == (fresh.preferences, fresh.settings)
        assert {m.id: _lasting(m) for m in mirror.members.values()} == {m.id: _lasting(m) for m in fresh.members}
        assert mirror.rooms == {room.id: room for room in fresh.rooms}, HANDLES[index]
        assert mirror.own == {name: getattr(fresh, name) for name in mirror.own}, HANDLES[index]


def _lasting(member: p.Member) -> p.Member:
    return msgspec.structs.replace(member, last_seen=None)


async def _play(folder: Path, steps: list[Step]) -> None:
    now = [NOON]
    async with house(folder, limits=p.Limits(rate=1_000_000), clock=lambda: now[0]) as home:
        people = [await home.person(handle) for handle in HANDLES]
        talk = Talk(home, people, now)
        everybody = [one.me for one in people[1:]]
        room = await talk.say(0, p.CreateRoom(req=p.new_req(), name="first", members=everybody))
        await people[0].do(p.SetRole, member=people[3].me, role="guest")
        await talk.say(0, p.Post(req=p.new_req(), room=room, text="first"))
        mirrors = [Mirror(await one.sync()) for one in people]
        heard = [len(one.heard) for one in people]
        for count, step in enumerate(steps):
            await talk.step(*step)
            if count % 10 == 9:
                await _compare(home, people, mirrors, heard)
        await _compare(home, people, mirrors, heard)
        live = home.hub.workspace.directory
        loaded = load.directory(home.hub.workspace.reader())
        _same_directory(live, loaded)


def _same_directory(live: Any, loaded: Any) -> None:
    # After a room was deleted more is sent again than has to be, never less.
    assert all(loaded.access_of(loaded.members[one.id]) >= live.access_of(one) for one in live.members.values())
    for member in [*live.members.values(), *loaded.members.values()]:
        member.access, member.last_seen = 0, None
    assert live.members == loaded.members
    assert live.rooms == loaded.rooms
    assert (live.seq, live.time, live.by_handle, live.by_name) == (
        loaded.seq,
        loaded.time,
        loaded.by_handle,
        loaded.by_name,
    )


# Without shrinking: an example takes a second, and the steps of a failing one can be read as they are.
@settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(STEPS)
def test_events_lead_where_a_fresh_start_does(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "team"
        run(_play(folder, steps))
        report = doctor.check(folder)
        assert report.findings == []
        _no_deleted_texts(folder)


def _no_deleted_texts(folder: Path) -> None:
    with duckdb.connect(str(folder / schema.FILE), read_only=True) as connection:
        left = connection.execute(
            """SELECT e.seq, e.data FROM events e JOIN messages m
            ON m.deleted AND ((e.type = 'posted' AND e.seq = m.seq)
                OR (e.type = 'edited' AND e.data->>'id' = CAST(m.seq AS VARCHAR)))
            WHERE e.data->>'text' <> '' OR (e.type = 'posted' AND json_array_length(e.data->'files') > 0)"""
        ).fetchall()
        assert left == []
