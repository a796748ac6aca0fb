"""Each edit is told by its kinds, as facts."""

from dataclasses import replace

import pytest

from archive.article import Article, Moment, PageKind, Precision, ShownPhoto
from archive.edits import EditKind, edit_between

URL = "https://numune.example/xeber/7"
TEXT = (
    "Bələdiyyə Şəki şəhərində 120 ağac əkib. Tədbirdə sakinlər də iştirak ediblər.\n\n"
    "“Park payızda açılacaq”, – deyə qurumdan bildirilib.\n\n"
    "Layihəyə əsasən burada uşaq meydançası və velosiped yolu salınacaq.\n\n"
    "Müsabiqənin qalibi aprel ayında açıqlanacaq. Ötən il rayonda iki yeni park salınmışdı."
)
OLD = Article(
    kind=PageKind.ARTICLE,
    url=URL,
    canonical_url=URL,
    title="Şəkidə park salınır",
    headline="Şəkidə park salınır",
    text=TEXT,
    photos=(ShownPhoto(url="https://numune.example/foto/1.jpg", caption="Park"),),
)


def kinds_of(**changed: object) -> list[EditKind]:
    return list(edit_between(OLD, replace(OLD, **changed)).kinds)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ("120 ağac", "121 ağac", [EditKind.NUMBER]),
        ("əkib", "ekib", [EditKind.SPELLING]),
        ("Tədbirdə", "Tədbridə", [EditKind.TYPO]),
        ("layihəyə əsasən".capitalize(), "Layihəyə görə", None),
        ("meydançası", "meydançasından", [EditKind.ENDING]),
        ("Şəki şəhərində", "Qax şəhərində", [EditKind.NAME]),
        ("payızda açılacaq", "yazda açılacaq", [EditKind.QUOTE]),
        ("və velosiped yolu ", "", [EditKind.WORDS_REMOVED]),
        ("iki yeni park", "iki yeni və geniş park", [EditKind.WORDS_ADDED]),
    ],
)
def test_a_change_of_words_is_told_by_what_changed(
    old: str, new: str, kinds: list[EditKind] | None
) -> None:
    found = kinds_of(text=TEXT.replace(old, new))

    assert found
    if kinds is not None:
        assert found[: len(kinds)] == kinds or set(kinds) <= set(found)
        one_of = {EditKind.NUMBER, EditKind.SPELLING, EditKind.TYPO, EditKind.ENDING}
        assert set(found) & one_of == set(kinds) & one_of


def test_quotes_dashes_and_spaces_of_another_kind_are_no_edit_of_words() -> None:
    text = TEXT.replace("“", "«").replace("”", "»").replace("–", "-")

    assert kinds_of(text=text) == []


def test_paragraphs_are_told_as_added_removed_and_moved() -> None:
    first, second, third, fourth = TEXT.split("\n\n")
    new = "Parkda işıqlandırma sistemi də qurulacaq və yeni skamyalar qoyulacaq."

    assert kinds_of(text="\n\n".join((first, second, new, third, fourth))) == [
        EditKind.PARAGRAPH_ADDED
    ]
    assert kinds_of(text="\n\n".join((first, second, fourth))) == [EditKind.PARAGRAPH_REMOVED]
    assert kinds_of(text="\n\n".join((first, third, fourth, second))) == [EditKind.PARAGRAPH_MOVED]


def test_a_headline_is_told_by_its_words_and_never_judged() -> None:
    edit = edit_between(OLD, replace(OLD, title="Şəkidə böyük park salınır"))

    assert edit.kinds == (EditKind.HEADLINE, EditKind.WORDS_ADDED)
    assert (edit.removed, edit.added) == ((), ("böyük",))


def test_a_paywall_makes_a_text_shortened_and_an_edit_does_not() -> None:
    long = replace(OLD, text="\n\n".join([TEXT] * 3))
    cut = replace(long, text=TEXT.split("\n\n")[0] + "\n\nDavamı abunəçilər üçündür.")
    rewritten = replace(long, text="Bələdiyyə bu xəbəri yanlış sayıb və onu geri götürüb.")

    assert EditKind.SHORTENED in edit_between(long, cut).kinds
    assert EditKind.SHORTENED not in edit_between(long, rewritten).kinds


def test_photos_have_a_history() -> None:
    photo = OLD.photos[0]
    other = ShownPhoto(url="https://numune.example/foto/2.jpg")

    assert kinds_of(photos=(other,)) == [EditKind.PHOTO_REPLACED]
    assert kinds_of(photos=()) == [EditKind.PHOTO_REMOVED]
    assert kinds_of(photos=(photo, other)) == [EditKind.PHOTO_ADDED]
    assert kinds_of(photos=(replace(photo, caption="Yeni park"),)) == [EditKind.CAPTION]
    assert kinds_of(photos=(replace(photo, credit="Nümunə"),)) == [EditKind.CREDIT]


def test_a_date_that_moved_alone_is_told_so() -> None:
    moment = Moment(at="2026-02-14", precision=Precision.DAY, printed="14.02.2026", how="rule")

    assert kinds_of(published=moment) == [EditKind.DATE]
    assert kinds_of(markers=("FOTO",)) == [EditKind.MARKER]
