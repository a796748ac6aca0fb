"""Finds when a page says that its article was published: told to machines, printed, or in the address.

What an article tells machines is the most exact; what is printed beside its headline says which
day that is for its readers, and is believed before testimony that any system writes for any page
(`date`, `time`). A wrong date is worse than none: a bare time, a date in a sidebar, a comment or
the teaser of another item are not the article's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.article import Moment, Precision
from pipelines.datelines import Dateline, find_datelines, find_labelled, read_whole_line
from pipelines.dates import BAKU, find_date_in_url, read_date
from pipelines.items import Page
from pipelines.parsing import ParsedPage
from pipelines.structured import Structured
from pipelines.zones import zone_of_host

_STRONG = frozenset({"json-ld", "opengraph", "microdata", "meta"})
_NO_DAY = frozenset({"time-only", "relative", "year-less"})  # no machine is told so
_OLDEST_YEAR = 1990
_AHEAD = timedelta(days=1)  # a page's clock may run ahead of ours
_NEXT_DAY = timedelta(days=1)  # the same instant is the next day in another zone


def find_published(
    parsed: ParsedPage,
    structured: Structured,
    headline: HtmlElement | None,
    *,
    timezone: str | None,
) -> tuple[Moment, str] | None:
    """The moment of publication and its witness.

    timezone  of the site, None where it is unknown
    """
    return _Evidence(parsed, structured, headline, timezone).decide()


def read_told_date(value: str, witness: str, page: Page, timezone: str | None) -> Moment | None:
    """A date that the page tells machines; `how` is the witness.

    timezone  of the site; None where it is unknown, then a time keeps the zone that it states,
              unless that is UTC and the country under whose name the host stands has one zone
    """
    zone = timezone or zone_of_host(_host_of(page))
    moment = read_date(value, seen=page.captured_at, timezone=zone or BAKU)
    if moment is None or moment.how in _NO_DAY or not _is_plausible(moment, page):
        return None
    if timezone is None and moment.precision is not Precision.DAY:
        stated = _stated_time(value)
        if stated is not None and (zone is None or stated.utcoffset()):
            moment = replace(moment, at=stated.isoformat(timespec="seconds"))
    return replace(moment, how=witness)


def is_date_line(text: str, page: Page, timezone: str) -> bool:
    """Whether a line is nothing but a date."""
    return read_whole_line(text, page, timezone) is not None


@dataclass(frozen=True)
class _Evidence:
    """What a page says of its publication; what costs time is gathered only once it is asked for."""

    parsed: ParsedPage
    structured: Structured
    headline: HtmlElement | None
    timezone: str | None

    def decide(self) -> tuple[Moment, str] | None:
        told = next(iter(self._told), None)
        if told is not None and self.timezone is not None:
            return told, told.how
        if told is not None:
            return self._as_shown(told)
        return self._printed() or self._weak() or self._in_address() or self._labelled()

    @property
    def _zone(self) -> str:
        return self.timezone or zone_of_host(_host_of(self.parsed.page)) or BAKU

    @cached_property
    def _told(self) -> tuple[Moment, ...]:
        return tuple(self._read(weak=False))

    def _read(self, *, weak: bool) -> Iterator[Moment]:
        for said in self.structured.of("published"):
            if (said.witness not in _STRONG) is weak and (
                moment := read_told_date(said.value, said.witness, self.parsed.page, self.timezone)
            ):
                yield moment

    @cached_property
    def _lines(self) -> Sequence[Dateline]:
        if self.headline is None:
            return ()
        return tuple(find_datelines(self.parsed, self.headline, self._zone))

    @cached_property
    def _of_address(self) -> Moment | None:
        return find_date_in_url(self.parsed.page.url, timezone=self._zone)

    def _as_shown(self, told: Moment) -> tuple[Moment, str]:
        """The moment that is told, on the day on which the reader is shown it."""
        return told, told.how

    def _printed(self) -> tuple[Moment, str] | None:
        line = next((line for line in self._lines if line.label != "updated"), None)
        return (line.moment, "near-headline") if line else None

    def _weak(self) -> tuple[Moment, str] | None:
        moment = next(self._read(weak=True), None)
        return (moment, moment.how) if moment else None

    def _in_address(self) -> tuple[Moment, str] | None:
        return (self._of_address, "url") if self._of_address else None

    def _labelled(self) -> tuple[Moment, str] | None:
        line = next(find_labelled(self.parsed, self._zone), None)
        return (line.moment, "label") if line else None


def _host_of(page: Page) -> str:
    return urlsplit(page.url).hostname or ""


def _is_plausible(moment: Moment, page: Page) -> bool:
    day = date.fromisoformat(moment.at[:10])
    return day.year >= _OLDEST_YEAR and day <= (page.captured_at + _AHEAD).date()


def _stated_time(value: str) -> datetime | None:
    """The aware moment of an ISO 8601 text in its own zone."""
    try:
        stated = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return stated if stated.tzinfo is not None else None
