"""The last pipeline: what was fetched and read goes into the archive, in groups.

A capture is acknowledged when its group has been synced and committed; then, and not before, its
address leaves the queue for good.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from archive.capture import Capture
from archive.catalogue.work import Earlier, payload_holder
from archive.catalogue.writer import CatalogueWriter, Logged
from archive.content import content_of
from archive.exchange import Exchange
from archive.moments import moment_of
from archive.photo_looks import looked_at
from archive.reading import PictureVerdict, Reading, RunEnd, RunStart, Verdict
from archive.records import Original
from archive.rendering import Rendering
from archive.spool import Spool

_NOT_MODIFIED = 304
_MAX_GROUP_BYTES = 64_000_000  # a group of large photos is synced earlier


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLimits:
    """When a group is committed: by its captures or by the age of its first one."""

    captures: int
    age: timedelta


class Store:
    """Writes captures to the segments and then to the catalogue; one at a time for an archive."""

    def __init__(
        self,
        spool: Spool,
        catalogue: CatalogueWriter,
        limits: GroupLimits,
        clock: Callable[[], datetime],
    ) -> None:
        self._spool = spool
        self._catalogue = catalogue
        self._limits = limits
        self._clock = clock
        self._group: list[Logged] = []
        self._held: dict[str, Capture] = {}
        self._group_bytes = 0
        self._group_began = clock()
        spool.begin_after(catalogue.last_segment())

    @property
    def waiting(self) -> int:
        """How many entries of the group are not acknowledged yet."""
        return len(self._group)

    def note(self, entry: RunStart | RunEnd | Verdict | PictureVerdict) -> None:
        """Record that a run began or ended, or what a person decided, and commit."""
        self._spool.append_entry(entry)
        self._group.append(Logged(entry=entry))
        self.commit()

    def record(
        self,
        reading: Reading,
        exchange: Exchange | None,
        earlier: Earlier | None = None,
        rendering: Rendering | None = None,
    ) -> bool:
        """Record one look; whether its group was committed with it.

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
        if capture is not None and exchange is not None:
            self._group_bytes += exchange.payload_bytes
            if capture.revisit_of is None:
                self._held.setdefault(exchange.payload_sha256, capture)
        if self.is_due():
            self.commit()
            return True
        return False

    def is_due(self) -> bool:
        """Whether the group has reached one of its limits."""
        return bool(self._group) and (
            len(self._group) >= self._limits.captures
            or self._group_bytes >= _MAX_GROUP_BYTES
            or self._clock() - self._group_began >= self._limits.age
        )

    def commit(self) -> None:
        """Acknowledge the group: sync the segment, then name its records in the catalogue."""
        segment = self._spool.segment
        if not self._group or segment is None:
            return
        segment.sync()
        self._catalogue.commit(self._group, segment.name, segment.size_bytes)
        self._group.clear()
        self._held.clear()
        self._group_bytes = 0
        if self._spool.is_full(self._clock()):
            self._catalogue.seal_segment(self._spool.seal())

    def close(self, *, seal_from_bytes: int | None = None) -> None:
        """Commit what is left and let go of the segment.

        It is sealed where it has reached a limit, or is that long; else the next run goes on
        with it.
        """
        self.commit()
        segment = self._spool.segment
        if segment is not None and (
            self._spool.is_full(self._clock())
            or (seal_from_bytes is not None and segment.size_bytes >= seal_from_bytes)
        ):
            self._catalogue.seal_segment(self._spool.seal())
        self._spool.close()

    def abandon(self) -> None:
        """Let go of the segment without committing: the next start picks up what is whole."""
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
        if held := self._held.get(exchange.payload_sha256):
            return Original(
                record_id=held.record_id,
                target_uri=held.url,
                captured_at=moment_of(held.captured_at),
                payload_sha256=exchange.payload_sha256,
            )
        found = payload_holder(self._catalogue.db, exchange.payload_sha256)
        return None if found is None else _original_from(found)


def _original_from(earlier: Earlier) -> Original:
    return Original(
        record_id=earlier.record_id,
        target_uri=earlier.url,
        captured_at=moment_of(earlier.captured_at),
        payload_sha256=earlier.payload_sha256,
    )
