"""Two articles found to be one go on as one, their history stays, and a wrong merge is undone."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.article import Block, BlockKind
from archive.catalogue.reader import CatalogueReader
from archive.catalogue.rows import ChangeKind
from archive.moments import stamp
from archive.reading import Verdict
from archive.rebuilding import rebuild
from archive.search.hits import search
from archive.search.index import SearchIndex
from archive.search.query import read_query
from archive.search.soundness import check_index
from crawler.schedule import LookAgain
from tests.archive.histories import ROOT, SOURCE, Visitor, article, new_archive, rows_of

OLD = article(1, headline="Park yenilənir", title="Park yenilənir")
NEW = article(2, headline="Park yenilənir", title="Park yenilənir")


@pytest.fixture
def visitor(tmp_path: Path) -> Visitor:
    made = Visitor(new_archive(tmp_path))
    made.start_run()
    return made


def told(visitor: Visitor) -> list[tuple[ChangeKind, int]]:
    visitor.store.commit()
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        return [(each.kind, each.article_id) for each in reader.changes_after(0, 100)]


def judge(visitor: Visitor, *, is_one: bool) -> None:
    visitor.store.note(
        Verdict(
            at=stamp(visitor.now),
            is_one=is_one,
            key=f"{SOURCE}#1",
            other_key=f"{SOURCE}#2",
            why="iki ayrı xəbər" if not is_one else "eyni xəbər",
        )
    )


def merge_by_redirect(visitor: Visitor) -> None:
    visitor.see(OLD)
    visitor.see(NEW)
    visitor.be_redirected(OLD.url, NEW.url)
    visitor.see(NEW)


def test_an_address_that_redirects_to_the_same_text_makes_two_articles_one(
    visitor: Visitor,
) -> None:
    merge_by_redirect(visitor)

    assert told(visitor)[2:] == [(ChangeKind.MERGED, 1)]
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        assert reader.find_article(OLD.url) == reader.find_article(f"{SOURCE}#1")
        assert reader.find_article(OLD.url) == reader.article_by_id(2)
        assert [row.id for row in reader.articles_of(SOURCE)] == [2]
        assert len(reader.versions_of(1)) == 1  # the history stays
        assert [each.article_id for each in reader.changes_of(2)] == [1, 2, 1]
        (change,) = reader.changes_after(2, 9)
        assert change.detail == {"into": 2, "key": f"{SOURCE}#2", "why": "address"}


def test_a_canonical_link_merges_when_the_other_side_confirms_it(visitor: Visitor) -> None:
    visitor.see(OLD)
    visitor.see(replace(NEW, url=OLD.url), at=OLD.url)  # it says that it is the other
    assert told(visitor) == [(ChangeKind.APPEARED, 1), (ChangeKind.APPEARED, 2)]

    visitor.see(NEW)

    assert told(visitor)[2:] == [(ChangeKind.MERGED, 1)]


def test_an_address_that_redirects_to_another_text_merges_nothing(visitor: Visitor) -> None:
    other = "Körpünün təmiri başa çatıb, hərəkət bərpa olunub."
    visitor.see(OLD)
    visitor.see(article(2, text=other, blocks=(Block(kind=BlockKind.PARAGRAPH, text=other),)))
    visitor.be_redirected(OLD.url, NEW.url)
    visitor.see(article(2, text=other, blocks=(Block(kind=BlockKind.PARAGRAPH, text=other),)))

    assert ChangeKind.MERGED not in dict(told(visitor))


def test_the_same_text_under_a_new_id_is_a_story_and_no_merge(visitor: Visitor) -> None:
    visitor.see(OLD)
    visitor.see(NEW)
    visitor.see(NEW)

    assert ChangeKind.MERGED not in dict(told(visitor))


def test_what_is_read_under_the_old_key_belongs_to_the_one_that_goes_on(visitor: Visitor) -> None:
    merge_by_redirect(visitor)
    visitor.see(replace(OLD, text=OLD.text.replace("iki yüz", "üç yüz")), at=f"{ROOT}/m/1/")

    assert told(visitor)[-1] == (ChangeKind.EDITED, 2)


def test_a_merge_that_a_person_undoes_stays_undone(visitor: Visitor) -> None:
    merge_by_redirect(visitor)
    judge(visitor, is_one=False)
    visitor.be_redirected(OLD.url, NEW.url)
    visitor.see(NEW)

    assert told(visitor)[2:] == [(ChangeKind.MERGED, 1), (ChangeKind.PARTED, 1)]
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        assert reader.find_article(f"{SOURCE}#1") == reader.article_by_id(1)

    judge(visitor, is_one=True)

    assert told(visitor)[-1] == (ChangeKind.MERGED, 1)


def test_a_search_finds_the_one_that_goes_on(visitor: Visitor, tmp_path: Path) -> None:
    merge_by_redirect(visitor)
    visitor.store.commit()
    with (
        CatalogueReader.open(visitor.folder.catalogue_path) as reader,
        SearchIndex.open(tmp_path / "search") as index,
    ):
        index.catch_up(reader)

        assert [hit.article_id for hit in search(index, read_query("park")).hits] == [2]
        assert check_index(index.folder, reader) == ()


def test_a_rebuild_comes_to_the_same_merges(visitor: Visitor) -> None:
    merge_by_redirect(visitor)
    judge(visitor, is_one=False)
    judge(visitor, is_one=True)
    visitor.end_run()
    visitor.close()
    before = rows_of(visitor.folder)

    rebuild(visitor.folder, LookAgain())

    assert rows_of(visitor.folder) == before
    assert before["identity"]
