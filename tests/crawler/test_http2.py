"""Hosts that offer HTTP/2 are asked in it, and their answers kept as they came."""

import asyncio
import gzip
import hashlib
import resource
import ssl
import subprocess
from collections.abc import Iterator
from ctypes.util import find_library
from dataclasses import dataclass, field
from pathlib import Path

import playwright
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError
from scrapy.settings import Settings
from typing_extensions import override

from archive.exchange import Exchange
from archive.ledger import AddressKind
from archive.records import response_record
from crawler.downloading import WireHandler
from crawler.errand import EXCHANGE_KEY, META_KEY, Errand
from crawler.http2 import Http2Transport
from tests.archive.certificates import made_certificates
from tests.crawler.test_downloading import errand_for

NODE = Path(playwright.__file__).parent / "driver" / "node"
SERVER = Path(__file__).parents[1] / "web" / "http2_server.mjs"
MAX_BYTES = 50_000

pytestmark = pytest.mark.skipif(
    not NODE.exists() or find_library("atomic") is None,
    reason="Playwright's node does not run here: apt-get install libatomic1",
)


@dataclass
class Server:
    """A server of nghttp2's in a process of its own, and what it was asked so far."""

    process: subprocess.Popen[str]
    root: str
    asked: list[str] = field(default_factory=list)

    def next_line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = made_certificates(tmp_path_factory.mktemp("tls"))
    command = [NODE, SERVER, made.certificate, made.key]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield Server(process, f"https://127.0.0.1:{process.stdout.readline().strip()}")
        process.kill()


def fetched(
    server: Server, *paths: str, timeout_s: float = 20, errand: Errand | None = None
) -> list[Exchange]:
    """The exchanges with the server, one after the other by one handler."""

    async def fetch() -> list[Exchange]:
        asked = Settings(
            {
                "DOWNLOAD_TIMEOUT": timeout_s,
                "SALNAME_ALLOW_PRIVATE_ADDRESSES": True,
                "SALNAME_MAX_PAGE_BYTES": MAX_BYTES,
                "SALNAME_MAX_FILE_BYTES": 1 << 30,
            }
        )
        handler = WireHandler(Crawler(Spider, asked))
        exchanges = []
        try:
            for path in paths:
                request = Request(
                    f"{server.root}{path}",
                    headers={"If-None-Match": '"etag"'},
                    meta={META_KEY: errand},
                )
                await handler.download_request(request)
                exchanges.append(request.meta[EXCHANGE_KEY])
        finally:
            await handler.close()
        return exchanges

    return asyncio.run(fetch())


def test_an_answer_over_http_2_is_kept_as_it_came(server: Server) -> None:
    (exchange,) = fetched(server, "/xeber?a=1&b")
    names = [name for name, _ in exchange.response_headers]
    record = response_record(exchange)

    assert server.next_line() == "2.0 GET /xeber?a=1&b"
    assert (exchange.protocol, exchange.tls_version) == ("h2", "tls/1.3")
    assert exchange.ip == "127.0.0.1"
    assert (exchange.status, exchange.reason, exchange.truncated) == (200, "", None)
    assert names == ["content-type", "content-encoding", "x-iki", "x-iki", "transfer", "date"]
    assert dict(exchange.response_headers)["transfer"] == '"etag"'
    assert gzip.decompress(exchange.body).decode().startswith('<html lang="az">')
    assert exchange.request_headers[0][0] == "Host"
    assert ("if-none-match", '"etag"') in exchange.request_headers
    assert record.block.startswith(b"HTTP/1.1 200 \r\ncontent-type: text/html; charset=utf-8\r\n")
    assert ("WARC-Protocol", "h2") in record.fields


def test_one_connection_serves_one_request_after_the_other(server: Server) -> None:
    exchanges = fetched(server, "/xeber", "/degismeyib", "/yonelt", "/xeber", "/son", "/xeber")

    assert [server.next_line()[:3] for _ in exchanges] == ["2.0"] * 6
    assert [each.status for each in exchanges] == [200, 304, 302, 200, 200, 200]
    assert [len(each.body) > 0 for each in exchanges] == [True, False, False, True, True, True]
    assert ("etag", '"a"') in exchanges[1].response_headers
    assert ("location", "/xeber") in exchanges[2].response_headers


def test_a_long_answer_is_cut_and_a_broken_one_says_so(server: Server) -> None:
    long, broken, cut_off, whole = fetched(server, "/uzun", "/kesik", "/qirilan", "/xeber")

    assert [server.next_line()[:3] for _ in range(4)] == ["2.0"] * 4
    assert (len(long.body), long.truncated) == (MAX_BYTES, "length")
    assert (broken.body.decode(), broken.truncated) == ("yarım", "disconnect")
    assert (cut_off.body.decode(), cut_off.truncated) == ("yarım", "disconnect")
    assert whole.truncated is None


