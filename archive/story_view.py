"""What is told of a story: its articles in the order of publication, and why they belong together."""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from archive.article import Article, Attribution
from archive.azerbaijani import fold
from archive.catalogue.reader import CatalogueReader
from archive.catalogue.rows import ArticleRow
from archive.moments import moment_of
from archive.paragraph_diff import BREAK, ParagraphKind, compare_texts
from archive.stories import Likeness, StoryText, likeness_of, shared_sentences, story_text_of
from archive.word_diff import PieceKind

_MOST_MEMBERS = 100
_MOST_SENTENCES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraphs:
    """What an article made of the paragraphs of another: how many it kept, changed, left out and
    added. One at another place is kept."""

    kept: int
    changed: int
    left_out: int
    added: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMember:
    """One article of a story, held against the article that is asked about.

    at         when it was published, as its page says, else when it was first seen
    names      whom it names as its source; not its own site, which openers name too
    likeness   of both texts as they are now; None of the article itself
    anchors    four-word fingerprints that both have, in hexadecimal
    sentences  of the article asked about that this one has too, the first ten
    own        how many sentences this one has beyond them
    paragraphs of the article asked about, in this one; None of the article itself
    """

    article: ArticleRow
    at: str
    names: tuple[str, ...]
    likeness: Likeness | None
    anchors: tuple[str, ...]
    sentences: tuple[str, ...]
    own: int
    paragraphs: Paragraphs | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """A story as the pages and `salname why` show it; `later` are reprints after its days.

    links  the figures that joined its articles when they came, one dictionary a pair
    """

    id: int
    members: tuple[StoryMember, ...]
    later: tuple[ArticleRow, ...]
    links: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """The article that is asked about, as each other one is held against it."""

    id: int
    text: StoryText
    paragraphs: str


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
    about = _Asked(article_id, story_text_of(asked), _without_marks(asked))
    publishers = reader.publishers()
    members = [_member(reader, each, about, publishers) for each in ids]
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
    reader: CatalogueReader,
    article_id: int,
    asked: _Asked,
    publishers: Mapping[str, str],
) -> StoryMember | None:
    row = reader.article_by_id(article_id)
    article = _newest(reader, row) if row else None
    if row is None or article is None:
        return None
    known = StoryMember(
        article=row,
        at=article.published.at if article.published else row.first_seen_at,
        names=_sources_in(article.attribution, {row.source, publishers.get(row.source, "")}),
        likeness=None,
        anchors=(),
        sentences=(),
        own=0,
    )
    return known if article_id == asked.id else _compared(known, asked, article)


def _compared(member: StoryMember, asked: _Asked, article: Article) -> StoryMember:
    here, there = asked.text, story_text_of(article)
    sentences = shared_sentences(here, there)
    return replace(
        member,
        likeness=likeness_of(here, there),
        anchors=tuple(f"{each:08x}" for each in there.anchors if each in here.anchors),
        sentences=sentences[:_MOST_SENTENCES],
        own=max(0, len(there.sentences) - len(sentences)),
        paragraphs=_paragraphs_of(asked.paragraphs, _without_marks(article)),
    )


def _sources_in(attribution: Iterable[Attribution], own: Set[str]) -> tuple[str, ...]:
    """Whom an article names as its source, each once: the body where a sentence names one, else the
    site; by whatever name of its own (`own`) it calls itself, that is none."""
    own_names = {fold(each) for each in own} | {fold(each).split(".")[0] for each in own}
    named = (each.name or each.site for each in attribution)
    return tuple(dict.fromkeys(name for name in named if name and fold(name) not in own_names))


def _without_marks(article: Article) -> str:
    """The text without the paragraphs that name its source, of which every reprint has its own."""
    blocks = [block.text for block in article.blocks if block.role is None and block.text]
    return BREAK.join(blocks) or article.text


def _paragraphs_of(asked: str, text: str) -> Paragraphs:
    counts = Counter[str]()
    for each in compare_texts(asked, text):
        is_same = all(piece.kind is PieceKind.EQUAL for piece in each.pieces)
        if each.kind is ParagraphKind.DELETED:
            counts["left_out"] += len(each.old_numbers)
        elif each.kind is ParagraphKind.INSERTED:
            counts["added"] += len(each.new_numbers)
        elif each.kind is not ParagraphKind.MOVED_AWAY:
            counts["kept" if is_same else "changed"] += len(each.new_numbers)
    names = ("kept", "changed", "left_out", "added")
    return Paragraphs(**{name: counts[name] for name in names})


def _newest(reader: CatalogueReader, row: ArticleRow) -> Article | None:
    version = reader.version_of(row.id, row.versions)
    return version.article if version else None
