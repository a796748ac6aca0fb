"""What is due: the ledger's answer to a crawl that asks what to fetch next."""

from dataclasses import dataclass
from enum import IntEnum

from sqlite_utils import Database

from archive.ledger import AddressKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The record that holds the payload of an address's last good capture."""

    record_id: str
    url: str
    captured_at: str
    payload_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One address that is due, with what a polite second look needs.

    ledger_id  0 where no ledger handed it out: an answer that was fetched before is judged
    looks      answers so far; 0 means that it was never seen
    is_known   an article is known there
    title      that of its last version; None where none is known
    """

    ledger_id: int = 0
    url: str
    kind: AddressKind
    depth: int = 0
    looks: int = 0
    tries: int = 0
    is_known: bool = False
    title: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    earlier: Earlier | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLook:
    """A page that was seen before and is due again, as far as its place in the order needs it.

    first_seen_at, last_changed_at  of its article; None where none is known there, or where it was
                                    not found by the last look
    is_called  what this run has read called for it: a headline in a feed, a redirect
    """

    ledger_id: int
    looked_at: str
    is_called: bool
    first_seen_at: str | None
    last_changed_at: str | None


class Priority(IntEnum):
    """The order in which a crawl works: what tells most of what is new comes first."""

    LIST = 0
    NEW_PAGE = 1
    PHOTO = 2
    SECOND_LOOK = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which of the due addresses are wanted.

    run_started_at  a page that was looked at since then gets no second look
    at_most         the last kind of work that is wanted
    with_pages      False where only lists and photos are wanted
    """

    run_started_at: str
    at_most: Priority = Priority.SECOND_LOOK
    with_pages: bool = True


def find_due(
    db: Database, source: str, *, now: str, limit: int, wanted: Wanted
) -> tuple[Work, ...]:
    """The addresses of a source that are due at `now`, the most telling first."""
    rows = db.execute(
        _DUE,
        {
            "source": source,
            "now": now,
            "limit": limit,
            "at_most": int(wanted.at_most),
            "pages": wanted.with_pages,
            "run_started_at": wanted.run_started_at,
        },
    )
    return tuple(_work_of(db, ledger_id) for (ledger_id,) in rows.fetchall())


def due_looks(db: Database, source: str, *, now: str, run_started_at: str) -> tuple[DueLook, ...]:
    """All pages of a source that are due for another look and had none since the run started."""
    rows = db.execute(_LOOKS, {"source": source, "now": now, "run_started_at": run_started_at})
    return tuple(DueLook(**dict(zip(DueLook.__slots__, row, strict=True))) for row in rows)


def still_due(db: Database, look: DueLook, *, now: str) -> Work | None:
    """What is to be done about a due look; None where something else has settled it."""
    row = db.execute(
        "SELECT 1 FROM ledger WHERE id = :id AND state_at = :looked_at AND due_at <= :now",
        {"id": look.ledger_id, "looked_at": look.looked_at, "now": now},
    ).fetchone()
    return _work_of(db, look.ledger_id) if row else None


def count_due(db: Database, source: str, now: str) -> int:
    """How many addresses of a source are due at `now`."""
    row = db.execute(
        "SELECT count(*) FROM ledger WHERE due_at <= :now"
        " AND source_id = (SELECT id FROM source WHERE name = :source)",
        {"now": now, "source": source},
    ).fetchone()
    return int(row[0])


def payload_holder(db: Database, payload_sha256: str) -> Earlier | None:
    """The first record that holds this payload, whatever its address, or None."""
    row = db.execute(_HOLDER, {"sha256": payload_sha256}).fetchone()
    return (
        Earlier(record_id=row[0], url=row[1], captured_at=row[2], payload_sha256=row[3])
        if row
        else None
    )


def _work_of(db: Database, ledger_id: int) -> Work:
    return _work_from(db.execute(_WORK + "WHERE ledger.id = :id", {"id": ledger_id}).fetchone())


def _work_from(row: tuple[object, ...]) -> Work:
    ledger_id, url, kind, depth, looks, tries, article_id, title, etag, modified, *earlier = row
    return Work(
        ledger_id=_int(ledger_id),
        url=str(url),
        kind=AddressKind(str(kind)),
        depth=_int(depth),
        looks=_int(looks),
        tries=_int(tries),
        is_known=article_id is not None,
        title=None if title is None else str(title),
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


_WORK = """
SELECT ledger.id, ledger.url, ledger.kind, ledger.depth, ledger.looks, ledger.tries,
       ledger.article_id, version.title, ledger.etag, ledger.last_modified,
       holder.record_id, holder.url, holder.captured_at, holder.payload_sha256
FROM ledger
LEFT JOIN capture ON capture.id = ledger.good_capture_id
LEFT JOIN capture AS holder ON holder.record_id = coalesce(capture.revisit_of, capture.record_id)
LEFT JOIN article ON article.id = ledger.article_id
LEFT JOIN version ON version.id = article.last_version_id
"""

_DUE = """
SELECT id FROM ledger
WHERE source_id = (SELECT id FROM source WHERE name = :source)
    AND priority <= :at_most AND due_at <= :now
    AND (:pages OR kind <> 'page')
    AND (priority < 3 OR state_at < :run_started_at)
ORDER BY priority, due_at, id
LIMIT :limit
"""

_LOOKS = """
SELECT ledger.id, ledger.state_at, ledger.due_at > :run_started_at, article.first_seen_at, article.last_changed_at
FROM ledger
LEFT JOIN article ON article.id = ledger.article_id AND article.state = 'live'
WHERE ledger.source_id = (SELECT id FROM source WHERE name = :source)
    AND ledger.priority = 3 AND ledger.due_at <= :now AND ledger.state_at < :run_started_at
ORDER BY ledger.due_at, ledger.id
"""

_HOLDER = """
SELECT record_id, url, captured_at, payload_sha256 FROM capture
WHERE payload_sha256 = :sha256 AND revisit_of IS NULL ORDER BY id LIMIT 1
"""
