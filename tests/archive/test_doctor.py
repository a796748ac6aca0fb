"""The doctor sees what is wrong with an archive, says what to do, and finds nothing in a well one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from archive.doctor import examine
from archive.folder import ArchiveFolder
from tests.archive.histories import Visitor, article, new_archive


@pytest.fixture
def folder(tmp_path: Path) -> ArchiveFolder:
    visitor = Visitor(new_archive(tmp_path))
    visitor.start_run()
    visitor.see(article(1))
    visitor.store.close(seal_from_bytes=0)
    visitor.start_run()
    visitor.end_run()
    visitor.close()
    return visitor.folder


def troubles(folder: ArchiveFolder) -> list[str]:
    return [f"{sign.about}: {sign.sentence}" for sign in examine(folder) if not sign.is_well]


def lose_the_catalogue(folder: ArchiveFolder) -> None:
    folder.catalogue_path.unlink()


def spoil_the_catalogue(folder: ArchiveFolder) -> None:
    held = bytearray(folder.catalogue_path.read_bytes())
    held[4096 : 4096 * 6] = b"\xff" * 4096 * 5
    folder.catalogue_path.write_bytes(held)


def lose_a_segment(folder: ArchiveFolder) -> None:
    next(folder.segments_path.glob("*.warc.gz")).unlink()


def cut_a_segment(folder: ArchiveFolder) -> None:
    path = next(folder.segments_path.glob("*.warc.gz"))
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-5])


def unmount_the_store(folder: ArchiveFolder) -> None:
    folder.settings_path.write_text('[store]\nkind = "folder"\npath = "away"\n')


def misspell_the_store(folder: ArchiveFolder) -> None:
    folder.settings_path.write_text('[store]\nkind = "tape"\n')


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lose_the_catalogue, "catalogue: There is no catalogue beside these segments. Run"),
        (spoil_the_catalogue, "salname rebuild"),
        (lose_a_segment, "is not there. Take it from another copy"),
        (cut_a_segment, "were acknowledged. Take it from another copy"),
        (unmount_the_store, "Mount its disk"),
        (misspell_the_store, "'tape' is not one of folder, s3"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_each_trouble_is_seen_with_what_to_do(
    folder: ArchiveFolder, spoil: Callable[[ArchiveFolder], None], said: str
) -> None:
    before = troubles(folder)

    spoil(folder)

    assert before == []
    assert any(said in trouble for trouble in troubles(folder))
