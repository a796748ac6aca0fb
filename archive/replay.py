"""Replaying segments into the catalogue: after a kill from where it stopped, or from nothing.

A capture lies in its segment as answer, request and metadata record; the last one says what was
made of it. An answer without its metadata record was cut off by a kill before it was acknowledged:
it stays in the segment, is not named, and its address is still due.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from archive.capture import Capture, asks_noarchive
from archive.catalogue.writer import CatalogueWriter, Logged
from archive.errors import IntegrityError
from archive.folder import ArchiveFolder
from archive.holdings import HeldSegment, Holdings
from archive.http_message import http_of
from archive.moments import stamp
from archive.photo_looks import looked_at
from archive.reading import Reading, entry_from_json
from archive.rendering import RenderedRecord
from archive.segment import name_of_segment
from archive.segment_reading import walk_records, walk_records_in
from archive.spool import is_open, mime_of, rendered_record, segment_files
from archive.torn_tail import TornTail, cut_torn_tail
from archive.warc import Location, Record, RecordType

_GROUP = 500  # entries in one transaction of a replay


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What a start after an unclean stop found and did.

    picked_up  entries that were in the segments and not in the catalogue
    torn       tails that were cut off and set aside
    """

    picked_up: int
    torn: tuple[TornTail, ...]


def recover(folder: ArchiveFolder, catalogue: CatalogueWriter) -> Recovery:
    """Bring segments and catalogue together again; quick when the last stop was clean.

    Call it with the archive's lock held, before anything is appended.

    The store is asked only where the catalogue knows no segment at all: it may be new beside an
    archive that is not.

    Raises:
        IntegrityError: a segment is shorter than the catalogue knows it to be.
        StoreError: the catalogue is new and the store does not answer.
    """
    picked_up, torn = 0, []
    for path in filter(is_open, segment_files(folder.segments_path)):
        committed = catalogue.committed_bytes(name_of_segment(path))
        if path.stat().st_size > committed and (tail := cut_torn_tail(path, committed)):
            torn.append(tail)
        if path.stat().st_size == 0:
            path.unlink()  # killed before its first record was whole
    for segment in _to_catch_up_with(folder, catalogue):
        committed = catalogue.committed_bytes(segment.name)
        if segment.size_bytes != committed or catalogue.segment_state(segment.name) == "open":
            picked_up += replay_segment(segment, catalogue, committed)
    return Recovery(picked_up=picked_up, torn=tuple(torn))


def _to_catch_up_with(folder: ArchiveFolder, catalogue: CatalogueWriter) -> tuple[HeldSegment, ...]:
    """The spool's segments, and those of the store that a new catalogue has not read whole."""
    holdings = Holdings(folder)
    if not catalogue.last_segment():
        # Noted before they are read, so that a kill in the middle is seen by the next start.
        catalogue.note_segments(each.name for each in holdings.only_stored())
    spool = holdings.in_spool()
    here = {each.name for each in spool}
    away = (holdings.find(name) for name in catalogue.unread_segments() if name not in here)
    return tuple(sorted((*spool, *filter(None, away)), key=lambda each: each.name))


def replay_segment(
    segment: HeldSegment,
    catalogue: CatalogueWriter,
    offset: int = 0,
    progress: Callable[[int], None] | None = None,
    until: int | None = None,
) -> int:
    """Apply a segment's entries from `offset` on; how many there were.

    progress  is told the bytes that each transaction covered
    until     where to stop: a byte behind a record; else the segment's end

    Raises:
        IntegrityError: the segment is shorter than `offset`.
        TornSegment: it does not end with a whole record.
    """
    name, applied = segment.name, 0
    size = segment.size_bytes if until is None else until
    if segment.size_bytes < max(offset, size):
        raise IntegrityError(
            f"{segment.place} has {segment.size_bytes} bytes, but {max(offset, size)} were "
            "acknowledged. Take the segment from another copy, or run `salname rebuild` to go on "
            "with what is left."
        )
    with segment.opened() as file:
        records = _up_to(size, walk_records_in(file, name, segment.place, offset), offset)
        for group, end in _groups(_entries_in(records)):
            catalogue.commit(group, name, end)
            applied += len(group)
            if progress is not None:
                progress(end - offset)
            offset = end
    catalogue.commit((), name, size)
    if segment.path is None:
        catalogue.note_stored(name)
    elif not segment.is_open:
        catalogue.seal_segment(name)
    return applied


