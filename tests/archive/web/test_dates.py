"""Moments as the pages write them."""

import pytest

from archive.web.dates import write_moment
from archive.web.words import Language


@pytest.mark.parametrize(
    ("at", "written"),
    [
        ("2026-02-14T20:28:09.000000Z", "15 fevral 2026, 00:28"),
        ("2026-02-14T18:28:00+04:00", "14 fevral 2026, 18:28"),
        ("2015-07-01T10:00:00+00:00", "1 iyul 2015, 15:00"),
        ("2026-12-31", "31 dekabr 2026"),
        ("2026-02-14T18:28:00", "14 fevral 2026, 18:28"),
        ("dünən", "dünən"),
        ("2026-02-31", "2026-02-31"),
    ],
    ids=[
        "next day in Baku",
        "with its zone",
        "summer of 2015",
        "a day",
        "no zone",
        "words",
        "no day",
    ],
)
def test_a_moment_is_written_in_the_time_of_baku(at: str, written: str) -> None:
    assert write_moment(at, Language.AZERBAIJANI) == written


def test_english_has_its_own_months() -> None:
    assert write_moment("2026-02-14", Language.ENGLISH) == "14 February 2026"
