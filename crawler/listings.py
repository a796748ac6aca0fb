"""List pages as candidates: the articles that a page links to, in order, and the page after it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from urllib.parse import quote

from lxml.html import HtmlElement

from archive.ledger import AddressKind, Candidate
from crawler.ways import Listing
from pipelines.addresses import (
    absolute_address,
    canonical_address,
    is_address_of,
    is_article_address,
    normal_address,
)
from pipelines.layouts import Selector, compile_selector
from pipelines.parsing import ParsedPage, clean_text, text_of
from pipelines.rules import Site

_STAND_IN = "7770777"  # for a page's number, while its template is put into normal form
_PHOTO_SOURCES = ("data-src", "data-lazy-src", "data-original", "src")  # the lazy ones tell first
_REL_NEXT = ("link[rel=next]@href", "a[rel=next]@href")


def read_listing(
    parsed: ParsedPage, site: Site, way: Listing
) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...]]:
    """The articles that a list page links to, each once, and the page that follows it, if any.

    With `items` in the way only what stands in them counts; without, every link that has the shape
    of an article. Of several links to an article the longest title counts: the first is often a
    photo's. A page without an article leads to no further one.
    """
    offers = _items(parsed, site, way) if way.items else _links(parsed, site)
    found: dict[str, Candidate] = {}
    for offer in offers:
        known = found.setdefault(offer.url, replace(offer, position=len(found)))
        if len(offer.title or "") > len(known.title or ""):
            found[offer.url] = replace(known, title=offer.title)
    further = _further(parsed, site, way) if found else None
    return tuple(found.values()), (further,) if further else ()


def is_page_of(url: str, way: Listing) -> bool:
    """Whether the address is one of the list's pages, as far as its templates tell."""
    address = normal_address(url)
    if address == normal_address(way.listing):
        return True
    pattern = _template_of(way.next or "")
    return pattern is not None and pattern.fullmatch(address) is not None


def _items(parsed: ParsedPage, site: Site, way: Listing) -> Iterator[Candidate]:
    for item in _nodes(parsed.root, way.items):
        anchors = [item] if item.tag == "a" else item.iter("a")
        for address, anchor in _articles(anchors, parsed.base_url, site):
            yield Candidate(
                url=address,
                title=next(iter(_texts(item, way.title)), None) or _title_of(anchor),
                published=" ".join(_texts(item, way.date)) or None,
                photo_url=_photo_of(item, parsed.base_url, way),
            )
            break


def _links(parsed: ParsedPage, site: Site) -> Iterator[Candidate]:
    for address, anchor in _articles(parsed.root.iter("a"), parsed.base_url, site):
        yield Candidate(url=address, title=_title_of(anchor))


def _articles(
    anchors: Iterable[HtmlElement], base_url: str, site: Site
) -> Iterator[tuple[str, HtmlElement]]:
    for anchor in anchors:
        address = absolute_address(anchor.get("href") or "", base_url)
        if address and is_article_address(address, site):
            yield canonical_address(address, site), anchor


def _title_of(anchor: HtmlElement) -> str | None:
    return text_of(anchor) or " ".join((anchor.get("title") or "").split()) or None


def _photo_of(item: HtmlElement, base_url: str, way: Listing) -> str | None:
    addresses: list[str] = []
    for each in _found(item, way.photo):
        names = _PHOTO_SOURCES
        addresses += [each] if isinstance(each, str) else [each.get(name) or "" for name in names]
    absolute = (absolute_address(each, base_url) for each in addresses if each)
    return next(filter(None, absolute), None)


def _found(node: HtmlElement, selectors: tuple[str, ...]) -> list[HtmlElement | str]:
    """What the first answering selector finds."""
    for selector in selectors:
        if found := _compiled(selector).found_in(node):
            return found
    return []


def _nodes(node: HtmlElement, selectors: tuple[str, ...]) -> list[HtmlElement]:
    return [each for each in _found(node, selectors) if not isinstance(each, str)]


def _texts(node: HtmlElement, selectors: tuple[str, ...]) -> list[str]:
    found = _found(node, selectors)
    texts = (clean_text(each) if isinstance(each, str) else text_of(each) for each in found)
    return [text for text in texts if text]


@lru_cache(maxsize=1024)
def _compiled(selector: str) -> Selector:
    return compile_selector(selector)


def _further(parsed: ParsedPage, site: Site, way: Listing) -> Candidate | None:
    address = _address_after(parsed, way)
    if not address or not is_address_of(address, site):
        return None
    address = normal_address(address)
    if address == normal_address(parsed.page.url):
        return None
    return Candidate(url=address, kind=AddressKind.LISTING)


def _address_after(parsed: ParsedPage, way: Listing) -> str:
    if way.next is None:
        links = [_href_of(each) for each in _found(parsed.root, way.more or _REL_NEXT)]
        return absolute_address(links[0], parsed.base_url) if links else ""
    if not way.cursor:
        return way.next.replace("{page}", str(number_of(parsed.page.url, way) + way.step))
    cursors = _texts(parsed.root, way.cursor)
    return way.next.replace("{last}", quote(cursors[-1], safe="")) if cursors else ""


def _href_of(found: HtmlElement | str) -> str:
    return found if isinstance(found, str) else found.get("href") or ""


def number_of(url: str, way: Listing) -> int:
    """The number of a list page; the first one's where its address tells none."""
    pattern = _template_of(way.next or "")
    found = pattern.fullmatch(normal_address(url)) if pattern else None
    return int(found["value"]) if found and found["value"].isdigit() else way.first


def _template_of(template: str) -> re.Pattern[str] | None:
    """A regex for addresses that the template makes, or None where it is none."""
    before, placeholder, after = template.partition("{page}")
    shape = r"\d+"
    if not placeholder:
        before, placeholder, after = template.partition("{last}")
        shape = r"[^&/]*"
    if not placeholder:
        return None
    normal = normal_address(f"{before}{_STAND_IN}{after}")
    before, _, after = normal.partition(_STAND_IN)
    return re.compile(f"{re.escape(before)}(?P<value>{shape}){re.escape(after)}")
