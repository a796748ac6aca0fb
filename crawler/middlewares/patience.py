"""Does what a server asks for: after 429 and 503 its host is left alone as long as it said.

Source: RFC 9110 section 10.2.3 (Retry-After), RFC 6585 section 4 (429).
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.errand import desk_of, errand_of

BUSY = frozenset({429, 503})
_DEFAULT_WAIT_S = 30


class PatienceMiddleware:
    """Holds a source's work when its server asks for patience."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Hold the source of a request that was answered with 429 or 503."""
        errand = errand_of(request)
        if errand is not None and response.status in BUSY:
            asked = (response.headers.get("Retry-After") or b"").decode("latin-1")
            wait_s = read_retry_after(asked, now=datetime.now(UTC))
            desk_of(self._crawler).hold(errand.source.name, wait_s or _DEFAULT_WAIT_S)
        return response


def read_retry_after(value: str, *, now: datetime) -> int | None:
    """The seconds that a Retry-After header asks for, from either of its forms, or None.

    >>> read_retry_after("120", now=datetime(2026, 2, 14, tzinfo=UTC))
    120
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(int(value), 10**9)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0, round((moment - now).total_seconds()))
