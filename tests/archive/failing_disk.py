"""A disk that fails: the n-th call that changes it, or that one and all that follow."""

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from typing_extensions import override

Disk = TypeVar("Disk", bound="FailingDisk")
CHANGES = ("open", "write", "fsync", "ftruncate", "rename", "link", "fchmod")


@dataclass
class FailingDisk:
    """Lets calls through until the n-th (from 1), which fails with `error_number`.

    A failing write leaves half of its bytes behind, as a full disk does. `is_dead`: all calls
    after it fail too.
    """

    fail_at: int
    error_number: int = errno.ENOSPC
    is_dead: bool = False
    calls: list[str] = field(default_factory=list)

    @property
    def has_failed(self) -> bool:
        return len(self.calls) >= self.fail_at

    def failing(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            self.calls.append(name)
            count = len(self.calls)
            if count == self.fail_at or (self.is_dead and count > self.fail_at):
                if name == "write" and count == self.fail_at:
                    real(args[0], args[1][: len(args[1]) // 2])
                raise OSError(self.error_number, os.strerror(self.error_number))
            return real(*args, **options)

        return call


@contextmanager
def failing(disk: Disk) -> Iterator[Disk]:
    """The same operating system, with that disk."""
    with pytest.MonkeyPatch.context() as patch:
        for name in CHANGES:
            patch.setattr(os, name, disk.failing(name, getattr(os, name)))
        yield disk


def each_failure(**options: Any) -> Iterator[FailingDisk]:
    """Disks that fail at call 1, 2, 3 …, until one was not called often enough to fail."""
    return _each(partial(FailingDisk, **options))


def each_power_cut() -> Iterator["PowerCut"]:
    """Power cuts at call 1, 2, 3 …, until one was not reached."""
    return _each(PowerCut)


def _each(make: Callable[[int], Disk]) -> Iterator[Disk]:
    number = 0
    while True:
        number += 1
        disk = make(number)
        yield disk
        if not disk.has_failed:
            return


@dataclass
class PowerCut(FailingDisk):
    """The power goes at the n-th call: only what was fsynced, under names that were, is left.

    By default it goes after the last call. `names` are those of the folder that was synced last,
    `all_names` those of all folders.
    """

    fail_at: int = sys.maxsize
    is_dead: bool = True
    contents: dict[int, bytes] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    all_names: set[str] = field(default_factory=set)

    @override
    def failing(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        return super().failing(name, self._synced(real) if name == "fsync" else real)

    def found_afterwards(self, folder: Path) -> Path:
        """A folder with what the next start finds."""
        folder.mkdir()
        for name, content in self.durable_files().items():
            (folder / name).write_bytes(content)
        return folder

    def durable_files(self) -> dict[str, bytes]:
        """Name → bytes of what the next start finds."""
        return {name: self.contents.get(inode, b"") for name, inode in self.names.items()}

    def _synced(self, real: Callable[[int], None]) -> Callable[[int], None]:
        def fsync(fd: int) -> None:
            real(fd)
            state, here = os.fstat(fd), Path(f"/proc/self/fd/{fd}").readlink()
            if stat.S_ISDIR(state.st_mode):
                self.names = {each.name: each.inode() for each in os.scandir(here)}
                self.all_names |= set(self.names)
            else:
                self.contents[state.st_ino] = here.read_bytes()

        return fsync
