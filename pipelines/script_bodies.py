"""Finds a body that a page keeps for its scripts: in a variable, in its state as JSON, in an attribute.

Such a text is looked for only where the page itself shows no body of substance, and taken only
where it is surely this article's: it stands beside the page's own headline, or no other text comes
near it in length. Where the texts are and how they are read: `pipelines/script_texts.py`.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from html import unescape

from lxml import etree

from archive.errors import PageError
from pipelines.blocks import Draft, blocks_of_text, read_drafts
from pipelines.general import GeneralBody
from pipelines.letters import folded
from pipelines.parsing import ParsedPage, clean_text, parse_page, text_of
from pipelines.rules import Site
from pipelines.script_texts import ESCAPED_MARKUP, MARKUP, ScriptText, texts_in_scripts
from pipelines.structured import Structured

_SUBSTANCE_CHARS = 600  # a page that shows so much text needs no script
_SHORTEST_CHARS = 250
_LONGEST_PARAGRAPH_CHARS = 800  # one paragraph alone is a teaser or a notice unless it is longer
_FEWEST_WORDS = 30
_TIMES_LONGER = 2  # than what the page shows; a page may show its lead
_TIMES_LONGER_THAN_OTHERS = 3
_MOST_PARTS = 50
_BEGINNING_CHARS = 80  # by which the same text is known under two names
_STEM_CHARS = 5
_SHARED_WORDS = 0.4  # of the headline's
_SHORTEST_HEADLINE_CHARS = 12

_TAG = re.compile(r"<[^<>]{0,5000}>")
_BREAK = re.compile(r"<(?:p|br|div|h[1-6]|li|blockquote)[\s/>]|\n", re.IGNORECASE)
_SENTENCE_END = re.compile(r"\w[.!?…]+[\"”»')\]]*(?=\s|<|$)")
_CODE = re.compile(r"[{};=]|=>|\(\)")
_HEADLINES = etree.XPath("/descendant::*[self::title or self::h1]")


def find_script_body(
    parsed: ParsedPage, structured: Structured, shown: GeneralBody, site: Site | None = None
) -> GeneralBody | None:
    """The body that a page keeps for its scripts, None where what it shows is as good.

    shown  the body that the general path found
    site   its rules may name where the body stands: that is believed without a doubt
    """
    shown_chars = sum(len(draft.block.text) for draft in shown.drafts)
    names = {name for layout in site.layouts for name in layout.script} if site else set()
    if names and (ruled := _ruled_body(parsed, names)):
        return ruled
    if shown_chars >= _SUBSTANCE_CHARS:
        return None
    least = max(_SHORTEST_CHARS, _TIMES_LONGER * shown_chars)
    texts = [text for text in texts_in_scripts(parsed.root) if _is_prose(text.value, least)]
    chosen = _chosen(texts, _headlines_of(parsed, structured))
    return _read(chosen, parsed) if chosen else None


def _ruled_body(parsed: ParsedPage, names: Collection[str]) -> GeneralBody | None:
    """The longest text that stands under one of these names."""
    texts = [text for text in texts_in_scripts(parsed.root, names) if text.name in names]
    longest = max(texts, key=lambda text: len(text.value), default=None)
    return _read(longest, parsed) if longest else None


def _headlines_of(parsed: ParsedPage, structured: Structured) -> list[str]:
    told = [said.value for said in structured.of("headline")]
    shown = [text_of(node) for node in _HEADLINES(parsed.root)[:5]]
    return [folded(text) for text in (*told, *shown) if len(text) >= _SHORTEST_HEADLINE_CHARS]


def _chosen(texts: Sequence[ScriptText], headlines: Sequence[str]) -> ScriptText | None:
    """The text that is surely this article's."""
    prose = {_prose_of(text.value): text for text in texts}
    prose = {each: text for each, text in prose.items() if _is_of(folded(each), headlines)}
    if own := [each for each, text in prose.items() if _stands_beside(text, headlines)]:
        return _whole([prose[each] for each in own])
    told = sorted((each for each, text in prose.items() if not text.headlines), key=len)
    if not told:
        return None
    longest = told.pop()
    rivals = [each for each in told if each[:_BEGINNING_CHARS] not in longest]
    if rivals and len(longest) < _TIMES_LONGER_THAN_OTHERS * len(rivals[-1]):
        return None
    return prose[longest]


def _whole(texts: Sequence[ScriptText]) -> ScriptText:
    """The longest of an article's texts, with those of the same name that go before and after it."""
    longest = max(texts, key=lambda text: len(text.value))
    parts = [text.value for text in texts if text.name == longest.name]
    beginnings = [part.strip()[:_BEGINNING_CHARS] for part in parts]
    is_repeated = any(
        beginning in other
        for place, beginning in enumerate(beginnings)
        for other in (*parts[:place], *parts[place + 1 :])
    )
    if is_repeated or len(parts) > _MOST_PARTS:
        return longest
    return ScriptText(longest.name, "\n".join(parts), longest.headlines)


def _is_of(text: str, headlines: Sequence[str]) -> bool:
    """Whether a text speaks of what a headline names: it has enough of its words, endings aside."""
    for headline in headlines:
        stems = {word[:_STEM_CHARS] for word in re.findall(rf"\w{{{_STEM_CHARS},}}", headline)}
        shared = sum(stem in text for stem in stems)
        if shared >= 2 and shared >= _SHARED_WORDS * len(stems):
            return True
    return False


def _stands_beside(text: ScriptText, headlines: Sequence[str]) -> bool:
    for headline in text.headlines:
        own = folded(headline)
        if len(own) >= _SHORTEST_HEADLINE_CHARS and any(
            own in each or each in own for each in headlines
        ):
            return True
    return False


def _read(text: ScriptText, parsed: ParsedPage) -> GeneralBody | None:
    witness = f"script:{text.name}"
    markup = text.value
    if not MARKUP.search(markup) and ESCAPED_MARKUP.search(markup):
        markup = unescape(markup)
    if not MARKUP.search(markup):
        drafts: tuple[Draft, ...] = blocks_of_text(unescape(markup))
        return GeneralBody(drafts, None, witness) if drafts else None
    page = replace(
        parsed.page,
        body=f"<!DOCTYPE html><html><body><div>{markup}</div></body></html>".encode(
            "utf-8", "replace"
        ),
        content_type="text/html; charset=utf-8",
    )
    try:
        body = parse_page(page).root.find("body")
    except PageError:
        return None
    if body is None or not (drafts := read_drafts(body)):
        return None
    return GeneralBody(drafts, body, witness)


def _prose_of(value: str) -> str:
    text = unescape(value) if ESCAPED_MARKUP.search(value) else value
    return clean_text(unescape(_TAG.sub(" ", text)))


def _is_prose(value: str, least: int) -> bool:
    """Whether a value is sentences, enough of them, rather than code, styles, labels or a teaser."""
    if len(value) < least:
        return False
    text = _prose_of(value)
    is_alone = len(_BREAK.findall(unescape(value))) < 2
    if is_alone and len(text) < _LONGEST_PARAGRAPH_CHARS:
        return False
    return (
        len(text) >= least
        and len(text.split()) >= _FEWEST_WORDS
        and len(_SENTENCE_END.findall(text)) >= 2
        and len(_CODE.findall(text)) * 100 < len(text)
    )
