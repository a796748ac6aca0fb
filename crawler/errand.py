"""What travels with a request: why it goes out, and what came back on the wire."""

from dataclasses import dataclass
from typing import Protocol, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.catalogue.work import Work
from archive.exchange import Exchange
from archive.rendering import Rendering
from crawler.robots import Robots
from crawler.source import Source
from crawler.tally import Tally

META_KEY = "salname"
EXCHANGE_KEY = "salname_exchange"  # put there by the download handler
LATENCY_KEY = "download_latency"  # the same; seconds until the answer began


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One address that is being looked at, for one source.

    exchange   None until the recording middleware has seen the answer
    rendering  what a browser made of the answer, where the source wants that
    page       the page whose script asks for it, else None
    """

    source: Source
    work: Work
    exchange: Exchange | None = None
    rendering: Rendering | None = None
    page: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """An errand that has ended: with an answer, or with the reason why there is none.

    failure     a sentence, or None where there is an answer
    is_refused  robots.txt forbids the address
    is_unread   robots.txt could not be read, or asks for too long a pause
    """

    errand: Errand
    failure: str | None = None
    is_refused: bool = False
    is_unread: bool = False


class Desk(Protocol):
    """What middlewares and extensions may ask of the spider."""

    @property
    def tally(self) -> Tally:
        """The counts of this run."""

    def new_versions(self) -> dict[str, int]:
        """How many new versions each source has had in this run, as far as committed."""

    def hold(self, source: str, wait_s: int) -> None:
        """Leave a source alone for so many seconds."""

    def kept_robots(self, url: str) -> Robots | None:
        """What an earlier run was told by a robots.txt, if it may still be believed."""

    def record_robots(self, exchange: Exchange) -> None:
        """Record a robots.txt that was fetched on the way."""


def desk_of(crawler: Crawler) -> Desk:
    """The spider of a crawler, as far as middlewares and extensions know it."""
    return cast("Desk", crawler.spider)


def errand_of(message: Request | Response) -> Errand | None:
    """The errand of a request or response; None for a robots.txt, which is asked on the way."""
    errand = message.meta.get(META_KEY)
    return errand if isinstance(errand, Errand) else None
