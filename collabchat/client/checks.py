"""Values that people type, looked at before they travel: each error says what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar, get_args

from .. import errors
from ..protocol import Limits, Role
from .message import Message
from .records import Poll

_NAME = re.compile(r"\w[\w.\-]{0,79}\Z")
_ID = re.compile(r"[0-9]{1,18}\Z")
_FILE = re.compile(r"[1-9][0-9]{0,17}-[1-9][0-9]{0,2}\Z")
ROLES: tuple[str, ...] = get_args(Role)

T = TypeVar("T", bound=str)


def text(value: object, limits: Limits, *, with_files: bool = False) -> str:
    """The text of a message; one that has files needs none."""
    if not isinstance(value, str):
        raise errors.Invalid(f"A message is text, not {type(value).__name__}: use str(value).")
    if not value.strip():
        if with_files:
            return ""
        raise errors.Invalid("A message has at least one character that can be seen, or a file.")
    if len(value) > limits.text:
        raise errors.TooLarge(f"A message has at most {limits.text:,} characters; this one has {len(value):,}.")
    return encodable(value)


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
    return encodable(value)


def name(value: object) -> str:
    """The name of a person."""
    if not isinstance(value, str) or not value.strip() or len(value) > 80:
        raise errors.Invalid("A name is text of 1 to 80 characters.")
    return encodable(value)


def emoji(value: object) -> str:
    """A reaction."""
    if not isinstance(value, str) or not value.strip() or len(value) > 40:
        raise errors.Invalid("A reaction is an emoji, such as '👍', of at most 40 characters.")
    return encodable(value)


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


def file_id(value: object) -> str:
    """The id of a file."""
    if isinstance(value, str) and _FILE.match(value):
        return value
    raise errors.Invalid(
        f"{short(value)} names no file: its id is the message's, '-' and a number, in quotes, such as '1824-1'."
    )


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


def words(value: object, most: int, what: str) -> str:
    """A line or a few that say something."""
    if not isinstance(value, str) or not value.strip() or len(value) > most:
        raise errors.Invalid(f"{what} is text of 1 to {most:,} characters, not {short(value)}.")
    return encodable(value)


def note(value: object) -> str:
    """What one writes beside something that one saved; may be empty."""
    if not isinstance(value, str) or len(value) > 1000:
        raise errors.Invalid(f"A note is text of at most 1,000 characters, not {short(value)}.")
    return encodable(value)


def draft(value: object, limits: Limits) -> str:
    """What one has begun to write; may be empty."""
    if not isinstance(value, str):
        raise errors.Invalid(f"A draft is text, not {type(value).__name__}.")
    if len(value) > limits.text:
        raise errors.TooLarge(f"A draft has at most {limits.text:,} characters; this one has {len(value):,}.")
    return encodable(value)


def options(value: object, limits: Limits) -> list[str]:
    """What there is to choose in a poll."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise errors.Invalid(f"options is a list of texts, such as ['yes', 'no'], not {short(value)}.")
    found = [words(option, 200, "An option").strip() for option in value]
    if not 2 <= len(found) <= limits.poll_options:
        raise errors.Invalid(f"A poll has 2 to {limits.poll_options} options, not {len(found)}.")
    if len({option.casefold() for option in found}) < len(found):
        raise errors.Invalid(f"Two of the options say the same: {', '.join(map(repr, found))}.")
    return found


def choices(value: Iterable[object], poll: Poll) -> list[int]:
    """The places of options that were named by words or places."""
    known = {option.casefold(): place for place, option in enumerate(poll.options)}
    found: list[int] = []
    for one in value:
        place = known.get(one.strip().casefold()) if isinstance(one, str) else one
        if isinstance(place, bool) or not isinstance(place, int) or not 0 <= place < len(poll.options):
            raise errors.Invalid(
                f"{one!r} is none of the options: {', '.join(map(repr, poll.options))}; or their places, from 0 on."
            )
        if place not in found:
            found.append(place)
    if len(found) > 1 and not poll.multiple:
        raise errors.Invalid("In this poll one chooses one option.")
    return found


def short(value: object) -> str:
    """What was given, to be named in a sentence."""
    found = repr(value)
    return found if len(found) <= 60 else f"{found[:57]}..."


def encodable(value: str) -> str:
    """Text that can be stored."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise errors.Invalid("The text holds half a character (a lone surrogate), which cannot be stored.") from None
    return value
