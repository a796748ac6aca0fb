"""Finds when a page says that its article was published: told to machines, printed, or in the address.

What an article tells machines is the most exact; what is printed beside its headline says which
day that is for its readers, and is believed before testimony that any system writes for any page
(`date`, `time`). A wrong date is worse than none: a bare time, a date in a sidebar, a comment or
the teaser of another item are not the article's.
"""

import re
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

_STRONG = frozenset({"json-ld", "opengraph", "microdata"})
_WEAK = frozenset({"meta", "time"})  # any system writes them, for any page
_SCRIPT_DATE = re.compile(
    rb'"(?:date_?published|published_?(?:at|on|date|time)|publish_?date|publication_?date)\\?"\s*:\s*\\?"'
    rb"(\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?)",
    re.IGNORECASE,
)
_NO_DAY = frozenset({"time-only", "relative", "year-less"})  # no machine is told so
_OLDEST_YEAR = 1990
_AHEAD = timedelta(days=1)  # a page's clock may run ahead of ours
_LONG_KEPT = timedelta(days=180)
_NEXT_DAY = timedelta(days=1)  # the same instant is the next day in another zone


@dataclass(frozen=True, slots=True)
class Publication:
    """When an article was published and which witness says so.

    shown  the dates printed near the headline, where anybody looked for them
    """

    moment: Moment
    witness: str
    shown: tuple[Moment, ...] = ()


def find_published(
    parsed: ParsedPage,
    structured: Structured,
    headline: HtmlElement | None,
    *,
    timezone: str | None,
) -> Publication | None:
    """The moment of publication, its witness, and what was seen printed on the way.

    timezone  of the site, None where it is unknown
    """
    evidence = _Evidence(parsed, structured, headline, timezone)
    decided = evidence.decide()
    return Publication(*decided, shown=evidence.shown()) if decided else None


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
            return None if self._is_evergreen(told) else self._as_shown(told)
        return (
            self._printed()
            or self._weak("time")
            or self._weak("meta")
            or self._in_address()
            or self._labelled()
            or self._in_scripts()
        )

    def shown(self) -> tuple[Moment, ...]:
        """The dates near the headline; none where the decision needed no look at them."""
        return self._shown if "_lines" in self.__dict__ else ()

    @property
    def _zone(self) -> str:
        return self.timezone or zone_of_host(_host_of(self.parsed.page)) or BAKU

    @cached_property
    def _told(self) -> tuple[Moment, ...]:
        return tuple(self._read(_STRONG))

    @property
    def _is_no_article(self) -> bool:
        """Whether OpenGraph calls the page a part of its site, whose date is that of a row in a table."""
        return not self.structured.is_article and self.structured.by("type", "opengraph")[:1] == (
            "website",
        )

    def _read(self, witnesses: frozenset[str]) -> Iterator[Moment]:
        page, timezone = self.parsed.page, self.timezone
        for said in self.structured.of("published"):
            if said.witness == "opengraph" and self._is_no_article:
                continue
            if said.witness in witnesses and (
                moment := read_told_date(said.value, said.witness, page, timezone)
            ):
                yield moment

    @cached_property
    def _lines(self) -> Sequence[Dateline]:
        if self.headline is None:
            return ()
        return find_datelines(self.parsed, self.headline, self._zone)

    @cached_property
    def _shown(self) -> tuple[Moment, ...]:
        """The dates near the headline but those of an update, which a label may explain elsewhere."""
        updated = {_day_of(line.moment) for line in self._lines if line.label == "updated"}
        moments = [line.moment for line in self._lines if line.label != "updated"]
        others = [moment for moment in moments if _day_of(moment) not in updated]
        return tuple(others or moments)

    def _is_evergreen(self, told: Moment) -> bool:
        """Whether a page is kept up to date for long and shows its reader no date.

        What it tells machines is then the day of a first draft or of a move as often as not.
        """
        page, timezone = self.parsed.page, self.timezone
        changes = (
            read_told_date(each.value, each.witness, page, timezone)
            for each in self.structured.of("modified")
        )
        last = max((_day_of(moment) for moment in changes if moment), default=_day_of(told))
        if last - _day_of(told) < _LONG_KEPT:
            return False
        return not self._lines and self._of_address is None

    @cached_property
    def _of_address(self) -> Moment | None:
        return find_date_in_url(self.parsed.page.url, timezone=self._zone)

    def _as_shown(self, told: Moment) -> tuple[Moment, str]:
        """The moment that is told, unless the reader is shown another day.

        The day before or after is the same moment in the publisher's zone. A day farther off is
        believed where other testimony, or the address, says it too.
        """
        shown = self._shown
        is_utc = told.at.endswith("+00:00")  # which says nothing of the publisher's day
        if any(_day_of(each) == _day_of(told) for each in (shown[:1] if is_utc else shown)):
            return told, told.how
        address = [self._of_address] if self._of_address else []
        for moment in (*shown[:1], *address):
            if abs(_day_of(moment) - _day_of(told)) == _NEXT_DAY:
                return self._in_local_time(moment)
        if any(_day_of(each) == _day_of(told) for each in shown):
            return told, told.how
        others = {_day_of(moment) for moment in (*self._told, *self._read(_WEAK))}
        if shown and _day_of(shown[0]) in others:
            return shown[0], "near-headline"
        return told, told.how

    def _in_local_time(self, shown: Moment) -> tuple[Moment, str]:
        """The moment on the day that is shown, in the words of testimony that has that day, if any does."""
        day = _day_of(shown)
        same = (each for each in (*self._told, *self._read(_WEAK)) if _day_of(each) == day)
        if (local := next(same, None)) is not None:
            return local, local.how
        return shown, "url" if shown is self._of_address else "near-headline"

    def _printed(self) -> tuple[Moment, str] | None:
        if not self._shown:
            return None
        shown = self._shown[0]
        if shown.precision is Precision.DAY:  # a `time` beside it tells the hour
            return self._in_local_time(shown)
        return shown, "near-headline"

    def _weak(self, witness: str) -> tuple[Moment, str] | None:
        moment = next(self._read(frozenset({witness})), None)
        return (moment, moment.how) if moment else None

    def _in_address(self) -> tuple[Moment, str] | None:
        return (self._of_address, "url") if self._of_address else None

    def _labelled(self) -> tuple[Moment, str] | None:
        line = next(find_labelled(self.parsed, self.headline, self._zone), None)
        return (line.moment, "label") if line else None

    def _in_scripts(self) -> tuple[Moment, str] | None:
        """The one day that the data of the page's scripts calls its publication."""
        page = self.parsed.page
        values = [value.decode() for value in _SCRIPT_DATE.findall(page.body)]
        if len({value[:10] for value in values}) != 1:
            return None
        moment = read_told_date(values[0], "script", page, self.timezone)
        return (moment, "script") if moment else None


def _host_of(page: Page) -> str:
    return urlsplit(page.url).hostname or ""


def _day_of(moment: Moment) -> date:
    return date.fromisoformat(moment.at[:10])


def _is_plausible(moment: Moment, page: Page) -> bool:
    day = _day_of(moment)
    return day.year >= _OLDEST_YEAR and day <= (page.captured_at + _AHEAD).date()


def _stated_time(value: str) -> datetime | None:
    """The aware moment of an ISO 8601 text in its own zone."""
    try:
        stated = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return stated if stated.tzinfo is not None else None
