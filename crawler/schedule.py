"""When something is due: a source, a second look at an article, another try after a failure.

Pure functions of times that the ledger and the log hold, so that a rebuild comes to the same
answers as the crawl did.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from archive.catalogue.hosts import MOST_PATIENCE
from archive.catalogue.ways import Mark
from archive.moments import moment_of
from crawler.source import Source

LADDER = tuple(timedelta(hours=hours) for hours in (1, 4, 24, 72, 240, 720, 2160, 8760))
# A look so near before a rung counts as the rung's own: a quarter of it, and never more than an hour:
# a look that an outage delayed by a day must not stand for the rung that follows.
_NEAR, _NEAREST = 0.25, timedelta(hours=1)
_ABSENCE = tuple(timedelta(hours=hours) for hours in (6, 24, 48, 72, 168, 336, 720, 2160, 8760))
_FIRST_PAUSE = timedelta(minutes=10)
_LONGEST_PAUSE = timedelta(days=7)
_SWEEP = timedelta(hours=6)  # so often all ways of a source are read, whatever the best one says
_TRUST = timedelta(days=3)  # so long a best way that missed something does not stand for others
_HALF_H = 2.0  # so soon half of the edits come that an article ever gets; `benchmarks/looks.py`
_EARLY = 0.1  # cron is not exact: a source is due so much of its interval early


class LookAgain:
    """The schedule that the catalogue's writer is handed."""

    def after_look(
        self, *, first_seen: datetime, last_change: datetime, at: datetime, ladder: tuple[int, ...]
    ) -> datetime | None:
        """When an article is due again, after a look at `at`; the ladder in seconds."""
        steps = tuple(timedelta(seconds=seconds) for seconds in ladder)
        return next_look(first_seen=first_seen, last_change=last_change, now=at, ladder=steps)

    def after_absence(
        self, *, missing_since: datetime, at: datetime, ladder: tuple[int, ...]
    ) -> datetime | None:
        """When an article that was not found at `at` is due again; the ladder in seconds."""
        return next_look_for_missing(missing_since=missing_since, now=at, is_every_run=0 in ladder)

    def after_failure(self, *, tries: int, retry_after_s: int | None, at: datetime) -> datetime:
        """When an address that failed `tries` times in a row is tried again."""
        asked = None if retry_after_s is None else timedelta(seconds=retry_after_s)
        return next_try(tries=tries, retry_after=asked, now=at)


def next_look(
    *,
    first_seen: datetime,
    last_change: datetime,
    now: datetime,
    ladder: tuple[timedelta, ...] = LADDER,
) -> datetime | None:
    """When an article that was looked at `now` is due again; None when it has left the ladder.

    The rungs count from the first sight, and anew from each change: what was edited lately is
    edited again sooner than what was not. A look shortly before a rung counts as that rung's, so
    that a late cron job makes no two looks close together. A rung of nothing means: in every run.

    >>> from datetime import UTC
    >>> seen = datetime(2026, 5, 24, tzinfo=UTC)
    >>> next_look(first_seen=seen, last_change=seen, now=seen + timedelta(hours=1)) - seen
    datetime.timedelta(seconds=14400)
    """
    if timedelta(0) in ladder:
        return now
    rungs = (
        start + rung
        for start in (first_seen, last_change)
        for rung in ladder
        if rung - _slack(rung) > now - start
    )
    return min(rungs, default=None)


def _slack(rung: timedelta) -> timedelta:
    return min(rung * _NEAR, _NEAREST)


def expected_edits(
    *, first_seen: datetime, last_change: datetime, last_look: datetime, now: datetime
) -> float:
    """How many edits a look `now` is expected to find, where 1 is what an article ever gets.

    Edits come soon or never: of all there will be, t / (t + 2 h) come within a time t of the first
    sight, and as many again from a change on. The order of looks is by this, so that what cannot be
    looked at in time is what tells least.

    >>> from datetime import UTC
    >>> seen = datetime(2026, 5, 24, tzinfo=UTC)
    >>> hour = timedelta(hours=1)
    >>> expected_edits(first_seen=seen, last_change=seen, last_look=seen, now=seen + 2 * hour)
    0.5
    """
    starts = {first_seen, last_change}
    return sum(_share_within(now - start) - _share_within(last_look - start) for start in starts)


def _share_within(time: timedelta) -> float:
    """The share of all edits that come within a time."""
    hours = max(0.0, time.total_seconds() / 3600)
    return hours / (hours + _HALF_H)


def next_look_for_missing(
    *, missing_since: datetime, now: datetime, is_every_run: bool = False
) -> datetime | None:
    """When an article that was not found is looked for again: over days, then to see it come back.

    The rungs count from when it was first missing, however old it is.

    is_every_run  the ladder has a rung of nothing
    """
    if is_every_run:
        return now
    rungs = (missing_since + rung for rung in _ABSENCE if rung - _slack(rung) > now - missing_since)
    return min(rungs, default=None)


def next_try(*, tries: int, retry_after: timedelta | None, now: datetime) -> datetime:
    """When an address that failed `tries` times in a row (from 1) is tried again.

    Ten minutes after the first failure, four times as long after each further one, a week at most;
    never before the server's Retry-After, of which 30 days are believed.
    """
    doublings = 2 * min(max(tries, 1) - 1, 16)  # beyond it the week is long reached
    pause = min(_FIRST_PAUSE * (1 << doublings), _LONGEST_PAUSE)
    asked = min(retry_after or timedelta(0), MOST_PATIENCE)
    return now + max(pause, asked)


def is_due(last_run: datetime | None, every: timedelta, now: datetime) -> bool:
    """Whether a source that was last visited then is to be visited now."""
    return last_run is None or now - last_run >= every * (1 - _EARLY)


def is_held_back(ways: Sequence[Mark], *, now: datetime) -> bool:
    """Whether a source's best way may stand for the others, which are read only if it falls short.

    It may as long as the others were read within six hours, and for three days offered nothing
    that the best way had not.
    """
    return all(
        way.read_at is not None
        and now - moment_of(way.read_at) < _SWEEP
        and (way.alone_at is None or now - moment_of(way.alone_at) >= _TRUST)
        for way in ways[1:]
    )


def due_sources(
    sources: Iterable[Source], last_runs: Mapping[str, datetime], *, now: datetime
) -> tuple[Source, ...]:
    """The enabled sources that are due, those never visited first, then the longest waiting.

    last_runs  by name; a source without one was never visited
    """
    due = [
        source
        for source in sources
        if source.enabled
        and is_due(last_runs.get(source.name), timedelta(minutes=source.every_min), now)
    ]
    return tuple(sorted(due, key=lambda source: _last_run_stamp(source, last_runs)))


def _last_run_stamp(source: Source, last_runs: Mapping[str, datetime]) -> float:
    last_run = last_runs.get(source.name)
    return 0.0 if last_run is None else last_run.timestamp()
