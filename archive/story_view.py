"""What is told of a story: its articles in the order of publication, and why they belong together."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from archive.article import Article
from archive.catalogue.reader import CatalogueReader
from archive.catalogue.rows import ArticleRow
from archive.moments import moment_of
from archive.stories import Likeness, StoryText, likeness_of, shared_sentences, story_text_of

_MOST_MEMBERS = 100
_MOST_SENTENCES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMember:
    """One article of a story, held against the article that is asked about.

    at         when it was published, as its page says, else when it was first seen
    names      whom it names as its source
    likeness   of both texts as they are now; None of the article itself
    anchors    four-word fingerprints that both have, in hexadecimal
    sentences  of the article asked about that this one has too, the first ten
    own        how many sentences this one has beyond them
    """

    article: ArticleRow
    at: str
    names: tuple[str, ...]
    likeness: Likeness | None
    anchors: tuple[str, ...]
    sentences: tuple[str, ...]
    own: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """A story as the pages and `salname why` show it; `later` are reprints after its days.

    links  the figures that joined its articles when they came, one dictionary a pair
    """

    id: int
    members: tuple[StoryMember, ...]
    later: tuple[ArticleRow, ...]
    links: tuple[dict[str, Any], ...]


def find_story(reader: CatalogueReader, article_id: int) -> StoryView | None:
    """The story of an article, or None where its text stands alone."""
    row = reader.article_by_id(article_id)
    asked = _newest(reader, row) if row else None
    if row is None or asked is None:
        return None
    ids = reader.story_members(article_id, _MOST_MEMBERS)
    later = reader.later_reprints(article_id)
    if not ids and not later:
        return None
    text = story_text_of(asked)
    members = [_member(reader, each, article_id, text) for each in ids]
    return StoryView(
        id=min(ids, default=article_id),
        members=tuple(sorted((each for each in members if each), key=_published_at)),
        later=later,
        links=reader.story_links(ids),
    )


def _published_at(member: StoryMember) -> datetime:
    """When a member was published; where its page says the day alone, when it was first seen on
    that day, else the day's beginning."""
    seen = moment_of(member.article.first_seen_at)
    try:
        said = datetime.fromisoformat(member.at)
    except ValueError:
        return seen
    if said.tzinfo is not None:
        return said
    return seen if said.date() == seen.date() else said.replace(tzinfo=UTC)


def _member(
    reader: CatalogueReader, article_id: int, asked_id: int, asked: StoryText
) -> StoryMember | None:
    row = reader.article_by_id(article_id)
    article = _newest(reader, row) if row else None
    if row is None or article is None:
        return None
    text = story_text_of(article)
    is_other = article_id != asked_id
    likeness = likeness_of(asked, text) if is_other else None
    sentences = shared_sentences(asked, text) if is_other else ()
    named = (each.site or each.name for each in article.attribution)
    return StoryMember(
        article=row,
        at=article.published.at if article.published else row.first_seen_at,
        names=tuple(dict.fromkeys(name for name in named if name)),
        likeness=likeness,
        anchors=tuple(f"{each:08x}" for each in text.anchors if each in asked.anchors)
        if is_other
        else (),
        sentences=sentences[:_MOST_SENTENCES],
        own=max(0, len(text.sentences) - len(sentences)) if is_other else 0,
    )


def _newest(reader: CatalogueReader, row: ArticleRow) -> Article | None:
    version = reader.version_of(row.id, row.versions)
    return version.article if version else None
