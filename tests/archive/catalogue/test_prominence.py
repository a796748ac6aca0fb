"""Places on lists: a small history, which a rebuild makes anew, and the titles of feeds alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.catalogue.prominence import PlaceRow, places_of
from archive.catalogue.reader import CatalogueReader
from archive.feed_titles import unseen_titles
from archive.rebuilding import rebuild
from crawler.schedule import LookAgain
from tests.archive.histories import ROOT, Visitor, article, new_archive, rows_of


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    visitor = Visitor(new_archive(tmp_path))
    visitor.start_run()
    yield visitor
    visitor.close()


def places(visitor: Visitor, number: int) -> tuple[PlaceRow, ...]:
    visitor.store.commit()
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        found = reader.find_article(article(number).url)
        assert found is not None
        return places_of(reader.db, found.id)


def test_places_are_kept_from_when_to_when(visitor: Visitor) -> None:
    visitor.see_list(3, 2, 1)
    visitor.see(article(2))
    visitor.see_list(3, 2, 1)
    visitor.see_list(4, 3, 2)
    visitor.see_list(5, 4, 3)

    found = places(visitor, 2)

    assert [(place.list_url, place.position, place.is_now) for place in found] == [
        (f"{ROOT}/", 2, False),
        (f"{ROOT}/", 3, False),
    ]
    assert found[0].first_seen_at < found[0].last_seen_at < found[1].first_seen_at
    assert found[1].first_seen_at == found[1].last_seen_at


def test_a_list_that_is_as_it_was_keeps_its_articles_where_they_are(visitor: Visitor) -> None:
    visitor.see_list(2, 1)
    visitor.see(article(2))
    before = places(visitor, 2)
    visitor.see_unchanged(f"{ROOT}/")

    (now,) = places(visitor, 2)

    assert now.is_now
    assert now.first_seen_at == before[0].first_seen_at
    assert now.last_seen_at > before[0].last_seen_at


def test_a_page_without_articles_moves_nothing(visitor: Visitor) -> None:
    visitor.see_list(2, 1)
    visitor.see(article(2))
    visitor.see_list()

    assert [place.is_now for place in places(visitor, 2)] == [True]


def test_a_title_that_a_feed_alone_had_is_told(visitor: Visitor) -> None:
    visitor.see_list(2, 1, titles={1: "Park bağlanır", 2: "Park yenilənir 2"})
    visitor.see_list(2, 1, titles={1: "Park yenilənir 1 - FOTO", 2: "Parkda konsert"})
    for number in (1, 2):
        visitor.see(article(number))
    visitor.store.commit()

    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        told = [[each.title for each in unseen_titles(reader, number)] for number in (1, 2)]

    assert told == [["Park bağlanır"], ["Parkda konsert"]]


def test_a_rebuild_comes_to_the_same_places(visitor: Visitor, tmp_path: Path) -> None:
    for first in range(1, 30):
        visitor.see_list(*range(first + 5, first, -1))
        visitor.see(article(first))
        visitor.see_list(first + 5, first + 3, titles={first + 3: f"Başqa başlıq {first}"})
    visitor.end_run()
    visitor.store.close()
    held = rows_of(visitor.folder)
    assert len(held["prominence"]) > 100
    assert len(held["feed_title"]) > 20

    visitor.folder.catalogue_path.rename(tmp_path / "aside.sqlite")
    rebuild(visitor.folder, LookAgain())

    assert rows_of(visitor.folder) == held
