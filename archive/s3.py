"""The S3 store: sealed segments as objects of a bucket, through boto3, on any server that speaks S3.

What five real servers taught: `Content-MD5` is the one checksum that all of them check, so it is
always sent; `x-amz-checksum-sha256` goes beside it as a header, and is stored unread by some;
boto3's trailers are refused by others (so `when_required`); `If-None-Match: *` is ignored by some,
so the object is looked for first and read back afterwards, and segment names are unique whatever
the server can. Uploads in parts that lie in a server's memory are gone after its restart
(`NoSuchUpload`): the segment is then sent from its beginning. Keys come from the environment or
boto3's other usual places, never from the archive's settings. boto3 takes 0.3 s to import: import
this room only where a store is used.

Source: Amazon S3 API Reference, PutObject (conditional writes) and CompleteMultipartUpload.
"""

import base64
import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BufferedReader
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ProfileNotFound

from archive.errors import ConfigurationError, StoreError
from archive.objects import (
    Abilities,
    StoredObject,
    checked_name,
    exactly,
    free_name_aside,
    holds_other_bytes,
    is_not_what_was_said,
)
from archive.s3_errors import WHAT_TO_DO, code_of

_PART_BYTES = 32 << 20  # of an upload in parts; a larger file than this is sent so
_CHUNK_BYTES = 1 << 20
_PROBE = "salname-probe"
_CONNECT_S = 10
_READ_S = 60
_ATTEMPTS = 4
_BEGINNINGS = 3  # of one segment's upload in parts, where the server forgets it
_UNKNOWN = ("NotImplemented", "501")
_PRECONDITION = ("PreconditionFailed", "412")
_SEND_LATER = "Sealed segments wait in the spool; the next run sends them."
_READ_LATER = "Try again later, or read it from another copy."


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How a server is spoken to.

    region     or None for the first of Amazon's
    profile    of AWS's own files, that has the keys; None: boto3's usual places
    ca_bundle  PEM file of the authorities that the server's certificate is held against
    """

    region: str | None = None
    profile: str | None = None
    ca_bundle: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewObjects:
    """How new objects are kept.

    storage_class  or None for the server's own choice
    lock_days      for which Object Lock keeps each from being removed; 0: no lock of ours
    lock_mode      COMPLIANCE, which nobody can lift, or GOVERNANCE
    """

    storage_class: str | None = None
    lock_days: float = 0
    lock_mode: str = "COMPLIANCE"

    def headers(self) -> dict[str, Any]:
        """What boto3 is told of it, with the lock's end counted from now."""
        told: dict[str, Any] = {}
        if self.storage_class:
            told["StorageClass"] = self.storage_class
        if self.lock_days:
            lock = self.retention()
            told["ObjectLockMode"] = lock["Mode"]
            told["ObjectLockRetainUntilDate"] = lock["RetainUntilDate"]
        return told

    def retention(self) -> dict[str, Any]:
        """The lock of an object that is there already, from now on."""
        until = datetime.now(UTC) + timedelta(days=self.lock_days)
        return {"Mode": self.lock_mode, "RetainUntilDate": until}


