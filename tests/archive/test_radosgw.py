"""The S3 store against a strict server: what it refuses, keeps, locks, and does after a restart."""

import hashlib
import itertools
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from archive.errors import StoreError
from archive.objects import Abilities
from archive.s3 import Connection, NewObjects, S3Store
from tests.archive.radosgw import COLD, Radosgw, serving_radosgw, why_no_radosgw
from tests.archive.s3_server import ACCESS_KEY, SECRET_KEY, S3Server, Spoil, relaying

_WHY_NOT = why_no_radosgw()
pytestmark = pytest.mark.skipif(_WHY_NOT is not None, reason=_WHY_NOT or "")

DOCS = Path(__file__).parents[2] / "docs/how-to/object-stores.md"
PART_BYTES = 5 << 20  # the least that S3 allows
BYTES = bytes(range(256)) * (11 << 12)  # three parts
SHA256 = hashlib.sha256(BYTES).hexdigest()
NAME = "segments/salname-20261124T031417123456Z-arxiv.example-r1-00001.warc.gz"
_prefixes = (f"p{number}/" for number in itertools.count())


@pytest.fixture(scope="module")
def gateway() -> Iterator[Radosgw]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
        patch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setenv("AWS_CONFIG_FILE", "/dev/null")
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        with serving_radosgw() as gateway:
            client(gateway).create_bucket(Bucket="plain")
            client(gateway).create_bucket(Bucket="locked", ObjectLockEnabledForBucket=True)
            yield gateway


@pytest.fixture
def prefix() -> str:
    return next(_prefixes)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sealed.warc.gz"
    path.write_bytes(BYTES)
    return path


def client(gateway: Radosgw) -> Any:
    return boto3.client("s3", endpoint_url=gateway.endpoint, region_name="us-east-1")


def store_at(endpoint: str, prefix: str, bucket: str = "plain", **settings: Any) -> S3Store:
    return S3Store(
        bucket=bucket, endpoint=endpoint, prefix=prefix, part_bytes=PART_BYTES, **settings
    )


def server_of(gateway: Radosgw, tmp_path: Path) -> S3Server:
    return S3Server(gateway.endpoint, tmp_path)


def at_part(number: int, act: Any) -> Any:
    """A relay's `before` that acts once, when this part of an upload comes."""
    left = [act]

    def before(asked: str) -> None:
        if f"partNumber={number}&" in f"{asked}&" and left:
            left.pop()()

    return before


def test_it_refuses_to_overwrite_and_what_is_there_stays(
    gateway: Radosgw, prefix: str, file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"other")
    store = store_at(gateway.endpoint, prefix)
    store.put(NAME, other, hashlib.sha256(b"other").hexdigest())

    with pytest.raises(StoreError, match="other bytes; it was left as it is"):
        store.put(NAME, file, SHA256)
    with pytest.raises(ClientError, match="PreconditionFailed"):
        client(gateway).put_object(Bucket="plain", Key=prefix + NAME, Body=b"", IfNoneMatch="*")

    assert store.open_range(NAME, 0, 5) == b"other"
    assert store.abilities() == Abilities(
        refuses_overwriting=True, keeps_versions=False, locks_objects=False
    )


@pytest.mark.parametrize("part_bytes", [PART_BYTES, 1 << 30], ids=["parts", "whole"])
def test_what_was_locked_cannot_be_removed_and_putting_it_again_makes_no_version(
    gateway: Radosgw, prefix: str, file: Path, part_bytes: int
) -> None:
    store = S3Store(
        bucket="locked",
        endpoint=gateway.endpoint,
        prefix=prefix,
        new_objects=NewObjects(lock_days=1),
        part_bytes=part_bytes,
    )
    store.put(NAME, file, SHA256)
    store.put(NAME, file, SHA256)
    which = {"Bucket": "locked", "Prefix": prefix + NAME}
    (version,) = client(gateway).list_object_versions(**which)["Versions"]

    with pytest.raises(ClientError, match="AccessDenied"):
        client(gateway).delete_object(
            Bucket="locked", Key=version["Key"], VersionId=version["VersionId"]
        )

    assert store.open_range(NAME, 1001, 7) == BYTES[1001:1008]
    can = store.abilities()
    assert (can.keeps_versions, can.locks_objects) == (True, True)


def test_a_version_that_somebody_hid_can_be_had_back(
    gateway: Radosgw, prefix: str, file: Path
) -> None:
    store = store_at(gateway.endpoint, prefix, "locked")
    store.put(NAME, file, SHA256)
    hidden = client(gateway).delete_object(Bucket="locked", Key=prefix + NAME)

    missing = store.find_size(NAME)
    client(gateway).delete_object(Bucket="locked", Key=prefix + NAME, VersionId=hidden["VersionId"])

    assert missing is None
    assert store.find_size(NAME) == len(BYTES)


