"""What a host's trouble has put off is due again once the host answers well."""

from datetime import timedelta
from pathlib import Path

import pytest

from archive.rebuilding import rebuild
from crawler.schedule import LookAgain
from tests.archive.histories import Visitor, article, new_archive, rows_of

PUT_OFF = (1, 2, 3)


@pytest.fixture
def visitor(tmp_path: Path) -> Visitor:
    return Visitor(new_archive(tmp_path), group=1)


def trouble_for(visitor: Visitor, hours: int, what: str) -> None:
    """Articles are offered, and each run finds none of them for so many hours."""
    visitor.start_run()
    visitor.see_feed(*PUT_OFF, 9)
    for _ in range(hours):
        for number in PUT_OFF:
            if article(number).url in visitor.due():
                getattr(visitor, what)(article(number).url)
        visitor.now += timedelta(hours=1)
        visitor.start_run()


@pytest.mark.parametrize("what", ["fail", "block", "miss"])
def test_the_first_page_that_is_found_again_makes_all_due_that_the_trouble_put_off(
    visitor: Visitor, what: str
) -> None:
    trouble_for(visitor, 9, what)
    put_off = [article(number).url for number in PUT_OFF]
    assert not set(put_off) & set(visitor.due())

    visitor.see(article(9))

    assert set(put_off) <= set(visitor.due())
    visitor.close()
    rows = rows_of(visitor.folder)
    rebuild(visitor.folder, LookAgain())
    assert rows_of(visitor.folder) == rows


def test_what_is_dead_for_good_is_woken_once_and_wakes_no_other(visitor: Visitor) -> None:
    trouble_for(visitor, 9, "fail")
    visitor.see(article(9))
    for number in PUT_OFF:
        visitor.fail(article(number).url)
    visitor.now += timedelta(hours=1)

    visitor.see(article(8))

    assert not {article(number).url for number in PUT_OFF} & set(visitor.due())
    visitor.close()


def test_what_is_missing_beside_what_is_there_keeps_its_own_time(visitor: Visitor) -> None:
    visitor.start_run()
    visitor.see_feed(1, 9)
    visitor.miss(article(1).url)

    visitor.see(article(9))

    assert article(1).url not in visitor.due(after=timedelta(minutes=30))
    visitor.close()


def test_each_run_looks_at_one_known_article_of_a_host_in_doubt(visitor: Visitor) -> None:
    visitor.start_run()
    visitor.see(article(8))
    visitor.miss(article(1).url)

    visitor.start_run()

    assert article(8).url in visitor.due()
    visitor.see(article(8))
    visitor.start_run()
    assert article(8).url not in visitor.due()
    visitor.close()


def test_a_photo_that_is_found_speaks_for_no_page(visitor: Visitor) -> None:
    trouble_for(visitor, 9, "fail")

    visitor.see_photo(1)

    assert not {article(number).url for number in PUT_OFF} & set(visitor.due())
    visitor.close()
