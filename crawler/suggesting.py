"""Suggests a selector for a field that was found without a rule, where one element alone holds it.

What holds a field is looked for on each page by its value; a selector is suggested only when, on
every page on which the field is known, it finds that and nothing else. It is named after classes,
ids and `itemprop`, as people write them, never after a place in the tree.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from lxml.html import HtmlElement

from archive.article import Article
from pipelines.boxes import locate
from pipelines.layouts import compile_selector
from pipelines.parsing import ParsedPage, string_of, text_of
from pipelines.photos import photo_key, photos_at

_MOST_CANDIDATES = 60
_MOST_LEVELS = 4  # of a photo one: what is around it holds other pictures sooner or later
_LONGEST_DATE_CHARS = 60  # of an element that prints a date among other words
_MOST_BODY_SHARE = 1.5  # of the text of a body's element to the text that was read
_LEAST_BODY_SHARE = 0.6  # without rules a date and a neighbour's headline are often read with it
_TELLING_TAGS = frozenset({"h1", "time", "article", "main"})
_NO_HOLDERS = frozenset({"html", "head", "body", "title", "option", "script", "style"})
_NAME = re.compile(r"[A-Za-z][A-Za-z_-]{2,}")  # with digits it is often made by a program
_DRESS = re.compile(
    r"""(?:col|row|grid|text|float|pull|font|flex|align|justify|hidden|visible|border|shadow|rounded
        |m[trblxy]?|p[trblxy]?|lg|md|sm|xs|xl|bg|btn)(?:-.*)?|container(?:-.*)?|wrapper|clearfix|active|lazy.*
        |img-(?:responsive|fluid)|first|last|odd|even|current|left|right""",
    re.VERBOSE | re.IGNORECASE,
)


class ReadPage(NamedTuple):
    """A parsed page, and the article that was read on it."""

    parsed: ParsedPage
    article: Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A selector for one field of a layout.

    pages    on how many pages it finds the field
    example  what it finds on the first of them, as one line
    """

    field: str
    selector: str
    pages: int
    example: str


def suggest_rule(field: str, readings: Sequence[ReadPage]) -> Suggestion | None:
    """The selector that finds a field of a layout on all pages on which it is known, or None."""
    known = [each for each in readings if _values_of(field, each.article)]
    if not known:
        return None
    for selector in islice(_candidates(field, known[0]), _MOST_CANDIDATES):
        if all(_agrees(field, selector, each) for each in known):
            example = " ".join(_values_of(field, known[0].article))
            return Suggestion(field=field, selector=selector, pages=len(known), example=example)
    return None


def finds(selector: str, root: HtmlElement) -> list[HtmlElement | str]:
    """What a selector, as a source writes it, finds in a tree."""
    return _compiled(selector).found_in(root)


_compiled = lru_cache(maxsize=4096)(compile_selector)


def _values_of(field: str, article: Article) -> tuple[str, ...]:
    return tuple(filter(None, _VALUES[field](article)))


_VALUES: Mapping[str, Callable[[Article], tuple[str, ...]]] = {
    "headline": lambda article: (article.headline,),
    "lead": lambda article: () if _key(article.lead) in _key(article.text) else (article.lead,),
    "body": lambda article: (article.text,),
    "date": lambda article: (article.published.printed,) if article.published else (),
    "section": lambda article: (article.section,),
    "authors": lambda article: article.authors,
    "tags": lambda article: article.tags,
    "photos": lambda article: tuple(photo.url for photo in article.photos),
}
SUGGESTED = tuple(_VALUES)


def _candidates(field: str, reading: ReadPage) -> Iterator[str]:
    """Selectors that may find the field, the plainest first, each once."""
    suffix = ""
    nodes = _holders(field, reading)
    if field == "date" and any(each.tag == "time" and each.get("datetime") for each in nodes):
        suffix = "@datetime"
    seen: set[str] = set()
    for node in nodes:
        for selector in _selectors_of(node, 1 if field == "photos" else _MOST_LEVELS):
            if selector not in seen:
                seen.add(selector)
                yield selector + suffix


