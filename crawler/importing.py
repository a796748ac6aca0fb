"""Importing WARC files of other tools: their pages are read as if they had been crawled then.

What is taken: whole answers with status 200 whose address is that of an article of a known
source, and the photos that these articles show. Each file becomes a run and a segment of its own,
whose warcinfo record names the file and its digest.
"""

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from archive.catalogue.work import Work
from archive.catalogue.writer import CatalogueWriter
from archive.chunks import without_chunks
from archive.errors import IntegrityError, SalnameError
from archive.exchange import Exchange
from archive.folder import ArchiveFolder
from archive.foreign import Unread, walk_foreign
from archive.http_message import http_of
from archive.ledger import AddressKind
from archive.moments import stamp
from archive.reading import RunEnd, RunStart, VisitedSource
from archive.seals import sha256_of_file
from archive.spool import SegmentLimits, Spool, mime_of
from archive.warc import Record, RecordType
from crawler.configuration import Settings
from crawler.crawl import EXTRACTOR
from crawler.errand import Errand, Visit
from crawler.judge import Circumstances, judge
from crawler.source import Source, source_of_address
from pipelines.addresses import canonical_address, is_article_address, normal_address
from pipelines.store import GroupLimits, Store

_HTML = ("text/html", "application/xhtml+xml")
_NO_LIMITS = SegmentLimits(max_bytes=1 << 50, max_age=timedelta(days=9999))  # a file, a segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What was taken from one file.

    counts   `pages`, `articles`, `photos`; and what was left out: `known` (not newer than what
             the archive knows of the address), `other` (no article of a known source, no answer
             200, no photo of these articles), `damaged`
    damages  the first sentences on what could not be read
    """

    file: str
    counts: Mapping[str, int]
    damages: tuple[str, ...]


def in_order(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """Files in the order of their first records, since versions are told in the order of time.

    Raises:
        WrongUse: one is no WARC file that can be read.
    """

    def begin(path: Path) -> datetime:
        dates = (step.date for step in walk_foreign(path) if isinstance(step, Record))
        return next(dates, datetime.max.replace(tzinfo=UTC))

    return tuple(sorted(paths, key=begin))


def import_file(
    path: Path,
    folder: ArchiveFolder,
    settings: Settings,
    sources: Mapping[str, Source] | None,
    catalogue: CatalogueWriter,
) -> Imported:
    """Take a WARC file into an archive; call it with the lock held, after recovery.

    sources  whose articles are taken; None means the packaged ones

    Raises:
        WrongUse: it is no WARC file that can be read.
        ArchiveError: the archive could take no more; what was acknowledged is safe.
    """
    counts: Counter[str] = Counter()
    damages: list[str] = []
    found = {source.name: source for source, _ in _articles_in(path, sources, counts, damages)}
    if not found:
        return Imported(file=path.name, counts=dict(+counts), damages=tuple(damages[:3]))
    importer = _Importer(path, folder, settings, catalogue, tuple(found.values()), counts)
    try:
        importer.begin()
        counts.clear()
        damages.clear()
        for source, exchange in _articles_in(path, sources, counts, damages):
            importer.take_page(source, exchange)
        importer.take_photos()
        importer.end()
    except BaseException:
        importer.store.abandon()
        raise
    return Imported(file=path.name, counts=dict(+counts), damages=tuple(damages[:3]))


class _Importer:
    """Writes what one file holds into a run and a segment of its own."""

    def __init__(
        self,
        path: Path,
        folder: ArchiveFolder,
        settings: Settings,
        catalogue: CatalogueWriter,
        sources: tuple[Source, ...],
        counts: Counter[str],
    ) -> None:
        self._path = path
        self._catalogue = catalogue
        self._sources = sources
        self._counts = counts
        self._last_at: dict[str, str] = {}
        self._settings = settings
        now = datetime.now(UTC)
        self._run = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
        self._circumstances = Circumstances(
            run=self._run,
            extractor=EXTRACTOR,
            max_content_bytes=4 * settings.crawler.max_page_bytes,
        )
        origin = f"imported from {path.name}, sha256:{sha256_of_file(path)}"
        spool = Spool(
            folder.segments_path,
            _NO_LIMITS,
            self._run,
            about=(("software", EXTRACTOR), ("description", origin)),
            with_texts=settings.segments.text_records,
        )
        limits = GroupLimits(captures=500, age=timedelta(seconds=10))
        self.store = Store(spool, catalogue, limits, lambda: datetime.now(UTC))

    def begin(self) -> None:
        """The run begins; the sources' lists are not entered."""
        self.store.note(
            RunStart(
                run=self._run,
                is_backfill=True,
                started_at=stamp(datetime.now(UTC)),
                extractor=EXTRACTOR,
                look_again_s=self._settings.crawler.look_again_s,
                gone_after_s=round(self._settings.crawler.gone_after_h * 3600),
                sources=tuple(map(_visited, self._sources)),
            )
        )

    def take_page(self, source: Source, exchange: Exchange) -> None:
        """Read one page and record it, where it is newer than what is known of its address."""
        url = canonical_address(exchange.url, source.site)
        if self._is_known(url, exchange):
            return
        self._counts["pages"] += 1
        reading = self._record(source, url, AddressKind.PAGE, exchange)
        self._counts["articles"] += reading

    def take_photos(self) -> None:
        """Record the photos that the archive's articles show, now that these are known."""
        self.store.commit()
        for step in walk_foreign(self._path):
            if isinstance(step, Unread) or step.type is not RecordType.RESPONSE:
                continue
            try:
                exchange = _exchange_of(step)
            except SalnameError:
                continue  # counted when the pages were read
            if exchange is None or not mime_of(exchange.response_headers).startswith("image/"):
                continue
            url = normal_address(exchange.url)
            row = self._catalogue.db.execute(_PHOTO, {"url": url}).fetchone()
            source = next((each for each in self._sources if row and each.name == row[0]), None)
            if source is None or self._is_known(url, exchange):
                continue
            self._record(source, url, AddressKind.PHOTO, exchange)
            self._counts["photos"] += 1
            self._counts["other"] -= 1

    def end(self) -> None:
        """The run ends, and its segment is sealed."""
        self.store.commit()
        self.store.note(
            RunEnd(
                run=self._run,
                finished_at=stamp(datetime.now(UTC)),
                outcome="success",
                summary={"imported": self._path.name, **self._counts},
            )
        )
        self.store.close(seal_from_bytes=0)

    def _record(self, source: Source, url: str, kind: AddressKind, exchange: Exchange) -> bool:
        work = Work(url=url, kind=kind)
        errand = Errand(source=source, work=work, exchange=exchange)
        reading = judge(Visit(errand=errand), self._circumstances)
        self.store.record(reading, exchange)
        return reading.article is not None

    def _is_known(self, url: str, exchange: Exchange) -> bool:
        """Whether the archive has seen the address then or later: versions are told in order."""
        at = stamp(exchange.captured_at)
        if url not in self._last_at:
            row = self._catalogue.db.execute(_LAST_LOOK, {"url": url}).fetchone()
            self._last_at[url] = row[0] if row else ""
        if at <= self._last_at[url]:
            self._counts["known"] += 1
            return True
        self._last_at[url] = at
        return False


