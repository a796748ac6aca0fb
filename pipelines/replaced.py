"""Whether a page shows a list in the place of the article that was known there.

Many a site answers so, with status 200, for what it has removed: with its front page, with the
section's list, with the newest of its search. A first look believes the address, which has the
shape of an article's, since short articles stand among many links; a later one knows better.
"""

from dataclasses import replace
from itertools import islice

from lxml import etree

from archive.article import Article, PageKind
from pipelines.extract import read_article
from pipelines.items import Page
from pipelines.letters import folded
from pipelines.parsing import ParsedPage, clean_text, parse_page, string_of
from pipelines.rules import Site

_TITLE = etree.XPath("string(/html/head/title)", smart_strings=False)
_HEADINGS = 5


def why_replaced(page: Page, site: Site, found: Article, *, title: str) -> str | None:
    """Why the page is a list instead of the article; None where the article may be there.

    found  what was read from the page
    title  the article's, as it was read last
    """
    if found.kind is PageKind.ARTICLE:
        if found.title == title or found.provenance.get("text") == "rule:body":
            return None  # as nearly always
    elif found.kind is not PageKind.LIST:
        return None
    parsed = parse_page(page)
    if _prints(parsed, title):
        return None
    judged = read_article(parsed, replace(site, articles=()))
    return f"a list in its place: {judged.reason}" if judged.kind is PageKind.LIST else None


def _prints(parsed: ParsedPage, title: str) -> bool:
    """Whether a title stands where a page says what it is about, and not only among its links."""
    known = folded(clean_text(title))
    headings = islice(parsed.root.iter("h1"), _HEADINGS)
    printed = (_TITLE(parsed.root), *map(string_of, headings))
    return any(known in folded(clean_text(text)) for text in printed)
