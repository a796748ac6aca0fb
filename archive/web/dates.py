"""Moments as the pages write them: in words, in the time of Baku."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from archive.web.words import Language

_BAKU = ZoneInfo("Asia/Baku")
_MONTHS = {
    Language.AZERBAIJANI: (
        *("yanvar", "fevral", "mart", "aprel", "may", "iyun"),
        *("iyul", "avqust", "sentyabr", "oktyabr", "noyabr", "dekabr"),
    ),
    Language.ENGLISH: (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}


def write_moment(at: str, language: Language) -> str:
    """`14 fevral 2026, 18:28` from a day or an RFC 3339 moment; the text itself if it is neither.

    >>> write_moment("2026-02-14T14:28:09.000000Z", Language.AZERBAIJANI)
    '14 fevral 2026, 18:28'
    >>> write_moment("2026-02-14", Language.ENGLISH)
    '14 February 2026'
    """
    try:
        if len(at) == len("2026-02-14"):
            return _day(date.fromisoformat(at), language)
        moment = datetime.fromisoformat(at)
    except ValueError:
        return at
    if moment.tzinfo is not None:
        moment = moment.astimezone(_BAKU)
    return f"{_day(moment, language)}, {moment:%H:%M}"


def _day(day: date, language: Language) -> str:
    return f"{day.day} {_MONTHS[language][day.month - 1]} {day.year}"
