"""Checks stores: everything that should be there is, and has the digest that it was sent with.

Several stores are also held against each other: a copy that only agrees with its own seal may have
been changed together with it.
"""

import hashlib
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from archive.catalogue.reader import CatalogueReader
from archive.copies import stores_in
from archive.errors import ArchiveError
from archive.folder import ArchiveFolder
from archive.holdings import STORED_FOLDER, HeldSegment, object_name
from archive.objects import ObjectStore
from archive.seals import DIGESTS_ENDING, INDEX_ENDING, find_seal_sha256, read_digests
from archive.segment import SEALED_ENDING

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreCheck:
    """What a check of stores saw.

    segments  that were read there, whole, each counted once
    size_bytes  that were read of them, in all stores
    findings  what is wrong, each a sentence that says what to do
    """

    segments: int
    size_bytes: int
    findings: tuple[str, ...]


def check_store(
    folder: ArchiveFolder, store: ObjectStore, progress: Callable[[int], None] | None = None
) -> StoreCheck:
    """Read every stored segment and index of every store, and hold them against their digests.

    progress  is told the bytes that were read

    Raises:
        StoreError: a store does not answer.
    """
    stores = stores_in(store)
    copies = [_read_copies(folder, each, progress) for each in stores]
    findings = [
        f"Segment {name} is not in the store, which had it. Take it from another copy, or run "
        "`salname objects send` where it is still in segments/."
        for name in said_to_be_stored(folder)
        if not any(name in copy.digests for copy in copies)
    ]
    for copy in copies:
        findings += [f"{copy.place}: {each}" if len(copies) > 1 else each for each in copy.findings]
    digests = {
        name: [copy.digests.get(name) for copy in copies]
        for copy in copies
        for name in copy.digests
    }
    for name, told in sorted(digests.items()):
        findings += _compare(name, told, tuple(each.place for each in copies))
    return StoreCheck(
        segments=len(digests),
        size_bytes=sum(copy.size_bytes for copy in copies),
        findings=tuple(findings),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copy:
    """What one store holds: the digest of each segment, by its name."""

    place: str
    digests: dict[str, str]
    size_bytes: int
    findings: list[str]


def _compare(name: str, digests: list[str | None], places: tuple[str, ...]) -> list[str]:
    """What the stores do not agree on about a segment."""
    findings = [
        f"Segment {name} is not in {place}, which another store has. Run `salname objects send`."
        for place, digest in zip(places, digests, strict=True)
        if digest is None
    ]
    if len(set(filter(None, digests))) > 1:
        told = ", ".join(
            f"{digest[:12]}… in {place}"
            for place, digest in zip(places, digests, strict=True)
            if digest
        )
        findings.append(
            f"Segment {name} is not the same in all stores: {told}. Remove the one that differs "
            "from its seal, then run `salname objects send`."
        )
    return findings


def _read_copies(
    folder: ArchiveFolder, store: ObjectStore, progress: Callable[[int], None] | None
) -> _Copy:
    held = {each.name: each.size_bytes for each in store.list_objects(STORED_FOLDER)}
    names = sorted(
        name.removeprefix(STORED_FOLDER).removesuffix(SEALED_ENDING)
        for name in held
        if name.endswith(SEALED_ENDING)
    )
    findings: list[str] = []
    digests = {}
    for name in names:
        segment = HeldSegment(name, held[object_name(name)], store=store)
        digests[name] = _sha256_of(segment, progress)
        findings += _check_segment(folder, segment, digests[name], held)
    size_bytes = sum(held[object_name(name)] for name in names)
    return _Copy(place=store.place, digests=digests, size_bytes=size_bytes, findings=findings)


def _check_segment(
    folder: ArchiveFolder, segment: HeldSegment, sha256: str, held: dict[str, int]
) -> list[str]:
    store = segment.store
    assert store is not None
    stem = f"{STORED_FOLDER}{segment.name}"
    beside, index = f"{stem}{DIGESTS_ENDING}", f"{stem}{INDEX_ENDING}"
    stated: dict[str, str] = {}
    if beside in held:
        text = store.open_range(beside, 0, held[beside]).decode("utf-8", "replace")
        stated = read_digests(text)
    here = find_seal_sha256(folder.segments_path / f"{segment.name}{SEALED_ENDING}")
    findings = []
    found = {f"{segment.name}{SEALED_ENDING}": sha256}
    if index in held:
        whole = store.open_range(index, 0, held[index])
        found[f"{segment.name}{INDEX_ENDING}"] = hashlib.sha256(whole).hexdigest()
    findings += [
        f"{STORED_FOLDER}{name} is not in the store, or has no digest there. "
        "Run `salname objects send` where the segment is still in segments/."
        for name in (f"{segment.name}{SEALED_ENDING}", f"{segment.name}{INDEX_ENDING}")
        if name not in stated or name not in found
    ]
    findings += [
        f"{STORED_FOLDER}{name} in the store does not have the digest that was stored with it. "
        "`salname verify --deep --repair` takes it from another copy."
        for name, sha256 in found.items()
        if stated.get(name, sha256) != sha256
    ]
    if here not in (None, found[f"{segment.name}{SEALED_ENDING}"]):
        findings.append(
            f"{object_name(segment.name)} in the store is not the segment that was sealed here. "
            "Verify both, and remove the wrong one by hand."
        )
    return findings


def _sha256_of(segment: HeldSegment, progress: Callable[[int], None] | None) -> str:
    digest = hashlib.sha256()
    with segment.opened() as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
            if progress is not None:
                progress(len(chunk))
    return digest.hexdigest()


def said_to_be_stored(folder: ArchiveFolder) -> tuple[str, ...]:
    """The segments that every store has, as the catalogue knows; none where it cannot be read."""
    try:
        with CatalogueReader.open(folder.catalogue_path) as reader:
            return reader.segments_in_state("stored")
    except (ArchiveError, sqlite3.Error, ValueError):
        return ()  # `salname verify` says what is wrong with the catalogue
