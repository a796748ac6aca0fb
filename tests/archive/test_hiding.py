"""An article that leaves a list while older ones stay, told from one that its end pushed off."""

from hypothesis import given
from hypothesis import strategies as st

from archive.hiding import Listed, is_telling, left_early


def listed(*ids: int) -> list[Listed]:
    """The higher the number, the later it was found."""
    return [Listed(id=id_, found_at=f"2026-02-14T{id_:02}") for id_ in ids]


def test_an_article_that_goes_while_older_ones_stay_left_early() -> None:
    assert left_early(listed(9, 8, 7, 6, 5, 4), listed(10, 9, 7, 6, 5, 4)) == {8}


def test_an_article_that_the_end_of_the_list_pushed_off_did_not() -> None:
    assert left_early(listed(9, 8, 7, 6, 5, 4), listed(11, 10, 9, 8, 7, 6)) == frozenset()


def test_old_ones_that_came_up_again_do_not_make_a_departure_early() -> None:
    before, now = listed(1, 2, 3, 9, 8, 7, 6), listed(10, 1, 2, 3, 9, 8, 7)

    assert left_early(before, now) == frozenset()


def test_a_copy_of_the_list_from_before_the_article_says_nothing() -> None:
    assert left_early(listed(9, 8, 7, 6, 5), listed(8, 7, 6, 5, 4)) == frozenset()


def test_articles_that_were_found_at_one_moment_are_as_old_as_they_stood_deep() -> None:
    at_once = [Listed(id=id_, found_at="2026-02-14") for id_ in range(1, 7)]
    newer = Listed(id=9, found_at="2026-02-15")

    assert left_early(at_once, [newer, *at_once[:1], *at_once[2:]]) == {2}
    assert left_early(at_once, [newer, *at_once[:-1]]) == frozenset()


@given(st.integers(0, 30), st.integers(1, 20))
def test_a_list_in_order_of_time_loses_nothing_early(pushed: int, length: int) -> None:
    before, now = range(29, 29 - length, -1), range(29 + pushed, 29 + pushed - length, -1)

    assert left_early(listed(*before), listed(*now)) == frozenset()


def test_a_list_whose_habit_is_not_known_or_is_another_says_nothing() -> None:
    assert is_telling(1, shown=20, departures=100, early_before=2)
    assert not is_telling(1, shown=20, departures=10, early_before=0)
    assert not is_telling(1, shown=20, departures=100, early_before=30)
    assert not is_telling(9, shown=20, departures=100, early_before=0), "another list is shown"
