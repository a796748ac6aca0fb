"""What a crawl may spend: requests, bytes and time, on each source and on the whole run.

A budget that is used up is no failure: what is left over is due, and the next run goes on with it.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar


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

    def spent_by(self, requests: int, size_bytes: int, time: timedelta) -> str | None:
        """Which limit has been reached, in words, or None."""
        if self.requests is not None and requests >= self.requests:
            return f"its budget of {self.requests} requests is spent"
        if self.bytes is not None and size_bytes >= self.bytes:
            return f"its budget of {self.bytes / 1e6:g} MB is spent"
        if self.minutes is not None and time >= timedelta(minutes=self.minutes):
            return f"its budget of {self.minutes:g} minutes is spent"
        return None
