"""Text and code: in any encoding, and only its beginning."""

from __future__ import annotations

import codecs
from pathlib import Path

from collabchat import protocol as p
from collabchat.previews.languages import language_of

LINES = 200
SHOWN = 65_536
"""Characters."""
_CHUNK = 1_048_576
_TEXTS = {
    "application/json",
    "application/geo+json",
    "application/x-ndjson",
    "application/x-ipynb+json",
    "application/xml",
    "application/xhtml+xml",
    "application/sql",
    "application/x-sh",
    "application/yaml",
    "application/toml",
    "application/graphql",
    "image/svg+xml",
    "message/rfc822",
}


def is_text(media_type: str, kind: p.FileKind) -> bool:
    """Whether a file is one that people can read as it is."""
    return media_type.startswith("text/") or media_type in _TEXTS or kind == "code"


def encoding_of(path: str) -> str:
    """How a text is written: by its mark, else UTF-8 where all of it is that, else the usual code page."""
    with Path(path).open("rb") as file:
        head = file.read(4)
        if head.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")("strict")
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def beginning(path: str, most: int) -> tuple[str, bool]:
    """The first characters, lines ended as Python ends them, and whether there are more."""
    with Path(path).open(encoding=encoding_of(path), errors="replace") as file:
        text = file.read(most)
        return text.replace("\0", "\ufffd"), bool(file.read(1))


def preview(path: str, name: str, media_type: str) -> p.TextPreview:
    """The first lines."""
    text, more = beginning(path, SHOWN)
    lines = text.splitlines(keepends=True)
    shown = "".join(lines[:LINES])
    return p.TextPreview(
        text=shown,
        language=language_of(name, media_type),
        n_lines=_lines(path) if more or len(lines) > LINES else len(lines),
        more=more or len(lines) > LINES,
    )


def _lines(path: str) -> int:
    """How many lines a file has; in UTF-16 a line's end is one byte among others, and it counts all the same."""
    encoding = encoding_of(path)
    count, last = 0, ""
    with Path(path).open(encoding=encoding, errors="replace") as file:
        while chunk := file.read(_CHUNK):
            count += chunk.count("\n")
            last = chunk[-1]
    return count + (last not in ("", "\n"))
