"""What differs between two versions of an article."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from archive.article import Article, Moment, PageKind, Precision, ShownPhoto
from archive.diff import PhotoKind, compare, render_text
from archive.word_diff import PieceKind

WORDS = ["nazirlik", "bildirib", "ki", "layihə", "üzrə", "işlər", "davam", "edir", "və", "ilin"]

ARTICLE = Article(
    kind=PageKind.ARTICLE,
    url="https://olke.example/az/news/41",
    canonical_url="https://olke.example/az/news/41",
    headline="Yeni park açılıb",
    title="Yeni park açılıb",
    authors=("Xəbər şöbəsi",),
    tags=("park", "Gəncə"),
    text="Parkda 200 ağac əkilib.\n\nAçılışda sakinlər iştirak edib.",
    photos=(ShownPhoto(url="https://olke.example/1.jpg", caption="Parkın girişi"),),
)


def mixed_words(count: int, step: int) -> str:
    """Words of a vocabulary of a few hundred, in an order that `step` decides."""
    return " ".join(f"{WORDS[n * step % 10]}{n * n * step % 67}" for n in range(count))


def one_of_two_words(count: int, step: int) -> str:
    return " ".join(WORDS[n * n * step % 101 % 2] for n in range(count))


def words_of_their_own(count: int, step: int) -> str:
    return " ".join(f"söz{step}x{n}" for n in range(count))


def test_an_article_does_not_differ_from_itself() -> None:
    comparison = compare(ARTICLE, ARTICLE)

    assert comparison.is_equal
    assert (comparison.words_removed, comparison.words_added) == (0, 0)


def test_a_marker_alone_leaves_title_and_text_alone() -> None:
    marked = replace(ARTICLE, headline="Yeni park açılıb - FOTO", markers=("FOTO",))

    comparison = compare(ARTICLE, marked)

    assert [change.name for change in comparison.fields] == ["headline"]
    assert [(change.name, change.added) for change in comparison.lists] == [("markers", ("FOTO",))]
    assert not comparison.is_text_changed


def test_words_of_the_text_are_counted() -> None:
    comparison = compare(ARTICLE, replace(ARTICLE, text=ARTICLE.text.replace("200", "250 yeni")))

    assert (comparison.words_removed, comparison.words_added) == (1, 2)
    assert comparison.fields == ()


def test_a_date_is_replaced_whole() -> None:
    dated = Moment(at="2026-02-14", precision=Precision.DAY, printed="14 Fevral", how="year-less")

    (change,) = compare(ARTICLE, replace(ARTICLE, published=dated)).fields

    assert (change.name, change.old, change.new) == ("published", "", "2026-02-14")
    assert [piece.kind for piece in change.pieces] == [PieceKind.INSERTED]


def test_a_list_tells_what_went_and_what_came() -> None:
    (change,) = compare(ARTICLE, replace(ARTICLE, tags=("Gəncə", "ekologiya"))).lists

    assert (change.kept, change.removed, change.added) == (("Gəncə",), ("park",), ("ekologiya",))


def test_a_photo_is_followed_by_its_address() -> None:
    (first,) = ARTICLE.photos
    second = ShownPhoto(url="https://olke.example/2.jpg")
    reworded = replace(first, caption="Parkın yeni girişi")

    def kinds(old: tuple[ShownPhoto, ...], new: tuple[ShownPhoto, ...]) -> list[PhotoKind]:
        changes = compare(replace(ARTICLE, photos=old), replace(ARTICLE, photos=new)).photos
        return [change.kind for change in changes]

    assert kinds((first,), (second,)) == [PhotoKind.REMOVED, PhotoKind.ADDED]
    assert kinds((first,), (reworded,)) == [PhotoKind.REWORDED]
    assert kinds((first, second), (second, first)) == [PhotoKind.REORDERED] * 2
    assert kinds((first, second), (second,)) == [PhotoKind.REMOVED]


@pytest.mark.parametrize("make", [mixed_words, one_of_two_words, words_of_their_own])
@pytest.mark.parametrize(("size_bytes", "most_ms"), [(5_000, 10), (100_000, 150)])
def test_the_worst_texts_are_compared_in_time(
    make: Callable[[int, int], str], size_bytes: int, most_ms: int
) -> None:
    old, new = make(20_000, 3)[:size_bytes], make(20_000, 7)[:size_bytes]
    before, after = replace(ARTICLE, text=old), replace(ARTICLE, text=new)

    def taken_ms() -> float:
        begun_s = time.process_time()
        compare(before, after)
        return (time.process_time() - begun_s) * 1_000

    # The goal holds on a quiet machine; a loaded one gets twice as long.
    assert min(taken_ms() for _ in range(3)) < 2 * most_ms


# In the terminal

OLD = Article(
    kind=PageKind.ARTICLE,
    url="https://olke.example/az/news/41",
    canonical_url="https://olke.example/az/news/41",
    headline="Yeni park açılıb",
    title="Yeni park açılıb",
    tags=("park", "Gəncə"),
    text=(
        "Parkda 200 ağac əkilib.\n\nAçılışda sakinlər iştirak edib.\n\n"
        "Parkın ərazisi on hektardır.\n\nGiriş pulsuzdur."
    ),
)
NEW = replace(
    OLD,
    headline="Yeni park açılıb - FOTO",
    markers=("FOTO",),
    tags=("Gəncə", "park"),
    photos=(ShownPhoto(url="https://olke.example/1.jpg"),),
    text=(
        "Giriş hər kəs üçün pulsuzdur.\n\nParkda 250 ağac əkilib.\n\n"
        "Açılışda sakinlər iştirak edib.\n\nParkın ərazisi on hektardır."
    ),
)


def test_without_colour_the_marks_are_those_of_wdiff() -> None:
    assert render_text(compare(OLD, NEW)) == (
        "headline: Yeni park açılıb{+ - FOTO+}\n"
        "markers: {+FOTO+}\n"
        "tags: Gəncə, park (other order)\n"
        "photo: {+https://olke.example/1.jpg+}\n"
        "\n"
        "{+Giriş hər kəs üçün pulsuzdur.+}\n"
        "\n"
        "Parkda [-200-]{+250+} ağac əkilib.\n"
        "\n"
        "… 2 paragraphs unchanged …\n"
        "\n"
        "[-Giriş pulsuzdur.-]\n"
        "\n"
        "3 words removed, 6 added\n"
    )


def test_colours_take_the_place_of_marks() -> None:
    coloured = render_text(compare(OLD, NEW), colour=True)

    assert "\x1b[31;9m200\x1b[0m\x1b[32;4m250\x1b[0m" in coloured
    assert "[-" not in coloured


def test_a_moved_paragraph_is_named_at_both_places() -> None:
    first, *others = OLD.text.split("\n\n")
    text = "\n\n".join([*others, first])

    shown = render_text(compare(OLD, replace(OLD, text=text)))

    assert "(moved to paragraph 4: Parkda 200 ağac əkilib.)" in shown
    assert "(moved from paragraph 1) Parkda 200 ağac əkilib." in shown


def test_a_page_cannot_speak_to_the_terminal() -> None:
    shown = render_text(compare(OLD, replace(OLD, headline="\x1b]0;başlıq\x07 \x9b31m")))

    assert "\x1b" not in shown
    assert "\x9b" not in shown


def test_nothing_changed_is_said() -> None:
    assert render_text(compare(OLD, OLD)) == "No difference.\n"
