"""Finds the dates that a page prints near its headline, and ones that a label explains elsewhere.

What a reader is shown beside the headline is the article's date, unless it says that it is the
day of an update, or stands in a comment, in a menu or in the teaser of another item.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum, auto
from itertools import islice
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from archive.article import Moment, Precision
from pipelines.boilerplate import is_boilerplate
from pipelines.clocks import Clock, instant_of
from pipelines.dates import read_date
from pipelines.foreign_dates import Spotted, spot_dates
from pipelines.items import Page
from pipelines.parsing import ParsedPage, stands_aside, string_of, text_of

_BEFORE, _AFTER = 30, 60  # elements around the headline in which its date may be printed
_NEARER = 30  # elements behind the headline after which a line must say that it is a date
_LONGEST_DATE_CHARS = 70
_LONGEST_LINE_CHARS = 110
_MOST_NODES = 20_000
_MOST_DATED = 200  # elements with a year that are looked at for a label
_MOST_LEVELS = 60
_MOST_LINKS = 50  # of one item that are looked at
_OURS = "az"  # a language that needs no dateparser
_MOST_WORDS_BESIDE = 2  # a weekday, "Uhr"
_MAY_BE_DATE = re.compile(r"\d|gün|əvvəl|dünən|вчера|сегодня", re.IGNORECASE)
_HAS_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\.\s?\d\d\b")
_BAKU_TIME = re.compile(r"\s(?:AMT|AZT|GET)\b")  # as Baku's: four hours ahead of UTC
_NO_DAY = frozenset({"time-only"})  # a bare time may be anything on a page that no rule explains
_DATE_NAME = re.compile(r"date|time|tarix|publish|posted|meta|info|дата|datum|fecha", re.IGNORECASE)
_COMMENT_NAME = re.compile(
    r"comment|kommentar|disqus|respond|\breply\b|\breview|rating", re.IGNORECASE
)
_TEASER_NAME = re.compile(
    r"related|recent|sidebar|similar|(?:^|\s|site-|page-|global-|main-)footer(?:\s|$)|most-?read|popular",
    re.IGNORECASE,
)
_ITEMS = ("a", "li", "article")
_TEASER_CHARS = 25  # of a link to another page; an author's or a section's is shorter
_LONGEST_TEASER_BOX_CHARS = 300
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_MOST_LINKS_ABOVE = 8  # a path to the page and a section; more of them are a menu
_CLOCK_ERROR = timedelta(minutes=3)  # between a site's clock and ours
_LEADING = re.compile(r"\s*[-–—.:|•]|\s+[„“\"«]|\s+[^\W\d_]*[A-ZÄÖÜ]")


class _Place(Enum):
    BEHIND = auto()
    FAR_BEHIND = auto()
    ABOVE = auto()
    OVER_MENU = auto()  # above the headline, and a menu between


@dataclass(frozen=True, slots=True)
class Dateline:
    """A printed date.

    label     `published` or `updated` where the line says so, else empty
    is_named  whether it stands in a `time` or an element that is called a date
    """

    moment: Moment
    label: str
    is_named: bool


def find_datelines(
    parsed: ParsedPage, headline: HtmlElement, timezone: str
) -> tuple[Dateline, ...]:
    """The dates printed near the headline, the surest first.

    A node that is called a date comes before others; a line that is nothing but a date before one
    that holds it, which may lose the time; the nearest before the farther.
    """
    places = _places(*_around(parsed, headline))
    near = dict.fromkeys(  # a box and the only thing in it print the same
        (text, _is_named(node), places[node])
        for node in nodes_near(parsed, headline)
        if len(node) <= 6
        and len(string_of(node)) <= 6 * _LONGEST_DATE_CHARS
        and len(text := text_of(node)) >= 4
        and _MAY_BE_DATE.search(text)
        and (len(text) <= _LONGEST_LINE_CHARS or _leads(text))
        and not is_of_others(node, headline)
    )
    found = [
        Dateline(moment, label, is_named)
        for reader in (_whole_line, _in_line)
        for text, is_named, place in near
        for moment, label in reader(parsed, text, timezone, is_named=is_named)
        if label or not _is_doubtful(moment, place, parsed.page, timezone, is_named=is_named)
    ]
    return tuple(sorted(found, key=lambda line: not line.is_named))


def _places(behind: list[HtmlElement], before: list[HtmlElement]) -> dict[HtmlElement, _Place]:
    """Where each node near a headline stands from it."""
    places = dict.fromkeys(behind[:_NEARER], _Place.BEHIND)
    places.update((node, _Place.FAR_BEHIND) for node in behind[_NEARER:])
    links = 0
    for node in before:
        links += node.tag == "a"
        places[node] = _Place.ABOVE if links <= _MOST_LINKS_ABOVE else _Place.OVER_MENU
    return places


def _is_doubtful(
    moment: Moment, place: _Place, page: Page, timezone: str, *, is_named: bool
) -> bool:
    """Whether a date that no label explains is far off, or the page's clock above the headline."""
    if place is _Place.FAR_BEHIND:
        return not is_named
    if place is _Place.BEHIND:
        return False
    if moment.precision is not Precision.DAY:
        return abs(datetime.fromisoformat(moment.at) - page.captured_at) <= _CLOCK_ERROR
    today = page.captured_at.astimezone(ZoneInfo(timezone)).date()
    return place is _Place.OVER_MENU and moment.at == today.isoformat()


