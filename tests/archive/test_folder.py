"""An archive is found, made and locked with sentences for whatever stands in the way."""

import fcntl
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from archive.errors import ArchiveError, ArchiveLocked, NotAnArchive, WrongUse
from archive.folder import create_archive, find_archive, locked, writer_of
from tests.archive.failing_disk import FailingDisk, failing


def test_a_made_archive_is_found_again(tmp_path: Path) -> None:
    made = create_archive(tmp_path / "archive", "# settings\n")

    assert find_archive(tmp_path / "archive") == made
    assert made.settings_path.read_text(encoding="utf-8") == "# settings\n"
    assert {path.name for path in made.path.iterdir()} == {"salname.toml", "segments", "exports"}


def test_an_archive_is_never_made_over_something_else(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").touch()

    with pytest.raises(WrongUse, match="is not empty"):
        create_archive(tmp_path, "")

    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_an_archive_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ArchiveError, match=r"Not a directory. No archive was made\."):
        create_archive(tmp_path / "file" / "archive", "")


@pytest.mark.parametrize("name", ["absent", "empty"])
def test_a_folder_that_is_no_archive_is_told_with_the_way_to_one(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(NotAnArchive, match="salname init"):
        find_archive(tmp_path / name)


def test_a_lock_says_who_holds_it_and_goes_with_the_block(tmp_path: Path) -> None:
    folder = create_archive(tmp_path / "archive", "")

    with locked(folder, "salname crawl"):
        claim = json.loads(folder.lock_path.read_text(encoding="utf-8"))
        with pytest.raises(ArchiveLocked, match="`salname crawl`"), locked(folder, "test"):
            pass

    assert claim["purpose"] == "salname crawl"
    with locked(folder, "test"):
        assert "test" in folder.lock_path.read_text(encoding="utf-8")
    assert folder.lock_path.read_bytes() == b""


def test_a_lock_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    folder = create_archive(tmp_path / "archive", "")
    folder.lock_path.mkdir()

    with pytest.raises(ArchiveError, match="cannot be written"), locked(folder, "test"):
        pass


def test_a_lock_is_let_go_of_on_a_disk_that_has_become_full(tmp_path: Path) -> None:
    folder = create_archive(tmp_path / "archive", "")

    with failing(FailingDisk(fail_at=4)) as disk, locked(folder, "a crawl"):
        pass

    assert disk.calls == ["open", "ftruncate", "write", "ftruncate"]
    with locked(folder, "the next crawl"):
        pass


def test_who_writes_is_known_while_it_does_and_not_after_it_was_killed(tmp_path: Path) -> None:
    folder = create_archive(tmp_path / "archive", "")
    before = writer_of(folder)
    held = (
        "import os, sys\nfrom pathlib import Path\n"
        "from archive.folder import find_archive, locked\n"
        "with locked(find_archive(Path(sys.argv[1])), 'salname crawl'):\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", held, str(folder.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        meanwhile = writer_of(folder)
        process.kill()

    assert before is None
    assert meanwhile is not None
    assert (meanwhile.process, meanwhile.purpose) == (process.pid, "salname crawl")
    assert folder.lock_path.read_bytes() != b""  # its claim stays behind
    assert writer_of(folder) is None


def test_an_onlooker_bars_nobody(tmp_path: Path) -> None:
    folder = create_archive(tmp_path / "archive", "")
    folder.lock_path.touch()

    with folder.lock_path.open("rb") as onlooker:
        fcntl.flock(onlooker, fcntl.LOCK_SH)
        threading.Timer(0.01, fcntl.flock, (onlooker, fcntl.LOCK_UN)).start()
        with locked(folder, "salname crawl"):
            holder = writer_of(folder)

    assert holder is not None
