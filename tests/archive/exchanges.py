"""Made-up exchanges and segments for the tests of the archive's lower rooms."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.exchange import Exchange
from archive.records import metadata_record, request_record, response_record
from archive.segment import OpenSegment
from archive.warc import Location, Record

STARTED_AT = datetime(2026, 11, 24, 3, 14, 17, 123456, tzinfo=UTC)
NAME = "salname-20261124T031417123456Z-arxiv.example-r1-00001"
PAGE = (
    "<!doctype html><html lang=az><title>ASAN xidmət</title>"
    "<p>Yeni xidmət mərkəzi bu gün açılıb.</p></html>"
).encode()


def exchange(number: int = 1, *, body: bytes | None = None, coding: str | None = None) -> Exchange:
    """A page of a made-up site; gzip-coded where `coding` says so."""
    plain = PAGE + b"<!-- %d -->" % number if body is None else body
    headers = (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
    )
    return Exchange(
        url=f"https://olke.example/az/cemiyyet/{number}/yeni-merkez/?q=1",
        captured_at=STARTED_AT + timedelta(seconds=number),
        request_headers=(("Accept", "text/html"), ("User-Agent", "salname/0.1")),
        response_headers=(*headers, *((("Content-Encoding", "gzip"),) if coding else ())),
        body=gzip.compress(plain, mtime=0) if coding else plain,
        ip="192.0.2.7",
        tls_version="tls/1.3",
        tls_cipher="TLS_AES_128_GCM_SHA256",
    )


def record_id(number: int) -> str:
    """A record id that is the same in every run."""
    return f"urn:uuid:00000000-0000-4000-8000-{number:012}"


def capture(number: int) -> tuple[Record, Record, Record]:
    """Response, request and metadata of one fetch, with ids that are the same in every run."""
    answered = exchange(number)
    response = response_record(answered, record_id=record_id(10 * number))
    request = request_record(
        answered, concurrent_to=response.record_id, record_id=record_id(10 * number + 1)
    )
    reading = metadata_record(
        b'{"kind":"article","title":"ASAN xidm\xc9\x99t"}',
        url=answered.url,
        at=answered.captured_at,
        concurrent_to=response.record_id,
        record_id=record_id(10 * number + 2),
    )
    return response, request, reading


def write_segment(folder: Path, *, captures: int) -> tuple[Path, list[Location], list[Record]]:
    """An open segment with so many captures; its file, and what lies where after the warcinfo."""
    locations: list[Location] = []
    records: list[Record] = []
    with OpenSegment.create(
        folder, NAME, at=STARTED_AT, about=(("software", "salname/0.1"),)
    ) as segment:
        for number in range(1, captures + 1):
            group = capture(number)
            locations += segment.append_group(group)
            records += group
        segment.sync()
    return segment.path, locations, records
