"""Finds the node of a page's tree that holds an article's text, and what in it is not the article's.

The deepest node that holds most of a text that is known already is its box. Some sites part one
body into several boxes with advertisements between them, or print a live story as many posts, so
that the box holds only the first: then the `article` around it is the box, if it holds clearly
more prose. What is the site's inside a box is told by the names of its elements: authors' cards,
sign-up forms, text for screen readers.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from pipelines.parsing import clean_text, string_of
from pipelines.trimming import ends_sentence

_NO_WORD = re.compile(r"\W+")
_KEY_CHARS = 60
_SHORTEST_KEY_CHARS = 12
_HOLDS_MOST = 0.85  # of the text that was found again
_HOLDS_ALL = 0.95  # of an article's prose
_CLEARLY_MORE = 1.3
_SHORTEST_PROSE_CHARS = 80
_ENOUGH_PROSE_CHARS = 800
_MOST_LOOKED_UP = 10_000  # nodes, so that a huge page ends
_LARGEST_NOISE = 0.25  # of the box's text
_LONGEST_NOISE_CHARS = 1_500
_TEXT_TAGS = (
    "p",
    "li",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "div",
    "td",
    "span",
    "section",
    "article",
    "main",
    "b",
    "strong",
    "font",
    "a",
    "em",
    "i",
    "dd",
    "pre",
    "center",
)
_OWN_TAGS = frozenset({"p", "li", "h2", "h3", "h4", "h5", "h6", "dd", "pre"})
_PARTING = _OWN_TAGS | {"br", "div", "blockquote", "ul", "ol", "table", "section", "article"}
_WORD_START = r"(?:^|[\s_-]|(?<=[a-z])(?=[A-Z]))"
_WORD_END = r"(?=$|[\s_-]|[A-Z0-9])"
_NOISE_NAME = re.compile(
    rf"""{_WORD_START}(?:
        (?i:author|byline|bio|biography|about-?(?:the-)?author|contributors?)
        | (?i:sign-?up|sign-?in|log-?in|register|donat\w+|membership|consent|gdpr)
        | (?i:visually-?hidden|sr-?only|screen-?reader(?:-text)?|a11y|hidden|no-?print|overlay)
        | (?i:gallery|slideshow|carousel|caption|credits?|copyright|lightbox)
        | (?i:most-?(?:read|popular)|trending|popular|more-?(?:from|on|stories)|read-?next|next-?up)
        | (?i:post-?meta|entry-?meta|article-?meta|entry-?footer|post-?footer|article-?footer|footer|timestamp)
        | (?i:jp-relatedposts|related\w*|recirc\w*|recommend\w*|upsell|promo\w*|newsletter\w*|inline-?(?:related|promo))
    ){_WORD_END}""",
    re.VERBOSE,
)
_AUTHORITY = re.compile(r"(?:https?:)?//([^/?#:]+)", re.IGNORECASE)
_MOST_CARD_LINKS = 300
_SHORTEST_HEADLINE_CHARS = 12
_LONGEST_CARD_CHARS = 500
_HIGHEST_CARD = 5  # levels from the link
_IS_CARD = etree.XPath(
    "boolean(descendant-or-self::*[self::img or self::h2 or self::h3 or self::h4 or self::h5"
    " or self::h6][not(ancestor::p)])"
)
_NAMED = etree.XPath("descendant::*[@class or @id or @aria-hidden]")

_CARDS = etree.XPath(
    "descendant::article[.//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5]"
    "[descendant::a[@href] or ancestor::a[@href]]]"
)


def locate(root: HtmlElement, texts: Sequence[str]) -> HtmlElement | None:
    """The deepest node of the tree that holds most of these paragraphs, None where few are found."""
    wanted = {key: len(text) for text in texts if len(key := key_of(text)) >= _SHORTEST_KEY_CHARS}
    weights: Counter[HtmlElement] = Counter()
    depths: dict[HtmlElement, int] = {}
    found = 0
    for key, node, _ in _keyed_nodes(root):
        weight = wanted.pop(key, 0)
        if not weight:
            if not wanted:
                break
            continue
        found += weight
        chain = [*node.iterancestors()]
        for height, ancestor in enumerate(chain):
            weights[ancestor] += weight
            depths[ancestor] = len(chain) - height
        if node.tag not in _OWN_TAGS and node.tag != "br":
            weights[node] += weight
            depths[node] = len(chain) + 1
    total = found + sum(wanted.values())
    if not found or found < 0.6 * total:
        return None
    holders = [node for node, weight in weights.items() if weight >= _HOLDS_MOST * found]
    return max(holders, key=lambda node: depths[node], default=None)


def printed_in(root: HtmlElement, text: str) -> list[str]:
    """The paragraphs of the page that a text without paragraphs is made of."""
    known = squeezed(text)
    paragraphs: dict[str, str] = {}
    for key, _, text in islice(_keyed_nodes(root), _MOST_LOOKED_UP):
        if len(key) >= _SHORTEST_KEY_CHARS and key not in paragraphs and key in known:
            paragraphs[key] = clean_text(text)
    return [*paragraphs.values()]


def widened(box: HtmlElement, host: str) -> HtmlElement:
    """The box, or the node around it that holds the article's whole prose, where it is clearly more."""
    articles = [*box.iterancestors("article")]
    if not articles:
        return box
    article = articles[-1]  # the outermost: posts of a live story are articles in an article
    skipped = noise_in(article, host)
    held: Counter[HtmlElement] = Counter()
    all_chars = 0
    for node, text in _prose(article, skipped):
        all_chars += len(text)
        held.update(dict.fromkeys((node, *node.iterancestors()), len(text)))
    if all_chars < _CLEARLY_MORE * held[box]:
        return box
    around = (node for node in (box, *box.iterancestors()) if held[node] >= _HOLDS_ALL * all_chars)
    return next(around, article)


