"""The made-up web does what its truth says, and misbehaves as it is told."""

import html
import re
from collections.abc import Iterator
from io import BytesIO

import httpx
import pytest
from PIL import Image

from archive.catalogue.rows import ChangeKind
from tests.web.bulk import BULK_HOST, MAX_BYTES, MIN_BYTES, BulkWeb
from tests.web.faults import HUGE_BYTES, Fault
from tests.web.pictures import FORMATS
from tests.web.rogues import DOWN_HOST, FAULT_PATHS, FORBIDDEN_HOST, GOOD_PATHS, ROGUE_HOST
from tests.web.server import MadeUpWeb
from tests.web.truth import DAYS, TrueArticle

ARTICLE_URL = "http://xezer-xeber.example/news/texnologiya/552817.html"


@pytest.fixture
def web() -> Iterator[MadeUpWeb]:
    with MadeUpWeb() as web:
        yield web


@pytest.fixture
def client(web: MadeUpWeb) -> Iterator[httpx.Client]:
    with httpx.Client(proxy=web.proxy_url, timeout=5) as client:
        yield client


def text_of_page(response: httpx.Response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def shows(client: httpx.Client, article: TrueArticle) -> bool:
    text = text_of_page(client.get(article.url))
    wanted = (article.headline, article.section, *article.paragraphs)
    return all(words in text for words in wanted)


def test_it_answers_as_a_proxy_and_by_host_alike(web: MadeUpWeb, client: httpx.Client) -> None:
    direct = f"http://127.0.0.1:{web.port}/news/texnologiya/552817.html"

    by_host = httpx.get(direct, headers={"Host": "xezer-xeber.example"})
    by_proxy = client.get(ARTICLE_URL)

    assert by_host.content == by_proxy.content
    assert [logged.request.is_proxied for logged in web.log] == [False, True]


@pytest.mark.parametrize("day", DAYS)
def test_each_page_shows_its_article_as_the_truth_says(day: int) -> None:
    with MadeUpWeb(day=day) as web, httpx.Client(proxy=web.proxy_url) as client:
        wrong = [a.url for a in web.truth.articles(day) if not shows(client, a)]

    assert wrong == []


def test_each_photo_is_a_picture_of_its_format_and_size(
    web: MadeUpWeb, client: httpx.Client
) -> None:
    web.advance()
    photos = [photo for article in web.truth.articles(2) for photo in article.photos]

    opened = [Image.open(BytesIO(client.get(photo.url).content)) for photo in photos]

    assert [(image.format, image.size) for image in opened] == [
        (FORMATS[photo.format_name][0], photo.size) for photo in photos
    ]


def test_an_etag_and_a_date_are_answered_with_304(client: httpx.Client) -> None:
    tagged = client.get(ARTICLE_URL)
    dated = client.get("http://agentlik.example/elm/-913411")

    by_tag = client.get(ARTICLE_URL, headers={"If-None-Match": tagged.headers["ETag"]})
    since = {"If-Modified-Since": dated.headers["Last-Modified"]}
    by_date = client.get("http://agentlik.example/elm/-913411", headers=since)

    assert (by_tag.status_code, by_date.status_code) == (304, 304)


def test_gzip_is_sent_only_to_those_who_take_it(client: httpx.Client) -> None:
    packed = client.get(ARTICLE_URL, headers={"Accept-Encoding": "gzip"})
    plain = client.get(ARTICLE_URL, headers={"Accept-Encoding": "identity"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.content == plain.content


def test_a_view_counter_changes_at_each_request(client: httpx.Client) -> None:
    url = "http://olke.example/az/sosium/84131/asan-xidmet-sekide-seyyar-qebula-baslayib/"

    first, second = client.get(url), client.get(url)

    assert first.content != second.content


def test_the_second_day_brings_one_change_of_each_kind_and_new_articles(web: MadeUpWeb) -> None:
    kinds = {change.kind for change in web.truth.changes}
    new = [change.host for change in web.truth.changes if change.kind is ChangeKind.APPEARED]

    assert kinds == {
        ChangeKind.APPEARED,
        ChangeKind.EDITED,
        ChangeKind.MARKED,
        ChangeKind.MOVED,
        ChangeKind.MISSING,
    }
    assert sorted(new) == sorted(site.host for site in web.truth.sites)


def test_a_moved_article_answers_under_all_its_addresses(
    web: MadeUpWeb, client: httpx.Client
) -> None:
    web.advance()
    moved = [each.after for each in web.truth.changes if each.kind is ChangeKind.MOVED]

    answers = [
        client.get(url, follow_redirects=True) for each in moved if each for url in each.addresses
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200]


def test_a_removed_article_is_a_404_on_the_second_day(web: MadeUpWeb, client: httpx.Client) -> None:
    removed = [each.before for each in web.truth.changes if each.kind is ChangeKind.MISSING]
    urls = [each.url for each in removed if each]

    before = [client.get(url).status_code for url in urls]
    web.advance()
    after = [client.get(url).status_code for url in urls]

    assert (before, after) == ([200], [404])


def test_misbehaviour_lasts_as_many_requests_as_it_was_told(
    web: MadeUpWeb, client: httpx.Client
) -> None:
    web.misbehave("xezer-xeber.example", Fault.UNAVAILABLE, times=1)

    first, second = client.get(ARTICLE_URL), client.get(ARTICLE_URL)

    assert (first.status_code, first.headers["Retry-After"]) == (503, "1")
    assert second.status_code == 200
    assert [logged.status for logged in web.log] == [503, 200]


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.TOO_LONG, Fault.DOWN])
def test_a_broken_wire_is_broken(fault: Fault, client: httpx.Client) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        client.get(f"http://{ROGUE_HOST}{FAULT_PATHS[fault]}")


@pytest.mark.parametrize("fault", [Fault.WINDOWS_1251, Fault.WRONG_CHARSET])
def test_a_declared_charset_is_the_one_told(fault: Fault, client: httpx.Client) -> None:
    encoding = {Fault.WINDOWS_1251: "windows-1251", Fault.WRONG_CHARSET: "utf-8"}[fault]

    answer = client.get(f"http://{ROGUE_HOST}{FAULT_PATHS[fault]}")

    assert answer.headers["Content-Type"] == "text/html; charset=windows-1251"
    assert "Yeni kitabxana" in answer.content.decode(encoding)


def test_an_endless_redirect_leads_on_and_on(web: MadeUpWeb, client: httpx.Client) -> None:
    web.misbehave("xezer-xeber.example", Fault.LOOP, path="/news/texnologiya/552817.html")

    with pytest.raises(httpx.TooManyRedirects):
        client.get(ARTICLE_URL, follow_redirects=True)

    assert len({logged.url for logged in web.log}) == client.max_redirects + 1


def test_a_huge_page_is_as_huge_as_it_says(client: httpx.Client) -> None:
    with client.stream("GET", f"http://{ROGUE_HOST}{FAULT_PATHS[Fault.HUGE]}") as answer:
        length = sum(len(piece) for piece in answer.iter_raw())

    assert length == HUGE_BYTES


def test_the_rogue_sites_are_shut_and_forbidden(client: httpx.Client) -> None:
    robots = client.get(f"http://{FORBIDDEN_HOST}/robots.txt").text

    with pytest.raises(httpx.RemoteProtocolError):
        client.get(f"http://{DOWN_HOST}{GOOD_PATHS[0]}")
    assert robots == "User-agent: *\nDisallow: /\n"


def test_a_bulk_page_is_as_heavy_as_promised_and_named_in_the_sitemap() -> None:
    with BulkWeb(pages=40) as web, httpx.Client(proxy=web.proxy_url) as client:
        sitemap = client.get(f"http://{BULK_HOST}/sitemap.xml").text
        pages = [client.get(url) for url in web.urls]

    assert [url for url in web.urls if url not in sitemap] == []
    assert all(MIN_BYTES <= len(page.content) <= MAX_BYTES * 1.05 for page in pages)
