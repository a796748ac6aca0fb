"""A store is asked what it can do when it is first used, and told of once."""

from pathlib import Path

import pytest

from archive.first_use import meet
from archive.objects import FolderStore
from archive.s3 import S3Store
from tests.archive.histories import new_archive
from tests.archive.s3_server import ACCESS_KEY, SECRET_KEY, serving_s3


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)


def test_a_server_that_lets_objects_be_overwritten_is_told_of_once(
    tmp_path: Path, keys: None
) -> None:
    folder = new_archive(tmp_path)
    (tmp_path / "s3/press").mkdir(parents=True)
    with serving_s3(tmp_path / "s3") as server:
        store = S3Store(bucket="press", endpoint=server.endpoint)
        first, second = meet(folder, [store]), meet(folder, [store])

    assert [each.startswith("bucket press at ") for each in first] == [True]
    assert second == ()


def test_a_folder_gives_a_name_to_one_object_alone_and_is_not_told_of(tmp_path: Path) -> None:
    folder = new_archive(tmp_path)

    assert meet(folder, [FolderStore(tmp_path / "disk")]) == ()
    assert "refuses_overwriting" in (folder.path / "stores.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("held", ["", "[]", "{"])
def test_a_store_that_is_away_and_a_broken_list_of_stores_hinder_nobody(
    tmp_path: Path, held: str
) -> None:
    folder = new_archive(tmp_path)
    (folder.path / "stores.json").write_text(held, encoding="utf-8")

    assert meet(folder, [FolderStore(tmp_path / "disk", must_exist=True)]) == ()
