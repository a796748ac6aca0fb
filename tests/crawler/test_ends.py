"""How a run ends that could not do all it should: what it says, and that the next one goes on."""

from datetime import timedelta
from pathlib import Path

from archive.moments import moment_of
from tests.crawler.crawling import SOURCES, new_archive
from tests.web.faults import Fault
from tests.web.server import MadeUpWeb

HOSTS = ("agentlik.example", "nazirlik.example", "xezer-xeber.example")
NAME = HOSTS[0]
TROUBLES = "SELECT host FROM host_trouble ORDER BY host"


def test_where_no_host_answers_the_run_says_so_and_the_next_one_asks_them_at_once(
    tmp_path: Path,
) -> None:
    with MadeUpWeb() as web:
        archive = new_archive(tmp_path / "archive", web.proxy_url)
        archive.crawl("--limit", "1", *HOSTS)
        before = archive.rows("SELECT name, walked_at FROM source ORDER BY name")
        for host in HOSTS:
            web.misbehave(host, Fault.DOWN)
        offline = archive.crawl("--json", *HOSTS)
        doctor, troubles = archive.ask("doctor"), archive.rows(TROUBLES)
        visited = archive.rows("SELECT name, last_run_at FROM source ORDER BY name")
        assert archive.ask("rebuild").code == 0
        rebuilt = archive.rows(TROUBLES)
        web.behave()
        well = archive.crawl("--json", *HOSTS)

    assert (offline.code, offline.json["outcome"], offline.json["offline"]) == (1, "failed", True)
    assert "No host answered at all: look at the network of this machine" in offline.err
    assert "no host answered at all" in doctor.out
    assert (doctor.code, troubles, rebuilt) == (3, [], [])
    assert visited == before  # nobody was asked: as due, and as silent, as before
    assert (well.code, well.json["offline"]) == (0, False)
    assert all(well.json["sources"][host]["articles"] > 3 for host in HOSTS)


def test_a_run_that_finds_less_than_its_source_expects_ends_partial_and_says_so(
    tmp_path: Path,
) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    text = (SOURCES / f"{HOSTS[1]}.yaml").read_text(encoding="utf-8")
    text = text.replace("  photos: ", "  photos: .yoxdur ").replace(
        "  gallery: ", "  gallery: .yoxdur "
    )
    text = text.replace("expect:\n", "expect:\n  with_photo: 0.5\n")
    (sources / f"{HOSTS[1]}.yaml").write_text(text, encoding="utf-8")
    with MadeUpWeb() as web:
        web.publish(30)
        archive = new_archive(tmp_path / "archive", web.proxy_url, sources=sources)
        done = archive.crawl()
        status, doctor = archive.ask("status"), archive.ask("doctor")

    assert done.code == 3
    said = "0 of 38 articles have a photo, where 50% are expected"
    assert said in done.out
    assert done.out.rstrip().endswith(": partial.")
    assert "partial" in status.out
    assert said in status.out
    assert said in doctor.out
    assert doctor.code == 3


def test_a_run_whose_minutes_are_over_ends_and_the_next_one_goes_on(tmp_path: Path) -> None:
    with MadeUpWeb() as web:
        web.misbehave(NAME, Fault.LATE)
        archive = new_archive(tmp_path / "archive", web.proxy_url, run_minutes=0.02)
        first = archive.crawl("--json", NAME)
        web.behave()
        archive.set(run_minutes=0.0)
        second = archive.crawl("--json", NAME)

    told = first.json["sources"][NAME]
    took = moment_of(first.json["finished_at"]) - moment_of(first.json["started_at"])
    assert (first.code, told["spent"]) == (0, "the run's budget of 0.02 minutes is spent")
    assert took < timedelta(minutes=0.02) + timedelta(seconds=5)  # with the answer under way
    assert told["left_over"] > 0
    assert second.json["sources"][NAME]["spent"] is None
    assert second.json["sources"][NAME]["articles"] + told["articles"] > 3
