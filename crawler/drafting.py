"""Drafts a source from a few of its pages: what is seen, what a family already says, what is open.

Nothing is decided for good here: each value of a draft carries the reason for it, and a person
looks at every line.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from lxml import etree

from crawler.address_patterns import AddressPattern, find_patterns
from crawler.exploring import Exploration, links_of
from crawler.families import FamilyScore, recognised, ruled_fields, score_families
from crawler.source import Language, Source, SourceKind, source_of_family
from crawler.suggesting import SUGGESTED, ReadPage, suggest_rule
from crawler.ways import Listing
from pipelines.addresses import is_address_of, is_article_address
from pipelines.extract import read_article
from pipelines.letters import folded
from pipelines.parsing import ParsedPage, clean_text
from pipelines.rules import Site

_FIELD_OF_RULE = {"date": "published", "body": "text"}  # where the article's name is another
_FEEDS = etree.XPath(
    "//link[@rel='alternate'][contains(@type, 'rss') or contains(@type, 'atom') or "
    "contains(@type, 'feed+json')]/@href",
    smart_strings=False,
)
_VARIANTS = etree.XPath(
    "//link[@rel='amphtml' or (@rel='alternate' and @media)]/@href", smart_strings=False
)
_TOLD_SITEMAPS = etree.XPath("//link[@rel='sitemap']/@href", smart_strings=False)
_SITE_NAME = etree.XPath("string(//meta[@property='og:site_name']/@content)", smart_strings=False)
_TITLE = etree.XPath("string(/html/head/title)", smart_strings=False)
_TITLE_PARTS = re.compile(r"\s+[-–—|»·:]+\s+")
_NO_FEED = ("/comments/", "/comment/", "/oembed")
_LISTS = frozenset(
    {
        *("son xeberler", "butun xeberler", "xeber lenti", "xeberler", "lent", "arxiv"),
        *("latest", "latest news", "all news", "news", "vse novosti", "lenta novostej"),
        *("все новости", "лента новостей", "последние новости", "новости", "лента"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasoned:
    """A value of a draft and why it is so."""

    value: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedRule:
    """How one field of the articles is found.

    selectors  what the draft's own file says; empty where the family's rule answers or none is known
    answers    on how many pages the family's rule answers
    known      on how many pages the field was found, by whatever
    found_by   what found it where no rule does, such as `json-ld`
    """

    field: str
    selectors: tuple[str, ...]
    answers: int
    known: int
    found_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A source as it is drafted.

    patterns  of its addresses; the family's are enough where it has none of its own
    sections  labels that were seen, the most frequent first
    pages     how many articles it was drafted from
    """

    name: str
    site: Site
    family: FamilyScore | None
    scores: tuple[FamilyScore, ...]
    publisher: Reasoned
    kind: Reasoned
    language: Reasoned
    hosts: tuple[str, ...]
    patterns: tuple[AddressPattern, ...]
    examples: tuple[str, ...]
    discovery: tuple[tuple[str, Reasoned], ...]
    rules: tuple[DraftedRule, ...]
    sections: tuple[str, ...]
    pages: int


def draft_source(explored: Exploration, folder: Path | None = None) -> Draft:
    """A draft of the source whose pages were gathered.

    folder  a folder of sources whose own families are recognised too

    Raises:
        SourceError: a family of the folder is wrong.
    """
    site, articles = explored.site, explored.articles
    parsed = [each.parsed for each in articles]
    scores = score_families(parsed, folder)
    family = recognised(scores)
    host = site.hosts[0]
    base = source_of_family(family.family, host, folder) if family else None
    urls = [each.page.url for each in parsed]
    links = [url for url, _ in links_of(explored.pages, site)]
    is_shaped = base is not None and all(is_article_address(url, base.site) for url in urls)
    return Draft(
        name=host.partition(":")[0].removeprefix("www."),
        site=site,
        family=family,
        scores=scores,
        publisher=_publisher(parsed, host),
        kind=_kind(host),
        language=_language(articles),
        hosts=_variants(explored.pages, site),
        patterns=() if is_shaped else _patterns(urls, links, site),
        examples=tuple(each.article.canonical_url for each in articles),
        discovery=tuple(_discovery(explored, base)),
        rules=tuple(_rules(articles, base)),
        sections=_sections(articles),
        pages=len(articles),
    )


def _patterns(urls: Sequence[str], links: Sequence[str], site: Site) -> tuple[AddressPattern, ...]:
    """Patterns that match what they were made from; the others are left to a person."""
    found = find_patterns(urls, links, site)
    return tuple(
        each
        for each in found
        if all(
            is_article_address(url, replace(site, articles=(each.pattern,)))
            for url in each.examples
        )
    )


def _publisher(pages: Sequence[ParsedPage], host: str) -> Reasoned:
    names = Counter(filter(None, (clean_text(str(_SITE_NAME(each.root))) for each in pages)))
    if names:
        return Reasoned(value=names.most_common(1)[0][0], why="og:site_name of the pages")
    titles = [_TITLE_PARTS.split(clean_text(str(_TITLE(each.root)))) for each in pages]
    for place, word in ((-1, "end"), (0, "beginning")):
        parts = {title[place] for title in titles if len(title) > 1}
        if len(pages) > 1 and len(parts) == 1 and all(len(title) > 1 for title in titles):
            return Reasoned(value=parts.pop(), why=f"at the {word} of each page's title")
    return Reasoned(value=host, why="the pages do not say it")


