"""Counts what a crawl does, source by source: for the progress, the summary and Scrapy's stats."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from archive.article import PageKind
from archive.catalogue.rows import ChangeKind
from archive.exchange import Exchange
from archive.ledger import AddressKind, LedgerState
from archive.reading import Reading


class Count(StrEnum):
    """What is counted of one source."""

    REQUESTS = "requests"
    PAGES = "pages"
    ARTICLES = "articles"  # pages that were one, known before or not
    PHOTOS = "photos"
    UNCHANGED = "unchanged"
    NOT_ARTICLES = "not_articles"
    REFUSED = "refused"
    BLOCKED = "blocked"
    GONE = "gone"
    ERRORS = "errors"
    TRUNCATED = "truncated"
    BYTES = "bytes"


@dataclass(slots=True)
class SourceTally:
    """The counts of one source, and why its crawl ended early, if it did.

    lists_tried, lists_ok  list pages that were asked for, and that answered
    """

    counts: Counter[Count] = field(default_factory=Counter)
    lists_tried: int = 0
    lists_ok: int = 0
    ended_early: str | None = None

    @property
    def has_failed(self) -> bool:
        """Whether the source gave nothing to go by: left early, or none of its lists answered."""
        return self.ended_early is not None or (self.lists_ok == 0 and self.lists_tried > 0)

    def count(self, reading: Reading, exchange: Exchange | None) -> None:
        """Count one look."""
        counts = self.counts
        if exchange is not None:
            counts[Count.REQUESTS] += 1
            counts[Count.BYTES] += len(exchange.body)
            counts[Count.TRUNCATED] += exchange.truncated is not None
        if reading.expected is AddressKind.PAGE:
            counts[Count.PAGES] += 1
        elif reading.expected is AddressKind.PHOTO:
            counts[Count.PHOTOS] += reading.kind is PageKind.PHOTO
        elif reading.expected is not AddressKind.ROBOTS:
            self.lists_tried += 1
            self.lists_ok += reading.state is LedgerState.FETCHED
        counts[Count.ARTICLES] += reading.kind is PageKind.ARTICLE
        counts[Count.UNCHANGED] += reading.kind is PageKind.UNCHANGED
        if name := _COUNT_OF_STATE.get(reading.state):
            counts[name] += reading.expected is not AddressKind.ROBOTS


_COUNT_OF_STATE = {
    LedgerState.NOT_ARTICLE: Count.NOT_ARTICLES,
    LedgerState.REFUSED: Count.REFUSED,
    LedgerState.BLOCKED: Count.BLOCKED,
    LedgerState.GONE: Count.GONE,
    LedgerState.FAILED: Count.ERRORS,
}


class Tally:
    """The counts of a whole run."""

    def __init__(self, sources: tuple[str, ...]) -> None:
        self.sources = {name: SourceTally() for name in sources}

    def count(self, reading: Reading, exchange: Exchange | None) -> None:
        """Count one look for its source."""
        self.sources[reading.source].count(reading, exchange)


_IS_VERSION = (ChangeKind.APPEARED, ChangeKind.EDITED, ChangeKind.MARKED)


def new_versions_in(told: Mapping[tuple[str, ChangeKind], int]) -> dict[str, int]:
    """How many new versions each source has had, by what the catalogue told."""
    counts: Counter[str] = Counter()
    for (source, kind), number in told.items():
        if kind in _IS_VERSION:
            counts[source] += number
    return dict(counts)
