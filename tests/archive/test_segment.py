"""Segments: what is acknowledged stays, whatever the disk does; warcio reads all of it."""

import errno
import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from warcio import cli
from warcio.archiveiterator import ArchiveIterator

from archive.errors import ArchiveError, IntegrityError, SpoolFull, TornSegment
from archive.records import Original, not_modified_record, response_record, revisit_record
from archive.segment import (
    OpenSegment,
    SealedSegment,
    find_segment_file,
    name_of_segment,
    segment_name,
)
from archive.segment_reading import read_record, walk_records
from archive.torn_tail import cut_torn_tail, find_torn_tail
from archive.warc import Record
from tests.archive.exchanges import (
    NAME,
    PAGE,
    STARTED_AT,
    capture,
    exchange,
    record_id,
    write_segment,
)
from tests.archive.failing_disk import (
    FailingDisk,
    PowerCut,
    each_failure,
    each_power_cut,
    failing,
)

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class WarcioRecord:
    """What warcio, an independent reader, says of a record."""

    offset: int
    length: int
    kind: str
    record_id: str
    headers: tuple[tuple[str, str], ...] | None
    content: bytes


def read_with_warcio(path: Path) -> list[WarcioRecord]:
    found = []
    with path.open("rb") as file:
        walk = ArchiveIterator(file, check_digests="raise")
        for each in walk:
            content = each.content_stream().read()
            headers = tuple(each.http_headers.headers) if each.http_headers else None
            identity = each.rec_headers.get_header("WARC-Record-ID").strip("<>")
            place = walk.get_record_offset(), walk.get_record_length()
            found.append(WarcioRecord(*place, each.rec_type, identity, headers, content))
    return found


def whole_records(path: Path) -> list[Record]:
    """The records of a segment after its warcinfo."""
    return [record for _, record in walk_records(path)][1:]


def test_warcio_reads_every_record_where_we_say_it_lies(tmp_path: Path) -> None:
    path, locations, records = write_segment(tmp_path, captures=3)

    warcinfo, *read = read_with_warcio(path)

    assert warcinfo.kind == "warcinfo"
    assert [(each.offset, each.length) for each in read] == [
        (each.offset, each.length) for each in locations
    ]
    assert [(each.kind, each.record_id) for each in read] == [
        (each.type.value, each.record_id) for each in records
    ]
    assert read[0].headers == exchange(1).response_headers
    assert read[0].content == exchange(1).body
    assert read[2].content == records[2].block


def test_ten_thousand_tiny_answers_are_each_found_where_they_lie(tmp_path: Path) -> None:
    with OpenSegment.create(tmp_path, NAME, at=STARTED_AT) as segment:
        tiny = [response_record(exchange(number, body=b"%d" % number)) for number in range(10_000)]
        locations = segment.append_group(tiny)

    walked = list(walk_records(segment.path))[1:]

    assert [location for location, _ in walked] == list(locations)
    assert [record.block for _, record in walked] == [record.block for record in tiny]


def test_warcio_decodes_the_body_and_knows_revisits(tmp_path: Path) -> None:
    coded = exchange(body=PAGE, coding="gzip")
    original = Original(
        record_id=record_id(1),
        target_uri=coded.url,
        captured_at=coded.captured_at,
        payload_sha256=coded.payload_sha256,
    )
    with OpenSegment.create(tmp_path, NAME, at=STARTED_AT) as segment:
        segment.append(response_record(coded, record_id=record_id(1)))
        segment.append(revisit_record(coded, original=original))
        segment.append(not_modified_record(coded, original=original))

    _, response, revisit, not_modified = read_with_warcio(segment.path)

    assert response.content == PAGE
    assert (revisit.kind, revisit.headers, revisit.content) == (
        "revisit",
        coded.response_headers,
        b"",
    )
    assert not_modified.kind == "revisit"


def test_warcio_check_finds_all_digests_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, _, records = write_segment(tmp_path, captures=3)

    with pytest.raises(SystemExit) as stop:
        cli.main(["check", "--verbose", str(path)])

    assert stop.value.code == 0
    assert capsys.readouterr().out.count("digest pass") == len(records) + 1


