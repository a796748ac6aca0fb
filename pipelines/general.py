"""The general path to a body, for pages that no rule answers: trafilatura and our own walk together.

trafilatura says which paragraphs are the article's; they are found again in the page's own tree,
and the node that holds most of them is read by the same walk as a rule's body, so that tables,
lists, embeds and photos between them are kept in order. Where the two disagree too much,
trafilatura's own text is taken.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from archive.article import BlockKind
from pipelines.blocks import Draft, blocks_of_text, read_drafts
from pipelines.parsing import ParsedPage, string_of
from pipelines.structured import Structured
from pipelines.trimming import ends_sentence, is_of_site

log = logging.getLogger(__name__)

_DEEPEST = 400  # levels of nesting; trafilatura and its copies recurse
_IS_TOO_DEEP = etree.XPath(f"boolean(/{'*/' * _DEEPEST}*)")
_NO_WORD = re.compile(r"\W+")
_KEY_CHARS = 60
_SHORTEST_KEY_CHARS = 12
_SHORTEST_PROSE_CHARS = 80
_HOLDS_MOST = 0.85  # of the text that was found again
_MATTER = frozenset({BlockKind.LIST, BlockKind.TABLE})
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
    theirs = _read_by_trafilatura(parsed)
    node = locate(parsed.root, [draft.block.text for draft in theirs])
    if node is not None and (ours := _between(read_drafts(node), theirs)):
        return GeneralBody(ours, node, "blocks")
    said = structured.by("body", "json-ld")
    chars = sum(len(draft.block.text) for draft in theirs)
    if said and len(said[0]) > (2 * chars if node is not None else 0.8 * chars):
        return GeneralBody(blocks_of_text(said[0]), node, "json-ld")
    return GeneralBody(theirs, node, "trafilatura")


def locate(root: HtmlElement, texts: Sequence[str]) -> HtmlElement | None:
    """The deepest node of the tree that holds most of these paragraphs, None where few are found."""
    wanted = {key: len(text) for text in texts if len(key := _key_of(text)) >= _SHORTEST_KEY_CHARS}
    weights: Counter[HtmlElement] = Counter()
    depths: dict[HtmlElement, int] = {}
    found = 0
    for key, node in _keyed_nodes(root):
        weight = wanted.pop(key, 0)
        if not weight:
            continue
        found += weight
        chain = [*node.iterancestors()]
        for height, ancestor in enumerate(chain):
            weights[ancestor] += weight
            depths[ancestor] = len(chain) - height
        if node.tag not in _OWN_TAGS:
            weights[node] += weight
            depths[node] = len(chain) + 1
    total = found + sum(wanted.values())
    if not found or found < 0.6 * total:
        return None
    holders = [node for node, weight in weights.items() if weight >= _HOLDS_MOST * found]
    return max(holders, key=lambda node: depths[node], default=None)


def _keyed_nodes(root: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    for node in root.iter(*_TEXT_TAGS):
        if node.tag in _OWN_TAGS:
            yield _key_of(string_of(node)), node
        elif node.text and not node.text.isspace():
            yield _key_of(node.text if len(node.text) > 2 * _KEY_CHARS else string_of(node)), node


def _key_of(text: str) -> str:
    return _NO_WORD.sub("", text[: 4 * _KEY_CHARS])[:_KEY_CHARS]


def _between(ours: tuple[Draft, ...], theirs: tuple[Draft, ...]) -> tuple[Draft, ...]:
    """Our drafts from the first to the last that trafilatura knows too; none where they differ much.

    Between them only what reads like prose, heads it or is matter stays without its testimony:
    captions, buttons and notices of the site are short and end like no sentence.
    """
    known = "\n".join(_squeezed(draft.block.text) for draft in theirs)
    shares = [_squeezed(draft.block.text)[:_KEY_CHARS] in known for draft in ours]
    if True not in shares:
        return ()
    begin, end = shares.index(True), len(shares) - shares[::-1].index(True)
    while end < len(ours) and _is_matter(ours[end]):
        end += 1
    span = [*zip(ours, shares, strict=True)][begin:end]
    kept = tuple(draft for draft, is_shared in span if is_shared or _stands_alone(draft))
    theirs_chars = sum(len(draft.block.text) for draft in theirs)
    own = [draft.block for draft in kept if not is_of_site(draft)]
    all_chars = sum(len(block.text) for block in own)
    prose_chars = sum(len(block.text) for block in own if block.kind not in _MATTER)
    is_alike = all_chars >= 0.8 * theirs_chars and prose_chars <= 1.5 * theirs_chars + 500
    return kept if is_alike else ()


def _stands_alone(draft: Draft) -> bool:
    """Whether a block that trafilatura leaves out may be the article's all the same."""
    block = draft.block
    if block.kind in {BlockKind.PARAGRAPH, BlockKind.QUOTE}:
        return (
            len(block.text) >= _SHORTEST_PROSE_CHARS
            and not draft.is_link
            and ends_sentence(block.text)
        )
    return not draft.is_link


def _is_matter(draft: Draft) -> bool:
    """Whether a block is a list or a table with something to say: trafilatura leaves many out."""
    return draft.block.kind in _MATTER and draft.link_chars == 0


def _squeezed(text: str) -> str:
    return _NO_WORD.sub("", text)


def _read_by_trafilatura(parsed: ParsedPage) -> tuple[Draft, ...]:
    if _IS_TOO_DEEP(parsed.root):
        return ()
    from trafilatura import bare_extraction  # half a second to import; most pages have rules

    try:
        document = bare_extraction(
            parsed.root,
            url=parsed.page.url,
            include_comments=False,
            include_tables=False,
            with_metadata=False,
        )
    except Exception as error:  # noqa: BLE001  # a page that breaks it must not end the crawl
        log.warning("trafilatura failed", extra={"url": parsed.page.url, "error": repr(error)})
        return ()
    body = getattr(document, "body", None)  # None too where trafilatura finds nothing
    return read_drafts(body) if body is not None else ()
