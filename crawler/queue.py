"""What the crawl has taken from the ledger and not given back: little, and lost with the run."""

from collections import Counter, deque
from collections.abc import Callable
from datetime import datetime

from sqlite_utils import Database

from archive.catalogue.hosts import HostTroubles, host_troubles
from archive.catalogue.work import (
    DueLook,
    Priority,
    Wanted,
    Work,
    due_looks,
    find_due,
    still_due,
)
from archive.ledger import AddressKind
from archive.moments import moment_of, stamp
from crawler.article_endpoints import asked_address
from crawler.elsewhere import is_elsewhere
from crawler.schedule import expected_edits
from crawler.source import Source

_BATCH = 64  # rows taken from the ledger at once


class Queue:
    """Hands out due addresses, source by source, those first that tell most of what is new.

    Lists come first, then new pages, their photos, and second looks by the edits to be expected.

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
        self._numbers: deque[tuple[int, str, int]] = deque()  # by which they are acknowledged
        self._ranked: dict[str, deque[DueLook]] = {}  # second looks, the most telling first
        self._left: dict[str, set[int]] = {}  # photos and pages whose hosts are left alone
        self._pages: Counter[str] = Counter()
        self.hosts = HostTroubles(host_troubles(db))  # what a run learns counts at once

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
        if under_way or (work := self._next(source)) is None:
            return None
        under_way.add(work.ledger_id)
        return work

    def done(self, source: Source, work: Work, number: int) -> None:
        """An address has been looked at and recorded, as the store's entry of that number."""
        self._under_way[source.name].discard(work.ledger_id)
        self._recorded.setdefault(source.name, set()).add(work.ledger_id)
        self._numbers.append((number, source.name, work.ledger_id))

    def acknowledged(self, number: int) -> None:
        """The entries up to a number have been committed: the ledger knows of them now."""
        while self._numbers and self._numbers[0][0] <= number:
            _, source, ledger_id = self._numbers.popleft()
            self._recorded[source].discard(ledger_id)

    def _next(self, source: Source) -> Work | None:
        waiting = self._taken.setdefault(source.name, deque())
        if not waiting:
            waiting.extend(self._due(source.name))
        while waiting:
            work = waiting.popleft()
            if self._leaves(source, work):
                continue
            if work.kind is AddressKind.PAGE:
                if self._has_reached_limit(source.name):
                    continue
                self._pages[source.name] += 1
            return work
        return None

    def _leaves(self, source: Source, work: Work) -> bool:
        """Whether a photo or a page is left to a later run, because its host is in trouble: one
        that is not the source's own, which the crawl as a whole leaves alone."""
        if not is_elsewhere(work, source):
            return False
        trouble = self.hosts.of(asked_address(work, source.site))
        if trouble is None or not trouble.is_left_alone(self._clock()):
            return False
        self._left.setdefault(source.name, set()).add(work.ledger_id)
        return True

    def _has_reached_limit(self, source: str) -> bool:
        return self._limit is not None and self._pages[source] >= self._limit

    def _due(self, source: str) -> list[Work]:
        """Due rows that are not in hand. Second looks wait until nothing else is: a list may
        still say that an article has moved."""
        in_hand = self._under_way[source] | self._recorded.get(source, set())
        left = self._left.get(source, set())
        with_pages = not self._has_reached_limit(source)
        rows = find_due(
            self._db,
            source,
            now=stamp(self._clock()),
            limit=_BATCH + len(in_hand) + len(left),
            wanted=Wanted(
                run_started_at=self._started_at, at_most=Priority.PHOTO, with_pages=with_pages
            ),
        )
        free = [work for work in rows if work.ledger_id not in in_hand | left]
        return free if free or in_hand or not with_pages else self._second_looks(source)

    def _second_looks(self, source: str) -> list[Work]:
        """Those that are expected to tell most, whenever they were due."""
        now, ranked = self._clock(), self._ranked.setdefault(source, deque())
        if not ranked:
            due = due_looks(self._db, source, now=stamp(now), run_started_at=self._started_at)
            left = self._left.get(source, set())
            due = tuple(look for look in due if look.ledger_id not in left)
            ranked.extend(sorted(due, key=lambda look: -_expected_change(look, now)))
        found: list[Work] = []
        while ranked and len(found) < _BATCH:
            work = still_due(self._db, ranked.popleft(), now=stamp(now))
            found += [work] if work is not None else []
        return found


def _expected_change(look: DueLook, now: datetime) -> float:
    if look.is_called or look.first_seen_at is None or look.last_changed_at is None:
        return 1.0  # something speaks for a change
    return expected_edits(
        first_seen=moment_of(look.first_seen_at),
        last_change=moment_of(look.last_changed_at),
        last_look=moment_of(look.looked_at),
        now=now,
    )
