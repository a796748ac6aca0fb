"""Opening the catalogue: one writer, any number of readers.

WAL lets readers go on while the writer commits. `synchronous=FULL`: NORMAL would do for a derived
catalogue, but a power cut could take back a change number that a consumer has already read.
"""

import sqlite3
from pathlib import Path

from sqlite_utils import Database

from archive.catalogue.schema import catalogue_migrations
from archive.errors import IntegrityError, NotAnArchive

_BUSY_MS = 10_000  # a reader may meet the instant of a checkpoint


def open_writer(path: Path) -> Database:
    """The catalogue for its one writer, created or migrated to the newest schema.

    Raises:
        IntegrityError: the file is not a SQLite database, or a later release made it.
    """
    try:
        connection = sqlite3.connect(path, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        db = Database(connection)
        _refuse_later_schema(db)
        catalogue_migrations.apply(db)
    except sqlite3.DatabaseError as error:
        raise _unreadable(path, error) from error
    return db


def open_reader(path: Path) -> Database:
    """The catalogue, read-only.

    Raises:
        NotAnArchive: there is no catalogue at `path`.
        IntegrityError: the file is not a catalogue of this release; a crawl migrates older ones.
    """
    if not path.exists():
        raise NotAnArchive(
            f"{path} is not there: this archive has no catalogue yet. "
            "Run `salname crawl`, or `salname rebuild` if there are segments."
        )
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        db = Database(connection)
        _refuse_later_schema(db)
        if catalogue_migrations.pending(db):
            connection.close()
            raise IntegrityError(
                f"{path} has the schema of an older release. Run `salname rebuild` or a crawl, "
                "which bring it up to date."
            )
    except sqlite3.DatabaseError as error:
        raise _unreadable(path, error) from error
    return db


def _refuse_later_schema(db: Database) -> None:
    known = {each.name for each in catalogue_migrations.pending(db)}
    known |= {each.name for each in catalogue_migrations.applied(db)}
    ours = {each.name for each in catalogue_migrations._migrations}  # noqa: SLF001 (no public list)
    if later := sorted(known - ours):
        raise IntegrityError(
            f"The catalogue was written by a later release (it knows {later[-1]}). "
            "Install that release, or run `salname rebuild` with this one."
        )


def _unreadable(path: Path, error: sqlite3.DatabaseError) -> IntegrityError:
    return IntegrityError(
        f"{path} cannot be read as a catalogue ({error}). "
        "The segments hold everything: run `salname rebuild`."
    )
