"""What is wrong with an archive, or soon will be, and what to do about it.

It looks, and reads little: `verify` reads everything. Nothing here writes to the archive.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from archive.catalogue.connection import catalogue_error, is_of_older_release
from archive.catalogue.reader import CatalogueReader
from archive.catalogue.silences import silence_in
from archive.catalogue.standing import shortfalls_of
from archive.errors import ArchiveError, ConfigurationError, NotAnArchive, SalnameError
from archive.folder import ArchiveFolder, writer_of
from archive.holdings import Holdings
from archive.objects import ObjectStore
from archive.search.index import SearchIndex
from archive.spool import is_open, segment_files
from archive.stores import find_store
from archive.upload import read_delays

_LITTLE_BYTES = 2_000_000_000  # two segments of the default length


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One thing that was looked at.

    about    catalogue, segments, disk, store, search or sources
    is_well  False where something has to be done
    sentence what was seen, and what to do
    """

    about: str
    is_well: bool
    sentence: str


def examine(folder: ArchiveFolder) -> Iterator[Sign]:
    """Look at each part of an archive; a part that cannot be looked at is a sign too."""
    for about, look in (
        ("disk", _disk),
        ("catalogue", _catalogue),
        ("segments", _segments),
        ("store", _store),
        ("search", _search),
        ("sources", _sources),
    ):
        try:
            for is_well, sentence in look(folder):
                yield Sign(about=about, is_well=is_well, sentence=sentence)
        except SalnameError as error:
            yield Sign(about=about, is_well=False, sentence=str(error))
        except sqlite3.DatabaseError as error:
            sentence = str(catalogue_error(folder.catalogue_path, error))
            yield Sign(about=about, is_well=False, sentence=sentence)


def _disk(folder: ArchiveFolder) -> Iterator[tuple[bool, str]]:
    if not os.access(folder.segments_path, os.W_OK):
        yield (
            False,
            f"{folder.segments_path} cannot be written by this user. Give it its rights, or "
            "run this as the user who crawls.",
        )
    free = shutil.disk_usage(folder.path).free
    told = f"{free / 1e9:.1f} GB are free"
    if free < _LITTLE_BYTES:
        yield (
            False,
            f"{told}, less than two segments take. Make room, or let a smaller store.keep_days "
            "let go of what is stored.",
        )
    else:
        yield True, f"{told}."


def _catalogue(folder: ArchiveFolder) -> Iterator[tuple[bool, str]]:
    if not folder.catalogue_path.exists():
        if segment_files(folder.segments_path):
            yield (
                False,
                "There is no catalogue beside these segments. Run `salname rebuild`.",
            )
        else:
            yield True, "There is none yet; the first crawl makes it."
        return
    if is_of_older_release(folder.catalogue_path):
        yield True, "It is an older release's; the next command that reads it brings it up to date."
        return
    with CatalogueReader.open(folder.catalogue_path) as reader:
        wrong = [row[0] for row in reader.db.execute("PRAGMA quick_check(1)") if row[0] != "ok"]
        run = reader.db.execute(_LAST_RUN).fetchone()
    if wrong:
        yield False, f"SQLite finds it damaged ({wrong[0]}). Run `salname rebuild`."
    elif run is None:
        yield True, "SQLite finds it sound."
    elif run[1] is None and (writer := writer_of(folder)) is not None:
        yield True, f"SQLite finds it sound; it is being written by {writer.sentence}."
    elif run[1] is None:
        yield True, f"SQLite finds it sound. Run {run[0]} was cut off; the next one picks it up."
    elif run[2]:
        yield False, f"In run {run[0]} no host answered at all. Look at the machine's network."
    else:
        yield True, "SQLite finds it sound."


