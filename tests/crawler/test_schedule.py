"""What is due, and when: by times alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.schedule import (
    LADDER,
    LookAgain,
    due_sources,
    expected_edits,
    is_due,
    next_look,
    next_try,
)
from crawler.source import Language, Source, SourceKind

SEEN = datetime(2026, 5, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOURCE = Source(
    name="a.example",
    publisher="A",
    host="a.example",
    kind=SourceKind.NEWS,
    language=Language.AZ,
    articles=("/",),
)


def due_after(elapsed: timedelta, *, changed: timedelta = timedelta(0)) -> timedelta | None:
    due = next_look(first_seen=SEEN, last_change=SEEN + changed, now=SEEN + elapsed)
    return None if due is None else due - SEEN


@pytest.mark.parametrize(
    ("elapsed_h", "due_h"),
    [
        (0, 1),
        (1, 4),
        (1.5, 4),
        (3.5, 24),
        (4, 24),
        (23, 72),
        (30, 72),
        (54, 72),
        (72, 240),
        (2160, 8760),
    ],
)
def test_looks_climb_the_ladder_from_the_first_sight(elapsed_h: float, due_h: float) -> None:
    assert due_after(elapsed_h * HOUR) == due_h * HOUR


def test_an_article_leaves_the_ladder_after_its_last_rung() -> None:
    assert due_after(timedelta(days=366)) is None


def test_a_change_begins_the_ladder_anew() -> None:
    assert due_after(80 * HOUR, changed=80 * HOUR) == 81 * HOUR
    assert due_after(81 * HOUR, changed=80 * HOUR) == 84 * HOUR


_SPANS = st.timedeltas(timedelta(0), timedelta(days=800))


@given(elapsed=_SPANS, changed=_SPANS)
def test_the_next_look_is_never_at_once_nor_further_than_the_widest_step(
    elapsed: timedelta, changed: timedelta
) -> None:
    due = due_after(elapsed, changed=min(changed, elapsed))

    assert due is None or timedelta(minutes=15) <= due - elapsed <= LADDER[-1]


@given(age=_SPANS, since_look=_SPANS, changed=_SPANS)
def test_more_is_expected_of_what_is_younger_or_was_looked_at_longer_ago(
    age: timedelta, since_look: timedelta, changed: timedelta
) -> None:
    now = SEEN + age
    looked, change = max(SEEN, now - since_look), min(SEEN + changed, now)

    expected = expected_edits(first_seen=SEEN, last_change=change, last_look=looked, now=now)
    later = expected_edits(first_seen=SEEN, last_change=change, last_look=looked, now=now + HOUR)
    of_a_change = expected_edits(first_seen=SEEN, last_change=now, last_look=looked, now=now)

    assert 0 <= expected <= later <= 2
    assert of_a_change <= expected or change == SEEN


def test_the_writers_schedule_is_the_same_rule() -> None:
    due = LookAgain().after_look(first_seen=SEEN, last_change=SEEN, at=SEEN, ladder=(60, 3600))

    assert due == SEEN + timedelta(minutes=1)
    assert LookAgain().after_failure(tries=1, retry_after_s=7200, at=SEEN) == SEEN + 2 * HOUR


@pytest.mark.parametrize(
    ("tries", "retry_after", "pause"),
    [
        (1, None, timedelta(minutes=10)),
        (2, None, timedelta(minutes=40)),
        (3, None, timedelta(minutes=160)),
        (9, None, timedelta(days=7)),
        (10**9, None, timedelta(days=7)),
        (1, timedelta(seconds=5), timedelta(minutes=10)),
        (1, timedelta(days=2), timedelta(days=2)),
        (1, timedelta(days=9000), timedelta(days=7)),
    ],
)
def test_failures_are_tried_again_more_and_more_rarely(
    tries: int, retry_after: timedelta | None, pause: timedelta
) -> None:
    assert next_try(tries=tries, retry_after=retry_after, now=SEEN) == SEEN + pause


def test_a_cron_job_that_starts_a_little_early_still_finds_a_source_due() -> None:
    assert is_due(SEEN, HOUR, SEEN + timedelta(minutes=55))
    assert not is_due(SEEN, HOUR, SEEN + timedelta(minutes=50))
    assert is_due(None, HOUR, SEEN)


def test_due_sources_come_the_longest_waiting_first() -> None:
    names = ("yeni.example", "kohne.example", "tez.example", "hecvaxt.example", "sonuk.example")
    sources = [replace(SOURCE, name=name) for name in names]
    sources[4] = replace(sources[4], enabled=False, reason="bağlıdır")
    last_runs = {
        "yeni.example": SEEN - 2 * HOUR,
        "kohne.example": SEEN - 9 * HOUR,
        "tez.example": SEEN - timedelta(minutes=5),
    }

    assert [each.name for each in due_sources(sources, last_runs, now=SEEN)] == [
        "hecvaxt.example",
        "kohne.example",
        "yeni.example",
    ]
