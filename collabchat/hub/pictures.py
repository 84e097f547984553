"""Members' pictures: what is taken as one. The hub trusts no client's word about what it sends."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Literal

from collabchat import protocol as p
from collabchat.errors import Invalid, TooLarge
from collabchat.store.pixels import size_of

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
    if size is None or not picture.startswith((b"\x89PNG", b"\xff\xd8", b"RIFF")):
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
