"""A page that only its script can show is read as a browser shows it, and kept with its proofs."""

from collections.abc import Iterator
from ctypes.util import find_library
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from archive.catalogue.work import Work
from archive.errors import SourceError, WrongUse
from archive.exchange import Exchange
from archive.folder import create_archive
from archive.ledger import AddressKind
from archive.rendering import Rendering
from archive.segment_reading import walk_records
from archive.spool import segment_files
from archive.warc import Record
from crawler.browser import _program, require_browser
from crawler.errand import Errand, Visit
from crawler.judge import Circumstances, judge
from crawler.source import source_of_text
from tests.archive.histories import rows_of
from tests.crawler.crawling import Archive, ask, complaints_in, new_archive
from tests.web.scripted import (
    ELSEWHERE,
    HOST,
    PAUSE_S,
    ROOT,
    SOURCE,
    TEXT,
    ScriptedWeb,
    title,
    write_source,
)

needs_chromium = pytest.mark.skipif(
    _program() is None or find_library("atomic") is None,  # Playwright's own node wants it
    reason="Chromium is not installed: apt-get install chromium libatomic1",
)


class First(NamedTuple):
    """The newspaper, what a first crawl made of it, and what that crawl asked for."""

    web: ScriptedWeb
    archive: Archive
    asked: tuple[tuple[str, str, datetime], ...]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[First]:
    folder = tmp_path_factory.mktemp("scripted")
    with ScriptedWeb() as web:
        sources = write_source(folder)
        archive = new_archive(
            folder / "archive", web.proxy_url, sources=sources, look_again_s=[0], pause_s=PAUSE_S
        )
        done = archive.crawl()
        assert complaints_in([done]) == []
        assert done.code == 0, done.err
        yield First(web, archive, tuple(web.asked))


def records_of(archive: Archive) -> list[Record]:
    return [
        record
        for path in segment_files(archive.folder.segments_path)
        for _, record in walk_records(path)
    ]


@needs_chromium
def test_an_article_that_a_script_makes_is_read(first: First) -> None:
    found = first.archive.newest()
    article = found[f"{ROOT}/yazi/11"]

    assert sorted(found) == [f"{ROOT}/yazi/11", f"{ROOT}/yazi/12"]
    assert article["headline"] == title(11)
    assert article["text"] == "\n\n".join(TEXT)
    assert article["published"]["at"] == "2026-05-11T13:30:00+04:00"
    assert [photo["url"] for photo in article["photos"]] == [f"{ROOT}/foto/11/bina.jpg"]


