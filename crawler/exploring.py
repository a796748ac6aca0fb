"""Gathers a few pages of a site that is no source yet: saved ones, or a handful that it fetches."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from lxml import etree

from archive.article import PageKind
from archive.errors import PageError, WrongUse
from crawler.address_patterns import articles_among
from crawler.checking import page_of_file
from crawler.suggesting import ReadPage
from crawler.visiting import Visitor
from pipelines.addresses import absolute_address, canonical_address, is_address_of
from pipelines.extract import read_article
from pipelines.items import Page
from pipelines.parsing import ParsedPage, find_links, parse_page
from pipelines.rules import Site

_FETCHED_ARTICLES = 3
_MOST_FAILURES = 3
_OWN_ADDRESS = etree.XPath(
    "string((//link[@rel='canonical']/@href | //meta[@property='og:url']/@content)[1])",
    smart_strings=False,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration:
    """What was seen of a site.

    articles  its article pages, read without a rule
    others    pages that are no article, such as its home page
    sitemaps  what its robots.txt tells; empty where it was not asked
    """

    site: Site
    articles: tuple[ReadPage, ...]
    others: tuple[ParsedPage, ...] = ()
    sitemaps: tuple[str, ...] = ()

    @property
    def pages(self) -> tuple[ParsedPage, ...]:
        """All pages, the articles first."""
        return (*(each.parsed for each in self.articles), *self.others)


def site_of(url: str) -> Site:
    """What an address alone tells of its site.

    Raises:
        WrongUse: it is no http address.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise WrongUse(f"{url} is no address such as https://numune.example/xeber/41/.")
    host = parts.netloc.lower()  # with www. where it stands there: without it many do not answer
    return Site(name=host, hosts=(host,), scheme=parts.scheme)


def explore_files(url: str, files: Sequence[Path]) -> Exploration:
    """The saved pages of a site.

    url  the address of the page where one is given; of several each must say its own

    Raises:
        WrongUse: a page does not say its address, or none of them is an article.
    """
    site = site_of(url)
    read = [_read(_page_of(file, url, site, is_only=len(files) == 1), site) for file in files]
    return _explored(url, site, read)


def explore_site(url: str, visitor: Visitor, said: Callable[[str], None]) -> Exploration:
    """The page at an address, and a few articles that it links to.

    said  is told of each request before it goes out

    Raises:
        WrongUse: robots.txt forbids the page, or no article was found.
        PageError: the site does not answer.
    """
    site = site_of(url)

    def visit(address: str) -> ReadPage:
        said(f"fetching {address}")
        return _read(visitor.fetch(address), site)

    read = [visit(url)]
    home = urljoin(url, "/")
    if _is_article(read[0]) and home != url:
        with suppress(PageError, WrongUse):  # the article alone will do
            read.append(visit(home))
    failures = 0
    for address in _articles_linked(read, site):
        if sum(map(_is_article, read)) >= _FETCHED_ARTICLES or failures >= _MOST_FAILURES:
            break
        try:
            read.append(visit(address))
        except (PageError, WrongUse) as error:
            failures += 1
            said(str(error))
    return _explored(url, site, read, visitor.find_sitemaps(url))


def links_of(pages: Sequence[ParsedPage], site: Site) -> Iterator[tuple[str, str]]:
    """The address and the text of each link on the pages that stays on the site."""
    for parsed in pages:
        for link in find_links(parsed):
            if is_address_of(link.url, site):
                yield link.url, link.text


def _articles_linked(read: Sequence[ReadPage], site: Site) -> tuple[str, ...]:
    known = {canonical_address(each.parsed.page.url, site) for each in read}
    links = [url for url, _ in links_of([each.parsed for each in read], site)]
    like = next((each.parsed.page.url for each in read if _is_article(each)), None)
    return tuple(url for url in articles_among(links, site, like=like) if url not in known)


def _explored(
    url: str, site: Site, read: Sequence[ReadPage], sitemaps: tuple[str, ...] = ()
) -> Exploration:
    articles = tuple(filter(_is_article, read))
    if not articles:
        reasons = "; ".join(
            f"{each.parsed.page.url}: {each.article.reason or each.article.kind}" for each in read
        )
        raise WrongUse(f"No article was found from {url} ({reasons}). Give the address of one.")
    others = tuple(each.parsed for each in read if not _is_article(each))
    return Exploration(site=site, articles=articles, others=others, sitemaps=sitemaps)


def _read(page: Page, site: Site) -> ReadPage:
    parsed = parse_page(page)
    return ReadPage(parsed, read_article(parsed, site))


def _is_article(reading: ReadPage) -> bool:
    path = urlsplit(reading.parsed.page.url).path
    return reading.article.kind is PageKind.ARTICLE and path not in {"", "/"}


def _page_of(file: Path, url: str, site: Site, *, is_only: bool) -> Page:
    page = page_of_file(file, url)
    if is_only:
        return page
    parsed = parse_page(page)
    own = absolute_address(str(_OWN_ADDRESS(parsed.root)), url)
    if not own or not is_address_of(own, site) or urlsplit(own).path in {"", "/"}:
        raise WrongUse(
            f"{file} does not say its address (no rel=canonical on {site.hosts[0]}); "
            "give it alone, with its address."
        )
    return page_of_file(file, own)
