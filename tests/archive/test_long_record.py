"""Records that are too long for memory are written, proved and read back in pieces."""

import gzip
import os
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from archive import disk, members
from archive.errors import IntegrityError, SpoolFull
from archive.exchange import Exchange
from archive.foreign import walk_foreign
from archive.holdings import Holdings
from archive.http_message import http_of
from archive.members import Tear, zlib_member
from archive.records import metadata_record, response_record
from archive.rest import TakenBody
from archive.segment import OpenSegment
from archive.segment_reading import read_record, walk_proved, walk_records
from archive.torn_tail import cut_torn_tail, find_torn_tail
from archive.warc import Location, Record, RecordType, record_bytes
from tests.archive import weigh
from tests.archive.exchanges import NAME, PAGE, STARTED_AT, exchange
from tests.archive.histories import new_archive

BODY = bytes(range(256)) * 12_000  # of which 1 MiB is held


@pytest.fixture(autouse=True)
def _short_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "HELD_BYTES", 2_000_000)


def long_exchange(folder: Path, body: bytes = BODY) -> Exchange:
    taken = TakenBody(folder, 2_000_000)
    for at in range(0, len(body), 70_000):
        taken.append(body[at : at + 70_000])
    held, rest = taken.parts()
    return replace(exchange(body=held), rest=rest)


@pytest.fixture
def written(tmp_path: Path) -> tuple[Path, Location, Record]:
    """A sealed segment in which a long record lies between two short ones."""
    record = response_record(long_exchange(tmp_path))
    with OpenSegment.create(tmp_path, NAME, at=STARTED_AT) as segment:
        _, location, _ = segment.append_group(
            (response_record(exchange(1)), record, response_record(exchange(2)))
        )
        sealed = segment.seal()
    assert sha256(sealed.path.read_bytes()).hexdigest() == sealed.sha256
    return sealed.path, location, record


def test_a_long_record_is_the_one_that_memory_would_have_written(
    written: tuple[Path, Location, Record],
) -> None:
    path, location, record = written
    whole = replace(response_record(exchange(body=BODY)), record_id=record.record_id)

    walked = dict(walk_records(path))

    member = path.read_bytes()[location.offset : location.offset + location.length]
    assert gzip.decompress(member) == record_bytes(whole)
    assert len(walked) == 4
    assert http_of(walked[location]).payload_bytes == len(BODY)
    assert http_of(walked[location]).payload_sha256 == sha256(BODY).hexdigest()
    assert walked[location].find_payload_sha256() == sha256(BODY).hexdigest()


def test_it_is_read_back_alone_in_pieces(
    written: tuple[Path, Location, Record], tmp_path: Path
) -> None:
    _, location, _ = written

    message = http_of(read_record(tmp_path, location))

    assert message.rest is not None
    assert message.rest.pieces is not None
    assert message.body + b"".join(message.rest.pieces()) == BODY
    assert message.held(10**9).body == BODY
    assert message.held(2_500_000).body == BODY[:2_500_000]


def test_it_is_read_back_from_a_store_in_pieces(tmp_path: Path) -> None:
    folder = new_archive(tmp_path)
    store = folder.path / "store"
    (store / "segments").mkdir(parents=True)
    record = response_record(long_exchange(tmp_path))
    with OpenSegment.create(store / "segments", NAME, at=STARTED_AT) as segment:
        location = segment.append(record)
        segment.seal()
    (folder.path / "salname.toml").write_text(f'[store]\nkind = "folder"\npath = "{store}"\n')

    message = http_of(Holdings(folder).read(location))

    assert message.held(10**9).body == BODY


@pytest.mark.parametrize("at", [0, 1_500_000, len(BODY) - 1])
def test_a_bit_that_flipped_in_it_is_found(tmp_path: Path, at: int) -> None:
    plain = bytearray(record_bytes(response_record(exchange(body=BODY))))
    plain[len(plain) - 4 - len(BODY) + at] ^= 1
    path = tmp_path / f"{NAME}.warc.gz"
    path.write_bytes(zlib_member(bytes(plain)))

    with pytest.raises(IntegrityError, match="does not match its sha256"):
        read_record(tmp_path, Location(segment=NAME, offset=0, length=path.stat().st_size))


