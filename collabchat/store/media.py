"""What kind of file something is: by its content first, then by its name. Neither a name nor a sender is believed."""

from __future__ import annotations

import codecs
import re

from collabchat import protocol as p
from collabchat.store.media_names import BY_ENDING, BY_NAME, IN_OLE, IN_ZIP

HEAD = 65_536
"""Bytes of a file's beginning that are enough to tell; more are not looked at."""

UNKNOWN: tuple[str, p.FileKind] = ("application/octet-stream", "other")
PLAIN: tuple[str, p.FileKind] = ("text/plain", "document")
_SHOWN = {"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"}
_READ = {"text/plain", "text/csv", "text/tab-separated-values", "text/markdown", "text/x-rst"}

_MAGIC: tuple[tuple[int, bytes, str, p.FileKind], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png", "picture"),
    (0, b"\xff\xd8\xff", "image/jpeg", "picture"),
    (0, b"GIF87a", "image/gif", "picture"),
    (0, b"GIF89a", "image/gif", "picture"),
    (0, b"II*\0", "image/tiff", "other"),
    (0, b"MM\0*", "image/tiff", "other"),
    (0, b"8BPS", "image/vnd.adobe.photoshop", "other"),
    (0, b"\0\0\1\0", "image/vnd.microsoft.icon", "other"),
    (0, b"%PDF-", "application/pdf", "document"),
    (0, b"{\\rtf", "application/rtf", "document"),
    (0, b"PAR1", "application/vnd.apache.parquet", "data"),
    (0, b"ARROW1\0\0", "application/vnd.apache.arrow.file", "data"),
    (0, b"FEA1", "application/vnd.apache.arrow.file", "data"),
    (8, b"DUCK", "application/vnd.duckdb", "data"),
    (0, b"SQLite format 3\0", "application/vnd.sqlite3", "data"),
    (0, b"\x89HDF\r\n\x1a\n", "application/x-hdf5", "data"),
    (0, b"\x93NUMPY", "application/x-npy", "data"),
    (0, b"Obj\x01", "application/vnd.apache.avro", "data"),
    (0, b"ORC", "application/vnd.apache.orc", "data"),
    (0, b"BZh", "application/x-bzip2", "archive"),
    (0, b"\xfd7zXZ\0", "application/x-xz", "archive"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd", "archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed", "archive"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar", "archive"),
    (257, b"ustar", "application/x-tar", "archive"),
    (0, b"OggS", "audio/ogg", "sound"),
    (0, b"fLaC", "audio/flac", "sound"),
    (0, b"ID3", "audio/mpeg", "sound"),
    (0, b"MThd", "audio/midi", "sound"),
    (0, b"\0\0\1\xba", "video/mpeg", "video"),
    (0, b"FLV\1", "video/x-flv", "video"),
    (0, b"\x7fELF", "application/x-elf", "other"),
    (0, b"\0asm", "application/wasm", "other"),
    (0, b"wOFF", "font/woff", "other"),
    (0, b"wOF2", "font/woff2", "other"),
)
_RIFF: dict[bytes, tuple[str, p.FileKind]] = {
    b"WEBP": ("image/webp", "picture"),
    b"WAVE": ("audio/wav", "sound"),
    b"AVI ": ("video/x-msvideo", "video"),
}
_HEIF = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|link|meta)[\s/>]", re.I
)
_PROLOG = re.compile(r"\s*(?:<\?xml[^>]*>|<!--.*?-->|<!doctype\b[^\[>]*(?:\[.*?\]\s*)?>|<\?[^>]*>|\s+)", re.I | re.S)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")
_CONTROLS = {*range(0x20)} - {*b"\t\n\r\f\b\x1b"}
_MARKUP_INSIDE = {"text/markdown", "application/json", "application/x-ndjson", "application/x-ipynb+json"}
"""Texts that may begin as a page does and are none."""


def media_of(head: bytes, name: str) -> tuple[str, p.FileKind]:
    """The media type of a file and its kind.

    Parameters
    ----------
    head
        Its first bytes, `HEAD` of them or all there are.
    name
        What it is called: it decides between what the content may be, and nothing else.
    """
    head = head[:HEAD]
    found = _binary(head, _ending(name))
    if found is not None:
        return found
    text = text_of(head)
    return UNKNOWN if text is None else _text(text, name)


def served_type(media_type: str) -> str:
    """What a browser is told a file is: nothing that it would run, however the file calls itself.

    Pictures, sound and video stay what they are, plain texts are ``text/plain``, all else ``application/octet-stream``.
    """
    if media_type in _SHOWN or re.fullmatch(r"(?:audio|video)/[\w.+-]+", media_type, re.ASCII):
        return media_type
    return "text/plain" if media_type in _READ else "application/octet-stream"


