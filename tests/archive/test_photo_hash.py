"""The hash of a picture: what leaves it as it is, and what is refused."""

import io
import itertools
import subprocess
import sys
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

from archive.errors import PageError
from archive.photo_hash import SURE_BITS, bits_apart, hash_photo, sure_bits
from tests.web.pictures import picture


def opened(name: str) -> Image.Image:
    return Image.open(io.BytesIO(picture(name))).convert("RGB")


def file_of(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def apart(one: bytes, other: bytes) -> int:
    return bits_apart(hash_photo(one).views, hash_photo(other).views)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda p: p.resize((300, 200)), id="small"),
        pytest.param(lambda p: p.crop((60, 40, 1140, 760)), id="cropped by 10 %"),
        pytest.param(lambda p: p.crop((240, 0, 1200, 640)), id="cropped to a corner"),
        pytest.param(ImageOps.mirror, id="mirrored"),
        pytest.param(ImageOps.grayscale, id="grey"),
        pytest.param(lambda p: ImageOps.expand(p, (0, 100)), id="letterbox"),
        pytest.param(lambda p: p.crop((0, 0, 1200, 660)), id="without its bottom"),
    ],
)
def test_what_newsrooms_do_to_a_picture_leaves_its_hash(
    change: Callable[[Image.Image], Image.Image],
) -> None:
    reused = file_of(change(opened("park")), quality=60)

    assert apart(picture("park"), reused) <= SURE_BITS


def test_another_picture_is_far_away() -> None:
    assert apart(picture("park"), picture("liman")) > SURE_BITS


def with_banner(own: Image.Image) -> None:
    """The same words on a plate over the lower part, as one publisher lays over all pictures."""
    draw, top = ImageDraw.Draw(own), own.height * 0.7
    draw.rectangle((0, top, own.width, own.height), fill=(15, 60, 140))
    font = ImageFont.load_default(size=own.height * 0.1)
    draw.text((20, top + 20), "Nümunə xəbər agentliyi", "white", font)


def with_frame(own: Image.Image) -> None:
    box = (0, 0, own.width - 1, own.height - 1)
    ImageDraw.Draw(own).rectangle(box, outline=(180, 20, 40), width=own.width // 16)


@pytest.mark.parametrize("lay_over", [with_banner, with_frame], ids=["banner", "frame"])
def test_what_a_publisher_lays_over_all_its_pictures_joins_no_strangers(
    lay_over: Callable[[Image.Image], None],
) -> None:
    hashes = []
    for number in range(16):
        soft = opened(f"şəkil {number}").resize((600, 400)).filter(ImageFilter.GaussianBlur(12))
        lay_over(soft)
        hashes.append(hash_photo(file_of(soft)))

    assert not any(each.is_flat for each in hashes)
    assert min(bits_apart(a.views, b.views) for a, b in itertools.combinations(hashes, 2)) > 72


def test_the_formats_of_one_picture_are_alike() -> None:
    assert apart(picture("park"), picture("park", "webp")) <= SURE_BITS


def test_a_picture_turned_by_its_exif_is_seen_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = opened("park").transpose(Image.Transpose.ROTATE_90)

    assert apart(picture("park"), file_of(lying, exif=exif)) <= SURE_BITS
    assert apart(picture("park"), file_of(lying)) > SURE_BITS


def test_a_picture_of_one_colour_is_flat() -> None:
    assert hash_photo(file_of(Image.new("RGB", (640, 480), "grey"))).is_flat
    assert not hash_photo(picture("park")).is_flat


def test_a_transparent_picture_stands_on_white() -> None:
    clear = Image.new("RGBA", (1200, 800), (0, 0, 0, 0))
    clear.paste(opened("park").crop((0, 0, 600, 800)), (0, 0))
    white = Image.new("RGB", (1200, 800), "white")
    white.paste(clear, mask=clear)

    assert apart(file_of(clear, "PNG"), file_of(white, "PNG")) <= SURE_BITS


def test_a_cut_file_is_refused_with_the_reason() -> None:
    whole = picture("park")

    with pytest.raises(PageError, match="truncated"):
        hash_photo(whole[: len(whole) // 2])


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xd8\xff\xe0junk", b"GIF89a"])
def test_what_is_no_image_is_refused(body: bytes) -> None:
    with pytest.raises(PageError):
        hash_photo(body)


def test_an_image_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    bomb = file_of(Image.new("1", (8000, 7000)), "PNG")

    with pytest.raises(PageError, match=r"pixels|absurd"):
        hash_photo(bomb)


def test_the_crawl_does_not_import_numpy_before_it_hashes_a_photo() -> None:
    code = "import sys, pipelines.store, archive.replay; sys.exit('numpy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_stranger_stays_as_rare_among_many_photos() -> None:
    limits = [sure_bits(10**exponent) for exponent in range(10)]

    assert limits == sorted(limits, reverse=True)
    assert (limits[0], limits[3], limits[6]) == (SURE_BITS, SURE_BITS, 57)
