"""Checks all sources of a folder against themselves and each other, without the network.

A finding is one thing that its author must mend: a file that says what it may not, an example that
its own pattern misses or another source claims, a rule that finds nothing on any saved page of its
family or source, a saved page that is read otherwise than expected.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from urllib.parse import urlsplit

import orjson

from archive.article import Article, BlockKind
from archive.errors import SourceError
from crawler.checking import layout_on
from crawler.families import ruled_fields
from crawler.family_file import homes_of
from crawler.saved_pages import SavedPage, differences, read_saved_pages
from crawler.source import Source, read_sources, source_of_family
from crawler.suggesting import finds
from pipelines.addresses import is_article_address
from pipelines.extract import read_article
from pipelines.layouts import CompiledLayout, compile_layouts
from pipelines.parsing import ParsedPage, parse_page

_SHOWN_CHARS = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to mend: whose it is, what about it, and a sentence."""

    source: str
    about: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was looked at, and what was found."""

    sources: int
    families: int
    pages: int
    findings: tuple[Finding, ...]


def check_folder(folder: Path | None = None) -> Checked:
    """All sources of a folder and its own families; None means the packaged ones.

    Raises:
        SourceError: there is no such folder.
    """
    sources, wrong = read_sources(folder)
    home, (own_families, *_) = homes_of(folder)
    families = _names_of_files(own_families)
    findings = [_of_mistake(line) for line in wrong]
    findings += [each for source in sources.values() for each in _of_source(source, sources)]
    pages = 0
    for source in sources.values():
        seen, told = _of_pages(source, home, folder)
        pages += seen
        findings += told
    for name in families:
        seen, told = _of_family(name, own_families, folder)
        pages += seen
        findings += told
    return Checked(
        sources=len(sources), families=len(families), pages=pages, findings=tuple(findings)
    )


def differing_fields(saved: SavedPage, article: Article) -> Iterator[tuple[str, str]]:
    """Each field of a saved page that is not as expected, with a sentence."""
    for each in differences(saved.expected or {}, article):
        yield each.field, f"expected {_shown(each.expected)}, found {_shown(each.found)}"


def _names_of_files(families: Traversable) -> list[str]:
    names = [path.name for path in families.iterdir()] if families.is_dir() else []
    return sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml"))


def _of_mistake(line: str) -> Finding:
    file, _, rest = line.partition(":")
    return Finding(source=file, about="file", what=rest.strip())


def _of_source(source: Source, sources: Mapping[str, Source]) -> Iterator[Finding]:
    """What the file of one source says that does not hold, by itself or beside the others."""

    def finding(about: str, what: str) -> Finding:
        return Finding(source=source.name, about=about, what=what)

    if not source.examples:
        yield finding("examples", "there is none; give the address of an article")
    for example in source.examples:
        if not is_article_address(example, source.site):
            yield finding("examples", f"no pattern of articles matches {example}")
        for other in sources.values():
            if other is not source and is_article_address(example, other.site):
                yield finding("examples", f"{other.name} claims {example} too")
    for way in source.discovery:
        if is_article_address(way.url, source.site):
            yield finding("discovery", f"{way.url} has the shape of an article; put it into never")
    if not source.seen:
        yield finding("seen", "nothing says how the file's contents are known")


def _of_family(name: str, families: Traversable, folder: Path | None) -> tuple[int, list[Finding]]:
    about = f"families/{name}"
    try:
        pages = read_saved_pages(families, name)
        host = urlsplit(pages[0].page.url).netloc if pages else "sayt.example"
        source = source_of_family(name, host, folder)
    except SourceError as error:
        return 0, [Finding(source=about, about="file", what=str(error))]
    if not pages:
        what = "there is no saved page, so that nobody sees whether its rules find anything"
        return 0, [Finding(source=about, about="pages", what=what)]
    roots = [parse_page(each.page).root for each in pages]
    dead = [sign for sign in source.signs if not any(finds(sign, root) for root in roots)]
    told = [*_of_readings(about, source, pages, frozenset())]
    told += [Finding(source=about, about="signs", what=_dead(sign)) for sign in dead]
    return len(pages), told


def _of_pages(source: Source, home: Traversable, folder: Path | None) -> tuple[int, list[Finding]]:
    try:
        pages = read_saved_pages(home, source.name)
    except SourceError as error:
        return 0, [Finding(source=source.name, about="pages", what=str(error))]
    taken = _taken_from_family(source, folder) if pages else frozenset()
    return len(pages), list(_of_readings(source.name, source, pages, taken))


def _of_readings(
    name: str, source: Source, pages: Sequence[SavedPage], taken: frozenset[tuple[str, str]]
) -> Iterator[Finding]:
    """What the saved pages of a source or family tell of its rules, but for those it has taken."""
    if not pages:
        return
    parsed = [parse_page(each.page) for each in pages]
    articles = [read_article(each, source.site) for each in parsed]
    for saved, article in zip(pages, articles, strict=True):
        if saved.expected is None:
            what = f"{saved.stem} has no {saved.stem}.expected.json"
            yield Finding(source=name, about="pages", what=what)
        for field, what in differing_fields(saved, article) if saved.expected else ():
            yield Finding(source=name, about=f"{saved.stem}: {field}", what=what)
    for field, selector in dead_selectors(source, parsed, articles):
        if (field, selector) not in taken:
            yield Finding(source=name, about=f"rules.{field}", what=_dead(selector))


def _dead(selector: str) -> str:
    return f"{selector!r} finds nothing on any saved page"


def _taken_from_family(source: Source, folder: Path | None) -> frozenset[tuple[str, str]]:
    """The fields and selectors that a source has from its family, on whose pages they are looked for."""
    if source.extends is None:
        return frozenset()
    layouts = source_of_family(source.extends, source.host, folder).rules
    return frozenset(
        (field, selector)
        for layout in layouts
        for field, selectors in (*ruled_fields(layout).items(), ("separator", (layout.separator,)))
        for selector in selectors
        if selector
    )


def dead_selectors(
    source: Source, pages: Sequence[ParsedPage], articles: Iterable[Article]
) -> Iterator[tuple[str, str]]:
    """The field and the selector of each rule that finds nothing on any of the pages.

    A layout is asked on the pages that it reads; one that reads none of them is told whole.
    """
    read_by = [layout_on(each, source) for each in pages]
    blocks = {block.kind for article in articles for block in article.blocks}
    for compiled in compile_layouts(source.site):
        own = [
            each
            for each, layout in zip(pages, read_by, strict=True)
            if layout is compiled.layout or len(source.rules) == 1
        ]
        yield from _dead_in(compiled, own)
        if compiled.separator and BlockKind.UPDATE not in blocks:
            yield "separator", compiled.separator.pattern


def _dead_in(compiled: CompiledLayout, pages: Sequence[ParsedPage]) -> Iterator[tuple[str, str]]:
    for field, selectors in compiled.fields.items():
        for written, selector in zip(getattr(compiled.layout, field), selectors, strict=True):
            if not any(selector.found_in(each.root) for each in pages):
                yield field, written


def _shown(value: object) -> str:
    text = orjson.dumps(value).decode()
    return f"{text[:_SHOWN_CHARS]}…" if len(text) > _SHOWN_CHARS else text
