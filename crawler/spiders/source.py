"""The one spider: asks the ledger what is due, fetches it, and hands every answer on.

Scrapy's queue holds little and is thrown away; after a kill the ledger is asked again.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure
from typing_extensions import override

from archive.catalogue.hosts import FAILURES_IN_A_ROW, MOST_PATIENCE, HostTrouble, netloc_of
from archive.catalogue.rows import ChangeKind
from archive.catalogue.work import Work
from archive.errors import ArchiveError
from archive.exchange import Exchange
from archive.ledger import AddressKind, LedgerState
from archive.reading import Reading
from crawler.article_endpoints import asked_address
from crawler.budget import Budgets, Spent
from crawler.elsewhere import is_elsewhere
from crawler.errand import META_KEY, Errand, Visit, errand_of
from crawler.failures import RobotsUnread, failure_sentence
from crawler.judge import Circumstances, failed_reading, robots_reading
from crawler.kept_robots import kept_robots
from crawler.queue import Queue
from crawler.robots import Robots
from crawler.source import Source
from crawler.tally import Count, SourceTally, Tally, new_versions_in
from pipelines.store import Store

log = logging.getLogger(__name__)

_MAX_WAIT_S = 120  # a source that asks for more patience is left to the next run
_LONGEST_NAP_S = 5.0  # while all are held: a budget of time may be over before


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one crawl works with.

    budgets      of the whole run and of its sources
    troubles     what earlier runs left behind of the host on which a source begins, by source
    """

    sources: tuple[Source, ...]
    store: Store
    queue: Queue
    tally: Tally
    circumstances: Circumstances
    told: Mapping[tuple[str, ChangeKind], int]
    clock: Callable[[], datetime]
    segments_path: Path
    budgets: Budgets
    troubles: Mapping[str, HostTrouble] = field(default_factory=dict)


@dataclass(slots=True)
class _Standing:
    """How a source behaves in this run."""

    source: Source
    held_until: datetime | None = None
    failures: int = 0


@dataclass(slots=True)
class Verdict:
    """What ended the crawl as a whole before its time, if something did.

    error       the archive's, or a bug of ours
    is_stopped  a person, or the machine that shuts down, asked it to end
    """

    error: Exception | None = None
    is_stopped: bool = False


