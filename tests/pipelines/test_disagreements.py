"""What witnesses say that was not taken is kept, and nobody is asked for its sake."""

import orjson
import pytest

from archive.article import Article, Claim, Confidence, article_from_dict, article_to_json
from pipelines.extract import read_page
from pipelines.rules import Layout, Site
from tests.pipelines.pages import PROSE, page_of, paragraphs

HEADLINE = "Çinarlı kəndində yeni körpü istifadəyə verilib"


def read(head: str = "", above: str = "", below: str = "", site: Site | None = None) -> Article:
    markup = (
        f"<html><head><title>{HEADLINE} - Ölkə</title>{head}</head><body><article>"
        f"<h1>{HEADLINE}</h1>{above}<div class=metn>{paragraphs(PROSE * 2)}</div>{below}</article></body></html>"
    )
    return read_page(page_of(markup), site)


def said(witness: str, value: str) -> tuple[Claim, ...]:
    return (Claim(witness=witness, value=value),)


@pytest.mark.parametrize(
    ("head", "above", "field", "expected"),
    [
        pytest.param(
            '<meta property="og:title" content="Kənddə bayram keçirilib">', "",
            "headline", said("opengraph", "Kənddə bayram keçirilib"), id="headline",
        ),
        pytest.param(
            '<meta property="article:published_time" content="2023-02-14T10:00:00+04:00"><meta name="date" content="2023-02-11T10:00:00+04:00">', "",
            "published", said("meta", "2023-02-11T10:00:00+04:00"), id="published",
        ),
        pytest.param(
            '<meta property="article:published_time" content="2023-02-14T10:00:00+04:00">', '<p class="date">12 fevral 2023</p>',
            "published", said("near-headline", "12 fevral 2023"), id="published, as printed",
        ),
        pytest.param(
            '<meta property="article:modified_time" content="2023-02-14T12:00:00+04:00"><meta name="dateModified" content="2023-02-14T12:40:00+04:00">', "",
            "modified", said("meta", "2023-02-14T12:40:00+04:00"), id="modified",
        ),
        pytest.param(
            '<meta name="author" content="admin">', "",
            "authors", said("meta", "admin"), id="authors",
        ),
        pytest.param(
            '<meta property="og:image" content="/foto/2023/basqa-hadise.jpg">', '<figure><img src="/foto/2023/yeni-korpu.jpg" width=800></figure>',
            "photos", said("opengraph", "https://olke.example/foto/2023/basqa-hadise.jpg"), id="photos",
        ),
    ],
)  # fmt: skip
def test_what_another_witness_says_is_kept(
    head: str, above: str, field: str, expected: tuple[Claim, ...]
) -> None:
    article = read(head, above)

    assert article.disagreements == {field: expected}
    assert article.confidence[field] is Confidence.DISPUTED


@pytest.mark.parametrize(
    ("head", "above", "field"),
    [
        pytest.param(f'<meta property="og:title" content="{HEADLINE.upper()} | ÖLKƏ">', "", "headline", id="the site's name"),
        pytest.param(
            '<meta property="article:published_time" content="2023-02-14T10:00:00+04:00"><meta name="date" content="2023-02-14T06:00:30Z">', "",
            "published", id="the same minute in another zone",
        ),
        pytest.param(
            '<meta property="og:image" content="/foto/2023/yeni-korpu-640x360.jpg">', '<figure><img src="/foto/2023/yeni-korpu.jpg" width=800></figure>',
            "photos", id="another size of the photo",
        ),
    ],
)  # fmt: skip
def test_the_same_in_another_form_is_no_disagreement(head: str, above: str, field: str) -> None:
    article = read(head, above)

    assert article.disagreements == {}
    assert article.confidence[field] is Confidence.AGREED


def test_a_field_that_one_witness_alone_tells_says_so() -> None:
    article = read('<meta property="article:published_time" content="2023-02-14T10:00:00+04:00">')

    assert article.confidence["published"] is Confidence.ALONE


def test_a_page_that_the_rules_read_whole_hears_nobody() -> None:
    layout = Layout(
        headline=("h1",), body=("div.metn",), date=(".tarix",), section=(".bolme",),
        authors=(".muellif",), tags=(".teq",), photos=("img",), modified=(".yenilenib",),
    )  # fmt: skip
    site = Site(name="olke.example", hosts=("olke.example",), layouts=(layout,))
    above = (
        "<b class=tarix>14.02.2023</b><b class=bolme>Sosium</b><b class=muellif>Redaksiya</b>"
        "<b class=teq>körpü</b><b class=yenilenib>14.02.2023</b><img src=/foto/2023/yeni-korpu.jpg>"
    )

    article = read('<meta property="og:title" content="Kənddə bayram">', above, site=site)

    assert (article.confidence, article.disagreements) == ({}, {})


def test_what_json_ld_says_beside_the_rules_is_kept() -> None:
    site = Site(
        name="olke.example",
        hosts=("olke.example",),
        layouts=(Layout(headline=("h1",), body=("div.metn",), date=(".tarix",)),),
    )
    script = '<script type="application/ld+json">{"@type": "NewsArticle", "articleSection": "Sosium", "datePublished": "2023-02-10T18:28:00+04:00"}</script>'

    article = read(script, "<b class=tarix>14.02.2023</b>", site=site)

    assert article.provenance["published"] == "rule:date"
    assert article.disagreements["published"] == said("json-ld", "2023-02-10T18:28:00+04:00")


def test_testimony_is_bounded_and_survives_its_json() -> None:
    metas = "".join(
        f'<meta name="author" content="{number} {"redaksiya " * 100}">' for number in range(50)
    )

    article = read(metas)

    kept = article.disagreements["authors"]
    assert len(kept) == 4
    assert {len(each.value) for each in kept} == {300}
    assert article_from_dict(orjson.loads(article_to_json(article))) == article
