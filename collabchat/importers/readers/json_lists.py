"""Lists of JSON records of which some may be broken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from collabchat.importers.records import Broken

T = TypeVar("T")
_CUT = 2_000
_FAULTS = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""Not of the type, not JSON, not text, or in itself too often."""
_RAW = msgspec.json.Decoder(list[msgspec.Raw])


class JsonLists(Generic[T]):
    """Reads files that are one list of records of a type each: what is broken is told, and the rest is read.

    Examples
    --------
    >>> lists = JsonLists(int)
    >>> list(lists.records(b'[1, "two", 3]', "some.json"))[0::2]
    [1, 3]
    """

    def __init__(self, kind: type[T]) -> None:
        self._all = msgspec.json.Decoder(list[kind])  # type: ignore[valid-type]
        self._one = msgspec.json.Decoder(kind)

    def file(self, path: Path, name: str) -> Iterator[T | Broken]:
        """The records of a file; ``name`` is what the report calls it."""
        try:
            data = path.read_bytes()
        except OSError as error:
            yield Broken(file=name, line=None, reason=f"cannot be read: {error.strerror}", record="")
            return
        yield from self.records(data, name)

    def records(self, data: bytes, name: str) -> Iterator[T | Broken]:
        """The records of a list."""
        try:
            yield from self._all.decode(data)
        except _FAULTS:
            yield from self._one_by_one(data, name)

    def _one_by_one(self, data: bytes, name: str) -> Iterator[T | Broken]:
        try:
            raws = [bytes(raw) for raw in _RAW.decode(data)]
        except _FAULTS as error:
            yield from self._salvaged(data, name, str(error))
            return
        at, line = 0, 1
        for raw in raws:
            found = data.find(raw, at)
            line += data.count(b"\n", at, found)
            at = found
            yield from self._read(raw, name, line)

    def _salvaged(self, data: bytes, name: str, reason: str) -> Iterator[T | Broken]:
        """What stands before the place where the file itself is broken: cut off, or not JSON any more."""
        text = data.decode("utf-8", errors="replace").removeprefix("\ufeff")
        scan = json.JSONDecoder().raw_decode
        at = text.find("[") + 1
        while at:
            while at < len(text) and text[at] in " \t\r\n,":
                at += 1
            try:
                _, end = scan(text, at)
            except (ValueError, RecursionError):
                break
            line = text.count("\n", 0, at) + 1
            yield from self._read(text[at:end].encode(), name, line)
            at = end
        if text[at : at + 1] != "]" or not at:
            yield Broken(file=name, line=text.count("\n", 0, at) + 1, reason=reason, record=text[at : at + _CUT])

    def _read(self, raw: bytes, name: str, line: int) -> Iterator[T | Broken]:
        try:
            yield self._one.decode(raw)
        except _FAULTS as error:
            yield broken(name, line, str(error), raw)


def broken(name: str, line: int | None, reason: str, record: bytes | str) -> Broken:
    """A record that could not be read, cut for the report."""
    text = record.decode("utf-8", errors="replace") if isinstance(record, bytes) else record
    return Broken(file=name, line=line, reason=reason, record=text[:_CUT])
