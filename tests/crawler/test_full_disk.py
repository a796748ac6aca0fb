"""A disk that fills up stops a crawl with a sentence; room made, it goes on where it was."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawler.crawling import Archive, Done, complaints_in, new_archive
from tests.web.server import MadeUpWeb

CRAWLED = ("olke.example", "nazirlik.example")
ARTICLES = 18
LOOK_AGAIN_S = [3600]
_LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
del sys.argv[1]
from crawler.cli import main
main()
"""


@pytest.fixture(scope="module")
def web() -> Iterator[MadeUpWeb]:
    with MadeUpWeb() as web:
        yield web


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MB; only root may mount one."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small tmpfs needs root that may mount: run the tests as root")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)  # noqa: S607


def captures_in(archive: Archive) -> set[str]:
    return {row[0] for row in archive.rows("SELECT record_id FROM capture")}


def require_a_sentence(done: Done) -> None:
    assert (done.code, complaints_in([done])) == (1, [])
    assert done.err.endswith("then run the command again.\n")
    assert done.err.count("\n") == 1


def test_a_full_disk_stops_a_crawl_and_room_lets_it_go_on(web: MadeUpWeb, small_disk: Path) -> None:
    archive = new_archive(
        small_disk / "archive", web.proxy_url, look_again_s=LOOK_AGAIN_S, group_captures=10
    )

    stopped = archive.crawl(*CRAWLED)
    acknowledged = captures_in(archive)
    after_the_stop = archive.verify()
    status = archive.ask("status")
    subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)  # noqa: S607
    second = archive.crawl(*CRAWLED)

    require_a_sentence(stopped)
    assert "no space is left on its disk" in stopped.err
    assert after_the_stop.findings == ()
    assert "was cut off" in status.out
    assert (second.code, complaints_in([second])) == (0, [])
    assert 0 < len(acknowledged) < len(captures_in(archive))
    assert acknowledged < captures_in(archive)
    assert archive.rows("SELECT count(*) FROM article") == [(ARTICLES,)]
    assert archive.verify().findings == ()


def test_a_limit_on_the_size_of_files_stops_a_crawl_as_a_full_disk_does(
    web: MadeUpWeb, tmp_path: Path
) -> None:
    archive = new_archive(
        tmp_path / "archive", web.proxy_url, look_again_s=LOOK_AGAIN_S, group_captures=10
    )
    limit_bytes = 600_000  # above an empty catalogue, below what two sources make of it

    limited = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(limit_bytes), *archive.crawl_arguments(*CRAWLED)],
        capture_output=True,
        text=True,
        check=False,
    )
    stopped = Done(code=limited.returncode, out=limited.stdout, err=limited.stderr)
    acknowledged = captures_in(archive)
    after_the_stop = archive.verify()
    second = archive.crawl(*CRAWLED)

    require_a_sentence(stopped)
    assert "Nothing that was acknowledged is lost" in stopped.err
    assert after_the_stop.findings == ()
    assert second.code == 0
    assert len(acknowledged) > 0
    assert acknowledged < captures_in(archive)
    assert archive.rows("SELECT count(*) FROM article") == [(ARTICLES,)]
