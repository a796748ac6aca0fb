"""What publishers do wrong ends no crawl and tears no archive; each wrong is recorded and told."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest

from archive.segment_reading import walk_records
from archive.spool import segment_files
from tests.crawler.crawling import FAULTY_SOURCES, Archive, Done, complaints_in, new_archive
from tests.web.faults import BOMB_BYTES, HUGE_BYTES, Fault, packed_bomb
from tests.web.rogues import FALSE_PHOTO_PATH, FAULT_PATHS, GOOD_PATHS, ROGUE_HOST
from tests.web.server import MadeUpWeb

MAX_PAGE_BYTES = 1_000_000
GOOD_TEXT = "Rayonun mərkəzində yeni kitabxana binasının tikintisi başa çatıb."
REASONS = {
    Fault.TOO_MANY: ("failed", "status 429: asked for patience"),
    Fault.UNAVAILABLE: ("failed", "status 503: asked for patience"),
    Fault.BROKEN: ("failed", "status 500"),
    Fault.FORBIDDEN: ("blocked", "status 403"),
    Fault.STALL: ("failed", "the answer was not whole in time"),
    Fault.CUT: ("failed", "the connection ended too early"),
    Fault.TOO_LONG: ("failed", "the connection ended too early"),
    Fault.LOOP: ("moved", None),
    Fault.TO_HOME: ("gone", "redirects to the front page"),
    Fault.BOMB: ("failed", "its body unpacks to more than 4,000,000 bytes"),
    Fault.DOWN: ("failed", "the connection was closed without an answer"),
}
STILL_ARTICLES = (
    Fault.SLOW,
    Fault.LATE,
    Fault.TOO_SHORT,
    Fault.WRONG_CHARSET,
    Fault.NO_CHARSET,
    Fault.WINDOWS_1251,
    Fault.HUGE,
    Fault.NOT_A_PHOTO,
    Fault.STALE_ETAG,
    Fault.RESTLESS_ETAG,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bad:
    """A crawl of everything that misbehaves, and what two commands then tell."""

    archive: Archive
    crawl: Done
    status: Done
    told: Done

    def ledger(self, path: str) -> tuple[Any, ...]:
        """State and reason of an address of the rogue site."""
        (row,) = self.archive.rows(
            "SELECT state, reason FROM ledger WHERE url = :url", url=f"http://{ROGUE_HOST}{path}"
        )
        return row

    def capture(self, path: str) -> tuple[Any, ...]:
        """Kind, payload bytes and truncation of the one capture of an address."""
        (row,) = self.archive.rows(
            "SELECT kind, payload_bytes, truncated FROM capture WHERE url = :url",
            url=f"http://{ROGUE_HOST}{path}",
        )
        return row


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Bad:
    folder = tmp_path_factory.mktemp("bad") / "archive"
    with MadeUpWeb() as web:
        archive = new_archive(
            folder,
            web.proxy_url,
            sources=FAULTY_SOURCES,
            timeout_s=1.5,
            max_page_bytes=MAX_PAGE_BYTES,
        )
        packed_bomb()  # beforehand: on a busy machine it takes longer than the crawl waits
        crawl = archive.crawl("--json")
    return Bad(
        archive=archive,
        crawl=crawl,
        status=archive.run("status", "--json"),
        told=archive.run("status"),
    )


def test_a_crawl_of_everything_bad_ends_in_part_and_in_order(bad: Bad) -> None:
    summary = bad.crawl.json

    assert (bad.crawl.code, summary["outcome"]) == (3, "partial")
    assert complaints_in([bad.crawl, bad.status, bad.told]) == []
    assert bad.archive.verify().findings == ()
    assert bad.archive.rows("SELECT outcome FROM run") == [("partial",)]


def test_the_good_pages_between_the_bad_ones_are_articles(bad: Bad) -> None:
    assert [bad.ledger(path) for path in GOOD_PATHS] == [("fetched", None)] * 2


@pytest.mark.parametrize(("fault", "expected"), REASONS.items())
def test_the_ledger_says_what_was_wrong_with_an_address(
    bad: Bad, fault: Fault, expected: tuple[str, str | None]
) -> None:
    assert bad.ledger(FAULT_PATHS[fault]) == expected


@pytest.mark.parametrize("fault", STILL_ARTICLES)
def test_a_page_that_can_still_be_read_is_an_article_with_its_letters_right(
    bad: Bad, fault: Fault
) -> None:
    with bad.archive.reader() as reader:
        row = reader.find_article(f"http://{ROGUE_HOST}{FAULT_PATHS[fault]}")
        assert row is not None
        (version,) = reader.versions_of(row.id)

    assert version.article.text.startswith(GOOD_TEXT)
    assert version.article.headline.startswith("Yeni kitabxana açılıb: ")


def test_an_error_page_that_says_200_is_no_article(bad: Bad) -> None:
    state, reason = bad.ledger(FAULT_PATHS[Fault.ERROR_200])

    assert state == "not-article"
    assert reason.startswith("an error page")


def test_an_endless_redirect_is_left_after_ten_steps(bad: Bad) -> None:
    path = f"{FAULT_PATHS[Fault.LOOP]}/addim-10"

    assert bad.ledger(path) == ("failed", "more than 10 redirects in a row")


def test_a_page_of_50_mb_is_cut_at_the_limit_and_recorded_as_cut(bad: Bad) -> None:
    kind, payload_bytes, truncated = bad.capture(FAULT_PATHS[Fault.HUGE])
    cut = [
        record
        for path in segment_files(bad.archive.folder.segments_path)
        for _, record in walk_records(path)
        if record.find_field("WARC-Truncated") == "length"
    ]

    assert (kind, truncated) == ("article", "length")
    assert MAX_PAGE_BYTES <= payload_bytes < MAX_PAGE_BYTES + 200_000 < HUGE_BYTES
    assert [record.target_uri for record in cut] == [
        f"http://{ROGUE_HOST}{FAULT_PATHS[Fault.HUGE]}"
    ]


def test_a_gzip_bomb_is_recorded_as_it_came_and_never_unpacked(bad: Bad) -> None:
    kind, payload_bytes, truncated = bad.capture(FAULT_PATHS[Fault.BOMB])

    assert (kind, truncated) == ("error", None)
    assert payload_bytes < BOMB_BYTES // 900


@pytest.mark.parametrize(
    ("fault", "why"),
    [(Fault.CUT, "disconnect"), (Fault.TOO_LONG, "disconnect"), (Fault.STALL, "time")],
)
def test_a_body_that_is_not_whole_is_recorded_with_the_reason(
    bad: Bad, fault: Fault, why: str
) -> None:
    assert bad.capture(FAULT_PATHS[fault])[2] == why


def test_a_photo_that_is_none_is_recorded_and_never_a_photo(bad: Bad) -> None:
    held = bad.archive.rows(
        "SELECT photo_id FROM version_photo WHERE url LIKE :path", path=f"%{FALSE_PHOTO_PATH}"
    )

    assert bad.ledger(FALSE_PHOTO_PATH)[0] == "failed"
    assert bad.capture(FALSE_PHOTO_PATH)[0] == "error"
    assert held == [(None,)]


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("qadaga.example", "Forbidden by robots.txt"),
        (
            "sonuk.example",
            "robots.txt of sonuk.example could not be read (the connection was closed without an "
            "answer); nothing is fetched for now",
        ),
    ],
)
def test_the_summary_says_why_a_source_gave_nothing(bad: Bad, source: str, why: str) -> None:
    counts = bad.crawl.json["sources"][source]

    assert counts["failure"] == f"none of its lists could be read: {why}"
    assert counts["requests"] == (1 if source == "qadaga.example" else 0)


def test_the_summary_counts_each_sort_of_trouble(bad: Bad) -> None:
    counts = bad.crawl.json["sources"][ROGUE_HOST]

    assert {
        name: counts[name] for name in ("articles", "blocked", "not_articles", "truncated")
    } == {
        "articles": len(GOOD_PATHS) + len(STILL_ARTICLES),
        "blocked": 1,
        "not_articles": 1,
        "truncated": 4,
    }
    failed = [state for state, _ in REASONS.values() if state == "failed"]
    assert counts["errors"] == len(failed) + len(["loop's last step", "false photo"])


def test_status_shows_the_newest_troubles_and_counts_the_rest(bad: Bad) -> None:
    standing = bad.status.json
    rogue = next(each for each in standing["sources"] if each["name"] == ROGUE_HOST)

    assert standing["truncated"] == 4
    states = Counter(rogue["ledger"])
    assert states["failed"] + states["blocked"] + states["gone"] == rogue["troubled"]
    assert f"failed: http://{ROGUE_HOST}{FAULT_PATHS[Fault.DOWN]}" in bad.told.out
    assert "the connection was closed without an answer" in bad.told.out
    assert f"and {rogue['troubled'] - 5} more" in bad.told.out
    assert "refused: http://qadaga.example/  (Forbidden by robots.txt)" in bad.told.out


def test_a_crawl_whose_sources_all_fail_has_failed(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("failed") / "archive"
    with MadeUpWeb() as web:
        archive = new_archive(folder, web.proxy_url, sources=FAULTY_SOURCES)
        done = archive.crawl("sonuk.example")

    assert done.code == 1
    assert done.out.rstrip().endswith(": failed.")
    assert complaints_in([done]) == []


def test_a_host_that_goes_down_is_left_early_and_the_others_are_crawled(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("down") / "archive"
    with MadeUpWeb() as web:
        archive = new_archive(folder, web.proxy_url)
        first = archive.crawl("--json", "agentlik.example", "nazirlik.example")
        web.misbehave("agentlik.example", Fault.DOWN)
        web.clear_log()
        second = archive.crawl("--json", "agentlik.example", "nazirlik.example")
        asked = [each.url for each in web.log if each.request.host == "agentlik.example"]

    sources = second.json["sources"]
    assert (first.code, second.code, second.json["outcome"]) == (0, 3, "partial")
    failure = sources["agentlik.example"]["failure"]
    assert failure.startswith("left early: its host does not answer (")
    assert "the connection was closed without an answer" in failure
    assert sources["nazirlik.example"]["unchanged"] > 5
    assert len(asked) < 12
    assert second.json["changes"]["missing"] == 0
    assert "source left early" in second.err
