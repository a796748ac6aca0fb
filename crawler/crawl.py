"""One crawl from lock to summary: opens the archive, lets Scrapy run, ends the run."""

import gc
import os
import secrets
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings as ScrapySettings

from archive.catalogue.hosts import HostTrouble, host_troubles, netloc_of
from archive.catalogue.reader import CatalogueReader
from archive.catalogue.ways import marks_of
from archive.catalogue.writer import CatalogueWriter
from archive.errors import ArchiveError
from archive.folder import ArchiveFolder, locked
from archive.late_looks import look_back
from archive.moments import now, stamp
from archive.objects import ObjectStore
from archive.reading import RunStart, VisitedSource
from archive.recovery import Start, start
from archive.seals import seal_of, without_seal
from archive.search.index import SearchIndex
from archive.sending import require_room, send_beside, waiting_bytes
from archive.spool import Spool
from archive.stores import find_store
from crawler import __version__
from crawler import settings as scrapy_settings
from crawler.browser import require_browser
from crawler.budget import Budgets
from crawler.configuration import Settings
from crawler.discovery import entries_of
from crawler.judge import Circumstances
from crawler.numbers import missing_numbers
from crawler.queue import Queue
from crawler.schedule import LookAgain, is_held_back
from crawler.source import Source
from crawler.spiders.source import Plan, SourceSpider, Verdict
from crawler.summary import Summary, run_end, summary_of
from crawler.tally import Tally
from pipelines.store import Aside, GroupLimits, Store

EXTRACTOR = f"salname/{__version__}"
# With a store a run ends with its segment sealed and sent: what lies on one disk alone is lost
# with it, and an object is never appended to. A run that found next to nothing makes none.
_WORTH_SENDING_BYTES = 100_000
_SEALS_A_RUN = 8  # so that an old archive of many segments does not hold up its next run
_LOOKS_A_RUN = 500  # at photos of an older release; 3 s of CPU
_COLLECT_AFTER = 20_000  # new objects; with 700, the default, cycles cost 4 % of the CPU time
_CONTENT_PER_BODY = 4  # a body may unpack to so many times the longest body that is taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What one crawl is asked for beyond its sources.

    limit     pages that one source may be asked for, or None
    backfill  first and last day of what is wanted of the past, or None for news alone
    """

    limit: int | None = None
    backfill: tuple[date, date] | None = None


def crawl(
    folder: ArchiveFolder,
    settings: Settings,
    sources: tuple[Source, ...],
    options: Options,
    *,
    said: Callable[[str], None] = lambda _: None,
    clock: Callable[[], datetime] = now,
) -> Summary:
    """Crawl sources into an archive; call it once in a process, since Scrapy's reactor is spent.

    said   is told in a sentence what a recovery did
    clock  the moment it is; another than the machine's for a simulation

    Raises:
        WrongUse: a source is rendered by a browser, and none is installed.
        ArchiveLocked: another process writes to the archive.
        ArchiveError: the archive could take no more; what was acknowledged is safe.
    """
    require_browser(source.name for source in sources if source.render)
    with locked(folder, "salname crawl"):
        # Before anything is fetched: its settings may be wrong, and the crawl's proxy is not its.
        store = find_store(folder)
        begun = start(folder, LookAgain())
        if begun.sentence is not None:
            said(begun.sentence)
        db, catalogue = begun.db, begun.catalogue
        try:
            if store is not None and (limit := settings.store.wait_bytes):
                require_room(folder, store, catalogue, limit_bytes=limit, clock=now)
            summary = _crawl(folder, settings, sources, begun, options, clock)
            look_back(folder, catalogue, limit=_LOOKS_A_RUN)
            _seal(folder, said)
        finally:
            db.close()
        feed_index(folder, said)
    if store is not None:  # without the lock: the next crawl need not wait for a slow store
        _send(folder, settings, store, said)
    return summary


def _seal(folder: ArchiveFolder, said: Callable[[str], None]) -> None:
    """Prove what this run sealed, and write index and digests beside it; a view, as the index."""
    for path in without_seal(folder.segments_path)[:_SEALS_A_RUN]:
        try:
            seal_of(path)
        except ArchiveError as error:
            said(f"No index could be made of {path.name}: {error}")


def _send(
    folder: ArchiveFolder, settings: Settings, store: ObjectStore, said: Callable[[str], None]
) -> None:
    """Send what is sealed; it stays in the spool until it is stored, so no failure is the run's."""
    try:
        keep = timedelta(days=settings.store.keep_days)
        sending = send_beside(folder, store, LookAgain(), keep=keep, clock=now)
    except ArchiveError as error:
        said(f"Nothing could be sent to the store: {error}")
        return
    for sentence in sending.told:
        said(sentence)
    if sending.error is not None:
        number = f"{sending.waiting} segment{'s wait' if sending.waiting != 1 else ' waits'}"
        said(f"{number} for the store: {sending.error}")
    limit = settings.store.wait_bytes
    if limit and sending.waiting and (waits := waiting_bytes(folder)) > limit / 2:
        said(
            f"{waits / 1e9:.1f} GB wait here for the store; beyond {limit / 1e9:.1f} GB "
            "(store.wait_bytes) the next crawl is refused. Bring the store back."
        )


