"""Gathering, numbering and bounding what goes to the browser."""

from __future__ import annotations

import threading
from typing import Any

from collabchat.panel import outbox
from collabchat.panel.outbox import Outbox


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def make() -> tuple[Outbox, list[dict[str, Any]], Clock]:
    sent: list[dict[str, Any]] = []
    clock = Clock()
    return Outbox(sent.append, clock), sent, clock


def test_the_first_frame_goes_nearly_at_once_and_takes_its_neighbours_along() -> None:
    box, sent, _ = make()
    assert box.put("a") == outbox.GATHER
    assert box.put("b") is None
    box.flush()
    assert sent == [{"type": "frames", "n": 1, "frames": ["a", "b"]}]


def test_the_next_one_keeps_its_distance() -> None:
    box, sent, clock = make()
    box.put("a")
    box.flush()
    clock.now += 0.01
    assert box.put("b") is not None
    assert round(box._last + outbox.SPACING - clock.now, 3) == 0.04
    clock.now += 0.04
    box.flush()
    clock.now += 1
    assert box.put("c") == outbox.GATHER
    box.flush()
    assert [push["n"] for push in sent] == [1, 2, 3]


def test_while_a_file_is_sent_its_answers_wait_for_nothing() -> None:
    box, sent, clock = make()
    box.put("a")
    box.flush()
    clock.now += 0.01
    assert round(box.put("b") or 0, 3) == 0.04
    assert box.put("upload", soon=True) == outbox.GATHER, "earlier than what is due already"
    assert box.put("upload", soon=True) is None
    clock.now += outbox.GATHER
    box.flush()
    assert sent[-1]["frames"] == ["b", "upload", "upload"]
    clock.now += 0.001
    assert round(box.put("upload", soon=True) or 0, 3) == 0.004
    box.flush()
    clock.now += 0.04
    box.flush()
    assert len(sent) == 3


def test_at_most_twenty_pushes_a_second_under_load() -> None:
    box, sent, clock = make()
    due: float | None = None
    for step in range(1000):
        clock.now = 100 + step / 1000
        delay = box.put(str(step))
        if delay is not None:
            due = clock.now + delay
        if due is not None and clock.now >= due:
            due = None
            box.flush()
    assert 18 <= len(sent) <= 21
    assert [frame for push in sent for frame in push["frames"]][:900] == [str(step) for step in range(900)]


def test_nothing_due_sends_nothing() -> None:
    box, sent, _ = make()
    box.flush()
    assert sent == []
    assert box.n == 0


def test_too_many_frames_become_a_gap() -> None:
    box, sent, _ = make()
    for k in range(outbox.MAX_FRAMES):
        box.put(str(k))
    box.put("one too many")
    box.put("later")
    box.flush()
    assert sent == [{"type": "frames", "n": 2, "frames": ["later"]}]


def test_too_much_text_becomes_a_gap_that_the_browser_hears_of() -> None:
    box, sent, _ = make()
    piece = "x" * (outbox.LARGE - 1)
    for _ in range(5):
        box.put(piece)
    box.flush()
    assert sent == [{"type": "frames", "n": 2, "frames": []}]


def test_a_large_frame_goes_alone_and_never_makes_a_gap() -> None:
    box, sent, _ = make()
    box.put("small")
    box.put("x" * (outbox.MAX_SIZE + 1))
    assert [(push["n"], len(push["frames"])) for push in sent] == [(1, 1), (2, 1)]
    box.put("after")
    box.flush()
    assert sent[2] == {"type": "frames", "n": 3, "frames": ["after"]}


def test_what_nobody_sees_is_held_back_and_bounded() -> None:
    box, sent, _ = make()
    large = "x" * outbox.LARGE
    for _ in range(17):
        box.put(large)
    assert len(sent) == 17
    assert box.put("y") is None
    for _ in range(100):
        assert box.put(large) is None
    box.flush()
    assert len(sent) == 17
    assert sum(map(len, box._waiting)) <= outbox.MAX_SIZE + outbox.LARGE
    assert box.seen(10) is not None
    box.flush()
    assert sent[17]["n"] > 18


def test_a_new_view_is_not_held_back_by_what_an_old_one_missed() -> None:
    box, sent, _ = make()
    for _ in range(17):
        box.put("x" * outbox.LARGE)
    box.forget()
    assert box.put("y") is not None
    box.flush()
    assert sent[-1]["frames"] == ["y"]


def test_a_message_is_told_the_last_number() -> None:
    box, sent, _ = make()
    box.put("a")
    box.flush()
    box.tell(lambda n: {"type": "pong", "n": n})
    assert sent[-1] == {"type": "pong", "n": 1}


def test_a_comm_that_fails_hurts_nobody() -> None:
    def fail(message: dict[str, Any]) -> None:
        raise RuntimeError("closed")

    box = Outbox(fail, Clock())
    box.put("a")
    box.flush()
    assert box.n == 1


def test_threads_keep_numbers_and_frames_in_order() -> None:
    sent: list[dict[str, Any]] = []
    box = Outbox(sent.append, lambda: 0.0)

    def put(name: str) -> None:
        for k in range(200):
            box.put(f"{name}{k}")
            box.flush()

    threads = [threading.Thread(target=put, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [push["n"] for push in sent] == list(range(1, len(sent) + 1))
    frames = [frame for push in sent for frame in push["frames"]]
    assert len(frames) == 800
    for name in "abcd":
        assert [f for f in frames if f[0] == name] == [f"{name}{k}" for k in range(200)]
