"""What a crawl may spend: requests, bytes and time, on each source and on the whole run.

A budget that is used up is no failure: what is left over is due, and the next run goes on with it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, NamedTuple


class Spent(NamedTuple):
    """What has been spent so far: requests, and bytes as they were transferred."""

    requests: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The most that may be spent; None where there is no limit.

    requests  answers, those of robots.txt and photos among them
    bytes     of bodies as they were transferred
    minutes   since the run began
    """

    requests: int | None = None
    bytes: int | None = None
    minutes: float | None = None
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def spent_by(self, spent: Spent, time: timedelta) -> str | None:
        """Which limit has been reached, in words, or None."""
        if self.requests is not None and spent.requests >= self.requests:
            return f"its budget of {self.requests} requests is spent"
        if self.bytes is not None and spent.size_bytes >= self.bytes:
            return f"its budget of {self.bytes / 1e6:g} MB is spent"
        if self.minutes is not None and time >= timedelta(minutes=self.minutes):
            return f"its budget of {self.minutes:g} minutes is spent"
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """The budgets of one run.

    run         of the whole
    each        of each source that has none of its own
    started_at  from when on their time counts
    """

    run: Budget
    each: Budget
    started_at: datetime

    def spent_by(
        self, spent: Spent, own: Budget | None, in_all: Spent, *, now: datetime
    ) -> str | None:
        """Which limit a source has reached, its own or the run's, in words, or None."""
        own, time = own or self.each, now - self.started_at
        if self.run == own == _UNLIMITED:
            return None
        if said := self.run.spent_by(in_all, time):
            return said.replace("its", "the run's", 1)
        return own.spent_by(spent, time)


_UNLIMITED = Budget()