def _articles_in(
    path: Path,
    sources: Mapping[str, Source] | None,
    counts: Counter[str],
    damages: list[str],
) -> Iterator[tuple[Source, Exchange]]:
    for step in walk_foreign(path):
        if isinstance(step, Unread):
            counts["damaged"] += 1
            damages.append(step.why)
            continue
        if step.type is not RecordType.RESPONSE:
            continue
        try:
            exchange = _exchange_of(step)
        except SalnameError as error:
            counts["damaged"] += 1
            damages.append(str(error))
            continue
        source = None
        if exchange is not None and mime_of(exchange.response_headers) in _HTML:
            source = source_of_address(exchange.url, sources)
        if source is None or exchange is None or not is_article_address(exchange.url, source.site):
            counts["other"] += 1
            continue
        yield source, exchange


def _exchange_of(record: Record) -> Exchange | None:
    """What was on the wire, in our form: without chunks; None where it is no answer 200.

    Raises:
        IntegrityError: the answer is damaged, or not the one of its digest.
    """
    if record.target_uri is None or not record.target_uri.startswith(("http://", "https://")):
        return None
    message = http_of(record)
    if message.status != 200 or message.rest is not None:  # too long to be an article or a photo
        return None
    stated, body = record.find_payload_sha256(), message.body
    if (message.find_header("transfer-encoding") or "").lower() == "chunked":
        body = without_chunks(body)
    # Tools differ in whether the digest is of the chunks.
    if stated and stated not in (sha256(part).hexdigest() for part in (body, message.body)):
        raise IntegrityError(f"The payload of {record.target_uri} does not match its digest.")
    return Exchange(
        url=record.target_uri,
        captured_at=record.date,
        method="",  # what was asked stays in the foreign file; we did not ask
        status=message.status,
        reason=message.reason,
        response_headers=message.headers,
        body=body,
        ip=record.find_field("WARC-IP-Address"),
        truncated=record.find_field("WARC-Truncated"),
    )


def _visited(source: Source) -> VisitedSource:
    return VisitedSource(
        name=source.name,
        publisher=source.publisher,
        host=source.host,
        kind=source.kind.value,
        language=source.language.value,
        definition_sha256=sha256(repr(source).encode()).hexdigest(),
        entries=(),
    )


_LAST_LOOK = "SELECT state_at FROM ledger WHERE url = :url AND looks > 0"

_PHOTO = """
SELECT source.name FROM ledger JOIN source ON source.id = ledger.source_id
WHERE ledger.url = :url AND ledger.kind = 'photo'
"""
