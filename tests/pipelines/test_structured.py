import pytest

from pipelines.structured import Said, read_json_ld, read_structured
from tests.pipelines.pages import parsed

ARTICLE = """{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Körpü açılıb",
"datePublished": "2023-02-14T18:28:00+04:00", "articleSection": ["Cəmiyyət"],
"author": [{"@type": "Person", "name": "Redaktor Adı"}, {"@type": "Organization", "name": "Ölkə"}],
"keywords": "körpü, Şəki", "image": {"@id": "#foto"}}"""


def page_with(script: str, head: str = "") -> str:
    return f'<head>{head}<script type="application/ld+json">{script}</script></head><body></body>'


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(ARTICLE, id="alone"),
        pytest.param(f"[{ARTICLE}]", id="in a list"),
        pytest.param(
            f'{{"@graph": [{{"@type": "WebSite", "name": "Ölkə"}}, {ARTICLE}]}}', id="in a graph"
        ),
        pytest.param(f'{{"@type": "WebPage", "mainEntity": {ARTICLE}}}', id="as main entity"),
        pytest.param(f"<!-- {ARTICLE.replace('açılıb', 'açılıb')} -->", id="in a comment"),
        pytest.param(ARTICLE.replace("}}", "},}"), id="with a trailing comma"),
        pytest.param(ARTICLE.replace("Körpü", "Körpü\n\t"), id="with a raw line end"),
        pytest.param(
            f'{ARTICLE}</script><script type="application/ld+json">{{"a":', id="beside a broken one"
        ),
    ],
)
def test_json_ld_is_found_wherever_it_lies(script: str) -> None:
    structured = read_structured(parsed(page_with(script)))

    assert structured.is_article
    assert structured.of("headline") == (Said("Körpü açılıb", "json-ld"),)
    assert structured.by("section", "json-ld") == ("Cəmiyyət",)
    assert structured.by("authors", "json-ld") == ("Redaktor Adı",)
    assert structured.by("tags", "json-ld") == ("körpü", "Şəki")


def test_a_reference_to_another_object_is_followed() -> None:
    graph = f'{{"@graph": [{ARTICLE}, {{"@id": "#foto", "url": "/1.jpg"}}]}}'

    assert read_structured(parsed(page_with(graph))).by("photos", "json-ld") == ("/1.jpg",)


def test_the_most_trusted_witness_comes_first() -> None:
    head = '<meta name="twitter:title" content="Üç"><meta property="og:title" content="İki">'

    structured = read_structured(parsed(page_with(ARTICLE, head)))

    assert [said.witness for said in structured.of("headline")] == ["json-ld", "opengraph", "meta"]


def test_placeholders_are_no_testimony() -> None:
    head = '<meta name="author" content="[[GLB_PAGEDATA_META_AUTHOR]]"><meta name="author" content="null">'

    assert read_structured(parsed(page_with("", head))).of("authors") == ()


def test_what_is_escaped_twice_is_read_once() -> None:
    head = '<meta property="og:title" content="&amp;quot;Kür&amp;quot; körpüsü">'

    assert read_structured(parsed(page_with("", head))).by("headline", "opengraph") == (
        '"Kür" körpüsü',
    )


def test_microdata_and_time_are_heard() -> None:
    body = (
        '<meta itemprop="datePublished" content="2023-02-14"><h1 itemprop="headline">Körpü açılıb</h1>'
        '<time datetime="2023-02-14T18:28+04:00">14 fevral</time>'
    )

    structured = read_structured(parsed(f"<body>{body}</body>"))

    assert structured.by("headline", "microdata") == ("Körpü açılıb",)
    assert structured.by("published", "time") == ("2023-02-14T18:28+04:00",)


def test_json_ld_can_be_read_alone() -> None:
    head = '<meta property="og:title" content="İki">'

    assert [
        each.witness for each in read_json_ld(parsed(page_with(ARTICLE, head))).of("headline")
    ] == ["json-ld"]
    assert read_json_ld(parsed("<p>Mətn</p>")).said == {}
