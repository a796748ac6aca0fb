"""A torn tail is found wherever the cut is, kept beside the segment, and then cut off."""

import errno
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from archive.errors import ArchiveError, IntegrityError
from archive.segment import OpenSegment
from archive.segment_reading import walk_records
from archive.torn_tail import cut_torn_tail, find_torn_tail
from archive.warc import Record
from tests.archive.exchanges import NAME, capture, write_segment
from tests.archive.failing_disk import each_failure, each_power_cut, failing

FAULTS = sorted((Path(__file__).parent.parent / "faults").glob("*.warc.gz"))
REASONS = {
    "cut-gzip-header": "the file ends inside",
    "cut-gzip-member": "the file ends inside",
    "cut-gzip-trailer": "the file ends inside",
    "length-too-long": "says 42 bytes, but 41",
    "length-too-short": "says 40 bytes, but 41",
    "plain-record": "no whole gzip member",
    "record-cut-before-compression": "the record says",
    "two-records-in-one-member": "the record says",
    "whole-record-behind-a-hole": "no whole gzip member",
    "wrong-crc": "incorrect data check",
    "zeros": "no whole gzip member",
}


def records_of(path: Path) -> list[Record]:
    return [record for _, record in walk_records(path)]


def whole_bytes(path: Path, whole: bytes, length: int) -> int:
    """Where a segment cut to that length is found to end whole."""
    path.write_bytes(whole[:length])
    tail = find_torn_tail(path)
    return length if tail is None else tail.offset


def recovered(path: Path, whole: bytes, length: int) -> list[Record]:
    """The records of a segment that was cut to that length and recovered."""
    path.write_bytes(whole[:length])
    cut_torn_tail(path)
    return records_of(path)


def test_a_segment_cut_at_any_byte_is_found_whole_up_to_its_last_whole_record(
    tmp_path: Path,
) -> None:
    path, locations, _ = write_segment(tmp_path, captures=1)
    whole = path.read_bytes()
    ends = [0, locations[0].offset, *(each.offset + each.length for each in locations)]
    lengths = range(len(whole) + 1)

    found = [whole_bytes(path, whole, length) for length in lengths]

    assert found == [max(end for end in ends if end <= length) for length in lengths]


def test_a_segment_cut_anywhere_recovers_to_a_prefix_of_its_records(tmp_path: Path) -> None:
    path, locations, _ = write_segment(tmp_path, captures=1)
    whole, records = path.read_bytes(), records_of(path)
    ends = [locations[0].offset, *(each.offset + each.length for each in locations)]
    lengths = range(0, len(whole), 41)  # each recovery syncs its files: not every byte here

    found = [recovered(path, whole, length) for length in lengths]

    assert found == [records[: sum(end <= length for end in ends)] for length in lengths]


def test_the_torn_bytes_are_kept_beside_the_segment(tmp_path: Path) -> None:
    path, *_, (last, _, _), records = _torn_segment(tmp_path)
    torn = path.read_bytes()[last:]

    tail = cut_torn_tail(path)

    assert tail is not None
    assert tail.aside == tmp_path / f"{NAME}.torn-{last}"
    assert tail.aside.read_bytes() == torn
    assert (tail.offset, tail.length, tail.why) == (
        last,
        len(torn),
        "the file ends inside a gzip member",
    )
    assert records_of(path)[1:] == records[:-1]
    assert cut_torn_tail(path) is None


def test_a_second_tear_at_the_same_byte_does_not_take_the_place_of_the_first(
    tmp_path: Path,
) -> None:
    path, (last, *_), _ = _torn_segment(tmp_path)
    first = cut_torn_tail(path)
    path.write_bytes(path.read_bytes() + b"\x1f\x8bother")

    second = cut_torn_tail(path)

    assert first is not None
    assert second is not None
    assert second.aside == tmp_path / f"{NAME}.torn-{last}-2"
    assert second.aside.read_bytes() == b"\x1f\x8bother"


def test_a_kill_between_setting_aside_and_cutting_leaves_one_copy(tmp_path: Path) -> None:
    path, *_ = _torn_segment(tmp_path)
    torn_segment = path.read_bytes()
    first = cut_torn_tail(path)
    path.write_bytes(torn_segment)  # as if the cut had not come to pass

    assert cut_torn_tail(path) == first


