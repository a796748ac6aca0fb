"""A source: one publisher's site, as its YAML file says it.

A file in `sources/` is named after its source (`azertag.az.yaml`) and may extend a family's in
`sources/families/`: mappings merge key by key, anything else replaces what the family says.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, ClassVar
from urllib.parse import urljoin

import yaml
from pydantic import AfterValidator, TypeAdapter, ValidationError

from archive.errors import SourceError, UnknownSource
from crawler.article_endpoints import wrong_endpoint
from crawler.budget import Budget
from crawler.family_file import find_family, homes_of
from crawler.ways import (
    Archive,
    Endpoint,
    Feed,
    Ids,
    Listing,
    Sitemap,
    Telegram,
    Way,
    absolute_way,
)
from crawler.yaml_file import (
    Mistake,
    YamlFile,
    merged_values,
    mistakes_of,
    nearest_of,
    parse_yaml,
    read_yaml_file,
    shown_mistakes,
    with_lists,
)
from pipelines.addresses import is_address_of, is_article_address
from pipelines.layouts import compile_selector
from pipelines.rules import Layout, Site

_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?")


class SourceKind(StrEnum):
    """Who publishes."""

    NEWS = "news"
    AGENCY = "agency"
    BROADCASTER = "broadcaster"
    AGGREGATOR = "aggregator"  # mostly other publishers' texts
    STATE = "state"  # a state body that is no ministry
    MINISTRY = "ministry"
    PARLIAMENT = "parliament"
    REGIONAL = "regional"  # a local executive power
    PARTY = "party"


class Language(StrEnum):
    """The languages that a source may be in."""

    AZ = "az"
    RU = "ru"
    EN = "en"


class Evidence(StrEnum):
    """From what something about a source is known."""

    MARKUP = "markup"  # pages of the site
    SCRAPER = "scraper"  # somebody's public scraper
    FEED = "feed"  # a feed of the site
    TEXT = "text"  # addresses and extracted text alone
    INFERRED = "inferred"  # from a sister site or from links


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Evidence for what a file says: of what sort, from when, of what."""

    by: Evidence
    when: date | None = None
    what: str = ""
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What a healthy run gives; below it the run is partial and says so.

    articles_a_day  mean of the last seven days, at least
    with_…          shares (0 to 1) of article pages that have the field, in a run of 20 at least
    """

    articles_a_day: float = 0.0
    with_headline: float = 0.0
    with_body: float = 0.0
    with_date: float = 0.0
    with_photo: float = 0.0
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


def _host_name(value: str) -> str:
    if not _HOST.fullmatch(value):
        raise ValueError("must be a host name in lower case, such as numune.example")
    return value


def _regex(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"must be a regular expression: {error}") from error
    return value


def _scheme(value: str) -> str:
    if value not in {"http", "https"}:
        raise ValueError("must be http or https")
    return value


Host = Annotated[str, AfterValidator(_host_name)]
Regex = Annotated[str, AfterValidator(_regex)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What one YAML file says, its family merged in.

    publisher  who answers for it, as a person would say it
    host       the site's own host; `hosts` and `mirrors` as in `Site`
    known_as, edition, articles, never, keep_query, trailing_slash, endpoint  as in `Site`
    examples   addresses of articles, which `articles` must match
    render     whether pages and lists are read as a browser shows them, once their scripts ran
    discovery  the ways to find articles, the best first; addresses are absolute
    rules      layouts, the newest first
    signs      selectors that find something on pages of this content system alone, for new sites
    pause_s    between two requests, in seconds; None means the setting's
    every_min  how often `salname crawl --due` visits it, in minutes
    budget     the most that one run may spend on it; None means the setting's
    max_file_bytes  the longest body that is taken of what is no page; None means the setting's
    contact    the `From` of requests to this source alone; None means the setting's
    enabled    False where the site must be left alone; `reason` says why
    """

    name: str = field(metadata={"in_file": False})
    publisher: str
    host: Host
    kind: SourceKind
    language: Language
    extends: str | None = None
    hosts: tuple[Host, ...] = ()
    mirrors: tuple[Host, ...] = ()
    known_as: Host | None = None
    scheme: Annotated[str, AfterValidator(_scheme)] = "https"
    edition: str = ""
    timezone: str = "Asia/Baku"
    articles: tuple[Regex, ...]
    examples: tuple[str, ...] = ()
    never: tuple[Regex, ...] = ()
    keep_query: bool = False
    trailing_slash: bool | None = None
    endpoint: str | None = None
    render: bool = False
    discovery: tuple[Way, ...] = ()
    rules: tuple[Layout, ...] = ()
    signs: tuple[str, ...] = ()
    pause_s: float | None = None
    every_min: int = 60
    budget: Budget | None = None
    max_file_bytes: int | None = None
    contact: str | None = None
    seen: tuple[Seen, ...] = ()
    enabled: bool = True
    reason: str = ""
    expect: Expect = Expect()
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    @property
    def site(self) -> Site:
        """What the readers of pages must know of it."""
        return Site(
            name=self.name,
            hosts=(self.host, *self.hosts),
            mirrors=self.mirrors,
            known_as=self.known_as,
            scheme=self.scheme,
            edition=self.edition,
            language=self.language.value,
            timezone=self.timezone,
            articles=self.articles,
            never=self.never,
            keep_query=self.keep_query,
            trailing_slash=self.trailing_slash,
            endpoint=self.endpoint,
            layouts=self.rules,
        )


