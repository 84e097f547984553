"""What one does with a message, a thread and a poll, against a real hub."""

from __future__ import annotations

import copy
import itertools
import pickle
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hubs import stop_hub
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import collabchat
from collabchat import Chat, Message, Room, errors
from collabchat.client import Messages, Thread

names = (f"room-{number}" for number in itertools.count())


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("messages") / "team"
    yield folder
    stop_hub(folder)


@pytest.fixture(scope="module")
def ana(team: Path) -> Iterator[Chat]:
    with collabchat.connect(team, user="ana") as chat:
        yield chat


@pytest.fixture(scope="module")
def bo(team: Path, ana: Chat) -> Iterator[Chat]:
    with collabchat.connect(team, user="bo") as chat:
        yield chat


@pytest.fixture
def room(ana: Chat, bo: Chat) -> Room:
    return ana.create_room(next(names), members=["bo"])


def texts(messages: list[Message]) -> list[str | None]:
    return [message.text for message in messages]


# ---------------------------------------------------------------- a message


def test_everything_that_one_does_with_a_message(room: Room, bo: Chat) -> None:
    message = room.post("hello")
    message.react("👍")
    message.edit("hello, all")
    message.pin()
    now = message.reload()
    assert (now.text, now.pinned, now.reactions) == ("hello, all", True, {"👍": ("ana",)})
    assert now.edited_at is not None
    assert message.text == "hello", "a message does not change by itself"
    message.unreact("👍")
    message.unpin()
    assert (message.reload().pinned, message.reload().reactions) == (False, {})
    message.delete()
    assert (message.reload().deleted, message.reload().text) == (True, None)


def test_the_ways_to_answer(room: Room) -> None:
    message = room.post("a question")
    reply, both, quote = message.reply("in the thread"), message.reply("in both", also=True), message.quote("quoted")
    assert (reply.thread, reply.reply_to, reply.also_to_room) == (message.id, message.id, False)
    assert (both.thread, both.also_to_room) == (message.id, True)
    assert (quote.thread, quote.reply_to) == (None, message.id)
    now = message.reload()
    assert (now.n_replies, now.last_reply_at) == (2, both.time)
    assert [one.also_to_room for one in room.history()] == [False, False, True, False]


def test_what_does_not_go_together(room: Room) -> None:
    message = room.post("x")
    for use in (
        lambda: room.post("y", also_to_room=True),
        lambda: room.post("y", quote=True),
        lambda: room.post("y", reply_to=message, quote=True, also_to_room=True),
        lambda: room.send_later("y", timedelta(hours=1), also_to_room=True),
    ):
        with pytest.raises(errors.Invalid):
            use()


def test_versions(room: Room, bo: Chat) -> None:
    message = room.post("one")
    assert message.versions()["text"].tolist() == ["one"]
    message.edit("two")
    message.edit("three")
    found = bo.room(room.name).history()[0].versions()
    assert found.columns.tolist() == ["time", "text"]
    assert found["text"].tolist() == ["one", "two", "three"]
    assert (found["time"].dtype, found["text"].dtype) == ("datetime64[us, UTC]", "string")
    assert found["time"][0] == message.time
    assert found["time"].is_monotonic_increasing
    message.delete()
    with pytest.raises(errors.Invalid, match="deleted"):
        message.versions()


def test_seen_by(room: Room, bo: Chat) -> None:
    first, second = room.post("one"), room.post("two")
    assert first.seen_by() == []
    bo.room(room.name).read(first)
    assert (first.seen_by(), second.seen_by()) == (["bo"], [])
    bo.room(room.name).read()
    assert second.seen_by() == ["bo"]


