"""Whatever ends a life of an archive, nothing acknowledged is lost, nothing is there twice.

`make soak` kills and cuts more often, at other moments each time.
"""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest

from archive.folder import ArchiveFolder
from archive.integrity import verify
from tests.archive.histories import new_archive
from tests.faults.conftest import Tried
from tests.faults.lives import check, check_rebuilt, commit_once, counting, in_child
from tests.seed import SEED

STAGES = {"crawl", "seal", "send", "rebuild", "index", "export"}
_CHANGING = "write,pwrite64,fsync,fdatasync,ftruncate,rename,unlink,link,fchmod,mkdir"


def told_by(tried: Tried, module: str, *arguments: str) -> list[dict[str, Any]]:
    """The JSON lines that a module of this folder printed; it ended well."""
    told: list[dict[str, Any]] = []
    with (
        TemporaryFile("w+") as said,
        subprocess.Popen(
            [sys.executable, "-m", f"tests.faults.{module}", *arguments],
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        try:
            for line in process.stdout:
                told.append(json.loads(line))
                tried.so_far(f"{len(told)} checked")
        except BaseException:
            process.kill()
            raise
        code = process.wait()
        said.seek(0)
        assert code == 0, f"seed {SEED}: {said.read()}"
    return told


def require_nothing_wrong(told: list[dict[str, Any]]) -> None:
    assert [each for each in told if each["wrong"]] == [], f"SALNAME_SEED={SEED}"


def stages_of(told: list[dict[str, Any]]) -> str:
    """How often each stage was met: `40 crawl, 12 send`."""
    met = Counter(each["stage"] for each in told)
    return ", ".join(f"{times} {stage}" for stage, times in met.most_common())


def require_kills(number: int, tmp_path: Path, tried: Tried) -> None:
    told = told_by(tried, "lives", str(number), str(SEED), str(tmp_path))
    killed = [each for each in told if not each["lived"]]
    tried(f"{len(killed)} kills: {stages_of(killed)}")

    require_nothing_wrong(told)
    assert len(killed) == number
    assert {each["stage"] for each in killed} >= STAGES or number < 200
    assert sum(each["acknowledged"] for each in told if each["stage"] == "end") > number


def test_forty_kills_lose_nothing_that_was_acknowledged(tmp_path: Path, tried: Tried) -> None:
    require_kills(40, tmp_path, tried)


@pytest.mark.soak
def test_four_hundred_kills_lose_nothing_that_was_acknowledged(
    tmp_path: Path, tried: Tried
) -> None:
    require_kills(400, tmp_path, tried)


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace: apt-get install strace")
def test_a_kill_before_each_system_call_of_a_commit_leaves_an_archive_that_goes_on(
    tmp_path: Path, tried: Tried
) -> None:
    def lived(folder: ArchiveFolder, number: int) -> bool:
        inject = f"--inject={_CHANGING}:signal=KILL:when={number}"
        watched = ("strace", "-qq", "-o", os.devnull, f"--trace={_CHANGING}", inject)
        committing = (sys.executable, "-m", "tests.faults.lives", "commit", "4", folder.path)
        return subprocess.run([*watched, *committing], check=False).returncode == 0

    require_a_kill_at_each(lived, tmp_path, tried)


@pytest.mark.soak
def test_a_kill_before_each_call_of_a_commit_that_goes_on_beside_leaves_an_archive_that_goes_on(
    tmp_path: Path, tried: Tried
) -> None:
    def lived(folder: ArchiveFolder, number: int) -> bool:
        committing = lambda _: commit_once(folder, 2)  # noqa: E731
        told_and_lived: tuple[object, bool] = in_child(
            lambda tell: counting(committing, tell, kill_at=number)
        )
        return told_and_lived[1]

    require_a_kill_at_each(lived, tmp_path, tried)


def require_a_kill_at_each(
    lived: Callable[[ArchiveFolder, int], bool], tmp_path: Path, tried: Tried
) -> None:
    """Commit once, killed before the n-th call, until none is left; `lived` says whether it is."""
    folder = new_archive(tmp_path)
    commit_once(folder, 1)
    for number in count(1):
        copy = ArchiveFolder(path=tmp_path / "killed")
        shutil.copytree(folder.path, copy.path)
        if lived(copy, number):
            break
        assert verify(copy, deep=True).findings == (), number
        in_child(lambda _: commit_once(copy, 5))  # noqa: B023
        assert check(copy, []) + check_rebuilt(copy) == [], number
        shutil.rmtree(copy.path)
        tried.so_far(f"{number} calls")
    tried(f"{number - 1} calls")
    assert number > 60


def test_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path: Path, tried: Tried) -> None:
    require_nothing_wrong(told_by(tried, "power_cuts", "14", str(tmp_path)))


@pytest.mark.soak
def test_a_power_cut_at_every_call_loses_nothing_that_was_acknowledged(
    tmp_path: Path, tried: Tried
) -> None:
    told = told_by(tried, "power_cuts", "1", str(tmp_path))
    tried(f"{len(told)} disks: {stages_of(told)}")

    require_nothing_wrong(told)
    assert {each["stage"] for each in told} >= {"crawl", "seal", "send", "rebuild", "export"}
