"""Reading segments: every record in order, or one by its location.

Only whole, proved records are given back: a member that zlib inflated to its end, holding exactly
one record of the length that the record itself says.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from archive.errors import IntegrityError, TornSegment
from archive.members import Member, Tear, plain_of, walk_members
from archive.segment import find_segment_file, name_of_segment
from archive.warc import Location, Record, proven_record_from, record_from


def walk_records(path: Path, offset: int = 0) -> Iterator[tuple[Location, Record]]:
    """Every record of a segment file from `offset` on, with where it lies.

    One record is in memory at a time. After a kill, cut the torn tail first.

    Raises:
        TornSegment: after the last whole record, where bytes that are none follow it.
    """
    with path.open("rb") as file:
        yield from walk_records_in(file, name_of_segment(path), str(path), offset)


def walk_records_in(
    file: BinaryIO, name: str, place: str, offset: int = 0
) -> Iterator[tuple[Location, Record]]:
    """As `walk_records`, of a segment that is open for reading, wherever it lies.

    place  for the error's sentence
    """
    for step in walk_proved_in(file, offset):
        if isinstance(step, Tear):
            raise TornSegment(
                f"{place} holds no whole record at byte {step.offset}: {step.why}. "
                "Run `salname verify`; take the segment from another copy where there is one."
            )
        member, record = step
        yield Location(segment=name, offset=member.offset, length=member.length), record


def walk_proved(path: Path, offset: int) -> Iterator[tuple[Member, Record] | Tear]:
    """Every proved member with its record; a Tear comes last where the file does not end whole."""
    with path.open("rb") as file:
        yield from walk_proved_in(file, offset)


def walk_proved_in(file: BinaryIO, offset: int) -> Iterator[tuple[Member, Record] | Tear]:
    """As `walk_proved`, of a segment that is open for reading."""
    for step in walk_members(file, offset):
        if isinstance(step, Tear):
            yield step
            return
        try:
            record = record_from(step.plain)
        except TornSegment as error:
            yield Tear(step.offset, str(error))
            return
        yield step, record


def read_record(folder: Path, location: Location) -> Record:
    """The record at a location, its block checked against its own digest.

    folder  where segments lie, open and sealed

    Raises:
        IntegrityError: there is no such segment, or other bytes lie there.
    """
    path = find_segment_file(folder, location.segment)
    if path is None:
        raise IntegrityError(
            f"Segment {location.segment} is not in {folder}. Take it from another copy."
        )
    with path.open("rb") as file:
        file.seek(location.offset)
        return record_in_member(file.read(location.length), location)


def record_in_member(member: bytes, location: Location) -> Record:
    """The record in one gzip member, wherever its bytes were read from.

    location  where they should lie; for the error's sentence and the length

    Raises:
        IntegrityError: the bytes are not the one whole record that lies there.
    """
    try:
        if len(member) != location.length:
            raise TornSegment(f"{len(member)} bytes are there")
        return proven_record_from(plain_of(member))
    except (TornSegment, IntegrityError, zlib.error) as error:
        raise IntegrityError(
            f"Segment {location.segment} does not hold the record of {location.length} bytes "
            f"at byte {location.offset}: {error}. Run `salname verify`."
        ) from error
