"""Photos on their way out."""

import io

import pytest
from PIL import Image

from archive.web.photos import PhotoBytes, mime_of, small
from tests.web.pictures import picture


@pytest.mark.parametrize(
    ("body", "mime"),
    [
        (picture("a"), "image/jpeg"),
        (picture("a", "png", (30, 20)), "image/png"),
        (picture("a", "webp", (30, 20)), "image/webp"),
        (b"GIF89a\x01\x00", "image/gif"),
        (b"\0\0\0\x1cftypavif", "image/avif"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", None),
        (b"<!doctype html>", None),
        (b"", None),
    ],
)
def test_only_photos_are_photos(body: bytes, mime: str | None) -> None:
    assert mime_of(body) == mime


def test_a_small_photo_keeps_its_shape_and_its_white_ground() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (1000, 500), (0, 0, 0, 0)).save(written, "PNG")

    made = small(PhotoBytes(written.getvalue(), "image/png"))

    with Image.open(io.BytesIO(made.body)) as image:
        assert image.size == (480, 240)
        assert image.getpixel((10, 10)) == (255, 255, 255)


def test_a_broken_photo_is_passed_on_as_it_is() -> None:
    torn = PhotoBytes(picture("a")[:400], "image/jpeg")

    assert small(torn) == torn
