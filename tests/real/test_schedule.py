"""The ladder of looks against the edits that three months of real feeds saw."""

import pytest

from benchmarks.looks import (
    GOAL_REQUESTS,
    GOAL_SEEN,
    HISTORY,
    WATCHED,
    outcome_of,
    read_history,
)

pytestmark = pytest.mark.skipif(
    not HISTORY.is_file(), reason="../shared/real is absent: real feed history is private test data"
)


def test_the_ladder_sees_nine_edits_of_ten_within_a_day_for_a_tenth_of_the_requests() -> None:
    stories = read_history(HISTORY)

    found = outcome_of(stories)

    assert found.in_time >= GOAL_SEEN * found.edits
    assert found.looks <= GOAL_REQUESTS * len(stories) * WATCHED.days
