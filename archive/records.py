"""The records that Salnamə writes for a capture: response or revisit, request, text, metadata.

Digests are written as `sha256:` and lower-case hex, the form that the catalogue has too, so that a
person can search for one in both; `warcio check` verifies it. Functions are deterministic when a
record id is passed in.

Source: ISO 28500:2017 (WARC 1.1), section 6 (record types), 6.7 (revisit profiles); the fields
WARC-Protocol and WARC-Cipher-Suite as proposed in the IIPC's WARC specifications.
"""

import re
import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

from archive.exchange import Exchange
from archive.moments import stamp
from archive.rendering import Rendering
from archive.warc import Record, RecordType

_CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_IDENTICAL_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_LINE_BREAKS = re.compile("[\r\n]+[ \t]*")

# The body is kept without its chunks; were the header kept as it came, a reader would look for
# them. pywb and the Wayback Machine know this prefix.
_AS_RECEIVED = "X-Archive-Orig-"
_DOCUMENT_OF = "urn:salname:document:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The earlier response record that a revisit stands for."""

    record_id: str
    target_uri: str
    captured_at: datetime
    payload_sha256: str


def new_record_id() -> str:
    """A fresh `urn:uuid:…`."""
    return f"urn:uuid:{uuid.uuid4()}"


def warcinfo_record(
    *,
    filename: str,
    at: datetime,
    about: tuple[tuple[str, str], ...] = (),
    record_id: str | None = None,
) -> Record:
    """The first record of a segment: who wrote it, with what.

    filename  of the sealed segment
    about     further `name: value` lines, such as software, operator, hostname, isPartOf
    """
    lines = [*about, ("format", "WARC File Format 1.1"), ("conformsTo", _CONFORMS_TO)]
    return Record(
        type=RecordType.WARCINFO,
        record_id=record_id or new_record_id(),
        date=at,
        content_type="application/warc-fields",
        fields=(("WARC-Filename", filename),),
        block="".join(f"{name}: {_one_line(value)}\r\n" for name, value in lines).encode(),
    )


def response_record(exchange: Exchange, *, record_id: str | None = None) -> Record:
    """The answer as received: status line, headers, and the body still content-encoded.

    `Transfer-Encoding` is renamed, since the body no longer has chunks. HTTP/2 answers get an
    HTTP/1.1 status line, as readers expect; WARC-Protocol says what was spoken.
    """
    return Record(
        type=RecordType.RESPONSE,
        record_id=record_id or new_record_id(),
        date=exchange.captured_at,
        target_uri=exchange.url,
        content_type="application/http;msgtype=response",
        fields=(*_wire_fields(exchange), _payload_digest(exchange.payload_sha256)),
        block=_response_head(exchange) + exchange.body,
        rest=exchange.rest,
    )


def part_record(exchange: Exchange, *, of: str, record_id: str) -> Record:
    """The answer to what a page's script asked for, beside the record `of` of the page's answer."""
    answer = response_record(exchange, record_id=record_id)
    return replace(answer, fields=(("WARC-Concurrent-To", f"<{of}>"), *answer.fields))


def document_record(
    rendering: Rendering, exchange: Exchange, *, concurrent_to: str, record_id: str | None = None
) -> Record:
    """The document that a browser made of the answer with the id `concurrent_to`.

    Its address is none of the web: under the page's own, other tools would take it for the answer.
    """
    truncated = rendering.truncated and ("WARC-Truncated", rendering.truncated)
    return Record(
        type=RecordType.RESOURCE,
        record_id=record_id or new_record_id(),
        date=exchange.captured_at,
        target_uri=_DOCUMENT_OF + exchange.url,
        content_type="text/html; charset=utf-8",
        fields=(
            ("WARC-Concurrent-To", f"<{concurrent_to}>"),
            *((truncated,) if truncated else ()),
            _payload_digest(sha256(rendering.dom).hexdigest()),
        ),
        block=rendering.dom,
    )


def request_record(
    exchange: Exchange, *, concurrent_to: str, record_id: str | None = None
) -> Record:
    """The question as sent, beside the response or revisit with the id `concurrent_to`."""
    return Record(
        type=RecordType.REQUEST,
        record_id=record_id or new_record_id(),
        date=exchange.captured_at,
        target_uri=exchange.url,
        content_type="application/http;msgtype=request",
        fields=(("WARC-Concurrent-To", f"<{concurrent_to}>"),),
        block=_request_head(exchange),
    )


