"""Records are read back in order and by location, and only when they are proved."""

import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import IntegrityError, TornSegment
from archive.exchange import Exchange
from archive.members import zlib_member
from archive.records import response_record
from archive.segment import OpenSegment
from archive.segment_reading import read_record, record_in_member, walk_records
from archive.warc import Location, RecordType, record_bytes
from tests.archive.exchanges import NAME, STARTED_AT, capture, exchange, write_segment

BODIES = st.lists(st.binary(), max_size=5)


@given(bodies=BODIES)
def test_what_was_appended_is_read_back(
    bodies: list[bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("segments")
    records = [response_record(exchange(body=body)) for body in bodies]

    with OpenSegment.create(folder, NAME, at=STARTED_AT) as segment:
        locations = segment.append_group(records) if records else ()

    assert list(walk_records(segment.path))[1:] == list(zip(locations, records, strict=True))
    assert [read_record(folder, location) for location in locations] == records


def test_a_walk_begins_at_any_record(tmp_path: Path) -> None:
    path, locations, records = write_segment(tmp_path, captures=2)

    assert list(walk_records(path, locations[4].offset)) == [
        (locations[4], records[4]),
        (locations[5], records[5]),
    ]
    assert next(walk_records(path))[1].type is RecordType.WARCINFO


def test_a_walk_gives_the_whole_records_and_then_says_that_it_is_torn(tmp_path: Path) -> None:
    path, locations, _ = write_segment(tmp_path, captures=1)
    path.write_bytes(path.read_bytes()[:-1])

    walk = walk_records(path)

    assert [next(walk)[1].type for _ in range(3)] == ["warcinfo", "response", "request"]
    with pytest.raises(TornSegment, match=f"byte {locations[2].offset}: the file ends inside"):
        next(walk)


def test_a_walk_holds_one_record_at_a_time(tmp_path: Path) -> None:
    big = response_record(exchange(body=bytes(4_000_000)))
    with OpenSegment.create(tmp_path, NAME, at=STARTED_AT) as segment:
        segment.append_group([big] * 8)

    tracemalloc.start()
    count = sum(1 for _ in walk_records(segment.path))
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert count == 9
    assert peak_bytes < 22_000_000


@pytest.mark.parametrize(("by", "longer"), [(1, 0), (0, 1), (0, -1), (10_000, 0)])
def test_a_location_that_is_not_a_record_is_refused(tmp_path: Path, by: int, longer: int) -> None:
    _, (first, *_), _ = write_segment(tmp_path, captures=1)
    wrong = replace(first, offset=first.offset + by, length=first.length + longer)

    with pytest.raises(IntegrityError, match=r"does not hold the record.*salname verify"):
        read_record(tmp_path, wrong)


def test_a_segment_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(IntegrityError, match="Segment lost is not in"):
        read_record(tmp_path, Location(segment="lost", offset=0, length=1))


def test_a_flipped_bit_never_gives_another_record(tmp_path: Path) -> None:
    path, (first, *_), (record, *_) = write_segment(tmp_path, captures=1)
    member = path.read_bytes()[first.offset : first.offset + first.length]

    read = [_read_or_none(_flipped(member, bit), first) for bit in range(0, 8 * len(member), 7)]

    assert set(read) <= {
        record,
        None,
    }  # the record again: a bit of the gzip header's time or system
    assert read.count(record) < 10


def test_a_member_with_another_block_than_its_digest_says_is_refused() -> None:
    plain = record_bytes(capture(1)[2]).replace(b"article", b"Article")
    member = zlib_member(plain)

    with pytest.raises(IntegrityError, match="does not match"):
        record_in_member(member, Location(segment=NAME, offset=0, length=len(member)))


def test_an_answer_of_a_gigantic_header_is_read_back() -> None:
    answered = Exchange(
        url="https://olke.example/",
        captured_at=STARTED_AT,
        response_headers=(("A", "b" * 300_000),),
    )
    member = zlib_member(record_bytes(response_record(answered)))

    record = record_in_member(member, Location(segment=NAME, offset=0, length=len(member)))

    assert len(record.block) > 300_000


def _flipped(member: bytes, bit: int) -> bytes:
    changed = bytearray(member)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def _read_or_none(member: bytes, location: Location) -> object:
    try:
        return record_in_member(member, location)
    except IntegrityError:
        return None
