"""WhatsApp: the text that "Export chat" writes, on Android and on an iPhone, alone or with the files beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from collabchat.errors import Invalid
from collabchat.importers.format import Format, Options
from collabchat.importers.readers import whatsapp_words as words
from collabchat.importers.readers.plain import Clock, Keys, days_of, lines
from collabchat.importers.records import Broken, Enclosed, Person, Place, Record, Room, Talk, mention
from collabchat.importers.source import Source

_MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_NO_MARKS = dict.fromkeys(map(ord, _MARKS))
_HALF = r"[ap]\.?[\s\u00a0\u202f]?m\b\.?|上午|下午|오전|오후|午前|午後|[صم]"
_HEAD = re.compile(
    rf"[{_MARKS}]*(?P<ios>\[)?(?P<a>\d{{1,4}})(?P<mark>[./-])[ ]?(?P<b>\d{{1,2}})[./-][ ]?(?P<c>\d{{1,4}})\.?,?"
    rf"[\s\u00a0\u202f]+(?:(?P<before>{_HALF})\s?)?(?P<h>\d{{1,2}})[:.](?P<m>\d{{2}})(?:[:.](?P<s>\d{{2}}))?"
    rf"(?:[\s\u00a0\u202f]?(?P<after>{_HALF}))?(?(ios)\]|[\s\u00a0\u202f]+[-\u2013])[ ](?P<rest>.*)",
    re.IGNORECASE,
)
_STARTS = frozenset("0123456789[" + _MARKS)
_BOLD = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]*[^\s*])\*(?![\w*])")
_STRUCK = re.compile(r"(?<![\w~])~(?=[^\s~])([^~\n]*[^\s~])~(?![\w~])")
_NAMED = re.compile("@\u2068([^\u2069\n]{1,80})\u2069")
_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
_SYSTEM = "system"
_LONGEST_NAME = 80
_SAID = 40_000
"""A message is no longer than this; the lines behind belong to no message."""


class _Head(NamedTuple):
    a: int
    b: int
    c: int
    seconds: int
    ios: bool
    name: str
    text: str
    """What was said, or the whole of a line of the system (then the name is empty)."""


class _Known(NamedTuple):
    order: str
    names: dict[str, None]
    ios: bool


def matches(source: Source) -> bool:
    """Whether a text begins with WhatsApp's date, time and name."""
    return any(_looks_like_it(path) for path in source.files("*.txt")[:5])


def _looks_like_it(path: Path) -> bool:
    # Its lines have a date with the year and a time, and a dash or brackets: so have no other texts.
    for number, line in lines(path):
        if _head(line) is not None:
            return True
        if number >= 20:
            break
    return False


def read(source: Source, options: Options) -> Iterator[Record]:
    """Each text is a room."""
    found = [path for path in source.files("*.txt") if _looks_like_it(path)]
    if not found:
        raise Invalid("there is no text with lines like '31/12/2026, 18:05 - Ana: …' or '[31.12.26, 18:05:00] Ana: …'")
    people: set[str] = set()
    for path in found:
        yield from _Chat(source, path, options, alone=len(found) == 1).read(people)


# ---------------------------------------------------------------- a line


def _head(line: str) -> _Head | None:
    """What the first line of a message says; None for a further line of the one before."""
    if not line or line[0] not in _STARTS:
        return None
    match = _HEAD.match(line)
    if match is None:
        return None
    ios, a, _, b, c, before, h, m, s, after, rest = match.groups()
    hour, minute, second = int(h), int(m), int(s or 0)
    half = before or after
    if half:
        short = half.lower().replace(".", "").replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
        hour = hour % 12 + words.AFTERNOON.get(short, 0)
    if hour > 23 or minute > 59 or second > 60:
        return None
    name, colon, text = rest.partition(": ")
    if not colon and rest.endswith(":"):
        name, colon, text = rest[:-1], ":", ""
    if not colon or len(name) > _LONGEST_NAME or '"' in name or "“" in name or "„" in name or "«" in name:
        name, text = "", rest
    else:
        name = _plain_name(name)
    return _Head(int(a), int(b), int(c), hour * 3_600 + minute * 60 + min(second, 59), bool(ios), name, text)


def _plain_name(name: str) -> str:
    if not name.isascii():
        name = name.translate(_NO_MARKS).replace("\u00a0", " ").replace("\u202f", " ")
    # An iPhone marks who is not in the address book.
    return name.removeprefix("~").strip() if name.startswith("~") else name.strip()


def _year(value: int) -> int:
    return value if value >= 100 else 2_000 + value


