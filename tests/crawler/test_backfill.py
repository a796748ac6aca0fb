"""A backfill takes the days that it is asked for, goes on where it was, and guesses before it goes."""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from archive.catalogue.pace import Pace
from archive.ledger import AddressKind, Candidate
from crawler.backfill import months_in_name, narrow
from crawler.discovery import Discovered
from crawler.estimate import estimate_of, estimate_sentence
from crawler.source import source_of_text
from pipelines.items import Page
from pipelines.rules import Site
from tests.crawler.crawling import complaints_in, new_archive
from tests.web.ways import ROOT, WaysWeb, write_source

SITE = Site(name="xeber.example", hosts=("xeber.example",), articles=(r"^/[a-z/0-9-]+$",))
BASE = "https://xeber.example"
WANTED = (date(2015, 1, 1), date(2015, 2, 28))
_ROWS = "SELECT url, state, due_at, depth, run.summary FROM ledger, run ORDER BY url, run.id"
WALK = "  - listing: /son\n    next: /son?page={page}\n    items: div.blok\n    date: time\n"


def page_at(path: str) -> Page:
    return Page(url=BASE + path, captured_at=datetime(2026, 5, 24, tzinfo=UTC), body=b"")


def kept(path: str, *candidates: Candidate, **changed: str) -> list[str]:
    found = Discovered(
        candidates=candidates, changed={f"{BASE}/{url}": day for url, day in changed.items()}
    )
    narrowed = narrow(found, page_at(path), WANTED, SITE, is_sitemap=True)
    return [each.url.removeprefix(f"{BASE}/") for each in narrowed.candidates]


def offer(path: str, published: str | None = None) -> Candidate:
    return Candidate(url=f"{BASE}/{path}", published=published)


@pytest.mark.parametrize(
    ("address", "days"),
    [
        ("/sitemap-2015-01.xml", (date(2015, 1, 1), date(2015, 1, 31))),
        ("/sitemap/2016/02/29.xml.gz", (date(2016, 2, 29), date(2016, 2, 29))),
        ("/post-sitemap201512.xml", (date(2015, 12, 1), date(2015, 12, 31))),
        ("/sitemap_2014.xml", (date(2014, 1, 1), date(2014, 12, 31))),
        ("/sitemap-12.xml", None),
        ("/sitemap-20153.xml", None),
    ],
)
def test_a_sitemap_may_name_its_months(address: str, days: tuple[date, date] | None) -> None:
    assert months_in_name(BASE + address) == days


def test_of_a_sitemap_a_backfill_takes_what_something_dates_into_its_days() -> None:
    entries = [
        offer("news-date", "2015-01-05"),
        offer("too-late", "2015-03-01"),
        offer("2015/02/07/address-date"),
        offer("2016/02/07/other-date"),
        offer("changed"),
        offer("changed-long-after"),
        offer("nothing"),
    ]

    found = kept(
        "/sitemap.xml", *entries, **{"changed": "2015-01-31", "changed-long-after": "2021-01-01"}
    )

    assert found == ["news-date", "2015/02/07/address-date", "changed"]


def test_a_sitemap_that_is_named_after_a_month_dates_what_nothing_else_does() -> None:
    assert kept("/sitemap-2015-02.xml", offer("a"), offer("b")) == ["a", "b"]
    assert kept("/sitemap-2015-03.xml", offer("a"), offer("b")) == []


def test_how_many_addresses_nothing_dates_is_told() -> None:
    found = Discovered(candidates=(offer("a"), offer("b", "2015-01-02"), offer("c")))

    assert narrow(found, page_at("/sitemap.xml"), WANTED, SITE, is_sitemap=True).left_out == 2


def test_a_backfill_follows_the_sitemaps_that_may_hold_its_days() -> None:
    names = ("sitemap-2014-12.xml", "sitemap-2015-02.xml", "sitemap-1.xml", "sitemap-old.xml")
    found = Discovered(
        more=tuple(Candidate(url=f"{BASE}/{name}", kind=AddressKind.SITEMAP) for name in names),
        changed={f"{BASE}/sitemap-old.xml": "2014-06-01", f"{BASE}/sitemap-1.xml": "2026-01-01"},
    )

    narrowed = narrow(found, page_at("/sitemap.xml"), WANTED, SITE, is_sitemap=True)

    assert [each.url.rpartition("/")[2] for each in narrowed.more] == [
        "sitemap-2015-02.xml",
        "sitemap-1.xml",
    ]


