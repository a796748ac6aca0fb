"""What an archive of years costs to open, to ask and to go on with.

    python -m benchmarks.years [--articles 100000]

Fills a catalogue and its search index as crawls do, without the network: ten sources, 300 articles
a day, a run every hour that reads one feed of each source, three looks at each article, an edit of
every twentieth. Texts as in `benchmarks.growth`. Then every command and page that people and cron
use is asked in a process of its own; seconds of CPU and of the clock, with the programme's start.
"""

import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import click
import httpx

from archive.article import Article, Block, BlockKind, Moment, PageKind, Precision
from archive.capture import Capture
from archive.catalogue.connection import open_writer
from archive.catalogue.reader import CatalogueReader
from archive.catalogue.writer import CatalogueWriter, Logged
from archive.folder import ArchiveFolder
from archive.ledger import AddressKind, Candidate, LedgerState
from archive.moments import stamp
from archive.reading import Reading, RunEnd, RunStart, VisitedSource
from archive.search.index import SearchIndex
from archive.warc import Location
from archive.web.app import create_app
from benchmarks.growth import text_of
from crawler.schedule import LADDER, LookAgain

_SOURCES = 10
_A_DAY = 300
_RUNS_A_DAY = 24
_LOOKS_AFTER_H = (0, 1, 24)
_EDITED = 20  # one article in so many, at its last look
_SEGMENT = "salname-20200101T000000000000Z-years-20200101t000000z-000000-00001"
_BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
_WARM = 5


def _source(number: int) -> str:
    return f"xeber{number % _SOURCES}.example"


def _url(number: int) -> str:
    return f"https://{_source(number)}/xeber/{number}"


def _article(number: int, *, is_edited: bool, at: datetime) -> Article:
    text = text_of(number)
    paragraphs = text.split("\n")
    title = " ".join(paragraphs[0].split()[:9])
    if is_edited:
        paragraphs[-1] += " Rəsmi açıqlama gözlənilir."
    return Article(
        kind=PageKind.ARTICLE,
        url=_url(number),
        canonical_url=_url(number),
        article_id=str(number),
        headline=title,
        title=title,
        section="Cəmiyyət",
        language="az",
        published=Moment(
            at=f"{at:%Y-%m-%d}", precision=Precision.DAY, printed=f"{at:%d.%m.%Y}", how="rule"
        ),
        text="\n\n".join(paragraphs),
        blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=each) for each in paragraphs),
        provenance={"headline": "rule:headline", "text": "rule:body"},
    )


class _Years:
    """The log of all runs, in its order."""

    def __init__(self, articles: int) -> None:
        self._articles = articles
        self._records = 0
        self._answered: dict[str, str] = {}  # the record that holds an address's last answer

    def runs(self) -> Iterator[list[Logged]]:
        """One list of entries a run."""
        waits: dict[int, list[tuple[int, int]]] = {}
        a_run = _A_DAY / _RUNS_A_DAY
        for run in range(int(self._articles / a_run) + max(_LOOKS_AFTER_H) + 1):
            at = _BEGAN + timedelta(hours=run)
            name = f"{at:%Y%m%dT%H%M%SZ}-000000"
            fresh = range(int(run * a_run), min(int((run + 1) * a_run), self._articles))
            for number in fresh:
                for look, after_h in enumerate(_LOOKS_AFTER_H):
                    waits.setdefault(run + after_h, []).append((number, look))
            log = [Logged(entry=self._start(name, at))]
            log += [self._feed(name, source, fresh, at) for source in range(_SOURCES)]
            log += [self._look(name, number, look, at) for number, look in waits.pop(run, ())]
            end = RunEnd(run=name, finished_at=stamp(at), outcome="success", summary={})
            yield [*log, Logged(entry=end)]

    def _start(self, name: str, at: datetime) -> RunStart:
        sources = tuple(
            VisitedSource(
                name=_source(number),
                publisher=_source(number),
                host=_source(number),
                kind="news",
                language="az",
                definition_sha256="0" * 64,
                entries=(self._entry(number),),
            )
            for number in range(_SOURCES)
        )
        return RunStart(
            run=name,
            started_at=stamp(at),
            extractor="salname/years",
            look_again_s=tuple(int(rung.total_seconds()) for rung in LADDER),
            sources=sources,
        )

    def _entry(self, number: int) -> Candidate:
        return Candidate(url=f"https://{_source(number)}/rss", kind=AddressKind.FEED)

    def _feed(self, run: str, source: int, fresh: range, at: datetime) -> Logged:
        offered = [number for number in fresh if number % _SOURCES == source]
        candidates = tuple(Candidate(url=_url(each), position=i) for i, each in enumerate(offered))
        url = self._entry(source).url
        entry = Reading(
            run=run,
            source=_source(source),
            url=url,
            at=stamp(at),
            expected=AddressKind.FEED,
            kind=PageKind.FEED if offered or url not in self._answered else PageKind.UNCHANGED,
            state=LedgerState.FETCHED,
            candidates=candidates,
        )
        is_known = url in self._answered
        return self._logged(entry, at, 304 if is_known and not offered else 200)

    def _look(self, run: str, number: int, look: int, at: datetime) -> Logged:
        is_edited = number % _EDITED == 0 and look == len(_LOOKS_AFTER_H) - 1
        first = at - timedelta(hours=_LOOKS_AFTER_H[look])
        is_seen_again = look > 0 and not is_edited
        entry = Reading(
            run=run,
            source=_source(number),
            url=_url(number),
            at=stamp(at),
            expected=AddressKind.PAGE,
            kind=PageKind.UNCHANGED if is_seen_again else PageKind.ARTICLE,
            state=LedgerState.FETCHED,
            article_key=f"{_source(number)}/{number}",
            article=None if is_seen_again else _article(number, is_edited=is_edited, at=first),
        )
        return self._logged(entry, at, 304 if is_seen_again else 200)

    def _logged(self, entry: Reading, at: datetime, status: int) -> Logged:
        self._records += 1
        digest = sha256(f"{entry.url}{self._records}".encode()).hexdigest()
        record = f"<urn:uuid:{digest[:32]}>"
        is_revisit = status == 304
        if not is_revisit:
            self._answered[entry.url] = record
        capture = Capture(
            url=entry.url,
            captured_at=stamp(at),
            status=status,
            mime="text/html",
            payload_sha256=None if is_revisit else digest,
            payload_bytes=None if is_revisit else 40_000,
            record_id=record,
            revisit_of=self._answered[entry.url] if is_revisit else None,
            location=Location(segment=_SEGMENT, offset=self._records * 9_000, length=9_000),
        )
        return Logged(entry=entry, capture=capture)


