"""Sitemaps as candidates: indexes, lists of addresses, Google's news and image extensions.

Source: sitemaps.org protocol 0.9; Google's sitemap-news 0.9 and sitemap-image 1.1.
"""

import re
import zlib
from datetime import datetime
from zoneinfo import ZoneInfo

from lxml import etree

from archive.errors import PageError, PageTooCostly
from archive.ledger import AddressKind, Candidate
from archive.moments import stamp
from crawler.feeds import local_name, parsed_xml, printed
from pipelines.addresses import absolute_address, canonical_address, is_article_address
from pipelines.rules import Site

_MAX_BYTES = 64 * 2**20  # the protocol allows 50 MB
_MAX_ADDRESSES = 50_000  # and so many addresses
_GZIP = b"\x1f\x8b"


def read_sitemap(
    body: bytes, url: str, site: Site, *, only: tuple[str, ...] = ()
) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...], dict[str, str]]:
    """The articles that a sitemap offers in its order, the sitemaps that an index leads to, and
    when each of these addresses changed last, as printed, where that is told.

    Sitemaps of an index come the latest changed first; `only` keeps those that match one of its
    regexes. A gzipped body is opened first.

    Raises:
        PageError: the body is no sitemap.
        PageTooCostly: it is larger than 64 MB once opened.
    """
    opened = _opened(body, url).removeprefix(b"\xef\xbb\xbf").strip()
    if opened.startswith(b"http"):
        addresses = opened.decode("utf-8", "replace").split()
        return _articles([(each, {}) for each in addresses], url, site), (), {}
    root = parsed_xml(opened, url, what="sitemap")
    entries = [_entry(node) for node in root if local_name(node) in {"url", "sitemap"}]
    if local_name(root) == "sitemapindex":
        return (), _further(entries, url, only), _changed(entries, url, None)
    if local_name(root) != "urlset":
        raise PageError(f"{url} is no sitemap: its root is <{local_name(root)}>")
    return _articles(entries, url, site), (), _changed(entries, url, site)


_Entry = tuple[str, dict[str, str]]


def _opened(body: bytes, url: str) -> bytes:
    if body.startswith(_GZIP):
        opener = zlib.decompressobj(wbits=31)
        try:
            body = opener.decompress(body, _MAX_BYTES + 1)
        except zlib.error as error:
            raise PageError(f"{url} is no sitemap: its gzip member is broken") from error
    if len(body) > _MAX_BYTES:
        raise PageTooCostly(f"{url} is a sitemap of more than {_MAX_BYTES} bytes; it was left out")
    return body


def _entry(node: etree._Element) -> _Entry:
    said: dict[str, str] = {}
    for each in node.iter():
        name, parent = local_name(each), each.getparent()
        owner = local_name(parent) if parent is not None and each is not node else ""
        if each is not node and (text := printed(each.text)):
            said.setdefault(f"{owner}/{name}", text)
    own = local_name(node)
    return said.get(f"{own}/loc", ""), said


def _articles(entries: list[_Entry], url: str, site: Site) -> tuple[Candidate, ...]:
    found: dict[str, Candidate] = {}
    for link, said in entries[:_MAX_ADDRESSES]:
        address = canonical_address(absolute_address(link, url), site)
        if address in found or not is_article_address(address, site):
            continue
        photo = said.get("image/loc")
        found[address] = Candidate(
            url=address,
            title=said.get("news/title"),
            published=said.get("news/publication_date"),
            photo_url=(photo and absolute_address(photo, url)) or None,
            position=len(found),
            changed=_moment(said.get("url/lastmod"), site),
        )
    return tuple(found.values())


def _moment(lastmod: str | None, site: Site) -> str | None:
    """A `lastmod` that says a moment or a day, which is taken to begin then.

    Source: W3C NOTE-datetime; what leaves out the time zone is of the site's.
    """
    try:
        moment = datetime.fromisoformat(lastmod or "")
        return stamp(moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(site.timezone)))
    except (ValueError, OverflowError):
        return None


def _changed(entries: list[_Entry], url: str, site: Site | None) -> dict[str, str]:
    """The `lastmod` of each entry by its canonical address; of sitemaps, which have no site."""
    changed: dict[str, str] = {}
    for link, said in entries[:_MAX_ADDRESSES]:
        if printed_at := said.get("url/lastmod") or said.get("sitemap/lastmod"):
            address = absolute_address(link, url)
            changed[canonical_address(address, site) if site else address] = printed_at
    return changed


def _further(entries: list[_Entry], url: str, only: tuple[str, ...]) -> tuple[Candidate, ...]:
    patterns = [re.compile(each) for each in only]
    latest_first = sorted(entries, key=lambda it: it[1].get("sitemap/lastmod", ""), reverse=True)
    addresses = dict.fromkeys(
        absolute_address(link, url) for link, _ in latest_first[:_MAX_ADDRESSES] if link
    )
    wanted = (each for each in addresses if not only or any(p.search(each) for p in patterns))
    return tuple(
        Candidate(url=each, kind=AddressKind.SITEMAP, position=position)
        for position, each in enumerate(wanted)
    )
