import pytest

from pipelines.authors import find_authors
from pipelines.heads import (
    find_section,
    find_tags,
)
from pipelines.structured import read_structured
from pipelines.titles import find_headline
from tests.pipelines.pages import parsed

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


def test_authors_and_tags_come_from_the_most_trusted_witness() -> None:
    page = parsed(
        '<head><meta name="author" content="Aysel Nümunəli"><meta property="article:tag" content="körpü">'
        '<meta property="article:tag" content="Şəki"></head>'
    )
    structured = read_structured(page)

    authors, tags = find_authors(structured, page), find_tags(structured)

    assert authors is not None
    assert authors.values == ("Aysel Nümunəli",)
    assert tags is not None
    assert tags.values == ("körpü", "Şəki")
