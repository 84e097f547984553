"""What a panel in the browser and its relay in the kernel say to each other.

They are custom messages of the widget, never traits: traits are saved into notebooks. None of them has a key
named ``id`` at its top (ipykernel 7.4 keeps an entry for each of those).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

State = Literal["visitor", "connecting", "open", "lost", "closed"]


class FromBrowser(Struct, frozen=True, kw_only=True, tag_field="type"):
    """A message of the browser."""


class Attach(FromBrowser, frozen=True, kw_only=True, tag="attach"):
    """A view was drawn, or came back: it asks for the state."""

    view: str = ""


class Frames(FromBrowser, frozen=True, kw_only=True, tag="frames"):
    """Frames of the protocol for the hub, unchanged."""

    frames: list[str]


class Bytes(FromBrowser, frozen=True, kw_only=True, tag="bytes"):
    """A slice of a file for the hub: the header of the protocol; the bytes are beside it."""

    header: Annotated[str, Meta(max_length=1000)]


class Ping(FromBrowser, frozen=True, kw_only=True, tag="ping"):
    """A sign of life, every 5 s; ``t`` is echoed, ``n`` is the number of the last push that was seen."""

    t: float = 0
    n: int = 0


class Visitor(FromBrowser, frozen=True, kw_only=True, tag="visitor"):
    """The name that a visitor has chosen."""

    name: Annotated[str, Meta(max_length=1000)]


class Asset(FromBrowser, frozen=True, kw_only=True, tag="asset"):
    """A file of the installed package is needed; ``t`` is echoed."""

    name: Annotated[str, Meta(max_length=200)]
    t: float = 0


class Placed(FromBrowser, frozen=True, kw_only=True, tag="placed"):
    """A room was opened in a view, or a message chosen there."""

    room: Annotated[str, Meta(max_length=1000)]
    selected: Annotated[str, Meta(pattern=r"^[0-9]{0,18}\Z")] = ""
    """The message's id; empty where none is chosen."""
    asked: Annotated[int, Meta(ge=0)] = 0
    """How many times the kernel had set them, as far as the browser knew."""


class Sent(FromBrowser, frozen=True, kw_only=True, tag="sent"):
    """The hub has a message that was written in this panel."""

    room: Annotated[str, Meta(max_length=1000)]
    text: str
    message: str
    """Its id."""
    reply_to: str | None = None


AnyFromBrowser = Attach | Frames | Bytes | Ping | Visitor | Asset | Placed | Sent


def read(content: Any) -> AnyFromBrowser:
    """The message of the browser in a custom message's content.

    Raises
    ------
    msgspec.ValidationError
        Where it is none.
    """
    return msgspec.convert(content, AnyFromBrowser)  # type: ignore[no-any-return]


def frames(n: int, waiting: list[str]) -> dict[str, Any]:
    """A push: the hub's frames, and the push's number (from 1, without a gap)."""
    return {"type": "frames", "n": n, "frames": waiting}


def file_bytes(header: str) -> dict[str, Any]:
    """Bytes of a file, which are beside it, with the protocol's header. It has no number: who waits asks again."""
    return {"type": "bytes", "header": header}


def state(n: int, value: State, message: str, epoch: int) -> dict[str, Any]:
    """How the connection to the hub is; ``epoch`` counts the connections, ``n`` is the last push's number."""
    return {"type": "state", "state": value, "message": message, "epoch": epoch, "n": n}


def pong(n: int, t: float, epoch: int, value: State) -> dict[str, Any]:
    """The answer to a ping."""
    return {"type": "pong", "t": t, "n": n, "epoch": epoch, "state": value}


def asset(name: str, t: float, problem: Literal["", "stale", "unknown"]) -> dict[str, Any]:
    """The answer to `Asset`; the bytes are beside it, packed, unless there is a problem."""
    return {"type": "asset", "name": name, "t": t, "problem": problem}
