"""Fetches a few pages of one site by hand, as politely as a crawl: for whoever writes its source.

robots.txt is asked first (RFC 9309), requests go out one after another with a pause between them,
under the crawl's own name, and never off the site's hosts. Nothing is kept.
"""

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.message import Message
from http.client import HTTPException
from typing import IO, Any
from urllib.parse import urljoin

from protego import Protego
from typing_extensions import override

from archive.errors import PageError, WrongUse
from crawler.article_endpoints import endpoint_of
from crawler.robots import AGENT, MAX_BYTES, read_robots
from crawler.settings import DEFAULT_REQUEST_HEADERS, USER_AGENT
from pipelines.addresses import is_address_of
from pipelines.items import Page
from pipelines.rules import Site

PAUSE_S = 1.0
_MAX_BYTES = 16_000_000
_TIMEOUT_S = 30


class Visitor:
    """One visit to one site.

    site     its hosts alone are asked
    pause_s  between two requests; robots.txt may ask for more
    sleep    how the pause is kept
    """

    def __init__(
        self, site: Site, *, pause_s: float = PAUSE_S, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._site = site
        self._pause_s = pause_s
        self._sleep = sleep
        self._opener = urllib.request.build_opener(_OnHostsOf(site))
        self._robots: dict[str, Protego] = {}
        self._has_asked = False

    def fetch(self, url: str) -> Page:
        """The page at the address.

        Raises:
            WrongUse: the address is not on the site's hosts, or robots.txt forbids it.
            PageError: the server did not answer with a page.
        """
        if not is_address_of(url, self._site):
            hosts = ", ".join(self._site.hosts)
            raise WrongUse(f"{url} is not on a host of {self._site.name}: {hosts}.")
        if not self._rules_for(url).can_fetch(url, AGENT):
            where = urljoin(url, "/robots.txt")
            raise WrongUse(f"{where} forbids {url}; a refusal is respected.")
        try:
            with self._opened(url) as answer:
                return Page(
                    url=answer.url,
                    captured_at=datetime.now(UTC),
                    body=answer.read(_MAX_BYTES),
                    status=answer.status,
                    content_type=answer.headers.get("Content-Type"),
                )
        except (OSError, HTTPException) as error:
            raise PageError(f"{url} could not be fetched: {error}") from error

    def find_sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that the robots.txt of the address's host tells.

        Raises:
            PageError: the server does not answer.
        """
        return tuple(dict.fromkeys(self._rules_for(url).sitemaps))

    def _rules_for(self, url: str) -> Protego:
        where = urljoin(url, "/robots.txt")
        if where not in self._robots:
            rules = self._robots[where] = Protego.parse(self._fetch_robots(where))
            self._pause_s = max(self._pause_s, float(rules.crawl_delay(AGENT) or 0.0))
        return self._robots[where]

    def _fetch_robots(self, where: str) -> str:
        try:
            with self._opened(where) as answer:
                return str(answer.read(MAX_BYTES).decode("utf-8", "replace"))
        except urllib.error.HTTPError as error:
            # RFC 9309, section 2.3.1: what is unavailable allows all, what is unreachable nothing.
            return "User-agent: *\nDisallow: /" if read_robots(error.code, b"").trouble else ""
        except (OSError, HTTPException) as error:
            raise PageError(f"{where} could not be fetched: {error}") from error

    def _opened(self, url: str) -> Any:
        if self._has_asked:
            self._sleep(self._pause_s)
        self._has_asked = True
        headers = {
            **DEFAULT_REQUEST_HEADERS,
            "User-Agent": USER_AGENT,
            "Accept-Encoding": "identity",
        }
        request = urllib.request.Request(url, headers=headers)  # noqa: S310  # is_address_of lets http alone pass
        return self._opener.open(request, timeout=_TIMEOUT_S)


def fetch_article(visitor: Visitor, site: Site, url: str) -> Page:
    """The page of an article, or in its place what its site's endpoint says.

    Raises:
        WrongUse, PageError: as `Visitor.fetch`.
    """
    asked = endpoint_of(url, site)
    return visitor.fetch(url) if asked is None else replace(visitor.fetch(asked), url=url)


class _OnHostsOf(urllib.request.HTTPRedirectHandler):
    """Follows redirects on a site's own hosts alone."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @override
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> urllib.request.Request | None:
        if not is_address_of(newurl, self._site):
            raise urllib.error.URLError(f"it redirects to {newurl}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]
