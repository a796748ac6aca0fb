"""The store: groups, revisits, and that a replay comes to the same catalogue."""

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.catalogue.reader import CatalogueReader
from archive.errors import ArchiveError, ArchiveLocked
from archive.folder import locked
from archive.rebuilding import rebuild
from archive.replay import recover
from archive.shapes import capture_shape
from archive.spool import segment_files
from crawler.schedule import LookAgain
from tests.archive.histories import DAY_ONE, ROOT, Visitor, article, new_archive, rows_of

LOOKS: list[Callable[[Visitor, int], None]] = [
    lambda visitor, number: visitor.see(article(number)),
    lambda visitor, number: visitor.see(article(number, title=f"Başqa başlıq {number}")),
    lambda visitor, number: visitor.see(article(number, markers=("FOTO",))),
    lambda visitor, number: visitor.miss(article(number).url),
    lambda visitor, number: visitor.see_unchanged(article(number).url),
    lambda visitor, number: visitor.see_photo(number),
    lambda visitor, number: visitor.see_feed(number, number + 1),
    lambda visitor, number: visitor.fail(article(number).url),
    lambda visitor, number: visitor.be_redirected(article(number).url, f"{ROOT}/yeni/{number}"),
    lambda visitor, _: visitor.start_run(),
    lambda visitor, _: visitor.end_run(),
]
HISTORY = st.lists(st.tuples(st.sampled_from(range(len(LOOKS))), st.integers(1, 3)), max_size=25)


@given(history=HISTORY, group=st.integers(1, 7), aside=st.booleans())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_rebuild_gives_the_same_rows_as_the_crawl(
    tmp_path_factory: pytest.TempPathFactory,
    history: list[tuple[int, int]],
    group: int,
    aside: bool,
) -> None:
    folder = new_archive(tmp_path_factory.mktemp("history"))
    visitor = Visitor(folder, group=group, aside=aside)
    visitor.start_run()
    for look, number in history:
        LOOKS[look](visitor, number)
    visitor.close()
    crawled = rows_of(folder)

    rebuild(folder, LookAgain())

    assert rows_of(folder) == crawled


def test_what_an_answer_asks_of_archives_is_kept_and_rebuilt(tmp_path: Path) -> None:
    folder = new_archive(tmp_path)
    visitor = Visitor(folder)
    visitor.start_run()
    visitor.see(article(1), headers=(("x-robots-tag", "noindex, noarchive"),))
    visitor.see(article(2))
    visitor.close()
    crawled = rows_of(folder)

    rebuild(folder, LookAgain())

    with CatalogueReader.open(folder.catalogue_path) as reader:
        captures = [reader.capture_by_id(number) for number in (1, 2)]
    assert [each and capture_shape(each)["noarchive"] for each in captures] == [True, False]
    assert rows_of(folder) == crawled


def test_what_was_written_and_not_committed_is_picked_up(tmp_path: Path) -> None:
    folder = new_archive(tmp_path)
    visitor = Visitor(folder)
    visitor.start_run()
    visitor.see(article(1))
    visitor.see(article(2))
    visitor.store.abandon()
    (segment,) = segment_files(folder.segments_path)
    with segment.open("ab") as file:
        file.write(b"\x1f\x8b\x08\x00torn")

    recovery = recover(folder, visitor.catalogue)

    assert recovery.picked_up == 2
    assert [tail.length for tail in recovery.torn] == [8]
    assert len(rows_of(folder)["article"]) == 2


def test_of_two_open_segments_the_older_is_sealed_and_the_newer_gone_on_with(
    tmp_path: Path,
) -> None:
    folder = new_archive(tmp_path)
    for number in (1, 2):
        visitor = Visitor(folder, now=DAY_ONE + timedelta(hours=number), runs=number)
        visitor.start_run()
        visitor.see(article(number))
        visitor.store.abandon()
        visitor.catalogue.db.close()
    older, newer = segment_files(folder.segments_path)

    visitor = Visitor(folder)
    recover(folder, visitor.catalogue)
    visitor.spool.resume()
    resumed = visitor.spool.segment
    visitor.close()

    assert segment_files(folder.segments_path) == (older.with_suffix(""), newer)
    assert resumed is not None
    assert resumed.path == newer
    assert len(rows_of(folder)["article"]) == 2


