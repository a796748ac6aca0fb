"""What a text costs the stories as the archive grows: fingerprints, candidates, verification, story.

    python -m benchmarks.growth [--most 1000000]

Texts of a made-up vocabulary with the frequencies of a real one (so that fingerprints are as rare
as in life), half of them first prints, a third reprints of the last two days, the others templated
pieces; 300 a day. Earlier texts are read again from nothing where they are no longer held, as the
catalogue's writer does. CPU time; the lines can be compared within one run alone.
"""

import random
import resource
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

import click
from sqlite_utils import Database

from archive.catalogue.anchors import ANCHOR_TABLE, AnchorTable
from archive.catalogue.connection import WRITER_CACHE_KB
from archive.stories import StoryText, read_story_text
from benchmarks.story_set import TEMPLATES, reprint_of

_TEXTS_A_DAY = 300
_MEASURED = 5_000  # the last ones before each line
_PLACED = _MEASURED + 3 * _TEXTS_A_DAY  # whole, so that what is reprinted is there
_ANCHORS = 10
_FILLED = 50_000  # texts at once
_GROUP = 50  # texts in one transaction
_HELD = 500  # texts, as the catalogue's writer holds them
_SYLLABLES = ("ba", "lı", "qə", "dər", "mi", "su", "lar", "ya", "zım", "tə", "ko", "nuş", "ça", "rik", "gö", "vən")  # fmt: skip


def _vocabulary(size: int) -> list[str]:
    chance = random.Random(1)  # noqa: S311 (made-up words)
    return ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(size)]


_WORDS = _vocabulary(40_000)
_WEIGHTS = list(accumulate(1 / (rank + 3) for rank in range(len(_WORDS))))  # Zipf's law


def _own_text(number: int) -> str:
    chance = random.Random(number)  # noqa: S311
    paragraphs = []
    for _ in range(chance.randint(3, 8)):
        words = chance.choices(_WORDS, cum_weights=_WEIGHTS, k=chance.randint(16, 40))
        words[8] = str(chance.randint(2, 999))
        middle = len(words) // 2
        first, second = " ".join(words[:middle]), " ".join(words[middle:])
        paragraphs.append(f"{first.capitalize()}. {second.capitalize()}.")
    return "\n".join(paragraphs)


def text_of(number: int) -> str:
    """The text with this number; the same at each call."""
    chance = random.Random(-number)  # noqa: S311
    kind = number % 6
    if kind == 0:
        return chance.choice(TEMPLATES)(number // _TEXTS_A_DAY, chance)
    if kind <= 2:
        earlier = number - kind - 6 * chance.randrange(2 * _TEXTS_A_DAY // 6) - 1
        return reprint_of(_own_text(max(3, earlier)), "xeber.example", chance)
    return _own_text(number)


@dataclass(frozen=True, slots=True)
class _Cost:
    """Of one text, in seconds of CPU."""

    features: float
    index: float
    is_joined: bool


class _Stories:
    """The stories of so many texts, with the bookkeeping that the catalogue does in SQL."""

    def __init__(self, db: Database) -> None:
        db.execute(ANCHOR_TABLE)
        db.execute("CREATE TABLE story (text INTEGER PRIMARY KEY, story INTEGER)")
        db.execute("CREATE INDEX story_story ON story (story)")
        self._db = db
        self._table = AnchorTable(db, self._text_of, self._story_of)
        self._reread = lru_cache(_HELD)(lambda number: read_story_text(text_of(number)))
        self._held: dict[int, StoryText] = {}

    def measure(self, first: int) -> list[_Cost]:
        """Place a group of texts in one transaction, as a crawl does; its end is all theirs."""
        self._db.execute("BEGIN")
        costs = [self._measure_one(number) for number in range(first, first + _GROUP)]
        began = time.process_time()
        self._db.execute("COMMIT")
        share = (time.process_time() - began) / _GROUP
        return [replace(each, index=each.index + share) for each in costs]

    def _measure_one(self, number: int) -> _Cost:
        printed = text_of(number)
        began = time.process_time()
        text = read_story_text(printed)
        middle = time.process_time()
        is_joined = self._place(number, text)
        return _Cost(middle - began, time.process_time() - middle, is_joined)

    def _place(self, number: int, text: StoryText) -> bool:
        links = self._table.place(number, number // _TEXTS_A_DAY, text)
        self._held[number] = text
        self._held.pop(number - _HELD, None)
        joined = [link.article_id for link in links if not link.is_later]
        first = min(filter(None, (*map(self._story_of, joined), *joined)), default=None)
        self._db.execute("INSERT INTO story VALUES (?, ?)", (number, first))
        for each in joined:
            self._db.execute("UPDATE story SET story = ? WHERE text = ?", (first, each))
        return bool(joined)

    def _text_of(self, number: int) -> StoryText:
        return self._held.get(number) or self._reread(number)

    def _story_of(self, number: int) -> int | None:
        row = self._db.execute("SELECT story FROM story WHERE text = ?", (number,)).fetchone()
        return row[0] if row else None


def grow(most: int) -> Iterator[str]:
    """Fill one archive and give a line at each power of ten from 10,000 to `most`."""
    marks = {10**power for power in range(4, 8) if 10**power < most} | {most}
    yield "| documents | features ms | index ms, mean | p99 | in stories | MB on disk | MB in memory |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "anchors.sqlite"
        db = Database(sqlite3.connect(path, isolation_level=None))
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"PRAGMA cache_size = -{WRITER_CACHE_KB}")
        stories = _Stories(db)
        number = 0
        for mark in sorted(marks):
            _leave_fingerprints(db, number + 1, mark - _PLACED)
            groups = range(max(number, mark - _PLACED) + 1, mark + 1, _GROUP)
            spent = [cost for first in groups for cost in stories.measure(first)]
            number = mark
            yield _line(mark, spent[-_MEASURED:], _weight_of(db))
        db.close()


def _leave_fingerprints(db: Database, first: int, last: int) -> None:
    chance = random.Random(first)  # noqa: S311
    for start in range(first, last + 1, _FILLED):
        rows = [
            (chance.getrandbits(32), number // _TEXTS_A_DAY, number)
            for number in range(start, min(start + _FILLED, last + 1))
            for _ in range(_ANCHORS)
        ]
        rows.sort()  # each page is written once, and not once a row
        db.execute("BEGIN")
        db.conn.executemany("INSERT OR IGNORE INTO anchor VALUES (?, ?, ?)", rows)
        db.execute("COMMIT")


def _weight_of(db: Database) -> float:
    """Megabytes of the table of anchors."""
    pages = db.execute("SELECT sum(pgsize) FROM dbstat WHERE name = 'anchor'").fetchone()
    return float(pages[0]) / 1e6


def _line(number: int, spent: list[_Cost], weight: float) -> str:
    count = len(spent)
    features = sum(each.features for each in spent) / count
    joined = sum(each.is_joined for each in spent) / count
    index = sorted(each.index for each in spent)
    mean, p99 = sum(index) / count, index[int(count * 0.99)]
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    memory = pages * resource.getpagesize() / 1e6
    return (
        f"| {number:,} | {1e3 * features:.3f} | {1e3 * mean:.3f} | {1e3 * p99:.3f} "
        f"| {joined:.2f} | {weight:.0f} | {memory:.0f} |"
    )


@click.command()
@click.option("--most", default=1_000_000, show_default=True, help="Documents at the end.")
def main(most: int) -> None:
    """Print the curve."""
    for line in grow(most):
        print(line, flush=True)


if __name__ == "__main__":
    main()