def find_labelled(
    parsed: ParsedPage, headline: HtmlElement | None, timezone: str
) -> Iterator[Dateline]:
    """The dates anywhere in the page that a label calls its publication: `Erschienen am: 1.11.2023`."""
    dated = (
        node
        for node in parsed.elements[:_MOST_NODES]
        if node.tag not in {"script", "style"}
        and len(node) <= 6
        and _HAS_YEAR.search(_own_text(node))
    )
    for node in islice(dated, _MOST_DATED):
        if len(string_of(node)) > 12 * _LONGEST_LINE_CHARS:
            continue
        text = text_of(node)
        if len(text) > 3 * _LONGEST_LINE_CHARS:
            continue
        moments = [
            moment for moment, label in _in_line(parsed, text, timezone) if label == "published"
        ]
        if moments and not stands_aside(node) and not is_of_others(node, headline):
            yield from (Dateline(moment, "published", is_named=True) for moment in moments)


def nodes_near(parsed: ParsedPage, headline: HtmlElement) -> Iterator[HtmlElement]:
    """The nodes near the headline: those after it first, then those before it, nearest first."""
    behind, before = _around(parsed, headline)
    above = set(headline.iterancestors())  # they hold more than what stands beside it
    return (node for node in (*behind, *before) if node not in above and not stands_aside(node))


def _around(
    parsed: ParsedPage, headline: HtmlElement
) -> tuple[list[HtmlElement], list[HtmlElement]]:
    """The nodes behind the headline and those before it, each the nearest first."""
    nodes, place = parsed.elements, parsed.places[headline]
    behind, before = nodes[place + 1 :], reversed(nodes[:place])
    own = _before_lists(islice(_printing(behind), _AFTER))
    return own, list(islice(_printing(before), _BEFORE))


def _before_lists(behind: Iterable[HtmlElement]) -> list[HtmlElement]:
    """The nodes up to a heading such as `Son xəbərlər`, without the boxes that it stands in."""
    own: list[HtmlElement] = []
    for node in behind:
        if node.tag in _HEADINGS and is_boilerplate(text_of(node)):
            around = set(node.iterancestors())
            return [each for each in own if each not in around]
        own.append(node)
    return own


def _printing(nodes: Iterable[HtmlElement]) -> Iterator[HtmlElement]:
    return (node for node in nodes if node.tag not in {"script", "style", "br"})


def names_of(node: HtmlElement) -> str:
    """Under what names a node goes: class, id, itemprop."""
    return f"{node.get('class', '')} {node.get('id', '')} {node.get('itemprop', '')}"


