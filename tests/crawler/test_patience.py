"""A host that fails is left alone by the runs that follow, and a slow one is asked more slowly."""

import sqlite3
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.middlewares.patience import next_pause_s, read_retry_after
from tests.crawler.crawling import SOURCES, Archive, new_archive
from tests.web.faults import Fault
from tests.web.server import MadeUpWeb

NAME = "xezer-xeber.example"
PAUSES = st.floats(0, 1000)
NOON = datetime(2026, 2, 14, 12, tzinfo=UTC)


def archive_of_one(folder: Path, web: MadeUpWeb, *changes: tuple[str, str]) -> Archive:
    """An archive whose only source is one of the made-up ones."""
    sources = folder / "sources"
    sources.mkdir()
    text = (SOURCES / f"{NAME}.yaml").read_text(encoding="utf-8")
    for before, after in changes:
        text = text.replace(before, after)
    (sources / f"{NAME}.yaml").write_text(text, encoding="utf-8")
    return new_archive(folder / "archive", web.proxy_url, sources=sources)


def end_the_rest(archive: Archive) -> None:
    """Let the time pass for which hosts are left alone."""
    path = archive.folder.catalogue_path
    db = sqlite3.connect(path)
    db.execute("UPDATE host_trouble SET left_until = '2020-01-01T00:00:00.000000Z'")
    db.commit()
    db.close()


def test_a_host_that_is_down_costs_the_next_runs_nothing_or_one_request(tmp_path: Path) -> None:
    with MadeUpWeb() as web:
        web.misbehave(NAME, Fault.DOWN)
        archive = archive_of_one(tmp_path, web)

        first = archive.crawl("--limit", "4", "--json")
        while archive.rows("SELECT max(failures) FROM host_trouble") < [(3,)]:
            archive.crawl("--limit", "4", "--json")
        troubles = archive.rows("SELECT * FROM host_trouble")
        assert archive.ask("rebuild").code == 0
        rebuilt = archive.rows("SELECT * FROM host_trouble")
        told = archive.ask("status").out
        web.clear_log()
        resting = archive.crawl("--limit", "4", "--json")
        while_resting = web.log
        end_the_rest(archive)
        archive.crawl("--limit", "4", "--json")
        probing, longer = web.log, archive.rows("SELECT failures FROM host_trouble")
        web.behave()
        end_the_rest(archive)
        well = archive.crawl("--limit", "4", "--json")

    assert first.code == 1
    assert rebuilt == troubles
    assert f"Host {NAME} failed 3 times in a row" in told
    assert "left alone until" in told
    assert while_resting == ()
    assert "its host is left alone until" in resting.json["sources"][NAME]["failure"]
    # aiohttp sends once more what a closed connection left without an answer.
    assert {each.request.path for each in probing} == {"/robots.txt"}
    assert longer == [(4,)]
    assert well.json["sources"][NAME]["articles"] == 4
    assert archive.rows("SELECT * FROM host_trouble") == []


def test_a_slow_host_is_asked_with_longer_pauses(tmp_path: Path) -> None:
    with MadeUpWeb() as web:
        web.misbehave(NAME, Fault.LATE)
        archive = archive_of_one(tmp_path, web, ("pause_s: 0", "pause_s: 0.05"))
        archive.crawl("--limit", "3", "--json")
        arrivals = [each.request.at.timestamp() for each in web.log]

    gaps = [after - before for before, after in pairwise(arrivals)]
    assert len(gaps) >= 4
    assert min(gaps[1:]) > 0.3  # answered after as long, and asked again no sooner


@given(PAUSES, PAUSES, PAUSES, st.booleans())
def test_a_pause_is_never_shorter_than_the_sources_own(
    pause_s: float, latency_s: float, shortest_s: float, is_ok: bool
) -> None:
    found = next_pause_s(pause_s, latency_s, shortest_s=shortest_s, is_ok=is_ok)

    assert found >= shortest_s
    assert found <= max(60.0, shortest_s, 0.0 if is_ok else pause_s)
    assert is_ok or found >= pause_s


@pytest.mark.parametrize(
    ("said", "wait_s"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("9" * 5000, 10**9),
        ("Sat, 14 Feb 2026 12:02:00 GMT", 120),
        ("Saturday, 14-Feb-26 12:02:00 GMT", 120),  # the two older forms, RFC 9110 section 5.6.7
        ("Sat Feb 14 12:02:00 2026", 120),
        ("Sat, 14 Feb 2026 16:02:00 +0400", 120),
        ("Sat, 14 Feb 2026 11:00:00 GMT", 0),
        ("-5", None),
        ("sabah", None),
        ("", None),
        ("Sat, 14 Feb 2026 12:02:00 +99999999999999", None),
    ],
)
def test_retry_after_is_read_as_seconds_and_as_a_date(said: str, wait_s: int | None) -> None:
    assert read_retry_after(said, now=NOON) == wait_s


@given(
    st.one_of(
        st.text(),
        st.builds("Sat, {} Feb {} 12:02:0{} {}".format, *(st.integers() for _ in range(4))),
    )
)
def test_no_retry_after_breaks_a_run(said: str) -> None:
    wait_s = read_retry_after(said, now=NOON)

    assert wait_s is None or wait_s >= 0


def test_a_photo_host_that_is_down_is_asked_three_times_and_then_not_again(tmp_path: Path) -> None:
    name, host = "olke.example", "fayl.olke.example"
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / f"{name}.yaml").write_bytes((SOURCES / f"{name}.yaml").read_bytes())
    with MadeUpWeb() as web:
        web.misbehave(host, Fault.DOWN)
        archive = new_archive(tmp_path / "archive", web.proxy_url, sources=sources)
        first = archive.crawl("--json")
        asked_first = [each for each in web.log if urlsplit(each.url).hostname == host]
        web.clear_log()
        second = archive.crawl("--json")
        asked_then = [each for each in web.log if urlsplit(each.url).hostname == host]

        photos = archive.rows("SELECT count(*) FROM ledger WHERE kind = 'photo'")[0][0]
        (trouble,) = archive.rows("SELECT host, failures FROM host_trouble")
        resting = archive.rows(
            "SELECT count(*) FROM ledger, host_trouble WHERE kind = 'photo' AND due_at >= left_until"
        )

        assert first.code == second.code == 0, "its source goes on"
        assert trouble == (host, 3)
        assert 0 < len(asked_first) <= 4 < photos
        assert asked_then == []
        assert resting == [(photos,)]
        held = archive.rows("SELECT url, due_at FROM ledger ORDER BY url")
        assert archive.ask("rebuild").code == 0
        assert archive.rows("SELECT url, due_at FROM ledger ORDER BY url") == held
