"""What makes bytes stay on a disk: whole writes, synced files, synced folders.

A file is durable when its bytes have been fsynced *and* the folder that names it has been; a
rename is durable with the folder's fsync. Everything that must survive a power cut goes through
here.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from archive.errors import ArchiveError, SpoolFull

_FULL = {
    errno.ENOSPC: "no space is left on its disk",
    errno.EDQUOT: "the disk quota of this user is used up",
    errno.EFBIG: "the file would be larger than this process may write (see ulimit -f)",
}


def write_all(fd: int, data: bytes) -> None:
    """Write all bytes at the end of a file opened for appending; OSError may leave a part."""
    written = os.write(fd, data)
    while written < len(data):
        written += os.write(fd, data[written:])


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable: those created, renamed or removed before."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def write_error(path: Path, error: OSError, state: str) -> ArchiveError:
    """The error for a write that failed: SpoolFull where the disk is full.

    state  a sentence on what lies on the disk now
    """
    if error.errno in _FULL:
        return SpoolFull(
            f"{path} cannot grow: {_FULL[error.errno]} ({_free_space(path)}). {state} "
            "Make room, then run the command again."
        )
    return ArchiveError(
        f"{path} cannot be written: {error.strerror}. {state} "
        "Look at the disk, then run the command again."
    )


def _free_space(path: Path) -> str:
    try:
        usage = shutil.disk_usage(path.parent)
    except OSError:
        return "its free space is not known"
    return f"{usage.free // 1024:,} KiB free of {usage.total // 1024:,} KiB"


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file for writing that gets its name only once it is whole and durable.

    After an error there is no such file, and one that was there before is as it was.

    Raises:
        SpoolFull, ArchiveError: it could not be written.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise write_error(path, error, "It was not written.") from error
    finally:
        with suppress(OSError):  # of a disk that takes nothing, and what it says was told above
            part.unlink(missing_ok=True)
