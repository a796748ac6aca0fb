"""What the readers make of the made-up pages is what their truth says, site by site, field by field."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from archive.article import Article
from crawler.source import load_sources
from pipelines.extract import read_page
from pipelines.items import Page
from tests.web.server import MadeUpWeb
from tests.web.truth import TrueArticle

HOSTS = ("agentlik.example", "nazirlik.example", "olke.example", "xezer-xeber.example")
FIELDS: dict[str, tuple[Callable[[Article], Any], Callable[[TrueArticle], Any]]] = {
    "canonical_url": (lambda read: read.canonical_url, lambda true: true.url),
    "article_id": (lambda read: read.article_id, lambda true: true.article_id),
    "headline": (lambda read: read.headline, lambda true: true.headline),
    "title": (lambda read: read.title, lambda true: true.title),
    "markers": (lambda read: read.markers, lambda true: true.markers),
    "update_no": (lambda read: read.update_no, lambda true: true.update_no),
    "section": (lambda read: read.section, lambda true: true.section),
    "published": (
        lambda read: read.published and (read.published.at, read.published.precision),
        lambda true: (true.published_at, true.precision),
    ),
    "text": (lambda read: read.text, lambda true: true.text),
    "attribution": (lambda read: read.attribution, lambda true: true.attribution),
    "authors": (lambda read: read.authors, lambda true: true.authors),
    "tags": (lambda read: read.tags, lambda true: true.tags),
    "photos": (
        lambda read: [(photo.url, photo.caption, photo.credit) for photo in read.photos],
        lambda true: [(photo.url, photo.caption, photo.credit) for photo in true.photos],
    ),
    "language": (lambda read: read.language, lambda true: "az"),
    "lead": (lambda read: read.lead, lambda true: ""),
    "video": (
        lambda read: [embed.url for embed in read.embeds],
        lambda true: [true.video] * (true.video is not None),
    ),
}
CASES = [pytest.param(host, field, id=f"{host}-{field}") for host in HOSTS for field in FIELDS]
Readings = dict[str, list[tuple[Article, TrueArticle]]]


@pytest.fixture(scope="module")
def readings() -> Iterator[Readings]:
    sites = {
        name: source.site
        for name, source in load_sources(Path(__file__).parent / "sources").items()
    }
    now = datetime.now(UTC)
    with MadeUpWeb(now=now, day=2) as web, httpx.Client(proxy=web.proxy_url) as client:
        yield {
            host: [
                (read_page(page_of(client.get(true.url), now), sites[host]), true)
                for true in web.truth.articles(2)
                if true.host == host
            ]
            for host in HOSTS
        }


def page_of(answer: httpx.Response, now: datetime) -> Page:
    content_type = answer.headers["Content-Type"]
    return Page(
        url=str(answer.url), captured_at=now, body=answer.content, content_type=content_type
    )


@pytest.mark.parametrize(("host", "field"), CASES)
def test_a_field_is_read_as_the_truth_says(host: str, field: str, readings: Readings) -> None:
    of_reading, of_truth = FIELDS[field]

    read = {true.article_id: of_reading(reading) for reading, true in readings[host]}

    assert read == {true.article_id: of_truth(true) for _, true in readings[host]}
