"""The spool: the segments of one archive, of which at most one is open and being written."""

import socket
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from archive.article import Article
from archive.capture import Capture, asks_noarchive
from archive.exchange import Exchange
from archive.moments import moment_of, stamp
from archive.reading import (
    Entry,
    PictureVerdict,
    Reading,
    RunEnd,
    RunStart,
    Verdict,
    entry_to_json,
)
from archive.records import (
    Original,
    document_record,
    metadata_record,
    new_record_id,
    not_modified_record,
    part_record,
    request_record,
    response_record,
    revisit_record,
    text_record,
)
from archive.rendering import RenderedRecord, Rendering
from archive.segment import (
    OPEN_ENDING,
    SEALED_ENDING,
    OpenSegment,
    name_of_segment,
    segment_name,
)
from archive.warc import Location, Record, RecordType

_NOT_MODIFIED = 304
_OURS = "salname-"  # segments that others named are imported, and never lie here
# A reading under the page's own address is a page to other tools: pywb replayed the JSON.
_READING_OF = "urn:salname:reading:"


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentLimits:
    """When a segment is full: by its length in bytes or by its age."""

    max_bytes: int
    max_age: timedelta


def segment_files(folder: Path) -> tuple[Path, ...]:
    """All segment files of a spool, in the order in which they were written."""
    files = [*folder.glob(f"*{SEALED_ENDING}"), *folder.glob(f"*{OPEN_ENDING}")]
    return tuple(sorted(files, key=lambda path: path.name))


def is_open(path: Path) -> bool:
    """Whether a segment file is still open."""
    return path.name.endswith(OPEN_ENDING)


class Spool:
    """Appends captures and their readings to the open segment; one writer.

    run         name of the run, part of the names of the segments that it begins
    about       lines for the warcinfo record of each segment that it begins
    with_texts  whether an article's text gets a record of its own
    """

    def __init__(
        self,
        folder: Path,
        limits: SegmentLimits,
        run: str,
        about: tuple[tuple[str, str], ...],
        *,
        with_texts: bool = False,
    ) -> None:
        self._folder = folder
        self._limits = limits
        self._run = run
        self._about = about
        self._with_texts = with_texts
        self._serial = 0
        self._after = ""
        self._segment: OpenSegment | None = None
        self.written: tuple[str, ...] = ()

    @property
    def segment(self) -> OpenSegment | None:
        """The open segment, if there is one."""
        return self._segment

    def begin_after(self, name: str) -> None:
        """Let no segment begin whose name sorts before this one, which the catalogue knows.

        Names are the order in which segments are read again: a revisit, or an edit, must not come
        before what it speaks of when the clock was set back in between.
        """
        self._after = max(self._after, name)

    def resume(self) -> None:
        """Go on with the segment that an earlier run left open, after recovery.

        Where several are open, as an import leaves them that was killed, all but the last are
        sealed.
        """
        left_open = [path for path in segment_files(self._folder) if is_open(path)]
        for path in left_open[:-1]:
            OpenSegment.resume(path, path.stat().st_size).seal()
        if left_open:
            self._segment = OpenSegment.resume(left_open[-1], left_open[-1].stat().st_size)

    def append_entry(self, entry: RunStart | RunEnd | Verdict | PictureVerdict) -> None:
        """Append an entry that no capture belongs to."""
        at, url = _place_of(entry)
        self._open_segment(moment_of(at)).append(_metadata_of(entry, url, at, None))

    def append_reading(
        self,
        reading: Reading,
        exchange: Exchange | None,
        original: Original | None,
        rendering: Rendering | None = None,
    ) -> Capture | None:
        """Append what was fetched and what was made of it, together or not at all.

        original  the record that holds the same payload already, or that a 304 confirms
        rendering  what a browser made of the answer
        returns   the capture that the catalogue will name, or None without an exchange

        Raises:
            SpoolFull: the disk is full; nothing of it was written.
        """
        segment = self._open_segment(moment_of(reading.at))
        if exchange is None:
            segment.append(_metadata_of(reading, _READING_OF + reading.url, reading.at, None))
            return None
        record_id = new_record_id()
        answer = _answer_of(exchange, original, record_id)
        metadata = _metadata_of(reading, _READING_OF + exchange.url, reading.at, record_id)
        parts = _parts_of(rendering, record_id) if rendering else []
        records = [*parts, answer]
        if exchange.method:
            records.append(request_record(exchange, concurrent_to=record_id))
        is_new = original is None or rendering is not None  # one shell shows many texts
        if self._with_texts and is_new and reading.article is not None:
            records.append(_text_of(reading.article, exchange.url, reading.at, record_id))
        if rendering is not None and rendering.dom:
            records.append(document_record(rendering, exchange, concurrent_to=record_id))
        locations = segment.append_group((*records, metadata))
        capture = _capture_of(exchange, original, record_id, locations[len(parts)])
        if records[-1].type is RecordType.RESOURCE:
            return replace(capture, rendered=rendered_record(records[-1], locations[-2]))
        return capture

    def is_full(self, now: datetime) -> bool:
        """Whether the open segment has reached a limit."""
        segment = self._segment
        if segment is None:
            return False
        began = _beginning_of(segment.name)
        return segment.size_bytes >= self._limits.max_bytes or now - began >= self._limits.max_age

    def seal(self) -> str:
        """Seal the open segment; its name."""
        assert self._segment is not None
        name = self._segment.seal().name
        self._segment = None
        return name

    def close(self) -> None:
        """Sync and close the open segment, leaving it open for the next run."""
        if self._segment is not None:
            self._segment.close()
            self._segment = None

    def abandon(self) -> None:
        """Close the open segment as it is, unsynced."""
        if self._segment is not None:
            self._segment.abandon()
            self._segment = None

    def _open_segment(self, at: datetime) -> OpenSegment:
        if self._segment is None:
            self._serial += 1
            here = map(name_of_segment, segment_files(self._folder))
            latest = max((self._after, *here))
            started_at = at
            if latest.startswith(_OURS):
                started_at = max(at, _beginning_of(latest) + timedelta(microseconds=1))
            name = segment_name(
                started_at=started_at, host=socket.gethostname(), run=self._run, serial=self._serial
            )
            self._segment = OpenSegment.create(self._folder, name, at=at, about=self._about)
        if self._segment.name not in self.written:
            self.written = (*self.written, self._segment.name)
        return self._segment


