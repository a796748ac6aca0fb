"""Headlines and the markers at their ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.headlines import clean_headline, read_badges, read_headline


@pytest.mark.parametrize(
    ("printed", "title", "markers", "update_no"),
    [
        ("Yeni körpü açılıb - FOTO", "Yeni körpü açılıb", ("FOTO",), None),
        ("Yeni körpü açılıb\u00a0–  Video", "Yeni körpü açılıb", ("VİDEO",), None),
        ("Yeni körpü açılıb VİDEO", "Yeni körpü açılıb", ("VİDEO",), None),
        ("Yeni körpü açılıb-VİDEO", "Yeni körpü açılıb", ("VİDEO",), None),
        (
            "Yeni körpü açılıb (FOTO/VİDEO) (YENİLƏNİB)",
            "Yeni körpü açılıb",
            ("FOTO", "VİDEO", "YENİLƏNİB"),
            None,
        ),
        ("Yeni körpü açılıb- YENİLƏNİB-4 - FOTO", "Yeni körpü açılıb", ("YENİLƏNİB", "FOTO"), 4),
        ("Yeni körpü açılıb - YENİLƏNİB 2 VİDEO", "Yeni körpü açılıb", ("YENİLƏNİB", "VİDEO"), 2),
        ("Yeni körpü açılıb (YENİLƏNİB-3) (FOTO)", "Yeni körpü açılıb", ("YENİLƏNİB", "FOTO"), 3),
        ("Yeni körpü açılıb - FOTO - FOTO", "Yeni körpü açılıb", ("FOTO",), None),
        ("Yeni körpü açılıb - FOTO VƏ VİDEO", "Yeni körpü açılıb", ("FOTO", "VİDEO"), None),
        ("New bridge opens (UPDATED-2)", "New bridge opens", ("UPDATED",), 2),
        ("Yağış yağacaq – FAKTİKİ HAVA", "Yağış yağacaq", ("FAKTİKİ HAVA",), None),
        (
            "Rektor sualları cavablandırıb - ÖZƏL MÜSAHİBƏ",
            "Rektor sualları cavablandırıb",
            ("ÖZƏL MÜSAHİBƏ",),
            None,
        ),
        ("Yeni mərhələ başlayır ŞƏRH", "Yeni mərhələ başlayır", ("ŞƏRH",), None),
        ("Открыт новый мост – фото", "Открыт новый мост", ("ФОТО",), None),
        ("Yanğın söndürülüb - FHN - VIDEO", "Yanğın söndürülüb - FHN", ("VİDEO",), None),
    ],
)
def test_markers_at_the_end_are_taken_off_in_printed_order(
    printed: str, title: str, markers: tuple[str, ...], update_no: int | None
) -> None:
    headline = read_headline(printed)

    assert (headline.title, headline.markers, headline.update_no) == (title, markers, update_no)
    assert headline.headline == printed


@pytest.mark.parametrize(
    "printed",
    [
        "Su səviyyəsi qalxır - ETSN",
        "Turnirdə ilk oyun başa çatıb - DÇ-2026",
        "Hava yenə dəyişir - SON XƏBƏRLƏR",
        "Yeni fırıldaq üsulu barədə XƏBƏRDARLIQ",
        "Rəssamla MÜSAHİBƏ",
        "Nazirlikdən rəsmi AÇIQLAMA",
        "Qəbul günlərinin CƏDVƏLİ",
        "Yeni klipin videosu",
        "Festivalda foto və video",
        "Körpüdən İLK FOTO",
        "VİDEO: körpünün açılışı",
        "FOTO",
        "",
    ],
)
def test_speakers_rubrics_and_parts_of_the_sentence_stay(printed: str) -> None:
    headline = read_headline(printed)

    assert (headline.title, headline.markers) == (printed, ())


def test_badges_beside_a_headline_are_markers_too() -> None:
    assert read_badges(["Foto", "Müsahi\u0307bə", "Cəmiyyət", "Foto"]) == ("FOTO", "MÜSAHİBƏ")


@pytest.mark.parametrize(
    ("printed", "cleaned"),
    [
        ("Yeni  körpü\n açılıb", "Yeni körpü açılıb"),
        ("Yeni körpü &lt;b style=&quot;color:red&quot;&gt;AÇILIB&lt;/b&gt;", "Yeni körpü AÇILIB"),
        ("&amp;quot;Şəfəq&amp;quot; stansiyası açılıb", '"Şəfəq" stansiyası açılıb'),
        ("Şəhərdə yeni körpü açılıb Şəhərdə yeni körpü açılıb", "Şəhərdə yeni körpü açılıb"),
        (
            "Şəhərdə yeni körpü açılıb - FOTO Şəhərdə yeni körpü açılıb",
            "Şəhərdə yeni körpü açılıb - FOTO",
        ),
        ("2 < 3 və 7 > 5", "2 < 3 və 7 > 5"),
    ],
)
def test_a_headline_is_cleaned_of_tags_entities_and_its_own_double(
    printed: str, cleaned: str
) -> None:
    assert clean_headline(printed) == cleaned


@given(st.text(alphabet="FOTOVİDEYNLBƏ-–()/ 12əa", max_size=60))
def test_reading_a_title_again_finds_nothing_more(printed: str) -> None:
    title = read_headline(printed).title

    assert read_headline(title).title == title


def test_a_hostile_headline_of_markers_alone_is_read_in_bounded_steps() -> None:
    headline = read_headline("Körpü" + " - FOTO" * 20_000)

    assert headline.markers == ("FOTO",)
