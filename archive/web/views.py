"""What the pages show, read from the catalogue in one go: values without a connection."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from archive.catalogue.prominence import FeedTitle, PlaceRow, places_of
from archive.catalogue.reader import CatalogueReader
from archive.catalogue.rows import (
    AddressRow,
    ArticleRow,
    CaptureRow,
    ChangeKind,
    ChangeRow,
    VersionPhotoRow,
    VersionRow,
    VersionSummary,
)
from archive.catalogue.sighted import SightingRow, sightings_of
from archive.feed_titles import unseen_titles
from archive.paragraph_diff import ParagraphChange, ParagraphKind
from archive.picture_view import PictureView, pictures_of
from archive.search.snippets import Piece
from archive.story_view import StoryView, find_story

_FOLDED_AT_LEAST = 2  # paragraphs
_BEGINNING_CHARS = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """One version of an article with all that stands around it.

    captures  that found this version, the first one first
    pictures  that its photos show, those with nothing to tell too
    changes   of the article, the newest first
    places    on the lists of its site, list by list in order of time
    sightings  what looks found besides the article, in order of time
    unseen    titles that a feed gave it and no version of it had
    """

    article: ArticleRow
    version: VersionRow
    versions: tuple[VersionSummary, ...]
    photos: tuple[VersionPhotoRow, ...]
    captures: tuple[CaptureRow, ...]
    addresses: tuple[AddressRow, ...]
    same_text: tuple[ArticleRow, ...]
    story: StoryView | None
    pictures: tuple[PictureView, ...]
    changes: tuple["ChangeView", ...]
    places: tuple[PlaceRow, ...]
    unseen: tuple[FeedTitle, ...]
    sightings: tuple[SightingRow, ...]

    @property
    def lists(self) -> tuple["ListPlaces", ...]:
        """The lists that it stood on, each with its places there."""
        by_list = groupby(self.places, key=lambda place: place.list_url)
        return tuple(ListPlaces(url=url, places=tuple(places)) for url, places in by_list)

    @property
    def told_pictures(self) -> tuple[PictureView, ...]:
        """The pictures of which there is more to tell than that this article shows them."""
        return tuple(
            each
            for each in self.pictures
            if each.used_in > 1 or each.maybe or each.file_caption or each.file_credit
        )

    @property
    def is_newest(self) -> bool:
        """Whether the version is the article's last one."""
        return self.version.number == self.article.versions


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPlaces:
    """A list page, and an article's places on it in order of time."""

    url: str
    places: tuple[PlaceRow, ...]

    @property
    def best(self) -> PlaceRow:
        """The highest place, and when it was held first."""
        return min(self.places, key=lambda place: place.position)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """One entry of the change log with its article; `number` of the version that it made."""

    change: ChangeRow
    article: ArticleRow
    number: int | None

    @property
    def edit_kinds(self) -> tuple[str, ...]:
        """The kinds of the edit that made its version, or none."""
        return tuple(self.change.detail.get("edit", {}).get("kinds", ()))

    @property
    def is_difference(self) -> bool:
        """Whether there is a version before it to compare with."""
        kinds = (
            ChangeKind.EDITED,
            ChangeKind.MARKED,
            ChangeKind.SHORTENED,
            ChangeKind.COMPLETED,
            ChangeKind.CORRECTED,
        )
        return self.change.kind in kinds and self.number is not None and self.number > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedArticle:
    """An article in a list, with the version that the list speaks of and its first photo.

    title, passage  pieces, of which those that were searched for are marked
    """

    article: ArticleRow
    version: VersionRow
    photo: VersionPhotoRow | None
    photo_count: int
    title: tuple[Piece, ...]
    passage: tuple[Piece, ...]


def find_article_view(
    reader: CatalogueReader, article_id: int, number: int | None = None
) -> ArticleView | None:
    """An article with its newest version, or the one of that number; None if there is none."""
    article = reader.article_by_id(article_id)
    if article is None:
        return None
    version = reader.version_of(article_id, article.versions if number is None else number)
    if version is None:
        return None
    return ArticleView(
        article=article,
        version=version,
        versions=reader.version_list(article_id),
        photos=reader.photos_of(version.id),
        captures=reader.captures_of(version.id),
        addresses=reader.addresses_of(article_id),
        same_text=reader.same_text_as(version.id),
        story=find_story(reader, article_id),
        pictures=pictures_of(reader, version.id),
        changes=change_views(reader, reversed(reader.changes_of(article_id))),
        places=places_of(reader.db, article_id),
        unseen=unseen_titles(reader, article_id),
        sightings=sightings_of(reader.db, article_id),
    )


def change_views(reader: CatalogueReader, changes: Iterable[ChangeRow]) -> tuple[ChangeView, ...]:
    """The changes with their articles, in the given order."""
    views = []
    for change in changes:
        article = reader.article_by_id(change.article_id)
        version = None if change.version_id is None else reader.version_by_id(change.version_id)
        if article is not None:
            number = None if version is None else version.number
            views.append(ChangeView(change=change, article=article, number=number))
    return tuple(views)


def listed_article(
    reader: CatalogueReader,
    article: ArticleRow,
    version: VersionRow,
    *,
    title: tuple[Piece, ...] = (),
    passage: tuple[Piece, ...] = (),
) -> ListedArticle:
    """The article with what a list shows of it; with nothing marked unless it was searched for."""
    photos = reader.photos_of(version.id)
    named = version.article.title or article.title or article.canonical_url
    return ListedArticle(
        article=article,
        version=version,
        photo=next((photo for photo in photos if photo.sha256), None),
        photo_count=len(photos),
        title=title or (Piece(named, is_match=False),),
        passage=passage or _beginning(version),
    )


def _beginning(version: VersionRow) -> tuple[Piece, ...]:
    words = version.article.lead or version.article.text
    if len(words) > _BEGINNING_CHARS:
        words = words[:_BEGINNING_CHARS].rsplit(maxsplit=1)[0] + " …"
    return (Piece(words, is_match=False),) if words else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Paragraphs of a comparison that are shown, or folded because nothing changed in them."""

    paragraphs: tuple[ParagraphChange, ...]
    is_folded: bool


def stretches_of(paragraphs: Iterable[ParagraphChange]) -> tuple[Stretch, ...]:
    """The paragraphs with long unchanged runs folded, one paragraph left on each side of a change."""
    runs = [
        (kind is ParagraphKind.EQUAL, tuple(run))
        for kind, run in groupby(paragraphs, key=lambda paragraph: paragraph.kind)
    ]
    stretches = []
    for place, (is_equal, run) in enumerate(runs):
        start = 1 if is_equal and place else 0
        end = len(run) - (1 if is_equal and place + 1 < len(runs) else 0)
        if is_equal and end - start >= _FOLDED_AT_LEAST:
            parts = [(run[:start], False), (run[start:end], True), (run[end:], False)]
        else:
            parts = [(run, False)]
        stretches += [Stretch(paragraphs=part, is_folded=folded) for part, folded in parts if part]
    return tuple(stretches)