def test_what_is_known_to_be_whole_is_not_read_again(tmp_path: Path) -> None:
    path, locations, _ = write_segment(tmp_path, captures=1)
    damaged = bytearray(path.read_bytes())
    damaged[locations[0].offset + 20] ^= 0xFF
    path.write_bytes(bytes(damaged))

    assert find_torn_tail(path, locations[1].offset) is None
    assert find_torn_tail(path) is not None


def test_a_segment_shorter_than_what_is_known_of_it_is_left_alone(tmp_path: Path) -> None:
    path, *_ = write_segment(tmp_path, captures=1)
    before = path.read_bytes()

    with pytest.raises(IntegrityError, match="another copy"):
        cut_torn_tail(path, len(before) + 1)

    assert path.read_bytes() == before


@pytest.mark.parametrize("path", FAULTS, ids=lambda path: path.name)
def test_each_fault_is_found_behind_the_last_whole_record(path: Path) -> None:
    whole = 2

    tail = find_torn_tail(path)

    assert tail is not None
    assert REASONS[path.name.removesuffix(".warc.gz")] in tail.why
    assert tail.length == path.stat().st_size - tail.offset
    assert len(list(_whole_records(path))) == whole


def test_the_museum_is_the_one_that_its_script_makes() -> None:
    assert {path.name.removesuffix(".warc.gz") for path in FAULTS} == set(REASONS)


def cut_with_failures(folder: Path) -> Iterator[tuple[bool, bool]]:
    """After each failing call and a second try: is the segment cut, are the torn bytes kept once."""
    for disk in each_failure(error_number=errno.EIO):
        case = folder / str(disk.fail_at)
        case.mkdir()
        path, (last, *_), _ = _torn_segment(case)
        before = path.read_bytes()
        with failing(disk):
            try:
                cut_torn_tail(path)
            except ArchiveError:
                assert disk.has_failed
        cut_torn_tail(path)
        kept = [each.read_bytes() for each in case.glob("*.torn-*")]
        yield path.read_bytes() == before[:last], kept == [before[last:]]


def test_whichever_call_fails_a_second_try_cuts_and_the_torn_bytes_are_kept_once(
    tmp_path: Path,
) -> None:
    found = list(cut_with_failures(tmp_path))

    assert len(found) > 10
    assert set(found) == {(True, True)}


def bytes_after_power_cuts(folder: Path) -> Iterator[bool]:
    """For a power cut at each call: are the segment's bytes all there, in it or beside it."""
    for disk in each_power_cut():
        case = folder / str(disk.fail_at)
        case.mkdir()
        path, (last, *_), _ = _torn_segment(case)
        before = path.read_bytes()
        disk.names[path.name] = path.stat().st_ino
        disk.contents[path.stat().st_ino] = before
        with failing(disk), suppress(ArchiveError):
            cut_torn_tail(path)
        after = disk.found_afterwards(folder / f"{disk.fail_at}-after")
        aside = [each.read_bytes() for each in after.glob("*.torn-*") if each.suffix != ".part"]
        segment = (after / path.name).read_bytes()
        yield segment == before or (segment == before[:last] and aside == [before[last:]])


def test_a_power_cut_at_any_call_leaves_the_torn_bytes_in_one_place_or_the_other(
    tmp_path: Path,
) -> None:
    found = list(bytes_after_power_cuts(tmp_path))

    assert len(found) > 10
    assert all(found)


def test_a_recovered_segment_goes_on(tmp_path: Path) -> None:
    path, (last, *_), records = _torn_segment(tmp_path)

    cut_torn_tail(path, last)
    with OpenSegment.resume(path, last) as segment:
        segment.append(capture(9)[0])

    assert records_of(path)[1:] == [*records[:-1], capture(9)[0]]


def _torn_segment(folder: Path) -> tuple[Path, tuple[int, int, int], list[Record]]:
    """A segment whose last record lacks a byte; offset, length of it; the records it had."""
    path, locations, records = write_segment(folder, captures=1)
    path.write_bytes(path.read_bytes()[:-1])
    return path, (locations[-1].offset, locations[-1].length, len(records)), records


def _whole_records(path: Path) -> Iterator[Record]:
    tail = find_torn_tail(path)
    assert tail is not None
    for location, record in walk_records(path):
        yield record
        if location.offset + location.length == tail.offset:
            return
