"""Verifies an archive: every record against its digests, the catalogue against the records."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum

from archive.catalogue.connection import catalogue_error, is_of_older_release, open_of_any_release
from archive.catalogue.reader import CatalogueReader
from archive.catalogue.soundness import faults_of
from archive.catalogue.writer import Schedule
from archive.cdxj import is_indexed
from archive.errors import (
    ArchiveError,
    ConfigurationError,
    IntegrityError,
    NotAnArchive,
    StoreError,
)
from archive.folder import ArchiveFolder
from archive.holdings import HeldSegment, Holdings
from archive.http_message import http_of
from archive.members import Member, Tear
from archive.rederiving import differences
from archive.seal_check import Place, check_seal
from archive.search.soundness import check_index
from archive.segment_reading import prove, walk_proved_in
from archive.store_check import check_store, said_to_be_stored
from archive.stores import find_store
from archive.warc import Location, Record, RecordType


class Damage(StrEnum):
    """What can be wrong."""

    SEGMENT = "segment"  # a segment holds something that is no proved record
    PAYLOAD = "payload"  # a payload is not the one of its digest
    CATALOGUE = "catalogue"  # SQLite finds its file damaged, or a row leads nowhere
    MISSING = "missing"  # the catalogue names a record that is not there
    INDEX = "index"  # what lies beside a sealed segment is not its index, or not its digests
    SEARCH = "search"  # the search index is broken, or holds something else than the catalogue
    SETTINGS = "settings"  # salname.toml cannot be read
    STORE = "store"  # the store does not answer, or what it holds is not what was sent


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
    unread      segments that only the store has and that were not read: `deep` reads those that are
                seen there; what a store that does not answer should have is not taken for missing
    torn_bytes  bytes behind the last whole record of an open segment, none of them acknowledged:
                a crawl is writing them, or was killed; no damage, the next start sets them aside
    is_of_older_release  whether the catalogue is, so that it could be held against the segments no
                further than that; no damage, the next start brings it up to date
    """

    segments: int
    records: int
    captures: int
    unnamed: int
    unread: int
    torn_bytes: int
    findings: tuple[Finding, ...]
    is_of_older_release: bool = False


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


def verify(
    folder: ArchiveFolder,
    progress: Callable[[int], None] | None = None,
    *,
    deep: bool = False,
    schedule: Schedule | None = None,
) -> Verification:
    """Read every record of every segment and check index, catalogue and search against them.

    progress  is told the bytes that were read
    deep      also those that only the store has, and the store's copies of the others; else they
              are only looked for there
    schedule  given with `deep`, the catalogue is derived again and compared row by row: articles,
              versions, stories, changes, all
    """
    findings = list(check_catalogue(folder))
    is_older = not findings and is_of_older_release(folder.catalogue_path)
    has_catalogue = not findings and not is_older
    named, committed = _named_by(folder, findings) if has_catalogue else ({}, {})
    seen = _Seen(named=named, findings=findings)
    captures = len(named)
    holdings = Holdings(folder)
    names = {segment.name for segment in holdings.in_spool()}
    for name in sorted(names):
        # Sealed, or sent and let go of, since it was listed?
        with _telling_store_errors(seen):
            if (segment := holdings.find(name)) is not None:
                _read_segment(segment, committed.get(name, 0), seen, progress)
    stored = _stored_segments(holdings, names, seen)
    unread = set() if stored is not None else set(said_to_be_stored(folder)) - names
    for segment in stored or ():
        unread.add(segment.name)
        with _telling_store_errors(seen):
            if deep:
                _read_segment(segment, committed.get(segment.name, 0), seen, progress)
                unread.remove(segment.name)
            else:
                _look_for(segment, committed.get(segment.name, 0), seen)
    names |= unread | {segment.name for segment in stored or ()}
    missing = {id_: each for id_, each in named.items() if each.location.segment not in unread}
    seen.findings += _say_missing(missing, names)
    if deep:
        _check_deeply(folder, schedule if has_catalogue else None, seen, progress)
    if has_catalogue:
        seen.findings += _check_search(folder)
    return Verification(
        segments=len(names),
        records=seen.records,
        captures=captures,
        unnamed=seen.unnamed if has_catalogue else 0,
        unread=len(unread),
        torn_bytes=seen.torn_bytes,
        findings=tuple(seen.findings),
        is_of_older_release=is_older,
    )


def _stored_segments(
    holdings: Holdings, here: set[str], seen: _Seen
) -> tuple[HeldSegment, ...] | None:
    """What only the store has; None where it does not answer."""
    with _telling_store_errors(seen):
        return tuple(each for each in holdings.only_stored() if each.name not in here)
    return None


@contextmanager
def _telling_store_errors(seen: _Seen) -> Iterator[None]:
    """A store that does not answer, or cannot be found by the settings, is a finding."""
    try:
        yield
    except StoreError as error:
        _tell_once(seen, Damage.STORE, str(error))
    except ConfigurationError as error:
        _tell_once(seen, Damage.SETTINGS, str(error))


def _tell_once(seen: _Seen, damage: Damage, sentence: str) -> None:
    if (finding := _finding(damage, sentence)) not in seen.findings:
        seen.findings.append(finding)


