"""Real pages: none breaks the reader, and each expected field is met.

Pages are read with the rules of the site where a source describes it, else on the general path.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import pytest

from archive.article import Article, PageKind, article_to_json
from crawler.source import source_of_address
from pipelines.extract import read_page
from pipelines.items import Page
from pipelines.parsing import absolute_url, find_links, parse_page

PAGES = Path(__file__).parents[2].parent / "shared" / "real" / "pages"
pytestmark = pytest.mark.skipif(
    not PAGES.is_dir(), reason="the real pages lie beside the project; they are not here"
)

SEEN = datetime.fromisoformat("2026-05-24T23:00:00+04:00")
KINDS = {"article": PageKind.ARTICLE, "listing": PageKind.LIST}
# What is not met yet, each with its reason.
UNMET: Mapping[tuple[str, str], str] = {
    ("panarmenian.net_01", "section"): "only the selected entry of the menu tells the section",
}


def rows() -> list[dict[str, Any]]:
    """The index of the pages, feeds left out."""
    if not PAGES.is_dir():
        return []
    lines = (PAGES / "index.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["kind"] != "feed"]


ROWS = {Path(row["file"]).stem: row for row in rows()}


@lru_cache
def page_named(name: str) -> Page:
    row = ROWS[name]
    url = (
        row["url"] or f"https://{row['host'] if '.' in row['host'] else 'mekteb.example'}/az/news/1"
    )
    return Page(url=url, captured_at=SEEN, body=(PAGES / row["file"]).read_bytes())


@lru_cache
def article_named(name: str) -> Article:
    page = page_named(name)
    source = source_of_address(page.url)
    return read_page(page, source.site if source else None)


def expectations() -> Iterator[Any]:
    """A case a page and field, named so."""
    for path in sorted(PAGES.glob("expected/*.json")) if PAGES.is_dir() else ():
        shape = json.loads(path.read_text(encoding="utf-8"))
        for field in _CHECKS:
            if field in shape:
                reason = UNMET.get((path.stem, field))
                marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
                yield pytest.param(path.stem, field, shape, id=f"{path.stem}-{field}", marks=marks)


def _is_kind(article: Article, shape: dict[str, Any]) -> bool:
    return bool(article.kind is KINDS[shape["kind"]])


def _is_language(article: Article, shape: dict[str, Any]) -> bool:
    return article.kind is PageKind.LIST or bool(article.language == shape["lang"])


def _is_title(article: Article, shape: dict[str, Any]) -> bool:
    return bool(article.title == shape["title"])


def _is_day(article: Article, shape: dict[str, Any]) -> bool:
    if article.kind is PageKind.LIST:
        return True  # the dates of a list are discovery's
    return bool((article.published.at[:10] if article.published else None) == shape["date"])


def _is_moment(article: Article, shape: dict[str, Any]) -> bool:
    return article.published is not None and bool(article.published.at == shape["datetime"])


def _is_section(article: Article, shape: dict[str, Any]) -> bool:
    return bool(article.section == shape["section"])


def _are_authors(article: Article, shape: dict[str, Any]) -> bool:
    return bool(list(article.authors) == shape["authors"])


def _are_tags(article: Article, shape: dict[str, Any]) -> bool:
    return bool(list(article.tags) == shape["tags"])


def _has_paragraphs(article: Article, shape: dict[str, Any]) -> bool:
    return bool(len(article.blocks) == shape["paragraphs_count"])


def _begins(article: Article, shape: dict[str, Any]) -> bool:
    return shape["body_first_sentence"] in article.text


def _ends(article: Article, shape: dict[str, Any]) -> bool:
    return shape["body_last_sentence"] in article.text


def _has_no_noise(article: Article, shape: dict[str, Any]) -> bool:
    return not any(sentence in article.text for sentence in shape["must_not_contain"])


def _shows_photos(article: Article, shape: dict[str, Any]) -> bool:
    wanted = [unquote(urljoin(article.url, address)) for address in shape["photos"]]
    return [unquote(photo.url) for photo in article.photos] == wanted


def _names_source(article: Article, shape: dict[str, Any]) -> bool:
    told = [(each.site, each.name) for each in article.attribution]
    return (shape["attribution"]["site"], shape["attribution"]["source"]) in told


def _is_canonical(article: Article, shape: dict[str, Any]) -> bool:
    own, told = (
        each.replace("//www.", "//").rstrip("/")
        for each in (article.canonical_url, shape["canonical"])
    )
    return own == told  # whether www belongs to the host is the source's word


_CHECKS = {
    "kind": _is_kind,
    "lang": _is_language,
    "title": _is_title,
    "date": _is_day,
    "datetime": _is_moment,
    "section": _is_section,
    "authors": _are_authors,
    "tags": _are_tags,
    "paragraphs_count": _has_paragraphs,
    "body_first_sentence": _begins,
    "body_last_sentence": _ends,
    "must_not_contain": _has_no_noise,
    "photos": _shows_photos,
    "attribution": _names_source,
    "canonical": _is_canonical,
}


@pytest.mark.parametrize("name", ROWS)
def test_a_real_page_is_read_without_an_error(name: str) -> None:
    article = article_named(name)

    assert article.kind is PageKind.ARTICLE or article.reason
    assert article_to_json(article)


@pytest.mark.parametrize(
    "name", [name for name in ROWS if ROWS[name]["file"].startswith("fragments")]
)
def test_a_real_body_keeps_its_language_and_loses_no_words_to_markup(name: str) -> None:
    article = article_named(name)

    assert article.language in {"az", "ru", "en", None}
    assert not any(mark in article.text for mark in ("&nbsp;", "<p", "</", "\u00a0"))


@pytest.mark.parametrize(("name", "field", "shape"), list(expectations()))
def test_an_expected_field_is_met(name: str, field: str, shape: dict[str, Any]) -> None:
    assert _CHECKS[field](article_named(name), shape), getattr(article_named(name), field, None)


def test_every_item_of_a_real_list_is_among_its_links() -> None:
    shape = json.loads((PAGES / "expected" / "sonxeber.az_01.json").read_text(encoding="utf-8"))

    texts = {link.url: link.text for link in find_links(page_named("sonxeber.az_01"))}

    base = parse_page(page_named("sonxeber.az_01")).base_url
    assert [
        item["url"] for item in shape["items"] if absolute_url(base, item["url"]) not in texts
    ] == []
