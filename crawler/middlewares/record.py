"""Takes each answer down as it came: the last stop before the downloader, the first after it.

Pages and photos go on with their exchange; robots.txt, which Scrapy fetches for itself, is
recorded here.
"""

from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Response
from scrapy.signals import bytes_received

from archive.content import content_of
from archive.exchange import Exchange, Headers
from crawler.errand import META_KEY, desk_of, errand_of


class RecordMiddleware:
    """Makes an `Exchange` of each answer, and stops bodies at the limit."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._max_bytes = crawler.settings.getint("SALNAME_MAX_PAGE_BYTES")
        self._received: dict[int, int] = {}
        crawler.signals.connect(self._count_bytes, signal=bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Take the answer down."""
        self._received.pop(id(request), None)
        exchange = exchange_of(request, response)
        if errand := errand_of(request):
            request.meta[META_KEY] = replace(errand, exchange=exchange)
            return response
        desk_of(self._crawler).record_robots(exchange)
        content = content_of(exchange.response_headers, exchange.body)
        return response.replace(body=content.body)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Forget the count of a download that failed."""
        self._received.pop(id(request), None)

    def _count_bytes(self, data: bytes, request: Request, spider: Spider) -> None:
        total = self._received.get(id(request), 0) + len(data)
        self._received[id(request)] = total
        if total >= self._max_bytes:
            raise StopDownload(fail=False)


def exchange_of(request: Request, response: Response) -> Exchange:
    """What went over the wire, as far as Scrapy shows it.

    Scrapy hides the chunks of a body, the case and order of header names as they were sent, and
    the reason phrase; docs/explanation/recording.md says what that means.
    """
    truncated = None
    if "download_stopped" in response.flags:
        truncated = "length"
    elif "dataloss" in response.flags or "partial" in response.flags:
        truncated = "disconnect"
    return Exchange(
        url=request.url,
        captured_at=datetime.now(UTC),
        method=request.method,
        request_headers=_headers_of(request),
        status=response.status,
        reason=_REASONS.get(response.status, ""),
        protocol=(response.protocol or "HTTP/1.1").lower(),
        response_headers=_headers_of(response),
        body=response.body,
        ip=str(response.ip_address) if response.ip_address else None,
        truncated=truncated,
    )


def _headers_of(message: Request | Response) -> Headers:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in message.headers.items()
        for value in values
    )


_REASONS = {status.value: status.phrase for status in HTTPStatus}
