"""One parse: a fetched page becomes one tree that rules, metadata, photos and links all read.

Nobody changes the tree. It is bounded: lxml stops at 2,048 levels, and a tag with more than a
thousand attributes (libxml2 takes time in their square) loses them.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from archive.errors import PageError, PageTooCostly
from pipelines.decoding import Decoded, decode_page, is_wide
from pipelines.items import Page

MAX_CHARS = 20_000_000
_MOST_LINKS = 20_000
_SAFE_BYTES = 150_000  # so short a page holds too few attributes to take two seconds
_LINK_TEXT_CHARS = 500
_MOST_LINK_CHARS = 5_000_000  # in all links, which may lie in each other
_DEEPEST = 2_048  # levels that lxml reads
_MOST_STEPS = 60_000_000  # elements times levels; libxml2 takes some 200 ns for each
_FEW_ELEMENTS = _MOST_STEPS // _DEEPEST  # may lie as deep as they like
_NOT_TEXT = re.compile(
    r"\s*(?:image|audio|video|font)/|\s*application/(?:pdf|zip|x-|octet|vnd|msword)", re.I
)
_MAGIC = (
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"RIFF",
    b"\x00\x00\x00",
)
# Source: WHATWG MIME Sniffing, sections 3 (binary data byte) and 5.2 (resource header). Unlike a
# browser we forgive a few: a newsroom pastes control codes, random bytes have a tenth of them.
_SNIFFED_BYTES = 1445
_BINARY_BYTES = bytes({*range(0x20)} - {*b"\t\n\f\r\x1b"})
_FEW_BINARY = 4
_MOST_BINARY = 0.02  # of the bytes

# A tag, by the tokenizer of WHATWG HTML: quotes quote only after an equals sign.
_ATTRIBUTE = rb"""[\s/]*+(?:[^\s>=/]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+|=)"""
_TAG_NAME = rb"<[a-zA-Z][^\s>/]*+"
_SAFE_MARKUP = re.compile(
    rb"(?:[^<]++|<(?![a-zA-Z])|%b(?:%b){0,1000}+(?:[\s/]*+(?:>|$)))*+" % (_TAG_NAME, _ATTRIBUTE)
)
_WHOLE_TAG = re.compile(rb"(%b)(?:%b)*+[\s/]*+>?" % (_TAG_NAME, _ATTRIBUTE))
_MOST_HUGE_TAGS = 100

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
_FORBIDDEN_BYTES = bytes({*range(0x20)} - {*b"\t\n\r"})
_FORBIDDEN_CHARACTER = re.compile(rb"\xef\xbf[\xbe\xbf]")  # U+FFFE, U+FFFF
_FORBIDDEN_REFERENCE = re.compile(
    rb"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]|[dD][89a-fA-F]..|[fF]{3}[eEfF]))(?:;|(?![\da-fA-F]))"
)
_UNSAFE_IN_URL = re.compile(r"[\x00-\x20\x7f-\xa0\ud800-\udfff]+")
_OTHER_SCHEME = re.compile(r"(?!https?:)[a-zA-Z][a-zA-Z0-9+.-]*:")

_BASE = etree.XPath("string(/html/head/base/@href)")
_ANCHORS = etree.XPath("/descendant::*[self::a or self::area][@href]")
_STRING = etree.XPath("string()", smart_strings=False)
_TEXTS = etree.XPath(".//text()[not(parent::script or parent::style)]", smart_strings=False)
_ASIDE = etree.XPath(
    "boolean(ancestor-or-self::nav | ancestor-or-self::footer | ancestor-or-self::aside)"
)
_COUNT = etree.XPath("count(//*)")
_IS_LARGE = etree.XPath("boolean(descendant::*[3000])")


class Either:
    """Finds the nodes below one that any of several steps finds, in the order of the page.

    A search for each step, joined, is fastest, but libxml2 orders what it joins by walking from
    sibling to sibling, for minutes among 100,000: there each node is asked for all the steps.
    """

    def __init__(self, *steps: str) -> None:
        self._joined = etree.XPath(" | ".join(f".//{step}" for step in steps))
        asked = " or ".join(f"self::{step}" for step in steps)
        self._walked = etree.XPath(f"descendant::*[{asked}]")

    def __call__(self, node: HtmlElement) -> list[HtmlElement]:
        """The nodes found below this one."""
        search = self._walked if _IS_LARGE(node) else self._joined
        found: list[HtmlElement] = search(node)
        return found


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page: its absolute address and the text in it."""

    url: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ParsedPage:
    """A page with its tree; the tree is shared and never changed.

    root      the html element; without children where the bytes are no text
    base_url  what relative addresses are joined to
    encoding  what the bytes were read with; empty where they are no text
    """

    page: Page
    root: HtmlElement
    base_url: str
    encoding: str

    @cached_property
    def elements(self) -> tuple[HtmlElement, ...]:
        """All elements in the order of the page.

        As long as they are held, lxml need not make them anew for each reader that walks the tree,
        so the general path asks for them first.
        """
        return tuple(self.root.iter(etree.Element))

    @cached_property
    def places(self) -> Mapping[HtmlElement, int]:
        """The place of each element among `elements`."""
        return {node: place for place, node in enumerate(self.elements)}


