"""Reads a page: from the bytes of one response to an article, or to what else the page is.

    parse_page(page) → judge → rules of the site → where they do not answer, the general path

Each field remembers what produced it (`provenance`). Pure: no network, no clock, no Scrapy; the
moment of the capture comes with the page. Only `PageError` is raised, for what cannot be read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from archive.article import (
    Article,
    Block,
    BlockKind,
    Claim,
    Embed,
    Moment,
    PageKind,
    ShownPhoto,
    text_of,
)
from pipelines import authors, heads, photos, titles
from pipelines.addresses import article_id_of, canonical_address
from pipelines.attribution import find_attributions
from pipelines.blocks import Draft, read_drafts
from pipelines.dates import BAKU
from pipelines.disagreements import other_dates, weighed
from pipelines.embeds import embeds_around, embeds_in
from pipelines.general import GeneralBody, find_body
from pipelines.headlines import Headline, clean_headline, read_badges, read_headline
from pipelines.identity import identity_of
from pipelines.items import Page
from pipelines.json_pages import page_of_json
from pipelines.kinds import Judgement, judge_page, judge_reading, judge_response
from pipelines.language import read_language
from pipelines.layouts import CompiledLayout, View, choose_layouts
from pipelines.parsing import ParsedPage, parse_page
from pipelines.publication import find_published, is_date_line, read_told_date
from pipelines.ruled_dates import read_ruled_date
from pipelines.rules import Site
from pipelines.script_bodies import find_script_body
from pipelines.structured import Structured, read_json_ld, read_structured
from pipelines.trimming import trim

_TOLD_PHOTO = etree.XPath(
    "string(/html/head/meta[@property='og:image']/@content)", smart_strings=False
)
_PHOTO_MARKERS = frozenset(
    {"FOTO", "FOTOLAR", "FOTOLENT", "FOTOREPORTAJ", "FOTOSESSİYA", "ФОТО", "PHOTO", "PHOTOS"}
)


def read_page(page: Page, site: Site | None = None) -> Article:
    """The article on a page, or an article of another kind with the reason.

    site  what is known of the page's site; without it all is read on the general path

    Raises:
        PageError: the page is too large to be read.
    """
    return read_article(parse_page(page), site)


def read_article(parsed: ParsedPage, site: Site | None = None) -> Article:
    """The same from a page that is parsed already."""
    if site is not None and site.endpoint and (told := page_of_json(parsed.page)):
        parsed = parse_page(told)
    judgement = judge_response(parsed.page) or judge_page(parsed, site)
    if judgement is not None:
        return _other_than_article(parsed, site, judgement)
    return _Reader(parsed, site).read()


@dataclass(frozen=True, slots=True)
class _Body:
    """A body, where it lies, what was left out of it, and what found it."""

    blocks: tuple[Block, ...]
    node: HtmlElement | None
    skipped: frozenset[HtmlElement]
    by_rule: bool


@dataclass
class _Reader:
    """One reading of one page; evidence that costs time is gathered only once it is asked for."""

    parsed: ParsedPage
    site: Site | None
    provenance: dict[str, str] = field(default_factory=dict)
    disagreements: dict[str, tuple[Claim, ...]] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)

    def read(self) -> Article:
        headline = self._headline()
        body = self._body(headline)
        blocks, url = body.blocks, self.parsed.page.url
        is_told = not body.by_rule and (
            self._structured.is_article or bool(self._structured.of("published"))
        )
        judgement = judge_reading(
            self.parsed, self.site, headline.headline, blocks, is_sure=body.by_rule or is_told
        )
        if judgement is not None and judgement.kind is not PageKind.STUB:
            return _other_than_article(self.parsed, self.site, judgement)
        shown = self._photos(body)
        canonical_url, article_id = identity_of(self.parsed, self.site)
        text = text_of(blocks)
        paragraphs = [block.text for block in blocks if block.kind is not BlockKind.UPDATE]
        published = self._published(shown)
        self._doubt_photos(headline, shown)
        article = Article(
            kind=judgement.kind if judgement else PageKind.ARTICLE,
            reason=judgement.reason if judgement else None,
            url=url,
            canonical_url=canonical_url,
            article_id=article_id,
            headline=headline.headline,
            title=headline.title,
            markers=headline.markers,
            update_no=headline.update_no,
            lead=self._lead(body.node),
            section=self._section(),
            authors=self._authors(blocks),
            tags=self._tags(),
            language=read_language(text).language,
            published=published,
            modified=self._modified(),
            text=text,
            blocks=blocks,
            attribution=find_attributions(paragraphs, host=self._host),
            photos=shown,
            embeds=self._embeds(body, headline),
            provenance=self.provenance,
            disagreements=self.disagreements,
            doubts=tuple(self.doubts),
        )
        heard = self._heard()
        if heard is None or not heard.said:
            return article
        return weighed(article, heard, self.parsed, self._stated_timezone)

    def _heard(self) -> Structured | None:
        """The testimony that some field has asked for; none is heard for the sake of comparing."""
        known: dict[str, Structured] = self.__dict__
        return known.get("_structured") or known.get("_told")

    @property
    def _host(self) -> str:
        return self.site.hosts[0] if self.site else (urlsplit(self.parsed.page.url).hostname or "")

    @property
    def _timezone(self) -> str:
        return self.site.timezone if self.site else BAKU

    @property
    def _stated_timezone(self) -> str | None:
        return self.site.timezone if self.site else None

    @cached_property
    def _structured(self) -> Structured:
        return read_structured(self.parsed)

    @cached_property
    def _told(self) -> Structured:
        """The testimony worth its time: of a page whose headline and body the rules find, JSON-LD."""
        return read_json_ld(self.parsed) if self._is_by_rule else self._structured

    @cached_property
    def _view(self) -> View:
        return View(self.parsed)

    @cached_property
    def _layout(self) -> CompiledLayout | None:
        """The first layout that finds a body; failing that, the first that finds a headline."""
        if self.site is None:
            return None
        layouts = list(choose_layouts(self.parsed, self.site, self._view))
        with_body = (each for each in layouts if each.body(self._view) is not None)
        with_headline = (each for each in layouts if each.texts("headline", self._view))
        return next(with_body, None) or next(with_headline, None)

    @cached_property
    def _rule_body(self) -> HtmlElement | None:
        return self._layout.body(self._view) if self._layout else None

    @cached_property
    def _headline_node(self) -> HtmlElement | None:
        if self._layout is not None:
            for node in self._layout.first("headline", self._view):
                if not isinstance(node, str):
                    return node
        found = self._general_headline
        return found.node if found else None

    @cached_property
    def _general_headline(self) -> titles.Found | None:
        _ = self.parsed.elements  # held from here on: many readers will walk the tree
        return titles.find_headline(self.parsed, self._structured)

    @cached_property
    def _is_by_rule(self) -> bool:
        """Whether the rules find headline and body, so that little testimony need be heard."""
        return self._rule_body is not None and bool(self._texts("headline"))

    def _texts(self, name: str, *, is_spaced: bool = False) -> list[str]:
        return self._layout.texts(name, self._view, is_spaced=is_spaced) if self._layout else []

    def _headline(self) -> Headline:
        printed = next(iter(self._texts("headline")), "")
        if self._rule_body is not None and printed and self._headline_node is not None:
            self._view.enclose(self._headline_node, self._rule_body)
        badges = read_badges(self._texts("badges"))
        if printed:
            self.provenance["headline"] = "rule:headline"
            printed = clean_headline(printed)
        elif found := self._general_headline:
            self.provenance["headline"] = found.witness
            printed = found.value
        read = read_headline(printed)
        markers = tuple(dict.fromkeys((*read.markers, *badges)))
        return replace(read, markers=markers)

    def _body(self, headline: Headline) -> _Body:
        layout, node = self._layout, self._rule_body
        if layout is not None and node is not None:
            skipped = layout.noise(self._view, node)
            drafts = read_drafts(node, skipped=skipped, separator=layout.separator)
            if blocks := self._trimmed(drafts, headline):
                self.provenance["text"] = "rule:body"
                return _Body(blocks, node, skipped, by_rule=True)
        general = self._general_body
        self.provenance["text"] = general.witness
        return _Body(
            self._trimmed(general.drafts, headline), general.node, frozenset(), by_rule=False
        )

    @cached_property
    def _general_body(self) -> GeneralBody:
        found = find_body(self.parsed, self._structured)
        return find_script_body(self.parsed, self._structured, found, self.site) or found

    def _trimmed(self, drafts: Sequence[Draft], headline: Headline) -> tuple[Block, ...]:
        first = int(len(drafts) > 1 and drafts[0].block.kind is BlockKind.HEADING)
        if drafts and is_date_line(drafts[first].block.text, self.parsed.page, self._timezone):
            drafts = [*drafts[:first], *drafts[first + 1 :]]  # in the body's node on some sites
        return trim(drafts, headline=headline.headline, host=self._host)

    def _photos(self, body: _Body) -> tuple[ShownPhoto, ...]:
        layout, base = self._layout, self.parsed.base_url
        shown: list[ShownPhoto] = []
        if layout is not None and (layout.fields["photos"] or layout.fields["gallery"]):
            ruled = photos.photos_at(layout.all("photos", self._view), base)
            inside = self._photos_inside(body.node, body.skipped)
            gallery = photos.photos_at(layout.all("gallery", self._view), base)
            shown = photos.with_words(
                [*ruled, *inside, *gallery], self._texts("captions"), self._texts("credits")
            )
            if ruled or gallery:
                self.provenance["photos"] = "rule:photos" if ruled else "rule:gallery"
            elif inside:
                self.provenance["photos"] = "body"
        elif shown := self._general_photos(body):
            self.provenance["photos"] = "body"
        if not shown and (photo := self._told_photo()):
            shown = [photo]
        return photos.distinct_photos(shown)

    def _general_photos(self, body: _Body) -> list[ShownPhoto]:
        if body.node is None:
            return []
        own_urls = (self.parsed.base_url, self.parsed.page.url)
        return photos.photos_of_article(self._headline_node, body.node, own_urls, body.skipped)

    def _photos_inside(
        self, node: HtmlElement | None, skipped: frozenset[HtmlElement]
    ) -> list[ShownPhoto]:
        if node is None:
            return []
        return photos.photos_in(
            node, self.parsed.base_url, skipped=skipped, page_url=self.parsed.page.url
        )

    def _told_photo(self) -> ShownPhoto | None:
        """The photo that the page tells machines; of a page that rules read, OpenGraph's alone."""
        base = self.parsed.base_url
        if self._is_by_rule:
            told = [("opengraph", str(_TOLD_PHOTO(self.parsed.root)))]
        else:
            told = [(said.witness, said.value) for said in self._structured.of("photos")]
        for witness, url in told:
            if photo := photos.photo_at(url, base):
                self.provenance["photos"] = witness
                return photo
        return None

    def _embeds(self, body: _Body, headline: Headline) -> tuple[Embed, ...]:
        if body.node is None:
            return ()
        inside = embeds_in(body.node, self.parsed.base_url, skipped=body.skipped)
        if inside or (body.by_rule and not headline.markers):
            return inside
        return embeds_around(self._headline_node, body.node, self.parsed.base_url)

    def _published(self, shown: Sequence[ShownPhoto]) -> Moment | None:
        texts: list[str] = []
        for is_spaced in (False, True):
            texts = self._texts("date", is_spaced=is_spaced)
            if moment := read_ruled_date(texts, self.parsed.page, self.site, shown):
                self.provenance["published"] = "rule:date"
                return moment
        if texts:
            self.doubts.append(f"The date {texts[0][:80]!r} is not understood.")
        found = find_published(
            self.parsed, self._structured, self._headline_node, timezone=self._stated_timezone
        )
        if found is None:
            return None
        self.provenance["published"] = found.witness
        if against := other_dates(found.moment, found.shown):
            self.disagreements["published"] = against
        return found.moment

    def _modified(self) -> Moment | None:
        if moment := read_ruled_date(self._texts("modified"), self.parsed.page, self.site):
            self.provenance["modified"] = "rule:modified"
            return moment
        for said in self._told.of("modified"):
            page, timezone = self.parsed.page, self._stated_timezone
            if moment := read_told_date(said.value, said.witness, page, timezone):
                self.provenance["modified"] = said.witness
                return moment
        return None

    def _lead(self, body: HtmlElement | None) -> str:
        if texts := self._texts("lead"):
            self.provenance["lead"] = "rule:lead"
            return texts[0]
        if self._is_by_rule or body is None or self._headline_node is None:
            return ""
        found = heads.find_lead(self._structured, self._headline_node, body, self.parsed.root)
        if found is None:
            return ""
        self.provenance["lead"] = found.witness
        return found.value

    def _section(self) -> str:
        node = None if self._is_by_rule else self._headline_node
        return next(
            iter(self._ruled("section", lambda: heads.find_section(self.parsed, self._told, node))),
            "",
        )

    def _authors(self, blocks: Sequence[Block]) -> tuple[str, ...]:
        parsed, node = (None, None) if self._is_by_rule else (self.parsed, self._headline_node)
        return self._ruled(
            "authors",
            lambda: (
                authors.find_authors(self._told, parsed, node, host=self._host)
                or authors.find_signed(blocks)
            ),
        )

    def _tags(self) -> tuple[str, ...]:
        return self._ruled("tags", lambda: heads.find_tags(self._told))

    def _ruled(self, name: str, otherwise: Callable[[], heads.Listed | None]) -> tuple[str, ...]:
        """What the rule of a field finds, else what is found without one."""
        texts = self._texts(name)
        ruled = heads.Listed(tuple(dict.fromkeys(texts)), f"rule:{name}") if texts else None
        found = ruled or otherwise()
        if found is None:
            return ()
        self.provenance[name] = found.witness
        return found.values

    def _doubt_photos(self, headline: Headline, shown: Sequence[ShownPhoto]) -> None:
        named = next((marker for marker in headline.markers if marker in _PHOTO_MARKERS), None)
        if named and len(shown) <= 1:
            count = "one photo" if shown else "no photo"
            self.doubts.append(f"The headline says {named}, but {count} was found.")
        if self.parsed.page.is_truncated:
            self.doubts.append("The page was cut off at a size limit.")


def _other_than_article(parsed: ParsedPage, site: Site | None, judgement: Judgement) -> Article:
    url = parsed.page.url
    return Article(
        kind=judgement.kind,
        url=url,
        canonical_url=canonical_address(url, site),
        article_id=article_id_of(url, site) if site else None,
        reason=judgement.reason,
    )
