"""Chooses the headline among what a page prints and what it tells machines and search engines.

The h1 is the headline, where it says the same as the page's testimony in whole or in good part;
elsewhere it is the site's name or the section, and the heading that testimony repeats is taken.
Without either, the witnesses vote. The printed form wins, without the kicker that stands in an
element of its own, and testimony loses the site's name.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from pipelines.headlines import clean_headline
from pipelines.letters import folded, letters_of
from pipelines.parsing import ParsedPage, absolute_url, clean_text, stands_aside, string_of, text_of
from pipelines.structured import Structured

_MOST_HEADINGS = 80
_LONGEST_HEADLINE_CHARS = 400
_SHORTEST_AGREEMENT_CHARS = 8
_SITE_NAME_CHARS = 30
_KICKER_CHARS = 70
_WHOLE_TITLE_COST = 0.7  # the title element mostly names the site too
_OVERLAP = 0.5  # of the words of the shorter: the same headline in other words
_WORDS_OF_A_SENTENCE = 4  # an h1 of fewer words that nothing repeats is a section or a name
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
_TOLD = frozenset({"json-ld", "opengraph", "meta"})
_TITLES = frozenset({"title", "title-part"})

_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4"})
_TITLE = etree.XPath("string(/html/head/title)", smart_strings=False)
_CANONICAL = etree.XPath("string((//link[@rel='canonical'])[1]/@href)", smart_strings=False)
_SEPARATORS = " \t|–—·»•:/-›<>"
_SUFFIX = re.compile(r"\s+(?:[|–—·»•:/›-]|::|\|\|)+\s+")
_KICKER = re.compile(
    r"kicker|topline|toptitle|overline|dachzeile|roofline|titleheader|spitzmarke|sub-?title|subline|topic|label"
    r"|rubri|eyebrow|pre-?title|super-?title|h1small",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"categor|section|date|time|visually-?hidden|\baural\b|sr-only|screen-reader", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Found:
    """A value, the witness that gave it, and the node that prints it, if one does."""

    value: str
    witness: str
    node: HtmlElement | None = None


def find_headline(parsed: ParsedPage, structured: Structured) -> Found | None:
    """The headline on which the page's witnesses agree, in its printed form where it is printed."""
    title = clean_text(_TITLE(parsed.root))
    printed = list(_printed_headings(parsed, structured))
    told = list(_told_headlines(parsed, structured, title, printed))
    chosen = _printed_choice(printed, told) or _by_vote(printed, told, title)
    if chosen is None:
        return None
    if chosen.node is None:
        chosen = replace(chosen, node=_node_of(chosen.value, printed))
    chosen = _completed(chosen, structured, title)
    return replace(chosen, value=clean_headline(chosen.value))


def _printed_choice(printed: Sequence[Found], told: Sequence[Found]) -> Found | None:
    """The heading that is the headline because testimony repeats it; of several the largest."""
    keys = [folded(each.value) for each in told]
    headings = [each for each in printed if each.witness == "h1"]
    shared = {folded(each.value) for each in told if each.witness == "opengraph"}
    for each in sorted(headings, key=lambda each: folded(each.value) not in shared):
        key = folded(each.value)
        if any(key.startswith(other) or other.startswith(key) for other in shared):
            return each
    for each in printed:  # below an h1 for search engines
        if folded(each.value) in shared and len(_words(each.value)) >= _WORDS_OF_A_SENTENCE:
            return each
    for each in headings:
        if any(_agree(folded(each.value), key) for key in keys):
            return each
    likest = max(headings, key=lambda each: _likeness(each.value, told), default=None)
    is_like = likest is not None and _likeness(likest.value, told) >= _OVERLAP
    is_long = likest is not None and len(_words(likest.value)) >= _WORDS_OF_A_SENTENCE
    repeated = next((each for each in printed if folded(each.value) in keys), None)
    if likest is not None and (is_like if repeated is not None else is_like or is_long):
        own = len(_words(likest.value))
        if repeated is None or own >= min(_WORDS_OF_A_SENTENCE, len(_words(repeated.value))):
            return likest
    if repeated is not None and len(folded(repeated.value)) >= _SHORTEST_AGREEMENT_CHARS:
        return repeated
    return None


