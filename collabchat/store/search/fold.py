"""Text as it is compared: without case, accents and forms that look alike; and the pieces that it is made of.

Everything that is searched goes through `fold`, the query as well as the talk. A piece (a token) is a run of letters
and digits, or one character of a script that is written without blanks, or one sign. All pieces of a text, with the
blanks between them, are the text: so a look at pieces can find any part of it.
"""

from __future__ import annotations

import functools
import re
import unicodedata

# Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic, and signs that are not seen. Marks of other
# scripts stay: in Hindi, Thai or Japanese they make another letter.
_DROPPED = (
    (0x00AD, 0x00AD),
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x0591, 0x05BD),
    (0x05BF, 0x05BF),
    (0x05C1, 0x05C2),
    (0x05C4, 0x05C5),
    (0x05C7, 0x05C7),
    (0x0610, 0x061A),
    (0x0640, 0x0640),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x06D6, 0x06DC),
    (0x06DF, 0x06E4),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x200B, 0x200B),
    (0x200E, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x2064),
    (0x2066, 0x2069),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
    (0xFEFF, 0xFEFF),
)
_ALIKE = zip("øłđħŧı’‘ʼ‐‑−", "oldhti'''---", strict=True)  # noqa: RUF001
_TABLE: dict[int, str | None] = {code: None for first, last in _DROPPED for code in range(first, last + 1)} | {
    ord(letter): plain for letter, plain in _ALIKE
}
_CONTROLS: dict[int, str | None] = dict.fromkeys((*range(9), *range(14, 28), *range(127, 160)), " ")
_TABLE |= _CONTROLS

_UNSPACED = (
    r"\u0E00-\u0EFF\u0F00-\u0FFF\u1000-\u109F\u1100-\u11FF\u1780-\u17FF\u3005-\u3007\u3040-\u30FF\u3100-\u318F"
    r"\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uA960-\uA97F\uAC00-\uD7FF\uF900-\uFAFF\U00020000-\U0003FFFF"
)
"""Scripts of which one or two characters are a word, and that stand without blanks."""


def _marks() -> str:
    found: list[str] = []
    first = last = -2
    unspaced = re.compile(f"[{_UNSPACED}]")
    for code in range(0x300, 0x1F000):
        if not unicodedata.category(chr(code)).startswith("M") or unspaced.match(chr(code)):
            continue
        if code != last + 1:
            if last >= 0:
                found.append(f"\\U{first:08x}-\\U{last:08x}")
            first = code
        last = code
    return "".join([*found, f"\\U{first:08x}-\\U{last:08x}"])


@functools.cache
def _word() -> str:
    """A run of letters and digits. Looking through all marks takes a while: not before a text needs it."""
    return rf"(?:[^\W_{_UNSPACED}]|[{_marks()}])+"


@functools.cache
def _spaced_token() -> re.Pattern[str]:
    """A piece, with the blank before it."""
    return re.compile(rf" ?(?:{_word()}|\S)")


@functools.cache
def _a_word() -> re.Pattern[str]:
    return re.compile(_word())


_SPACED_ASCII = re.compile(r" ?(?:[a-z0-9]+|\S)")
"""As `_spaced_token`, for text that is folded and all ASCII."""
_CAMEL = re.compile(r"(?<=[a-z0-9ß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])|(?<=[A-ZÀ-ÖØ-Þ])(?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ])")
_MAY_BE_CAMEL = re.compile(r"[a-z0-9ß-öø-ÿ][A-ZÀ-ÖØ-Þ]|[A-ZÀ-ÖØ-Þ]{2}[a-zß-öø-ÿ]")
_RUN = re.compile(r"[^\W_]+")


def _raw(text: str) -> str:
    if text.isascii():
        return text.lower().translate(_CONTROLS)
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_TABLE)
    return unicodedata.normalize("NFC", folded)


def fold(text: str) -> str:
    """What is compared: any blanks are one, none stand at the ends."""
    return " ".join(_raw(text).split())


def spaced_tokens(folded: str) -> list[str]:
    """The pieces of a folded text, each with the blank before it, where there is one."""
    found: list[str] = (_SPACED_ASCII if folded.isascii() else _spaced_token()).findall(folded)
    return found


def is_word(token: str) -> bool:
    """Whether a piece is a run of letters and digits, so that a part of it may be asked for."""
    return token.isalnum() if token.isascii() else _a_word().fullmatch(token) is not None


def camel_parts(text: str) -> set[str]:
    """The words that words LikeThis and likeThat are made of, folded."""
    if not _MAY_BE_CAMEL.search(text):
        return set()
    found: set[str] = set()
    for word in _RUN.findall(text):
        if _MAY_BE_CAMEL.search(word):
            found |= {folded for part in _CAMEL.split(word) if is_word(folded := fold(part))}
    return found


def aligned(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters (and its end) where it comes from in ``text``."""
    folded: list[str] = []
    origin: list[int] = []
    blank = True
    for start, cluster in _clusters(text):
        piece = _raw(cluster)
        for letter in piece:
            if letter.isspace():
                if not blank:
                    folded.append(" ")
                    origin.append(start)
                blank = True
            else:
                folded.append(letter)
                origin.append(start)
                blank = False
    if folded and folded[-1] == " ":
        folded.pop()
        origin.pop()
    return "".join(folded), [*origin, len(text)]


def _clusters(text: str) -> list[tuple[int, str]]:
    """Each character with the marks that follow it."""
    if text.isascii():
        return list(enumerate(text))
    found: list[tuple[int, str]] = []
    start = 0
    for number in range(1, len(text) + 1):
        if number < len(text):
            letter = text[number]
            code = ord(letter)
            if unicodedata.combining(letter) or 0x1160 <= code <= 0x11FF or code in (0x3099, 0x309A, 0xFF9E, 0xFF9F):
                continue
        if number > start:
            found.append((start, text[start:number]))
        start = number
    return found
