"""Reads the dates that this press prints: without year, relative, suffixed, in figures, by machines.

A wrong date is worse than none, so the whole string must be understood, but for parts that
cannot change the day (labels, counters, a section beside it). Written after the families in the
archive of examples of the Azerbaijani press; what is in none of our languages goes to dateparser,
and only when it states day, month and year.

The moment of the capture comes in as an argument; nothing here looks at a clock.
Source: IANA time zone database, zone Asia/Baku (+04:00; +05:00 in the summers up to 2015).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from archive.article import Moment, Precision
from pipelines import date_grammar as grammar
from pipelines.clocks import Clock, instant_of, take_clock, valid_clock, zone_of
from pipelines.letters import folded

BAKU = "Asia/Baku"
_LONGEST_CHARS = 160
_LONGEST_FOREIGN_CHARS, _MOST_FOREIGN_WORDS = 60, 8  # dateparser takes milliseconds a line
_FIRST_YEAR = 1971  # a date of 1970 is a clock at zero
_AHEAD_DAYS = 1  # a page's clock may run ahead of ours, by a day at most
_UPLOAD_DAYS = 7  # a photo is uploaded some days before its article appears, at most

_URL_DAY = re.compile(
    r"/(?P<year>(?:19|20)\d\d)(?P<mark>[/-])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?=[/_-]|$)"
)
_URL_MONTH_AND_DAY = re.compile(r"/(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)/(?P<day>\d\d)(?=/)")
_URL_PACKED = re.compile(
    r"/(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)(?:(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)\d{3}(?=-)|(?=/))"
)
_URL_DAY_FIRST = re.compile(r"/(?P<day>\d\d)[.-](?P<month>\d\d)[.-](?P<year>20\d\d)(?=[/?#]|$)")
_UNIX_TIME = re.compile(r"(?<!\d)(1[1-9]\d{8}|2\d{9})(?=[_.-]|$)")
_EARLIEST_UPLOAD = datetime(2005, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Reference:
    """What a printed date is read against: the capture in the site's zone, and its photo's day."""

    seen: datetime
    zone: ZoneInfo
    photo_on: date | None
    language: str | None


def read_date(
    printed: str,
    *,
    seen: datetime,
    timezone: str = BAKU,
    language: str | None = None,
    photo_on: date | None = None,
) -> Moment | None:
    """The moment that a printed date means, or None where it names no day for certain.

    seen      aware; the moment of the capture, which a date without year or day is read against
    timezone  name in the tz database of the zone in which the site prints
    language  of the page, where known; `en` lets 11/21/2025 be the month first
    photo_on  the day on which the article's photo was uploaded (`unix_time_in_name`), where
              known; it decides the year of a date without one
    returns   `how` is `full`, `year-less`, `time-only`, `relative`, `machine` or `dateparser`

    >>> read_date("14 Fevral", seen=datetime(2024, 1, 2, tzinfo=UTC)).at
    '2023-02-14'
    """
    if len(printed) > _LONGEST_CHARS:
        return None
    zone = _zone(timezone)
    against = _Reference(seen.astimezone(zone), zone, photo_on, language)
    text = folded(printed.replace("\n", " | ").replace("\r", ""))
    return (
        _read_machine(printed, text, against)
        or _read_ago(printed, text, against)
        or _read_calendar(printed, text, against)
        or _read_foreign(printed, text, against)
    )


def resolve_year(day: int, month: int, *, seen: date, photo_on: date | None = None) -> date | None:
    """The date that a day and month without a year mean, or None where no year has such a day.

    It is the latest such day that is not more than one day ahead of `seen` (the capture's day in
    the site's zone). A photo uploaded in the week before such a day of an earlier year moves it
    to that year; an older photo is a stock photo and says nothing.
    """
    latest = _latest_like(day, month, seen)
    if latest is None or photo_on is None:
        return latest
    near_photo = _latest_like(day, month, photo_on + timedelta(days=_UPLOAD_DAYS))
    is_near = near_photo is not None and abs(near_photo - photo_on) <= timedelta(days=_UPLOAD_DAYS)
    return min(near_photo, latest) if near_photo and is_near else latest


def find_date_in_url(url: str, *, timezone: str = BAKU) -> Moment | None:
    """The day, or moment, that an article's address states, or None.

    Read are `/2026/02/14/`, `/2026/2/14/`, `/2026-02/14/`, `/2026-02-14-`, `/14-02-2026`,
    `/20260214/` and the seventeen figures of `/news/20260214180000123-`, in the site's zone.
    """
    patterns = (_URL_DAY, _URL_MONTH_AND_DAY, _URL_PACKED, _URL_DAY_FIRST)
    found = next((found for pattern in patterns if (found := pattern.search(url))), None)
    if found is None:
        return None
    day = _day_of(found["year"], found["month"], found["day"])
    if day is None:
        return None
    parts = found.groupdict()
    if parts.get("hour") is None:
        return Moment(
            at=day.isoformat(), precision=Precision.DAY, printed=found[0].strip("/"), how="url"
        )
    clock = valid_clock(int(parts["hour"]), int(parts["minute"]), int(parts["second"]), None)
    return _moment(found[0].strip("/"), day, clock, _zone(timezone), "url") if clock else None


def unix_time_in_name(url: str, *, seen: datetime) -> datetime | None:
    """The moment of upload (UTC) in an image's name such as `1650461407_photo.jpg`, or None.

    Only a time between 2005 and `seen` is believed.
    """
    for found in _UNIX_TIME.finditer(url.rpartition("/")[2]):
        uploaded_at = datetime.fromtimestamp(int(found[1]), tz=UTC)
        if _EARLIEST_UPLOAD <= uploaded_at <= seen:
            return uploaded_at
    return None


@lru_cache(maxsize=32)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _read_machine(printed: str, text: str, against: _Reference) -> Moment | None:
    """ISO 8601, and its packed form, as attributes and databases have them."""
    found = grammar.ISO.fullmatch(text) or grammar.PACKED.fullmatch(text)
    if found is None:
        return None
    parts = found.groupdict()
    day = _plausible(_day_of(parts["year"], parts["month"], parts["day"]), against)
    if day is None:
        return None
    if parts["hour"] is None:
        return _moment(printed, day, None, against.zone, "machine")
    second = None if parts["second"] is None else int(parts["second"])
    zone = _machine_zone(parts["zone"])
    clock = valid_clock(int(parts["hour"]), int(parts["minute"]), second, zone)
    return _moment(printed, day, clock, against.zone, "machine") if clock else None


def _machine_zone(printed: str | None) -> tzinfo | None:
    return zone_of(printed, None) if printed in grammar.CLOCK_NAMES_H else zone_of(None, printed)


def _read_ago(printed: str, text: str, against: _Reference) -> Moment | None:
    """`2 saat əvvəl`, `15 минут назад`, `indicə`; months and years are too vague."""
    text = text.partition(": ")[2] or text
    if grammar.JUST_NOW.fullmatch(text):
        return _past(printed, 0, 1, against)
    if text == grammar.HALF_HOUR:
        return _past(printed, 30, 1, against)
    if not grammar.AGO.fullmatch(text):
        return None
    spans = list(grammar.SPAN.finditer(text))
    units = [grammar.UNITS_MIN[span["unit"]] for span in spans]
    minutes = sum(_count_of(span["count"]) * unit for span, unit in zip(spans, units, strict=True))
    return _past(printed, minutes, min(units), against)


def _count_of(count: str | None) -> float:
    if count is None:
        return 1
    return float(count) if count.isdigit() else grammar.COUNTS[count]


def _past(printed: str, minutes: float, unit_min: float, against: _Reference) -> Moment:
    """The moment so many minutes before the capture, as exact as the unit that counted them."""
    moment = (against.seen.astimezone(UTC) - timedelta(minutes=minutes)).astimezone(against.zone)
    if unit_min >= grammar.UNITS_MIN["gun"]:
        return _moment(printed, moment.date(), None, against.zone, "relative")
    if unit_min < 1:
        precision, moment = Precision.SECOND, moment.replace(microsecond=0)
    else:
        precision = Precision.MINUTE if unit_min == 1 else Precision.HOUR
        moment = moment.replace(second=0, microsecond=0)
    return Moment(at=moment.isoformat(), precision=precision, printed=printed, how="relative")


def _read_calendar(printed: str, text: str, against: _Reference) -> Moment | None:
    """A day by its name or number, a clock, or both, in any order."""
    how = "machine" if grammar.WIRE.match(text) else None
    for candidate in _readings_of(text):
        taken = take_clock(candidate)
        if taken is None:
            return None
        clock, rest = taken
        rest = _without_marks(rest)
        found = _read_day(printed, rest, clock, against) if rest else None
        if found is None and (words := _without_marks(grammar.BESIDE.sub(" ", rest))) != rest:
            found = _read_day(printed, words, clock, against) if words else None
            if not words and clock and not grammar.WEEKDAY.search(rest):
                return _today_or_yesterday(printed, clock, against)
        elif not rest and clock:
            return _today_or_yesterday(printed, clock, against)
        if found:
            return replace(found, how=how or found.how)
    return None


def _without_marks(text: str) -> str:
    return " ".join(grammar.LONE_MARKS.sub(" ", text).split())


def _readings_of(text: str) -> Iterator[str]:
    """The text without what cannot change its day, from the most cautious reading on."""
    updated = grammar.UPDATED.search(text)
    if updated and grammar.HAS_FIGURE.search(text, 0, updated.start()):
        text = text[: updated.start()]
    elif updated:
        text = grammar.UPDATED.sub(" ", text)
    yield text
    if not grammar.HAS_FIGURE.search(text):
        return
    uncounted = grammar.COUNTED.sub(" ", grammar.COUNTER.sub(" ", text))
    if uncounted != text:
        yield uncounted
    if grammar.STRONG_MARK.search(uncounted):
        yield _dated_parts(grammar.STRONG_MARK, uncounted)
    if grammar.HAS_YEAR.search(uncounted) and grammar.CLOCK.search(uncounted):
        dated = _dated_parts(grammar.WEAK_MARK, uncounted)
        yield dated
        yield re.sub(r"(:\d\d) \d{1,6}$", r"\1", dated)


def _dated_parts(mark: re.Pattern[str], text: str) -> str:
    """The parts of the text that have a figure in them, or are `Bu gün`; a section has none."""
    parts = [part.strip() for part in mark.split(text)]
    return " ".join(
        part
        for part in parts
        if grammar.HAS_FIGURE.search(part) or grammar.DAY_NAME.fullmatch(part)
    )


def _today_or_yesterday(printed: str, clock: Clock, against: _Reference) -> Moment:
    """A time alone is today's, or yesterday's where today's would lie ahead of the capture."""
    today = against.seen.date()
    ahead = instant_of(today, clock, against.zone) > against.seen
    return _moment(printed, today - timedelta(days=ahead), clock, against.zone, "time-only")


def _read_day(printed: str, text: str, clock: Clock | None, against: _Reference) -> Moment | None:
    """The day that the rest of the text names, joined with the clock."""
    if named := grammar.DAY_NAME.fullmatch(text):
        back = timedelta(days=grammar.TODAY_AND_BEFORE[named["name"]])
        return _not_ahead(printed, against.seen.date() - back, clock, against)
    if clock and (past := _read_ago(printed, text, against)):
        is_day = past.precision is Precision.DAY
        return (
            _moment(printed, date.fromisoformat(past.at), clock, against.zone, "relative")
            if is_day
            else None
        )
    for pattern in grammar.DATES:
        if found := pattern.fullmatch(text):
            return _stated(printed, found, clock, against)
    if clock and (found := grammar.DAY_AND_MONTH.fullmatch(text)):
        return _stated(printed, found, clock, against)
    return None


def _not_ahead(printed: str, day: date, clock: Clock | None, against: _Reference) -> Moment | None:
    if clock and instant_of(day, clock, against.zone) > against.seen + timedelta(hours=1):
        return None
    return _moment(printed, day, clock, against.zone, "relative")


def _stated(
    printed: str, found: re.Match[str], clock: Clock | None, against: _Reference
) -> Moment | None:
    """The moment of a day and month, with their year or the year that must be meant."""
    parts = found.groupdict()
    month = grammar.MONTHS.get(parts["month"]) or int(parts["month"])
    day = int(parts["day"])
    if month > 12 and against.language == "en" and parts.get("mark") == "/":
        day, month = month, day
    year = parts.get("year") or _century(parts.get("short"))
    if year is None:
        resolved = resolve_year(day, month, seen=against.seen.date(), photo_on=against.photo_on)
        return _moment(printed, resolved, clock, against.zone, "year-less") if resolved else None
    stated = _plausible(_day_of(year, month, day), against)
    return _moment(printed, stated, clock, against.zone, "full") if stated else None


def _century(short: str | None) -> str | None:
    if short is None:
        return None
    return f"20{short}" if int(short) < 70 else f"19{short}"


def _day_of(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _plausible(day: date | None, against: _Reference) -> date | None:
    return day if day and _FIRST_YEAR <= day.year <= against.seen.year + 1 else None


def _latest_like(day: int, month: int, seen: date) -> date | None:
    last = seen + timedelta(days=_AHEAD_DAYS)
    for year in range(last.year, last.year - 9, -1):  # 29 February: at most 8 years apart
        found = _day_of(year, month, day)
        if found and found <= last:
            return found
    return None


def _moment(printed: str, day: date, clock: Clock | None, zone: ZoneInfo, how: str) -> Moment:
    if clock is None:
        return Moment(at=day.isoformat(), precision=Precision.DAY, printed=printed, how=how)
    precision = Precision.MINUTE if clock.second is None else Precision.SECOND
    return Moment(
        at=instant_of(day, clock, zone).isoformat(), precision=precision, printed=printed, how=how
    )


def _read_foreign(printed: str, text: str, against: _Reference) -> Moment | None:
    """What dateparser reads in a language that is not ours, if day, month and year are stated."""
    has_word = grammar.FOREIGN.search(text) and not grammar.KNOWN_MONTH.search(text)
    is_short = len(text) <= _LONGEST_FOREIGN_CHARS and text.count(" ") <= _MOST_FOREIGN_WORDS
    if not has_word or not is_short or not grammar.HAS_YEAR.search(text):
        return None
    if against.language in grammar.OURS:
        return None
    import dateparser  # slow to import, and seldom needed

    languages = grammar.NEIGHBOURS
    found: datetime | None = dateparser.parse(
        printed,
        languages=[against.language] if against.language in languages else languages,
        settings={
            "REQUIRE_PARTS": ["day", "month", "year"],
            "PARSERS": ["absolute-time"],
            "DATE_ORDER": "DMY",
            "TIMEZONE": against.zone.key,
            "RETURN_AS_TIMEZONE_AWARE": True,
            "RELATIVE_BASE": against.seen.replace(tzinfo=None),
        },
    )
    if found is None or not _plausible(found.date(), against):
        return None
    figures = {int(figure) for figure in re.findall(r"\d+", text)}
    if not {found.day, found.year} <= figures:
        return None
    has_clock = re.search(r"\d[:.h]\d\d", text) is not None
    clock = Clock(found.hour, found.minute, None, found.tzinfo) if has_clock else None
    return _moment(printed, found.date(), clock, against.zone, "dateparser")
