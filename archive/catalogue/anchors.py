"""The table of anchors: which earlier texts a new one may be the same as, and what is boilerplate."""

from collections import Counter
from collections.abc import Callable, Sequence
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
_MOST_KNOWN = 500
_MOST_FAILED = 10  # candidates: where all is template those with fewer votes are no better
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
        self._added: set[int] = set()  # boilerplate since the beginning
        self._known: dict[int, tuple[StoryText, set[int]]] = {}  # of texts, at their first question

    def place(self, article_id: int, day: int, text: StoryText) -> tuple[Link, ...]:
        """The earlier texts that this one is the same as, the best of each story, by number.

        Days before `day` and `day` itself alone decide what is boilerplate, so that the order
        within a day does not matter.
        """
        near: Counter[int] = Counter()
        far: Counter[int] = Counter()
        boilerplate: set[int] = set()
        fresh: list[tuple[int, int, int]] = []
        held = self._held(text.anchors)
        for anchor in text.anchors:
            rows = held.get(anchor, ())
            if rows and rows[0] == _BOILERPLATE:
                boilerplate.add(anchor)
                continue
            if rows and self._days_before(anchor, day, rows) + 1 >= BOILERPLATE_DAYS:
                boilerplate.add(anchor)
                self._added.add(anchor)
                self._db.execute("DELETE FROM anchor WHERE hash = ?", (anchor,))
                self._db.execute("INSERT INTO anchor VALUES (?, ?, ?)", (anchor, *_BOILERPLATE))
                continue
            fresh.append((anchor, day, article_id))
            for seen, other in rows:
                if other != article_id:
                    (near if abs(seen - day) <= WINDOW_DAYS else far)[other] += 1
        if fresh:
            self._db.conn.executemany("INSERT OR IGNORE INTO anchor VALUES (?, ?, ?)", fresh)
        if not near and not far:
            return ()
        return self._verified(article_id, text, boilerplate, (near, far))

    def likeness(self, one: tuple[int, StoryText], other: tuple[int, StoryText]) -> Likeness:
        """How alike two known texts are, by what is boilerplate now."""
        known = self._boilerplate_of(*one) | self._boilerplate_of(*other)
        return likeness_of(one[1], other[1], known)

    def _held(self, anchors: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
        """Day and article of the newest rows of each anchor, the newest first."""
        marks = ",".join("?" * len(anchors))
        question = f"SELECT hash, day, article_id FROM anchor WHERE hash IN ({marks}) LIMIT ?"  # noqa: S608 (marks)
        rows = self._db.execute(question, (*anchors, _MOST_ROWS + 1)).fetchall()
        if len(rows) > _MOST_ROWS:  # some are in many texts: one by one, so that each is heard
            return {
                anchor: self._db.execute(_NEWEST, (anchor, _MOST_ROWS)).fetchall()
                for anchor in anchors
            }
        held: dict[int, list[tuple[int, int]]] = {}
        for anchor, day, article_id in sorted(rows, reverse=True):
            held.setdefault(anchor, []).append((day, article_id))
        return held

    def _days_before(self, anchor: int, day: int, rows: Sequence[tuple[int, int]]) -> int:
        if len(rows) < _MOST_ROWS:
            return len({held for held, _ in rows if held < day})
        days, before = 0, day
        while days < BOILERPLATE_DAYS and before is not None:
            before = self._db.execute(_DAY_BEFORE, (anchor, before)).fetchone()[0]
            days += before is not None
        return days

    def _boilerplate_of(self, article_id: int, text: StoryText) -> set[int]:
        """Which anchors of an earlier text are boilerplate. Asked of the table once a text: only
        this object adds any."""
        known = self._known.get(article_id)
        if known is None or known[0] is not text:
            marks = ",".join("?" * len(text.anchors))
            question = (
                f"SELECT hash FROM anchor WHERE day = 0 AND article_id = 0 AND hash IN ({marks})"  # noqa: S608 (marks)
            )
            found = {hash_ for (hash_,) in self._db.execute(question, text.anchors)}
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[article_id] = (text, found)
        return known[1] | self._added.intersection(text.anchors)

    def _verified(
        self,
        article_id: int,
        text: StoryText,
        boilerplate: set[int],
        votes_of: tuple[Counter[int], Counter[int]],
    ) -> tuple[Link, ...]:
        near, far = votes_of
        links: list[Link] = []
        looked = failed = last = 0
        rare = rare_shingles(text, boilerplate)
        joined = {self._story_of(article_id)} - {None}
        votes = [(-count, other, False) for other, count in near.items()]
        votes += [
            (-count, other, True)
            for other, count in far.items()
            if count >= _LATER_VOTES and other not in near
        ]
        for count, other, is_later in sorted(votes):
            # All of equal votes are asked, or none: their order is that of a day's articles.
            is_enough = looked >= MOST_CANDIDATES or failed >= _MOST_FAILED
            if (is_enough and count != last) or looked >= _MOST_ROWS:
                break
            last = count
            looked += 1
            if joined and (self._story_of(other) or other) in joined:
                continue
            earlier = self._text_of(other)
            if earlier is None or not may_be_same(rare, earlier):
                continue
            if -count < _LEAST_VOTES * min(len(text.anchors), len(earlier.anchors)):
                continue
            known = boilerplate | self._boilerplate_of(other, earlier)
            likeness = likeness_of(text, earlier, known, rare if known == boilerplate else None)
            if likeness.is_same:
                joined.add(self._story_of(other) or other)
                links.append(Link(other, likeness, is_later))
            else:
                failed += 1
        return tuple(links)


_NEWEST = "SELECT day, article_id FROM anchor WHERE hash = ? ORDER BY day DESC LIMIT ?"
_DAY_BEFORE = "SELECT max(day) FROM anchor WHERE hash = ? AND day < ?"
