"""What a notebook's user does with a chat, against a real hub."""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hubs import stop_hub

import collabchat
from collabchat import Chat, Message, Room, errors

names = (f"room-{number}" for number in itertools.count())


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("client") / "team"
    yield folder
    stop_hub(folder)


@pytest.fixture(scope="module")
def ana(team: Path) -> Iterator[Chat]:
    with collabchat.connect(team, user="ana", name="Ana Ruiz") as chat:
        yield chat


@pytest.fixture(scope="module")
def bo(team: Path, ana: Chat) -> Iterator[Chat]:
    with collabchat.connect(team, "bo") as chat:
        yield chat


@pytest.fixture
def room(ana: Chat, bo: Chat) -> Room:
    return ana.create_room(next(names), members=["bo"])


def texts(messages: list[Message]) -> list[str | None]:
    return [message.text for message in messages]


# ---------------------------------------------------------------- the chat


def test_who_and_where(ana: Chat, bo: Chat, team: Path) -> None:
    assert (ana.me, bo.me) == ("ana", "bo")
    assert ana.target.workspace == team
    assert ana.seq > 0


def test_the_first_is_the_owner_and_bots_are_marked(ana: Chat, team: Path) -> None:
    with collabchat.connect(team, user="loadbot", name="Load report", bot=True):
        members = ana.members().set_index("member")
    assert members.loc["ana", "role"] == "owner"
    assert members.loc["loadbot", ["name", "role", "bot"]].tolist() == ["Load report", "member", True]
    assert members.loc["ana", "name"] == "Ana Ruiz"
    assert not members.loc["ana", "bot"]


def test_a_bot_says_what_bots_say(room: Room, team: Path) -> None:
    with collabchat.connect(team, user="loadbot", bot=True) as bot:
        bot.room(room.name).join()
        assert bot.room(room.name).post("load: 412 s").kind == "bot"
    assert room.history()[-1].kind == "bot"


def test_closing(team: Path) -> None:
    chat = collabchat.connect(team, user="dee")
    room = chat.create_room(next(names))
    listener = chat.listen(timeout=None)
    chat.close()
    chat.close()
    assert list(listener) == []
    for use in (
        lambda: room.post("x"),
        room.history,
        chat.messages,
        lambda: chat.room("x"),
        lambda: chat.direct("ana"),
        chat.listen,
        chat.preferences,
        chat.status,
        lambda: chat.sql("select 1"),
    ):
        with pytest.raises(errors.ConnectionLost, match="closed"):
            use()
    assert "closed" in repr(chat)
    assert repr(room)
    assert "closed" in room._repr_html_()


def test_a_chat_that_nobody_holds_closes_itself(team: Path, ana: Chat) -> None:
    import gc
    import time

    before = ana.status()["connections"]
    collabchat.connect(team, user="ana")
    gc.collect()
    deadline = time.monotonic() + 5
    while ana.status()["connections"] > before:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_room_and_a_listener_hold_their_chat(team: Path) -> None:
    import gc

    room = collabchat.connect(team, user="ana").create_room(next(names))
    listener = collabchat.connect(team, user="ana").listen(timeout=5)
    gc.collect()
    message = room.post("still here")
    assert next(listener).data["id"] == message.id


def test_names_roles_and_preferences(ana: Chat, bo: Chat) -> None:
    bo.set_name("Bo Lindqvist")
    ana.set_role("bo", "admin")
    assert ana.members().set_index("member").loc["bo", ["name", "role"]].tolist() == ["Bo Lindqvist", "admin"]
    ana.set_role("@bo", "member")
    with pytest.raises(errors.Forbidden):
        bo.set_role("ana", "guest")
    before = bo.preferences()
    assert {name: before[name] for name in ("enter", "view", "theme")} == {
        "enter": "send",
        "view": "recent",
        "theme": "system",
    }
    bo.set_preferences(enter="line", theme="dark")
    assert bo.preferences() == before | {"enter": "line", "theme": "dark"}
    with collabchat.connect(bo.target.workspace or "", user="bo") as again:
        assert again.preferences() == bo.preferences()
    bo.set_preferences(enter="send", theme="system")
    assert ana.preferences()["enter"] == "send"


def test_status(ana: Chat, bo: Chat) -> None:
    status = ana.status()
    assert status["members_connected"] >= 2
    assert status["seq"] >= ana.seq
    assert {"version", "pid", "uptime", "commit_p50", "commit_p99", "queue"} <= set(status)
    assert "req" not in status


# ---------------------------------------------------------------- rooms


def test_making_and_finding_rooms(ana: Chat, bo: Chat) -> None:
    name = next(names)
    made = ana.create_room(name, members=["bo"], kind="private", topic="nightly load")
    assert (made.name, made.kind, made.topic, made.archived) == (name, "private", "nightly load", False)
    assert made.members == ["ana", "bo"]
    for way in (name, f"#{name}", name.upper(), made.id):
        assert ana.room(way) == made
    assert bo.room(name).id == made.id
    assert bo.room(name) != made, "another person's"
    assert len({made, ana.room(name)}) == 1


