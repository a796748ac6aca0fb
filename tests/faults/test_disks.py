"""A disk that is full at any write of a commit, fails, or is read-only: an error, and no damage."""

import errno
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from archive.errors import ArchiveError, SpoolFull
from archive.folder import ArchiveFolder, create_archive
from archive.integrity import verify
from archive.recovery import start
from crawler.schedule import LookAgain
from tests.archive.failing_disk import FailingDisk, each_failure, failing
from tests.archive.histories import new_archive
from tests.crawler.crawling import ask
from tests.faults.conftest import Tried
from tests.faults.lives import Tell, check, commit_once, in_child, live, looks_in, stage_in

_PAGE_BYTES = 4096  # of a tmpfs: below it a file grows for nothing


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 6 MB; only root may mount one."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(tmp_path)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small tmpfs needs root that may mount: run the tests as root")
    yield tmp_path
    subprocess.run(["umount", "-l", str(tmp_path)], check=True)  # noqa: S607


def made(path: Path) -> ArchiveFolder:
    folder = new_archive(path)
    commit_once(folder, 1)
    return folder


def captures(folder: ArchiveFolder) -> int:
    begun = start(folder, LookAgain())
    count: int = begun.db.execute("SELECT count(*) FROM capture").fetchone()[0]
    begun.db.close()
    return count


def refusal(folder: ArchiveFolder, life: int) -> ArchiveError | None:
    """Commit once; the error that ended it, or None."""
    try:
        commit_once(folder, life)
    except ArchiveError as error:
        return error
    return None


def leave_free(disk: Path, pages: int) -> Path:
    """Fill a disk but for so many pages."""
    ballast = disk / "ballast"
    free = os.statvfs(disk)
    ballast.write_bytes(bytes(free.f_bavail * free.f_frsize - pages * _PAGE_BYTES))
    return ballast


def require_full_disks(small_disk: Path, stride: int, tried: Tried) -> None:
    folder, life, refused, is_whole = made(small_disk), 1, 0, False
    acknowledged = captures(folder)
    for pages in range(0, 400, stride):
        life += 1
        ballast = leave_free(small_disk, pages)
        said = refusal(folder, life)
        ballast.unlink()
        is_whole = said is None
        refused += not is_whole
        assert is_whole or str(said).endswith("then run the command again.")
        assert verify(folder).findings == ()
        acknowledged, before = captures(folder), acknowledged
        assert acknowledged >= before + (4 if is_whole else 0)
        if is_whole:
            break
    tried(f"{refused} commits refused")

    assert is_whole
    assert refused > 10


def test_a_disk_that_is_full_at_any_page_of_a_commit_stops_it_and_loses_nothing(
    small_disk: Path, tried: Tried
) -> None:
    require_full_disks(small_disk, 3, tried)


@pytest.mark.soak
def test_a_disk_that_is_full_at_every_page_of_a_commit_stops_it_and_loses_nothing(
    small_disk: Path, tried: Tried
) -> None:
    require_full_disks(small_disk, 1, tried)


@pytest.mark.soak
@pytest.mark.parametrize("error_number", [errno.ENOSPC, errno.EIO], ids=["full", "failing"])
def test_a_disk_that_fails_at_every_call_of_a_night_stops_it_and_loses_nothing(
    tmp_path: Path, error_number: int, tried: Tried
) -> None:
    (tmp_path / "0/disk").mkdir(parents=True)
    settings = '[store]\nkind = "folder"\npath = "../disk"\n'
    first = create_archive(tmp_path / "0/archive", settings)
    looks = looks_in(in_child(partial(live, first, 1))[0])
    refused = Counter[str]()
    for number in count(1):
        home = tmp_path / str(number)
        shutil.copytree(tmp_path / "0", home)
        folder = ArchiveFolder(path=home / "archive")
        told, _ = in_child(partial(live_on, FailingDisk(number, error_number), folder))
        ended, stage = told[-1], stage_in(told)
        refused[stage] += ended["said"] is not None
        acknowledged = looks + looks_in(told)
        left = check_in_child(folder, acknowledged)
        after, _ = in_child(partial(live, folder, 6))
        left += check_in_child(folder, acknowledged + looks_in(after))
        shutil.rmtree(home)
        tried.so_far(f"{number} calls")

        assert left == [], number
        assert "send" in stage or ended["is_full"] in (None, error_number == errno.ENOSPC), ended
        if not ended["has_failed"]:
            break
    tried(f"{refused.total()} nights ended: {dict(refused)}")

    assert refused.total() > 40


def live_on(disk: FailingDisk, folder: ArchiveFolder, tell: Tell) -> None:
    """A night on a failing disk; what it said in the end."""
    said = None
    with failing(disk):
        try:
            live(folder, 5, tell)
        except ArchiveError as error:
            said = error
    is_full = None if said is None else isinstance(said, SpoolFull)
    tell(said=said and str(said), is_full=is_full, has_failed=disk.has_failed)


def check_in_child(folder: ArchiveFolder, acknowledged: list[tuple[str, str]]) -> list[str]:
    told, _ = in_child(lambda tell: tell(wrong=check(folder, acknowledged)))
    wrong: list[str] = told[0]["wrong"]
    return wrong


def test_a_disk_that_fails_at_any_call_of_a_commit_stops_it_and_loses_nothing(
    tmp_path: Path,
) -> None:
    folder, life = made(tmp_path), 1
    for error_number in (errno.ENOSPC, errno.EIO):
        for disk in each_failure(error_number=error_number, is_dead=True):
            life += 1
            before = captures(folder)
            with failing(disk):
                said = refusal(folder, life)
            assert (said is not None) == disk.has_failed
            assert said is None or isinstance(said, SpoolFull) == (error_number == errno.ENOSPC)
            assert verify(folder).findings == ()
            assert captures(folder) >= before


def test_a_disk_that_became_read_only_is_told_and_can_still_be_read(small_disk: Path) -> None:
    folder = made(small_disk)
    remount = ["mount", "-o", "remount,ro", str(small_disk)]
    subprocess.run(remount, check=True)

    told = ask("recover", "--archive", str(folder.path))
    verified = ask("verify", "--archive", str(folder.path))

    assert told.code == 1
    assert told.err.endswith("then run the command again.\n")
    assert (verified.code, verified.err) == (0, "")
