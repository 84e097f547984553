"""The rules of the search once more, slow and plain: nothing here is shared with what it judges."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

ALIKE = str.maketrans("øłđħŧı’‘ʼ‐‑−", "oldhti'''---")  # noqa: RUF001
UNSPACED = re.compile("HIRAGANA|KATAKANA|CJK|HANGUL|THAI|LAO |TIBETAN|MYANMAR|KHMER|BOPOMOFO|IDEOGRAPHIC")


@lru_cache(10_000)
def plain(text: str) -> str:
    """Without case, accents and forms that look alike."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(ALIKE)
    kept = "".join(" " if unicodedata.category(one) == "Cc" else one for one in letters if not _dropped(one))
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _dropped(letter: str) -> bool:
    name = unicodedata.name(letter, "")
    if unicodedata.combining(letter):
        return name.startswith(("COMBINING", "HEBREW", "ARABIC"))
    return name.startswith(
        ("VARIATION SELECTOR-", "ZERO WIDTH SPACE", "ZERO WIDTH NO-BREAK", "SOFT HYPHEN", "WORD JOINER")
    )


@lru_cache(None)
def is_part_of_word(letter: str) -> bool:
    """Whether letters or digits beside it belong to the same word."""
    return (letter.isalnum() or unicodedata.category(letter)[0] == "M") and not UNSPACED.search(
        unicodedata.name(letter, "")
    )


def humps(text: str) -> set[str]:
    """The parts of words LikeThis."""
    found: set[str] = set()
    for word in re.findall(r"[^\W_]+", text):
        parts = re.sub(r"([a-z0-9ß-öø-ÿ])([A-ZÀ-ÖØ-Þ])", r"\1 \2", word)
        parts = re.sub(r"([A-ZÀ-ÖØ-Þ])([A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ])", r"\1 \2", parts)
        if " " in parts:
            found |= {plain(one) for one in parts.split()}
    return {one for one in found if one and all(map(is_part_of_word, one))}


class Heard(NamedTuple):
    """A message as the oracle keeps it."""

    id: int
    room: int
    author: int
    text: str
    words: set[str]
    humps: set[str]


def heard(id: int, room: int, author: int, *texts: str) -> Heard:
    text = " \0 ".join(filter(None, map(plain, texts)))
    words = set("".join(one if is_part_of_word(one) else " " for one in text).split())
    return Heard(id, room, author, text, words, set().union(*map(humps, texts)))


@lru_cache(10_000)
def _is_word(text: str) -> bool:
    return all(map(is_part_of_word, text))


def fits(term: str, said: Heard, *, prefix: bool = False) -> bool:
    """Whether a term fits a message."""
    wanted = plain(term)
    if prefix:
        return _begins(wanted, said)
    if len(wanted) <= 2 and _is_word(wanted):
        return wanted in said.words or wanted in said.humps
    return wanted in said.text


def _begins(wanted: str, said: Heard) -> bool:
    """Whether a word begins so."""
    if _is_word(wanted) and any(one.startswith(wanted) for one in said.humps):
        return True
    at = said.text.find(wanted)
    while at >= 0:
        if not (at and is_part_of_word(wanted[0]) and is_part_of_word(said.text[at - 1])):
            return True
        at = said.text.find(wanted, at + 1)
    return False


def answer(everything: Iterable[Heard], test: Callable[[Heard], bool]) -> set[int]:
    """The ids of all that fit."""
    return {one.id for one in everything if test(one)}
