"""Hands each answer on as it came: the last stop before the downloader, the first after it.

Pages and photos go on with their exchange; robots.txt, which goes on no errand, is recorded here.
"""

from dataclasses import replace
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.content import content_of
from archive.exchange import Exchange
from crawler.errand import EXCHANGE_KEY, META_KEY, desk_of, errand_of
from crawler.middlewares.robots import CUT_OFF


class RecordMiddleware:
    """Puts the exchange that the download handler took down to its errand."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Pass the answer on; of robots.txt, what it says without its content coding."""
        exchange: Exchange = request.meta.pop(EXCHANGE_KEY)
        if errand := errand_of(request):
            request.meta[META_KEY] = replace(errand, exchange=exchange)
            return response
        desk_of(self._crawler).record_robots(exchange)
        content = content_of(exchange.response_headers, exchange.body)
        flags = [CUT_OFF] if exchange.truncated in ("disconnect", "time") else []
        return response.replace(body=content.body, flags=flags)
