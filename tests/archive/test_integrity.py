"""A verification finds every damage, says what repairs it, and takes nothing else for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.catalogue.schema import catalogue_migrations
from archive.folder import ArchiveFolder
from archive.integrity import Damage, Verification, verify
from archive.members import member_of
from archive.recovery import start
from archive.segment_reading import walk_records
from archive.spool import segment_files
from archive.warc import RecordType, record_bytes
from crawler.schedule import LookAgain
from tests.archive.histories import Visitor, article, new_archive


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    made = Visitor(new_archive(tmp_path))
    made.start_run()
    made.see(article(1))
    made.see(article(2))
    made.store.commit()
    yield made
    made.store.abandon()
    made.catalogue.db.close()


def segment_of(folder: ArchiveFolder) -> Path:
    (path,) = segment_files(folder.segments_path)
    return path


def damages(found: Verification) -> list[Damage]:
    return [finding.damage for finding in found.findings]


def test_an_archive_that_is_well_has_no_findings(visitor: Visitor) -> None:
    found = verify(visitor.folder)

    assert (found.segments, found.captures, found.unnamed, found.torn_bytes) == (1, 2, 0, 0)
    assert found.findings == ()


def test_what_a_kill_leaves_unacknowledged_is_counted_and_no_damage(visitor: Visitor) -> None:
    visitor.see(article(3))
    with segment_of(visitor.folder).open("ab") as file:
        file.write(b"\x1f\x8b\x08\x00torn")

    found = verify(visitor.folder, deep=True, schedule=LookAgain())

    assert (found.captures, found.unnamed, found.torn_bytes) == (2, 1, 8)
    assert found.findings == ()


def test_a_record_forged_in_its_text_is_damage_although_it_unpacks(visitor: Visitor) -> None:
    path = segment_of(visitor.folder)
    location, record = list(walk_records(path))[-1]
    forged = record_bytes(record).replace("Park yenilənir".encode(), "Bark yenilənir".encode())
    with path.open("ab") as file:
        file.write(member_of(forged))

    found = verify(visitor.folder)

    assert record.type is RecordType.METADATA
    assert damages(found) == [Damage.PAYLOAD]
    assert str(location.offset + location.length) in found.findings[0].sentence


def test_an_acknowledged_record_that_is_torn_is_damage(visitor: Visitor) -> None:
    path = segment_of(visitor.folder)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 10)

    found = verify(visitor.folder)

    assert Damage.SEGMENT in damages(found)
    assert found.torn_bytes == 0


def test_a_flipped_bit_is_found(visitor: Visitor) -> None:
    path = segment_of(visitor.folder)
    held = bytearray(path.read_bytes())
    held[len(held) // 2] ^= 1
    path.write_bytes(held)

    assert Damage.SEGMENT in damages(verify(visitor.folder))


def test_a_lost_segment_is_one_finding_that_says_how_much_it_held(visitor: Visitor) -> None:
    segment_of(visitor.folder).unlink()

    found = verify(visitor.folder)

    assert damages(found) == [Damage.MISSING]
    assert "of which the catalogue names 2 records, is not there" in found.findings[0].sentence


def test_a_catalogue_that_says_something_else_than_its_segment_is_damage(visitor: Visitor) -> None:
    visitor.catalogue.db.execute("UPDATE capture SET length = length + 1 WHERE id = 1")

    found = verify(visitor.folder)

    assert damages(found) == [Damage.CATALOGUE]
    assert "Run `salname rebuild`" in found.findings[0].sentence


def test_a_segment_in_a_state_that_is_none_is_damage_of_the_catalogue(visitor: Visitor) -> None:
    db = visitor.catalogue.db
    db.execute("PRAGMA ignore_check_constraints = 1")  # as a flipped bit does
    db.execute("UPDATE segment SET state = 'npen'")
    db.execute("PRAGMA ignore_check_constraints = 0")

    found = verify(visitor.folder)

    assert Damage.CATALOGUE in damages(found)


def test_a_table_that_is_not_as_it_was_made_is_damage_of_the_catalogue(visitor: Visitor) -> None:
    db = visitor.catalogue.db
    db.execute("PRAGMA writable_schema = ON")
    db.execute("UPDATE sqlite_master SET name = 'aRticle' WHERE name = 'article'")  # one bit

    found = verify(visitor.folder)

    assert set(damages(found)) == {Damage.CATALOGUE}
    assert any(
        "the table aRticle is not as it was made" in each.sentence for each in found.findings
    )


def test_a_catalogue_that_is_garbage_is_told_and_the_segments_are_read_all_the_same(
    visitor: Visitor,
) -> None:
    visitor.catalogue.db.close()  # else SQLite reads on from its log
    visitor.folder.catalogue_path.write_bytes(b"no catalogue at all" * 100)

    found = verify(visitor.folder)

    assert damages(found) == [Damage.CATALOGUE]
    assert "salname rebuild" in found.findings[0].sentence
    assert found.records > 0


def of_older_release(visitor: Visitor) -> ArchiveFolder:
    """The archive with a catalogue of the last release but one, which names nothing."""
    path = visitor.folder.catalogue_path
    visitor.catalogue.db.close()
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()
    older = Database(path)
    names = [migration.name for migration in catalogue_migrations._migrations]
    catalogue_migrations.apply(older, stop_before=names[-1])
    older.close()
    return visitor.folder


def test_a_catalogue_of_an_older_release_is_no_damage_and_the_next_start_brings_it_up(
    visitor: Visitor,
) -> None:
    folder = of_older_release(visitor)
    found = verify(folder, deep=True, schedule=LookAgain())
    begun = start(folder, LookAgain())
    begun.db.close()
    afterwards = verify(folder, deep=True, schedule=LookAgain())

    assert (found.findings, found.unnamed, found.is_of_older_release) == ((), 0, True)
    assert begun.aside is None
    assert (afterwards.captures, afterwards.is_of_older_release) == (2, False)
    assert damages(afterwards) == []


def test_a_catalogue_that_only_says_that_it_is_of_an_older_release_is_damaged(
    visitor: Visitor,
) -> None:
    with visitor.catalogue.db.atomic():
        visitor.catalogue.db.execute(
            "DELETE FROM _sqlite_migrations WHERE id = (SELECT max(id) FROM _sqlite_migrations)"
        )

    found = verify(visitor.folder)

    assert set(damages(found)) == {Damage.CATALOGUE}
    assert not found.is_of_older_release
