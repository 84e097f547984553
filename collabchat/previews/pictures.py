"""Pictures in small, by Pillow; without it there are none, and the browser makes them small itself."""

from __future__ import annotations

import contextlib
import io
import struct
from typing import TYPE_CHECKING, NamedTuple

from collabchat.previews.jobs import Unreadable
from collabchat.previews.limits import is_memory

if TYPE_CHECKING:
    from PIL import Image

PIXELS = 100_000_000
"""A picture of more is not decoded."""
FORMATS = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/avif": "AVIF",
}


class Small(NamedTuple):
    """A picture that was made."""

    media_type: str
    width: int
    height: int
    data: bytes


def thumbnail(path: str, media_type: str, side: int) -> Small | None:
    """The first frame of a picture within a square, the right way up, and nothing else that the file says.

    Returns
    -------
    Small or None
        None where there is no Pillow, or none for this kind of picture.

    Raises
    ------
    Unreadable
        Where the picture has more pixels than `PIXELS`, or is damaged.
    """
    try:
        import PIL.Image  # noqa: F401
    except ImportError:
        return None
    if media_type not in FORMATS:
        return None
    try:
        return _thumbnail(path, media_type, side)
    except (OSError, SyntaxError, ValueError, EOFError, RuntimeError, struct.error) as error:
        if is_memory(error):
            raise
        raise Unreadable("This picture could not be read: it may be damaged.") from error


def _thumbnail(path: str, media_type: str, side: int) -> Small:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # our own limit is asked before anything is decoded
    with Image.open(path, formats=[FORMATS[media_type]]) as picture:
        _check(picture)
        picture.draft("RGB", (side, side))
        _check(picture)
        if picture.mode in ("P", "PA") or "transparency" in picture.info:
            small: Image.Image = picture.convert("RGBA")
        else:
            small = picture
        turned = _turned(picture)
        small.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
        small = _in_rgb(small, picture.info.get("icc_profile"))
        if turned:
            small.getexif()[0x0112] = turned
            small = ImageOps.exif_transpose(small)
        return encode(small)


def encode(picture: Image.Image) -> Small:
    """A picture as a file that browsers show: its pixels alone."""
    from PIL import Image, features

    clean = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    file = io.BytesIO()
    if features.check("webp"):
        clean.save(file, "WEBP", quality=82, method=4)
        return Small("image/webp", *clean.size, file.getvalue())
    clean.save(file, "PNG", optimize=True)
    return Small("image/png", *clean.size, file.getvalue())


def _check(picture: Image.Image) -> None:
    width, height = picture.size
    if not 0 < width * height <= PIXELS:
        raise Unreadable(f"This picture has {width:,} x {height:,} pixels: too many to be made small.")


def _turned(picture: Image.Image) -> int:
    """How a camera was held (EXIF's orientation); 0 where nothing has to be turned."""
    try:
        found = picture.getexif().get(0x0112, 1)
    except Exception:  # what a camera wrote may be broken, and the picture is there all the same
        return 0
    return found if isinstance(found, int) and 2 <= found <= 8 else 0


def _in_rgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """In the colours that browsers take for granted."""
    from PIL import Image

    alpha = picture.mode in ("RGBA", "LA", "PA", "La", "RGBa")
    if picture.mode.startswith("I"):  # grey of 16 bits
        picture = picture.convert("I").point(lambda value: value / 257).convert("L")
    if profile and len(profile) < 4 * 2**20:
        from PIL import ImageCms

        with contextlib.suppress(Exception):  # a broken profile: the numbers are taken as they are
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                picture, given, ImageCms.createProfile("sRGB"), outputMode="RGBA" if alpha else "RGB"
            )
            picture = converted if isinstance(converted, Image.Image) else picture
    wanted = "RGBA" if alpha else "RGB"
    return picture if picture.mode == wanted else picture.convert(wanted)
