"""Clocks that go wrong, writers that meet, readers that take long, and which SQLite it is."""

import json
import random
import re
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import sqlite_utils.utils

from archive.catalogue.reader import CatalogueReader
from archive.folder import ArchiveFolder
from archive.integrity import verify
from archive.rebuilding import rebuild
from archive.spool import segment_files
from crawler.schedule import LookAgain
from tests.archive.histories import DAY_ONE, Visitor, article, new_archive, rows_of
from tests.crawler.crawling import ask
from tests.faults.conftest import Tried
from tests.faults.lives import check, check_rebuilt, looks_in
from tests.seed import SEED

_WRITERS = 6
ROOT = Path(__file__).parents[2]
_LATER_THAN_3_40 = re.compile(
    r"\bjsonb|'subsec|contentless_delete|octet_length|timediff|string_agg|\bconcat(_ws)?\s*\("
)
_HOLDER = """
import sys
from pathlib import Path
from archive.folder import ArchiveFolder, locked
with locked(ArchiveFolder(path=Path(sys.argv[1])), "a long crawl"):
    print("held", flush=True)
    sys.stdin.read()
"""


def crawl_at(folder: ArchiveFolder, run: int, ahead: timedelta) -> None:
    visitor = Visitor(folder, now=DAY_ONE + ahead, runs=run)
    visitor.spool.resume()
    visitor.start_run()
    visitor.see(article(1, lead=f"Gün {run}"))
    visitor.see(article(run + 5))
    visitor.see_photo(1)
    visitor.end_run()
    visitor.store.close(seal_from_bytes=0)
    visitor.catalogue.db.close()


def test_a_clock_that_goes_back_by_a_day_loses_nothing_and_a_rebuild_keeps_the_order(
    tmp_path: Path,
) -> None:
    folder = new_archive(tmp_path)
    for run, ahead in enumerate((timedelta(), timedelta(days=-1), timedelta(hours=1))):
        crawl_at(folder, run, ahead)
    rows, names = rows_of(folder), [path.name for path in segment_files(folder.segments_path)]

    rebuild(folder, LookAgain())

    assert rows_of(folder) == rows
    assert [row[1] for row in rows["segment"]] == [name.removesuffix(".warc.gz") for name in names]
    assert verify(folder, deep=True, schedule=LookAgain()).findings == ()


@pytest.mark.soak
def test_a_clock_that_jumps_by_days_before_each_of_many_runs_loses_nothing(
    tmp_path: Path, tried: Tried
) -> None:
    rng, folder = random.Random(SEED), new_archive(tmp_path)  # noqa: S311
    jumps = [timedelta(hours=rng.uniform(-72, 72)) for _ in range(30)]
    for run, ahead in enumerate(jumps):
        crawl_at(folder, run, ahead)
    rows = rows_of(folder)

    rebuild(folder, LookAgain())

    tried(f"{len(jumps)} runs, {sum(b < a for a, b in pairwise(jumps))} of them after a step back")
    assert rows_of(folder) == rows
    assert len(rows["capture"]) == 3 * len(jumps)
    assert verify(folder, deep=True, schedule=LookAgain()).findings == ()


def test_a_clock_that_goes_back_is_no_danger_to_segments_that_the_spool_has_let_go_of(
    tmp_path: Path,
) -> None:
    folder = new_archive(tmp_path)
    crawl_at(folder, 0, timedelta())
    (first,) = segment_files(folder.segments_path)
    first.rename(tmp_path / first.name)

    crawl_at(folder, 1, timedelta(days=-1))

    (second,) = segment_files(folder.segments_path)
    assert first.name < second.name


def test_of_two_writers_the_second_is_told_who_writes_and_a_killed_one_bars_nobody(
    tmp_path: Path,
) -> None:
    folder = new_archive(tmp_path)
    crawl_at(folder, 0, timedelta())
    before = rows_of(folder)
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(folder.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        barred = [ask(command, "--archive", str(folder.path)) for command in ("recover", "rebuild")]
        holder.kill()
    after = ask("recover", "--archive", str(folder.path))

    assert [done.code for done in barred] == [1, 1]
    assert all(f"process {holder.pid}" in done.err for done in barred)
    assert all("a long crawl" in done.err for done in barred)
    assert after.code == 0
    assert rows_of(folder) == before


@pytest.mark.soak
def test_writers_that_meet_all_the_time_and_are_killed_take_turns_and_lose_nothing(
    tmp_path: Path, tried: Tried
) -> None:
    rng, folder = random.Random(SEED), new_archive(tmp_path)  # noqa: S311
    told = tmp_path / "told"
    told.mkdir()
    writers = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.faults.writers",
                str(number),
                folder.path,
                told / str(number),
            ],
            cwd=ROOT,
        )
        for number in range(_WRITERS)
    ]
    for writer in rng.sample(writers, _WRITERS // 2):
        time.sleep(rng.uniform(1, 3))
        writer.kill()
    codes = [writer.wait(timeout=600) for writer in writers]
    lines = [
        json.loads(line)
        for path in told.iterdir()
        for line in path.read_bytes().splitlines(keepends=True)
        if line.endswith(b"\n")
    ]

    turns, barred = (sum(each.get(what, 0) for each in lines) for what in ("turn", "barred"))
    tried(f"{_WRITERS} writers, {codes.count(-9)} killed, {turns} turns, {barred} times barred")
    assert set(codes) <= {0, -9}
    assert check(folder, looks_in(lines)) + check_rebuilt(folder) == []
    assert barred > 0


def test_a_long_read_holds_up_no_commit_and_sees_what_was_there_when_it_began(
    tmp_path: Path,
) -> None:
    folder = new_archive(tmp_path)
    crawl_at(folder, 0, timedelta())
    visitor = Visitor(folder, now=DAY_ONE + timedelta(days=1), runs=1)
    visitor.spool.resume()
    with CatalogueReader.open(folder.catalogue_path) as reader:
        reader.db.execute("BEGIN")
        long_read = reader.db.execute("SELECT id FROM change ORDER BY id")
        first = long_read.fetchone()
        began = time.monotonic()
        visitor.start_run()
        for number in range(20, 40):
            visitor.see(article(number))
        visitor.store.commit()
        took_s = time.monotonic() - began
        rest = long_read.fetchall()
        with CatalogueReader.open(folder.catalogue_path) as other:
            told_since = other.last_change_id()
    segment = visitor.spool.segment
    assert segment is not None
    covered = visitor.catalogue.committed_bytes(segment.name)
    visitor.store.abandon()
    visitor.catalogue.db.close()

    assert took_s < 5  # SQLite waits 10 s where something is locked
    assert 1 + len(rest) == told_since - 20
    assert first == (1,)
    assert covered == segment.size_bytes


def test_the_catalogue_asks_for_no_more_than_sqlite_3_40_and_only_pythons_own() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "archive").rglob("*.py"))

    assert _LATER_THAN_3_40.findall(text) == []
    assert sqlite3.sqlite_version_info >= (3, 40)
    # sqlite-utils takes pysqlite3 or sqlean instead where one of them is installed.
    assert vars(sqlite_utils.utils)["sqlite3"] is sqlite3
    assert not {"pysqlite3", "sqlean", "apsw"} & set(sys.modules)
