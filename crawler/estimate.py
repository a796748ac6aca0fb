"""What a backfill will cost, reckoned before it begins from what is known of a source."""

from dataclasses import dataclass
from datetime import date
from math import ceil

from archive.catalogue.pace import Pace
from crawler.source import Source
from crawler.ways import Archive, Endpoint, Ids, Listing, Sitemap, Telegram

_LIST_LENGTH = 20  # of a list that was never read


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Requests by what they are for, and how long they take at the source's pause.

    a_day  articles that the source publishes in a day, by which the others are reckoned
    """

    a_day: float
    lists: int
    pages: int
    photos: int
    seconds: int

    @property
    def requests(self) -> int:
        """All of them."""
        return self.lists + self.pages + self.photos


def estimate_of(
    source: Source, pace: Pace, days: tuple[date, date], *, today: date, pause_s: float
) -> Estimate | None:
    """What a backfill of these days will cost; None where no dated article is known to go by.

    Lists with page numbers are walked from today back to the first day; of sitemaps one a month is
    counted. What the archive holds of these days already is not fetched again.

    pause_s  between two requests, where the source says nothing else
    """
    if not pace.days:
        return None
    first, last = days
    a_day = pace.articles / pace.days
    published = a_day * ((min(last, today) - first).days + 1)
    pages = max(0, ceil(published) - pace.held)
    photos = ceil(pages * pace.photos / pace.articles)
    lists = sum(_lists_of(way, a_day, pace, first, last, today) for way in source.discovery)
    own_pause_s = source.pause_s if source.pause_s is not None else pause_s
    return Estimate(
        a_day=a_day,
        lists=lists,
        pages=pages,
        photos=photos,
        seconds=ceil((lists + pages + photos) * own_pause_s),
    )


def estimate_sentence(name: str, estimate: Estimate | None) -> str:
    """The estimate as a person reads it before the backfill begins."""
    if estimate is None:
        return f"{name}: no dated article is known of it yet, so nothing can be reckoned."
    return (
        f"{name}: about {estimate.requests:,} requests ({estimate.lists:,} lists, "
        f"{estimate.pages:,} pages, {estimate.photos:,} photos), {_time(estimate.seconds)} at "
        f"least; reckoned with {estimate.a_day:.3g} articles a day."
    )


def _lists_of(way: object, a_day: float, pace: Pace, first: date, last: date, today: date) -> int:
    if isinstance(way, Ids):
        return way.at_most
    if isinstance(way, Archive):
        return (last - first).days + 1 if way.is_daily else _months(first, last)
    if isinstance(way, Listing | Endpoint | Telegram):
        since = a_day * ((today - first).days + 1)
        return max(1, ceil(since / (pace.list_length or _LIST_LENGTH)))
    if isinstance(way, Sitemap):
        return 1 + _months(first, last)
    return 1


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _time(seconds: int) -> str:
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 7200:
        return f"{ceil(seconds / 60)} min"
    return f"{ceil(seconds / 3600)} h"
