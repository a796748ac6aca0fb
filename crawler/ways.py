"""The ways to find a source's articles: feeds, sitemaps, lists of all sorts; each a frozen value."""

import datetime
import re
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar
from urllib.parse import urljoin

from pydantic import Discriminator, Tag

from archive.ledger import AddressKind

_PLACEHOLDER = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """An RSS, Atom or JSON feed."""

    feed: str
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    @property
    def url(self) -> str:
        """Where this way starts."""
        return self.feed

    @property
    def kind(self) -> AddressKind:
        """What its pages are in the ledger."""
        return AddressKind.FEED


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """A sitemap, or an index of sitemaps.

    only  regexes of the sitemaps of an index that are followed; empty means all
    """

    sitemap: str
    only: tuple[str, ...] = ()
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    @property
    def url(self) -> str:
        """Where this way starts."""
        return self.sitemap

    @property
    def kind(self) -> AddressKind:
        """What its pages are in the ledger."""
        return AddressKind.SITEMAP


def _check_next(template: str | None, *, has_cursor: bool) -> None:
    held = set(_PLACEHOLDER.findall(template)) if template is not None else None
    if held not in (None, {"page"}, {"last"}):
        raise ValueError("next must hold {page} or {last}")
    if (held == {"last"}) != has_cursor:
        raise ValueError("cursor and {last} in next need each other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """List pages, the newest articles first.

    next    address of a further page, with `{page}` (numbers `first`, `first + step` …; the
            listing's own address is the page `first`) or `{last}` (what `cursor` finds)
    cursor  selectors of the value that asks for what follows; the last on the page counts
    more    selectors of the link to the next page, where it cannot be reckoned
    items   selectors of the nodes that each hold one article's link; none means every link on
            the page that has the shape of an article
    title, date, photo  selectors inside an item of what the list says of the article
    """

    listing: str
    next: str | None = None
    first: int = 1
    step: int = 1
    cursor: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    photo: tuple[str, ...] = ()
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        _check_next(self.next, has_cursor=bool(self.cursor))
        if self.step < 1:
            raise ValueError("step must be at least 1")

    @property
    def url(self) -> str:
        """Where this way starts."""
        return self.listing

    @property
    def kind(self) -> AddressKind:
        """What its pages are in the ledger."""
        return AddressKind.LISTING


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """List pages of one day or one month each, under addresses that say which.

    archive  address of such a page, with `{year}`, `{month}` and, where a page is of one day,
             `{day}`, in four and two figures
    more     selectors of the link to the next page of the same day or month
    items, title, date, photo  as in a listing
    """

    archive: str
    more: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    photo: tuple[str, ...] = ()
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        if set(_PLACEHOLDER.findall(self.archive)) not in ({"year", "month"}, _DAY):
            raise ValueError("archive must hold {year} and {month}, and may hold {day}")

    @property
    def url(self) -> str:
        """The template of its addresses."""
        return self.archive

    @property
    def kind(self) -> AddressKind:
        """What its pages are in the ledger."""
        return AddressKind.LISTING

    @property
    def is_daily(self) -> bool:
        """Whether a page is of one day."""
        return "{day}" in self.archive

    def address_on(self, day: datetime.date) -> str:
        """The page on which the articles of that day stand."""
        parts = {"year": f"{day:%Y}", "month": f"{day:%m}", "day": f"{day:%d}"}
        return _PLACEHOLDER.sub(lambda found: parts[found[1]], self.archive)


_DAY = {"year", "month", "day"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """JSON that holds articles, or a piece of a list page. Paths are names, or numbers from 0 (or
    back from -1), with dots between them: `data.items`, `items.-1.date`.

    endpoint  address that answers with JSON, the newest articles first
    next      address of what follows, with `{page}` or `{last}`, as in a listing
    first, step  as in a listing
    cursor    path of the value that asks for what follows
    html      path of a piece of HTML that holds links; then there are no items
    items     path of the list of articles; empty where the JSON itself is it
    link      path, within an article, of its address; or an address with such paths in braces
    title, date, photo  paths, within an article, of what is said of it
    """

    endpoint: str
    next: str | None = None
    first: int = 1
    step: int = 1
    cursor: str = ""
    html: str = ""
    items: str = ""
    link: str = "url"
    title: str = "title"
    date: str = "date"
    photo: str = "image"
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        _check_next(self.next, has_cursor=bool(self.cursor))

    @property
    def url(self) -> str:
        """Where this way starts."""
        return self.endpoint

    @property
    def kind(self) -> AddressKind:
        """What its pages are in the ledger."""
        return AddressKind.LISTING

    @property
    def as_listing(self) -> Listing:
        """The same addresses as those of a listing."""
        cursor = ("-",) if self.cursor else ()
        return Listing(
            listing=self.endpoint, next=self.next, first=self.first, step=self.step, cursor=cursor
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids:
    """Articles that no list offered, sought under the numbers between those that are known.

    ids      address of an article, with `{id}`
    widest   longest row of missing numbers that is tried; longer ones are left alone
    at_most  numbers that one run tries, the highest first
    """

    ids: str
    widest: int = 20
    at_most: int = 50
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        if _PLACEHOLDER.findall(self.ids) != ["id"]:
            raise ValueError("ids must hold {id} once")

    @property
    def url(self) -> str:
        """The template of its addresses."""
        return self.ids

    @property
    def kind(self) -> AddressKind:
        """What its pages are in the ledger."""
        return AddressKind.PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Telegram:
    """The public preview page of a Telegram channel, whose messages link to articles.

    telegram  name of the channel, or address of its preview page
    """

    telegram: str
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    @property
    def url(self) -> str:
        """Where this way starts."""
        is_address = "://" in self.telegram
        return self.telegram if is_address else f"https://t.me/s/{self.telegram}"

    @property
    def kind(self) -> AddressKind:
        """What its pages are in the ledger."""
        return AddressKind.LISTING


_WAYS = ("feed", "sitemap", "listing", "archive", "endpoint", "ids", "telegram")


def _held_way(raw: Any) -> str | None:
    names = [name for name in _WAYS if isinstance(raw, dict) and name in raw]
    return f"({names[0]})" if len(names) == 1 else None


Way = Annotated[
    Annotated[Feed, Tag("(feed)")]
    | Annotated[Sitemap, Tag("(sitemap)")]
    | Annotated[Listing, Tag("(listing)")]
    | Annotated[Archive, Tag("(archive)")]
    | Annotated[Endpoint, Tag("(endpoint)")]
    | Annotated[Ids, Tag("(ids)")]
    | Annotated[Telegram, Tag("(telegram)")],
    Discriminator(
        _held_way,
        custom_error_type="way",
        custom_error_message="must hold exactly one of feed, sitemap, listing, archive, endpoint, ids and telegram",
    ),
]


def absolute_way(way: Way, root: str) -> Way:
    """The way with its addresses made absolute against the source's root (`https://host/`)."""
    match way:
        case Feed():
            return replace(way, feed=urljoin(root, way.feed))
        case Sitemap():
            return replace(way, sitemap=urljoin(root, way.sitemap))
        case Listing():
            further = None if way.next is None else urljoin(root, way.next)
            return replace(way, listing=urljoin(root, way.listing), next=further)
        case Archive():
            return replace(way, archive=urljoin(root, way.archive))
        case Endpoint():
            further = None if way.next is None else urljoin(root, way.next)
            return replace(way, endpoint=urljoin(root, way.endpoint), next=further)
        case Ids():
            return replace(way, ids=urljoin(root, way.ids))
        case Telegram():
            return way
