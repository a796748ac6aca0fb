"""Progressive JPEGs: read only as far as a small picture needs, and never for minutes."""

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from archive.errors import PageError
from archive.jpeg_scans import MOST_SCANS, coarse_scans, has_absurd_scans
from archive.photo_hash import HASH_BYTES, VIEW_BYTES, hash_image, hash_photo, opened
from tests.web.pictures import picture

_LEAST_PX = 256


def progressive(px: int = 2400, mode: str = "RGB", **options: object) -> bytes:
    image = Image.open(io.BytesIO(picture("park"))).convert(mode).resize((px, px * 2 // 3))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=85, progressive=True, **options)
    return file.getvalue()


def view_bits_apart(one: bytes, other: bytes) -> int:
    with opened(one) as a, opened(other) as b:
        views = (hash_image(a).views, hash_image(b).views)
    return max(
        (int.from_bytes(views[0][at : at + VIEW_BYTES])
         ^ int.from_bytes(views[1][at : at + VIEW_BYTES])).bit_count()
        for at in range(0, HASH_BYTES, VIEW_BYTES)
    )  # fmt: skip


@pytest.mark.parametrize("px", [800, 1280, 2400])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_the_coarse_scans_give_the_same_hash_from_half_the_bytes(px: int, mode: str) -> None:
    whole = progressive(px, mode)
    coarse = coarse_scans(whole, _LEAST_PX)

    assert len(coarse) < 0.6 * len(whole)
    assert view_bits_apart(whole, coarse) <= 10


def test_what_the_file_says_of_itself_stays() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = 6, "Numune xeber agentliyi"

    coarse = coarse_scans(progressive(exif=exif), _LEAST_PX)

    with opened(coarse) as image:
        assert dict(image.getexif()) == dict(exif)
        assert image.size == (2400, 1600)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(progressive(500), id="small"),
        pytest.param(progressive(mode="CMYK"), id="four inks"),
        pytest.param(progressive(keep_rgb=True), id="three colours"),
        pytest.param(progressive()[:-2], id="cut off"),
        pytest.param(picture("park"), id="not progressive"),
        pytest.param(b"GIF89a", id="no JPEG"),
    ],
)
def test_what_has_no_coarse_scans_to_take_stays_as_it_is(body: bytes) -> None:
    assert coarse_scans(body, _LEAST_PX) == body


def test_a_progressive_file_that_is_cut_is_not_hashed() -> None:
    whole = progressive()

    with pytest.raises(PageError, match="truncated"):
        hash_photo(whole[: len(whole) * 2 // 3])


def test_a_small_file_of_scans_without_end_is_refused() -> None:
    whole = progressive(500)
    scan = b"\xff\xda" + struct.pack(">HBBBBBB", 8, 1, 1, 0, 1, 63, 0) + b"\x00"
    bomb = whole[:-2] + scan * MOST_SCANS + whole[-2:]

    assert has_absurd_scans(bomb)
    with pytest.raises(PageError, match="scans"):
        hash_photo(bomb)


@given(at=st.integers(2, 20_000), junk=st.binary(max_size=40))
def test_no_damage_is_an_error_of_ours(at: int, junk: bytes) -> None:
    whole = _DAMAGED
    coarse_scans(whole[:at] + junk + whole[at + len(junk) :], _LEAST_PX)


_DAMAGED = progressive(1024)
