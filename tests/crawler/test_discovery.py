"""A list page gives its articles in order, and says where to go on."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from archive.ledger import AddressKind, Candidate
from crawler.discovery import discover, entries_of, way_of
from crawler.source import Language, Source, SourceKind
from crawler.ways import Feed, Listing, Sitemap, Way
from pipelines.items import Page

ROOT = "https://xeber.example"
PAGED = Listing(listing=f"{ROOT}/xeberler/", next=f"{ROOT}/xeberler/sehife{{page}}/")
CURSOR = Listing(
    listing=f"{ROOT}/son",
    next=f"{ROOT}/infinity?date={{last}}&oldest=1",
    cursor=("div.blok@data-vaxt",),
)
SOURCE = Source(
    name="xeber.example",
    publisher="Xəbər",
    host="xeber.example",
    kind=SourceKind.NEWS,
    language=Language.AZ,
    articles=(r"^/[a-z]+/(?P<id>\d+)$",),
    discovery=(Feed(feed=f"{ROOT}/rss"), Sitemap(sitemap=f"{ROOT}/sitemap.xml"), PAGED, CURSOR),
)
LIST = """<html><head><link rel="next" href="/xeberler/?s=2"></head><body>
<nav><a href="/">Əsas</a><a href="/idman">İdman</a></nav>
<div class="blok" data-vaxt="2026-05-24 18:00:00"><a href="/idman/12"><img src="data:image/png;base64,AAAA"
 data-src="/foto/12.jpg"></a><h3><a href="/idman/12?utm_source=list">“Araz”  xal itirib</a></h3>
 <span class="gun">24 may</span><span class="saat">18:00</span></div>
<div class="blok" data-vaxt="2026-05-24 17:30:00"><a href="https://www.xeber.example/hava/11#s" title="Yağış yağıb"></a>
<span class="gun">24 may</span></div>
<div class="blok"><a href="https://reklam.example/idman/99">Reklam</a></div>
<aside><a href="/idman/9">Köhnə xəbər</a></aside></body></html>"""


def page_at(url: str, markup: str = LIST) -> Page:
    return Page(url=url, captured_at=datetime(2026, 5, 24, tzinfo=UTC), body=markup.encode())


def test_every_article_on_a_list_page_is_a_candidate_in_order() -> None:
    found = discover(page_at(PAGED.url), PAGED, SOURCE)

    assert [(each.url, each.title, each.position) for each in found.candidates] == [
        (f"{ROOT}/idman/12", "“Araz” xal itirib", 0),
        (f"{ROOT}/hava/11", "Yağış yağıb", 1),
        (f"{ROOT}/idman/9", "Köhnə xəbər", 2),
    ]


def test_items_keep_what_the_list_says_and_nothing_beside_them() -> None:
    way = replace(
        PAGED, items=("div.blok",), title=("h3",), date=("span.gun, span.saat",), photo=("img",)
    )

    assert discover(page_at(PAGED.url), way, SOURCE).candidates == (
        Candidate(
            url=f"{ROOT}/idman/12",
            title="“Araz” xal itirib",
            published="24 may 18:00",
            photo_url=f"{ROOT}/foto/12.jpg",
            position=0,
        ),
        Candidate(url=f"{ROOT}/hava/11", title="Yağış yağıb", published="24 may", position=1),
    )


OFFSET = Listing(listing=f"{ROOT}/x?start=0", next=f"{ROOT}/x?start={{page}}", first=0, step=30)


@pytest.mark.parametrize(
    ("way", "url", "after"),
    [
        (PAGED, "/xeberler/", "/xeberler/sehife2/"),
        (PAGED, "/xeberler/sehife9/", "/xeberler/sehife10/"),
        (OFFSET, "/x?start=0", "/x?start=30"),
        (OFFSET, "/x?start=60", "/x?start=90"),
        (CURSOR, "/son", "/infinity?date=2026-05-24%2017%3A30%3A00&oldest=1"),
        (Listing(listing=f"{ROOT}/xeberler/"), "/xeberler/", "/xeberler/?s=2"),
        (Listing(listing=f"{ROOT}/", more=("aside a",)), "/", "/idman/9"),
    ],
    ids=["second", "tenth", "offset", "further-offset", "cursor", "rel-next", "link"],
)
def test_a_list_page_says_where_to_go_on(way: Listing, url: str, after: str) -> None:
    assert discover(page_at(ROOT + url), way, SOURCE).more == (
        Candidate(url=ROOT + after, kind=AddressKind.LISTING),
    )


def test_a_page_without_articles_leads_no_further() -> None:
    assert discover(page_at(PAGED.url, "<p>Xəbər yoxdur</p>"), PAGED, SOURCE).more == ()


def test_a_list_never_leads_off_its_site() -> None:
    markup = LIST.replace("/xeberler/?s=2", "https://basqa.example/2")
    way = Listing(listing=f"{ROOT}/xeberler/")

    assert discover(page_at(way.url, markup), way, SOURCE).more == ()


@pytest.mark.parametrize(
    ("url", "kind", "way"),
    [
        ("/rss", AddressKind.FEED, SOURCE.discovery[0]),
        ("/moved-rss", AddressKind.FEED, SOURCE.discovery[0]),
        ("/sitemap-2026.xml", AddressKind.SITEMAP, SOURCE.discovery[1]),
        ("/xeberler/sehife3/", AddressKind.LISTING, PAGED),
        ("/infinity?date=2026-05-24%2017%3A30%3A00&oldest=1", AddressKind.LISTING, CURSOR),
        ("/son", AddressKind.LISTING, CURSOR),
    ],
)
def test_an_address_finds_its_way(url: str, kind: AddressKind, way: Way) -> None:
    assert way_of(SOURCE, ROOT + url, kind) == way


def test_a_sitemap_that_no_way_names_is_read_as_one() -> None:
    source = replace(SOURCE, discovery=(PAGED,))

    assert way_of(source, f"{ROOT}/s.xml", AddressKind.SITEMAP) == Sitemap(sitemap=f"{ROOT}/s.xml")


def test_discovery_begins_at_the_ways_in_their_order() -> None:
    assert [(each.url, each.kind) for each in entries_of(SOURCE, date(2026, 5, 24))] == [
        (f"{ROOT}/rss", AddressKind.FEED),
        (f"{ROOT}/sitemap.xml", AddressKind.SITEMAP),
        (f"{ROOT}/xeberler/", AddressKind.LISTING),
        (f"{ROOT}/son", AddressKind.LISTING),
    ]
