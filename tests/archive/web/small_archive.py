"""A small archive made by the real store: four articles of two made-up sites, with their history.

1  “ASAN xidmət” opens a centre: three versions (edited, then marked), two photos, a new slug
2  a reprint of its first version on the other site
3  a text that tries to break out of its page, with a photo that never came
4  an article that left its site
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from archive.article import (
    Article,
    Attribution,
    Block,
    BlockKind,
    Claim,
    Moment,
    PageKind,
    Precision,
    ShownPhoto,
    text_of,
)
from archive.catalogue.connection import open_writer
from archive.catalogue.writer import CatalogueWriter
from archive.exchange import Exchange
from archive.folder import ArchiveFolder, create_archive
from archive.ledger import AddressKind, LedgerState
from archive.moments import stamp
from archive.reading import PhotoFacts, Reading, RunStart, VisitedSource
from archive.spool import SegmentLimits, Spool
from pipelines.store import GroupLimits, Store
from tests.web.pictures import picture

STARTED_AT = datetime(2026, 2, 14, 10, 0, tzinfo=UTC)
ASAN_URL = "https://olke.example/sosium/41-sekide-yeni-merkez"
MOVED_URL = "https://olke.example/sosium/41-sekide-yeni-asan-xidmet-merkezi"
REPRINT_URL = "https://xezer.example/news/907"
HOSTILE_URL = "https://olke.example/sosium/42-istehsal"
GONE_URL = "https://xezer.example/news/900"
PHOTO_URLS = ("https://olke.example/file/1.jpg", "https://olke.example/file/2.webp")

PARAGRAPHS = (
    "“ASAN xidmət” Şəki şəhərində yeni xidmət mərkəzini istifadəyə verib.",
    "Bu barədə Olke.Example-a “ASAN xidmət”dən məlumat verilib.",
    "Mərkəzdə vətəndaşlara 120 növ xidmət göstəriləcək. Burada həmçinin sənədlərin elektron "
    "qaydada təqdim olunması üçün özünəxidmət guşəsi yaradılıb.",
    "Mərkəz hər gün saat 09:00-dan 18:00-dək fəaliyyət göstərəcək və növbələr əvvəlcədən "
    "götürülə biləcək.",
    "Qeyd edək ki, ötən il regionlarda iki belə mərkəz açılıb.",
)


def _article(url: str, article_id: str, title: str, paragraphs: tuple[str, ...]) -> Article:
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in paragraphs)
    return Article(
        kind=PageKind.ARTICLE,
        url=url,
        canonical_url=url,
        article_id=article_id,
        headline=title,
        title=title,
        language="az",
        blocks=blocks,
        text=text_of(blocks),
        provenance={"title": "rule:headline", "text": "rule:body"},
    )


FIRST = replace(
    _article(ASAN_URL, "41", "Şəkidə yeni xidmət mərkəzi açılıb", PARAGRAPHS),
    section="SOSİUM",
    tags=("ASAN xidmət", "Şəki"),
    published=Moment(
        at="2026-02-14T13:20:00+04:00",
        precision=Precision.MINUTE,
        printed="14 Fevral 13:20",
        how="year-less",
    ),
    attribution=(
        Attribution(name="ASAN xidmət", sentence=PARAGRAPHS[1], kind="opener", site="Olke.Example"),
    ),
    photos=(ShownPhoto(url=PHOTO_URLS[0], caption="Yeni mərkəzin binası", credit="Ölkə.Example"),),
)
_EDITED = _article(
    MOVED_URL,
    "41",
    "Şəkidə yeni “ASAN xidmət” mərkəzi açılıb",
    (
        PARAGRAPHS[0],
        PARAGRAPHS[4],
        PARAGRAPHS[1],
        PARAGRAPHS[2].replace("120 növ", "140-dan çox").replace("guşəsi", "guşələri"),
        PARAGRAPHS[3],
    ),
)
SECOND = replace(
    FIRST,
    url=MOVED_URL,
    canonical_url=MOVED_URL,
    headline=_EDITED.headline,
    title=_EDITED.title,
    blocks=_EDITED.blocks,
    text=_EDITED.text,
    photos=(*FIRST.photos, ShownPhoto(url=PHOTO_URLS[1], caption="Mərkəzin qəbul zalı")),
)
THIRD = replace(SECOND, headline=f"{SECOND.title} - FOTO", markers=("FOTO",))
_CREDIT = "Xəzər bunu “ASAN xidmət”ə istinadən xəbər verir."
REPRINT = replace(
    _article(
        REPRINT_URL,
        "907",
        "Şəkidə ASAN mərkəzi fəaliyyətə başlayıb",
        (PARAGRAPHS[0], _CREDIT, *PARAGRAPHS[2:]),
    ),
    attribution=(Attribution(name="ASAN xidmət", sentence=_CREDIT, kind="opener", site="Xəzər"),),
)
HOSTILE = replace(
    _article(
        HOSTILE_URL,
        "42",
        '<script>alert("başlıq")</script> Zavodda istehsal artıb',
        ('<img src=x onerror="alert(1)"> Zavod ötən ay 200 ton məhsul buraxıb.',),
    ),
    canonical_url="javascript:alert(1)",
    disagreements={"headline": (Claim(witness="opengraph", value="<b>Zavodda</b> artım"),)},
    photos=(ShownPhoto(url="https://olke.example/file/itmis.jpg", alt="Zavodun həyəti"),),
)
GONE = _article(
    GONE_URL,
    "900",
    "Bələdiyyə park üçün müsabiqə elan edib",
    ("Müsabiqə mart ayında keçiriləcək.",),
)


class _NeverAgain:
    """A schedule for an archive that is crawled once."""

    def after_look(
        self, *, first_seen: datetime, last_change: datetime, at: datetime, ladder: tuple[int, ...]
    ) -> datetime | None:
        return None

    def after_absence(
        self, *, missing_since: datetime, at: datetime, ladder: tuple[int, ...]
    ) -> datetime | None:
        return None

    def after_failure(self, *, tries: int, retry_after_s: int | None, at: datetime) -> datetime:
        return at + timedelta(days=1)


def make_small_archive(path: Path) -> ArchiveFolder:
    """Make the archive in an empty folder."""
    folder = create_archive(path, "# the settings of a small archive\n")
    database = open_writer(folder.catalogue_path)
    limits = SegmentLimits(max_bytes=1 << 30, max_age=timedelta(days=1))
    spool = Spool(folder.segments_path, limits, "r1", (("software", "salname/test"),))
    store = Store(
        spool,
        CatalogueWriter(database, _NeverAgain()),
        GroupLimits(captures=50, age=timedelta(hours=1)),
        clock=lambda: STARTED_AT,
    )
    store.note(_run("r1", STARTED_AT))
    for exchange, reading in _looks():
        if reading.run == "r2" and reading.url == GONE_URL:
            store.note(_run("r2", exchange.captured_at))
        store.record(reading, exchange)
    store.close()
    database.close()
    return folder


def _run(name: str, at: datetime) -> RunStart:
    sources = tuple(
        VisitedSource(
            name=host,
            publisher=publisher,
            host=host,
            kind="news",
            language="az",
            definition_sha256=sha256(host.encode()).hexdigest(),
            entries=(),
        )
        for host, publisher in (("olke.example", "Ölkə.Example"), ("xezer.example", "Xəzər"))
    )
    return RunStart(
        run=name, started_at=stamp(at), extractor="salname/test", look_again_s=(), sources=sources
    )


def _looks() -> Iterator[tuple[Exchange, Reading]]:
    yield _page(0, FIRST, "olke.example/41")
    yield _photo(1, PHOTO_URLS[0], picture("merkez"), "image/jpeg")
    yield _page(2, REPRINT, "xezer.example/907")
    yield _page(3, HOSTILE, "olke.example/42")
    yield _page(4, GONE, "xezer.example/900")
    yield _page(60, SECOND, "olke.example/41")
    yield _photo(61, PHOTO_URLS[1], picture("zal", "webp", (600, 800)), "text/html")
    yield _absence(90, GONE_URL, "r1")
    yield _page(100, REPRINT, "xezer.example/907")
    yield _absence(600, GONE_URL, "r2")
    yield _page(600, REPRINT, "xezer.example/907", run="r2")
    yield _page(601, THIRD, "olke.example/41", run="r2")


def _page(minutes: int, article: Article, key: str, run: str = "r1") -> tuple[Exchange, Reading]:
    at = STARTED_AT + timedelta(minutes=minutes)
    body = f"<!doctype html><title>{article.headline}</title>{article.text}<!--{minutes}-->"
    exchange = _exchange(article.url, at, body.encode(), "text/html; charset=utf-8")
    reading = replace(
        _reading(article.url, at, run), article_key=key, article=article, kind=PageKind.ARTICLE
    )
    return exchange, reading


def _photo(minutes: int, url: str, body: bytes, mime: str) -> tuple[Exchange, Reading]:
    at = STARTED_AT + timedelta(minutes=minutes)
    size_px = (600, 800) if body.startswith(b"RIFF") else (1200, 800)
    facts = PhotoFacts(
        sha256=sha256(body).hexdigest(),
        mime="image/webp" if body.startswith(b"RIFF") else "image/jpeg",
        width_px=size_px[0],
        height_px=size_px[1],
        size_bytes=len(body),
    )
    reading = replace(
        _reading(url, at, "r1"), expected=AddressKind.PHOTO, kind=PageKind.PHOTO, photo=facts
    )
    return _exchange(url, at, body, mime), reading


def _absence(minutes: int, url: str, run: str) -> tuple[Exchange, Reading]:
    at = STARTED_AT + timedelta(minutes=minutes)
    exchange = replace(_exchange(url, at, b"Tapilmadi", "text/html"), status=404)
    reading = replace(
        _reading(url, at, run), kind=PageKind.ERROR, state=LedgerState.GONE, reason="http 404"
    )
    return exchange, reading


def _exchange(url: str, at: datetime, body: bytes, mime: str) -> Exchange:
    return Exchange(url=url, captured_at=at, body=body, response_headers=(("Content-Type", mime),))


def _reading(url: str, at: datetime, run: str) -> Reading:
    return Reading(
        run=run,
        source=url.split("/")[2],
        url=url,
        at=stamp(at),
        expected=AddressKind.PAGE,
        kind=PageKind.OTHER,
        state=LedgerState.FETCHED,
        extractor="salname/test",
    )
