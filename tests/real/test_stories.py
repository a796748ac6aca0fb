"""Stories of real texts: reprints of them by the habits of this press, among templated pieces."""

import json
from pathlib import Path

import pytest

from benchmarks.stories import score_set
from benchmarks.story_set import ENGLISH, make_set

TEXTS = Path(__file__).parents[2].parent / "shared/real/search/retrieval/articles/docs.jsonl"
ENGLISH_PAGES = TEXTS.parents[3] / "extraction/scrapinghub/gold.jsonl"
pytestmark = pytest.mark.skipif(
    not TEXTS.is_file(), reason="../shared/real is absent: real texts are private test data"
)


def test_reprints_of_real_texts_are_found_and_templates_left_apart() -> None:
    rows = map(json.loads, TEXTS.read_text(encoding="utf-8").splitlines())
    texts = [row["text"] for row in rows if len(row["text"]) > 300]
    found = score_set(make_set(texts, seed=1, days=30, reprints=1.8, templates=735))

    assert found.f1 >= 0.96
    assert found.precision >= 0.98
    assert found.joined_templates == 0


def test_reprints_of_real_english_texts_are_found() -> None:
    rows = map(json.loads, ENGLISH_PAGES.read_text(encoding="utf-8").splitlines())
    bodies = [row["gold"]["body"] for row in rows]
    texts = [body for body in bodies if len(body) > 300]
    found = score_set(make_set(texts, seed=1, days=30, reprints=1.8, templates=100, habits=ENGLISH))

    assert found.pair_f1 >= 0.935
    assert found.f1 >= 0.96
