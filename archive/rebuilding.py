"""Making the catalogue anew from the segments alone, over several processes, and resumably.

The new catalogue grows beside the old one, under `catalogue.sqlite.rebuild`, and takes its place
when it is whole. A rebuild that was cut off goes on where it was, unless another release began it
or a segment has come in between.
"""

import os
import sqlite3
import zlib
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from sqlite_utils import Database

from archive.catalogue.connection import open_writer
from archive.catalogue.writer import CatalogueWriter, Schedule
from archive.disk import sync_folder, write_error
from archive.errors import ArchiveError
from archive.folder import ArchiveFolder
from archive.holdings import HeldSegment, Holdings
from archive.reading_ahead import Part, Reader, reading_ahead
from archive.spool import is_open, segment_files
from archive.torn_tail import cut_torn_tail

_GROUP = 500  # entries in one transaction
_WORTH_PROCESSES_BYTES = 32 << 20  # below, they take longer to begin than they save
_ENDINGS = ("", "-wal", "-shm")


def rebuild(
    folder: ArchiveFolder,
    schedule: Schedule,
    progress: Callable[[int], None] | None = None,
    *,
    processes: int | None = None,
) -> int:
    """Make the catalogue anew from the segments alone, and put it in the old one's place.

    The segments of the spool and of the store are read, each once. The old catalogue stays until
    the new one is whole. Call it with the archive's lock held.

    progress   is told the bytes that each transaction covered
    processes  that read ahead; None: one less than there are cores where there is much to read
    returns    how many entries were applied, by this call

    Raises:
        TornSegment, IntegrityError: a segment is damaged; the old catalogue is as it was.
        StoreError: the store does not answer.
        SpoolFull, ArchiveError: the disk is full, or a reading process was killed.
    """
    for path in segment_files(folder.segments_path):
        if is_open(path):
            cut_torn_tail(path)
    segments = Holdings(folder).all()
    fresh = folder.catalogue_path.with_name("catalogue.sqlite.rebuild")
    db, applied = _begun(fresh, segments), 0
    try:
        catalogue = CatalogueWriter(db, schedule)
        known = {each.name: catalogue.committed_bytes(each.name) for each in segments}
        if progress is not None:
            progress(sum(known.values()))
        left = [each for each in segments if known[each.name] < each.size_bytes]
        parts = [Part(segment=each.name, offset=known[each.name]) for each in left]
        number = _processes_for(left) if processes is None else processes
        with reading_ahead(folder, parts, number) as read:
            for segment, part in zip(left, parts, strict=True):
                applied += _apply(catalogue, segment, part, read, progress)
        for segment in segments:
            _note_state(catalogue, segment)
        db.execute("PRAGMA user_version = 0")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        db.close()
    _put_in_place(fresh, folder)
    return applied


def _apply(
    catalogue: CatalogueWriter,
    segment: HeldSegment,
    part: Part,
    read: Reader,
    progress: Callable[[int], None] | None,
) -> int:
    offset, entries, applied = part.offset, read(part), 0
    while group := list(islice(entries, _GROUP)):
        end = group[-1][1]
        catalogue.commit([logged for logged, _ in group], segment.name, end)
        if progress is not None:
            progress(end - offset)
        offset = end
        applied += len(group)
    catalogue.commit((), segment.name, segment.size_bytes)
    return applied


def _note_state(catalogue: CatalogueWriter, segment: HeldSegment) -> None:
    if segment.path is None:
        catalogue.note_stored(segment.name)
    elif not segment.is_open:
        catalogue.seal_segment(segment.name)


def _begun(fresh: Path, segments: tuple[HeldSegment, ...]) -> Database:
    """What an earlier rebuild has made so far where it can be gone on with, else an empty one."""
    release = _release()
    if fresh.exists():
        try:
            db = _opened(fresh)
            if _can_go_on(db, segments, release):
                return db
            db.close()
        except ArchiveError:
            pass  # broken: it is begun anew
    for ending in _ENDINGS:
        fresh.with_name(fresh.name + ending).unlink(missing_ok=True)
    db = _opened(fresh)
    db.execute(f"PRAGMA user_version = {release}")
    return db


def _opened(fresh: Path) -> Database:
    db = open_writer(fresh)
    # Only the last transactions may be lost in a power cut, and they are made again.
    db.execute("PRAGMA synchronous = NORMAL")
    return db


def _can_go_on(db: Database, segments: tuple[HeldSegment, ...], release: int) -> bool:
    try:
        (begun_by,) = db.execute("PRAGMA user_version").fetchone()
        (check,) = db.execute("PRAGMA quick_check(1)").fetchone()
        rows = db.execute("SELECT name, committed_bytes FROM segment ORDER BY id").fetchall()
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return False
    sizes = {each.name: each.size_bytes for each in segments}
    return (
        (begun_by, check) == (release, "ok")
        and [name for name, _ in rows] == [each.name for each in segments[: len(rows)]]
        and all(bytes_ <= sizes[name] for name, bytes_ in rows)
        and all(bytes_ == sizes[name] for name, bytes_ in rows[:-1])
    )


def _release() -> int:
    """A number of the code that makes the rows: another one's half is not gone on with."""
    crc = 0
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        crc = zlib.crc32(path.read_bytes(), crc)
    return crc >> 1  # SQLite's number has a sign


def _put_in_place(fresh: Path, folder: ArchiveFolder) -> None:
    old = folder.catalogue_path
    try:
        for ending in _ENDINGS[1:]:
            old.with_name(f"catalogue.sqlite{ending}").unlink(missing_ok=True)
        # Before the rename: the old log would be applied to the new catalogue.
        sync_folder(folder.path)
        os.replace(fresh, old)  # noqa: PTH105 (atomic, and says so)
        sync_folder(folder.path)
    except OSError as error:
        state = "The next start makes it whole from the segments."
        raise write_error(old, error, state) from error


def _processes_for(segments: list[HeldSegment]) -> int:
    if sum(each.size_bytes for each in segments) < _WORTH_PROCESSES_BYTES:
        return 0
    return max(1, len(os.sched_getaffinity(0)) - 1)
