"""A disk that fails: the n-th call that changes it, or that one and all that follow."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

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
def failing(disk: FailingDisk) -> Iterator[FailingDisk]:
    """The same operating system, with that disk."""
    with pytest.MonkeyPatch.context() as patch:
        for name in CHANGES:
            patch.setattr(os, name, disk.failing(name, getattr(os, name)))
        yield disk


def each_failure(**options: Any) -> Iterator[FailingDisk]:
    """Disks that fail at call 1, 2, 3 …, until one was not called often enough to fail."""
    number = 0
    while True:
        number += 1
        disk = FailingDisk(number, **options)
        yield disk
        if not disk.has_failed:
            return
