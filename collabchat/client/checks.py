"""Values that people type, looked at before they travel: each error says what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar, get_args

from .. import errors
from ..protocol import Limits, Role
from .records import Message

_NAME = re.compile(r"\w[\w.\-]{0,79}\Z")
_ID = re.compile(r"[0-9]{1,18}\Z")
ROLES: tuple[str, ...] = get_args(Role)

T = TypeVar("T", bound=str)


def text(value: object, limits: Limits) -> str:
    """The text of a message."""
    if not isinstance(value, str):
        raise errors.Invalid(f"A message is text, not {type(value).__name__}: use str(value).")
    if not value.strip():
        raise errors.Invalid("A message has at least one character that can be seen.")
    if len(value) > limits.text:
        raise errors.TooLarge(f"A message has at most {limits.text:,} characters; this one has {len(value):,}.")
    return _encodable(value)


def room_name(value: object) -> str:
    """A room's name, with or without ``#``."""
    name = value.removeprefix("#") if isinstance(value, str) else value
    if isinstance(name, str) and _NAME.match(name):
        return name
    raise errors.Invalid(
        f"{value!r} cannot be a room's name: it has letters, digits, '_', '.' or '-', at most 80, and no spaces."
    )


def topic(value: object) -> str:
    """What a room is about."""
    if not isinstance(value, str) or len(value) > 500:
        raise errors.Invalid("A topic is text of at most 500 characters.")
    return _encodable(value)


def name(value: object) -> str:
    """The name of a person."""
    if not isinstance(value, str) or not value.strip() or len(value) > 80:
        raise errors.Invalid("A name is text of 1 to 80 characters.")
    return _encodable(value)


def emoji(value: object) -> str:
    """A reaction."""
    if not isinstance(value, str) or not value.strip() or len(value) > 40:
        raise errors.Invalid("A reaction is an emoji, such as '👍', of at most 40 characters.")
    return _encodable(value)


def message_id(value: object) -> str:
    """The id of a message that was named by its id or given itself."""
    if isinstance(value, Message):
        return value.id
    if isinstance(value, str) and _ID.match(value):
        return value
    if not isinstance(value, bool | str):
        try:
            number = value.__index__()  # type: ignore[attr-defined]  # any whole number, numpy's too
        except AttributeError:
            pass
        else:
            if 0 <= number < 10**18:
                return str(number)
    raise errors.Invalid(f"{value!r} names no message: give a Message, or its id as text of digits.")


def one_of(value: object, allowed: Iterable[str], what: str) -> str:
    """One of a few words."""
    words = tuple(allowed)
    if value in words:
        return str(value)
    raise errors.Invalid(f"{what} is one of {', '.join(repr(word) for word in words)}, not {value!r}.")


def count(value: object, what: str) -> int:
    """A whole number from 1 on."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    raise errors.Invalid(f"{what} is a whole number from 1 on, not {value!r}.")


def _encodable(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise errors.Invalid("The text holds half a character (a lone surrogate), which cannot be stored.") from None
    return value
