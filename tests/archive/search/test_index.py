"""The index is a view: it follows the change log, and is made again when it cannot be trusted."""

import multiprocessing
import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import tantivy

from archive.catalogue.rows import ArticleRow, ChangeKind
from archive.errors import ArchiveError, ArchiveLocked
from archive.search import documents
from archive.search import index as index_room
from archive.search.files import committed_files
from archive.search.hits import search
from archive.search.index import SearchIndex
from archive.search.query import read_query
from tests.archive.search.small_catalogue import SmallCatalogue


def articles(count: int) -> SmallCatalogue:
    catalogue = SmallCatalogue()
    for number in range(1, count + 1):
        catalogue.add(f"Qərar {number}", "Nazirlər Kabineti yeni qərar qəbul edib. " * 5)
    return catalogue


def total(index: SearchIndex, query: str = "qərar") -> int:
    return search(index, read_query(query)).total


def test_a_folder_without_an_index_is_an_empty_index_and_stays_untouched(tmp_path: Path) -> None:
    with SearchIndex.open(tmp_path / "search") as index:
        assert (total(index), index.cursor) == (0, 0)

    assert not (tmp_path / "search").exists()


def test_catching_up_reads_each_change_once(tmp_path: Path) -> None:
    catalogue = articles(3)
    with SearchIndex.open(tmp_path) as index:
        assert index.catch_up(catalogue) == 3
        assert index.catch_up(catalogue) == 0
        catalogue.add("Qərar 4")
        assert index.catch_up(catalogue) == 1
        assert (total(index), index.cursor) == (4, 4)

    with SearchIndex.open(tmp_path) as index:
        assert index.catch_up(catalogue) == 0
        assert (total(index), index.cursor) == (4, 4)


def test_changes_without_a_version_move_the_mark_and_add_nothing(tmp_path: Path) -> None:
    catalogue = articles(1)
    catalogue.tell(ChangeKind.MISSING, 1, None)
    with SearchIndex.open(tmp_path) as index:
        index.catch_up(catalogue)

        assert (total(index), index.cursor) == (1, 2)


def test_a_corrected_version_takes_the_place_of_its_first_reading(tmp_path: Path) -> None:
    catalogue = articles(1)
    with SearchIndex.open(tmp_path) as index:
        index.catch_up(catalogue)
        corrected = SmallCatalogue()
        corrected.add("Fərman 1")
        catalogue.versions[1] = corrected.versions[1]
        catalogue.tell(ChangeKind.CORRECTED, 1, 1)
        index.catch_up(catalogue)

        assert total(index, "fərman") == 1
        assert total(index, "qərar") == 0


def held(index: SearchIndex) -> int:
    found = index.searcher()
    return found[0].num_docs - 1 if found else 0  # the mark is a document too


@pytest.mark.parametrize("at_once", [True, False])
def test_a_merged_article_is_not_found_until_the_merge_is_undone(
    tmp_path: Path, at_once: bool
) -> None:
    catalogue = articles(2)
    catalogue.add("Qərar bir daha", article_id=1)
    found = []
    with SearchIndex.open(tmp_path) as index:
        for kind, version_id in (
            (ChangeKind.MERGED, None),
            (ChangeKind.CORRECTED, 1),
            (ChangeKind.PARTED, None),
        ):
            if not at_once:
                index.catch_up(catalogue)
            catalogue.tell(kind, 1, version_id)
            index.catch_up(catalogue)
            found.append(held(index))
    with SearchIndex.open(tmp_path / "anew") as anew:
        anew.catch_up(catalogue)
        found.append(held(anew))

    assert found == [1, 1, 3, 3]


def cut_short(folder: Path) -> None:
    (folder / "meta.json").write_text("{")


def take_the_list_away(folder: Path) -> None:
    (folder / "meta.json").unlink()


def take_a_part_away(folder: Path) -> None:
    next(folder.glob("*.term")).unlink()