def _up_to(
    end: int, records: Iterator[tuple[Location, Record]], offset: int
) -> Iterator[tuple[Location, Record]]:
    """The records before a byte; what lies behind it, which may be torn, is not looked at."""
    while offset < end and (found := next(records, None)) is not None:
        offset = found[0].offset + found[0].length
        yield found


def walk_log(path: Path, offset: int = 0) -> Iterator[tuple[Logged, int]]:
    """The entries of a segment with their captures, each with the byte behind it."""
    yield from _entries_in(walk_records(path, offset))


def walk_held_log(segment: HeldSegment, offset: int = 0) -> Iterator[tuple[Logged, int]]:
    """As `walk_log`, wherever the segment is read from."""
    with segment.opened() as file:
        yield from _entries_in(walk_records_in(file, segment.name, segment.place, offset))


def _entries_in(records: Iterator[tuple[Location, Record]]) -> Iterator[tuple[Logged, int]]:
    answer: tuple[Location, Record] | None = None
    rendered: RenderedRecord | None = None
    for location, record in records:
        if record.type in (RecordType.RESPONSE, RecordType.REVISIT):
            answer, rendered = (location, record), None  # the page's own is the last before its DOM
        elif record.type is RecordType.RESOURCE:
            rendered = rendered_record(record, location)
        elif record.type is RecordType.METADATA:
            logged = _logged_of(record, answer)
            if rendered is not None and logged.capture is not None:
                logged = replace(logged, capture=replace(logged.capture, rendered=rendered))
            yield logged, location.offset + location.length
            answer = rendered = None


def _groups(log: Iterator[tuple[Logged, int]]) -> Iterator[tuple[list[Logged], int]]:
    while batch := list(islice(log, _GROUP)):
        yield [logged for logged, _ in batch], batch[-1][1]


def _logged_of(record: Record, answer: tuple[Location, Record] | None) -> Logged:
    entry = entry_from_json(record.block)
    concurrent = record.find_reference("WARC-Concurrent-To")
    if not isinstance(entry, Reading) or concurrent is None:
        return Logged(entry=entry)
    if answer is None or answer[1].record_id != concurrent:
        raise IntegrityError(
            f"Metadata record {record.record_id} speaks of {concurrent}, which does not stand "
            "before it. Take the segment from another copy."
        )
    record = answer[1]
    if entry.photo is not None and entry.photo.look is None and record.type is RecordType.RESPONSE:
        # An older release took it, and its bytes were new.
        body = http_of(record).content().body
        entry = replace(entry, photo=looked_at(entry.photo, body))
    return Logged(entry=entry, capture=capture_of_record(record, answer[0]))


def capture_of_record(record: Record, location: Location) -> Capture:
    """The capture that a response or revisit record made; the same that the crawl named."""
    message = http_of(record)
    is_revisit = record.type is RecordType.REVISIT
    return Capture(
        url=record.target_uri or "",
        captured_at=stamp(record.date),
        status=message.status,
        mime=mime_of(message.headers),
        payload_sha256=None if is_revisit else record.find_payload_sha256(),
        payload_bytes=None if is_revisit else message.payload_bytes,
        record_id=record.record_id,
        location=location,
        revisit_of=record.find_reference("WARC-Refers-To") if is_revisit else None,
        truncated=record.find_field("WARC-Truncated"),
        is_noarchive=asks_noarchive(message.headers),
    )
