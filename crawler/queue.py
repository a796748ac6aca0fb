"""What the crawl has taken from the ledger and not given back: little, and lost with the run."""

from collections import Counter, deque
from collections.abc import Callable
from datetime import datetime

from sqlite_utils import Database

from archive.catalogue.work import Priority, Wanted, Work, find_due
from archive.ledger import AddressKind
from archive.moments import stamp
from crawler.source import Source

_BATCH = 64  # rows taken from the ledger at once


class Queue:
    """Hands out due addresses, source by source; lists first, second looks last.

    A source has one address under way: what Scrapy has been given goes out, whatever its server
    says meanwhile, so nothing is given ahead of its answer.

    limit  pages that one source may be asked for in this run, or None
    """

    def __init__(self, db: Database, clock: Callable[[], datetime], *, limit: int | None) -> None:
        self._db = db
        self._clock = clock
        self._started_at = stamp(clock())
        self._limit = limit
        self._taken: dict[str, deque[Work]] = {}
        self._under_way: dict[str, set[int]] = {}
        self._recorded: dict[str, set[int]] = {}  # their rows still look due: not committed yet
        self._pages: Counter[str] = Counter()

    @property
    def db(self) -> Database:
        """The catalogue that is asked."""
        return self._db

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way."""
        return not any(self._under_way.values())

    def take(self, source: Source) -> Work | None:
        """The next address of a source; None while one is under way, or when none is due."""
        under_way = self._under_way.setdefault(source.name, set())
        if under_way or (work := self._next(source.name)) is None:
            return None
        under_way.add(work.ledger_id)
        return work

    def done(self, source: Source, work: Work) -> None:
        """An address has been looked at and recorded."""
        self._under_way[source.name].discard(work.ledger_id)
        self._recorded.setdefault(source.name, set()).add(work.ledger_id)

    def acknowledged(self) -> None:
        """What was recorded has been committed: the ledger knows it now."""
        self._recorded.clear()

    def _next(self, source: str) -> Work | None:
        waiting = self._taken.setdefault(source, deque())
        if not waiting:
            waiting.extend(self._due(source))
        while waiting:
            work = waiting.popleft()
            if work.kind is AddressKind.PAGE:
                if self._has_reached_limit(source):
                    continue
                self._pages[source] += 1
            return work
        return None

    def _has_reached_limit(self, source: str) -> bool:
        return self._limit is not None and self._pages[source] >= self._limit

    def _due(self, source: str) -> list[Work]:
        """Due rows that are not in hand. Second looks wait until nothing else is: a list may
        still say that an article has moved."""
        in_hand = self._under_way[source] | self._recorded.get(source, set())
        rows = find_due(
            self._db,
            source,
            now=stamp(self._clock()),
            limit=_BATCH + len(in_hand),
            wanted=Wanted(
                run_started_at=self._started_at,
                at_most=Priority.PHOTO if in_hand else Priority.SECOND_LOOK,
                with_pages=not self._has_reached_limit(source),
            ),
        )
        free = [work for work in rows if work.ledger_id not in in_hand]
        first = [work for work in free if not work.is_second_look]
        return first or free
