"""A chat whose hub goes away, answers late, twice, or not at all: nothing is lost and nothing is said twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from scripted_hub import ROOM, ScriptedHub, table, until

import collabchat
from collabchat import errors, protocol
from collabchat.client import Chat
from collabchat.client import listener as listener_module

HISTORY = {
    "seq": pa.int64(),
    "time": pa.timestamp("us"),
    "type": pa.string(),
    "actor": pa.string(),
    "room": pa.string(),
    "data": pa.string(),
}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[ScriptedHub]:
    made = ScriptedHub(tmp_path).start()
    made.on(protocol.Post, made.acked)
    yield made
    made.stop()


@pytest.fixture
def chat(hub: ScriptedHub) -> Iterator[Chat]:
    with collabchat.connect(hub.workspace, user="ana", timeout=5) as made:
        yield made


def in_thread(function: Any, *args: Any) -> Any:
    """Run it beside the test; gives a function that waits for its result, or raises its error."""
    result: list[Any] = []

    def run() -> None:
        try:
            result.append((function(*args), None))
        except Exception as error:
            result.append((None, error))

    thread = threading.Thread(target=run)
    thread.start()

    def wait() -> Any:
        thread.join(20)
        assert result, "it is still running"
        value, error = result[0]
        if error is not None:
            raise error
        return value

    return wait


def log_of(*events: tuple[int, str]) -> pa.Table:
    rows = [
        {
            "seq": seq,
            "time": 1_000_000,
            "type": "posted",
            "actor": "ana",
            "room": "pipeline",
            "data": f'{{"text":"{text}"}}',
        }
        for seq, text in events
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(HISTORY))


# ---------------------------------------------------------------- lost and found


def test_a_post_without_an_answer_is_sent_again_with_the_same_name(hub: ScriptedHub, chat: Chat) -> None:
    hub.on(protocol.Post, lambda _: None)
    wait = in_thread(chat.room("pipeline").post, "done")
    [first] = hub.wait_for(protocol.Post)
    assert first.again is False
    hub.on(protocol.Post, hub.acked)
    hub.kick()
    assert wait().text == "done"
    [_, second] = hub.wait_for(protocol.Post, 2)
    assert (second.req, second.again, second.text) == (first.req, True, "done")


def test_a_post_made_while_the_hub_is_away_is_sent_when_it_is_back(hub: ScriptedHub, chat: Chat) -> None:
    room = chat.room("pipeline")
    hub.on(protocol.Hello, lambda hello: protocol.Error(req=hello.req, code="unavailable", message="Not yet."))
    hub.kick()
    until(lambda: "lost" in repr(chat))
    wait = in_thread(room.post, "later")
    hub.wait_for(protocol.Hello, 3)
    assert not [request for request in hub.received if isinstance(request, protocol.Post)]
    hub.on(protocol.Hello, hub.welcome)
    assert wait().text == "later"
    [post] = hub.wait_for(protocol.Post)
    assert post.again is False


def test_a_room_is_shown_at_once_while_the_hub_is_away(hub: ScriptedHub, chat: Chat) -> None:
    room = chat.room("pipeline")
    hub.on(protocol.Hello, lambda _: None)
    hub.kick()
    until(lambda: "lost" in repr(chat))
    assert "The hub is away" in room._repr_html_()


def test_what_was_answered_is_not_sent_again(hub: ScriptedHub, chat: Chat) -> None:
    chat.room("pipeline").post("once")
    hub.kick()
    hub.wait_for(protocol.Sync, 2)
    chat.room("pipeline").post("twice")
    assert [post.text for post in hub.wait_for(protocol.Post, 2)] == ["once", "twice"]


def test_a_reader_asks_again_too(hub: ScriptedHub, chat: Chat) -> None:
    wait = in_thread(chat.room("pipeline").history)
    [first] = hub.wait_for(protocol.History)
    hub.on(
        protocol.History,
        lambda ask: protocol.Page(req=ask.req, room="3", messages=[], more_before=False, more_after=False, seq=10),
    )
    hub.kick()
    assert wait() == []
    assert hub.wait_for(protocol.History, 2)[1] == first


def test_a_table_that_broke_off_starts_again(hub: ScriptedHub, chat: Chat) -> None:
    hub.on(protocol.Frame, lambda ask: table(ask, log_of((1, "a")), seq=10, full=True, more=True))
    wait = in_thread(chat.events)
    hub.wait_for(protocol.Frame)
    hub.on(
        protocol.Frame,
        lambda ask: [
            table(ask, log_of((1, "a")), seq=10, full=True, more=True),
            table(ask, log_of((2, "b")), seq=10, full=True, part=1),
        ],
    )
    hub.kick()
    assert wait()["seq"].tolist() == [1, 2]


def test_it_syncs_since_what_it_saw(hub: ScriptedHub, chat: Chat) -> None:
    [first] = hub.wait_for(protocol.Sync)
    assert first.since is None
    chat.room("pipeline").post("one")
    hub.kick()
    [_, second] = hub.wait_for(protocol.Sync, 2)
    assert second.since == 11
    assert chat.seq == 11


def test_told_to_start_again_it_does(hub: ScriptedHub, chat: Chat) -> None:
    chat.room("pipeline").post("one")
    hub.say(protocol.Restart(seq=11))
    assert hub.wait_for(protocol.Sync, 2)[1].since == 11


def test_no_answer_in_time(hub: ScriptedHub) -> None:
    hub.on(protocol.Post, lambda _: None)
    with collabchat.connect(hub.workspace, user="ana", timeout=0.3) as chat:
        began = time.monotonic()
        with pytest.raises(errors.ConnectionLost, match=r"within 0\.3 s\. It may have been done"):
            chat.room("pipeline").post("done?")
        assert time.monotonic() - began < 3
        hub.kick()
        hub.wait_for(protocol.Sync, 2)
        time.sleep(0.1)
        assert len(hub.wait_for(protocol.Post)) == 1, "what was given up is not sent again"


def test_a_long_table_is_not_late_while_it_comes(hub: ScriptedHub) -> None:
    asked: list[Any] = []
    hub.on(protocol.Frame, asked.append)
    with collabchat.connect(hub.workspace, user="ana", timeout=0.6) as chat:
        wait = in_thread(chat.events)
        until(lambda: asked)
        for part in range(4):
            time.sleep(0.35)
            raw = table(asked[0], log_of((part, "x")), seq=10, full=True, part=part, more=part < 3)
            hub._call(lambda raw=raw: hub.doors[0].write_message(raw, binary=True))
        assert len(wait()) == 4


def test_a_hub_that_refuses_after_it_came_back_ends_the_chat(hub: ScriptedHub, chat: Chat) -> None:
    hub.on(protocol.Post, lambda _: None)
    wait = in_thread(chat.room("pipeline").post, "lost")
    hub.wait_for(protocol.Post)
    hub.on(protocol.Hello, lambda hello: protocol.Error(req=hello.req, code="version", message="Update."))
    hub.kick()
    with pytest.raises(errors.VersionMismatch, match="Update"):
        wait()
    with pytest.raises(errors.VersionMismatch, match="Update"):
        chat.room("pipeline")


def test_closing_ends_those_who_wait(hub: ScriptedHub, chat: Chat) -> None:
    hub.on(protocol.Post, lambda _: None)
    wait = in_thread(chat.room("pipeline").post, "x")
    hub.wait_for(protocol.Post)
    chat.close()
    with pytest.raises(errors.ConnectionLost):
        wait()


def test_a_refusal_is_raised(hub: ScriptedHub, chat: Chat) -> None:
    hub.on(protocol.Post, lambda post: protocol.Error(req=post.req, code="archived", message="Unarchive it."))
    with pytest.raises(errors.Archived, match="Unarchive it"):
        chat.room("pipeline").post("x")


def test_frames_that_cannot_be_read_are_passed_over(
    hub: ScriptedHub, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    hub.raw('{"type": "news from tomorrow"}')
    assert chat.room("pipeline").post("still here").text == "still here"
    assert "could not be read" in caplog.text


# ---------------------------------------------------------------- connecting


def test_refused_at_once(hub: ScriptedHub) -> None:
    hub.on(protocol.Hello, lambda hello: protocol.Error(req=hello.req, code="unauthenticated", message="Not you."))
    with pytest.raises(errors.Unauthenticated, match="Not you"):
        collabchat.connect(hub.workspace, user="ana")


def test_a_hub_that_does_not_answer(hub: ScriptedHub) -> None:
    hub.on(protocol.Hello, lambda _: None)
    with pytest.raises(errors.HubUnavailable, match=r"did not answer within 0\.3 s"):
        collabchat.connect(hub.workspace, user="ana", timeout=0.3)
    until(lambda: not hub.doors)


@pytest.mark.parametrize("timeout", [0, -1, True, "5", None])
def test_timeouts_that_are_none(hub: ScriptedHub, timeout: Any) -> None:
    with pytest.raises(errors.Invalid, match="timeout"):
        collabchat.connect(hub.workspace, timeout=timeout)


# ---------------------------------------------------------------- the echo


def test_the_event_may_come_after_the_answer(hub: ScriptedHub, chat: Chat) -> None:
    hub.on(protocol.Post, lambda post: hub.acked(post)[::-1])
    message = chat.room("pipeline").post("hello")
    assert (message.text, message.seq, chat.seq) == ("hello", 11, 11)


def test_an_answer_without_an_event_is_read_back(hub: ScriptedHub, chat: Chat) -> None:
    """A post that is sent again after its event was seen is answered, and not announced once more."""
    hub.on(protocol.Post, lambda post: protocol.Ack(req=post.req, seq=11, id="11", changed=False))
    stored = protocol.Message(id="11", room="3", author="1", time=5, text="from before")
    hub.on(
        protocol.History,
        lambda ask: protocol.Page(
            req=ask.req, room="3", messages=[stored], more_before=False, more_after=False, seq=11
        ),
    )
    assert chat.room("pipeline").post("from before").text == "from before"
    [ask] = hub.wait_for(protocol.History)
    assert ask.around == "11"


# ---------------------------------------------------------------- listening


def test_events_are_delivered_once_and_in_order(hub: ScriptedHub, chat: Chat) -> None:
    listener = chat.listen(timeout=0.5)
    first, second, third = (hub.posted(text) for text in ("a", "b", "c"))
    hub.say(first, second, second, first, third)
    assert [event.data["text"] for event in listener] == ["a", "b", "c"]


def test_what_was_missed_comes_after_the_snapshot(hub: ScriptedHub, chat: Chat) -> None:
    listener = chat.listen(timeout=1)
    missed = [hub.posted("a"), hub.posted("b")]
    hub.on(protocol.Sync, lambda sync: [hub.snapshot(sync), *missed])
    hub.kick()
    assert [event.data["text"] for event in listener] == ["a", "b"]


def test_a_gap_is_filled_from_the_log(hub: ScriptedHub, chat: Chat) -> None:
    listener = chat.listen(timeout=1)
    hub.seq = 5_000
    hub.on(protocol.Sync, lambda sync: hub.snapshot(sync, gap=True))
    hub.on(protocol.Frame, lambda ask: table(ask, log_of((11, "a"), (4_000, "b")), seq=5_000, full=False))
    hub.kick()
    assert [event.data["text"] for event in listener] == ["a", "b"]
    [ask] = hub.wait_for(protocol.Frame)
    assert (ask.name, ask.since) == ("events", 10)


def test_a_full_buffer_is_filled_from_the_log(hub: ScriptedHub, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener_module, "BUFFER", 3)
    listener = chat.listen(timeout=0.5)
    said = [hub.posted(f"m{number}") for number in range(6)]
    hub.on(
        protocol.Frame,
        lambda ask: table(
            ask, log_of(*((event.seq, event.data.text) for event in said if event.seq > ask.since)), seq=16, full=False
        ),
    )
    hub.say(*said)
    until(lambda: chat.seq == 16)
    assert [event.data["text"] for event in listener] == [f"m{number}" for number in range(6)]
    [ask] = hub.wait_for(protocol.Frame)
    assert ask.since == 13


def test_events_that_come_while_the_log_is_read_are_not_lost(hub: ScriptedHub, chat: Chat) -> None:
    def answer(ask: protocol.Frame) -> Any:
        live = [hub.posted("live"), hub.posted("more")]
        return [*live, table(ask, log_of((5, "old"), (11, "live")), seq=11, full=False)]

    hub.on(protocol.Frame, answer)
    assert [event.data["text"] for event in chat.listen(since=4, timeout=0.5)] == ["old", "live", "more"]


def test_the_whole_log_is_cut_to_what_was_asked(hub: ScriptedHub, chat: Chat) -> None:
    """The hub sends everything where what one may see has changed since."""
    hub.on(protocol.Frame, lambda ask: table(ask, log_of((3, "older"), (4, "seen"), (5, "new")), seq=10, full=True))
    assert [event.data["text"] for event in chat.listen(since=4, timeout=0)] == ["new"]


def test_a_failed_look_at_the_log_is_made_again(hub: ScriptedHub, chat: Chat) -> None:
    hub.on(protocol.Frame, lambda ask: protocol.Error(req=ask.req, code="internal", message="Oh."))
    listener = chat.listen(since=4, timeout=0.2)
    with pytest.raises(errors.CollabchatError, match="Oh"):
        next(listener)
    hub.on(protocol.Frame, lambda ask: table(ask, log_of((5, "old")), seq=10, full=False))
    assert next(listener).data["text"] == "old"


def test_a_listener_ends_with_its_chat(hub: ScriptedHub, chat: Chat) -> None:
    wait = in_thread(list, chat.listen(timeout=None))
    hub.say(hub.posted("a"))
    until(lambda: chat.seq == 11)
    time.sleep(0.05)
    chat.close()
    assert [event.data["text"] for event in wait()] == ["a"]


def test_a_listener_says_why_its_hub_is_gone(hub: ScriptedHub, chat: Chat) -> None:
    wait = in_thread(list, chat.listen(timeout=None))
    hub.on(protocol.Hello, lambda hello: protocol.Error(req=hello.req, code="version", message="Update."))
    hub.kick()
    with pytest.raises(errors.VersionMismatch):
        wait()


def test_a_listener_that_is_closed_ends(hub: ScriptedHub, chat: Chat) -> None:
    with chat.listen(timeout=None) as listener:
        hub.say(hub.posted("a"))
        assert next(listener).data["text"] == "a"
    assert list(listener) == []


# ---------------------------------------------------------------- the directory


def test_a_room_that_is_new_this_moment_is_found(hub: ScriptedHub, chat: Chat) -> None:
    new = protocol.Room(id="20", name="fresh", kind="public", joined=True)
    hub.on(protocol.Sync, lambda sync: protocol.Snapshot(
        req=sync.req, seq=hub.seq, me="1", members=[], rooms=[ROOM, new],
        preferences=protocol.Preferences(), online=[], limits=protocol.Limits(),
    ))  # fmt: skip
    assert chat.room("fresh").id == "20"
    with pytest.raises(errors.NotFound, match="Did you mean 'pipeline'"):
        chat.room("piplin")


def test_a_room_is_known_before_its_event(hub: ScriptedHub, chat: Chat) -> None:
    listener = chat.listen(timeout=1)
    new = protocol.Room(id="11", name="secret", kind="private", joined=True, members=["1", "2"], n_members=2)
    hub.say(
        protocol.RoomChanged(room=new),
        protocol.Event(seq=11, time=0, actor="2", room="11", data=protocol.Added(member="1", text="")),
    )
    event = next(listener)
    assert (event.room, event.actor, event.data["member"]) == ("secret", "bo", "1")
    assert chat.room("secret").members == ["ana", "bo"]


@pytest.mark.parametrize(
    "data",
    [
        protocol.RoomDeleted(kind="private", members=["1"]),
        protocol.Removed(member="1", text=""),
        protocol.Left(text=""),
    ],
)
def test_a_private_room_that_one_is_out_of_is_forgotten(hub: ScriptedHub, chat: Chat, data: Any) -> None:
    listener = chat.listen(timeout=1)
    new = protocol.Room(id="11", name="secret", kind="private", joined=True, members=["1", "2"], n_members=2)
    hub.say(
        protocol.RoomChanged(room=new),
        protocol.Event(seq=12, time=0, actor="1", room="11", data=data),
    )
    assert next(listener).room == "secret"
    with pytest.raises(errors.NotFound):
        chat.room("secret")
