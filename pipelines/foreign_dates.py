"""Finds a date inside a line of any European language: `Von der Redaktion, 3. März 2022, 12.30 Uhr`.

`pipelines/dates.py` understands a whole string or nothing; here a day, month and year are looked
for in a longer line, and what stands before them tells what they date. Without a year a line is
not believed: too many figures stand in lines.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipelines import date_grammar as grammar
from pipelines.clocks import Clock, valid_clock, zone_of

# One line a month, marks taken off: German, French, Spanish, Italian, Portuguese, Dutch, Polish,
# Czech, Nordic, Hungarian, Romanian, Catalan, Galician, Finnish, Indonesian; short forms behind.
_MONTHS = (
    "januar janner janvier enero gennaio janeiro januari stycznia ledna ianuarie gener xaneiro tammikuuta janv ene gen",
    "februar feber fevrier febrero febbraio fevereiro februari lutego unora februarie febrer febreiro helmikuuta fevr fev",
    "marz mars marzo marco maart marca brezna marts marcius martie marc maret maaliskuuta mrz mrt",
    "april avril abril aprile kwietnia dubna aprilis aprilie huhtikuuta avr abr",
    "mai mayo maggio maio mei maja kvetna maj majus maig toukokuuta mag",
    "juni juin junio giugno junho czerwca cervna junius iunie juny xuno kesakuuta giu",
    "juli juillet julio luglio julho lipca cervence julius iulie juliol xullo heinakuuta juil lug",
    "august aout agosto augustus sierpnia srpna augusti augusztus agost agust agustus elokuuta ago",
    "september septembre septiembre setiembre settembre setembro wrzesnia zari szeptember septembrie setembre syyskuuta set",
    "oktober octobre octubre ottobre outubro pazdziernika rijna octombrie lokakuuta ott out",
    "november novembre noviembre novembro listopada listopadu noiembrie marraskuuta",
    "dezember decembre diciembre dicembre dezembro grudnia prosince desember decembrie decembro desembre joulukuuta dez dic",
)
MONTHS = {
    **{name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()},
    **grammar.MONTHS,
}
_MONTH = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_DAY = r"(?<![\d.,:/-])(?P<day>\d{1,2})(?:st|nd|rd|th|er|[oª°º.])?"
_OF = r"(?:\s*[.,]?\s*|[\s-]+)(?:(?:de|di|d|of|del)\s+|d')?"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_DAY}{_OF}{_MONTH}(?:\s*,\s*|\s*[-./]?\s*)(?:del?\s+)?{_YEAR}",
        rf"\b{_MONTH}\s*{_DAY}?(?P<late>\d{{1,2}})?(?:st|nd|rd|th)?\s*,?\s+{_YEAR}",
        r"(?<![\d.,:/-])(?P<day>\d{1,2})(?P<mark>\s?[./-]\s?)(?P<month>\d{1,2})(?P=mark)(?P<year>(?:19|20)\d\d)(?![\d/])",
        r"(?<![\d.,:/-])(?P<year>(?:19|20)\d\d)(?P<mark>[./-])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?![\d/])",
        rf"(?<!\d){_YEAR}\.?\s+{_MONTH}\s+(?P<day>\d{{1,2}})(?!\d)",
        r"(?P<year>(?:19|20)\d\d)\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]",
        r"(?<![\d.,:/-])(?P<day>\d{1,2})\s?\.\s?(?P<month>\d{1,2})\s?\.\s?(?P<short>\d\d)(?![\d.])",
    )
)
_CLOCK = re.compile(
    r"[\s,;|·•)(\u2013\u2014-]*(?:(?:at|um|a|as|alle|ore|kl|klo|o|om|uhr|hora|les|la[s]?|h)\b[.:]?\s*){0,2}"
    r"(?P<hour>\d{1,2})(?:[:.]|\s?h\s?)(?P<minute>\d\d)(?![.\d])(?::(?P<second>\d\d)(?!\d))?(?:\s?(?P<half>[ap])\.?\s?m\b)?"
    r"(?:\s?\(?(?P<named>[a-z]{3,4})\b)?"
)
_UPDATED = re.compile(
    r"updat|modif|edited|revis|aktualis|anderung|geandert|bearbeitet|uberarbeitet|mis a jour|\bmaj\b"
    r"|actualiz|aggiorn|atualiz|bijgewerkt|gewijzigd|oppdater|uppdater|opdater|zaktualiz|frissitve|yenilen|обновл|измен"
    r"|reviewed|gepruft"
)
_PUBLISHED = re.compile(
    r"publi|posted|\bstand\b|veroffentlicht|erschienen|erstellt|eingestellt|datum\b|\bdate\b|fecha|\bdata\b|pubblic|dodano"
    r"|opublik|julkaist|megjelent|derc|yerlesdir|tarix|дата|добавлен|created|written"
)
_BESIDE_CHARS = 40
_IRREGULAR = {
    "İ": "i",
    "ı": "i",
    "Ə": "e",
    "ə": "e",
    "ł": "l",
    "ø": "o",
    "Ё": "е",
    "ё": "е",
    "\u00a0": " ",
    "\u202f": " ",
}


@dataclass(frozen=True, slots=True)
class Spotted:
    """A date inside a line: its day, its clock if one follows, and what the line says of it.

    start, end  where it stands in the line
    label       `published`, `updated`, or empty where the line does not say
    """

    day: date
    clock: Clock | None
    start: int
    end: int
    label: str


def spot_dates(line: str) -> Iterator[Spotted]:
    """The dates with a year in a line, in the order in which they stand."""
    if not any(mark.isdigit() for mark in line):
        return
    text = _plain(line)
    found = [match for pattern in _PATTERNS for match in pattern.finditer(text)]
    end = 0
    for match in sorted(found, key=lambda each: (each.start(), -each.end())):
        day = _day_of(match)
        if day is None or match.start() < end:
            continue
        before = text[max(end, match.start() - _BESIDE_CHARS) : match.start()]
        clock, length = _clock_after(text[match.end() : match.end() + _BESIDE_CHARS])
        end = match.end() + length
        yield Spotted(day, clock, match.start(), end, _label_of(before))


def _plain(line: str) -> str:
    """The line in lower case without marks on its letters, letter for letter."""
    return "".join(_bare(letter) for letter in line)


def _bare(letter: str) -> str:
    if letter.isascii():
        return letter.lower()
    if letter not in _IRREGULAR and letter < "\u0250":
        return unicodedata.normalize("NFD", letter)[0].lower()
    return _IRREGULAR.get(letter, letter.lower()[:1])


def _day_of(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    month = MONTHS.get(parts["month"]) or int(parts["month"])
    day = int(parts.get("day") or parts.get("late") or 0)
    short = parts.get("short")
    year = int(parts.get("year") or 2000 + int(short or 0))
    if month > 12 >= day and (parts.get("mark") or "").strip() == "/":
        day, month = month, day
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock_after(text: str) -> tuple[Clock | None, int]:
    found = _CLOCK.match(text)
    if found is None:
        return None, 0
    hour = int(found["hour"])
    if found["half"] and hour <= 12:
        hour = hour % 12 + (12 if found["half"] == "p" else 0)
    named = found["named"] if found["named"] in grammar.CLOCK_NAMES_H else None
    second = int(found["second"]) if found["second"] else None
    clock = valid_clock(hour, int(found["minute"]), second, zone_of(named, None))
    return clock, found.end() if clock else 0


def _label_of(before: str) -> str:
    updated, published = _last(_UPDATED, before), _last(_PUBLISHED, before)
    if updated == published:
        return ""
    return "updated" if updated > published else "published"


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in pattern.finditer(text)), default=-1)