def _check_deeply(
    folder: ArchiveFolder,
    schedule: Schedule | None,
    seen: _Seen,
    progress: Callable[[int], None] | None,
) -> None:
    """The store's copies against their digests; then the catalogue against what segments say."""
    with _telling_store_errors(seen):
        if (store := find_store(folder)) is not None:
            found = check_store(folder, store, progress).findings
            seen.findings += [_finding(Damage.STORE, each) for each in found]
    told = {finding.damage for finding in seen.findings}
    # Of damaged segments other rows come, and a damaged catalogue has been told of.
    if schedule is None or told & {
        Damage.SEGMENT,
        Damage.PAYLOAD,
        Damage.CATALOGUE,
        Damage.MISSING,
    }:
        return
    with _telling_store_errors(seen), suppress(NotAnArchive):
        wrong = _differences(folder, schedule, progress)
        seen.findings += [_finding(Damage.CATALOGUE, each) for each in wrong]


def _differences(
    folder: ArchiveFolder, schedule: Schedule, progress: Callable[[int], None] | None
) -> tuple[str, ...]:
    try:
        return differences(folder, schedule, progress)
    except (NotAnArchive, StoreError):
        raise
    except ArchiveError as error:
        return (f"It cannot be derived again: {error}",)


def _check_search(folder: ArchiveFolder) -> list[Finding]:
    try:
        with CatalogueReader.open(folder.catalogue_path) as reader:
            wrong = check_index(folder.search_path, reader)
    except NotAnArchive:
        return []
    return [_finding(Damage.SEARCH, each) for each in wrong]


def _look_for(segment: HeldSegment, committed: int, seen: _Seen) -> None:
    """Believe of a stored segment what its length says, and that it was read back when sent."""
    if segment.size_bytes < committed:
        seen.findings.append(
            _finding(
                Damage.STORE,
                f"{segment.place} has {segment.size_bytes} bytes where {committed} were known. "
                "Take it from another copy.",
            )
        )


def _read_segment(
    segment: HeldSegment, committed: int, seen: _Seen, progress: Callable[[int], None] | None
) -> None:
    """Check a segment record by record; `committed` of its bytes were acknowledged."""
    end, places = 0, set[Place]()
    with segment.opened() as file:
        for step in walk_proved_in(file, 0):
            if isinstance(step, Tear):
                _note_tear(segment, step, seen, is_damage=not segment.is_open or end < committed)
                return
            member, record = step
            location = Location(segment=segment.name, offset=member.offset, length=member.length)
            end = member.offset + member.length
            seen.records += 1
            if progress is not None:
                progress(member.length)
            seen.findings += _check_block(member, location) or check_record(record, location)
            if is_indexed(record):
                places.add((location.offset, location.length))
            if record.type in (RecordType.RESPONSE, RecordType.REVISIT):
                is_part = record.find_field("WARC-Concurrent-To") is not None  # of a rendered page
                is_named = _take_off(seen.named, record, location, seen.findings)
                seen.unnamed += not (is_named or is_part)
    if segment.path is not None and not segment.is_open:
        seen.findings += [_finding(Damage.INDEX, each) for each in check_seal(segment.path, places)]


def _note_tear(segment: HeldSegment, tear: Tear, seen: _Seen, *, is_damage: bool) -> None:
    if not is_damage and segment.path is not None:
        seen.torn_bytes += max(0, segment.path.stat().st_size - tear.offset)
        return
    seen.findings.append(
        _finding(
            Damage.SEGMENT,
            f"{segment.place} holds no whole record at byte {tear.offset}: {tear.why}. "
            "Take the segment from another copy where there is one.",
        )
    )


def check_catalogue(folder: ArchiveFolder) -> list[Finding]:
    """What is wrong with the catalogue by itself: its file, its references, its schema."""
    path = folder.catalogue_path
    try:
        with closing(open_of_any_release(path)) as db:
            wrong = list(faults_of(db))
    except NotAnArchive:
        return []
    except ArchiveError as error:
        return [_finding(Damage.CATALOGUE, str(error))]
    except (sqlite3.Error, UnicodeDecodeError) as error:  # a bit can make any statement fail
        return [_finding(Damage.CATALOGUE, str(catalogue_error(path, error)))]
    return [_finding(Damage.CATALOGUE, f"{path}: {each}. Run `salname rebuild`.") for each in wrong]


def _named_by(
    folder: ArchiveFolder, findings: list[Finding]
) -> tuple[dict[str, _Named], dict[str, int]]:
    """The records that the catalogue names, by id, and how far it knows each segment."""
    try:
        with CatalogueReader.open(folder.catalogue_path) as reader:
            named = {
                capture.record_id: _Named(
                    location=capture.location,
                    payload_sha256=capture.payload_sha256,
                    is_revisit=capture.revisit_of is not None,
                )
                for capture in reader.all_captures()
            }
            return named, reader.committed_bytes()
    except NotAnArchive:
        pass
    except (ArchiveError, sqlite3.Error, ValueError) as error:  # a value of another kind, no UTF-8
        findings.append(
            _finding(Damage.CATALOGUE, str(catalogue_error(folder.catalogue_path, error)))
        )
    return {}, {}


def _check_block(member: Member, location: Location) -> list[Finding]:
    """A record's block against its own digest."""
    try:
        prove(member)
    except IntegrityError as error:
        sentence = f"Segment {location.segment}, byte {location.offset}: {error}"
        return [_finding(Damage.PAYLOAD, sentence)]
    return []


def check_record(record: Record, location: Location) -> list[Finding]:
    """A response's payload against its digest; of any other record nothing is asked."""
    if record.type is not RecordType.RESPONSE:
        return []
    try:
        stated = record.find_payload_sha256()
        found = http_of(record).payload_sha256
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
