"""Two sequences laid side by side."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.alignment import Run, align, heaviest_chain, longest_chain

few_letters = st.text("abc", max_size=24)


def longest_common_subsequence(old: str, new: str) -> int:
    lengths = [0] * (len(new) + 1)
    for letter in old:
        above = lengths
        lengths = [0]
        for place, other in enumerate(new):
            best = above[place] + 1 if letter == other else max(lengths[-1], above[place + 1])
            lengths.append(best)
    return lengths[-1]


@given(few_letters, few_letters)
def test_short_sequences_share_as_much_as_they_can(old: str, new: str) -> None:
    shared = sum(run.length for run in align(old, new))

    assert shared == longest_common_subsequence(old, new)


@given(st.lists(st.integers(0, 40), max_size=900), st.lists(st.integers(0, 40), max_size=900))
def test_runs_are_equal_and_in_order(old: list[int], new: list[int]) -> None:
    runs = align(old, new)

    parts = [(old[r.old : r.old + r.length], new[r.new : r.new + r.length]) for r in runs]
    assert all(before == after for before, after in parts)
    ends = [Run(0, 0, 0), *runs]
    assert all(a.old + a.length <= b.old for a, b in zip(ends, runs, strict=False))
    assert all(a.new + a.length <= b.new for a, b in zip(ends, runs, strict=False))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(["a"] * 16_000, ["b"] * 16_000, id="nothing shared"),
        pytest.param(["a", "b"] * 8_000, ["b", "a", "a"] * 5_000, id="two words"),
        pytest.param(list(range(16_000)), list(range(16_000))[::-1], id="backwards"),
        pytest.param(
            [n * 7919 % 101 for n in range(16_000)],
            [n * n % 103 for n in range(16_000)],
            id="a hundred words",
        ),
        pytest.param(["a"] * 16_000, ["a"], id="many against one"),
    ],
)
def test_long_unlike_sequences_are_given_up_in_time(old: list[object], new: list[object]) -> None:
    begun_s = time.process_time()

    align(old, new)

    assert time.process_time() - begun_s < 0.5  # a tenth of it on a quiet machine


def test_an_edit_in_a_long_sequence_is_found_exactly() -> None:
    old = [n * n % 5_003 for n in range(16_000)]
    new = [*old[:5_000], -1, -2, *old[5_010:]]

    assert align(old, new) == (Run(0, 0, 5_000), Run(5_010, 5_002, 10_990))


def test_the_longest_chain_rises() -> None:
    assert longest_chain([3, 0, 1, 4, 2]) == [1, 2, 4]


def test_the_heaviest_chain_prefers_weight_to_count() -> None:
    assert heaviest_chain([2, 0, 1], [10, 1, 1]) == [0]
    assert heaviest_chain([2, 0, 1], [1, 1, 1]) == [1, 2]
    assert heaviest_chain([], []) == []
