"""Hosts that fail are left alone longer and longer, whichever run asks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.article import PageKind
from archive.catalogue.hosts import HostTrouble, host_troubles, patience_of, trouble_after
from archive.ledger import AddressKind, LedgerState
from archive.moments import moment_of, stamp
from archive.reading import Reading
from tests.archive.histories import ROOT, Visitor, article, new_archive

AT = datetime(2026, 2, 14, 8, tzinfo=UTC)
HOST = "xeber.example"
FAILED = Reading(
    run="r1",
    source=HOST,
    url=f"https://{HOST}/1",
    at=stamp(AT),
    expected=AddressKind.PAGE,
    kind=PageKind.ERROR,
    state=LedgerState.FAILED,
    reason="time-out",
)


def after(*moments: datetime, retry_after_s: int | None = None) -> HostTrouble:
    found: HostTrouble | None = None
    for at in moments:
        reading = replace(FAILED, at=stamp(at), retry_after_s=retry_after_s)
        found = trouble_after(found, HOST, reading)
    assert found is not None
    return found


def rest_of(trouble: HostTrouble) -> timedelta | None:
    if trouble.left_until is None:
        return None
    return moment_of(trouble.left_until) - moment_of(trouble.last_at)


def test_a_host_is_left_alone_after_three_failures_in_a_row_and_twice_as_long_after_each() -> None:
    days = [AT + timedelta(days=number) for number in range(14)]

    rests = [rest_of(after(*days[:number])) for number in range(1, 14)]

    assert rests[:5] == [None, None, *(timedelta(minutes=each) for each in (10, 20, 40))]
    assert rests[-1] == timedelta(hours=24)


def test_failures_that_were_under_way_while_it_rests_do_not_lengthen_the_rest() -> None:
    at_once = [AT + timedelta(seconds=number) for number in range(9)]

    assert after(*at_once).failures == 3
    assert after(*at_once).left_until == stamp(at_once[2] + timedelta(minutes=10))


@pytest.mark.parametrize(
    ("asked_s", "rest"), [(90, timedelta(seconds=90)), (10**9, timedelta(days=7))]
)
def test_what_a_server_asks_for_is_kept_up_to_a_week(asked_s: int, rest: timedelta) -> None:
    assert rest_of(after(AT, retry_after_s=asked_s)) == patience_of(asked_s) == rest


@given(st.lists(st.tuples(st.integers(1, 10**7), st.none() | st.integers(0, 10**12)), min_size=1))
def test_no_rest_is_longer_than_a_week_or_shorter_than_what_was_said_before(
    looks: list[tuple[int, int | None]],
) -> None:
    at, found = AT, None
    for pause_s, asked_s in looks:
        at += timedelta(seconds=pause_s)
        reading = replace(FAILED, at=stamp(at), retry_after_s=asked_s)
        before, found = found, trouble_after(found, HOST, reading)
        assert found.left_until is None or found.left_until <= stamp(at + timedelta(days=7))
        if before is not None and before.is_left_alone(at):
            assert (found.left_until or "") >= (before.left_until or "")


def test_any_answer_ends_the_trouble_and_a_host_that_is_well_has_no_row(tmp_path: Path) -> None:
    visitor = Visitor(new_archive(tmp_path), group=1)
    visitor.start_run()
    for number in range(4):
        visitor.fail(f"{ROOT}/{number}")
    (trouble,) = host_troubles(visitor.catalogue.db)

    visitor.see(article())

    assert (trouble.host, trouble.failures, trouble.reason) == (ROOT[8:], 3, "time-out")
    assert host_troubles(visitor.catalogue.db) == ()
    visitor.store.close()


def test_an_answer_that_does_not_come_to_its_end_in_time_ends_no_trouble(tmp_path: Path) -> None:
    visitor = Visitor(new_archive(tmp_path), group=1)
    visitor.start_run()
    visitor.fail(f"{ROOT}/1")

    visitor.see(article(), truncated="time")

    assert [each.host for each in host_troubles(visitor.catalogue.db)] == [ROOT[8:]]
    visitor.store.close()
