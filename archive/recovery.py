"""What a start does after a stop that was not clean, whatever it finds.

The catalogue is looked at first: one that is broken is set aside and made anew, one that is
missing is made. Then segments and catalogue are brought together (`archive/replay.py`), and what
is sealed and not stored yet is counted, since it goes to the store at the end of the run.
"""

import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from sqlite_utils import Database

from archive.catalogue.connection import open_writer
from archive.catalogue.writer import CatalogueWriter, Schedule
from archive.disk import sync_folder, write_error
from archive.errors import IntegrityError, LaterCatalogue
from archive.folder import ArchiveFolder
from archive.rebuilding import rebuild
from archive.replay import Recovery, recover
from archive.segment import name_of_segment
from archive.spool import is_open, segment_files
from archive.stores import find_store

_CHECKED_AT_EVERY_START_BYTES = 64 << 20  # SQLite reads that in about 0.1 s


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """An archive that is ready to be written to, and what had to be done for that.

    db         the catalogue; whoever starts closes it
    catalogue  its writer
    recovery   what was picked up and cut off
    aside      name of the file that a broken catalogue was set aside as, or None
    applied    entries that a catalogue was made of that was broken or missing, or None
    waiting    sealed segments that go on to the store
    """

    db: Database
    catalogue: CatalogueWriter
    recovery: Recovery
    aside: str | None = None
    applied: int | None = None
    waiting: int = 0

    @property
    def sentence(self) -> str | None:
        """What was found and done, in one line; None where all was well."""
        found = []
        if self.aside is not None:
            found.append(
                f"its catalogue was broken, lies aside as {self.aside} and was made anew of "
                f"{_counted(self.applied or 0)}"
            )
        elif self.applied:
            found.append(f"its catalogue was missing and was made anew of {_counted(self.applied)}")
        if self.recovery.picked_up:
            found.append(f"{_counted(self.recovery.picked_up)} picked up from the segments")
        if self.recovery.torn:
            torn = sum(tail.length for tail in self.recovery.torn)
            found.append(f"{torn} torn byte{'' if torn == 1 else 's'} cut off and set aside")
        if not found:
            return None
        if self.waiting:
            wait = "1 segment goes" if self.waiting == 1 else f"{self.waiting} segments go"
            found.append(f"{wait} on to the store")
        return f"The last run did not end cleanly: {', '.join(found)}."


def start(
    folder: ArchiveFolder, schedule: Schedule, progress: Callable[[int], None] | None = None
) -> Start:
    """Open an archive for writing and bring it in order; call it with the archive's lock held.

    progress  is told the bytes that a new catalogue has read

    Raises:
        LaterCatalogue: a later release made the catalogue, which is left as it is.
        IntegrityError: a segment is shorter than the catalogue knows it to be.
        StoreError: the catalogue has to be made anew, and the store does not answer.
        SpoolFull, ArchiveError: the disk is full, or cannot be written.
    """
    was_there = folder.catalogue_path.exists()
    aside = applied = None
    try:
        db = _sound(folder)
    except LaterCatalogue:
        raise
    except IntegrityError:
        applied, aside = make_catalogue_anew(folder, schedule, progress)
        db = open_writer(folder.catalogue_path)
    try:
        catalogue = CatalogueWriter(db, schedule)
        recovery = recover(folder, catalogue)
        if not was_there:
            applied, recovery = recovery.picked_up, Recovery(picked_up=0, torn=recovery.torn)
        return Start(
            db=db,
            catalogue=catalogue,
            recovery=recovery,
            aside=aside,
            applied=applied,
            waiting=_waiting(folder, catalogue),
        )
    except BaseException:
        db.close()
        raise


def make_catalogue_anew(
    folder: ArchiveFolder, schedule: Schedule, progress: Callable[[int], None] | None = None
) -> tuple[int, str]:
    """Keep the catalogue under another name, and make one from the segments in its place.

    returns  how many entries were applied, and the name
    """
    aside = _set_aside(folder)
    return rebuild(folder, schedule, progress), aside


def _set_aside(folder: ArchiveFolder) -> str:
    """Give the catalogue a second name; the first one stays until the new one takes its place."""
    path, number = folder.catalogue_path, 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    try:
        for ending in ("", "-wal"):
            if path.with_name(f"{path.name}{ending}").exists():
                os.link(f"{path}{ending}", f"{aside}{ending}")
        sync_folder(folder.path)
    except OSError as error:
        raise write_error(aside, error, "The broken catalogue is where it was.") from error
    return aside.name


def _sound(folder: ArchiveFolder) -> Database:
    """The catalogue for its writer, checked by SQLite where it may be broken.

    A large one is checked only after an unclean stop, which a broken page leads to as soon as it
    is met.
    """
    path = folder.catalogue_path
    log = path.with_name(f"{path.name}-wal")
    was_killed = log.exists() and log.stat().st_size > 0  # a reader that came last leaves it empty
    db = open_writer(path)
    try:
        if (
            was_killed
            or path.stat().st_size <= _CHECKED_AT_EVERY_START_BYTES
            or db.execute(_WAS_CUT_OFF).fetchone() == (1,)
        ):
            wrong = [row[0] for row in db.execute("PRAGMA quick_check(1)")]
            if wrong != ["ok"]:
                raise IntegrityError(f"{path} is damaged ({wrong[0]}). Run `salname rebuild`.")
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        db.close()
        raise IntegrityError(f"{path} is damaged ({error}). Run `salname rebuild`.") from error
    except BaseException:
        db.close()
        raise
    return db


def _waiting(folder: ArchiveFolder, catalogue: CatalogueWriter) -> int:
    if find_store(folder) is None:
        return 0
    return sum(
        catalogue.segment_state(name_of_segment(path)) != "stored"
        for path in segment_files(folder.segments_path)
        if not is_open(path)
    )


def _counted(entries: int) -> str:
    return "1 entry" if entries == 1 else f"{entries} entries"


_WAS_CUT_OFF = "SELECT outcome IS NULL FROM run ORDER BY id DESC LIMIT 1"
