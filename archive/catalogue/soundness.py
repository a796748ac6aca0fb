"""What can be seen to be wrong with a catalogue by itself, without the segments."""

from collections.abc import Iterator
from contextlib import closing
from functools import lru_cache

from sqlite_utils import Database

from archive.catalogue.connection import open_scratch, pending_in

_SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_master"
_STATELESS = "SELECT name FROM segment WHERE state NOT IN ('open', 'sealed', 'stored')"


def faults_of(db: Database) -> Iterator[str]:
    """Each fault in some words: of the file, of a reference, of a state, of the schema.

    Raises:
        sqlite3.DatabaseError, UnicodeDecodeError: the file is too broken to be asked.
    """
    for (wrong,) in db.execute("PRAGMA integrity_check"):
        if wrong != "ok":
            yield str(wrong)
    for table, _, parent, _ in db.execute("PRAGMA foreign_key_check"):
        yield f"a row of {table} leads nowhere in {parent}"
    # SQLite 3.40 overlooks both: the one column that no segment tells, and the names of its tables.
    for (name,) in db.execute(_STATELESS):
        yield f"segment {name} is in no state that there is"
    yield from _faults_of_schema(db)


def _faults_of_schema(db: Database) -> Iterator[str]:
    wanted, found = _schema_without(pending_in(db)), set(db.execute(_SCHEMA))
    # sqlite_stat1 and its kind are made by whoever lets SQLite analyse the catalogue.
    added = {each for each in found if not str(each[1]).startswith("sqlite_stat")} - wanted
    for kind, name, *_ in sorted(wanted - found | added, key=str):
        yield f"the {kind} {name} is not as it was made"


@lru_cache(maxsize=4)
def _schema_without(pending: tuple[str, ...]) -> frozenset[tuple[object, ...]]:
    """The schema as this release makes it, or as an older one did."""
    with closing(open_scratch(without=pending)) as db:
        return frozenset(db.execute(_SCHEMA))