def _holders(field: str, reading: ReadPage) -> list[HtmlElement]:
    """The innermost elements that hold the field's value."""
    root, article = reading.parsed.root, reading.article
    if field == "body":
        node = _body_of(reading)
        return [] if node is None else [node]
    if field == "photos":
        return _shown_photos(reading)
    keys = {_key(value) for value in _values_of(field, article)}
    longest = max(len(value) for value in _values_of(field, article)) + _LONGEST_DATE_CHARS
    holders = [
        node
        for node in root.iter()
        if isinstance(node.tag, str)
        and node.tag not in _NO_HOLDERS
        and len(string_of(node)) <= 4 * longest
        and _is_said(field, node, keys)
    ]
    around = {above for node in holders for above in node.iterancestors()}
    return [node for node in holders if node not in around]


def _shown_photos(reading: ReadPage) -> list[HtmlElement]:
    """The article's photos that stand outside its body: those in it come along with it."""
    parsed, article = reading
    inside = _body_of(reading)
    around = set() if inside is None else {inside, *inside.iterdescendants()}
    shown = {photo_key(photo.url) for photo in article.photos}
    return [
        image
        for image in parsed.root.iter("img")
        if image not in around and _keys_of_photos([image], parsed) & shown
    ]


def _body_of(reading: ReadPage) -> HtmlElement | None:
    return locate(reading.parsed.root, [block.text for block in reading.article.blocks])


def _keys_of_photos(nodes: Sequence[HtmlElement | str], parsed: ParsedPage) -> set[str]:
    return {photo_key(photo.url) for photo in photos_at(nodes, parsed.base_url)}


def _is_said(field: str, node: HtmlElement, keys: set[str]) -> bool:
    if field != "date":
        return _key(text_of(node)) in keys
    if node.tag == "time" and _key(node.get("datetime", "")) in keys:
        return True
    text = text_of(node)
    return len(text) <= _LONGEST_DATE_CHARS and any(key in _key(text) for key in keys if key)


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _agrees(field: str, selector: str, reading: ReadPage) -> bool:
    """Whether the selector finds on this page what is known of the field, and nothing else."""
    found = finds(selector, reading.parsed.root)
    if field == "photos":
        return _shows_all_photos(found, reading)
    if field == "body":
        return len(found) == 1 and not isinstance(found[0], str) and _is_body(found[0], reading)
    said = [_key(each if isinstance(each, str) else text_of(each)) for each in found]
    values = [_key(value) for value in _values_of(field, reading.article)]
    if field == "date":
        return len(said) == 1 and values[0] in said[0]
    return said == values


def _shows_all_photos(found: Sequence[HtmlElement | str], reading: ReadPage) -> bool:
    """Whether these and the photos inside the body, which come along, are those of the article."""
    body = _body_of(reading)
    inside = [] if body is None else list(body.iter("img"))
    keys = _keys_of_photos(found, reading.parsed)
    shown = {photo_key(photo.url) for photo in reading.article.photos}
    return bool(keys) and keys <= shown <= keys | _keys_of_photos(inside, reading.parsed)


def _is_body(node: HtmlElement, reading: ReadPage) -> bool:
    chars, wanted = len(_key(string_of(node))), len(_key(reading.article.text))
    return _LEAST_BODY_SHARE * wanted <= chars <= _MOST_BODY_SHARE * wanted


def _selectors_of(node: HtmlElement, levels: int) -> Iterator[str]:
    """Selectors of one element: of itself, then below one of those around it."""
    own = list(_names_of(node))
    yield from own
    for above in islice(node.iterancestors(), levels):
        for name in _names_of(above):
            yield from (f"{name} {each}" for each in own)
            yield f"{name} {node.tag}"


def _names_of(node: HtmlElement) -> Iterator[str]:
    if node.tag in _NO_HOLDERS:
        return
    for name in node.get("class", "").split():
        if _NAME.fullmatch(name) and not _DRESS.fullmatch(name):
            yield f"{node.tag}.{name}"
    if _NAME.fullmatch(node.get("id", "")):
        yield f"{node.tag}#{node.get('id')}"
    if _NAME.fullmatch(node.get("itemprop", "")):
        yield f"{node.tag}[itemprop={node.get('itemprop')}]"
    if node.tag in _TELLING_TAGS:
        yield node.tag
