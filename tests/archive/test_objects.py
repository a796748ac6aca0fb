"""The folder store keeps what it was given, once, and says when it cannot."""

import errno
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import StoreError
from archive.objects import FolderStore, ObjectStore, StoredObject, checked_name
from tests.archive.failing_disk import PowerCut, each_failure, failing

BYTES = bytes(range(256)) * 20
SHA256 = hashlib.sha256(BYTES).hexdigest()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sealed.warc.gz"
    path.write_bytes(BYTES)
    return path


@pytest.fixture
def store(tmp_path: Path) -> ObjectStore:
    return FolderStore(tmp_path / "store")


def test_what_was_put_is_read_back_by_range(store: ObjectStore, file: Path, tmp_path: Path) -> None:
    store.put("2026/a.warc.gz", file, SHA256)

    assert store.open_range("2026/a.warc.gz", 300, 7) == BYTES[300:307]
    assert store.find_size("2026/a.warc.gz") == len(BYTES)
    assert (tmp_path / "store/2026/a.warc.gz").stat().st_mode & 0o777 == 0o444
    assert file.exists()


def test_what_was_put_is_durable(store: ObjectStore, file: Path) -> None:
    with failing(PowerCut()) as disk:
        store.put("2026/a.warc.gz", file, SHA256)

    assert {"store", "2026", "a.warc.gz"} <= disk.all_names
    assert disk.durable_files()["a.warc.gz"] == BYTES


def test_putting_twice_changes_nothing(store: ObjectStore, file: Path, tmp_path: Path) -> None:
    store.put("a.warc.gz", file, SHA256)
    before = (tmp_path / "store/a.warc.gz").stat().st_ino

    store.put("a.warc.gz", file, SHA256)

    assert (tmp_path / "store/a.warc.gz").stat().st_ino == before
    assert [path.name for path in (tmp_path / "store").iterdir()] == ["a.warc.gz"]


def test_another_object_of_the_name_is_left_as_it_is(
    store: ObjectStore, file: Path, tmp_path: Path
) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store/a.warc.gz").write_bytes(b"other")

    with pytest.raises(StoreError, match="other bytes; it was left as it is"):
        store.put("a.warc.gz", file, SHA256)

    assert (tmp_path / "store/a.warc.gz").read_bytes() == b"other"


def test_a_file_that_lost_its_digest_is_not_stored(store: ObjectStore, file: Path) -> None:
    file.write_bytes(BYTES[:-1])

    with pytest.raises(StoreError, match="does not have the SHA-256"):
        store.put("a.warc.gz", file, SHA256)

    assert list(store.list_objects()) == []


def test_objects_are_listed_by_name_and_half_written_ones_are_not(
    store: ObjectStore, file: Path, tmp_path: Path
) -> None:
    for name in ("b/2.gz", "b/1.gz", "a.gz"):
        store.put(name, file, SHA256)
    (tmp_path / "store/.c.gz.part").write_bytes(b"half")

    assert [each.name for each in store.list_objects()] == ["a.gz", "b/1.gz", "b/2.gz"]
    assert next(store.list_objects("b/")) == StoredObject(name="b/1.gz", size_bytes=len(BYTES))


def test_what_is_not_there_is_said(store: ObjectStore, file: Path) -> None:
    store.put("a.gz", file, SHA256)

    assert store.find_size("b.gz") is None
    with pytest.raises(StoreError, match=r"b\.gz cannot be read"):
        store.open_range("b.gz", 0, 1)
    with pytest.raises(StoreError, match="has 10 bytes at byte 5110 where 11"):
        store.open_range("a.gz", len(BYTES) - 10, 11)


@pytest.mark.parametrize("name", ["", "../a", "/a", "a/../b", ".a", "a//b", "a\\b", "a b", "a\n"])
def test_no_name_leads_out_of_the_store(name: str) -> None:
    with pytest.raises(StoreError, match="is no name"):
        checked_name(name)


def test_a_disk_without_hard_links_will_do(
    store: ObjectStore, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)

    store.put("a.gz", file, SHA256)

    assert store.open_range("a.gz", 0, len(BYTES)) == BYTES


def test_a_put_that_was_slower_finds_the_same_bytes(
    store: ObjectStore, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.link

    def link_after_another(part: Path, target: Path) -> None:
        target.write_bytes(BYTES)
        real(part, target)

    monkeypatch.setattr(os, "link", link_after_another)

    store.put("a.gz", file, SHA256)

    assert [path.name for path in (tmp_path / "store").iterdir()] == ["a.gz"]


def puts_with_failures(folder: Path, file: Path) -> Iterator[tuple[bool, list[str]]]:
    """After each failing call: was it said, and what lies in the store."""
    for disk in each_failure(error_number=errno.ENOSPC):
        case = folder / f"case-{disk.fail_at}"
        store = FolderStore(case)
        was_said = False
        with failing(disk):
            try:
                store.put("a.gz", file, SHA256)
            except StoreError:
                was_said = True
        assert was_said == disk.has_failed
        left = [each.name for each in case.iterdir()] if case.exists() else []
        store.put("a.gz", file, SHA256)
        assert store.open_range("a.gz", 0, len(BYTES)) == BYTES
        yield was_said, left


def test_whichever_call_fails_it_is_said_and_a_second_put_does_it(
    tmp_path: Path, file: Path
) -> None:
    found = list(puts_with_failures(tmp_path, file))

    assert len(found) > 6
    assert {name for _, left in found for name in left} == {"a.gz"}
    assert found[-1] == (False, ["a.gz"])
