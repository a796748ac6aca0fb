"""Reads segments in processes of their own, ahead of the one that writes the catalogue.

Unpacking, proving and parsing records takes a fifth to a third of a rebuild. Each process takes
every n-th segment and sends its entries in groups; the writer takes the segments in their order.
A process ends by itself when nobody reads from it any more, however the writer ended.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from queue import Queue
from threading import Thread

from archive.catalogue.writer import Logged
from archive.errors import ArchiveError, IntegrityError
from archive.folder import ArchiveFolder
from archive.holdings import Holdings
from archive.replay import walk_held_log

_GROUP = 100  # entries sent at once
_AHEAD = 20  # groups that wait to be sent
_Group = list[tuple[Logged, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is read of a segment: all from `offset` on."""

    segment: str
    offset: int = 0


Reader = Callable[[Part], Iterator[tuple[Logged, int]]]  # entries, each with the byte behind it


@contextmanager
def reading_ahead(folder: ArchiveFolder, parts: Sequence[Part], processes: int) -> Iterator[Reader]:
    """A reader of parts; with fewer than one process they are read in this one."""
    processes = min(processes, len(parts))
    if processes < 1:
        yield lambda part: _read(folder, part)
        return
    context, readers = get_context("spawn"), list[Connection]()
    workers = []
    for number in range(processes):
        ours, theirs = context.Pipe(duplex=False)
        share = tuple(parts[number::processes])
        worker = context.Process(target=_work, args=(theirs, folder, share), daemon=True)
        worker.start()
        theirs.close()
        readers.append(ours)
        workers.append(worker)
    order = {part: number % processes for number, part in enumerate(parts)}
    try:
        yield lambda part: _received(readers[order[part]], part)
    finally:
        for reader in readers:
            reader.close()
        for worker in workers:
            worker.terminate()
            worker.join()


def _read(folder: ArchiveFolder, part: Part) -> Iterator[tuple[Logged, int]]:
    segment = Holdings(folder).find(part.segment)
    if segment is None:
        raise IntegrityError(f"Segment {part.segment} is not there. Take it from another copy.")
    yield from walk_held_log(segment, part.offset)


def _received(reader: Connection, part: Part) -> Iterator[tuple[Logged, int]]:
    while True:
        try:
            sent: _Group | ArchiveError | None = reader.recv()
        except EOFError as error:
            raise ArchiveError(
                f"The process that read segment {part.segment} was killed (is memory short?). "
                "Run the command again; it goes on where it was."
            ) from error
        if sent is None:
            return
        if isinstance(sent, ArchiveError):
            raise sent
        yield from sent


def _work(writer: Connection, folder: ArchiveFolder, parts: tuple[Part, ...]) -> None:
    """Read parts and send them, the next groups being read while one waits to be taken."""
    waiting: Queue[_Group | ArchiveError | None] = Queue(_AHEAD)
    sender = Thread(target=_send, args=(writer, waiting, len(parts)))
    sender.start()
    try:
        for part in parts:
            group: _Group = []
            for each in _read(folder, part):
                group.append(each)
                if len(group) == _GROUP:
                    waiting.put(group)
                    group = []
            waiting.put(group)
            waiting.put(None)
    except ArchiveError as error:
        waiting.put(error)
    sender.join()


def _send(writer: Connection, waiting: "Queue[_Group | ArchiveError | None]", parts: int) -> None:
    try:
        while parts:
            sent = waiting.get()
            writer.send(sent)
            if isinstance(sent, ArchiveError):
                return
            parts -= sent is None
    except OSError:
        os._exit(1)  # nobody reads any more, and the other thread may wait for room
