"""Whether the catalogue says what its segments say: it is made again beside, and held against it.

The second one is a temporary database of SQLite's, which lies in memory while it is small. Only
what was committed when this began is compared, so that a crawl may go on meanwhile.
"""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlite_utils import Database

from archive.catalogue.connection import catalogue_error, open_reader, open_scratch
from archive.catalogue.writer import CatalogueWriter, Schedule
from archive.folder import ArchiveFolder
from archive.holdings import Holdings
from archive.replay import replay_segment

_TOLD_A_TABLE = 3  # differences, and how many more there are
_BEYOND_SEGMENTS = {"segment": {"state"}}  # columns that say what else happened to a segment
_Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """A table, the columns of its key, and those that the segments decide."""

    table: str
    keys: tuple[str, ...]
    compared: tuple[str, ...]


def differences(
    folder: ArchiveFolder, schedule: Schedule, progress: Callable[[int], None] | None = None
) -> tuple[str, ...]:
    """What the catalogue says and the segments do not, or the other way round, in sentences.

    progress  is told the bytes that were read

    Raises:
        IntegrityError, TornSegment: a segment is damaged; nothing can be said.
        StoreError: a segment is in the store, which does not answer.
    """
    held, scratch = open_reader(folder.catalogue_path), open_scratch()
    try:
        held.execute("BEGIN")  # what is read from here on is of one moment
        rows = held.execute("SELECT name, committed_bytes FROM segment ORDER BY id").fetchall()
        _replay(folder, CatalogueWriter(scratch, schedule), rows, progress)
        shapes = [_shape_of(scratch, name) for name in scratch.table_names() if name[0] != "_"]
        for db in (held, scratch):
            db.conn.text_factory = bytes  # a flipped bit need not leave UTF-8
        return tuple(
            sentence
            for shape in shapes
            for sentence in _told(shape.table, _differing_rows(held, scratch, shape))
        )
    except (sqlite3.DatabaseError, TypeError, ValueError) as error:  # a bit can make any of them
        return (str(catalogue_error(folder.catalogue_path, error)),)
    finally:
        held.close()
        scratch.close()


def _replay(
    folder: ArchiveFolder,
    catalogue: CatalogueWriter,
    committed: list[_Row],
    progress: Callable[[int], None] | None,
) -> None:
    holdings = Holdings(folder)
    for name, end in committed:
        if (segment := holdings.find(name)) is not None:
            replay_segment(segment, catalogue, progress=progress, until=end)


def _shape_of(db: Database, table: str) -> _Shape:
    columns = db.execute(f"PRAGMA table_info([{table}])").fetchall()
    beyond = _BEYOND_SEGMENTS.get(table, set())
    return _Shape(
        table=table,
        keys=tuple(row[1] for row in columns if row[5]),
        compared=tuple(row[1] for row in columns if row[1] not in beyond),
    )


def _differing_rows(held: Database, scratch: Database, shape: _Shape) -> Iterator[str]:
    """Each row that differs, as what is wrong with it."""
    keys, compared = shape.keys, shape.compared
    order = ", ".join(f"[{each}]" for each in keys)
    names = ", ".join(f"[{each}]" for each in (*keys, *compared))
    question = f"SELECT {names} FROM [{shape.table}] ORDER BY {order}"  # noqa: S608 (our schema's)
    ours, theirs = iter(held.execute(question)), iter(scratch.execute(question))
    one, other = next(ours, None), next(theirs, None)
    while one is not None or other is not None:
        key = None if one is None else one[: len(keys)]
        true_key = None if other is None else other[: len(keys)]
        if key == true_key:
            assert one is not None
            assert other is not None
            if one != other:
                at = range(len(keys), len(one))
                wrong = [compared[each - len(keys)] for each in at if one[each] != other[each]]
                yield f"{_text(other[: len(keys)])} says another {' and '.join(wrong)}"
            one, other = next(ours, None), next(theirs, None)
        elif other is None or (one is not None and one[: len(keys)] < other[: len(keys)]):
            assert one is not None
            yield f"{_text(one[: len(keys)])} is in the catalogue alone"
            one = next(ours, None)
        else:
            yield f"{_text(other[: len(keys)])} is missing"
            other = next(theirs, None)


def _told(table: str, wrong: Iterator[str]) -> Iterator[str]:
    for each in islice(wrong, _TOLD_A_TABLE):
        yield f"Row {each}: table {table} is not what the segments give. Run `salname rebuild`."
    if more := sum(1 for _ in wrong):
        yield f"{more} more rows of table {table} are not what the segments give."


def _text(key: _Row) -> str:
    return ", ".join(
        each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each) for each in key
    )
