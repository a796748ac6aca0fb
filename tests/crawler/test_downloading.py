"""Answers as they are on the wire, from a loopback server that sends them byte by byte."""

import asyncio
import socket
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.settings import Settings

from archive.catalogue.work import Work
from archive.exchange import Exchange
from archive.ledger import AddressKind
from crawler.downloading import WireHandler, iana_name
from crawler.errand import EXCHANGE_KEY, META_KEY, Errand
from crawler.source import source_of_family

MAX_BYTES = 5_000


def fetched(
    answer: bytes,
    *,
    tls: ssl.SSLContext | None = None,
    allows_private: bool = True,
    host: str = "127.0.0.1",
    stays_silent: bool = False,
    drips: bytes = b"",
    errand: Errand | None = None,
) -> tuple[Exchange, bytes]:
    """The exchange with a server that gives this answer and hangs up, and what it was asked."""
    asked: list[bytes] = []
    over, served = asyncio.Event(), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        if stays_silent:
            await over.wait()
        writer.write(answer)
        while drips and not over.is_set():
            writer.write(drips)
            await asyncio.sleep(0.05)
        writer.close()
        served.set()

    async def fetch() -> Exchange:
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
        port = server.sockets[0].getsockname()[1]
        handler = WireHandler(Crawler(Spider, settings(allows_private=allows_private)))
        request = Request(
            f"http{'s' if tls else ''}://{host}:{port}/x%c9%99b%C9%99r?a=1&b",
            headers={"If-None-Match": '"etag"'},
            meta={META_KEY: errand},
        )
        try:
            await handler.download_request(request)
        finally:
            over.set()
            if asked:
                await served.wait()
            await handler.close()
            server.close()
            await asyncio.sleep(0)
        exchange: Exchange = request.meta[EXCHANGE_KEY]
        return exchange

    return asyncio.run(fetch()), asked[0]


def settings(*, allows_private: bool) -> Settings:
    return Settings(
        {
            "DOWNLOAD_TIMEOUT": 1,
            "SALNAME_ALLOW_PRIVATE_ADDRESSES": allows_private,
            "SALNAME_MAX_PAGE_BYTES": MAX_BYTES,
            "SALNAME_MAX_FILE_BYTES": 2 * MAX_BYTES,
        }
    )


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A server's TLS with a certificate that nobody vouches for, and that has expired."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "numune.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now - timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path: Path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def test_headers_stay_in_order_with_case_and_duplicates_and_the_reason_as_it_was_sent() -> None:
    exchange, _ = fetched(
        b"HTTP/1.1 200 Hazirdir\r\nx-SECOND: b\r\nSet-Cookie: a=1\r\nX-Ilk: \xc9\x99\r\n"
        b"set-cookie: b=2\r\nContent-Length: 2\r\n\r\nok"
    )

    assert exchange.response_headers == (
        ("x-SECOND", "b"),
        ("Set-Cookie", "a=1"),
        ("X-Ilk", "\xc9\x99"),
        ("set-cookie", "b=2"),
        ("Content-Length", "2"),
    )
    assert (exchange.reason, exchange.protocol, exchange.body) == ("Hazirdir", "http/1.1", b"ok")
    assert exchange.ip == "127.0.0.1"


