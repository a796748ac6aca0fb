"""The ways to find a source's articles: feeds, sitemaps, list pages; each a frozen value."""

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
        held = set(_PLACEHOLDER.findall(self.next)) if self.next is not None else None
        if held not in (None, {"page"}, {"last"}):
            raise ValueError("next must hold {page} or {last}")
        if (held == {"last"}) != bool(self.cursor):
            raise ValueError("cursor and {last} in next need each other")
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


def _held_way(raw: Any) -> str | None:
    names = [
        name for name in ("feed", "sitemap", "listing") if isinstance(raw, dict) and name in raw
    ]
    return f"({names[0]})" if len(names) == 1 else None


Way = Annotated[
    Annotated[Feed, Tag("(feed)")]
    | Annotated[Sitemap, Tag("(sitemap)")]
    | Annotated[Listing, Tag("(listing)")],
    Discriminator(
        _held_way,
        custom_error_type="way",
        custom_error_message="must hold exactly one of feed, sitemap and listing",
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
