"""Lives of an archive that end by SIGKILL: `python -m tests.faults.lives KILLS SEED FOLDER`.

A life is what a night does to an archive: look at pages, seal, send to the store, feed the index,
export, rebuild. Each runs in a child of its own, which is killed at a random instant of one of
its stages, or just before the n-th call there of the operating system's file functions or of
SQLite. What is left is then
checked in another child, and the next life goes on with it. One JSON object a kill is printed.
"""

import json
import os
import random
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from archive.catalogue.reader import CatalogueReader
from archive.disk import whole_file
from archive.errors import ArchiveError, NotAnArchive
from archive.exports.jsonl import change_lines
from archive.folder import ArchiveFolder, create_archive, locked
from archive.integrity import verify
from archive.rebuilding import rebuild
from archive.replay import recover
from archive.seals import seal_of, without_seal
from archive.search.index import SearchIndex
from archive.stores import find_store
from archive.upload import send_sealed
from crawler.schedule import LookAgain
from tests.archive.failing_disk import CHANGES
from tests.archive.histories import DAY_ONE, ROOT, Visitor, article, rows_of

Tell = Callable[..., None]
LIVES_OF_AN_ARCHIVE = 12  # so that reading it whole after each kill stays cheap
_PAGES = 8
_OFTEN = ("crawl", "rebuild")  # the longest stages
_WITH_PROCESSES = 11  # the life whose rebuild reads ahead in another process, which takes a second


def live(folder: ArchiveFolder, life: int, tell: Tell) -> None:
    """One night; `tell` hears each stage, and every look that was acknowledged."""
    with locked(folder, "a life"):
        crawl(folder, life, tell)
        tell(stage="seal")
        for path in without_seal(folder.segments_path):
            seal_of(path)
        tell(stage="send")
        _send(folder, life)
        if life % 3 == 2:
            tell(stage="rebuild")
            rebuild(folder, LookAgain(), processes=1 if life == _WITH_PROCESSES else None)
    tell(stage="index")
    with (
        CatalogueReader.open(folder.catalogue_path) as reader,
        SearchIndex.open(folder.search_path) as index,
    ):
        index.catch_up(reader)
    tell(stage="export")
    _export(folder)
    tell(stage="end")


def commit_once(folder: ArchiveFolder, life: int) -> None:
    """A start after whatever came before, and one commit."""
    visitor = _visitor(folder, life)
    try:
        recover(folder, visitor.catalogue)
        visitor.spool.resume()
        visitor.start_run()
        for number in range(4):
            visitor.see(article(4 * life + number))
        visitor.store.close(seal_from_bytes=0)
    finally:
        visitor.store.abandon()
        visitor.catalogue.db.close()