def test_a_private_room_is_there_for_its_members_alone(ana: Chat, bo: Chat, team: Path) -> None:
    name = ana.create_room(next(names), kind="private").name
    with pytest.raises(errors.NotFound):
        bo.room(name)
    ana.room(name).add("bo")
    assert bo.room(name).members == ["ana", "bo"]
    news = bo.listen(timeout=5)
    ana.room(name).remove("bo")
    assert next(news).type == "removed"
    with pytest.raises(errors.NotFound):
        bo.room(name)
    assert ana.room(name).members == ["ana"]


def test_a_taken_name(ana: Chat, room: Room) -> None:
    with pytest.raises(errors.Conflict):
        ana.create_room(room.name)


def test_near_names(ana: Chat, room: Room) -> None:
    with pytest.raises(errors.NotFound, match="Did you mean"):
        ana.room(room.name.replace("room", "rom"))
    with pytest.raises(errors.NotFound, match="Did you mean 'ana'"):
        ana.direct("anna")


def test_who_is_no_member_yet(ana: Chat, room: Room) -> None:
    for use in (
        lambda: ana.create_room(next(names), members=["zed"]),
        lambda: ana.direct("zed"),
        lambda: room.add("zed"),
        lambda: ana.set_role("zed", "admin"),
    ):
        with pytest.raises(errors.NotFound, match="'zed' is no member of this workspace yet"):
            use()


def test_who_came_this_moment_is_known(ana: Chat, team: Path) -> None:
    with collabchat.connect(team, user="fay"):
        assert ana.direct("fay").members == ["ana", "fay"]


def test_direct(ana: Chat, bo: Chat) -> None:
    one, other = ana.direct("bo"), bo.direct("ana")
    assert one.id == other.id
    assert one.name == other.name == "@ana,@bo"
    assert one.kind == "direct"
    one.post("lunch?")
    assert other.history()[-1].text == "lunch?"
    assert ana.room("@ana,@bo") == one


def test_join_leave_and_members(ana: Chat, bo: Chat) -> None:
    room = ana.create_room(next(names))
    assert room.members == ["ana"]
    theirs = bo.room(room.name)
    theirs.join()
    theirs.join()
    assert theirs.members == ["ana", "bo"]
    theirs.leave()
    assert "not joined" in repr(bo.room(room.name))
    assert theirs.post is not None
    with pytest.raises(errors.CollabchatError):
        theirs.post("from outside")


def test_rename_topic_archive_delete(ana: Chat, room: Room) -> None:
    new = next(names)
    room.rename(new)
    assert room.name == new
    assert ana.room(new) == room
    room.set_topic("what it is")
    assert room.topic == "what it is"
    room.archive()
    assert room.archived
    with pytest.raises(errors.Archived):
        room.post("too late")
    room.unarchive()
    room.post("in time")
    room.delete_room()
    with pytest.raises(errors.NotFound):
        ana.room(new)
    with pytest.raises(errors.NotFound):
        room.post("gone")
    assert room.name == new, "what it was called is still known"


# ---------------------------------------------------------------- messages


def test_post_gives_what_was_stored(ana: Chat, room: Room) -> None:
    before = datetime.now(UTC)
    message = room.post("**done**, see @bo")
    assert message.id == str(message.seq)
    assert (message.room, message.author, message.text, message.kind) == (room.name, "ana", "**done**, see @bo", "text")
    assert message.mentions == ("bo",)
    assert timedelta(0) <= message.time - before + timedelta(seconds=1) < timedelta(seconds=10)
    assert message.time.tzinfo is UTC
    assert room.history() == [message]
    assert pickle.loads(pickle.dumps(message)) == message
    assert hash(message)
    with pytest.raises(AttributeError):
        message.text = "else"  # type: ignore[misc]


def test_threads_and_quotes(room: Room, bo: Chat) -> None:
    root = room.post("who knows?")
    answer = bo.room(room.name).post("I do", reply_to=root)
    assert (answer.thread, answer.reply_to) == (root.id, root.id)
    quote = room.post("so he says", reply_to=answer.id, quote=True)
    assert (quote.thread, quote.reply_to) == (None, answer.id)
    assert texts(room.history(thread=root)) == ["who knows?", "I do"]
    assert room.history(thread=answer) == room.history(thread=root.id)
    assert room.history(thread=root)[0].thread == root.id