def test_a_damaged_object_is_set_aside_and_its_name_is_free_while_its_locked_version_stays(
    gateway: Radosgw, prefix: str, file: Path, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged"
    damaged.write_bytes(BYTES[:-1] + b"!")
    store = store_at(gateway.endpoint, prefix, "locked", new_objects=NewObjects(lock_days=1))
    store.put(NAME, damaged, hashlib.sha256(damaged.read_bytes()).hexdigest())

    aside = store.set_aside(NAME)
    store.put(NAME, file, SHA256)

    kept = client(gateway).list_object_versions(Bucket="locked", Prefix=prefix + NAME)["Versions"]
    assert aside == f"damaged/1/{NAME}"
    assert store.open_range(aside, len(BYTES) - 1, 1) == b"!"
    assert store.open_range(NAME, 1001, 7) == BYTES[1001:1008]
    assert len(kept) == 2


def test_a_lock_in_a_bucket_without_one_says_what_to_do(
    gateway: Radosgw, prefix: str, file: Path
) -> None:
    store = store_at(gateway.endpoint, prefix, new_objects=NewObjects(lock_days=1))

    with pytest.raises(StoreError, match=r"store\.lock_days"):
        store.put(NAME, file, SHA256)


@pytest.mark.parametrize("part_bytes", [PART_BYTES, 1 << 30], ids=["parts", "whole"])
def test_the_storage_class_of_the_settings_is_that_of_each_object(
    gateway: Radosgw, prefix: str, file: Path, part_bytes: int
) -> None:
    store = S3Store(
        bucket="plain",
        endpoint=gateway.endpoint,
        prefix=prefix,
        new_objects=NewObjects(storage_class=COLD),
        part_bytes=part_bytes,
    )

    store.put(NAME, file, SHA256)

    (held,) = client(gateway).list_objects_v2(Bucket="plain", Prefix=prefix)["Contents"]
    assert (held["StorageClass"], held["Size"]) == (COLD, len(BYTES))
    assert store.open_range(NAME, 1001, 7) == BYTES[1001:1008]


def test_a_storage_class_that_the_server_has_not_says_what_to_do(
    gateway: Radosgw, prefix: str, file: Path
) -> None:
    store = store_at(gateway.endpoint, prefix, new_objects=NewObjects(storage_class="HEATED"))

    with pytest.raises(StoreError, match=r"store\.storage_class"):
        store.put(NAME, file, SHA256)


def test_a_bucket_made_as_the_docs_say_locks_what_is_put_there_and_ends_what_is_half_sent(
    gateway: Radosgw, file: Path
) -> None:
    lock, lifecycle = (
        json.loads(each) for each in re.findall(r"(?m)^  '({.*})'$", DOCS.read_text())
    )
    (rule,) = lifecycle["Rules"]
    s3 = client(gateway)
    s3.create_bucket(Bucket="annals", ObjectLockEnabledForBucket=True)
    s3.put_object_lock_configuration(Bucket="annals", ObjectLockConfiguration=lock)
    s3.put_bucket_lifecycle_configuration(Bucket="annals", LifecycleConfiguration=lifecycle)

    store_at(gateway.endpoint, rule["Filter"]["Prefix"], "annals").put(NAME, file, SHA256)

    key = rule["Filter"]["Prefix"] + NAME
    kept = s3.get_object_retention(Bucket="annals", Key=key)["Retention"]
    (held,) = s3.get_bucket_lifecycle_configuration(Bucket="annals")["Rules"]
    assert kept["Mode"] == "COMPLIANCE"
    assert kept["RetainUntilDate"] > datetime.now(UTC) + timedelta(days=3649)
    assert held["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}


def test_an_upload_in_parts_survives_a_restart_of_the_server(
    gateway: Radosgw, prefix: str, file: Path, tmp_path: Path
) -> None:
    asked: list[str] = []
    restart = at_part(2, gateway.restart)

    def before(request: str) -> None:
        asked.append(request)
        restart(request)

    with relaying(server_of(gateway, tmp_path), Spoil(before=before)) as relay:
        store_at(relay.endpoint, prefix).put(NAME, file, SHA256)

    begun = [each for each in asked if each.startswith("POST") and each.endswith("?uploads")]
    assert len(begun) == 1
    assert store_at(gateway.endpoint, prefix).find_size(NAME) == len(BYTES)


def test_after_a_kill_in_the_middle_of_an_upload_nothing_half_sent_is_left(
    gateway: Radosgw, prefix: str, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.s3._ATTEMPTS", 1)
    store = store_at(gateway.endpoint, prefix)
    with (
        relaying(server_of(gateway, tmp_path), Spoil(before=at_part(3, gateway.kill))) as relay,
        pytest.raises(StoreError, match="wait in the spool"),
    ):
        store_at(relay.endpoint, prefix).put(NAME, file, SHA256)
    gateway.start()
    left = client(gateway).list_multipart_uploads(Bucket="plain", Prefix=prefix)["Uploads"]

    store.put(NAME, file, SHA256)

    after = client(gateway).list_multipart_uploads(Bucket="plain", Prefix=prefix)
    assert len(left) == 1
    assert after.get("Uploads", []) == []
    assert store.find_size(NAME) == len(BYTES)


def test_what_arrives_changed_is_refused_and_not_stored(
    gateway: Radosgw, prefix: str, file: Path, tmp_path: Path
) -> None:
    with (
        relaying(server_of(gateway, tmp_path), Spoil(spoils_sent=True)) as relay,
        pytest.raises(StoreError),
    ):
        store_at(relay.endpoint, prefix).put(NAME, file, SHA256)

    assert store_at(gateway.endpoint, prefix).find_size(NAME) is None


def test_over_tls_it_is_the_same_with_an_authority_of_our_own(
    gateway: Radosgw, prefix: str, file: Path
) -> None:
    ours = Connection(ca_bundle=gateway.certificates.authority)
    store = store_at(gateway.tls_endpoint, prefix, connection=ours)

    store.put(NAME, file, SHA256)

    assert store.open_range(NAME, 1001, 7) == BYTES[1001:1008]
    with pytest.raises(StoreError, match=r"store\.ca_bundle"):
        store_at(gateway.tls_endpoint, prefix).find_size(NAME)
