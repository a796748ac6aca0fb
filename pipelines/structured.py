"""Reads what a page says of itself to machines: JSON-LD, OpenGraph, other meta tags, microdata.

All of it is testimony, not truth: og:type says article on home pages, the meta author is the web
developer, placeholders stay unfilled. So each value carries the witness that gave it, in the order
of trust, and `pipelines/extract.py` decides.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import orjson
from lxml import etree
from lxml.html import HtmlElement

from pipelines.parsing import ParsedPage, clean_text, string_of, text_of

_MOST_SCRIPTS = 30
_LONGEST_SCRIPT_CHARS = 2_000_000
_DEEPEST = 12
_MOST_THINGS = 2_000

_ARTICLE_TYPE = re.compile(
    r"(?:Article|BlogPosting|Report|Review|LiveBlogPosting|NewsMediaObject)$"
)
_PAGE_TYPE = re.compile(r"(?:WebPage|ItemPage|MediaObject|VideoObject)$")
_OTHER_TYPE = re.compile(
    r"/(?:Comment|UserComments|Review|Product|Offer|SoftwareApplication|WebApplication|Person|Event|Rating)$"
)
_COMMENTS = re.compile(r"comment|kommentar|disqus|respond", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f]+")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_UNFILLED = re.compile(
    r"\[\[.*\]\]|\{\{.*\}\}|%%.*%%|^(?:null|undefined|none|n/a|-)$", re.IGNORECASE
)

_METAS = etree.XPath("/descendant::meta[@content and (@property or @name or @itemprop)]")
_SCRIPTS = etree.XPath("/descendant::script[contains(@type, 'ld+json')]")
_MICRODATA = etree.XPath("/descendant::*[@itemprop]")
_TIMES = etree.XPath("/descendant::time[@datetime]")

_META_FIELDS = {
    "og:title": ("headline", "opengraph"),
    "twitter:title": ("headline", "meta"),
    "sailthru.title": ("headline", "meta"),
    "dc.title": ("headline", "meta"),
    "dcterms.title": ("headline", "meta"),
    "parsely-title": ("headline", "meta"),
    "og:description": ("lead", "opengraph"),
    "description": ("lead", "meta"),
    "twitter:description": ("lead", "meta"),
    "article:published_time": ("published", "opengraph"),
    "og:article:published_time": ("published", "opengraph"),
    "og:published_time": ("published", "opengraph"),
    "og:pubdate": ("published", "opengraph"),
    "parsely-pub-date": ("published", "meta"),
    "sailthru.date": ("published", "meta"),
    "datepublished": ("published", "meta"),
    "pubdate": ("published", "meta"),
    "publishdate": ("published", "meta"),
    "publish-date": ("published", "meta"),
    "publish_date": ("published", "meta"),
    "publication_date": ("published", "meta"),
    "date": ("published", "meta"),
    "dc.date": ("published", "meta"),
    "dc.date.issued": ("published", "meta"),
    "dc.date.created": ("published", "meta"),
    "dcterms.date": ("published", "meta"),
    "dcterms.created": ("published", "meta"),
    "cxenseparse:recs:publishtime": ("published", "meta"),
    "article.published": ("published", "meta"),
    "displaydate": ("published", "meta"),
    "article:modified_time": ("modified", "opengraph"),
    "og:updated_time": ("modified", "opengraph"),
    "datemodified": ("modified", "meta"),
    "dcterms.modified": ("modified", "meta"),
    "article:section": ("section", "opengraph"),
    "cxenseparse:recs:category": ("section", "meta"),
    "article:author": ("authors", "opengraph"),
    "author": ("authors", "meta"),
    "parsely-author": ("authors", "meta"),
    "sailthru.author": ("authors", "meta"),
    "dc.creator": ("authors", "meta"),
    "dcterms.creator": ("authors", "meta"),
    "article:tag": ("tags", "opengraph"),
    "og:image": ("photos", "opengraph"),
    "og:image:url": ("photos", "opengraph"),
    "og:image:secure_url": ("photos", "opengraph"),
    "twitter:image": ("photos", "meta"),
    "og:type": ("type", "opengraph"),
    "og:site_name": ("site_name", "opengraph"),
}
_ITEM_FIELDS = {
    "headline": "headline",
    "datepublished": "published",
    "datecreated": "published",
    "datemodified": "modified",
    "articlesection": "section",
    "author": "authors",
}
_TRUST = ("json-ld", "opengraph", "microdata", "meta", "time")


@dataclass(frozen=True, slots=True)
class Said:
    """One value and the witness that gave it: `json-ld`, `opengraph`, `meta`, `microdata`, `time`."""

    value: str
    witness: str


@dataclass(frozen=True, slots=True)
class Structured:
    """What a page says of itself; by field, the most trusted witness first.

    Fields are headline, lead, published, modified, section, authors, tags, photos, body, type,
    site_name. `is_article` tells that JSON-LD calls the page an article.
    """

    said: Mapping[str, tuple[Said, ...]] = field(default_factory=dict)
    is_article: bool = False

    def of(self, name: str) -> tuple[Said, ...]:
        """All testimony on a field."""
        return self.said.get(name, ())

    def by(self, name: str, witness: str) -> tuple[str, ...]:
        """What one witness says of a field."""
        return tuple(each.value for each in self.of(name) if each.witness == witness)


def read_structured(parsed: ParsedPage) -> Structured:
    """The page's structured data; a broken script is as good as none."""
    told = list(_from_metas(parsed.root))
    is_article, from_scripts = _from_scripts(parsed.root)
    told += [(name, Said(text, "json-ld")) for name, text in from_scripts]
    told += _from_items(parsed.root)
    return Structured(_by_field(told), is_article)


