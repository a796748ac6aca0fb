"""Fetches over HTTP with aiohttp, and takes each answer down as it was on the wire.

Scrapy's own client hides the order and case of headers, the reason phrase and all of TLS; this one
keeps them, at a third of the CPU time.
"""

import asyncio
import re
import ssl
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from aiohttp.client_proto import ResponseHandler
from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.http import Response
from typing_extensions import override
from yarl import URL

from archive.exchange import Exchange, Headers
from archive.ledger import AddressKind
from archive.moments import now
from archive.rest import Rest, TakenBody
from crawler.errand import EXCHANGE_KEY, LATENCY_KEY, errand_of
from crawler.http2 import PROTOCOL, Http2Answer, Http2Transport
from crawler.middlewares.guard import PublicResolver

_LONGEST_HEADER_BYTES = 65_536  # one line; some publishers' policies are longer than 8 kB
_MOST_HEADERS = 512
_NAMES_KEPT_S = 300  # a name is looked up anew after that
_AES = re.compile(r"AES(\d+)")
_IS_READ = re.compile(r"text/|image/|application/(?:[\w.-]+\+)?(?:html|xhtml|xml|json)\b", re.I)
_LEAST_BYTES_A_S = 100_000  # a file that comes more slowly is cut when its time is over


class WireHandler(BaseDownloadHandler):
    """Scrapy's download handler for http and https; the exchange goes on in the request's meta."""

    lazy = True  # aiohttp's session needs the running loop

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self._max_page_bytes = settings.getint("SALNAME_MAX_PAGE_BYTES")
        self._max_file_bytes = settings.getint("SALNAME_MAX_FILE_BYTES")
        self._folder = Path(settings.get("SALNAME_LONG_BODIES_PATH") or tempfile.gettempdir())
        self._timeout_s = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._proxies = getproxies()
        self._clock: Callable[[], datetime] = settings.get("SALNAME_CLOCK") or now
        allows_private = settings.getbool("SALNAME_ALLOW_PRIVATE_ADDRESSES")
        self._without_h2: set[str] = set()  # hosts that offer HTTP/2 and do not speak it
        self._http1_tls = _tls_of_the_web()
        self._session = aiohttp.ClientSession(
            connector=_Connector(
                limit=0,  # Scrapy's slots see to that
                resolver=PublicResolver(
                    allows_private=allows_private or bool(settings.get("SALNAME_PROXY"))
                ),
                ssl=_tls_of_the_web("h2", "http/1.1"),
                ttl_dns_cache=_NAMES_KEPT_S,
                without_h2=self._without_h2,
            ),
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            max_field_size=_LONGEST_HEADER_BYTES,
            max_headers=_MOST_HEADERS,
            max_line_size=_LONGEST_HEADER_BYTES,
            response_class=_Answer,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            timeout=aiohttp.ClientTimeout(total=None),  # ours, which a long file may lengthen
        )

    @override
    async def download_request(self, request: Request) -> Response:
        """Fetch one address; redirects are not followed.

        Raises:
            DownloadTimeoutError, CannotResolveHostError, DownloadConnectionRefusedError,
            DownloadFailedError: there is no answer, or none that is HTTP.
        """
        proxy = self._proxy_for(request.url)
        asked_at = time.monotonic()
        until = asyncio.get_running_loop().time() + self._timeout_s
        with _failures_as_scrapy_names_them(request.url, self._timeout_s):
            async with asyncio.timeout_at(until):
                answer = await self._answer_to(request, proxy)
            async with answer:
                request.meta[LATENCY_KEY] = time.monotonic() - asked_at
                exchange = await self._taken_down(
                    request, answer, until, is_proxied=proxy is not None
                )
        request.meta[EXCHANGE_KEY] = exchange
        return Response(
            request.url,
            status=exchange.status,
            headers=exchange.response_headers,
            body=exchange.body,
            protocol=exchange.protocol,
        )

    @override
    async def close(self) -> None:
        """Let go of all connections."""
        await self._session.close()

    async def _answer_to(self, request: Request, proxy: str | None) -> aiohttp.ClientResponse:
        """The head of an answer; over HTTP/1.1 where the host turns out to speak no HTTP/2."""
        host = urlsplit(request.url).hostname or ""
        was_without = host in self._without_h2
        try:
            return await self._session.request(
                request.method,
                URL(request.url, encoded=True),  # as it is: another spelling is another address
                allow_redirects=False,
                data=request.body or None,
                headers=_headers_to_send(request),
                proxy=proxy,
                ssl=self._http1_tls if was_without else True,
            )
        except aiohttp.ClientError:
            if was_without or host not in self._without_h2:
                raise
            return await self._answer_to(request, proxy)

    async def _taken_down(
        self, request: Request, answer: aiohttp.ClientResponse, until: float, *, is_proxied: bool
    ) -> Exchange:
        assert isinstance(answer, _Answer)
        captured_at = self._clock()
        body, rest, truncated = await self._body_of(answer, self._limit_of(request, answer), until)
        version = answer.version or aiohttp.HttpVersion11
        http2 = answer.http2
        return Exchange(
            url=request.url,
            captured_at=captured_at,
            method=request.method,
            request_headers=answer.sent or tuple(answer.request_info.headers.items()),
            status=answer.status,
            reason=answer.reason or "",
            protocol=PROTOCOL if http2 else f"http/{version.major}.{version.minor}",
            response_headers=http2.headers if http2 else _as_text(answer.raw_headers),
            body=body,
            rest=rest,
            ip=None if is_proxied else answer.ip,
            tls_version=answer.tls_version,
            tls_cipher=answer.tls_cipher,
            truncated=truncated,
        )

    async def _body_of(
        self, answer: aiohttp.ClientResponse, limit_bytes: int, until: float
    ) -> tuple[bytes, Rest | None, str | None]:
        """The body as far as it came, the rest of a long one, and why it is not whole (or None)."""
        taken, truncated = TakenBody(self._folder, self._max_page_bytes), None
        may_be_long = limit_bytes > self._max_page_bytes
        try:
            async with asyncio.timeout_at(until) as time_out:
                async for chunk in answer.content.iter_any():
                    room = limit_bytes - taken.size_bytes
                    taken.append(chunk[:room])
                    if len(chunk) > room:
                        answer.close()
                        truncated = "length"
                        break
                    if may_be_long:
                        time_out.reschedule(until + taken.size_bytes / _LEAST_BYTES_A_S)
        except aiohttp.ClientPayloadError:
            truncated = "disconnect"
        except TimeoutError:
            answer.close()
            truncated = "time"
        return *taken.parts(), truncated

    def _limit_of(self, request: Request, answer: aiohttp.ClientResponse) -> int:
        """The longest body that is taken: what is read is held whole, any other may be longer."""
        errand, media_type = errand_of(request), answer.headers.get("Content-Type", "")
        if errand is None or errand.work.kind is not AddressKind.PAGE:
            return self._max_page_bytes
        if not media_type or _IS_READ.match(media_type.strip()):
            return self._max_page_bytes
        own = errand.source.max_file_bytes
        return max(self._max_page_bytes, self._max_file_bytes if own is None else own)

    def _proxy_for(self, url: str) -> str | None:
        if not self._proxies:
            return None
        parts = urlsplit(url)
        proxy = self._proxies.get(parts.scheme) or self._proxies.get("all")
        return None if proxy is None or _is_reached_directly(parts.hostname or "") else proxy


