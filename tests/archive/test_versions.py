"""What counts as content: noise makes no version, one figure does."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.article import Moment, Precision, ShownPhoto
from archive.photo_keys import photo_key
from archive.versions import (
    changed_fields,
    even,
    folded_sha256,
    is_half_loaded,
    is_page_clock,
    version_sha256,
)
from benchmarks.versions import count_false, count_missed
from tests.archive.histories import TEXT, article

SEEN_AT = datetime(2026, 2, 14, 12, 0, tzinfo=UTC)


def modified_at(moment: datetime) -> Moment:
    return Moment(at=moment.isoformat(), precision=Precision.SECOND, printed="", how="json-ld")


def test_every_single_figure_counts() -> None:
    old = article(text=TEXT.replace("iki yüz", "1 234 567,89"))
    for place, letter in enumerate(old.text):
        if letter.isdigit():
            figure = str((int(letter) + 1) % 10)
            new = replace(old, text=old.text[:place] + figure + old.text[place + 1 :])
            assert changed_fields(old, new) == ("text",)
            assert version_sha256(old) != version_sha256(new)


def test_a_letter_without_its_marks_differs_exactly_and_not_folded() -> None:
    old, new = article(), article(text=TEXT.replace("ə", "e"))

    assert version_sha256(old) != version_sha256(new)
    assert folded_sha256(old) == folded_sha256(new)
    assert folded_sha256(old) != folded_sha256(article(text=TEXT.replace("iki", "üç")))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/foto/1.jpg", "http://www.a.example/foto/1.jpg?v=1700000000"),
        ("https://a.example/foto/1.jpg?w=640", "https://a.example/foto/1.jpg?w=1200&q=70"),
        ("https://a.example/640x480/foto/1.jpg", "https://a.example/1200x800/foto/1.jpg"),
        ("https://a.example/w_640,h_480,c_fill/1.jpg", "https://a.example/w_90,h_60/1.jpg"),
        ("https://a.example/u/1-300x200.jpg", "https://a.example/u/1.jpg"),
        ("https://a.example/u/1_300x200.jpg", "https://a.example/u/1.jpg"),
        ("https://a.example/u/1.jpg.webp", "https://a.example/u/1.jpg"),
        ("https://a.example/u/1-300x200.avif", "https://a.example/u/1.JPG"),
        ("https://cdn1.a.example/u/1.jpg", "https://cdn2.a.example/u/1.jpg"),
    ],
)
def test_delivery_makes_no_other_photo(one: str, other: str) -> None:
    assert photo_key(one) == photo_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/foto/1.jpg", "https://a.example/foto/2.jpg"),
        ("https://a.example/foto.php?id=1", "https://a.example/foto.php?id=2"),
        ("https://a.example/2026/02/1.jpg", "https://a.example/2026/03/1.jpg"),
        ("https://foto1.example/1.jpg", "https://foto2.example/1.jpg"),
    ],
)
def test_another_photo_has_another_key(one: str, other: str) -> None:
    assert photo_key(one) != photo_key(other)


@given(st.text())
def test_evening_out_twice_is_evening_out_once(text: str) -> None:
    assert even(even(text)) == even(text)


@given(st.text())
def test_a_photo_key_is_a_function_of_any_text(text: str) -> None:
    assert photo_key(text) == photo_key(text)


def test_a_clock_is_no_edit_and_a_true_modification_is() -> None:
    article_now = article(modified=modified_at(SEEN_AT - timedelta(seconds=20)))
    article_then = article(modified=modified_at(SEEN_AT - timedelta(hours=3)))

    assert is_page_clock(("modified",), article_now, SEEN_AT)
    assert not is_page_clock(("modified",), article_then, SEEN_AT)
    assert not is_page_clock(("text", "modified"), article_now, SEEN_AT)


@pytest.mark.parametrize(
    ("text", "is_half"),
    [
        ("Körpü açılıb. Hərəkət bər", True),
        ("Körpü açılıb. Hərəkət bərpa", True),
        ("Körpü açılıb. Hərəkət bərpa…", False),
        ("Körpü açılıb.", False),
        ("Körpü açılıb. Hərəkət bərpa olunub", False),
        ("Körpü bağlanıb. Hərəkət", False),
        ("", False),
    ],
)
def test_a_text_that_ends_within_a_sentence_came_half(text: str, is_half: bool) -> None:
    whole = article(text="Körpü açılıb. Hərəkət bərpa olunub\n\nYol genişdir.")

    assert is_half_loaded(whole, article(text=text)) is is_half


@pytest.mark.parametrize(
    ("printed", "precision", "at", "is_edit"),
    [
        ("1 gün əvvəl", Precision.DAY, "2026-02-15", False),
        ("3 gün əvvəl", Precision.DAY, "2026-02-16", True),
        ("1 həftə əvvəl", Precision.DAY, "2026-02-19", False),
        ("12 dəqiqə əvvəl", Precision.MINUTE, "2026-02-14T11:04:00+04:00", False),
        ("12 dəqiqə əvvəl", Precision.MINUTE, "2026-02-14T12:04:00+04:00", True),
        ("Dünən, 11:04", Precision.MINUTE, "2026-02-14T11:04:00+04:00", True),
    ],
)
def test_a_date_counted_from_now_is_as_exact_as_its_unit(
    printed: str, precision: Precision, at: str, is_edit: bool
) -> None:
    said = "2026-02-14T11:00:00+04:00"
    old = Moment(at=said, precision=Precision.MINUTE, printed="11:00", how="full")
    new = Moment(at=at, precision=precision, printed=printed, how="relative")

    assert changed_fields(article(published=old), article(published=new)) == (
        ("published",) if is_edit else ()
    )


def test_a_thousand_looks_at_a_page_that_is_noisy_make_no_version() -> None:
    chance = random.Random(7)  # noqa: S311 (a made-up page)
    first = article()
    for _ in range(1000):
        shown = replace(first, **noise(chance))  # type: ignore[arg-type]
        assert changed_fields(first, shown) == ()
        assert version_sha256(first) == version_sha256(shown)


def noise(chance: random.Random) -> dict[str, object]:
    """What differs between two readings of a page that nobody edited."""
    quote = chance.choice(("“”", "«»", '""'))
    address = f"https://numune.example/foto/1.jpg?v={chance.randrange(10**9)}&w={chance.choice((640, 1200))}"
    return {
        "lead": chance.choice(("", " ", "\u00a0")),
        "text": TEXT.replace(" ", chance.choice((" ", "\u00a0", "  ", "\n"))),
        "title": f"Park\u00ad yenilənir {chance.choice(('1', '1 '))}",
        "headline": f"Park yenilənir 1 {quote}",
        "photos": (ShownPhoto(url=address),),
    }


def test_looks_at_a_made_up_page_make_no_false_version_and_miss_no_figure() -> None:
    assert count_false(100) == 0
    assert count_missed(20) == 0
