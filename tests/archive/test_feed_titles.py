"""A title in a feed is the page's own, but for spelling, labels and a cut end; or it is not."""

import pytest

from archive.feed_titles import is_one_of

SEEN = ["Park yenilənir", "Şəhərdə “yaşıl dəhliz” salınır"]


@pytest.mark.parametrize(
    "title",
    [
        "Park yenilənir",
        "PARK YENİLƏNİR",
        "Park yenilenir",
        "Park yenilənir - FOTO",
        "Park yenilənir (FOTO/VİDEO)",
        "Park yeni…",
        "Şəhərdə 'yaşıl dəhliz' salınır - YENİLƏNİB",
    ],
)
def test_the_same_title_in_another_dress_was_seen(title: str) -> None:
    assert is_one_of(title, SEEN)


@pytest.mark.parametrize(
    "title", ["Park bağlanır", "Park yenilənir, ağaclar kəsilir", "Park", "Yeni park…", ""]
)
def test_another_title_was_not(title: str) -> None:
    assert not is_one_of(title, SEEN)


def test_capitals_are_no_label_in_a_title_of_capitals() -> None:
    assert not is_one_of("PARK YENİLƏNİR, AĞACLAR KƏSİLİR", ["PARK YENİLƏNİR"])