class _Connector(aiohttp.TCPConnector):
    """Connections that read an answer whose server sends more than it announced."""

    def __init__(self, *, without_h2: set[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        made = partial(_Protocol, loop=self._loop, without_h2=without_h2)
        self._factory = made  # type: ignore[assignment]  # a kind of it


class _Protocol(ResponseHandler):
    """Hands head and body to the parser one after the other.

    What follows the announced length is an error to aiohttp; with head, body and surplus in one
    piece, the answer would be lost with it, which every browser shows.
    """

    def __init__(self, *, loop: asyncio.AbstractEventLoop, without_h2: set[str]) -> None:
        super().__init__(loop)
        self._without_h2 = without_h2
        self._http2: Http2Transport | None = None
        self._host = ""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        tls = transport.get_extra_info("ssl_object")
        if tls is not None and tls.selected_alpn_protocol() == PROTOCOL:
            self._host = tls.server_hostname
            transport = Http2Transport(transport, super().data_received, self._refuse_h2)
            self._http2 = transport
        super().connection_made(transport)

    def _refuse_h2(self) -> None:
        """Remember the host; with an error of this kind aiohttp does not ask it once more."""
        self._without_h2.add(self._host)
        self.set_exception(aiohttp.ClientConnectionError(f"{self._host} speaks no HTTP/2"))

    @override
    def data_received(self, data: bytes) -> None:
        if self._http2 is not None:
            self._http2.feed(data)
            return
        if data.startswith(b"HTTP/") and (at := data.find(b"\r\n\r\n") + 4) > 3:
            super().data_received(data[:at])
            data = data[at:]
        if data:
            super().data_received(data)


class _Answer(aiohttp.ClientResponse):
    """An answer that remembers its connection, which aiohttp lets go of with the last byte."""

    ip: str | None = None
    tls_version: str | None = None
    tls_cipher: str | None = None
    sent: Headers = ()  # over HTTP/2, where they are others than aiohttp says
    http2: Http2Answer | None = None

    @override
    async def start(self, connection: Any) -> aiohttp.ClientResponse:
        transport = connection.transport
        if transport is not None:
            peer = transport.get_extra_info("peername")
            self.ip = peer[0] if peer else None
            if (tls := transport.get_extra_info("ssl_object")) is not None:
                version = tls.version()
                self.tls_version = version and f"tls/{version.removeprefix('TLSv')}"
                cipher = tls.cipher()
                self.tls_cipher = cipher and iana_name(cipher[0])
        started = await super().start(connection)
        if isinstance(transport, Http2Transport):
            self.sent, self.http2 = transport.sent, transport.answer
        return started


def iana_name(cipher: str) -> str:
    """The registered name of a cipher suite from OpenSSL's name for it.

    Source: the IANA registry of TLS cipher suites; RFC 5289, RFC 7905 (names of TLS 1.2 suites).

    >>> iana_name("ECDHE-RSA-AES128-GCM-SHA256")
    'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'
    """
    if cipher.startswith("TLS_"):
        return cipher  # of TLS 1.3, where the two agree
    parts = _AES.sub(r"AES-\1", cipher).replace("CHACHA20-POLY1305", "CHACHA20_POLY1305").split("-")
    at = next((i for i, part in enumerate(parts) if part.startswith(("AES", "CHACHA20"))), 0)
    exchange, rest = parts[:at] or ["RSA"], parts[at:]
    if rest[-1] == "CHACHA20_POLY1305":
        rest.append("SHA256")
    elif rest[0] == "AES" and len(rest) == 3:
        rest.insert(2, "CBC")
    return f"TLS_{'_'.join(exchange)}_WITH_{'_'.join(rest)}"


def _tls_of_the_web(*protocols: str) -> ssl.SSLContext:
    """TLS that reads what browsers read: an expired certificate is no reason to archive nothing.

    protocols  offered by ALPN; without any nothing is said of it, and HTTP/1.1 is spoken
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if protocols:
        context.set_alpn_protocols(protocols)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=1")  # ministries' servers are old
    return context


def _headers_to_send(request: Request) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in request.headers.items()
        for value in values
    ]


def _as_text(headers: tuple[tuple[bytes, bytes], ...]) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)


@lru_cache(maxsize=4096)
def _is_reached_directly(host: str) -> bool:
    return bool(proxy_bypass(host))


@contextmanager
def _failures_as_scrapy_names_them(url: str, timeout_s: float) -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise DownloadTimeoutError(
            f"Getting {url} took longer than {timeout_s} seconds."
        ) from error
    except aiohttp.ClientConnectorDNSError as error:
        raise CannotResolveHostError(str(error.os_error)) from error
    except aiohttp.ClientConnectorError as error:
        if isinstance(error.os_error, ConnectionRefusedError):
            raise DownloadConnectionRefusedError(str(error)) from error
        raise DownloadFailedError(str(error)) from error
    except (aiohttp.ClientError, ValueError, OSError) as error:
        raise DownloadFailedError(str(error)) from error
