"""The second look: points that both pictures have."""

import io

import pytest
from PIL import Image, ImageDraw, ImageFont, ImageOps

from archive.photo_points import LEAST_POINTS, can_look_twice, shared_points
from tests.archive.test_photo_hash import file_of, opened, with_banner, with_frame
from tests.web.pictures import picture

pytestmark = pytest.mark.skipif(not can_look_twice(), reason="needs OpenCV: make setup installs it")


def test_a_narrow_crop_shares_points_with_its_picture() -> None:
    narrow = opened("park").crop((500, 300, 1100, 780))

    assert shared_points(picture("park"), file_of(narrow)).is_same


def test_a_mirrored_picture_is_told_as_such() -> None:
    found = shared_points(picture("park"), file_of(ImageOps.mirror(opened("park"))))

    assert found.is_same
    assert found.is_mirror


def test_different_pictures_share_no_points_that_one_movement_explains() -> None:
    assert shared_points(picture("park"), picture("liman")).count < LEAST_POINTS


def test_a_logo_that_two_pictures_have_is_not_enough() -> None:
    logo = Image.open(io.BytesIO(picture("nişan"))).resize((110, 70))
    both = []
    for name in ("park", "liman"):
        own = opened(name)
        own.paste(logo, (1080, 10))
        both.append(file_of(own))

    assert not shared_points(*both).is_same


@pytest.mark.parametrize("height", [0.15, 0.3], ids=["a banner", "words over a third"])
def test_the_same_words_over_two_pictures_are_not_enough(height: float) -> None:
    both = []
    for name in ("park", "liman"):
        own = opened(name)
        draw = ImageDraw.Draw(own)
        top = own.height * (1 - height)
        if height < 0.2:
            draw.rectangle((0, top, own.width, own.height), fill=(15, 60, 140))
        font = ImageFont.load_default(size=own.height * height / 3)
        draw.multiline_text((40, top), "Bakıda yeni metro\nstansiyası açıldı", "white", font)
        both.append(file_of(own))

    found = shared_points(*both)

    assert found.count >= LEAST_POINTS
    assert not found.is_same


def test_one_frame_banner_and_logo_over_different_pictures_are_not_enough() -> None:
    logo = Image.open(io.BytesIO(picture("nişan"))).resize((110, 70))
    both = []
    for name in ("park", "liman"):
        own = opened(name)
        with_banner(own)
        with_frame(own)
        own.paste(logo, (1000, 90))
        both.append(file_of(own))

    found = shared_points(*both)

    assert found.count >= LEAST_POINTS
    assert not found.is_same


def test_words_over_a_picture_do_not_hide_it() -> None:
    own = opened("park")
    font = ImageFont.load_default(size=own.height * 0.09)
    place = (own.width * 0.06, own.height * 0.55)
    ImageDraw.Draw(own).multiline_text(place, "Bakıda yeni metro\nstansiyası", "white", font)

    assert shared_points(picture("park"), file_of(own)).is_same


def test_an_empty_picture_has_no_points() -> None:
    assert shared_points(file_of(Image.new("L", (300, 200))), picture("park")).count == 0
