"""Reads from a site's addresses what is common to those of its articles, and writes it as a regex.

An address is taken apart at its slashes: each part is a word, a number, a year, a day, a slug, or
a slug with a number before or behind it. Addresses with the same kinds of parts have one shape.
The shape of the known articles becomes a pattern whose group `id` is the number that stays when
the slug changes.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from pipelines.addresses import canonical_address
from pipelines.rules import Site

_LEAST_SLUG_WORDS = 3
_SURE_ADDRESSES = 3  # that show the same word at the same place
_ENDING = re.compile(r"\.(?:html?|php|aspx?|shtml)$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_WHOLE_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d")
_DAY = re.compile(r"\d\d?")
_ID = r"(?P<id>\d+)"
_KINDS = (  # the first that matches, with the regex that stands for it
    ("id", re.compile(r"\d{2,}"), _ID),
    ("id-slug", re.compile(r"\d{2,}[-_][^/]+"), _ID + r"[-_][^/]*"),
    ("slug-id", re.compile(r"[^/]*[-_]\d{4,}"), r"[^/]*[-_]" + _ID),
)
_REGEX_OF_KIND = {
    **{name: regex for name, _, regex in _KINDS},
    "year": r"\d{4}",
    "date": r"\d{8}",
    "day": r"\d{1,2}",
    "slug": r"[^/]+(?:[-_][^/]+){2,}",
    "word": "[^/]+",
    "rest": "[^/]*",  # behind a number anything may stand: a slug that was cut, even none
}
_TELLING = frozenset({"id", "id-slug", "slug-id", "slug"})
# What stands for itself although one address alone is known: languages, and words for "news".
_FIXED = re.compile(
    r"az|ru|en|tr|a|n|news|newsarchive|xeber|xeberler|articles?|posts?|story|read|view|detail|press"
)


class _Part(NamedTuple):
    kind: str
    text: str
    ending: str  # `.html`


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPattern:
    """What the addresses of a site's articles have in common.

    pattern   a regex for `articles`
    has_id    whether it has the group `id`
    examples  the known addresses of articles that have this shape
    linked    how many other addresses have it too
    """

    pattern: str
    has_id: bool
    examples: tuple[str, ...]
    linked: int


def find_patterns(
    articles: Sequence[str], links: Iterable[str], site: Site
) -> tuple[AddressPattern, ...]:
    """A pattern for each shape that the known addresses of articles have.

    links  other addresses of the same site, which tell what in a shape stays and what varies
    """
    known = _by_shape(articles, site)
    others = _by_shape(links, site)
    return tuple(
        _pattern(examples, [url for url in others.get(shape, ()) if url not in examples])
        for shape, examples in known.items()
    )


def articles_among(links: Iterable[str], site: Site, *, like: str | None = None) -> tuple[str, ...]:
    """The links that look most like articles: of the most frequent shape with a number or a slug.

    like  the address of an article, whose shape they must have
    """
    shapes = _by_shape(links, site)
    if like is not None:
        return tuple(shapes.get(next(iter(_by_shape([like], site))), ()))
    telling = [
        urls
        for urls in shapes.values()
        if any(part.kind in _TELLING for part in _parts_of(urls[0]))
    ]
    most: list[str] = max(telling, key=len, default=[])
    return tuple(most)


def _by_shape(urls: Iterable[str], site: Site) -> dict[tuple[str, ...], list[str]]:
    """Canonical addresses by their shape, each once, in order."""
    shapes: dict[tuple[str, ...], list[str]] = {}
    for url in dict.fromkeys(canonical_address(each, site) for each in urls):
        shape = tuple(
            part.text
            if _FIXED.fullmatch(part.text) and part.kind != "rest"
            else part.kind + part.ending
            for part in _parts_of(url)
        )
        shapes.setdefault((*shape, "?" + _key_of_query(url)), []).append(url)
    return shapes


def _pattern(examples: Sequence[str], alike: Sequence[str]) -> AddressPattern:
    urls = [*examples, *alike]
    columns = list(zip(*map(_parts_of, urls), strict=True))
    key = _key_of_query(examples[0])
    written = _with_one_id([_written(column) for column in columns], has_more=bool(key))
    slash = "/?" if written and any(urlsplit(url).path.endswith("/") for url in urls) else ""
    query = rf"\?(?:.*&)?{re.escape(key)}={_ID}" if key else ""
    pattern = f"^/{'/'.join(written)}{slash}{query or '$'}"
    return AddressPattern(
        pattern=pattern, has_id=_ID in pattern, examples=tuple(examples), linked=len(alike)
    )


def _written(column: Sequence[_Part]) -> str:
    """The regex for the parts that stand at one place of all addresses of a shape."""
    first = column[0]
    texts = {part.text for part in column}
    is_same = len(texts) == 1 and first.kind == "word"
    is_sure = is_same and (len(column) >= _SURE_ADDRESSES or first.ending == ".php")
    if is_sure or (_FIXED.fullmatch(first.text) and first.kind != "rest"):
        return re.escape(first.text) + re.escape(first.ending)
    return _REGEX_OF_KIND[first.kind] + re.escape(first.ending)


def _with_one_id(written: Sequence[str], *, has_more: bool) -> list[str]:
    """The same with one group `id`, the last: a section's number stands before the article's."""
    places = [index for index, regex in enumerate(written) if _ID in regex]
    nameless = set(places if has_more else places[:-1])
    return [
        regex.replace(_ID, r"\d+") if index in nameless else regex
        for index, regex in enumerate(written)
    ]


def _parts_of(url: str) -> list[_Part]:
    parts: list[_Part] = []
    for text in filter(None, urlsplit(url).path.split("/")):
        ending = found[0] if (found := _ENDING.search(text)) else ""
        bare = text.removesuffix(ending)
        before = parts[-1].kind if parts else ""
        parts.append(_Part(_kind_of(bare, before), bare, ending))
    if parts and parts[-1].kind in {"year", "date"}:  # a number that happens to look like one
        parts[-1] = parts[-1]._replace(kind="id")
    return parts


def _kind_of(text: str, before: str) -> str:
    if _YEAR.fullmatch(text):
        return "year"
    if _WHOLE_DATE.fullmatch(text):
        return "date"
    if before in {"id", "rest"} and not text.isdigit():
        return "rest"
    if before in {"year", "day"} and _DAY.fullmatch(text):
        return "day"
    for name, regex, _ in _KINDS:
        if regex.fullmatch(text):
            return name
    return "slug" if len(re.split(r"[-_]", text)) >= _LEAST_SLUG_WORDS else "word"


def _key_of_query(url: str) -> str:
    """The key of the longest number in a query, such as `newsid`, where the path tells no article."""
    if any(part.kind in _TELLING for part in _parts_of(url)):
        return ""
    numbers = re.findall(r"(?<![^&])([\w-]+)=(\d+)(?![^&])", urlsplit(url).query)
    return str(max(numbers, key=lambda found: len(found[1]))[0]) if numbers else ""
