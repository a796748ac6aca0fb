import pytest

from archive.article import Precision
from pipelines.heads import (
    find_authors,
    find_headline,
    find_published,
    find_section,
    find_tags,
    is_date_line,
)
from pipelines.structured import read_structured
from tests.pipelines.pages import URL, page_of, parsed

HEADLINE = "Şəkidə yeni körpü istifadəyə verilib"


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(f"<h1>{HEADLINE}</h1>", id="h1 alone"),
        pytest.param(f'<head><meta property="og:title" content="{HEADLINE}"></head>', id="opengraph alone"),
        pytest.param(f"<title>{HEADLINE} - Ölkə.Example</title><p>Mətn</p>", id="title with the site's name"),
        pytest.param(f"<title>{HEADLINE}</title><h1>Cəmiyyət</h1><h2>{HEADLINE}</h2>", id="h1 is the section"),
        pytest.param(f'<title>{HEADLINE}</title><h1><a href="/">Ölkə.Example xəbər saytı</a></h1><h2>{HEADLINE}</h2>', id="h1 is the site's name"),
        pytest.param(f'<title>{HEADLINE}</title><h2>Xəbər lenti</h2><h4 id="artc_title">{HEADLINE}</h4>', id="h4"),
        pytest.param(f"<title>{HEADLINE}</title><h1>{HEADLINE} {HEADLINE}</h1>", id="printed twice"),
    ],
)  # fmt: skip
def test_the_headline_is_what_most_witnesses_say(markup: str) -> None:
    page = parsed(markup)

    found = find_headline(page, read_structured(page))

    assert found is not None
    assert found.value == HEADLINE


def test_the_teaser_of_another_item_is_no_headline() -> None:
    page = parsed('<h2><a href="/az/xeber/1/">Başqa bir xəbərin başlığı</a></h2>')

    assert find_headline(page, read_structured(page)) is None


@pytest.mark.parametrize(
    ("markup", "at", "witness"),
    [
        pytest.param('<head><meta property="article:published_time" content="2023-02-10T09:00:00+06:00"></head><h1>A</h1>', "2023-02-10T09:00:00+06:00", "opengraph", id="told, in its own zone"),
        pytest.param('<h1>Körpü</h1><div class="tarix">14 fevral 2023, 18:28</div>', "2023-02-14T18:28:00+04:00", "near-headline", id="under the headline"),
        pytest.param('<span>SOSİUM</span> <span>14 Fevral</span><h1>Körpü</h1>', "2023-02-14", "near-headline", id="above it, without a year"),
        pytest.param('<h1>Körpü</h1><p>Müəllif: Redaksiya / 14.02.2023</p>', "2023-02-14", "near-headline", id="inside a line"),
        pytest.param('<h1>Körpü</h1><p>February 14, 2023 - 11:28 AMT</p>', "2023-02-14T11:28:00+04:00", "near-headline", id="in a neighbour's zone"),
    ],
)  # fmt: skip
def test_the_date_is_told_or_printed_near_the_headline(markup: str, at: str, witness: str) -> None:
    page = parsed(markup)

    found = find_published(page, read_structured(page), page.root.find(".//h1"), timezone=None)

    assert found is not None
    assert (found[0].at, found[1]) == (at, witness)


def test_the_address_dates_an_article_that_prints_no_date() -> None:
    page = parsed("<h1>Körpü</h1>", url="https://olke.example/2023/02/14/korpu")

    found = find_published(page, read_structured(page), page.root.find(".//h1"), timezone=None)

    assert found is not None
    assert (found[0].at, found[0].precision, found[1]) == ("2023-02-14", Precision.DAY, "url")


def test_a_bare_time_dates_nothing() -> None:
    page = parsed('<h1>Körpü</h1><span class="date">18:49</span>')

    assert (
        find_published(page, read_structured(page), page.root.find(".//h1"), timezone=None) is None
    )


def test_a_date_in_a_sidebar_is_not_the_article_s() -> None:
    page = parsed('<aside><span class="date">14.02.2023</span></aside><h1>Körpü</h1>')

    assert (
        find_published(page, read_structured(page), page.root.find(".//h1"), timezone=None) is None
    )


@pytest.mark.parametrize(
    ("markup", "section", "witness"),
    [
        ('<head><meta property="article:section" content="Cəmiyyət"></head><h1>Körpü</h1>', "Cəmiyyət", "opengraph"),
        ('<h1>Körpü</h1><span class="category"><i></i> Siyasət</span>', "Siyasət", "near-headline"),
        ('<h1>Cəmiyyət</h1><h2>Körpü</h2>', "Cəmiyyət", "h1"),
        ('<div class="breadcrumbs"><a href="/">Ana səhifə</a><a href="/az/c/">Cəmiyyət</a></div><h1>Körpü</h1>', "Cəmiyyət", "breadcrumb"),
    ],
)  # fmt: skip
def test_the_section_is_told_or_printed(markup: str, section: str, witness: str) -> None:
    page = parsed(markup)
    headline = (
        page.root.find(".//h2") if page.root.find(".//h2") is not None else page.root.find(".//h1")
    )

    found = find_section(page, read_structured(page), headline)

    assert found is not None
    assert (found.values, found.witness) == ((section,), witness)


@pytest.mark.parametrize(
    "content",
    ["numune.info | Veb Studiya", "admin", "https://facebook.com/olke", "Ölkə", "Ölkə News"],
)
def test_a_meta_author_that_is_no_person_is_not_believed(content: str) -> None:
    page = parsed(
        f'<head><meta property="og:site_name" content="Ölkə"><meta name="author" content="{content}"></head>'
    )

    assert find_authors(read_structured(page), page.root) is None


def test_authors_and_tags_come_from_the_most_trusted_witness() -> None:
    page = parsed(
        '<head><meta name="author" content="Aysel Nümunəli"><meta property="article:tag" content="körpü">'
        '<meta property="article:tag" content="Şəki"></head>'
    )
    structured = read_structured(page)

    authors, tags = find_authors(structured, page.root), find_tags(structured)

    assert authors is not None
    assert authors.values == ("Aysel Nümunəli",)
    assert tags is not None
    assert tags.values == ("körpü", "Şəki")


def test_a_line_is_a_date_only_as_a_whole() -> None:
    page = page_of("", url=URL)

    assert is_date_line("14 Fevral 2023, 18:28", page, "Asia/Baku")
    assert not is_date_line("14 Fevralda körpü açılıb", page, "Asia/Baku")
