from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.foreign_dates import spot_dates


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("8. Dezember 2010 um 09:43", date(2010, 12, 8)),
        ("Le 1er août 2019", date(2019, 8, 1)),
        ("martes, 3 de mayo de 2022", date(2022, 5, 3)),
        ("il 3 luglio 2020 alle ore 10:20", date(2020, 7, 3)),
        ("5 października 2021", date(2021, 10, 5)),
        ("2022. február 3.", date(2022, 2, 3)),
        ("March 3rd, 2020", date(2020, 3, 3)),
        ("2019年6月24日", date(2019, 6, 24)),
        ("4. 2. 2022.", date(2022, 2, 4)),
        ("12/25/2020", date(2020, 12, 25)),
        ("14 fevral 2023", date(2023, 2, 14)),
        ("14 мая 2023", date(2023, 5, 14)),
    ],
)
def test_a_date_is_found_in_its_language(line: str, day: date) -> None:
    assert [spotted.day for spotted in spot_dates(line)] == [day]


def test_a_clock_that_follows_belongs_to_the_date() -> None:
    spotted = next(spot_dates("Feb 24, 2020 | 9:25pm"))

    assert spotted.clock is not None
    assert (spotted.clock.hour, spotted.clock.minute) == (21, 25)


@pytest.mark.parametrize("line", ["12 oxunma 2020", "45.13.2020", "üç gün", "", "2020"])
def test_figures_that_are_no_date_are_none(line: str) -> None:
    assert list(spot_dates(line)) == []


@given(st.text(max_size=120))
def test_no_line_breaks_the_reader(line: str) -> None:
    assert all(0 <= spotted.start < spotted.end <= len(line) for spotted in spot_dates(line))
