"""A comparison in the terminal."""

from dataclasses import replace

from archive.article import Article, PageKind, ShownPhoto
from archive.diff import compare
from archive.diff_text import render_text

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
    coloured = render_text(compare(OLD, NEW), is_coloured=True)

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
