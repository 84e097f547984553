"""A room with many files and links over many months, written while no hub runs."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from collabchat import protocol as p
from collabchat.store.seed import Seeder

HOUR = 3_600_000_000
START = 1_735_725_600_000_000
"""The first of January 2025, ten o'clock."""


def png(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """A picture of one colour, with a lighter square in it."""
    light = tuple(min(255, part + 90) for part in colour)
    inside = range(width // 4, 3 * width // 4)
    rows = [
        b"\0"
        + b"".join(bytes(light if x in inside and height // 4 < y < 3 * height // 4 else colour) for x in range(width))
        for y in range(height)
    ]

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"".join(rows)))
        + chunk(b"IEND", b"")
    )


def content(number: int) -> bytes:
    """What is in the file of a message; every fifty of them it is the same."""
    kind = number % 50
    return f"day,rows\n{kind},{kind * 7}\n".encode() * (1 + kind)


class Shelf:
    """Writes a room: a file or a link every few hours.

    Parameters
    ----------
    folder
        The workspace.
    name
        Of the room.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.seeder = Seeder(folder)
        self.at = START
        self.people = [
            self.seeder.member(handle, name=full, at=START)
            for handle, full in (("ana", "Ana Ruiz"), ("bo", "Bo Lindqvist"), ("cy", "Cyrus Mehta"))
        ]
        self.room = self.seeder.room(name, by=self.people[0], members=self.people, at=START)

    def post(self, author: int, text: str, *files: p.Attachment) -> p.Id:
        """A message of one of the people, four hours after the one before."""
        self.at += 4 * HOUR
        if not files:
            return self.seeder.post(self.room, self.people[author], text, at=self.at)
        data = p.Posted(
            id=str(self.seeder.directory.seq + 1),
            text=text,
            kind="text",
            thread=None,
            reply_to=None,
            mentions=[],
            files=list(files),
        )
        self.seeder.workspace.decide(self.people[author], data, room=self.room, req=None, now=self.at)
        return data.id

    def file(self, name: str, data: bytes, kind: p.FileKind, media_type: str, *size: int) -> p.Attachment:
        """Keep some bytes; the file that they are."""
        sha = self.seeder.workspace.blobs.put(data)
        width, height = size or (None, None)
        return p.Attachment(
            name=name, size=len(data), type=media_type, kind=kind, sha256=sha, width=width, height=height
        )

    def fill(self, count: int) -> None:
        """So many messages: of ten one has a picture, two have a link, one has two files, the rest have one."""
        for number in range(count):
            author = number % 3
            if number % 10 == 9:
                shade = number // 10 % 7
                colour = (40 + shade * 37 % 150, 60 + shade * 53 % 130, 90 + shade * 29 % 120)
                data = png(96, 64, colour)
                self.post(author, "", self.file(f"chart {number}.png", data, "picture", "image/png", 96, 64))
            elif number % 10 in (3, 6):
                self.post(author, f"See https://example.org/report/{number // 20} for the long story.")
            else:
                names = [f"load {number}.csv"] if number % 10 else [f"load {number}.csv", "report.csv"]
                files = [self.file(name, content(number), "data", "text/csv") for name in names]
                self.post(author, "The numbers of this week." if number % 4 == 0 else "", *files)

    def __enter__(self) -> Shelf:
        return self

    def __exit__(self, *given: object) -> None:
        self.seeder.close()