def test_on_a_list_page_what_nothing_dates_is_taken() -> None:
    found = Discovered(candidates=(offer("a"), offer("b", "2015-03-02"), offer("c", "2015-02-02")))

    narrowed = narrow(found, page_at("/son"), WANTED, SITE, is_sitemap=False)

    assert [each.url for each in narrowed.candidates] == [f"{BASE}/a", f"{BASE}/c"]


@pytest.fixture
def web() -> Iterator[WaysWeb]:
    with WaysWeb() as web:
        web.publish(60, since=datetime(2015, 1, 2, tzinfo=UTC), every=timedelta(hours=20))
        yield web


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_backfill_that_was_cut_off_goes_on_and_fetches_nothing_twice(
    web: WaysWeb, tmp_path: Path, how: signal.Signals
) -> None:
    sources = write_source(tmp_path, WALK)
    archive = new_archive(
        tmp_path / "archive",
        web.proxy_url,
        sources=sources,
        group_captures=1,
        look_again_s=[10**7],
        pause_s=0,
    )
    (sources / "yollar.example.yaml").write_text(
        (sources / "yollar.example.yaml").read_text().replace("pause_s: 0", "pause_s: 0.05")
    )
    first = archive.begin_crawl("--backfill", "2015-01..2015-02")
    while len(web.asked) < 9:
        time.sleep(0.01)
    first.send_signal(how)
    first.communicate(timeout=60)
    cut_at = len(web.asked)

    second = archive.crawl("--backfill", "2015-01..2015-02")

    twice = {url for url, number in Counter(web.paths).items() if number > 1}
    under_way = web.paths[cut_at - 1 : cut_at]  # its answer may not have been recorded
    assert second.code == 0
    assert twice <= {f"{ROOT}/robots.txt", f"{ROOT}/son", *under_way}
    assert sorted(set(web.asked_pages())) == [each.number for each in web.published]
    before = archive.rows(_ROWS)
    assert archive.ask("rebuild").code == 0
    assert archive.rows(_ROWS) == before


def test_the_same_backfill_after_its_end_begins_anew(web: WaysWeb, tmp_path: Path) -> None:
    archive = new_archive(
        tmp_path / "archive",
        web.proxy_url,
        sources=write_source(tmp_path, WALK),
        look_again_s=[10**7],
    )
    archive.crawl("--backfill", "2015-01..2015-02")
    web.asked.clear()

    archive.crawl("--backfill", "2015-01..2015-02")

    assert f"{ROOT}/son?page=12" in web.paths
    assert web.asked_pages() == []


PACE = Pace(articles=300, days=30, held=20, photos=150, list_length=25)


def test_a_backfill_is_reckoned_by_what_is_known_of_the_source() -> None:
    source = source_of_text(
        "publisher: X\nhost: xeber.example\nkind: news\nlanguage: az\narticles: ['^/(?P<id>\\d+)$']\n"
        "pause_s: 2\ndiscovery:\n  - feed: /rss\n  - sitemap: /sitemap.xml\n  - listing: /son\n",
        "xeber.example",
    )

    found = estimate_of(source, PACE, WANTED, today=date(2015, 3, 31), pause_s=1.0)
    unknown = replace(PACE, articles=0, days=0)

    assert found is not None
    assert (found.lists, found.pages, found.photos) == (1 + 3 + 36, 570, 285)
    assert found.seconds == 2 * found.requests
    assert estimate_sentence("xeber.example", found) == (
        "xeber.example: about 895 requests (40 lists, 570 pages, 285 photos), 30 min at least; "
        "reckoned with 10 articles a day."
    )
    assert estimate_of(source, unknown, WANTED, today=date(2015, 3, 31), pause_s=1.0) is None


def test_a_backfill_tells_its_estimate_before_it_begins(web: WaysWeb, tmp_path: Path) -> None:
    sources = write_source(tmp_path, WALK)
    archive = new_archive(tmp_path / "archive", web.proxy_url, sources=sources)

    first = archive.crawl("--backfill", "2015-02..2015-02")
    second = archive.crawl("--backfill", "2015-01..2015-02")

    assert "no dated article is known of it yet" in first.err
    assert "reckoned with 1.2 articles a day" in second.err
    assert complaints_in([first, second]) == []
