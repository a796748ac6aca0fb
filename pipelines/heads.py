"""Reads the head of an article without rules: headline, section, authors, tags, lead.

Witnesses are what the page prints and what it tells machines. For the headline the one on which
most agree is taken, in the form that is printed. When it was published is asked in
`pipelines/publication.py`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from archive.article import Block
from pipelines.attribution import read_attribution
from pipelines.headlines import clean_headline
from pipelines.letters import folded
from pipelines.parsing import ParsedPage, absolute_url, clean_text, string_of, text_of
from pipelines.publication import names_of, nodes_near
from pipelines.structured import Structured

_MOST_HEADINGS = 80
_LONGEST_HEADLINE_CHARS = 400
_SHORTEST_AGREEMENT_CHARS = 8
_SITE_NAME_CHARS = 30
_WHOLE_TITLE_COST = 0.7  # the title element mostly names the site too
# Of headlines with equal support: what is printed largest, what is written for machines, the title.
_RANKS = {
    "h1": 6,
    "json-ld": 5,
    "opengraph": 4,
    "h2": 3,
    "h3": 3,
    "heading": 3,
    "h4": 2,
    "microdata": 3,
    "meta": 2,
    "title-part": 1,
}

_HEADINGS = etree.XPath(
    "//h1 | //h2 | //h3 | //h4 | //*[@itemprop='headline'] | //*[contains(@class, 'title') and not(self::a)]"
)
_TITLE = etree.XPath("string(/html/head/title)", smart_strings=False)
_CANONICAL = etree.XPath("string((//link[@rel='canonical'])[1]/@href)", smart_strings=False)
_ASIDE = etree.XPath(
    "boolean(ancestor-or-self::nav | ancestor-or-self::footer | ancestor-or-self::aside)"
)
_SUFFIX = re.compile(r"\s+(?:[|–—·»•:/-]|::|\|\|)+\s+")
_SECTION_NAME = re.compile(
    r"categor|kateqor|section|rubri[ckq]|bolme|\bcat\b|news-cat|kicker", re.IGNORECASE
)
_BREADCRUMBS = etree.XPath("(//*[contains(@class, 'breadcrumb')])[1]//a")
_BYLINES = etree.XPath(
    "//*[@rel='author'] | //*[@itemprop='author'] | //a[contains(@href, '/author/') or contains(@href, '/muellif/')]"
    " | //*[contains(@class, 'byline') or contains(@class, 'author')]"
)
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?:\s[^\W\d_][\w.'’-]*){1,3}")
_INITIALS = re.compile(r"(?:[^\W\d_]\.){1,3}")
_BY = re.compile(r"^(?:by|von|par|por|di|müəllif|автор|text|yazı)\s*:?\s+", re.IGNORECASE)
_NO_NAME = re.compile(
    r"https?:|www\.|\w\.[a-z]{2,5}(?:\s|$)|@|redaksiya|editor|admin|news|media|xəbər|agency|redaktion|staff",
    re.IGNORECASE,
)
_LONGEST_SECTION_CHARS = 40
_LEAD_TAGS = frozenset({"p", "h2", "h3", "div", "span", "strong"})


@dataclass(frozen=True, slots=True)
class Found:
    """A value, the witness that gave it, and the node that prints it, if one does."""

    value: str
    witness: str
    node: HtmlElement | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """The values of a field that may have several, and the witness that gave them."""

    values: tuple[str, ...]
    witness: str


def find_headline(parsed: ParsedPage, structured: Structured) -> Found | None:
    """The headline on which most witnesses agree, in its printed form where it is printed."""
    title = clean_text(_TITLE(parsed.root))
    candidates = [*_printed_headings(parsed, structured), *_told_headlines(structured, title)]
    candidates += [Found(title, "title")] if title else []
    if not candidates:
        return None
    keys = [folded(each.value) for each in candidates]
    best = max(range(len(candidates)), key=lambda index: _standing(index, candidates, keys))
    same = (each for each, key in zip(candidates, keys, strict=True) if key == keys[best])
    printed = next((each for each in same if each.node is not None), candidates[best])
    return replace(printed, value=clean_headline(printed.value))


def find_section(
    parsed: ParsedPage, told: Structured, headline: HtmlElement | None
) -> Listed | None:
    """The section: told, printed beside the headline, or the last step of the path to the page.

    headline  the node of the headline; None looks at testimony alone
    """
    for said in told.of("section"):
        if not said.value.startswith("http"):
            return Listed((said.value,), said.witness)
    if headline is None:
        return None
    for node in nodes_near(parsed.root, headline):
        if (
            _SECTION_NAME.search(names_of(node))
            and 1 < len(text := text_of(node)) <= _LONGEST_SECTION_CHARS
        ):
            return Listed((text,), "near-headline")
    if headline.tag != "h1" and (title := _only_h1(parsed)):
        return Listed((title,), "h1")
    own = folded(text_of(headline))
    steps = [text for node in _BREADCRUMBS(parsed.root) if (text := text_of(node))]
    steps = [
        step for step in steps[1:] if folded(step) != own and len(step) <= _LONGEST_SECTION_CHARS
    ]
    return Listed((steps[-1],), "breadcrumb") if steps else None


def _only_h1(parsed: ParsedPage) -> str | None:
    """The text of a page's one h1 where that is a short word above the headline: the section."""
    titles = [node for node in parsed.root.iter("h1") if not _leads_elsewhere(node, parsed)]
    text = text_of(titles[0]) if len(titles) == 1 else ""
    return text if 1 < len(text) <= _LONGEST_SECTION_CHARS else None


