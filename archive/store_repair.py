"""Repairing stores: what is missing or damaged in one is taken from the spool or from another store.

Nothing there is overwritten: a damaged object is first given another name, below `damaged/`.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from archive.disk import whole_file
from archive.errors import IntegrityError, StoreError
from archive.folder import ArchiveFolder
from archive.holdings import STORED_FOLDER
from archive.objects import ObjectStore
from archive.seals import DIGESTS_ENDING, INDEX_ENDING, read_digests, sha256_of_file
from archive.segment import SEALED_ENDING, name_of_segment
from archive.spool import is_open, segment_files
from archive.store_check import said_to_be_stored
from archive.stores import find_stores

_ENDINGS = (INDEX_ENDING, DIGESTS_ENDING, SEALED_ENDING)  # the segment last, as it is sent
_AHEAD_BYTES = 8 << 20
_Files = list[tuple[Path, str]]  # the three of a segment, proved, each with its digest


def fill_stores(folder: ArchiveFolder) -> tuple[str, ...]:
    """Give each store what only the spool or others have; what was done, in sentences.

    A store that was added to the settings later gets what is sealed so, and one that has lost an
    object gets a good one; what was never sent waits for its sending. Call it with the archive's
    lock held.

    Raises:
        SpoolFull, ArchiveError: there is no room for one segment on its way.
        StoreError: a store does not answer, or does not take it.
    """
    stores = find_stores(folder)
    held = [{each.name for each in store.list_objects(STORED_FOLDER)} for store in stores]
    names = {name for objects in held for name in _segments_among(objects)}
    names |= _in_spool(folder) & set(said_to_be_stored(folder))
    said: list[str] = []
    for name in sorted(names):
        objects = {f"{STORED_FOLDER}{name}{ending}" for ending in _ENDINGS}
        lacking = [s for s, has in zip(stores, held, strict=True) if not objects <= has]
        having = [s for s, has in zip(stores, held, strict=True) if objects <= has]
        if lacking:
            said += _fill(folder, name, having, lacking)
    return tuple(said)


def replace_damaged(folder: ArchiveFolder) -> tuple[str, ...]:
    """Read every store, and replace what is damaged there; what was done, in sentences.

    Damaged is what does not have the digest that lies beside it; where two copies differ and each
    agrees with its own digest, a person decides. Call it with the archive's lock held.

    Raises:
        SpoolFull, ArchiveError: there is no room for one segment on its way.
        StoreError: a store cannot be read, or does not take what it is given.
    """
    stores, said = find_stores(folder), list[str]()
    for store in stores:
        objects = {each.name: each.size_bytes for each in store.list_objects(STORED_FOLDER)}
        for name in sorted(_segments_among(set(objects))):
            digests, is_whole = _digests_in(store, name, objects)
            if not is_whole:
                others = [each for each in stores if each is not store]
                said += _replace(folder, name, store, others, digests)
    return tuple(said)


def _segments_among(objects: set[str]) -> set[str]:
    return {name_of_segment(Path(each)) for each in objects if each.endswith(SEALED_ENDING)}


def _in_spool(folder: ArchiveFolder) -> set[str]:
    paths = segment_files(folder.segments_path)
    return {name_of_segment(path) for path in paths if not is_open(path)}


def _fill(
    folder: ArchiveFolder, name: str, having: list[ObjectStore], lacking: list[ObjectStore]
) -> Iterator[str]:
    """Take a segment and what lies beside it from the first place that has it whole."""
    with tempfile.TemporaryDirectory(dir=folder.path, prefix=".copying-") as room:
        for place, files in _good_copies(folder, name, having, Path(room)):
            if isinstance(files, str):
                yield files
                continue
            for target in lacking:
                for path, sha256 in files:
                    if target.find_size(f"{STORED_FOLDER}{path.name}") is None:
                        target.put(f"{STORED_FOLDER}{path.name}", path, sha256)
                yield f"{name} was copied from {place} to {target.place}."
            return


def _replace(
    folder: ArchiveFolder,
    name: str,
    store: ObjectStore,
    others: list[ObjectStore],
    digests: dict[str, str],
) -> Iterator[str]:
    with tempfile.TemporaryDirectory(dir=folder.path, prefix=".copying-") as room:
        for place, files in _good_copies(folder, name, others, Path(room)):
            if isinstance(files, str):
                continue
            for path, sha256 in files:
                stored = f"{STORED_FOLDER}{path.name}"
                if digests.get(path.name, sha256) != sha256:
                    aside = store.set_aside(stored)
                    yield f"{stored} in {store.place} was damaged; it was taken from {place}, and the damaged one is {aside} there."
                store.put(stored, path, sha256)
            return
    yield f"{name} is damaged in {store.place}, and no other copy of it is whole."


def _good_copies(
    folder: ArchiveFolder, name: str, stores: list[ObjectStore], room: Path
) -> Iterator[tuple[str, _Files | str]]:
    """The files of a segment from each place that has them whole, or why one has not."""
    path = folder.segments_path / f"{name}{SEALED_ENDING}"
    if path.exists():
        try:
            yield "segments/", _here(path)
        except (IntegrityError, OSError) as error:
            yield "segments/", str(error)
    for store in stores:
        try:
            yield store.place, _fetched(store, name, room)
        except (IntegrityError, StoreError) as error:
            yield store.place, str(error)


def _here(path: Path) -> _Files:
    name = name_of_segment(path)
    paths = [path.with_name(f"{name}{ending}") for ending in _ENDINGS]
    text = paths[1].read_bytes()
    return _proved([(each, sha256_of_file(each)) for each in paths], text, "segments/")


def _fetched(store: ObjectStore, name: str, room: Path) -> _Files:
    stem = f"{STORED_FOLDER}{name}"
    files = []
    for ending in _ENDINGS:
        path = room / f"{name}{ending}"
        size_bytes = store.find_size(f"{stem}{ending}") or 0
        with whole_file(path) as file:
            for piece in _pieces(store, f"{stem}{ending}", size_bytes):
                file.write(piece)
        files.append((path, sha256_of_file(path)))
    return _proved(files, files[1][0].read_bytes(), store.place)


def _pieces(store: ObjectStore, stored: str, size_bytes: int) -> Iterator[bytes]:
    for at in range(0, size_bytes, _AHEAD_BYTES):
        yield store.open_range(stored, at, min(_AHEAD_BYTES, size_bytes - at))


def _proved(files: _Files, text: bytes, place: str) -> _Files:
    stated = read_digests(text.decode("utf-8", "replace"))
    for path, sha256 in files:
        if not path.name.endswith(DIGESTS_ENDING) and stated.get(path.name) != sha256:
            raise IntegrityError(
                f"{path.name} in {place} does not have the digest that was stored with it. "
                "Run `salname verify --deep --repair`."
            )
    return files


def _digests_in(
    store: ObjectStore, name: str, objects: dict[str, int]
) -> tuple[dict[str, str], bool]:
    """The digests of what a store has of a segment, and whether they are those beside it."""
    digests, text = {}, b""
    for ending in _ENDINGS:
        stored, digest = f"{STORED_FOLDER}{name}{ending}", hashlib.sha256()
        if stored not in objects:
            continue
        for piece in _pieces(store, stored, objects[stored]):
            digest.update(piece)
            text += piece if ending == DIGESTS_ENDING else b""
        digests[f"{name}{ending}"] = digest.hexdigest()
    stated = read_digests(text.decode("utf-8", "replace"))
    proved = [f"{name}{ending}" for ending in (INDEX_ENDING, SEALED_ENDING)]
    return digests, all(stated.get(each, "") == digests.get(each) for each in proved)
