"""Dates as people write them: from words to a span of time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

EXAMPLES = "2026-01-31, 31.1.2026, yesterday, last week, jan or 2026"
_MONTHS = [
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
]
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}))?")
_SLASHED = re.compile(r"(\d{4})/(\d{1,2})(?:/(\d{1,2}))?")
_YEAR = re.compile(r"\d{4}")
_AGO = re.compile(r"(\d{1,4}) ?(d|days?|w|weeks?|months?|y|years?|h|hours?)(?: ago)?")
_MONTH = re.compile(r"([a-z]{3,9})\.?(?:,? (\d{4}))?")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:\.|st|nd|rd|th)? ([a-z]{3,9})\.?(?:,? (\d{4}))?")
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?")


@dataclass(frozen=True)
class Span:
    """From ``start`` up to, not with, ``end``: microseconds since 1970 in UTC."""

    start: int
    end: int


def span(text: str, *, now: int, utc_offset: int = 0, first_day: int = 0) -> Span | None:
    """The time that some words mean, or None.

    Parameters
    ----------
    now
        Microseconds since 1970 in UTC.
    utc_offset
        Minutes that the clock of who asks is ahead of UTC.
    first_day
        The day that a week begins with: 0 is Monday.
    """
    words = " ".join(text.casefold().replace("_", " ").split())
    today = (datetime.fromtimestamp(0, UTC) + timedelta(microseconds=now, minutes=utc_offset)).date()
    try:
        found = _days(words, today, first_day)
        if found is None:
            return None
        first, last = found
        return Span(_micros(first, utc_offset), _micros(last, utc_offset))
    except (ValueError, OverflowError):
        return None


def _micros(day: date, utc_offset: int) -> int:
    since = datetime(day.year, day.month, day.day, tzinfo=UTC) - datetime.fromtimestamp(0, UTC)
    return (since // timedelta(microseconds=1)) - utc_offset * 60_000_000


def _days(words: str, today: date, first_day: int) -> tuple[date, date] | None:
    """The first day, and the day after the last one."""
    one = timedelta(days=1)
    if words in ("today", "now"):
        return today, today + one
    if words == "yesterday":
        return today - one, today
    if words == "tomorrow":
        return today + one, today + 2 * one
    monday = today - timedelta(days=(today.weekday() - first_day) % 7)
    match words.removeprefix("the "):
        case "this week" | "week":
            return monday, monday + 7 * one
        case "last week" | "lastweek" | "previous week":
            return monday - 7 * one, monday
        case "this month" | "month":
            return _month(today.year, today.month)
        case "last month" | "lastmonth" | "previous month":
            before = today.replace(day=1) - one
            return _month(before.year, before.month)
        case "this year" | "year":
            return _year(today.year)
        case "last year" | "lastyear" | "previous year":
            return _year(today.year - 1)
    return _numbers(words, today) or _names(words, today)


def _numbers(words: str, today: date) -> tuple[date, date] | None:
    one = timedelta(days=1)
    if _YEAR.fullmatch(words):
        return _year(int(words))
    if match := _ISO.fullmatch(words) or _SLASHED.fullmatch(words):
        year, month, day = match[1], match[2], match[3]
        if day is None:
            return _month(int(year), int(month))
        first = date(int(year), int(month), int(day))
        return first, first + one
    if match := _DOTTED.fullmatch(words):
        first = _past(today, int(match[2]), int(match[1])) if match[3] is None else _date(match[3], match[2], match[1])
        return first, first + one
    if match := _AGO.fullmatch(words):
        count, unit = int(match[1]), match[2][0]
        if unit == "m":
            months = today.year * 12 + today.month - 1 - count
            return _month(months // 12, months % 12 + 1)
        if unit == "h":
            first = today - timedelta(hours=count)
        else:
            first = today - timedelta(days=count * {"d": 1, "w": 7, "y": 365}[unit])
        return first, first + one
    return None


def _names(words: str, today: date) -> tuple[date, date] | None:
    one = timedelta(days=1)
    last = words.removeprefix("last ")
    for number, name in enumerate(_DAYS):
        if last == name or (len(last) == 3 and name.startswith(last)):
            back = (today.weekday() - number) % 7
            if back == 0 and last != words:
                back = 7
            first = today - timedelta(days=back)
            return first, first + one
    if (match := _MONTH.fullmatch(words)) and (month := _month_of(match[1])):
        if match[2] is not None:
            return _month(int(match[2]), month)
        return _month(today.year if month <= today.month else today.year - 1, month)
    for pattern, day_at, month_at in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        if (match := pattern.fullmatch(words)) and (month := _month_of(match[month_at])):
            day = int(match[day_at])
            first = _past(today, month, day) if match[3] is None else date(int(match[3]), month, day)
            return first, first + one
    return None


def _month_of(name: str) -> int | None:
    if name == "sept":
        return 9
    return next((n for n, known in enumerate(_MONTHS, 1) if known == name or known[:3] == name), None)


def _date(year: str, month: str, day: str) -> date:
    return date(int(year), int(month), int(day))


def _past(today: date, month: int, day: int) -> date:
    """The last such day up to today."""
    found = date(today.year, month, day)
    return found if found <= today else date(today.year - 1, month, day)


def _month(year: int, month: int) -> tuple[date, date]:
    first = date(year, month, 1)
    return first, date(year + month // 12, month % 12 + 1, 1)


def _year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year + 1, 1, 1)
