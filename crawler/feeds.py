"""Feeds as candidates: RSS 2.0, RSS 1.0 (RDF), Atom and JSON Feed, as broken as they come.

What publishers get wrong is met here: white space before the document, entities that XML does not
know, bare ampersands, guids that are hashes or the same for all items, titles escaped twice.
Titles and dates are kept as printed; whether a date is true is not asked here.
"""

import html
import re
from collections.abc import Iterator
from html.entities import html5
from typing import Any

import orjson
from lxml import etree

from archive.errors import PageError
from archive.ledger import Candidate
from pipelines.addresses import absolute_address, canonical_address, is_article_address
from pipelines.rules import Site

_MAX_ITEMS = 5_000  # the longest feed seen has a few hundred
_NOT_OF_XML = re.compile(rb"&(?!(?:#\d+|#[xX][0-9a-fA-F]+|amp|lt|gt|quot|apos);)(?:(\w+);)?")
_DOCUMENT = re.compile(rb"<(?:\?xml|rss|feed|rdf:RDF|urlset|sitemapindex)\b", re.IGNORECASE)
_PHOTO_PATH = re.compile(r"\.(?:jpe?g|jfif|png|webp|gif|avif)(?:$|[?:])", re.IGNORECASE)
_MEDIA = "{http://search.yahoo.com/mrss/}"


def read_feed(body: bytes, url: str, site: Site) -> tuple[Candidate, ...]:
    """The articles that a feed offers, in its order, each address once.

    url  the feed's own address, against which relative links are read

    Raises:
        PageError: the body is no feed, such as a page of HTML that answers for it.
    """
    text = body.removeprefix(b"\xef\xbb\xbf").strip()
    if text.startswith(b"{"):
        offers = list(_json_offers(text, url))
    else:
        offers = list(_xml_offers(text, url))
    found: dict[str, Candidate] = {}
    for links, offer in offers[:_MAX_ITEMS]:
        link = next((link for link in links if is_article_address(link, site)), None)
        if link is not None:
            address = canonical_address(link, site)
            found.setdefault(address, _candidate(address, offer, position=len(found)))
    return tuple(found.values())


def parsed_xml(body: bytes, url: str, *, what: str) -> etree._Element:
    """The root of a feed or sitemap, read with patience and without danger.

    Entities are never expanded and nothing is fetched; what XML cannot know (`&nbsp;`, a bare
    ampersand) is written so that it can.

    Raises:
        PageError: there is no document in it, or it is HTML.
    """
    start = _DOCUMENT.search(body)  # after white space, or a warning of the server's script
    cleaned = _NOT_OF_XML.sub(_as_xml, body[start.start() if start else 0 :])
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(cleaned, parser)
    except etree.XMLSyntaxError as error:
        raise PageError(f"{url} is no {what}: {error.msg}") from error
    if root is None or local_name(root) == "html":
        shown = body[:40].decode("utf-8", "replace")
        raise PageError(f"{url} is no {what}: it begins with {shown!r}")
    return root


def local_name(node: etree._Element) -> str:
    """The tag without its name space, in lower case; empty for comments and the like."""
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


def printed(text: str | None) -> str | None:
    """The text as a reader would see it: entities read once more, white space unified."""
    unified = " ".join(html.unescape(text).split()) if text else ""
    return unified or None


def _as_xml(entity: re.Match[bytes]) -> bytes:
    name = (entity[1] or b"").decode("utf-8", "replace")
    if character := html5.get(f"{name};"):
        return "".join(f"&#{ord(each)};" for each in character).encode("ascii")
    return b"&amp;" + entity[0][1:]


_LINKS = frozenset({"link", "origlink", "guid"})
_ITEMS = frozenset({"item", "entry"})
_BOUNDS = _LINKS | _ITEMS
_Offer = tuple[list[str], dict[str, str | None]]


