"""What the process is asked and what it answers, over its standard input and output.

Both ways a frame is four bytes (big endian) with a length and so many bytes of JSON. An answer is followed by four
more bytes with the length of a picture, and the picture. The hub has the same records (a test compares them).
"""

from __future__ import annotations

from typing import BinaryIO, Literal

import msgspec

from collabchat import protocol as p

LONGEST_JOB = 1_048_576


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A file, and what is wanted of it."""

    what: Literal["thumbnail", "preview", "text"]
    path: str
    name: str
    type: str
    kind: p.FileKind
    size: int
    side: int = 0
    """Pixels of a thumbnail."""


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """What was made of it."""

    preview: p.AnyPreview | None = None
    text: str = ""
    media_type: str = ""
    """Of the picture; empty where there is none."""
    width: int = 0
    height: int = 0
    fault: str = ""
    """For the log of the hub: what went wrong where nobody had thought of it."""
    leaves: bool = False
    """The process ends after this answer: it has used up its memory."""


class Unreadable(Exception):  # noqa: N818
    """A file cannot be shown; the sentence says why and may be shown to anybody."""


_job = msgspec.json.Decoder(Job)


def read_job(stream: BinaryIO) -> Job | None:
    """The next job; None where the hub is gone."""
    head = stream.read(4)
    length = int.from_bytes(head, "big")
    if len(head) < 4 or length > LONGEST_JOB:
        return None
    body = stream.read(length)
    return _job.decode(body) if len(body) == length else None


def write_made(stream: BinaryIO, made: Made, picture: bytes) -> None:
    """Answer a job."""
    body = msgspec.json.encode(made)
    stream.write(b"".join((len(body).to_bytes(4, "big"), body, len(picture).to_bytes(4, "big"), picture)))
    stream.flush()
