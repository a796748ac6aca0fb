"""What is damaged in the spool is taken from the store, and what is damaged there from the spool."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.errors import WrongUse
from archive.integrity import Damage, verify
from archive.mending import mend
from archive.repair import repair_from_store
from archive.store_repair import fill_stores
from archive.stores import find_store
from archive.upload import send_sealed
from crawler.schedule import LookAgain
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


@pytest.mark.parametrize("ending", [".warc.gz", ".cdxj", ".sha256"])
def test_what_is_damaged_in_the_store_is_taken_from_here_and_kept_aside(
    visitor: Visitor, tmp_path: Path, ending: str
) -> None:
    (stored,) = (tmp_path / "disk/segments").glob(f"*{ending}")
    whole, damaged = stored.read_bytes(), spoil(stored)
    before = verify(visitor.folder, deep=True)

    said = mend(visitor.folder, LookAgain(), before)

    assert {each.damage for each in before.findings} == {Damage.STORE}
    assert f"segments/{stored.name} in {tmp_path / 'disk'} was damaged" in said[0]
    assert stored.read_bytes() == whole
    assert (tmp_path / "disk/damaged/1/segments" / stored.name).read_bytes() == damaged
    assert verify(visitor.folder, deep=True).findings == ()


def test_what_a_store_has_lost_is_sent_again(visitor: Visitor, tmp_path: Path) -> None:
    stored = sorted((tmp_path / "disk/segments").iterdir())
    whole = {each.name: each.read_bytes() for each in stored}
    for each in stored:
        each.unlink()
    before = verify(visitor.folder, deep=True)

    said = fill_stores(visitor.folder)

    assert {each.damage for each in before.findings} == {Damage.STORE}
    assert len(said) == 1
    assert {each.name: each.read_bytes() for each in stored} == whole
    assert fill_stores(visitor.folder) == ()


def test_a_damaged_object_whose_other_copies_are_damaged_too_stays_as_it_is(
    visitor: Visitor, tmp_path: Path
) -> None:
    (path,) = visitor.folder.segments_path.glob("*.warc.gz")
    (stored,) = (tmp_path / "disk/segments").glob("*.warc.gz")
    spoil(path)
    damaged = spoil(stored)

    said = mend(visitor.folder, LookAgain(), verify(visitor.folder, deep=True))

    assert any("no other copy of it is whole" in each for each in said)
    assert stored.read_bytes() == damaged
