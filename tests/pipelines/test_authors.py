import time

import pytest

from archive.article import Block, BlockKind
from pipelines.authors import find_authors, find_signed
from pipelines.publication import find_published
from pipelines.structured import read_structured
from pipelines.titles import find_headline
from tests.pipelines.pages import parsed


def _authors_of(markup: str) -> tuple[tuple[str, ...], str] | None:
    page = parsed(markup)
    headline = page.root.find(".//h1")
    found = find_authors(read_structured(page), page, headline, host="olke.example")
    return (found.values, found.witness) if found else None


@pytest.mark.parametrize(
    ("markup", "names"),
    [
        pytest.param('<h1>A</h1><p class="byline">By <a rel="author" href="/a/1">Aysel Nümunəli</a>, Political editor</p>', ("Aysel Nümunəli",), id="a link with its role"),
        pytest.param('<h1>A</h1><div class="author">Von Aysel Nümunəli und Elçin Nümunəli</div>', ("Aysel Nümunəli", "Elçin Nümunəli"), id="two in a line"),
        pytest.param('<h1>A</h1><span class="author"><b>Aysel Nümunəli</b><i>Müxbir</i></span>', ("Aysel Nümunəli",), id="glued to the role"),
        pytest.param("<h1>A</h1><p>Müəllif: Aysel Nümunəli</p>", ("Aysel Nümunəli",), id="after a label"),
        pytest.param('<h1>A</h1><a rel="author" href="/m/nur">nur1905</a>', ("nur1905",), id="a nickname that is marked up"),
    ],
)  # fmt: skip
def test_a_printed_byline_names_the_authors(markup: str, names: tuple[str, ...]) -> None:
    assert _authors_of(markup) == (names, "byline")


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param('<h1>A</h1><ol class="comments"><li><b class="author">Elçin Nümunəli</b></li></ol>', id="who comments"),
        pytest.param('<h1>A</h1><figure><span class="author">Elçin Nümunəli</span></figure>', id="who took the photo"),
        pytest.param('<h1>A</h1><a rel="author" href="/m/1">Redaksiya</a><p>...</p><b class="author">Elçin Nümunəli</b>', id="who wrote another item"),
        pytest.param('<a href="/authors/">Müəlliflər</a><h1>A</h1>', id="an entry of the menu"),
        pytest.param('<h1>A</h1><span class="author">olke</span>', id="the site"),
    ],
)  # fmt: skip
def test_other_people_and_the_site_are_no_authors(markup: str) -> None:
    assert _authors_of(markup) is None


def test_a_first_name_in_testimony_is_completed_from_the_page() -> None:
    data = (
        '{"@type": "NewsArticle", "headline": "A", "author": {"@type": "Person", "name": "Aysel"}}'
    )

    assert _authors_of(
        f'<script type="application/ld+json">{data}</script><h1>A</h1><p>Aysel Nümunəli Şəkidən yazır.</p>'
    ) == (("Aysel Nümunəli",), "json-ld")


def test_an_author_of_the_graph_is_found_by_its_id() -> None:
    data = (
        '{"@graph": [{"@type": "NewsArticle", "headline": "A", "author": {"@id": "#a"}},'
        ' {"@type": "Person", "@id": "#a", "name": "Aysel Nümunəli"}]}'
    )

    assert _authors_of(f'<script type="application/ld+json">{data}</script><h1>A</h1>') == (
        ("Aysel Nümunəli",),
        "json-ld",
    )


@pytest.mark.parametrize(
    "content",
    ["numune.info | Veb Studiya", "admin", "https://facebook.com/olke", "Ölkə", "Ölkə News"],
)
def test_a_meta_author_that_is_no_person_is_not_believed(content: str) -> None:
    assert (
        _authors_of(
            f'<head><meta property="og:site_name" content="Ölkə"><meta name="author" content="{content}"></head>'
        )
        is None
    )


def test_who_signs_in_the_last_line_is_an_author() -> None:
    line = Block(kind=BlockKind.PARAGRAPH, text="Севда Мамедова, Л.А.", role="signature")
    agency = Block(kind=BlockKind.PARAGRAPH, text="(Report)", role="signature")

    signed = find_signed([line])

    assert signed is not None
    assert signed.values == ("Севда Мамедова", "Л.А.")
    assert find_signed([agency]) is None


@pytest.mark.parametrize(
    "part",
    ['<div class="author">By Aysel 14.02.2020 ', '<h2 class="title">Körpü 2020</h2>'],
    ids=["nested bylines", "many headings"],
)
def test_a_hostile_head_is_read_in_bounded_time(part: str) -> None:
    page = parsed(f"<h1>Körpü istifadəyə verilib</h1>{part * 20_000}")
    structured = read_structured(page)
    begun_s = time.process_time()

    headline = find_headline(page, structured)
    assert headline is not None
    find_published(page, structured, headline.node, timezone=None)
    find_authors(structured, page, headline.node)

    assert time.process_time() - begun_s < 5