def revisit_record(
    exchange: Exchange, *, original: Original, record_id: str | None = None
) -> Record:
    """An answer whose payload is the one of `original`: its headers only.

    Raises ValueError when the two payloads differ.
    """
    if exchange.payload_sha256 != original.payload_sha256:
        raise ValueError(f"{exchange.url} does not have the payload of {original.record_id}")
    return _revisit(exchange, original, _IDENTICAL_PAYLOAD, record_id)


def not_modified_record(
    exchange: Exchange, *, original: Original, record_id: str | None = None
) -> Record:
    """A 304: the server says that `original` is still what it would send."""
    return _revisit(exchange, original, _NOT_MODIFIED, record_id)


def metadata_record(
    block: bytes,
    *,
    url: str,
    at: datetime,
    concurrent_to: str | None = None,
    refers_to: str | None = None,
    record_id: str | None = None,
) -> Record:
    """What was made of a capture, as JSON.

    block          UTF-8 JSON
    concurrent_to  id of the capture's response or revisit record, made at the same time
    refers_to      id of an earlier record that it speaks of, such as one that is read anew
    """
    named = (("WARC-Concurrent-To", concurrent_to), ("WARC-Refers-To", refers_to))
    return Record(
        type=RecordType.METADATA,
        record_id=record_id or new_record_id(),
        date=at,
        target_uri=url,
        content_type="application/json",
        fields=tuple((name, f"<{value}>") for name, value in named if value is not None),
        block=block,
    )


def text_record(
    text: str, *, url: str, at: datetime, refers_to: str, record_id: str | None = None
) -> Record:
    """The text that was extracted from an answer: a conversion of it, for programs without ours.

    at         when it was extracted
    refers_to  id of the answer's response record
    """
    return Record(
        type=RecordType.CONVERSION,
        record_id=record_id or new_record_id(),
        date=at,
        target_uri=url,
        content_type="text/plain; charset=utf-8",
        fields=(("WARC-Refers-To", f"<{refers_to}>"),),
        block=text.encode(),
    )


def _revisit(exchange: Exchange, original: Original, profile: str, record_id: str | None) -> Record:
    return Record(
        type=RecordType.REVISIT,
        record_id=record_id or new_record_id(),
        date=exchange.captured_at,
        target_uri=exchange.url,
        content_type="application/http;msgtype=response",
        fields=(
            ("WARC-Profile", profile),
            ("WARC-Refers-To", f"<{original.record_id}>"),
            ("WARC-Refers-To-Target-URI", original.target_uri),
            ("WARC-Refers-To-Date", stamp(original.captured_at)),
            *_wire_fields(exchange),
            _payload_digest(original.payload_sha256),
        ),
        block=_response_head(exchange),
    )


def _payload_digest(payload_sha256: str) -> tuple[str, str]:
    return ("WARC-Payload-Digest", f"sha256:{payload_sha256}")


def _wire_fields(exchange: Exchange) -> list[tuple[str, str]]:
    named = (
        ("WARC-IP-Address", exchange.ip),
        ("WARC-Protocol", exchange.protocol),
        ("WARC-Protocol", exchange.tls_version),
        ("WARC-Cipher-Suite", exchange.tls_cipher),
        ("WARC-Truncated", exchange.truncated),
    )
    return [(name, value) for name, value in named if value]


def _response_head(exchange: Exchange) -> bytes:
    version = "1.0" if exchange.protocol == "http/1.0" else "1.1"
    lines = [f"HTTP/{version} {exchange.status} {exchange.reason}"]
    for name, value in exchange.response_headers:
        is_undone = name.lower() == "transfer-encoding"
        lines.append(f"{_AS_RECEIVED if is_undone else ''}{name}: {value}")
    return _head_bytes(lines)


def _request_head(exchange: Exchange) -> bytes:
    parts = urlsplit(exchange.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"{exchange.method} {target} HTTP/1.1"]
    # What was said to a proxy was not said to the publisher, and may be a secret.
    lines += [
        f"{name}: {value}"
        for name, value in exchange.request_headers
        if name.lower() != "proxy-authorization"
    ]
    return _head_bytes(lines)


def _head_bytes(lines: list[str]) -> bytes:
    text = "\r\n".join(lines)
    if text.count("\n") != len(lines) - 1 or text.count("\r") != len(lines) - 1:
        text = "\r\n".join(_one_line(line) for line in lines)
    return f"{text}\r\n\r\n".encode("latin-1")


def _one_line(text: str) -> str:
    """A folded header line is a line with a space (RFC 9112, section 5.2)."""
    return _LINE_BREAKS.sub(" ", text)