def _segments(folder: ArchiveFolder) -> Iterator[tuple[bool, str]]:
    files = segment_files(folder.segments_path)
    if len(opened := list(filter(is_open, files))) > 1:
        yield True, f"{len(opened)} are open; the next crawl seals all but the last."
    if torn := sorted(folder.segments_path.glob("*.torn-*")):
        yield True, f"{len(torn)} torn tails lie aside after kills; none was acknowledged."
    committed = _committed(folder)
    holdings = Holdings(folder)
    held = {each.name: each.size_bytes for each in holdings.in_spool()}
    if lost := [name for name in committed if name not in held]:
        held |= {each.name: each.size_bytes for each in holdings.only_stored()}
    for name in lost:
        if name not in held:
            yield (
                False,
                f"Segment {name} is not there. Take it from another copy, or run "
                "`salname rebuild` to go on without it.",
            )
    for name, size_bytes in held.items():
        if size_bytes < committed.get(name, 0):
            yield (
                False,
                f"Segment {name} has {size_bytes} bytes where {committed[name]} were "
                "acknowledged. Take it from another copy.",
            )
    yield True, f"{len(files)} here, {len(held) - len(files)} in the store alone."


def _committed(folder: ArchiveFolder) -> dict[str, int]:
    try:
        with CatalogueReader.open(folder.catalogue_path) as reader:
            return reader.committed_bytes()
    except (NotAnArchive, ArchiveError):
        return {}  # the sign of the catalogue says why


def _store(folder: ArchiveFolder) -> Iterator[tuple[bool, str]]:
    try:
        store = find_store(folder)
    except ConfigurationError as error:
        yield False, str(error)
        return
    if store is None:
        yield True, "None is set; the only copy lies on this disk unless you keep another."
        return
    yield from _answers(store)
    for name, delay in read_delays(folder).items():
        if delay.tries:
            yield (
                False,
                f"{name} could not be sent {delay.tries} times: {delay.error} "
                "`salname objects send` tries at once.",
            )


def _answers(store: ObjectStore) -> Iterator[tuple[bool, str]]:
    can = store.abilities()
    kept = " It keeps versions." if can.keeps_versions else ""
    kept += " It locks objects." if can.locks_objects else ""
    if can.refuses_overwriting:
        yield True, f"It answers, and refuses to overwrite.{kept}"
    elif can.keeps_versions:
        yield True, f"It answers. It does not refuse to overwrite; this archive never does.{kept}"
    else:
        yield (
            True,
            "It answers. It does not refuse to overwrite; this archive never does, but turn its "
            "versioning on if others write there.",
        )


def _sources(folder: ArchiveFolder) -> Iterator[tuple[bool, str]]:
    if not folder.catalogue_path.exists():
        return
    try:
        with CatalogueReader.open(folder.catalogue_path) as reader:
            silences, short = {}, {}
            for row in reader.sources():
                if row.last_run_at is not None:
                    silences[row.name] = silence_in(reader.db, row.id, row.last_run_at)
                    short[row.name] = shortfalls_of(reader.db, row.name)
    except ArchiveError:
        return  # the sign of the catalogue says why
    known = {name: each for name, each in silences.items() if each is not None}
    silent = {name: each for name, each in known.items() if each.is_alarming}
    for name, silence in silent.items():
        yield (
            False,
            f"{name} is silent: nothing new since {silence.since:%Y-%m-%d %H:%M}Z, where "
            f"{silence.expected:.0f} articles were to be expected by its own rate for these hours "
            "and days. Look at its pages, then at its source file.",
        )
    for name, words in ((name, words) for name, all_words in short.items() for words in all_words):
        yield False, f"{name}: {words}. Look at its pages, then at the rules of its source file."
    if known and not silent:
        yield True, f"None of {len(known)} with a known rate is silent."


def _search(folder: ArchiveFolder) -> Iterator[tuple[bool, str]]:
    if not folder.search_path.exists():
        yield True, "There is no index yet; the next search makes it."
        return
    with SearchIndex.open(folder.search_path):
        yield True, "The index opens."


_LAST_RUN = """
SELECT name, outcome, json_extract(summary, '$.offline') FROM run ORDER BY id DESC LIMIT 1
"""
