"""Bytes of files through the relay: what passes, how much at once, and what happens while the hub is away."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from collabchat import protocol as p
from collabchat.connection import Target
from collabchat.panel import slices
from collabchat.panel.relay import Relay

REQ = "01890000-0000-7000-8000-000000000001"
SLICE = p.encode(p.Slice(req=REQ, upload=REQ, offset=0)).decode()


class Desk:
    """A relay between a browser and a hub that both only write down."""

    def __init__(self) -> None:
        self.said: list[tuple[dict[str, Any], list[bytes]]] = []
        self.sent: list[str | bytes] = []
        self.error = None
        self.relay = Relay(
            Target(workspace=Path("/team"), user="ana"), self._say, make_link=self._make, later=lambda *_: None
        )
        self.relay.receive({"type": "attach", "view": "v"})
        self.on_state("open", "")

    def _say(self, content: dict[str, Any], buffers: list[Any] = []) -> None:  # noqa: B006
        self.said.append((content, [bytes(one) for one in buffers]))

    def _make(self, target: Target, *, on_frame: Any, on_state: Any) -> Desk:
        self.on_frame, self.on_state = on_frame, on_state
        return self

    def start(self) -> None: ...

    def close(self) -> None: ...

    def send(self, frame: str | bytes) -> None:
        self.sent.append(frame)

    send_binary = send

    def bytes_said(self) -> list[tuple[str, bytes]]:
        return [(content["header"], buffers[0]) for content, buffers in self.said if content["type"] == "bytes"]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def file_slice(payload: bytes, offset: int = 0) -> bytes:
    return p.encode_binary(p.FileSlice(req=REQ, file="12-1", offset=offset, size=10**8), payload)


def test_a_slice_becomes_a_binary_frame(desk: Desk) -> None:
    payload = bytes(range(256)) * 8
    desk.relay.receive({"type": "bytes", "header": SLICE}, [memoryview(payload)])
    [frame] = desk.sent
    found = p.decode_slice(frame, p.Limits())
    assert not isinstance(found, p.Error)
    assert (found[0].offset, bytes(found[1])) == (0, payload)


def test_an_empty_slice_passes(desk: Desk) -> None:
    desk.relay.receive({"type": "bytes", "header": SLICE}, [b""])
    assert len(desk.sent) == 1


@pytest.mark.parametrize(
    ("header", "buffers"),
    [
        (SLICE, None),
        (SLICE, []),
        (SLICE, [b"a", b"b"]),
        (SLICE, [bytes(slices.LARGEST)]),
        (SLICE.replace("slice", "hello"), [b"a"]),
        ("{}", [b"a"]),
        ("no json", [b"a"]),
        ("[" * 900, [b"a"]),
        ('{"type": 1}', [b"a"]),
        ("\ud800", [b"a"]),
    ],
)
def test_what_is_no_slice_goes_nowhere(
    desk: Desk, header: str, buffers: list[bytes] | None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "collabchat.panel"):
        desk.relay.receive({"type": "bytes", "header": header}, buffers)
    assert desk.sent == []
    assert "no slice" in caplog.text


def test_a_header_that_is_too_long_is_not_even_looked_at(desk: Desk) -> None:
    desk.relay.receive({"type": "bytes", "header": " " * 2000 + SLICE}, [b"a"])
    assert desk.sent == []


def test_what_comes_while_the_hub_is_away_is_dropped(desk: Desk) -> None:
    desk.on_state("lost", "The hub went away.")
    desk.relay.receive({"type": "bytes", "header": SLICE}, [b"a"])
    assert desk.sent == []
    desk.on_state("open", "")
    desk.relay.receive({"type": "bytes", "header": SLICE}, [b"a"])
    assert len(desk.sent) == 1


def test_bytes_of_a_file_reach_the_browser_beside_the_numbered_pushes(desk: Desk) -> None:
    desk.on_frame(file_slice(b"abc"))
    desk.on_frame(
        p.encode_binary(p.Thumbnail(req=REQ, file="12-1", media_type="image/webp", width=1, height=1), b"webp")
    )
    [(first, abc), (second, webp)] = desk.bytes_said()
    assert json.loads(first) == {"type": "file_slice", "req": REQ, "file": "12-1", "offset": 0, "size": 10**8}
    assert json.loads(second)["type"] == "thumbnail"
    assert (abc, webp) == (b"abc", b"webp")
    assert not [content for content, _ in desk.said if "n" in content and content["type"] == "bytes"]


@pytest.mark.parametrize(
    "frame",
    [
        p.encode_binary(p.Table(req=REQ, name="messages", seq=1, full=True), b"ARROW1"),
        b"",
        b"\x00\x00",
        b"\x00\x00\x00\x02{}abc",
        b"\xff\xff\xff\xff{}",
        b"\x00\x00\x00\x04\xff\xfe\xfd\xfc",
        (5000).to_bytes(4, "big") + b" " * 5000,
    ],
)
def test_nothing_else_that_is_binary_does(desk: Desk, frame: bytes) -> None:
    desk.on_frame(frame)
    assert desk.bytes_said() == []


def test_no_more_is_under_way_than_the_window_until_the_other_end_says_a_word(desk: Desk) -> None:
    half = bytes(512 * 1024)
    fit = slices.WINDOW // len(half)
    for place in range(fit + 10):
        desk.on_frame(file_slice(half, place * len(half)))
        desk.relay._up.heard()
    assert len(desk.bytes_said()) == fit
    desk.relay.receive({"type": "ping", "t": 1, "n": 0})
    desk.on_frame(file_slice(half))
    assert len(desk.bytes_said()) == fit + 1

    for _ in range(fit + 10):
        desk.relay.receive({"type": "bytes", "header": SLICE}, [half])
    assert fit - 1 <= len(desk.sent) <= fit
    sent = len(desk.sent)
    desk.on_frame('{"type":"upload"}')
    desk.relay.receive({"type": "bytes", "header": SLICE}, [half])
    assert len(desk.sent) == sent + 1


def test_a_browser_that_cannot_be_reached_harms_nothing(desk: Desk) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("The comm is closed.")

    desk.relay._send = fail
    desk.on_frame(file_slice(b"abc"))
    desk.relay.receive({"type": "bytes", "header": SLICE}, [b"a"])
    assert len(desk.sent) == 1
