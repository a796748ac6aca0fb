"""Sending while others write: the long part of it needs no lock of the archive.

Sealed segments never change, so they are sent while a crawl goes on; what was proved is noted, and
what is old leaves the spool, when the archive is free. One process sends at a time.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from archive.catalogue.connection import open_writer
from archive.catalogue.reader import CatalogueReader
from archive.catalogue.writer import CatalogueWriter, Schedule
from archive.copies import stores_in
from archive.errors import ArchiveLocked, NotAnArchive, SpoolFull
from archive.first_use import meet
from archive.folder import ArchiveFolder, locked, sending
from archive.moments import moment_of, stamp
from archive.objects import ObjectStore
from archive.seals import find_seal_sha256
from archive.segment import name_of_segment
from archive.spool import is_open, segment_files
from archive.upload import (
    ANOTHER_SENDS,
    Delay,
    Rounds,
    Sending,
    Upload,
    after_failure,
    read_delays,
    send_sealed,
    write_delays,
)

_FOR_EVER_DAYS = 36_500


def send_beside(
    folder: ArchiveFolder,
    store: ObjectStore,
    schedule: Schedule,
    *,
    keep: timedelta,
    clock: Callable[[], datetime],
    at_once: bool = False,
) -> Sending:
    """Send every sealed segment that waits; a crawl may go on, and then notes it at its own end.

    keep     how long a sent segment's copy stays in the spool, from its sealing
    at_once  do not wait for pauses

    Raises:
        SpoolFull, ArchiveError: the archive's folder cannot be written.
    """
    with sending(folder) as is_ours:
        if not is_ours:
            waiting = len(_waiting(folder))
            return Sending(sent=(), removed=(), waiting=waiting, error=ANOTHER_SENDS)
        rounds = send_ahead(folder, store, clock=clock, at_once=at_once)
        done = _noted(Upload(folder, rounds, clock), schedule, keep=keep, at_once=at_once)
        return replace(done, told=meet(folder, rounds.answering()))


def _noted(upload: Upload, schedule: Schedule, *, keep: timedelta, at_once: bool) -> Sending:
    """Note what was sent, where the archive is free."""
    folder, rounds = upload.folder, upload.rounds
    try:
        with locked(folder, "noting what the store has"):
            db = open_writer(folder.catalogue_path)
            try:
                return upload.finish(CatalogueWriter(db, schedule), keep=keep, at_once=at_once)
            finally:
                db.close()
    except ArchiveLocked:
        waiting_names = _waiting(folder)
        sent = tuple(name for name in waiting_names if rounds.are_just_done(name))
        waiting = len(waiting_names) - len(sent)
        return Sending(sent=sent, removed=(), waiting=waiting, error=rounds.error)


def send_ahead(
    folder: ArchiveFolder,
    store: ObjectStore,
    *,
    clock: Callable[[], datetime],
    at_once: bool = False,
) -> Rounds:
    """Send what has its seal without the archive's lock, so that crawls go on meanwhile.

    What each store has proved is kept in `uploads.json`; `send_sealed`, which is given the rounds,
    then notes it and sends nothing twice. Call it with the lock of `sending` held.

    Raises:
        SpoolFull, ArchiveError: `uploads.json` cannot be written.
    """
    rounds = Rounds(store)
    for name, path in _waiting(folder).items():
        if find_seal_sha256(path) is None:
            continue
        delays = read_delays(folder)
        delay = delays.get(name)
        if delay and not at_once and moment_of(delay.not_before) > clock():
            continue
        failure = rounds.send(path, delay)
        if failure is None:
            places = tuple(sorted(each.place for each in stores_in(store)))
            delays[name] = Delay(tries=0, not_before=stamp(clock()), error="", proved=places)
        elif failure.is_new or failure.proved:
            delays[name] = after_failure(delay, clock(), failure)
        write_delays(folder, delays)
        if not rounds.stores:
            break
    return rounds


def require_room(
    folder: ArchiveFolder,
    store: ObjectStore,
    catalogue: CatalogueWriter,
    *,
    limit_bytes: int,
    clock: Callable[[], datetime],
) -> None:
    """See that no more than so many bytes wait for a store; what waits is sent first, if it can be.

    Call it with the archive's lock held.

    Raises:
        SpoolFull: more waits still.
    """
    if waiting_bytes(folder) <= limit_bytes:
        return
    keep = timedelta(days=_FOR_EVER_DAYS)
    sending = send_sealed(folder, store, catalogue, keep=keep, clock=clock, at_once=True)
    if (waits := waiting_bytes(folder)) > limit_bytes:
        raise SpoolFull(
            f"{waits / 1e9:.1f} GB wait in {folder.segments_path} for the store, more than "
            f"store.wait_bytes allows: {sending.error or 'it takes them again'} "
            "Nothing was fetched. Bring the store back, or raise store.wait_bytes."
        )


def waiting_bytes(folder: ArchiveFolder) -> int:
    """The bytes of the sealed segments that some store does not have yet."""
    return sum(path.stat().st_size for path in _waiting(folder).values())


def _waiting(folder: ArchiveFolder) -> dict[str, Path]:
    """The sealed segments that some store does not have yet, by name, in the order of writing."""
    try:
        with CatalogueReader.open(folder.catalogue_path) as reader:
            stored = frozenset(reader.segments_in_state("stored"))
    except NotAnArchive:
        stored = frozenset()
    paths = {name_of_segment(path): path for path in segment_files(folder.segments_path)}
    return {name: path for name, path in paths.items() if not is_open(path) and name not in stored}
