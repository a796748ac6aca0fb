"""Sending sealed segments to the archive's stores, and letting go of the spool's copy.

A segment is acknowledged in a store when its bytes have been read back from there, and stored when
each store has acknowledged it. Only then, and read back from each once more just before, may the
spool's copy go. What fails is tried again with a growing pause, which `uploads.json` keeps across
runs; a store that is away fails no crawl, and does not keep the others from their copies.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from archive.catalogue.writer import CatalogueWriter
from archive.copies import stores_in
from archive.disk import sync_folder, whole_file
from archive.errors import ArchiveError, SpoolFull, StoreError
from archive.folder import ArchiveFolder, sending
from archive.holdings import STORED_FOLDER
from archive.moments import moment_of, stamp
from archive.objects import ObjectStore
from archive.seals import Seal, seal_of, sha256_of_file
from archive.segment import name_of_segment
from archive.spool import is_open, segment_files

_FIRST_PAUSE = timedelta(minutes=10)
ANOTHER_SENDS = "Another process is sending them just now."
_LONGEST_PAUSE = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """Why a segment waits.

    tries       failures in a row
    not_before  when it is tried again, by the next run then
    proved      the stores that have it already, by their places
    """

    tries: int
    not_before: str
    error: str
    proved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What was sent, and what was not.

    sent     segments that all stores have now
    removed  segments whose copy left the spool
    waiting  sealed segments that some store does not have yet
    error    the sentence of the failure that ended the sending, or None
    told     what is to be known of stores that were used for the first time
    """

    sent: tuple[str, ...]
    removed: tuple[str, ...]
    waiting: int
    error: str | None
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a segment is not in all stores; `is_new` where it was tried and failed just now."""

    sentence: str
    is_new: bool
    proved: tuple[str, ...]


class Rounds:
    """Sends segment after segment to all stores that have not failed yet."""

    def __init__(self, store: ObjectStore) -> None:
        self._all = stores_in(store)
        self.stores = list(self._all)
        self.error: str | None = None
        self._sent_now: dict[str, set[str]] = {}

    def send(self, path: Path, delay: Delay | None) -> Failure | None:
        """Send one; None where every store has it."""
        proved = set(delay.proved) if delay else set()
        failed: str | None = None
        try:
            for store in [each for each in self.stores if each.place not in proved]:
                try:
                    _put(store, seal_of(path))
                    proved.add(store.place)
                    self._sent_now.setdefault(name_of_segment(path), set()).add(store.place)
                except StoreError as failure:
                    failed = failed or _sentence(path, failure)
                    self.stores.remove(store)
        except SpoolFull:
            raise
        except (ArchiveError, OSError) as failure:
            failed = _sentence(path, failure)  # it is the segment that is damaged, no store away
        self.error = failed or self.error
        if failed is None and all(each.place in proved for each in self._all):
            return None
        return Failure(failed or self.error or "", failed is not None, tuple(sorted(proved)))

    def answering(self) -> list[ObjectStore]:
        """The stores that took a segment from this very process."""
        places = set[str]().union(*self._sent_now.values())
        return [each for each in self._all if each.place in places]

    def are_just_done(self, name: str) -> bool:
        """Whether every store has given this segment back to this very process."""
        return self._sent_now.get(name) == {each.place for each in self._all}

    def prove_again(self, path: Path) -> None:
        """Read a segment back from every store; one that lacks it is sent it."""
        for each in self._all:
            _put(each, seal_of(path))


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

    A store's first failure ends the sending to it, so that one that is away costs one attempt; a
    segment that was refused is passed over until its pause is over, so that it does not stand in
    the others' way.

    keep     how long a sent segment's copy stays in the spool, from its sealing
    at_once  do not wait for pauses
    """
    with sending(folder) as is_ours:
        if is_ours:
            upload = Upload(folder, Rounds(store), clock)
            return upload.finish(catalogue, keep=keep, at_once=at_once)
    waiting = len(_waiting(folder, catalogue))
    return Sending(sent=(), removed=(), waiting=waiting, error=ANOTHER_SENDS)