class SourceSpider(Spider):
    """Crawls any number of sources, each as its YAML file says."""

    name = "source"

    def __init__(self, *, plan: Plan, verdict: Verdict, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.plan = plan
        self.verdict = verdict
        self.circumstances = plan.circumstances
        self._standings = {source.name: _Standing(source) for source in plan.sources}
        self._source_on = {
            host: source.name for source in plan.sources for host in (source.host, *source.hosts)
        }
        self._something_happened = asyncio.Event()
        for name, trouble in plan.troubles.items():
            self._remember(name, trouble)

    @classmethod
    @override
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        return super().from_crawler(crawler, *args, **kwargs)

    @override
    async def start(self) -> AsyncIterator[Any]:
        """Requests for what is due, until nothing is due and nothing is under way."""
        try:
            async for request in self._requests():
                yield request
        except Exception as error:  # noqa: BLE001  else Scrapy logs it, and the run looks like a success
            self.give_up(error)

    async def _requests(self) -> AsyncIterator[Request]:
        queue = self.plan.queue
        while self.verdict.error is None:
            self._something_happened.clear()
            taken = [
                (standing.source, work)
                for standing in self._standings.values()
                if self._may_work(standing) and (work := queue.take(standing.source)) is not None
            ]
            for source, work in taken:
                yield self._request_for(source, work)
            if taken:
                continue
            if queue.is_idle:
                if self.plan.store.waiting:
                    self._acknowledge(self.plan.store.commit)
                    continue
                if not (wait_s := self._shortest_hold_s()):
                    return
                await asyncio.sleep(min(wait_s, _LONGEST_NAP_S))
            else:
                await self._wait_for_an_answer()

    def closed(self, reason: str) -> None:
        """Called by Scrapy at the end; `shutdown` after SIGINT or SIGTERM."""
        self.verdict.is_stopped = reason == "shutdown"

    @property
    def tally(self) -> Tally:
        """The counts of this run."""
        return self.plan.tally

    def new_versions(self) -> dict[str, int]:
        """How many new versions each source has had in this run, as far as committed."""
        return new_versions_in(dict(self.plan.told))  # a commit may be under way

    # What the callbacks and middlewares call

    def on_answer(self, response: Response) -> list[Visit]:
        """Hand an answer on to the stages."""
        errand = errand_of(response)
        assert errand is not None
        return [Visit(errand=errand)]

    def on_failure(self, failure: Failure) -> list[Visit]:
        """Hand on that there was no answer, and why."""
        errand = errand_of(failure.request)  # type: ignore[attr-defined]  # set by Scrapy
        assert errand is not None
        error = failure.value
        assert error is not None  # Scrapy always has one
        is_unread = isinstance(error, RobotsUnread)
        return [
            Visit(
                errand=errand,
                failure=failure_sentence(error),
                is_refused=isinstance(error, IgnoreRequest) and not is_unread,
                is_unread=is_unread,
            )
        ]

    def record(self, visit: Visit, reading: Reading) -> None:
        """Put one reading into the archive and let its address go.

        Raises:
            ArchiveError: the archive cannot take it; the crawl should end.
        """
        errand, store = visit.errand, self.plan.store
        exchange, earlier, rendering = errand.exchange, errand.work.earlier, errand.rendering
        try:
            store.record(reading, exchange, earlier, rendering)
        except TypeError as error:  # text that no JSON can hold, such as half a surrogate pair
            reading = failed_reading(reading, f"what it says cannot be kept: {error}")
            store.record(reading, exchange, earlier, rendering)
        except ValueError as error:  # headers that no WARC record can hold
            reading = failed_reading(reading, f"the answer cannot be recorded: {error}")
            exchange = None
            store.record(reading, exchange)
        self._note(visit, reading, exchange)
        self.plan.queue.done(visit.errand.source, visit.errand.work, store.recorded)
        self.plan.queue.acknowledged(store.acknowledged)
        self._something_happened.set()

    def kept_robots(self, url: str) -> Robots | None:
        """What an earlier run was told by a robots.txt, if it may still be believed."""
        plan = self.plan
        return kept_robots(plan.queue.db, plan.segments_path, url, now=plan.clock())

    def record_robots(self, exchange: Exchange) -> None:
        """Record a robots.txt that was fetched on the way to a page."""
        source = self._source_on.get(netloc_of(exchange.url))
        if source is None:
            return  # where another host's robots.txt redirects to
        reading = robots_reading(exchange, source, self.circumstances)
        try:
            self.plan.store.record(reading, exchange)
        except ArchiveError as error:
            self.give_up(error)
        self.plan.tally.count(reading, exchange)

    def hold(self, source: str, wait_s: int) -> None:
        """Leave a source alone for so many seconds, or for this run if they are many."""
        if wait_s > _MAX_WAIT_S:
            capped = f", of which {MOST_PATIENCE.days} days are kept" * (
                wait_s > MOST_PATIENCE.total_seconds()
            )
            self._end(source, f"its server asked to wait {wait_s} s{capped}")
        else:
            self._standings[source].held_until = self.plan.clock() + timedelta(seconds=wait_s)

    def give_up(self, error: Exception) -> None:
        """End the crawl because the archive can take no more, or because of a bug of ours."""
        if self.verdict.error is None:
            self.verdict.error = error
            assert self.crawler.engine is not None
            self._closing = asyncio.ensure_future(
                self.crawler.engine.close_spider_async(reason="archive")
            )

    # Within

    def _request_for(self, source: Source, work: Work) -> Request:
        if self.circumstances.backfill is not None and work.kind is not AddressKind.PAGE:
            work = replace(work, etag=None, last_modified=None)  # "unchanged" would lead nowhere
        url = asked_address(work, source.site)
        self._source_on.setdefault(netloc_of(url), source.name)  # a photo's host, an endpoint's
        return Request(
            url,
            callback=self.on_answer,
            errback=self.on_failure,
            dont_filter=True,
            headers={"From": source.contact} if source.contact else None,
            meta={META_KEY: Errand(source=source, work=work), "dont_redirect": True},
        )

    def _may_work(self, standing: _Standing) -> bool:
        tally = self.plan.tally.sources[standing.source.name]
        if tally.ended_early or tally.spent:
            return False
        if (spent := self._spent_by(standing.source, tally)) is not None:
            tally.spent = spent
            return False
        if standing.held_until is not None and self.plan.clock() >= standing.held_until:
            standing.held_until = None
        return standing.held_until is None

    def _spent_by(self, source: Source, tally: SourceTally) -> str | None:
        """The budget that is used up, the run's or the source's own, or None."""
        spent = Spent(tally.counts[Count.REQUESTS], tally.counts[Count.BYTES])
        plan = self.plan
        in_all = Spent(plan.tally.requests, plan.tally.size_bytes)
        return plan.budgets.spent_by(spent, source.budget, in_all, now=plan.clock())

    def _shortest_hold_s(self) -> float:
        """Seconds until a held source may go on; 0 where none is held."""
        now = self.plan.clock()
        holds = [
            (standing.held_until - now).total_seconds()
            for standing in self._standings.values()
            if standing.held_until is not None
            and not (tally := self.plan.tally.sources[standing.source.name]).ended_early
            and not tally.spent
        ]
        return max(0.05, min(holds)) if holds else 0.0

    async def _wait_for_an_answer(self) -> None:
        try:
            await asyncio.wait_for(self._something_happened.wait(), timeout=0.5)
        except TimeoutError:
            self._acknowledge(self.plan.store.go_on)

    def _acknowledge(self, commit: Callable[[], None]) -> None:
        try:
            commit()
            self.plan.queue.acknowledged(self.plan.store.acknowledged)
        except ArchiveError as error:
            self.give_up(error)

    def _note(self, visit: Visit, reading: Reading, exchange: Exchange | None) -> None:
        self.plan.tally.count(reading, exchange)
        if visit.errand.rendering is not None:
            self.plan.tally.count_parts(reading.source, visit.errand.rendering.parts)
        standing = self._standings[reading.source]
        if is_elsewhere(visit.errand.work, standing.source):
            self.plan.queue.hosts.note(reading, exchange)
            return  # another host says nothing of the source's own
        is_down = reading.state is LedgerState.FAILED and (
            exchange is None or exchange.status >= 500
        )
        standing.failures = standing.failures + 1 if is_down else 0
        if standing.failures >= FAILURES_IN_A_ROW:
            for each in self._standings.values():  # editions of one site share their host
                if each.source.host == standing.source.host:
                    self._end(each.source.name, f"its host does not answer ({reading.reason})")

    def _remember(self, source: str, trouble: HostTrouble) -> None:
        """Leave a source alone whose host is still to rest; one that has rested gets one try."""
        if trouble.is_left_alone(self.plan.clock()):
            until = (trouble.left_until or "")[:16]
            self._end(source, f"its host is left alone until {until}Z ({trouble.reason})")
        else:
            self._standings[source].failures = min(trouble.failures, FAILURES_IN_A_ROW - 1)

    def _end(self, source: str, why: str) -> None:
        tally = self.plan.tally.sources[source]
        if tally.ended_early is None:
            tally.ended_early = why
            log.warning("source left early", extra={"source": source, "why": why})