@pytest.mark.parametrize(("path", "came"), [("/az", b"az"), ("/cox", b"")])
def test_an_answer_of_another_length_than_announced_is_not_whole_and_ends_http_2(
    server: Server, path: str, came: bytes
) -> None:
    broken, next_one = fetched(server, path, "/xeber")

    assert [server.next_line()[:3] for _ in range(2)] == ["2.0", "1.1"]
    assert (broken.protocol, broken.body, broken.truncated) == ("h2", came, "disconnect")
    assert (next_one.protocol, next_one.truncated) == ("http/1.1", None)


def test_a_film_is_taken_whole_or_as_far_as_it_came_and_never_held(server: Server) -> None:
    held_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    whole, cut = fetched(server, "/film-100", "/film-60-kesik", errand=errand_for(AddressKind.PAGE))
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held_kb

    assert [server.next_line()[:3] for _ in range(2)] == ["2.0"] * 2
    assert (whole.protocol, whole.payload_bytes, whole.truncated) == ("h2", 100 << 20, None)
    assert whole.payload_sha256 == sha256_of_film(100)
    assert 20 << 20 < cut.payload_bytes <= 30 << 20
    assert (cut.protocol, cut.truncated) == ("h2", "disconnect")
    assert grown_kb < 60_000


def sha256_of_film(megabytes: int) -> str:
    digest = hashlib.sha256()
    for number in range(megabytes):
        digest.update(number.to_bytes(4) + bytes((1 << 20) - 4))
    return digest.hexdigest()


def test_a_host_that_wants_http_1_1_is_asked_in_it(server: Server) -> None:
    first, second = fetched(server, "/kohne", "/xeber")

    assert server.next_line() == "2.0 GET /kohne"
    assert server.next_line() == "1.1 GET /kohne"
    assert server.next_line() == "1.1 GET /xeber"
    assert (first.protocol, first.status) == ("http/1.1", 200)
    assert "Content-Type" in dict(first.response_headers)  # with the case that HTTP/1.1 keeps
    assert second.protocol == "http/1.1"


def test_an_answer_that_does_not_come_or_not_end_is_given_up_in_time(server: Server) -> None:
    with pytest.raises(DownloadTimeoutError):
        fetched(server, "/susan", timeout_s=1)
    (exchange,) = fetched(server, "/damci", timeout_s=1)

    assert [server.next_line()[:3] for _ in range(2)] == ["2.0"] * 2
    assert (exchange.body, exchange.truncated) == (b"bir", "time")


def test_what_breaks_http_2_is_an_error_of_the_download(tmp_path: Path) -> None:
    made = made_certificates(tmp_path)

    async def fetch() -> None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(made.certificate, made.key)
        tls.set_alpn_protocols(["h2"])

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(10)
            writer.write(b"HTTP/1.1 200 OK\r\n\r\nthis is no frame of HTTP/2 at all")
            await writer.drain()
            writer.close()

        listener = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
        port = listener.sockets[0].getsockname()[1]
        asked = Settings({"SALNAME_ALLOW_PRIVATE_ADDRESSES": True, "DOWNLOAD_TIMEOUT": 10})
        handler = WireHandler(Crawler(Spider, asked))
        try:
            await handler.download_request(Request(f"https://127.0.0.1:{port}/"))
        finally:
            await handler.close()
            listener.close()

    with pytest.raises(DownloadFailedError):
        asyncio.run(fetch())


class Below(asyncio.Transport):
    """A connection of which only the closing is of interest."""

    is_cut = False

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Take it."""

    @override
    def abort(self) -> None:
        self.is_cut = True

    @override
    def is_closing(self) -> bool:
        return self.is_cut


FRAMES = st.builds(
    lambda kind, flags, stream, payload: (
        len(payload).to_bytes(3) + bytes([kind, flags]) + stream.to_bytes(4) + payload
    ),
    st.integers(0, 12),
    st.integers(0, 255),
    st.integers(0, 3),
    st.binary(max_size=24),
)


@given(frames=st.lists(FRAMES, max_size=8), tail=st.binary(max_size=12), size=st.integers(1, 40))
@settings(max_examples=60)
def test_no_bytes_of_a_server_break_more_than_its_connection(
    frames: list[bytes], tail: bytes, size: int
) -> None:
    received: list[bytes] = []
    transport = Http2Transport(Below(), received.append, lambda: None)
    transport.write(b"GET / HTTP/1.1\r\nHost: numune.example\r\n\r\n")
    came = b"\x00\x00\x00\x04\x00\x00\x00\x00\x00" + b"".join(frames) + tail

    for at in range(0, len(came), size):
        transport.feed(came[at : at + size])

    assert b"".join(received)[:9] in (b"", b"HTTP/1.1 ")