def find_authors(told: Structured, root: HtmlElement | None) -> Listed | None:
    """The authors; a meta author counts only if it is a person's name.

    root  of the page, for what is printed; None looks at testimony alone
    """
    site_names = {folded(each.value) for each in told.of("site_name")}
    for witness in ("json-ld", "opengraph", "microdata", "meta"):
        values = [value for value in told.by("authors", witness) if not _NO_NAME.search(value)]
        names = [name for value in values for name in _person_names(value)]
        if names := [name for name in names if folded(name) not in site_names]:
            return Listed(tuple(dict.fromkeys(names)), witness)
    for node in _BYLINES(root)[:10] if root is not None else ():
        if not _ASIDE(node) and (names := list(_person_names(text_of(node)[:120]))):
            return Listed(tuple(dict.fromkeys(names)), "byline")
    return None


def find_signed(blocks: Sequence[Block]) -> Listed | None:
    """The authors that sign in the last line of the body, some by their initials."""
    last = blocks[-1] if blocks else None
    if last is None or last.role != "signature":
        return None
    reading = read_attribution(last.text)
    names = [name.strip() for name in last.text.split(",")]
    is_persons = reading.site is None and reading.source is None
    if is_persons and all(_NAME.fullmatch(name) or _INITIALS.fullmatch(name) for name in names):
        return Listed(tuple(names), "signature")
    return None


def find_tags(told: Structured) -> Listed | None:
    """The tags that the most trusted witness tells."""
    for said in told.of("tags"):
        return Listed(tuple(dict.fromkeys(told.by("tags", said.witness))), said.witness)
    return None


def find_lead(
    structured: Structured, headline: HtmlElement, body: HtmlElement, root: HtmlElement
) -> Found | None:
    """What stands between headline and body and is also told as the description."""
    told = [folded(each.value)[:60] for each in structured.of("lead") if len(each.value) >= 40]
    if not told:
        return None
    for node in _nodes_between(root, headline, body):
        if node.tag in _LEAD_TAGS and len(string_of(node)) < 1_000:
            text = text_of(node)
            if len(text) >= 40 and any(folded(text).startswith(each) for each in told):
                return Found(text, "near-headline", node)
    return None


def _printed_headings(parsed: ParsedPage, structured: Structured) -> Iterator[Found]:
    site_names = {folded(each.value) for each in structured.of("site_name")}
    for node in _HEADINGS(parsed.root)[:_MOST_HEADINGS]:
        text = text_of(node)
        if not 3 <= len(text) <= _LONGEST_HEADLINE_CHARS or folded(text) in site_names:
            continue
        if not _ASIDE(node) and not _leads_elsewhere(node, parsed):
            yield Found(text, node.tag if node.tag in {"h1", "h2", "h3", "h4"} else "heading", node)


def _leads_elsewhere(heading: HtmlElement, parsed: ParsedPage) -> bool:
    """Whether a heading is a link to another page: the site's name, or the teaser of another item."""
    link = next(heading.iter("a"), None)
    if link is None:
        link = next(heading.iterancestors("a"), None)
    url = absolute_url(parsed.base_url, link.get("href")) if link is not None else None
    if url is None:
        return False
    own = {
        urlsplit(each).path.rstrip("/") for each in (parsed.page.url, str(_CANONICAL(parsed.root)))
    }
    return urlsplit(url).path.rstrip("/") not in own - {""}


def _told_headlines(structured: Structured, title: str) -> Iterator[Found]:
    """What machines are told; where it is the title element word for word, without the site's name."""
    site_names = {folded(each.value) for each in structured.of("site_name")}
    for said in structured.of("headline"):
        bare = _without_site_name(said.value)
        is_template = folded(said.value) == folded(title)
        is_named = folded(said.value[len(bare) :].strip(" |–—·»•:/-")) in site_names
        yield Found(bare if is_template or is_named else said.value, said.witness)
    if title:
        yield Found(_without_site_name(title), "title-part")


def _without_site_name(title: str) -> str:
    """The longer part of a title, before its last or after its first separator."""
    ends = list(_SUFFIX.finditer(title))
    if not ends:
        return title
    return max(title[: ends[-1].start()], title[ends[0].end() :], key=len)


def _standing(index: int, candidates: Sequence[Found], keys: Sequence[str]) -> tuple[float, float]:
    """How well a candidate stands: what the others say of it, then how much its witness counts."""
    own, key = candidates[index], keys[index]
    support = {
        each.witness for each, other in zip(candidates, keys, strict=True) if _agree(key, other)
    }
    told = (
        len(support & {"json-ld", "opengraph", "meta"}) + len(support & {"title", "title-part"}) / 2
    )
    printed = (
        1.0
        if support & {"h1"}
        else 0.6
        if support - {"json-ld", "opengraph", "meta", "title", "title-part"}
        else 0.0
    )
    whole = _WHOLE_TITLE_COST if own.witness == "title" else 0.0
    return told + printed - whole, _RANKS.get(own.witness, 0.0)


def _agree(one: str, other: str) -> bool:
    """Whether two headlines are one, or one is the other with a site's name or without its end."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) < _SHORTEST_AGREEMENT_CHARS:
        return False
    return long.startswith(short) or (
        long.endswith(short) and len(long) - len(short) <= _SITE_NAME_CHARS
    )


def _nodes_between(
    root: HtmlElement, first: HtmlElement, last: HtmlElement
) -> Iterator[HtmlElement]:
    is_between = False
    for node in root.iter(etree.Element):
        if node is last:
            return
        if is_between:
            yield node
        is_between = is_between or node is first


def _person_names(text: str) -> Iterator[str]:
    for part in re.split(r"\s*(?:,|;| and | und | və | и |\|)\s*", _BY.sub("", text.strip())):
        if _NAME.fullmatch(part) and not _NO_NAME.search(part):
            yield part
