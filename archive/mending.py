"""Repairing what a verification found: from another copy, or from the segments, which hold all."""

import shutil
from pathlib import Path

from archive.catalogue.reader import CatalogueReader
from archive.catalogue.writer import Schedule
from archive.disk import sync_folder
from archive.errors import ArchiveError, ConfigurationError, StoreError
from archive.folder import ArchiveFolder
from archive.integrity import Damage, Verification
from archive.recovery import make_catalogue_anew
from archive.repair import repair_from_store
from archive.seals import DIGESTS_ENDING, INDEX_ENDING, seal_of
from archive.search.index import SearchIndex
from archive.segment import name_of_segment
from archive.spool import is_open, segment_files
from archive.store_repair import fill_stores, replace_damaged
from archive.stores import find_store

_OF_SEGMENTS = {Damage.SEGMENT, Damage.PAYLOAD, Damage.INDEX, Damage.MISSING}


def mend(folder: ArchiveFolder, schedule: Schedule, found: Verification) -> tuple[str, ...]:
    """Repair what can be repaired of what was found, and say what was done, in sentences.

    Segments are taken from the store, and stores from segments or each other; index and digests
    beside a segment are made anew of its records, where all of them are proved; catalogue and
    search index are made anew of the segments. What was damaged stays beside. Call it with the
    archive's lock held.
    """
    damages = {finding.damage for finding in found.findings}
    said: list[str] = []
    if damages & _OF_SEGMENTS:
        said += _from_store(folder)
        for path in segment_files(folder.segments_path):
            if not is_open(path) and _beside(path)[1].exists():
                said += _seal_anew(path)
    if Damage.STORE in damages:
        said += _to_stores(folder)
    if Damage.CATALOGUE in damages:
        applied, aside = make_catalogue_anew(folder, schedule)
        said.append(f"The catalogue was made anew of {applied} entries; the old one is {aside}.")
    if damages & {Damage.SEARCH, Damage.CATALOGUE}:
        said += _index_anew(folder)
    return tuple(said)


def _from_store(folder: ArchiveFolder) -> tuple[str, ...]:
    try:
        if find_store(folder) is None:
            return ()
        return (*repair_from_store(folder), *fill_stores(folder))
    except ConfigurationError as error:
        return (str(error),)


def _to_stores(folder: ArchiveFolder) -> tuple[str, ...]:
    try:
        return (*replace_damaged(folder), *fill_stores(folder))
    except (ConfigurationError, StoreError) as error:
        return (str(error),)


def _seal_anew(path: Path) -> list[str]:
    """Make index and digests again where they are not those of a segment that proves itself."""
    asides = {
        each: each.with_name(f"{each.name}.damaged") for each in _beside(path) if each.exists()
    }
    for each, aside in asides.items():
        each.replace(aside)
    try:
        seal_of(path)
    except ArchiveError as error:
        for each, aside in asides.items():
            aside.replace(each)
        return [str(error)]
    said = []
    for each, aside in asides.items():
        if aside.read_bytes() == each.read_bytes():
            aside.unlink()
        else:
            said.append(f"{each.name} was made anew; the damaged file lies beside it.")
    sync_folder(path.parent)
    return said


def _beside(path: Path) -> tuple[Path, Path]:
    name = name_of_segment(path)
    return path.with_name(f"{name}{INDEX_ENDING}"), path.with_name(f"{name}{DIGESTS_ENDING}")


def _index_anew(folder: ArchiveFolder) -> list[str]:
    shutil.rmtree(folder.search_path, ignore_errors=True)
    with (
        CatalogueReader.open(folder.catalogue_path) as reader,
        SearchIndex.open(folder.search_path) as index,
    ):
        index.catch_up(reader)
    return ["The search index was made anew."]
