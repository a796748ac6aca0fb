"""The S3 store against a real server, and against one that spoils its answers."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import boto3
import pytest

from archive.errors import StoreError
from archive.objects import StoredObject
from archive.s3 import S3Store
from tests.archive.s3_server import (
    ACCESS_KEY,
    SECRET_KEY,
    S3Server,
    Spoil,
    needs_rclone,
    relaying,
    serving_s3,
)

BYTES = b"Salname " * 50_000
SHA256 = hashlib.sha256(BYTES).hexdigest()
NAME = "salname-20261124T031417123456Z-arxiv.example-r1-00001.warc.gz"
BUCKET = "arxiv"

pytestmark = needs_rclone


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    folder = tmp_path_factory.mktemp("s3")
    (folder / BUCKET).mkdir()
    with serving_s3(folder) as server:
        yield server


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setattr("archive.s3._ATTEMPTS", 1)  # a refusal is told at once


@pytest.fixture
def prefix(tmp_path: Path) -> str:
    """A prefix of its own for each test."""
    return f"{tmp_path.name}/"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.write_bytes(BYTES)
    return path


@pytest.fixture(params=[None, 150_000], ids=["whole", "parts"])
def store(server: S3Server, prefix: str, request: pytest.FixtureRequest) -> S3Store:
    sizes = {} if request.param is None else {"part_bytes": request.param}
    return S3Store(endpoint=server.endpoint, bucket=BUCKET, prefix=prefix, **sizes)


def test_what_was_put_is_read_back_by_range(store: S3Store, file: Path) -> None:
    store.put(NAME, file, SHA256)

    assert store.open_range(NAME, 1001, 7) == BYTES[1001:1008]
    assert store.open_range(NAME, 5, 0) == b""
    assert store.find_size(NAME) == len(BYTES)
    assert list(store.list_objects()) == [StoredObject(name=NAME, size_bytes=len(BYTES))]
    assert list(store.list_objects("other")) == []


def test_putting_twice_changes_nothing(
    store: S3Store, file: Path, server: S3Server, prefix: str
) -> None:
    store.put(NAME, file, SHA256)
    stored = server.folder / BUCKET / prefix / NAME
    before = stored.stat().st_mtime_ns

    store.put(NAME, file, SHA256)

    assert stored.stat().st_mtime_ns == before


def test_another_object_of_the_name_is_left_as_it_is(
    store: S3Store, file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"other")
    store.put(NAME, other, hashlib.sha256(b"other").hexdigest())

    with pytest.raises(StoreError, match="other bytes; it was left as it is"):
        store.put(NAME, file, SHA256)

    assert store.open_range(NAME, 0, 5) == b"other"


def test_a_file_that_lost_its_digest_is_not_sent(store: S3Store, file: Path) -> None:
    file.write_bytes(BYTES[:-1])

    with pytest.raises(StoreError, match="does not have the SHA-256"):
        store.put(NAME, file, SHA256)

    assert store.find_size(NAME) is None


def test_what_is_not_there_is_said(store: S3Store, file: Path) -> None:
    store.put(NAME, file, SHA256)

    assert store.find_size("other.warc.gz") is None
    with pytest.raises(StoreError, match="NoSuchKey"):
        store.open_range("other.warc.gz", 0, 1)
    with pytest.raises(StoreError, match="where 11 were asked for"):
        store.open_range(NAME, len(BYTES) - 10, 11)


def test_a_missing_bucket_says_what_to_do(server: S3Server, file: Path) -> None:
    store = S3Store(endpoint=server.endpoint, bucket="nowhere")

    with pytest.raises(StoreError, match="Create the bucket"):
        store.put(NAME, file, SHA256)


def test_a_wrong_secret_says_what_to_do(
    server: S3Server, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-the-secret")
    store = S3Store(endpoint=server.endpoint, bucket=BUCKET, prefix=prefix)

    with pytest.raises(StoreError, match="AWS_SECRET_ACCESS_KEY") as said:
        store.open_range(NAME, 0, 1)

    assert "not-the-secret" not in str(said.value)


def test_no_key_at_all_says_what_to_do(
    server: S3Server, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    store = S3Store(endpoint=server.endpoint, bucket=BUCKET, prefix=prefix)

    with pytest.raises(StoreError, match="Set AWS_ACCESS_KEY_ID"):
        store.find_size(NAME)


def test_a_store_that_is_away_leaves_the_file_in_the_spool(tmp_path: Path, file: Path) -> None:
    (tmp_path / "s3").mkdir()
    with serving_s3(tmp_path / "s3") as stopped:
        store = S3Store(endpoint=stopped.endpoint, bucket=BUCKET)

    with pytest.raises(StoreError, match="the next run sends them"):
        store.put(NAME, file, SHA256)

    assert file.read_bytes() == BYTES


def test_bytes_that_come_back_changed_are_not_taken_for_stored(
    server: S3Server, prefix: str, file: Path
) -> None:
    with relaying(server, Spoil(flips_bytes=True)) as relay:
        store = S3Store(endpoint=relay.endpoint, bucket=BUCKET, prefix=prefix)
        with pytest.raises(StoreError, match="gave other bytes"):
            store.put(NAME, file, SHA256)

    assert S3Store(endpoint=server.endpoint, bucket=BUCKET, prefix=prefix).find_size(NAME) is None


def test_a_server_that_knows_no_condition_is_sent_the_file_without(
    server: S3Server, prefix: str, file: Path
) -> None:
    with relaying(server, Spoil(conditional=(501, "NotImplemented"))) as relay:
        store = S3Store(endpoint=relay.endpoint, bucket=BUCKET, prefix=prefix)
        store.put(NAME, file, SHA256)

        assert store.find_size(NAME) == len(BYTES)


@pytest.mark.parametrize("part_bytes", [150_000, 1 << 20], ids=["parts", "whole"])
def test_a_server_that_refuses_leaves_no_upload_behind(
    server: S3Server, prefix: str, file: Path, part_bytes: int
) -> None:
    with relaying(server, Spoil(conditional=(403, "AccessDenied"))) as relay:
        store = S3Store(
            endpoint=relay.endpoint, bucket=BUCKET, prefix=prefix, part_bytes=part_bytes
        )
        with pytest.raises(StoreError, match="Check the key's rights"):
            store.put(NAME, file, SHA256)

    assert uploads_of(server) == []
    assert list(store_at(server, prefix).list_objects()) == []


def test_a_server_that_says_another_was_faster_is_looked_at(
    server: S3Server, prefix: str, file: Path
) -> None:
    with relaying(server, Spoil(conditional=(412, "PreconditionFailed"))) as relay:
        store = S3Store(endpoint=relay.endpoint, bucket=BUCKET, prefix=prefix)
        with pytest.raises(StoreError, match="NoSuchKey"):  # it was not: nothing is there
            store.put(NAME, file, SHA256)


def test_a_server_that_is_busy_is_told_of(server: S3Server, prefix: str, file: Path) -> None:
    with relaying(server, Spoil(always=(503, "SlowDown"))) as relay:
        store = S3Store(endpoint=relay.endpoint, bucket=BUCKET, prefix=prefix)
        with pytest.raises(StoreError, match=r"503.*next run"):
            store.put(NAME, file, SHA256)


def uploads_of(server: S3Server) -> list[object]:
    s3 = boto3.client("s3", endpoint_url=server.endpoint, region_name="us-east-1")
    with suppress(s3.exceptions.NoSuchUpload):  # rclone's word for none
        return list(s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", ()))
    return []


def store_at(server: S3Server, prefix: str) -> S3Store:
    return S3Store(endpoint=server.endpoint, bucket=BUCKET, prefix=prefix)


def test_a_server_is_asked_whether_it_refuses_to_overwrite(server: S3Server, prefix: str) -> None:
    refuses = Spoil(conditional=(412, "PreconditionFailed"))
    knows_not = Spoil(conditional=(501, "NotImplemented"))
    with relaying(server, refuses) as one, relaying(server, knows_not) as other:
        told = [
            S3Store(bucket=BUCKET, endpoint=each.endpoint, prefix=prefix)
            .abilities()
            .refuses_overwriting
            for each in (one, other)
        ]

    assert told == [True, False]