def feed_index(folder: ArchiveFolder, said: Callable[[str], None]) -> None:
    """Let the search index read what the run told; it is a view, so its failure is no run's."""
    try:
        with (
            CatalogueReader.open(folder.catalogue_path) as reader,
            SearchIndex.open(folder.search_path) as index,
        ):
            index.catch_up(reader)
    except ArchiveError as error:
        said(f"The next search feeds the index again: {error}")


def _crawl(
    folder: ArchiveFolder,
    settings: Settings,
    sources: tuple[Source, ...],
    begun: Start,
    options: Options,
    clock: Callable[[], datetime],
) -> Summary:
    catalogue = begun.catalogue
    started_at = clock()
    run = f"{started_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    spool = Spool(
        folder.segments_path,
        settings.segments.limits,
        run,
        about=(("software", EXTRACTOR), ("operator", settings.crawler.contact)),
        with_texts=settings.segments.text_records,
    )
    spool.resume()
    aside = Aside.open(folder.catalogue_path)
    store = Store(
        spool,
        catalogue,
        GroupLimits(
            captures=settings.segments.group_captures,
            age=timedelta(seconds=settings.segments.group_s),
        ),
        clock,
        aside,
    )
    tally, verdict = Tally(tuple(source.name for source in sources)), Verdict()
    plan = Plan(
        sources=sources,
        store=store,
        queue=Queue(aside.reader, clock, limit=options.limit),
        tally=tally,
        told=catalogue.told,
        circumstances=Circumstances(
            run=run,
            extractor=EXTRACTOR,
            max_content_bytes=settings.crawler.max_page_bytes * _CONTENT_PER_BODY,
            backfill=options.backfill,
            walked=catalogue.walked,
            clock=clock,
        ),
        clock=clock,
        segments_path=folder.segments_path,
        budgets=Budgets(
            run=settings.budget.run, each=settings.budget.source, started_at=started_at
        ),
        troubles=_troubles_of(sources, catalogue, clock),
    )
    try:
        store.note(_run_start(plan, started_at, settings))
        _let_scrapy_run(settings, plan, verdict)
        if verdict.error is not None:
            raise verdict.error
        store.commit()
        summary = summary_of(run, started_at, plan, begun.recovery, verdict)
        store.note(run_end(summary))
    finally:
        _close(store, verdict, _WORTH_SENDING_BYTES if settings.store.kind else None)
    return summary


def _troubles_of(
    sources: tuple[Source, ...], catalogue: CatalogueWriter, clock: Callable[[], datetime]
) -> Mapping[str, HostTrouble]:
    """The trouble with the hosts on which sources begin, where every one of them has some."""
    known, today = {each.host: each for each in host_troubles(catalogue.db)}, clock().date()
    found: dict[str, HostTrouble] = {}
    for source in sources if known else ():
        hosts = {netloc_of(entry.url) for entry in entries_of(source, today)}
        if hosts and hosts <= known.keys():
            # The one that is first to be asked again, so that no rest outlasts its hosts'.
            found[source.name] = min(
                (known[host] for host in hosts), key=lambda each: each.left_until or ""
            )
    return found


