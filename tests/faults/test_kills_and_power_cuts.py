"""Whatever ends a life of an archive, nothing acknowledged is lost, nothing is there twice.

`make soak` kills and cuts more often, at other moments each time.
"""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from archive.folder import ArchiveFolder
from archive.integrity import verify
from tests.archive.histories import new_archive
from tests.faults.conftest import Tried
from tests.faults.lives import check, check_rebuilt
from tests.seed import SEED

_LIMIT_S = 3600 if "SALNAME_SEED" in os.environ else 300  # some 15 s where nothing else runs
_CHANGING = "write,pwrite64,fsync,fdatasync,ftruncate,rename,unlink,link,fchmod,mkdir"


def told_by(module: str, *arguments: str) -> list[dict[str, Any]]:
    """The JSON lines that a module of this folder printed; it ended well."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.faults.{module}", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=_LIMIT_S,
    )
    assert done.returncode == 0, f"seed {SEED}: {done.stderr}"
    return [json.loads(line) for line in done.stdout.splitlines()]


def require_nothing_wrong(told: list[dict[str, Any]]) -> None:
    assert [each for each in told if each["wrong"]] == [], f"SALNAME_SEED={SEED}"


def stages_of(told: list[dict[str, Any]]) -> str:
    """How often each stage was met: `40 crawl, 12 send`."""
    met = Counter(each["stage"] for each in told)
    return ", ".join(f"{times} {stage}" for stage, times in met.most_common())


def require_kills(number: int, tmp_path: Path, tried: Tried) -> None:
    told = told_by("lives", str(number), str(SEED), str(tmp_path))
    killed = [each for each in told if not each["lived"]]
    tried(f"{len(killed)} kills: {stages_of(killed)}")

    require_nothing_wrong(told)
    assert sum(not each["lived"] for each in told) == number
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
    folder = new_archive(tmp_path)
    assert commit(folder, 1) == 0
    for number in count(1):
        copy = ArchiveFolder(path=tmp_path / f"killed-{number}")
        shutil.copytree(folder.path, copy.path)
        inject = f"--inject={_CHANGING}:signal=KILL:when={number}"
        if commit(copy, 2, "-o", os.devnull, f"--trace={_CHANGING}", inject) == 0:
            break  # it made fewer calls
        assert verify(copy, deep=True).findings == ()
        assert commit(copy, 3) == 0
        assert check(copy, []) + check_rebuilt(copy) == []
    tried(f"{number - 1} system calls")
    assert number > 30


def commit(folder: ArchiveFolder, life: int, *strace: str) -> int:
    """Commit once in a process of its own, which strace watches where it is given options."""
    watched = ("strace", "-qq", *strace) if strace else ()
    return subprocess.run(
        [*watched, sys.executable, "-m", "tests.faults.lives", "commit", str(life), folder.path],
        check=False,
        capture_output=True,
    ).returncode


def test_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    require_nothing_wrong(told_by("power_cuts", "14", str(tmp_path)))


@pytest.mark.soak
def test_a_power_cut_at_every_call_loses_nothing_that_was_acknowledged(
    tmp_path: Path, tried: Tried
) -> None:
    told = told_by("power_cuts", "1", str(tmp_path))
    tried(f"{len(told)} disks: {stages_of(told)}")

    require_nothing_wrong(told)
    assert {each["stage"] for each in told} >= {"crawl", "seal", "send", "rebuild", "export"}
