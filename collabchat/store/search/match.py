"""What fits: the plain rules, for one text at a time. The index answers the same, for many at once.

A term is folded and fits where it occurs in the folded text; one of one or two letters or digits fits where it is a
whole word, or a whole part of a word LikeThis. `name*` fits where a word, or such a part, begins with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from collabchat.store.search.fold import fold, is_word, spaced_tokens

WHOLE, BEGINNING, PART, INFLECTED, TYPO = 5, 4, 3, 2, 1
"""How well a term fits: as whole words, from the beginning of a word on, as a part; as another form, as a near word."""


@dataclass(frozen=True)
class Needle:
    """A term, made ready to be looked for."""

    text: str
    """Folded."""
    tokens: tuple[str, ...]
    """Its pieces, each with the blank before it."""
    prefix: bool
    """It must begin a word, and may go on."""

    @property
    def first(self) -> str:
        return self.tokens[0]

    @property
    def last(self) -> str:
        return self.tokens[-1].removeprefix(" ")

    @property
    def single(self) -> bool:
        return len(self.tokens) == 1

    @property
    def tiny(self) -> bool:
        """One or two letters or digits: they are to stand alone."""
        return self.single and is_word(self.first) and len(self.first) <= 2

    @property
    def open_left(self) -> bool:
        """Whether it may begin within a word."""
        return is_word(self.first) and not self.prefix and not self.tiny

    @property
    def open_right(self) -> bool:
        """Whether it may end within a word."""
        return is_word(self.last) and (self.prefix or not self.tiny)


@lru_cache(4096)
def needle(text: str, prefix: bool = False) -> Needle | None:
    """A term, ready; None where nothing of it is left."""
    folded = fold(text)
    if not folded:
        return None
    return Needle(folded, tuple(spaced_tokens(folded)), prefix)


def _word_at(text: str, index: int) -> bool:
    return 0 <= index < len(text) and is_word(text[index])


def spans(wanted: Needle, text: str) -> list[tuple[int, int, int]]:
    """Where a term fits in a folded text: begin, end, and how well."""
    found = []
    start = text.find(wanted.text)
    word_first, word_last = is_word(wanted.first), is_word(wanted.last)
    while start >= 0:
        end = start + len(wanted.text)
        begins = not (word_first and _word_at(text, start - 1))
        ends = not (word_last and _word_at(text, end))
        if (begins or wanted.open_left) and (ends or wanted.open_right):
            found.append((start, end, WHOLE if begins and ends else BEGINNING if begins else PART))
        start = text.find(wanted.text, start + 1)
    return found


def how_well(wanted: Needle, text: str, parts: frozenset[str] | set[str] = frozenset()) -> int:
    """How well a term fits a folded text with these camel parts: 0 not at all."""
    best = 0
    if wanted.text in text:
        best = max((rank for _, _, rank in spans(wanted, text)), default=0)
    if best < WHOLE and parts and wanted.single:
        if wanted.text in parts:
            return WHOLE
        longer = best < BEGINNING and wanted.open_right
        if longer and any(part.startswith(wanted.text) for part in parts):
            return BEGINNING
    return best


_CODE = re.compile(r"```|`[^`\n]+`")
_QUESTION = re.compile(r"[?？؟](?=[\s)\]\"'”»*_!?.]|$)")  # noqa: RUF001


def has_code(text: str) -> bool:
    """Whether a message shows code: between back ticks."""
    return _CODE.search(text) is not None


def has_question(text: str) -> bool:
    """Whether a message asks: a question mark at the end of a word."""
    return _QUESTION.search(text) is not None