def test_forwarding(ana: Chat, bo: Chat, room: Room) -> None:
    secret = ana.create_room(next(names), kind="private")
    message = secret.post("**from a private room**")
    other = message.forward(room, "worth reading")
    assert (other.room, other.text) == (room.name, "worth reading")
    assert other.forwarded is not None
    assert (other.forwarded.id, other.forwarded.room, other.forwarded.author) == (message.id, secret.name, "ana")
    assert (other.forwarded.text, other.forwarded.time) == (message.text, message.time)
    bare = message.forward(room.name)
    assert bare.text == ""
    assert "from a private room" in str(bare)
    seen = bo.room(room.name).history()[-2]
    assert seen.forwarded is not None
    assert seen.forwarded.room is None, "bo sees no such room"
    assert seen.forwarded.text == message.text
    assert bo.direct("ana") == bo.room("@ana,@bo")
    assert message.forward(ana.direct("bo")).room == "@ana,@bo"
    with pytest.raises(errors.NotFound):
        message.forward("nowhere")
    with pytest.raises(errors.Invalid):
        message.forward(3)  # type: ignore[arg-type]
    assert "<script" not in room.post("<script>").forward(room)._repr_html_()


def test_a_link_leads_to_a_message(room: Room) -> None:
    message = room.post("x")
    assert message.link == f"collabchat:{room.id}/{message.id}"
    before = message.link
    room.rename(next(names))
    assert message.link == before


def test_a_message_of_no_chat_says_so(room: Room) -> None:
    message = room.post("x")
    for other in (pickle.loads(pickle.dumps(message)), copy.copy(message), replace(message, text="y")):
        assert other == replace(message, text=other.text)
        with pytest.raises(errors.Invalid, match="knows of no chat"):
            other.react("👍")
        room.react(other, "👍")
        room.unreact(other, "👍")
    assert asdict(message)["id"] == message.id
    assert hash(message) == hash(copy.copy(message))


def test_what_one_may_not(room: Room, bo: Chat) -> None:
    message = room.post("ana's")
    theirs = bo.room(room.name).history()[0]
    for use in (lambda: theirs.edit("bo's"), lambda: theirs.delete()):
        with pytest.raises(errors.Forbidden):
            use()
    assert message.reload().text == "ana's"


# ---------------------------------------------------------------- threads


def test_a_thread(room: Room, ana: Chat, bo: Chat) -> None:
    message = room.post("root")
    thread = room.thread(message)
    assert isinstance(thread, Thread)
    assert (thread.id, thread.room, thread.replies(), thread.root.text) == (message.id, room, [], "root")
    thread.post("one")
    bo.room(room.name).thread(message.id).post("two", also_to_room=True)
    thread.post("three")
    assert texts(thread.replies()) == ["one", "two", "three"]
    assert texts(thread.replies(limit=2)) == ["two", "three"]
    assert thread.root.n_replies == 3
    for way in (message.id, int(message.id), message, thread.replies()[0], thread.replies()[0].id):
        assert room.thread(way) == thread  # type: ignore[arg-type]
    assert message.open_thread() == thread
    assert thread.replies()[1].open_thread() == thread
    assert len({thread, message.open_thread()}) == 1
    assert repr(thread) == f"<Thread {message.id} of {room.name}>"
    assert "3 replies" in thread._repr_html_()
    assert "three" in thread._repr_html_()


def test_who_follows(room: Room, bo: Chat) -> None:
    thread = room.thread(room.post("root"))
    thread.post("one")
    assert thread.followers() == ["ana"]
    of_bo = bo.room(room.name).thread(thread.id)
    of_bo.follow()
    assert thread.followers() == ["ana", "bo"]
    thread.unfollow()
    of_bo.unfollow()
    assert thread.followers() == []
    of_bo.post("I write, and said no: so I do not follow")
    assert thread.followers() == []


def test_threads_of_other_rooms(room: Room, ana: Chat) -> None:
    elsewhere = ana.create_room(next(names)).post("x")
    for name in (elsewhere, elsewhere.id, "99999999"):
        with pytest.raises(errors.NotFound):
            room.thread(name)
    for wrong in (None, 1.5, "x"):
        with pytest.raises(errors.Invalid):
            room.thread(wrong)  # type: ignore[arg-type]
    with pytest.raises(errors.Invalid, match="limit"):
        room.thread(room.post("y")).replies(limit=0)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["reply", "also", "quote", "post"])), max_size=8))