def test_warcio_check_would_notice_a_wrong_payload(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    response = response_record(exchange(1))
    fields = (
        *response.fields[:-1],
        ("WARC-Payload-Digest", f"sha256:{exchange(2).payload_sha256}"),
    )
    with OpenSegment.create(tmp_path, NAME, at=STARTED_AT) as segment:
        segment.append(
            Record(
                type=response.type,
                record_id=response.record_id,
                date=response.date,
                target_uri=response.target_uri,
                content_type=response.content_type,
                fields=fields,
                block=response.block,
            )
        )

    with pytest.raises(SystemExit) as stop:
        cli.main(["check", str(segment.path)])

    assert stop.value.code == 1
    assert "payload digest failed" in capsys.readouterr().out


def test_a_sealed_segment_is_read_only_and_knows_its_digest(tmp_path: Path) -> None:
    _, locations, records = write_segment(tmp_path, captures=1)
    path = tmp_path / f"{NAME}.warc.gz.open"

    sealed = OpenSegment.resume(path, path.stat().st_size).seal()

    assert sealed == SealedSegment(
        name=NAME,
        path=tmp_path / f"{NAME}.warc.gz",
        size_bytes=sealed.path.stat().st_size,
        sha256=hashlib.sha256(sealed.path.read_bytes()).hexdigest(),
    )
    assert sealed.path.stat().st_mode & 0o777 == 0o444
    assert [each.name for each in tmp_path.iterdir()] == [sealed.path.name]
    assert [read_record(tmp_path, location) for location in locations] == records


def test_a_segment_goes_on_after_a_stop(tmp_path: Path) -> None:
    path, _, records = write_segment(tmp_path, captures=1)

    with OpenSegment.resume(path, path.stat().st_size) as segment:
        location = segment.append(capture(2)[0])

    assert whole_records(path) == [*records, capture(2)[0]]
    assert read_record(tmp_path, location) == capture(2)[0]


def test_a_segment_with_something_behind_its_last_record_is_not_gone_on_with(
    tmp_path: Path,
) -> None:
    path, *_ = write_segment(tmp_path, captures=1)
    size_bytes = path.stat().st_size

    with pytest.raises(TornSegment):
        OpenSegment.resume(path, size_bytes - 1)
    with pytest.raises(TornSegment):
        OpenSegment.resume(path, 0)
    with pytest.raises(IntegrityError):
        OpenSegment.resume(path, size_bytes + 1)


def test_going_on_makes_durable_what_a_killed_writer_left(tmp_path: Path) -> None:
    path, *_ = write_segment(tmp_path, captures=1)

    with failing(PowerCut()) as disk:
        OpenSegment.resume(path, path.stat().st_size)

    assert disk.durable_files() == {path.name: path.read_bytes()}


@pytest.mark.parametrize("call", [1, 2, 3])
def test_a_segment_that_cannot_be_gone_on_with_is_left_as_it_is(tmp_path: Path, call: int) -> None:
    path, *_ = write_segment(tmp_path, captures=1)
    before = path.read_bytes()

    with failing(FailingDisk(call, errno.EIO)), pytest.raises(ArchiveError, match="left as it is"):
        OpenSegment.resume(path, len(before))

    assert path.read_bytes() == before


def test_a_sealed_segment_is_durable_under_its_name(tmp_path: Path) -> None:
    with failing(PowerCut()) as disk, OpenSegment.create(tmp_path, NAME, at=STARTED_AT) as segment:
        segment.append_group(capture(1))
        sealed = segment.seal()

    assert disk.durable_files() == {sealed.path.name: sealed.path.read_bytes()}


def test_a_segment_is_never_begun_twice(tmp_path: Path) -> None:
    write_segment(tmp_path, captures=0)

    with pytest.raises(ArchiveError, match="already"):
        OpenSegment.create(tmp_path, NAME, at=STARTED_AT)


def test_a_sealed_segment_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.warc.gz").write_bytes(b"")
    (tmp_path / "elsewhere").mkdir()
    path, *_ = write_segment(tmp_path / "elsewhere", captures=1)
    segment = OpenSegment.resume(
        path.rename(tmp_path / path.name), path.parent.parent.joinpath(path.name).stat().st_size
    )

    with segment, pytest.raises(ArchiveError, match="left open"):
        segment.seal()

    assert (tmp_path / f"{NAME}.warc.gz").read_bytes() == b""


def test_a_segment_takes_nothing_after_it_was_closed(tmp_path: Path) -> None:
    with OpenSegment.create(tmp_path, NAME, at=STARTED_AT) as segment:
        pass

    segment.close()
    with pytest.raises(ArchiveError, match="takes no more"):
        segment.append(capture(1)[0])


def test_an_error_inside_the_context_only_closes(tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError),
        OpenSegment.create(tmp_path, NAME, at=STARTED_AT) as segment,
    ):
        raise RuntimeError

    assert segment.synced_bytes == 0


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"nowhere.*No such file"):
        OpenSegment.create(tmp_path / "nowhere", NAME, at=STARTED_AT)


