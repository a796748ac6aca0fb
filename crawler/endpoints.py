"""Endpoints as candidates: JSON that holds articles, or a piece of a list page."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import orjson

from archive.errors import PageError
from archive.ledger import AddressKind, Candidate
from crawler.feeds import printed
from crawler.listings import number_of, read_listing
from crawler.ways import Endpoint, Listing
from pipelines.addresses import (
    absolute_address,
    canonical_address,
    is_address_of,
    is_article_address,
    normal_address,
)
from pipelines.items import Page
from pipelines.parsing import parse_page
from pipelines.rules import Site

_MAX_ITEMS = 5_000
_PATH_IN_BRACES = re.compile(r"\{([^{}]+)\}")


def read_endpoint(
    page: Page, site: Site, way: Endpoint
) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...]]:
    """The articles that an answer holds, each once, and what follows it, if any.

    An answer without an article leads no further.

    Raises:
        PageError: it is no JSON, or holds nothing where the articles should be.
    """
    try:
        said: Any = orjson.loads(page.body)
    except orjson.JSONDecodeError as error:
        raise PageError(f"{page.url} is no JSON: {error}") from error
    found: dict[str, Candidate] = {}
    for each in _in_html(said, page, site, way) if way.html else _items(said, page, site, way):
        found.setdefault(each.url, each)
    further = _further(said, page, site, way) if found else None
    return tuple(found.values()), (further,) if further else ()


def value_at(path: str, said: Any) -> Any:
    """What stands at a path, or None.

    >>> value_at("data.-1.id", {"data": [{"id": 8}, {"id": 7}]})
    7
    """
    for step in filter(None, path.split(".")):
        if isinstance(said, dict):
            said = said.get(step)
        elif isinstance(said, list) and re.fullmatch(r"-?\d{1,6}", step):
            at = int(step)
            said = said[at] if -len(said) <= at < len(said) else None
        else:
            return None
    return said


def _in_html(said: Any, page: Page, site: Site, way: Endpoint) -> tuple[Candidate, ...]:
    piece = value_at(way.html, said)
    if not isinstance(piece, str):
        raise PageError(f"{page.url} holds no text at {way.html}")
    if not piece.strip():
        return ()
    within = Page(url=page.url, captured_at=page.captured_at, body=piece.encode("utf-8", "replace"))
    return read_listing(parse_page(within), site, Listing(listing=page.url))[0]


def _items(said: Any, page: Page, site: Site, way: Endpoint) -> Iterator[Candidate]:
    items = value_at(way.items, said)
    if not isinstance(items, list):
        raise PageError(f"{page.url} holds no list at {way.items or 'its root'}")
    position = 0
    for item in items[:_MAX_ITEMS]:
        address = absolute_address(_link_of(item, way), page.url)
        if not address or not is_article_address(address, site):
            continue
        photo = _text_at(way.photo, item)
        yield Candidate(
            url=canonical_address(address, site),
            title=printed(_text_at(way.title, item)),
            published=_text_at(way.date, item) or None,
            photo_url=(photo and absolute_address(photo, page.url)) or None,
            position=position,
        )
        position += 1


def _link_of(item: Any, way: Endpoint) -> str:
    if "{" not in way.link:
        return _text_at(way.link, item)
    return _PATH_IN_BRACES.sub(lambda found: quote(_text_at(found[1], item)), way.link)


def _text_at(path: str, said: Any) -> str:
    value = value_at(path, said) if path else None
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _further(said: Any, page: Page, site: Site, way: Endpoint) -> Candidate | None:
    if way.next is None:
        return None
    if way.cursor:
        cursor = _text_at(way.cursor, said)
        address = way.next.replace("{last}", quote(cursor, safe="")) if cursor else ""
    else:
        number = number_of(page.url, way.as_listing) + way.step
        address = way.next.replace("{page}", str(number))
    if not address or not is_address_of(address, site):
        return None
    address = normal_address(address)
    is_same = address == normal_address(page.url)
    return None if is_same else Candidate(url=address, kind=AddressKind.LISTING)