def _beginning_of(name: str) -> datetime:
    return datetime.strptime(name.split("-")[1], "%Y%m%dT%H%M%S%f%z")


def _place_of(entry: RunStart | RunEnd | Verdict | PictureVerdict) -> tuple[str, str]:
    """When an entry was made, and the address of its record."""
    if isinstance(entry, Verdict | PictureVerdict):
        return entry.at, "urn:salname:verdict"
    at = entry.started_at if isinstance(entry, RunStart) else entry.finished_at
    return at, f"urn:salname:run:{entry.run}"


def rendered_record(record: Record, location: Location) -> RenderedRecord:
    """Where a rendered document lies."""
    return RenderedRecord(
        record_id=record.record_id,
        sha256=record.find_payload_sha256() or sha256(record.block).hexdigest(),
        location=location,
    )


def _parts_of(rendering: Rendering, record_id: str) -> list[Record]:
    """What a page's scripts asked for; before the page's own answer, which a reading follows."""
    records: list[Record] = []
    for exchange in rendering.parts:
        part_id = new_record_id()
        records.append(part_record(exchange, of=record_id, record_id=part_id))
        records.append(request_record(exchange, concurrent_to=part_id))
    return records


def _answer_of(exchange: Exchange, original: Original | None, record_id: str) -> Record:
    if original is None:
        return response_record(exchange, record_id=record_id)
    if exchange.status == _NOT_MODIFIED:
        return not_modified_record(exchange, original=original, record_id=record_id)
    return revisit_record(exchange, original=original, record_id=record_id)


def _metadata_of(entry: Entry, url: str, at: str, concurrent_to: str | None) -> Record:
    return metadata_record(
        entry_to_json(entry), url=url, at=moment_of(at), concurrent_to=concurrent_to
    )


def _text_of(article: Article, url: str, at: str, record_id: str) -> Record:
    text = f"{article.headline}\n\n{article.text}\n"
    return text_record(text, url=url, at=moment_of(at), refers_to=record_id)


def _capture_of(
    exchange: Exchange, original: Original | None, record_id: str, location: Location
) -> Capture:
    return Capture(
        url=exchange.url,
        captured_at=stamp(exchange.captured_at),
        status=exchange.status,
        mime=mime_of(exchange.response_headers),
        payload_sha256=exchange.payload_sha256 if original is None else None,
        payload_bytes=exchange.payload_bytes if original is None else None,
        record_id=record_id,
        location=location,
        revisit_of=original.record_id if original else None,
        truncated=exchange.truncated,
        is_noarchive=asks_noarchive(exchange.response_headers),
    )


def mime_of(headers: tuple[tuple[str, str], ...]) -> str:
    """The media type that HTTP headers state, alone and in lower case, or the empty string.

    Source: RFC 9110 section 8.3.1.
    """
    for name, value in headers:
        if name.lower() == "content-type":
            return value.partition(";")[0].strip().lower()
    return ""
