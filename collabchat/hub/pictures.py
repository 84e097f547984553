"""Members' pictures: what is taken as one. The hub trusts no client's word about what it sends."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Literal

from collabchat import protocol as p
from collabchat.errors import Invalid, TooLarge

SIDE = 512
"""Pixels of a side, at the most."""

MediaType = Literal["image/png", "image/jpeg", "image/webp"]


def bytes_of(data: str, limits: p.Limits) -> bytes:
    """The picture that a client sent.

    Raises
    ------
    TooLarge, Invalid
        Where it is none that is taken.
    """
    try:
        picture = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid("A picture comes as Base64.") from error
    if len(picture) > limits.picture:
        raise TooLarge(f"A picture has at most {limits.picture:,} bytes; this one has {len(picture):,}.")
    size = size_of(picture)
    if size is None:
        raise Invalid("A picture is a PNG, a JPEG or a WebP.")
    if not 0 < min(size) <= max(size) <= SIDE:
        raise TooLarge(f"A picture has at most {SIDE} pixels a side; this one has {size[0]} x {size[1]}.")
    return picture


def name_of(data: str, limits: p.Limits) -> str:
    """The name under which a picture is kept: its SHA-256."""
    return hashlib.sha256(bytes_of(data, limits)).hexdigest()


def media_type(picture: bytes) -> MediaType:
    """What kind of picture it is."""
    if picture.startswith(b"\x89PNG"):
        return "image/png"
    return "image/jpeg" if picture.startswith(b"\xff\xd8") else "image/webp"


def size_of(picture: bytes) -> tuple[int, int] | None:
    """Width and height as the file's own head has them; None where it is no such file."""
    if picture.startswith(b"\x89PNG\r\n\x1a\n") and picture[12:16] == b"IHDR" and len(picture) >= 33:
        return int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")
    if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP" and len(picture) >= 30:
        return _webp(picture)
    if picture.startswith(b"\xff\xd8\xff"):
        return _jpeg(picture)
    return None


def _webp(picture: bytes) -> tuple[int, int] | None:
    match picture[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(picture[24:27], "little"), 1 + int.from_bytes(picture[27:30], "little")
        case b"VP8L" if picture[20] == 0x2F:
            bits = int.from_bytes(picture[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 " if picture[23:26] == b"\x9d\x01\x2a":
            width, height = int.from_bytes(picture[26:28], "little"), int.from_bytes(picture[28:30], "little")
            return width & 0x3FFF, height & 0x3FFF
        case _:
            return None


def _jpeg(picture: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(picture) and picture[at] == 0xFF:
        marker = picture[at + 1]
        length = int.from_bytes(picture[at + 2 : at + 4], "big")
        # SOF0 to SOF15 but for tables and arithmetic conditioning.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = (
                int.from_bytes(picture[at + 5 : at + 7], "big"),
                int.from_bytes(picture[at + 7 : at + 9], "big"),
            )
            return width, height
        if marker in (0xD8, 0xD9) or length < 2:
            return None
        at += 2 + length
    return None