def put_another_index_there(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    schema = tantivy.SchemaBuilder().add_text_field("text").build()
    writer: tantivy.IndexWriter = tantivy.Index(schema, path=str(folder)).writer(15_000_000, 1)
    writer.add_document(tantivy.Document(text="qərar"))
    writer.commit()


@pytest.mark.parametrize(
    "harm", [cut_short, take_the_list_away, take_a_part_away, put_another_index_there]
)
def test_a_harmed_index_is_made_again_from_the_first_change(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    catalogue = articles(3)
    with SearchIndex.open(tmp_path) as index:
        index.catch_up(catalogue)
    harm(tmp_path)

    with SearchIndex.open(tmp_path) as index:
        assert total(index) == 0
        assert index.catch_up(catalogue) == 3
        assert total(index) == 3


def test_an_index_of_another_shape_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = articles(2)
    with SearchIndex.open(tmp_path) as index:
        index.catch_up(catalogue)
    monkeypatch.setattr(documents, "SHAPE", documents.SHAPE + 1)

    with SearchIndex.open(tmp_path) as index:
        assert index.catch_up(catalogue) == 2
        assert total(index) == 2


def test_an_index_of_another_catalogue_is_made_again(tmp_path: Path) -> None:
    with SearchIndex.open(tmp_path) as index:
        index.catch_up(articles(5))
    shorter = SmallCatalogue()
    shorter.add("Fərman 1")

    with SearchIndex.open(tmp_path) as index:
        assert index.catch_up(shorter) == 1
        assert (total(index, "fərman"), total(index, "qərar")) == (1, 0)


def test_readers_see_each_commit_of_a_writer_that_goes_on(tmp_path: Path) -> None:
    catalogue = articles(1)
    with SearchIndex.open(tmp_path) as writing, SearchIndex.open(tmp_path) as reading:
        assert total(reading) == 0
        writing.catch_up(catalogue)
        assert total(reading) == 1
        catalogue.add("Qərar 2")
        writing.catch_up(catalogue)
        assert total(reading) == 2


def test_a_second_writer_is_told_in_a_sentence_and_can_still_read(tmp_path: Path) -> None:
    catalogue = articles(1)
    with SearchIndex.open(tmp_path) as first, SearchIndex.open(tmp_path) as second:
        first.catch_up(catalogue)

        with pytest.raises(ArchiveLocked, match="Another process writes to the search index"):
            second.catch_up(catalogue)
        assert total(second) == 1

    with SearchIndex.open(tmp_path) as third:
        assert third.catch_up(catalogue) == 0


class TornCatalogue:
    """A catalogue that fails at its third article."""

    def __init__(self, whole: SmallCatalogue) -> None:
        self.changes_after = whole.changes_after
        self.version_by_id = whole.version_by_id
        self.changes_of = whole.changes_of
        self.articles = whole.articles

    def article_by_id(self, article_id: int) -> ArticleRow | None:
        if article_id == 3:
            raise KeyError(article_id)
        return self.articles[article_id]


def test_what_a_failed_catching_up_began_is_not_seen_later(tmp_path: Path) -> None:
    whole = articles(4)
    with SearchIndex.open(tmp_path) as index:
        with pytest.raises(KeyError):
            index.catch_up(TornCatalogue(whole))
        assert (total(index), index.cursor) == (0, 0)

        assert index.catch_up(whole) == 4
        assert total(index) == 4


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    catalogue = articles(1)
    with SearchIndex.open(tmp_path) as index:
        index.catch_up(catalogue)
        for path in tmp_path.iterdir():
            path.unlink()
        tmp_path.rmdir()
        tmp_path.write_text("no folder any more")
        catalogue.add("Qərar 2")

        with pytest.raises(ArchiveError, match="could not be written"):
            index.catch_up(catalogue)


def test_an_index_is_searched_where_tantivy_can_lay_no_lock(tmp_path: Path) -> None:
    catalogue = articles(2)
    with SearchIndex.open(tmp_path) as index:
        index.catch_up(catalogue)
    catalogue.add("Qərar 3")
    lock = tmp_path / ".tantivy-meta.lock"  # a folder there refuses it to root, too
    lock.unlink(missing_ok=True)
    lock.mkdir()

    with SearchIndex.open(tmp_path) as index:
        assert (total(index), index.cursor) == (2, 2)
        with pytest.raises(ArchiveError, match="could not be written"):
            index.catch_up(catalogue)
        assert total(index) == 2


def test_a_torn_list_of_deleted_documents_that_a_killed_commit_left_is_no_hindrance(
    tmp_path: Path,
) -> None:
    former, catalogue = tmp_path / "former", articles(3)
    with SearchIndex.open(tmp_path / "index") as index:
        index.catch_up(catalogue)
    shutil.copytree(index.folder, former)
    catalogue.tell(ChangeKind.CORRECTED, 1, 1)
    with SearchIndex.open(tmp_path / "index") as index:
        index.catch_up(catalogue)
        lists = list(index.folder.glob("*.del"))
    assert lists  # the next commit of the former index would name them so again
    for path in lists:
        (former / path.name).write_bytes(path.read_bytes()[:20])

    assert not {path.name for path in lists} & {path.name for path in committed_files(former)}
    with SearchIndex.open(former) as index:
        assert index.catch_up(catalogue) == 1
        assert (held(index), index.cursor) == (3, 4)


def _catch_up_in_steps(folder: Path, count: int) -> None:
    index_room.CHANGES_A_COMMIT = 7  # type: ignore[misc]  # many commits to be killed in
    with SearchIndex.open(folder) as index:
        index.catch_up(articles(count))


@pytest.mark.parametrize("after_s", [0.0, 0.02, 0.06, 0.15])
def test_a_killed_writer_leaves_an_index_that_goes_on_where_it_was(
    tmp_path: Path, after_s: float
) -> None:
    process = multiprocessing.get_context("spawn").Process(
        target=_catch_up_in_steps, args=(tmp_path, 300)
    )
    process.start()
    while not (tmp_path / "meta.json").exists() and process.is_alive():
        time.sleep(0.001)
    time.sleep(after_s)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()

    with SearchIndex.open(tmp_path) as index:
        known = index.cursor
        assert total(index) == known
        assert index.catch_up(articles(300)) == 300 - known
        assert (total(index), index.cursor) == (300, 300)
