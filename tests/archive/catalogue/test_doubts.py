"""A page that came without its end makes no version before another look has read the same."""

from datetime import timedelta
from pathlib import Path

from archive.article import Article
from archive.rebuilding import rebuild
from crawler.schedule import LookAgain
from tests.archive.histories import TEXT, Visitor, article, new_archive, rows_of

WHOLE = article(text=f"{TEXT}\n\nMüsabiqəyə sənədlər martın sonuna qədər qəbul olunur.")
CUT = article(text=TEXT, photos=())  # it ends with a sentence, and what stands below it is gone
URL = WHOLE.url


def visited(tmp_path: Path, *, closes: bool = True) -> Visitor:
    visitor = Visitor(new_archive(tmp_path), group=1)
    visitor.start_run()
    visitor.see(WHOLE, unclosed=not closes)
    return visitor


def see_after(visitor: Visitor, found: Article, hours: float, *, unclosed: bool = True) -> int:
    """How many versions the article has after another look."""
    visitor.now += timedelta(hours=hours)
    visitor.see(found, unclosed=unclosed)
    return int(visitor.catalogue.db.execute("SELECT versions FROM article").fetchone()[0])


def test_a_page_without_its_end_is_asked_for_again_soon_and_makes_no_version(
    tmp_path: Path,
) -> None:
    visitor = visited(tmp_path)

    assert see_after(visitor, CUT, 24) == 1
    row = visitor.catalogue.db.execute("SELECT state, reason FROM ledger WHERE url = ?", (URL,))
    assert row.fetchone() == ("failed", "the page came without its end")
    assert URL in visitor.due(after=timedelta(minutes=15))
    assert see_after(visitor, WHOLE, 1, unclosed=False) == 1
    visitor.close()


def test_a_text_that_is_short_half_a_day_later_still_was_shortened(tmp_path: Path) -> None:
    visitor = visited(tmp_path)

    assert [see_after(visitor, CUT, hours) for hours in (24, 1, 6, 6)] == [1, 1, 1, 2]
    visitor.close()


def test_a_page_that_was_whole_between_two_halves_begins_the_doubt_anew(tmp_path: Path) -> None:
    visitor = visited(tmp_path)
    see_after(visitor, CUT, 24)
    see_after(visitor, WHOLE, 6, unclosed=False)

    assert see_after(visitor, CUT, 24) == 1
    visitor.close()


def test_where_pages_are_never_closed_a_shorter_text_is_an_edit_at_once(tmp_path: Path) -> None:
    visitor = visited(tmp_path, closes=False)

    assert see_after(visitor, CUT, 24) == 2
    visitor.close()


def test_a_closed_page_with_a_shorter_text_is_an_edit_at_once(tmp_path: Path) -> None:
    visitor = visited(tmp_path)

    assert see_after(visitor, CUT, 24, unclosed=False) == 2
    visitor.close()


def test_a_rebuild_comes_to_the_same_doubts(tmp_path: Path) -> None:
    visitor = visited(tmp_path)
    for hours in (24, 1, 14, 1):
        see_after(visitor, CUT, hours)
    see_after(visitor, WHOLE, 24, unclosed=False)
    see_after(visitor, CUT, 24)
    visitor.end_run()
    visitor.close()
    before = rows_of(visitor.folder)

    rebuild(visitor.folder, LookAgain())

    assert before["doubt"] != []
    assert rows_of(visitor.folder) == before
