"""Shows how a crawl gets on, on a terminal alone, and hands the counts to Scrapy's statistics."""

import asyncio
import sys
from collections.abc import Mapping
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table
from scrapy import signals
from scrapy.crawler import Crawler

from crawler.errand import desk_of
from crawler.log_lines import spare_records
from crawler.tally import Count, Tally

_EVERY_S = 0.5
_OTHER_LINES = 2  # the table's head, and the line where the cursor waits
_COLUMNS = (Count.PAGES, Count.ARTICLES, Count.PHOTOS, Count.UNCHANGED, Count.ERRORS)


class ProgressExtension:
    """A table on standard error, a line a source, while the crawl runs."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._live: Live | None = None
        self._task: asyncio.Task[None] | None = None
        crawler.signals.connect(self.opened, signal=signals.spider_opened)
        crawler.signals.connect(self.closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def opened(self) -> None:
        """Begin to show; what Scrapy would log of each page nobody sees."""
        spare_records()
        if sys.stderr.isatty():
            self._live = Live(console=Console(stderr=True), transient=True, auto_refresh=False)
            self._live.start()
            self._task = asyncio.ensure_future(self._show())

    def closed(self) -> None:
        """Stop showing; the counts become statistics `salname/<source>/<count>`."""
        if self._task is not None:
            self._task.cancel()
        if self._live is not None:
            self._live.stop()
        for name, tally in desk_of(self._crawler).tally.sources.items():
            for count, number in tally.counts.items():
                self._crawler.stats.set_value(f"salname/{name}/{count}", number)

    async def _show(self) -> None:
        while self._live is not None:
            desk = desk_of(self._crawler)
            rows = self._live.console.height - _OTHER_LINES
            self._live.update(table_of(desk.tally, desk.new_versions(), rows), refresh=True)
            await asyncio.sleep(_EVERY_S)


def table_of(tally: Tally, new_versions: Mapping[str, int], rows: int) -> Table:
    """The counts as a table, a row a source; those that did most where not all find room."""
    table = Table(box=None, pad_edge=False)
    table.add_column("source")
    for count in _COLUMNS:
        table.add_column(count.value, justify="right")
    table.add_column("new versions", justify="right")
    shown = list(tally.sources.items())
    if len(shown) > rows:
        shown.sort(key=lambda each: -each[1].counts[Count.REQUESTS])
        shown = shown[: max(rows - 1, 1)]
    for name, source in shown:
        numbers = [str(source.counts[count]) for count in _COLUMNS]
        table.add_row(name, *numbers, str(new_versions.get(name, 0)))
    if hidden := len(tally.sources) - len(shown):
        table.add_row(f"and {hidden} more")
    return table
