"""What lies beside a sealed segment: its CDXJ index, and the digests of both.

    name.cdxj     the index
    name.sha256   digests of the segment and the index; `sha256sum -c` reads it

The `.sha256` file is written last, so that where it is, the segment has been proved record by
record and its index is whole. Both are made at the end of a run, off the crawl's way.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.cdxj import cdxj_of
from archive.disk import whole_file
from archive.errors import IntegrityError, TornSegment
from archive.members import Tear
from archive.segment import SEALED_ENDING, name_of_segment
from archive.segment_reading import prove, walk_proved
from archive.warc import Location, Record

INDEX_ENDING = ".cdxj"
DIGESTS_ENDING = ".sha256"
_LINE = re.compile(r"([0-9a-f]{64})  (\S+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A sealed segment with the digest of its file and the files beside it."""

    path: Path
    sha256: str
    index_path: Path
    digests_path: Path


def seal_of(path: Path) -> Seal:
    """The seal of a sealed segment, made where it is missing.

    Raises:
        IntegrityError: a record of it is damaged; nothing is written beside it.
        SpoolFull, ArchiveError: the files beside it could not be written.
    """
    name = name_of_segment(path)
    index_path, digests_path = (
        path.with_name(f"{name}{ending}") for ending in (INDEX_ENDING, DIGESTS_ENDING)
    )
    if not digests_path.exists():
        _make(path, index_path, digests_path)
    digests = read_digests(digests_path.read_text(encoding="utf-8", errors="replace"))
    if (sha256 := digests.get(path.name)) is None:
        raise IntegrityError(
            f"{digests_path} does not say the digest of {path.name}. "
            "Remove it; the next run makes it anew."
        )
    return Seal(path=path, sha256=sha256, index_path=index_path, digests_path=digests_path)


def without_seal(folder: Path) -> tuple[Path, ...]:
    """The sealed segments of a spool that nothing lies beside yet, in the order of writing."""
    return tuple(
        path for path in sorted(folder.glob(f"*{SEALED_ENDING}")) if find_seal_sha256(path) is None
    )


def find_seal_sha256(path: Path) -> str | None:
    """The digest that a sealed segment was sealed with, or None where none is written yet."""
    digests_path = path.with_name(f"{name_of_segment(path)}{DIGESTS_ENDING}")
    try:
        return read_digests(digests_path.read_text(encoding="utf-8", errors="replace")).get(
            f"{name_of_segment(path)}{SEALED_ENDING}"
        )
    except FileNotFoundError:
        return None


def read_digests(text: str) -> dict[str, str]:
    """SHA-256 by file name, from the text of a `.sha256` file."""
    found = (_LINE.fullmatch(line) for line in text.splitlines())
    return {line[2]: line[1] for line in found if line is not None}


def sha256_of_file(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make(path: Path, index_path: Path, digests_path: Path) -> None:
    sha256 = sha256_of_file(path)  # before the proof: what changes in between does not pass it
    index = cdxj_of(_proved(path), path.name)
    with whole_file(index_path) as file:
        file.write(index)
    index_sha256 = hashlib.sha256(index).hexdigest()
    lines = f"{sha256}  {path.name}\n{index_sha256}  {index_path.name}\n"
    with whole_file(digests_path) as file:
        file.write(lines.encode())


def _proved(path: Path) -> Iterator[tuple[Location, Record]]:
    name = name_of_segment(path)
    for step in walk_proved(path, 0):
        if isinstance(step, Tear):
            raise TornSegment(
                f"{path} holds no whole record at byte {step.offset}: {step.why}. "
                "It is not stored; take it from another copy, or look at it with `salname verify`."
            )
        member, record = step
        prove(member)
        yield Location(segment=name, offset=member.offset, length=member.length), record