def test_the_request_is_recorded_as_it_went_out_and_its_address_is_not_rewritten() -> None:
    exchange, asked = fetched(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    line, *sent = asked.decode("latin-1").split("\r\n")[:-2]

    assert line == "GET /x%c9%99b%C9%99r?a=1&b HTTP/1.1"
    assert [f"{name}: {value}" for name, value in exchange.request_headers] == sent
    assert 'If-None-Match: "etag"' in sent


def test_a_body_in_chunks_is_kept_without_them() -> None:
    exchange, _ = fetched(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nsal\r\n4\r\nname\r\n0\r\n\r\n"
    )

    assert (exchange.body, exchange.truncated) == (b"salname", None)


def test_a_body_that_breaks_off_is_kept_as_far_as_it_came() -> None:
    exchange, _ = fetched(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsal")

    assert (exchange.body, exchange.truncated) == (b"sal", "disconnect")


def test_a_body_that_drips_until_the_time_is_over_is_kept_as_far_as_it_came() -> None:
    exchange, _ = fetched(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nsal", drips=b"n")

    assert (exchange.body.rstrip(b"n"), exchange.truncated) == (b"sal", "time")


def test_what_follows_the_announced_length_is_left_out() -> None:
    exchange, _ = fetched(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nsalname\r\n")

    assert (exchange.body, exchange.truncated) == (b"sal", None)


def test_a_body_over_the_limit_is_cut_there() -> None:
    exchange, _ = fetched(b"HTTP/1.1 200 OK\r\n\r\n" + bytes(MAX_BYTES + 1))

    assert (len(exchange.body), exchange.truncated) == (MAX_BYTES, "length")


def test_a_body_of_just_the_limit_is_whole() -> None:
    exchange, _ = fetched(b"HTTP/1.0 200 OK\r\n\r\n" + bytes(MAX_BYTES))

    assert (len(exchange.body), exchange.truncated) == (MAX_BYTES, None)
    assert exchange.protocol == "http/1.0"


def errand_for(kind: AddressKind, *, max_file_bytes: int | None = None) -> Errand:
    source = replace(source_of_family("modern", "numune.example"), max_file_bytes=max_file_bytes)
    return Errand(source=source, work=Work(url="http://numune.example/fayl", kind=kind))


@pytest.mark.parametrize(
    ("media_type", "kind", "own", "most"),
    [
        ("application/pdf", AddressKind.PAGE, None, 2 * MAX_BYTES),
        ("video/mp4", AddressKind.PAGE, 3 * MAX_BYTES, 3 * MAX_BYTES),
        ("text/html; charset=utf-8", AddressKind.PAGE, None, MAX_BYTES),
        ("application/xhtml+xml", AddressKind.PAGE, None, MAX_BYTES),
        ("application/octet-stream", AddressKind.PHOTO, None, MAX_BYTES),
        ("application/gzip", AddressKind.SITEMAP, None, MAX_BYTES),
    ],
)
def test_what_is_no_page_may_be_longer_and_its_rest_is_not_in_memory(
    media_type: str, kind: AddressKind, own: int | None, most: int
) -> None:
    sent = bytes(range(256)) * 100
    exchange, _ = fetched(
        f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\n\r\n".encode() + sent,
        errand=errand_for(kind, max_file_bytes=own),
    )

    rest = b"".join(exchange.rest.pieces()) if exchange.rest and exchange.rest.pieces else b""
    assert exchange.body + rest == sent[:most]
    assert (exchange.payload_bytes, exchange.truncated) == (most, "length")
    assert exchange.payload_sha256 == sha256(sent[:most]).hexdigest()
    assert len(exchange.body) <= MAX_BYTES


def test_tls_is_told_and_a_bad_certificate_is_no_reason_to_archive_nothing(
    tls: ssl.SSLContext,
) -> None:
    exchange, _ = fetched(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", tls=tls)

    assert exchange.tls_version == "tls/1.3"
    assert (exchange.tls_cipher or "").startswith("TLS_")


def test_a_name_that_leads_into_a_private_network_is_not_followed() -> None:
    with pytest.raises(CannotResolveHostError, match="localhost has the private address"):
        fetched(b"", host="localhost", allows_private=False)


@pytest.mark.parametrize(
    "answer", [b"", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", b"HTTP/1.1 2x0 OK\r\n\r\n"]
)
def test_an_answer_that_is_not_http_is_a_failed_download(answer: bytes) -> None:
    with pytest.raises(DownloadFailedError):
        fetched(answer)


def test_a_server_that_stays_silent_is_left_when_the_time_is_over() -> None:
    with pytest.raises(DownloadTimeoutError):
        fetched(b"", stays_silent=True)


def test_a_closed_port_is_a_refused_connection() -> None:
    async def fetch() -> None:
        handler = WireHandler(Crawler(Spider, settings(allows_private=True)))
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]
        try:
            await handler.download_request(Request(f"http://127.0.0.1:{port}/"))
        finally:
            await handler.close()

    with pytest.raises(DownloadConnectionRefusedError):
        asyncio.run(fetch())


@pytest.mark.parametrize(
    ("of_openssl", "registered"),
    [
        ("TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384"),
        ("ECDHE-ECDSA-AES256-GCM-SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
        ("ECDHE-RSA-CHACHA20-POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
        ("ECDHE-RSA-AES128-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"),
        ("DHE-RSA-AES128-SHA", "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"),
        ("AES256-GCM-SHA384", "TLS_RSA_WITH_AES_256_GCM_SHA384"),
        ("AES128-SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"),
    ],
)
def test_cipher_suites_have_their_registered_names(of_openssl: str, registered: str) -> None:
    assert iana_name(of_openssl) == registered