def read_json_ld(parsed: ParsedPage) -> Structured:
    """Of the structured data JSON-LD alone, which costs a fraction of all."""
    if b"ld+json" not in parsed.page.body:
        return Structured()
    is_article, told = _from_scripts(parsed.root)
    return Structured(_by_field((name, Said(text, "json-ld")) for name, text in told), is_article)


def _by_field(told: Iterable[tuple[str, Said]]) -> dict[str, tuple[Said, ...]]:
    said: dict[str, list[Said]] = {}
    for name, value in told:
        said.setdefault(name, []).append(value)
    return {
        name: tuple(sorted(dict.fromkeys(values), key=lambda each: _TRUST.index(each.witness)))
        for name, values in said.items()
    }


def _from_scripts(root: HtmlElement) -> tuple[bool, list[tuple[str, str]]]:
    """Whether JSON-LD calls the page an article, and what it says of it."""
    things = list(_things(root))
    articles = [thing for thing in things if _is_type(thing, _ARTICLE_TYPE)]
    if articles:
        return True, list(_from_article(_main_of(articles), things))
    pages = [thing for thing in things if _is_type(thing, _PAGE_TYPE)]
    dates = (("published", "datePublished"), ("modified", "dateModified"))
    return False, [
        (name, text) for page in pages for name, key in dates if (text := _text(page.get(key)))
    ]


def _from_metas(root: HtmlElement) -> Iterator[tuple[str, Said]]:
    for meta in _METAS(root):
        content = clean_text(unescape(meta.get("content")))
        if not content or _UNFILLED.search(content):
            continue
        for attribute in ("property", "name", "itemprop"):
            known = _META_FIELDS.get(meta.get(attribute, "").strip().lower())
            if known is not None:
                if attribute != "itemprop" or not _is_of_other_thing(meta):
                    yield known[0], Said(content, known[1])
                break


def _from_items(root: HtmlElement) -> Iterator[tuple[str, Said]]:
    """Microdata and `time` elements; the first of a kind stands for the article."""
    seen: set[str] = set()
    for node in _MICRODATA(root)[:_MOST_THINGS]:
        name = _ITEM_FIELDS.get(node.get("itemprop").strip().lower())
        if name is None or name in seen or (node.tag == "meta" and name == "authors"):
            continue
        if _is_of_other_thing(node):
            continue
        value = node.get("content") or node.get("datetime") or text_of(node)
        if value := clean_text(value):
            seen.add(name)
            yield name, Said(value, "microdata")
    times = [each for each in _TIMES(root) if not _is_of_comment(each)]
    own = [
        each
        for each in times
        if "pubdate" in each.attrib or re.search(r"publish|entry-date", each.get("class", ""))
    ]
    for node in (own or times)[:1]:
        yield "published", Said(clean_text(node.get("datetime")), "time")


def _is_of_other_thing(node: HtmlElement) -> bool:
    """Whether a property describes a comment, a product or the like, not the article."""
    scope = next((each for each in node.iterancestors() if "itemscope" in each.attrib), None)
    return scope is not None and bool(_OTHER_TYPE.search(scope.get("itemtype", "")))


