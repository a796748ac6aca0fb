"""A budget ends a source or a run without failing it, and the next run goes on."""

from datetime import timedelta
from pathlib import Path

from crawler.budget import Budget, Spent
from tests.crawler.crawling import new_archive
from tests.web.server import MadeUpWeb

SOURCE = "agentlik.example"


def test_a_spent_budget_ends_a_source_and_the_next_run_goes_on(tmp_path: Path) -> None:
    with MadeUpWeb() as web:
        archive = new_archive(tmp_path / "archive", web.proxy_url, source_requests=6)
        first = archive.crawl("--json", SOURCE)
        asked = len(web.log)
        archive.set(source_requests=0, run_bytes=1)
        second = archive.crawl(SOURCE)
        archive.set(run_bytes=0)
        third = archive.crawl("--json", SOURCE)

    told = first.json["sources"][SOURCE]
    assert (first.code, first.json["outcome"], asked) == (0, "success", 6)
    assert told["spent"] == "its budget of 6 requests is spent"
    assert told["left_over"] > 0
    assert "the run's budget of 1e-06 MB is spent; " in second.out
    assert "addresses are left for the next run" in second.out
    assert third.json["sources"][SOURCE]["spent"] is None
    assert third.json["sources"][SOURCE]["articles"] > 3


def test_a_budget_names_what_is_spent() -> None:
    budget = Budget(requests=10, bytes=2_000_000, minutes=5)

    assert budget.spent_by(Spent(9, 1), timedelta()) is None
    assert budget.spent_by(Spent(10, 1), timedelta()) == "its budget of 10 requests is spent"
    assert budget.spent_by(Spent(1, 2_000_000), timedelta()) == "its budget of 2 MB is spent"
    assert budget.spent_by(Spent(1, 1), timedelta(minutes=5)) == "its budget of 5 minutes is spent"
