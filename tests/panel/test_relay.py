"""The relay between a comm and the hub, with a link that records."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collabchat import errors
from collabchat.connection import Target
from collabchat.panel import relay as module
from collabchat.panel.relay import Relay

ANA = Target(workspace=Path("/team"), user="ana")


class RecordingLink:
    def __init__(self, target: Target, on_frame: Callable[[Any], None], on_state: Callable[[str, str], None]) -> None:
        self.target, self.on_frame, self.on_state = target, on_frame, on_state
        self.error: Exception | None = None
        self.sent: list[Any] = []
        self.started = self.closed = False

    def start(self) -> None:
        self.started = True

    def send(self, frame: Any) -> None:
        self.sent.append(frame)

    def send_binary(self, frame: bytes) -> None:
        self.sent.append(frame)

    def close(self) -> None:
        self.closed = True
        self.on_state("closed", "closed by us")


class World:
    """A relay, its links, its time, and what the browser was told."""

    def __init__(self, target: Target | None = ANA) -> None:
        self.now = 1000.0
        self.said: list[dict[str, Any]] = []
        self.links: list[RecordingLink] = []
        self.due: list[tuple[float, Callable[[], None]]] = []
        self.relay = Relay(
            target,
            self.say,
            workspace=Path("/team"),
            make_link=self.make_link,
            later=lambda delay, action: self.due.append((self.now + delay, action)),
            clock=lambda: self.now,
        )

    def say(self, content: dict[str, Any], buffers: list[Any] | None = None) -> None:
        self.said.append(content if buffers is None else {**content, "buffers": [bytes(one) for one in buffers]})

    def make_link(self, target: Target, **callbacks: Any) -> RecordingLink:
        self.links.append(RecordingLink(target, **callbacks))
        return self.links[-1]

    @property
    def link(self) -> RecordingLink:
        return self.links[-1]

    def pass_time(self, seconds: float) -> None:
        end = self.now + seconds
        while self.due and min(at for at, _ in self.due) <= end:
            at, action = min(self.due, key=lambda item: item[0])
            self.due.remove((at, action))
            self.now = max(self.now, at)
            action()
        self.now = end

    def open(self) -> None:
        self.relay.receive({"type": "attach", "view": "v1"})
        self.link.on_state("open", "")

    def states(self) -> list[tuple[str, int]]:
        return [(m["state"], m["epoch"]) for m in self.said if m["type"] == "state"]


def test_nothing_happens_before_a_view_asks() -> None:
    world = World()
    world.pass_time(1000)
    assert world.links == []
    assert world.said == []


def test_attach_connects_and_tells_the_state() -> None:
    world = World()
    world.open()
    assert world.link.started
    assert world.link.target == ANA
    assert world.said == [
        {"type": "state", "state": "connecting", "message": "", "epoch": 0, "n": 0},
        {"type": "state", "state": "open", "message": "", "epoch": 1, "n": 0},
    ]
    world.relay.receive({"type": "attach", "view": "v2"})
    assert len(world.links) == 1
    assert world.states()[-1] == ("open", 1)


def test_frames_pass_unchanged_in_both_directions() -> None:
    world = World()
    world.open()
    frame = '{"type":"post","text":"späť  ","odd":[1, 2]}'
    world.relay.receive({"type": "frames", "frames": [frame, "[1]"]})
    assert world.link.sent == [frame, "[1]"]
    world.link.on_frame('{"type": "event"}')
    world.link.on_frame('[{"type":"ack"}]')
    world.pass_time(1)
    assert world.said[-1] == {"type": "frames", "n": 1, "frames": ['{"type": "event"}', '[{"type":"ack"}]']}


def test_tables_never_reach_the_browser() -> None:
    world = World()
    world.open()
    world.link.on_frame(b"\x00\x00\x00\x02{}ARROW1")
    world.pass_time(1)
    assert not [m for m in world.said if m["type"] == "frames"]


@pytest.mark.parametrize(
    ("frame", "passed"),
    [
        ('{"type":"hello","req":"x"}', []),
        (' {"user":"bo","type":"h\\u0065llo"}', []),
        ('[{"type":"hello"},{"type":"ping"},{"type":"hello"}]', ['[{"type":"ping"}]']),
        ('[{"type":"hello"}]', []),
        ('{"type":"post","text":"hello"}', ['{"type":"post","text":"hello"}']),
        ("not json", ["not json"]),
        ("[" * 5000, ["[" * 5000]),
    ],
)
def test_who_speaks_is_not_said_by_the_browser(frame: str, passed: list[str]) -> None:
    world = World()
    world.open()
    world.relay.receive({"type": "frames", "frames": [frame]})
    assert world.link.sent == passed


def test_a_ping_is_answered() -> None:
    world = World()
    world.open()
    world.relay.receive({"type": "ping", "t": 12.5, "n": 0})
    assert world.said[-1] == {"type": "pong", "t": 12.5, "n": 0, "epoch": 1, "state": "open"}


@pytest.mark.parametrize(
    "content",
    [None, 3, "x", [], {}, {"type": "delete_everything"}, {"type": "frames"}, {"type": "frames", "frames": [1]},
     {"type": "frames", "frames": "abc"}, {"type": "ping", "t": "soon"}, {"type": "visitor", "name": "x" * 2000}],
)  # fmt: skip
def test_what_cannot_be_read_is_logged_and_changes_nothing(content: Any, caplog: pytest.LogCaptureFixture) -> None:
    world = World()
    world.open()
    said = len(world.said)
    with caplog.at_level(logging.WARNING, "collabchat.panel"):
        world.relay.receive(content)
    assert "cannot be read" in caplog.text
    assert len(world.said) == said
    assert world.link.sent == []


def test_a_lost_hub_and_its_return_are_a_new_epoch() -> None:
    world = World()
    world.open()
    world.link.on_state("lost", "The hub went away.")
    world.relay.receive({"type": "frames", "frames": ['{"type":"post"}']})
    assert world.link.sent == [], "the browser sends it again in the new epoch"
    world.link.on_state("connecting", "")
    world.link.on_state("open", "")
    assert world.states() == [("connecting", 0), ("open", 1), ("lost", 1), ("connecting", 1), ("open", 2)]
    assert world.said[2]["message"] == "The hub went away."
    assert len(world.links) == 1


def test_a_refusal_is_told_and_only_a_new_view_tries_again() -> None:
    world = World()
    world.open()
    world.link.error = errors.VersionMismatch("The hub is newer.")
    world.link.on_state("closed", "The hub is newer.")
    assert world.said[-1]["state"] == "closed"
    assert world.said[-1]["message"] == "The hub is newer."
    world.relay.receive({"type": "ping", "t": 1, "n": 0})
    world.relay.receive({"type": "frames", "frames": ["{}"]})
    assert len(world.links) == 1
    world.relay.receive({"type": "attach", "view": "v2"})
    assert len(world.links) == 2


def test_a_link_that_cannot_be_made_is_told() -> None:
    world = World()

    def fail(target: Target, **callbacks: Any) -> Any:
        raise errors.Forked("Connect again.")

    world.relay._make_link = fail
    world.relay.receive({"type": "attach", "view": "v1"})
    assert world.said[-1] == {"type": "state", "state": "closed", "message": "Connect again.", "epoch": 0, "n": 0}


def test_a_browser_that_is_gone_is_let_go_and_comes_back() -> None:
    world = World()
    world.open()
    for _ in range(60):
        world.relay.receive({"type": "ping", "t": 1, "n": 0})
        world.pass_time(5)
    first = world.link
    assert not first.closed
    world.pass_time(module.SILENCE + module.WATCH)
    assert first.closed
    said = len(world.said)
    first.on_frame("late")
    first.on_state("lost", "late")
    world.pass_time(1000)
    assert len(world.said) == said, "nobody is there"
    assert world.due == [], "an idle kernel has nothing to do"

    world.relay.receive({"type": "ping", "t": 2, "n": 0})
    assert len(world.links) == 2
    assert world.states()[-1] == ("connecting", 1)
    assert world.said[-1]["type"] == "pong"
    assert world.said[-1]["n"] == 1, "a gap: what came in between was not kept"
    world.link.on_state("open", "")
    assert world.states()[-1] == ("open", 2)


def test_frames_of_a_browser_that_slept_wake_the_link() -> None:
    world = World()
    world.open()
    world.pass_time(module.SILENCE + 2 * module.WATCH)
    world.relay.receive({"type": "frames", "frames": ['{"type":"post"}']})
    assert len(world.links) == 2
    assert world.link.sent == []


def test_close_is_for_good() -> None:
    world = World()
    world.open()
    world.relay.close()
    world.relay.close()
    assert world.link.closed
    assert world.states()[-1] == ("closed", 1)
    said = len(world.said)
    world.relay.receive({"type": "attach", "view": "v1"})
    world.link.on_frame("late")
    world.pass_time(1000)
    assert len(world.links) == 1
    assert len(world.said) == said


class TestVisitor:
    def test_is_asked_for_a_name_first(self) -> None:
        world = World(None)
        world.relay.receive({"type": "attach", "view": "v1"})
        world.relay.receive({"type": "ping", "t": 1, "n": 0})
        world.relay.receive({"type": "frames", "frames": ["{}"]})
        assert world.links == []
        assert world.said[0]["state"] == "visitor"
        assert world.said[1]["state"] == "visitor"

    def test_is_whom_they_say(self) -> None:
        world = World(None)
        world.relay.receive({"type": "attach", "view": "v1"})
        world.relay.receive({"type": "visitor", "name": " Ana  Ruiz"})
        assert world.link.target == Target(workspace=Path("/team"), user="ana-ruiz", name="Ana Ruiz")
        assert world.states()[-1] == ("connecting", 0)

    def test_hears_what_is_wrong_with_a_name(self) -> None:
        world = World(None)
        world.relay.receive({"type": "visitor", "name": "???"})
        assert world.links == []
        assert world.said[-1]["state"] == "visitor"
        assert "letter" in world.said[-1]["message"]

    def test_may_take_another_name_when_the_hub_refuses_one(self) -> None:
        world = World(None)
        world.relay.receive({"type": "visitor", "name": "bo"})
        world.link.error = errors.Forbidden("@bo has been blocked.")
        world.link.on_state("closed", "@bo has been blocked.")
        assert world.said[-1]["state"] == "visitor"
        assert world.said[-1]["message"] == "@bo has been blocked."
        world.relay.receive({"type": "visitor", "name": "cy"})
        assert world.link.target.user == "cy"
        world.link.on_state("open", "")
        assert world.states()[-1] == ("open", 1)

    def test_cannot_become_somebody_else(self) -> None:
        world = World(None)
        world.relay.receive({"type": "visitor", "name": "bo"})
        world.link.on_state("open", "")
        world.relay.receive({"type": "visitor", "name": "cy"})
        assert len(world.links) == 1
        assert world.states()[-1] == ("open", 1)

    def test_of_somebody_who_is_known_is_not_asked(self) -> None:
        world = World(ANA)
        world.open()
        world.relay.receive({"type": "visitor", "name": "cy"})
        assert world.link.target == ANA
        assert len(world.links) == 1


def test_no_message_has_a_key_named_id_at_its_top() -> None:
    world = World(None)
    world.relay.receive({"type": "attach", "view": "v1"})
    world.relay.receive({"type": "visitor", "name": "bo"})
    world.link.on_state("open", "")
    world.link.on_frame("{}")
    world.relay.receive({"type": "ping", "t": 1, "n": 0})
    world.pass_time(1)
    assert {m["type"] for m in world.said} == {"state", "frames", "pong"}
    assert not [m for m in world.said if "id" in m]
    json.dumps(world.said)
