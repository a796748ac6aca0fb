"""The ladder of second looks against the edits of a real feed history, and a daily re-crawl.

    python -m benchmarks.looks [--history PATH]

The history is not part of this repository: one JSON object a line, `versions` a list of states
with `seen` (RFC 3339) and `title`. A story is watched for 92 days from its first sight; a change
of its title is an edit. An edit counts as seen where a look falls within 24 hours after it, which
a daily re-crawl achieves for each by its nature.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import click

from crawler.schedule import LADDER, next_look

WATCHED = timedelta(days=92)
A_DAY = timedelta(days=1)
HISTORY = Path(__file__).parents[2] / "shared" / "real" / "feeds" / "rss_titles.jsonl"
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


@click.command()
@click.option("--history", type=click.Path(exists=True, path_type=Path), default=HISTORY)
def main(history: Path) -> None:
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
    print(f"\ngoal: {GOAL_SEEN:.0%} of the edits for {GOAL_REQUESTS:.0%} of the requests")


if __name__ == "__main__":
    main()
