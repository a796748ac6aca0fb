"""HTTP/1.1 as the made-up web speaks it: requests in, answers out, on one loopback socket.

A request may come in either form: `GET /az/ HTTP/1.1` with a Host header, or, as to a proxy,
`GET http://olke.example/az/ HTTP/1.1`. Answers carry ETag and Last-Modified and are left out
(304) or gzipped as the request allows. Nothing but GET and HEAD is served.
Source: RFC 9110 and RFC 9112.
"""

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from typing_extensions import override

MAX_HEAD_BYTES = 64 * 1024
_GZIP_WBITS = 31
_COMPRESSIBLE = ("text/", "application/xml", "application/rss+xml", "application/json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request: `path` with its query as sent, header names in lower case."""

    method: str
    host: str
    path: str
    headers: Mapping[str, str]
    is_proxied: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a site says. `gzipped`, where given, is `body` compressed beforehand (body is empty)."""

    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    body: bytes = b""
    gzipped: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()
    etag: str | None = None
    modified_at: datetime | None = None


class Wire:
    """One connection as somebody who misbehaves on it sees it."""

    def __init__(self, transport: asyncio.Transport, can_write: asyncio.Event) -> None:
        self._transport = transport
        self._can_write = can_write

    async def send(self, data: bytes) -> None:
        """Write, and wait until the peer has taken most of it."""
        self._transport.write(data)
        await self._can_write.wait()

    def close(self) -> None:
        """Close after what was written has been sent."""
        self._transport.close()

    def abort(self) -> None:
        """Cut the connection at once."""
        self._transport.abort()

    @property
    def is_closed(self) -> bool:
        """Whether either side has closed."""
        return self._transport.is_closing()


Misconduct = Callable[[Wire], Awaitable[None]]
"""Answers on the bare wire, in any way but the right one."""

Handler = Callable[[Request], Answer | Misconduct]
"""What a web does with a request."""


class Connection(asyncio.Protocol):
    """One client, served request by request in the order of arrival (keep-alive, pipelining)."""

    def __init__(self, handler: Handler, open_connections: set["Connection"]) -> None:
        self._handler = handler
        self._open = open_connections
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._can_write = asyncio.Event()
        self._can_write.set()
        self._task: asyncio.Task[None] | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop when the client has connected."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._open.add(self)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the loop when the connection is gone, whoever ended it."""
        self._open.discard(self)
        self._can_write.set()
        if self._task is not None:
            self._task.cancel()

    @override
    def pause_writing(self) -> None:
        """Called by the loop when the peer reads slower than we write."""
        self._can_write.clear()

    @override
    def resume_writing(self) -> None:
        """Called by the loop when the peer has caught up."""
        self._can_write.set()

    @override
    def data_received(self, data: bytes) -> None:
        """Called by the loop with each piece that arrived."""
        self._buffer += data
        if self._task is None:
            self._serve_what_arrived()

    def abort(self) -> None:
        """Cut the connection at once."""
        if self._transport is not None:
            self._transport.abort()

    def _serve_what_arrived(self) -> None:
        assert self._transport is not None
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0 and not self._transport.is_closing():
            head = bytes(self._buffer[:end])
            del self._buffer[: end + 4]
            request = read_request(head)
            if request is None:
                self._transport.write(_head_of(400, (("Content-Length", "0"),)))
                self._transport.close()
                return
            reply = self._handler(request)
            if not isinstance(reply, Answer):
                self._task = asyncio.ensure_future(self._misbehave(reply))
                return
            self._transport.write(encode(reply, request))
            if request.headers.get("connection", "").lower() == "close":
                self._transport.close()
        if len(self._buffer) > MAX_HEAD_BYTES:
            self._transport.abort()

    async def _misbehave(self, reply: Misconduct) -> None:
        assert self._transport is not None
        with suppress(asyncio.CancelledError, ConnectionError):
            await reply(Wire(self._transport, self._can_write))
        self._task = None
        if not self._transport.is_closing():
            self._serve_what_arrived()


def read_request(head: bytes) -> Request | None:
    """The request that a head (without its empty line) makes, or None if it is none."""
    start, *lines = head.decode("latin-1").split("\r\n")
    parts = start.split(" ")
    if len(parts) != 3:
        return None
    method, target, _ = parts
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    host, path, is_proxied = headers.get("host", ""), target, False
    if not target.startswith("/"):
        split = urlsplit(target)
        host, is_proxied = split.netloc, True
        path = target.partition("://")[2][len(host) :] or "/"
    return Request(
        method=method,
        host=host.partition(":")[0].lower(),
        path=path.partition("#")[0],
        headers=headers,
        is_proxied=is_proxied,
        at=datetime.now(UTC),
    )


def encode(answer: Answer, request: Request) -> bytes:
    """The answer as bytes for this request: 304 where nothing is new, gzip where it is taken."""
    if request.method not in {"GET", "HEAD"}:
        return _head_of(405, (("Allow", "GET, HEAD"), ("Content-Length", "0")))
    validators = _validators_of(answer)
    if answer.status == 200 and is_unchanged(answer, request):
        return _head_of(304, (*validators, *answer.headers))
    body, encoding = _encoded_body(answer, request)
    head = _head_of(
        answer.status,
        (
            ("Content-Type", answer.content_type),
            ("Content-Length", str(len(body))),
            *encoding,
            *validators,
            *answer.headers,
        ),
    )
    return head if request.method == "HEAD" else head + body


def is_unchanged(answer: Answer, request: Request) -> bool:
    """Whether the request's validators say that the client has this answer already.

    Source: RFC 9110 section 13.2.2: If-None-Match wins over If-Modified-Since.
    """
    if (known := request.headers.get("if-none-match")) is not None:
        return answer.etag is not None and answer.etag in known
    since = request.headers.get("if-modified-since")
    if since is None or answer.modified_at is None:
        return False
    with suppress(ValueError):
        return answer.modified_at.replace(microsecond=0) <= parsedate_to_datetime(since)
    return False


def gzip_of(body: bytes, level: int = 6) -> bytes:
    """The bytes as one gzip member without a time, so that the same body gives the same bytes."""
    packer = zlib.compressobj(level, zlib.DEFLATED, _GZIP_WBITS)
    return packer.compress(body) + packer.flush()


def head_with(status: int, *headers: tuple[str, str]) -> bytes:
    """A status line and headers, ended by the empty line, for whoever answers by hand."""
    return _head_of(status, headers)


def _encoded_body(answer: Answer, request: Request) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    is_accepted = "gzip" in request.headers.get("accept-encoding", "")
    gzip_headers = (("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding"))
    if answer.gzipped is not None:
        if is_accepted:
            return answer.gzipped, gzip_headers
        return zlib.decompress(answer.gzipped, _GZIP_WBITS), ()
    if is_accepted and len(answer.body) > 500 and answer.content_type.startswith(_COMPRESSIBLE):
        return gzip_of(answer.body), gzip_headers
    return answer.body, ()


def _validators_of(answer: Answer) -> tuple[tuple[str, str], ...]:
    found = []
    if answer.etag is not None:
        found.append(("ETag", answer.etag))
    if answer.modified_at is not None:
        found.append(
            ("Last-Modified", format_datetime(answer.modified_at.astimezone(UTC), usegmt=True))
        )
    return tuple(found)


def _head_of(status: int, headers: tuple[tuple[str, str], ...]) -> bytes:
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", "Server: madeup"]
    lines.append(f"Date: {format_datetime(datetime.now(UTC), usegmt=True)}")
    lines += [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