def test_edit_delete_and_reactions(room: Room, bo: Chat) -> None:
    message = room.post("helo")
    room.edit(message, "hello @bo")
    bo.room(room.name).react(message.id, "👍")
    room.react(message, "👍")
    room.react(message, "👍")
    [now] = room.history()
    assert (now.text, now.mentions, now.reactions) == ("hello @bo", ("bo",), {"👍": ("bo", "ana")})
    assert now.edited_at is not None
    assert now.edited_at >= now.time
    room.unreact(message, "👍")
    room.unreact(message, "👍")
    assert room.history()[0].reactions == {"👍": ("bo",)}
    room.delete(message)
    [gone] = room.history()
    assert gone.deleted
    assert gone.text is None
    with pytest.raises(errors.CollabchatError):
        room.edit(message, "back")


def test_what_others_said_is_theirs(room: Room, bo: Chat) -> None:
    message = room.post("mine")
    with pytest.raises(errors.Forbidden):
        bo.room(room.name).edit(message, "yours")


def test_pins(room: Room) -> None:
    first, second = room.post("one"), room.post("two")
    room.pin(first)
    room.pin(second)
    assert texts(room.pins()) == ["two", "one"]
    room.unpin(second)
    assert texts(room.pins()) == ["one"]


def test_read_and_unread(room: Room, bo: Chat) -> None:
    messages = [room.post(f"m{number}") for number in range(4)]
    theirs = bo.room(room.name)

    def unread() -> int:
        return int(bo.rooms().set_index("room").loc[room.name, "unread"])

    assert unread() == 4
    theirs.read(messages[1])
    assert unread() == 2
    theirs.read()
    assert unread() == 0
    theirs.mark_unread(messages[1])
    assert unread() == 3
    reads = bo.reads().query("room == @room.name and member == 'bo'")
    assert reads["seq"].tolist() == [messages[0].seq]


def test_history_goes_over_many_pages(room: Room) -> None:
    made = [room.post(f"m{number}") for number in range(450)]
    expected = [message.text for message in made]
    assert texts(room.history()) == expected[-50:]
    assert texts(room.history(limit=None)) == expected
    assert texts(room.history(limit=420)) == expected[-420:]
    assert texts(room.history(limit=3, before=made[10])) == expected[7:10]
    assert texts(room.history(limit=300, before=made[350])) == expected[50:350]
    assert texts(room.history(limit=300, after=made[9].id)) == expected[10:310]
    assert texts(room.history(limit=None, after=made[100])) == expected[101:]
    around = texts(room.history(limit=5, around=made[100]))
    assert len(around) == 5
    assert around[1:4] == expected[99:102]
    assert texts(room.history(limit=1, around=made[100])) == ["m100"]
    assert texts(room.history(limit=2, around=made[449])) == ["m448", "m449"]
    assert texts(room.history(limit=2, around=made[0])) == ["m0", "m1"]
    wide = texts(room.history(limit=301, around=made[225]))
    start = expected.index(str(wide[0]))
    assert wide == expected[start : start + 301]
    assert 60 < start < 90
    assert texts(room.history(limit=300, around=made[449])) == expected[-300:]
    assert texts(room.history(limit=300, around=made[0])) == expected[:300]
    assert texts(room.history(limit=None, around=made[7])) == expected


def test_a_long_thread(room: Room) -> None:
    root = room.post("root")
    room.post("beside it")
    replies = [room.post(f"r{number}", reply_to=root).text for number in range(230)]
    assert texts(room.history(limit=None, thread=root)) == ["root", *replies]


def test_history_without_and_with_what_events_leave(room: Room) -> None:
    room.set_topic("new")
    room.post("said")
    assert texts(room.history()) == ["said"]
    assert {message.kind for message in room.history(system=True)} == {"system", "text"}
    assert room.history(limit=1, around=room.history()[0])[0].text == "said"


# ---------------------------------------------------------------- what is refused at once