def test_one_that_was_cut_is_a_torn_tail(written: tuple[Path, Location, Record]) -> None:
    path, location, _ = written
    path.chmod(0o644)
    os.truncate(path, location.offset + location.length - 1)

    tail = find_torn_tail(path)

    assert tail is not None
    assert tail.offset == location.offset


@pytest.mark.parametrize(
    ("wrong", "says"),
    [(b"\r\n", "lack"), (b"\r\n\r\n\r\n", "more are there")],
    ids=["shorter than it says", "longer than it says"],
)
def test_one_of_another_length_than_it_says_is_a_tear(
    tmp_path: Path, wrong: bytes, says: str
) -> None:
    plain = record_bytes(response_record(exchange(body=BODY))).removesuffix(b"\r\n\r\n")
    path = tmp_path / f"{NAME}.warc.gz"
    path.write_bytes(zlib_member(plain + wrong))

    (tear,) = walk_proved(path, 0)

    assert isinstance(tear, Tear)
    assert says in tear.why


def test_what_is_no_answer_is_held_however_long_it_is(tmp_path: Path) -> None:
    reading = metadata_record(BODY, url="urn:salname:reading:x", at=STARTED_AT)
    with OpenSegment.create(tmp_path, NAME, at=STARTED_AT) as segment:
        location = segment.append(reading)

    assert read_record(tmp_path, location).block == BODY


def test_a_full_disk_leaves_nothing_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = response_record(long_exchange(tmp_path))
    with OpenSegment.create(tmp_path, NAME, at=STARTED_AT) as segment:
        first = segment.append(response_record(exchange(1)))
        written, real = [0], disk.write_all

        def write(fd: int, data: bytes) -> None:
            written[0] += len(data)
            if written[0] > 3_000:
                raise OSError(28, "No space left on device")
            real(fd, data)

        monkeypatch.setattr("archive.segment.write_all", write)
        with pytest.raises(SpoolFull):
            segment.append(record)
        monkeypatch.setattr("archive.segment.write_all", real)

        assert segment.path.stat().st_size == segment.size_bytes == first.offset + first.length
        segment.append(record)
    assert cut_torn_tail(segment.path) is None
    assert len(list(walk_records(segment.path))) == 3


@pytest.mark.parametrize("packed", [True, False], ids=["gzip", "plain"])
def test_in_a_file_of_others_it_is_passed_and_what_follows_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, packed: bool
) -> None:
    monkeypatch.setattr("archive.foreign.HELD_BYTES", 2_000_000)
    plains = [record_bytes(response_record(exchange(body=body))) for body in (PAGE, BODY, PAGE)]
    path = tmp_path / "theirs.warc"
    path.write_bytes(b"".join(map(zlib_member, plains) if packed else plains))

    found = list(walk_foreign(path))

    assert [_long_bytes(each) for each in found] == [len(PAGE), len(BODY), len(PAGE)]


def test_in_one_member_for_all_it_is_passed_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.foreign.HELD_BYTES", 2_000_000)
    plains = [record_bytes(response_record(exchange(body=body))) for body in (BODY, PAGE, BODY)]
    path = tmp_path / "theirs.warc.gz"
    path.write_bytes(zlib_member(b"".join(plains)))

    found = list(walk_foreign(path))

    assert [_long_bytes(each) for each in found] == [len(BODY), len(PAGE), len(BODY)]


def test_64_mb_are_written_read_and_taken_in_from_others_in_little_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-m", weigh.__name__, "64"],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )

    assert int(done.stdout) < 48  # MB


def _long_bytes(found: object) -> int:
    assert isinstance(found, Record)
    assert found.type is RecordType.RESPONSE
    return http_of(found).payload_bytes