_SHAPES = {
    "": Source,
    "rules": Layout,
    "expect": Expect,
    "seen": Seen,
    "(feed)": Feed,
    "(sitemap)": Sitemap,
    "(listing)": Listing,
    "(archive)": Archive,
    "(endpoint)": Endpoint,
    "(ids)": Ids,
    "(telegram)": Telegram,
}


def load_sources(folder: Path | None = None) -> dict[str, Source]:
    """The sources of a folder by name, in order of name: the packaged ones, or those of `folder`.

    Families are looked for in the folder's own `families/` first, then among the packaged ones.

    Raises:
        SourceError: no such folder, or some files are wrong; tells every mistake of every file.
    """
    sources, wrong = read_sources(folder)
    if wrong:
        raise SourceError("\n".join(wrong))
    return sources


def read_sources(folder: Path | None = None) -> tuple[dict[str, Source], list[str]]:
    """The sources of a folder whose files are right, and the mistakes of the others, a line each.

    Raises:
        SourceError: there is no such folder.
    """
    home, families = homes_of(folder)
    if not home.is_dir():
        raise SourceError(f"There is no folder {home} with source files. Give one that exists.")
    sources: dict[str, Source] = {}
    wrong: list[str] = []
    for path in sorted(home.iterdir(), key=lambda each: each.name.removesuffix(".yaml")):
        if not path.name.endswith(".yaml") or path.name.startswith("."):
            continue
        try:
            source = _read_source(path, families)
        except SourceError as error:
            wrong += str(error).splitlines()
        else:
            sources[source.name] = source
    return sources, wrong


def source_of_family(name: str, host: str, folder: Path | None = None) -> Source:
    """A source that says nothing but its family and its host, named after the family.

    Raises:
        SourceError: the family does not exist, or does not say what a source needs.
    """
    own = {"extends": name, "host": host, "publisher": name}
    return source_of_text(yaml.safe_dump(own, allow_unicode=True), name, folder)


def source_of_text(text: str, name: str, folder: Path | None = None) -> Source:
    """The source that a file of that name and text would define.

    Raises:
        SourceError: the text does not say what it may say.
    """
    return _source_in(parse_yaml(text, name=f"{name}.yaml"), name, homes_of(folder)[1])


def find_source(name: str, sources: Mapping[str, Source]) -> Source:
    """The source of that name, or the only one on that host.

    Raises:
        UnknownSource: there is none; the text says the nearest name.
    """
    wanted = name.strip().lower().removeprefix("https://").removeprefix("www.").rstrip("/")
    if wanted in sources:
        return sources[wanted]
    on_host = [each for each in sources.values() if wanted in (each.host, *each.hosts)]
    if len(on_host) == 1:
        return on_host[0]
    nearest = nearest_of(wanted, sources)
    hint = f"Did you mean {nearest}? " if nearest else ""
    raise UnknownSource(f"No source is called {name}. {hint}`salname sources` lists them all.")


