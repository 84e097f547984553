"""Links in the words of a message, as people write them: bare, in Markdown, in brackets, before a full stop."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

if TYPE_CHECKING:
    from linkify_it import LinkifyIt

MOST = 200
"""Links of one message."""
LONGEST = 2_048
SCHEMES = frozenset({"http", "https", "ftp"})
PORTS = {"http": ":80", "https": ":443", "ftp": ":21"}

# A bare name with a dot in it is a file, a version or an attribute far more often than a place on the web. These are
# taken as one by themselves, the others only where a path follows.
_PLAIN = frozenset({"com", "org", "edu", "gov"})
_WITH_PATH = frozenset(
    {
        *(
            "net",
            "io",
            "dev",
            "ai",
            "app",
            "me",
            "int",
            "eu",
            "us",
            "ca",
            "au",
            "nz",
            "uk",
            "ie",
            "de",
            "at",
            "ch",
            "fr",
        ),
        *("be", "nl", "dk", "se", "no", "fi", "es", "it", "pt", "pl", "cz", "ru", "ua", "in", "jp", "kr", "cn", "tw"),
        *("br", "mx", "gg", "ly", "page", "wiki", "cloud", "blog", "tech", "science"),
    }
)
_SIGN = re.compile(r"\.(?:[cC][oO][mM]|[oO][rR][gG]|[eE][dD][uU]|[gG][oO][vV]|[A-Za-z]{2,7}/|[^\0-\x7f])")
_BEGINS = re.compile(r"(?:https?|ftp)://", re.IGNORECASE)
_MARKS = "*_~`"
_CLOSING = (
    "\u2026\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb"
    "\u3002\u3001\u300b\u300d\u300f\u3011\uff01\uff09\uff0c\uff1a\uff1b\uff1f"
)
"""Quotation marks, brackets and marks at the end of a sentence, of other scripts too."""
_COUNTRIES = ("рф", "укр", "бел", "мкд", "қаз", "中国", "中國", "香港", "台湾", "台灣", "한국", "ไทย", "भारत")
_FENCE = re.compile(r"^[ ]{0,3}(?:>[ ]?)*(`{3,}|~{3,})")
_TICKS = re.compile(r"`+")
_SPACE = re.compile(r"\s")


def links_in(text: str) -> list[str]:
    """The addresses that a text names, each once, in the order of the text.

    Examples
    --------
    >>> links_in("See [the docs](https://Example.org/a_(b)), www.example.com. And file.py of v1.2.3.")
    ['https://example.org/a_(b)', 'https://www.example.com']
    """
    if "://" not in text and _SIGN.search(text) is None and "www." not in text.lower():
        return []
    found: dict[str, None] = {}
    for word in _without_code(text).split():
        # A link has no blank in it, and what is between blanks is short: so no text takes long.
        if len(word) > 2 * LONGEST or ("." not in word and "://" not in word):
            continue
        for match in _finder().match(_set_apart(word)) or ():
            said = _ended(match.text)
            url = _normal(said if match.schema else _with_scheme(said))
            if url is not None:
                found[url] = None
        if len(found) >= MOST:
            break
    return list(found)[:MOST]


@functools.cache
def _finder() -> LinkifyIt:
    from linkify_it import LinkifyIt  # only where it is needed: a hub has to start quickly
    from linkify_it.tlds import TLDS

    finder = LinkifyIt(options={"fuzzy_email": False})
    finder.tlds([*TLDS, *_COUNTRIES])
    return finder.add("//", None).add("mailto:", None)


def _set_apart(word: str) -> str:
    """A word with a blank before its address where a mark or a letter of another script stands there."""
    begins = _BEGINS.search(word)
    if begins is None or not (at := begins.start()) or not (word[at - 1] in _MARKS or not word[at - 1].isascii()):
        return word
    return f"{word[:at]} {word[at:]}"


def _ended(found: str) -> str:
    """An address without what closes a sentence, a quotation or bold text behind it."""
    found = found.partition("|")[0]
    short = found.rstrip(_MARKS + _CLOSING)
    return short if short == found else short.rstrip(".,;:!?")


def _with_scheme(found: str) -> str:
    """The whole address of one that was written without ``https://``; empty where it is none."""
    host, slash, _ = found.partition("/")
    name = host.partition(":")[0].casefold()
    top = name.rpartition(".")[2]
    if name.startswith("www.") or top in _PLAIN or (slash and top in _WITH_PATH) or not top.isascii():
        return f"https://{found}"
    return ""


def _normal(url: str) -> str | None:
    """One form for what is the same place."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in SCHEMES or not parts.hostname or len(url) > LONGEST:
        return None
    host = _host(parts)
    if host is None:
        return None
    user, at, _ = parts.netloc.rpartition("@")
    there = f":{port}" if port is not None and f":{port}" != PORTS[parts.scheme] else ""
    path = parts.path if parts.path != "/" or parts.query or parts.fragment else ""
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.scheme}://{user}{at}{host}{there}{path}{query}{fragment}"


def _host(parts: SplitResult) -> str | None:
    name = parts.hostname or ""
    if ":" in name:
        return f"[{name}]"
    labels = []
    for label in unicodedata.normalize("NFC", name).rstrip(".").split("."):
        plain = label
        if label.startswith("xn--"):
            try:
                plain = label[4:].encode("ascii").decode("punycode").casefold()
            except (UnicodeError, ValueError):
                return None
        if not plain or _SPACE.search(plain):
            return None
        labels.append(unicodedata.normalize("NFC", plain.lower()))
    return ".".join(labels)


def _without_code(text: str) -> str:
    """The text with blanks where code stands."""
    if "`" not in text and "~~~" not in text:
        return text
    lines: list[str] = []
    closing: str | None = None
    for line in text.splitlines():
        mark = _FENCE.match(line)
        if closing is not None:
            if mark and mark[1].startswith(closing) and not line[mark.end() :].strip("`~ \t"):
                closing = None
            lines.append("")
        elif mark and not (mark[1][0] == "`" and "`" in line[mark.end() :]):
            closing = mark[1]
            lines.append("")
        else:
            lines.append(line)
    return _without_spans("\n".join(lines))


def _without_spans(text: str) -> str:
    """The text with blanks where code stands between as many backticks as before it."""
    runs = [(run.start(), run.end()) for run in _TICKS.finditer(text)]
    ends: dict[int, list[int]] = {}
    for number in range(len(runs) - 1, -1, -1):
        start, end = runs[number]
        ends.setdefault(end - start, []).append(number)
    kept: list[str] = []
    at = number = 0
    while number < len(runs):
        start, end = runs[number]
        same = ends[end - start]
        while same and same[-1] <= number:
            same.pop()
        if not same:
            number += 1
            continue
        closing = same.pop()
        kept += [text[at:start], " "]
        at, number = runs[closing][1], closing + 1
    return "".join([*kept, text[at:]])
