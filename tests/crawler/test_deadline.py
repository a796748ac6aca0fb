"""A page that takes more than its share of CPU time is given up, and nothing else notices."""

import asyncio
import signal
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from archive.article import PageKind
from archive.catalogue.work import Work
from archive.errors import PageTooCostly
from archive.exchange import Exchange
from archive.ledger import AddressKind, LedgerState
from crawler.deadline import CpuDeadline
from crawler.errand import Errand, Visit
from crawler.judge import Circumstances, judge
from crawler.source import Language, Source, SourceKind

# A pattern that backtracks without end on an address that it does not match.
SLOW = Source(
    name="yavas.example",
    publisher="Yavaş Xəbər",
    host="yavas.example",
    kind=SourceKind.NEWS,
    language=Language.AZ,
    articles=(r"^/xeber/(?:[a-z]+-?)+(?P<id>\d+)$",),
)
URL = f"https://yavas.example/xeber/{'a' * 60}/"
PAGE = "<html><body><h1>Kitabxana açılıb</h1><p>Oxu zalı var.</p></body></html>".encode()


def spin(cpu_s: float) -> None:
    begun = time.process_time()
    while time.process_time() - begun < cpu_s:
        pass


def visit() -> Visit:
    exchange = Exchange(url=URL, captured_at=datetime(2026, 2, 14, tzinfo=UTC), body=PAGE)
    work = Work(
        ledger_id=1,
        url=URL,
        kind=AddressKind.PAGE,
        depth=0,
        looks=0,
        tries=0,
        is_known=False,
        etag=None,
        last_modified=None,
        earlier=None,
    )
    return Visit(errand=Errand(source=SLOW, work=work, exchange=exchange))


def test_a_page_over_its_cpu_time_is_a_failure_with_its_reason() -> None:
    circumstances = Circumstances(
        run="r", extractor="e", max_content_bytes=1_000_000, max_cpu_s=0.3
    )

    begun = time.process_time()
    reading = judge(visit(), circumstances)

    assert time.process_time() - begun < 3
    assert (reading.kind, reading.state) == (PageKind.ERROR, LedgerState.FAILED)
    assert reading.reason == "reading it took more than 0.3 s of CPU time"


def test_handler_and_timer_are_put_back() -> None:
    before = signal.getsignal(signal.SIGPROF)

    with CpuDeadline(5):
        assert signal.getitimer(signal.ITIMER_PROF)[0] > 0
    with pytest.raises(PageTooCostly), CpuDeadline(0.05):
        spin(5)

    assert signal.getsignal(signal.SIGPROF) is before
    assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)
    spin(0.1)


def test_waiting_is_no_cpu_time() -> None:
    with CpuDeadline(0.1):
        time.sleep(0.3)


def test_a_library_that_swallows_the_error_is_asked_again() -> None:
    def careless() -> None:
        with suppress(Exception):
            spin(5)
        spin(5)

    begun = time.process_time()
    with pytest.raises(PageTooCostly), CpuDeadline(0.05):
        careless()

    assert time.process_time() - begun < 3


def test_the_event_loop_goes_on_after_it() -> None:
    async def crawl() -> list[str]:
        seen = []
        other = asyncio.create_task(asyncio.sleep(0.2, "another page"))
        try:
            with CpuDeadline(0.05):
                spin(5)
        except PageTooCostly:
            seen.append("given up")
        seen.append(await other)
        process = await asyncio.create_subprocess_exec("true")
        assert await process.wait() == 0
        return seen

    assert asyncio.run(crawl()) == ["given up", "another page"]


def test_in_another_thread_the_block_runs_without_a_deadline() -> None:
    done = []

    def work() -> None:
        with CpuDeadline(0.01):
            spin(0.1)
        done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert done == [True]