def test_every_message_is_in_its_thread_and_in_the_room(room: Room, said: list[tuple[int, str]]) -> None:
    made = [room.post("0")]
    threads: dict[str, list[str]] = {}
    for target, how in said:
        answered = made[target % len(made)].reload()
        if how == "post":
            made.append(room.post("x"))
        elif how == "quote":
            made.append(answered.quote("x"))
        else:
            made.append(answered.reply("x", also=how == "also"))
            threads.setdefault(answered.thread or answered.id, []).append(made[-1].id)
    for root, replies in threads.items():
        thread = room.thread(root)
        assert [one.id for one in thread.replies()] == replies
        assert thread.root.n_replies == len(replies)
        assert all(room.thread(one) == thread for one in replies)
    assert [one.id for one in room.history(limit=len(made))] == [one.id for one in made]
    for one in made:
        now = one.reload()
        assert replace(now, thread=None, n_replies=0, last_reply_at=None) == replace(one, thread=None), how


# ---------------------------------------------------------------- polls


def test_a_poll(room: Room, bo: Chat) -> None:
    message = room.poll("Lunch?", ["noodles", " soup "])
    assert message.kind == "poll"
    assert message.text == "Lunch?\n- noodles\n- soup"
    poll = message.poll
    assert poll is not None
    assert (poll.question, poll.options, poll.multiple, poll.closed) == ("Lunch?", ("noodles", "soup"), False, False)
    assert poll.votes == {"noodles": (), "soup": ()}
    message.vote("Soup")
    bo.room(room.name).history()[-1].vote(1)
    assert votes(message) == {"noodles": (), "soup": ("ana", "bo")}
    message.vote("noodles")
    assert votes(message) == {"noodles": ("ana",), "soup": ("bo",)}
    message.vote()
    assert votes(message) == {"noodles": (), "soup": ("bo",)}
    assert "soup: 1" in str(message.reload())
    for wrong in ("pizza", 2, -1, True, 1.0, None):
        with pytest.raises(errors.Invalid, match="none of the options: 'noodles', 'soup'"):
            message.vote(wrong)  # type: ignore[arg-type]
    with pytest.raises(errors.Invalid, match="one chooses one"):
        message.vote("noodles", "soup")
    message.close_poll()
    now = message.reload().poll
    assert now is not None
    assert now.closed
    with pytest.raises(errors.CollabchatError, match="closed"):
        message.vote("soup")


def votes(message: Message) -> dict[str, tuple[str, ...]]:
    poll = message.reload().poll
    assert poll is not None
    return poll.votes


def test_a_poll_with_several_choices_in_a_thread(room: Room) -> None:
    root = room.post("root")
    message = room.poll("When?", (day for day in ("mon", "tue", "wed")), multiple=True, reply_to=root)
    assert message.thread == root.id
    message.vote("mon", 2, "mon")
    assert votes(message) == {"mon": ("ana",), "tue": (), "wed": ("ana",)}


def test_what_is_no_poll(room: Room) -> None:
    message = room.post("x")
    for use in (lambda: message.vote(0), message.close_poll):
        with pytest.raises(errors.Invalid, match="no poll"):
            use()
    for question, options, says in [
        ("", ["a", "b"], "A question"),
        (3, ["a", "b"], "A question"),
        ("q" * 1001, ["a", "b"], "A question"),
        ("q", "ab", "options is a list"),
        ("q", 3, "options is a list"),
        ("q", ["a"], "2 to 10"),
        ("q", list("abcdefghijk"), "2 to 10"),
        ("q", ["a", " A "], "say the same"),
        ("q", ["a", ""], "An option"),
        ("q", ["a", 3], "An option"),
        ("q", ["a", "b" * 201], "An option"),
        ("q\ud800", ["a", "b"], "surrogate"),
    ]:
        with pytest.raises(errors.Invalid, match=says):
            room.poll(question, options)  # type: ignore[arg-type]


# ---------------------------------------------------------------- several messages


HISTORY = (
    "id seq room author time text kind thread reply_to edited_at deleted pinned mentions n_replies n_files n_reactions"
)