def test_a_clean_start_recovers_nothing(tmp_path: Path) -> None:
    visitor = Visitor(new_archive(tmp_path))
    visitor.start_run()
    visitor.see(article())
    visitor.store.close()

    recovery = recover(visitor.folder, visitor.catalogue)

    assert (recovery.picked_up, recovery.torn) == (0, ())


def test_the_same_payload_is_stored_once(tmp_path: Path) -> None:
    visitor = Visitor(new_archive(tmp_path))
    visitor.start_run()
    visitor.see(article())
    visitor.see(article())
    visitor.store.commit()
    visitor.see(article())
    visitor.store.commit()

    revisits = visitor.catalogue.db.execute(
        "SELECT revisit_of, payload_sha256 FROM capture ORDER BY id"
    ).fetchall()

    first = visitor.catalogue.db.execute("SELECT record_id FROM capture WHERE id = 1").fetchone()[0]
    assert [row[0] for row in revisits] == [None, first, first]
    assert len({row[1] for row in revisits}) == 1


def test_two_writers_at_once_are_told_who_holds_the_lock(tmp_path: Path) -> None:
    folder = new_archive(tmp_path)
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time; from pathlib import Path\n"
            "from archive.folder import find_archive, locked\n"
            "with locked(find_archive(Path(sys.argv[1])), 'salname crawl'):\n"
            "    print('held', flush=True); time.sleep(30)",
            str(folder.path),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(ArchiveLocked, match=f"process {holder.pid} .*salname crawl"),
            locked(folder, "test"),
        ):
            pass
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()

    with locked(folder, "test"):
        """The lock has died with its process."""


class Gate(threading.Event):
    """A disk that syncs only while this is set; then it may fail."""

    fails = False

    def fsync(self, fd: int) -> None:
        self.wait()
        if self.fails:
            raise OSError(errno.EIO, os.strerror(errno.EIO))


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    gate = Gate()
    gate.set()
    monkeypatch.setattr(os, "fsync", gate.fsync)
    return gate


def test_a_slow_disk_holds_up_no_record_and_what_it_has_not_synced_is_not_acknowledged(
    tmp_path: Path, gate: Gate
) -> None:
    visitor = Visitor(new_archive(tmp_path), group=4, aside=True)
    visitor.start_run()
    gate.clear()
    for number in range(13):
        visitor.see(article(number))
        visitor.see_photo(7)
    recorded, acknowledged = visitor.store.recorded, visitor.store.acknowledged
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        committed = len(list(reader.all_captures()))
    gate.set()
    visitor.store.commit()
    visitor.close()

    assert (recorded, acknowledged, committed) == (27, 1, 0)
    assert visitor.store.acknowledged == 27
    crawled = rows_of(visitor.folder)
    assert len(crawled["capture"]) == 26
    assert len(crawled["photo"]) == 1
    rebuild(visitor.folder, LookAgain())
    assert rows_of(visitor.folder) == crawled


def test_a_sync_that_fails_late_ends_the_crawl_and_takes_nothing_acknowledged_along(
    tmp_path: Path, gate: Gate
) -> None:
    visitor = Visitor(new_archive(tmp_path), group=2, aside=True)
    visitor.start_run()
    visitor.see(article(1))
    visitor.see(article(2))
    gate.clear()
    for number in (3, 4, 5):
        visitor.see(article(number))
    gate.fails = True
    gate.set()
    with pytest.raises(ArchiveError, match="nothing that was synced is lost"):
        visitor.store.commit()
    visitor.store.abandon()
    recovery = recover(visitor.folder, visitor.catalogue)
    visitor.catalogue.db.close()

    assert visitor.store.acknowledged == 3
    assert recovery.picked_up == 0
    assert len(rows_of(visitor.folder)["capture"]) == 2
