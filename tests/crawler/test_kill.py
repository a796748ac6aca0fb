"""A crawl that is killed at any moment loses nothing it had acknowledged, and goes on where it was.

`SALNAME_SEED` draws other moments.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from archive.errors import NotAnArchive, TornSegment
from archive.ledger import AddressKind, LedgerState
from archive.reading import Reading
from archive.replay import walk_log
from archive.search.index import SearchIndex
from archive.spool import segment_files
from tests.crawler.crawling import Archive, new_archive
from tests.seed import SEED
from tests.web.server import MadeUpWeb

KILLS = 100 if "SALNAME_SEED" in os.environ else 20
LINES = 2  # of kills, side by side
NOW = datetime.now(UTC)  # the same for every web, so that their articles are the same
LOOK_AGAIN_S = [3600]  # so that nothing is due again while the test lasts
SMALL_GROUPS: dict[str, Any] = {"group_captures": 4, "group_s": 0.05, "max_bytes": 250_000}
CRAWLED = ("agentlik.example", "olke.example")
IMPORTS_S = 0.5  # before that no line of a crawl has run
_LOOK_S = 0.002
_LONGEST_S = 60.0


class Phase(Enum):
    """Where in a crawl it is killed."""

    START = "so long after its process began"
    CRAWL = "so long after so many requests"
    INDEX = "so long after the search index was begun"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One moment of a crawl."""

    phase: Phase
    requests: int
    delay_s: float


@dataclass(slots=True, kw_only=True)
class Round:
    """One archive whose crawl is killed again and again until it has had its way.

    recorded  pages and photos whose reading lay whole in a segment after some kill
    repeated  those of them that a later crawl asked for again
    damages   what verifications found
    lost      records that the catalogue named before a kill and not after it
    """

    archive: Archive
    kills: int = 0
    recorded: set[str] = field(default_factory=set)
    repeated: set[str] = field(default_factory=set)
    damages: list[str] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)


def draw(rng: random.Random, kills: int) -> Moment:
    """The moment of the next kill; the phases take turns, so that each is met."""
    phase = (Phase.CRAWL, Phase.START, Phase.CRAWL, Phase.CRAWL, Phase.INDEX)[kills % 5]
    first, last = {
        Phase.START: (IMPORTS_S, IMPORTS_S + 0.8),
        Phase.CRAWL: (0.0, 0.03),
        Phase.INDEX: (0.0, 0.1),
    }[phase]
    return Moment(phase=phase, requests=rng.randint(1, 25), delay_s=rng.uniform(first, last))


def is_reached(moment: Moment, archive: Archive, web: MadeUpWeb, indexed_at: float) -> bool:
    if moment.phase is Phase.START:
        return True
    if moment.phase is Phase.CRAWL:
        return len(web.log) >= moment.requests
    return _modified_at(archive.folder.search_path) != indexed_at


def _modified_at(folder: Path) -> float:
    return folder.stat().st_mtime if folder.exists() else 0.0


def acknowledged(archive: Archive) -> set[str]:
    """The records that the catalogue names."""
    try:
        return {row[0] for row in archive.rows("SELECT record_id FROM capture")}
    except NotAnArchive:  # killed before its tables were made
        return set()


def readings_of(archive: Archive) -> Iterator[Reading]:
    """Every reading that lies whole in the segments."""
    for path in segment_files(archive.folder.segments_path):
        try:
            for logged, _ in walk_log(path):
                if isinstance(logged.entry, Reading):
                    yield logged.entry
        except TornSegment:
            assert path.name.endswith(".open")


def recorded_in(archive: Archive) -> set[str]:
    """The pages and photos that no further crawl need ask for."""
    return {
        reading.url
        for reading in readings_of(archive)
        if reading.expected in (AddressKind.PAGE, AddressKind.PHOTO)
        and reading.state is LedgerState.FETCHED
    }


def crawl_and_kill(moment: Moment, this: Round, web: MadeUpWeb) -> bool:
    """Begin a crawl and kill it at a moment; whether it lived until then."""
    web.clear_log()
    indexed_at = _modified_at(this.archive.folder.search_path)
    process = this.archive.begin_crawl(*CRAWLED)
    until = time.monotonic() + _LONGEST_S
    while process.poll() is None and not is_reached(moment, this.archive, web, indexed_at):
        assert time.monotonic() < until, f"seed {SEED}: {moment} never came"
        time.sleep(_LOOK_S)
    time.sleep(moment.delay_s)
    before = acknowledged(this.archive)
    process.kill()
    _, said = process.communicate()
    was_killed = process.returncode == -signal.SIGKILL
    assert was_killed or process.returncode == 0, said

    this.lost |= before - acknowledged(this.archive)
    this.damages += [finding.sentence for finding in this.archive.verify().findings]
    this.repeated |= this.recorded & {each.url for each in web.log}
    this.recorded |= recorded_in(this.archive)
    this.kills += was_killed
    return was_killed


