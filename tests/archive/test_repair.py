"""What is damaged in the spool is taken from the store; a store that is damaged too changes nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.errors import WrongUse
from archive.integrity import verify
from archive.repair import repair_from_store
from archive.stores import find_store
from archive.upload import send_sealed
from tests.archive.histories import Visitor, article, new_archive


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    """One sealed segment, in the spool and in a store."""
    (tmp_path / "disk").mkdir()
    made = Visitor(new_archive(tmp_path))
    settings = f'[store]\nkind = "folder"\npath = "{tmp_path / "disk"}"\n'
    made.folder.settings_path.write_text(settings, encoding="utf-8")
    made.start_run()
    made.see(article(1))
    made.store.close(seal_from_bytes=0)
    store = find_store(made.folder)
    assert store is not None
    keep = timedelta(days=9999)
    send_sealed(made.folder, store, made.catalogue, keep=keep, clock=lambda: datetime.now(UTC))
    yield made
    made.catalogue.db.close()


def spoil(path: Path) -> bytes:
    path.chmod(0o644)
    held = bytearray(path.read_bytes())
    held[len(held) // 2] ^= 1
    path.write_bytes(held)
    return bytes(held)


def test_a_damaged_segment_is_taken_from_the_store_and_kept_aside(visitor: Visitor) -> None:
    (path,) = visitor.folder.segments_path.glob("*.warc.gz")
    whole = path.read_bytes()
    damaged = spoil(path)

    said = repair_from_store(visitor.folder)

    assert said == (f"{path.name} was taken from the store; the damaged file lies beside it.",)
    assert path.read_bytes() == whole
    assert path.stat().st_mode & 0o777 == 0o444
    assert next(path.parent.glob("*.damaged")).read_bytes() == damaged
    assert verify(visitor.folder).findings == ()
    assert repair_from_store(visitor.folder) == ()


def test_what_is_damaged_in_both_copies_stays_as_it_is(visitor: Visitor, tmp_path: Path) -> None:
    (path,) = visitor.folder.segments_path.glob("*.warc.gz")
    spoil(next((tmp_path / "disk/segments").glob("*.warc.gz")))
    damaged = spoil(path)
    path.write_bytes(damaged[:-1])

    (said,) = repair_from_store(visitor.folder)

    assert "is damaged here and in the store" in said
    assert path.read_bytes() == damaged[:-1]
    assert list(path.parent.glob(".*")) == []


def test_without_a_store_there_is_nothing_to_repair_from(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="no store to repair from"):
        repair_from_store(new_archive(tmp_path))
