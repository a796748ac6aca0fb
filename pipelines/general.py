"""The general path to a body, for pages that no rule answers: three witnesses read together.

JSON-LD's `articleBody` or, where the page prints less than it says or it says nothing, trafilatura
tells which paragraphs are the article's. They are found again in the page's own tree; the node that
holds most of them, widened to the article's whole prose, is read by the same walk as a rule's body,
so that tables, lists, embeds and photos between them are kept in order, and what no witness knows
stays only where it reads like prose. Where they disagree too much, the witness's own text is taken.
"""

import logging
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import Element, HtmlElement

from archive.article import BlockKind
from archive.errors import PageTooCostly
from pipelines.blocks import Draft, blocks_of_text, read_drafts
from pipelines.boxes import (
    key_of,
    locate,
    noise_in,
    printed_in,
    prose_box,
    prose_in,
    squeezed,
    widened,
)
from pipelines.parsing import ParsedPage, string_of
from pipelines.structured import Structured
from pipelines.trimming import ends_sentence, is_of_site

log = logging.getLogger(__name__)

_DEEPEST = 400  # levels of nesting; trafilatura and its copies recurse
_IS_TOO_DEEP = etree.XPath(f"boolean(/{'*/' * _DEEPEST}*)")
_MOST_ELEMENTS = 5_000
_NO_TEXT = ("script", "style", "template", "svg", "link", "meta", "iframe", "select")
_SHORTEST_PROSE_CHARS = 80
_LONGEST_SAID_CHARS = 100_000
_PRINTED = 0.85  # of what JSON-LD says is the body
_OF_SITE = ("nav", "footer", "aside", "button")
_ENOUGH_CHARS, _FEWEST_CHARS = 800, 300
_MATTER = frozenset({BlockKind.LIST, BlockKind.TABLE})


@dataclass(frozen=True, slots=True)
class GeneralBody:
    """A body and how it was found.

    node     the node of the page's tree that holds it, or None
    witness  `trafilatura`, `blocks` (our walk over that node) or `json-ld`
    """

    drafts: tuple[Draft, ...]
    node: HtmlElement | None
    witness: str


def find_body(parsed: ParsedPage, structured: Structured) -> GeneralBody:
    """The body of a page of an unknown site; without drafts where there is none."""
    theirs, node = _read_by_json_ld(parsed, structured) or _read_by_trafilatura(parsed)
    if node is not None:
        host = urlsplit(parsed.page.url).hostname or ""
        box = widened(node, host)
        skipped = noise_in(box, host)
        drafts = read_drafts(box, skipped=skipped, keeps_posts=True)
        theirs = _without_links_of_site(theirs, drafts)
        if box is node:
            noise = squeezed("\n".join(map(string_of, skipped)))
            texts = (draft.block.text for draft in theirs)
            known = [text for text in texts if key_of(text) not in noise]
        else:
            known = prose_in(box, skipped)
        if ours := _between(drafts, known):
            return GeneralBody(ours, box, "blocks")
    said = structured.by("body", "json-ld")
    chars = sum(len(draft.block.text) for draft in theirs)
    if said and len(said[0]) > (2 * chars if node is not None else 0.8 * chars):
        return GeneralBody(blocks_of_text(said[0]), node, "json-ld")
    return GeneralBody(theirs, node, "trafilatura")


def _without_links_of_site(theirs: tuple[Draft, ...], ours: Sequence[Draft]) -> tuple[Draft, ...]:
    """A witness's drafts without linked headlines of other items; it keeps no links to know them by."""
    of_site = {key_of(draft.block.text) for draft in ours if draft.link_chars and is_of_site(draft)}
    return tuple(draft for draft in theirs if key_of(draft.block.text) not in of_site)


def _between(ours: tuple[Draft, ...], theirs: Sequence[str]) -> tuple[Draft, ...]:
    """Our drafts from the first to the last that is known otherwise; none where they differ much.

    Between them only what reads like prose, heads it or is matter stays without its testimony:
    captions, buttons and notices of the site are short and end like no sentence.
    """
    known = "\n".join(map(squeezed, theirs))
    keys = {*map(key_of, theirs)}
    own_keys = [key_of(draft.block.text) for draft in ours]
    shares = [key in keys or key in known for key in own_keys]
    if True not in shares:
        return ()
    begin, end = shares.index(True), len(shares) - shares[::-1].index(True)
    while begin and _is_prose(ours[begin - 1]):
        begin -= 1
    while end < len(ours) and _is_matter(ours[end]):
        end += 1
    span = [*zip(ours, shares, strict=True)][begin:end]
    kept = tuple(draft for draft, is_shared in span if is_shared or _stands_alone(draft))
    theirs_chars = sum(map(len, theirs))
    own = [draft.block for draft in kept if not is_of_site(draft)]
    all_chars = sum(len(block.text) for block in own)
    prose_chars = sum(len(block.text) for block in own if block.kind not in _MATTER)
    is_alike = all_chars >= 0.8 * theirs_chars and prose_chars <= 1.5 * theirs_chars + 500
    return kept if is_alike else ()


