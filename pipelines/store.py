"""The last pipeline: what was fetched and read goes into the archive, in groups.

A capture is acknowledged when its group has been synced and committed; then, and not before, its
address leaves the queue for good. Where a disk takes long over that, whoever records goes on with
the next group meanwhile.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

from archive.capture import Capture
from archive.catalogue.connection import open_reader
from archive.catalogue.work import Earlier, payload_holder
from archive.catalogue.writer import CatalogueWriter, Logged
from archive.content import content_of
from archive.exchange import Exchange
from archive.moments import moment_of
from archive.photo_looks import looked_at
from archive.reading import PictureVerdict, Reading, RunEnd, RunStart, Verdict
from archive.records import Original
from archive.rendering import Rendering
from archive.segment import OpenSegment
from archive.spool import Spool

if TYPE_CHECKING:  # before archive.catalogue it would import numpy
    from sqlite_utils import Database

_NOT_MODIFIED = 304
_MAX_GROUP_BYTES = 64_000_000  # a group of large photos is synced earlier
_PATIENCE_S = 0.25  # most commits take a tenth of that, and no download that long is waited for
_GROUPS_BEHIND = 20  # may gather while one is committed; then the crawl does wait


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLimits:
    """When a group is committed: by its captures or by the age of its first one."""

    captures: int
    age: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """What a group is committed with while its caller goes on.

    thread  does one commit after the other
    reader  reads the catalogue meanwhile, since a connection serves one thread at a time
    """

    thread: ThreadPoolExecutor
    reader: "Database"

    @classmethod
    def open(cls, catalogue_path: Path) -> Self:
        """A thread, and a connection to a catalogue that is there."""
        return cls(thread=ThreadPoolExecutor(max_workers=1), reader=open_reader(catalogue_path))

    def close(self) -> None:
        """Wait for what is under way, and let the thread end."""
        self.thread.shutdown()
        self.reader.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _UnderWay:
    """A group that is being committed."""

    future: Future[None]
    segment: OpenSegment
    size_bytes: int
    group: list[Logged]


class Store:
    """Writes captures to the segments and then to the catalogue; one at a time for an archive."""

    def __init__(
        self,
        spool: Spool,
        catalogue: CatalogueWriter,
        limits: GroupLimits,
        clock: Callable[[], datetime],
        aside: Aside | None = None,
    ) -> None:
        """Nothing is written yet.

        aside  commits that take long go on there, until the store is closed or abandoned, and it
               with it; None: the caller waits for each
        """
        self._spool = spool
        self._catalogue = catalogue
        self._limits = limits
        self._clock = clock
        self._aside = aside
        self._under_way: _UnderWay | None = None
        self._group: list[Logged] = []
        self._held: dict[str, Capture] = {}  # by payload, of this group and the one under way
        self._held_before: dict[str, Capture] = {}
        self._group_bytes = 0
        self._group_began = clock()
        self.recorded = 0
        self.acknowledged = 0
        spool.begin_after(catalogue.last_segment())

    @property
    def waiting(self) -> int:
        """How many of the recorded entries are not acknowledged yet; they are the last ones."""
        return self.recorded - self.acknowledged

    def note(self, entry: RunStart | RunEnd | Verdict | PictureVerdict) -> None:
        """Record that a run began or ended, or what a person decided, and commit."""
        self._spool.append_entry(entry)
        self._group.append(Logged(entry=entry))
        self.recorded += 1
        self.commit()

    def record(
        self,
        reading: Reading,
        exchange: Exchange | None,
        earlier: Earlier | None = None,
        rendering: Rendering | None = None,
    ) -> None:
        """Record one look, and commit what is due.

        earlier    the address's last capture that a 304 confirms
        rendering  what a browser made of the answer

        Raises:
            SpoolFull: the disk is full; nothing of this look was written.
        """
        original = None if exchange is None else self._original_of(exchange, earlier)
        if exchange is not None and original is None and reading.photo is not None:
            content = content_of(exchange.response_headers, exchange.body)
            reading = replace(reading, photo=looked_at(reading.photo, content.body))
        capture = self._spool.append_reading(reading, exchange, original, rendering)
        if not self._group:
            self._group_began = self._clock()
        self._group.append(Logged(entry=reading, capture=capture))
        self.recorded += 1
        if capture is not None and exchange is not None:
            self._group_bytes += exchange.payload_bytes
            if capture.revisit_of is None:
                self._held.setdefault(exchange.payload_sha256, capture)
        self.go_on()

    def go_on(self) -> None:
        """Commit the group if it is due, and take note of what has been committed aside.

        Raises:
            SpoolFull, ArchiveError: a group could not be committed; nothing of it, or of what was
                recorded after it, is acknowledged.
        """
        if self._aside is None:
            if self._is_due():
                self.commit()
            return
        if self._under_way is not None and (self._under_way.future.done() or self._is_far_behind()):
            self._settle_and_seal()
        if self._under_way is None and self._is_due():
            self._begin_commit(self._aside)

    def _begin_commit(self, aside: Aside) -> None:
        """Begin to commit the group aside, and wait a little for that."""
        segment = self._spool.segment
        assert segment is not None, "a group lies in a segment"
        size_bytes, group, name = segment.size_bytes, self._group, segment.name

        def commit() -> None:
            segment.make_durable()
            self._catalogue.commit(group, name, size_bytes)

        self._group, self._group_bytes = [], 0
        self._held_before, self._held = self._held, {}
        future = aside.thread.submit(commit)
        self._under_way = _UnderWay(
            future=future, segment=segment, size_bytes=size_bytes, group=group
        )
        if wait([future], timeout=_PATIENCE_S).done:
            self._settle_and_seal()

    def _settle_and_seal(self) -> None:
        self._settle()
        if self._spool.is_full(self._clock()):
            self.commit()

    def _settle(self) -> None:
        """Wait for the commit that is under way, and take note of it."""
        if (under_way := self._under_way) is None:
            return
        wait([under_way.future])
        self._under_way = None
        try:
            under_way.future.result()
        except BaseException as error:
            self._group = under_way.group + self._group  # no later group may be committed alone
            if isinstance(error, OSError):
                raise under_way.segment.give_up_unsynced(error) from error
            raise
        under_way.segment.note_durable(under_way.size_bytes)
        self.acknowledged += len(under_way.group)
        self._held_before = {}

    def _is_far_behind(self) -> bool:
        return (
            len(self._group) >= _GROUPS_BEHIND * self._limits.captures
            or self._group_bytes >= _MAX_GROUP_BYTES
        )

    def _is_due(self) -> bool:
        """Whether the group has reached one of its limits."""
        return bool(self._group) and (
            len(self._group) >= self._limits.captures
            or self._group_bytes >= _MAX_GROUP_BYTES
            or self._clock() - self._group_began >= self._limits.age
        )

    def commit(self) -> None:
        """Acknowledge all: sync the segment, then name its records in the catalogue."""
        self._settle()
        segment = self._spool.segment
        if segment is None:
            return
        if self._group:
            segment.sync()
            self._catalogue.commit(self._group, segment.name, segment.size_bytes)
            self.acknowledged += len(self._group)
            self._group, self._held, self._group_bytes = [], {}, 0
        if self._spool.is_full(self._clock()):
            self._catalogue.seal_segment(self._spool.seal())

    def close(self, *, seal_from_bytes: int | None = None) -> None:
        """Commit what is left and let go of the segment.

        It is sealed where it has reached a limit, or is that long; else the next run goes on
        with it.
        """
        try:
            self.commit()
            segment = self._spool.segment
            if segment is not None and (
                self._spool.is_full(self._clock())
                or (seal_from_bytes is not None and segment.size_bytes >= seal_from_bytes)
            ):
                self._catalogue.seal_segment(self._spool.seal())
            self._spool.close()
        finally:
            if self._aside is not None:
                self._aside.close()

    def abandon(self) -> None:
        """Let go of the segment without committing: the next start picks up what is whole."""
        if self._aside is not None:
            self._aside.close()  # waits for what is under way, whose segment is closed only then
        self._under_way = None
        self._group.clear()
        self._spool.abandon()

    @property
    def segments(self) -> tuple[str, ...]:
        """The segments that this store wrote to."""
        return self._spool.written

    def _original_of(self, exchange: Exchange, earlier: Earlier | None) -> Original | None:
        if exchange.status == _NOT_MODIFIED:
            return None if earlier is None else _original_from(earlier)
        if not exchange.body:
            return None
        sha256 = exchange.payload_sha256
        if held := self._held.get(sha256) or self._held_before.get(sha256):
            return Original(
                record_id=held.record_id,
                target_uri=held.url,
                captured_at=moment_of(held.captured_at),
                payload_sha256=sha256,
            )
        db = self._catalogue.db
        if self._aside is not None and self._under_way is not None:
            db = self._aside.reader
        found = payload_holder(db, sha256)
        return None if found is None else _original_from(found)


def _original_from(earlier: Earlier) -> Original:
    return Original(
        record_id=earlier.record_id,
        target_uri=earlier.url,
        captured_at=moment_of(earlier.captured_at),
        payload_sha256=earlier.payload_sha256,
    )
