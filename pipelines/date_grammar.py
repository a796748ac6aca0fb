"""The words that dates are printed with: Azerbaijani (both scripts), Russian, English, Turkish.

All in the one spelling of `letters.folded`. Patterns are sources for `re`, put together in
`dates.py`; each begins and ends at a word boundary of its own where that matters.
"""

import re
from collections.abc import Iterable

_AZERBAIJANI = {
    "yanvar yan": 1,
    "fevral fev": 2,
    "mart mar": 3,
    "aprel apr": 4,
    "may": 5,
    "iyun iyn": 6,
    "iyul iyl": 7,
    "avqust avq avgust": 8,
    "sentyabr sentyabir sentiyabr sentabr sent sen": 9,
    "oktyabr oktyabir oktiyabr oktabr okt": 10,
    "noyabr noyabir noy": 11,
    "dekabr dekabir dek": 12,
}
_AZERBAIJANI_CYRILLIC = {
    "јанвар": 1,
    "феврал": 2,
    "март": 3,
    "апрел": 4,
    "мај": 5,
    "ијун": 6,
    "ијул": 7,
    "август": 8,
    "сентјабр": 9,
    "октјабр": 10,
    "нојабр": 11,
    "декабр": 12,
}
_RUSSIAN = {
    "января январь янв": 1,
    "февраля февраль фев февр": 2,
    "марта март мар": 3,
    "апреля апрель апр": 4,
    "мая май": 5,
    "июня июнь июн": 6,
    "июля июль июл": 7,
    "августа август авг": 8,
    "сентября сентябрь сен сент": 9,
    "октября октябрь окт": 10,
    "ноября ноябрь ноя нояб": 11,
    "декабря декабрь дек": 12,
}
_ENGLISH = {
    "january jan": 1,
    "february feb": 2,
    "march mar": 3,
    "april apr": 4,
    "may": 5,
    "june jun": 6,
    "july jul": 7,
    "august aug": 8,
    "september sept sep": 9,
    "october oct": 10,
    "november nov": 11,
    "december dec": 12,
}
_TURKISH = {
    "ocak": 1,
    "subat": 2,
    "nisan": 4,
    "mayis": 5,
    "haziran": 6,
    "temmuz": 7,
    "agustos": 8,
    "eylul": 9,
    "ekim": 10,
    "kasim": 11,
    "aralik": 12,
}


def _one_by_one(*languages: dict[str, int]) -> dict[str, int]:
    """Each name apart: the lines above keep all names of a month together."""
    every = (months.items() for months in languages)
    return {name: number for month in every for names, number in month for name in names.split()}


def _each(names: str, value: float) -> dict[str, float]:
    return dict.fromkeys(names.split(), value)


def _any_of(names: Iterable[str]) -> str:
    """A pattern for any of the names, the longest first."""
    return "|".join(sorted(names, key=len, reverse=True))


MONTHS = _one_by_one(_ENGLISH, _TURKISH, _RUSSIAN, _AZERBAIJANI_CYRILLIC, _AZERBAIJANI)
_MONTH = rf"(?P<month>{_any_of(MONTHS)})"
_ENGLISH_MONTH = rf"(?P<month>{_any_of(_one_by_one(_ENGLISH))})"

TODAY_AND_BEFORE = {
    "bu gun": 0,
    "bugun": 0,
    "dunen": 1,
    "dun": 1,
    "sragagun": 2,
    "evvelsi gun": 2,
    "сегодня": 0,
    "вчера": 1,
    "позавчера": 2,
    "today": 0,
    "yesterday": 1,
}
_DAY_NAME = _any_of(TODAY_AND_BEFORE)

