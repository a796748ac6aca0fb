"""Silence is measured against a source's own rate for the hour and the weekday."""

from datetime import UTC, datetime, timedelta

from archive.silence import silence_of

MONDAY = datetime(2026, 5, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


def working_hours(weeks: int) -> list[datetime]:
    """Two articles an hour from 6 to 14 o'clock, on five days of the week."""
    return [
        MONDAY + timedelta(weeks=week, days=day, hours=hour, minutes=minute)
        for week in range(weeks)
        for day in range(5)
        for hour in range(6, 14)
        for minute in (10, 40)
    ]


def test_a_night_and_a_weekend_without_news_are_no_silence() -> None:
    past = working_hours(6)

    found = silence_of(past, MONDAY + timedelta(weeks=6, hours=6))

    assert found is not None
    assert found.since == past[-1]
    assert found.until - found.since > timedelta(days=2)
    assert found.expected < 2
    assert not found.is_alarming


def test_a_working_day_without_news_is_one() -> None:
    found = silence_of(working_hours(6), MONDAY + timedelta(weeks=6, hours=14))

    assert found is not None
    assert found.expected > 12
    assert found.is_alarming


def test_a_source_that_brings_something_a_week_is_not_silent_after_three_days() -> None:
    past = [MONDAY + timedelta(weeks=week, hours=9) for week in range(8)]

    found = silence_of(past, past[-1] + timedelta(days=3))

    assert found is not None
    assert not found.is_alarming


def test_of_a_source_that_is_hardly_known_nothing_is_said() -> None:
    assert silence_of([], MONDAY) is None
    assert silence_of(working_hours(1), MONDAY + timedelta(weeks=1, days=2)) is None


def test_what_is_long_past_is_no_rate() -> None:
    past = working_hours(3)

    assert silence_of(past, past[-1] + timedelta(weeks=9)) is None