def _date(order: str, a: int, b: int, c: int) -> tuple[int, int, int]:
    if order == "ymd":
        return _year(a), b, c
    return (_year(c), b, a) if order == "dmy" else (_year(c), a, b)


# ---------------------------------------------------------------- the first look


def _look(path: Path, wanted: str | None, shown: str) -> _Known:
    """The order of day and month, and who writes: over the whole file, since the first lines may not tell."""
    names: dict[str, None] = {}
    last: tuple[int, int, int] | None = None
    came: dict[str, tuple[int, int, int]] = {}
    back = {"dmy": 0, "mdy": 0}
    fits = {"dmy": True, "mdy": True}
    differs, year_first, ios = False, False, False
    for _, line in lines(path):
        head = _head(line)
        if head is None:
            continue
        ios = ios or head.ios
        if head.name and not (head.ios and head.text.startswith("\u200e")):
            names[head.name] = None
        date = head[:3]
        if date == last:
            continue
        last = date
        a, b, c = date
        year_first = year_first or a > 31
        differs = differs or a != b
        for order in ("dmy", "mdy"):
            year, month, day = _date(order, a, b, c)
            if month > 12 or day > 31:
                fits[order] = False
            if order in came and (year, month, day) < came[order]:
                back[order] += 1
            came[order] = (year, month, day)
    if wanted:
        order = wanted
    elif year_first:
        order = "ymd"
    elif fits["dmy"] != fits["mdy"]:
        order = "dmy" if fits["dmy"] else "mdy"
    elif not differs:
        order = "dmy"
    elif bool(back["dmy"]) != bool(back["mdy"]):
        order = "mdy" if back["dmy"] else "dmy"
    else:
        raise Invalid(
            f"{shown}: whether day or month comes first cannot be told from its dates: "
            "say date_order='dmy' (31/12/26) or 'mdy' (12/31/26)"
        )
    return _Known(order, names, ios)


# ---------------------------------------------------------------- a conversation


