"""Does what a server asks for: after 429 and 503 its host is left alone as long as it said.

What it does not say its slowness does: the pause between two requests to a host follows the time
that its answers take.

Source: RFC 9110 section 10.2.3 (Retry-After), RFC 6585 section 4 (429); the rule of the pause is
that of Scrapy's AutoThrottle, which itself would shorten a source's pause to the setting's and
forget what robots.txt asked for.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.ledger import AddressKind
from archive.moments import now
from crawler.elsewhere import is_elsewhere
from crawler.errand import LATENCY_KEY, desk_of, errand_of

BUSY = frozenset({429, 503})
_DEFAULT_WAIT_S = 30
_LONGEST_PAUSE_S = 60.0


class PatienceMiddleware:
    """Holds a source's work when its server asks for patience."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._clock: Callable[[], datetime] = crawler.settings.get("SALNAME_CLOCK") or now
        self._pause_s = crawler.settings.getfloat("DOWNLOAD_DELAY")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Follow the host's pace; hold the source of what was answered with 429 or 503."""
        self._follow_pace(request, response)
        errand = errand_of(request)
        if (
            errand is not None
            and response.status in BUSY
            and (
                errand.work.kind is AddressKind.PAGE or not is_elsewhere(errand.work, errand.source)
            )
        ):
            asked = (response.headers.get("Retry-After") or b"").decode("latin-1")
            wait_s = read_retry_after(asked, now=self._clock())
            desk_of(self._crawler).hold(errand.source.name, wait_s or _DEFAULT_WAIT_S)
        return response

    def _follow_pace(self, request: Request, response: Response) -> None:
        """Set the pause of the host by the time that its answer took.

        The pause that the source, the settings or robots.txt want is the shortest. A pause of 0
        stays: it is for a server of one's own.
        """
        assert self._crawler.engine is not None
        downloader = self._crawler.engine.downloader
        key = request.meta.get(downloader.DOWNLOAD_SLOT, "")
        slot, latency_s = downloader.slots.get(key), request.meta.get(LATENCY_KEY)
        if slot is None or latency_s is None:
            return
        shortest_s = downloader.per_slot_settings.get(key, {}).get("delay", self._pause_s)
        if shortest_s:
            slot.delay = next_pause_s(
                slot.delay, latency_s, shortest_s=shortest_s, is_ok=response.status < 400
            )


def next_pause_s(pause_s: float, latency_s: float, *, shortest_s: float, is_ok: bool) -> float:
    """The pause after an answer: half way to the time that it took, at once where that is longer.

    is_ok  an error may only lengthen the pause: a server that fails often does so fast

    >>> next_pause_s(1.0, 5.0, shortest_s=1.0, is_ok=True)
    5.0
    >>> next_pause_s(5.0, 1.0, shortest_s=1.0, is_ok=True)
    3.0
    """
    wanted_s = max(latency_s, (pause_s + latency_s) / 2)
    bounded_s = max(shortest_s, min(wanted_s, _LONGEST_PAUSE_S))
    return bounded_s if is_ok else max(bounded_s, pause_s)


def read_retry_after(value: str, *, now: datetime) -> int | None:
    """The seconds that a Retry-After header asks for, from either of its forms, or None.

    >>> read_retry_after("120", now=datetime(2026, 2, 14, tzinfo=UTC))
    120
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(int(value[:20]), 10**9)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):  # an offset may be a number of any length
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0, round((moment - now).total_seconds()))
