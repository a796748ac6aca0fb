"""Renders the pages of sources that cannot be read otherwise, by a browser that asks only us.

What a page's scripts ask for goes the way of every other request: robots.txt is obeyed, the pause
of its host kept, and only the source's own hosts are asked. A script that several pages share is
fetched once a run.
"""

from collections.abc import Coroutine
from dataclasses import replace
from typing import Self
from urllib.parse import urljoin

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from archive.catalogue.work import Work
from archive.content import content_of
from archive.exchange import Exchange
from archive.ledger import AddressKind
from archive.rendering import Rendering
from archive.spool import mime_of
from crawler.browser import Fetched, RenderingBrowser
from crawler.errand import META_KEY, Errand, errand_of
from pipelines.addresses import is_address_of, normal_address

_RENDERED = (AddressKind.PAGE, AddressKind.LISTING)
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_SCRIPTS = frozenset({"text/javascript", "application/javascript", "application/x-javascript"})
_MOST_REDIRECTS = 5
_LONGEST_BYTES = 16_000_000  # of a document; what is read of a segment is held up to 20 MB
_MOST_KEPT_BYTES = 32_000_000
_FIRST = 500  # Scrapy's priority: what a page waits for comes before other pages


class RenderMiddleware:
    """Lets a browser finish what an answer begins."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        settings = crawler.settings
        self._max_bytes = settings.getint("SALNAME_MAX_PAGE_BYTES")
        self._browser = RenderingBrowser(
            longest_s=settings.getfloat("SALNAME_RENDER_S"), agent=settings["USER_AGENT"]
        )
        self._kept: dict[str, Fetched] = {}
        self._kept_bytes = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.close, signal=signals.spider_closed)
        return middleware

    async def close(self) -> None:
        """End the browser with the crawl."""
        await self._browser.close()

    def process_response(
        self, request: Request, response: Response
    ) -> Response | Coroutine[None, None, Response]:
        """Pass the answer on, at once where it need not be rendered."""
        errand = errand_of(request)
        if errand is None or errand.exchange is None or not _is_to_be_rendered(errand):
            return response
        return self._finished(request, response, errand, errand.exchange)

    async def _finished(
        self, request: Request, response: Response, errand: Errand, exchange: Exchange
    ) -> Response:
        parts: list[Exchange] = []

        async def fetch(url: str) -> Fetched | None:
            return await self._part(url, errand, parts)

        rendering = await self._browser.render(exchange.url, self._told(exchange), fetch)
        if len(rendering.dom) > _LONGEST_BYTES:
            rendering = Rendering(failure=f"its document is longer than {_LONGEST_BYTES:,} bytes")
        rendering = replace(rendering, parts=tuple(parts))
        request.meta[META_KEY] = replace(errand, rendering=rendering)
        return response

    async def _part(self, url: str, errand: Errand, parts: list[Exchange]) -> Fetched | None:
        """What a script asked for, None where the source's hosts have or allow no such thing."""
        for _ in range(_MOST_REDIRECTS):
            if not is_address_of(url, errand.source.site):
                return None
            if (kept := self._kept.get(url)) is not None:
                return kept
            exchange = await self._exchange_with(url, errand)
            if exchange is None:
                return None
            parts.append(exchange)
            headers = {name.lower(): value for name, value in exchange.response_headers}
            if not 300 <= exchange.status < 400 or "location" not in headers:
                return None if exchange.rest else self._told(exchange, is_part=True)
            url = urljoin(url, headers["location"])
        return None

    async def _exchange_with(self, url: str, errand: Errand) -> Exchange | None:
        assert self._crawler.engine is not None
        work = Work(url=normal_address(url), kind=AddressKind.PAGE)
        part = Errand(source=errand.source, work=work, page=errand.work.url)
        contact = errand.source.contact
        request = Request(
            url.partition("#")[0],
            callback=NO_CALLBACK,
            dont_filter=True,
            headers={"Accept": "*/*", **({"From": contact} if contact else {})},
            meta={META_KEY: part, "dont_redirect": True},
            priority=_FIRST,
        )
        try:
            response = await self._crawler.engine.download_async(request)
        except IgnoreRequest:
            return None  # robots.txt forbids it, or could not be read
        except Exception:  # noqa: BLE001  whatever it was, the page is rendered without it
            return None
        answered = errand_of(response)
        return answered.exchange if answered else None

    def _told(self, exchange: Exchange, *, is_part: bool = False) -> Fetched:
        """What the browser is given of an answer; a script is kept for the pages that follow."""
        content = content_of(
            exchange.response_headers, exchange.body, limit_bytes=4 * self._max_bytes
        )
        mime = mime_of(exchange.response_headers)
        typed = next(
            (value for name, value in exchange.response_headers if name.lower() == "content-type"),
            "text/html",
        )
        told = Fetched(
            status=exchange.status,
            content_type=typed,
            body=content.body,
            headers=exchange.response_headers,
        )
        size_bytes = self._kept_bytes + len(content.body)
        if (
            is_part
            and mime in _SCRIPTS
            and exchange.status == 200
            and size_bytes < _MOST_KEPT_BYTES
        ):
            self._kept[exchange.url] = told
            self._kept_bytes = size_bytes
        return told


def _is_to_be_rendered(errand: Errand) -> bool:
    exchange = errand.exchange
    return (
        errand.source.render
        and errand.page is None
        and errand.work.kind in _RENDERED
        and exchange is not None
        and exchange.status == 200
        and exchange.truncated is None
        and exchange.rest is None
        and mime_of(exchange.response_headers) in _PAGES
    )
