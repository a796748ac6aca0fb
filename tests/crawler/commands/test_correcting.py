"""A person says which articles are one; old answers are read anew with today's rules."""

from dataclasses import replace
from pathlib import Path

from archive.catalogue.connection import open_writer
from archive.catalogue.contents import ContentTable
from tests.archive.histories import rows_of
from tests.crawler.conftest import Days


def test_reading_everything_anew_by_the_same_rules_corrects_nothing(
    days: Days, tmp_path: Path
) -> None:
    archive = days.third.archive.copy_to(tmp_path / "archive")

    done = archive.ask("reextract", "--sources", str(archive.sources))

    assert done.out == ""
    assert done.code == 0, done.err
    assert done.err.startswith("0 versions corrected")


def test_what_an_older_extractor_read_worse_is_corrected_and_a_rebuild_agrees(
    days: Days, tmp_path: Path
) -> None:
    archive = days.third.archive.copy_to(tmp_path / "archive")
    db = open_writer(archive.folder.catalogue_path)
    with db.atomic():
        contents = ContentTable(db)
        contents.correct(1, replace(contents.article(1), title="Park"))
    db.close()

    tried = archive.ask("reextract", "--dry-run", "--sources", str(archive.sources))
    done = archive.ask("reextract", "--sources", str(archive.sources))
    again = archive.ask("reextract", "--sources", str(archive.sources))

    assert tried.out == done.out
    assert "version 1: title" in done.out
    assert again.out == ""
    before = rows_of(archive.folder)
    assert sum("corrected" in map(str, row) for row in before["change"]) == 1


def test_two_articles_are_merged_and_parted_by_hand(days: Days, tmp_path: Path) -> None:
    archive = days.third.archive.copy_to(tmp_path / "archive")

    merged = archive.ask("articles", "merge", "1", "2", "--why", "eyni xəbər")
    parted = archive.ask("articles", "part", "1", "2")
    unknown = archive.ask("articles", "part", "1", "999999")
    before = rows_of(archive.folder)
    archive.ask("rebuild")

    assert (merged.out, merged.code) == ("1 is one with 2 now.\n", 0)
    assert (parted.out, parted.code) == ("1 and 2 are two articles.\n", 0)
    assert unknown.code == 2
    assert rows_of(archive.folder) == before
    assert [row[2] for row in sorted(before["change"])[-2:]] == ["merged", "parted"]
