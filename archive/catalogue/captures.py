"""Captures as the catalogue gives them back, each with where its record lies."""

from typing import Any

from archive.catalogue.rows import CaptureRow
from archive.rendering import RenderedRecord
from archive.warc import Location

_DOCUMENT_COLUMNS = 4

# What a capture's row is made from; a condition on `capture` follows.
CAPTURE = """
SELECT segment.name, capture."offset", capture.length, capture.id, capture.url,
       capture.captured_at, capture.status, capture.kind, capture.mime, capture.payload_sha256,
       capture.payload_bytes, capture.record_id, capture.revisit_of, capture.truncated,
       capture.is_noarchive, capture.is_noarchive_in_page,
       rendering.record_id, rendering.dom_sha256, rendering."offset", rendering.length
FROM capture
JOIN segment ON segment.id = capture.segment_id
LEFT JOIN rendering ON rendering.capture_id = capture.id
"""


def capture_from(row: tuple[Any, ...]) -> CaptureRow:
    """The capture in a row of `CAPTURE`."""
    segment, offset, length, *rest = row
    document, rest = rest[-_DOCUMENT_COLUMNS:], rest[:-_DOCUMENT_COLUMNS]
    names = [name for name in CaptureRow.__slots__ if name not in ("location", "document")]
    return CaptureRow(
        location=Location(segment=segment, offset=offset, length=length),
        document=_document_from(segment, *document),
        **{
            **dict(zip(names, rest, strict=True)),
            "is_noarchive": bool(rest[-2]),
            "is_noarchive_in_page": bool(rest[-1]),
        },
    )


def _document_from(
    segment: str, record_id: str | None, sha256: str, offset: int, length: int
) -> RenderedRecord | None:
    if record_id is None:
        return None
    location = Location(segment=segment, offset=offset, length=length)
    return RenderedRecord(record_id=record_id, sha256=sha256, location=location)
