"""The table of anchors: which earlier texts a new one may be the same as, and what is boilerplate."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from sqlite_utils import Database

from archive.stories import (
    BOILERPLATE_DAYS,
    MOST_CANDIDATES,
    WINDOW_DAYS,
    Likeness,
    StoryText,
    likeness_of,
    may_be_same,
    rare_shingles,
)

_MOST_ROWS = 64  # of one anchor, the newest: the others belong to the same story, or to none
_MOST_FAILED = 10  # of the best candidates: where all is template the others are no better
_LEAST_VOTES = 0.15  # of the anchors of the text that has fewer
_LATER_VOTES = 2  # a later reprint shares more than one anchor

_BOILERPLATE = (0, 0)  # the one row that is left of an anchor seen on too many days

ANCHOR_TABLE = """
CREATE TABLE anchor (
    hash       INTEGER NOT NULL,                                 -- CRC-32 of four folded words
    day        INTEGER NOT NULL,                                 -- since 1 January 1970
    article_id INTEGER NOT NULL,                                 -- both 0: boilerplate
    PRIMARY KEY (hash, day, article_id)
) STRICT, WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Link:
    """An earlier text that is the same; `is_later` where it was too long ago for one story."""

    article_id: int
    likeness: Likeness
    is_later: bool


class AnchorTable:
    """The anchors of all texts so far. Costs some ten look-ups and ten rows a text.

    text_of   the text of an earlier article, or None where there is none
    story_of  the story that it belongs to, or None
    """

    def __init__(
        self,
        db: Database,
        text_of: Callable[[int], StoryText | None],
        story_of: Callable[[int], int | None],
    ) -> None:
        self._db = db
        self._text_of = text_of
        self._story_of = story_of

    def place(self, article_id: int, day: int, text: StoryText) -> tuple[Link, ...]:
        """The earlier texts that this one is the same as, the best of each story, by number.

        Days before `day` and `day` itself alone decide what is boilerplate, so that the order
        within a day does not matter.
        """
        near: Counter[int] = Counter()
        far: Counter[int] = Counter()
        boilerplate: set[int] = set()
        fresh: list[tuple[int, int, int]] = []
        for anchor in text.anchors:
            rows = self._db.execute(_HELD, (anchor, _MOST_ROWS)).fetchall()
            if rows and rows[0] == _BOILERPLATE:
                boilerplate.add(anchor)
                continue
            if self._days_before(anchor, day, rows) + 1 >= BOILERPLATE_DAYS:
                boilerplate.add(anchor)
                self._db.execute("DELETE FROM anchor WHERE hash = ?", (anchor,))
                self._db.execute("INSERT INTO anchor VALUES (?, ?, ?)", (anchor, *_BOILERPLATE))
                continue
            fresh.append((anchor, day, article_id))
            for held, other in rows:
                if other != article_id:
                    (near if abs(held - day) <= WINDOW_DAYS else far)[other] += 1
        if fresh:
            self._db.conn.executemany("INSERT OR IGNORE INTO anchor VALUES (?, ?, ?)", fresh)
        if not near and not far:
            return ()
        return self._verified(article_id, text, boilerplate, (near, far))

    def _days_before(self, anchor: int, day: int, rows: list[tuple[int, int]]) -> int:
        if len(rows) < _MOST_ROWS:
            return len({held for held, _ in rows if held < day})
        days, before = 0, day
        while days < BOILERPLATE_DAYS and before is not None:
            before = self._db.execute(_DAY_BEFORE, (anchor, before)).fetchone()[0]
            days += before is not None
        return days

    def _boilerplate_of(self, text: StoryText) -> set[int]:
        marks = ",".join("?" * len(text.anchors))
        question = f"SELECT hash FROM anchor WHERE day = 0 AND article_id = 0 AND hash IN ({marks})"  # noqa: S608 (marks)
        return {hash_ for (hash_,) in self._db.execute(question, text.anchors)}

    def _verified(
        self,
        article_id: int,
        text: StoryText,
        boilerplate: set[int],
        votes_of: tuple[Counter[int], Counter[int]],
    ) -> tuple[Link, ...]:
        near, far = votes_of
        links: list[Link] = []
        failed = 0
        rare = rare_shingles(text, boilerplate)
        joined = {self._story_of(article_id)}
        votes = [(-count, other, False) for other, count in near.items()]
        votes += [
            (-count, other, True)
            for other, count in far.items()
            if count >= _LATER_VOTES and other not in near
        ]
        for count, other, is_later in sorted(votes)[:MOST_CANDIDATES]:
            story = self._story_of(other) or other
            if story in joined or (earlier := self._text_of(other)) is None:
                continue
            anchors = min(len(text.anchors), len(earlier.anchors))
            if -count < _LEAST_VOTES * anchors or not may_be_same(text, earlier):
                continue
            known = boilerplate | self._boilerplate_of(earlier)
            likeness = likeness_of(text, earlier, known, rare if known == boilerplate else None)
            if likeness.is_same:
                joined.add(story)
                links.append(Link(other, likeness, is_later))
            elif (failed := failed + 1) == _MOST_FAILED:
                break
        return tuple(links)


_HELD = "SELECT day, article_id FROM anchor WHERE hash = ? ORDER BY day DESC LIMIT ?"
_DAY_BEFORE = "SELECT max(day) FROM anchor WHERE hash = ? AND day < ?"