@needs_chromium
def test_the_browser_asks_only_what_a_crawl_may(first: First) -> None:
    addresses = [url for _, url, _ in first.asked]
    gaps_s = sorted(
        (later[2] - earlier[2]).total_seconds() for earlier, later in pairwise(first.asked)
    )
    unwanted = ("/gizli/", "/say", "/canli", ELSEWHERE, ".css", "loqo.png")

    assert [url for url in addresses if any(each in url for each in unwanted)] == []
    assert {method for method, _, _ in first.asked} == {"GET"}
    assert addresses.count(f"{ROOT}/pencere.js") == 1  # once a run
    # The pause is kept between a page and its parts too; a busy server hears some of them late.
    assert gaps_s[len(gaps_s) // 4] > 0.6 * PAUSE_S


@needs_chromium
def test_the_document_lies_beside_the_raw_answers(first: First) -> None:
    archive = first.archive
    records = records_of(archive)
    document = next(
        record
        for record in records
        if record.type.value == "resource" and str(record.target_uri).endswith("/yazi/11")
    )
    answer = next(
        record
        for record in records
        if record.record_id == document.find_reference("WARC-Concurrent-To")
    )
    parts = [
        str(record.target_uri)
        for record in records
        if record.find_reference("WARC-Concurrent-To") == answer.record_id
        and record.type.value == "response"
    ]
    verification = archive.verify()
    shown = archive.ask("show", f"{ROOT}/yazi/11", "--json").json["archive"]["capture"]["document"]

    assert shown["record_id"] == document.record_id
    assert shown["sha256"] == sha256(document.block).hexdigest()
    assert answer.target_uri == f"{ROOT}/yazi/11"
    assert TEXT[0] not in answer.block.decode()
    assert TEXT[0] in document.block.decode()
    assert f"{ROOT}/hisse/33" in parts
    assert (verification.findings, verification.unnamed) == ((), 0)


@needs_chromium
def test_a_second_look_sees_an_edit_and_a_removal_behind_the_same_shell(
    first: First, tmp_path: Path
) -> None:
    web, archive = first.web, first.archive.copy_to(tmp_path / "archive")
    published = dict(web.articles)
    web.articles[11] = (*TEXT, "Növbəti oxu zalı payızda açılacaq.")
    del web.articles[12]

    done = archive.crawl()
    before = rows_of(archive.folder)
    rebuilt = archive.ask("rebuild")
    web.articles = published
    kinds = [kind for (kind,) in archive.rows("SELECT kind FROM change ORDER BY id")]

    assert complaints_in([done, rebuilt]) == []
    assert sorted(kinds) == ["appeared", "appeared", "edited", "missing"]
    assert len(before["rendering"]) >= 4
    assert rows_of(archive.folder) == before
    assert archive.verify().findings == ()


@needs_chromium
def test_a_rendered_document_is_read_again(first: First, tmp_path: Path) -> None:
    archive = first.archive.copy_to(tmp_path / "archive")
    text = SOURCE.replace("  headline: h1\n", "  headline: h1\n  section: main p\n")
    (tmp_path / f"{HOST}.yaml").write_text(text, encoding="utf-8")

    same = archive.ask("reextract", "--sources", str(archive.sources))
    other = archive.ask("reextract", "--sources", str(tmp_path))

    assert same.err.startswith("0 versions corrected, 0 not readable")
    assert other.err.startswith("2 versions corrected, 0 not readable")


def test_a_source_with_an_endpoint_needs_no_browser() -> None:
    text = SOURCE.replace("articles:", f"endpoint: http://{HOST}/hisse/{{id}}\narticles:")

    with pytest.raises(SourceError, match="not needed beside an endpoint"):
        source_of_text(text, HOST)


def test_without_a_browser_a_crawl_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    require_browser([])
    with pytest.raises(WrongUse, match="apt-get install chromium"):
        require_browser([HOST])
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(WrongUse, match=r"pip install 'salname\[render\]'"):
        require_browser([HOST])


def test_the_doctor_looks_for_the_browser_of_a_source_that_needs_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = write_source(tmp_path)
    create_archive(tmp_path / "archive", "[crawler]\ncontact = 'redaksiya@numune.example'\n")
    monkeypatch.setenv("PATH", str(tmp_path))

    done = ask("doctor", "--archive", str(tmp_path / "archive"), "--sources", str(sources))

    assert done.code == 3
    assert f"browser: {HOST} is rendered by a browser" in done.out


PARAGRAPHS = "".join(f"<p>{text}</p>" for text in TEXT)
ARTICLE = f"<html><body><h1>{title(11)}</h1><div class='metn'>{PARAGRAPHS}</div></body></html>"


@pytest.mark.parametrize(
    ("rendering", "state", "reason"),
    [
        (Rendering(dom=ARTICLE.encode()), "fetched", None),
        (Rendering(dom=ARTICLE.encode(), truncated="time"), "fetched", None),
        (Rendering(dom=b"<html><body><main></main></body></html>"), "not-article", "has neither"),
        (Rendering(dom=b"<html></html>", truncated="time"), "failed", "had not come to rest"),
        (Rendering(failure="its scripts did not end"), "failed", "did not end"),
    ],
)
def test_what_a_browser_could_not_finish_is_a_failure(
    rendering: Rendering, state: str, reason: str | None
) -> None:
    source, at = source_of_text(SOURCE, HOST), datetime(2026, 5, 12, tzinfo=UTC)
    shell = Exchange(url=f"{ROOT}/yazi/11", captured_at=at, body=b"<html></html>")
    work = Work(url=shell.url, kind=AddressKind.PAGE)
    errand = Errand(source=source, work=work, exchange=shell, rendering=rendering)

    reading = judge(
        Visit(errand=errand), Circumstances(run="r", extractor="s", max_content_bytes=99)
    )

    assert reading.state == state
    assert (reason or "") in (reading.reason or "")
