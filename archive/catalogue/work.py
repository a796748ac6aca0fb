"""What is due: the ledger's answer to a crawl that asks what to fetch next."""

from dataclasses import dataclass

from sqlite_utils import Database

from archive.ledger import AddressKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The record that holds the payload of an address's last capture."""

    record_id: str
    url: str
    captured_at: str
    payload_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One address that is due, with what a polite second look needs.

    looks     answers so far; 0 means that it was never seen
    is_known  an article is known there
    """

    ledger_id: int
    url: str
    kind: AddressKind
    depth: int
    looks: int
    tries: int
    is_known: bool
    etag: str | None
    last_modified: str | None
    earlier: Earlier | None


def find_due(db: Database, source: str, now: str, limit: int) -> tuple[Work, ...]:
    """The addresses of a source that are due at `now`, the most telling first.

    Lists come first, since they say what is new and what has moved; then pages never seen, then
    photos, then second looks at articles.
    """
    rows = db.execute(_DUE, {"source": source, "now": now, "limit": limit})
    return tuple(_work_from(row) for row in rows)


def payload_holder(db: Database, payload_sha256: str) -> Earlier | None:
    """The first record that holds this payload, whatever its address, or None."""
    row = db.execute(_HOLDER, {"sha256": payload_sha256}).fetchone()
    return (
        Earlier(record_id=row[0], url=row[1], captured_at=row[2], payload_sha256=row[3])
        if row
        else None
    )


def _work_from(row: tuple[object, ...]) -> Work:
    ledger_id, url, kind, depth, looks, tries, article_id, etag, modified, *earlier = row
    return Work(
        ledger_id=_int(ledger_id),
        url=str(url),
        kind=AddressKind(str(kind)),
        depth=_int(depth),
        looks=_int(looks),
        tries=_int(tries),
        is_known=article_id is not None,
        etag=None if etag is None else str(etag),
        last_modified=None if modified is None else str(modified),
        earlier=None
        if earlier[0] is None
        else Earlier(
            record_id=str(earlier[0]),
            url=str(earlier[1]),
            captured_at=str(earlier[2]),
            payload_sha256=str(earlier[3]),
        ),
    )


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value


_DUE = """
SELECT ledger.id, ledger.url, ledger.kind, ledger.depth, ledger.looks, ledger.tries,
       ledger.article_id, ledger.etag, ledger.last_modified,
       holder.record_id, holder.url, holder.captured_at, holder.payload_sha256
FROM ledger
JOIN source ON source.id = ledger.source_id
LEFT JOIN capture ON capture.id = ledger.last_capture_id
LEFT JOIN capture AS holder ON holder.record_id = coalesce(capture.revisit_of, capture.record_id)
WHERE source.name = :source AND ledger.due_at <= :now
ORDER BY CASE
        WHEN ledger.kind IN ('feed', 'sitemap', 'listing') THEN 0
        WHEN ledger.kind = 'page' AND ledger.looks = 0 THEN 1
        WHEN ledger.kind = 'photo' THEN 2
        ELSE 3 END,
    ledger.due_at, ledger.id
LIMIT :limit
"""

_HOLDER = """
SELECT record_id, url, captured_at, payload_sha256 FROM capture
WHERE payload_sha256 = :sha256 AND revisit_of IS NULL ORDER BY id LIMIT 1
"""