def _kind(host: str) -> Reasoned:
    if "-ih.gov." in host:
        return Reasoned(value=SourceKind.REGIONAL.value, why="guessed from the host")
    if ".gov." in f".{host}":
        why = "guessed from the host; of a ministry: ministry"
        return Reasoned(value=SourceKind.STATE.value, why=why)
    return Reasoned(value=SourceKind.NEWS.value, why="guessed; see the list of kinds")


def _language(articles: Sequence[ReadPage]) -> Reasoned:
    known = {each.value for each in Language}
    read = Counter(each.article.language for each in articles if each.article.language in known)
    if not read:
        return Reasoned(value=Language.AZ.value, why="guessed: the texts are too short to tell")
    language, number = read.most_common(1)[0]
    assert language is not None
    return Reasoned(value=language, why=f"of {number} of {len(articles)} texts")


def _variants(pages: Sequence[ParsedPage], site: Site) -> tuple[str, ...]:
    """Hosts under which the pages offer themselves in another dress."""
    told = (
        urlsplit(urljoin(each.base_url, link)) for each in pages for link in _VARIANTS(each.root)
    )
    hosts = dict.fromkeys(parts.netloc.lower() for parts in told if parts.netloc)
    own = site.hosts[0].removeprefix("www.")
    return tuple(
        host
        for host in hosts
        if host.endswith(f".{own}") and not is_address_of(f"https://{host}/", site)
    )


def _discovery(explored: Exploration, base: Source | None) -> Iterator[tuple[str, Reasoned]]:
    """The ways to find articles that the site tells, else those of the family."""
    site = explored.site
    feeds = _told(_FEEDS, explored.pages, site)
    for feed in feeds:
        if not any(part in feed for part in _NO_FEED):
            yield "feed", Reasoned(value=_short(feed, site), why="linked from the pages")
    for sitemap in explored.sitemaps:
        if is_address_of(sitemap, site):
            yield "sitemap", Reasoned(value=_short(sitemap, site), why="told by robots.txt")
    for sitemap in _told(_TOLD_SITEMAPS, explored.pages, site):
        yield "sitemap", Reasoned(value=_short(sitemap, site), why="linked from the pages")
    yield "listing", _listing(explored, base)


def _listing(explored: Exploration, base: Source | None) -> Reasoned:
    site = explored.site
    for url, text in links_of(explored.pages, site):
        if folded(text) in _LISTS and urlsplit(url).path != "/":
            return Reasoned(value=_short(url, site), why=f"linked as {text}; look how it goes on")
    known = base.discovery if base else ()
    lists = [way.url for way in known if isinstance(way, Listing)]
    if lists:
        parts = urlsplit(lists[0])
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return Reasoned(value=path, why="of the family; look whether it is there")
    return Reasoned(value="/", why="the home page; a list of the latest news is better")


def _told(what: etree.XPath, pages: Sequence[ParsedPage], site: Site) -> tuple[str, ...]:
    found = (urljoin(each.base_url, link) for each in pages for link in what(each.root))
    return tuple(url for url in dict.fromkeys(found) if is_address_of(url, site))


def _short(url: str, site: Site) -> str:
    """The address without what the source's host and scheme say already."""
    return url.removeprefix(f"{site.scheme}://{site.hosts[0]}") or "/"


def _rules(articles: Sequence[ReadPage], base: Source | None) -> Iterator[DraftedRule]:
    """A rule for each field: the family's where it answers, else what can be suggested."""
    ruled = [read_article(each.parsed, base.site) for each in articles] if base else []
    asked = _asked_by(base)
    for field in SUGGESTED:
        name = _FIELD_OF_RULE.get(field, field)
        by_rule = sum(each.provenance.get(name, "").startswith("rule") for each in ruled)
        found_by = [by for each in articles if (by := each.article.provenance.get(name))]
        is_answered = by_rule >= max(len(found_by), 1)
        suggestion = None if is_answered else suggest_rule(field, articles)
        selectors: tuple[str, ...] = (suggestion.selector,) if suggestion else ()
        if selectors and by_rule:
            selectors = (*selectors, *asked.get(field, ()))
        yield DraftedRule(
            field=field,
            selectors=selectors,
            answers=by_rule,
            known=max(len(found_by), by_rule),
            found_by=tuple(dict.fromkeys(found_by)),
        )


def _asked_by(base: Source | None) -> dict[str, tuple[str, ...]]:
    """The selectors of each field in the first layout of a family."""
    return ruled_fields(base.rules[0]) if base and base.rules else {}


def _sections(articles: Iterable[ReadPage]) -> tuple[str, ...]:
    counted = Counter(each.article.section for each in articles if each.article.section)
    return tuple(section for section, _ in counted.most_common())
