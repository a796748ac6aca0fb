"""The ladder of second looks against the edits of a real feed history, and a daily re-crawl.

    python -m benchmarks.looks [--history PATH]

The history is not part of this repository: one JSON object a line, `versions` a list of states
with `seen` (RFC 3339) and `title`. A story is watched for 92 days from its first sight; a change
of its title is an edit. An edit counts as seen where a look falls within 24 hours after it, which
a daily re-crawl achieves for each by its nature.

A second table is for runs that have fewer requests than looks are due: which go first. There a
headline that came with a new address counts as an edit too, so that there are enough of them.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nsmallest
from itertools import pairwise
from pathlib import Path

import click

from crawler.schedule import LADDER, expected_edits, next_look

WATCHED = timedelta(days=92)
A_DAY = timedelta(days=1)
FEEDS = Path(__file__).parents[2] / "shared" / "real" / "feeds"
HISTORY, MOVES = FEEDS / "rss_titles.jsonl", FEEDS / "same_id_new_address.jsonl"
LOOKS_AN_HOUR = (4, 8, 12, 20)
GOAL_SEEN, GOAL_REQUESTS = 0.9, 0.1
_LADDERS = {
    "1 h, 4 h, 1 d, 3 d, 10 d, 30 d, 90 d, 1 y": LADDER,
    "the same without 1 h": LADDER[1:],
    "the same without 4 h": LADDER[:1] + LADDER[2:],
    "1 d, 10 d, 90 d": tuple(timedelta(days=days) for days in (1, 10, 90)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One story of the history: when it was first seen, and when its title changed."""

    first_seen: datetime
    edits: tuple[datetime, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a rule sees and costs: edits seen within a day, all edits, requests."""

    in_time: int
    edits: int
    looks: int


def read_history(path: Path) -> tuple[Story, ...]:
    """The stories of a history."""
    return tuple(_story_of(line) for line in path.read_text(encoding="utf-8").splitlines())


def _story_of(line: str) -> Story:
    states = [
        (datetime.fromisoformat(each["seen"]), each["title"])
        for each in json.loads(line)["versions"]
    ]
    edits = (at for (_, was), (at, title) in pairwise(states) if title != was)
    return Story(first_seen=states[0][0], edits=tuple(edits))


def read_with_moves(history: Path, moves: Path) -> tuple[Story, ...]:
    """The same stories, those of one number as one, with the headlines of their new addresses."""
    states: dict[str, set[tuple[datetime, str]]] = {}
    for line in history.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found = {(datetime.fromisoformat(each["seen"]), each["title"]) for each in row["versions"]}
        states.setdefault(row["story"], set()).update(found)
    for line in moves.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found = {
            (datetime.fromisoformat(each["first_seen"]), each["title"]) for each in row["states"]
        }
        states.setdefault(row["story"], set()).update(found)
    return tuple(
        Story(
            first_seen=each[0][0],
            edits=tuple(at for (_, was), (at, title) in pairwise(each) if title != was),
        )
        for each in map(sorted, states.values())
    )


def looks_at(story: Story, ladder: tuple[timedelta, ...] = LADDER) -> list[datetime]:
    """The ladder's looks at a story, each of which learns of the edits before it."""
    first_seen, last_change = story.first_seen, story.first_seen
    looks = [first_seen]
    while due := next_look(
        first_seen=first_seen, last_change=last_change, now=looks[-1], ladder=ladder
    ):
        if due > first_seen + WATCHED:
            break
        if any(looks[-1] < at <= due for at in story.edits):
            last_change = due
        looks.append(due)
    return looks[1:]


def outcome_of(stories: Iterable[Story], ladder: tuple[timedelta, ...] = LADDER) -> Outcome:
    """What a ladder sees of all stories' edits."""
    in_time = edits = requests = 0
    for story in stories:
        looks = looks_at(story, ladder)
        requests += len(looks)
        edits += len(story.edits)
        in_time += sum(any(at <= look <= at + A_DAY for look in looks) for at in story.edits)
    return Outcome(in_time=in_time, edits=edits, looks=requests)


@dataclass(slots=True)
class _Watched:
    """A story while it is watched; its next look is due then."""

    story: Story
    looked_at: datetime
    last_change: datetime
    due: datetime | None


def by_due_time(watched: _Watched, now: datetime) -> float:
    """The order in which looks were due."""
    del now
    return watched.due.timestamp() if watched.due else 0.0


def by_expected_edits(watched: _Watched, now: datetime) -> float:
    """The order of the crawl's queue."""
    return -expected_edits(
        first_seen=watched.story.first_seen,
        last_change=watched.last_change,
        last_look=watched.looked_at,
        now=now,
    )


def seen_in_order(
    stories: Iterable[Story], an_hour: int, order: Callable[[_Watched, datetime], float]
) -> int:
    """How many edits hourly runs with so many looks each see within a day, in that order."""
    waiting = sorted(stories, key=lambda story: story.first_seen, reverse=True)
    now, in_time = waiting[-1].first_seen, 0
    end = waiting[0].first_seen + timedelta(days=30)
    watched: list[_Watched] = []
    while now < end:
        while waiting and waiting[-1].first_seen <= now:
            watched.append(
                _Watched(story=waiting.pop(), looked_at=now, last_change=now, due=now + LADDER[0])
            )
        due = [each for each in watched if each.due is not None and each.due <= now]
        for each in nsmallest(an_hour, due, key=lambda one: order(one, now)):
            in_time += _look_at(each, now)
        watched = [each for each in watched if each.due is not None]
        now += timedelta(hours=1)
    return in_time


def _look_at(watched: _Watched, now: datetime) -> int:
    """The edits of the last day that a look finds."""
    found = [at for at in watched.story.edits if watched.looked_at < at <= now]
    watched.looked_at = now
    watched.last_change = now if found else watched.last_change
    first_seen = watched.story.first_seen
    watched.due = next_look(first_seen=first_seen, last_change=watched.last_change, now=now)
    return sum(now - at <= A_DAY for at in found)


@click.command()
@click.option("--history", type=click.Path(exists=True, path_type=Path), default=HISTORY)
@click.option("--moves", type=click.Path(exists=True, path_type=Path), default=MOVES)
def main(history: Path, moves: Path) -> None:
    """Print the table."""
    stories = read_history(history)
    daily = len(stories) * WATCHED.days
    edits = sum(len(story.edits) for story in stories)
    print(f"{len(stories)} stories, {edits} edits, each watched for {WATCHED.days} days\n")
    print(
        "| rule | edits seen within 24 h | of a daily re-crawl | requests | of a daily re-crawl |"
    )
    print("| --- | ---: | ---: | ---: | ---: |")
    print(f"| each article once a day | {edits} | 100.0 % | {daily:,} | 100.0 % |")
    for name, ladder in _LADDERS.items():
        found = outcome_of(stories, ladder)
        print(
            f"| {name} | {found.in_time} | {found.in_time / edits:.1%} "
            f"| {found.looks:,} | {found.looks / daily:.1%} |".replace("%", " %")
        )
    print(f"\ngoal: {GOAL_SEEN:.0%} of the edits for {GOAL_REQUESTS:.0%} of the requests\n")
    merged = read_with_moves(history, moves)
    edits = sum(len(story.edits) for story in merged)
    print(f"| looks an hour | {edits} edits: seen in time as due | by the edits to be expected |")
    print("| ---: | ---: | ---: |")
    for an_hour in LOOKS_AN_HOUR:
        seen = [seen_in_order(merged, an_hour, each) for each in (by_due_time, by_expected_edits)]
        print(f"| {an_hour} | {seen[0]} | {seen[1]} |")


if __name__ == "__main__":
    main()