def prose_box(root: HtmlElement, skipped: Collection[HtmlElement]) -> HtmlElement | None:
    """The node around the deepest one that holds nearly all prose of a page; None where little is.

    What stands beside the prose in the node around it, a lead or a last line, stays within reach.
    """
    held: Counter[HtmlElement] = Counter()
    all_chars = 0
    for node, text in _prose(root, skipped):
        all_chars += len(text)
        held.update(dict.fromkeys(node.iterancestors(), len(text)))
    if all_chars < _ENOUGH_PROSE_CHARS:
        return None
    holders = (node for node, chars in held.items() if chars >= _HOLDS_ALL * all_chars)
    deepest = max(holders, key=lambda node: sum(1 for _ in node.iterancestors()), default=None)
    return None if deepest is None else deepest.getparent()


def noise_in(box: HtmlElement, host: str) -> frozenset[HtmlElement]:
    """The elements inside a box that are the site's: by their names, or cards that lead elsewhere.

    host  of the page; two cards or more side by side lead to other pages of it
    """
    limit = min(len(string_of(box)) * _LARGEST_NOISE, _LONGEST_NOISE_CHARS)
    found = {card for card in _CARDS(box) if len(string_of(card)) <= limit}
    for node in _NAMED(box):
        names = f"{node.get('class', '')} {node.get('id', '')}"
        is_hidden = node.get("aria-hidden") == "true"
        if (is_hidden or _is_noise_name(names)) and len(string_of(node)) <= limit:
            found.add(node)
    return frozenset(found | _cards_side_by_side(box, host))


def _cards_side_by_side(box: HtmlElement, host: str) -> set[HtmlElement]:
    """The elements that each show one other page of the site, by its headline first, among their like.

    A card has a picture or heading beside or around the link, and at most a teaser besides.
    """
    links = [link for link in box.iter("a") if leads_within(link.get("href") or "", host)]
    if len(links) > _MOST_CARD_LINKS:
        return set()
    groups: dict[tuple[HtmlElement, str], set[HtmlElement]] = {}
    for link in links:
        if (card := _card_of(link, box, host)) is not None:
            groups.setdefault((card.getparent(), card.tag), set()).add(card)
    return {card for cards in groups.values() if len(cards) > 1 for card in cards}