# The length of what "ago" counts, in minutes; months and years are too vague for a day.
UNITS_MIN: dict[str, float] = {
    **_each("saniye san sec secs second seconds секунд секунду секунды сек", 1 / 60),
    **_each("deqiqe deq dakika dk min mins minute minutes минут минуту минуты мин", 1),
    **_each("saat h hr hrs hour hours час часа часов ч", 60),
    **_each("gun d day days день дня дней", 24 * 60),
    **_each("hefte hafta week weeks неделю недели недель", 7 * 24 * 60),
}
_UNIT = _any_of(UNITS_MIN)
COUNTS: dict[str, float] = {
    **_each("bir an a one один одну одна", 1),
    **_each("iki two два две", 2),
    **_each("uc three три", 3),
    **_each("dord four четыре", 4),
    **_each("bes five пять", 5),
    **_each("yarim half", 0.5),
}
_COUNT = rf"\d{{1,3}}|{_any_of(COUNTS)}"
_AGO = r"(?:bundan )?(?:evvel|once|qabaq)|назад|ago"
JUST_NOW = re.compile(
    r"(?:ele )?indice|(?:ele )?indi|bayaq|az (?:evvel|once)|только что|just now|now|simdi"
)

_WEEKDAY = (
    r"\b(?:bazar ertesi|cersenbe axsami|cume axsami|cersenbe|cume|senbe|bazar"
    r"|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|пн|вт|ср|чт|пт|сб|вс"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|(?:b\. ?e|c\. ?a|c\. ?ax)\.?"
    r"|pazartesi|sali|carsamba|persembe|cuma|cumartesi|pazar)(?!\w)\.?(?: ?gunu)*"
)
# Words beside a date that say nothing on which day it is.
_BESIDE = (
    r"\b(?:tarixi?(?:nde)?|saati?|vaxti?|baki(?: vaxti?)?(?: ile)?|azerbaijan standard time|baku time|gunu|tarihi?"
    r"|derc|yayim\w*|yayin\w*|nesr\w*|yerlesdiril\w*|elave|paylasil\w*|yukle\w*|yaradil\w*"
    r"|olunub|olunma|edilib|edilme"
    r"|дата|время|опубликован[оа]?|публикации|добавлен[оа]?|создан[оа]?|обновлен[оа]?|баку|в|от"
    r"|(?:first )?(?:published|posted|created)|date|time|on|at|uhr)\b\.?"
)
UPDATED = re.compile(
    r"\b(?:(?:son )?yenilen\w*|redakte|duzelis\w*|guncelle\w*|изменен[оа]?|обновлен[оа]?|(?:last )?(?:updated?|modified|edited))\b"
)
_SEEN = r"(?:oxun\w*|bax\w*|izlen\w*|goster\w*|views?|просмотр\w*|reads?|rey\w*|serh\w*|comments?)"
COUNTER = re.compile(rf"\b{_SEEN}(?: say\w*)?\s?[:\-]?\s?\d+(?: \d{{3}})*(?!\d)")
COUNTED = re.compile(rf"(?<![:\d])\d+(?: \d{{3}})*\s?(?:defe )?{_SEEN}\b(?: say\w*)?")
CLOCK_NAMES_H: dict[str, float] = {
    **_each("z utc gmt wet", 0),
    **_each("cet bst", 1),
    **_each("cest eet", 2),
    **_each("msk мск trt eest", 3),
    **_each("azt", 4),
    **_each("edt", -4),
    **_each("est cdt", -5),
    **_each("cst mdt", -6),
    **_each("mst pdt", -7),
    **_each("pst", -8),
}
_CLOCK_NAME = _any_of(CLOCK_NAMES_H)

_ZONE = rf"(?:(?P<named>{_CLOCK_NAME})\b)?\s?(?P<shift>(?<=[a-z])\s?[+-]\s?\d{{1,2}}(?::?\d\d)?|[+-]\d\d:?\d\d)?"
CLOCK = re.compile(
    r"(?<![\d:.])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?(?![\d:])"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?(?=\D|$)|\s?(?P<half_glued>[ap])m\d+)?(?:-?d[ae]n?\b)?"
    rf"(?:\s?\(?(?={_CLOCK_NAME}|[+-]\d\d)\s?{_ZONE}\)?(?!\w))?"
)
DOTTED_CLOCK = re.compile(
    r"(?:\bsaat:? ?|(?<=\d\d\d\d),? )(?P<hour>\d\d)\.(?P<minute>\d\d)(?:-?d[ae])?$"
)
ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
    r"(?:[t ]\s?(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"\s?(?P<zone>z|utc|gmt|[+-]\d\d(?::?\d\d)?)?(?:\[[\w/]+\])?)?"
)
PACKED = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?:t?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)(?P<zone>z)?)?"
)
WIRE = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun)\w*,? (?:\d{1,2} [a-z]{3}|[a-z]{3} \d{1,2}) .*\d:\d\d:\d\d"
)

