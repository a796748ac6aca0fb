"""What an answer means: nothing leads off a source's hosts, and only what is gone is called so."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.article import PageKind
from archive.catalogue.work import Work
from archive.exchange import Exchange
from archive.ledger import AddressKind, LedgerState
from archive.reading import Reading
from crawler.errand import Errand, Visit
from crawler.judge import Circumstances, judge
from crawler.source import Language, Source, SourceKind
from pipelines.addresses import is_address_of

ROOT = "https://xeber.example"
SOURCE = Source(
    name="xeber.example",
    publisher="Xəbər",
    host="xeber.example",
    kind=SourceKind.NEWS,
    language=Language.AZ,
    articles=(r"^/[a-z]+/(?P<id>\d+)$",),
)
CIRCUMSTANCES = Circumstances(run="r", extractor="e", max_content_bytes=1_000_000)
CAPTCHA = "<title>Bir az gözləyin…</title><h1>Robot olmadığınızı təsdiq edin</h1>"
LOCATIONS = st.builds(
    "".join,
    st.lists(
        st.sampled_from(
            ["https:", "//", "/", "\\", "@", ":", "?", "#", "..", "xeber.example", "basqa.example"]
        )
        | st.text(max_size=2),
        max_size=8,
    ),
)


def judged(kind: AddressKind = AddressKind.PAGE, **answer: Any) -> Reading:
    url = f"{ROOT}/idman/7"
    work = Work(
        ledger_id=1,
        url=url,
        kind=kind,
        depth=0,
        looks=1,
        tries=0,
        is_known=True,
        title="Parkda ağac əkilib",
        etag=None,
        last_modified=None,
        earlier=None,
    )
    exchange = Exchange(url=url, captured_at=datetime(2026, 2, 14, tzinfo=UTC), **answer)
    errand = Errand(source=SOURCE, work=work, exchange=exchange)
    return judge(Visit(errand=errand), CIRCUMSTANCES)


def redirected(location: str, kind: AddressKind = AddressKind.PAGE) -> Reading:
    return judged(kind, status=302, response_headers=(("Location", location),))


@pytest.mark.parametrize(
    "location", ["https://basqa.example/idman/7", "//basqa.example/", "https://xeber.example.org/"]
)
def test_a_redirect_to_another_host_is_told_and_not_followed(location: str) -> None:
    found = redirected(location)

    assert (found.state, found.moved_to) == (LedgerState.NOT_ARTICLE, None)
    assert (found.reason or "").startswith("redirects to ")


@given(LOCATIONS, st.sampled_from([each for each in AddressKind if each is not AddressKind.PHOTO]))
def test_no_location_leads_a_source_off_its_hosts(location: str, kind: AddressKind) -> None:
    found = redirected(location, kind)

    assert found.moved_to is None or is_address_of(found.moved_to, SOURCE.site)


def test_a_page_that_refreshes_to_another_at_once_is_a_redirect() -> None:
    markup = "<html><head><meta http-equiv='Refresh' content='0; url=/idman/8'></head><body></body></html>"

    found = judged(
        status=200, body=markup.encode(), response_headers=(("Content-Type", "text/html"),)
    )

    assert (found.state, found.moved_to) == (LedgerState.MOVED, f"{ROOT}/idman/8")


def test_a_photo_may_lie_anywhere() -> None:
    found = redirected("https://foto.basqa.example/7.jpg", AddressKind.PHOTO)

    assert found.moved_to == "https://foto.basqa.example/7.jpg"


@pytest.mark.parametrize(
    ("modified", "kept"),
    [
        ("Fri, 13 Feb 2026 12:00:00 GMT", True),
        ("Sun, 15 Feb 2026 12:00:00 GMT", False),  # what changes before would count as unchanged
        ("dünən", True),  # the server's own word, handed back as it is
    ],
)
def test_a_date_of_the_future_is_never_handed_back_to_a_server(modified: str, kept: bool) -> None:
    found = judged(
        AddressKind.FEED,
        status=200,
        body=b"<rss version='2.0'><channel></channel></rss>",
        response_headers=(("Last-Modified", modified), ("ETag", '"7"')),
    )

    assert found.last_modified == (modified if kept else None)
    assert found.etag == '"7"'


@pytest.mark.parametrize("status", [404, 410])
def test_a_known_article_that_is_not_found_is_missed(status: int) -> None:
    assert judged(status=status).state is LedgerState.GONE


@pytest.mark.parametrize("home", ["/", f"{ROOT}/", "https://www.xeber.example"])
def test_a_known_article_that_redirects_to_the_front_page_is_missed(home: str) -> None:
    assert redirected(home).state is LedgerState.GONE


@pytest.mark.parametrize("status", [401, 403, 408, 418, 429, 451, 500, 502, 503, 504, 520, 530])
def test_a_site_that_is_down_or_blocks_us_has_lost_no_article(status: int) -> None:
    assert judged(status=status).state in (LedgerState.BLOCKED, LedgerState.FAILED)


def test_a_captcha_that_says_200_has_lost_no_article() -> None:
    found = judged(
        body=f'<html><head><meta charset="utf-8">{CAPTCHA}</html>'.encode(),
        response_headers=(("Content-Type", "text/html"),),
    )

    assert found.state is LedgerState.BLOCKED


def test_a_connection_that_ends_early_has_lost_no_article() -> None:
    assert judged(body=b"<html>", truncated="disconnect").state is LedgerState.FAILED


@pytest.mark.parametrize("home", ["/az/", "/ru", "/index.php", "/en/index.html", "/?lang=az"])
def test_the_front_page_of_a_language_is_a_front_page(home: str) -> None:
    assert redirected(home).reason == "redirects to the front page"


def test_a_page_under_the_front_pages_own_path_is_no_front_page() -> None:
    assert redirected("/az/idman/8").state is LedgerState.MOVED


def page(title: str, text: str = "") -> Reading:
    return judged(
        body=f"<html><title>{title}</title><body><h1>{title}</h1><p>{text}</p></body></html>".encode(),
        response_headers=(("Content-Type", "text/html; charset=utf-8"),),
    )


@pytest.mark.parametrize("title", ["Səhifə tapılmadı", "404 Not Found", "Страница не найдена"])
def test_an_error_page_that_says_that_nothing_is_there_is_evidence(title: str) -> None:
    assert page(title).state is LedgerState.GONE


@pytest.mark.parametrize("title", ["503 Service Unavailable", "Database error", "Bad Gateway", ""])
def test_an_error_page_that_speaks_of_the_site_is_none(title: str) -> None:
    assert page(title).state in (LedgerState.FAILED, LedgerState.NOT_ARTICLE)


def list_page(title: str) -> Reading:
    rows = "".join(
        f"<li><a href='/idman/{number}'>{number} nömrəli parkın təmiri üçün müsabiqə elan edilib</a>"
        for number in range(100, 130)
    )
    return judged(
        body=f"<html><title>{title}</title><body><h1>{title}</h1><ul>{rows}</ul></body></html>".encode(),
        response_headers=(("Content-Type", "text/html; charset=utf-8"),),
    )


def test_a_list_in_the_place_of_a_known_article_is_evidence() -> None:
    found = list_page("Son xəbərlər")

    assert (found.kind, found.state) == (PageKind.LIST, LedgerState.GONE)
    assert found.article is None
    assert "a list in its place" in (found.reason or "")


def test_a_short_article_among_many_links_is_still_there() -> None:
    assert list_page("Parkda ağac əkilib - FOTO").state is LedgerState.FETCHED
