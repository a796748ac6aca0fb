"""Ten thousand tiny responses are recorded, verified and read again like any other."""

import time
from pathlib import Path

import pytest

from archive.integrity import verify
from archive.rebuilding import rebuild
from crawler.schedule import LookAgain
from tests.archive.histories import Visitor, article, new_archive, rows_of
from tests.faults.conftest import Tried

_TINY = 10_000


@pytest.mark.soak
def test_ten_thousand_tiny_responses_of_which_half_say_the_same_are_recorded_and_read_again(
    tmp_path: Path, tried: Tried
) -> None:
    folder, began_s = new_archive(tmp_path), time.process_time()
    visitor = Visitor(folder)
    visitor.start_run()
    for number in range(_TINY // 2):
        visitor.see_photo(number)
        visitor.see(article(number))
    visitor.end_run()
    visitor.store.close(seal_from_bytes=0)
    visitor.catalogue.db.close()
    recorded_s = time.process_time() - began_s
    before = rows_of(folder)

    rebuild(folder, LookAgain())

    rebuilt_s = time.process_time() - began_s - recorded_s
    tried(f"{_TINY} responses, {recorded_s:.1f} s CPU to record, {rebuilt_s:.1f} s to rebuild")
    assert rows_of(folder) == before
    assert len(before["capture"]) == _TINY
    assert verify(folder, deep=True, schedule=LookAgain()).findings == ()