@dataclass(frozen=True, slots=True)
class Upload:
    """The end of a sending: what is proved is noted, and what is old enough leaves the spool."""

    folder: ArchiveFolder
    rounds: Rounds
    clock: Callable[[], datetime]

    def finish(
        self, catalogue: CatalogueWriter, *, keep: timedelta, at_once: bool = False
    ) -> Sending:
        """Send the rest; call it with the archive's lock and that of `sending` held."""
        folder, rounds, clock = self.folder, self.rounds, self.clock
        delays = read_delays(folder)
        sent: list[str] = []
        waiting = _waiting(folder, catalogue)
        for path in waiting:
            name = name_of_segment(path)
            delay = delays.get(name)
            if delay and not at_once and moment_of(delay.not_before) > clock():
                continue
            if (failure := rounds.send(path, delay)) is None:
                catalogue.note_stored(name)
                delays.pop(name, None)
                sent.append(name)
            elif failure.is_new or failure.proved:
                delays[name] = after_failure(delay, clock(), failure)
        write_delays(folder, delays)
        removed: tuple[str, ...] = ()
        error = rounds.error
        if error is None:
            try:
                removed = _let_go(folder, rounds, catalogue, clock() - keep)
            except (ArchiveError, OSError) as failure:
                error = _sentence(folder.segments_path, failure)
        return Sending(
            sent=tuple(sent), removed=removed, waiting=len(waiting) - len(sent), error=error
        )


def read_delays(folder: ArchiveFolder) -> dict[str, Delay]:
    """Why segments wait, by segment."""
    try:
        shapes = json.loads(_delays_path(folder).read_text(encoding="utf-8"))
        delays = {
            name: Delay(**{**shape, "proved": tuple(shape.get("proved", ()))})
            for name, shape in shapes.items()
        }
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
    folder: ArchiveFolder, rounds: Rounds, catalogue: CatalogueWriter, before: datetime
) -> tuple[str, ...]:
    """Remove from the spool what all stores are seen to hold and what was sealed before a moment."""
    removed = []
    for path in segment_files(folder.segments_path):
        name = name_of_segment(path)
        if is_open(path) or catalogue.segment_state(name) != "stored":
            continue
        if path.stat().st_mtime > before.timestamp():
            continue
        if not rounds.are_just_done(name):
            rounds.prove_again(path)
        path.unlink()
        removed.append(name)
    if removed:
        sync_folder(folder.segments_path)
    return tuple(removed)


def _sentence(path: Path, failure: ArchiveError | OSError) -> str:
    if isinstance(failure, ArchiveError):
        return str(failure)
    return f"{path} cannot be read or changed: {failure.strerror}. Look at its disk."


def after_failure(delay: Delay | None, now: datetime, failure: Failure) -> Delay:
    """Why a segment waits after one more failure."""
    tries = delay.tries if delay else 0
    if not failure.is_new:  # a store failed before its turn came: it is asked again by the next run
        return Delay(
            tries=tries, not_before=stamp(now), error=failure.sentence, proved=failure.proved
        )
    pause = min(_FIRST_PAUSE * 2 ** min(tries, 16), _LONGEST_PAUSE)
    not_before = stamp(now + pause)
    return Delay(
        tries=tries + 1, not_before=not_before, error=failure.sentence, proved=failure.proved
    )


def write_delays(folder: ArchiveFolder, delays: dict[str, Delay]) -> None:
    """Keep for the next run why segments wait."""
    path = _delays_path(folder)
    if delays == read_delays(folder):
        return
    with whole_file(path) as file:
        shapes = {name: asdict(delay) for name, delay in sorted(delays.items())}
        file.write(json.dumps(shapes, indent=1, ensure_ascii=False).encode())


def _delays_path(folder: ArchiveFolder) -> Path:
    return folder.path / "uploads.json"
