"""How a crawl behaves towards publishers, by the log of the made-up web."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crawler.conftest import Days
from tests.crawler.crawling import FAULTY_SOURCES, SOURCES, Archive, Done, new_archive
from tests.web.faults import Fault
from tests.web.server import LoggedRequest, MadeUpWeb

PAUSE_S = 0.2
HURRIED, SLOW, BUSY, WEARY = (
    "agentlik.example",  # has a pause
    "nazirlik.example",  # answers one page slowly
    "olke.example",  # says 429 once
    "xezer-xeber.example",  # says 503 once
)
OWN_CONTACT = "agentlik@salname.example"  # of the hurried one
SLOW_PATH = "/az/news/1284.html"
BUSY_PATH = "/rss"
WEARY_PATH = "/sitemap_latest.php"


@dataclass(frozen=True, slots=True, kw_only=True)
class Polite:
    """A crawl of a web that asks for patience."""

    archive: Archive
    done: Done
    log: tuple[LoggedRequest, ...]

    def arrivals(self, host: str) -> list[tuple[str, float]]:
        """When each request to a host arrived, in seconds."""
        return [
            (each.request.path, each.request.at.timestamp())
            for each in self.log
            if each.request.host == host
        ]

    def wait_after(self, host: str, path: str) -> float:
        """Seconds from a request to the next one to its host."""
        arrivals = self.arrivals(host)
        at = [path for path, _ in arrivals].index(path)
        return arrivals[at + 1][1] - arrivals[at][1]


@pytest.fixture(scope="module")
def polite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Polite]:
    folder = tmp_path_factory.mktemp("polite")
    with MadeUpWeb() as web:
        web.misbehave(SLOW, Fault.SLOW, path=SLOW_PATH)
        web.misbehave(BUSY, Fault.TOO_MANY, path=BUSY_PATH, times=1)
        web.misbehave(WEARY, Fault.UNAVAILABLE, path=WEARY_PATH, times=1)
        archive = new_archive(folder / "archive", web.proxy_url, sources=paused(folder))
        done = archive.crawl("--json", "--limit", "8")
        yield Polite(archive=archive, done=done, log=web.log)


def paused(folder: Path) -> Path:
    """The made-up sources, of which one wants a pause, and one that forbids everything."""
    sources = folder / "sources"
    sources.mkdir()
    for path in (*SOURCES.glob("*.yaml"), FAULTY_SOURCES / "qadaga.example.yaml"):
        text = path.read_text(encoding="utf-8")
        if path.stem == HURRIED:
            text = text.replace("pause_s: 0", f"pause_s: {PAUSE_S}\ncontact: {OWN_CONTACT}")
        (sources / path.name).write_text(text, encoding="utf-8")
    return sources


def test_robots_txt_is_asked_for_before_anything_else_of_a_host(days: Days) -> None:
    first: dict[str, str] = {}
    for each in days.first.log:
        first.setdefault(each.request.host, each.request.path)

    assert set(first) == {
        *(site.host for site in days.truth.sites),
        *(site.photo_host for site in days.truth.sites),
    }
    assert set(first.values()) == {"/robots.txt"}


def test_what_robots_txt_forbids_is_not_fetched_and_recorded_as_refused(polite: Polite) -> None:
    rows = polite.archive.rows(
        "SELECT url, state, reason FROM ledger WHERE url LIKE 'http://qadaga.example/%'"
        " ORDER BY url"
    )

    assert [path for path, _ in polite.arrivals("qadaga.example")] == ["/robots.txt"]
    assert rows == [
        ("http://qadaga.example/", "refused", "Forbidden by robots.txt"),
        ("http://qadaga.example/robots.txt", "fetched", None),
    ]


def test_every_request_says_who_asks_and_whom_to_write_to(days: Days) -> None:
    headers = [each.request.headers for each in days.first.log]

    assert {each["user-agent"].partition("/")[0] for each in headers} == {"Salname"}
    assert all("sinaq@salname.example" in each["user-agent"] for each in headers)
    assert {each.get("from") for each in headers} == {"sinaq@salname.example"}
    assert all("cookie" not in each and "referer" not in each for each in headers)


def test_a_source_may_have_a_contact_of_its_own(polite: Polite) -> None:
    senders = {(each.request.host, each.request.headers.get("from")) for each in polite.log}

    assert {sender for host, sender in senders if host == HURRIED} == {OWN_CONTACT}
    assert {sender for host, sender in senders if host == SLOW} == {"sinaq@salname.example"}


def test_between_two_requests_to_a_host_lies_the_pause_of_its_source(polite: Polite) -> None:
    arrivals = [at for _, at in polite.arrivals(HURRIED)]

    assert len(arrivals) > 8
    # Over all of them: one request may be late on its way, which brings the next one nearer.
    assert arrivals[-1] - arrivals[0] > PAUSE_S * (len(arrivals) - 1) * 0.95


def test_a_host_has_one_request_at_a_time(polite: Polite) -> None:
    assert polite.wait_after(SLOW, SLOW_PATH) > 0.8


@pytest.mark.parametrize(
    ("host", "path", "status"), [(BUSY, BUSY_PATH, 429), (WEARY, WEARY_PATH, 503)]
)
def test_a_server_that_asks_for_patience_is_left_alone_as_long_as_it_says(
    polite: Polite, host: str, path: str, status: int
) -> None:
    rows = polite.archive.rows(
        "SELECT state, reason, due_at > state_at FROM ledger WHERE url = :url",
        url=f"http://{host}{path}",
    )

    assert polite.wait_after(host, path) > 0.95
    assert rows == [("failed", f"status {status}: asked for patience", 1)]


def test_a_source_that_asked_for_patience_is_crawled_all_the_same(polite: Polite) -> None:
    sources = polite.done.json["sources"]

    assert sources[BUSY]["articles"] == sources[WEARY]["articles"] == 8


def test_a_limit_is_kept_for_each_source(polite: Polite) -> None:
    sources = polite.done.json["sources"]

    assert {sources[name]["pages"] for name in (HURRIED, SLOW, BUSY, WEARY)} == {8}


def test_a_second_look_asks_only_whether_something_has_changed(days: Days) -> None:
    given = {
        (url, name)
        for url, etag, modified in days.first.archive.rows(
            "SELECT url, etag, last_modified FROM ledger"
        )
        for name, value in (("if-none-match", etag), ("if-modified-since", modified))
        if value
    }
    asked = {
        (each.url, name)
        for each in days.second.log
        for name in ("if-none-match", "if-modified-since")
        if name in each.request.headers
    }
    visited = {each.url for each in days.second.log}

    assert len(asked) > 20
    assert asked == {(url, name) for url, name in given if url in visited}


def test_a_photo_that_is_here_is_only_asked_for_a_change_and_when_its_article_was_edited(
    days: Days,
) -> None:
    known = dict(days.first.archive.rows("SELECT url, etag FROM ledger WHERE kind = 'photo'"))

    again = [each for each in (*days.second.log, *days.third.log) if each.url in known]

    assert 0 < len(again) < len(known) / 2
    assert all(each.request.headers["if-none-match"] == known[each.url] for each in again)


def test_nothing_but_photos_is_fetched_off_a_sources_hosts(days: Days) -> None:
    own = {site.host for site in days.truth.sites}
    crawls = (days.first, days.second, days.third)

    off = {each.url for crawl in crawls for each in crawl.log if each.request.host not in own}

    photos = {photo.url for article in days.truth.articles(2) for photo in article.photos}
    assert off - photos == {"http://fayl.olke.example/robots.txt"}
