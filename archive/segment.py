"""Segments: append records, sync them, go on after a stop, seal.

    name.warc.gz.open   being written; whole up to its last sync, perhaps with a torn tail
    name.warc.gz        sealed: never written again

A segment's name has no ending, so that a `Location` stays true when its segment is sealed.
"""

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Self

from archive import members
from archive.disk import sync_folder, write_all, write_error
from archive.errors import ArchiveError, IntegrityError, TornSegment
from archive.records import warcinfo_record
from archive.warc import Location, Record, record_bytes, record_pieces

SEALED_ENDING = ".warc.gz"
OPEN_ENDING = ".warc.gz.open"
_NOT_FOR_NAMES = re.compile(r"[^a-z0-9.-]+")
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedSegment:
    """A segment that is never written again, with the digest of its whole file."""

    name: str
    path: Path
    size_bytes: int
    sha256: str


def segment_name(*, started_at: datetime, host: str, run: str, serial: int) -> str:
    """A name that sorts by time and that no other machine, run or serial has.

    >>> at = datetime(2026, 11, 24, 3, 14, 17, 123456, tzinfo=UTC)
    >>> segment_name(started_at=at, host="arxiv.example", run="r41", serial=1)
    'salname-20261124T031417123456Z-arxiv.example-r41-00001'
    """
    moment = started_at.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    host, run = (_NOT_FOR_NAMES.sub("-", word.lower()).strip("-.") for word in (host, run))
    return f"salname-{moment}-{host or 'localhost'}-{run}-{serial:05}"


def name_of_segment(path: Path) -> str:
    """The name of the segment in a file, open or sealed."""
    return path.name.removesuffix(".open").removesuffix(SEALED_ENDING)


def find_segment_file(folder: Path, name: str) -> Path | None:
    """The file of a segment, sealed or open, or None."""
    # Sealed, open, and sealed again: it may be sealed between the first two looks.
    for ending in (SEALED_ENDING, OPEN_ENDING, SEALED_ENDING):
        if (path := folder / f"{name}{ending}").exists():
            return path
    return None


