"""An application's articles are read from its interface, and kept as those of their own addresses."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import SourceError
from archive.segment_reading import walk_records
from archive.spool import segment_files
from crawler.article_endpoints import endpoint_of
from crawler.source import source_of_text
from tests.archive.histories import rows_of
from tests.crawler.crawling import Archive, ask, complaints_in, new_archive
from tests.web.applications import API_HOST, HOST, ROOT, SOURCE, ApplicationWeb, write_source
from tests.web.wire import Answer


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ApplicationWeb, Archive]]:
    """The application and what a first crawl made of it; for changes there is `copy_to`."""
    folder = tmp_path_factory.mktemp("application")
    with ApplicationWeb() as web:
        web.robots[API_HOST] = Answer(
            content_type="text/plain", body=b"User-agent: *\nDisallow: /v1/xeberler/44\n"
        )
        sources = write_source(folder)
        archive = new_archive(folder / "archive", web.proxy_url, sources=sources)
        assert complaints_in([archive.crawl()]) == []
        yield web, archive


def test_an_article_is_read_from_the_endpoint_that_fills_its_page(
    first: tuple[ApplicationWeb, Archive],
) -> None:
    web, archive = first

    found = archive.newest()
    article = found[f"{ROOT}/xeber/42"]
    records = [
        record
        for path in segment_files(archive.folder.segments_path)
        for _, record in walk_records(path)
        if record.target_uri == f"http://{API_HOST}/v1/xeberler/42"
    ]

    assert sorted(found) == [f"{ROOT}/xeber/{number}" for number in (41, 42, 43)]
    published, provenance, photos = article["published"], article["provenance"], article["photos"]
    assert isinstance(published, dict)
    assert isinstance(provenance, dict)
    assert isinstance(photos, list)
    assert article["headline"] == "42 hektar ərazidə meşə salınıb"
    assert article["lead"] == "Agentlik yamacda yeni meşə zolağı salıb."
    assert article["section"] == "Ekologiya"
    assert article["tags"] == ["meşə", "ağacəkmə"]
    assert published["at"].startswith("2026-05-06T03:30")
    assert str(article["text"]).count("\n\n") == 3
    assert "xidmət mərkəzi" not in str(article["text"])
    assert [(each["url"], each["caption"]) for each in photos] == [
        (f"{ROOT}/fayl/42/birinci.jpg", "Yeni əkilən tinglər"),
        (f"{ROOT}/fayl/42/ikinci.jpg", "Könüllülər iş başında"),
    ]
    assert provenance["text"] == "rule:body"
    assert {record.type.value for record in records} >= {"request", "response"}
    assert f"{ROOT}/xeber/42" not in web.asked  # the shell says nothing
    assert archive.verify().findings == ()


def test_what_changes_behind_the_endpoint_is_told_and_a_rebuild_tells_the_same(
    first: tuple[ApplicationWeb, Archive], tmp_path: Path
) -> None:
    web, archive = first[0], first[1].copy_to(tmp_path / "archive")
    published = dict(web.articles)
    web.articles[42] = replace(published[42], title="Tinglərin sayı artırılıb")
    del web.articles[43]
    web.reshaped.add(41)

    archive.crawl()
    before = rows_of(archive.folder)
    archive.ask("rebuild")
    changes = archive.rows(
        "SELECT change.kind, article.canonical_url FROM change"
        " JOIN article ON article.id = change.article_id WHERE change.kind <> 'appeared'"
    )
    failed = archive.rows("SELECT url, reason FROM ledger WHERE state = 'failed' AND kind = 'page'")
    web.articles = published
    web.reshaped.clear()

    assert sorted(changes) == [
        ("edited", f"{ROOT}/xeber/42"),
        ("missing", f"{ROOT}/xeber/43"),
    ]
    assert failed == [
        (f"{ROOT}/xeber/41", "its endpoint's answer has no body where the rules look")
    ]
    assert rows_of(archive.folder) == before


def test_answers_of_an_endpoint_are_read_again_as_articles_of_their_own_addresses(
    first: tuple[ApplicationWeb, Archive], tmp_path: Path
) -> None:
    archive = first[1].copy_to(tmp_path / "archive")
    path = tmp_path / f"{HOST}.yaml"
    path.write_text(SOURCE.replace("  noise: .bildiris\n", ""), encoding="utf-8")

    done = archive.ask("reextract", "--sources", str(tmp_path))
    article = archive.newest()[f"{ROOT}/xeber/42"]

    assert "3 versions corrected" in done.out + done.err
    assert "xidmət mərkəzi" in str(article["text"])
    assert article["canonical_url"] == f"{ROOT}/xeber/42"


def test_robots_of_the_endpoints_host_is_obeyed(first: tuple[ApplicationWeb, Archive]) -> None:
    web, archive = first

    assert f"http://{API_HOST}/v1/xeberler/44" not in web.asked
    assert archive.rows("SELECT url FROM ledger WHERE state = 'refused'") == [(f"{ROOT}/xeber/44",)]


def test_the_trouble_of_an_endpoint_is_its_own_hosts_and_its_pages_wait(tmp_path: Path) -> None:
    with ApplicationWeb() as web:
        web.is_tired = True
        sources = write_source(tmp_path)
        archive = new_archive(tmp_path / "archive", web.proxy_url, sources=sources)

        archive.crawl()

    told = [url for url in web.asked if url.startswith(f"http://{API_HOST}/v1/xeberler/")]
    assert archive.rows("SELECT host, failures FROM host_trouble") == [(API_HOST, 3)]
    assert len(told) == 3 < len(web.articles)
    before = rows_of(archive.folder)["host_trouble"]
    ask("rebuild", "--archive", str(archive.path))
    assert rows_of(archive.folder)["host_trouble"] == before


def test_what_an_address_says_goes_into_the_endpoints() -> None:
    text = SOURCE.replace("(?P<id>\\d+)", "(?P<bolme>[^/]+)/(?P<id>\\d+)")
    text = text.replace("/v1/xeberler/{id}", "/v1/{bolme}?no={id}")
    site = source_of_text(text, HOST).site

    assert endpoint_of(f"{ROOT}/xeber/me%C5%9F%C9%99/42", site) == (
        f"http://{API_HOST}/v1/me%C5%9F%C9%99?no=42"
    )
    assert endpoint_of(f"{ROOT}/haqqinda", site) is None


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [
        ("http://api.tetbiq.example/v1/xeberler", "must hold a group of articles in braces"),
        ("http://api.tetbiq.example/v1/{no}", "holds {no}, but ^/xeber/"),
        ("http://basqa.example/v1/{id}", "basqa.example is no host of the source"),
    ],
)
def test_an_endpoint_that_cannot_work_is_refused(endpoint: str, said: str) -> None:
    text = SOURCE.replace("http://api.tetbiq.example/v1/xeberler/{id}", endpoint)

    with pytest.raises(SourceError) as refused:
        source_of_text(text, HOST)

    assert said in str(refused.value)


def test_check_asks_the_endpoint_of_a_page(
    first: tuple[ApplicationWeb, Archive], monkeypatch: pytest.MonkeyPatch
) -> None:
    web, archive = first
    monkeypatch.setenv("http_proxy", web.proxy_url)

    done = ask(
        "sources", "--sources", str(archive.sources), "check", HOST, "--url", f"{ROOT}/xeber/42"
    )

    assert "42 hektar ərazidə meşə salınıb" in done.out
