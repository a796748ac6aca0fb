"""Stories: which articles carry the same text, kept with the figures that joined them."""

from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from archive.article import Article
from archive.catalogue.anchors import AnchorTable, Link
from archive.catalogue.contents import ContentTable
from archive.stories import StoryText, story_text_of

_MOST_MEMBERS = 40  # of a story that is held together again after an edit
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Articles left a story, since the text that held them together was edited.

    articles  by number; one alone stands alone now
    story     that they belong to now, or None
    """

    articles: tuple[int, ...]
    story: int | None


class StoryTables:
    """The tables of stories, within the writer's transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._anchors = AnchorTable(db, self._text_of, self.story_of)
        self._contents = ContentTable(db)
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

    def leave(self, article_id: int) -> tuple[Left, ...]:
        """Hold an edited text against its story again: what no longer hangs together leaves.

        The part with the story's first article keeps its number.
        """
        self.forget(article_id)
        story = self.story_of(article_id)
        if story is None:
            return ()
        members = [
            id_
            for (id_,) in self._db.execute(
                "SELECT id FROM article WHERE story_id = :story ORDER BY id LIMIT :most",
                {"story": story, "most": _MOST_MEMBERS + 1},
            )
        ]
        if len(members) > _MOST_MEMBERS:
            return ()
        self._drop_links(article_id)
        kept, *rest = self._parts(members)
        left = []
        for part in rest:
            first = min(part) if len(part) > 1 else None
            left.append(Left(articles=tuple(sorted(part)), story=first))
            self._rename(part, first)
        if len(kept) == 1 and rest:
            self._rename(kept, None)
        return tuple(left)

    def _rename(self, part: set[int], story: int | None) -> None:
        self._db.conn.executemany(
            "UPDATE article SET story_id = ? WHERE id = ?", [(story, each) for each in part]
        )

    def _drop_links(self, article_id: int) -> None:
        """Take away the links of an article that its text no longer bears."""
        rows = self._db.execute(_LINKED, {"id": article_id}).fetchall()
        for (other,) in rows:
            if not self._are_same(article_id, other):
                self._db.execute(_DROP_LINK, {"id": article_id, "other": other})

    def _are_same(self, one: int, other: int) -> bool:
        here, there = self._text_of(one), self._text_of(other)
        if here is None or there is None:
            return False
        return self._anchors.likeness((one, here), (other, there)).is_same

    def _parts(self, members: list[int]) -> list[set[int]]:
        """The parts of a story that hang together, by its links and, where these do not reach, by
        the texts: a new text is linked to the best of each story alone."""
        parts: list[set[int]] = [{each} for each in members]
        for each in members:
            for (other,) in self._db.execute(_LINKED, {"id": each}).fetchall():
                parts = _joined(parts, each, other)
        for one in members:
            for other in members:
                mine = next(part for part in parts if one in part)
                if other > one and other not in mine and self._are_same(one, other):
                    parts = _joined(parts, one, other)
        return sorted(parts, key=min)

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
        held = {each: self.story_of(each) for each in (article_id, *others)}
        stories = {story or each for each, story in held.items()}
        first = min(stories)
        self._db.execute(  # its other members know it: a story may have thousands
            "UPDATE article SET story_id = :first WHERE id = :first AND story_id IS NULL",
            {"first": first},
        )
        for each in stories - {first}:
            self._db.execute(
                "UPDATE article SET story_id = :first WHERE story_id = :story OR id = :story",
                {"first": first, "story": each},
            )
        merged = {story for story in held.values() if story is not None} - {first}
        return Joined(story=first, others=others, merged=tuple(sorted(merged)))

    def story_of(self, article_id: int) -> int | None:
        """The story that an article belongs to; None where it stands alone."""
        row = self._db.execute(
            "SELECT story_id FROM article WHERE id = :id", {"id": article_id}
        ).fetchone()
        return row[0] if row else None

    def _text_of(self, article_id: int) -> StoryText | None:
        if (text := self._texts.pop(article_id, None)) is not None:
            self._texts[article_id] = text  # the last one used stands last
            return text
        article = self._contents.newest(article_id)
        return self._held(article_id, story_text_of(article)) if article else None

    def _held(self, article_id: int, text: StoryText) -> StoryText:
        """The text, kept for the next ones: nearly all candidates are of the last days."""
        if len(self._texts) >= _MOST_HELD:
            self._texts.pop(next(iter(self._texts)))
        self._texts[article_id] = text
        return text


def _joined(parts: list[set[int]], one: int, other: int) -> list[set[int]]:
    """The parts, those of two members made one; as they are where the other is no member."""
    touched = [part for part in parts if one in part or other in part]
    if len(touched) < 2:
        return parts
    return [part for part in parts if part not in touched] + [set[int]().union(*touched)]


def _day_of(article: Article, seen_at: str) -> int:
    """The day of publication where the page says one that is not ahead, else the day of the look:
    an archive that is filled at once holds texts of many years."""
    seen = seen_at[:10]
    said = article.published.at[:10] if article.published else seen
    return date.fromisoformat(min(said, seen)).toordinal() - _EPOCH


_LINKED = """
SELECT other_id FROM story_link WHERE article_id = :id AND NOT is_later
UNION SELECT article_id FROM story_link WHERE other_id = :id AND NOT is_later
"""

_DROP_LINK = """
DELETE FROM story_link
WHERE (article_id = :id AND other_id = :other) OR (article_id = :other AND other_id = :id)
"""

_KEEP_LINK = """
INSERT OR REPLACE INTO story_link (article_id, other_id, is_later, shared, numbers, names)
VALUES (:article, :other, :later, :shared, :numbers, :names)
"""
