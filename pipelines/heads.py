"""Reads the head of an article without rules: section, tags, lead.

Witnesses are what the page prints and what it tells machines. The headline is chosen in
`pipelines/titles.py`, who wrote it is asked in `pipelines/authors.py`, when it was published in
`pipelines/publication.py`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from pipelines.datelines import names_of, nodes_near
from pipelines.letters import folded
from pipelines.parsing import ParsedPage, string_of, text_of
from pipelines.structured import Structured
from pipelines.titles import Found, leads_elsewhere, own_paths

_SECTION_NAME = re.compile(
    r"categor|kateqor|section|rubri[ckq]|bolme|\bcat\b|news-cat|kicker", re.IGNORECASE
)
_BREADCRUMBS = etree.XPath("(//*[contains(@class, 'breadcrumb')])[1]//a")
_LONGEST_SECTION_CHARS = 40
_LEAD_TAGS = frozenset({"p", "h2", "h3", "div", "span", "strong"})


@dataclass(frozen=True, slots=True)
class Listed:
    """The values of a field that may have several, and the witness that gave them."""

    values: tuple[str, ...]
    witness: str


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
    for node in nodes_near(parsed, headline):
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
    own = own_paths(parsed)
    titles = [
        node for node in parsed.root.iter("h1") if not leads_elsewhere(node, parsed.base_url, own)
    ]
    text = text_of(titles[0]) if len(titles) == 1 else ""
    return text if 1 < len(text) <= _LONGEST_SECTION_CHARS else None


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