def _stands_alone(draft: Draft) -> bool:
    """Whether a block that trafilatura leaves out may be the article's all the same."""
    if draft.block.kind in {BlockKind.PARAGRAPH, BlockKind.QUOTE}:
        return _is_prose(draft)
    return not draft.is_link


def _is_prose(draft: Draft) -> bool:
    """Whether a block is long and ends as sentences do."""
    text = draft.block.text
    return len(text) >= _SHORTEST_PROSE_CHARS and not draft.is_link and ends_sentence(text)


def _is_matter(draft: Draft) -> bool:
    """Whether a block is a quote, or a list or table with something to say: many are left out."""
    if draft.block.kind is BlockKind.QUOTE:
        return not draft.is_link
    return draft.block.kind in _MATTER and draft.link_chars == 0


def _read_by_json_ld(
    parsed: ParsedPage, structured: Structured
) -> tuple[tuple[Draft, ...], HtmlElement] | None:
    """What JSON-LD says is the body, and the node that holds it; None where the page prints less.

    Its text has no paragraphs most often: those of the page are looked up in it.
    """
    said = structured.by("body", "json-ld")
    if not said or not _ENOUGH_CHARS <= len(said[0]) <= _LONGEST_SAID_CHARS:
        return None
    texts = printed_in(parsed.root, said[0])
    if sum(map(len, texts)) < _PRINTED * len(said[0]):
        return None
    node = locate(parsed.root, texts)
    return (blocks_of_text("\n".join(texts)), node) if node is not None else None


def _read_by_trafilatura(parsed: ParsedPage) -> tuple[tuple[Draft, ...], HtmlElement | None]:
    """What trafilatura reads, and the node that holds it.

    Its main algorithm alone takes half of the time, and a third of that where it is shown the part
    of the page that holds the prose. The others are heard, on the whole page, where it reads little, or
    what is found nowhere in the page: then it has put together pieces, or taken all. Of a huge page the
    main one is heard again: another takes time in the square of a table's cells.
    """
    if _IS_TOO_DEEP(parsed.root):
        return (), None
    drafts: tuple[Draft, ...] = ()
    node = None
    is_huge = len(parsed.elements) > _MOST_ELEMENTS
    for is_fast in (True, False):
        tree = _shown_part(parsed.root) if is_fast else copy(parsed.root)
        left_out = (*_NO_TEXT, *_OF_SITE) if is_fast else _NO_TEXT
        etree.strip_elements(tree, *left_out, with_tail=False)
        drafts = _drafts_of(tree, parsed.page.url, is_fast=is_fast or is_huge)
        texts = [draft.block.text for draft in drafts]
        node = locate(parsed.root, texts)
        if node is not None and _is_enough(parsed.root, sum(map(len, texts))):
            break
    return drafts, node


def _shown_part(root: HtmlElement) -> HtmlElement:
    """A copy of the page without what lies outside the part that holds its prose, if there is one."""
    box = prose_box(root, frozenset(root.iter(*_OF_SITE)))
    if box is None or box.tag in {"html", "body"}:
        return copy(root)
    page, body = Element("html"), Element("body")
    page.append(body)
    body.append(copy(box))
    return page


def _is_enough(root: HtmlElement, chars: int) -> bool:
    """Whether a text is long, or not so short that the page's other prose speaks against it."""
    if chars >= _ENOUGH_CHARS:
        return True
    return chars >= _FEWEST_CHARS and sum(map(len, prose_in(root, ()))) <= 2 * chars


def _drafts_of(tree: HtmlElement, url: str, *, is_fast: bool) -> tuple[Draft, ...]:
    from trafilatura import bare_extraction  # half a second to import; most pages have rules

    try:
        document = bare_extraction(
            tree,
            url=url,
            fast=is_fast,
            include_comments=False,
            include_tables=False,
            with_metadata=False,
        )
    except PageTooCostly:
        raise
    except Exception as error:  # noqa: BLE001  # a page that breaks it must not end the crawl
        log.warning("trafilatura failed", extra={"url": url, "error": repr(error)})
        return ()
    body = getattr(document, "body", None)  # None too where trafilatura finds nothing
    return read_drafts(body) if body is not None else ()