def test_messages_as_a_frame(room: Room) -> None:
    assert isinstance(room.pins(), Messages)
    for stage in ("empty", "used"):
        for messages in (room.pins(), room.history(), room.thread(room.post("root")).replies()):
            frame = messages.frame()
            assert frame.columns.tolist() == HISTORY.split()
            assert isinstance(frame.index, pd.RangeIndex)
            for column in frame:
                wanted = {
                    **dict.fromkeys(["time", "edited_at"], "datetime64[us, UTC]"),
                    **dict.fromkeys(["seq", "n_replies", "n_files", "n_reactions"], "int64"),
                    **dict.fromkeys(["deleted", "pinned"], "bool"),
                    "mentions": "object",
                }.get(column, "string")
                assert frame[column].dtype == wanted, (stage, column)
        message = room.post("see @bo")
        message.pin()
        message.react("👍")
        message.reply("x")
    row = room.pins().frame().iloc[0]
    assert (row["text"], row["pinned"], row["mentions"], row["n_replies"], row["n_reactions"]) == (
        "see @bo",
        True,
        ["bo"],
        1,
        1,
    )
    assert "see @bo" in room.pins()._repr_html_()
    assert "No messages" in Messages()._repr_html_()


def test_history_around_a_time(room: Room) -> None:
    made = [room.post(f"m{number}") for number in range(9)]
    assert texts(room.history(at=made[4].time, limit=3)) == ["m3", "m4", "m5"]
    between = made[4].time + (made[5].time - made[4].time) / 2
    assert "m5" in texts(room.history(at=pd.Timestamp(between), limit=1))
    assert texts(room.history(at=datetime(2001, 1, 1, tzinfo=UTC), limit=2)) == ["m0", "m1"]
    assert texts(room.history(at=date(2001, 1, 1), limit=2)) == ["m0", "m1"]
    assert texts(room.history(at=timedelta(days=1), limit=2)) == ["m0", "m1"]
    assert texts(room.history(at=made[8].time + timedelta(days=1), limit=2)) == ["m7", "m8"]
    assert texts(room.history(at=made[4].time, limit=None)) == texts(made)
    for wrong in ("2001-01-01", 5, True):
        with pytest.raises(errors.Invalid, match="at"):
            room.history(at=wrong)
    with pytest.raises(errors.Invalid, match="at="):
        room.history(at=made[4].time, around=made[4])


# ---------------------------------------------------------------- events


def test_what_is_told_of_it(room: Room, ana: Chat, bo: Chat) -> None:
    news = bo.listen(timeout=0.5)
    message = room.poll("Lunch?", ["noodles", "soup"])
    message.vote("soup")
    message.close_poll()
    message.save("mine")
    message.forward(room)
    told = list(news)
    assert [event.type for event in told] == ["posted", "voted", "poll_closed", "posted"]
    assert told[0].data["poll"]["options"] == ["noodles", "soup"]
    assert told[1].data == {"id": message.id, "choices": [1]}
    assert told[3].data["forwarded"]["id"] == message.id
    assert all(type(event.data) is dict for event in told)


# ---------------------------------------------------------------- names


def public(kind: type) -> Iterator[tuple[str, Any]]:
    for base in kind.__mro__:
        if base.__module__.startswith("collabchat"):
            yield from ((name, value) for name, value in vars(base).items() if not name.startswith("_"))


@pytest.mark.parametrize("kind", [Chat, Room, Message, Messages, Thread])
def test_every_public_name_has_an_example(kind: type) -> None:
    for name, value in public(kind):
        if callable(value) or isinstance(value, property):
            text = value.__doc__ or ""
            assert "Examples\n" in text or (kind is Room and name == "id"), f"{kind.__name__}.{name}"


def test_closed(team: Path) -> None:
    chat = collabchat.connect(team, user="dee")
    room = chat.create_room(next(names))
    message = room.post("x")
    thread = room.thread(message)
    chat.close()
    uses: list[Callable[[], Any]] = [
        *(lambda: message.reply("y"), message.reload, message.versions, message.seen_by, message.save),
        *(thread.replies, thread.follow, thread.followers, lambda: thread.draft, lambda: room.draft),
        *(lambda: room.poll("q", ["a", "b"]), lambda: room.send_later("x", timedelta(hours=1)), room.star, room.mute),
    ]
    for use in uses:
        with pytest.raises(errors.ConnectionLost, match="closed"):
            use()
