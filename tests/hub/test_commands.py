"""Each command: what it changes, what it tells the others, and that saying it again changes nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from house import House, Person, RefusedError, house, run

from collabchat import protocol as p
from collabchat.store import workspace as workspaces


async def two(home: House) -> tuple[Person, Person, p.Id]:
    ana, bo = await home.person("ana"), await home.person("bo")
    room = await ana.do(p.CreateRoom, name="pipeline", members=[bo.me], topic="nightly load")
    assert room.id is not None
    return ana, bo, room.id


def last(person: Person, kind: type) -> Any:
    return next(event.data for event in reversed(person.events) if isinstance(event.data, kind))


def test_a_message_is_told_to_those_in_the_room_and_answered_when_it_is_on_disk(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo, room = await two(home)
            ack = await ana.do(p.Post, room=room, text="**done**, see @bo and @nobody")
            assert home.hub.workspace.durable >= ack.seq
            await bo.upto(ack.seq)
            said = bo.events[-1]
            assert (said.seq, said.room, said.actor, said.req) == (ack.seq, room, ana.me, ack.req)
            assert last(bo, p.Posted) == p.Posted(
                id=ack.id or "", text="**done**, see @bo and @nobody", mentions=[bo.me]
            )
            page = await bo.history(room)
            assert [(m.id, m.text, m.author, m.kind) for m in page.messages] == [
                (ack.id, "**done**, see @bo and @nobody", ana.me, "text")
            ]

    run(main())


def test_a_reply_stands_in_its_thread_and_a_quotation_in_the_room(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo, room = await two(home)
            root = await ana.do(p.Post, room=room, text="root")
            reply = await bo.do(p.Post, room=room, text="reply", reply_to=root.id)
            deeper = await ana.do(p.Post, room=room, text="deeper", reply_to=reply.id)
            quote = await bo.do(p.Post, room=room, text="quote", reply_to=root.id, quote=True)
            found = {m.id: m for m in (await ana.history(room)).messages}
            assert [found[one.id or ""].thread for one in (root, reply, deeper, quote)] == [root.id] * 3 + [None]
            assert found[quote.id or ""].reply_to == root.id
            assert (found[root.id or ""].n_replies, found[root.id or ""].last_reply_at) == (2, deeper.time)
            assert [m.text for m in (await ana.history(room, main=True)).messages] == ["root", "quote"]
            thread = await ana.history(room, thread=root.id)
            assert [m.text for m in thread.messages] == ["root", "reply", "deeper"]

    run(main())


def test_edit_delete_react_and_pin(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo, room = await two(home)
            one = (await ana.do(p.Post, room=room, text="hello @bo")).id or ""
            await ana.do(p.Edit, id=one, text="hello @ana")
            assert last(ana, p.Edited).mentions_before == [bo.me]
            await bo.do(p.React, id=one, emoji="👍")
            await ana.do(p.React, id=one, emoji="👍")
            await bo.do(p.Pin, id=one)
            [found] = (await bo.history(room)).messages
            assert (found.text, found.mentions, found.pinned) == ("hello @ana", [ana.me], True)
            assert found.edited_at is not None
            assert found.reactions == [p.Reaction(emoji="👍", members=[bo.me, ana.me])]
            assert [m.id for m in (await bo.ask(p.Pins(req=p.new_req(), room=room))).messages] == [one]
            await bo.do(p.Unreact, id=one, emoji="👍")
            await bo.do(p.Unpin, id=one)
            [found] = (await bo.history(room)).messages
            assert (found.reactions[0].members, found.pinned) == ([ana.me], False)
            await ana.do(p.Delete, id=one)
            [found] = (await bo.history(room)).messages
            assert (found.deleted, found.text, found.reactions, found.mentions) == (True, None, [], [])
            for kind, more in ((p.Edit, {"text": "x"}), (p.React, {"emoji": "x"}), (p.Pin, {})):
                assert await ana.code(kind, id=one, **more) == "invalid"

    run(main())


def test_rooms_are_made_renamed_archived_and_deleted(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo, room = await two(home)
            await ana.do(p.Post, room=room, text="secret of the room")
            await ana.do(p.Rename, room=room, name="loads")
            await bo.do(p.SetTopic, room=room, topic="new topic")
            await ana.do(p.Archive, room=room)
            assert await bo.code(p.Post, room=room, text="late") == "archived"
            found = (await bo.sync()).rooms[0]
            assert (found.name, found.topic, found.archived, found.n_messages) == ("loads", "new topic", True, 1)
            lines = [m.text for m in (await bo.history(room)).messages if m.kind == "system"]
            assert lines == ["renamed the room to loads", "set the topic: new topic", "archived the room"]
            assert [m.kind for m in (await bo.history(room, system=False)).messages] == ["text"]
            await ana.do(p.Unarchive, room=room)
            gone = await ana.do(p.DeleteRoom, room=room)
            await bo.upto(gone.seq)
            assert (await bo.sync()).rooms == []
            assert await bo.code(p.Post, room=room, text="hello?") == "not_found"
            assert (await ana.do(p.CreateRoom, name="pipeline")).changed

    run(main())


def test_joining_leaving_adding_and_removing(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo, room = await two(home)
            cy = await home.person("cy")
            assert await cy.code(p.Post, room=room, text="hi") == "forbidden"
            joined = await cy.do(p.Join, room=room)
            await cy.upto(joined.seq)
            told = [one for one in cy.heard if isinstance(one, p.RoomChanged)]
            assert told
            assert told[-1].room.joined
            assert cy.me in told[-1].room.members
            await cy.do(p.Post, room=room, text="hi")
            await cy.do(p.Leave, room=room)
            added = await ana.do(p.Add, room=room, member=cy.me)
            removed = await ana.do(p.Remove, room=room, member=cy.me)
            await cy.upto(removed.seq)
            assert [type(e.data).__name__ for e in cy.events[-2:]] == ["Added", "Removed"]
            assert added.seq < removed.seq
            assert (await cy.sync()).rooms[0].joined is False
            assert (await bo.sync()).rooms[0].members == [ana.me, bo.me]

    run(main())


def test_a_direct_conversation_is_made_once(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo, _ = await two(home)
            cy = await home.person("cy")
            made = await ana.do(p.OpenDirect, member=bo.me)
            found = await bo.do(p.OpenDirect, member=ana.me)
            assert (made.changed, found.changed, found.id) == (True, False, made.id)
            room = next(room for room in (await bo.sync()).rooms if room.id == made.id)
            assert (room.name, room.kind, room.members) == ("@ana,@bo", "direct", [ana.me, bo.me])
            assert await cy.code(p.Post, room=made.id, text="hello") == "not_found"
            assert await cy.code(p.Join, room=made.id) == "not_found"
            for kind in (p.Leave, p.Archive, p.DeleteRoom):
                assert await ana.code(kind, room=made.id) == "forbidden"

    run(main())


def test_read_marks_move_forward_by_reading_and_back_by_marking_unread(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo, room = await two(home)
            posts = [(await ana.do(p.Post, room=room, text=f"{n} @bo")).id or "" for n in range(4)]

            async def unread() -> tuple[int, int]:
                found = (await bo.sync()).rooms[0]
                return found.unread, found.mentions

            assert await unread() == (4, 4)
            await bo.do(p.MarkRead, room=room, upto=posts[1])
            assert await unread() == (2, 2)
            assert (last(bo, p.Read).unread, last(bo, p.Read).mentions) == (2, 2)
            assert not (await bo.do(p.MarkRead, room=room, upto=posts[0])).changed
            await ana.do(p.Delete, id=posts[2])
            assert await unread() == (1, 1)
            await bo.do(p.MarkRead, room=room)
            assert await unread() == (0, 0)
            await bo.do(p.MarkUnread, room=room, id=posts[1])
            assert await unread() == (2, 2)
            # What bo writes is no news to bo.
            await bo.do(p.Post, room=room, text="mine")
            assert await unread() == (2, 2)

    run(main())


def test_names_roles_and_preferences(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo, _ = await two(home)
            await bo.do(p.SetName, name="Bo Lindqvist")
            await bo.do(p.SetPreferences, enter="line")
            await bo.do(p.SetPreferences, view="category")
            done = await ana.do(p.SetRole, member=bo.me, role="admin")
            await ana.upto(done.seq)
            snapshot = await bo.sync()
            assert snapshot.preferences == p.Preferences(enter="line", view="category")
            assert [(m.name, m.role) for m in snapshot.members] == [("ana", "owner"), ("Bo Lindqvist", "admin")]
            assert not [e for e in ana.events if isinstance(e.data, p.PreferencesSet)]
            assert await ana.code(p.SetRole, member=ana.me, role="member") == "forbidden"
            assert await bo.code(p.SetRole, member=ana.me, role="member") == "forbidden"

    run(main())


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (p.Post, {"text": " \n\t "}),
        (p.Post, {"text": "x" * 40_001}),
        (p.Post, {"text": "x", "reply_to": "1"}),
        (p.Post, {"text": "x", "reply_to": "999"}),
        (p.Rename, {"name": "no spaces"}),
        (p.Rename, {"name": "x" * 81}),
        (p.SetTopic, {"topic": "x" * 501}),
        (p.MarkUnread, {"id": "777"}),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(tmp_path: Path, kind: Any, fields: dict[str, Any]) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, _, room = await two(home)
            before = home.hub.workspace.directory.seq
            assert await ana.code(kind, room=room, **fields) in ("invalid", "malformed", "not_found")
            assert home.hub.workspace.directory.seq == before

    run(main())


def test_a_name_that_is_taken_is_a_conflict_in_any_case_of_letters(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo, room = await two(home)
            assert await bo.code(p.CreateRoom, name="PIPELINE") == "conflict"
            await ana.do(p.CreateRoom, name="secret", kind="private")
            refused = await bo.ask(p.CreateRoom(req=p.new_req(), name="secret"), refused=True)
            assert refused.code == "conflict"
            assert "#secret" not in refused.message
            assert (await ana.do(p.Rename, room=room, name="Pipeline")).changed

    run(main())


COMMANDS: list[tuple[type[p.Command], dict[str, Any]]] = [
    (p.CreateRoom, {"name": "other"}),
    (p.OpenDirect, {"member": "BO"}),
    (p.Rename, {"room": "ROOM", "name": "loads"}),
    (p.SetTopic, {"room": "ROOM", "topic": "t"}),
    (p.Archive, {"room": "ROOM"}),
    (p.DeleteRoom, {"room": "ROOM"}),
    (p.Leave, {"room": "ROOM"}),
    (p.Remove, {"room": "ROOM", "member": "BO"}),
    (p.Post, {"room": "ROOM", "text": "once"}),
    (p.Edit, {"id": "MESSAGE", "text": "new"}),
    (p.Delete, {"id": "MESSAGE"}),
    (p.React, {"id": "MESSAGE", "emoji": "x"}),
    (p.Pin, {"id": "MESSAGE"}),
    (p.MarkRead, {"room": "ROOM"}),
    (p.SetPreferences, {"theme": "dark"}),
    (p.SetName, {"name": "Ana Ruiz"}),
    (p.SetRole, {"member": "BO", "role": "admin"}),
]


@pytest.mark.parametrize(("kind", "fields"), COMMANDS, ids=[kind.__name__ for kind, _ in COMMANDS])
@pytest.mark.parametrize("kept", [50_000, 1], ids=["remembered", "forgotten"])
def test_the_same_command_again_is_answered_again_and_done_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Any, fields: dict[str, Any], kept: int
) -> None:
    monkeypatch.setattr(workspaces, "ANSWERS_KEPT", kept)

    async def first() -> tuple[p.Command, p.Ack, p.Id, int]:
        async with house(tmp_path) as home:
            ana, bo, room = await two(home)
            message = (await ana.do(p.Post, room=room, text="hello")).id
            names = {"ROOM": room, "BO": bo.me, "MESSAGE": message}
            command = kind(req=p.new_req(), **{key: names.get(value, value) for key, value in fields.items()})
            done = await ana.ask(command)
            assert done.changed
            ana.heard.clear()
            other = await ana.do(p.CreateRoom, name="between")
            again = type(command)(**{**_fields(command), "again": True})
            assert await ana.ask(again) == done
            return again, done, other.id or "", home.hub.workspace.directory.seq

    again, done, _, seq = run(first())

    async def second() -> None:
        async with house(tmp_path) as home:
            ana = await home.person("ana")
            assert await ana.ask(again) == done
            assert home.hub.workspace.directory.seq == seq

    run(second())


def _fields(command: p.Command) -> dict[str, Any]:
    return {name: getattr(command, name) for name in command.__struct_fields__}


def test_two_members_may_use_the_same_req(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo, room = await two(home)
            req = p.new_req()
            one = await ana.ask(p.Post(req=req, room=room, text="ana's"))
            two_ = await bo.ask(p.Post(req=req, room=room, text="bo's"))
            assert one.id != two_.id
            assert [m.text for m in (await ana.history(room)).messages] == ["ana's", "bo's"]

    run(main())


def test_a_clock_that_steps_back_does_not_turn_the_order_of_time(tmp_path: Path) -> None:
    times = iter([1_000_000, 2_000_000, 3_000_000, 10_000_000, 5_000_000, 6_000_000, *range(20_000_000, 20_000_100)])

    async def main() -> None:
        async with house(tmp_path, clock=lambda: next(times)) as home:
            ana, _, room = await two(home)
            for text in ("a", "b", "c"):
                await ana.do(p.Post, room=room, text=text)
            found = [m.time for m in (await ana.history(room)).messages]
            assert found == sorted(found)
            assert found[0] == 10_000_000
            assert found[1] == 10_000_000

    run(main())


def test_an_odd_text_comes_back_as_it_was_sent(tmp_path: Path) -> None:
    texts = [
        "a\x00b",
        "\x07\x1b[31m",
        "\u202eabc",
        "e\u0301",
        "👩‍👩‍👧‍👦",
        "مرحبا",
        "x" * 40_000,
        "'; DROP TABLE messages; --",
    ]

    async def main() -> None:
        async with house(tmp_path) as home:
            ana, _, room = await two(home)
            for text in texts:
                await ana.do(p.Post, room=room, text=text)
            assert [m.text for m in (await ana.history(room)).messages] == texts

    run(main())


def test_whoever_speaks_before_hello_is_nobody(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, _, room = await two(home)
            stranger = Person(home.hub)
            for request in (
                p.Sync(req=p.new_req()),
                p.Post(req=p.new_req(), room=room, text="x"),
                p.History(req=p.new_req(), room=room),
                p.Ping(req=p.new_req()),
            ):
                assert (await stranger.ask(request, refused=True)).code == "unauthenticated"
            with pytest.raises(RefusedError, match="hello already"):
                await ana.hello("bo")

    run(main())


@pytest.mark.parametrize(("version", "oldest", "words"), [(0, 0, "Update the client"), (9, 9, "--stop")])
def test_versions_that_are_too_far_apart_are_refused(tmp_path: Path, version: int, oldest: int, words: str) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            someone = Person(home.hub)
            said = p.Hello(req=p.new_req(), version=version, oldest=oldest, user="ana")
            reply = await someone.ask(said, refused=True)
            assert reply.code == "version"
            assert words in reply.message
            newer = p.Hello(req=p.new_req(), version=p.VERSION + 5, oldest=p.OLDEST, user="ana")
            assert (await someone.ask(newer)).version == p.VERSION

    run(main())


def test_many_requests_in_one_frame_are_each_answered(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, _, room = await two(home)
            posts = [p.Post(req=p.new_req(), room=room, text=f"{n}") for n in range(500)]
            await ana.say(p.encode(posts).decode())
            await ana.until(lambda: sum(isinstance(one, p.Ack) for one in ana.heard) >= 500)
            acks = {one.req: one.seq for one in ana.heard if isinstance(one, p.Ack)}
            assert sorted(acks[post.req] for post in posts) == [acks[post.req] for post in posts]
            too_many = p.encode([p.Ping(req=p.new_req())] * 1_001).decode()
            await ana.say(too_many)
            await ana.until(lambda: [one for one in ana.heard if isinstance(one, p.Error)])

    run(main())


def test_a_fast_speaker_is_read_more_slowly_and_nothing_is_refused(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path, limits=p.Limits(rate=100)) as home:
            ana, _, room = await two(home)
            start = asyncio.get_running_loop().time()
            for _ in range(3):
                await ana.say(p.encode([p.Post(req=p.new_req(), room=room, text="x") for _ in range(100)]).decode())
            assert asyncio.get_running_loop().time() - start > 1.5
            assert len((await ana.history(room, limit=200)).messages) == 200
            assert not [one for one in ana.heard if isinstance(one, p.Error)]

    run(main())
