"""Verifies an archive: every record against its digests, the catalogue against the records."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from archive.catalogue.reader import CatalogueReader
from archive.errors import IntegrityError, TornSegment
from archive.folder import ArchiveFolder
from archive.http_message import http_of
from archive.segment_reading import walk_records
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

    unnamed  captures in the segments that the catalogue does not name: cut off by a kill, or not
             picked up yet; no damage
    """

    segments: int
    records: int
    captures: int
    unnamed: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """What the catalogue says of one record."""

    location: Location
    payload_sha256: str
    is_revisit: bool


def verify(folder: ArchiveFolder, progress: Callable[[int], None] | None = None) -> Verification:
    """Read every record of every segment and check the catalogue against them.

    progress  is told the bytes that were read
    """
    findings = list(_check_catalogue(folder))
    named = _named_records(folder, findings)
    records = unnamed = 0
    files = segment_files(folder.segments_path)
    captures = len(named)
    for path in files:
        try:
            for location, record in walk_records(path):
                records += 1
                if progress is not None:
                    progress(location.length)
                findings += _check_record(record, location)
                if record.type in (RecordType.RESPONSE, RecordType.REVISIT):
                    unnamed += not _take_off(named, record, location, findings)
        except TornSegment as error:
            if not is_open(path):
                findings.append(_finding(Damage.SEGMENT, str(error)))
            else:
                findings.append(
                    _finding(
                        Damage.SEGMENT,
                        f"{error} A crawl is writing, or was killed: its next start cuts this off.",
                    )
                )
    findings += _say_missing(named)
    return Verification(
        segments=len(files),
        records=records,
        captures=captures,
        unnamed=unnamed,
        findings=tuple(findings),
    )


def _check_catalogue(folder: ArchiveFolder) -> list[Finding]:
    if not folder.catalogue_path.exists():
        return []
    try:
        with CatalogueReader.open(folder.catalogue_path) as reader:
            wrong = [row[0] for row in reader.db.execute("PRAGMA integrity_check")]
            wrong = [] if wrong == ["ok"] else wrong
            wrong += [
                f"a row of {table} leads nowhere in {parent}"
                for table, _, parent, _ in reader.db.execute("PRAGMA foreign_key_check")
            ]
    except IntegrityError as error:
        return [_finding(Damage.CATALOGUE, str(error))]
    return [
        _finding(Damage.CATALOGUE, f"{folder.catalogue_path}: {each}. Run `salname rebuild`.")
        for each in wrong
    ]


def _named_records(folder: ArchiveFolder, findings: list[Finding]) -> dict[str, _Named]:
    if not folder.catalogue_path.exists() or findings:
        return {}
    with CatalogueReader.open(folder.catalogue_path) as reader:
        return {
            capture.record_id: _Named(
                location=capture.location,
                payload_sha256=capture.payload_sha256,
                is_revisit=capture.revisit_of is not None,
            )
            for capture in reader.all_captures()
        }


def _check_record(record: Record, location: Location) -> list[Finding]:
    """A payload against its own digest; the block's was checked while it was read."""
    if record.type is not RecordType.RESPONSE:
        return []
    stated = record.find_payload_sha256()
    try:
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


def _say_missing(named: dict[str, _Named]) -> list[Finding]:
    return [
        _finding(
            Damage.MISSING,
            f"The catalogue names record {record_id} at byte {known.location.offset} of segment "
            f"{known.location.segment}, which is not there. Take the segment from another copy, "
            "or run `salname rebuild` to go on without it.",
        )
        for record_id, known in named.items()
    ]


def _finding(damage: Damage, sentence: str) -> Finding:
    return Finding(damage=damage, sentence=sentence)
