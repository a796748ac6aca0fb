"""Counts what a crawl does, source by source: for the progress, the summary and Scrapy's stats."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from archive.article import PageKind
from archive.catalogue.hosts import netloc_of
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


FIELDS = ("headline", "text", "published", "section", "authors", "lead", "tags", "photos")

_LEAST_UNHEARD = 3  # fewer hosts may be down by chance, or stand on one machine


@dataclass(slots=True)
class SourceTally:
    """The counts of one source, and why its crawl ended early, if it did.

    found_by      by field, how many of its articles what found it in: `rule`, `json-ld`, `nothing`
    lists_ok      list pages that answered as such
    list_trouble  what the last one said that did not, or None
    spent         the budget that was used up, in words, or None; no failure
    """

    counts: Counter[Count] = field(default_factory=Counter)
    found_by: dict[str, Counter[str]] = field(default_factory=dict)
    lists_ok: int = 0
    list_trouble: str | None = None
    ended_early: str | None = None
    spent: str | None = None

    @property
    def failure(self) -> str | None:
        """Why the source gave nothing to go by: left early, or none of its lists answered."""
        if self.ended_early is not None:
            return f"left early: {self.ended_early}"
        if self.lists_ok == 0 and self.list_trouble is not None:
            return f"none of its lists could be read: {self.list_trouble}"
        return None

    def count(self, reading: Reading, exchange: Exchange | None) -> None:
        """Count one look."""
        counts = self.counts
        if exchange is not None:
            counts[Count.REQUESTS] += 1
            counts[Count.BYTES] += exchange.payload_bytes
            counts[Count.TRUNCATED] += exchange.truncated is not None
        if reading.expected is AddressKind.PAGE:
            counts[Count.PAGES] += 1
        elif reading.expected is AddressKind.PHOTO:
            counts[Count.PHOTOS] += reading.kind is PageKind.PHOTO
        elif reading.state is LedgerState.FETCHED:
            self.lists_ok += reading.expected is not AddressKind.ROBOTS
        elif reading.expected is not AddressKind.ROBOTS:
            self.list_trouble = reading.reason or reading.state.value
        if reading.kind is PageKind.ARTICLE:
            counts[Count.ARTICLES] += 1
            self._count_fields(reading)
        counts[Count.UNCHANGED] += reading.kind is PageKind.UNCHANGED
        if name := _COUNT_OF_STATE.get(reading.state):
            counts[name] += reading.expected is not AddressKind.ROBOTS and not _is_end_of_list(
                reading
            )

    def _count_fields(self, reading: Reading) -> None:
        """Count what found each field, so that a rule is seen to stop matching, and which."""
        if reading.article is None:
            return
        for name in FIELDS:
            witness = reading.article.provenance.get(name, "nothing").partition(":")[0]
            self.found_by.setdefault(name, Counter())[witness] += 1


def _is_end_of_list(reading: Reading) -> bool:
    """Whether a list was walked back one page too far, as one must where its pages are counted."""
    is_further = reading.expected is AddressKind.LISTING and reading.depth > 0
    return is_further and reading.state is LedgerState.GONE


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
        self.requests = 0
        self.size_bytes = 0
        self._unheard: set[str] = set()  # hosts that were asked and gave no answer at all

    @property
    def is_offline(self) -> bool:
        """Whether several hosts were asked, and nothing whatever came back."""
        return self.requests == 0 and len(self._unheard) >= _LEAST_UNHEARD

    def count(self, reading: Reading, exchange: Exchange | None) -> None:
        """Count one look for its source."""
        if exchange is None and reading.state is LedgerState.FAILED:
            self._unheard.add(netloc_of(reading.asked or reading.url))
        if exchange is not None:
            self.requests += 1
            self.size_bytes += exchange.payload_bytes
        self.sources[reading.source].count(reading, exchange)

    def count_parts(self, source: str, parts: Iterable[Exchange]) -> None:
        """Count what the scripts of a rendered page asked for."""
        for exchange in parts:
            self.requests += 1
            self.size_bytes += exchange.payload_bytes
            self.sources[source].counts[Count.REQUESTS] += 1
            self.sources[source].counts[Count.BYTES] += exchange.payload_bytes


_IS_VERSION = (
    ChangeKind.APPEARED,
    ChangeKind.EDITED,
    ChangeKind.MARKED,
    ChangeKind.SHORTENED,
)


def new_versions_in(told: Mapping[tuple[str, ChangeKind], int]) -> dict[str, int]:
    """How many new versions each source has had, by what the catalogue told."""
    counts: Counter[str] = Counter()
    for (source, kind), number in told.items():
        if kind in _IS_VERSION:
            counts[source] += number
    return dict(counts)