_YEAR = r"(?P<year>(?:19|20)\d\d)(?:\s?[-']?\s?c[iu])?(?:\s?il(?:in|de|den|i)?\b)?(?:\s?г(?:ода?)?\b\.?)?"
_DAY = r"(?P<day>\d{1,2})(?:\s?[-']?\s?(?:s?[iu]|(?:[iu]?n)?d[ae]n?|st|nd|rd|th|го|е)\b|\.)?"
_GAP = r"[\s./-]*"
_OF_MONTH = rf"{_MONTH}(?:[iu]n)?(?: ayi?n?in)?"
DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?{_GAP}(?:of )?{_MONTH}(?:d[ae]n?|\.)?(?:{_GAP}{_YEAR})?",
        r"(?P<day>\d{1,2})\s?(?P<mark>[./-])\s?(?P<month>\d{1,2})\s?(?P=mark)\s?(?P<year>\d{4})(?:\s?[-']?\s?c[iu])?(?: il| ?г)?",
        r"(?P<year>\d{4})\s?(?P<mark>[./-])\s?(?P<month>\d{1,2})\s?(?P=mark)\s?(?P<day>\d{1,2})",
        rf"{_OF_MONTH} {_DAY}(?: {_YEAR})",
        rf"{_MONTH}[iu]n(?: ayinin)? {_DAY}",
        rf"{_MONTH} ayinin {_DAY}",
        rf"{_ENGLISH_MONTH}\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?",
        rf"{_YEAR} (?P<day>\d{{1,2}}){_GAP}{_MONTH}(?:[iu]?(?:n?d[ae]n?)?)",
        rf"{_YEAR} {_OF_MONTH} {_DAY}",
        r"(?P<day>\d{1,2})(?P<mark>[./])(?P<month>\d{1,2})(?P=mark)(?P<short>\d\d)",
    )
)
DAY_AND_MONTH = re.compile(r"(?P<day>\d\d)[./](?P<month>\d\d)")
DAY_NAME = re.compile(rf"(?P<name>{_DAY_NAME})(?: ?c[iu])?")
AGO = re.compile(rf"(?:{_COUNT})?\s?(?:{_UNIT})\.?(?:\s(?:{_COUNT})\s?(?:{_UNIT}))?\s(?:{_AGO})")
SPAN = re.compile(rf"(?:(?P<count>{_COUNT})\s?)?\b(?P<unit>(?<![^\W\d_])(?:{_UNIT})(?![^\W\d_]))")
HALF_HOUR = "полчаса назад"

WEEKDAY = re.compile(_WEEKDAY)
BESIDE = re.compile(rf"{_WEEKDAY}|{_BESIDE}")
LONE_MARKS = re.compile(r"(?<!\w)[^\w\s]+|[^\w\s.]+(?!\w)|,|\.+$|(?<=[^\W\d_])\.(?!\w)")
STRONG_MARK = re.compile(r"\s*[|•·;]\s*|\s/\s")
WEAK_MARK = re.compile(r"\s*[|•·;]\s*|\s[/-]\s|,\s")
HAS_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
HAS_FIGURE = re.compile(r"\d")
FOREIGN = re.compile(r"[^\W\d_]{3,}")
KNOWN_MONTH = re.compile(rf"\b{_MONTH}(?:[aeiu]|[iu]n\w*|d[ae]n?)?\b")
NEIGHBOURS = list(_each("de fr es it pt nl pl uk ka kk sv da fi cs ro id", 0))
OURS = {"az", "ru", "en", "tr"}
