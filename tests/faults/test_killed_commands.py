"""A command that is killed at any instant has done nothing, or all; the next one goes on."""

import json
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from archive.folder import ArchiveFolder, create_archive
from archive.integrity import verify
from tests.archive.histories import Visitor, article, rows_of
from tests.crawler.crawling import ask
from tests.faults.conftest import Tried
from tests.seed import SEED

_KILLS = 100
_ARTICLES = 150
_COMMANDS = (("rebuild",), ("export", "jsonl"), ("objects", "send"), ("export", "wacz"))


def made(home: Path) -> ArchiveFolder:
    """An archive of some segments, of which a store has none yet."""
    (home / "disk").mkdir(parents=True)
    settings = '[store]\nkind = "folder"\npath = "../disk"\nkeep_days = 0\n'
    folder = create_archive(home / "archive", settings)
    visitor = Visitor(folder)
    visitor.start_run()
    for number in range(_ARTICLES):
        visitor.see(article(number))
        visitor.see_photo(number)
    visitor.end_run()
    visitor.store.close(seal_from_bytes=0)
    visitor.catalogue.db.close()
    return folder


def numbers_in(path: Path) -> list[int]:
    return [json.loads(line)["cursor"] for line in path.read_bytes().splitlines()]


@pytest.mark.soak
def test_a_killed_rebuild_export_or_sending_has_done_nothing_or_all(
    tmp_path: Path, tried: Tried
) -> None:
    rng, folder = random.Random(SEED), made(tmp_path / "home")  # noqa: S311
    rows, killed, took_s = rows_of(folder), Counter[str](), {}
    shutil.copytree(tmp_path / "home", tmp_path / "unkilled")
    for command in _COMMANDS:
        began = time.monotonic()
        begin(command, ArchiveFolder(path=tmp_path / "unkilled/archive")).wait()
        took_s[command] = time.monotonic() - began
    for number in range(_KILLS):
        command = _COMMANDS[number % len(_COMMANDS)]
        process = begin(command, folder)
        time.sleep(rng.uniform(0, took_s[command]))
        process.kill()
        killed[command[0]] += process.wait() < 0
        tried.so_far(f"{number + 1} of {_KILLS}")
        assert verify(folder).findings == (), number
        assert all(numbers_in(path) for path in folder.exports_path.glob("*.jsonl")), number
    tried(", ".join(f"{times} × {name}" for name, times in killed.items()))

    done = [ask(*command, "--archive", str(folder.path)) for command in _COMMANDS]
    assert [each.code for each in done] == [0] * len(_COMMANDS), done
    after = rows_of(folder)
    assert [name for name in rows if name != "segment" and rows[name] != after[name]] == []
    (exported,) = folder.exports_path.glob("*.jsonl")
    assert numbers_in(exported) == sorted(row[0] for row in after["change"])  # type: ignore[type-var]
    assert verify(folder, deep=True).findings == ()
    assert list(folder.segments_path.glob("*.warc.gz")) == []


def begin(command: tuple[str, ...], folder: ArchiveFolder) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-m", "crawler.cli", *command, "--archive", str(folder.path)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(arguments, stdout=quiet, stderr=quiet)
