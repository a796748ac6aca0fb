"""Verifies an archive: every record against its digests, the catalogue against the records."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from archive.catalogue.reader import CatalogueReader
from archive.errors import ArchiveError, IntegrityError, NotAnArchive, TornSegment
from archive.folder import ArchiveFolder
from archive.http_message import http_of
from archive.segment import find_segment_file, name_of_segment
from archive.segment_reading import read_record, walk_records
from archive.spool import is_open, segment_files
from archive.warc import Location, Record, RecordType


class Damage(StrEnum):
    """What can be wrong."""

    SEGMENT = "segment"  # a segment holds something that is no proved record
    PAYLOAD = "payload"  # a payload is not the one of its digest
    CATALOGUE = "catalogue"  # SQLite finds its file damaged, or a row leads nowhere
    MISSING = "missing"  # the catalogue names a record that is not there


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One damage: what, where, and what repairs it, in a sentence."""

    damage: Damage
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a verification saw.

    unnamed     captures in the segments that the catalogue does not name: cut off by a kill, or
                not picked up yet; no damage
    torn_bytes  bytes behind the last whole record of an open segment, none of them acknowledged:
                a crawl is writing them, or was killed; no damage, the next start sets them aside
    """

    segments: int
    records: int
    captures: int
    unnamed: int
    torn_bytes: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """What the catalogue says of one record."""

    location: Location
    payload_sha256: str
    is_revisit: bool


@dataclass(slots=True)
class _Seen:
    """What has been seen so far, and what the catalogue names that has not been."""

    named: dict[str, _Named]
    findings: list[Finding]
    records: int = 0
    unnamed: int = 0
    torn_bytes: int = 0


def verify(folder: ArchiveFolder, progress: Callable[[int], None] | None = None) -> Verification:
    """Read every record of every segment and check the catalogue against them.

    progress  is told the bytes that were read
    """
    findings = list(_check_catalogue(folder))
    named, committed = _named_by(folder) if not findings else ({}, {})
    files = segment_files(folder.segments_path)
    captures = len(named)
    seen = _Seen(named=named, findings=findings)
    for name in map(name_of_segment, files):
        path = find_segment_file(folder.segments_path, name)  # it may have been sealed meanwhile
        if path is not None:
            _read_segment(path, committed.get(name, 0), seen, progress)
    seen.findings += _say_missing(named, {name_of_segment(path) for path in files})
    return Verification(
        segments=len(files),
        records=seen.records,
        captures=captures,
        unnamed=seen.unnamed,
        torn_bytes=seen.torn_bytes,
        findings=tuple(seen.findings),
    )


def _read_segment(
    path: Path, committed: int, seen: _Seen, progress: Callable[[int], None] | None
) -> None:
    """Check a segment record by record; `committed` of its bytes were acknowledged."""
    end = 0
    try:
        for location, record in walk_records(path):
            end = location.offset + location.length
            seen.records += 1
            if progress is not None:
                progress(location.length)
            seen.findings += _check_record(path.parent, record, location)
            if record.type in (RecordType.RESPONSE, RecordType.REVISIT):
                seen.unnamed += not _take_off(seen.named, record, location, seen.findings)
    except TornSegment as error:
        if is_open(path) and end >= committed:
            seen.torn_bytes += path.stat().st_size - end
        else:
            seen.findings.append(_finding(Damage.SEGMENT, str(error)))


def _check_catalogue(folder: ArchiveFolder) -> list[Finding]:
    try:
        with CatalogueReader.open(folder.catalogue_path) as reader:
            wrong = [row[0] for row in reader.db.execute("PRAGMA integrity_check")]
            wrong = [] if wrong == ["ok"] else wrong
            wrong += [
                f"a row of {table} leads nowhere in {parent}"
                for table, _, parent, _ in reader.db.execute("PRAGMA foreign_key_check")
            ]
    except NotAnArchive:
        return []
    except ArchiveError as error:
        return [_finding(Damage.CATALOGUE, str(error))]
    return [
        _finding(Damage.CATALOGUE, f"{folder.catalogue_path}: {each}. Run `salname rebuild`.")
        for each in wrong
    ]


def _named_by(folder: ArchiveFolder) -> tuple[dict[str, _Named], dict[str, int]]:
    """The records that the catalogue names, by id, and how far it knows each segment."""
    try:
        reader = CatalogueReader.open(folder.catalogue_path)
    except NotAnArchive:
        return {}, {}
    with reader:
        named = {
            capture.record_id: _Named(
                location=capture.location,
                payload_sha256=capture.payload_sha256,
                is_revisit=capture.revisit_of is not None,
            )
            for capture in reader.all_captures()
        }
        return named, reader.committed_bytes()


def _check_record(segments: Path, record: Record, location: Location) -> list[Finding]:
    """A record's block against its digest, and a response's payload against its own."""
    try:
        read_record(segments, location)
        if record.type is not RecordType.RESPONSE:
            return []
        stated = record.find_payload_sha256()
        found = hashlib.sha256(http_of(record).body).hexdigest()
    except IntegrityError as error:
        return [_finding(Damage.PAYLOAD, str(error))]
    if stated in (None, found):
        return []
    return [
        _finding(
            Damage.PAYLOAD,
            f"The payload of {record.target_uri} at byte {location.offset} of segment "
            f"{location.segment} does not match its digest. Take the segment from another copy.",
        )
    ]


def _take_off(
    named: dict[str, _Named], record: Record, location: Location, findings: list[Finding]
) -> bool:
    """Take a record off the list of those that the catalogue names; whether it was on it."""
    known = named.pop(record.record_id, None)
    if known is None:
        return False
    stated = record.find_payload_sha256()
    if known.location != location or (not known.is_revisit and known.payload_sha256 != stated):
        findings.append(
            _finding(
                Damage.CATALOGUE,
                f"The catalogue says of {record.target_uri} (record {record.record_id}) what its "
                "record does not. Run `salname rebuild`.",
            )
        )
    return True


def _say_missing(named: dict[str, _Named], segments: set[str]) -> list[Finding]:
    """A finding for each record that is not where it should be, or one for a whole segment."""
    lost = Counter(
        known.location.segment for known in named.values() if known.location.segment not in segments
    )
    found = [
        _finding(
            Damage.MISSING,
            f"Segment {segment}, of which the catalogue names {number} records, is not there. Take "
            "it from another copy, or run `salname rebuild` to go on without it.",
        )
        for segment, number in sorted(lost.items())
    ]
    return found + [
        _finding(
            Damage.MISSING,
            f"The catalogue names record {record_id} at byte {known.location.offset} of segment "
            f"{known.location.segment}, which is not there. Take the segment from another copy, "
            "or run `salname rebuild` to go on without it.",
        )
        for record_id, known in named.items()
        if known.location.segment in segments
    ]


def _finding(damage: Damage, sentence: str) -> Finding:
    return Finding(damage=damage, sentence=sentence)
