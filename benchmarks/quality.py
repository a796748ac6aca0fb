"""How well pages of unknown sites are read: our general path and trafilatura on the same pages.

    python -m benchmarks.quality [SET …] [--reference]

The pages and their scorer lie beside the project (`../shared/real/extraction`) and never enter it.
Prints a Markdown table a set, with the goals; `--reference` runs trafilatura too. Times are CPU milliseconds a page.

Captions are compared with quotes, dashes, case and white space folded, as titles are: one that the
set knows is found if our photo of the same image has exactly it. Precision is the share of those
among all captions that we give, on whatever photo. A size variant is the same image.

Authors are compared as sets of names over the pages whose gold names any, all pages together (F1 of
the sums): case, compatibility forms and white space are folded, and a string that lists several is
parted at commas, semicolons, slashes and "and" in the languages of the set.
"""

import argparse
import gzip
import importlib.util
import json
import logging
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.extract import read_page
from pipelines.items import Page

SETS_FOLDER = Path(__file__).parents[1].parent / "shared" / "real" / "extraction"
SETS = ("scrapinghub", "fundus_eval", "fundus_fixtures", "trafilatura")
SEEN = datetime(2026, 8, 1, tzinfo=UTC)
UNKNOWN_URL = "https://namelum.example/a/b"
SHOWN = {
    "body_precision": "body precision",
    "body_recall": "body recall",
    "body_f1": "body F1",
    "paragraph_precision": "paragraphs precision",
    "paragraph_recall": "paragraphs recall",
    "segment_f1": "segments F1",
    "title_exact": "title exact",
    "date_accuracy": "day accuracy",
    "date_right_of_given": "days right of given",
    "false_dates": "false dates",
    "image_precision": "photos precision",
    "image_recall": "photos recall",
    "image_f1": "photos F1",
    "caption_precision": "captions precision",
    "caption_recall": "captions recall",
    "author_precision": "authors precision",
    "author_recall": "authors recall",
    "author_f1": "authors F1",
    "ms_a_page": "CPU ms a page",
}

GOALS = {
    "scrapinghub": {"body_f1": 0.965},
    "fundus_eval": {"body_f1": 0.955, "paragraph_precision": 0.85, "paragraph_recall": 0.85},
    "fundus_fixtures": {
        "body_f1": 0.96,
        "title_exact": 0.93,
        "date_accuracy": 0.985,
        "image_f1": 0.75,
        "caption_recall": 0.5,
    },
    "trafilatura": {
        "segment_f1": 0.935,
        "title_exact": 0.80,
        "date_accuracy": 0.93,
        "false_dates": 0.02,
        "author_f1": 0.75,
    },
}
_LESS_IS_BETTER = frozenset({"false_dates"})

_BETWEEN_AUTHORS = re.compile(r"\s*[,;/&|]\s*|\s+(?:and|und|et|y|og|och|və|и)\s+")

Prediction = dict[str, Any]
Reader = Callable[[str | None, bytes], Prediction]


def main() -> int:
    """Score the sets that were asked for and print a table of each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="*", metavar="SET", help=", ".join(SETS))
    parser.add_argument("--reference", action="store_true", help="run trafilatura too")
    arguments = parser.parse_args()
    if not SETS_FOLDER.is_dir():
        print(f"The pages are not here: {SETS_FOLDER}", file=sys.stderr)
        return 2
    logging.disable(logging.CRITICAL)  # trafilatura tells of each page that it discards
    readers: dict[str, Reader] = {"Salnamə": read_ours}
    if arguments.reference:
        readers["trafilatura"] = read_theirs
    for name in arguments.sets or SETS:
        print_table(name, {title: score_set(name, reader) for title, reader in readers.items()})
    return 0


def read_ours(url: str | None, body: bytes) -> Prediction:
    """What Salnamə reads, without rules; a lead that the body lacks counts as its beginning."""
    article = read_page(Page(url=url or UNKNOWN_URL, captured_at=SEEN, body=body))
    lead = f"{article.lead}\n" if article.lead and article.lead not in article.text else ""
    return {
        "body": lead + article.text,
        "title": article.title,
        "date": article.published.at if article.published else None,
        "images": [{"url": photo.url, "caption": photo.caption} for photo in article.photos],
        "authors": list(article.authors),
    }


def read_theirs(url: str | None, body: bytes) -> Prediction:
    """What trafilatura reads, with the settings of the reference figures."""
    from trafilatura import bare_extraction

    document = bare_extraction(
        body, url=url, with_metadata=True, include_comments=False, include_tables=False
    )
    names = ("text", "title", "date", "image", "author")
    values = {name: getattr(document, name, None) for name in names}
    return {
        "body": values["text"],
        "title": values["title"],
        "date": values["date"],
        "images": [{"url": values["image"]}] if values["image"] else [],
        "authors": values["author"] or [],
    }


def score_set(name: str, reader: Reader) -> Mapping[str, float]:
    """The figures of the set's own scorer, and the CPU time a page."""
    rows = list(rows_of(name))
    predictions, spent_s = {}, 0.0
    for row in rows:
        body = gzip.decompress((SETS_FOLDER / row["html"]).read_bytes())
        begun = time.process_time()
        predictions[row["id"]] = reader(row["url"], body)
        spent_s += time.process_time() - begun
    figures: dict[str, float] = _scorer().score(rows, predictions)[0]
    if shown := figures.get("image_precision", 0) + figures.get("image_recall", 0):
        figures["image_f1"] = 2 * figures["image_precision"] * figures["image_recall"] / shown
    captions = score_captions(rows, predictions)
    authors = score_authors(rows, predictions)
    return {**figures, **captions, **authors, "ms_a_page": 1000 * spent_s / len(rows)}


