"""A crawl ends with its segment in the store; a store that is away or killed costs it nothing."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import StoreError
from archive.integrity import Finding, verify
from archive.s3 import S3Store
from archive.seals import sha256_of_file
from archive.web.photos import find_photo
from tests.archive.s3_server import ACCESS_KEY, SECRET_KEY, S3Server, serving_s3
from tests.crawler.crawling import Archive, Done, complaints_in, new_archive
from tests.seed import SEED
from tests.web.server import MadeUpWeb

KILLS = 8
CRAWLED = ("agentlik.example", "olke.example")
SLOW = ("--bwlimit", "4M")


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)


@pytest.fixture
def server(tmp_path: Path, keys: None) -> Iterator[S3Server]:
    (tmp_path / "s3/press").mkdir(parents=True)
    with serving_s3(tmp_path / "s3") as serving:
        yield serving


def with_store(archive: Archive, endpoint: str, **settings: object) -> None:
    archive.set(kind="s3", bucket="press", endpoint=endpoint, prefix="az/", **settings)


def stored(server: S3Server) -> list[str]:
    return sorted(path.name for path in server.folder.glob("press/az/segments/*"))


def crawled(archive: Archive) -> Done:
    done = archive.crawl("--json", *CRAWLED)
    assert done.code == 0, done.err
    assert complaints_in([done]) == []
    return done


def test_what_was_crawled_is_read_from_the_store_alone(tmp_path: Path, server: S3Server) -> None:
    with MadeUpWeb() as web:
        archive = new_archive(tmp_path / "archive", web.proxy_url)
        with_store(archive, server.endpoint, keep_days=0)
        first = crawled(archive)
        web.advance()
        second = crawled(archive)
    before = archive.rows("SELECT * FROM change")
    (photo, *_) = archive.rows("SELECT sha256 FROM photo")

    rebuilt = archive.run("rebuild")
    shown = archive.run("show", "1")
    with archive.reader() as reader:
        image = find_photo(archive.folder, reader, photo[0])

    names = {*first.json["segments"], *second.json["segments"]}
    assert stored(server) == sorted(
        f"{name}{ending}" for name in names for ending in (".warc.gz", ".cdxj", ".sha256")
    )
    assert list(archive.folder.segments_path.glob("*.warc.gz*")) == []
    assert rebuilt.code == shown.code == 0, rebuilt.err + shown.err
    assert archive.rows("SELECT * FROM change") == before
    assert image is not None
    assert archive.run("verify").code == archive.run("verify", "--deep").code == 0
    assert SECRET_KEY not in first.err + second.err + rebuilt.err + rebuilt.out


def test_a_new_archive_first_sees_what_its_store_holds(tmp_path: Path, keys: None) -> None:
    (tmp_path / "s3/press").mkdir(parents=True)
    with serving_s3(tmp_path / "s3") as server:
        endpoint = server.endpoint  # and it is gone when the crawl comes
    with MadeUpWeb() as web:
        archive = new_archive(tmp_path / "archive", web.proxy_url)
        with_store(archive, endpoint)
        refused = archive.crawl(*CRAWLED)
        asked = web.log

    assert refused.code == 1
    assert "bucket press" in refused.err
    assert asked == ()


def test_a_segment_waits_for_a_store_that_was_stopped_and_is_sent_by_the_next_run(
    tmp_path: Path, keys: None
) -> None:
    (tmp_path / "s3/press").mkdir(parents=True)
    with MadeUpWeb() as web:
        archive = new_archive(tmp_path / "archive", web.proxy_url)
        with serving_s3(tmp_path / "s3") as server:
            with_store(archive, server.endpoint)
            crawled(archive)
        web.advance()
        archive.set(wait_bytes=1)
        away = crawled(archive)
        refused = archive.crawl(*CRAWLED)
        told = archive.run("status")
        waiting = archive.run("status", "--json").json["waiting_for_store"]
        (archive.path / "uploads.json").unlink()  # time goes by
        with serving_s3(tmp_path / "s3") as server:
            archive.set(endpoint=server.endpoint)
            crawled(archive)
            there = stored(server)

    (name,) = away.json["segments"]
    assert list(waiting) == [name]
    assert f"{name} waits: tried 2×" in told.out
    assert "for the store: bucket press" in away.err
    assert "(store.wait_bytes) the next crawl is refused" in away.err
    assert refused.code == 1
    assert "more than store.wait_bytes allows: bucket press" in refused.err
    assert f"{name}.warc.gz" in there
    assert archive.run("status", "--json").json["waiting_for_store"] == {}


def test_a_server_killed_in_the_middle_of_an_upload_is_sent_the_whole_again(
    tmp_path: Path, keys: None
) -> None:
    (tmp_path / "s3/press").mkdir(parents=True)
    path = tmp_path / "sealed.warc.gz"
    path.write_bytes(bytes(range(256)) * 100_000)
    sha256 = sha256_of_file(path)
    with serving_s3(tmp_path / "s3", *SLOW) as server:
        store = S3Store(bucket="press", endpoint=server.endpoint, part_bytes=5 << 20)
        killer = threading.Timer(1.0, os.kill, (server.process, signal.SIGKILL))
        killer.start()  # at the pace of this server, the upload takes six seconds
        with pytest.raises(StoreError, match="wait in the spool"):
            store.put("segments/a.warc.gz", path, sha256)
        killer.join()
    with serving_s3(tmp_path / "s3") as server:
        store = S3Store(bucket="press", endpoint=server.endpoint, part_bytes=5 << 20)
        store.put("segments/a.warc.gz", path, sha256)

        assert store.find_size("segments/a.warc.gz") == path.stat().st_size


def test_objects_lists_checks_and_sends_and_the_doctor_asks_the_store(
    tmp_path: Path, keys: None
) -> None:
    (tmp_path / "s3/press").mkdir(parents=True)
    with MadeUpWeb() as web:
        archive = new_archive(tmp_path / "archive", web.proxy_url)
        none = archive.ask("objects", "list")
        (name,) = crawled(archive).json["segments"]
    archive.set(max_bytes=1)
    with serving_s3(tmp_path / "s3") as server:
        with_store(archive, server.endpoint)
        archive.crawl("--limit", "1", CRAWLED[0])
        listed = archive.run("objects", "list")
        checked = archive.run("objects", "check")
        sent = archive.run("objects", "send")
        well = archive.run("doctor")
    away = archive.run("doctor")

    assert none.code == 2
    assert f"segments/{name}.warc.gz" in listed.out
    assert "all are well" in checked.out
    assert sent.out.startswith("0 sent, 0 let go of here, 0 wait.")
    assert (well.code, away.code) == (0, 3)
    assert "store: bucket press" in away.out


def test_a_sender_that_is_killed_at_any_moment_loses_nothing(tmp_path: Path) -> None:
    draw = random.Random(SEED)  # noqa: S311  # moments, no secrets
    (tmp_path / "disk").mkdir()
    with MadeUpWeb() as web:
        archive = new_archive(
            tmp_path / "archive", web.proxy_url, max_bytes=20_000, group_captures=4
        )
        crawled(archive)
    segments = len(list(archive.folder.segments_path.glob("*.warc.gz")))
    indexes = len(list(archive.folder.segments_path.glob("*.cdxj")))
    archive.set(kind="folder", path=str(tmp_path / "disk"), keep_days=0)
    arguments = ("objects", "send", "--archive", str(archive.path))
    damages: list[Finding] = []
    for _ in range(KILLS):
        sender = subprocess.Popen([sys.executable, "-m", "crawler.cli", *arguments])
        time.sleep(draw.uniform(0.3, 1.5))
        sender.kill()
        sender.wait()
        damages += verify(archive.folder, deep=True).findings

    sent = archive.run("objects", "send")
    found = verify(archive.folder, deep=True)

    assert segments > 5
    assert indexes == min(segments, 8)  # they are made of what a run has sealed, store or not
    assert sent.code == 0, sent.err
    assert damages == list(found.findings) == []
    assert len(list((tmp_path / "disk/segments").glob("*.warc.gz"))) == segments
    assert archive.run("objects", "check").code == 0
