"""Applies a site's layouts: selectors compiled once for a site, each read from the one tree.

Nothing is changed in the tree, no selector is compiled twice. What the selectors mean is in
`pipelines/rules.py`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from cssselect import HTMLTranslator, SelectorError, parse
from cssselect.parser import Class, CombinedSelector
from cssselect.xpath import XPathExpr
from lxml import etree
from lxml.html import HtmlElement
from typing_extensions import override

from archive.errors import SourceError
from pipelines.json_pages import xpath_of_json
from pipelines.parsing import ParsedPage, clean_text, spaced_text_of, string_of, text_of
from pipelines.rules import Layout, Site

_ATTRIBUTE = re.compile(r"(?<![/@])@([A-Za-z_][\w:.-]*)$")
_IS_XPATH = ("/", "./", "(")
_IS_JSON_PATH = "$"
_NAMES = re.compile(r"[.#]([a-zA-Z_][\w-]{2,})")
_CONDITIONS = re.compile(r"\[[^\]]*\]|:[\w-]+(?:\([^)]*\))?")
_SINGLE = re.compile(r"[\w-]*(?:[.#][\w-]+|\[[^\]]*\])*")
_COUNTED = re.compile(r"count\(((?:preceding|following)-sibling::[\w*]+)\) = (\d+)")
# How the right side of a combinator finds its left one.
_RELATIONS = {
    " ": "ancestor::{}[1]",
    ">": "parent::{}",
    "+": "preceding-sibling::*[1][self::{}]",
}
_MOST_MATCHES = 200
_FIELDS = (
    "match",
    "headline",
    "badges",
    "lead",
    "body",
    "date",
    "modified",
    "section",
    "authors",
    "tags",
    "photos",
    "captions",
    "credits",
    "gallery",
    "noise",
)


class _Translator(HTMLTranslator):
    """CSS to XPath that libxml2 answers in little time, however many nodes a page has.

    `A B` is a B that has an A above it, as in CSS, rather than the union of what all A hold: libxml2
    merges that in the square of its nodes, which on nested A takes minutes for a page of 100 kB; and
    so for A + B, and for A, B, which is what is one or the other. A ~ B is what follows the first A of
    a parent. Where an element stands is asked of its nearest siblings, never counted over all. A
    class is looked for as bare text first, which drops most nodes cheaply.
    """

    @override
    def css_to_xpath(self, css: str, prefix: str = "descendant-or-self::") -> str:
        found = [self.xpath(each.parsed_tree) for each in parse(css) if not each.pseudo_element]
        if len(found) > 1 and not any(each.path for each in found):
            written = f"{prefix}*[{' or '.join(f'self::{each}' for each in found)}]"
        else:
            written = super().css_to_xpath(css, prefix)
        return _COUNTED.sub(_from_nearest, written)

    @override
    def xpath_combinedselector(self, combined: CombinedSelector) -> XPathExpr:
        left, right = self.xpath(combined.selector), self.xpath(combined.subselector)
        if left.path or right.path:
            return super().xpath_combinedselector(combined)
        if combined.combinator == "~":
            right.path = f"*/{left}[1]/following-sibling::"
            return right
        right.add_condition(_RELATIONS[combined.combinator].format(left))
        return right

    @override
    def xpath_class(self, class_selector: Class) -> XPathExpr:
        xpath = self.xpath(class_selector.selector)
        name = class_selector.class_name
        bare, padded = self.xpath_literal(name), self.xpath_literal(f" {name} ")
        spaced = "concat(' ', normalize-space(@class), ' ')"
        xpath.add_condition(f"contains(@class, {bare}) and contains({spaced}, {padded})")
        return xpath


def _from_nearest(counted: re.Match[str]) -> str:
    siblings, number = counted[1], int(counted[2])
    no_more = f"not({siblings}[{number + 1}])"
    return f"({siblings}[{number}] and {no_more})" if number else no_more


@dataclass(frozen=True, slots=True, eq=False)
class Selector:
    """One selector, compiled.

    path       the XPath
    attribute  what it takes instead of the node, if anything
    needs      words that the bytes of a page must hold if it is to find anything there
    is_single  it tells of one node alone, not of where that node stands
    """

    path: etree.XPath
    attribute: str | None
    needs: tuple[bytes, ...] = ()
    is_single: bool = False

    def found_in(self, root: HtmlElement) -> list[HtmlElement | str]:
        """What it finds, in the order of the page: nodes, or strings where it takes an attribute."""
        found = self.path(root)
        if not isinstance(found, list):  # string(…) or a number
            return [str(found)] if found else []
        if self.attribute is None:
            return found[:_MOST_MATCHES]
        values = (node.get(self.attribute) for node in found if not isinstance(node, str))
        return [value for value in values if value][:_MOST_MATCHES]


class View:
    """A page as selectors look at it: first inside the article's own box, then everywhere.

    The box is the smallest node that holds headline and body. It is small, so most selectors cost
    little, and a date or a section inside it is the article's rather than a related item's.
    """

    def __init__(self, parsed: ParsedPage) -> None:
        self.root = parsed.root
        self.box: HtmlElement | None = None
        self._found: dict[Selector, list[HtmlElement | str]] = {}
        self._markup = parsed.page.body if parsed.encoding == "utf-8" else None

    def found_by(self, selector: Selector) -> list[HtmlElement | str]:
        """What a selector finds in the box, else on the page; it is looked for once."""
        found = self._found.get(selector)
        if found is None:
            found = self._found[selector] = self._look(selector)
        return found

    def _look(self, selector: Selector) -> list[HtmlElement | str]:
        if self.box is not None and (found := selector.found_in(self.box)):
            return found
        if self._markup is not None and any(word not in self._markup for word in selector.needs):
            return []
        return selector.found_in(self.root)

    def enclose(self, headline: HtmlElement, body: HtmlElement) -> None:
        """Take the smallest node that holds both as the article's box."""
        around = {headline, *headline.iterancestors()}
        self.box = next((node for node in (body, *body.iterancestors()) if node in around), None)


