"""Writes a draft as files: the source with a reason beside each line, its pages, what to expect.

Nothing that exists is ever written over.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from archive.errors import WrongUse
from crawler.drafting import Draft, DraftedRule
from crawler.saved_pages import expected_text, files_of, meta_text
from crawler.source import Source, source_of_text
from crawler.source_schema import SCHEMA_FILE, source_schema
from crawler.suggesting import ReadPage
from pipelines.extract import read_article

_COMMENT_COLUMN = 46
_LONGEST_LINE = 118  # yamllint's limit, less a little
_STEM_CHARS = 40
# Of a page whose headline and body the rules find, these are asked of rules and JSON-LD alone.
_LOST_BESIDE_RULES = frozenset({"lead", "section", "authors", "tags"})
_PLAIN = re.compile(r"/|(?:https?://|/)?[^\W\d_][\w./-]*(?: [\w./-]+)*")
_YAML_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedFiles:
    """What was written, in the order in which a person looks at it.

    source    the source that the draft defines, as the program reads it
    written   the source's file, then of each page three files
    expected  those that hold what a page must give, to be confirmed
    """

    source: Source
    written: tuple[Path, ...]
    expected: tuple[Path, ...]


def write_draft(draft: Draft, articles: Sequence[ReadPage], folder: Path) -> DraftedFiles:
    """The files of a draft in a folder of sources, which is made where it is not there.

    Raises:
        WrongUse: one of the files exists; nothing was written then.
        SourceError: the folder's own family says what it may not.
    """
    text = draft_text(draft, today=datetime.now(UTC).astimezone().strftime("%Y-%m-%d"))
    source = source_of_text(text, draft.name, folder)
    contents: dict[Path, bytes] = {folder / f"{draft.name}.yaml": text.encode()}
    expected: list[Path] = []
    for stem, reading in zip(_stems(articles, source), articles, strict=True):
        html, meta, result = files_of(folder, draft.name, stem)
        article = read_article(reading.parsed, source.site)
        contents[html] = reading.parsed.page.body
        contents[meta] = meta_text(reading.parsed.page).encode()
        contents[result] = expected_text(article).encode()
        expected.append(result)
    _refuse_to_overwrite(contents)
    schema = folder / SCHEMA_FILE
    if not schema.exists():
        told = json.dumps(source_schema(), ensure_ascii=False, indent=2)
        contents[schema] = f"{told}\n".encode()
    for path, content in contents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
    return DraftedFiles(source=source, written=tuple(contents), expected=tuple(expected))


def draft_text(draft: Draft, *, today: str) -> str:
    """The YAML of a draft, with the reason for each line behind it.

    today  the day that it says it was seen, `2026-02-14`
    """
    pages = "one article page" if draft.pages == 1 else f"{draft.pages} article pages"
    lines = [
        f"# yaml-language-server: $schema={SCHEMA_FILE}",
        f"# Drafted by `salname sources new` from {pages}; look at every line.",
        *_identity(draft),
        *_addresses(draft),
        "discovery:",
        *(_line(f"  - {way}: {_quoted(it.value)}", it.why) for way, it in draft.discovery),
        *_rules(draft),
        "seen:",
        "  - by: markup",
        f"    when: {today}",
        f"    what: {pages}",
    ]
    return "\n".join(lines) + "\n"


def _identity(draft: Draft) -> Iterator[str]:
    if draft.family:
        yield _line(f"extends: {draft.family.family}", draft.family.in_words)
    yield f"host: {_quoted(draft.site.hosts[0])}"
    if draft.hosts:
        yield _line(f"hosts: [{', '.join(map(_quoted, draft.hosts))}]", "offered by the pages")
    yield _line(f"publisher: {_quoted(draft.publisher.value)}", draft.publisher.why)
    yield _line(f"kind: {draft.kind.value}", draft.kind.why)
    yield _line(f"language: {draft.language.value}", draft.language.why)
    if draft.site.scheme != "https":
        yield f"scheme: {draft.site.scheme}"


def _addresses(draft: Draft) -> Iterator[str]:
    if draft.patterns or not draft.family:
        yield "articles:"
        if not draft.patterns:
            yield _line("  - '^/.+'", "no pattern was found; write one that articles alone match")
        for each in draft.patterns:
            number = "" if each.has_id else "; no number that stays when the slug changes"
            why = f"of {len(each.examples)} pages and {each.linked} links{number}"
            yield _line(f"  - {_single_quoted(each.pattern)}", why)
    yield "examples:"
    for url in draft.examples:
        yield f"  - {_quoted(url)}"


def _rules(draft: Draft) -> Iterator[str]:
    own = [each for each in draft.rules if each.selectors]
    if own:
        yield "rules:"
    for rule in own:
        yield _line(
            f"  {rule.field}: {_selectors(rule.selectors)}",
            f"on {rule.known} of {draft.pages} pages",
        )
    for rule in draft.rules:
        if not rule.selectors:
            yield f"# {rule.field}: {why_no_rule(rule, draft)}"


def why_no_rule(rule: DraftedRule, draft: Draft) -> str:
    """Why a draft has no rule of its own for a field, in words."""
    if rule.answers and draft.family:
        return f"the family's rule answers on {rule.answers} of {draft.pages} pages"
    if rule.known:
        found = f"found by {', '.join(rule.found_by)} on {rule.known} of {draft.pages} pages"
        is_lost = rule.field in _LOST_BESIDE_RULES and "json-ld" not in rule.found_by
        return f"{found}; no single element holds it" + is_lost * ": write a rule, or it is lost"
    return "not found on any page; if the pages show it, write a rule"


def _selectors(selectors: Sequence[str]) -> str:
    quoted = [_quoted(each) for each in selectors]
    return quoted[0] if len(quoted) == 1 else f"[{', '.join(quoted)}]"


def _line(said: str, why: str) -> str:
    """A line with its reason behind it, or above it where both are too long for one line."""
    whole = f"{said:<{_COMMENT_COLUMN}}  # {why}"
    if len(whole) <= _LONGEST_LINE:
        return whole
    indent = " " * (len(said) - len(said.lstrip()))
    return f"{indent}# {why}\n{said}"


def _quoted(text: str) -> str:
    """A text as a YAML scalar, in quotes where it needs them."""
    is_plain = _PLAIN.fullmatch(text) and text.lower() not in _YAML_WORDS and text == text.strip()
    return text if is_plain else _single_quoted(text)


def _single_quoted(text: str) -> str:
    return "'" + " ".join(text.split()).replace("'", "''") + "'"


def _stems(articles: Sequence[ReadPage], source: Source) -> Iterator[str]:
    """Names of saved pages: the day of the capture, then what the address says, each once."""
    taken: set[str] = set()
    for reading in articles:
        article = read_article(reading.parsed, source.site)
        path = urlsplit(article.canonical_url).path.rstrip("/").rpartition("/")[2]
        slug = re.sub(r"[^a-z0-9]+", "-", path.rpartition(".")[0].lower() or path.lower())
        word = slug.strip("-")[:_STEM_CHARS].strip("-") or article.article_id or "page"
        stem = f"{reading.parsed.page.captured_at:%Y-%m-%d}-{word}"
        while stem in taken:
            stem += "-2"
        taken.add(stem)
        yield stem


def _refuse_to_overwrite(contents: dict[Path, bytes]) -> None:
    for path in contents:
        if path.exists():
            raise WrongUse(
                f"{path} is there already; nothing was written. Move it away or give another --output."
            )
