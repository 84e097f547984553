"""Gitter: its rooms as TSV without a header, and the messages of its API as JSON."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from collabchat.errors import Invalid
from collabchat.importers.format import Format, Options
from collabchat.importers.readers.ordered import Row, in_order
from collabchat.importers.records import Broken, Person, Place, Record, Room, Talk, mention
from collabchat.importers.source import Source

_COLUMNS = 7
_LONGEST = 1 << 24
_MENTION = re.compile(r"(?<![\w`/@])@([A-Za-z0-9][A-Za-z0-9_-]*)")
_FIRST = re.compile(rb"^[0-9a-f]{24}\t[^\t\n]+\t\d{4}-\d\d-\d\dT[\d:.]+Z\t")


class _User(msgspec.Struct, rename="camel"):
    id: str
    username: str = ""
    display_name: str = ""


class _Mention(msgspec.Struct, rename="camel"):
    screen_name: str = ""
    user_id: str | None = None


class _Message(msgspec.Struct, rename="camel"):
    id: str
    sent: str
    text: str = ""
    edited_at: str | None = None
    from_user: _User | None = None
    parent_id: str | None = None
    mentions: list[_Mention] = []
    status: bool = False


class _Reading:
    """What one reading of a source knows so far."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.people: dict[str, str] = {}
        """Keys by handle in small letters."""
        self.known: set[str] = set()

    def person(self, key: str, handle: str, name: str = "") -> Iterator[Record]:
        if key not in self.known:
            self.known.add(key)
            self.people.setdefault(handle.lower(), key)
            yield Person(key=key, handle=handle or key, name=name)

    def linked(self, text: str) -> str:
        """The text with its mentions of people who are known."""
        if "@" not in text:
            return text
        return _MENTION.sub(self._linked_one, text)

    def _linked_one(self, match: re.Match[str]) -> str:
        key = self.people.get(match[1].lower())
        return match[0] if key is None else mention(key)


def matches(source: Source) -> bool:
    """Whether a file begins like a row of a room, or is a list of Gitter's messages."""
    for path in source.files("**/*.tsv")[:3]:
        with path.open("rb") as file:
            if _FIRST.match(file.read(400)):
                return True
    for path in source.files("**/*.json")[:3]:
        with path.open("rb") as file:
            start = file.read(4_000)
        if start.lstrip()[:1] == b"[" and b'"fromUser"' in start and b'"sent"' in start:
            return True
    return False


def read(source: Source, options: Options) -> Iterator[Record]:
    """People, rooms and messages of every file."""
    state = _Reading(source)
    tables, lists = source.files("**/*.tsv"), source.files("**/*.json")
    if not tables and not lists:
        raise Invalid("there is no .tsv or .json file of Gitter in it")
    for path in tables:
        yield from _table(path, state)
    for path in lists:
        yield from _api(path, state, options)


# ---------------------------------------------------------------- rows


def _table(path: Path, state: _Reading) -> Iterator[Record]:
    """One pass that finds who is there and what is broken, while the rows are put into the order of time."""
    file = state.source.name_of(path)
    found: list[Record] = []
    rooms: set[str] = set()

    def rows() -> Iterator[Row]:
        csv.field_size_limit(_LONGEST)
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as opened:
            reader = csv.reader((line.replace("\0", "") for line in opened), delimiter="\t")
            line = 1
            while True:
                try:
                    row = next(reader, None)
                except csv.Error as error:
                    found.append(Broken(file=file, line=line, reason=f"no row of a table: {error}", record=""))
                    line = reader.line_num + 1
                    continue
                if row is None:
                    return
                time = _micros(row[2]) if len(row) == _COLUMNS else None
                if time is not None and row[0] and row[3] and row[5]:
                    if row[0] not in rooms:
                        rooms.add(row[0])
                        found.append(Room(key=row[0], name=_room_name(row[1])))
                    if row[3] not in state.known:
                        found.extend(state.person(row[3], row[4]))
                    # The newest stands first: of two at one time the later row is the earlier message.
                    yield time, -line, row
                elif row:
                    reason = f"{len(row)} fields, not 7" if len(row) != _COLUMNS else "no time, or an id is missing"
                    found.append(Broken(file=file, line=line, reason=reason, record="\t".join(row)[:2_000]))
                line = reader.line_num + 1

    ordered = in_order(rows())
    first = next(ordered, None)
    yield from found
    if first is not None:
        yield from _talk_of(first, ordered, state, file)


def _talk_of(first: Row, rest: Iterator[Row], state: _Reading, file: str) -> Iterator[Record]:
    last = -1
    here: dict[str, int] = {}
    row: Row | None = first
    while row is not None:
        time, line, (room, _, _, author, _, key, text) = row
        if time != last:
            last, here = time, {}
        seen = here[key] = here.get(key, 0) + 1
        # Some archives hold a page of messages twice: each is a row, so each is a message.
        yield Talk(
            key=key if seen == 1 else f"{key}-{seen}",
            room=room,
            author=author,
            time=time,
            text=state.linked(text) if "@" in text else text,
            place=Place(file=file, line=-line),
        )
        row = next(rest, None)


def _room_name(name: str) -> str:
    """``Owner/Room`` is ``Room`` to those who are in it, and ``Owner/Room`` where that alone would say little."""
    return name.rpartition("/")[2] or name


def _micros(text: str) -> int | None:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return round(moment.timestamp() * 1_000) * 1_000 + moment.microsecond % 1_000


# ---------------------------------------------------------------- JSON


def _api(path: Path, state: _Reading, options: Options) -> Iterator[Record]:
    file = state.source.name_of(path)
    try:
        raws = msgspec.json.decode(path.read_bytes(), type=list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        yield Broken(file=file, line=None, reason=f"not a list of messages: {error}", record="")
        return
    room = options.room or path.stem
    yield Room(key=room, name=room)
    decoder = msgspec.json.Decoder(_Message)
    good: list[tuple[int, _Message]] = []
    for raw in raws:
        try:
            message = decoder.decode(raw)
        except msgspec.DecodeError as error:
            yield _broken(file, str(error), raw)
            continue
        time = _micros(message.sent)
        if time is None or message.from_user is None:
            yield _broken(file, "no author" if time is not None else "no time", raw)
            continue
        yield from state.person(message.from_user.id, message.from_user.username, message.from_user.display_name)
        good.append((time, message))
    good.sort(key=lambda one: one[0])
    for time, message in good:
        assert message.from_user is not None
        text = state.linked(message.text)
        yield Talk(
            key=message.id,
            room=room,
            author=message.from_user.id,
            time=time,
            text=f"_{text}_" if message.status and text else text,
            thread=message.parent_id,
            edited_at=_micros(message.edited_at) if message.edited_at else None,
            deleted=not message.text,
            place=Place(file=file),
        )


def _broken(file: str, reason: str, raw: Any) -> Broken:
    return Broken(file=file, line=None, reason=reason, record=bytes(raw).decode(errors="replace")[:2_000])


FORMAT = Format(name="gitter", title="Gitter rooms (TSV or JSON)", matches=matches, read=read)