def parse_page(page: Page) -> ParsedPage:
    """The page decoded and parsed.

    Raises:
        PageError: the text is longer than `MAX_CHARS`.
        PageTooCostly: many elements lie very deep; selectors would look at each for each above it.
    """
    if not is_text(page):
        return ParsedPage(page=page, root=_empty_tree(), base_url=page.url, encoding="")
    decoded = decode_page(page.body, page.content_type)
    if len(decoded.text) > MAX_CHARS:
        raise PageError(
            f"{page.url} holds {len(decoded.text)} characters; {MAX_CHARS} are read at most"
        )
    markup = _without_huge_tags(_markup_of(decoded))
    root = _tree_of(markup)
    if len(markup) > 3 * _FEW_ELEMENTS and markup.count(b"<") > _FEW_ELEMENTS:
        _refuse_deep_crowd(root)
    base = absolute_url(page.url, str(_BASE(root)))
    return ParsedPage(page=page, root=root, base_url=base or page.url, encoding=decoded.encoding)


def is_text(page: Page) -> bool:
    """Whether the response claims to be, and begins like, text rather than an image or a file.

    A server that calls anything `text/html` is not believed: bytes that are no text in any
    encoding would become an article of mere signs.
    """
    body = page.body
    if _NOT_TEXT.match(page.content_type or "") or body.startswith(_MAGIC):
        return False
    head = body[:_SNIFFED_BYTES]
    odd_bytes = len(head) - len(head.translate(None, _BINARY_BYTES))
    return odd_bytes <= max(_FEW_BINARY, len(head) * _MOST_BINARY) or is_wide(body)


def find_links(page: Page | ParsedPage) -> tuple[Link, ...]:
    """The links of a page to http addresses, in the order of the page, each address once.

    Of several links to an address the longest text counts: the first is often a photo's.
    """
    parsed = parse_page(page) if isinstance(page, Page) else page
    texts: dict[str, str] = {}
    chars = 0
    for anchor in _ANCHORS(parsed.root)[:_MOST_LINKS]:
        url = absolute_url(parsed.base_url, anchor.get("href"))
        if url is not None:
            whole = string_of(anchor) if chars < _MOST_LINK_CHARS else ""
            chars += len(whole)
            text = clean_text(whole)[:_LINK_TEXT_CHARS]
            texts[url] = max(texts.get(url, ""), text, key=len)
    return tuple(Link(url, text) for url, text in texts.items())


def absolute_url(base: str, reference: str | None) -> str | None:
    """The absolute http address of a reference, without fragment; None where it is none."""
    reference = _UNSAFE_IN_URL.sub(_escaped, (reference or "").strip()).partition("#")[0]
    if not reference or _OTHER_SCHEME.match(reference):
        return None
    origin = _origin_of(base)
    if reference.startswith("/") and not reference.startswith("//") and "/." not in reference:
        return origin + reference
    try:
        is_whole = reference.startswith(("http://", "https://")) and ";" not in reference
        url = reference if is_whole else urljoin(base, reference)
        return url if urlsplit(url).hostname else None
    except ValueError:  # a bracket without its pair in the place of the host
        return None