def _candidate(address: str, offer: dict[str, str | None], *, position: int) -> Candidate:
    return Candidate(
        url=address,
        title=offer["title"],
        published=offer["published"],
        photo_url=offer["photo"],
        position=position,
    )


def _xml_offers(body: bytes, url: str) -> Iterator[_Offer]:
    root = parsed_xml(body, url, what="feed")
    if local_name(root) not in {"rss", "rdf", "feed", "channel"}:
        raise PageError(f"{url} is no feed: its root is <{local_name(root)}>")
    for node in root.iter():
        if local_name(node) in _ITEMS:
            yield _xml_offer(node, url)


def _xml_offer(item: etree._Element, url: str) -> _Offer:
    texts: dict[str, str | None] = {}
    links: list[str] = []
    photos: list[str] = []
    for node in _parts_of(item):
        name, text = local_name(node), "".join(_own_texts(node))
        if name in _LINKS:
            links += _links_in(node, name, text)
        photos += _photos_in(node, name, text)
        if not str(node.tag).startswith(_MEDIA):
            texts.setdefault(name, printed(text))
    published = (texts.get(name) for name in ("pubdate", "published", "date", "updated"))
    return _absolute(links, url), {
        "title": texts.get("title"),
        "published": next(filter(None, published), None),
        "photo": next(iter(_absolute(photos, url)), None),
    }


def _parts_of(item: etree._Element) -> Iterator[etree._Element]:
    """What an item says, part by part; a tag that nobody closed holds all that follows it."""
    if any(local_name(node) in _LINKS for node in item):
        return iter(item)
    return (node for node in item.iter() if node is not item)


def _own_texts(node: etree._Element) -> Iterator[str]:
    """A part's text, up to what a tag that nobody closed has taken into it."""
    for each in node.iter():
        if each is not node and local_name(each) in _BOUNDS:
            return
        if local_name(each):
            yield each.text or ""
        if each is not node:
            yield each.tail or ""


def _links_in(node: etree._Element, name: str, text: str) -> list[str]:
    if name == "link" and (target := node.get("href")):
        return [target] if node.get("rel", "alternate") == "alternate" else []
    text = text or node.tail or ""  # after <link/>, where HTML was written for XML
    return [html.unescape(text)] if name != "guid" or "://" in text else []


def _photos_in(node: etree._Element, name: str, text: str) -> list[str]:
    if name == "image":  # qafqazinfo.az: a channel's <image> inside an item
        inner = [child.text or "" for child in node if local_name(child) == "url"]
        return inner or [text]
    if name == "group":
        return [each for child in node for each in _photos_in(child, local_name(child), "")]
    address = node.get("url") or node.get("href") or ""
    is_enclosed = name in {"enclosure", "thumbnail", "content"} or node.get("rel") == "enclosure"
    says_photo = name == "thumbnail" or "image" in (node.get("type"), node.get("medium"))
    says_photo = says_photo or (node.get("type") or "").startswith("image/")
    return [address] if is_enclosed and (says_photo or _PHOTO_PATH.search(address)) else []


def _absolute(links: list[str], url: str) -> list[str]:
    addresses = (absolute_address(link, url) for link in links if link.strip())
    return [each for each in addresses if each]


def _json_offers(body: bytes, url: str) -> Iterator[_Offer]:
    try:
        feed: Any = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise PageError(f"{url} is no feed: {error}") from error
    items = feed.get("items")
    if not isinstance(items, list):
        raise PageError(f"{url} is no feed: it holds no items")
    for item in items:
        if isinstance(item, dict):
            yield (
                _absolute(_texts(item, "url", "external_url", "id"), url),
                {
                    "title": printed(next(iter(_texts(item, "title")), None)),
                    "published": next(iter(_texts(item, "date_published", "date_modified")), None),
                    "photo": next(
                        iter(_absolute(_texts(item, "image", "banner_image"), url)), None
                    ),
                },
            )


def _texts(item: dict[str, Any], *names: str) -> list[str]:
    return [value for name in names if isinstance(value := item.get(name), str) and value]
