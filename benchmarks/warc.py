"""Records a second and core: our segments beside warcio's writer, on the same pages in one run.

    python -m benchmarks.warc [PAGES]

Both write response records of about 30 kB with payload and block digests, one gzip member each,
and sync every 50. warcio is then shown with its SHA-1 digests, which are what it makes by default.
"""

import io
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import members
from archive.exchange import Exchange
from archive.records import metadata_record, request_record, response_record, text_record
from archive.segment import OpenSegment
from archive.segment_reading import walk_records
from archive.torn_tail import find_torn_tail

AT = datetime(2026, 11, 24, 3, 14, 17, tzinfo=UTC)
GROUP = 50
PAGE_BYTES = 30_000
HEADERS = (
    ("Server", "nginx"),
    ("Date", "Tue, 24 Nov 2026 03:14:17 GMT"),
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-cache, private"),
    ("Set-Cookie", "session=0123456789abcdef; path=/; httponly"),
)
TEXT = (
    "bu gün nazirlik yeni xidmət mərkəzi açılıb vətəndaşlar üçün müraciət qaydası dəyişib iclasda "
    "bildirilib ki layihə üzrə işlər davam edir rayonda məktəb tikintisi başa çatıb hesabat"
)
WORDS = TEXT.split()


def page_bodies(count: int) -> list[bytes]:
    """Made-up pages that compress about as much as a news page does."""
    chance = random.Random(1)  # noqa: S311  # the same pages each time, no secret
    return [_page(chance) for _ in range(count)]


def _page(chance: random.Random) -> bytes:
    parts: list[str] = []
    length = 0
    while length < PAGE_BYTES:
        text = " ".join(chance.choices(WORDS, k=12))
        parts.append(
            f'<div class="news-item" data-id="{chance.getrandbits(40)}"><p>{text}</p></div>\n'
        )
        length += len(parts[-1].encode())
    return "".join(parts).encode()


def exchanges(bodies: list[bytes]) -> list[Callable[[], Exchange]]:
    """Makers, so that the payload's digest is made inside the measured time."""

    def maker(number: int, body: bytes) -> Callable[[], Exchange]:
        url = f"https://olke.example/az/cemiyyet/{number}/"
        return lambda: Exchange(url=url, captured_at=AT, response_headers=HEADERS, body=body)

    return [maker(number, body) for number, body in enumerate(bodies)]


def write_ours(folder: Path, makers: list[Callable[[], Exchange]]) -> Path:
    """Response records only."""
    with OpenSegment.create(folder, "ours", at=AT) as segment:
        for number, make in enumerate(makers, 1):
            segment.append(response_record(make()))
            if number % GROUP == 0:
                segment.sync()
    return segment.path


def write_captures(folder: Path, makers: list[Callable[[], Exchange]]) -> Path:
    """Response, request, text and a metadata record of 3 kB, as the crawl writes them."""
    text = " ".join(WORDS * 10)
    reading = b'{"text":"' + WORDS[0].encode() * 1200 + b'"}'
    with OpenSegment.create(folder, "captures", at=AT) as segment:
        for number, make in enumerate(makers, 1):
            exchange = make()
            response = response_record(exchange)
            identity = response.record_id
            request = request_record(exchange, concurrent_to=identity)
            metadata = metadata_record(reading, url=exchange.url, at=AT, concurrent_to=identity)
            told = text_record(text, url=exchange.url, at=AT, refers_to=identity)
            segment.append_group((response, request, told, metadata))
            if number % GROUP == 0:
                segment.sync()
    return segment.path


def write_warcio(folder: Path, bodies: list[bytes]) -> Path:
    """The same response records by warcio's writer."""
    path = folder / "warcio.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="1.1")
        for number, body in enumerate(bodies, 1):
            http = StatusAndHeaders("200 OK", list(HEADERS), protocol="HTTP/1.1")
            url = f"https://olke.example/az/cemiyyet/{number}/"
            record = writer.create_warc_record(
                url, "response", payload=io.BytesIO(body), http_headers=http
            )
            writer.write_record(record)
            if number % GROUP == 0:
                file.flush()
                os.fsync(file.fileno())
    return path


def row(what: str, count: int, action: Callable[[], Path]) -> float:
    """Run it, print a line, and give its records a CPU second."""
    wall, cpu = time.perf_counter(), time.process_time()
    path = action()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    size = path.stat().st_size / count / 1000
    print(f"| {what:<44} | {count / cpu:>9,.0f} | {count / wall:>9,.0f} | {size:>6.2f} |")
    return count / cpu


def _walk(path: Path) -> Path:
    for _ in walk_records(path):
        pass
    return path


def _prove(path: Path) -> Path:
    assert find_torn_tail(path) is None
    return path


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    bodies = page_bodies(count)
    makers = exchanges(bodies)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(
            f"| {count} pages of {PAGE_BYTES // 1000} kB, a sync every {GROUP:<15} | per CPU s | per s     | kB each |"
        )
        print("| --- | ---: | ---: | ---: |")
        ours = row("responses, ISA-L level 2", count, lambda: write_ours(folder, makers))
        row(
            "+ request, text, metadata (4 records)",
            count,
            lambda: write_captures(folder, makers),
        )
        row("walk: proved, parsed", count, lambda: _walk(folder / "ours.warc.gz.open"))
        row("find a torn tail from byte 0", count, lambda: _prove(folder / "ours.warc.gz.open"))
        (folder / "ours.warc.gz.open").unlink()
        members.member_of = members.zlib_member
        row("responses, zlib level 6 (no ISA-L)", count, lambda: write_ours(folder, makers))
        members.member_of = members.isal_member
        theirs = row(
            "responses, warcio 1.8 (SHA-1, zlib 9)", count, lambda: write_warcio(folder, bodies)
        )
    print(f"\nISA-L segments: {ours / theirs:.1f} times warcio's records a CPU second.")


if __name__ == "__main__":
    main()
