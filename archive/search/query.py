"""What a reader searches for: the query language, read into a value.

    asan xidmət             articles with both words, in any form and spelling
    "asan xidmət"           the words side by side (curly quotes too, an ending may follow)
    xidmət*                 words that begin so
    -rusiya  -"bu gün"      without
    source:fins.az  section:sosium  language:az
    from:2023-02  to:14.02.2023   published (else first seen) from and to that day, both included

Whatever is none of these is read as words, so that any text may be pasted as a query.
"""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from archive.azerbaijani import Terms, fold, terms
from archive.errors import UnreadableQuery

MOST_PARTS: Final = 200  # a pasted paragraph, not a pasted book
_LONGEST_PREFIX = 40  # letters


class ClauseKind(StrEnum):
    """How the words of a clause must stand in the text."""

    WORD = "word"
    PHRASE = "phrase"
    PREFIX = "prefix"


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that the text must hold: a word, words side by side, or the start of a word."""

    kind: ClauseKind
    terms: Terms


@dataclass(frozen=True, slots=True)
class Labels:
    """Values of the labels `source:`, `section:`, `language:`; one of each kind must hold."""

    sources: tuple[str, ...] = ()
    sections: tuple[tuple[str, ...], ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query as it was understood.

    sought, unsought      clauses that must and must not hold
    wanted, unwanted      labels that must and must not hold
    first_day, last_day   both included, or None
    is_blank              nothing was written: everything is sought
    """

    sought: tuple[Clause, ...] = ()
    unsought: tuple[Clause, ...] = ()
    wanted: Labels = Labels()
    unwanted: Labels = Labels()
    first_day: date | None = None
    last_day: date | None = None
    is_blank: bool = False

    def __post_init__(self) -> None:
        """Refuse a time that ends before it begins.

        Raises:
            UnreadableQuery: first_day lies after last_day.
        """
        if self.first_day and self.last_day and self.first_day > self.last_day:
            raise UnreadableQuery(
                f"The query asks for days from {self.first_day} to {self.last_day}, which is no "
                "time at all. Swap from: and to:.",
                fault="no_time",
                first=self.first_day,
                last=self.last_day,
            )


_OPENING, _CLOSING = '"“”„«', '"“”»'
_PART = re.compile(
    rf"""(?P<minus>-)?
    (?:(?P<label>source|section|language|from|to):)?
    (?P<value>[{_OPENING}][^{_CLOSING}]*[{_CLOSING}][^\s{_OPENING}]*|\S+)""",
    re.VERBOSE | re.IGNORECASE,
)
_DAY = re.compile(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?|(\d\d?)\.(\d\d?)\.(\d{4})")


def read_query(text: str) -> Query:
    """Read a query; see the top of this module for the language.

    >>> query = read_query("“ASAN xidmət”in source:fins.az")
    >>> query.sought[0].terms.surface, query.wanted.sources
    (('asan', 'xidmet'), ('fins.az',))

    Raises:
        UnreadableQuery: a date in from: or to: is none, from: lies after to:, or there are more than
            `MOST_PARTS` parts.
    """
    text = text.encode("utf-8", "replace").decode()  # lone surrogates of a terminal
    parts = [match.groupdict() for match in _PART.finditer(text)]
    if len(parts) > MOST_PARTS:
        raise UnreadableQuery(
            f"The query has {len(parts)} words; at most {MOST_PARTS} are understood.",
            fault="too_many_words",
            most=MOST_PARTS,
        )
    plain = [part for part in parts if not part["label"]]
    labelled = [(part["label"].lower(), part) for part in parts if part["label"]]
    wanted = [part for part in labelled if not part[1]["minus"]]
    unwanted = [part for part in labelled if part[1]["minus"]]
    if days := [label for label, _ in unwanted if label in ("from", "to")]:
        raise UnreadableQuery(
            f"-{days[0]}: has no meaning. Write {days[0]}: without the minus sign.",
            fault="minus_before_day",
            label=days[0],
        )
    return Query(
        sought=_clauses(part for part in plain if not part["minus"]),
        unsought=_clauses(part for part in plain if part["minus"]),
        wanted=_labels(wanted),
        unwanted=_labels(unwanted),
        first_day=max(
            (_first_day(_value(p)) for each, p in wanted if each == "from"), default=None
        ),
        last_day=min((_last_day(_value(p)) for each, p in wanted if each == "to"), default=None),
        is_blank=not text.strip(),
    )


_Part = dict[str, str | None]


def _clauses(parts: Iterable[_Part]) -> tuple[Clause, ...]:
    clauses = (_clause(part["value"] or "") for part in parts)
    return tuple(clause for clause in clauses if clause.terms.surface)


def _clause(value: str) -> Clause:
    """A word that is written with a dot or hyphen inside (fins.az) is a phrase."""
    found = terms(value)
    is_one_word = len(found.surface) == 1
    if is_one_word and value.endswith("*") and len(found.surface[0]) <= _LONGEST_PREFIX:
        return Clause(ClauseKind.PREFIX, found)
    return Clause(ClauseKind.WORD if is_one_word else ClauseKind.PHRASE, found)


def _labels(parts: Iterable[tuple[str, _Part]]) -> Labels:
    values: dict[str, list[str]] = {"source": [], "section": [], "language": []}
    for label, part in parts:
        if label in values and (value := _value(part)):
            values[label].append(value)
    return Labels(
        sources=tuple(value.lower() for value in values["source"]),
        sections=tuple(found for value in values["section"] if (found := terms(value).surface)),
        languages=tuple(fold(value) for value in values["language"]),
    )


def _value(part: _Part) -> str:
    """The value of a label, without the quotation marks round it."""
    return (part["value"] or "").strip(_OPENING + _CLOSING)


def _first_day(written: str) -> date:
    year, month, day = _read_day(written)
    return _day_of(written, year, 1 if month is None else month, 1 if day is None else day)


def _last_day(written: str) -> date:
    year, month, day = _read_day(written)
    last_month = 12 if month is None else month
    first = _day_of(written, year, last_month, 1 if day is None else day)
    return first if day is not None else first.replace(day=monthrange(year, last_month)[1])


def _read_day(written: str) -> tuple[int, int | None, int | None]:
    match = _DAY.fullmatch(written)
    if match is None:
        raise _not_a_day(written)
    year, month, day, day_first, month_second, year_last = match.groups()
    return int(year or year_last), _number(month or month_second), _number(day or day_first)


def _number(digits: str | None) -> int | None:
    return None if digits is None else int(digits)


def _day_of(written: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise _not_a_day(written) from error


def _not_a_day(written: str) -> UnreadableQuery:
    return UnreadableQuery(
        f"{written} is not a day. Write from: and to: as 2023-02-14, 2023-02, 2023 or 14.02.2023.",
        fault="not_a_day",
        written=written,
    )
