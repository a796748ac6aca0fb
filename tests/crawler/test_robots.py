"""robots.txt is obeyed as RFC 9309 says, also where it cannot be had."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.robots import MAX_BYTES, read_robots
from tests.crawler.crawling import Archive, new_archive
from tests.web.faults import Fault, misbehaved
from tests.web.ways import HOST, ROOT, WaysWeb, write_source
from tests.web.wire import Answer, Request

URL = "https://xeber.example/az/news/7"
CLOSED = Answer(content_type="text/plain", body=b"User-agent: *\nDisallow: /xeber/\n")
LISTING = "  - listing: /son\n"


@pytest.fixture
def web() -> Iterator[WaysWeb]:
    with WaysWeb() as web:
        web.publish(3, since=datetime(2026, 5, 24, tzinfo=UTC), every=timedelta(hours=1))
        yield web


def archive_of(web: WaysWeb, folder: Path, **more: str) -> Archive:
    sources = write_source(folder, LISTING, **more)
    return new_archive(folder / "archive", web.proxy_url, sources=sources)


def asked_for_robots() -> Request:
    return Request(
        method="GET",
        host=HOST,
        path="/robots.txt",
        headers={},
        is_proxied=True,
        at=datetime.now(UTC),
    )


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_robots_txt_that_is_not_there_allows_everything(status: int) -> None:
    assert read_robots(status, b"User-agent: *\nDisallow: /").allows(URL)


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_robots_txt_that_the_server_cannot_give_forbids_everything(status: int) -> None:
    found = read_robots(status, b"")

    assert not found.allows(URL)
    assert found.trouble == f"could not be read (status {status})"


def test_what_stands_behind_the_limit_of_a_robots_txt_is_not_read() -> None:
    start = b"User-agent: *\nDisallow: /az/"
    filler = b"\n#" + b"x" * 98

    within = read_robots(200, start + filler * 10)
    beyond = read_robots(200, b"User-agent: *" + filler * (MAX_BYTES // 100) + b"\nDisallow: /az/")
    split = read_robots(
        200,
        (b"User-agent: *" + filler * (MAX_BYTES // 100))[: MAX_BYTES - 12] + b"\nDisallow: /az/",
    )

    assert not within.allows(URL)
    assert beyond.allows(URL)
    assert split.allows("https://xeber.example/")


def test_the_group_that_names_us_counts_before_the_one_for_all() -> None:
    body = b"User-agent: *\nDisallow: /\n\nUser-agent: Salname\nDisallow: /gizli\nCrawl-delay: 7\n"

    found = read_robots(200, body)

    assert found.allows(URL)
    assert not found.allows("https://xeber.example/gizli/1")
    assert found.delay_s == 7.0


def test_nothing_is_fetched_until_a_robots_txt_can_be_read_and_the_next_run_asks_again(
    web: WaysWeb, tmp_path: Path
) -> None:
    web.robots[HOST] = Answer(status=503)
    archive = archive_of(web, tmp_path)

    failed = archive.crawl("--json")
    asked = list(web.paths)
    state = archive.rows("SELECT state FROM ledger WHERE url = :url", url=f"{ROOT}/son")
    told = archive.ask("status").out
    web.robots.clear()
    later = archive.crawl("--json")

    assert failed.code == 1
    assert asked == [f"{ROOT}/robots.txt"]
    assert state == [("failed",)]
    why = f"robots.txt of {HOST} could not be read (status 503); nothing is fetched for now"
    assert failed.json["sources"][HOST]["failure"] == f"none of its lists could be read: {why}"
    assert why in told
    assert f"failed: {ROOT}/robots.txt  (status 503)" in told
    assert later.json["sources"][HOST]["articles"] == 3


@pytest.mark.parametrize("fault", [Fault.DOWN, Fault.CUT])
def test_a_robots_txt_that_breaks_off_forbids_everything(
    web: WaysWeb, tmp_path: Path, fault: Fault
) -> None:
    web.robots[HOST] = misbehaved(fault, asked_for_robots(), CLOSED)
    archive = archive_of(web, tmp_path)

    archive.crawl()

    assert set(web.paths) == {f"{ROOT}/robots.txt"}
    assert archive.rows("SELECT state FROM ledger WHERE kind = 'listing'") == [("failed",)]


def test_a_robots_txt_is_followed_to_where_it_moved_five_times_and_no_more(
    web: WaysWeb, tmp_path: Path
) -> None:
    def moved(request: Request) -> Answer:
        step = int(request.path.removeprefix("/robots/"))
        if step == 5:
            return CLOSED
        return Answer(status=301, headers=(("Location", f"/robots/{step + 1}"),))

    web.further["/robots/"] = moved
    web.robots[HOST] = Answer(status=302, headers=(("Location", f"{ROOT}/robots/1"),))
    near = archive_of(web, tmp_path)
    near.crawl()
    asked = web.asked_pages()
    web.robots[HOST] = Answer(status=302, headers=(("Location", f"{ROOT}/robots/0"),))
    far = new_archive(tmp_path / "far", web.proxy_url, sources=near.sources)
    far.crawl()

    assert asked == []
    assert len(web.asked_pages()) == 3


def test_a_pause_that_robots_txt_asks_for_is_kept_where_it_is_longer(
    web: WaysWeb, tmp_path: Path
) -> None:
    web.robots[HOST] = Answer(
        content_type="text/plain", body=b"User-agent: *\nAllow: /\nCrawl-delay: 0.4\n"
    )

    archive_of(web, tmp_path, pause_s="0.1").crawl()

    moments = [at for _, at in web.asked]
    assert len(moments) == 5
    assert (moments[-1] - moments[0]).total_seconds() > 0.4 * 4 * 0.95


def test_a_pause_that_a_slow_robots_txt_asks_for_is_kept_after_its_host_is_fast_again(
    web: WaysWeb, tmp_path: Path
) -> None:
    asks = Answer(content_type="text/plain", body=b"User-agent: *\nAllow: /\nCrawl-delay: 0.35\n")
    web.robots[HOST] = misbehaved(Fault.LATE, asked_for_robots(), asks)

    archive_of(web, tmp_path, pause_s="0.05").crawl()

    moments = [at for _, at in web.asked[1:]]
    assert len(moments) == 4
    assert (moments[-1] - moments[0]).total_seconds() > 0.35 * 3 * 0.95


def test_a_source_that_asks_for_a_pause_of_minutes_is_left_to_its_peace(
    web: WaysWeb, tmp_path: Path
) -> None:
    web.robots[HOST] = Answer(
        content_type="text/plain", body=b"User-agent: *\nAllow: /\nCrawl-delay: 600\n"
    )
    archive = archive_of(web, tmp_path)

    done = archive.crawl("--json")

    assert done.json["sources"][HOST]["failure"] == (
        f"none of its lists could be read: robots.txt of {HOST} asks for 600 s between two "
        "requests; nothing is fetched for now"
    )
    assert web.paths == [f"{ROOT}/robots.txt"]
