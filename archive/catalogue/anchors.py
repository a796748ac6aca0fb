"""The table of anchors: which earlier texts a new one may be the same as, and what is boilerplate."""

from collections import Counter
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

from sqlite_utils import Database

from archive.stories import (
    BOILERPLATE_DAYS,
    MOST_CANDIDATES,
    WINDOW_DAYS,
    Likeness,
    StoryText,
    likeness_of,
    rare_shingles,
)

_MOST_ROWS = 32  # of one anchor, the newest: the others belong to the same story, or to none
_MOST_HEARD = 512  # of all anchors of a text together
_MOST_KNOWN = 500
_MOST_FAILED = 10  # candidates: where all is template those with fewer votes are no better
_LEAST_VOTES = 0.15  # of the anchors of the text that has fewer
_MANY_VOTES = 0.3  # of the anchors of the text itself
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
        self._rare: dict[int, tuple[StoryText, set[int], Set[int]]] = {}

    def place(self, article_id: int, day: int, text: StoryText) -> tuple[Link, ...]:
        """The earlier texts that this one is the same as, the best of each story, by number.

        `day` itself counts once for boilerplate, so that the order within a day does not matter;
        later days count too, since a backfill goes back in time.
        """
        near: list[int] = []
        far: list[int] = []
        today: set[int] = set()
        boilerplate: set[int] = set()
        fresh: list[tuple[int, int, int]] = []
        held = self._held(text.anchors)
        begin, end = day - WINDOW_DAYS, day + WINDOW_DAYS
        for anchor in text.anchors:
            rows = held.get(anchor, ())
            if rows and rows[0] == _BOILERPLATE:
                boilerplate.add(anchor)
                continue
            if rows and self._other_days(anchor, day, rows) + 1 >= BOILERPLATE_DAYS:
                boilerplate.add(anchor)
                self._added.add(anchor)
                self._db.execute("DELETE FROM anchor WHERE hash = ?", (anchor,))
                self._db.execute("INSERT INTO anchor VALUES (?, ?, ?)", (anchor, *_BOILERPLATE))
                continue
            fresh.append((anchor, day, article_id))
            near += [other for seen, other in rows if begin <= seen <= end]
            today.update(other for seen, other in rows if seen == day)
            if rows and not begin <= rows[0][0] <= rows[-1][0] <= end:
                far += [other for seen, other in rows if not begin <= seen <= end]
        if fresh:
            self._db.conn.executemany("INSERT OR IGNORE INTO anchor VALUES (?, ?, ?)", fresh)
        votes = _Votes(Counter(near), Counter(far), today)
        del votes.near[article_id], votes.far[article_id]
        if not votes.near and not votes.far:
            return ()
        return self._verified(article_id, text, boilerplate, votes)

    def likeness(self, one: tuple[int, StoryText], other: tuple[int, StoryText]) -> Likeness:
        """How alike two known texts are, by what is boilerplate now."""
        return likeness_of(one[1], other[1], (self._rare_of(*one), self._rare_of(*other)))

    def _held(self, anchors: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
        """Day and article of the newest rows of each anchor, the newest last."""
        marks = ",".join("?" * len(anchors))
        question = (
            f"SELECT hash, day, article_id FROM anchor WHERE hash IN ({marks})"  # noqa: S608 (marks)
            " ORDER BY hash, day, article_id LIMIT ?"
        )
        rows = self._db.execute(question, (*anchors, _MOST_HEARD + 1)).fetchall()
        if len(rows) > _MOST_HEARD:  # some are in many texts: one by one, so that each is heard
            return {
                anchor: self._db.execute(_NEWEST, (anchor, _MOST_ROWS)).fetchall()[::-1]
                for anchor in anchors
            }
        held: dict[int, list[tuple[int, int]]] = {}
        for anchor, seen, article_id in rows:
            held.setdefault(anchor, []).append((seen, article_id))
        return held

    def _other_days(self, anchor: int, day: int, rows: Sequence[tuple[int, int]]) -> int:
        """On how many other days an anchor was seen, as far as it matters."""
        days = {held for held, _ in rows} - {day}
        earlier: int | None = rows[0][0] if len(rows) >= _MOST_ROWS else None
        while earlier is not None and len(days) + 1 < BOILERPLATE_DAYS:
            earlier = self._db.execute(_DAY_BEFORE, (anchor, earlier)).fetchone()[0]
            if earlier is not None and earlier != day:
                days.add(earlier)
        return len(days)

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

    def _rare_of(self, article_id: int, text: StoryText) -> Set[int]:
        """The rare shingles of a known text, by what is boilerplate now."""
        boilerplate = self._boilerplate_of(article_id, text)
        held = self._rare.get(article_id)
        if held is None or held[0] is not text or held[1] != boilerplate:
            if len(self._rare) >= _MOST_KNOWN:
                self._rare.clear()
            rare = rare_shingles(text, boilerplate)
            held = self._rare[article_id] = (text, boilerplate, rare)
        return held[2]

    def _verified(
        self,
        article_id: int,
        text: StoryText,
        boilerplate: set[int],
        votes: "_Votes",
    ) -> tuple[Link, ...]:
        links: list[Link] = []
        failed = last = 0
        rare = rare_shingles(text, boilerplate)
        joined = {self._story_of(article_id)} - {None}
        for count, other in votes.asked(_MANY_VOTES * len(text.anchors)):
            if failed >= _MOST_FAILED and count != last:
                break
            last = count
            if joined and (self._story_of(other) or other) in joined:
                continue
            earlier = self._text_of(other)
            if earlier is None or count < _LEAST_VOTES * min(
                len(text.anchors), len(earlier.anchors)
            ):
                continue
            if other not in votes.today and _is_common(boilerplate, earlier, count):
                failed += 1
                continue
            likeness = likeness_of(text, earlier, (rare, self._rare_of(other, earlier)))
            if likeness.is_same:
                joined.add(self._story_of(other) or other)
                links.append(Link(other, likeness, other not in votes.near))
            else:
                failed += 1
        return tuple(links)


def _is_common(boilerplate: set[int], earlier: StoryText, votes: int) -> bool:
    """Whether what two texts share is boilerplate as a whole, though not each sentence is known as
    such: ten anchors of a text that has it are shared by its own sentences."""
    return bool(boilerplate) and len(boilerplate.intersection(earlier.anchors)) > votes


@dataclass(frozen=True, slots=True)
class _Votes:
    """How many anchors of a text speak for each candidate, within its days and beyond them.

    today  candidates of the same day
    """

    near: Counter[int]
    far: Counter[int]
    today: Set[int]

    def asked(self, many: float) -> list[tuple[int, int]]:
        """Those that are looked at, with their votes, the most first.

        All of equal votes or none, since their order is that of a day's articles: from `many`
        votes on all, below them none that are too many.
        """
        votes = {other: count for other, count in self.far.items() if count >= _LATER_VOTES}
        votes |= self.near
        sizes = Counter(votes.values())
        asked, least = 0, max(sizes, default=0)
        for count in sorted(sizes, reverse=True):
            if asked >= MOST_CANDIDATES:
                break
            asked += sizes[count]
            if count < many and asked > MOST_CANDIDATES:
                break
            least = count
        chosen = [(-count, other) for other, count in votes.items() if count >= least]
        return [(-count, other) for count, other in sorted(chosen)]


_NEWEST = "SELECT day, article_id FROM anchor WHERE hash = ? ORDER BY day DESC LIMIT ?"
_DAY_BEFORE = "SELECT max(day) FROM anchor WHERE hash = ? AND day < ?"
