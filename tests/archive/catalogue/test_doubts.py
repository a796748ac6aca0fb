"""A page that came without its end makes no version before another look has read the same."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.article import Article
from archive.catalogue.reader import CatalogueReader
from archive.catalogue.rows import VersionSummary
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


def met_half(tmp_path: Path, text: str, *, truncated: str | None = None) -> Visitor:
    """An article whose page came without its end when it was met."""
    visitor = Visitor(new_archive(tmp_path), group=1)
    visitor.start_run()
    half = article(text=text, photos=())
    visitor.see(half, unclosed=truncated is None, truncated=truncated, etag='"1"')
    return visitor


def told(visitor: Visitor) -> list[str]:
    rows = visitor.catalogue.db.execute("SELECT kind FROM change ORDER BY id")
    return [kind for (kind,) in rows]


@pytest.mark.parametrize("text", [TEXT, TEXT[:100], WHOLE.text[:-5]])
def test_what_was_missing_of_an_article_that_was_met_half_completes_it_and_is_no_edit(
    tmp_path: Path, text: str
) -> None:
    visitor = met_half(tmp_path, text)

    assert see_after(visitor, WHOLE, 1, unclosed=False) == 2
    assert told(visitor) == ["appeared", "completed"]
    first, last = visitor.catalogue.db.execute(
        "SELECT first_seen_at, last_changed_at FROM article"
    ).fetchone()
    assert first == last  # the ladder of looks goes on as for an article that nobody edited
    assert [each.is_in_doubt for each in versions_in(visitor)] == [True, False]
    visitor.close()


def test_the_second_look_at_an_article_that_was_met_half_asks_for_it_whole(tmp_path: Path) -> None:
    visitor = met_half(tmp_path, TEXT)
    etags = "SELECT etag FROM ledger WHERE url = ?"

    assert visitor.catalogue.db.execute(etags, (URL,)).fetchone() == (None,)
    visitor.see(WHOLE, etag='"2"')
    assert visitor.catalogue.db.execute(etags, (URL,)).fetchone() == ('"2"',)
    visitor.close()


def test_an_answer_that_is_known_to_be_cut_is_completed_too(tmp_path: Path) -> None:
    visitor = met_half(tmp_path, TEXT[:100], truncated="disconnect")

    see_after(visitor, WHOLE, 1, unclosed=False)

    assert told(visitor) == ["appeared", "completed"]
    visitor.close()


def test_a_version_that_two_looks_have_read_is_no_longer_in_doubt(tmp_path: Path) -> None:
    visitor = met_half(tmp_path, TEXT)
    assert [each.is_in_doubt for each in versions_in(visitor)] == [True]

    visitor.now += timedelta(hours=1)
    visitor.see(CUT, unclosed=True)

    assert [each.is_in_doubt for each in versions_in(visitor)] == [False]
    visitor.close()


def test_another_text_under_the_beginning_or_another_beginning_is_an_edit(tmp_path: Path) -> None:
    visitor = met_half(tmp_path, TEXT.replace("payızda", "yazda"))

    see_after(visitor, WHOLE, 1, unclosed=False)
    see_after(visitor, article(text=f"{WHOLE.text} Əlavə olunub."), 1, unclosed=False)

    assert told(visitor) == ["appeared", "edited", "edited"]
    visitor.close()


def test_where_pages_are_never_closed_a_longer_text_is_an_edit(tmp_path: Path) -> None:
    visitor = visited(tmp_path, closes=False)

    see_after(visitor, article(text=f"{WHOLE.text}\nƏlavə olunub."), 1)

    assert told(visitor) == ["appeared", "edited"]
    visitor.close()


def test_a_correction_keeps_a_completion_what_it_is(tmp_path: Path) -> None:
    visitor = met_half(tmp_path, TEXT)
    see_after(visitor, WHOLE, 1, unclosed=False)
    visitor.see(replace(WHOLE, section="Şəhər"), unclosed=False)  # the same bytes, read better

    kinds = "SELECT kind FROM version_edit JOIN version ON id = version_id WHERE number = 2"
    assert ("completed",) in visitor.catalogue.db.execute(kinds).fetchall()
    assert told(visitor) == ["appeared", "completed", "corrected"]
    visitor.close()


def test_a_rebuild_tells_the_same_completion(tmp_path: Path) -> None:
    visitor = met_half(tmp_path, TEXT)
    see_after(visitor, WHOLE, 1, unclosed=False)
    visitor.end_run()
    visitor.close()
    before = rows_of(visitor.folder)

    rebuild(visitor.folder, LookAgain())

    assert rows_of(visitor.folder) == before


def versions_in(visitor: Visitor) -> tuple[VersionSummary, ...]:
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        return reader.version_list(1)


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
