"""The members of a long list within a JSON file, one by one, without the whole file in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from collabchat.importers.readers.json_lists import broken
from collabchat.importers.records import Broken

_PIECE = 1 << 20
_LONGEST = 64 << 20
_SIGNS = re.compile(rb'"(?:[^"\\]|\\.)*+"|[{}\[\]]', re.DOTALL)
_INDENTED = re.compile(rb"\r?\n( +)\{")


def items(path: Path, name: str) -> Iterator[tuple[int, bytes | Broken]]:
    """The objects of the list ``name`` of a file, each with the line that it begins in.

    A file that ends too early gives what is whole, and then what is not.
    """
    with path.open("rb") as file:
        start = re.compile(rb'"%s"\s*:\s*\[' % re.escape(name.encode()))
        data = b""
        while (found := start.search(data)) is None:
            piece = file.read(_PIECE)
            if not piece or len(data) > _LONGEST:
                yield 1, broken(path.name, 1, f"there is no list {name!r}", data[:2_000])
                return
            data += piece
        line = data.count(b"\n", 0, found.end()) + 1
        data = data[found.end() :]
        while True:
            at = 0
            ended = False
            while True:
                begin, end = _next(data, at)
                if end < 0:
                    ended = begin < 0
                    break
                line += data.count(b"\n", at, begin)
                yield line, data[begin:end]
                line += data.count(b"\n", begin, end)
                at = end
            data = data[at:]
            if ended:
                return
            piece = file.read(_PIECE)
            if not piece or len(data) > _LONGEST:
                yield line, broken(path.name, line, "the file ends within a record", data[:2_000])
                return
            data += piece


def _next(data: bytes, at: int) -> tuple[int, int]:
    """Where the next object begins and ends; an end of -1 where it is not whole, both -1 at the end of the list."""
    begin = at
    while begin < len(data) and data[begin] in b" \t\r\n,":
        begin += 1
    if begin >= len(data):
        return begin, -1
    if data[begin] == 0x5D:
        return -1, -1
    # Where each level is set in, the line that ends an object looks like no other.
    indented = _INDENTED.search(data, max(at, begin - 40), begin + 1)
    if indented is not None and indented.end() == begin + 1 and data[begin + 1 : begin + 2] in b"\r\n":
        close = b"\n" + indented[1] + b"}"
        end = data.find(close, begin)
        while end >= 0 and data[end + len(close) : end + len(close) + 1] not in (b",", b"\r", b"\n", b" ", b"]"):
            end = data.find(close, end + 1)
        return begin, end + len(close) if end >= 0 else -1
    depth = 0
    for sign in _SIGNS.finditer(data, begin):
        first = data[sign.start()]
        if first in b"{[":
            depth += 1
        elif first in b"}]":
            depth -= 1
            if depth <= 0:
                return begin, sign.end()
    return begin, -1