def score_captions(
    rows: list[dict[str, Any]], predictions: Mapping[str, Prediction]
) -> Mapping[str, float]:
    """Precision and recall of the captions, where a set has any."""
    scorer = _scorer()
    found = given = known = 0
    for row in rows:
        wanted = [
            (scorer.keys(each), each.get("caption")) for each in row["gold"].get("images") or ()
        ]
        if not wanted:
            continue  # the set does not say what the page shows
        known += sum(bool(caption) for _, caption in wanted)
        for photo in predictions[row["id"]]["images"]:
            if caption := photo.get("caption"):
                given += 1
                place = next(
                    (place for place, (keys, _) in enumerate(wanted) if keys & scorer.keys(photo)),
                    None,
                )
                is_same = place is not None and scorer.norm(wanted[place][1]) == scorer.norm(
                    caption
                )
                if place is not None and is_same:
                    found += 1
                    del wanted[place]
    if not known:
        return {}
    return {"caption_precision": found / max(1, given), "caption_recall": found / known}


def score_authors(
    rows: list[dict[str, Any]], predictions: Mapping[str, Prediction]
) -> Mapping[str, float]:
    """Precision, recall and F1 of the authors' names, where a set has any."""
    found = given = known = 0
    for row in rows:
        wanted = names_of(row["gold"].get("authors"))
        if not wanted:
            continue  # the set does not say whether the page names anybody
        ours = names_of(predictions[row["id"]]["authors"])
        found, given, known = (
            found + len(wanted & ours),
            given + len(ours),
            known + len(wanted),
        )
    if not known:
        return {}
    return {
        "author_precision": found / max(1, given),
        "author_recall": found / known,
        "author_f1": 2 * found / (given + known),
    }


def names_of(authors: str | list[str] | None) -> frozenset[str]:
    """The names in a string or a list of strings, each folded."""
    texts = [authors] if isinstance(authors, str) else authors or []
    parts = (part for text in texts for part in _BETWEEN_AUTHORS.split(text))
    folded = (" ".join(unicodedata.normalize("NFKC", part).casefold().split()) for part in parts)
    return frozenset(name for name in folded if name)


def print_table(name: str, figures: Mapping[str, Mapping[str, float]]) -> None:
    """A Markdown table: one line a figure, one column a reader, and the goal where there is one."""
    print(f"\n| {name} | {' | '.join(figures)} | goal | reached |")
    print(f"| --- |{' ---: |' * len(figures)} ---: | --- |")
    for key, label in SHOWN.items():
        values = [each.get(key) for each in figures.values()]
        if all(value is None for value in values):
            continue
        goal = GOALS.get(name, {}).get(key)
        written = ["" if value is None else f"{value:.3f}" for value in values]
        print(f"| {label} | {' | '.join(written)} | {_judged(key, goal, values[0])} |")


def _judged(key: str, goal: float | None, value: float | None) -> str:
    if goal is None or value is None:
        return " | "
    is_reached = value <= goal if key in _LESS_IS_BETTER else value >= goal
    return f"{goal:.3f} | {'yes' if is_reached else 'no'}"


def rows_of(name: str) -> Iterator[dict[str, Any]]:
    """The pages of a set with what is right for each, as its `gold.jsonl` tells."""
    with (SETS_FOLDER / name / "gold.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _scorer() -> Any:
    specification = importlib.util.spec_from_file_location(
        "score_extraction", SETS_FOLDER / "score_extraction.py"
    )
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main())
