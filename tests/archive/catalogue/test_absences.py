"""An absence is told as gone after days, weighed by time, and never without a control page."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.article import PageKind
from archive.catalogue.reader import CatalogueReader
from archive.catalogue.rows import ChangeKind, ChangeRow
from archive.catalogue.sighted import SightingRow, sightings_of
from archive.ledger import LedgerState
from archive.reading import Reading
from archive.rebuilding import rebuild
from crawler.schedule import LookAgain
from tests.archive.histories import ROOT, Visitor, article, new_archive, rows_of

HOURS = timedelta(hours=1)
GONE, CONTROL = article(1), article(2, text="", blocks=())


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    visitor = Visitor(new_archive(tmp_path), gone_after_s=48 * 3600)
    visitor.start_run()
    visitor.see(GONE)
    visitor.see(CONTROL)
    visitor.end_run()
    yield visitor
    visitor.close()


def run(visitor: Visitor, *, after: timedelta, controls: bool = True) -> None:
    """A run some time later that finds nothing in the article's place."""
    visitor.now += after
    visitor.start_run()
    visitor.miss(GONE.url)
    if controls:
        visitor.see_unchanged(CONTROL.url)
    visitor.end_run()


def told(visitor: Visitor) -> list[ChangeRow]:
    visitor.store.commit()
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        return list(reader.changes_of(1))[1:]


def sightings(visitor: Visitor) -> list[SightingRow]:
    visitor.store.commit()
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        return list(sightings_of(reader.db, 1))


def test_an_article_is_gone_after_two_days_of_looks_each_with_a_control_page(
    visitor: Visitor,
) -> None:
    for wait in (1, 6, 18, 24):
        assert [each.kind for each in told(visitor)] in ([], [ChangeKind.MISSING])
        run(visitor, after=wait * HOURS)

    gone = told(visitor)[-1]

    assert gone.kind is ChangeKind.DISAPPEARED
    assert gone.detail["control"] == CONTROL.url
    assert gone.detail["looks"] == 4
    assert [(each.state, each.looks, each.ended_at is None) for each in sightings(visitor)] == [
        ("missing", 4, False),
        ("gone", 1, True),
    ]


def test_many_looks_within_an_hour_weigh_an_hour_and_one_after_a_month_a_day(
    visitor: Visitor,
) -> None:
    for _ in range(12):
        run(visitor, after=HOURS / 10)
    run(visitor, after=timedelta(days=30))

    assert [each.kind for each in told(visitor)] == [ChangeKind.MISSING]


def test_without_a_control_page_nothing_is_gone_and_one_is_asked_for(visitor: Visitor) -> None:
    run(visitor, after=HOURS, controls=False)
    for _ in range(9):
        run(visitor, after=24 * HOURS, controls=False)
        assert CONTROL.url in visitor.due(), "it is due in the same run"

    assert [each.kind for each in told(visitor)] == [ChangeKind.MISSING]
    assert sightings(visitor)[0].control is None


def test_a_page_of_another_host_is_no_control_page(visitor: Visitor) -> None:
    elsewhere = "https://m.numune.example/az/xeber/3/park/"
    visitor.start_run()
    visitor.see(article(3, url=elsewhere, canonical_url=elsewhere))
    for _ in range(5):
        run(visitor, after=24 * HOURS, controls=False)
        visitor.see_unchanged(elsewhere)

    assert [each.kind for each in told(visitor)] == [ChangeKind.MISSING]


def test_a_site_that_is_down_or_blocks_is_no_disappearance_and_has_its_own_sightings(
    visitor: Visitor,
) -> None:
    for _ in range(3):
        visitor.now += 24 * HOURS
        visitor.start_run()
        visitor.fail(GONE.url)
        visitor.see_unchanged(CONTROL.url)
    block = Reading(
        **visitor._look(GONE.url),
        kind=PageKind.BLOCK,
        state=LedgerState.BLOCKED,
        reason="status 403",
    )
    visitor._record(block, status=403)

    assert told(visitor) == []
    assert [(each.state, each.looks, each.reason) for each in sightings(visitor)] == [
        ("failed", 3, "time-out"),
        ("blocked", 1, "status 403"),
    ]
    visitor.see_unchanged(GONE.url)
    assert all(each.ended_at for each in sightings(visitor))


def test_what_is_back_again_is_told_and_ends_the_sighting(visitor: Visitor) -> None:
    for wait in (1, 24, 24):
        run(visitor, after=wait * HOURS)
    visitor.see(GONE)

    assert [each.kind for each in told(visitor)] == [
        ChangeKind.MISSING,
        ChangeKind.DISAPPEARED,
        ChangeKind.RETURNED,
    ]
    assert all(each.ended_at for each in sightings(visitor))


def test_what_is_missing_is_looked_for_over_days_however_old_it_is(visitor: Visitor) -> None:
    run(visitor, after=timedelta(days=900))

    assert GONE.url not in visitor.due(after=2 * HOURS)
    assert GONE.url in visitor.due(after=7 * HOURS)


def test_a_rebuild_comes_to_the_same_sightings(visitor: Visitor, tmp_path: Path) -> None:
    for wait in (1, 6, 30, 24, 300):
        run(visitor, after=wait * HOURS, controls=wait != 30)
        visitor.fail(f"{ROOT}/az/xeber/2/park/")
    visitor.see(replace(GONE, title="Park yenilənib"))
    visitor.store.close()
    held = rows_of(visitor.folder)
    assert len(held["sighting"]) > 3

    visitor.folder.catalogue_path.rename(tmp_path / "aside.sqlite")
    rebuild(visitor.folder, LookAgain())

    assert rows_of(visitor.folder) == held