def _completed(chosen: Found, structured: Structured, title: str) -> Found:
    """The headline with its kicker where JSON-LD calls both together so and the page prints both.

    The kicker stands in the heading's node, or is the last thing before it.
    """
    if chosen.node is None:
        return chosen
    chosen = _without_glued_kicker(chosen, structured, title)
    whole, own = letters_of(text_of(chosen.node)), letters_of(chosen.value)
    for said in structured.by("headline", "json-ld"):
        value = _without_known_name(said, structured)
        value = next((part for part in _heads_of(value) if letters_of(part) == whole), value)
        letters = letters_of(value)
        kicker = letters.removesuffix(own)
        if letters == own or not letters.endswith(own) or len(_words(value)) < 2:
            continue
        if letters == whole or (
            len(kicker) >= _SHORTEST_AGREEMENT_CHARS and kicker in _before(chosen.node)
        ):
            return replace(chosen, value=value)
    return chosen


def _without_glued_kicker(chosen: Found, structured: Structured, title: str) -> Found:
    """The headline without what stands before it in the same node, where it is told without it."""
    if chosen.node is None or len(chosen.node) == 0:
        return chosen
    own = folded(chosen.value).strip(_SEPARATORS)
    for value in (*(said.value for said in structured.of("headline")), title):
        key = folded(value)
        is_rest = own.endswith(f" {key}") and len(own) - len(key) <= _KICKER_CHARS
        if is_rest and len(_words(value)) >= _WORDS_OF_A_SENTENCE:
            return replace(chosen, value=value)
    return chosen


def _heads_of(value: str) -> Iterator[str]:
    """A text without its last part, without its last two, and so on."""
    return (value[: end.start()] for end in _SUFFIX.finditer(value))


def _before(node: HtmlElement) -> set[str]:
    """What the few nodes before a heading say, in letters alone."""
    near = list(node.itersiblings(preceding=True))[:2]
    parent = node.getparent()
    near += list(parent.itersiblings(preceding=True))[:2] if parent is not None else []
    return {
        letters_of(text_of(each))
        for each in near
        if isinstance(each.tag, str) and len(each) <= 3 and len(string_of(each)) < 400
    }


def _by_vote(printed: Sequence[Found], told: Sequence[Found], title: str) -> Found | None:
    """The candidate on which most agree."""
    candidates = [*printed, *told]
    candidates += [Found(title, "title")] if title else []
    if not candidates:
        return None
    keys = [folded(each.value) for each in candidates]
    best = max(range(len(candidates)), key=lambda index: _standing(index, candidates, keys))
    same = (each for each, key in zip(candidates, keys, strict=True) if key == keys[best])
    return next((each for each in same if each.node is not None), candidates[best])


def _node_of(value: str, printed: Sequence[Found]) -> HtmlElement | None:
    """The heading that stands where the headline would: one that agrees with it, else the likest."""
    key = folded(value)
    for each in printed:
        if _agree(key, folded(each.value)):
            return each.node
    own = [Found(value, "title")]
    likest = max(printed, key=lambda each: _likeness(each.value, own), default=None)
    return likest.node if likest and _likeness(likest.value, own) >= _OVERLAP else None


def _printed_headings(parsed: ParsedPage, structured: Structured) -> Iterator[Found]:
    own = own_paths(parsed)
    site_names = {folded(each.value) for each in structured.of("site_name")}
    for node in islice(filter(_is_heading, parsed.elements), _MOST_HEADINGS):
        if len(string_of(node)) > 10 * _LONGEST_HEADLINE_CHARS:
            continue
        text = _headline_of(node)
        if not 3 <= len(text) <= _LONGEST_HEADLINE_CHARS or folded(text) in site_names:
            continue
        if not stands_aside(node) and not leads_elsewhere(node, parsed.base_url, own):
            text = _without_known_name(text, structured)
            yield Found(text, node.tag if node.tag in _HEADING_TAGS else "heading", node)


def _is_heading(node: HtmlElement) -> bool:
    if node.tag in _HEADING_TAGS or node.get("itemprop") == "headline":
        return True
    return "title" in node.get("class", "") and node.tag != "a"


