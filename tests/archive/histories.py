"""Made-up looks at made-up addresses, for tests of the catalogue, the store and the replay."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive.article import Article, Block, BlockKind, Moment, PageKind, Precision, ShownPhoto
from archive.catalogue.connection import open_writer
from archive.catalogue.work import Earlier, Wanted, find_due
from archive.catalogue.writer import CatalogueWriter
from archive.exchange import Exchange
from archive.folder import ArchiveFolder, create_archive
from archive.ledger import AddressKind, Candidate, LedgerState
from archive.moments import stamp
from archive.reading import PhotoFacts, Reading, RunEnd, RunStart, VisitedSource
from archive.spool import SegmentLimits, Spool
from crawler.schedule import LookAgain
from pipelines.store import Aside, GroupLimits, Store

SOURCE = "numune.example"
ROOT = f"https://{SOURCE}"
DAY_ONE = datetime(2026, 2, 14, 8, 0, tzinfo=UTC)
TEXT = (
    "Bələdiyyə parkın yenidən qurulması üçün müsabiqə elan edib. Layihəyə görə parkda iki yüz "
    "ağac əkiləcək, uşaq meydançası və velosiped yolu salınacaq. İşlərin payızda başa çatacağı "
    "gözlənilir, müsabiqənin qalibi isə aprel ayında açıqlanacaq."
)


def article(number: int = 1, **changed: Any) -> Article:
    """An article of the made-up source."""
    url = f"{ROOT}/az/xeber/{number}/park/"
    made = Article(
        kind=PageKind.ARTICLE,
        url=url,
        canonical_url=url,
        article_id=str(number),
        headline=f"Park yenilənir {number}",
        title=f"Park yenilənir {number}",
        section="Cəmiyyət",
        language="az",
        published=Moment(
            at="2026-02-14", precision=Precision.DAY, printed="14 Fevral", how="year-less"
        ),
        text=TEXT,
        blocks=(Block(kind=BlockKind.PARAGRAPH, text=TEXT),),
        photos=(ShownPhoto(url=f"{ROOT}/foto/{number}.jpg"),),
    )
    return replace(made, **changed)


@dataclass
class Visitor:
    """Writes looks into an archive the way a crawl does, at times of its own choosing."""

    folder: ArchiveFolder
    now: datetime = DAY_ONE
    group: int = 50
    runs: int = 0
    run: str = ""
    gone_after_s: int = 0
    further: tuple[Candidate, ...] = ()  # where a run enters besides the feed
    aside: bool = False  # commits that take long go on beside

    def __post_init__(self) -> None:
        self.catalogue = CatalogueWriter(open_writer(self.folder.catalogue_path), LookAgain())
        self.spool = Spool(
            self.folder.segments_path,
            SegmentLimits(max_bytes=10**9, max_age=timedelta(days=365)),
            "r1",
            about=(("software", "salname/test"),),
        )
        self.store = Store(
            self.spool,
            self.catalogue,
            GroupLimits(captures=self.group, age=timedelta(days=365)),
            lambda: self.now,
            Aside.open(self.folder.catalogue_path) if self.aside else None,
        )

    def close(self) -> None:
        """Commit, and let go of segments and catalogue."""
        self.store.close()
        self.catalogue.db.close()

    def start_run(self) -> None:
        """A run begins and enters the source at its feed."""
        self.runs += 1
        self.run = f"r{self.runs}"
        source = VisitedSource(
            name=SOURCE,
            publisher="Nümunə",
            host=SOURCE,
            kind="news",
            language="az",
            definition_sha256="0" * 64,
            entries=(Candidate(url=f"{ROOT}/rss", kind=AddressKind.FEED), *self.further),
        )
        self.store.note(
            RunStart(
                run=self.run,
                started_at=self._tick(),
                extractor="salname/test",
                look_again_s=(3600, 86400),
                gone_after_s=self.gone_after_s,
                sources=(source,),
            )
        )

    def end_run(self) -> None:
        """The run ends, having walked the source's lists to their end."""
        self.store.note(
            RunEnd(
                run=self.run,
                finished_at=self._tick(),
                outcome="success",
                walked=(SOURCE,),
                summary={},
            )
        )

    def see(
        self,
        found: Article,
        *,
        at: str | None = None,
        truncated: str | None = None,
        headers: tuple[tuple[str, str], ...] = (),
        unclosed: bool = False,
        etag: str | None = None,
    ) -> None:
        """An article is read at an address."""
        self._record(
            Reading(
                **self._look(at or found.url),
                kind=PageKind.ARTICLE,
                state=LedgerState.FETCHED,
                article_key=f"{SOURCE}#{found.article_id}",
                article=found,
                unclosed=unclosed or None,
                etag=etag,
            ),
            body=f"<html>{found.headline} {found.text} {found.photos}</html>".encode(),
            truncated=truncated,
            headers=headers,
        )

    def see_unchanged(self, url: str) -> None:
        """A 304 confirms what was there."""
        reading = Reading(**self._look(url), kind=PageKind.UNCHANGED, state=LedgerState.FETCHED)
        self._record(reading, status=304, earlier=self._earlier(url))

    def miss(self, url: str) -> None:
        """Nothing is there any more."""
        reading = Reading(
            **self._look(url), kind=PageKind.ERROR, state=LedgerState.GONE, reason="status 404"
        )
        self._record(reading, status=404, body=b"Tapilmadi")

    def see_photo(self, number: int, body: bytes | None = None, *, etag: str | None = None) -> None:
        """A photo's bytes come; such that are no image, or those of `body`."""
        sha256 = f"{number:064x}" if body is None else hashlib.sha256(body).hexdigest()
        body = f"JPEG {number}".encode() if body is None else body
        reading = Reading(
            **{**self._look(f"{ROOT}/foto/{number}.jpg"), "expected": AddressKind.PHOTO},
            kind=PageKind.PHOTO,
            state=LedgerState.FETCHED,
            etag=etag,
            photo=PhotoFacts(
                sha256=sha256,
                mime="image/jpeg",
                width_px=640,
                height_px=427,
                size_bytes=len(body),
            ),
        )
        self._record(reading, body=body)

    def see_feed(
        self, *numbers: int, at: str = f"{ROOT}/rss", leads_to: str = f"{ROOT}/rss?page=2"
    ) -> None:
        """A feed offers articles, and leads to an older page of itself."""
        reading = Reading(
            **{**self._look(at), "expected": AddressKind.FEED},
            kind=PageKind.FEED,
            state=LedgerState.FETCHED,
            candidates=tuple(
                Candidate(url=article(number).url, title=f"Park {number}") for number in numbers
            ),
            more=(Candidate(url=leads_to, kind=AddressKind.FEED),),
        )
        self._record(reading, body=repr(numbers).encode())

    def see_list(self, *numbers: int, titles: Mapping[int, str] | None = None) -> None:
        """The home page shows articles; with titles, the feed does."""
        urls = [article(number).url for number in numbers]
        if titles is None:
            return self.see_list_of(*urls)
        return self._offer(
            f"{ROOT}/rss",
            AddressKind.FEED,
            tuple(
                Candidate(url=url, title=titles.get(number), position=at)
                for at, (number, url) in enumerate(zip(numbers, urls, strict=True))
            ),
        )

    def see_sitemap(self, changed: Mapping[int, str]) -> None:
        """A sitemap says when articles changed last."""
        candidates = tuple(
            Candidate(url=article(number).url, position=at, changed=moment)
            for at, (number, moment) in enumerate(changed.items())
        )
        self._offer(f"{ROOT}/sitemap.xml", AddressKind.SITEMAP, candidates)

    def see_list_of(self, *urls: str) -> None:
        """The home page shows these addresses."""
        candidates = tuple(Candidate(url=url, position=at) for at, url in enumerate(urls))
        self._offer(f"{ROOT}/", AddressKind.LISTING, candidates)

    def _offer(self, url: str, kind: AddressKind, candidates: tuple[Candidate, ...]) -> None:
        reading = Reading(
            **{**self._look(url), "expected": kind},
            kind=PageKind.LIST if kind is AddressKind.LISTING else PageKind(kind.value),
            state=LedgerState.FETCHED,
            candidates=candidates,
        )
        self._record(reading, body=repr(candidates).encode())

    def be_redirected(self, url: str, target: str) -> None:
        """An address answers with a redirect."""
        reading = Reading(
            **self._look(url), kind=PageKind.MOVED, state=LedgerState.MOVED, moved_to=target
        )
        self._record(reading, status=301)

    def fail(self, url: str) -> None:
        """Nobody answers."""
        reading = Reading(
            **self._look(url), kind=PageKind.ERROR, state=LedgerState.FAILED, reason="time-out"
        )
        self.store.record(reading, None)

    def block(self, url: str) -> None:
        """A wall answers."""
        reading = Reading(
            **self._look(url), kind=PageKind.BLOCK, state=LedgerState.BLOCKED, reason="status 403"
        )
        self._record(reading, status=403, body=b"Yoxlama")

    def due(self, *, after: timedelta = timedelta()) -> list[str]:
        """The addresses that are due some time after now."""
        rows = find_due(
            self.catalogue.db,
            SOURCE,
            now=stamp(self.now + after),
            limit=100,
            wanted=Wanted(run_started_at=stamp(self.now + after)),
        )
        return [row.url for row in rows]

    def _tick(self) -> str:
        self.now += timedelta(seconds=1)
        return stamp(self.now)

    def _look(self, url: str) -> dict[str, Any]:
        return {
            "run": self.run,
            "source": SOURCE,
            "url": url,
            "at": self._tick(),
            "expected": AddressKind.PAGE,
            "extractor": "salname/test",
        }

    def _record(
        self,
        reading: Reading,
        *,
        status: int = 200,
        body: bytes = b"",
        earlier: Earlier | None = None,
        truncated: str | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        exchange = Exchange(
            url=reading.url,
            captured_at=self.now,
            status=status,
            response_headers=(("Content-Type", "text/html; charset=utf-8"), *headers),
            body=body,
            truncated=truncated,
        )
        self.store.record(reading, exchange, earlier)

    def _earlier(self, url: str) -> Earlier | None:
        self.store.commit()
        row = self.catalogue.db.execute(
            "SELECT record_id, capture.url, captured_at, payload_sha256 FROM ledger"
            " JOIN capture ON capture.id = good_capture_id WHERE ledger.url = ?",
            (url,),
        ).fetchone()
        if row is None:
            return None
        return Earlier(record_id=row[0], url=row[1], captured_at=row[2], payload_sha256=row[3])


def new_archive(path: Path) -> ArchiveFolder:
    """An empty archive in a new folder."""
    return create_archive(path / "archive", "")


def rows_of(folder: ArchiveFolder) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of the catalogue, but for when its migrations ran."""
    db = open_writer(folder.catalogue_path)
    try:
        return {
            name: sorted(db.execute(f"SELECT * FROM [{name}]").fetchall(), key=repr)  # noqa: S608
            for name in db.table_names()
            if not name.startswith("_")
        }
    finally:
        db.close()
