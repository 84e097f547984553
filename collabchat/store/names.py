"""Names of files that can be saved anywhere: on every system, and without a surprise for whoever reads them."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 255
"""Bytes of UTF-8 that a file's name may have on the usual file systems."""
NAMELESS = "file"
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|clock\$|(com|lpt)[0-9¹²³])[ .]*(\..*)?", re.IGNORECASE)
_FORBIDDEN = frozenset('<>:"|?*')
# What changes the direction of a text, or is not seen at all; joiners stay, for some scripts need them.
_UNSEEN = frozenset("\u200b\u200e\u200f\u061c\u2028\u2029\u2060\ufeff\u00ad\u180e\ufff9\ufffa\ufffb") | frozenset(
    chr(code) for code in (*range(0x202A, 0x202F), *range(0x2061, 0x2070), *range(0xE0000, 0xE0080))
)
_EXTENSION = 40


def safe_name(name: str) -> str:
    """The name under which a file is stored and given back.

    Without a path, control characters, what turns a text around, and what Windows does not take; at most 255 bytes
    long, with its extension; never empty.

    Examples
    --------
    >>> safe_name("../../etc/passwd"), safe_name("aux.txt"), safe_name("a:b?.csv "), safe_name("..")
    ('passwd', '_aux.txt', 'a_b_.csv', 'file')
    """
    whole = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    last = re.split(r"[/\\]", whole.rstrip("/\\. "))[-1]
    kept = "".join("_" if letter in _FORBIDDEN else letter for letter in last if _shown(letter))
    kept = _trimmed(kept)
    if _RESERVED.fullmatch(kept):
        kept = f"_{kept}"
    return _shortened(kept) or NAMELESS


def without_unseen(text: str) -> str:
    """A text without what is not seen, or turns it around."""
    return "".join(letter for letter in text if _shown(letter))


def visible_name(name: str) -> str:
    """The name as it was given, to be shown: what would not be seen, or would turn the text around, is replaced."""
    shown = "".join(letter if _shown(letter) else "\ufffd" for letter in name.encode("utf-8", "replace").decode())
    return shown[:1024]


def _shown(letter: str) -> bool:
    return letter not in _UNSEEN and unicodedata.category(letter) not in ("Cc", "Cs", "Zl", "Zp")


def _trimmed(name: str) -> str:
    """Without blanks around it and dots behind it, which Windows takes away by itself."""
    while name != (name := name.strip().rstrip(".")):
        pass
    return name


def _shortened(name: str) -> str:
    if len(name.encode()) <= LONGEST:
        return name
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension.encode()) > _EXTENSION:
        stem, dot, extension = name, "", ""
    room = LONGEST - len(f"{dot}{extension}".encode())
    return _trimmed(stem.encode()[:room].decode("utf-8", "ignore")) + dot + extension
