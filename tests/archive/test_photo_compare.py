"""Comparing two pictures: the first step that is sure decides."""

from PIL import Image

from archive.photo_compare import Step, Verdict, compare_photos
from tests.archive.test_photo_hash import file_of, opened
from tests.web.pictures import picture


def test_the_same_bytes_need_no_second_step() -> None:
    found = compare_photos(picture("park"), picture("park"))

    assert (found.verdict, found.step, found.bits) == (Verdict.SAME, Step.BYTES, None)


def test_another_size_is_the_same_by_its_hash() -> None:
    found = compare_photos(picture("park"), file_of(opened("park").resize((400, 267))))

    assert (found.verdict, found.step) == (Verdict.SAME, Step.HASH)


def test_a_picture_within_a_page_is_the_same_by_its_points() -> None:
    page = Image.new("RGB", (1800, 1500), "white")
    page.paste(opened("park"), (80, 420))

    found = compare_photos(picture("park"), file_of(page))

    assert (found.verdict, found.step) == (Verdict.SAME, Step.POINTS)


def test_different_pictures_are_different() -> None:
    assert compare_photos(picture("park"), picture("liman")).verdict is Verdict.DIFFERENT


def test_pictures_with_little_contrast_are_never_the_same() -> None:
    greys = [file_of(Image.new("RGB", (640, 480), shade)) for shade in ("#777777", "#787878")]

    found = compare_photos(*greys)

    assert found.verdict is Verdict.UNKNOWN
    assert "contrast" in found.why


def test_a_damaged_file_is_told_with_the_reason() -> None:
    found = compare_photos(picture("park"), picture("park")[:5000])

    assert found.verdict is Verdict.UNKNOWN
    assert "truncated" in found.why
