"""The readers of Azerbaijani text on real strings: no score falls below the floor it has reached."""

import csv
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.attribution import find_attributions, read_attribution
from pipelines.dates import read_date
from pipelines.headlines import read_badges, read_headline
from pipelines.language import read_language
from pipelines.letters import folded

REAL = Path(__file__).parents[2].parent / "shared" / "real"
pytestmark = pytest.mark.skipif(
    not REAL.is_dir(), reason="the real pages lie beside the project; they are not here"
)


def rows_of(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (REAL / name).read_text(encoding="utf-8").splitlines()]


def share_of(
    rows: list[dict[str, Any]], is_right: Callable[[dict[str, Any]], bool]
) -> tuple[float, list[dict[str, Any]]]:
    wrong = [row for row in rows if not is_right(row)]
    return 1 - len(wrong) / len(rows), wrong[:5]


def date_rows() -> list[dict[str, Any]]:
    with (REAL / "feeds" / "date_examples.tsv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


def read_row(row: dict[str, Any]) -> tuple[str, str]:
    moment = read_date(
        row["raw"].replace("\\n", "\n"), seen=datetime.fromisoformat(row["reference"])
    )
    return (moment.at, moment.precision.value) if moment else ("None", "-")


def test_dates_of_the_press_are_read_and_none_is_wrong() -> None:
    rows = date_rows()

    share, missed = share_of(rows, lambda row: read_row(row) == (row["expected"], row["precision"]))
    wrong = [row for row in rows if read_row(row)[0] not in (row["expected"], "None")]

    assert wrong == []
    assert share >= 0.98, f"dates {share:.3f} of {len(rows)}: {missed}"


def is_headline_right(row: dict[str, Any]) -> bool:
    headline = read_headline(row["title"])
    found = (headline.title, list(headline.markers), headline.update_no)
    return found == (row["base"], row["markers"], row.get("update_no"))


def test_markers_of_headlines_are_read_exactly() -> None:
    rows = rows_of("feeds/title_markers.jsonl")

    share, wrong = share_of([row for row in rows if row["checked"]], is_headline_right)
    share_of_all, wrong_of_all = share_of(rows, is_headline_right)

    assert share >= 0.99, f"checked headlines {share:.3f}: {wrong}"
    assert share_of_all >= 0.99, f"all headlines {share_of_all:.3f}: {wrong_of_all}"


def test_no_speaker_is_cut_off_a_headline() -> None:
    share, wrong = share_of(rows_of("feeds/title_no_marker.jsonl"), is_headline_right)

    assert share >= 0.99, f"headlines without marker {share:.3f}: {wrong}"


def test_badges_of_a_listing_are_known() -> None:
    rows = [row for row in rows_of("feeds/oxu_listing.jsonl") if row["badges"]]

    share, wrong = share_of(
        rows,
        lambda row: len(read_badges(row["badges"].split(", "))) == row["badges"].count(",") + 1,
    )

    assert share >= 0.99, f"badges {share:.3f} of {len(rows)}: {wrong}"


@pytest.mark.parametrize("knows_host", [False, True], ids=["host unknown", "host known"])
def test_attributions_are_read(knows_host: bool) -> None:
    rows = rows_of("attribution/attribution.jsonl")

    def reading_of(row: dict[str, Any]) -> dict[str, str | None]:
        reading = read_attribution(row["text"], host=row["found_on"] if knows_host else None)
        return {"kind": reading.kind, "site": reading.site, "source": reading.source}

    named = [row for row in rows if row["source"] is not None]
    kind, wrong_kinds = share_of(rows, lambda row: bool(reading_of(row)["kind"] == row["kind"]))
    site, wrong_sites = share_of(rows, lambda row: bool(reading_of(row)["site"] == row["site"]))
    source, wrong_sources = share_of(
        named, lambda row: bool(reading_of(row)["source"] == row["source"])
    )

    assert kind >= 0.97, f"kind {kind:.3f}: {wrong_kinds}"
    assert site >= 0.97, f"site {site:.3f}: {wrong_sites}"
    assert source >= 0.97, f"named source {source:.3f}: {wrong_sources}"


def test_the_seed_is_read_exactly() -> None:
    expected = json.loads((REAL / "seed" / "expected.json").read_text(encoding="utf-8"))

    dates = [
        read_date(expected["date_raw"], seen=datetime.fromisoformat(check["reference"]))
        for check in expected["date_checks"]
    ]
    headline = read_headline(expected["headline_raw"])
    found = find_attributions(expected["paragraphs"])

    assert [moment and moment.at for moment in dates] == [
        check["date"] for check in expected["date_checks"]
    ]
    assert (headline.title, list(headline.markers)) == (
        expected["headline_base"],
        expected["markers"],
    )
    assert [(each.kind, each.site, each.name, each.sentence) for each in found] == [
        tuple(expected["attribution"][key] for key in ("kind", "site", "source", "text"))
    ]
    assert read_language(" ".join(expected["paragraphs"])).language == expected["language"]


def test_real_articles_are_azerbaijani_with_and_without_their_marks() -> None:
    rows = rows_of("search/retrieval/articles/docs.jsonl")

    marked, _ = share_of(rows, lambda row: read_language(row["text"]).language == "az")
    bare, wrong = share_of(rows, lambda row: read_language(folded(row["text"])).script == "ascii")

    assert marked == 1.0
    assert bare >= 0.98, f"without marks {bare:.3f}: {wrong}"
