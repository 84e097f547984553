"""Who a text mentions."""

from __future__ import annotations

import time

import pytest

from collabchat import protocol as p
from collabchat.hub.mentions import MOST, mentions
from collabchat.store.directory import Directory

HANDLES = ("ana", "bo", "jean-luc", "j.doe", "j", "zoë", "out")


@pytest.fixture
def state() -> Directory:
    made = Directory()
    for number, handle in enumerate(HANDLES, 1):
        data = p.MemberAdded(member=str(number), handle=handle, name=handle, role="member")
        made.apply(p.Event(seq=number, time=number, actor=str(number), data=data))
    members = [str(number) for number, handle in enumerate(HANDLES, 1) if handle != "out"]
    data2 = p.RoomCreated(name="r", kind="public", topic="", members=members)
    made.apply(p.Event(seq=10, time=10, actor="1", room="10", data=data2))
    return made


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@ana", ["ana"]),
        ("hello @ana, and @bo.", ["ana", "bo"]),
        ("@ANA @Ana", ["ana"]),
        ("(@bo)", ["bo"]),
        ("@jean-luc: engage", ["jean-luc"]),
        ("@j.doe. @j.", ["j.doe", "j"]),
        ("@j.smith", ["j"]),
        ("@zoë", ["zoë"]),
        ("@out is not in this room", []),
        ("mail me@ana.example", []),
        ("`@ana` and ```\n@bo\n```", []),
        ("```\n@bo never closed", []),
        ("@nobody", []),
        ("no sign", []),
        ("@", []),
    ],
)
def test_mentions(state: Directory, text: str, expected: list[str]) -> None:
    found = mentions(text, state, state.rooms["10"])
    assert [state.members[one].handle for one in found] == expected


def test_at_most_fifty(state: Directory) -> None:
    for number in range(100, 200):
        data = p.MemberAdded(member=str(number), handle=f"m{number}", name="m", role="member")
        state.apply(p.Event(seq=number, time=number, actor=str(number), data=data))
        state.apply(p.Event(seq=number, time=number, actor=str(number), room="10", data=p.Joined(text="joined")))
    text = " ".join(f"@m{number}" for number in range(100, 200))
    assert len(mentions(text, state, state.rooms["10"])) == MOST


def test_a_long_word_is_cut_at_its_full_stops(state: Directory) -> None:
    room = state.rooms["10"]
    assert mentions("@bo" + "." * 50, state, room) == mentions("@bo", state, room) != []
    assert mentions("@bo." + "x" * 50, state, room) == mentions("@bo", state, room)
    assert mentions("@bo" + "x" * 50, state, room) == []


def test_a_text_made_to_be_slow_is_not(state: Directory) -> None:
    start = time.process_time()
    for text in ("@" + "a." * 19_999, "@" + "a-." * 13_333, "@a.b.c.d.e " * 3_636, "```" * 13_333, "`" * 40_000):
        mentions(text, state, state.rooms["10"])
    assert time.process_time() - start < 0.3  # 0.7 s where each piece is looked up
    assert mentions("@" + "a." * 19_000, state, state.rooms["10"]) == []
    assert mentions("```" * 13_000, state, state.rooms["10"]) == []
