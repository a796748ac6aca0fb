"""Obeys robots.txt: asked once a day and host, before anything else of that host.

Source: RFC 9309. Scrapy's own middleware takes a robots.txt that cannot be read for one that
allows all, and costs each request a coroutine.
"""

import asyncio
from collections.abc import Coroutine
from typing import Self
from urllib.parse import urljoin

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from crawler.errand import desk_of, errand_of
from crawler.failures import RobotsUnread, failure_sentence
from crawler.robots import MAX_REDIRECTS, Robots, read_robots, unread_robots

CUT_OFF = "cut off"  # the flag of an answer that came only in part
_FIRST = 1000  # Scrapy's priority: before all pages


class RobotsMiddleware:
    """Refuses what robots.txt forbids, and slows down to what it asks for."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._known: dict[str, Robots] = {}
        self._asked: dict[str, asyncio.Task[Robots]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> Coroutine[None, None, None] | None:
        """Refuse the request, or let it pass; at once where the host's robots.txt is known."""
        if errand_of(request) is None:
            return None  # it asks for a robots.txt itself
        parts = urlparse_cached(request)
        root = f"{parts.scheme}://{parts.netloc}"
        robots = self._known.get(root)
        if robots is None:
            return self._ask_first(request, root)
        _obey(robots, request)
        return None

    async def _ask_first(self, request: Request, root: str) -> None:
        task = self._asked.get(root)
        if task is None:
            task = self._asked[root] = asyncio.ensure_future(self._robots_of(root, request))
        robots = await asyncio.shield(task)
        if root not in self._known:
            self._known[root] = robots
            self._slow_down(request, robots.delay_s)
        _obey(robots, request)

    async def _robots_of(self, root: str, asker: Request) -> Robots:
        url = f"{root}/robots.txt"
        if (kept := desk_of(self._crawler).kept_robots(url)) is not None:
            return kept
        for _ in range(MAX_REDIRECTS + 1):
            try:
                answer = await self._fetched(url, asker)
            except Exception as error:  # noqa: BLE001  whatever it was, the host was not heard
                return unread_robots(failure_sentence(error))
            if CUT_OFF in answer.flags:
                return unread_robots("it came only in part")
            location = (answer.headers.get("Location") or b"").decode("latin-1")
            if not 300 <= answer.status < 400 or not location:
                return read_robots(answer.status, answer.body)
            url = urljoin(url, location)
        return Robots()

    async def _fetched(self, url: str, asker: Request) -> Response:
        assert self._crawler.engine is not None
        sender = {"From": asker.headers["From"]} if "From" in asker.headers else None
        request = Request(url, priority=_FIRST, callback=NO_CALLBACK, headers=sender)
        return await self._crawler.engine.download_async(request)

    def _slow_down(self, request: Request, delay_s: float) -> None:
        """Keep the pause that robots.txt asks for, where ours is shorter.

        Scrapy makes a host's slot anew when it has been idle, from the settings of slots.
        """
        assert self._crawler.engine is not None
        downloader = self._crawler.engine.downloader
        key = downloader.get_slot_key(request)
        settings = downloader.per_slot_settings
        usual_s = settings.get(key, {}).get("delay")
        if usual_s is None:
            usual_s = self._crawler.settings.getfloat("DOWNLOAD_DELAY")
        if delay_s > usual_s:
            settings[key] = {"delay": delay_s, "concurrency": 1}
        # None where nothing was fetched yet; longer already where the robots.txt came slowly.
        if (slot := downloader.slots.get(key)) is not None:
            slot.delay = max(slot.delay, delay_s)


def _obey(robots: Robots, request: Request) -> None:
    if robots.allows(request.url):
        return
    if robots.trouble is None:
        raise IgnoreRequest("Forbidden by robots.txt")
    host = urlparse_cached(request).netloc
    raise RobotsUnread(f"robots.txt of {host} {robots.trouble}; nothing is fetched for now")
