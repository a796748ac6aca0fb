"""The seed article, in made-up markup of the modern/olke/fins family, is read exactly.

The text lies beside the project and never enters it; the markup round it is ours.
"""

import html
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.article import Article, PageKind
from crawler.source import find_source, load_sources
from pipelines.extract import read_page
from pipelines.items import Page
from pipelines.rules import Layout, Site

SEED = Path(__file__).parents[2].parent / "shared" / "real" / "seed"
pytestmark = pytest.mark.skipif(
    not SEED.is_dir(), reason="the seed document lies beside the project; it is not here"
)

URL = "https://fins.az/az/sosium/84131/asan-xidmet-sammitde/"
PHOTOS = (
    "https://fins.az/file/articles/2023/02/14/1676383680_birinci.jpg",
    "https://fins.az/file/articles/2023/02/14/1676383681_ikinci.jpg",
)
BLANK = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
LAYOUT = Layout(
    headline=("h1",),
    section=(".news-head .news-category",),
    date=(".news-head .news-date",),
    body=("div.news-text",),
    photos=(".news-photo img",),
    gallery=(".gallery a",),
    noise=(".banner",),
)
RULED = Site(
    name="fins.az",
    hosts=("fins.az",),
    articles=(r"^/az/[a-z_-]+/(?P<id>\d+)/",),
    layouts=(LAYOUT,),
)


def entities(text: str) -> str:
    """The text as the family's editor stores it."""
    named = {
        "“": "&ldquo;",
        "”": "&rdquo;",
        "\u00a0": "&nbsp;",
        "ü": "&uuml;",
        "ö": "&ouml;",
        "ç": "&ccedil;",
    }
    return "".join(named.get(letter, letter) for letter in html.escape(text, quote=False))


def seed_page(*, seen: datetime) -> Page:
    """The page as the site would have answered it."""
    section, date, headline, *paragraphs = (
        (SEED / "article.txt").read_text(encoding="utf-8").strip().split("\n\n")
    )
    bodies = [f"<p>{entities(text)}</p>" for text in paragraphs]
    bodies.insert(
        2,
        '<div class="banner"><a href="http://reklam.example/5"><img src="/assets/banner.png" alt=""></a></div>',
    )
    related = "".join(
        f'<a class="related-item" href="/az/bank/{number}/numune-xeber/"><img class="lazy" data-src="/thumbs/{number}.jpg">'
        f'<span class="title">Nümunə üçün yazılmış {number} nömrəli xəbərin başlığı</span> <span class="date">13 Fevral</span></a>'
        for number in range(84120, 84130)
    )
    markup = f"""<!DOCTYPE html><html lang="az"><head><meta charset="utf-8">
<title>{entities(headline)} - Fins.Az</title>
<meta property="og:type" content="article"><meta property="og:title" content="{html.escape(headline)}">
<meta property="og:image" content="{PHOTOS[0].removeprefix("https:")}">
<link rel="canonical" href="{URL}">
</head><body>
<header><a href="/az/"><img src="/assets/logo.png" alt="Fins.Az"></a><div class="today">Bu gün: {seen:%d.%m.%Y}</div></header>
<nav><a href="/az/bank/">Bank</a> <a href="/az/sosium/">Sosium</a></nav>
<aside><div class="value">USD 1.7000</div></aside>
<article class="news-inner">
<div class="news-head"><a class="news-category" href="/az/sosium/">{section}</a> <span class="news-date">{date}</span></div>
<h1 class="news-title">{entities(headline)}</h1>
<figure class="news-photo"><img class="lazy" src="{BLANK}" data-src="{PHOTOS[0].removeprefix("https:")}" alt=""></figure>
<div class="news-text">
{chr(10).join(bodies)}
</div>
<div class="gallery"><a href="{PHOTOS[1].removeprefix("https:")}" data-fancybox="g"><img class="lazy" src="{BLANK}" data-src="/thumbs/2.jpg" alt=""></a></div>
<div class="news-views">Oxunub: 1171</div>
<div class="news-share">Xəbəri paylaş</div>
</article>
<aside class="related"><h3>Oxşar xəbərlər</h3>{related}</aside>
<footer>© Materiallardan istifadə edərkən hiperlinklə istinad olunmalıdır</footer>
</body></html>"""
    return Page(url=URL, captured_at=seen, body=markup.encode(), content_type="text/html")


def family_site() -> Site:
    """The site as the project's own source file describes it."""
    return find_source("fins.az", load_sources()).site


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    shape: dict[str, Any] = json.loads((SEED / "expected.json").read_text(encoding="utf-8"))
    return shape


@pytest.fixture(scope="module", params=["rules", "family"])
def article(request: pytest.FixtureRequest, expected: dict[str, Any]) -> Article:
    """The seed read by a layout made for this markup, and by what the source file knows."""
    seen = datetime.fromisoformat(expected["reference_time"])
    return read_page(seed_page(seen=seen), RULED if request.param == "rules" else family_site())


def test_it_is_an_article_under_its_own_address_and_id(article: Article) -> None:
    assert (article.kind, article.canonical_url, article.article_id) == (
        PageKind.ARTICLE,
        URL,
        "84131",
    )


def test_the_headline_is_kept_raw_and_parted(article: Article, expected: dict[str, Any]) -> None:
    assert article.headline == expected["headline_raw"]
    assert article.title == expected["headline_base"]
    assert list(article.markers) == expected["markers"]


def test_the_nine_paragraphs_are_read_in_order(article: Article, expected: dict[str, Any]) -> None:
    assert [block.text for block in article.blocks] == expected["paragraphs"]


def test_the_date_gets_its_year(article: Article, expected: dict[str, Any]) -> None:
    assert article.published is not None
    assert article.published.at == expected["date"]
    assert article.published.precision.value == expected["date_precision"]


def test_the_attribution_names_site_and_source(article: Article, expected: dict[str, Any]) -> None:
    (attribution,) = article.attribution

    told = expected["attribution"]
    assert attribution.sentence == told["text"]
    assert (attribution.kind, attribution.site, attribution.name) == (
        told["kind"],
        told["site"],
        told["source"],
    )
    assert [block.role for block in article.blocks].index("attribution") == told["paragraph"]


def test_the_language_is_read_from_the_text(article: Article, expected: dict[str, Any]) -> None:
    assert article.language == expected["language"]


def test_the_photos_are_the_article_s_own_in_order(article: Article) -> None:
    assert [photo.url for photo in article.photos] == list(PHOTOS)
    assert article.doubts == ()


def test_the_section_is_the_label_above_the_headline(
    article: Article, expected: dict[str, Any]
) -> None:
    assert article.section == expected["section"]


@pytest.mark.parametrize("index", [0, 1, 2])
def test_the_year_holds_whenever_the_page_was_captured(
    expected: dict[str, Any], index: int
) -> None:
    check = expected["date_checks"][index]
    page = seed_page(seen=datetime.fromisoformat(check["reference"]))

    article = read_page(page, RULED)

    assert article.published is not None
    assert article.published.at == check["date"]


def test_a_capture_years_later_is_dated_by_the_photo_s_name(expected: dict[str, Any]) -> None:
    article = read_page(seed_page(seen=datetime(2026, 8, 1, tzinfo=UTC)), RULED)

    assert article.published is not None
    assert article.published.at == expected["date"]
