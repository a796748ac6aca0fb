"""Verifies a sample of an archive: so many of its captures, drawn anew each time.

For an archive that takes a day to read whole. A sampled capture is read where it lies, held
against its digests and against its row; the version that it made is derived again, and the story
that its article belongs to is looked at.
"""

import sqlite3
from collections.abc import Iterator
from random import Random

from archive.article import article_to_json
from archive.capture import Capture
from archive.catalogue.connection import catalogue_error
from archive.catalogue.contents import unpack
from archive.catalogue.reader import CatalogueReader
from archive.errors import (
    ArchiveError,
    ConfigurationError,
    IntegrityError,
    NotAnArchive,
    StoreError,
)
from archive.folder import ArchiveFolder
from archive.holdings import Holdings
from archive.integrity import Damage, Finding, Verification, check_catalogue, check_record
from archive.reading import Reading
from archive.replay import walk_held_log
from archive.versions import version_sha256

_OF_A_STORY = 50  # articles that are looked at


def verify_sample(folder: ArchiveFolder, share: float, random: Random) -> Verification:
    """Check a share of the captures; `records` says how many that were.

    share  from 0 to 1
    """
    findings, sampled, captures = list(check_catalogue(folder)), 0, 0
    segments: set[str] = set()
    try:
        if not findings:
            with CatalogueReader.open(folder.catalogue_path) as reader:
                (captures,) = reader.db.execute("SELECT count(*) FROM capture").fetchone()
                last = reader.db.execute("SELECT max(id) FROM capture").fetchone()[0] or 0
                for capture_id in range(1, last + 1):
                    if random.random() < share:
                        findings += _check(folder, reader, capture_id, segments)
                        sampled += 1
    except NotAnArchive:
        pass
    except (sqlite3.Error, ValueError) as error:
        sentence = str(catalogue_error(folder.catalogue_path, error))
        findings.append(Finding(damage=Damage.CATALOGUE, sentence=sentence))
    return Verification(
        segments=len(segments),
        records=sampled,
        captures=captures,
        unnamed=0,
        unread=0,
        torn_bytes=0,
        findings=tuple(dict.fromkeys(findings)),
    )


def _check(
    folder: ArchiveFolder, reader: CatalogueReader, capture_id: int, segments: set[str]
) -> Iterator[Finding]:
    capture = reader.capture_by_id(capture_id)
    if capture is None:
        return  # a rebuild leaves no gaps, but another release might
    location = capture.location
    segments.add(location.segment)
    try:
        held = Holdings(folder).find(location.segment)
        if held is None:
            yield Finding(
                damage=Damage.MISSING,
                sentence=f"Segment {location.segment}, which holds {capture.url}, is not there. "
                "Take it from another copy.",
            )
            return
        record = Holdings(folder).read(location)
        yield from check_record(record, location)
        logged, _ = next(walk_held_log(held, location.offset))
    except StoreError as error:
        yield Finding(damage=Damage.STORE, sentence=str(error))
        return
    except ConfigurationError as error:
        yield Finding(damage=Damage.SETTINGS, sentence=str(error))
        return
    except (ArchiveError, StopIteration) as error:  # nothing was made of it: the end of the file
        yield Finding(damage=Damage.SEGMENT, sentence=f"{capture.url}: {error}")
        return
    if logged.capture is None or not _is_said(reader, capture_id, logged.capture):
        yield Finding(
            damage=Damage.CATALOGUE,
            sentence=f"The catalogue says of capture {capture_id} ({capture.url}) what its record "
            "does not. Run `salname rebuild`.",
        )
    if isinstance(logged.entry, Reading) and logged.entry.article is not None:
        yield from _check_version(reader, capture_id, logged.entry)


def _is_said(reader: CatalogueReader, capture_id: int, true: Capture) -> bool:
    row = reader.capture_by_id(capture_id)
    return row is not None and (
        (row.url, row.captured_at, row.status, row.mime, row.record_id, row.location)
        == (true.url, true.captured_at, true.status, true.mime, true.record_id, true.location)
        and (row.revisit_of, row.is_noarchive) == (true.revisit_of, true.is_noarchive)
        and (true.revisit_of is not None or row.payload_sha256 == true.payload_sha256)
    )


def _check_version(reader: CatalogueReader, capture_id: int, reading: Reading) -> Iterator[Finding]:
    """The versions that a capture was the first to show, and the story of their article."""
    assert reading.article is not None
    made = (version_sha256(reading.article), article_to_json(reading.article))
    rows = reader.db.execute(
        "SELECT version.id, article_id, version_sha256, story_id, text.packed, base.packed"
        " FROM version JOIN article ON article.id = article_id"
        " JOIN version_content AS text ON text.version_id = version.id"
        " LEFT JOIN version_content AS base ON base.version_id = text.base_id"
        " WHERE first_capture_id = :id",
        {"id": capture_id},
    ).fetchall()
    for version_id, article_id, sha256, story_id, packed, base in rows:
        if (sha256, _content_of(packed, base)) != made:
            yield Finding(
                damage=Damage.CATALOGUE,
                sentence=f"Version {version_id} of article {article_id} ({reading.url}) is not "
                "what was read from its capture. Run `salname rebuild`.",
            )
        members = reader.story_members(article_id, _OF_A_STORY)
        links = reader.story_links((article_id,))
        of_others = {
            id_
            for (id_,) in reader.db.execute(
                "SELECT other_id FROM story_link JOIN article ON article.id = other_id"
                " WHERE article_id = :id AND NOT is_later AND story_id IS NOT :story",
                {"id": article_id, "story": story_id},
            )
        }
        if of_others or (links and story_id is None) or (members and min(members) != story_id):
            yield Finding(
                damage=Damage.CATALOGUE,
                sentence=f"The story of article {article_id} ({reading.url}) is not the one that "
                "its links make. Run `salname rebuild`.",
            )


def _content_of(packed: bytes, base: bytes | None) -> bytes | None:
    """A version's JSON; None where its bytes are damaged."""
    try:
        return unpack(packed, base)
    except IntegrityError:
        return None
