"""Opening the catalogue: one writer, any number of readers.

WAL lets readers go on while the writer commits. `synchronous=FULL`: NORMAL would do for a derived
catalogue, but a power cut could take back a change number that a consumer has already read.
"""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from archive.catalogue.schema import catalogue_migrations
from archive.disk import write_error
from archive.errors import (
    ArchiveError,
    IntegrityError,
    LaterCatalogue,
    NotAnArchive,
    OlderCatalogue,
)

_OF_THE_DISK = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
_OF_THE_FILE = (
    *_OF_THE_DISK,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
)
# Anchors of stories are found in all places of their table: with SQLite's own 2 MB a text costs a
# sixth more at 100,000 documents (benchmarks/growth.py).
WRITER_CACHE_KB = 64 * 1024
_BUSY_MS = 10_000  # a reader may meet the instant of a checkpoint


def open_writer(path: Path) -> Database:
    """The catalogue for its one writer, created or migrated to the newest schema.

    Raises:
        IntegrityError: the file is not a SQLite database.
        LaterCatalogue: a later release made it.
        SpoolFull, ArchiveError: the disk is full, or does not let it be written.
    """
    with _opened(path, f"{path.absolute().as_uri()}?mode=rwc") as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute(f"PRAGMA cache_size = -{WRITER_CACHE_KB}")
        _refuse_later_schema(db)
        # All or none: a kill between two would leave a catalogue that no release ever had.
        with db.atomic():
            catalogue_migrations.apply(db)
    return db


def open_scratch(*, without: tuple[str, ...] = ()) -> Database:
    """An empty catalogue that nobody else sees and that is gone when it is closed.

    It lies in memory while it is small, then in a temporary file.

    without  migrations that an older release did not have
    """
    db = Database(sqlite3.connect(""))
    db.execute("PRAGMA synchronous = OFF")
    catalogue_migrations.apply(db, stop_before=without)
    return db


def open_reader(path: Path) -> Database:
    """The catalogue, read-only.

    Raises:
        NotAnArchive: there is no catalogue at `path`.
        IntegrityError: the file is no catalogue.
        OlderCatalogue: an older release made it, and nobody has written to it since.
        LaterCatalogue: a later release made it.
    """
    db = open_of_any_release(path)
    if pending_in(db):
        db.close()
        raise OlderCatalogue(
            f"{path} has the schema of an older release. Run `salname recover` or a crawl, "
            "which bring it up to date."
        )
    return db


def pending_in(db: Database) -> tuple[str, ...]:
    """The migrations that a catalogue has not had, which an older release did not know."""
    return tuple(each.name for each in catalogue_migrations.pending(db))


def is_of_older_release(path: Path) -> bool:
    """Whether there is a catalogue at `path` that this release would migrate."""
    try:
        open_reader(path).close()
    except OlderCatalogue:
        return True
    except NotAnArchive:
        pass
    return False


def open_of_any_release(path: Path) -> Database:
    """The catalogue, read-only and with whatever tables it has; raises what `open_reader` does."""
    if not path.exists():
        raise _no_catalogue(path)
    with _opened(path, f"{path.absolute().as_uri()}?{_how_to_read(path)}") as db:
        _refuse_later_schema(db)
        if not catalogue_migrations.applied(db):
            if db.table_names():
                raise sqlite3.DatabaseError("it has tables, and does not say of which release")
            raise _no_catalogue(path)  # a kill or a full disk ended the first crawl that early
    return db


def _how_to_read(path: Path) -> str:
    """On a disk that is read-only SQLite must be told that nobody writes: WAL needs a file beside."""
    wal = path.with_name(f"{path.name}-wal")
    if os.statvfs(path).f_flag & os.ST_RDONLY and not wal.exists():
        return "mode=ro&immutable=1"
    return "mode=ro"


def _no_catalogue(path: Path) -> NotAnArchive:
    return NotAnArchive(
        f"{path} is not there: this archive has no catalogue yet. "
        "Run `salname crawl`, or `salname rebuild` if there are segments."
    )


@contextmanager
def _opened(path: Path, uri: str) -> Iterator[Database]:
    """A connection that stays open behind the block, unless the block fails."""
    connection = None
    try:
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        yield Database(connection)
    except BaseException as error:
        if connection is not None:
            connection.close()
        # sqlite3 itself raises the other where SQLite quotes a broken name in its message.
        if isinstance(error, (sqlite3.DatabaseError, UnicodeDecodeError)):
            raise catalogue_error(path, error) from error
        raise


def _refuse_later_schema(db: Database) -> None:
    known = {each.name for each in catalogue_migrations.pending(db)}
    known |= {each.name for each in catalogue_migrations.applied(db)}
    ours = {each.name for each in catalogue_migrations._migrations}  # noqa: SLF001 (no public list)
    if later := sorted(known - ours):
        raise LaterCatalogue(
            f"The catalogue was written by a later release (it knows {later[-1]}). "
            "Install that release, or run `salname rebuild` with this one."
        )


@contextmanager
def atomic(db: Database, path: Path) -> Iterator[None]:
    """A transaction of the writer; what SQLite says of the disk or the file becomes our error."""
    try:
        with db.atomic():
            yield
    except sqlite3.DatabaseError as error:
        if is_of_the_file(error):
            raise catalogue_error(path, error) from error
        raise


def is_of_the_file(error: BaseException | None) -> bool:
    """Whether it is the file or its disk that an error of SQLite's speaks of, and no bug of ours."""
    return isinstance(error, sqlite3.DatabaseError) and (
        _code_of(error) in _OF_THE_FILE or "Could not decode to UTF-8" in str(error)
    )


def catalogue_error(path: Path, error: BaseException) -> ArchiveError:
    """What SQLite's error means for the archive: a full disk, a failing one, or a broken file."""
    code = _code_of(error)
    if code == sqlite3.SQLITE_FULL:
        full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write_error(path, full, "Nothing that was acknowledged is lost.")
    if code in _OF_THE_DISK:
        return ArchiveError(
            f"{path} cannot be read or written ({error}). Nothing that was acknowledged is lost. "
            "Look at the disk, its space and its permissions, then run the command again."
        )
    return IntegrityError(
        f"{path} cannot be read as a catalogue ({error}). "
        "The segments hold everything: run `salname rebuild`."
    )


def _code_of(error: BaseException) -> int:
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF  # the rest says which call it was
