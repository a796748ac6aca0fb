"""A store that is away, dies, refuses or spoils: nights go on, and in the end it has everything."""

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from archive.folder import ArchiveFolder, create_archive, locked
from archive.integrity import Damage, verify
from archive.seals import seal_of, without_seal
from archive.sending import send_beside, waiting_bytes
from archive.stores import find_store
from crawler.schedule import LookAgain
from tests.archive.s3_server import (
    ACCESS_KEY,
    SECRET_KEY,
    S3Server,
    Spoil,
    needs_rclone,
    relaying,
    serving_s3,
)
from tests.faults.conftest import Tried
from tests.faults.lives import check, check_rebuilt, crawl, looks_in
from tests.seed import SEED

pytestmark = needs_rclone
_NIGHTS = 40
LATER = datetime.now(UTC) + timedelta(days=9999)


class Mood(StrEnum):
    """What a store does in a night."""

    WELL = "well"
    AWAY = "away"
    DYING = "dying"  # it is killed while it is sent to
    BUSY = "busy"  # 503 now and then
    REFUSING = "refusing"  # 403
    SPOILING_SENT = "spoiling what it is sent"
    SPOILING_READ = "spoiling what it gives back"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ArchiveFolder:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    (tmp_path / "s3/press").mkdir(parents=True)
    return create_archive(tmp_path / "archive", "")


@contextmanager
def in_mood(folder: ArchiveFolder, mood: Mood, rng: random.Random) -> Iterator[S3Server]:
    """The archive's store, which the settings lead to."""
    with serving_s3(folder.path.parent / "s3") as server:
        spoil = Spoil(
            sometimes=lambda _: (
                (503, "SlowDown") if mood is Mood.BUSY and rng.random() < 0.1 else None
            ),
            always=(403, "AccessDenied") if mood is Mood.REFUSING else None,
            spoils_sent=mood is Mood.SPOILING_SENT,
            flips_bytes=mood is Mood.SPOILING_READ,
        )
        with relaying(server, spoil) as relay:
            endpoint = {Mood.AWAY: "http://127.0.0.1:9", Mood.DYING: server.endpoint}
            folder.settings_path.write_text(
                '[store]\nkind = "s3"\nbucket = "press"\nprefix = "az/"\n'
                f'endpoint = "{endpoint.get(mood, relay.endpoint)}"\n',
                encoding="utf-8",
            )
            yield server


def night(
    folder: ArchiveFolder, life: int, mood: Mood, rng: random.Random
) -> list[tuple[str, str]]:
    """Crawl, seal and send; what was acknowledged."""
    told: list[dict[str, Any]] = []
    with in_mood(folder, mood, rng) as server:
        with locked(folder, "a night"):
            crawl(folder, life, lambda **what: told.append(what))
        for path in without_seal(folder.segments_path):
            seal_of(path)
        killer = threading.Timer(rng.uniform(0, 0.3), os.kill, (server.process, signal.SIGKILL))
        if mood is Mood.DYING:
            killer.start()
        send(folder, keep=timedelta(days=rng.choice((0, 99_999))))
        killer.cancel()
    return looks_in(told)


def send(folder: ArchiveFolder, *, keep: timedelta) -> int:
    """Send what waits; how many bytes wait still."""
    store = find_store(folder)
    assert store is not None
    send_beside(folder, store, LookAgain(), keep=keep, clock=lambda: LATER, at_once=True)
    return waiting_bytes(folder)


@pytest.mark.soak
def test_a_store_that_is_away_or_spoils_for_most_nights_has_everything_in_the_end(
    folder: ArchiveFolder, tried: Tried
) -> None:
    rng, acknowledged = random.Random(SEED), list[tuple[str, str]]()  # noqa: S311
    # A new archive is not begun beside a store that does not say what it holds.
    moods = [Mood.WELL, *(rng.choice(list(Mood)) for _ in range(_NIGHTS - 1))]
    for life, mood in enumerate(moods):
        acknowledged += night(folder, life, mood, rng)
        tried.so_far(f"{life + 1} of {_NIGHTS} nights")
        assert [each for each in verify(folder).findings if each.damage is not Damage.STORE] == []
    with in_mood(folder, Mood.WELL, rng):
        left = send(folder, keep=timedelta(0))
        wrong = check(folder, acknowledged) + check_rebuilt(folder)
    tried(", ".join(f"{times} nights {mood}" for mood, times in Counter(moods).items()))

    assert (wrong, left) == ([], 0)
    assert len(acknowledged) > 8 * len(moods)
