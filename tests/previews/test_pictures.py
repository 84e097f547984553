"""Pictures in small: the right way up, within their square, and nothing of what else the file says."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hostile
import pytest
from PIL import Image

from collabchat.previews.jobs import Job
from collabchat.previews.making import make

FILES = Path(__file__).parents[2] / "data" / "files"
Small = Callable[..., Image.Image | None]


@pytest.fixture
def small_of(job_of: Callable[..., Job]) -> Small:
    def small(content: bytes, name: str, side: int = 160) -> Image.Image | None:
        made, data = make(job_of(content, name, "thumbnail", side))
        assert made.fault == ""
        if not made.media_type:
            return None
        picture = Image.open(io.BytesIO(data))
        assert Image.MIME[picture.format or ""] == made.media_type
        assert picture.size == (made.width, made.height)
        return picture

    return small


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def halves(mode: str = "RGB", size: tuple[int, int] = (600, 300)) -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, *size))
    return picture.convert(mode)


def near(found: Any, wanted: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(found, wanted, strict=False))


RED, BLUE = (255, 0, 0), (0, 0, 255)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
def test_every_kind_is_made_small(kind: str, small_of: Small) -> None:
    found = small_of(saved(halves(), kind), "a")
    assert found is not None
    assert found.size == (160, 80)
    shown = found.convert("RGB")
    assert near(shown.getpixel((10, 40)), RED)
    assert near(shown.getpixel((150, 40)), BLUE)


@pytest.mark.parametrize("side", [160, 480, 1600])
def test_it_fits_its_square_and_is_never_made_larger(side: int, small_of: Small) -> None:
    found = small_of(saved(halves(size=(500, 1_000)), "PNG"), "a.png", side)
    assert found is not None
    assert found.size == ((side // 2, side) if side < 1_000 else (500, 1_000))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK"])
def test_every_mode(mode: str, small_of: Small) -> None:
    found = small_of(saved(halves(mode), "JPEG" if mode == "CMYK" else "PNG"), "a")
    assert found is not None
    grey = found.convert("L")
    assert grey.getpixel((10, 40)) != grey.getpixel((150, 40))


def test_grey_of_16_bits(small_of: Small) -> None:
    picture = Image.new("L", (300, 300), 128).convert("I").point(lambda value: value * 257).convert("I;16")
    found = small_of(saved(picture, "PNG"), "a.png")
    assert found is not None
    assert near(found.convert("RGB").getpixel((9, 9)), (128, 128, 128))


def test_what_is_seen_through_stays_so(small_of: Small) -> None:
    clear = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    found = small_of(saved(clear, "PNG"), "a.png")
    assert found is not None
    assert found.convert("RGBA").getpixel((50, 50))[3] == 0


def test_only_the_first_frame_of_many(small_of: Small) -> None:
    frames = [Image.new("RGB", (200, 200), colour) for colour in ("red", "blue", "green")]
    content = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    found = small_of(content, "a.gif")
    assert found is not None
    assert getattr(found, "n_frames", 1) == 1
    assert near(found.convert("RGB").getpixel((9, 9)), RED)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_is_turned_as_the_camera_was_held(orientation: int, small_of: Small) -> None:
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    seen = halves()
    held = seen.transpose(turns[orientation]) if orientation in turns else seen
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = small_of(saved(held, "JPEG", exif=exif, quality=95), "a.jpg")
    assert found is not None
    assert found.size == (160, 80)
    assert near(found.convert("RGB").getpixel((10, 40)), RED)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_nothing_else_of_the_file_is_kept(kind: str, small_of: Small, job_of: Callable[..., Job]) -> None:
    exif = Image.Exif()
    exif[0x010F] = "CameraMaker"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)  # where it was taken
    exif[0x8825] = exif.get_ifd(0x8825)
    content = saved(halves(), kind, exif=exif, **({"comment": b"CameraMaker"} if kind == "JPEG" else {}))
    assert b"CameraMaker" in content
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825)
    found = small_of(content, "a")
    assert found is not None
    assert dict(found.getexif()) == {}
    assert found.getexif().get_ifd(0x8825) == {}
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(found.info)
    _, data = make(job_of(content, "a", "thumbnail"))
    assert b"CameraMaker" not in data


def test_too_many_pixels_are_refused_before_they_are_decoded(small_of: Small) -> None:
    assert small_of(hostile.png(50_000, 50_000, whole=False), "a.png") is None
    assert small_of(hostile.gif(65_535, 65_535), "a.gif") is None
    assert small_of(hostile.gif(100, 50), "a.gif") is not None


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.95])
def test_a_cut_picture_never_fails(kind: str, part: float, job_of: Callable[..., Job]) -> None:
    content = saved(Image.effect_noise((300, 300), 90).convert("RGB"), kind)
    made, _ = make(job_of(content[: int(len(content) * part)], "a", "thumbnail"))
    assert made.fault == ""
    assert made.width <= 300


def test_the_first_page_of_a_pdf(small_of: Small) -> None:
    found = small_of((FILES / "postmortem-2026-10-16.pdf").read_bytes(), "a.pdf", 480)
    assert found is not None
    assert found.size[1] == 480
    least, greatest = found.convert("L").getextrema()
    assert isinstance(least, int)
    assert isinstance(greatest, int)
    assert greatest - least > 150  # there is something on it


@pytest.mark.parametrize("missing", ["PIL", "pypdfium2"])
def test_without_the_extra_there_is_none(missing: str, monkeypatch: pytest.MonkeyPatch, small_of: Small) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    assert small_of((FILES / "postmortem-2026-10-16.pdf").read_bytes(), "a.pdf") is None
    if missing == "PIL":
        assert small_of(hostile.png(10, 10), "a.png") is None


def test_drawings_and_other_files_have_none(small_of: Small) -> None:
    assert small_of(b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "a.svg") is None
    assert small_of(b"II*\0" + bytes(99), "a.tif") is None
    assert small_of(b"words", "a.png") is None