@pytest.mark.parametrize(
    ("host", "run", "name"),
    [
        ("arxiv.example", "r1", "salname-20261124T031417123456Z-arxiv.example-r1-00001"),
        ("Şəki_2/..", "../R 1", "salname-20261124T031417123456Z-ki-2-r-1-00001"),
        ("", "7", "salname-20261124T031417123456Z-localhost-7-00001"),
    ],
)
def test_a_segment_name_is_safe_on_every_disk(host: str, run: str, name: str) -> None:
    assert segment_name(started_at=STARTED_AT, host=host, run=run, serial=1) == name


def test_segment_names_sort_by_time() -> None:
    later = datetime.fromisoformat("2026-11-24T07:14:17.123457+04:00")

    names = [
        segment_name(started_at=at, host="a.example", run="r", serial=serial)
        for at, serial in ((STARTED_AT, 1), (STARTED_AT, 2), (later, 1))
    ]

    assert names == sorted(names)


def test_the_name_of_a_segment_stays_when_it_is_sealed(tmp_path: Path) -> None:
    open_path, sealed_path = tmp_path / "a.warc.gz.open", tmp_path / "a.warc.gz"

    assert name_of_segment(open_path) == name_of_segment(sealed_path) == "a"
    assert find_segment_file(tmp_path, "a") is None


def write_until_it_fails(folder: Path, disk: FailingDisk) -> int:
    """Write four captures with a sync each and a stop between, and seal; how many were acknowledged."""
    acknowledged = 0
    with failing(disk):
        try:
            with OpenSegment.create(folder, NAME, at=STARTED_AT) as segment:
                for number in (1, 2):
                    segment.append_group(capture(number))
                    segment.sync()
                    acknowledged = number
            with OpenSegment.resume(segment.path, segment.size_bytes) as segment:
                for number in (3, 4):
                    segment.append_group(capture(number))
                    segment.sync()
                    acknowledged = number
                segment.seal()
        except ArchiveError:
            assert disk.has_failed
    return acknowledged


def outcomes(folder: Path, **options: object) -> Iterator[tuple[int, list[Record], bool]]:
    """After each failure: captures acknowledged, records found, whether there was a torn tail."""
    for disk in each_failure(**options):
        case = folder / str(disk.fail_at)
        case.mkdir()
        acknowledged = write_until_it_fails(case, disk)
        path = find_segment_file(case, NAME)
        if path is None:
            yield acknowledged, [], False
            continue
        tail = cut_torn_tail(path)
        yield acknowledged, whole_records(path) if path.stat().st_size else [], tail is not None


TRUTH = [record for number in range(1, 5) for record in capture(number)]


