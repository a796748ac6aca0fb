"""A search index that is not as tantivy wrote it is told; one that is is not."""

from pathlib import Path

import pytest

from archive.catalogue.reader import CatalogueReader
from archive.search.index import SearchIndex
from archive.search.soundness import check_index
from tests.archive.histories import Visitor, article, new_archive


@pytest.fixture
def catalogue_path(tmp_path: Path) -> Path:
    """A catalogue of three versions, with an index beside it."""
    folder = new_archive(tmp_path)
    visitor = Visitor(folder)
    visitor.start_run()
    for number in range(3):
        visitor.see(article(number))
    visitor.end_run()
    visitor.close()
    with (
        CatalogueReader.open(folder.catalogue_path) as reader,
        SearchIndex.open(folder.search_path) as index,
    ):
        index.catch_up(reader)
    return folder.catalogue_path


def wrong_with(catalogue_path: Path) -> tuple[str, ...]:
    with CatalogueReader.open(catalogue_path) as reader:
        return check_index(catalogue_path.with_name("search"), reader)


def test_an_index_that_is_whole_is_told_nothing_of(catalogue_path: Path) -> None:
    assert wrong_with(catalogue_path) == ()


@pytest.mark.parametrize("ending", ["store", "term", "idx"])
def test_every_changed_byte_of_a_footer_is_told(catalogue_path: Path, ending: str) -> None:
    (path,) = catalogue_path.with_name("search").glob(f"*.{ending}")
    held = path.read_bytes()
    untold = []
    for at in range(len(held) - 94, len(held)):
        path.unlink()  # tantivy may have the old one mapped
        path.write_bytes(held[:at] + bytes([held[at] ^ 1]) + held[at + 1 :])
        if not wrong_with(catalogue_path):
            untold.append(at)

    assert untold == []


def test_an_index_that_cannot_be_opened_is_told(catalogue_path: Path) -> None:
    path = catalogue_path.with_name("search") / "meta.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"segment_id"', '"segment"', 1))

    (wrong,) = wrong_with(catalogue_path)

    assert wrong.endswith("`salname verify --repair` makes the index anew.")
