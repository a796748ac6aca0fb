"""A start after an unclean stop brings an archive in order by itself, and says so in one line."""

from pathlib import Path

import pytest

from archive.errors import LaterCatalogue
from archive.folder import ArchiveFolder
from archive.integrity import verify
from archive.recovery import Start, start
from archive.spool import segment_files
from crawler.schedule import LookAgain
from tests.archive.histories import Visitor, article, new_archive, rows_of


@pytest.fixture
def folder(tmp_path: Path) -> ArchiveFolder:
    """An archive of one clean run."""
    made = new_archive(tmp_path)
    visitor = Visitor(made)
    visitor.start_run()
    for number in range(3):
        visitor.see(article(number))
    visitor.end_run()
    visitor.close()
    return made


def started(folder: ArchiveFolder) -> Start:
    begun = start(folder, LookAgain())
    begun.db.close()
    return begun


def test_a_clean_start_says_nothing(folder: ArchiveFolder) -> None:
    assert started(folder).sentence is None


def test_a_killed_run_is_told_in_one_line(folder: ArchiveFolder) -> None:
    visitor = Visitor(folder, runs=1)
    visitor.spool.resume()
    visitor.start_run()
    visitor.see(article(7))
    visitor.store.abandon()
    visitor.catalogue.db.close()
    with segment_files(folder.segments_path)[0].open("ab") as file:
        file.write(b"\x1f\x8b\x08\x00torn")

    begun = started(folder)

    assert begun.sentence == (
        "The last run did not end cleanly: 1 entry picked up from the segments, "
        "8 torn bytes cut off and set aside."
    )


def test_a_broken_catalogue_is_set_aside_and_made_anew(folder: ArchiveFolder) -> None:
    before = rows_of(folder)
    held = bytearray(folder.catalogue_path.read_bytes())
    held[4096:8192] = b"\xff" * 4096
    folder.catalogue_path.write_bytes(held)

    begun = started(folder)

    assert begun.sentence == (
        "The last run did not end cleanly: its catalogue was broken, lies aside as "
        "catalogue.sqlite.damaged-1 and was made anew of 5 entries."
    )
    assert folder.catalogue_path.with_name("catalogue.sqlite.damaged-1").read_bytes() == held
    assert rows_of(folder) == before
    assert verify(folder, deep=True, schedule=LookAgain()).findings == ()


def test_a_deleted_catalogue_is_made_anew(folder: ArchiveFolder) -> None:
    before = rows_of(folder)
    folder.catalogue_path.unlink()

    begun = started(folder)

    assert begun.sentence == (
        "The last run did not end cleanly: its catalogue was missing and was made anew of "
        "5 entries."
    )
    assert rows_of(folder) == before


def test_a_catalogue_of_a_later_release_is_left_as_it_is(folder: ArchiveFolder) -> None:
    visitor = Visitor(folder)
    visitor.catalogue.db.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('salname', '9999_later', '2030-01-01')"
    )
    visitor.catalogue.db.close()
    before = folder.catalogue_path.read_bytes()

    with pytest.raises(LaterCatalogue, match="later release"):
        start(folder, LookAgain())

    assert folder.catalogue_path.read_bytes() == before
