"""Torn tails: what a kill or a power cut left behind the last whole record of an open segment.

Torn bytes are never thrown away: they are set aside in a file beside the segment, and only when
that file is durable is the segment cut.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from archive.disk import sync_folder, write_all, write_error
from archive.errors import IntegrityError
from archive.members import Tear
from archive.segment import name_of_segment
from archive.segment_reading import walk_proved

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TornTail:
    """The bytes of a segment from `offset` on, which are no whole record.

    why    what is wrong with the first of them
    aside  the file that keeps them, once they have been cut off; else None
    """

    path: Path
    offset: int
    length: int
    why: str
    aside: Path | None = None


def find_torn_tail(path: Path, offset: int = 0) -> TornTail | None:
    """The torn tail of a segment file, or None where it ends with a whole record.

    offset  where to begin: the end of a record that is known to be whole

    Raises:
        IntegrityError: the file is shorter than `offset`.
    """
    size_bytes = path.stat().st_size
    if size_bytes < offset:
        raise IntegrityError(
            f"{path} has {size_bytes} bytes where {offset} were known. "
            "Take the segment from another copy, or run `salname rebuild`."
        )
    for step in walk_proved(path, offset):
        if isinstance(step, Tear):
            length = size_bytes - step.offset
            return TornTail(path=path, offset=step.offset, length=length, why=step.why)
    return None


def cut_torn_tail(path: Path, from_offset: int = 0) -> TornTail | None:
    """Cut an open segment after its last whole record, and make what is left durable.

    from_offset  the last committed offset: all before it is known to be whole and is not read

    The torn bytes lie in `<name>.torn-<offset>` beside the segment when this returns. A kill at
    any moment leaves the segment as it was or cut, and the torn bytes in one of the two files or
    in both. Calling it again does the rest.

    Raises:
        IntegrityError: the file is shorter than `from_offset`.
        SpoolFull, ArchiveError: the torn bytes could not be set aside; the segment is untouched.
    """
    tail = find_torn_tail(path, from_offset)
    aside = None if tail is None else _set_aside(tail)
    fd = -1
    try:
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        if tail is not None:
            os.ftruncate(fd, tail.offset)
        # Also without a tail: records that a killed writer left unsynced are about to be trusted.
        os.fsync(fd)
        sync_folder(path.parent)
    except OSError as error:
        raise write_error(path, error, "Its torn tail could not be cut off.") from error
    finally:
        if fd >= 0:
            os.close(fd)
    return None if tail is None else replace(tail, aside=aside)


def _set_aside(tail: TornTail) -> Path:
    """Copy the torn bytes into a file of their own, durably."""
    target = _name_aside(tail)
    if target.exists():
        return target
    part = target.with_name(f"{target.name}.part")
    fd = -1
    try:
        fd = os.open(
            part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC, 0o644
        )
        with tail.path.open("rb") as file:
            file.seek(tail.offset)
            while chunk := file.read(_CHUNK_BYTES):
                write_all(fd, chunk)
        os.fchmod(fd, 0o444)
        os.fsync(fd)
        part.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise write_error(part, error, f"The torn tail stays in {tail.path}.") from error
    finally:
        if fd >= 0:
            os.close(fd)
    return target


def _name_aside(tail: TornTail) -> Path:
    """`<name>.torn-<offset>`, with a number where an earlier crash at that byte has the name.

    A file that holds these very bytes was left by a kill just before the cut: it is the one.
    """
    stem = f"{name_of_segment(tail.path)}.torn-{tail.offset}"
    target, number = tail.path.with_name(stem), 1
    while target.exists() and not _holds(target, tail):
        number += 1
        target = tail.path.with_name(f"{stem}-{number}")
    return target


def _holds(aside: Path, tail: TornTail) -> bool:
    if aside.stat().st_size != tail.length:
        return False
    with aside.open("rb") as kept, tail.path.open("rb") as torn:
        torn.seek(tail.offset)
        while chunk := kept.read(_CHUNK_BYTES):
            if chunk != torn.read(len(chunk)):
                return False
    return True