def source_of_address(url: str, sources: Mapping[str, Source] | None = None) -> Source | None:
    """The source whose article the address is, else the first on whose hosts it lies, or None.

    sources  where to look; None means the packaged ones
    """
    known = _packaged_sources() if sources is None else sources
    on_host = [each for each in known.values() if is_address_of(url, each.site)]
    on_host.sort(key=lambda each: each.edition)  # the main edition, which has none, first
    owners = (each for each in on_host if is_article_address(url, each.site))
    return next(owners, on_host[0] if on_host else None)


@lru_cache(maxsize=1)
def _packaged_sources() -> Mapping[str, Source]:
    return load_sources()


def _read_source(path: Traversable, families: list[Traversable]) -> Source:
    own = read_yaml_file(path, name=path.name)
    return _source_in(own, path.name.removesuffix(".yaml"), families)


def _source_in(own: YamlFile, name: str, families: list[Traversable]) -> Source:
    parts = [own]
    if family := find_family(own, families):
        parts.append(family)
    values = merged_values(family.values if family else {}, own.values)
    values["name"] = name
    try:
        source = _adapter().validate_python(_shaped(values))
    except ValidationError as error:
        raise SourceError(shown_mistakes(mistakes_of(error, _SHAPES), *parts)) from error
    if mistakes := list(_mistakes_in(source, own)):
        raise SourceError(shown_mistakes(mistakes, *parts))
    root = f"{source.scheme}://{source.host}/"
    ways = tuple(absolute_way(way, root) for way in source.discovery)
    endpoint = source.endpoint and urljoin(root, source.endpoint)
    return replace(source, discovery=ways, endpoint=endpoint)


def _shaped(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with one text or one mapping made a list of one where a list may stand."""
    shaped = with_lists(values, Source)
    for key, *shapes in (
        ("rules", Layout),
        ("seen", Seen),
        ("discovery", Listing, Sitemap, Archive),
    ):
        found = shaped.get(key)
        each = [found] if isinstance(found, Mapping) else found
        if isinstance(each, list):
            shaped[key] = [
                with_lists(it, *shapes)
                if isinstance(it, Mapping) and "endpoint" not in it  # whose paths are single
                else it
                for it in each
            ]
    return shaped


def _mistakes_in(source: Source, own: YamlFile) -> Iterator[Mistake]:
    """What no single value shows, and selectors that are none."""
    yield from _wrong_selectors("rules", source.rules)
    yield from _wrong_selectors("discovery", source.discovery)
    for selector in source.signs:
        if wrong := _what_is_wrong(selector):
            yield Mistake(place=("signs",), what=wrong)
    if "name" in own.values:
        yield Mistake(place=("name",), what="is the file's name; leave it out")
    if not source.enabled and not source.reason:
        yield Mistake(place=("enabled",), what="a source that is off must say why in reason")
    if source.endpoint is not None and (wrong := wrong_endpoint(source.endpoint, source.site)):
        yield Mistake(place=("endpoint",), what=wrong)
    if source.render and source.endpoint is not None:
        yield Mistake(place=("render",), what="is not needed beside an endpoint; leave it out")
    if source.enabled and not source.discovery:
        yield Mistake(place=("discovery",), what="is required; a listing of the home page will do")


_NO_SELECTORS = {"only", "script"}  # regexes and names, in tuples as selectors are


def _wrong_selectors(key: str, parts: Iterable[Layout | Way]) -> Iterator[Mistake]:
    for index, part in enumerate(parts):
        for name in {each.name for each in fields(part)} - _NO_SELECTORS:
            written = getattr(part, name)
            for selector in written if isinstance(written, tuple) else ():
                if wrong := _what_is_wrong(selector):
                    yield Mistake(place=(key, index, name), what=wrong)


@lru_cache(maxsize=4096)
def _what_is_wrong(selector: str) -> str | None:
    try:
        compile_selector(selector)
    except SourceError as error:
        return str(error)
    return None


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Source]:
    return TypeAdapter(Source)
