"""The item pipelines: each takes values out of Scrapy's hands, calls one function, gives back."""

import logging
from typing import Self, cast

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from archive.reading import Reading
from crawler.errand import Visit
from crawler.judge import judge
from crawler.spiders.source import SourceSpider

log = logging.getLogger(__name__)


class ReadStage:
    """A visit becomes a reading: judged, extracted, measured."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_item(self, item: Visit) -> tuple[Visit, Reading]:
        """Read the page of a visit."""
        return item, judge(item, _spider_of(self._crawler).circumstances)


class StoreStage:
    """A reading goes into the archive, and its address out of the queue."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_item(self, item: tuple[Visit, Reading]) -> Reading:
        """Record a reading; the crawl ends where the archive can take no more."""
        visit, reading = item
        spider = _spider_of(self._crawler)
        try:
            spider.record(visit, reading)
        except Exception as error:  # else Scrapy logs it, and the crawl waits for ever
            spider.give_up(error)
            raise DropItem(str(error)) from error
        return reading


def _spider_of(crawler: Crawler) -> SourceSpider:
    return cast(SourceSpider, crawler.spider)
