"""JSON is read by a site's rules as markup is, whatever it holds."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.article import BlockKind, PageKind
from archive.errors import SourceError
from pipelines.extract import read_page
from pipelines.items import Page
from pipelines.json_pages import page_of_json
from pipelines.layouts import compile_selector
from pipelines.parsing import parse_page, text_of
from pipelines.rules import Layout, Site
from tests.pipelines.pages import PROSE, paragraphs

SITE = Site(
    name="tetbiq.example",
    hosts=("tetbiq.example",),
    articles=(r"^/xeber/(?P<id>\d+)$",),
    endpoint="https://tetbiq.example/api/{id}",
    layouts=(
        Layout(
            headline=("$.basliq",),
            body=("$.metn",),
            date=("$.tarix",),
            photos=("$.foto", "$.qalereya[*]@value"),
            noise=("$.metn[*].nov",),
        ),
    ),
)
TITLE = "Gölün ətrafında piyada yolu salınıb"


def json_page(value: object) -> Page:
    return Page(
        url="https://tetbiq.example/xeber/7",
        captured_at=datetime(2026, 5, 24, tzinfo=UTC),
        body=json.dumps(value).encode(),
        content_type="application/json",
    )


def found(path: str, value: object) -> list[str]:
    page = page_of_json(json_page(value))
    assert page is not None
    nodes = compile_selector(path).found_in(parse_page(page).root)
    return [each if isinstance(each, str) else text_of(each) for each in nodes]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(paragraphs(), id="markup"),
        pytest.param("\n\n".join(PROSE), id="lines"),
        pytest.param("<div>" + paragraphs() + "</div></div></div></body>", id="unbalanced"),
        pytest.param(
            paragraphs().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
            id="escaped",
        ),
        pytest.param([{"nov": "abzas", "metn": text} for text in PROSE], id="blocks"),
    ],
)
def test_a_body_is_read_however_an_endpoint_writes_it(body: object) -> None:
    value = {
        "basliq": TITLE,
        "metn": body,
        "tarix": "2026-05-23T18:00:00+04:00",
        "foto": "/f/gol-sahili.jpg",
        "qalereya": ["/media/9041", "/media/9042"],
        "digər": {"metn": "Bu xəbərin mətni deyil."},
    }

    article = read_page(json_page(value), SITE)

    assert article.kind is PageKind.ARTICLE
    assert article.headline == TITLE
    assert [each.text for each in article.blocks if each.kind is BlockKind.PARAGRAPH] == list(PROSE)
    assert [each.url for each in article.photos][:1] == ["https://tetbiq.example/f/gol-sahili.jpg"]
    assert article.published is not None
    assert (article.canonical_url, article.article_id) == ("https://tetbiq.example/xeber/7", "7")


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("$.a.b", ["7"]),
        ("$.siyahı[1]", ["iki"]),
        ("$.siyahı[*]", ["bir", "iki"]),
        ("$['o \\u0069l']", []),
        ("$['ad soyad'].x", ["<i>"]),
        ("$.a.b.c", []),
        ("$.yox", []),
    ],
)
def test_a_path_leads_to_what_stands_there(path: str, texts: list[str]) -> None:
    value = {"a": {"b": 7}, "siyahı": ["bir", "iki"], "ad soyad": {"x": "&lt;i&gt;"}}

    assert found(path, value) == texts


@pytest.mark.parametrize("path", ["$a", "$.", "$.a[", "$.a[-1]", "$.a..b", "$.a[?@.b]"])
def test_a_path_that_is_none_is_refused(path: str) -> None:
    with pytest.raises(SourceError, match="no path of JSON"):
        compile_selector(path)


def test_a_page_of_another_site_that_is_json_stays_no_page() -> None:
    site = Site(name="s", hosts=("tetbiq.example",), articles=SITE.articles)

    assert read_page(json_page({"metn": paragraphs()}), site).kind is PageKind.OTHER


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=20,
)


@settings(max_examples=25)
@given(value=values)
def test_any_json_is_read_to_an_article_or_a_reason(value: object) -> None:
    article = read_page(json_page({"basliq": value, "metn": value}), SITE)

    assert article.kind is PageKind.ARTICLE or article.reason


def test_json_without_end_is_bounded() -> None:
    deep: object = "son"
    for _ in range(200):
        deep = {"a": [deep]}
    page = page_of_json(json_page({"a": deep, "b": ["x"] * 200_000}))

    assert page is not None
    assert page.body.count(b"<div") < 60_000
