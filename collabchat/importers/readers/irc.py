"""IRC logs: irssi, weechat, ZNC, HexChat, mIRC, eggdrop, lines that begin with a channel, patterns of one's own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from collabchat.errors import Invalid
from collabchat.importers.format import Format, Options
from collabchat.importers.readers.irc_lines import HEAD, MONTHS, Said, date_in, day_line, said
from collabchat.importers.readers.irc_marks import plain
from collabchat.importers.readers.irc_pattern import compiled, matched
from collabchat.importers.readers.plain import Clock, Keys, days_of, lines
from collabchat.importers.records import Broken, Person, Place, Record, Room, Talk, mention
from collabchat.importers.source import Source

_ENDS = (".log", ".txt", ".weechatlog", ".irc")
_SYSTEM = "system"
_HOUR = 3_600
_DAY = 24 * _HOUR
_NAME_DATE = re.compile(r"(?<!\d)(\d{4})[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)")
_CHANNEL = re.compile(r"[#&][^\s,\x07/\\]+")
_JOINED = re.compile(
    rb"^.{0,80}(?:joined|Joins:.{1,120}?|now talking (?:on|in)) (?:channel )?([#&][^\s,:\)]+)", re.MULTILINE
)
_TIMES = re.compile(rb"^\[?(\d\d):(\d\d)", re.MULTILINE)
_LINK = re.compile(r"\s*(\d+)\s+(\d+)\s+-")
_RECENT = 2_000
_HEAD_BYTES = 1 << 18


def matches(source: Source) -> bool:
    """Whether the first lines of a file have a time and then somebody, as IRC programs write them."""
    found = _logs(source)
    return any(_looks_like_it(path) for path in found[:5])


def _looks_like_it(path: Path) -> bool:
    good = 0
    for number, line in lines(path):
        match = HEAD.match(line)
        if match is not None:
            body = match["body"].lstrip(" \t")
            good += body.startswith(("<", "* ", "*** ", "-!- ", "--> ", "--\t", "-->\t")) or "\t" in body
        if good >= 2 or number >= 60:
            break
    return good >= 2


def read(source: Source, options: Options) -> Iterator[Record]:
    """The files in the order of their dates; files of one channel are one room."""
    paths = _logs(source)
    if not paths:
        raise Invalid("there is no log (.log, .txt, .weechatlog) in it")
    pattern = compiled(options.pattern, paths[0]) if options.pattern else None
    rooms = _rooms_of(source, paths, options.room)
    state = _Talk(source, options, pattern)
    for path in sorted(paths, key=lambda one: (rooms[one].lower(), _date_of(one) or (0, 0, 0), str(one))):
        yield from state.file(path, rooms[path])
    if not state.understood:
        raise Invalid("no line of it is one of an IRC log: give a pattern with the groups time, nick and text")


def links_of(path: Path) -> list[tuple[int, int]]:
    """The answers that were marked by hand: ``A B -`` says that line B answers line A (both from 0)."""
    return [(int(found[1]), int(found[2])) for _, line in lines(path) if (found := _LINK.match(line))]


# ---------------------------------------------------------------- which files, which rooms


def _logs(source: Source) -> list[Path]:
    return [
        path
        for path in source.files("**/*")
        if (path.suffix.lower() in _ENDS and not path.name.endswith(".annotation.txt") and "LICENSE" not in path.name)
        or (source.path.is_file() and path == source.path)
    ]


def _date_of(path: Path) -> tuple[int, int, int] | None:
    match = _NAME_DATE.search(path.name)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def _rooms_of(source: Source, paths: list[Path], given: str | None) -> dict[Path, str]:
    """A channel in the name of the file or of its folder, else one that people joined in it, else in its neighbours."""
    if given:
        return dict.fromkeys(paths, given)
    named = {path: _named(source, path) or _joined(path) for path in paths}
    beside: dict[Path, Counter[str]] = {}
    for path, room in named.items():
        if room:
            beside.setdefault(path.parent, Counter())[room.lower()] += 1
    found = {}
    for path, room in named.items():
        around = beside.get(path.parent)
        found[path] = room or (around.most_common(1)[0][0] if around else _stem(path))
    return found


def _named(source: Source, path: Path) -> str | None:
    inside = source.name_of(path).replace("\\", "/").split("/")
    for part in reversed(inside):
        match = _CHANNEL.search(_NAME_DATE.sub("", part))
        if match is not None:
            name = match[0]
            for end in _ENDS:
                name = name.removesuffix(end)
            return name.rstrip("._-") or None
    return None


def _joined(path: Path) -> str | None:
    """The channel that most people joined, as far as its first part tells."""
    with path.open("rb") as file:
        start = file.read(_HEAD_BYTES)
    found = Counter(name.decode(errors="replace").lower() for name in _JOINED.findall(start))
    return found.most_common(1)[0][0] if found else None


def _stem(path: Path) -> str:
    name = path.name
    for end in (*_ENDS, ".raw"):
        name = name.removesuffix(end)
    return _NAME_DATE.sub("", name).strip("._- ") or path.parent.name or "irc"


def _half_clock(path: Path) -> bool:
    """Whether its clock counts to twelve and then begins again without saying so: noon cannot be a new day."""
    before, turned = -1, False
    with path.open("rb") as file:
        rest = b""
        while block := file.read(1 << 20):
            block = rest + block
            end = block.rfind(b"\n") + 1
            rest = block[end:] if end else b""
            for hour, minute in _TIMES.findall(block[:end] if end else block):
                now = int(hour) * 60 + int(minute)
                if now >= 13 * 60:
                    return False
                if now < before and 11 * 60 <= before - now <= 12 * 60:
                    turned = True
                before = now
    return turned


# ---------------------------------------------------------------- the talk


class _Talk:
    """Reads one file after another; who was seen where is kept from file to file."""

    def __init__(self, source: Source, options: Options, pattern: re.Pattern[str] | None) -> None:
        self._source, self._options, self._pattern = source, options, pattern
        self._keys: dict[str, Keys] = {}
        self._clocks: dict[str, Clock] = {}
        self._people: set[str] = set()
        self._seen: dict[tuple[str, str], int] = {}
        self._number = 0
        self.understood = False

    def file(self, path: Path, room: str) -> Iterator[Record]:
        shown = self._source.name_of(path)
        marked = path.with_name(path.name.replace(".raw.txt", ".annotation.txt"))
        links = self._answers(marked) if marked != path and marked.is_file() else None
        keys: list[str] = []
        times = _Times(path, self._options, shown)
        waiting: list[tuple[int, str]] = []
        for number, line in lines(path):
            talk = self._line(line, number, room, times, shown)
            if isinstance(talk, str):
                # Without a time of its own: it takes that of the line before, or else of the first one behind.
                if times.known:
                    talk = self._untimed(talk, number, room, times, shown)
                else:
                    waiting.append((number, talk))
                    continue
            elif waiting and times.known:
                for earlier, text in waiting:
                    yield from self._out(self._untimed(text, earlier, room, times, shown), links, keys, earlier)
                waiting = []
            yield from self._out(talk, links, keys, number)
        for number, text in waiting:
            yield Broken(file=shown, line=number, reason="it has no time, and no line near it has", record=text[:2_000])

    def _answers(self, path: Path) -> dict[int, int]:
        """For each line the nearest that it answers; a message quotes one other at most."""
        found: dict[int, int] = {}
        for earlier, later in links_of(path):
            if earlier < later:
                found[later] = max(found.get(later, -1), earlier)
        return found

    def _out(self, made: list[Record], links: dict[int, int] | None, keys: list[str], number: int) -> Iterator[Record]:
        if links is not None:
            while len(keys) < number:
                keys.append("")
            for one in made:
                if isinstance(one, Talk):
                    keys[number - 1] = one.key
                    answered = links.get(number - 1)
                    if answered is not None and answered < number - 1:
                        one.reply_to = keys[answered] or None
        yield from made

    def _line(self, line: str, number: int, room: str, times: _Times, shown: str) -> list[Record] | str:
        if self._pattern is not None:
            return self._patterned(line, number, room, times, shown)
        match = HEAD.match(line)
        if match is None or (line[:1] == "[" and day_line(line)):
            if not line.strip():
                return []
            about = day_line(line)
            if about is not None:
                times.new_day(about.date)
                return []
            if line.startswith("==="):
                return line
            return [self._broken(shown, number, "no time, and no line that an IRC program writes", line)]
        where, y, mo, d, mon, md, my, h, mi, s, half, body = match.groups()
        try:
            date = (int(y), int(mo), int(d)) if y else times.short(mon, md, my) if mon else None
            days, seconds = times.moment(date, int(h), int(mi), int(s or 0), half)
        except Invalid:  # only whoever reads it can say
            raise
        except ValueError as error:
            return [self._broken(shown, number, str(error) or "no such time", line)]
        if (
            body[1:2] in ("#", "&")
            and (found := _CHANNEL.match(body, 1))
            and body[found.end() :].lstrip()[:1] in ("<", "*")
        ):
            where, body = found[0], body[found.end() :]
        return self._said(said(body), (days, seconds), where or room, Place(file=shown, line=number))

    def _patterned(self, line: str, number: int, room: str, times: _Times, shown: str) -> list[Record] | str:
        assert self._pattern is not None
        if not line.strip():
            return []
        match = matched(self._pattern, line, number)
        if match is None:
            return [self._broken(shown, number, "the pattern does not fit", line)]
        found = {name: value for name, value in match.groupdict().items() if value is not None}
        try:
            days, seconds = times.of_groups(found)
        except Invalid:  # only whoever reads it can say
            raise
        except ValueError as error:
            return [self._broken(shown, number, str(error) or "no such time", line)]
        one = Said("system" if "system" in found else "text", found.get("nick", ""), found.get("text", ""))
        if found.get("action"):
            one = one._replace(action=True)
        if not one.nick:
            one = one._replace(kind="system", text=one.text or found.get("system", ""))
        return self._said(one, (days, seconds), found.get("room") or room, Place(file=shown, line=number))

    def _untimed(self, line: str, number: int, room: str, times: _Times, shown: str) -> list[Record]:
        return self._said(said(line), times.last, room, Place(file=shown, line=number))

    def _said(self, one: Said, when: tuple[int, int], room: str, place: Place) -> list[Record]:
        self.understood = True
        self._number += 1
        made: list[Record] = []
        key = room.lower()
        keys = self._keys.get(key)
        if keys is None:
            keys = self._keys[key] = Keys()
            self._clocks[key] = Clock(self._options.tz)
            # A log that names no channel may be one of two people alone.
            public = room[:1] in "#&+!" or room == self._options.room
            made.append(Room(key=key, name=room, kind="public" if public else "private"))
        nick = one.nick.lower() or _SYSTEM
        if nick not in self._people:
            self._people.add(nick)
            bot = nick == _SYSTEM
            made.append(Person(key=nick, handle="irc" if bot else one.nick, name="IRC" if bot else one.nick, bot=bot))
        text = plain(one.text)
        days, seconds = when
        talk_key = keys.of(key, f"{days}:{seconds}", nick, f"* {one.text}" if one.action else one.text)
        if one.action:
            text = f"_{text.strip()}_"
        elif one.kind == "text":
            text = self._addressed(text, key)
            self._seen[(key, nick)] = self._number
        made.append(
            Talk(
                key=talk_key,
                room=key,
                author=nick,
                time=self._clocks[key].micros(days, seconds),
                text=text,
                kind=one.kind,
                place=place,
            )
        )
        return made

    def _addressed(self, text: str, room: str) -> str:
        """``nick: text`` speaks to somebody: that is a mention where they spoke not long ago."""
        end = text.find(" ")
        if end < 2 or text[end - 1] not in ":,":
            return text
        nick = text[: end - 1].lower()
        if self._number - self._seen.get((room, nick), -_RECENT - 1) > _RECENT:
            return text
        return mention(nick) + text[end - 1 :]

    def _broken(self, file: str, line: int, reason: str, text: str) -> Broken:
        return Broken(file=file, line=line, reason=reason, record=text[:2_000])


class _Times:
    """The day that a line belongs to: its own, that of a line about the log, that of the file's name, or the next."""

    def __init__(self, path: Path, options: Options, shown: str) -> None:
        self._shown, self._order = shown, options.date_order
        named = _date_of(path) or _date_of(Path(options.date or ""))
        self._day: int | None = None
        if named is not None:
            try:
                self._day = days_of(*named)
            except ValueError:
                named = None
        self._year = options.year or (named[0] if named else None)
        self._month = 0
        self._half = 0 if named is not None and _half_clock(path) else -1
        self.known = False
        self.last = (0, 0)

    def new_day(self, date: tuple[int, int, int] | None) -> None:
        """A line about the log names a day: what follows is of that day."""
        if date is None:
            return
        self._day = days_of(*date)
        self._year, self._month = date[0], date[1]
        self.last = (self._day, 0)

    def short(self, month: str, day: str, year: str | None) -> tuple[int, int, int]:
        """A date whose year is not written: after December comes January of the next."""
        number = MONTHS[month[:3].lower()]
        if year:
            self._year = int(year)
        elif self._year is None:
            raise Invalid(f"{self._shown}: its dates have no year: say the year of its first line (year=2024)")
        elif self._month - number >= 6:
            self._year += 1
        elif number - self._month >= 6 and self._month:
            # A line of December among those of January: a clock that was wrong for a moment.
            self._month = number
            return self._year - 1, number, int(day)
        self._month = number
        return self._year, number, int(day)

    def of_groups(self, found: dict[str, str]) -> tuple[int, int]:
        """The moment from the groups of a pattern."""
        date = None
        if "year" in found or "month" in found:
            month = found.get("month", "")
            number = int(month) if month.isdigit() else MONTHS.get(month[:3].lower(), 0)
            year = int(found["year"]) if "year" in found else self._year
            if year is None:
                raise Invalid(f"{self._shown}: its dates have no year: say it (year=2024)")
            date = (year, number, int(found.get("day", 0)))
        elif "date" in found:
            date = date_in(found["date"]) or self._numbers(found["date"])
        clock = re.findall(r"\d+", found.get("time", ""))
        h, mi, s = (
            (*clock, "0", "0", "0")[:3] if clock else (found.get("hour"), found.get("minute"), found.get("second"))
        )
        half = found.get("half") or ("p" if re.search(r"\dpm|\d pm", found.get("time", ""), re.IGNORECASE) else None)
        return self.moment(date, int(h or 0), int(mi or 0), int(s or 0), half[:1] if half else None)

    def _numbers(self, text: str) -> tuple[int, int, int]:
        parts = [int(one) for one in re.findall(r"\d+", text)]
        if len(parts) != 3:
            raise ValueError(f"{text!r} is no date")
        if parts[0] > 31 or self._order == "ymd":
            return parts[0], parts[1], parts[2]
        if self._order is None:
            raise Invalid(
                f"{self._shown}: say whether day or month comes first in {text!r} (date_order='dmy' or 'mdy')"
            )
        year = parts[2] if parts[2] > 99 else 2_000 + parts[2]
        return (year, parts[1], parts[0]) if self._order == "dmy" else (year, parts[0], parts[1])

    def moment(self, date: tuple[int, int, int] | None, h: int, mi: int, s: int, half: str | None) -> tuple[int, int]:
        """Days since 1970 and seconds of the day."""
        if half:
            h = h % 12 + (12 if half in "pP" else 0)
        if h > 23 or mi > 59 or s > 60:
            raise ValueError("there is no such time of day")
        if date is not None:
            self._day = days_of(*date)
            self._year = date[0]
            found = (self._day, h * _HOUR + mi * 60 + s)
        elif self._day is None:
            raise Invalid(
                f"{self._shown}: its lines have no date and neither has its name: "
                "say that of the first line (date='2024-05-31'), or put it into the name (2024-05-31.log)"
            )
        elif self._half >= 0:
            found = self._by_half(h % 12 * _HOUR + mi * 60 + s)
        else:
            seconds = h * _HOUR + mi * 60 + s
            # Back by an hour or less: a clock that was put right, or the end of summer time. By more: midnight.
            if self.known and self.last[0] == self._day and self.last[1] - seconds > _HOUR:
                self._day += 1
            found = (self._day, seconds)
        self.last, self.known = found, True
        return found

    def _by_half(self, seconds: int) -> tuple[int, int]:
        assert self._day is not None
        if self.known and self.last[1] % (_DAY // 2) - seconds > _HOUR:
            self._half += 1
            if self._half == 2:
                self._half, self._day = 0, self._day + 1
        return self._day, self._half * (_DAY // 2) + seconds


FORMAT = Format(
    name="irc",
    title="IRC logs",
    matches=matches,
    read=read,
    options=("tz", "year", "date", "date_order", "pattern", "room"),
)
__all__ = ["FORMAT", "links_of", "matches", "read"]
