"""The alarm on the history of real feeds: it finds those that broke off, and doubts no other."""

import json
from collections import defaultdict
from datetime import datetime
from pathlib import Path

import pytest

from archive.silence import silence_of

FEEDS = Path(__file__).parents[3] / "shared" / "real" / "feeds" / "rss_titles.jsonl"
LONG_H = 48  # a feed of dozens a day that says nothing for so long has broken off
MANY = 500  # stories of a feed in thirteen weeks


@pytest.mark.skipif(not FEEDS.exists(), reason="the real feeds are not here")
def test_every_feed_that_broke_off_is_told_and_no_pause_of_another() -> None:
    seen: dict[str, list[datetime]] = defaultdict(list)
    runs: set[datetime] = set()
    for line in FEEDS.read_text(encoding="utf-8").splitlines():
        story = json.loads(line)
        looks = [datetime.fromisoformat(each["seen"]) for each in story["versions"]]
        runs.update(looks)
        seen[story["source"]].append(looks[0])
    told: set[tuple[str, float]] = set()
    for source, times in seen.items():
        times.sort()
        for at in sorted(runs)[::6]:
            found = silence_of([each for each in times if each <= at], at)
            if found is not None and found.is_alarming:
                nearest = min((each for each in times if each > at), default=at)
                told.add((source, (nearest - found.since).total_seconds() / 3600))

    assert told, "some of these feeds broke off for days"
    assert all(hours > LONG_H for _, hours in told)
    assert len(seen) > 3
    assert {source for source, _ in told} < {
        name for name, each in seen.items() if len(each) > MANY
    }