def string_of(node: HtmlElement) -> str:
    """All text inside a node, as it stands in the markup."""
    return str(_STRING(node))


def text_of(node: HtmlElement) -> str:
    """The text of a node in one line; a line break parts words."""
    if len(node) == 0:
        return clean_text(node.text or "")
    parts = [node.text or ""]
    for each in node.iterdescendants():
        if each.tag in _BREAKING_TAGS:
            parts.append(" ")
        if each.tag not in _SILENT_TAGS:
            parts.append(each.text or "")
        parts.append(each.tail or "")
    return clean_text("".join(parts))


def spaced_text_of(node: HtmlElement) -> str:
    """The text of a node in one line, with a blank wherever an element begins or ends."""
    return clean_text(" ".join(map(str, _TEXTS(node))))


def stands_aside(node: HtmlElement) -> bool:
    """Whether a node is, or stands in, what the page marks as navigation, footer or aside."""
    return bool(_ASIDE(node))


def clean_text(text: str) -> str:
    """The text in NFC, white space (no-break space too) as single spaces, invisible marks gone."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = " ".join(text.split())
    return text if text.isprintable() else " ".join(_CONTROLS.sub("", text).split())


_BREAKING_TAGS = frozenset({"br", "p", "div", "li", "td", "tr", "h1", "h2", "h3"})
_SILENT_TAGS = frozenset({"script", "style", "template", "noscript"})


def _escaped(found: re.Match[str]) -> str:
    """White space in an address: a line break vanishes, a blank becomes `%20`."""
    return "".join("%20" if each in " \xa0" else "" for each in found[0])


@lru_cache(maxsize=256)
def _origin_of(base: str) -> str:
    scheme, _, rest = base.partition("://")
    return f"{scheme}://{re.split(r'[/?#]', rest, maxsplit=1)[0]}"


def _tree_of(markup: bytes) -> HtmlElement:
    if not markup or markup.isspace():
        return _empty_tree()
    try:
        return document_fromstring(markup, parser=_parser())
    except (etree.ParserError, etree.XMLSyntaxError):  # nothing in it that could be a document
        return _empty_tree()


def _refuse_deep_crowd(root: HtmlElement) -> None:
    deepest = _MOST_STEPS // int(_COUNT(root))
    if deepest < _DEEPEST and _is_deeper_than(1 << deepest.bit_length() - 1)(root):
        raise PageTooCostly("too many elements of the page lie too deep in each other")


@lru_cache(maxsize=16)
def _is_deeper_than(levels: int) -> etree.XPath:
    return etree.XPath(f"boolean(/{'*/' * levels}*)")


def _parser() -> HTMLParser:
    """A parser whose elements are all of one class: lxml.html asks Python for each one's class."""
    parser = HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    return parser


def _markup_of(decoded: Decoded) -> bytes:
    """The text as UTF-8 without the characters that XML forbids: trafilatura breaks on them."""
    markup = decoded.utf8.translate(None, _FORBIDDEN_BYTES)
    if b"\xef" in markup:
        markup = _FORBIDDEN_CHARACTER.sub(b"", markup)
    return _FORBIDDEN_REFERENCE.sub(b"", markup) if b"&#" in markup else markup


def _empty_tree() -> HtmlElement:
    return document_fromstring("<html><body></body></html>", parser=_parser())


def _without_huge_tags(markup: bytes) -> bytes:
    """The markup with the attributes cut out of tags that have more than a thousand."""
    if len(markup) <= _SAFE_BYTES:
        return markup
    kept: list[bytes] = []
    position = 0
    for _ in range(_MOST_HUGE_TAGS):
        safe = _SAFE_MARKUP.match(markup, position)
        end = safe.end() if safe else position
        kept.append(markup[position:end])
        huge = _WHOLE_TAG.match(markup, end)
        if huge is None:
            return b"".join(kept) if len(kept) > 1 else markup
        kept.append(huge[1] + b">")
        position = huge.end()
    raise PageError(f"more than {_MOST_HUGE_TAGS} tags of the page have over a thousand attributes")
