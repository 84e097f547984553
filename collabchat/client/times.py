"""Times that people give: a moment, or how long from now, in any of Python's and pandas' ways."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

from .. import errors

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
_LAST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MICRO


def moment(value: object, what: str, *, now: int | None = None) -> int:
    """Microseconds since 1970 of a time to come.

    Parameters
    ----------
    value : datetime, pandas.Timestamp or timedelta
        A datetime without a zone is one of this computer's zone; a timedelta counts from now.
    what : str
        The name of the argument, for errors.
    now : int, optional
        For tests: what time it is.

    Raises
    ------
    errors.Invalid
        Where it is no time, or one that has passed.

    Examples
    --------
    >>> moment(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), "at", now=0)
    1000000
    >>> moment(timedelta(minutes=1), "at", now=0)
    60000000
    """
    now = time.time_ns() // 1000 if now is None else now
    found = _plain(value)
    if isinstance(found, timedelta):
        if found <= timedelta(0):
            raise errors.Invalid(f"{what}={value!r} is not in the future: a timedelta counts from now.")
        micros = now + found // _MICRO
    elif isinstance(found, datetime):
        micros = _micros(found, value, what)
    else:
        raise _no_time(value, what)
    if micros > _LAST:
        raise errors.Invalid(f"{what}={value!r} is too far away.")
    if micros <= now:
        raise errors.Invalid(f"{what} is a time to come; {found} has passed{_zone_hint(found)}.")
    return micros


def any_moment(value: object, what: str) -> int:
    """Microseconds since 1970 of any time, also one that has passed; a timedelta counts back from now.

    Examples
    --------
    >>> any_moment(datetime(1970, 1, 2, tzinfo=UTC), "at") // 1_000_000
    86400
    """
    found = _plain(value)
    if isinstance(found, timedelta):
        return time.time_ns() // 1000 - found // _MICRO
    if isinstance(found, datetime):
        return _micros(found, value, what)
    if isinstance(found, date):
        return _micros(datetime(found.year, found.month, found.day), value, what)
    raise _no_time(value, what)


def _plain(value: Any) -> Any:
    """A time of numpy or pandas as Python's own; what is none as it is."""
    if type(value).__module__.split(".")[0] == "numpy" and type(value).__name__ in ("datetime64", "timedelta64"):
        # Finer than a microsecond it would become a number.
        value = value.astype(type(value)(0, "us").dtype).item()
    if type(value).__name__ == "NaTType":
        return None
    if hasattr(value, "to_pydatetime"):
        return value.to_pydatetime(warn=False)
    if hasattr(value, "to_pytimedelta"):
        return value.to_pytimedelta()
    return value


def _micros(found: datetime, value: object, what: str) -> int:
    try:
        aware = found if found.utcoffset() is not None else found.replace(tzinfo=None).astimezone()
        return (aware - _EPOCH) // _MICRO
    except (OverflowError, ValueError, OSError):
        raise errors.Invalid(f"{what}={value!r} is too far away.") from None


def _zone_hint(found: object) -> str:
    if isinstance(found, datetime) and found.utcoffset() is None:
        return " (a datetime without a zone is one of this computer's zone)"
    return ""


def _no_time(value: object, what: str) -> errors.Invalid:
    hint = ""
    if isinstance(value, str):
        hint = "; from text: datetime.fromisoformat(text), or pandas.Timestamp(text)"
    elif isinstance(value, int | float) and not isinstance(value, bool):
        hint = "; seconds from now: timedelta(seconds=...)"
    elif isinstance(value, date):
        hint = "; a day alone has no time"
    return errors.Invalid(f"{what} is a datetime, a pandas Timestamp or a timedelta, not {value!r}{hint}.")
