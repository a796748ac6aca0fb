"""Where an archive's segments lie: in its spool, or in its store, or in both.

Whoever reads does not need to know: a segment of the spool is read from there, any other from the
store by range, and what comes from there is proved by the same digests.
"""

import functools
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from typing_extensions import override

from archive.copies import stores_in
from archive.errors import IntegrityError, StoreError
from archive.folder import ArchiveFolder
from archive.objects import ObjectStore
from archive.range_cache import RangeCache
from archive.rest import HELD_BYTES
from archive.segment import SEALED_ENDING, find_segment_file, name_of_segment
from archive.segment_reading import read_record, record_at, record_in_member
from archive.spool import is_open, segment_files
from archive.stores import find_store, store_settings_of
from archive.warc import Location, Record

STORED_FOLDER = "segments/"  # of the names in a store: the same layout as in an archive
_FROM_ANOTHER = "Take it from another copy."
_AHEAD_BYTES = 8 << 20  # read of a stored segment at a time


@dataclass(frozen=True, slots=True)
class HeldSegment:
    """One segment, wherever it is read from.

    path   of its file in the spool; None where only the store has it
    store  that has it, where the spool does not
    """

    name: str
    size_bytes: int
    path: Path | None = None
    store: ObjectStore | None = None

    @classmethod
    def in_spool(cls, path: Path) -> "HeldSegment":
        """A segment of the spool, open or sealed, as long as it is now."""
        return cls(name_of_segment(path), path.stat().st_size, path=path)

    @property
    def is_open(self) -> bool:
        """Whether it is still being written."""
        return self.path is not None and is_open(self.path)

    @property
    def place(self) -> str:
        """Where it lies, for a sentence."""
        return str(self.path) if self.path else f"{object_name(self.name)} in the store"

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Its bytes, to be read from any place."""
        if self.path is not None:
            with self.path.open("rb") as file:
                yield file
            return
        assert self.store is not None
        ranges = _Ranges(self.store, object_name(self.name), self.size_bytes)
        with io.BufferedReader(ranges, _AHEAD_BYTES) as reader:
            yield cast(BinaryIO, reader)


class Holdings:
    """All segments of an archive; its store is asked only for what the spool does not have."""

    def __init__(self, folder: ArchiveFolder, *, is_cached: bool = False) -> None:
        """Nothing is read yet.

        is_cached  keep records of the store here for a while; not for whoever proves the store
        """
        self._folder = folder
        self._is_cached = is_cached

    def read(self, location: Location) -> Record:
        """The record at a location, its block checked against its own digest.

        Raises:
            IntegrityError: no copy has the segment, or other bytes lie there.
            StoreError: the store does not answer.
        """
        spool = self._folder.segments_path
        if find_segment_file(spool, location.segment) is not None:
            return read_record(spool, location)
        store = find_store(self._folder)
        cache = self._find_cache() if store else None
        if cache is not None and (member := cache.find(location)) is not None:
            try:
                return record_in_member(member, location)
            except IntegrityError:
                cache.forget(location)  # the store has it
        failure: IntegrityError | StoreError | None = None
        for each in stores_in(store) if store else ():
            try:
                if location.length > HELD_BYTES:
                    return _read_in_pieces(each, location)
                member = _fetch(each, location)
                record = record_in_member(member, location)
            except (IntegrityError, StoreError) as error:
                failure = failure or error  # another store may have it whole
                continue
            if cache is not None:
                cache.keep(location, member)
            return record
        if failure is not None:
            raise failure
        raise IntegrityError(f"Segment {location.segment} is not in {spool}. {_FROM_ANOTHER}")

    def _find_cache(self) -> RangeCache | None:
        limit_bytes = store_settings_of(self._folder).cache_bytes if self._is_cached else 0
        return _cache_in(self._folder.cache_path, limit_bytes) if limit_bytes > 0 else None

    def find(self, name: str) -> HeldSegment | None:
        """A segment by its name, or None where no copy is known."""
        if (path := find_segment_file(self._folder.segments_path, name)) is not None:
            return HeldSegment.in_spool(path)
        store = find_store(self._folder)
        size_bytes = None if store is None else store.find_size(object_name(name))
        return None if size_bytes is None else HeldSegment(name, size_bytes, store=store)

    def in_spool(self) -> tuple[HeldSegment, ...]:
        """The segments of the spool, in the order in which they were written."""
        return tuple(map(HeldSegment.in_spool, segment_files(self._folder.segments_path)))

    def only_stored(self) -> tuple[HeldSegment, ...]:
        """The segments that only the store has, in the order in which they were written.

        Raises:
            StoreError: the store does not answer.
        """
        here = {each.name for each in self.in_spool()}
        store = find_store(self._folder)
        if store is None:
            return ()
        return tuple(
            HeldSegment(name, each.size_bytes, store=store)
            for each in store.list_objects(STORED_FOLDER)
            if each.name.endswith(SEALED_ENDING)
            and (name := name_of_segment(Path(each.name))) not in here
        )

    def all(self) -> tuple[HeldSegment, ...]:
        """All segments, in the order in which they were written.

        Raises:
            StoreError: the store does not answer.
        """
        return tuple(sorted((*self.in_spool(), *self.only_stored()), key=lambda each: each.name))


def object_name(segment: str) -> str:
    """The name of a sealed segment in a store."""
    return f"{STORED_FOLDER}{segment}{SEALED_ENDING}"


@functools.lru_cache(maxsize=8)  # it counts what this process added
def _cache_in(folder: Path, limit_bytes: int) -> RangeCache:
    return RangeCache(folder, limit_bytes)


def _fetch(store: ObjectStore, location: Location) -> bytes:
    name = object_name(location.segment)
    if store.find_size(name) is None:
        raise IntegrityError(
            f"Segment {location.segment} is not here and not in {store.place}. {_FROM_ANOTHER}"
        )
    return store.open_range(name, location.offset, location.length)


def _read_in_pieces(store: ObjectStore, location: Location) -> Record:
    """As `_fetch`, of a record that is too long to be fetched at once."""
    size_bytes = store.find_size(object_name(location.segment)) or 0
    held = HeldSegment(location.segment, size_bytes, store=store)
    return record_at(held.opened, location.offset, location)


class _Ranges(io.RawIOBase):
    """An object of a store as a file that is read from any place."""

    def __init__(self, store: ObjectStore, name: str, size_bytes: int) -> None:
        super().__init__()
        self._store = store
        self._name = name
        self._size_bytes = size_bytes
        self._at = 0

    @override
    def readable(self) -> bool:
        return True

    @override
    def seekable(self) -> bool:
        return True

    @override
    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size_bytes}[whence]
        self._at = max(0, begin + offset)
        return self._at

    @override
    def tell(self) -> int:
        return self._at

    @override
    def readinto(self, buffer: Any) -> int:
        length = max(0, min(len(buffer), self._size_bytes - self._at))
        buffer[:length] = self._store.open_range(self._name, self._at, length) if length else b""
        self._at += length
        return length
