"""What the made-up web holds on each of its two days, and what a perfect crawl must find there.

Templates print these values and tests compare with them, so they cannot drift apart. The words lie
in `content/*.yaml`; every moment counts back from the `now` that the web is given, so that fresh
articles print their date without a year whenever the web is started.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from archive.article import Attribution, Precision
from archive.catalogue.rows import ChangeKind
from tests.web.addresses import page_url, photo_url
from tests.web.pictures import picture, sha256_of

CONTENT = Path(__file__).parent / "content"
BAKU = ZoneInfo("Asia/Baku")
DAYS = (1, 2)
_PRECISIONS = {"olke": Precision.DAY, "axar": Precision.SECOND}  # the latter by its JSON-LD
_VERSIONED = ("title", "paragraphs", "section", "tags", "authors", "published_at", "photos")


@dataclass(frozen=True, slots=True, kw_only=True)
class TruePhoto:
    """A photo as an article shows it; `picture` is the name that its bytes are drawn from."""

    url: str
    picture: str
    format_name: str = "jpeg"
    size: tuple[int, int] = (1200, 800)
    caption: str | None = None
    credit: str | None = None
    alt: str | None = None

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return picture(self.picture, self.format_name, self.size)

    @property
    def sha256(self) -> str:
        """The digest of the bytes, lower-case hex."""
        return sha256_of(self.data)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueArticle:
    """One article on one day, as a perfect reader finds it.

    addresses     every URL that has led to it up to this day, the canonical one first
    published_at  as the page states it: a date where it prints a day only, else RFC 3339
    published     the moment itself, aware, which the page need not state
    changed_at    the moment of the last edit, for Last-Modified
    """

    host: str
    article_id: str
    url: str
    addresses: tuple[str, ...]
    slug: str
    category: str
    section: str
    headline: str
    title: str
    markers: tuple[str, ...]
    update_no: int | None
    published_at: str
    precision: Precision
    published: datetime
    changed_at: datetime
    paragraphs: tuple[str, ...]
    attribution: tuple[Attribution, ...]
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    photos: tuple[TruePhoto, ...]
    video: str | None

    @property
    def text(self) -> str:
        """The body as plain text, paragraphs parted by blank lines."""
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueChange:
    """One thing that day 2 brings. An article that is new has no `before`, a removed one no `after`.

    differs  the fields in which the two differ
    """

    kind: ChangeKind
    host: str
    article_id: str
    before: TrueArticle | None = None
    after: TrueArticle | None = None
    differs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteContent:
    """One made-up site: its furniture, and its articles by day, newest first."""

    family: str
    name: str
    host: str
    photo_host: str
    categories: Mapping[str, str]
    days: tuple[tuple[TrueArticle, ...], ...]

    def on(self, day: int) -> tuple[TrueArticle, ...]:
        """The articles that the site has on day 1 or 2."""
        return self.days[day - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """All sites together."""

    sites: tuple[SiteContent, ...]
    changes: tuple[TrueChange, ...]

    def articles(self, day: int) -> tuple[TrueArticle, ...]:
        """Every article of that day, site by site."""
        return tuple(article for site in self.sites for article in site.on(day))

    def article(self, host: str, article_id: int | str, day: int) -> TrueArticle:
        """The article of that number on that day; KeyError when the site does not have it then."""
        for article in self.articles(day):
            if (article.host, article.article_id) == (host, str(article_id)):
                return article
        raise KeyError(f"{host} has no article {article_id} on day {day}")


def read_truth(now: datetime) -> Truth:
    """The whole made-up web as values; `now` (aware) is the moment that day 2 counts back from."""
    raw_sites = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(CONTENT.glob("*.yaml"))]
    originals = {(site["host"], raw["id"]): raw for site in raw_sites for raw in site["articles"]}
    sites = tuple(_site_of(site, originals, now) for site in raw_sites)
    return Truth(
        sites=sites, changes=tuple(change for site in sites for change in _changes_of(site))
    )


def _site_of(site: dict[str, Any], originals: Mapping[Any, Any], now: datetime) -> SiteContent:
    first: list[TrueArticle] = []
    second: list[TrueArticle] = []
    for raw in site["articles"]:
        article = _article_of(site, _with_reprinted_body(raw, originals), now)
        edit = raw.get("day2", {})
        if raw.get("since_day", 1) == 1:
            first.append(article)
        if not edit.get("removed"):
            second.append(_edited(article, edit, site, now) if edit else article)
    return SiteContent(
        family=site["family"],
        name=site["name"],
        host=site["host"],
        photo_host=site.get("photo_host", site["host"]),
        categories=site["categories"],
        days=(_newest_first(first), _newest_first(second)),
    )


def _newest_first(articles: list[TrueArticle]) -> tuple[TrueArticle, ...]:
    return tuple(sorted(articles, key=lambda article: article.published, reverse=True))


def _with_reprinted_body(raw: dict[str, Any], originals: Mapping[Any, Any]) -> dict[str, Any]:
    """A reprint has the agency's text, with the sentence that names the source swapped."""
    if "reprint_of" not in raw:
        return raw
    original = originals[raw["reprint_of"]["host"], raw["reprint_of"]["id"]]
    old, new = original["attribution"][0]["sentence"], raw["attribution"][0]["sentence"]
    return {**raw, "body": original["body"].replace(old, new)}


