"""The ladder of looks against the edits that three months of real feeds saw."""

import json
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.schedule import next_look

HISTORY = Path(__file__).parents[2].parent / "shared" / "real" / "feeds" / "rss_titles.jsonl"
WATCHED = timedelta(days=92)
A_DAY = timedelta(days=1)
pytestmark = pytest.mark.skipif(
    not HISTORY.is_file(), reason="../shared/real is absent: real feed history is private test data"
)


def edits_of(line: str) -> tuple[datetime, list[datetime]]:
    """When a story was first seen, and when its title changed."""
    states = [
        (datetime.fromisoformat(each["seen"]), each["title"])
        for each in json.loads(line)["versions"]
    ]
    return states[0][0], [at for (_, was), (at, title) in pairwise(states) if title != was]


def looks_at(first_seen: datetime, edits: list[datetime]) -> list[datetime]:
    """The ladder's looks, each of which learns of the edits before it."""
    looks, last_change = [first_seen], first_seen
    while due := next_look(first_seen=first_seen, last_change=last_change, now=looks[-1]):
        if due > first_seen + WATCHED:
            break
        if any(looks[-1] < at <= due for at in edits):
            last_change = due
        looks.append(due)
    return looks[1:]


def test_the_ladder_sees_nine_edits_of_ten_within_a_day_for_a_tenth_of_the_requests() -> None:
    stories = [edits_of(line) for line in HISTORY.read_text(encoding="utf-8").splitlines()]
    looks = [looks_at(first_seen, edits) for first_seen, edits in stories]
    in_time = [
        any(at <= look <= at + A_DAY for look in seen)
        for (_, edits), seen in zip(stories, looks, strict=True)
        for at in edits
    ]

    assert sum(in_time) >= 0.9 * len(in_time)
    assert sum(map(len, looks)) <= 0.1 * len(stories) * WATCHED.days
