"""The made-up web crawled on its two days and once more: one archive for all who only read it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.crawler.crawling import Archive, Done, new_archive
from tests.web.server import LoggedRequest, MadeUpWeb
from tests.web.truth import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """One crawl: what it printed, the archive as it left it, and what the web was asked for."""

    done: Done
    archive: Archive
    log: tuple[LoggedRequest, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Three crawls of one archive: of the first day, of the second, and of the second again."""

    truth: Truth
    first: Crawl
    second: Crawl
    third: Crawl


@pytest.fixture(scope="session")
def days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Days]:
    folder = tmp_path_factory.mktemp("days")
    with MadeUpWeb() as web:
        archive = new_archive(folder / "archive", web.proxy_url)

        def crawl(name: str) -> Crawl:
            web.clear_log()
            done = archive.crawl("--json")
            return Crawl(done=done, archive=archive.copy_to(folder / name), log=web.log)

        first = crawl("first")
        web.advance()
        yield Days(truth=web.truth, first=first, second=crawl("second"), third=crawl("third"))
