"""One look at one address, as the catalogue's tables take it."""

from dataclasses import dataclass

from archive.catalogue.change_log import Occasion
from archive.ledger import AddressKind, LedgerState
from archive.reading import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """What the ledger knew of an address before the look at hand.

    is_offered  another page offered it as an article's
    """

    id: int
    kind: AddressKind
    state: LedgerState
    tries: int
    depth: int
    article_id: int | None
    found_at: str
    is_offered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at one address, with what the catalogue knows of its place.

    walked_at  when the source's lists were last walked to their end, or None
    walks_since  lists that were read since then are not walked again
    gone_after_s  how much must speak for an article being gone, before it is told so
    is_whole   its answer was not cut, at the limit or by the server
    """

    reading: Reading
    row: LedgerRow
    source_id: int
    run_id: int
    run_started_at: str
    walks_since: str
    walked_at: str | None
    capture_id: int | None
    gone_after_s: int = 0
    is_whole: bool = True

    @property
    def occasion(self) -> Occasion:
        """What the change log says of it."""
        return Occasion(
            source=self.reading.source,
            at=self.reading.at,
            run_id=self.run_id,
            capture_id=self.capture_id,
        )
