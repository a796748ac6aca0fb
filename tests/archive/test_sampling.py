"""A verification of a sample finds what is wrong with the captures that were drawn."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from archive.catalogue.contents import pack
from archive.integrity import Damage
from archive.sampling import verify_sample
from archive.spool import segment_files
from tests.archive.histories import Visitor, article, new_archive


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    made = Visitor(new_archive(tmp_path))
    made.start_run()
    for number in range(20):
        made.see(article(number))
    made.store.commit()
    yield made
    made.store.abandon()
    made.catalogue.db.close()


def damages(visitor: Visitor) -> set[Damage]:
    found = verify_sample(visitor.folder, 1.0, Random(1))  # noqa: S311  no secret
    return {finding.damage for finding in found.findings}


def test_a_sample_of_a_sound_archive_has_no_findings(visitor: Visitor) -> None:
    found = verify_sample(visitor.folder, 0.3, Random(1))  # noqa: S311

    assert found.findings == ()
    assert 0 < found.records < found.captures == 20


@pytest.mark.parametrize("packed", [pack(b"{}"), pack(b"{}")[:-1]], ids=["another", "damaged"])
def test_a_version_that_is_not_what_was_read_is_found(visitor: Visitor, packed: bytes) -> None:
    visitor.catalogue.db.execute(
        "UPDATE version_content SET packed = ? WHERE version_id = 3", (packed,)
    )

    assert damages(visitor) == {Damage.CATALOGUE}


def test_a_story_that_its_links_do_not_make_is_found(visitor: Visitor) -> None:
    visitor.catalogue.db.execute(
        "INSERT OR REPLACE INTO story_link (article_id, other_id, is_later, shared, numbers, names)"
        " VALUES (5, 4, 0, 1, 1, 1)"
    )
    visitor.catalogue.db.execute("UPDATE article SET story_id = NULL WHERE id IN (4, 5)")

    assert damages(visitor) == {Damage.CATALOGUE}


def test_a_flipped_bit_of_a_record_is_found(visitor: Visitor) -> None:
    (path,) = segment_files(visitor.folder.segments_path)
    held = bytearray(path.read_bytes())
    held[len(held) // 2] ^= 1
    path.write_bytes(held)

    assert damages(visitor) == {Damage.SEGMENT}
