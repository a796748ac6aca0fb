"""Repairing a sealed segment of the spool from the copy in a store."""

import hashlib
import os
from pathlib import Path

from archive.disk import whole_file
from archive.errors import IntegrityError, StoreError, WrongUse
from archive.folder import ArchiveFolder
from archive.holdings import STORED_FOLDER, HeldSegment, object_name
from archive.objects import ObjectStore
from archive.seals import DIGESTS_ENDING, read_digests, sha256_of_file
from archive.segment import name_of_segment
from archive.spool import is_open, segment_files
from archive.stores import find_stores

_CHUNK_BYTES = 1 << 20


def repair_from_store(folder: ArchiveFolder) -> tuple[str, ...]:
    """Replace each sealed segment that is not what was stored; what was done, in sentences.

    The damaged file stays beside it as `NAME.damaged`. Call it with the archive's lock held.

    Raises:
        WrongUse: the archive has no store.
        SpoolFull, ArchiveError: the copy could not be written; the damaged file is as it was.
        StoreError: the store does not answer.
    """
    stores = find_stores(folder)
    if not stores:
        raise WrongUse("This archive has no store to repair from. Copy the segment by hand.")
    said = []
    for path in segment_files(folder.segments_path):
        if is_open(path):
            continue
        stated = [(each, sha256) for each in stores if (sha256 := _stored_sha256(each, path))]
        sha256 = sha256_of_file(path)
        if not stated or any(sha256 == each for _, each in stated):
            continue
        said.append(_repair(path, stated))
    return tuple(said)


def _repair(path: Path, stated: list[tuple[ObjectStore, str]]) -> str:
    """Take a segment from the first store that has it as it was stored."""
    for store, sha256 in stated:
        try:
            _replace(path, store, sha256)
        except (IntegrityError, StoreError):
            continue
        where = "the store" if len(stated) == 1 else store.place
        return f"{path.name} was taken from {where}; the damaged file lies beside it."
    return f"{path.name} is damaged here and in the store. Take it from another copy."


def _stored_sha256(store: ObjectStore, path: Path) -> str | None:
    """The digest that a segment was stored with, or None where the store does not have it."""
    name = f"{STORED_FOLDER}{name_of_segment(path)}{DIGESTS_ENDING}"
    size_bytes = store.find_size(name)
    if size_bytes is None or store.find_size(object_name(name_of_segment(path))) is None:
        return None
    return read_digests(store.open_range(name, 0, size_bytes).decode()).get(path.name)


def _replace(path: Path, store: ObjectStore, sha256: str) -> None:
    name = name_of_segment(path)
    size_bytes = store.find_size(object_name(name)) or 0
    digest = hashlib.sha256()
    aside = path.with_name(f"{name}.damaged")
    with HeldSegment(name, size_bytes, store=store).opened() as held, whole_file(path) as file:
        while chunk := held.read(_CHUNK_BYTES):
            digest.update(chunk)
            file.write(chunk)
        if digest.hexdigest() != sha256:
            raise IntegrityError(
                f"{path.name} is damaged here and in the store. Take it from another copy."
            )
        os.fchmod(file.fileno(), 0o444)
        if not aside.exists():
            os.link(path, aside)
