"""Keeps the crawler out of the operator's own network, whatever a page links to."""

import ipaddress
import socket
from typing import Self

from aiohttp import ThreadedResolver
from aiohttp.abc import ResolveResult
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached
from typing_extensions import override


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


class PublicResolver(ThreadedResolver):
    """The system's resolver, which answers with public addresses alone unless the settings allow
    private ones: a name on the web may lead into a private network."""

    def __init__(self, *, allows_private: bool) -> None:
        super().__init__()
        self._allows_private = allows_private

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a host.

        Raises:
            OSError: it has none, or private ones alone.
        """
        found = await super().resolve(host, port, family)
        if self._allows_private:
            return found
        public = [each for each in found if is_public(each["host"].partition("%")[0])]
        if not public:
            raise OSError(f"{host} has the private address {found[0]['host']}")
        return public
