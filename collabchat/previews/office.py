"""Office documents: the words of their XML, read piece by piece, with nothing that the XML itself could define."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, NoReturn
from xml.parsers import expat

from collabchat import protocol as p
from collabchat.previews.jobs import Unreadable
from collabchat.previews.limits import Deadline

SHOWN = 20_000
"""Characters of the beginning."""
UNPACKED = 128 * 2**20
"""Bytes of a document's parts, at most so many are read."""
ENTRIES = 20_000
DEPTH = 1_000
"""Elements inside of each other."""
_CHUNK = 65_536
_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
DAMAGED = "This document could not be read: it may be damaged."
DEFINES = "This document defines entities of its own, as no office program does: it is not read."


def is_office(media_type: str) -> bool:
    """Whether it is a document that is a zip of XML."""
    return _family(media_type) != ""


def preview(path: str, media_type: str, deadline: Deadline) -> p.DocumentPreview:
    """How many pages it says it has, and how it begins."""
    text, n_pages = read(path, media_type, SHOWN, deadline)
    return p.DocumentPreview(n_pages=n_pages, text=text)


def read(path: str, media_type: str, most: int, deadline: Deadline) -> tuple[str, int | None]:
    """Its words, and its pages or slides where it knows them.

    Raises
    ------
    Unreadable
        Where it is no such document.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if len(names) > ENTRIES:
                raise Unreadable("This document has too many parts.")
            parts = _parts(_family(media_type), names)
            if not parts:
                raise Unreadable(DAMAGED)
            reader = _Reader(archive, most, deadline)
            text = reader.words(parts)
            return text, _pages(archive, _family(media_type), names, parts)
    except (expat.ExpatError, zlib.error):
        raise Unreadable(DAMAGED) from None
    except (zipfile.BadZipFile, EOFError, KeyError, NotImplementedError, OSError, RuntimeError, ValueError) as error:
        if isinstance(error, RecursionError):
            raise
        if "password" in str(error):
            raise Unreadable("This document is locked with a password.") from None
        raise Unreadable(DAMAGED) from None


def _family(media_type: str) -> str:
    for family, words in (
        ("docx", ("wordprocessingml", "ms-word")),
        ("pptx", ("presentationml", "ms-powerpoint.")),
        ("odf", (_ODF,)),
        ("epub", ("application/epub+zip",)),
    ):
        if any(word in media_type for word in words):
            return family
    return ""


def _parts(family: str, names: list[str]) -> list[str]:
    """The parts with the words, in the order of reading."""
    match family:
        case "docx":
            others = sorted(name for name in names if re.fullmatch(r"word/(footnotes|endnotes)\.xml", name))
            return [name for name in ["word/document.xml", *others] if name in names]
        case "pptx":
            slides = [name for name in names if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)]
            return sorted(slides, key=lambda name: int(re.sub(r"\D", "", name)))
        case "epub":
            return [name for name in names if name.endswith((".xhtml", ".html", ".htm"))]
        case _:
            return [name for name in ["content.xml"] if name in names]


_BREAKS = {"p", "h", "br", "line-break", "tr", "table-row", "li", "div", "title", "h1", "h2", "h3", "h4"}
_BLANKS = {"tab", "s", "tc", "table-cell", "td"}
_SILENT = {"instrText", "delText", "script", "style", "head", "annotation", "tracked-changes"}


class _Reader:
    """Takes the words out of parts until there are enough."""

    def __init__(self, archive: zipfile.ZipFile, most: int, deadline: Deadline) -> None:
        self._archive = archive
        self._most = most
        self._deadline = deadline
        self._unpacked = 0
        self._pieces: list[str] = []
        self._length = 0

    def words(self, parts: list[str]) -> str:
        for part in parts:
            with self._archive.open(part) as stream:
                self._read(stream)
            self._add("\n\n")
            if self._full:
                break
        text = re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(self._pieces))
        return re.sub(r"\n{3,}", "\n\n", text).strip()[: self._most]

    @property
    def _full(self) -> bool:
        return self._length >= self._most or self._unpacked >= UNPACKED or self._deadline.over

    def _add(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)

    def _read(self, stream: IO[bytes]) -> None:
        parser = parser_of(self._add, self._add)
        while not self._full:
            chunk = stream.read(_CHUNK)
            self._unpacked += len(chunk)
            parser.Parse(chunk, not chunk)
            if not chunk:
                break


def parser_of(say: Callable[[str], None], space: Callable[[str], None]) -> expat.XMLParserType:
    """A parser that says the words, and spaces between them; a document that defines something is refused."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    silent = depth = 0

    def start(name: str, _: object) -> None:
        nonlocal silent, depth
        depth += 1
        if depth > DEPTH:
            raise Unreadable(DAMAGED)
        tag = name.rpartition(" ")[2]
        if tag in _SILENT or silent:
            silent += 1
        elif tag in _BLANKS:
            space("\t" if tag != "s" else " ")

    def end(name: str) -> None:
        nonlocal silent, depth
        depth -= 1
        if silent:
            silent -= 1
        elif name.rpartition(" ")[2] in _BREAKS:
            space("\n")

    def text(data: str) -> None:
        if not silent:
            # In the XML of a text no line break is one.
            say(data.replace("\n", " ") if data.strip() else " " if data and "\n" not in data else "")

    def refuse(*_: object) -> NoReturn:
        raise Unreadable(DEFINES)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    return parser


def _pages(archive: zipfile.ZipFile, family: str, names: list[str], parts: list[str]) -> int | None:
    match family:
        case "pptx":
            return len(parts)
        case "docx":
            where, pattern = "docProps/app.xml", rb"<(?:\w+:)?Pages>\s*(\d{1,6})\s*<"
        case "odf":
            where, pattern = "meta.xml", rb'page-count="(\d{1,6})"'
        case _:
            return None
    if where not in names:
        return None
    with archive.open(where) as stream:
        found = re.search(pattern, stream.read(_CHUNK))
    return int(found[1]) if found else None
