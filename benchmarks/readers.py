"""How well the small readers of Azerbaijani text read real strings: dates, headlines, attribution.

    python -m benchmarks.readers

The strings lie beside the project (`../shared/real`) and never enter it. A date is right where day,
time and precision are; a headline where base title, markers and the number of the update are.
"""

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from benchmarks.quality import SETS_FOLDER
from pipelines.attribution import Reading, read_attribution
from pipelines.dates import read_date
from pipelines.headlines import read_headline

FOLDER = SETS_FOLDER.parent

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Score:
    """The share of right answers on a set, and the share that it should be."""

    name: str
    right: int
    rows: int
    goal: float

    @property
    def share(self) -> float:
        """Right answers of all."""
        return self.right / self.rows


def main() -> int:
    """Score all sets and print a table; exit code 1 where a goal is missed."""
    if not FOLDER.is_dir():
        print(f"The strings are not here: {FOLDER}", file=sys.stderr)
        return 2
    scores = list(score_all())
    print("\n| set | rows | right | goal | reached |\n| --- | ---: | ---: | ---: | --- |")
    for score in scores:
        is_reached = "yes" if score.share >= score.goal else "no"
        print(
            f"| {score.name} | {score.rows} | {score.share:.3f} | {score.goal:.2f} | {is_reached} |"
        )
    return int(any(score.share < score.goal for score in scores))


def score_all() -> Iterator[Score]:
    """The scores of all sets of strings."""
    dates = list(date_rows())
    yield score("dates", dates, is_date_right, 0.98)
    yield score("dates, none wrong", dates, is_date_right_or_none, 1.0)
    markers = rows_of("feeds/title_markers.jsonl")
    checked = [row for row in markers if row["checked"]]
    yield score("headlines with markers, checked by a person", checked, is_headline_right, 0.99)
    yield score("headlines with markers, all", markers, is_headline_right, 0.99)
    bare = rows_of("feeds/title_no_marker.jsonl")
    yield score("headlines without markers", bare, is_headline_right, 0.99)
    sentences = rows_of("attribution/attribution.jsonl")
    named = [row for row in sentences if row["source"] is not None]
    yield score(
        "attribution, kind", sentences, lambda row: reading_of(row).kind == row["kind"], 0.92
    )
    yield score(
        "attribution, named source", named, lambda row: reading_of(row).source == row["source"], 0.9
    )


def score(name: str, rows: list[Row], is_right: Callable[[Row], bool], goal: float) -> Score:
    """How many rows of a set are right."""
    return Score(name, sum(map(is_right, rows)), len(rows), goal)


def is_date_right(row: Row) -> bool:
    """Whether moment and precision are what the string means."""
    return date_of(row) == (row["expected"], row["precision"])


def is_date_right_or_none(row: Row) -> bool:
    """Whether no other moment is read than the string means."""
    return date_of(row)[0] in (row["expected"], "None")


def date_of(row: Row) -> tuple[str, str]:
    """What is read of a row's string: moment and precision, in the words of the set."""
    printed, seen = row["raw"].replace("\\n", "\n"), datetime.fromisoformat(row["reference"])
    moment = read_date(printed, seen=seen)
    return (moment.at, moment.precision.value) if moment else ("None", "-")


def is_headline_right(row: Row) -> bool:
    """Whether base title, markers and number are what a person reads."""
    headline = read_headline(row["title"])
    found = (headline.title, list(headline.markers), headline.update_no)
    return found == (row["base"], row["markers"], row.get("update_no"))


def reading_of(row: Row) -> Reading:
    """What is read of a sentence by itself."""
    return read_attribution(row["text"])


def rows_of(name: str) -> list[Row]:
    """The rows of a set in JSON lines."""
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


def date_rows() -> Iterator[Row]:
    """The rows of the table of date strings."""
    with (FOLDER / "feeds" / "date_examples.tsv").open(encoding="utf-8", newline="") as table:
        yield from csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)


if __name__ == "__main__":
    sys.exit(main())
