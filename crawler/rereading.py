"""Reading the archive's own answers anew, with today's rules: what differs is a correction.

Each version is read again from the answer that it was first seen in. A correction is recorded in
the segments, so that a rebuild comes to the same; the answer itself stays as it is.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from archive.catalogue.contents import article_of
from archive.catalogue.work import Work
from archive.catalogue.writer import CatalogueWriter
from archive.errors import SalnameError
from archive.exchange import Exchange
from archive.holdings import Holdings
from archive.http_message import http_of
from archive.ledger import AddressKind
from archive.moments import moment_of, stamp
from archive.reading import Reading
from archive.rendering import Rendering
from archive.versions import changed_fields
from archive.warc import Location
from crawler.errand import Errand, Visit
from crawler.judge import Circumstances, judge
from crawler.source import Source
from pipelines.addresses import canonical_address
from pipelines.store import Store

_AT_ONCE = 200  # versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """What came of one version: `fields` that are read differently now; `trouble` where the answer
    cannot be read, or is no article now, of which nothing was changed."""

    article_id: int
    version: int
    title: str
    fields: tuple[str, ...] = ()
    trouble: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """A version, and where the answer lies that it was first seen in."""

    id: int
    article_id: int
    number: int
    title: str
    packed: bytes
    base: bytes | None
    key: str
    canonical_url: str
    source: str
    url: str
    captured_at: str
    truncated: str | None
    record_id: str
    segment: str
    offset: int
    length: int
    own_segment: str
    dom_offset: int | None
    dom_length: int | None

    @property
    def dom(self) -> Location | None:
        """Where the document lies that a browser made of the answer, if one did."""
        if self.dom_offset is None or self.dom_length is None:
            return None
        return Location(segment=self.own_segment, offset=self.dom_offset, length=self.dom_length)


def reread(
    catalogue: CatalogueWriter,
    holdings: Holdings,
    sources: Mapping[str, Source],
    circumstances: Circumstances,
    keep: Callable[[Reading], None],
) -> Iterator[Reread]:
    """Read every version of these sources again, and tell those that differ or cannot be read.

    keep  takes each correction, as `keeping` does

    Raises:
        StoreError: a segment is in the store alone, which does not answer.
    """
    for known in _versions(catalogue):
        source = sources.get(known.source)
        if source is None:
            continue
        told = Reread(article_id=known.article_id, version=known.number, title=known.title)
        try:
            reading = _read(known, source, holdings, circumstances)
        except SalnameError as error:
            yield replace(told, trouble=str(error))
            continue
        if reading.article is None:
            yield replace(told, trouble=reading.reason or f"it is read as {reading.kind} now")
            continue
        changed = changed_fields(article_of(known.packed, known.base), reading.article)
        if changed:
            keep(replace(reading, article_key=known.key, reread=known.record_id))
            yield replace(told, fields=changed)


def keeping(store: Store) -> Callable[[Reading], None]:
    """What records a correction in the segments and the catalogue, in groups as a crawl does."""

    def keep(reading: Reading) -> None:
        store.record(replace(reading, at=stamp(datetime.now(UTC))), None)

    return keep


def last_run(catalogue: CatalogueWriter) -> str | None:
    """The name of the newest run, to which corrections are told; None where there was none."""
    row = catalogue.db.execute("SELECT name FROM run ORDER BY id DESC LIMIT 1").fetchone()
    return str(row[0]) if row else None


def counts_of(told: Counter[str]) -> str:
    """The numbers of a re-reading in a sentence."""
    return (
        f"{told['corrected']} versions corrected, {told['unread']} not readable as an article now."
    )


def _read(
    known: _Known, source: Source, holdings: Holdings, circumstances: Circumstances
) -> Reading:
    message = http_of(
        holdings.read(Location(segment=known.segment, offset=known.offset, length=known.length))
    )
    exchange = Exchange(
        url=known.url,
        captured_at=moment_of(known.captured_at),
        status=message.status,
        response_headers=message.headers,
        body=message.body,
        truncated=known.truncated,
    )
    rendering = None
    if known.dom is not None:
        document = holdings.read(known.dom)
        truncated = document.find_field("WARC-Truncated")
        rendering = Rendering(dom=document.block, truncated=truncated)
    # An endpoint's answer says nothing of the address of its article.
    url = known.canonical_url if source.endpoint else known.url
    work = Work(url=canonical_address(url, source.site), kind=AddressKind.PAGE)
    errand = Errand(source=source, work=work, exchange=exchange, rendering=rendering)
    return judge(Visit(errand=errand), circumstances)


def _versions(catalogue: CatalogueWriter) -> Iterator[_Known]:
    """All versions, some at a time: corrections are written in between."""
    after = 0
    while rows := catalogue.db.execute(_VERSIONS, {"after": after, "limit": _AT_ONCE}).fetchall():
        for row in rows:
            yield _Known(**dict(zip(_Known.__slots__, row, strict=True)))
        after = rows[-1][0]


_VERSIONS = """
SELECT version.id, article.id, version.number, version.title, text.packed, base.packed, article.key,
       article.canonical_url, source.name, seen.url, seen.captured_at, seen.truncated, seen.record_id, segment.name,
       held."offset", held.length, own.name, rendering."offset", rendering.length
FROM version
JOIN version_content AS text ON text.version_id = version.id
LEFT JOIN version_content AS base ON base.version_id = text.base_id
JOIN article ON article.id = version.article_id
JOIN source ON source.id = article.source_id
JOIN capture AS seen ON seen.id = version.first_capture_id
JOIN capture AS held ON held.record_id = coalesce(seen.revisit_of, seen.record_id)
JOIN segment ON segment.id = held.segment_id
JOIN segment AS own ON own.id = seen.segment_id
LEFT JOIN rendering ON rendering.capture_id = seen.id
WHERE version.id > :after ORDER BY version.id LIMIT :limit
"""
