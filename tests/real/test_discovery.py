"""Real feeds and a real list page, read as a run would read them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.ledger import AddressKind, Candidate
from crawler.discovery import Discovered, discover
from crawler.source import Source, load_sources
from crawler.ways import Feed, Listing
from pipelines.addresses import article_id_of
from pipelines.items import Page

PAGES = Path(__file__).parents[2].parent / "shared" / "real" / "pages"
pytestmark = pytest.mark.skipif(
    not PAGES.is_dir(), reason="../shared/real is absent: real pages are private test data"
)
SOURCES = load_sources()


def way_in(source: Source, kind: type[Feed] | type[Listing]) -> Feed | Listing:
    return next(way for way in source.discovery if isinstance(way, kind))


def discovered(host: str, file: str, way: Feed | Listing, url: str) -> Discovered:
    body = (PAGES / file).read_bytes()
    page = Page(url=url, captured_at=datetime(2026, 9, 15, tzinfo=UTC), body=body)
    return discover(page, way, SOURCES[host])


def feed_of(host: str) -> tuple[Candidate, ...]:
    way = way_in(SOURCES[host], Feed)
    return discovered(host, f"feeds/{host}_01.xml", way, way.url).candidates


@pytest.mark.parametrize(
    ("host", "count", "first_id", "first_date"),
    [
        ("apa.az", 5, "995728", "Mon, 14 Sep 2026 00:41:31 +0400"),
        ("azertag.az", 8, "4411239", "Mon, 14 Sep 2026 01:35:00 +0400"),
        ("haqqin.az", 4, "393100", "Tue, 15 Sep 2026 01:36:00 +0400"),
        ("modern.az", 5, "789262", "Mon, 14 Sep 2026 01:11:00 +0400"),
        ("qafqazinfo.az", 5, "521361", "Mon, 14 Sep 2026 11:00:00 +0400"),
    ],
)
def test_every_item_of_a_real_feed_is_a_candidate(
    host: str, count: int, first_id: str, first_date: str
) -> None:
    found = feed_of(host)

    assert len(found) == count
    assert article_id_of(found[0].url, SOURCES[host].site) == first_id
    assert found[0].published == first_date
    assert all(each.title for each in found)
    assert [each.position for each in found] == list(range(count))


@pytest.mark.parametrize(
    ("host", "photos"),
    [("apa.az", 5), ("azertag.az", 0), ("haqqin.az", 0), ("modern.az", 5), ("qafqazinfo.az", 5)],
)
def test_photos_that_a_real_feed_names_are_kept(host: str, photos: int) -> None:
    addresses = [each.photo_url for each in feed_of(host) if each.photo_url]

    assert len(addresses) == photos
    assert all(address.startswith("https://") for address in addresses)


def test_titles_of_real_feeds_hold_no_entities() -> None:
    titles = [each.title or "" for host in ("modern.az", "azertag.az") for each in feed_of(host)]

    assert not [title for title in titles if "&" in title]


def test_a_real_list_page_gives_its_items_in_order() -> None:
    expected: dict[str, Any] = json.loads(
        (PAGES / "expected" / "sonxeber.az_01.json").read_text(encoding="utf-8")
    )
    source = SOURCES["sonxeber.az"]
    way = next(each for each in source.discovery if isinstance(each, Listing) and each.next)

    found = discovered(source.name, "full/sonxeber.az_01.html", way, "https://sonxeber.az/")

    assert [each.url for each in found.candidates] == [each["url"] for each in expected["items"]]
    assert [each.title for each in found.candidates] == [
        each["title"] for each in expected["items"]
    ]
    assert [each.photo_url for each in found.candidates] == [
        "https://sonxeber.az" + each["thumbnail"] for each in expected["items"]
    ]
    assert {each.published for each in found.candidates} == {expected["date_raw"]}
    assert found.more == (
        Candidate(url="https://sonxeber.az/xeberler/?start=2", kind=AddressKind.LISTING),
    )