@pytest.mark.parametrize("error_number", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
def test_whichever_call_fails_what_was_acknowledged_is_there_and_nothing_is_torn(
    tmp_path: Path, error_number: int
) -> None:
    found = list(outcomes(tmp_path, error_number=error_number))

    assert len(found) > 15
    assert all(records == TRUTH[: len(records)] for _, records, _ in found)
    assert all(len(records) >= 3 * acknowledged for acknowledged, records, _ in found)
    assert not any(is_torn for *_, is_torn in found)
    assert found[-1][:2] == (4, TRUTH)


def test_a_disk_that_dies_leaves_at_most_one_torn_tail(tmp_path: Path) -> None:
    found = list(outcomes(tmp_path, error_number=errno.EIO, is_dead=True))

    assert all(records == TRUTH[: len(records)] for _, records, _ in found)
    assert all(len(records) >= 3 * acknowledged for acknowledged, records, _ in found)
    assert any(is_torn for *_, is_torn in found)


def found_after_power_cuts(folder: Path) -> Iterator[tuple[int, list[Record]]]:
    """For a power cut at each call: captures acknowledged, and records that the next start finds."""
    for disk in each_power_cut():
        case = folder / str(disk.fail_at)
        case.mkdir()
        acknowledged = write_until_it_fails(case, disk)
        path = find_segment_file(disk.found_afterwards(folder / f"{disk.fail_at}-after"), NAME)
        if path is None or cut_torn_tail(path) or path.stat().st_size == 0:
            yield acknowledged, []
        else:
            yield acknowledged, whole_records(path)


def test_a_power_cut_at_any_call_takes_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    found = list(found_after_power_cuts(tmp_path))

    assert len(found) > 15
    assert all(records == TRUTH[: len(records)] for _, records in found)
    assert all(len(records) >= 3 * acknowledged for acknowledged, records in found)
    assert found[-1] == (4, TRUTH)


def test_a_group_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    with OpenSegment.create(tmp_path, NAME, at=STARTED_AT) as segment:
        segment.append_group(capture(1))
        with failing(FailingDisk(1)), pytest.raises(SpoolFull, match="no space is left"):
            segment.append_group(capture(2))
        segment.append_group(capture(3))

    assert find_torn_tail(segment.path) is None
    assert whole_records(segment.path) == [*capture(1), *capture(3)]


def test_after_a_failed_sync_a_segment_takes_no_more(tmp_path: Path) -> None:
    with OpenSegment.create(tmp_path, NAME, at=STARTED_AT) as segment:
        segment.append_group(capture(1))
        segment.sync()
        segment.append_group(capture(2))
        with failing(FailingDisk(1, errno.EIO)), pytest.raises(ArchiveError, match="Input/output"):
            segment.sync()
        with pytest.raises(ArchiveError, match="takes no more"):
            segment.append_group(capture(3))

    assert whole_records(segment.path) == list(capture(1))


LIMITED = """
import resource, sys
from pathlib import Path
from archive.errors import SpoolFull
from archive.segment import OpenSegment
from tests.archive.exchanges import NAME, STARTED_AT, capture
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
with OpenSegment.create(Path(sys.argv[1]), NAME, at=STARTED_AT) as segment:
    try:
        for number in range(1, 100):
            segment.append_group(capture(number))
    except SpoolFull as error:
        print(error)
"""


def test_a_file_size_limit_stops_the_writer_with_a_sentence_and_a_whole_segment(
    tmp_path: Path,
) -> None:
    said = subprocess.run(  # our own words
        [sys.executable, "-c", LIMITED, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    path = tmp_path / f"{NAME}.warc.gz.open"
    assert "ulimit -f" in said.stdout
    assert "Make room" in said.stdout
    assert find_torn_tail(path) is None
    assert 3000 < path.stat().st_size <= 5000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KiB; only root may mount one."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small tmpfs needs root that may mount: run the tests as root")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)  # noqa: S607


def test_a_full_disk_stops_the_writer_and_room_lets_it_go_on(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(40_000))

    with OpenSegment.create(small_disk, NAME, at=STARTED_AT) as segment:
        with pytest.raises(SpoolFull, match="0 KiB free of 64 KiB"):
            append_all(segment)
        written = segment.size_bytes
        ballast.unlink()
        segment.append_group(capture(1))

    assert 16_000 < written < segment.path.stat().st_size
    assert find_torn_tail(segment.path) is None


def append_all(segment: OpenSegment) -> None:
    for number in range(1, 1000):
        segment.append_group(capture(number))


KILLED = """
import sys
from pathlib import Path
from archive.segment import OpenSegment
from tests.archive.exchanges import NAME, STARTED_AT, capture
segment = OpenSegment.create(Path(sys.argv[1]), NAME, at=STARTED_AT)
for number in range(1, 100_000):
    segment.append_group(capture(number))
    if number % 5 == 0:
        segment.sync()
        print(number, flush=True)
"""


@pytest.mark.parametrize("seed", range(8))
def test_a_killed_writer_leaves_all_it_acknowledged_and_at_most_a_torn_tail(
    tmp_path: Path, seed: int
) -> None:
    pause_s = random.Random(seed).uniform(0, 0.05)  # noqa: S311  # no secret
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(pause_s)
        writer.send_signal(signal.SIGKILL)
        acknowledged = int((first + writer.stdout.read()).split()[-1])

    path = tmp_path / f"{NAME}.warc.gz.open"
    cut_torn_tail(path)
    records = whole_records(path)

    assert len(records) >= 3 * acknowledged >= 15
    assert records[: 3 * acknowledged] == [
        record for number in range(1, acknowledged + 1) for record in capture(number)
    ]
    OpenSegment.resume(path, path.stat().st_size).close()
