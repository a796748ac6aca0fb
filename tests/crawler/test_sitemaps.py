"""A sitemap gives its articles, an index its sitemaps, a bomb nothing."""

import gzip

import pytest

from archive.errors import PageError, PageTooCostly
from archive.ledger import AddressKind
from crawler.sitemaps import read_sitemap
from pipelines.rules import Site

SITE = Site(
    name="xeber.example", hosts=("xeber.example",), articles=(r"^/[a-z]+/(?P<id>\d+)\.html$",)
)
URL = "https://xeber.example/sitemap.xml"
NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://xeber.example/</loc></url>
<url><loc> https://xeber.example/idman/12.html </loc><lastmod>2026-05-24</lastmod>
<news:news><news:publication><news:name>Xəbər</news:name></news:publication>
<news:publication_date>2026-05-24T10:00:00+04:00</news:publication_date>
<news:title>“Araz” xal itirib</news:title></news:news>
<image:image><image:loc>https://foto.example/a.jpg</image:loc><image:title>Foto</image:title></image:image></url>
<url><loc>https://xeber.example/idman/13.html?a=1&b=2</loc></url>
<url><loc>https://xeber.example/idman/12.html</loc></url>
</urlset>""".encode()  # fmt: skip


@pytest.mark.parametrize(
    "body", [NEWS, b"\n\n" + NEWS, gzip.compress(NEWS)], ids=["plain", "late", "gzip"]
)
def test_the_articles_of_a_news_sitemap_keep_what_it_says(body: bytes) -> None:
    (first, second), more, changed = read_sitemap(body, URL, SITE)

    assert (first.url, first.title) == ("https://xeber.example/idman/12.html", "“Araz” xal itirib")
    assert (first.published, first.position) == ("2026-05-24T10:00:00+04:00", 0)
    assert first.photo_url == "https://foto.example/a.jpg"
    assert (second.url, second.title, second.position) == (
        "https://xeber.example/idman/13.html",
        None,
        1,
    )
    assert more == ()
    assert changed == {first.url: "2026-05-24"}
    assert (first.changed, second.changed) == ("2026-05-23T20:00:00.000000Z", None)  # in Baku


INDEX = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://xeber.example/sitemap-2025.xml</loc><lastmod>2025-12-31</lastmod></sitemap>
<sitemap><loc>/sitemap-2026.xml.gz</loc><lastmod>2026-05-24</lastmod></sitemap>
<sitemap><loc>https://xeber.example/tags.xml</loc></sitemap></sitemapindex>"""


def test_an_index_leads_to_its_sitemaps_the_latest_first() -> None:
    candidates, more, _ = read_sitemap(INDEX, URL, SITE, only=(r"sitemap-\d+",))

    assert candidates == ()
    assert [each.url for each in more] == [
        "https://xeber.example/sitemap-2026.xml.gz",
        "https://xeber.example/sitemap-2025.xml",
    ]
    assert {each.kind for each in more} == {AddressKind.SITEMAP}


def test_a_sitemap_may_be_a_list_of_addresses() -> None:
    body = b"https://xeber.example/idman/12.html\nhttps://xeber.example/haqqinda\n"

    assert [each.url for each in read_sitemap(body, URL, SITE)[0]] == [
        "https://xeber.example/idman/12.html"
    ]


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"<rss/>", b"\x1f\x8bqirilmis"])
def test_what_is_no_sitemap_is_told(body: bytes) -> None:
    with pytest.raises(PageError, match="is no sitemap"):
        read_sitemap(body, URL, SITE)


def test_a_gzip_bomb_is_given_up() -> None:
    bomb = gzip.compress(bytes(70 * 2**20), compresslevel=1)

    with pytest.raises(PageTooCostly):
        read_sitemap(bomb, URL, SITE)