def fill(folder: ArchiveFolder, articles: int) -> Iterator[str]:
    """Fill the catalogue and the search index; gives a line a part."""
    began = time.process_time()
    entries = 0
    db = open_writer(folder.catalogue_path)
    try:
        writer = CatalogueWriter(db, LookAgain())
        for log in _Years(articles).runs():
            writer.commit(log, _SEGMENT, 1)
            entries += len(log)
    finally:
        db.close()
    spent = time.process_time() - began
    yield f"catalogue: {entries:,} entries, {spent / entries * 1e3:.2f} ms each, texts made too"
    began = time.process_time()
    with (
        CatalogueReader.open(folder.catalogue_path) as reader,
        SearchIndex.open(folder.search_path) as index,
    ):
        changes = index.catch_up(reader)
    spent = time.process_time() - began
    yield f"search index: {changes:,} changes, {spent / max(changes, 1) * 1e3:.2f} ms each"


def _asked(*arguments: str) -> tuple[float, float, int]:
    """Seconds of CPU and of the clock that a command takes, and the MB it held."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "crawler.cli", *arguments], capture_output=True, check=False
    )
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise click.ClickException(done.stderr.decode(errors="replace"))
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, wall, after.ru_maxrss // 1024


def ask(archive: Path, articles: int) -> Iterator[str]:
    """A line for each command, then one for each page, the second time that it is asked."""
    middle = str(articles // 2)
    yield "| command | CPU s | s | MB, most so far |"
    yield "| --- | ---: | ---: | ---: |"
    for command in (
        ("status",),
        ("sources",),
        ("search", "bakı"),
        ("search", "rəsmi açıqlama", "--json"),
        ("show", middle),
        ("versions", middle),
        ("why", middle),
        ("why-not", _url(articles // 2)),
        ("export", "jsonl", "--since", str(articles), "--output", "-"),
    ):
        spent, wall, memory = _asked(*command, "--archive", str(archive))
        yield f"| {' '.join(command[:2])} | {spent:.2f} | {wall:.2f} | {memory} |"
    yield ""
    yield "| page | CPU ms |"
    yield "| --- | ---: |"
    for path, spent in asyncio.run(_asked_pages(archive, middle)):
        yield f"| {path} | {spent * 1e3:.0f} |"


async def _asked_pages(archive: Path, article: str) -> list[tuple[str, float]]:
    """Pages with the seconds of CPU that each takes once it has been asked before."""
    paths = (
        "/",
        "/?q=bak%C4%B1",
        "/?q=r%C9%99smi+a%C3%A7%C4%B1qlama",
        f"/article/{article}",
        "/changes",
        "/sources",
        f"/source/{_source(0)}",
        "/api/changes",
    )
    asked: list[tuple[str, float]] = []
    there = httpx.ASGITransport(create_app(archive))
    async with httpx.AsyncClient(transport=there, base_url="http://127.0.0.1") as client:
        for path in paths:
            await client.get(path)
            began = time.process_time()
            for _ in range(_WARM):
                (await client.get(path)).raise_for_status()
            asked.append((path, (time.process_time() - began) / _WARM))
    return asked


@click.command()
@click.option("--articles", default=100_000, show_default=True)
@click.option("--keep", type=click.Path(path_type=Path), help="Folder for the archive, kept.")
def main(articles: int, keep: Path | None) -> None:
    """Fill an archive with so many articles and ask it everything."""
    with tempfile.TemporaryDirectory() as made:
        archive = keep or Path(made) / "archive"
        if not (archive / "salname.toml").exists():
            _asked("init", str(archive))
            for line in fill(ArchiveFolder(path=archive), articles):
                click.echo(line)
        size = sum(path.stat().st_size for path in archive.rglob("*") if path.is_file())
        click.echo(f"{size / 1e6:,.0f} MB on disk")
        for line in ask(archive, articles):
            click.echo(line)


if __name__ == "__main__":
    main()
