"""A film of any length passes through a crawl and all that reads segments, never through memory."""

import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typing_extensions import override

from archive.http_message import http_of
from archive.segment_reading import read_record
from archive.warc import Location
from tests.crawler.crawling import FAULTY_SOURCES, Archive, complaints_in, new_archive

HOST = "yaramaz.example"
FILM = f"http://{HOST}/xeber/film-7.html"
_PIECE = bytes(range(256)) * 4096


@contextmanager
def serving_a_film(megabytes: int) -> Iterator[str]:
    """The address of a proxy behind which one site links to one film and is else empty."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == f"http://{HOST}/":
                self._say("text/html", (b'<a href="/xeber/film-7.html">Film</a>',))
            elif self.path == FILM:
                self._say("video/mp4", (number.to_bytes(4) + _PIECE[4:] for number in pieces))
            else:
                self.send_error(404)

        def _say(self, media_type: str, body: object) -> None:
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.end_headers()
            for piece in body:  # type: ignore[attr-defined]
                self.wfile.write(piece)

        @override
        def log_message(self, *_: object) -> None:
            pass

    pieces = range(megabytes)
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def crawled(tmp_path: Path, megabytes: int) -> Archive:
    """An archive into which a film of so many MB was fetched."""
    with serving_a_film(megabytes) as proxy_url:
        archive = new_archive(
            tmp_path / "archive", proxy_url, sources=FAULTY_SOURCES, max_file_bytes=1 << 32
        )
        done = archive.crawl(HOST)
    assert complaints_in([done]) == []
    return archive


def require_the_film(archive: Archive, megabytes: int) -> None:
    """It is there whole, what reads segments finds it so, and a catalogue made anew says so."""
    asked = (
        'SELECT payload_sha256, payload_bytes, truncated, capture.kind, segment.name, "offset",'
        " length FROM capture JOIN segment ON segment.id = segment_id WHERE url = :url"
    )
    (row,) = archive.rows(asked, url=FILM)
    assert row[1:4] == (megabytes << 20, None, "other")
    place = Location(segment=row[4], offset=row[5], length=row[6])
    message = http_of(read_record(archive.folder.segments_path, place))
    assert message.payload_sha256 == row[0]
    assert message.payload_bytes == megabytes << 20

    for command in (("verify", "--deep"), ("rebuild",), ("verify",)):
        done = archive.run(*command)
        assert (done.code, complaints_in([done])) == (0, []), done.out + done.err
    assert archive.rows(asked, url=FILM) == [row]


def test_a_film_of_24_mb_is_archived_whole_and_found_whole(tmp_path: Path) -> None:
    require_the_film(crawled(tmp_path, 24), 24)


@pytest.mark.soak
def test_a_film_of_2_gb_needs_no_more_memory_than_any_page(tmp_path: Path) -> None:
    archive = crawled(tmp_path, 2048)

    require_the_film(archive, 2048)
    (segment,) = archive.folder.segments_path.glob("salname-*")
    done = archive.run("import", "--sources", str(FAULTY_SOURCES), str(segment))
    assert (done.code, complaints_in([done])) == (0, []), done.out + done.err
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 300_000  # kB
