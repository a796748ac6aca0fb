"""Keeps the crawler out of the operator's own network, whatever a page links to."""

import ipaddress
import logging
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError
from typing_extensions import override

log = logging.getLogger(__name__)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet.

    Source: the IANA special-purpose address registries, as Python's `ipaddress` has them.
    """
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast


class GuardMiddleware:
    """Refuses addresses that name a private host outright; `PublicResolver` sees to names."""

    def __init__(self, *, allows_private: bool) -> None:
        self._allows_private = allows_private

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(allows_private=crawler.settings.getbool("SALNAME_ALLOW_PRIVATE_ADDRESSES"))

    def process_request(self, request: Request) -> None:
        """Refuse what is not http, and private addresses unless the settings allow them."""
        parts = urlparse_cached(request)
        if parts.scheme not in ("http", "https"):
            raise IgnoreRequest(f"{parts.scheme} addresses are not fetched")
        host = (parts.hostname or "").strip("[]")
        if not self._allows_private and (host == "localhost" or _is_private_literal(host)):
            raise IgnoreRequest("private address; see allow_private_addresses in salname.toml")


def _is_private_literal(host: str) -> bool:
    try:
        return not is_public(host)
    except ValueError:
        return False


class PublicResolver(CachingThreadedResolver):
    """Scrapy's resolver, which answers with public addresses alone unless the settings allow
    private ones: a name on the web may lead into a private network."""

    def __init__(self, *args: Any, allows_private: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._allows_private = allows_private

    @classmethod
    @override
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        """Made by Scrapy."""
        settings = crawler.settings
        return cls(
            reactor,
            settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0,
            settings.getfloat("DNS_TIMEOUT"),
            allows_private=settings.getbool("SALNAME_ALLOW_PRIVATE_ADDRESSES")
            or bool(settings.get("SALNAME_PROXY")),
        )

    @override
    def getHostByName(self, name: str, timeout: Any = None) -> Deferred[str]:
        """The address of a host.

        Raises (in the Deferred):
            DNSLookupError: it has none, or a private one.
        """
        answer: Deferred[str] = super().getHostByName(name, timeout)
        if not self._allows_private:
            answer.addCallback(_require_public, name)
        return answer


def _require_public(address: str, name: str) -> str:
    if not is_public(address):
        raise DNSLookupError(f"{name} has the private address {address}")
    return address
