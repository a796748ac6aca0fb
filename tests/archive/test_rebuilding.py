"""A rebuild comes to the very rows that were made while crawling, however it is read and cut off."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from archive.catalogue.reader import CatalogueReader
from archive.errors import ArchiveError, TornSegment
from archive.exports.jsonl import change_lines
from archive.folder import ArchiveFolder
from archive.rebuilding import rebuild
from archive.recovery import start
from archive.spool import segment_files
from crawler.schedule import LookAgain
from tests.archive.failing_disk import each_failure, failing
from tests.archive.histories import DAY_ONE, Visitor, article, new_archive, rows_of


class CutOff(Exception):
    """The rebuild is stopped in the middle."""


@pytest.fixture
def folder(tmp_path: Path) -> ArchiveFolder:
    """Three runs, a segment each; the last one stays open."""
    made = new_archive(tmp_path)
    for run in range(3):
        visitor = Visitor(made, now=DAY_ONE + timedelta(days=run), runs=run)
        visitor.start_run()
        for number in range(4):
            visitor.see(article(number, lead=f"Gün {run}") if number % 2 else article(number))
            visitor.see_photo(number)
        visitor.miss(article(run).url)
        visitor.end_run()
        visitor.store.close(seal_from_bytes=0 if run < 2 else None)
        visitor.catalogue.db.close()
    return made


def told_after(folder: ArchiveFolder, cursor: int) -> list[bytes]:
    with CatalogueReader.open(folder.catalogue_path) as reader:
        return [line for _, line in change_lines(reader, cursor)]


@pytest.mark.parametrize("processes", [0, 2])
def test_the_rows_are_the_same_and_so_is_what_a_cursor_leads_to(
    folder: ArchiveFolder, processes: int
) -> None:
    rows, told = rows_of(folder), told_after(folder, 5)

    rebuild(folder, LookAgain(), processes=processes)

    assert rows_of(folder) == rows
    assert told_after(folder, 5) == told
    assert len(told) > 3


def test_a_rebuild_that_was_cut_off_goes_on_where_it_was(folder: ArchiveFolder) -> None:
    rows = rows_of(folder)
    whole = rebuild(folder, LookAgain())
    parts = list[int]()

    def cut_off(size_bytes: int) -> None:
        parts.append(size_bytes)
        if len(parts) == 3:  # the first says what was there before
            raise CutOff

    with pytest.raises(CutOff):
        rebuild(folder, LookAgain(), cut_off)
    rest = rebuild(folder, LookAgain(), parts.append)

    assert 0 < rest < whole
    assert parts[3] == sum(parts[:3])
    assert rows_of(folder) == rows
    assert not list(folder.path.glob("*.rebuild*"))


@pytest.mark.parametrize("error_number", [errno.ENOSPC, errno.EIO], ids=["full", "failing"])
def test_a_disk_that_fails_at_any_call_of_it_is_told_and_the_next_start_makes_it_whole(
    folder: ArchiveFolder, error_number: int
) -> None:
    before, said = rows_of(folder), list[str]()
    for disk in each_failure(error_number=error_number):
        with failing(disk), keeping_what_is_told(said):
            rebuild(folder, LookAgain())
        start(folder, LookAgain()).db.close()
        assert rows_of(folder) == before

    assert len(said) > 2
    assert all(each.endswith("then run the command again.") for each in said)


@contextmanager
def keeping_what_is_told(said: list[str]) -> Iterator[None]:
    try:
        yield
    except ArchiveError as error:
        said.append(str(error))


def test_what_another_release_began_is_begun_anew(folder: ArchiveFolder) -> None:
    rows = rows_of(folder)
    whole = rebuild(folder, LookAgain())
    fresh = folder.catalogue_path.with_name("catalogue.sqlite.rebuild")
    fresh.write_bytes(folder.catalogue_path.read_bytes())

    assert rebuild(folder, LookAgain()) == whole
    assert rows_of(folder) == rows


def test_garbage_of_an_earlier_rebuild_is_in_nobodys_way(folder: ArchiveFolder) -> None:
    folder.catalogue_path.with_name("catalogue.sqlite.rebuild").write_bytes(b"garbage" * 1000)

    assert rebuild(folder, LookAgain()) > 0


@pytest.mark.parametrize("processes", [0, 1])
def test_a_damaged_segment_ends_it_and_leaves_the_old_catalogue(
    folder: ArchiveFolder, processes: int
) -> None:
    rows = rows_of(folder)
    path = segment_files(folder.segments_path)[1]
    held = bytearray(path.read_bytes())
    held[len(held) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(held)

    with pytest.raises(TornSegment, match="no whole record"):
        rebuild(folder, LookAgain(), processes=processes)

    assert rows_of(folder) == rows


def test_a_missing_segment_while_it_reads_is_told(folder: ArchiveFolder) -> None:
    def take_away(_: int) -> None:
        for path in segment_files(folder.segments_path)[1:]:
            path.unlink()

    with pytest.raises(ArchiveError, match="is not there"):
        rebuild(folder, LookAgain(), take_away, processes=0)