def _article_of(site: dict[str, Any], raw: dict[str, Any], now: datetime) -> TrueArticle:
    published = _moment_of(raw["published"], now)
    precision = _PRECISIONS.get(site["family"], Precision.MINUTE)
    article = TrueArticle(
        host=site["host"],
        article_id=str(raw["id"]),
        url="",
        addresses=(),
        slug=raw.get("slug", ""),
        category=raw["category"],
        section=site["categories"][raw["category"]],
        headline=raw["title"] + raw.get("marker", ""),
        title=raw["title"],
        markers=tuple(raw.get("markers", ())),
        update_no=raw.get("update_no"),
        published_at=(published.date() if precision is Precision.DAY else published).isoformat(),
        precision=precision,
        published=published,
        changed_at=published,
        paragraphs=_paragraphs_of(raw["body"]),
        attribution=_attributions_of(raw),
        authors=(raw["author"],) if "author" in raw else (),
        tags=tuple(raw.get("tags", ())),
        photos=(),
        video=raw.get("video"),
    )
    photos = tuple(_photo_of(photo, site, article, published) for photo in raw.get("photos", ()))
    url = page_url(site["family"], site["host"], article.category, article.article_id, article.slug)
    return replace(article, photos=photos, url=url, addresses=(url,))


def _moment_of(published: dict[str, Any], now: datetime) -> datetime:
    local = now.astimezone(BAKU)
    if "hours_ago" in published:
        return (local - timedelta(hours=published["hours_ago"])).replace(second=0, microsecond=0)
    day = local.date() - timedelta(days=published["days_ago"])
    return datetime.combine(day, time.fromisoformat(published["time"]), tzinfo=BAKU)


def _paragraphs_of(body: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in body.split("\n\n") if part.strip())


def _attributions_of(raw: dict[str, Any]) -> tuple[Attribution, ...]:
    """Those of the raw article: `site`, where it is left out, is None, and `kind` opener."""
    return tuple(Attribution(**{"kind": "opener", **each}) for each in raw.get("attribution", ()))


def _photo_of(
    raw: dict[str, Any], site: dict[str, Any], article: TrueArticle, taken: datetime
) -> TruePhoto:
    host = site.get("photo_host", site["host"])
    format_name = raw.get("format", "jpeg")
    width, height = raw.get("size", (1200, 800))
    return TruePhoto(
        url=photo_url(site["family"], host, article.article_id, (raw["name"], format_name), taken),
        picture=raw.get("as", raw["name"]),
        format_name=format_name,
        size=(width, height),
        caption=raw.get("caption"),
        credit=raw.get("credit"),
        alt=raw.get("alt"),
    )


def _edited(
    article: TrueArticle, edit: dict[str, Any], site: dict[str, Any], now: datetime
) -> TrueArticle:
    title = edit.get("title", article.title)
    marker = edit.get("marker", article.headline.removeprefix(article.title))
    slug = edit.get("slug", article.slug)
    url = page_url(site["family"], site["host"], article.category, article.article_id, slug)
    added = tuple(_photo_of(photo, site, article, now) for photo in edit.get("photos_added", ()))
    return replace(
        article,
        title=title,
        headline=title + marker,
        markers=tuple(edit.get("markers", article.markers)),
        update_no=edit.get("update_no", article.update_no),
        slug=slug,
        url=url,
        addresses=tuple(dict.fromkeys((url, *article.addresses))),
        changed_at=now.astimezone(BAKU).replace(microsecond=0),
        paragraphs=_edited_paragraphs(article.paragraphs, edit),
        photos=article.photos + added,
    )


def _edited_paragraphs(paragraphs: tuple[str, ...], edit: dict[str, Any]) -> tuple[str, ...]:
    text = "\n\n".join(paragraphs)
    for old, new in edit.get("replaced", {}).items():
        assert old in text, f"day 2 replaces a sentence that is not there: {old}"
        text = text.replace(old, new)
    edited = _paragraphs_of(text)
    if added := edit.get("added_after"):
        at = added["paragraph"]
        edited = (*edited[:at], *_paragraphs_of(added["text"]), *edited[at:])
    return edited


def _changes_of(site: SiteContent) -> list[TrueChange]:
    before = {article.article_id: article for article in site.on(1)}
    after = {article.article_id: article for article in site.on(2)}
    changes = []
    for article_id in sorted(before | after):
        old, new = before.get(article_id), after.get(article_id)
        differs = _differing_fields(old, new)
        changes += [
            TrueChange(
                kind=kind,
                host=site.host,
                article_id=article_id,
                before=old,
                after=new,
                differs=differs,
            )
            for kind in _kinds_of(old, new, differs)
        ]
    return changes


def _differing_fields(old: TrueArticle | None, new: TrueArticle | None) -> frozenset[str]:
    if old is None or new is None:
        return frozenset()
    names = (field.name for field in fields(TrueArticle))
    return frozenset(name for name in names if getattr(old, name) != getattr(new, name))


def _kinds_of(
    old: TrueArticle | None, new: TrueArticle | None, differs: frozenset[str]
) -> list[ChangeKind]:
    if old is None:
        return [ChangeKind.APPEARED]
    if new is None:
        return [ChangeKind.MISSING]
    kinds = [ChangeKind.MOVED] if "url" in differs else []
    if differs.intersection(_VERSIONED):
        return [*kinds, ChangeKind.EDITED]
    return [*kinds, ChangeKind.MARKED] if "markers" in differs else kinds