def is_of_others(node: HtmlElement, headline: HtmlElement | None) -> bool:
    """Whether a node belongs to a comment or to the teaser of another item."""
    above = set(headline.iterancestors()) if headline is not None else set()
    for each in (node, *islice(node.iterancestors(), _MOST_LEVELS)):
        if each in above or each.tag == "body":
            return False
        names = names_of(each)
        if _COMMENT_NAME.search(names) or _TEASER_NAME.search(names):
            return True
        is_item = (
            each is node
            or each.tag in _ITEMS
            or (each.getparent() not in above and _is_short(each))
        )
        if is_item and any(_is_teaser(link) for link in islice(each.iter("a"), _MOST_LINKS)):
            return True
    return False


def _is_short(node: HtmlElement) -> bool:
    """Whether a box holds no more than a teaser does: a date, a section, a headline."""
    return len(string_of(node)) <= _LONGEST_TEASER_BOX_CHARS


def read_whole_line(
    text: str, page: Page, timezone: str, *, is_named: bool = True
) -> Moment | None:
    """The moment of a line that is nothing but a date or a time.

    is_named  whether the line is called a date: then one in any language is worth dateparser's time
    """
    if not 4 <= len(text) <= _LONGEST_DATE_CHARS or not _MAY_BE_DATE.search(text):
        return None
    bare = _BAKU_TIME.sub("", text)
    spotted = next(spot_dates(bare), None)
    ours = read_date(bare, seen=page.captured_at, timezone=timezone, language=_OURS)
    if ours is not None:
        return replace(ours, printed=text)
    if spotted is None:
        if not is_named:
            return None
        theirs = read_date(bare, seen=page.captured_at, timezone=timezone)  # by dateparser
        return None if theirs is None else replace(theirs, printed=text)
    beside = bare[: spotted.start] + bare[spotted.end :]
    is_whole = len(re.findall(r"\w+", beside)) <= _MOST_WORDS_BESIDE
    return _moment_of(spotted, text, ZoneInfo(timezone)) if is_whole else None


def _whole_line(
    parsed: ParsedPage, text: str, timezone: str, *, is_named: bool
) -> Iterator[tuple[Moment, str]]:
    moment = read_whole_line(text, parsed.page, timezone, is_named=is_named)
    if moment is not None and moment.how not in _NO_DAY:
        yield moment, next((spotted.label for spotted in spot_dates(text)), "")


def _in_line(
    parsed: ParsedPage, text: str, timezone: str, *, is_named: bool = True
) -> Iterator[tuple[Moment, str]]:
    for spotted in spot_dates(_BAKU_TIME.sub("", text)[: 2 * _LONGEST_LINE_CHARS]):
        if spotted.day.year >= 1990 and spotted.day <= parsed.page.captured_at.date():
            yield _moment_of(spotted, text, ZoneInfo(timezone)), spotted.label


def _moment_of(spotted: Spotted, text: str, zone: ZoneInfo) -> Moment:
    at, precision = _at(spotted.day, spotted.clock, zone)
    return Moment(at=at, precision=precision, printed=text[:_LONGEST_LINE_CHARS], how="full")


def _at(day: date, clock: Clock | None, zone: ZoneInfo) -> tuple[str, Precision]:
    if clock is None:
        return day.isoformat(), Precision.DAY
    precision = Precision.MINUTE if clock.second is None else Precision.SECOND
    return instant_of(day, clock, zone).isoformat(), precision


def _is_named(node: HtmlElement) -> bool:
    return node.tag == "time" or _DATE_NAME.search(names_of(node)) is not None


def _leads(text: str) -> bool:
    """Whether a paragraph begins with a date and a mark: a dateline."""
    first = next(spot_dates(text[:_LONGEST_DATE_CHARS]), None)
    return first is not None and first.start == 0 and bool(_LEADING.match(text, first.end))


def _own_text(node: HtmlElement) -> str:
    return (node.text or "") + "".join(child.tail or "" for child in node)


def _is_teaser(link: HtmlElement) -> bool:
    path = urlsplit(link.get("href", "")).path if len(link.get("href", "")) < 2_000 else "/"
    return len(path) > 1 and len(text_of(link)) >= _TEASER_CHARS
