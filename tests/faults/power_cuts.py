"""Power cuts in the life of an archive: `python -m tests.faults.power_cuts STRIDE FOLDER`.

The power goes just before each (or each n-th) call of the operating system's file functions. The
next life starts on what a disk then has: of every file the bytes that had been fsynced, under the
names of the last fsync of its folder; or, since a disk may also keep more than it must, under the
names of that very moment. What SQLite and tantivy wrote is taken as it is: they sync it by
themselves (SQLite with `synchronous = FULL`), through calls of their own; but for the names that
we give SQLite's files. One JSON object a cut is printed.
"""

import json
import os
import shutil
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from archive.folder import ArchiveFolder, create_archive
from tests.archive.failing_disk import CHANGES
from tests.faults.lives import Tell, check, check_rebuilt, in_child, live, looks_in, stage_in

_CALLS = (*CHANGES, "unlink", "replace")
_LIVES_BEFORE = 4  # so that there are segments in both places, and that the next one rebuilds


@dataclass
class Platter:
    """What of the files below `home` would outlive a power cut.

    names     of each folder as it was synced last: name → inode
    contents  of each file as it was synced last, by inode
    """

    home: Path
    names: dict[Path, dict[str, int]] = field(default_factory=dict)
    contents: dict[int, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """What is there before is old, and durable."""
        for folder in (self.home, *(each for each in self.home.rglob("*") if each.is_dir())):
            self.names[folder] = _names_in(folder)
        for path in self.home.rglob("*"):
            if path.is_file():
                self.contents[path.stat().st_ino] = path.read_bytes()

    def synced(self, fd: int) -> None:
        """A file or a folder has been fsynced."""
        state, here = os.fstat(fd), Path(f"/proc/self/fd/{fd}").readlink()
        if stat.S_ISDIR(state.st_mode):
            self.names[here] = _names_in(here)
        elif here.exists():
            self.contents[state.st_ino] = here.read_bytes()

    def leave(self, target: Path, *, is_eager: bool) -> None:
        """Write what the next start finds; `is_eager`: with the names of this moment."""
        for folder in sorted(self.names):
            if not folder.is_dir():
                continue
            (target / folder.relative_to(self.home)).mkdir(parents=True, exist_ok=True)
            now = _names_in(folder)
            of_sqlite = {name: inode for name, inode in now.items() if _is_sqlites(name)}
            if folder.name == "search":
                shutil.copytree(folder, target / folder.relative_to(self.home), dirs_exist_ok=True)
                continue
            names = now if is_eager else {**of_sqlite, **self.names[folder]}
            for name, inode in names.items():
                if (folder / name).is_dir() or name.endswith("-shm"):
                    continue
                content = self.contents.get(inode, b"")
                if _is_sqlites(name) and now.get(name) == inode:
                    content = (folder / name).read_bytes()
                (target / folder.relative_to(self.home) / name).write_bytes(content)

    def losing(self, path: Path) -> None:
        """A name is about to be taken from a file, which may come back with it."""
        if _is_sqlites(path.name) and path.exists():
            self.contents[path.stat().st_ino] = path.read_bytes()


def _is_sqlites(name: str) -> bool:
    return name.startswith("catalogue.sqlite")


def _names_in(folder: Path) -> dict[str, int]:
    return {each.name: each.inode() for each in os.scandir(folder)}


def cut(work: Callable[[Tell], None], home: Path, target: Path, at: int | None, tell: Tell) -> None:
    """Do work in this process until its power goes at a call; without `at`, count the calls."""
    disk, calls = Platter(home), 0

    def before(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **options: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == at:
                for each, function in real_ones.items():
                    setattr(os, each, function)
                disk.leave(target / "strict", is_eager=False)
                disk.leave(target / "eager", is_eager=True)
                os._exit(0)
            if name in ("unlink", "replace"):
                disk.losing(Path(arguments[0]))
                disk.losing(Path(arguments[-1]))
            answer = real(*arguments, **options)
            if name == "fsync":
                disk.synced(arguments[0])
            return answer

        return called

    real_ones = {name: getattr(os, name) for name in _CALLS}
    for name, function in real_ones.items():
        setattr(os, name, before(name, function))
    work(tell)
    tell(calls=calls)


def main(stride: int, at: Path) -> None:
    """Cut the power at each `stride`-th call of one life."""
    home = at / "home"
    (home / "disk").mkdir(parents=True)
    folder = create_archive(home / "archive", '[store]\nkind = "folder"\npath = "../disk"\n')
    looks: list[tuple[str, str]] = []
    for life in range(1, _LIVES_BEFORE + 1):
        told, _ = in_child(partial(live, folder, life))
        looks += looks_in(told)
    total = None
    number = 1
    while total is None or number <= total:
        here, target = at / f"run-{number}", at / f"left-{number}"
        shutil.copytree(home, here)
        working = partial(live, ArchiveFolder(path=here / "archive"), _LIVES_BEFORE + 1)
        if total is None:
            told, _ = in_child(lambda tell: cut(working, here, target, None, tell))  # noqa: B023
            total = told[-1]["calls"]
            shutil.rmtree(here)
            continue
        told, _ = in_child(lambda tell: cut(working, here, target, number, tell))  # noqa: B023
        acknowledged = looks + looks_in(told)
        for name in ("strict", "eager"):
            wrong = in_child(
                lambda tell: tell(wrong=_judge(target / name / "archive", acknowledged))  # noqa: B023
            )[0][0]["wrong"]
            _print(call=number, disk=name, stage=stage_in(told), wrong=wrong)
        shutil.rmtree(here)
        shutil.rmtree(target)
        number += stride


def _judge(path: Path, acknowledged: list[tuple[str, str]]) -> list[str]:
    """What is wrong after the cut, and after the life that follows it."""
    folder = ArchiveFolder(path=path)
    wrong = check(folder, acknowledged)
    told, _ = in_child(partial(live, folder, _LIVES_BEFORE + 2))
    return wrong + check(folder, acknowledged + looks_in(told)) + check_rebuilt(folder)


def _print(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
