"""Object stores: one small interface, and the default one, a folder; `archive/s3.py` has S3.

A store takes sealed segments under their names and gives back ranges of them. What is stored once
is never overwritten, and `put` returns only when the store has been seen to hold the very bytes:
many S3 servers check no checksum of a request, and some silently ignore `If-None-Match`.
"""

import errno
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from archive.disk import sync_folder, write_all
from archive.errors import StoreError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_CHUNK_BYTES = 1 << 20
_NO_HARD_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS)  # exFAT, some network disks


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredObject:
    """An object as a store lists it."""

    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What a place for objects can do by itself; this archive depends on none of it.

    refuses_overwriting  it keeps an object from being overwritten; else only we do
    keeps_versions       what is overwritten or removed there can be had back
    locks_objects        it can keep objects from being removed before a day
    """

    refuses_overwriting: bool
    keeps_versions: bool
    locks_objects: bool


class ObjectStore(Protocol):
    """What the archive needs of a place for sealed segments.

    Names are words of letters, digits, `.`, `_` and `-`, parted by `/`. All methods raise
    StoreError, with a sentence, when the store does not do what it was asked.
    """

    @property
    def place(self) -> str:
        """Where it is, for a sentence; no two stores of an archive have the same."""

    def put(self, name: str, path: Path, sha256: str) -> None:
        """Store a file under a name; when this returns, the store holds exactly these bytes.

        Doing it again is no error and changes nothing. Another object of that name is an error
        and stays as it is.
        """

    def open_range(self, name: str, offset: int, length: int) -> bytes:
        """Exactly these bytes of an object."""

    def find_size(self, name: str) -> int | None:
        """The object's length in bytes, or None where there is no such object."""

    def list_objects(self, prefix: str = "") -> Iterator[StoredObject]:
        """All objects whose names begin so, sorted by name."""

    def set_aside(self, name: str) -> str:
        """Give an object another name below `damaged/`, which is returned; its own is free then."""

    def abilities(self) -> Abilities:
        """What the place can do by itself, tried out there."""


class FolderStore:
    """A store that is a folder; its files are read-only and durable once they have their names."""

    def __init__(self, folder: Path, *, must_exist: bool = False) -> None:
        """Nothing is written yet.

        must_exist  never make the folder: where a disk is not mounted, the store is away
        """
        self._folder = folder
        self._must_exist = must_exist

    @property
    def place(self) -> str:
        """The folder."""
        return str(self._folder)

    def put(self, name: str, path: Path, sha256: str) -> None:
        """Copy a file into the folder under a temporary name, sync it, and give it its own."""
        self._require_there()
        target = self._path_of(name)
        part = target.with_name(f".{target.name}.part")
        try:
            if not target.exists():
                _make_folder(target.parent)
                _copy_durably(path, part, sha256)
                _give_name(part, target)
                sync_folder(target.parent)
            if _sha256_of(target) != sha256:
                raise holds_other_bytes(name, str(self._folder))
        except OSError as error:
            raise StoreError(
                f"{name} cannot be stored in {self._folder}: {error.strerror}. "
                "It stays in the spool; look at that disk."
            ) from error
        finally:
            part.unlink(missing_ok=True)

    def open_range(self, name: str, offset: int, length: int) -> bytes:
        """Exactly these bytes of a file."""
        try:
            with self._path_of(name).open("rb") as file:
                file.seek(offset)
                return exactly(file.read(length), length, name, offset)
        except OSError as error:
            raise StoreError(
                f"{name} cannot be read in {self._folder}: {error.strerror}. "
                "Take it from another copy."
            ) from error

    def find_size(self, name: str) -> int | None:
        """The file's length in bytes, or None."""
        self._require_there()
        try:
            return self._path_of(name).stat().st_size
        except FileNotFoundError:
            return None

    def list_objects(self, prefix: str = "") -> Iterator[StoredObject]:
        """All files whose names in the folder begin so, but no half-written one."""
        self._require_there()
        paths = (path for path in self._folder.rglob("*") if path.is_file())
        named = sorted((path.relative_to(self._folder).as_posix(), path) for path in paths)
        for name, path in named:
            if name.startswith(prefix) and _NAME.fullmatch(name):
                yield StoredObject(name=name, size_bytes=path.stat().st_size)

    def set_aside(self, name: str) -> str:
        """Rename a file into the folder `damaged`."""
        aside = free_name_aside(name, self.find_size)
        path, target = self._path_of(name), self._path_of(aside)
        try:
            _make_folder(target.parent)
            path.rename(target)
            sync_folder(target.parent)
            sync_folder(path.parent)
        except OSError as error:
            raise StoreError(
                f"{name} cannot be renamed in {self._folder}: {error.strerror}. Look at that disk."
            ) from error
        return aside

    def abilities(self) -> Abilities:
        """A name is given by a hard link, which takes it from nobody; a folder does no more."""
        self._require_there()
        return Abilities(refuses_overwriting=True, keeps_versions=False, locks_objects=False)

    def _require_there(self) -> None:
        if self._must_exist and not self._folder.is_dir():
            raise StoreError(
                f"The store's folder {self._folder} is not there. Mount its disk, or make it."
            )

    def _path_of(self, name: str) -> Path:
        return self._folder / checked_name(name)


def checked_name(name: str) -> str:
    """The name, if an object may have it.

    Raises:
        StoreError: it has other letters, or leads out of the store.
    """
    if not _NAME.fullmatch(name):
        raise StoreError(f"{name!r} is no name of an object: letters, digits, . _ - and / only.")
    return name


def free_name_aside(name: str, find_size: Callable[[str], int | None]) -> str:
    """A name for a damaged object that no other has."""
    number = 1
    while find_size(aside := f"damaged/{number}/{name}") is not None:
        number += 1
    return aside


def exactly(found: bytes, length: int, name: str, offset: int) -> bytes:
    """The bytes found, if they are as many as were asked for.

    Raises:
        StoreError: the object ends before.
    """
    if len(found) != length:
        raise StoreError(
            f"{name} has {len(found)} bytes at byte {offset} where {length} were asked for. "
            "Take it from another copy."
        )
    return found


def holds_other_bytes(name: str, place: str) -> StoreError:
    """The error for an object that is there and is not what it should be."""
    return StoreError(
        f"{place} holds an object {name} with other bytes; it was left as it is. "
        "Compare the two, and rename or remove the wrong one by hand."
    )


def is_not_what_was_said(path: Path, sha256: str) -> StoreError:
    """The error for a file to be stored that does not have its digest."""
    return StoreError(
        f"{path} does not have the SHA-256 {sha256} that it was sealed with; it was not stored. "
        "Run `salname verify`."
    )


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, durably."""
    if not folder.exists():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def _copy_durably(path: Path, part: Path, sha256: str) -> None:
    fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC, 0o644)
    try:
        with path.open("rb") as file:
            digest = hashlib.sha256()
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
                write_all(fd, chunk)
        if digest.hexdigest() != sha256:
            raise is_not_what_was_said(path, sha256)
        os.fchmod(fd, 0o444)
        os.fsync(fd)
    finally:
        os.close(fd)


def _give_name(part: Path, target: Path) -> None:
    """Give a finished file its name, never taking it from another."""
    try:
        os.link(part, target)
    except FileExistsError:
        return  # another put of it was faster; its bytes are looked at next
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        part.rename(target)


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
