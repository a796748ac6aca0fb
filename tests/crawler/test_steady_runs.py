"""A cron job that runs every hour finds all that is new, and asks for next to nothing else."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from archive.catalogue.ways import Mark, marks_of
from archive.moments import stamp
from crawler.schedule import is_held_back
from tests.crawler.crawling import Archive, ask, complaints_in, new_archive
from tests.web.server import MadeUpWeb
from tests.web.ways import HOST, ROOT, Published, WaysWeb, write_source
from tests.web.wire import Answer, Request

WAYS = "  - feed: /rss\n  - listing: /son\n    next: /son?page={page}\n"
FEED_LENGTH = 25
NOW = datetime.now(UTC)
MOST_REQUESTS_AN_ARTICLE = 1.15
PHOTOS = (".jpg", ".jpeg", ".png", ".webp", ".gif")
MOST_REQUESTS, MOST_BYTES = 3, 10_000  # of a source in a run without news


@pytest.fixture
def web() -> Iterator[WaysWeb]:
    with WaysWeb() as web:
        web.further["/rss"] = lambda _: rss(web)
        web.publish(30, since=NOW - timedelta(days=9), every=timedelta(hours=7))
        yield web


def rss(web: WaysWeb, *pinned: Published) -> Answer:
    """The newest articles, a feed's window full, below those that are pinned."""
    items = "".join(
        f"<item><title>{each.title}</title><link>{each.url}</link>"
        f"<pubDate>{format_datetime(each.at)}</pubDate></item>"
        for each in (*pinned, *web.published[: -FEED_LENGTH - 1 : -1])
    )
    body = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
    return Answer(content_type="application/rss+xml", body=body, etag=f'"{len(web.published)}"')


def archive_of(web: WaysWeb, folder: Path) -> Archive:
    sources = write_source(folder, WAYS)
    archive = new_archive(folder / "archive", web.proxy_url, sources=sources, look_again_s=[10**7])
    archive.crawl()
    web.asked.clear()
    return archive


def publish(web: WaysWeb, count: int) -> list[int]:
    web.publish(count, since=datetime.now(UTC), every=timedelta(0))
    return [each.number for each in web.published[-count:]]


def test_a_run_reads_the_feed_alone_while_it_reaches_back_to_what_is_known(
    web: WaysWeb, tmp_path: Path
) -> None:
    archive = archive_of(web, tmp_path)
    archive.crawl()
    quiet = web.paths
    web.asked.clear()
    new = publish(web, 20)

    archive.crawl()

    assert quiet == [f"{ROOT}/rss"]
    assert sorted(web.asked_pages()) == new
    assert len(web.paths) <= MOST_REQUESTS_AN_ARTICLE * len(new)


def test_a_feed_that_overflowed_is_noticed_filled_from_the_list_and_told(
    web: WaysWeb, tmp_path: Path
) -> None:
    archive = archive_of(web, tmp_path)
    new = publish(web, FEED_LENGTH + 15)

    done = archive.crawl()

    assert complaints_in([done]) == []
    assert sorted(web.asked_pages()) == new
    with archive.reader() as reader:
        feed, listing = marks_of(reader.db, HOST)
    assert feed.overflowed_at is not None
    assert listing.is_held
    assert listing.read_at is not None
    assert listing.read_at > feed.overflowed_at
    told = json.loads(ask("status", "--archive", str(archive.path), "--json").out)
    assert [way["overflows"] for way in told["sources"][0]["ways"]] == [1, 0]


def test_an_old_article_on_top_of_a_feed_hides_no_overflow(web: WaysWeb, tmp_path: Path) -> None:
    archive = archive_of(web, tmp_path)
    pinned = web.published[0]
    new = publish(web, FEED_LENGTH + 15)
    web.further["/rss"] = lambda _: rss(web, pinned)

    archive.crawl()

    assert sorted(web.asked_pages()) == new


def test_a_feed_that_does_not_answer_is_replaced_by_the_list_at_once(
    web: WaysWeb, tmp_path: Path
) -> None:
    archive = archive_of(web, tmp_path)
    new = publish(web, 3)
    web.further["/rss"] = broken

    archive.crawl()

    assert sorted(web.asked_pages()) == new


def broken(_: Request) -> Answer:
    """Its server has a bug."""
    return Answer(status=500)


def test_a_crawl_and_a_rebuild_come_to_the_same_marks(web: WaysWeb, tmp_path: Path) -> None:
    archive = archive_of(web, tmp_path)
    publish(web, FEED_LENGTH + 5)
    archive.crawl()
    before = archive.rows("SELECT * FROM way ORDER BY ledger_id")

    assert archive.run("rebuild").code == 0

    assert archive.rows("SELECT * FROM way ORDER BY ledger_id") == before


def test_on_every_made_up_site_a_run_costs_little_and_finds_all_that_is_new(
    tmp_path: Path,
) -> None:
    with MadeUpWeb(windows=5) as web:
        archive = new_archive(tmp_path / "archive", web.proxy_url, look_again_s=[10**7])
        archive.crawl()
        web.clear_log()
        quiet, asked_quietly = archive.crawl("--json"), requests_by_host(web)
        new = web.publish(20)
        archive.crawl()
        asked = requests_by_host(web)

    taken = {name: counts["bytes"] for name, counts in quiet.json["sources"].items()}
    assert {host: n for host, n in asked_quietly.items() if n > MOST_REQUESTS} == {}
    assert {name: size for name, size in taken.items() if size >= MOST_BYTES} == {}
    assert {each.url for each in new} <= {
        url for (url,) in archive.rows("SELECT canonical_url FROM article")
    }
    assert {host: n for host, n in asked.items() if n > 20 * MOST_REQUESTS_AN_ARTICLE} == {}
    assert asked.keys() == {site.host for site in web.truth.sites}


def requests_by_host(web: MadeUpWeb) -> Counter[str]:
    """How many requests there were, photos aside; they are forgotten."""
    urls = [each.url for each in web.log]
    web.clear_log()
    return Counter(urlsplit(url).hostname or "" for url in urls if not url.endswith(PHOTOS))


def test_a_best_way_stands_for_the_others_until_it_is_late_or_has_missed_something() -> None:
    feed = mark(0, read=NOW)
    listing = mark(1, read=NOW - timedelta(hours=5))

    assert is_held_back((feed, listing), now=NOW)
    assert not is_held_back((feed, listing), now=NOW + timedelta(hours=1))
    assert not is_held_back((feed, replace(listing, alone_at=stamp(NOW))), now=NOW)
    assert not is_held_back((feed, replace(listing, read_at=None)), now=NOW)


def mark(position: int, read: datetime) -> Mark:
    return Mark(
        url=f"{ROOT}/{position}",
        position=position,
        is_held=False,
        read_at=stamp(read),
        mark=None,
        met_at=None,
        overflowed_at=None,
        overflows=0,
        alone_at=None,
    )