class _Chat:
    def __init__(self, source: Source, path: Path, options: Options, *, alone: bool) -> None:
        self._source, self._path = source, path
        self._file = source.name_of(path)
        self._known = _look(path, options.date_order, self._file)
        self._clock, self._keys = Clock(options.tz), Keys()
        self._named = self._named_in_files(alone)
        self._room = (options.room if alone else None) or self._named or path.stem
        self._last: tuple[int, int, int] | None = None
        self._day = 0

    def _named_in_files(self, alone: bool) -> str | None:
        titles = [self._path.stem]
        if self._path.parent != self._source.path or alone:
            titles += [self._path.parent.name, Path(self._source.identity).stem]
        for title in titles:
            match = words.CHAT_WITH.match(re.sub(r" \(\d+\)$", "", title))
            if match is not None:
                return match["name"].strip()
        return None

    def read(self, people: set[str]) -> Iterator[Record]:
        names = list(self._known.names)
        direct = len(names) <= 2 and self._named is not None and self._named in (*names, None)
        for name in names:
            if name not in people:
                people.add(name)
                yield Person(key=name, handle=name, name=name)
        if _SYSTEM not in people:
            people.add(_SYSTEM)
            yield Person(key=_SYSTEM, handle="whatsapp", name="WhatsApp", bot=True)
        kind = "direct" if direct and len(names) == 2 else "private"
        yield Room(key=self._room, name=self._room, kind=kind, members=names)  # type: ignore[arg-type]
        head: _Head | None = None
        start, more, size = 0, [], 0
        for number, line in lines(self._path):
            found = _head(line)
            if found is None:
                if head is None:
                    if line.strip(_MARKS + " "):
                        yield self._broken(number, "no message begins before it", line)
                elif size <= _SAID:
                    more.append(line)
                    size += len(line) + 1
                else:
                    yield self._broken(number, "the message before it is too long", line)
                continue
            if head is not None:
                yield self._record(head, start, more)
            head, start, more, size = found, number, [], len(found.text)
        if head is not None:
            yield self._record(head, start, more)

    def _broken(self, line: int, reason: str, text: str) -> Broken:
        return Broken(file=self._file, line=line, reason=reason, record=text[:2_000])

    def _record(self, head: _Head, line: int, more: list[str]) -> Record:
        date = head[:3]
        if date != self._last:
            try:
                self._day = days_of(*_date(self._known.order, *date))
            except ValueError:
                return self._broken(line, "there is no such day", f"{date} {head.name}: {head.text}")
            self._last = date
        raw = "\n".join([head.text, *more]) if more else head.text
        system = not head.name or (head.ios and raw.startswith("\u200e") and not _is_media(raw))
        text, files, edited, deleted, keyed = self._said(raw, head.ios) if not system else _plain(raw)
        author = self._who(text) if system else head.name
        stamp = f"{self._day}:{head.seconds}"
        time = self._clock.micros(self._day, head.seconds)
        return Talk(
            key=self._keys.of(self._room, stamp, "" if system else author, keyed),
            room=self._room,
            author=author,
            time=time,
            text=text,
            kind="system" if system else "text",
            edited_at=time if edited else None,
            deleted=deleted,
            files=files,
            place=Place(file=self._file, line=line),
        )

    def _who(self, text: str) -> str:
        """Who did what a line of the system tells: the longest name that it begins with."""
        end, found = text.find(" "), _SYSTEM
        while 0 < end <= _LONGEST_NAME:
            if text[:end] in self._known.names:
                found = text[:end]
            end = text.find(" ", end + 1)
        return found

    def _said(self, raw: str, ios: bool) -> tuple[str, list[Enclosed], bool, bool, str]:
        """The text, its files, whether it was edited or deleted, and what its key is made of."""
        text, files, edited, media = raw, [], False, False
        if "<" in text or ("(" in text and "." in text):
            if ">" in text and (found := words.EDITED.search(text)):
                text, edited = text[: found.start()], True
            match = words.ATTACHED.match(text.lstrip(_MARKS))
            if match is None and ios:
                match = words.ATTACHED_IOS.search(text)
                rest = "" if match is None else (text[: match.start()] + text[match.end() :])
            else:
                rest = "" if match is None else text.lstrip(_MARKS)[match.end() :]
            if match is not None:
                files, text, media = [self._enclosed(match["name"])], rest.strip(_MARKS + " \n"), True
        if not text.isascii():
            if "\u2068" in text:
                text = _NAMED.sub(self._mentioned, text)
            text = text.translate(_NO_MARKS)
        if not media and (omitted := _omitted(text, raw)):
            media = True
            said, rest = omitted
            return f"*{said}*" + (f"\n{rest}" if rest else ""), [], edited, False, f"\0media\0{rest}"
        keyed = f"\0media\0{text}" if media else text
        if not media and len(text) < 60 and text.rstrip(".").casefold() in words.DELETED:
            return "", [], False, True, keyed
        return _markdown(text), files, edited, False, keyed

    def _mentioned(self, match: re.Match[str]) -> str:
        name = _plain_name(match[1])
        return mention(name) if name in self._known.names else f"@{name}"

    def _enclosed(self, name: str) -> Enclosed:
        """A file of an export with its files; what only stands beside a single text is left alone."""
        name = name.translate(_NO_MARKS).strip()
        local = self._path.parent / name
        plain = "/" not in name and "\\" not in name and name not in ("..", ".")
        if self._source.path.is_dir() and plain and local.is_file() and not local.is_symlink():
            return Enclosed(name=name, path=local)
        return Enclosed(name=name.replace("/", "_").replace("\\", "_"))


def _plain(raw: str) -> tuple[str, list[Enclosed], bool, bool, str]:
    text = raw if raw.isascii() else raw.translate(_NO_MARKS).strip()
    return text, [], False, False, text


def _omitted(text: str, raw: str) -> tuple[str, str] | None:
    """What stands for a file that is not there, and what was written below it."""
    first, _, rest = text.partition("\n")
    if first.startswith("<") and first.endswith(">") and first[1:-1].casefold() in words.OMITTED:
        return first[1:-1], rest
    if raw.startswith("\u200e") and len(first) < 60 and first.rstrip().endswith(words.OMITTED_ENDS):
        return first.strip(), rest
    return None


def _is_media(raw: str) -> bool:
    """An iPhone marks its own words: a file, one that was left out, and what was deleted belong to who sent them."""
    first = raw.translate(_NO_MARKS).partition("\n")[0].strip()
    return (
        first.endswith(words.OMITTED_ENDS)
        or words.ATTACHED_IOS.search(first) is not None
        or first.rstrip(".").casefold() in words.DELETED
    )


def _markdown(text: str) -> str:
    """WhatsApp's ``*bold*`` and ``~struck~`` are ``**bold**`` and ``~~struck~~`` here; code is left alone."""
    if "*" not in text and "~" not in text:
        return text
    parts = _CODE.split(text) if "`" in text else [text]
    for at in range(0, len(parts), 2):
        parts[at] = _STRUCK.sub(r"~~\1~~", _BOLD.sub(r"**\1**", parts[at]))
    return "".join(parts)


FORMAT = Format(
    name="whatsapp", title="WhatsApp text", matches=matches, read=read, options=("tz", "date_order", "room")
)