def text_of(head: bytes) -> str | None:
    """The beginning of a text; None where it is none. UTF-8, UTF-16 with its mark, or a code page of one byte."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if head.startswith(mark):
            text = codecs.getincrementaldecoder(encoding)("replace").decode(head[2:])
            return None if "\0" in text or text.count("\ufffd") > len(text) // 100 else text
    if _CONTROLS.intersection(head):
        return None
    try:
        return codecs.getincrementaldecoder("utf-8-sig")("strict").decode(head)
    except UnicodeDecodeError:
        text = head.decode("latin-1")
        letters = sum(character.isascii() for character in text)
        return text if letters * 2 > len(text) else None


# ---------------------------------------------------------------- bytes


def _binary(head: bytes, ending: str) -> tuple[str, p.FileKind] | None:
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _zip(head, ending)
    if head[:2] == b"\x1f\x8b":
        return "application/gzip", "archive"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return IN_OLE.get(ending, ("application/x-ole-storage", "other"))
    if head[:4] == b"RIFF" and head[8:12] in _RIFF:
        return _RIFF[head[8:12]]
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "audio/aiff", "sound"
    if head[4:8] == b"ftyp" and text_of(head) is None:
        return _iso(head, ending)
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        if b"webm" not in head[:64]:
            return "video/x-matroska", "video"
        return ("audio/webm", "sound") if ending == "weba" else ("video/webm", "video")
    for at, magic, media_type, kind in _MAGIC:
        if head.startswith(magic, at):
            if media_type == "audio/ogg" and (ending == "ogv" or b"theora" in head[:256]):
                return "video/ogg", "video"
            # Letters alone may begin a text as well.
            if magic.isalnum() and text_of(head) is not None and at == 0:
                continue
            return media_type, kind
    return _without_magic(head, ending)


def _without_magic(head: bytes, ending: str) -> tuple[str, p.FileKind] | None:
    """Where a few bits are all that a file begins with, its name has to agree."""
    if text_of(head) is not None and head[:1] != b"\xff":
        return None
    if ending == "mp3" and len(head) > 2 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:
        return "audio/mpeg", "sound"
    if ending == "aac" and len(head) > 2 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "audio/aac", "sound"
    if ending in {"arrow", "arrows", "feather", "ipc"} and head[:4] == b"\xff\xff\xff\xff":
        return "application/vnd.apache.arrow.stream", "data"
    if head[:2] == b"BM" and len(head) > 14 and int.from_bytes(head[14:18], "little") in (12, 40, 52, 56, 64, 108, 124):
        return "image/bmp", "other"
    if head[:2] == b"MZ":
        return "application/vnd.microsoft.portable-executable", "other"
    return None


def _iso(head: bytes, ending: str) -> tuple[str, p.FileKind]:
    """A file of boxes (ISO 14496-12): what its brands say."""
    size = min(int.from_bytes(head[:4], "big"), 256)
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, size - 3, 4))}
    if brands & {b"avif", b"avis"}:
        return "image/avif", "picture"
    if head[8:12] in _HEIF:
        return "image/heic", "other"
    if head[8:12] in (b"M4A ", b"M4B ") or ending in {"m4a", "m4b"}:
        return "audio/mp4", "sound"
    return ("video/quicktime", "video") if head[8:12] == b"qt  " else ("video/mp4", "video")


def _zip(head: bytes, ending: str) -> tuple[str, p.FileKind]:
    names = _names_in_zip(head)
    if names and names[0] == "mimetype":
        # OpenDocument and EPUB say what they are in a first entry that is not compressed.
        said = head[38 : 38 + int.from_bytes(head[22:26], "little")][:100].decode("latin-1").strip()
        for media_type, kind in IN_ZIP.values():
            if media_type == said:
                return media_type, kind
    office = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
    if any(name in ("[Content_Types].xml", "_rels/.rels") for name in names):
        for folder, kind_of in office.items():
            if any(name.startswith(folder) for name in names):
                close = IN_ZIP.get(ending)
                return close if close and close[1] == IN_ZIP[kind_of][1] else IN_ZIP[kind_of]
    return IN_ZIP.get(ending, ("application/zip", "archive"))


def _names_in_zip(head: bytes) -> list[str]:
    """The names of the first entries, as far as their headers are in the head."""
    names: list[str] = []
    at = 0
    while len(names) < 100 and head[at : at + 4] == b"PK\x03\x04" and at + 30 <= len(head):
        packed = int.from_bytes(head[at + 18 : at + 22], "little")
        length, extra = (
            int.from_bytes(head[at + 26 : at + 28], "little"),
            int.from_bytes(head[at + 28 : at + 30], "little"),
        )
        names.append(head[at + 30 : at + 30 + length].decode("utf-8", "replace"))
        at += 30 + length + extra + packed
        if packed == 0:  # its size stands behind it: look for the next one
            at = head.find(b"PK\x03\x04", at)
            if at < 0:
                break
    return names


# ---------------------------------------------------------------- texts


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _text(text: str, name: str) -> tuple[str, p.FileKind]:
    lower = name.lower()
    named = BY_NAME.get(lower) or BY_ENDING.get(_ending(lower))
    markup = _markup(text)
    if markup is not None and (named is None or (named[1] != "code" and named[0] not in _MARKUP_INSIDE)):
        return markup, "code"
    if named is None:
        return PLAIN
    if named[1] == "notebook" and text.strip() and not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return PLAIN
    return named


def _markup(text: str) -> str | None:
    """Whether a text is a page, a drawing or other XML."""
    text = text.lstrip("\ufeff \t\r\n\f")[:16_384]
    if not text.startswith("<"):
        return None
    xml = text[:5].lower() == "<?xml"
    at = 0
    while (prolog := _PROLOG.match(text, at)) is not None:
        if re.match(r"\s*<!doctype\s+html", prolog[0], re.I):
            return "text/html"
        at = prolog.end()
    rest = text[at:].lstrip()
    root = _ROOT.match(rest)
    if root is not None and root[1].lower() == "svg":
        return "image/svg+xml"
    if root is not None and root[1].lower() == "html":
        return "application/xhtml+xml" if xml else "text/html"
    if not xml and _HTML.match(rest):
        return "text/html"
    return "application/xml" if xml else None
