"""What is around the words that fit, on one line."""

from __future__ import annotations

from collections.abc import Sequence

from collabchat.store.search import wanted as w
from collabchat.store.search.english import forms
from collabchat.store.search.fold import aligned, camel_parts, is_word, spaced_tokens
from collabchat.store.search.match import spans
from collabchat.store.search.parts import one_slip

LENGTH = 200
BEFORE = 60
_LONGEST = 50_000

Range = tuple[int, int]


def marks(text: str, words: Sequence[w.Words]) -> list[Range]:
    """Where the words of a query stand in a text as it was written: in order, none within another."""
    folded, origin = aligned(text[:_LONGEST])
    found: list[Range] = []
    others: dict[str, list[Range]] = {}
    for one in words:
        exact = [(start, end) for start, end, _ in spans(one.needle, folded)]
        if not exact and one.needle.single:
            if not others:
                others = _words(folded)
            exact = _other_forms(one, others) or _camels(one, folded, text)
        found += exact
    ranges: list[Range] = []
    for start, end in sorted(found):
        first, last = origin[start], origin[end]
        while last > first and text[last - 1].isspace():
            last -= 1
        if ranges and first < ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(last, ranges[-1][1]))
        elif last > first:
            ranges.append((first, last))
    return ranges


def _words(folded: str) -> dict[str, list[Range]]:
    found: dict[str, list[Range]] = {}
    at = 0
    for spaced in spaced_tokens(folded):
        token = spaced.removeprefix(" ")
        if is_word(token):
            start = at + len(spaced) - len(token)
            found.setdefault(token, []).append((start, start + len(token)))
        at += len(spaced)
    return found


def _other_forms(one: w.Words, words: dict[str, list[Range]]) -> list[Range]:
    if one.inflect:
        found = [place for form in forms(one.needle.text) for place in words.get(form, ())]
        if found:
            return found
    if one.typo:
        return [place for word, places in words.items() if one_slip(word, one.needle.text) for place in places]
    return []


def _camels(one: w.Words, folded: str, text: str) -> list[Range]:
    """A short part of a camel word: the word that it is in."""
    if one.needle.text not in camel_parts(text):
        return []
    place = folded.find(one.needle.text)
    return [(place, place + len(one.needle.text))] if place >= 0 else []


def snippet(text: str, ranges: Sequence[Range]) -> list[str]:
    """By turns text, and text that fits, beginning with text."""
    first = ranges[0][0] if ranges else 0
    start = 0 if first <= BEFORE + 20 else _word_start(text, first - BEFORE)
    end = min(len(text), start + LENGTH)
    found, at = [], start
    for left, right in ranges:
        if left >= end:
            break
        found += [text[at:left], text[left : min(right, end)]]
        at = min(right, end)
    found.append(text[at:end] if at < end else "")
    lines = [_one_line(one) for one in found]
    lines[0] = ("… " if start else "") + lines[0].lstrip()
    lines[-1] = lines[-1].rstrip() + (" …" if end < len(text) else "")
    return lines


def _word_start(text: str, at: int) -> int:
    """Not in the middle of a word, where one ends nearby."""
    blank = next((number for number in range(at, min(at + 20, len(text))) if text[number].isspace()), None)
    return at if blank is None else blank + 1


def _one_line(text: str) -> str:
    joined = " ".join(text.split())
    return (" " if text[:1].isspace() else "") + joined + (" " if joined and text[-1:].isspace() else "")
