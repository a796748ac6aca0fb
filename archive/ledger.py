"""The ledger's words: every address ever offered is in exactly one state, with a reason."""

from dataclasses import dataclass
from enum import StrEnum


class LedgerState(StrEnum):
    """Where an address stands."""

    WAITING = "waiting"  # offered, not fetched yet
    FETCHED = "fetched"  # fetched, and it was what it was expected to be
    NOT_ARTICLE = "not-article"  # fetched, and it is something else
    REFUSED = "refused"  # robots.txt or the publisher forbids it
    BLOCKED = "blocked"  # a block page or a captcha answered
    FAILED = "failed"  # no usable answer: time-out, 5xx, unreadable
    MOVED = "moved"  # answered with a redirect; its target has a row of its own
    GONE = "gone"  # 404 or 410


class AddressKind(StrEnum):
    """What an address is expected to be."""

    PAGE = "page"  # perhaps an article
    FEED = "feed"
    SITEMAP = "sitemap"
    LISTING = "listing"
    PHOTO = "photo"
    ROBOTS = "robots"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An address that a feed, sitemap, listing or page offered, with what was said of it.

    url        canonical form of the address; the key of its ledger row
    kind       what it is expected to be
    title, published, photo_url  what the offer said, as printed, or None; kept as evidence
    position   its place in the offer, from 0, or None
    changed    when the address changed last, as the offer says, to the archive's own form; or None
    """

    url: str
    kind: AddressKind = AddressKind.PAGE
    title: str | None = None
    published: str | None = None
    photo_url: str | None = None
    position: int | None = None
    changed: str | None = None