@pytest.mark.parametrize(
    ("use", "error", "says"),
    [
        (lambda room, chat: room.post(3), errors.Invalid, "text"),
        (lambda room, chat: room.post(" \n"), errors.Invalid, "at least one"),
        (lambda room, chat: room.post("x" * 40_001), errors.TooLarge, "40,000"),
        (lambda room, chat: room.post("\ud800"), errors.Invalid, "surrogate"),
        (lambda room, chat: room.post("x", quote=True), errors.Invalid, "reply_to"),
        (lambda room, chat: room.post("x", reply_to="first"), errors.Invalid, "names no message"),
        (lambda room, chat: room.post("x", reply_to="999999999"), errors.NotFound, "message"),
        (lambda room, chat: room.edit(True, "x"), errors.Invalid, "names no message"),
        (lambda room, chat: room.react("1", ""), errors.Invalid, "emoji"),
        (lambda room, chat: room.history(limit=0), errors.Invalid, "limit"),
        (lambda room, chat: room.history(limit=2.5), errors.Invalid, "limit"),
        (lambda room, chat: room.history(before="1", after="2"), errors.Invalid, "one of"),
        (lambda room, chat: room.rename("two words"), errors.Invalid, "no spaces"),
        (lambda room, chat: room.set_topic("x" * 501), errors.Invalid, "500"),
        (lambda room, chat: room.add(3), errors.Invalid, "handle"),
        (lambda room, chat: room.add("two words"), errors.Invalid, "handle"),
        (lambda room, chat: chat.room(3), errors.Invalid, "name or id"),
        (lambda room, chat: chat.create_room(""), errors.Invalid, "room's name"),
        (lambda room, chat: chat.create_room("x", kind="secret"), errors.Invalid, "'public', 'private'"),
        (lambda room, chat: chat.create_room("x", members="bo"), errors.Invalid, r"\['bo'\]"),
        (lambda room, chat: chat.set_role("bo", "king"), errors.Invalid, "'owner'"),
        (lambda room, chat: chat.set_name(" "), errors.Invalid, "name"),
        (lambda room, chat: chat.set_preferences(theme="pink"), errors.Invalid, "'dark'"),
        (lambda room, chat: chat.listen(since=-1), errors.Invalid, "since"),
        (lambda room, chat: chat.listen(since=True), errors.Invalid, "since"),
        (lambda room, chat: chat.listen(timeout="5"), errors.Invalid, "timeout"),
    ],
)
def test_refused(ana: Chat, room: Room, use: Callable[..., Any], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        use(room, ana)


def test_messages_are_named_in_several_ways(room: Room) -> None:
    numpy = pytest.importorskip("numpy")
    message = room.post("x")
    for name in (message, message.id, message.seq, numpy.int64(message.seq)):
        room.react(name, "👍")
    assert room.history()[0].reactions == {"👍": ("ana",)}


# ---------------------------------------------------------------- listening


def test_listening_from_the_call_on(ana: Chat, bo: Chat, room: Room) -> None:
    room.post("before")
    one, other = bo.listen(timeout=0.5), bo.listen(timeout=0.5)
    message = room.post("hello")
    room.react(message, "👍")
    events = list(one)
    assert [event.type for event in events] == ["posted", "reacted"]
    assert events == list(other)
    posted = events[0]
    assert (posted.seq, posted.room, posted.actor) == (message.seq, room.name, "ana")
    assert (posted.data["id"], posted.data["text"]) == (message.id, "hello")
    assert posted.time == message.time
    assert "type" not in posted.data


def test_listening_since(ana: Chat, bo: Chat, room: Room) -> None:
    first = room.post("one")
    room.post("two")
    secret = ana.create_room(next(names), kind="private")
    secret.post("not for bo")
    listener = bo.listen(since=first.seq - 1, timeout=0.5)
    room.post("three")
    events = list(listener)
    assert [event.data["text"] for event in events if event.type == "posted"] == ["one", "two", "three"]
    assert all(event.room != secret.name for event in events)
    everything = list(bo.listen(since=0, timeout=0))
    assert [event.seq for event in everything] == sorted({event.seq for event in everything})
    assert everything[0].type == "member_added"


def test_live_and_logged_events_are_the_same(ana: Chat, bo: Chat, room: Room) -> None:
    since = ana.seq
    live = ana.listen(timeout=0.3)
    message = room.post("hello @bo")
    room.edit(message, "hello")
    room.react(message, "👍")
    room.pin(message)
    room.set_topic("topic")
    room.remove("bo")
    room.add("bo")
    room.read()
    ana.set_name("Ana")
    ana.set_preferences(theme="dark")
    ana.set_preferences(theme="system")
    told = list(live)
    logged = list(ana.listen(since=since, timeout=0))
    assert len(told) >= 9
    assert logged == told


# ---------------------------------------------------------------- how it looks


def test_reprs(ana: Chat, room: Room) -> None:
    message = room.post("<script>alert(1)</script> & more")
    room.set_topic("<b>")
    assert repr(ana).startswith("<Chat team as ana: ")
    assert repr(room) == f"<Room {room.name}: public, 2 members>"
    assert str(message).endswith("ana: <script>alert(1)</script> & more")
    assert "text='<script>" in repr(message)
    for shown in (ana, room, message):
        page = shown._repr_html_()
        assert "<script" not in page
        assert "<b>&lt;" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in room._repr_html_()
    assert "&lt;b&gt;" in room._repr_html_()
    assert "room-0" in ana._repr_html_()
    room.delete(message)
    assert "(deleted)" in room._repr_html_()
    assert "No messages yet" in ana.create_room(next(names))._repr_html_()


def test_reprs_ask_for_the_last_messages_alone(room: Room) -> None:
    for number in range(15):
        room.post(f"m{number}.")
    page = room._repr_html_()
    assert "m4." not in page
    assert "m5." in page
    assert "m14." in page
