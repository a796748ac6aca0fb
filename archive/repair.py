"""Repairing a sealed segment of the spool from the copy in a store, and a store from another copy."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from archive.disk import whole_file
from archive.errors import IntegrityError, StoreError, WrongUse
from archive.folder import ArchiveFolder
from archive.holdings import STORED_FOLDER, HeldSegment, object_name
from archive.objects import ObjectStore
from archive.seals import DIGESTS_ENDING, INDEX_ENDING, read_digests, sha256_of_file
from archive.segment import SEALED_ENDING, name_of_segment
from archive.spool import is_open, segment_files
from archive.stores import find_stores

_CHUNK_BYTES = 1 << 20
_AHEAD_BYTES = 8 << 20


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


def fill_stores(folder: ArchiveFolder) -> tuple[str, ...]:
    """Give each store the segments that only others have; what was done, in sentences.

    A store that was added to the settings later gets what is sealed so, and one whose damaged
    object was removed gets a good one. Call it with the archive's lock held.

    Raises:
        SpoolFull, ArchiveError: there is no room for one segment on its way.
        StoreError: a store does not answer, or does not take it.
    """
    stores = find_stores(folder)
    held = [_names_in(each) for each in stores]
    said: list[str] = []
    for name in sorted(set().union(*held)):
        lacking = [store for store, names in zip(stores, held, strict=True) if name not in names]
        having = [store for store, names in zip(stores, held, strict=True) if name in names]
        if lacking:
            said += _fill(folder, name, having, lacking)
    return tuple(said)


def _names_in(store: ObjectStore) -> set[str]:
    return {
        name_of_segment(Path(each.name))
        for each in store.list_objects(STORED_FOLDER)
        if each.name.endswith(SEALED_ENDING)
    }


def _fill(
    folder: ArchiveFolder, name: str, having: list[ObjectStore], lacking: list[ObjectStore]
) -> Iterator[str]:
    """Take a segment and what lies beside it from the first store that has it whole."""
    with tempfile.TemporaryDirectory(dir=folder.path, prefix=".copying-") as room:
        for source in having:
            try:
                paths = _fetch(source, name, Path(room))
            except (IntegrityError, StoreError) as error:
                yield str(error)
                continue
            for target in lacking:
                for path, sha256 in paths:
                    target.put(f"{STORED_FOLDER}{path.name}", path, sha256)
                yield f"{name} was copied from {source.place} to {target.place}."
            return


def _fetch(store: ObjectStore, name: str, room: Path) -> list[tuple[Path, str]]:
    """The three files of a stored segment, proved, the segment last; with their digests."""
    stem = f"{STORED_FOLDER}{name}"
    beside = f"{stem}{DIGESTS_ENDING}"
    text = store.open_range(beside, 0, store.find_size(beside) or 0)
    stated = read_digests(text.decode("utf-8", "replace"))
    stated[f"{name}{DIGESTS_ENDING}"] = hashlib.sha256(text).hexdigest()
    paths = []
    for ending in (INDEX_ENDING, DIGESTS_ENDING, SEALED_ENDING):
        path = room / f"{name}{ending}"
        size_bytes = store.find_size(f"{stem}{ending}") or 0
        with whole_file(path) as file:
            for at in range(0, size_bytes, _AHEAD_BYTES):
                length = min(_AHEAD_BYTES, size_bytes - at)
                file.write(store.open_range(f"{stem}{ending}", at, length))
        if (sha256 := sha256_of_file(path)) != stated.get(path.name):
            raise IntegrityError(
                f"{path.name} in {store.place} does not have the digest that was stored with it. "
                "Take it from another copy; remove the wrong one there by hand."
            )
        paths.append((path, sha256))
    return paths


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
