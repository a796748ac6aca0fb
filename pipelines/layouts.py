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

from cssselect import HTMLTranslator, SelectorError
from cssselect.parser import Class
from cssselect.xpath import XPathExpr
from lxml import etree
from lxml.html import HtmlElement

from archive.errors import SourceError
from pipelines.parsing import ParsedPage, clean_text, string_of, text_of
from pipelines.rules import Layout, Site

_ATTRIBUTE = re.compile(r"(?<![/@])@([A-Za-z_][\w:.-]*)$")
_IS_XPATH = ("/", "./", "(")
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
    """CSS to XPath; a class is looked for as bare text first, which drops most nodes cheaply."""

    def xpath_class(self, class_selector: Class) -> XPathExpr:
        xpath = self.xpath(class_selector.selector)
        name = class_selector.class_name
        bare, padded = self.xpath_literal(name), self.xpath_literal(f" {name} ")
        spaced = "concat(' ', normalize-space(@class), ' ')"
        xpath.add_condition(f"contains(@class, {bare}) and contains({spaced}, {padded})")
        return xpath


@dataclass(frozen=True, slots=True, eq=False)
class Selector:
    """One selector, compiled: an XPath and the attribute that it takes, if any."""

    path: etree.XPath
    attribute: str | None

    def found_in(self, root: HtmlElement) -> list[HtmlElement | str]:
        """What it finds, in the order of the page: nodes, or strings where it takes an attribute."""
        found = self.path(root)
        if not isinstance(found, list):  # string(…) or a number
            return [str(found)] if found else []
        if self.attribute is None:
            return found[:_MOST_MATCHES]
        values = (node.get(self.attribute) for node in found if not isinstance(node, str))
        return [value for value in values if value][:_MOST_MATCHES]


@dataclass(frozen=True, slots=True, eq=False)
class CompiledLayout:
    """A layout whose selectors are compiled, by the name of their field."""

    layout: Layout
    fields: dict[str, tuple[Selector, ...]]
    separator: re.Pattern[str] | None

    def nodes(self, field: str, root: HtmlElement) -> list[HtmlElement]:
        """The nodes that the first answering selector of a field finds."""
        for selector in self.fields[field]:
            found = [each for each in selector.found_in(root) if not isinstance(each, str)]
            if found:
                return found
        return []

    def all_nodes(self, field: str, root: HtmlElement) -> list[HtmlElement]:
        """The nodes that any selector of a field finds."""
        selectors = self.fields[field]
        found = (each for selector in selectors for each in selector.found_in(root))
        return [each for each in found if not isinstance(each, str)]

    def texts(self, field: str, root: HtmlElement) -> list[str]:
        """The texts that the first answering selector of a field finds, empty ones left out."""
        for selector in self.fields[field]:
            texts = [text for each in selector.found_in(root) if (text := _text_of(each))]
            if texts:
                return texts
        return []

    def body(self, root: HtmlElement) -> HtmlElement | None:
        """The node of the body: of the first selector that finds text, the match with most."""
        for selector in self.fields["body"]:
            nodes = [each for each in selector.found_in(root) if not isinstance(each, str)]
            if len(nodes) == 1 and string_of(nodes[0]).strip():
                return nodes[0]
            best = max(nodes, key=lambda node: len(string_of(node).strip()), default=None)
            if best is not None and string_of(best).strip():
                return best
        return None


def choose_layouts(parsed: ParsedPage, site: Site) -> Iterator[CompiledLayout]:
    """The layouts to try on a page: those seen on the day of the capture first, in their order."""
    compiled = compile_layouts(site)
    if not compiled:
        return
    day = parsed.page.captured_at.astimezone(ZoneInfo(site.timezone)).date()
    for layout in sorted(compiled, key=lambda each: not _was_seen_on(each.layout, day)):
        if not layout.fields["match"] or layout.all_nodes("match", parsed.root):
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
        SourceError: it is neither CSS nor XPath.
    """
    attribute = _ATTRIBUTE.search(written)
    path = written[: attribute.start()] if attribute else written
    try:
        xpath = path if path.startswith(_IS_XPATH) else _Translator().css_to_xpath(path)
        compiled = etree.XPath(xpath, smart_strings=False)
        compiled(etree.Element("html"))  # an unknown function is told only when it runs
    except (SelectorError, etree.XPathError) as error:
        raise SourceError(f"{written!r} is neither a CSS selector nor an XPath: {error}") from error
    return Selector(compiled, attribute[1] if attribute else None)


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
