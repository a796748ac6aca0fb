"""Looking at a new photo: its hash goes into the log, or the reason why there is none."""

from archive.photo_hash import hash_photo
from archive.photo_looks import hash_of, looked_at
from archive.reading import PhotoFacts
from tests.web.pictures import picture

FACTS = PhotoFacts(sha256="0" * 64, mime="image/jpeg", width_px=1200, height_px=800, size_bytes=1)


def test_the_hash_comes_out_of_the_log_as_it_went_in() -> None:
    look = looked_at(FACTS, picture("park")).look

    assert look is not None
    assert hash_of(look) == hash_photo(picture("park"))


def test_a_cut_photo_is_noted_as_not_hashed() -> None:
    look = looked_at(FACTS, picture("park")[:9000]).look

    assert look is not None
    assert hash_of(look) is None
    assert "truncated" in (look.not_hashed or "")
