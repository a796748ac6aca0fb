"""Parts an article's own blocks from the site's: counters, calls to subscribe, lists of other news.

A block goes only as a whole. What names the source stays and is marked with its role.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from archive.article import Block, BlockKind
from pipelines.attribution import role_of
from pipelines.blocks import Draft
from pipelines.boilerplate import is_boilerplate
from pipelines.letters import folded

_SENTENCE_END = re.compile(r"[.!?…][”»\"’')\]]*$")
_FULL_STOP = re.compile(r"[.…][”»\"’')\]]*$")
# What stands before and after the linked headline of another item: its time, day, views, a mark.
_STAMPS = re.compile(
    r"(?:\W*\d{1,2} [^\W\d]{3,9}(?:[ ,]+20\d\d)?(?=[\W\d]))?[\W\d]*(.*?)(?:\s[\W\d]*)?",
    re.DOTALL,
)
_COUNTER = re.compile(r"\d[\d .,]{0,8}")  # beside the picture of an eye
_LONGEST_TEASER_CHARS = 220
_FEWEST_TEASER_WORDS = 4
_LONGEST_LABEL_CHARS = 30
_FOLDING_CHARS = 20  # by which folding may change a text's length: spares folding paragraphs
_HEAD_BLOCKS = 5  # section, date and the like may stand above a headline inside a body
_OPENING, _CLOSING = 4, 3  # paragraphs that may be nothing but a mark of their source


def trim(
    drafts: Sequence[Draft], *, headline: str = "", host: str | None = None
) -> tuple[Block, ...]:
    """The blocks of an article without the site's, each with its role.

    headline  of the article; it is no part of the body where it is printed again above it
    host      of the page; decides whether a name is the site's own
    """
    kept = [draft for draft in drafts if not is_of_site(draft)]
    kept = _without_headline(kept, folded(headline))
    while kept and _is_left_over(kept[-1]):
        kept.pop()
    while kept and _is_counter(kept[0]):
        kept.pop(0)
    blocks = [draft.block for draft in kept]
    for index in {*range(_OPENING), *range(len(blocks) - _CLOSING, len(blocks))} & {
        *range(len(blocks))
    }:
        block = blocks[index]
        if block.kind is BlockKind.PARAGRAPH and (role := role_of(block.text, host=host)):
            blocks[index] = replace(block, role=role)
    return tuple(blocks)


def is_of_site(draft: Draft) -> bool:
    """Whether a block is the site's: a boilerplate line, or the linked headline of another item."""
    block = draft.block
    if block.kind is BlockKind.LIST:
        return draft.is_link or all(map(is_boilerplate, block.items))
    if block.kind in {BlockKind.TABLE, BlockKind.UPDATE}:
        return False
    if is_boilerplate(block.text):
        return True
    if not draft.link_chars:
        return False
    if draft.is_link and (draft.links > 1 or _is_teaser(block.text)):
        return _has_headline(block.text)
    return _is_labelled_teaser(draft) or _is_stamped_teaser(draft)


def ends_sentence(text: str) -> bool:
    """Whether a text ends as sentences do, closing quotes and brackets aside."""
    return _SENTENCE_END.search(text) is not None


def _is_labelled_teaser(draft: Draft) -> bool:
    """Whether a line is a short label and the linked headline of another item."""
    label, colon, linked = draft.block.text.partition(":")
    if not colon or not draft.link_chars or len(label) > _LONGEST_LABEL_CHARS:
        return False
    is_linked = draft.link_chars * 10 >= len(linked.replace(" ", "")) * 9
    return is_linked and _is_teaser(linked.strip())


def _is_stamped_teaser(draft: Draft) -> bool:
    """Whether a line is the linked headline of another item with its time, day or count of views."""
    found = _STAMPS.fullmatch(draft.block.text)
    linked = found[1] if found else ""
    is_linked = draft.link_chars * 10 >= len(linked.replace(" ", "")) * 9
    return is_linked and _is_teaser(linked)


def _is_teaser(text: str) -> bool:
    """Whether a linked line reads like a headline: it may ask or call, and has no full stop."""
    return (
        len(text) <= _LONGEST_TEASER_CHARS
        and _has_headline(text)
        and _FULL_STOP.search(text) is None
    )


def _has_headline(text: str) -> bool:
    return text.count(" ") + 1 + text.endswith(("?", "!")) >= _FEWEST_TEASER_WORDS


def _without_headline(drafts: list[Draft], headline: str) -> list[Draft]:
    """The drafts below the headline, where it is printed among the first of them."""
    for index, draft in enumerate(drafts[:_HEAD_BLOCKS] if headline else ()):
        text = draft.block.text
        if abs(len(text) - len(headline)) <= _FOLDING_CHARS and folded(text) == headline:
            return drafts[index + 1 :]
    return drafts


def _is_left_over(draft: Draft) -> bool:
    """Whether a last block has nothing after it that it could head or part, or is only a link or a
    number."""
    kind = draft.block.kind
    return _is_counter(draft) or kind in {BlockKind.HEADING, BlockKind.UPDATE} or draft.is_link


def _is_counter(draft: Draft) -> bool:
    """Whether a block is a bare number, such as one of views."""
    return draft.block.kind is BlockKind.PARAGRAPH and bool(_COUNTER.fullmatch(draft.block.text))
