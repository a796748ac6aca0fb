"""One flipped bit of an archive is found where it says something, and repaired where that can be."""

from pathlib import Path

import pytest

from tests.faults.bit_rot import flips, make
from tests.faults.conftest import Tried
from tests.seed import SEED

REPAIRED = {"index", "catalogue", "search", "stored"}  # and each sealed segment, which a store has


def require_found_and_repaired(number: int, tmp_path: Path, tried: Tried) -> None:
    told = []
    for each in flips(make(tmp_path / "home"), number, SEED):
        told.append(each)
        tried.so_far(f"{len(told)} of {number} flips")
    touched, repaired = (
        sum(map(bool, each))
        for each in (
            (each["is_touched"] for each in told),
            (each.get("left") == [] for each in told),
        )
    )
    tried(f"{number} flips, {touched} in content, {repaired} found and repaired wholly")

    assert [each for each in told if each["is_touched"] and not each["found"]] == [], SEED
    repairable = [
        each
        for each in told
        if each["kind"] in REPAIRED
        or (each["kind"] == "segment" and not each["file"].endswith(".open"))
    ]
    assert [each for each in repairable if each.get("left")] == [], SEED
    assert sum(each["is_touched"] for each in told) > number / 3


def test_each_of_sixty_flipped_bits_is_found_and_repaired(tmp_path: Path, tried: Tried) -> None:
    require_found_and_repaired(60, tmp_path, tried)


@pytest.mark.soak
def test_each_of_a_thousand_flipped_bits_is_found_and_repaired(
    tmp_path: Path, tried: Tried
) -> None:
    require_found_and_repaired(1_002, tmp_path, tried)
