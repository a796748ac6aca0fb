"""Each way to find articles finds all of them, and asks for little once they are known."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import PageError, SourceError
from archive.ledger import AddressKind, Candidate
from crawler.date_archives import days_of_page
from crawler.discovery import discover, entries_of, way_of
from crawler.numbers import gaps_in
from crawler.source import Language, Source, SourceKind, source_of_text
from crawler.ways import Archive, Endpoint, Ids, Telegram, Way
from pipelines.items import Page
from tests.crawler.crawling import Archive as Kept
from tests.crawler.crawling import complaints_in, new_archive
from tests.web.ways import CHANNEL, HOST, LIST_LENGTH, WaysWeb, write_source
from tests.web.wire import Answer

BASE = "https://xeber.example"
DAILY = Archive(archive=f"{BASE}/arxiv/{{year}}/{{month}}/{{day}}/")
MONTHLY = Archive(archive=f"{BASE}/arxiv?ay={{year}}-{{month}}")
API = Endpoint(
    endpoint=f"{BASE}/api?n=1",
    next=f"{BASE}/api?n={{page}}",
    items="data",
    link="/xeber/{no}",
    title="ad",
    date="vaxt",
    photo="foto.boyuk",
)
SOURCE = Source(
    name="xeber.example",
    publisher="Xəbər",
    host="xeber.example",
    kind=SourceKind.NEWS,
    language=Language.AZ,
    articles=(r"^/xeber/(?P<id>\d+)$",),
    discovery=(DAILY, MONTHLY, API, Ids(ids=f"{BASE}/xeber/{{id}}")),
)
WAYS = {
    "archive": "  - archive: /arxiv/{year}/{month}/{day}/\n    items: div.blok\n    date: time\n",
    "endpoint": "  - endpoint: /api/xeberler\n    next: /api/xeberler?page={page}\n"
    "    items: data.items\n    link: /xeber/{id}\n    title: basliq\n    date: tarix\n",
    "endpoint-html": "  - endpoint: /api/xeberler\n    next: /api/xeberler?page={page}\n"
    "    html: data.html\n",
    "cursor": "  - listing: /son\n    next: /davami?date={last}&oldest=1\n"
    "    cursor: div.blok@data-vaxt\n",
    "telegram": f"  - telegram: {CHANNEL}\n",
    "listing": "  - listing: /son\n    next: /son?page={page}\n",
}
NOW = datetime.now(UTC)


def page_at(url: str, body: str) -> Page:
    return Page(url=url, captured_at=datetime(2026, 5, 24, tzinfo=UTC), body=body.encode())


@pytest.fixture
def web() -> Iterator[WaysWeb]:
    with WaysWeb() as web:
        web.publish(31, since=NOW - timedelta(days=9), every=timedelta(hours=7))
        yield web


def kept_of(web: WaysWeb, folder: Path, ways: str) -> Kept:
    sources = write_source(folder, ways)
    return new_archive(folder / "archive", web.proxy_url, sources=sources, look_again_s=[10**7])


@pytest.mark.parametrize("way", WAYS)
def test_a_way_finds_every_article_and_later_asks_only_for_what_is_new(
    web: WaysWeb, tmp_path: Path, way: str
) -> None:
    archive = kept_of(web, tmp_path, WAYS[way])
    first = archive.crawl()
    found = sorted(web.asked_pages())
    web.publish(2, since=datetime.now(UTC) - timedelta(minutes=2), every=timedelta(minutes=1))
    web.asked.clear()

    second = archive.crawl()

    assert complaints_in([first, second]) == []
    assert found == [each.number for each in web.published[:-2]]
    assert sorted(web.asked_pages()) == [each.number for each in web.published[-2:]]
    lists = [url for url in web.paths if "/xeber/" not in url and "robots" not in url]
    assert len(lists) <= 3  # until what is known


@pytest.mark.parametrize("way", WAYS)
def test_a_missed_week_is_caught_up_by_itself(web: WaysWeb, tmp_path: Path, way: str) -> None:
    weeks = web.published
    web.published = weeks[:7]
    archive = kept_of(web, tmp_path, WAYS[way])
    archive.crawl()
    web.published = weeks

    archive.crawl()

    assert sorted(web.asked_pages()) == [each.number for each in weeks]


def test_a_gap_of_weeks_is_caught_up_in_one_run_however_many_lists_it_fills(
    web: WaysWeb, tmp_path: Path
) -> None:
    archive = kept_of(web, tmp_path, WAYS["listing"])
    archive.crawl()
    web.publish(150, since=datetime.now(UTC) - timedelta(days=1), every=timedelta(minutes=9))
    web.asked.clear()

    archive.crawl()

    lists = [url for url in web.paths if "/son" in url]
    assert len(lists) == 150 // LIST_LENGTH + 1
    assert sorted(web.asked_pages()) == [each.number for each in web.published[-150:]]


def test_status_says_how_sure_it_is_of_each_source(web: WaysWeb, tmp_path: Path) -> None:
    missing = web.published.pop(11)
    archive = kept_of(web, tmp_path, WAYS["listing"])
    archive.crawl("--limit", "20")

    (source,) = archive.ask("status", "--json").json["sources"]
    told = archive.ask("status").out
    sureness = source["sureness"]
    numbers = sureness["numbers"], sureness["span"]

    assert missing.number == 112
    assert (sureness["offered"], sureness["archived"], sureness["open"]) == (30, 20, 10)
    assert numbers == (20, 21)
    assert [(day["offered"], day["archived"]) for day in sureness["days"]] == [(30, 20)]
    assert "; 20 of 30 addresses of seven days archived, 10 open; 20 of 21 numbers known" in told


def test_status_is_sure_of_nothing_before_a_source_was_read(web: WaysWeb, tmp_path: Path) -> None:
    web.robots[HOST] = Answer(status=503)
    archive = kept_of(web, tmp_path, WAYS["listing"])
    archive.crawl()

    assert "sure of nothing yet" in archive.ask("status").out


def test_an_archive_is_filled_from_its_last_day_to_its_first(web: WaysWeb, tmp_path: Path) -> None:
    web.published = []
    web.publish(40, since=datetime(2015, 1, 25, tzinfo=UTC), every=timedelta(hours=31))
    archive = kept_of(web, tmp_path, WAYS["archive"])

    archive.crawl("--backfill", "2015-02..2015-02")

    lists = [url for url in web.paths if "/arxiv/" in url]
    assert len(lists) == 28
    assert lists[0].endswith("/2015/02/28/")
    assert lists[-1].endswith("/2015/02/01/")
    assert sorted(web.asked_pages()) == [
        each.number for each in web.published if each.at.month == 2
    ]


def test_numbers_between_known_ones_are_tried_once(web: WaysWeb, tmp_path: Path) -> None:
    hidden = web.published[10:13]
    shown = [each for each in web.published if each not in hidden]
    ways = WAYS["listing"] + "  - ids: /xeber/{id}\n    widest: 3\n"
    web.published = [each for each in shown if each.number != web.published[20].number]
    archive = kept_of(web, tmp_path, ways)
    archive.crawl()
    listed = sorted(web.asked_pages())
    missing = sorted({each.number for each in hidden} | {121})
    web.further["/xeber/"] = lambda request: web.page_of(request.path, hidden)
    web.asked.clear()

    archive.crawl()
    tried = sorted(web.asked_pages())
    web.asked.clear()
    archive.crawl()

    assert not set(missing) & set(listed)
    assert tried == missing
    assert web.asked_pages() == []
    assert archive.rows("SELECT count(*) FROM article") == [(len(listed) + len(hidden),)]
    assert "/xeber/121" not in archive.ask("status").out


@given(st.sets(st.integers(1, 400), min_size=1), st.integers(1, 50))
def test_gaps_are_missing_numbers_between_known_ones(numbers: set[int], widest: int) -> None:
    found = list(gaps_in(sorted(numbers, reverse=True), widest=widest))

    assert found == sorted(set(found), reverse=True)
    assert not set(found) & numbers
    assert all(min(numbers) < each < max(numbers) for each in found)


@pytest.mark.parametrize(
    ("way", "url", "days"),
    [
        (DAILY, "/arxiv/2026/02/07/", (date(2026, 2, 7), date(2026, 2, 7))),
        (DAILY, "/arxiv/2026/02/07/?page=2", (date(2026, 2, 7), date(2026, 2, 7))),
        (DAILY, "/arxiv/2026/02/31/", None),
        (DAILY, "/arxiv/2026/", None),
        (MONTHLY, "/arxiv?ay=2024-02", (date(2024, 2, 1), date(2024, 2, 29))),
    ],
)
def test_an_archives_page_says_its_days(
    way: Archive, url: str, days: tuple[date, date] | None
) -> None:
    assert days_of_page(BASE + url, way) == days


@pytest.mark.parametrize(
    ("url", "way"),
    [
        ("/arxiv/2026/02/07/", DAILY),
        ("/arxiv?ay=2024-02", MONTHLY),
        ("/api?n=7", API),
        ("/api?n=1", API),
    ],
)
def test_an_address_finds_its_way(url: str, way: Way) -> None:
    assert way_of(SOURCE, BASE + url, AddressKind.LISTING) == way


def test_a_month_leads_to_the_month_before() -> None:
    body = '<a href="/xeber/7">Yağış yağıb</a>'

    found = discover(page_at(f"{BASE}/arxiv?ay=2026-01", body), MONTHLY, SOURCE)

    assert found.more == (Candidate(url=f"{BASE}/arxiv?ay=2025-12", kind=AddressKind.LISTING),)


def test_discovery_enters_an_archive_on_the_day_it_is() -> None:
    assert [each.url for each in entries_of(SOURCE, date(2026, 5, 4))] == [
        f"{BASE}/arxiv/2026/05/04/",
        f"{BASE}/arxiv?ay=2026-05",
        f"{BASE}/api?n=1",
    ]


def test_an_endpoints_items_keep_what_it_says() -> None:
    body = """{"data": [{"no": 7, "ad": "Yağış &amp; külək", "vaxt": 1779602400,
        "foto": {"boyuk": "/f/7.jpg"}}, {"no": "x"}, 5, {"no": 6}]}"""

    found = discover(page_at(API.endpoint, body), API, SOURCE)

    assert found.candidates == (
        Candidate(
            url=f"{BASE}/xeber/7",
            title="Yağış & külək",
            published="1779602400",
            photo_url=f"{BASE}/f/7.jpg",
            position=0,
        ),
        Candidate(url=f"{BASE}/xeber/6", position=1),
    )
    assert found.more == (Candidate(url=f"{BASE}/api?n=2", kind=AddressKind.LISTING),)


def test_a_channels_messages_come_the_newest_first_with_what_they_say() -> None:
    way = Telegram(telegram="xeber")
    message = (
        '<div class="tgme_widget_message"><div class="tgme_widget_message_text">{}<a href="{}">'
        '{}</a></div><time datetime="2026-05-24T1{}:00:00+00:00">…</time></div>'
    )
    body = (
        message.format("<b>Yağış yağıb - VİDEO</b> ", f"{BASE}/xeber/6", "Ətraflı", 0)
        + message.format("Elan: ", "https://basqa.example/1", "burada", 1)
        + message.format("", f"{BASE}/xeber/7?utm_source=tg", "Külək əsib", 2)
        + '<a class="tme_messages_more" href="/s/xeber?before=40">…</a>'
    )

    found = discover(page_at("https://t.me/s/xeber", body), way, SOURCE)

    assert [(each.url, each.title, each.published, each.position) for each in found.candidates] == [
        (f"{BASE}/xeber/7", "Külək əsib", "2026-05-24T12:00:00+00:00", 0),
        (f"{BASE}/xeber/6", "Yağış yağıb - VİDEO", "2026-05-24T10:00:00+00:00", 1),
    ]
    assert found.more == (
        Candidate(url="https://t.me/s/xeber?before=40", kind=AddressKind.LISTING),
    )


def test_an_endpoint_may_go_on_by_a_cursor_of_its_last_item() -> None:
    way = replace(API, next=f"{BASE}/api?to={{last}}", cursor="data.-1.vaxt")
    body = (
        '{"data": [{"no": 7, "vaxt": "2026-05-24 18:00"}, {"no": 6, "vaxt": "2026-05-24 17:30"}]}'
    )

    found = discover(page_at(way.endpoint, body), way, SOURCE)

    assert [each.url for each in found.more] == [f"{BASE}/api?to=2026-05-24%2017%3A30"]


@pytest.mark.parametrize("body", ["<html>", "[]", '{"data": {}}', "null", "\\ud800"])
def test_an_answer_that_is_no_such_json_is_told(body: str) -> None:
    with pytest.raises(PageError, match=r"is no JSON|holds no list"):
        discover(page_at(API.endpoint, body), API, SOURCE)


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("archive: /arxiv/{year}/", "archive must hold {year} and {month}"),
        ("ids: /xeber/", "ids must hold {id} once"),
        ("{endpoint: /api, next: '/api?d={last}'}", "cursor and {last} in next need each other"),
        ("{ids: '/{id}', feed: /rss}", "must hold exactly one of"),
    ],
)
def test_a_way_that_cannot_work_is_refused(way: str, said: str) -> None:
    text = f"publisher: X\nhost: x.example\nkind: news\nlanguage: az\narticles: /\ndiscovery:\n  - {way}\n"

    with pytest.raises(SourceError, match=r"x\.example\.yaml:7") as refused:
        source_of_text(text, "x.example")

    assert said in str(refused.value)
