"""Stories: which articles carry the same text, kept with the figures that joined them."""

import json
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from archive.article import Article, article_from_dict
from archive.catalogue.anchors import AnchorTable, Link
from archive.stories import StoryText, story_text_of

_MOST_HELD = 500  # texts, some 20 kB each
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """An article joined a story.

    story   number of the story, which is that of its first article
    others  the articles that it is the same as
    merged  stories that became one with it, by their first articles
    """

    story: int
    others: tuple[int, ...]
    merged: tuple[int, ...]


class StoryTables:
    """The tables of stories, within the writer's transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._anchors = AnchorTable(db, self._text_of, self._story_of)
        self._texts: dict[int, StoryText] = {}

    def place(self, article_id: int, article: Article, seen_at: str) -> Joined | None:
        """Look for the text of an article among the earlier ones, and keep it for later ones."""
        text = story_text_of(article)
        links = self._anchors.place(article_id, _day_of(article, seen_at), text)
        self._held(article_id, text)
        for link in links:
            self._keep(article_id, link)
        others = tuple(link.article_id for link in links if not link.is_later)
        return self._join(article_id, others) if others else None

    def forget(self, article_id: int) -> None:
        """An article has another version, whose text is to be read again where it is asked for."""
        self._texts.pop(article_id, None)

    def _keep(self, article_id: int, link: Link) -> None:
        likeness = link.likeness
        self._db.execute(
            _KEEP_LINK,
            {
                "article": article_id,
                "other": link.article_id,
                "later": link.is_later,
                "shared": round(likeness.shared, 4),
                "numbers": round(likeness.numbers, 4),
                "names": round(likeness.names, 4),
            },
        )

    def _join(self, article_id: int, others: tuple[int, ...]) -> Joined:
        held = {each: self._story_of(each) for each in (article_id, *others)}
        stories = {story or each for each, story in held.items()}
        first = min(stories)
        for each in stories:
            self._db.execute(
                "UPDATE article SET story_id = :first WHERE story_id = :story OR id = :story",
                {"first": first, "story": each},
            )
        merged = {story for story in held.values() if story is not None} - {first}
        return Joined(story=first, others=others, merged=tuple(sorted(merged)))

    def _story_of(self, article_id: int) -> int | None:
        row = self._db.execute(
            "SELECT story_id FROM article WHERE id = :id", {"id": article_id}
        ).fetchone()
        return row[0] if row else None

    def _text_of(self, article_id: int) -> StoryText | None:
        if (text := self._texts.pop(article_id, None)) is not None:
            self._texts[article_id] = text  # the last one used stands last
            return text
        row = self._db.execute(
            "SELECT content FROM version"
            " WHERE id = (SELECT last_version_id FROM article WHERE id = :id)",
            {"id": article_id},
        ).fetchone()
        return self._held(article_id, _read(row[0])) if row else None

    def _held(self, article_id: int, text: StoryText) -> StoryText:
        """The text, kept for the next ones: nearly all candidates are of the last days."""
        if len(self._texts) >= _MOST_HELD:
            self._texts.pop(next(iter(self._texts)))
        self._texts[article_id] = text
        return text


def _read(content: str) -> StoryText:
    return story_text_of(article_from_dict(json.loads(content)))


def _day_of(article: Article, seen_at: str) -> int:
    """The day of publication where the page says one that is not ahead, else the day of the look:
    an archive that is filled at once holds texts of many years."""
    seen = seen_at[:10]
    said = article.published.at[:10] if article.published else seen
    return date.fromisoformat(min(said, seen)).toordinal() - _EPOCH


_KEEP_LINK = """
INSERT OR REPLACE INTO story_link (article_id, other_id, is_later, shared, numbers, names)
VALUES (:article, :other, :later, :shared, :numbers, :names)
"""
