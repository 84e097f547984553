"""The size of a picture, as its own head has it."""

from __future__ import annotations

HEAD = 512 * 1024
"""Bytes from the beginning in which the size of a picture is looked for."""


def size_of(picture: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, JPEG, WebP, GIF or AVIF; None where it is no such file."""
    if picture.startswith(b"\x89PNG\r\n\x1a\n") and picture[12:16] == b"IHDR" and len(picture) >= 33:
        return int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")
    if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP" and len(picture) >= 30:
        return _webp(picture)
    if picture.startswith(b"\xff\xd8\xff"):
        return _jpeg(picture)
    if picture[:6] in (b"GIF87a", b"GIF89a") and len(picture) >= 10:
        return int.from_bytes(picture[6:8], "little"), int.from_bytes(picture[8:10], "little")
    if picture[4:8] == b"ftyp" and picture[8:12] in (b"avif", b"avis", b"mif1"):
        return _avif(picture)
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


def _avif(picture: bytes) -> tuple[int, int] | None:
    """The largest of the sizes that its parts have: an AVIF may be put together from tiles, and have a preview."""
    found: tuple[int, int] | None = None
    at = picture.find(b"ispe")
    while at != -1 and at + 16 <= len(picture):
        if picture[at - 4 : at + 8] == b"\x00\x00\x00\x14ispe\x00\x00\x00\x00":
            size = int.from_bytes(picture[at + 8 : at + 12], "big"), int.from_bytes(picture[at + 12 : at + 16], "big")
            if found is None or size[0] * size[1] > found[0] * found[1]:
                found = size
        at = picture.find(b"ispe", at + 4)
    return found
