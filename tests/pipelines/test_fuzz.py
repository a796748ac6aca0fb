"""A few cases of the fuzz run; `python -m tests.pipelines.fuzz --minutes 5` reads on."""

from collections.abc import Sequence

import pytest

from benchmarks.extract import Sample
from tests.pipelines.fuzz import make_case, read_case, read_seeds

SEED = 1


@pytest.fixture(scope="module")
def seeds() -> Sequence[Sample]:
    return read_seeds()


@pytest.mark.parametrize("case", range(20))
def test_a_mutated_page_is_an_article_or_says_why_not(seeds: Sequence[Sample], case: int) -> None:
    assert [each.trouble for each in read_case(seeds, SEED, case)] == [None, None]


def test_a_case_is_made_of_its_number_alone(seeds: Sequence[Sample]) -> None:
    assert make_case(seeds, SEED, 7) == make_case(seeds, SEED, 7)