def _close(store: Store, verdict: Verdict, seal_from_bytes: int | None) -> None:
    """Let go of the segment; after an error of the archive nothing more is committed."""
    if verdict.error is None and sys.exc_info()[0] is None:
        store.close(seal_from_bytes=seal_from_bytes)
    else:
        store.abandon()


def _let_scrapy_run(settings: Settings, plan: Plan, verdict: Verdict) -> None:
    if settings.crawler.proxy:
        os.environ["http_proxy"] = os.environ["https_proxy"] = settings.crawler.proxy
    gc.freeze()  # what is loaded by now stays to the end
    gc.set_threshold(_COLLECT_AFTER)
    process = AsyncCrawlerProcess(_scrapy_settings(settings, plan))
    process.crawl(SourceSpider, plan=plan, verdict=verdict)
    process.start()


def _scrapy_settings(settings: Settings, plan: Plan) -> ScrapySettings:
    crawler, scrapy = settings.crawler, ScrapySettings()
    scrapy.setmodule(scrapy_settings, priority="project")
    pauses = {
        host: {"delay": source.pause_s, "concurrency": 1}
        for source in plan.sources
        if source.pause_s is not None
        for host in (source.host.partition(":")[0], *source.hosts, *source.mirrors)
    }
    agent = scrapy_settings.USER_AGENT
    if crawler.contact:
        agent = f"{agent.removesuffix(')')}; contact: {crawler.contact})"
    scrapy.setdict(
        {
            "USER_AGENT": agent,
            "DEFAULT_REQUEST_HEADERS": {
                **scrapy_settings.DEFAULT_REQUEST_HEADERS,
                **({"From": crawler.contact} if crawler.contact else {}),
            },
            "DOWNLOAD_DELAY": crawler.pause_s,
            "DOWNLOAD_SLOTS": pauses,
            "DOWNLOAD_TIMEOUT": crawler.timeout_s,
            "CONCURRENT_REQUESTS": crawler.parallel_hosts,
            "SALNAME_MAX_PAGE_BYTES": crawler.max_page_bytes,
            "SALNAME_MAX_FILE_BYTES": crawler.max_file_bytes,
            "SALNAME_LONG_BODIES_PATH": str(plan.segments_path),
            "SALNAME_ALLOW_PRIVATE_ADDRESSES": crawler.allow_private_addresses,
            "SALNAME_PROXY": crawler.proxy,
            "SALNAME_CLOCK": plan.clock,
        },
        priority="cmdline",
    )
    return scrapy


def _run_start(plan: Plan, at: datetime, settings: Settings) -> RunStart:
    return RunStart(
        run=plan.circumstances.run,
        is_backfill=plan.circumstances.backfill is not None,
        backfilled=tuple(day.isoformat() for day in plan.circumstances.backfill or ()),
        started_at=stamp(at),
        extractor=EXTRACTOR,
        look_again_s=settings.crawler.look_again_s,
        gone_after_s=round(settings.crawler.gone_after_h * 3600),
        sources=tuple(_visited(source, plan, at) for source in plan.sources),
    )


def _visited(source: Source, plan: Plan, at: datetime) -> VisitedSource:
    today, wanted = at.astimezone(ZoneInfo(source.timezone)).date(), plan.circumstances.backfill
    entries = entries_of(source, min(today, wanted[1]) if wanted else today)
    marks = {mark.url: mark for mark in marks_of(plan.queue.db, source.name)}
    known = [marks[each.url] for each in entries if each.url in marks]
    is_held = (
        wanted is None
        and len(known) == len(entries)
        and source.name in plan.circumstances.walked
        and is_held_back(known, now=at)
    )
    reserve = entries[1:] if is_held else ()
    return VisitedSource(
        name=source.name,
        publisher=source.publisher,
        host=source.host,
        kind=source.kind.value,
        language=source.language.value,
        definition_sha256=sha256(repr(source).encode()).hexdigest(),
        entries=(entries[:1] if is_held else entries) + missing_numbers(source, plan.queue.db),
        reserve=reserve,
    )
