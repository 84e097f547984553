"""The size of a picture as its own head has it, against what Pillow reads; and heads that lie."""

from __future__ import annotations

import io
import random

import pytest

from collabchat.store.pixels import size_of

Image = pytest.importorskip("PIL.Image")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
@pytest.mark.parametrize("size", [(1, 1), (7, 5), (640, 480), (300, 2)])
def test_the_size_is_that_of_the_picture(kind: str, size: tuple[int, int]) -> None:
    made = io.BytesIO()
    try:
        Image.new("RGB", size, (90, 20, 30)).save(made, kind)
    except (KeyError, OSError) as error:
        pytest.skip(f"this Pillow writes no {kind}: {error}")
    assert size_of(made.getvalue()) == size


def test_a_big_head_before_a_jpegs_size_is_passed_over() -> None:
    made = io.BytesIO()
    Image.new("RGB", (31, 17)).save(made, "JPEG", exif=b"Exif\0\0" + bytes(60_000), icc_profile=bytes(100_000))
    assert size_of(made.getvalue()) == (31, 17)


def test_any_beginning_is_read_without_harm() -> None:
    chance = random.Random(1)
    for kind in ("PNG", "JPEG", "GIF", "WEBP", "AVIF"):
        made = io.BytesIO()
        Image.new("RGB", (9, 4)).save(made, kind)
        picture = made.getvalue()
        for end in range(min(len(picture), 400)):
            size_of(picture[:end])
        for _ in range(300):
            broken = bytearray(picture)
            for _ in range(3):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            size_of(bytes(broken))
