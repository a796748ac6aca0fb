"""Stories of texts that are in no archive: the same rules, held in memory."""

from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from archive.catalogue.anchors import ANCHOR_TABLE, AnchorTable
from archive.stories import StoryText, read_story_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A text before that is the same: how far shingles, numbers and names agree, from 0 to 1.

    later  it was too long ago for one story: a later reprint
    """

    id: str
    shared: float
    numbers: float
    names: float
    later: bool
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where one text belongs: `story` is the id of the story's first text, itself if alone.

    merged  stories that became one with this text
    """

    story: str
    merged: tuple[str, ...]
    why: tuple[Reason, ...]


class StoryBatch:
    """Places texts one after the other, seeing the past alone."""

    def __init__(self) -> None:
        db = Database(memory=True)
        db.execute(ANCHOR_TABLE)
        self._ids: list[str] = []
        self._texts: dict[int, StoryText] = {}
        self._story: dict[int, int] = {}
        self._members: dict[int, list[int]] = {}
        self._anchors = AnchorTable(db, self._texts.get, self._story.get)

    def stories(self) -> frozenset[frozenset[str]]:
        """All stories so far, each as the ids of its texts."""
        return frozenset(
            frozenset(self._ids[member - 1] for member in members)
            for members in self._members.values()
        )

    def place(self, id_: str, day: date, text: str) -> Placed:
        """Find the story of one text."""
        self._ids.append(id_)
        number, read = len(self._ids), read_story_text(text)
        links = self._anchors.place(number, day.toordinal(), read)
        self._texts[number] = read
        stories = sorted({self._story[link.article_id] for link in links if not link.is_later})
        first = stories[0] if stories else number
        members = [number, *(each for story in stories for each in self._members.pop(story))]
        self._members[first] = members
        self._story |= dict.fromkeys(members, first)
        return Placed(
            story=self._ids[first - 1],
            merged=tuple(self._ids[story - 1] for story in stories[1:]),
            why=tuple(
                Reason(
                    id=self._ids[link.article_id - 1],
                    shared=round(link.likeness.shared, 3),
                    numbers=round(link.likeness.numbers, 3),
                    names=round(link.likeness.names, 3),
                    later=link.is_later,
                    sentences=link.likeness.sentences[:5],
                )
                for link in links
            ),
        )
