"""The clock in a printed date: 18:28, 18:28:59, 6:28 PM, 14:31 (UTC+04:00), saat 18.28."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo

from pipelines import date_grammar as grammar

_FARTHEST_ZONE = timedelta(hours=14)
_FIGURES = re.compile(r"\b(\d{1,2})([/.-])(\d{1,2})\2(\d{4})\b")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day that exists; `second` and `zone` are None where they are not printed."""

    hour: int
    minute: int
    second: int | None
    zone: tzinfo | None


def valid_clock(hour: int, minute: int, second: int | None, zone: tzinfo | None) -> Clock | None:
    """The clock, or None where no day has such a time."""
    is_time = hour < 24 and minute < 60 and (second or 0) < 60
    return Clock(hour, minute, second, zone) if is_time else None


def take_clock(text: str) -> tuple[Clock | None, str] | None:
    """The clock in a folded text and the text without it; None where it is impossible or not alone."""
    found = grammar.CLOCK.search(text) if ":" in text else None
    found = found or (grammar.DOTTED_CLOCK.search(text) if "." in text else None)
    if found is None:
        return None, text
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    parts = found.groupdict()
    hour = int(parts["hour"])
    if half := parts.get("half") or parts.get("half_glued"):
        hour = _hour_of_day(hour, half)
        rest = _FIGURES.sub(r"\3\2\1\2\4", rest)  # with AM and PM the month stands first
    second = int(parts["second"]) if parts.get("second") else None
    zone = zone_of(parts.get("named"), parts.get("shift"))
    clock = valid_clock(hour, int(parts["minute"]), second, zone)
    if clock is None or (":" in rest and grammar.CLOCK.search(rest)):
        return None
    return clock, rest


def _hour_of_day(hour: int, half: str) -> int:
    if hour > 12:
        return hour
    return hour % 12 + (12 if half == "p" else 0)


def zone_of(named: str | None, shift: str | None) -> tzinfo | None:
    """The zone of a name such as `gmt`, a shift such as `+0400`, or both; None where neither is."""
    if named is None and shift is None:
        return None
    ahead = timedelta(hours=grammar.CLOCK_NAMES_H[named] if named else 0)
    if shift is not None:
        figures = re.sub(r"\D", "", shift)
        size = timedelta(hours=int(figures[:2]), minutes=int(figures[2:] or 0))
        ahead = -size if "-" in shift else size
    return timezone(ahead) if abs(ahead) <= _FARTHEST_ZONE else None


def instant_of(day: date, clock: Clock, zone: tzinfo) -> datetime:
    """The moment of that clock on that day, told in `zone`, which is also its zone by default."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=clock.zone or zone)
    moment = midnight.replace(hour=clock.hour, minute=clock.minute, second=clock.second or 0)
    return moment if clock.zone is None else moment.astimezone(zone)
