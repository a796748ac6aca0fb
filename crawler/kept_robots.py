"""A robots.txt that an earlier run fetched is believed for a day: RFC 9309, section 2.4."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from archive.content import content_of
from archive.errors import ArchiveError
from archive.http_message import http_of
from archive.moments import stamp
from archive.segment_reading import read_record
from archive.warc import Location
from crawler.robots import Robots, read_robots

_BELIEVED = timedelta(hours=24)


def kept_robots(db: Database, segments: Path, url: str, *, now: datetime) -> Robots | None:
    """What a robots.txt said within the last day, as its record holds it; None to ask again.

    Only a whole answer that allowed or forbade is believed: not a redirect, not a failure, and
    not one whose segment has gone to the store.
    """
    row = db.execute(_KEPT, {"url": url, "since": stamp(now - _BELIEVED)}).fetchone()
    if row is None:
        return None
    status, segment, offset, length = row
    if 400 <= status < 500:
        return read_robots(status, b"")
    try:
        record = read_record(segments, Location(segment=segment, offset=offset, length=length))
    except (ArchiveError, OSError):
        return None
    message = http_of(record)
    return read_robots(status, content_of(message.headers, message.body).body)


_KEPT = """
SELECT last.status, segment.name, holder."offset", holder.length FROM (
    SELECT * FROM capture
    WHERE ledger_id = (SELECT id FROM ledger WHERE url = :url AND kind = 'robots')
    ORDER BY captured_at DESC LIMIT 1) AS last
JOIN capture AS holder ON holder.record_id = coalesce(last.revisit_of, last.record_id)
JOIN segment ON segment.id = holder.segment_id
WHERE last.captured_at >= :since AND last.truncated IS NULL
    AND (last.status BETWEEN 200 AND 299 OR last.status BETWEEN 400 AND 428)
"""
