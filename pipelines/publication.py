"""Finds when a page says that its article was published: told to machines, printed, or in the address.

The most exact testimony comes first, then what is printed next to the headline. A wrong date is
worse than none: a bare time, a date in a sidebar, a date of another item are not the article's.
"""

import copy
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from lxml import etree
from lxml.html import HtmlElement

from archive.article import Moment, Precision
from pipelines.dates import BAKU, find_date_in_url, read_date
from pipelines.items import Page
from pipelines.parsing import ParsedPage, string_of, text_of
from pipelines.structured import Structured

_BEFORE, _AFTER = 30, 60  # elements around the headline in which its date may be printed
_LONGEST_DATE_CHARS = 70
_MAY_BE_DATE = re.compile(r"\d|gün|əvvəl|dünən|вчера|сегодня", re.IGNORECASE)
_BAKU_TIME = re.compile(r"\s(?:AMT|AZT|GET)\b")  # as Baku's: four hours ahead of UTC
_WHOLE_DATE = re.compile(
    r"\b\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d\b|\b(?:19|20)\d\d-\d\d-\d\d\b"
    r"|\b\d{1,2}\.? [^\W\d_]{3,10}\.?,? (?:19|20)\d\d\b|\b[^\W\d_]{3,10}\.? \d{1,2}, (?:19|20)\d\d\b"
)
_NO_DAY = frozenset({"time-only"})  # a bare time may be anything on a page that no rule explains
_DATE_NAME = re.compile(r"date|time|tarix|publish|posted|meta|info|дата", re.IGNORECASE)
_ASIDE = etree.XPath(
    "boolean(ancestor-or-self::nav | ancestor-or-self::footer | ancestor-or-self::aside)"
)


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
    page = parsed.page
    for said in structured.of("published"):
        if moment := read_told_date(said.value, said.witness, page, timezone):
            return moment, said.witness
    if headline is not None and (moment := _printed_date(parsed, headline, timezone or BAKU)):
        return moment, "near-headline"
    if moment := find_date_in_url(page.url, timezone=timezone or BAKU):
        return moment, "url"
    return _by_htmldate(parsed) if timezone is None else None  # it knows no trap of a known site


def _by_htmldate(parsed: ParsedPage) -> tuple[Moment, str] | None:
    """What htmldate finds in the markup, without its search of the running text."""
    from htmldate import find_date

    try:
        day = find_date(
            copy.deepcopy(parsed.root),
            extensive_search=False,
            original_date=True,
            max_date=parsed.page.captured_at.date().isoformat(),
        )
    except Exception:  # noqa: BLE001  # a page that breaks it must not end the crawl
        return None
    if day is None:
        return None
    return Moment(at=day, precision=Precision.DAY, printed=day, how="htmldate"), "htmldate"


def read_told_date(value: str, witness: str, page: Page, timezone: str | None) -> Moment | None:
    """A date that the page tells machines; `how` is the witness.

    timezone  of the site; None where it is unknown, then a time keeps the zone that it states
    """
    moment = read_date(value, seen=page.captured_at, timezone=timezone or BAKU)
    if moment is None:
        return None
    if (
        timezone is None
        and moment.precision is not Precision.DAY
        and (stated := _stated_time(value))
    ):
        moment = replace(moment, at=stated.isoformat(timespec="seconds"))
    return replace(moment, how=witness)


def _stated_time(value: str) -> datetime | None:
    """The aware moment of an ISO 8601 text in its own zone."""
    try:
        stated = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return stated if stated.tzinfo is not None else None


def is_date_line(text: str, page: Page, timezone: str) -> bool:
    """Whether a line is nothing but a date."""
    if not 4 <= len(text) <= _LONGEST_DATE_CHARS or not _MAY_BE_DATE.search(text):
        return False
    return read_date(_without_zone(text), seen=page.captured_at, timezone=timezone) is not None


def nodes_near(root: HtmlElement, headline: HtmlElement) -> Iterator[HtmlElement]:
    """The nodes near the headline: those after it first, then those before it, nearest first."""
    nodes = [node for node in root.iter(etree.Element) if node.tag not in {"script", "style", "br"}]
    position = nodes.index(headline)
    near = (
        nodes[position + 1 : position + 1 + _AFTER]
        + nodes[max(0, position - _BEFORE) : position][::-1]
    )
    above = set(headline.iterancestors())  # they hold more than what stands beside it
    return (node for node in near if node not in above and not _ASIDE(node))


def names_of(node: HtmlElement) -> str:
    """Under what names a node goes: class, id, itemprop."""
    return f"{node.get('class', '')} {node.get('id', '')} {node.get('itemprop', '')}"


def _printed_date(parsed: ParsedPage, headline: HtmlElement, timezone: str) -> Moment | None:
    """The date printed nearest to the headline; a node that is called a date comes before others.

    A line that is nothing but a date comes before one that holds it, which may lose the time.
    """
    near = [
        (node, text)
        for node in nodes_near(parsed.root, headline)
        if len(node) <= 6
        and len(string_of(node)) <= 4 * _LONGEST_DATE_CHARS
        and 4 <= len(text := text_of(node)) <= _LONGEST_DATE_CHARS
        and _MAY_BE_DATE.search(text)
    ]
    for part_of in (_without_zone, _whole_date_in):
        plain: Moment | None = None
        for node, text in near:
            moment = _read_day(part_of(text), parsed.page, timezone)
            if moment is None:
                continue
            moment = replace(moment, printed=text)
            if _DATE_NAME.search(names_of(node)) or node.tag == "time":
                return moment
            plain = plain or moment
        if plain is not None:
            return plain
    return None


def _read_day(text: str, page: Page, timezone: str) -> Moment | None:
    moment = read_date(text, seen=page.captured_at, timezone=timezone) if text else None
    return None if moment is None or moment.how in _NO_DAY else moment


def _without_zone(text: str) -> str:
    return _BAKU_TIME.sub("", text)


def _whole_date_in(text: str) -> str:
    found = _WHOLE_DATE.search(text)
    return found[0] if found else ""
