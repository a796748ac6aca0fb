"""Whether a source that brings nothing new is silent: against its own rate for hour and weekday."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(weeks=8)  # of the past that tells a source's rate
LEAST_PAST = timedelta(weeks=2)  # with less of it nothing is said
# Articles come in bursts: in thirteen weeks of four real feeds the longest pauses of a feed that went
# on were worth 10 expected articles, and each of the six that broke off reached 50.
LEAST_EXPECTED = 12.0
_HOUR = timedelta(hours=1)
_WEEK = timedelta(weeks=1)
_DAYS, _HOURS = 7, 24
_PRIOR_WEEKS = 2  # the hour's and the weekday's rates count as so many weeks of their own hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A source without a new article, from its last one up to the last time that it was asked.

    expected  articles that its own rate let expect for this time
    """

    since: datetime
    until: datetime
    expected: float

    @property
    def is_alarming(self) -> bool:
        """Whether so many were to be expected that none is no chance."""
        return self.expected >= LEAST_EXPECTED


def silence_of(past: Sequence[datetime], until: datetime) -> Silence | None:
    """How silent a source is at the moment `until`, when it was asked last.

    past  when its articles were first seen as news, in order, those of `WINDOW` at least

    None where too little is known of its rate.
    """
    times = [each for each in past if until - WINDOW < each <= until]
    if not times or until - times[0] < LEAST_PAST:
        return None
    since = times[-1]
    weeks = (since - times[0]) / _WEEK
    if weeks < LEAST_PAST / _WEEK:
        return None
    rates = _rates(times, weeks)
    expected = sum(share * rates[slot] for slot, share in _slots(since, until))
    return Silence(since=since, until=until, expected=expected)


def _rates(times: Sequence[datetime], weeks: float) -> dict[tuple[int, int], float]:
    """Articles for each weekday and hour (UTC)."""
    slots = Counter((each.weekday(), each.hour) for each in times)
    days, hours = Counter(each.weekday() for each in times), Counter(each.hour for each in times)
    total = len(times)
    return {
        (day, hour): (slots[day, hour] + _PRIOR_WEEKS * days[day] * hours[hour] / (total * weeks))
        / (weeks + _PRIOR_WEEKS)
        for day in range(_DAYS)
        for hour in range(_HOURS)
    }


def _slots(since: datetime, until: datetime) -> Iterator[tuple[tuple[int, int], float]]:
    """The hours between two moments, each with the share of it that lies between them."""
    at = since
    while at < until:
        end = min(at.replace(minute=0, second=0, microsecond=0) + _HOUR, until)
        yield (at.weekday(), at.hour), (end - at) / _HOUR
        at = end
