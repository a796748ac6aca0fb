"""Discovery: what a feed, a sitemap or a list page offers, as candidates for the ledger.

How far to walk back is not decided here: `more` leads on, and the crawl follows it while a page
offers something new.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from archive.ledger import AddressKind, Candidate
from crawler.date_archives import Days, days_of_page
from crawler.endpoints import read_endpoint
from crawler.feeds import read_feed
from crawler.listings import is_page_of, read_listing
from crawler.sitemaps import read_sitemap
from crawler.source import Source
from crawler.telegram import is_page_of_channel, read_channel
from crawler.ways import Archive, Endpoint, Feed, Ids, Listing, Sitemap, Telegram, Way
from pipelines.addresses import normal_address
from pipelines.items import Page
from pipelines.parsing import parse_page
from pipelines.rules import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """What one page of a way offers.

    candidates  articles, in the order of the page, each address once
    more        where to go on: the next list page, or the sitemaps of an index (latest first)
    changed     when a sitemap says that an address of these changed last, as printed
    days        first and last day of what can stand on it, or None where it does not say
    """

    candidates: tuple[Candidate, ...] = ()
    more: tuple[Candidate, ...] = ()
    changed: Mapping[str, str] = field(default_factory=dict)
    days: Days | None = None


def entries_of(source: Source, today: date) -> tuple[Candidate, ...]:
    """Where discovery of a source begins: its ways' own addresses, the best way first.

    today  the day on which a date archive is entered
    """
    return tuple(
        Candidate(
            url=normal_address(way.address_on(today) if isinstance(way, Archive) else way.url),
            kind=way.kind,
            position=position,
        )
        for position, way in enumerate(source.discovery)
        if not isinstance(way, Ids)
    )


def way_of(source: Source, url: str, kind: AddressKind) -> Way:
    """The way of a source to which a fetched address belongs.

    An address that no way names (a redirect's target, a sitemap of an index) belongs to the first
    way of its kind; where there is none, it is read as a plain way of that kind.

    Raises:
        ValueError: no way has pages of that kind.
    """
    address = normal_address(url)
    ways = [way for way in source.discovery if way.kind is kind]
    for way in ways:
        if address == normal_address(way.url):
            return way
    for way in ways:
        if _is_of(address, way):
            return way
    return ways[0] if ways else _plain_way(url, kind)


def discover(page: Page, way: Way, source: Source) -> Discovered:
    """What a page of one of the source's ways offers.

    page  decoded of its transfer's gzip; a sitemap may still be a gzip file of its own

    Raises:
        PageError: the page is not what the way says, such as HTML where a feed should be.
    """
    site = source.site
    if isinstance(way, Feed):
        return Discovered(candidates=read_feed(page.body, page.url, site))
    if isinstance(way, Sitemap):
        candidates, more, changed = read_sitemap(page.body, page.url, site, only=way.only)
        return Discovered(candidates=candidates, more=more, changed=changed)
    if isinstance(way, Archive):
        return _read_archive(page, way, site)
    if isinstance(way, Endpoint):
        candidates, more = read_endpoint(page, site, way)
        return Discovered(candidates=candidates, more=more)
    if isinstance(way, Telegram):
        candidates, more = read_channel(parse_page(page), site, way)
        return Discovered(candidates=candidates, more=more)
    assert isinstance(way, Listing)  # numbers lead to articles, not to lists
    candidates, more = read_listing(parse_page(page), site, way)
    return Discovered(candidates=candidates, more=more)


def day_before(url: str, way: Way) -> tuple[Candidate, ...]:
    """The page that an archive has for the time before a page of it; none for other ways."""
    days = days_of_page(url, way) if isinstance(way, Archive) else None
    if days is None or not isinstance(way, Archive):
        return ()
    before = normal_address(way.address_on(days[0] - timedelta(days=1)))
    return (Candidate(url=before, kind=AddressKind.LISTING),)


def _read_archive(page: Page, way: Archive, site: Site) -> Discovered:
    listing = Listing(
        listing=page.url,
        more=way.more,
        items=way.items,
        title=way.title,
        date=way.date,
        photo=way.photo,
    )
    candidates, further = read_listing(parse_page(page), site, listing)
    same = tuple(each for each in further if days_of_page(each.url, way))
    before = day_before(page.url, way)
    same = tuple(each for each in same if each.url not in {one.url for one in before})
    return Discovered(candidates=candidates, more=same + before, days=days_of_page(page.url, way))


def _is_of(address: str, way: Way) -> bool:
    match way:
        case Listing():
            return is_page_of(address, way)
        case Endpoint():
            return is_page_of(address, way.as_listing)
        case Telegram():
            return is_page_of_channel(address, way)
        case Archive():
            return days_of_page(address, way) is not None
    return False


def _plain_way(url: str, kind: AddressKind) -> Way:
    match kind:
        case AddressKind.FEED:
            return Feed(feed=url)
        case AddressKind.SITEMAP:
            return Sitemap(sitemap=url)
        case AddressKind.LISTING:
            return Listing(listing=url)
        case _:
            raise ValueError(f"a {kind} offers no articles")
