"""Where one address stands in the ledger, for whoever asks after it."""

from dataclasses import dataclass

from sqlite_utils import Database

from archive.ledger import LedgerState


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The row of an address.

    found_on    the list that offered it, or None for where discovery begins
    due_at      when it is tried next, or None
    article_id  the article that is known there, or None
    moved_to    where it redirects, or None
    """

    url: str
    source: str
    kind: str
    state: LedgerState
    reason: str | None
    found_at: str
    found_on: str | None
    state_at: str
    due_at: str | None
    tries: int
    article_id: int | None
    moved_to: str | None


def place_of(db: Database, url: str) -> Place | None:
    """The row of exactly this address, or None where nothing ever offered it."""
    row = db.execute(_PLACE, {"url": url}).fetchone()
    if row is None:
        return None
    known = dict(zip(Place.__slots__, row, strict=True))
    return Place(**{**known, "state": LedgerState(known["state"])})


_PLACE = """
SELECT url, source.name, ledger.kind, state, reason, found_at, found_on, state_at, due_at, tries,
       article_id, moved_to
FROM ledger JOIN source ON source.id = ledger.source_id
WHERE url = :url
"""
