"""What a source's file expects of a run is held against what the run found."""

from collections import Counter

import pytest

from crawler.source import Expect
from crawler.summary import LEAST_ARTICLES, short_fields
from crawler.tally import SourceTally


def tally(field: str, *, known: int, nothing: int) -> SourceTally:
    found = Counter({"rule": known - 1, "json-ld": 1, "nothing": nothing})
    return SourceTally(found_by={field: found, "section": Counter(nothing=known + nothing)})


@pytest.mark.parametrize(
    ("field", "expect", "word"),
    [
        ("headline", Expect(with_headline=0.95), "headline"),
        ("text", Expect(with_body=0.95), "body"),
        ("published", Expect(with_date=0.95), "date"),
        ("photos", Expect(with_photo=0.95), "photo"),
    ],
)
def test_a_field_that_too_few_articles_have_is_told(field: str, expect: Expect, word: str) -> None:
    told = list(short_fields(expect, tally(field, known=37, nothing=3)))

    assert told == [f"37 of 40 articles have a {word}, where 95% are expected"]
    assert list(short_fields(expect, tally(field, known=38, nothing=2))) == []
    assert list(short_fields(Expect(), tally(field, known=1, nothing=39))) == []


def test_a_short_run_says_nothing_of_shares() -> None:
    few = tally("published", known=1, nothing=LEAST_ARTICLES - 2)

    assert list(short_fields(Expect(with_date=1.0), few)) == []
