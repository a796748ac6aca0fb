"""What reading a page costs: our rules and our general path beside trafilatura, in CPU time.

    python -m benchmarks.extract [SET …] [--pages 100]

Each line of the table reads the same pages with us and with `trafilatura.bare_extraction` with
metadata, in one process, each page by one after the other, so that what else the machine does falls
on both. A page is read once by each, as in a crawl: a second reading would find its dates and words
in caches. What a process pays once (imports, a site's selectors, trafilatura's stop words of a hundred
languages) is paid before the first page that counts. Everything from the bytes of the page to its fields is in the
figure, decoding and parsing too.

rules    the made-up sites of `tests/web` with their sources, and `--pages` of the bulk site;
         the goal is a tenth of trafilatura's time
general  pages of unknown sites, from the real sets in `../shared/real/extraction` where they are
         present; the goal is no more than trafilatura's time
"""

import argparse
import gc
import gzip
import logging
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import httpx

from benchmarks.quality import SEEN, SETS, SETS_FOLDER, UNKNOWN_URL, rows_of
from crawler.source import load_sources
from pipelines.extract import read_page
from pipelines.items import Page
from pipelines.rules import Site
from tests.web.bulk import BulkWeb
from tests.web.server import MadeUpWeb

WEB = Path(__file__).parent.parent / "tests" / "web"
RULES_GOAL = 10.0
GENERAL_GOAL = 1.0
WARM_UP_PAGES = 5


@dataclass(frozen=True, slots=True)
class Sample:
    """A page to read, and what is known of its site."""

    page: Page
    site: Site | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU milliseconds a page, ours and trafilatura's on the same pages."""

    name: str
    pages: int
    ours_ms: float
    theirs_ms: float
    goal: float

    @property
    def times_as_fast(self) -> float:
        """How many times our pages fit into trafilatura's time."""
        return self.theirs_ms / self.ours_ms


# Its short text sends trafilatura to all its algorithms, its dates both to dateparser: one in
# Portuguese, and one that it tries in every language.
ODD_PAGE = Sample(
    Page(
        url=UNKNOWN_URL,
        captured_at=SEEN,
        body="<html><body><h1>Su kəməri təmir olundu</h1><time>segunda-feira, 5 de outubro de 2020 às 20:13</time>"
        "<time>Buraxılış 2018</time>"
        f"<div><p>Kəmər iki gün bağlı idi.</p></div>{'<p>Şəhər su idarəsi</p>' * 60}".encode(),
    )
)


def main() -> int:
    """Measure and print the table; exit code 1 where a goal is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="*", metavar="SET", help=", ".join(SETS))
    parser.add_argument("--pages", type=int, default=100, help="of each large set")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)  # trafilatura tells of each page that it discards
    pages = arguments.pages
    costs = [
        measure("rules: made-up sites", made_up_pages(), RULES_GOAL),
        measure("rules: bulk site", bulk_pages(pages), RULES_GOAL),
    ]
    if SETS_FOLDER.is_dir():
        costs += [
            measure(f"general: {name}", islice(real_pages(name), pages), GENERAL_GOAL)
            for name in arguments.sets or SETS
        ]
    else:
        print(f"The real pages are not here: {SETS_FOLDER}", file=sys.stderr)
    print_table(costs)
    return int(any(cost.times_as_fast < cost.goal for cost in costs))


def measure(name: str, samples: Iterable[Sample], goal: float) -> Cost:
    """The mean cost of a page, ours and theirs."""
    pages = [*samples]
    first_of_sites = {sample.site: at for at, sample in reversed([*enumerate(pages)])}
    warm_up = {*range(WARM_UP_PAGES), *first_of_sites.values()}
    for sample in (ODD_PAGE, *(pages[at] for at in sorted(warm_up))):
        read_ours(sample)
        read_theirs(sample)
    gc.collect()
    ours_s = theirs_s = 0.0
    counted = [sample for at, sample in enumerate(pages) if at not in warm_up]
    for sample in counted:
        ours_s += _spent_s(read_ours, sample)
        theirs_s += _spent_s(read_theirs, sample)
    count = len(counted)
    return Cost(name, count, 1000 * ours_s / count, 1000 * theirs_s / count, goal)


def read_ours(sample: Sample) -> None:
    """Read a page as a crawl does."""
    read_page(sample.page, sample.site)


def read_theirs(sample: Sample) -> None:
    """Read a page as trafilatura does, text and metadata."""
    from trafilatura import bare_extraction

    bare_extraction(
        sample.page.body,
        url=sample.page.url,
        with_metadata=True,
        include_comments=False,
        include_tables=False,
    )


def made_up_pages() -> Iterator[Sample]:
    """Every article of the small made-up web, with the source of its site."""
    sites = {
        host: source.site
        for source in load_sources(WEB / "sources").values()
        for host in source.site.hosts
    }
    now = datetime.now(UTC)
    with MadeUpWeb(now=now, day=2) as web, httpx.Client(proxy=web.proxy_url) as client:
        for article in web.truth.articles(2):
            yield Sample(_fetched(client, article.url, now), sites[article.host])


def bulk_pages(count: int) -> Iterator[Sample]:
    """Some heavy pages of the bulk site, with its source."""
    (source,) = load_sources(WEB / "sources_bulk").values()
    with BulkWeb(pages=count) as web, httpx.Client(proxy=web.proxy_url) as client:
        for url in web.urls:
            yield Sample(_fetched(client, url, SEEN), source.site)


def real_pages(name: str) -> Iterator[Sample]:
    """The pages of a real set, of sites that we know nothing of."""
    for row in rows_of(name):
        body = gzip.decompress((SETS_FOLDER / row["html"]).read_bytes())
        yield Sample(Page(url=row["url"] or UNKNOWN_URL, captured_at=SEEN, body=body))


def print_table(costs: Iterable[Cost]) -> None:
    """One line a set of pages."""
    print("| pages | number | Salnamə, CPU ms | trafilatura, CPU ms | times as fast | goal |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for cost in costs:
        print(
            f"| {cost.name} | {cost.pages} | {cost.ours_ms:.2f} | {cost.theirs_ms:.2f} "
            f"| {cost.times_as_fast:.1f} | {cost.goal:.0f} |"
        )


def _fetched(client: httpx.Client, url: str, seen: datetime) -> Page:
    response = client.get(url).raise_for_status()
    return Page(
        url=str(response.url),
        captured_at=seen,
        body=response.content,
        content_type=response.headers["Content-Type"],
    )


def _spent_s(read: Callable[[Sample], None], sample: Sample) -> float:
    begun = time.process_time()
    read(sample)
    return time.process_time() - begun


if __name__ == "__main__":
    sys.exit(main())