def _card_of(link: HtmlElement, box: HtmlElement, host: str) -> HtmlElement | None:
    """The largest element around a headline's link that leads nowhere else and says little more."""
    headline = string_of(link).strip()
    if len(headline) < _SHORTEST_HEADLINE_CHARS:
        return None
    card = None
    for node in islice((link, *link.iterancestors()), _HIGHEST_CARD):
        if node is box:
            break
        text = string_of(node)
        targets = {each.get("href") for each in node.iter("a") if each.get("href")}
        if len(text) > _LONGEST_CARD_CHARS or len(targets) > 1:
            break
        is_first = len(text.partition(headline[:_SHORTEST_HEADLINE_CHARS])[0].strip()) < 20
        if is_first and _IS_CARD(node):
            card = node
    return card


def leads_within(href: str, host: str) -> bool:
    """Whether a link leads to a page of the host, as far as it can be told without its page's address."""
    if href[:1] in {"", "#"} or href.startswith(("javascript:", "mailto:", "tel:")):
        return False
    found = _AUTHORITY.match(href)
    return found is None or found[1].lower().removeprefix("www.") == host.removeprefix("www.")


@lru_cache(maxsize=2_048)
def _is_noise_name(names: str) -> bool:
    return _NOISE_NAME.search(names) is not None


def prose_in(box: HtmlElement, skipped: Collection[HtmlElement]) -> list[str]:
    """The texts of the paragraphs in a box that read like sentences and are not the site's."""
    return [text for _, text in _prose(box, skipped)]


def _prose(
    node: HtmlElement, skipped: Collection[HtmlElement]
) -> Iterator[tuple[HtmlElement, str]]:
    """The paragraphs of a node that read like sentences and are not the site's."""
    for each in node.iter("p", "div", "li", "dd", "td", "blockquote", "section"):
        if each.tag != "p" and (each.text is None or len(each.text) < _SHORTEST_PROSE_CHARS):
            continue
        text = string_of(each).strip()
        if len(text) < _SHORTEST_PROSE_CHARS or not ends_sentence(text):
            continue
        if skipped and any(ancestor in skipped for ancestor in each.iterancestors()):
            continue
        links = sum(len(string_of(link)) for link in each.iter("a"))
        if 2 * links < len(text):
            yield each, text


def _keyed_nodes(root: HtmlElement) -> Iterator[tuple[str, HtmlElement, str]]:
    """The lines of the page: key, element that holds or begins each, and text.

    A line is what a paragraph holds, or what stands before, between and after line breaks.
    """
    for node in root.iter(*_TEXT_TAGS, "br"):
        if node.tag in _OWN_TAGS:
            text = string_of(node) if node.find("br") is None else _line(node.text, node)
        elif node.tag == "br":
            text = _line(node.tail, node.itersiblings())
        else:
            if not node.text or node.text.isspace():
                continue
            text = _line(node.text, node)
        if len(text) >= _SHORTEST_KEY_CHARS:  # most are words of menus: no key is worth its time
            yield key_of(text), node, text


def _line(begin: str | None, following: Iterable[HtmlElement]) -> str:
    """The text from its begin on, up to a line break or a paragraph."""
    parts = [begin or ""]
    for each in following:
        if each.tag in _PARTING:
            break
        if isinstance(each.tag, str):
            parts.append(string_of(each))
        parts.append(each.tail or "")
    return "".join(parts)


def key_of(text: str) -> str:
    """By what a paragraph is found again: its first letters and figures alone."""
    return squeezed(text[: 4 * _KEY_CHARS])[:_KEY_CHARS]


def squeezed(text: str) -> str:
    """A text without white space and punctuation."""
    return _NO_WORD.sub("", text)
