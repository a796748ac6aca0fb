"""The cache of records from a store stays within its limit, whoever else uses it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive.range_cache import RangeCache
from archive.warc import Location

LIMIT = 160_000


def place(number: int) -> Location:
    return Location(segment="salname-1", offset=number * 100, length=1_000)


def total(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def test_what_was_not_used_for_the_longest_time_goes_first(tmp_path: Path) -> None:
    cache = RangeCache(tmp_path / "cache", LIMIT)
    for number in range(140):
        cache.keep(place(number), bytes(1_000))
        (written,) = {path for path in cache.folder.iterdir() if path.stat().st_mtime > 1e9}
        os.utime(written, (number + 1, number + 1))  # a second apart, whatever the disk's clock
    used = cache.find(place(0))

    for number in range(140, 170):
        cache.keep(place(number), bytes(1_000))

    assert used == bytes(1_000)
    assert total(cache.folder) <= LIMIT
    assert cache.find(place(0)) == used
    assert cache.find(place(1)) is None
    assert cache.find(place(169)) is not None


def test_what_is_larger_than_a_share_of_it_is_not_kept(tmp_path: Path) -> None:
    cache = RangeCache(tmp_path / "cache", LIMIT)

    cache.keep(place(1), bytes(LIMIT // 2))

    assert cache.find(place(1)) is None


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder")
    cache = RangeCache(tmp_path / "cache", LIMIT)

    cache.keep(place(1), b"bytes")
    cache.forget(place(1))

    assert cache.find(place(1)) is None


_ADDING = """
import sys
from pathlib import Path
from archive.range_cache import RangeCache
from archive.warc import Location
cache = RangeCache(Path(sys.argv[1]), int(sys.argv[2]))
for number in range(2_000):
    place = Location(segment="salname-1", offset=number % 300 * 100, length=1_000)
    kept = cache.find(place)
    assert kept in (None, bytes([number % 300 % 256]) * 1_000), "another's bytes"
    cache.keep(place, bytes([number % 300 % 256]) * 1_000)
"""


@pytest.mark.parametrize("processes", [2])
def test_two_processes_together_stay_within_the_limit(tmp_path: Path, processes: int) -> None:
    arguments = [sys.executable, "-c", _ADDING, str(tmp_path / "cache"), str(LIMIT)]
    both = [
        subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) for _ in range(processes)
    ]
    errors = [each.communicate(timeout=60)[1] for each in both]

    assert errors == [""] * processes
    assert total(tmp_path / "cache") <= LIMIT