class S3Store:
    """A store that is a bucket, or the part of it whose keys begin with `prefix`."""

    def __init__(
        self,
        *,
        bucket: str,
        endpoint: str | None = None,
        prefix: str = "",
        connection: Connection = Connection(),
        new_objects: NewObjects = NewObjects(),
        part_bytes: int = _PART_BYTES,
    ) -> None:
        """Nothing is sent yet.

        endpoint    URL of the server, or None for Amazon's own
        prefix      such as `salname/`; one an archive
        part_bytes  a file longer than this is sent in parts of this size
        """
        self._bucket = bucket
        self._prefix = prefix
        under = f" under {prefix}" if prefix else ""
        self.place = f"bucket {bucket} at {endpoint or 'Amazon S3'}{under}"
        self._part_bytes = part_bytes
        self._new_objects = new_objects
        self._is_lock_seen = False
        config = Config(
            connect_timeout=_CONNECT_S,
            read_timeout=_READ_S,
            retries={"mode": "standard", "max_attempts": _ATTEMPTS},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path" if endpoint else "auto"},
        )
        # A session of its own looks for keys anew; boto3's default one keeps the first it found.
        try:
            session = boto3.session.Session(profile_name=connection.profile)
        except ProfileNotFound as error:
            raise ConfigurationError(f"{self.place}: {error} in AWS's files.") from error
        # boto3 ships no types.
        self._s3: Any = session.client(
            "s3",
            endpoint_url=endpoint,
            region_name=connection.region or "us-east-1",
            verify=str(connection.ca_bundle) if connection.ca_bundle else None,
            config=config,
        )

    def put(self, name: str, path: Path, sha256: str) -> None:
        """Send a file, and read it back before it is taken for stored.

        What was sent and came back changed is removed again, so that the next run can send it
        anew; what was there before is never touched.
        """
        key = self._key_of(name)
        with self._errors_of(name, _SEND_LATER), path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                raise is_not_what_was_said(path, sha256)
            self._require_lock()
            was_there = self._find_size(key) is not None
            was_sent = not was_there and self._send(key, file, sha256)
            if self._sha256_of(key) == sha256:
                self._lock(key)
                return
            if not was_sent:
                raise holds_other_bytes(name, self.place)
            self._s3.delete_object(Bucket=self._bucket, Key=key)
            raise StoreError(
                f"{self.place} gave other bytes of {name} back than it was sent; they were "
                f"removed there. {_SEND_LATER}"
            )

    def open_range(self, name: str, offset: int, length: int) -> bytes:
        """Exactly these bytes of an object."""
        if length == 0:
            return b""
        asked = f"bytes={offset}-{offset + length - 1}"
        with self._errors_of(name):
            answer = self._s3.get_object(Bucket=self._bucket, Key=self._key_of(name), Range=asked)
            with contextlib.closing(answer["Body"]) as body:
                return exactly(body.read(), length, name, offset)

    def find_size(self, name: str) -> int | None:
        """The object's length in bytes, or None."""
        with self._errors_of(name):
            return self._find_size(self._key_of(name))

    def list_objects(self, prefix: str = "") -> Iterator[StoredObject]:
        """All objects whose names begin so, sorted by name as S3 lists them."""
        with self._errors_of(f"{prefix}…"):
            pages = self._s3.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix + prefix):
                for each in page.get("Contents", ()):
                    name = each["Key"].removeprefix(self._prefix)
                    yield StoredObject(name=name, size_bytes=each["Size"])

    def set_aside(self, name: str) -> str:
        """Copy an object below `damaged/`, then remove it; where it is locked, it stays beneath."""
        aside = free_name_aside(name, self.find_size)
        with self._errors_of(name, "Remove it there by hand, then run `salname objects send`."):
            which = {"Bucket": self._bucket, "Key": self._key_of(name)}
            self._s3.copy(which, self._bucket, self._key_of(aside))
            self._s3.delete_object(**which)
        return aside

    def abilities(self) -> Abilities:
        """What the server can do; asked with one small object of its own, which stays there.

        Where overwriting is refused, that object is written once for ever.
        """
        with self._errors_of(_PROBE, "Look at the server, then try again."):
            return Abilities(
                refuses_overwriting=self._refuses_overwriting(),
                keeps_versions=self._bucket_says("get_bucket_versioning", "Status") == "Enabled",
                locks_objects=bool(
                    self._bucket_says("get_object_lock_configuration", "ObjectLockConfiguration")
                ),
            )

    def _refuses_overwriting(self) -> bool:
        """Whether the server knows `If-None-Match: *`."""
        which = {"Bucket": self._bucket, "Key": self._prefix + _PROBE, "Body": b"salname\n"}
        try:
            if self._find_size(self._prefix + _PROBE) is None:
                self._s3.put_object(**which, **_digests_of(b"salname\n"), IfNoneMatch="*")
            self._s3.put_object(**which, **_digests_of(b"salname\n"), IfNoneMatch="*")
        except ClientError as error:
            if code_of(error) in _PRECONDITION:
                return True
            if code_of(error) not in _UNKNOWN:
                raise
        return False

    def _bucket_says(self, question: str, word: str) -> Any:
        """A setting of the bucket, or None where it has none or the key may not see it."""
        with contextlib.suppress(ClientError):
            return getattr(self._s3, question)(Bucket=self._bucket).get(word)
        return None

    def _require_lock(self) -> None:
        """Some servers take parts with a lock into a bucket that has none, and say nothing."""
        if self._is_lock_seen or not self._new_objects.lock_days:
            return
        if not self._bucket_says("get_object_lock_configuration", "ObjectLockConfiguration"):
            raise StoreError(
                f"{self.place} has no Object Lock that this key can see, and store.lock_days is "
                "set. Make a bucket with Object Lock, or give the key "
                "s3:GetBucketObjectLockConfiguration."
            )
        self._is_lock_seen = True

    def _lock(self, key: str) -> None:
        """Lock what is proved, where the server forgot to: some do for what was sent in parts."""
        if not self._new_objects.lock_days:
            return
        which = {"Bucket": self._bucket, "Key": key}
        if not self._s3.head_object(**which).get("ObjectLockMode"):
            self._s3.put_object_retention(**which, Retention=self._new_objects.retention())

    def _key_of(self, name: str) -> str:
        return self._prefix + checked_name(name)

    def _find_size(self, key: str) -> int | None:
        try:
            return int(self._s3.head_object(Bucket=self._bucket, Key=key)["ContentLength"])
        except ClientError as error:
            if code_of(error) in ("404", "NoSuchKey", "NotFound"):
                return None
            raise

    def _send(self, key: str, file: BufferedReader, sha256: str) -> bool:
        """Send the file; False where the server says that another put was faster."""
        size_bytes = file.seek(0, 2)
        send = self._send_whole if size_bytes <= self._part_bytes else self._send_in_parts
        only_if = {"IfNoneMatch": "*"}
        beginnings = 1
        while True:
            try:
                send(key, file, sha256, only_if)
                return True
            except ClientError as error:
                code = code_of(error)
                if code in _PRECONDITION:
                    return False
                if code == "NoSuchUpload" and self._find_size(key) is not None:
                    return True  # it was completed, and the answer got lost
                if code in _UNKNOWN and only_if:
                    only_if = {}
                elif code == "NoSuchUpload" and beginnings < _BEGINNINGS:
                    beginnings += 1
                else:
                    raise

    def _send_whole(
        self, key: str, file: BufferedReader, sha256: str, only_if: dict[str, str]
    ) -> None:
        file.seek(0)
        md5 = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).digest()
        file.seek(0)
        self._s3.put_object(
            Bucket=self._bucket,
            Key=key,
            Body=file,
            ContentMD5=_in_base64(md5),
            ChecksumSHA256=_in_base64(bytes.fromhex(sha256)),
            Metadata={"sha256": sha256},
            **self._new_objects.headers(),
            **only_if,
        )

    def _send_in_parts(
        self, key: str, file: BufferedReader, sha256: str, only_if: dict[str, str]
    ) -> None:
        which = {"Bucket": self._bucket, "Key": key}
        self._abort_stale(key)
        upload = self._s3.create_multipart_upload(
            **which,
            ChecksumAlgorithm="SHA256",
            Metadata={"sha256": sha256},
            **self._new_objects.headers(),
        )
        which["UploadId"] = upload["UploadId"]
        try:
            parts = list(self._send_parts(file, which))
            self._s3.complete_multipart_upload(**which, MultipartUpload={"Parts": parts}, **only_if)
        except BaseException:
            with contextlib.suppress(
                BotoCoreError, ClientError
            ):  # the first error is the one to tell
                self._s3.abort_multipart_upload(**which)
            raise

    def _abort_stale(self, key: str) -> None:
        """Abort what a killed run left: an archive has one writer, so nobody else sends this."""
        # Not every server keeps a list of them; those that do not take up no room for them either.
        with contextlib.suppress(ClientError):
            found = self._s3.list_multipart_uploads(Bucket=self._bucket, Prefix=key)
            for each in found.get("Uploads", ()):
                self._s3.abort_multipart_upload(
                    Bucket=self._bucket, Key=each["Key"], UploadId=each["UploadId"]
                )

    def _send_parts(
        self, file: BufferedReader, which: dict[str, str]
    ) -> Iterator[dict[str, str | int]]:
        file.seek(0)
        number = 0
        while part := file.read(self._part_bytes):
            number += 1
            digests = _digests_of(part)
            sent = self._s3.upload_part(**which, PartNumber=number, Body=part, **digests)
            yield {
                "PartNumber": number,
                "ETag": sent["ETag"],
                "ChecksumSHA256": digests["ChecksumSHA256"],
            }

    def _sha256_of(self, key: str) -> str:
        digest = hashlib.sha256()
        answer = self._s3.get_object(Bucket=self._bucket, Key=key)
        with contextlib.closing(answer["Body"]) as body:
            for chunk in body.iter_chunks(_CHUNK_BYTES):
                digest.update(chunk)
        return digest.hexdigest()

    @contextlib.contextmanager
    def _errors_of(self, name: str, advice: str = _READ_LATER) -> Iterator[None]:
        """Turn what boto3 and the file system raise into a sentence."""
        try:
            yield
        except (BotoCoreError, ClientError, OSError) as error:
            advice = WHAT_TO_DO.get(code_of(error), advice)
            raise StoreError(f"{self.place}, object {name}: {error}. {advice}") from error


def _digests_of(body: bytes) -> dict[str, str]:
    """The headers by which a server can tell that it was sent these very bytes."""
    return {
        "ContentMD5": _in_base64(hashlib.md5(body, usedforsecurity=False).digest()),
        "ChecksumSHA256": _in_base64(hashlib.sha256(body).digest()),
    }


def _in_base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()
