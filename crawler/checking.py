"""Explains a source's reading of one page, field by field: for whoever writes or mends its file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from archive.article import Article, Moment, PageKind
from crawler.source import Source
from crawler.suggesting import SUGGESTED, ReadPage, finds, suggest_rule
from pipelines.addresses import is_article_address
from pipelines.extract import read_article
from pipelines.items import Page
from pipelines.layouts import View, choose_layouts
from pipelines.parsing import ParsedPage, parse_page
from pipelines.rules import Layout

_SHOWN_CHARS = 100
_RULE_OF_FIELD = {  # where the article's field has another name than the layout's
    "published": "date",
    "text": "body",
    "markers": "badges",
}
_WANTED = frozenset({"headline", "published", "text", "language"})  # what an article should have


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCheck:
    """One selector of a field's rule, and how often it finds something on the page."""

    selector: str
    matches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCheck:
    """What was read of one field.

    value      as it can be shown in a line, or None where the page gave nothing
    found_by   what found it, such as `rule:body`, `json-ld`; None where nothing did
    rules      the selectors that were asked, in their order
    doubt      what its author should look at, such as a rule of the source that found nothing
    suggested  a selector that would find it, where one element alone holds it
    """

    field: str
    value: str | None
    found_by: str | None = None
    rules: tuple[RuleCheck, ...] = ()
    doubt: str | None = None
    suggested: str | None = None


def check_source(source: Source, page: Page) -> tuple[FieldCheck, ...]:
    """What the source's rules find on a page, a check a field, the page's kind first.

    Raises:
        PageError: the page cannot be read at all.
    """
    parsed = parse_page(page)
    article = read_article(parsed, source.site)
    has_shape = is_article_address(page.url, source.site)
    kind = FieldCheck(
        field="kind",
        value=article.kind.value,
        found_by=article.reason,
        doubt=None if has_shape else "the address matches none of the source's article patterns",
    )
    layout = layout_on(parsed, source)
    checks = [_check(name, article, layout, parsed) for name in _SHOWN]
    if article.kind is not PageKind.ARTICLE:
        return (kind, *(replace(each, doubt=None) for each in checks))
    suggested = _suggestions(source, ReadPage(parsed, article), checks)
    return (
        kind,
        *_layout_check(source, layout),
        *(replace(each, suggested=suggested.get(each.field)) for each in checks),
    )


def layout_on(parsed: ParsedPage, source: Source) -> Layout | None:
    """The layout that reads a page: the first that finds a body, else the first with a headline."""
    view = View(parsed)
    layouts = list(choose_layouts(parsed, source.site, view))
    with_body = (each for each in layouts if each.body(view) is not None)
    with_headline = (each for each in layouts if each.texts("headline", view))
    found = next(with_body, None) or next(with_headline, None)
    return found.layout if found else None


def page_of_file(file: Path, url: str) -> Page:
    """The page that a saved file holds, as captured when the file was last written."""
    captured_at = datetime.fromtimestamp(file.stat().st_mtime, tz=UTC)
    return Page(url=url, captured_at=captured_at, body=file.read_bytes())


def shown_value(name: str, article: Article) -> str:
    """A field of an article in one line, cut where it is long; empty where there is nothing."""
    value = " ".join(_SHOWN[name](article).split())
    return f"{value[:_SHOWN_CHARS]}…" if len(value) > _SHOWN_CHARS else value


def _check(name: str, article: Article, layout: Layout | None, parsed: ParsedPage) -> FieldCheck:
    shown, found_by = shown_value(name, article), article.provenance.get(name)
    rule = _RULE_OF_FIELD.get(name, name)
    selectors: tuple[str, ...] = getattr(layout, rule, ())
    rules = tuple(
        RuleCheck(selector=each, matches=len(finds(each, parsed.root))) for each in selectors
    )
    return FieldCheck(
        field=name,
        value=shown or None,
        found_by=found_by if shown else None,
        rules=rules,
        doubt=_doubt(name, rule, rules, shown, found_by or ""),
    )


def _doubt(
    name: str, rule: str, rules: tuple[RuleCheck, ...], shown: str, found_by: str
) -> str | None:
    if rules and not any(each.matches for each in rules):
        return f"the source's rule for {rule} found nothing"
    if rules and name in _WANTED and not found_by.startswith("rule"):
        return f"what the source's rule for {rule} found could not be read"
    if not shown and name in _WANTED:
        return "every article has it; a rule is needed" if rule != "language" else None
    return None


def _suggestions(source: Source, reading: ReadPage, checks: list[FieldCheck]) -> Mapping[str, str]:
    """Selectors for the fields that no rule found, by the name of the article's field."""
    without = {
        each.field: rule
        for each in checks
        if (rule := _RULE_OF_FIELD.get(each.field, each.field)) in SUGGESTED
        and not (each.found_by or "").startswith("rule")
    }
    if not without:
        return {}
    bare = read_article(reading.parsed, replace(source.site, layouts=()))
    found = {
        name: suggest_rule(rule, [ReadPage(reading.parsed, bare)]) for name, rule in without.items()
    }
    return {name: each.selector for name, each in found.items() if each}


def _layout_check(source: Source, layout: Layout | None) -> Iterator[FieldCheck]:
    """Which layout reads the page, where a source has several."""
    if len(source.rules) > 1 or (source.rules and layout is None):
        number = source.rules.index(layout) + 1 if layout else None
        days = "" if layout is None else f"; {layout.since or 'always'} to {layout.until or 'now'}"
        yield FieldCheck(
            field="layout",
            value=f"{number} of {len(source.rules)}{days}" if number else None,
            doubt=None if number else "no layout finds a headline or a body on this page",
        )


def _moment(moment: Moment | None) -> str:
    return "" if moment is None else f"{moment.at} ({moment.precision}; {moment.printed!r})"


_SHOWN: Mapping[str, Callable[[Article], str]] = {
    "canonical_url": lambda article: article.canonical_url,
    "article_id": lambda article: article.article_id or "",
    "headline": lambda article: article.headline,
    "title": lambda article: article.title,
    "markers": lambda article: ", ".join(article.markers),
    "lead": lambda article: article.lead,
    "section": lambda article: article.section,
    "authors": lambda article: ", ".join(article.authors),
    "tags": lambda article: ", ".join(article.tags),
    "language": lambda article: article.language or "",
    "published": lambda article: _moment(article.published),
    "modified": lambda article: _moment(article.modified),
    "text": lambda article: f"{len(article.blocks)} blocks: {article.text}" if article.text else "",
    "attribution": lambda article: ", ".join(
        each.name or each.kind for each in article.attribution
    ),
    "photos": lambda article: " ".join(each.url for each in article.photos),
    "embeds": lambda article: " ".join(each.url for each in article.embeds),
    "doubts": lambda article: "; ".join(article.doubts),
}
