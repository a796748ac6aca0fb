"""WARC files of other tools are read as if their pages had been crawled then."""

import gzip
import io
import json
import os
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.crawler.crawling import Archive, complaints_in, new_archive
from tests.web.server import MadeUpWeb

HOSTS = ("agentlik.example", "olke.example")
PAGE = "http://olke.example/az/medeniyyet/{}/numune-xeber/"


@pytest.fixture(scope="module")
def web() -> Iterator[MadeUpWeb]:
    with MadeUpWeb() as serving:
        yield serving


@pytest.fixture
def archive(tmp_path: Path, web: MadeUpWeb) -> Archive:
    return new_archive(tmp_path / "archive", web.proxy_url)


def page_of(number: int) -> bytes:
    words = "Muzeydə yeni sərgi açılıb və ziyarətçilər üçün giriş bir ay pulsuz olacaq. " * 8
    return f"<html><h1>Sərgi {number}</h1><p>{words}</p></html>".encode()


def write_warc(path: Path, *, numbers: range, gzipped: bool, chunked: bool = False) -> None:
    """A file of warcio's, with an answer for each number, a request, and what is of no use."""
    with path.open("wb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # warcio does not close its buffers
        writer = WARCWriter(file, gzip=gzipped)
        for number in numbers:
            body, headers = page_of(number), [("Content-Type", "text/html; charset=utf-8")]
            if chunked:
                headers.append(("Transfer-Encoding", "chunked"))
                body = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (9, body[:9], len(body) - 9, body[9:])
            record = writer.create_warc_record(
                PAGE.format(number),
                "response",
                payload=io.BytesIO(body),
                http_headers=StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1"),
                warc_headers_dict={"WARC-Date": f"2024-03-01T10:{number % 60:02}:00Z"},
            )
            writer.write_record(record)
            del record


def import_into(archive: Archive, *paths: Path) -> tuple[int, list[dict[str, object]]]:
    done = archive.run("import", "--json", "--sources", str(archive.sources), *map(str, paths))
    assert complaints_in([done]) == []
    return done.code, [json.loads(line) for line in done.out.splitlines()]


def bodies(archive: Archive) -> int:
    ((number,),) = archive.rows("SELECT count(*) FROM capture")
    return int(number)


@pytest.mark.skipif(
    shutil.which("wget") is None, reason="wget is not installed: apt-get install wget"
)
def test_what_wget_fetched_gives_the_articles_that_a_crawl_gives(
    archive: Archive, web: MadeUpWeb, tmp_path: Path
) -> None:
    crawled = new_archive(tmp_path / "crawled", web.proxy_url)
    assert crawled.crawl(*HOSTS).code == 0
    asked = crawled.rows(
        "SELECT url FROM ledger WHERE state = 'fetched' AND article_id IS NOT NULL"
    ) + crawled.rows("SELECT url FROM ledger WHERE state = 'fetched' AND kind = 'photo'")
    (tmp_path / "list").write_text("\n".join(url for (url,) in asked))
    subprocess.run(
        ["wget", "-q", "-i", "list", "--warc-file=fetched", "-O", "/dev/null"],  # noqa: S607
        cwd=tmp_path,
        env={**os.environ, "http_proxy": web.proxy_url, "no_proxy": ""},
        check=False,
        timeout=60,
    )

    code, (told,) = import_into(archive, tmp_path / "fetched.warc.gz")

    texts = "SELECT key, text_sha256 FROM version JOIN article ON article.id = article_id"
    photos = "SELECT sha256 FROM photo ORDER BY 1"
    assert code == 0, told
    assert sorted(archive.rows(texts)) == sorted(crawled.rows(texts))
    assert archive.rows(photos) == crawled.rows(photos) != []
    assert archive.run("verify").code == 0


@pytest.mark.parametrize(
    ("gzipped", "chunked", "packed"),
    [(True, False, False), (False, False, False), (True, True, False), (False, False, True)],
    ids=["a member a record", "not compressed", "in chunks", "one member for all"],
)
def test_each_way_of_packing_a_warc_is_read(
    archive: Archive, tmp_path: Path, *, gzipped: bool, chunked: bool, packed: bool
) -> None:
    path = tmp_path / "old.warc.gz"
    write_warc(path, numbers=range(5), gzipped=gzipped, chunked=chunked)
    if packed:
        path.write_bytes(gzip.compress(path.read_bytes()))

    code, (told,) = import_into(archive, path)

    assert (code, told["counts"]) == (0, {"pages": 5, "articles": 5})
    assert archive.rows("SELECT min(first_seen_at) FROM version") == [
        ("2024-03-01T10:00:00.000000Z",)
    ]
    assert archive.run("verify").code == 0


def test_importing_again_takes_nothing_twice(archive: Archive, tmp_path: Path) -> None:
    write_warc(tmp_path / "one.warc.gz", numbers=range(3), gzipped=True)
    write_warc(tmp_path / "two.warc.gz", numbers=range(4), gzipped=True)
    import_into(archive, tmp_path / "one.warc.gz")

    _, told = import_into(archive, tmp_path / "one.warc.gz", tmp_path / "two.warc.gz")

    assert [each["counts"] for each in told] == [
        {"known": 3},
        {"known": 3, "pages": 1, "articles": 1},
    ]
    assert bodies(archive) == 4


def test_damage_costs_the_records_that_it_touches(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "old.warc.gz"
    write_warc(path, numbers=range(6), gzipped=True)
    held = bytearray(path.read_bytes())
    held[len(held) // 2] ^= 0xFF
    path.write_bytes(held[:-20])

    code, (told,) = import_into(archive, path)

    assert code == 3
    assert told["counts"] == {"pages": 4, "articles": 4, "damaged": 2}
    assert archive.run("verify").code == 0


def test_a_file_that_is_no_warc_is_refused_with_a_sentence(
    archive: Archive, tmp_path: Path
) -> None:
    (tmp_path / "letter.txt").write_text("Hörmətli oxucu")

    done = archive.run("import", str(tmp_path / "letter.txt"))

    assert done.code == 2
    assert "is no WARC file" in done.err
