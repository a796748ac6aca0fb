"""What a version says is stored small, and read as it was, whatever is edited or corrected."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from archive.article import article_to_json
from archive.catalogue.connection import open_writer
from archive.catalogue.contents import ContentTable, pack, unpack
from archive.catalogue.reader import CatalogueReader
from archive.catalogue.schema import catalogue_migrations
from archive.errors import IntegrityError
from tests.archive.histories import Visitor, article, new_archive

EDITS = 40  # more than the versions that share a base
WORDS = [f"söz{number * number % 9973}" for number in range(400)]


@pytest.fixture
def live(tmp_path: Path) -> Visitor:
    """One article that was edited again and again."""
    visitor = Visitor(new_archive(tmp_path))
    visitor.start_run()
    for number in range(EDITS):
        visitor.see(article(text=f"{' '.join(WORDS)} Yeniləmə: {number}-ci saat.", blocks=()))
    visitor.store.commit()
    return visitor


@given(st.binary(), st.binary())
def test_what_is_packed_is_read_as_it_was(content: bytes, base: bytes) -> None:
    assert unpack(pack(content)) == content
    assert unpack(pack(content, base), pack(base)) == content


def test_a_flipped_bit_is_told_with_what_to_do() -> None:
    packed = bytearray(pack(b"Quba " * 100))
    packed[len(packed) // 2] ^= 1

    with pytest.raises(IntegrityError, match="salname rebuild"):
        unpack(bytes(packed))


def test_versions_of_a_live_article_cost_what_was_edited(live: Visitor) -> None:
    rows = live.catalogue.db.execute(
        "SELECT base_id, length(packed) FROM version_content ORDER BY version_id"
    ).fetchall()

    assert [number for number, (base, _) in enumerate(rows, 1) if base is None] == [1, 33]
    assert max(size for base, size in rows if base is not None) < 150
    with CatalogueReader.open(live.folder.catalogue_path) as reader:
        texts = [version.article.text for version in reader.versions_of(1)]
    assert [f"Yeniləmə: {number}-ci" in text for number, text in enumerate(texts)] == [True] * EDITS


def test_a_corrected_base_leaves_the_versions_that_are_held_against_it(live: Visitor) -> None:
    contents = ContentTable(live.catalogue.db)
    before = [contents.article(number) for number in range(2, EDITS)]
    corrected = replace(contents.article(1), text="Başqa mətn", section="İdman")

    contents.correct(1, corrected)

    assert contents.article(1) == corrected
    assert [contents.article(number) for number in range(2, EDITS)] == before


def test_texts_of_an_older_release_are_packed_as_a_rebuild_packs_them(
    tmp_path: Path, live: Visitor
) -> None:
    new = live.catalogue.db
    old = Database(tmp_path / "old.sqlite")
    catalogue_migrations.apply(old, stop_before="0012_contents")
    columns = [column.name for column in new["version"].columns]
    texts = ContentTable(new)
    for row in new.execute(f"SELECT {', '.join(columns)} FROM version").fetchall():  # noqa: S608
        content = article_to_json(texts.article(row[0])).decode()
        old["version"].insert({**dict(zip(columns, row, strict=True)), "content": content})  # type: ignore[union-attr]
    old.close()

    migrated = open_writer(tmp_path / "old.sqlite")

    packed = "SELECT * FROM version_content ORDER BY version_id"
    assert migrated.execute(packed).fetchall() == new.execute(packed).fetchall()
    assert json.loads(article_to_json(ContentTable(migrated).article(7)))["article_id"] == "1"
    migrated.close()