def _is_of_comment(node: HtmlElement) -> bool:
    """Whether a node stands among the comments of readers, or beside the article."""
    return any(
        each.tag in {"aside", "footer", "nav"}
        or _COMMENTS.search(f"{each.get('class', '')} {each.get('id', '')}")
        for each in node.iterancestors()
        if each.tag not in {"body", "html"}
    )


def _from_article(
    thing: Mapping[str, Any], things: list[Mapping[str, Any]]
) -> Iterator[tuple[str, str]]:
    texts = {
        "headline": thing.get("headline") or thing.get("name"),
        "lead": thing.get("description"),
        "published": thing.get("datePublished")
        or thing.get("dateCreated")
        or thing.get("uploadDate"),
        "modified": thing.get("dateModified"),
        "section": thing.get("articleSection"),
        "body": thing.get("articleBody"),
    }
    for name, value in texts.items():
        if text := _text(value, keeps_lines=name == "body"):
            yield name, text
    for name in _names(thing.get("author"), things):
        yield "authors", name
    for tag in _listed(thing.get("keywords")):
        yield "tags", tag
    for address in _addresses(thing.get("image"), things):
        yield "photos", address


def _things(root: HtmlElement) -> Iterator[Mapping[str, Any]]:
    """The objects of all JSON-LD scripts, from any depth of lists, graphs and main entities."""
    count = 0
    for script in _SCRIPTS(root)[:_MOST_SCRIPTS]:
        pending = [(_loaded(string_of(script)), 0)]
        while pending and count < _MOST_THINGS:
            value, depth = pending.pop(0)
            if isinstance(value, list):
                pending += [(each, depth + 1) for each in value[:_MOST_THINGS]]
            elif isinstance(value, dict) and depth < _DEEPEST:
                count += 1
                yield value
                inner = (
                    value.get(key)
                    for key in ("@graph", "mainEntity", "mainEntityOfPage", "liveBlogUpdate")
                )
                pending += [(each, depth + 1) for each in inner if isinstance(each, (list, dict))]


def _loaded(text: str) -> object:
    """The JSON of a script; line ends inside strings, comments and trailing commas are forgiven."""
    if len(text) > _LONGEST_SCRIPT_CHARS:
        return None
    text = text.strip().removeprefix("<!--").removesuffix("-->").strip()
    text = re.sub(r"^(?://)?\s*<!\[CDATA\[|(?://)?\s*\]\]>$", "", text).strip().rstrip(";")
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", _CONTROL.sub(" ", text))):
        try:
            return orjson.loads(attempt)
        except orjson.JSONDecodeError:
            continue
    return None


def _main_of(articles: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The article with most said of it; the others are teasers of related items."""
    return max(articles, key=lambda each: ("headline" in each, "datePublished" in each, len(each)))


def _is_type(thing: Mapping[str, Any], pattern: re.Pattern[str]) -> bool:
    types = thing.get("@type")
    names = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and pattern.search(name) for name in names)


def _text(value: object, *, keeps_lines: bool = False) -> str:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if not isinstance(value, str) or _UNFILLED.search(value):
        return ""
    text = (
        re.sub(r"<[^<>]{1,200}>", " ", unescape(value)) if "<" in value or "&" in value else value
    )
    return "\n".join(map(clean_text, text.splitlines())) if keeps_lines else clean_text(text)


def _names(value: object, things: list[Mapping[str, Any]]) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        named = _referred(each, things)
        if isinstance(named, dict) and _is_type(named, re.compile(r"Organization$")):
            continue
        if name := _text(named):
            yield name


def _listed(value: object) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        for part in re.split(r"[,;]", _text(each)):
            if tag := part.strip():
                yield tag


def _addresses(value: object, things: list[Mapping[str, Any]]) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        shown = _referred(each, things)
        if isinstance(shown, dict):
            shown = shown.get("url") or shown.get("contentUrl")
        if isinstance(shown, list):
            shown = shown[0] if shown else None
        if isinstance(shown, str) and shown.strip():
            yield shown.strip()


def _referred(value: object, things: list[Mapping[str, Any]]) -> object:
    """What an object that only names an `@id` refers to in the same page."""
    if isinstance(value, dict) and len(value) == 1 and "@id" in value:
        return next(
            (thing for thing in things if thing.get("@id") == value["@id"] and len(thing) > 1),
            value,
        )
    return value
