"""A check of a store finds each object that is not what was stored, and nothing else."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.objects import FolderStore
from archive.store_check import check_store
from archive.upload import send_sealed
from tests.archive.histories import Visitor, article, new_archive


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    made = Visitor(new_archive(tmp_path))
    made.start_run()
    made.see(article(1))
    made.store.close(seal_from_bytes=0)
    send_sealed(
        made.folder,
        FolderStore(tmp_path / "disk"),
        made.catalogue,
        keep=timedelta(days=9999),
        clock=lambda: datetime.now(UTC),
    )
    yield made
    made.catalogue.db.close()


def spoil(path: Path) -> None:
    path.chmod(0o644)
    held = bytearray(path.read_bytes())
    held[len(held) // 2] ^= 1
    path.write_bytes(held)


def test_a_store_that_is_well_has_no_findings(visitor: Visitor, tmp_path: Path) -> None:
    read: list[int] = []

    found = check_store(visitor.folder, FolderStore(tmp_path / "disk"), read.append)

    assert (found.segments, found.findings) == (1, ())
    assert sum(read) == found.size_bytes > 0


@pytest.mark.parametrize(
    ("ending", "harm", "said"),
    [
        (".warc.gz", spoil, "does not have the digest that was stored with it"),
        (".cdxj", spoil, "does not have the digest that was stored with it"),
        (".warc.gz", Path.unlink, "is not in the store, which had it"),
        (".sha256", Path.unlink, "is not in the store, or has no digest there"),
    ],
    ids=["a flipped bit", "a flipped bit of an index", "a lost segment", "lost digests"],
)
def test_each_damage_is_found(
    visitor: Visitor, tmp_path: Path, ending: str, harm: Callable[[Path], None], said: str
) -> None:
    (path,) = (tmp_path / "disk/segments").glob(f"*{ending}")

    harm(path)

    findings = check_store(visitor.folder, FolderStore(tmp_path / "disk")).findings
    assert any(said in finding for finding in findings)
