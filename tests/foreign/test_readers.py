"""What a crawl wrote is read by the tools of other projects as it was recorded.

`make readers` installs them apart from our own requirements, with whose pins theirs do not agree.
"""

import base64
import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from typing_extensions import override

from archive.http_message import http_of
from archive.segment_reading import walk_records
from archive.spool import segment_files
from archive.warc import Location, Record, RecordType
from tests.crawler.crawling import new_archive
from tests.web.server import MadeUpWeb

READERS = Path(__file__).parents[2] / ".readers"
PROGRAMS = READERS / "venv" / "bin"

needs_readers = pytest.mark.skipif(
    not (READERS / ".installed").exists(),
    reason="the readers of other projects are not installed: make readers",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A sealed segment of a crawl and what we read in it."""

    path: Path
    records: tuple[tuple[Location, Record], ...]

    @property
    def answers(self) -> tuple[tuple[Location, Record], ...]:
        """The records that are answers of a server."""
        return tuple(each for each in self.records if each[1].type is RecordType.RESPONSE)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    with MadeUpWeb() as web:
        archive = new_archive(tmp_path_factory.mktemp("foreign") / "archive", web.proxy_url)
        assert archive.crawl("agentlik.example").code == 0
    left = segment_files(archive.folder.segments_path)[0]
    packing = archive.run("export", "wacz", "--output", str(archive.path / "crawled.wacz"))
    assert packing.code == 0, packing.err
    path = archive.path / "crawled.warc.gz"
    shutil.copy(left, path)
    return Written(path=path, records=tuple(walk_records(path)))


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_fastwarc_reads_every_record_and_finds_its_digest_right(written: Written) -> None:
    with written.path.open("rb") as file:
        read = [
            (each.stream_pos, (each.record_id or "").strip("<>"), each.verify_block_digest())
            for each in ArchiveIterator(
                file, parse_http=False, record_types=WarcRecordType.any_type
            )
        ]

    assert read == [
        (location.offset, record.record_id, True) for location, record in written.records
    ]


@needs_readers
def test_cdxj_indexer_finds_each_answer_where_we_say_it_lies(written: Written) -> None:
    lines = run(PROGRAMS / "cdxj-indexer", written.path, cwd=written.path.parent).splitlines()

    found = [json.loads(line.split(" ", 2)[2]) for line in lines]
    places = {(each["url"], int(each["offset"]), int(each["length"])) for each in found}
    assert {
        (record.target_uri, location.offset, location.length)
        for location, record in written.answers
    } <= places


@needs_readers
def test_no_reading_of_ours_stands_for_a_page_in_the_indexes_of_others(written: Written) -> None:
    lines = run(PROGRAMS / "cdxj-indexer", written.path, cwd=written.path.parent).splitlines()

    found = [json.loads(line.split(" ", 2)[2]) for line in lines]
    web = [int(each["offset"]) for each in found if each["url"].startswith("http")]
    assert sorted(web) == [location.offset for location, _ in written.answers]


@needs_readers
def test_the_reader_of_replayweb_page_reads_every_record(written: Written) -> None:
    lines = run("node", "read.mjs", written.path, cwd=READERS).splitlines()

    found = [json.loads(line) for line in lines]
    assert [(each["type"], each["offset"]) for each in found] == [
        (record.type.value, location.offset) for location, record in written.records
    ]
    plain = {each["offset"]: base64.b64decode(each["content"]) for each in found}
    assert {
        location.offset: http_of(record).content().body for location, record in written.answers
    } == {location.offset: plain[location.offset] for location, _ in written.answers}


@needs_readers
def test_py_wacz_finds_nothing_wrong_with_what_was_packed(written: Written) -> None:
    packed = written.path.with_suffix("").with_suffix(".wacz")

    said = run(PROGRAMS / "wacz", "validate", "-f", packed, cwd=packed.parent)

    assert "the passed WACZ is valid" in said


@needs_readers
def test_replayweb_page_shows_each_page_that_was_packed_as_it_was_recorded(
    written: Written,
) -> None:
    packed = written.path.with_suffix("").with_suffix(".wacz")

    lines = run("node", "open.mjs", packed, cwd=READERS).splitlines()

    shown = {each["url"]: (each["status"], each["body"]) for each in map(json.loads, lines)}
    recorded = {
        record.target_uri: (message.status, base64.b64encode(message.body).decode())
        for _, record in written.answers
        for message in [http_of(record)]
    }
    assert len(shown) > 3
    assert shown == {url: recorded[url] for url in shown}


@pytest.fixture(scope="module")
def pywb(written: Written, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a pywb that has indexed the segment by itself."""
    folder = tmp_path_factory.mktemp("pywb")
    held = folder / "collections" / "salname"
    (held / "indexes").mkdir(parents=True)
    (held / "archive").mkdir()
    shutil.copy(written.path, held / "archive")
    run(PROGRAMS / "wb-manager", "reindex", "salname", cwd=folder)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    serving = subprocess.Popen(
        [PROGRAMS / "wayback", "-b", "127.0.0.1", "-p", str(port)],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}/salname"
    finally:
        serving.terminate()
        serving.wait(20)


def wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("pywb did not begin to serve")


@needs_readers
def test_pywb_replays_every_answer(written: Written, pywb: str) -> None:
    replayed = {
        record.record_id: fetched(f"{pywb}/{record.date:%Y%m%d%H%M%S}id_/{record.target_uri}")
        for _, record in written.answers
    }

    recorded = {
        record.record_id: (message.status, message.content().body)  # pywb unpacks unless asked
        for _, record in written.answers
        for message in [http_of(record)]
    }
    assert replayed == recorded != {}


def fetched(url: str) -> tuple[int, bytes]:
    class AsItIs(urllib.request.HTTPRedirectHandler):
        @override
        def redirect_request(self, *_: object) -> None:
            return None

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), AsItIs)
    try:
        with opener.open(url, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
