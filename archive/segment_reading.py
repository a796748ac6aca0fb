"""Reading segments: every record in order, or one by its location.

Only whole, proved records are given back: a member that zlib inflated to its end, holding exactly
one record of the length that the record itself says. Of a long record the first part is held; read
alone, its rest is read in pieces.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from archive.errors import IntegrityError, TornSegment
from archive.long_record import LongRecord
from archive.members import End, Member, Tear, walk_members, walk_pieces
from archive.rest import Rest
from archive.segment import find_segment_file, name_of_segment
from archive.warc import Location, Record, proven_record_from, record_from

Opener = Callable[[], AbstractContextManager[BinaryIO]]


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
    for step in walk_members(file, offset, LongRecord.follow):
        if isinstance(step, Tear):
            yield step
            return
        try:
            long = step.follower
            record = long.record() if isinstance(long, LongRecord) else record_from(step.plain)
        except TornSegment as error:
            yield Tear(step.offset, str(error))
            return
        yield step, record


def prove(member: Member) -> None:
    """Hold the block of the record in a member against its own digest.

    Raises:
        IntegrityError: it is not the one that the digest was made of.
    """
    if isinstance(member.follower, LongRecord):
        member.follower.prove()
    else:
        proven_record_from(member.plain)


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

    def opened() -> BinaryIO:
        return path.open("rb")

    return record_at(opened, location.offset, location)


def record_in_member(member: bytes, location: Location) -> Record:
    """The record in one gzip member, wherever its bytes were read from.

    location  where they should lie; for the error's sentence and the length

    Raises:
        IntegrityError: the bytes are not the one whole record that lies there.
    """
    return record_at(partial(io.BytesIO, member), 0, location)


def record_at(opened: Opener, offset: int, location: Location) -> Record:
    """The record whose member begins at `offset` of what `opened` opens; its rest can be read.

    Raises:
        IntegrityError: the bytes are not the one whole record that lies at the location.
    """
    try:
        with opened() as file:
            step = next(walk_proved_in(file, offset), None)
        if step is None or isinstance(step, Tear):
            raise TornSegment(step.why if step else "0 bytes are there")
        member, record = step
        if member.length != location.length:
            raise TornSegment(f"it is {member.length} bytes long")
        prove(member)
    except (TornSegment, IntegrityError) as error:
        raise IntegrityError(
            f"Segment {location.segment} does not hold the record of {location.length} bytes "
            f"at byte {location.offset}: {error}. Run `salname verify`."
        ) from error
    if record.rest is None or not isinstance(member.follower, LongRecord):
        return record
    pieces = partial(_pieces, opened, offset, member.follower.rest_at, record.rest)
    return replace(record, rest=replace(record.rest, pieces=pieces))


def _pieces(opened: Opener, offset: int, skip: int, rest: Rest) -> Iterator[bytes]:
    """The bytes of a rest, read again; its record has been proved just before."""
    left, step = rest.size_bytes, None
    with opened() as file:
        for step in walk_pieces(file, offset):
            if not isinstance(step, bytes):
                break
            piece = step[skip : skip + left]
            skip = max(0, skip - len(step))
            left -= len(piece)
            yield piece
    if left or not isinstance(step, End):
        raise IntegrityError("A long record changed while it was read. Run `salname verify`.")
