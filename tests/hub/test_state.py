"""State before + its events == fresh state after, for every command and for every member; and the tables agree."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import duckdb
from house import House, Person, house, run
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from mirror import Mirror

from collabchat import protocol as p
from collabchat.store import doctor, load, schema

HANDLES = ("ana", "bo", "cy", "gus")
KINDS: tuple[type[p.Command], ...] = (
    *(p.CreateRoom, p.OpenDirect, p.Rename, p.SetTopic, p.Archive, p.Unarchive, p.DeleteRoom, p.Join, p.Leave),
    *(p.Add, p.Remove, p.Post, p.Post, p.Post, p.Post, p.Edit, p.Edit, p.Delete, p.Delete, p.React, p.Unreact),
    *(p.Pin, p.Unpin, p.MarkRead, p.MarkRead, p.MarkUnread, p.SetPreferences, p.SetName, p.SetRole),
)
EVERY = set(KINDS)
Step = tuple[int, int, int, int]
STEPS = st.lists(
    st.tuples(
        st.integers(0, len(HANDLES) - 1),
        st.integers(0, len(KINDS) - 1),
        st.integers(0, 1_000),
        st.integers(0, 1_000),
    ),
    min_size=15,
    max_size=60,
)


def test_every_command_is_among_them() -> None:
    assert set(p.AnyCommand.__args__) == EVERY


def _command(
    kind: type[p.Command], a: int, b: int, rooms: list[p.Id], messages: list[p.Id], people: list[Person]
) -> Any:
    """A command about something that exists (or did)."""
    room = rooms[a % len(rooms)]
    message = messages[b % len(messages)]
    member = people[b % len(people)].me
    names: dict[str, Any] = {
        "room": room,
        "id": message,
        "member": member,
        "upto": message if b % 3 else None,
        "reply_to": message if b % 4 == 0 else None,
        "quote": b % 8 == 0,
        "text": f"text {b} @{HANDLES[a % 4]} @{HANDLES[b % 4]}" if b % 2 else f"text {b}",
        "emoji": "👍🎉👀"[a % 3],
        "name": f"name{b % 7}",
        "topic": f"topic {b % 3}",
        "kind": ("public", "private")[a % 2],
        "members": [people[one].me for one in {a % 4, b % 4}],
        "enter": ("send", "line", None)[a % 3],
        "theme": ("dark", "light", None)[b % 3],
        "view": None,
        "role": ("admin", "member", "guest", "owner")[a % 4],
        "again": False,
        "req": p.new_req(),
    }
    return kind(**{field: names[field] for field in kind.__struct_fields__})


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
        assert mirror.preferences == fresh.preferences
        assert {m.id: (m.handle, m.name, m.role) for m in mirror.members.values()} == {
            m.id: (m.handle, m.name, m.role) for m in fresh.members
        }
        assert mirror.rooms == {room.id: room for room in fresh.rooms}, HANDLES[index]


async def _play(folder: Path, steps: list[Step]) -> None:
    async with house(folder, limits=p.Limits(rate=1_000_000)) as home:
        people = [await home.person(handle) for handle in HANDLES]
        room = (await people[0].do(p.CreateRoom, name="first", members=[one.me for one in people[1:]])).id or ""
        await people[0].do(p.SetRole, member=people[3].me, role="guest")
        rooms, messages = [room], [(await people[0].do(p.Post, room=room, text="first")).id or ""]
        mirrors = [Mirror(await one.sync()) for one in people]
        heard = [len(one.heard) for one in people]
        for count, (who, kind, a, b) in enumerate(steps):
            command = _command(KINDS[kind], a, b, rooms, messages, people)
            reply = await people[who].ask(command, refused=True)
            if isinstance(reply, p.Ack) and reply.id is not None:
                found = rooms if isinstance(command, p.CreateRoom | p.OpenDirect) else messages
                if reply.id not in found and isinstance(command, p.CreateRoom | p.OpenDirect | p.Post):
                    found.append(reply.id)
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
    max_examples=40,
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
            WHERE e.data->>'text' <> ''"""
        ).fetchall()
        assert left == []