def _headline_of(node: HtmlElement) -> str:
    """The text of a heading without the kicker, date or section that stands in an element of its own."""
    text = text_of(node)
    for each in node.iter(etree.Element) if len(node) else ():
        names = each.get("class", "")
        is_beside = each.tag in {"small", "time"} or _BESIDE.search(names) is not None
        if each is node or not (is_beside or _KICKER.search(names)):
            continue
        part = text_of(each)
        if not part or len(part) > _KICKER_CHARS:
            continue
        cut = text.removeprefix(part)
        if cut == text and is_beside:
            cut = text.removesuffix(part)
        cut = cut.strip(_SEPARATORS) if cut != text else text
        if len(_words(cut)) > 1 and (is_beside or len(cut) >= len(part)):
            text = cut
    return text


def leads_elsewhere(heading: HtmlElement, base_url: str, own: frozenset[str]) -> bool:
    """Whether a heading is a link to another page: the site's name, or the teaser of another item.

    own  the paths of the page itself
    """
    link = next(heading.iter("a"), None)
    if link is None:
        link = next(heading.iterancestors("a"), None)
    url = absolute_url(base_url, link.get("href")) if link is not None else None
    return url is not None and urlsplit(url).path.rstrip("/") not in own


def own_paths(parsed: ParsedPage) -> frozenset[str]:
    """The paths under which a page goes: its address and its canonical one."""
    told = absolute_url(parsed.base_url, str(_CANONICAL(parsed.root)))
    urls = (parsed.page.url, told or "")
    return frozenset(urlsplit(each).path.rstrip("/") for each in urls) - {""}


def _told_headlines(
    parsed: ParsedPage, structured: Structured, title: str, printed: Sequence[Found]
) -> Iterator[Found]:
    """What machines are told, without the site's name: a part that is called so, or that the title has more."""
    shown = {folded(each.value) for each in printed}
    whole = {letters_of(text_of(each.node)) for each in printed if each.node is not None}
    for said in structured.of("headline"):
        value = _without_known_name(said.value, structured)
        is_template = folded(said.value) == folded(title) and folded(value) not in shown
        is_template = is_template and letters_of(value) not in whole
        yield Found(_without_site_name(value, parsed) if is_template else value, said.witness)
    if title:
        value = _without_known_name(title, structured)
        bare = value if folded(value) in shown else _without_site_name(value, parsed)
        yield Found(bare, "title-part")
        for part in _SUFFIX.split(value):
            if part != bare:
                yield Found(part, "title-part")


def _without_known_name(text: str, structured: Structured) -> str:
    """The text without the site's name at its end or beginning, where a separator parts them."""
    for said in structured.of("site_name"):
        name = said.value
        for cut in (text.removesuffix(name), text.removeprefix(name)):
            bare = cut.strip(_SEPARATORS)
            if cut != text and bare and cut.strip() != bare:
                return bare
    return text


def _without_site_name(title: str, parsed: ParsedPage) -> str:
    """The title without its part that names the host; failing that its longer part."""
    ends = list(_SUFFIX.finditer(title))
    if not ends:
        return title
    before, after = title[: ends[-1].start()], title[ends[0].end() :]
    host = letters_of(urlsplit(parsed.page.url).hostname or "").removeprefix("www")
    for name, rest in ((title[ends[-1].end() :], before), (title[: ends[0].start()], after)):
        if len(letters_of(name)) > 2 and letters_of(name) in host:
            return rest
    return max(before, after, key=len)


def _standing(index: int, candidates: Sequence[Found], keys: Sequence[str]) -> tuple[float, float]:
    """How well a candidate stands: what the others say of it, then how much its witness counts."""
    own, key = candidates[index], keys[index]
    support = {
        each.witness for each, other in zip(candidates, keys, strict=True) if _agree(key, other)
    }
    told = len(support & _TOLD) + bool(support & _TITLES) / 2
    printed = 1.0 if support & {"h1"} else 0.6 if support - _TOLD - _TITLES else 0.0
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


def _likeness(text: str, told: Sequence[Found]) -> float:
    """The largest share of common words with any testimony, of the words of the shorter."""
    own = _words(text)
    shares = (
        len(own & words) / min(len(own), len(words))
        for each in told
        if (words := _words(each.value)) and own
    )
    return max(shares, default=0.0)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", folded(text)))
