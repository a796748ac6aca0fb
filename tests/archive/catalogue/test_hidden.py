"""An article that is there but left every list of its site early is told as hidden."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.catalogue.reader import CatalogueReader
from archive.catalogue.rows import ChangeKind
from archive.ledger import AddressKind, Candidate
from archive.rebuilding import rebuild
from crawler.schedule import LookAgain
from tests.archive.histories import ROOT, Visitor, article, new_archive, rows_of

LENGTH = 8
KNOWN = 30  # articles that have come and gone before


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    home = Candidate(url=f"{ROOT}/", kind=AddressKind.LISTING, position=1)
    visitor = Visitor(new_archive(tmp_path), further=(home,))
    visitor.start_run()
    for newest in range(LENGTH, KNOWN + 1):
        visitor.see_list(*range(newest, newest - LENGTH, -1))
        visitor.see(article(newest))
    visitor.end_run()
    visitor.start_run()
    yield visitor
    visitor.close()


def told(visitor: Visitor, number: int) -> list[ChangeKind]:
    visitor.store.commit()
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        found = reader.find_article(article(number).url)
        assert found is not None
        assert (found.hidden_since is not None) == (
            ChangeKind.HIDDEN in [each.kind for each in reader.changes_of(found.id)][-1:]
        )
        return [each.kind for each in reader.changes_of(found.id)][1:]


def without(number: int, newest: int = KNOWN + 1) -> list[int]:
    return [each for each in range(newest, newest - LENGTH - 1, -1) if each != number]


def test_an_article_that_is_taken_off_its_list_and_is_there_is_hidden(visitor: Visitor) -> None:
    visitor.see_list(*without(KNOWN - 1))
    assert told(visitor, KNOWN - 1) == [], "nobody has looked whether it is there"

    visitor.see_unchanged(article(KNOWN - 1).url)
    visitor.see_unchanged(article(KNOWN - 1).url)

    assert told(visitor, KNOWN - 1) == [ChangeKind.HIDDEN]


def test_what_comes_back_to_a_list_is_told_too(visitor: Visitor) -> None:
    visitor.see_list(*without(KNOWN - 1))
    visitor.see_unchanged(article(KNOWN - 1).url)
    visitor.see_list(*range(KNOWN + 1, KNOWN + 1 - LENGTH, -1))

    assert told(visitor, KNOWN - 1) == [ChangeKind.HIDDEN, ChangeKind.LISTED]


def test_a_moved_article_that_leaves_the_list_in_its_turn_is_not_hidden(visitor: Visitor) -> None:
    number = KNOWN - LENGTH + 2
    moved = f"{article(number).url}yeni/"
    shown = range(KNOWN, KNOWN - LENGTH, -1)
    visitor.see_list_of(*(moved if each == number else article(each).url for each in shown))
    visitor.see(article(number, url=moved, canonical_url=moved))
    visitor.see_list(*range(KNOWN + 3, KNOWN + 3 - LENGTH, -1))
    visitor.see_unchanged(moved)
    visitor.store.commit()

    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        assert ChangeKind.HIDDEN not in [each.kind for each in reader.changes_after(0, 200)]


def test_an_article_that_moved_while_none_could_be_read_is_not_hidden(visitor: Visitor) -> None:
    number = KNOWN - 4
    moved = f"{article(number).url}yeni/"
    for newest in range(KNOWN, number + LENGTH + 1):
        shown = range(newest, newest - LENGTH, -1)
        visitor.see_list_of(*(moved if each == number else article(each).url for each in shown))
    visitor.miss(moved)

    visitor.see(article(number, url=moved, canonical_url=moved))

    assert told(visitor, number) == [ChangeKind.MOVED]


def test_what_the_end_of_the_list_pushed_off_is_not_hidden(visitor: Visitor) -> None:
    visitor.see_list(*range(KNOWN + 6, KNOWN + 6 - LENGTH, -1))
    visitor.see_unchanged(article(KNOWN - 3).url)

    assert told(visitor, KNOWN - 3) == []


def test_what_another_list_still_shows_is_not_hidden(visitor: Visitor) -> None:
    visitor.see_list(*range(KNOWN, KNOWN - 3, -1), titles={})
    visitor.see_list(*without(KNOWN - 1))
    visitor.see_unchanged(article(KNOWN - 1).url)

    assert told(visitor, KNOWN - 1) == []


def test_what_is_gone_is_not_hidden(visitor: Visitor) -> None:
    visitor.see_list(*without(KNOWN - 1))
    visitor.miss(article(KNOWN - 1).url)

    assert told(visitor, KNOWN - 1) == [ChangeKind.MISSING]


def test_what_is_listed_under_a_new_address_is_not_hidden(visitor: Visitor) -> None:
    url = f"{ROOT}/az/xeber/{KNOWN - 1}/park-ve-bag/"
    moved = replace(article(KNOWN - 1), url=url, canonical_url=url)
    visitor.see_list_of(url, *(article(each).url for each in without(KNOWN - 1)))
    visitor.see(moved)
    visitor.see(moved)

    assert told(visitor, KNOWN - 1) == [ChangeKind.MOVED]


def test_a_list_that_is_made_by_hand_says_nothing(visitor: Visitor) -> None:
    for newest in range(KNOWN + 1, KNOWN + 20):
        visitor.see_list(*without(newest - 1, newest))
        visitor.see(article(newest))
        visitor.see_list(*range(newest, newest - LENGTH, -1))
    visitor.end_run()
    visitor.start_run()
    newest = KNOWN + 20
    visitor.see_list(*without(newest - 2, newest))
    visitor.see_unchanged(article(newest - 2).url)

    assert ChangeKind.HIDDEN not in told(visitor, newest - 2)[-1:]


def test_a_rebuild_comes_to_the_same_hidden_articles(visitor: Visitor, tmp_path: Path) -> None:
    visitor.see_list(*without(KNOWN - 1))
    visitor.see_unchanged(article(KNOWN - 1).url)
    visitor.see_list(*without(KNOWN - 2, KNOWN + 2))
    visitor.store.close()
    held = rows_of(visitor.folder)
    assert len(held["sighting"]) == 2

    visitor.folder.catalogue_path.rename(tmp_path / "aside.sqlite")
    rebuild(visitor.folder, LookAgain())

    assert rows_of(visitor.folder) == held
