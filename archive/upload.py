"""Sending sealed segments to the archive's store, and letting go of the spool's copy.

A segment is acknowledged in the store when its bytes have been read back from there. Only then,
and read back once more just before, may the spool's copy go. What fails is tried again with a
growing pause, which `uploads.json` keeps across runs; a store that is away fails no crawl.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from archive.catalogue.writer import CatalogueWriter
from archive.disk import sync_folder, whole_file
from archive.errors import ArchiveError, SpoolFull, StoreError
from archive.folder import ArchiveFolder
from archive.holdings import STORED_FOLDER
from archive.moments import moment_of, stamp
from archive.objects import ObjectStore
from archive.seals import Seal, seal_of, sha256_of_file
from archive.segment import name_of_segment
from archive.spool import is_open, segment_files

_FIRST_PAUSE = timedelta(minutes=10)
_LONGEST_PAUSE = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """Why a segment waits.

    tries       failures in a row
    not_before  when it is tried again, by the next run then
    """

    tries: int
    not_before: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What was sent, and what was not.

    sent     segments that the store has now
    removed  segments whose copy left the spool
    waiting  sealed segments that the store does not have yet
    error    the sentence of the failure that ended the sending, or None
    """

    sent: tuple[str, ...]
    removed: tuple[str, ...]
    waiting: int
    error: str | None


def send_sealed(
    folder: ArchiveFolder,
    store: ObjectStore,
    catalogue: CatalogueWriter,
    *,
    keep: timedelta,
    clock: Callable[[], datetime],
    at_once: bool = False,
) -> Sending:
    """Send every sealed segment that waits; call it with the archive's lock held.

    The first failure ends it, so that a store that is away costs one attempt; a segment that was
    refused is passed over until its pause is over, so that it does not stand in the others' way.

    keep     how long a sent segment's copy stays in the spool, from its sealing
    at_once  do not wait for pauses
    """
    delays = read_delays(folder)
    sent: list[str] = []
    error: str | None = None
    waiting = _waiting(folder, catalogue)
    for path in waiting:
        name = name_of_segment(path)
        delay = delays.get(name)
        if delay and not at_once and moment_of(delay.not_before) > clock():
            continue
        try:
            _put(store, seal_of(path))
        except SpoolFull:
            raise
        except (ArchiveError, OSError) as failure:
            error = _sentence(path, failure)
            delays[name] = _after_failure(delay, clock(), error)
            if not isinstance(failure, StoreError):
                continue  # it is the segment that is damaged, not the store that is away
            break
        catalogue.note_stored(name)
        delays.pop(name, None)
        sent.append(name)
    _write_delays(folder, delays)
    removed: tuple[str, ...] = ()
    if error is None:
        try:
            removed = _let_go(folder, store, catalogue, clock() - keep, frozenset(sent))
        except (ArchiveError, OSError) as failure:
            error = _sentence(folder.segments_path, failure)
    return Sending(sent=tuple(sent), removed=removed, waiting=len(waiting) - len(sent), error=error)


def read_delays(folder: ArchiveFolder) -> dict[str, Delay]:
    """Why segments wait, by segment."""
    try:
        shapes = json.loads(_delays_path(folder).read_text(encoding="utf-8"))
        delays = {name: Delay(**shape) for name, shape in shapes.items()}
        for delay in delays.values():
            _ = moment_of(delay.not_before), delay.tries + 0
        return delays
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return {}  # then there is no pause: nothing is lost with the file


def _waiting(folder: ArchiveFolder, catalogue: CatalogueWriter) -> list[Path]:
    return [
        path
        for path in segment_files(folder.segments_path)
        if not is_open(path) and catalogue.segment_state(name_of_segment(path)) != "stored"
    ]


def _put(store: ObjectStore, seal: Seal) -> None:
    """Index and digests first: where the segment is in the store, they are beside it."""
    for path in (seal.index_path, seal.digests_path):
        name = f"{STORED_FOLDER}{path.name}"
        if (
            store.find_size(name) is None
        ):  # a later release may write another index: the first stays
            store.put(name, path, sha256_of_file(path))
    store.put(f"{STORED_FOLDER}{seal.path.name}", seal.path, seal.sha256)


def _let_go(
    folder: ArchiveFolder,
    store: ObjectStore,
    catalogue: CatalogueWriter,
    before: datetime,
    just_sent: frozenset[str],
) -> tuple[str, ...]:
    """Remove from the spool what the store is seen to hold and what was sealed before a moment."""
    removed = []
    for path in segment_files(folder.segments_path):
        name = name_of_segment(path)
        if is_open(path) or catalogue.segment_state(name) != "stored":
            continue
        if path.stat().st_mtime > before.timestamp():
            continue
        if name not in just_sent:
            _put(store, seal_of(path))  # it is there, so that this reads it back
        path.unlink()
        removed.append(name)
    if removed:
        sync_folder(folder.segments_path)
    return tuple(removed)


def _sentence(path: Path, failure: ArchiveError | OSError) -> str:
    if isinstance(failure, ArchiveError):
        return str(failure)
    return f"{path} cannot be read or changed: {failure.strerror}. Look at its disk."


def _after_failure(delay: Delay | None, now: datetime, error: str) -> Delay:
    tries = delay.tries if delay else 0
    pause = min(_FIRST_PAUSE * 2 ** min(tries, 16), _LONGEST_PAUSE)
    return Delay(tries=tries + 1, not_before=stamp(now + pause), error=error)


def _write_delays(folder: ArchiveFolder, delays: dict[str, Delay]) -> None:
    path = _delays_path(folder)
    if delays == read_delays(folder):
        return
    with whole_file(path) as file:
        shapes = {name: asdict(delay) for name, delay in sorted(delays.items())}
        file.write(json.dumps(shapes, indent=1, ensure_ascii=False).encode())


def _delays_path(folder: ArchiveFolder) -> Path:
    return folder.path / "uploads.json"