def looks_in(told: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The looks that were acknowledged, as address and moment."""
    return [(url, at) for each in told for url, at in each.get("looks", ())]


def stage_in(told: list[dict[str, Any]]) -> str:
    """The last stage that a life came to."""
    return next((each["stage"] for each in reversed(told) if "stage" in each), "start")


def _visitor(folder: ArchiveFolder, life: int) -> Visitor:
    is_aside = life % 4 > 1
    return Visitor(folder, DAY_ONE + timedelta(days=life), group=4, runs=life, aside=is_aside)


def crawl(folder: ArchiveFolder, life: int, tell: Tell) -> None:
    """The first part of a night: look at pages, and seal what that made in two nights of three."""
    tell(stage="start")
    visitor = _visitor(folder, life)
    try:
        recover(folder, visitor.catalogue)
        visitor.spool.resume()
        tell(stage="crawl")
        visitor.start_run()
        looks: list[tuple[str, str]] = []
        first = life * _PAGES
        for number in range(first, first + _PAGES):
            visitor.see(article(number))
            looks.append((article(number).url, visitor.now.isoformat()))
            if number % 3 == 0:
                earlier = article(number // 2, lead=f"Yenilənib: {number}")
                visitor.see(earlier)
                looks.append((earlier.url, visitor.now.isoformat()))
                visitor.see_photo(number)
                looks.append((f"{ROOT}/foto/{number}.jpg", visitor.now.isoformat()))
            if visitor.store.waiting == 0:
                tell(looks=looks)
                looks = []
        visitor.end_run()
        tell(looks=looks)
        visitor.store.close(seal_from_bytes=0 if life % 3 else None)
    finally:
        visitor.catalogue.db.close()


def _send(folder: ArchiveFolder, life: int) -> None:
    store = find_store(folder)
    assert store is not None
    visitor = _visitor(folder, life)
    try:
        keep = timedelta(0) if life % 2 else timedelta(days=9999)
        clock = lambda: DAY_ONE + timedelta(days=9999)  # noqa: E731
        sending = send_sealed(
            folder, store, visitor.catalogue, keep=keep, clock=clock, at_once=True
        )
        if sending.error is not None:
            raise ArchiveError(sending.error)
    finally:
        visitor.catalogue.db.close()


def _export(folder: ArchiveFolder) -> None:
    since = max(
        (int(path.stem.split("-")[1]) for path in folder.exports_path.glob("[0-9]*.jsonl")),
        default=0,
    )
    with CatalogueReader.open(folder.catalogue_path) as reader:
        last = reader.last_change_id()
        with whole_file(folder.exports_path / f"{since:09}-{last:09}.jsonl") as file:
            for _, line in change_lines(reader, since):
                file.write(line)


def check(folder: ArchiveFolder, acknowledged: list[tuple[str, str]]) -> list[str]:
    """What does not hold of an archive, in sentences; everything that was acknowledged is given."""
    wrong = [
        finding.sentence for finding in verify(folder, deep=True, schedule=LookAgain()).findings
    ]
    try:
        with CatalogueReader.open(folder.catalogue_path) as reader:
            held = Counter(reader.db.execute("SELECT url, captured_at FROM capture").fetchall())
            told = {change.id for change in reader.changes_after(0, 100_000)}
    except NotAnArchive:
        held, told = Counter(), set()
    looks = {(url, f"{at[:19]}.000000Z") for url, at in acknowledged}
    wrong += [f"lost: {look}" for look in looks - set(held)]
    wrong += [f"twice: {look}" for look, times in held.items() if times > 1]
    exported = [
        json.loads(line)["cursor"]
        for path in sorted(folder.exports_path.glob("*.jsonl"))
        for line in path.read_bytes().splitlines()
    ]
    wrong += [f"exported twice: {each}" for each, n in Counter(exported).items() if n > 1]
    wrong += [f"exported and lost: {each}" for each in set(exported) - told]
    return wrong


def check_rebuilt(folder: ArchiveFolder) -> list[str]:
    """Whether a rebuild comes to the very rows that were made while living."""
    before = rows_of(folder)
    with locked(folder, "a check"):
        rebuild(folder, LookAgain())
    after = rows_of(folder)
    return [
        f"table {name} is another after a rebuild"
        for name in before
        if name != "segment" and before[name] != after[name]
    ]


def in_child(
    work: Callable[[Tell], None], hear: Callable[[int, dict[str, Any]], None] | None = None
) -> Any:
    """Run work in a child; what it told, and whether it lived to its end.

    hear  is given the child's id, to kill it, and what it tells, as soon as it does
    """
    ours, theirs = os.pipe()
    if (pid := os.fork()) == 0:
        code = 1
        try:
            os.close(ours)
            with os.fdopen(theirs, "w", buffering=1, encoding="utf-8") as file:
                work(lambda **what: print(json.dumps(what), file=file, flush=True))
            code = 0
        finally:
            if code:
                import traceback

                traceback.print_exc()
            os._exit(code)
    os.close(theirs)
    try:
        told = []
        with os.fdopen(ours, encoding="utf-8") as file:
            for line in file:
                if line.endswith("\n"):
                    told.append(json.loads(line))
                    if hear is not None:
                        hear(pid, told[-1])
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "a child failed, not by a kill"
    return told, not os.WIFSIGNALED(status)


def counting(work: Callable[[Tell], None], tell: Tell, *, kill_at: int | None) -> None:
    """Do work in this process, which dies just before its n-th call, and tell the calls so far."""
    calls = 0

    def call(*_: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(real: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **options: Any) -> Any:
            call()
            return real(*arguments, **options)

        return called

    for name in (*CHANGES, "unlink", "replace"):
        setattr(os, name, before(getattr(os, name)))
    connect = sqlite3.connect

    def connected(*arguments: Any, **options: Any) -> sqlite3.Connection:
        made: sqlite3.Connection = connect(*arguments, **options)
        made.set_trace_callback(call)
        return made

    sqlite3.connect = connected  # type: ignore[assignment]
    work(lambda **what: tell(**what, calls=calls))
    tell(calls=calls)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """How long a stage took, and from which call to which it went."""

    name: str
    took_s: float = 0.1
    calls: tuple[int, int] = (1, 500)


def measured(work: Callable[[Tell], None]) -> tuple[list[dict[str, Any]], list[Stage]]:
    """Let a life end by itself, and see how long its stages are."""
    heard: list[tuple[float, dict[str, Any]]] = []
    told, _ = in_child(
        partial(counting, work, kill_at=None),
        lambda _, each: heard.append((time.monotonic(), each)),
    )
    staged = [(at, each) for at, each in heard if "stage" in each]
    return told, [
        Stage(
            name=begun["stage"],
            took_s=then - at,
            calls=(begun["calls"] + 1, max(begun["calls"] + 1, next_["calls"])),
        )
        for (at, begun), (then, next_) in pairwise(staged)
    ]


def kill_in(stage: Stage, life: int, work: Callable[[Tell], None], rng: random.Random) -> Any:
    """Let a life begin and kill it in a stage: at some instant of it, or before some call."""
    if life % 2 == 0:
        return in_child(partial(counting, work, kill_at=rng.randint(*stage.calls)))
    after_s = rng.uniform(0, stage.took_s)

    def hear(pid: int, told: dict[str, Any]) -> None:
        if told.get("stage") == stage.name:
            time.sleep(after_s)
            os.kill(pid, signal.SIGKILL)

    return in_child(work, hear)


def main(kills: int, seed: int, at: Path) -> None:
    """Kill as often as asked, taking turns between instants and calls."""
    rng, killed, archives = random.Random(seed), 0, 0  # noqa: S311
    stages = [Stage(name="start"), Stage(name="crawl")]
    while killed < kills:
        archives += 1
        home = at / str(archives)
        (home / "disk").mkdir(parents=True)
        settings = f'[store]\nkind = "folder"\npath = "{home / "disk"}"\n'
        folder = create_archive(home / "archive", settings)
        acknowledged: list[tuple[str, str]] = []
        for life in range(1, LIVES_OF_AN_ARCHIVE + 1):
            work = partial(live, folder, life)
            if life == 2:  # measured again on each archive, since machines have moods
                (told, stages), lived = measured(work), True
            else:
                which = [each for each in stages if life % 3 == 2 or each.name != "rebuild"]
                weights = [3 if each.name in _OFTEN else 1 for each in which]
                told, lived = kill_in(rng.choices(which, weights)[0], life, work, rng)
            acknowledged += looks_in(told)
            wrong = in_child(lambda tell: tell(wrong=check(folder, acknowledged)))[0][0]["wrong"]  # noqa: B023
            killed += not lived
            _print(
                life=life,
                lived=lived,
                stage=stage_in(told),
                wrong=wrong,
                acknowledged=len(acknowledged),
            )
            if killed == kills:
                break
        in_child(partial(live, folder, LIVES_OF_AN_ARCHIVE + 1))
        wrong = in_child(
            lambda tell: tell(wrong=check(folder, acknowledged) + check_rebuilt(folder))  # noqa: B023
        )[0][0]["wrong"]
        _print(life=0, lived=True, stage="end", wrong=wrong, acknowledged=len(acknowledged))


def _print(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__" and sys.argv[1] == "commit":
    commit_once(ArchiveFolder(path=Path(sys.argv[3])), int(sys.argv[2]))
elif __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