@dataclass(frozen=True, slots=True, eq=False)
class CompiledLayout:
    """A layout whose selectors are compiled, by the name of their field."""

    layout: Layout
    fields: dict[str, tuple[Selector, ...]]
    separator: re.Pattern[str] | None

    def first(self, field: str, view: View) -> list[HtmlElement | str]:
        """What the first answering selector of a field finds."""
        return next(filter(None, map(view.found_by, self.fields[field])), [])

    def all(self, field: str, view: View) -> list[HtmlElement | str]:
        """What all selectors of a field find."""
        return [each for selector in self.fields[field] for each in view.found_by(selector)]

    def texts(self, field: str, view: View, *, is_spaced: bool = False) -> list[str]:
        """The texts that the first answering selector of a field finds, empty ones left out.

        is_spaced  with a blank wherever an element ends: labels in a row may have none between
        """
        read = _spaced_text_of if is_spaced else _text_of
        for selector in self.fields[field]:
            if texts := [text for each in view.found_by(selector) if (text := read(each))]:
                return texts
        return []

    def body(self, view: View) -> HtmlElement | None:
        """The node of the body: of the first selector that finds text, the match with most."""
        for selector in self.fields["body"]:
            nodes = [each for each in view.found_by(selector) if not isinstance(each, str)]
            texts = [string_of(node).strip() for node in nodes]
            if any(texts):
                return nodes[max(range(len(nodes)), key=lambda index: len(texts[index]))]
        return None

    def noise(self, view: View, body: HtmlElement) -> frozenset[HtmlElement]:
        """The nodes inside a body that are no part of it."""
        found = (
            selector.found_in(body) if selector.is_single else view.found_by(selector)
            for selector in self.fields["noise"]
        )
        return frozenset(each for nodes in found for each in nodes if not isinstance(each, str))


def choose_layouts(parsed: ParsedPage, site: Site, view: View) -> Iterator[CompiledLayout]:
    """The layouts to try on a page: those seen on the day of the capture first, in their order."""
    compiled = compile_layouts(site)
    if not compiled:
        return
    day = parsed.page.captured_at.astimezone(ZoneInfo(site.timezone)).date()
    for layout in sorted(compiled, key=lambda each: not _was_seen_on(each.layout, day)):
        if not layout.fields["match"] or layout.first("match", view):
            yield layout


@lru_cache(maxsize=1024)
def compile_layouts(site: Site) -> tuple[CompiledLayout, ...]:
    """A site's layouts with their selectors compiled.

    Raises:
        SourceError: a selector is neither CSS nor XPath, or the separator is no regex.
    """
    return tuple(_compile_layout(layout, site.name) for layout in site.layouts)


def compile_selector(written: str) -> Selector:
    """A selector as a source writes it, compiled.

    Raises:
        SourceError: it is neither CSS nor XPath nor a path of JSON.
    """
    attribute = _ATTRIBUTE.search(written)
    path = written[: attribute.start()] if attribute else written
    if path.startswith(_IS_JSON_PATH):
        path = _xpath_of_json(path)
    is_css = not path.startswith(_IS_XPATH)
    try:
        xpath = _Translator().css_to_xpath(path) if is_css else path
        compiled = etree.XPath(xpath, smart_strings=False)
        compiled(etree.Element("html"))  # an unknown function is told only when it runs
    except (SelectorError, etree.XPathError) as error:
        raise SourceError(f"{written!r} is neither a CSS selector nor an XPath: {error}") from error
    return Selector(
        compiled,
        attribute[1] if attribute else None,
        needs=_words_of(path) if is_css and "," not in path else (),
        is_single=is_css and _SINGLE.fullmatch(path) is not None,
    )


def _xpath_of_json(path: str) -> str:
    try:
        return xpath_of_json(path)
    except ValueError as error:
        raise SourceError(str(error)) from error


def _words_of(css: str) -> tuple[bytes, ...]:
    """The class names and ids without which a CSS selector finds nothing."""
    return tuple(name.encode() for name in _NAMES.findall(_CONDITIONS.sub("", css)))


def _compile_layout(layout: Layout, name: str) -> CompiledLayout:
    try:
        fields = {
            field: tuple(compile_selector(each) for each in getattr(layout, field))
            for field in _FIELDS
        }
        separator = re.compile(layout.separator) if layout.separator else None
    except SourceError as error:
        raise SourceError(f"{name}: {error}") from error
    except re.error as error:
        raise SourceError(f"{name}: separator {layout.separator!r} is no regex: {error}") from error
    return CompiledLayout(layout, fields, separator)


def _was_seen_on(layout: Layout, day: date) -> bool:
    return (layout.since or date.min) <= day <= (layout.until or date.max)


def _text_of(found: HtmlElement | str) -> str:
    return clean_text(found) if isinstance(found, str) else text_of(found)


def _spaced_text_of(found: HtmlElement | str) -> str:
    return clean_text(found) if isinstance(found, str) else spaced_text_of(found)
