"""What text logs share: their lines, their clock, and keys for messages that have no id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from zoneinfo import ZoneInfo

from collabchat.errors import Invalid

_BLOCK = 1 << 20
_LONGEST = 1 << 22
"""Bytes of the longest line that is kept as one."""
_EPOCH = dt.date(1970, 1, 1).toordinal()
_DAY = 86_400
_REMEMBERED = 100_000


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """Each line with its number from 1, without its end: UTF-8, or UTF-16 with a mark, else Windows' Latin."""
    with path.open("rb") as file:
        start = file.read(3)
        file.seek(3 if start == b"\xef\xbb\xbf" else 0)
        if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
            yield from _wide(path)
            return
        number, rest = 0, b""
        while block := file.read(_BLOCK):
            block = rest + block
            end = block.rfind(b"\n") + 1
            if not end and len(block) < _LONGEST:
                rest = block
                continue
            end = end or len(block)
            block, rest = block[:end], block[end:]
            for line in _decoded(block.removesuffix(b"\n")):
                number += 1
                yield number, line
        if rest:
            for line in _decoded(rest):
                number += 1
                yield number, line


def _decoded(block: bytes) -> list[str]:
    try:
        found = block.decode().split("\n")
    except UnicodeDecodeError:
        found = [_one(line) for line in block.split(b"\n")]
    return [line[:-1] if line.endswith("\r") else line for line in found] if b"\r" in block else found


def _one(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def _wide(path: Path) -> Iterator[tuple[int, str]]:
    with path.open(encoding="utf-16", errors="replace", newline="\n") as file:
        for number, line in enumerate(file, 1):
            yield number, line.rstrip("\r\n")


def days_of(year: int, month: int, day: int) -> int:
    """Days since 1970; ValueError where there is no such day."""
    return dt.date(year, month, day).toordinal() - _EPOCH


class Clock:
    """Turns the times of a zone, as a log writes them, into microseconds since 1970 in UTC."""

    def __init__(self, tz: str) -> None:
        try:
            self._zone = None if tz.upper() == "UTC" else ZoneInfo(tz)
        except (ValueError, OSError, KeyError):
            raise Invalid(f"there is no time zone {tz!r}: name one like Europe/Berlin") from None
        self._quarter = -1
        self._offset = 0
        self._last = -1 << 62

    def micros(self, days: int, seconds: int, micros: int = 0) -> int:
        """The moment. An hour that a clock shows twice is the second one where the log has come so far."""
        if self._zone is None:
            return (days * _DAY + seconds) * 1_000_000 + micros
        quarter = days * 96 + seconds // 900
        if quarter != self._quarter:
            self._quarter, self._offset = quarter, self._offset_of(days, seconds, 0)
        found = (days * _DAY + seconds - self._offset) * 1_000_000 + micros
        if found < self._last:
            later = (days * _DAY + seconds - self._offset_of(days, seconds, 1)) * 1_000_000 + micros
            found = later if later >= self._last else found
        self._last = found
        return found

    def _offset_of(self, days: int, seconds: int, fold: int) -> int:
        moment = dt.datetime.fromordinal(_EPOCH + days) + dt.timedelta(seconds=seconds)
        offset = moment.replace(tzinfo=self._zone, fold=fold).utcoffset()
        return int(offset.total_seconds()) if offset else 0


class Keys:
    """Keys for messages without an id: the same for the same line in each export, also in a longer one.

    A key is made of room, time as written, author, text, and how many equal ones came before. Only the newest of those
    are remembered, so that a log of any length can be read.
    """

    def __init__(self) -> None:
        self._new: dict[bytes, int] = {}
        self._old: dict[bytes, int] = {}

    def of(self, room: str, stamp: str, author: str, text: str) -> str:
        """The key of the next message."""
        digest = blake2b(f"{room}\0{stamp}\0{author}\0{text}".encode(errors="surrogatepass"), digest_size=12).digest()
        seen = self._new.get(digest)
        if seen is None:
            seen = self._old.get(digest, 0)
        self._new[digest] = seen + 1
        if len(self._new) >= _REMEMBERED:
            self._old, self._new = self._new, {}
        return f"{digest.hex()}-{seen}" if seen else digest.hex()
