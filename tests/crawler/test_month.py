"""Three days of the simulated month: all is found, and nothing is told that did not happen."""

from pathlib import Path

from benchmarks.month import simulate


def test_three_days_of_cron_jobs_find_all_articles_and_tell_no_false_disappearance(
    tmp_path: Path,
) -> None:
    found = simulate(3, 150, 3, tmp_path, every_h=6)

    assert (found.ticks, found.missed) == (12, ())
    assert found.is_good