class OpenSegment:
    """A segment being written: one writer, never shared between threads.

    Leaving the context syncs and closes it (after an error it only closes); the file stays open
    for `resume`.

    name    of the segment
    path    of its file
    size_bytes  where the next record will lie
    synced_bytes  all before it is durable
    """

    def __init__(self, path: Path, fd: int) -> None:
        """Use `create` or `resume`."""
        self.name = name_of_segment(path)
        self.path = path
        self.size_bytes = 0
        self.synced_bytes = 0
        self._fd = fd
        self._sha256 = hashlib.sha256()
        self._is_named_durably = False
        self._is_usable = True

    @classmethod
    def create(
        cls, folder: Path, name: str, *, at: datetime, about: tuple[tuple[str, str], ...] = ()
    ) -> Self:
        """A new segment with its warcinfo record, not yet durable.

        about  lines of the warcinfo record: software, operator, hostname, isPartOf …

        Raises:
            ArchiveError: a segment of that name is there, or the folder cannot be written.
            SpoolFull: the disk is full; no file is left.
        """
        path = folder / f"{name}{OPEN_ENDING}"
        if find_segment_file(folder, name) is not None:
            raise ArchiveError(f"There is a segment {name} in {folder} already. Use a new serial.")
        try:
            fd = os.open(
                path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o644
            )
        except OSError as error:
            raise write_error(path, error, "No segment was begun.") from error
        segment = cls(path, fd)
        try:
            segment.append(warcinfo_record(filename=f"{name}{SEALED_ENDING}", at=at, about=about))
        except BaseException:
            segment._close()
            path.unlink(missing_ok=True)
            raise
        return segment

    @classmethod
    def resume(cls, path: Path, offset: int) -> Self:
        """Go on with an open segment after recovery; all before `offset` is durable then.

        offset  the end of its last whole record, as `cut_torn_tail` left it; not 0, since a
                segment begins with its warcinfo record: remove an empty file instead

        Raises:
            TornSegment: bytes lie behind `offset`, or no record lies before it.
            IntegrityError: the file is shorter than `offset`.
            ArchiveError: it cannot be opened or made durable; it is left as it is.
        """
        size_bytes = path.stat().st_size
        if size_bytes < offset:
            raise IntegrityError(
                f"{path} has {size_bytes} bytes where {offset} were known. "
                "Take the segment from another copy, or run `salname rebuild`."
            )
        if size_bytes > offset or offset == 0:
            raise TornSegment(
                f"{path} has {size_bytes} bytes, of which {offset} are whole records. "
                "Run `salname verify`."
            )
        try:
            segment = cls(path, os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC))
        except OSError as error:
            raise write_error(path, error, "It is left as it is.") from error
        try:
            segment._take_what_is_there(offset)
        except OSError as error:
            segment._close()
            raise write_error(path, error, "It is left as it is.") from error
        return segment

    def append(self, record: Record) -> Location:
        """Append one record and say where it lies; `append_group` says the rest."""
        return self.append_group((record,))[0]

    def append_group(self, records: Sequence[Record]) -> tuple[Location, ...]:
        """Append records that belong together: all of them are written, or none.

        Each becomes a gzip member of its own, so that it can be read with no byte before it.
        When this returns the bytes are *written*, not yet durable: `sync` acknowledges them,
        once for many captures.

        Raises:
            SpoolFull: the disk took only a part; the segment has been cut back to the boundary
                before the group and can be appended to again when there is room.
            ArchiveError: the disk failed; the segment has been cut back likewise.
        """
        self._require_usable()
        if any(record.rest for record in records):
            return self._append_in_pieces(records)
        packed = [members.member_of(record_bytes(record)) for record in records]
        group = packed[0] if len(packed) == 1 else b"".join(packed)
        try:
            write_all(self._fd, group)
        except OSError as error:
            raise self._cut_back_to(self.size_bytes, error) from error
        self._sha256.update(group)
        offsets = [self.size_bytes]
        for member in packed:
            offsets.append(offsets[-1] + len(member))
        self.size_bytes = offsets[-1]
        return tuple(
            Location(segment=self.name, offset=offset, length=len(member))
            for offset, member in zip(offsets, packed, strict=False)
        )

    def _append_in_pieces(self, records: Sequence[Record]) -> tuple[Location, ...]:
        """As `append_group`, of records that are too long to be packed in memory."""
        digest, ends = self._sha256.copy(), [self.size_bytes]
        try:
            for record in records:
                ends.append(ends[-1])
                plain = record_pieces(record) if record.rest else (record_bytes(record),)
                for piece in members.member_pieces_of(plain):
                    write_all(self._fd, piece)
                    digest.update(piece)
                    ends[-1] += len(piece)
        except OSError as error:
            raise self._cut_back_to(self.size_bytes, error) from error
        except BaseException:  # it takes seconds, in which a person may interrupt it
            os.ftruncate(self._fd, self.size_bytes)
            raise
        self._sha256, self.size_bytes = digest, ends[-1]
        return tuple(
            Location(segment=self.name, offset=begin, length=end - begin)
            for begin, end in pairwise(ends)
        )

    def sync(self) -> None:
        """Make all that was appended durable: afterwards no power cut takes it back.

        Raises:
            SpoolFull, ArchiveError: it is not durable. What was appended since the last sync has
                been cut off, since after a failed fsync nobody knows what the disk holds, and
                this segment takes no more; the next start goes on from the last sync.
        """
        self._require_usable()
        if self.synced_bytes == self.size_bytes:
            return
        size_bytes = self.size_bytes
        try:
            self.make_durable()
        except OSError as error:
            raise self.give_up_unsynced(error) from error
        self.note_durable(size_bytes)

    def make_durable(self) -> None:
        """The part of `sync` that waits for the disk; another thread may do it meanwhile.

        Its owner may append while it lasts, and then calls `note_durable` with the size that there
        was before it, or `give_up_unsynced` with the OSError that it raised.
        """
        self._require_usable()
        os.fsync(self._fd)
        if not self._is_named_durably:
            sync_folder(self.path.parent)
            self._is_named_durably = True

    def note_durable(self, size_bytes: int) -> None:
        """All before this byte has been made durable."""
        self.synced_bytes = size_bytes

    def give_up_unsynced(self, error: OSError) -> ArchiveError:
        """Cut off what could not be made durable, and take no more; the error to raise."""
        failure = self._cut_back_to(self.synced_bytes, error)
        self._is_usable = False
        return failure

    def seal(self) -> SealedSegment:
        """Sync, give the file its final name, make it read-only, close it.

        Raises:
            SpoolFull, ArchiveError: as `sync`; or the file could not be renamed: it is whole,
                and the next start finds it open or sealed.
        """
        self.sync()
        sealed = self.path.with_name(f"{self.name}{SEALED_ENDING}")
        if sealed.exists():
            raise ArchiveError(f"{sealed} is there already; {self.path} is left open.")
        try:
            self.path.rename(sealed)
            os.fchmod(self._fd, 0o444)
            sync_folder(sealed.parent)
        except OSError as error:
            self._is_usable = False
            raise write_error(self.path, error, "It could not be sealed, but is whole.") from error
        self._close()
        return SealedSegment(
            name=self.name, path=sealed, size_bytes=self.size_bytes, sha256=self._sha256.hexdigest()
        )

    def close(self) -> None:
        """Sync, where that is still possible, and close; the file stays an open segment."""
        try:
            if self._fd >= 0 and self._is_usable:
                self.sync()
        finally:
            self._close()

    def abandon(self) -> None:
        """Close without a sync: what was appended since the last one may or may not be there."""
        self._close()

    def __enter__(self) -> Self:
        """The segment itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Sync and close; after an error only close."""
        if kind is None:
            self.close()
        else:
            self._close()

    def _require_usable(self) -> None:
        if self._fd < 0 or not self._is_usable:
            raise ArchiveError(
                f"Segment {self.name} takes no more records: it is closed, or its disk failed."
            )

    def _cut_back_to(self, size_bytes: int, error: OSError) -> ArchiveError:
        """Cut what a failed write or sync left behind `size_bytes`; the error to raise."""
        try:
            os.ftruncate(self._fd, size_bytes)
        except OSError:
            self._is_usable = False
            state = f"Behind byte {size_bytes} it may end in a part of a record."
        else:
            self.size_bytes = size_bytes
            state = f"It is whole up to byte {size_bytes}, and nothing that was synced is lost."
        return write_error(self.path, error, state)

    def _take_what_is_there(self, size_bytes: int) -> None:
        # Not by `sync`, which would cut off what it cannot make durable: this was acknowledged.
        os.fsync(self._fd)
        sync_folder(self.path.parent)
        with self.path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                self._sha256.update(chunk)
        self.size_bytes = self.synced_bytes = size_bytes
        self._is_named_durably = True

    def _close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
