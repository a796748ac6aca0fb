"""What of a list belongs to a backfill's days, by all that the list says of its articles' age."""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from archive.ledger import AddressKind, Candidate
from crawler.date_archives import Days
from crawler.discovery import Discovered
from pipelines.dates import find_date_in_url, read_date
from pipelines.items import Page
from pipelines.rules import Site

_CHANGED_LATER = timedelta(days=31)  # an article is seldom touched after that
_MONTH_IN_NAME = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:[-_/.]?(?P<month>0[1-9]|1[0-2])(?:[-_/.]?(?P<day>[0-3]\d))?)?(?!\d)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What a list offers of the wanted days.

    left_out  articles that nothing dates; none of them is fetched
    """

    candidates: tuple[Candidate, ...]
    more: tuple[Candidate, ...]
    left_out: int = 0


def narrow(
    found: Discovered, page: Page, wanted: Days, site: Site, *, is_sitemap: bool
) -> Narrowed:
    """The articles and further lists that may be of the wanted days.

    An article is dated by what the list prints, else by its own address. In a sitemap, where all
    articles that a site ever had may stand, the day of its last change and the months that the
    sitemap is named after count too, and what nothing dates is left out; on a list page it is
    taken. A list that has gone past all wanted days leads no further.
    """
    days = {each.url: _day_of(each, page, site) for each in found.candidates}
    kept = [each for each in found.candidates if _is_within(days[each.url], wanted)]
    if not is_sitemap:
        if found.days is not None:
            return _narrowed_archive(found, days, wanted)
        is_past = bool(days) and all(day is not None and day < wanted[0] for day in days.values())
        undated = [each for each in found.candidates if days[each.url] is None]
        kept = [each for each in found.candidates if each in kept or each in undated]
        return Narrowed(candidates=tuple(kept), more=() if is_past else found.more)
    named = months_in_name(page.url)
    left_out = 0
    for each in found.candidates:
        if days[each.url] is not None:
            continue
        changed = _printed_day(found.changed.get(each.url), page, site)
        if changed is None and named is None:
            left_out += 1
        elif _may_be_within(changed, named, wanted):
            kept.append(each)
    kept.sort(key=lambda each: each.position or 0)
    more = _sitemaps_within(found.more, found.changed, page, wanted, site)
    return Narrowed(candidates=tuple(kept), more=more, left_out=left_out)


def _narrowed_archive(found: Discovered, days: Mapping[str, date | None], wanted: Days) -> Narrowed:
    """A page of a date archive: its own days count where nothing else dates an article."""
    first, last = found.days or wanted
    is_within = first <= wanted[1] and last >= wanted[0]
    kept = [
        each
        for each in found.candidates
        if (is_within if (day := days[each.url]) is None else _is_within(day, wanted))
    ]
    return Narrowed(candidates=tuple(kept), more=found.more if first > wanted[0] else ())


def months_in_name(url: str) -> Days | None:
    """The days that an address names, such as `/sitemap-2015-01.xml`, or None.

    >>> months_in_name("https://xeber.example/sitemap-2016-02.xml")
    (datetime.date(2016, 2, 1), datetime.date(2016, 2, 29))
    """
    found = _MONTH_IN_NAME.search(url)
    if found is None:
        return None
    year, month, day = int(found["year"]), int(found["month"] or 0), int(found["day"] or 0)
    if not month:
        return date(year, 1, 1), date(year, 12, 31)
    last = monthrange(year, month)[1]
    if 0 < day <= last:
        return date(year, month, day), date(year, month, day)
    return date(year, month, 1), date(year, month, last)


def _sitemaps_within(
    sitemaps: Iterable[Candidate], changed: Mapping[str, str], page: Page, wanted: Days, site: Site
) -> tuple[Candidate, ...]:
    kept = []
    for each in sitemaps:
        day = _printed_day(changed.get(each.url), page, site)
        is_older = day is not None and day < wanted[0]  # and so is all that stands in it
        named = months_in_name(each.url)
        is_other = named is not None and (named[1] < wanted[0] or named[0] > wanted[1])
        if each.kind is not AddressKind.SITEMAP or not (is_older or is_other):
            kept.append(each)
    return tuple(kept)


def _may_be_within(changed: date | None, named: Days | None, wanted: Days) -> bool:
    if named is not None:
        return named[0] <= wanted[1] and named[1] >= wanted[0]
    return changed is not None and wanted[0] <= changed <= wanted[1] + _CHANGED_LATER


def _is_within(day: date | None, wanted: Days) -> bool:
    return day is not None and wanted[0] <= day <= wanted[1]


def _day_of(candidate: Candidate, page: Page, site: Site) -> date | None:
    day = _printed_day(candidate.published, page, site)
    if day is not None:
        return day
    moment = find_date_in_url(candidate.url, timezone=site.timezone)
    return date.fromisoformat(moment.at[:10]) if moment else None


def _printed_day(printed: str | None, page: Page, site: Site) -> date | None:
    moment = printed and read_date(printed, seen=page.captured_at, timezone=site.timezone)
    return date.fromisoformat(moment.at[:10]) if moment else None