def held_by(archive: Archive) -> dict[str, Any]:
    """What an archive holds, whenever and in whatever order it was found."""
    return {
        "versions": sorted(
            archive.rows(
                "SELECT article.key, article.canonical_url, article.state, version.number,"
                " version.version_sha256 FROM version JOIN article ON article.id = article_id"
            )
        ),
        "photos": sorted(
            archive.rows(
                "SELECT article.key, position, photo.sha256 FROM version_photo"
                " JOIN version ON version.id = version_id JOIN article ON article.id = article_id"
                " JOIN photo ON photo.id = photo_id"
            )
        ),
        "changes": Counter(
            archive.rows(
                "SELECT change.kind, article.key FROM change"
                " JOIN article ON article.id = article_id"
            )
        ),
        "ledger": sorted(archive.rows("SELECT url, kind, state FROM ledger")),
    }


@pytest.fixture(scope="module")
def web() -> Iterator[MadeUpWeb]:
    with MadeUpWeb(now=NOW) as web:
        yield web


@pytest.fixture(scope="module")
def unkilled(web: MadeUpWeb, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("unkilled") / "archive"
    archive = new_archive(folder, web.proxy_url, look_again_s=LOOK_AGAIN_S)
    done = archive.crawl(*CRAWLED)
    assert done.code == 0, done.err
    return archive


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> list[Round]:
    """Archives that were killed, as often as that together, and then crawled to the end."""
    sys.stdout.write(f"SALNAME_SEED={SEED}\n")
    folders = [tmp_path_factory.mktemp("killed") for _ in range(LINES)]
    with ThreadPoolExecutor(LINES) as pool:
        lines = pool.map(kill_again_and_again, folders, range(SEED, SEED + LINES))
        return [each for line in lines for each in line]


def kill_again_and_again(folder: Path, seed: int) -> list[Round]:
    """One line of kills, on a web of its own: a new archive whenever one has had its way."""
    rng, done = random.Random(seed), list[Round]()  # noqa: S311  no secret
    with MadeUpWeb(now=NOW) as web:
        while (kills := sum(each.kills for each in done)) < KILLS // LINES:
            archive = new_archive(
                folder / str(len(done)), web.proxy_url, look_again_s=LOOK_AGAIN_S, **SMALL_GROUPS
            )
            this = Round(archive=archive)
            done.append(this)
            while kills + this.kills < KILLS // LINES and crawl_and_kill(
                draw(rng, kills + this.kills), this, web
            ):
                pass
            web.clear_log()
            last = archive.crawl(*CRAWLED)
            assert last.code == 0, f"seed {SEED}: {last.err}"
            this.repeated |= this.recorded & {each.url for each in web.log}
    return done


def test_every_archive_verifies_after_every_kill(rounds: list[Round]) -> None:
    assert sum(each.kills for each in rounds) == KILLS
    assert [each.damages for each in rounds] == [[] for _ in rounds]
    assert [each.archive.verify().findings for each in rounds] == [() for _ in rounds]


def test_what_was_acknowledged_before_a_kill_is_there_after_it(rounds: list[Round]) -> None:
    assert [each.lost for each in rounds] == [set() for _ in rounds]


def test_what_was_recorded_before_a_kill_is_not_fetched_again(rounds: list[Round]) -> None:
    assert sum(len(each.recorded) for each in rounds) > 50
    assert [each.repeated for each in rounds] == [set() for _ in rounds]


def test_a_killed_crawl_comes_to_the_same_as_one_that_was_not(
    rounds: list[Round], unkilled: Archive
) -> None:
    expected = held_by(unkilled)

    assert [held_by(each.archive) for each in rounds] == [expected for _ in rounds]


def test_the_search_index_has_read_all_that_was_told(rounds: list[Round]) -> None:
    for each in rounds:
        with (
            each.archive.reader() as reader,
            SearchIndex.open(each.archive.folder.search_path) as index,
        ):
            assert index.cursor == reader.last_change_id()


def test_a_crawl_that_is_interrupted_ends_in_order_and_goes_on_where_it_was(
    web: MadeUpWeb, unkilled: Archive, tmp_path: Path
) -> None:
    archive = new_archive(tmp_path / "archive", web.proxy_url, look_again_s=LOOK_AGAIN_S)
    web.clear_log()
    process = archive.begin_crawl(*CRAWLED)
    wait_for_requests(web, 30, process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=_LONGEST_S)
    recorded = recorded_in(archive)
    web.clear_log()

    second = archive.crawl(*CRAWLED)

    assert (process.returncode, err) == (3, "")
    assert out.endswith("It was stopped; the next crawl goes on where it was.\n")
    assert archive.rows("SELECT outcome FROM run") == [("partial",), ("success",)]
    assert second.code == 0
    assert len(recorded) > 5
    assert not recorded & {each.url for each in web.log}
    assert held_by(archive) == held_by(unkilled)


def wait_for_requests(web: MadeUpWeb, number: int, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + _LONGEST_S
    while len(web.log) < number and process.poll() is None and time.monotonic() < until:
        time.sleep(_LOOK_S)
