"""Bytes of files on their way through the kernel: what passes, and how much of it at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

__all__ = ["LARGEST", "WINDOW", "Flow", "pack", "unpack"]

WINDOW = 16_000_000
"""Bytes that may be under way in one direction since the other end last said a word."""
LARGEST = 1_100_000
"""Bytes of a frame that the hub reads; a longer one would cost the connection."""
_LONGEST_HEADER = 4_096


class _Typed(msgspec.Struct):
    type: str = ""


_typed = msgspec.json.Decoder(_Typed)


class Flow:
    """Counts what is under way in one direction; what is too much is dropped, and asked for again by who waits."""

    def __init__(self) -> None:
        self._size = 0

    def passes(self, size: int) -> bool:
        """Whether so many bytes more may go."""
        if self._size + size > WINDOW:
            return False
        self._size += size
        return True

    def heard(self) -> bool:
        """The other end said something: it has taken in what was sent; whether there was anything."""
        some, self._size = self._size > 0, 0
        return some


def pack(header: str, buffers: Sequence[Any] | None) -> bytes | None:
    """A binary frame for the hub from what the browser sent; None where it is no slice of a file."""
    if buffers is None or len(buffers) != 1:
        return None
    head = header.encode("utf-8", "replace")
    payload = memoryview(buffers[0])
    if _type_of(head) != "slice" or len(head) + payload.nbytes > LARGEST:
        return None
    return b"".join((len(head).to_bytes(4, "big"), head, payload))


def unpack(frame: bytes) -> tuple[str, memoryview] | None:
    """Header and bytes of a binary frame of the hub; None where it is nothing that the browser has use for."""
    view = memoryview(frame)
    end = 4 + int.from_bytes(view[:4], "big")
    if end > min(len(view), _LONGEST_HEADER):
        return None
    head = bytes(view[4:end])
    if _type_of(head) not in ("file_slice", "thumbnail"):
        return None
    return head.decode(), view[end:]


def _type_of(head: bytes) -> str:
    try:
        return _typed.decode(head).type
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return ""
