"""Which stores an archive has, as its `salname.toml` says, and the stores themselves.

The `[store]` section is the first; each `[[stores]]` is a further copy of every sealed segment.

No key and no password stands in the settings: an S3 store takes them from the environment or
boto3's other usual places.
"""

import functools
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from archive.copies import Copies
from archive.errors import ConfigurationError
from archive.folder import ArchiveFolder
from archive.objects import FolderStore, ObjectStore


def _setting(default: Any, says: str) -> Any:
    return field(default=default, metadata={"says": says})


@dataclass(frozen=True, slots=True, kw_only=True)
class CopySettings:
    """One place that takes every sealed segment."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    kind: str = _setting(
        "",
        "Where sealed segments are copied to at the end of each run: folder, s3, or empty for\n"
        "nowhere. Keys of an S3 server come from the environment (AWS_ACCESS_KEY_ID and\n"
        "AWS_SECRET_ACCESS_KEY) or from AWS's own files, never from here.",
    )
    path: str = _setting(
        "", "Of a folder: another disk, that is there when it is mounted. It must exist."
    )
    bucket: str = _setting("", "Of s3: the bucket's name. It must exist.")
    endpoint: str = _setting("", "Of s3: the server's URL; empty: Amazon's own.")
    region: str = _setting("", "Of s3: the region; empty: us-east-1.")
    profile: str = _setting(
        "", "Of s3: the profile of AWS's files that has the keys; empty: the usual places."
    )
    prefix: str = _setting(
        "", "Of s3: what the keys begin with, such as press/; each archive has its own."
    )
    storage_class: str = _setting(
        "", "Of s3: such as STANDARD_IA; empty: the bucket's own. No class that must be thawed."
    )
    lock_days: float = _setting(
        0.0,
        "Of s3: days for which Object Lock keeps each new object from being removed; 0: the\n"
        "bucket's own rule. The bucket must have been made with Object Lock.",
    )
    lock_mode: str = _setting(
        "COMPLIANCE", "Of s3: COMPLIANCE, which nobody can lift, or GOVERNANCE."
    )
    ca_bundle: str = _setting(
        "", "Of s3: PEM file of the authorities of the server's certificate; empty: the usual ones."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings(CopySettings):
    """Where sealed segments go, and how long they stay here too."""

    keep_days: float = _setting(
        30.0,
        "Days for which a segment that is stored stays in segments/ too. What is older is read\n"
        "from the store, by range. A large number keeps both copies for ever.",
    )
    wait_bytes: int = _setting(
        100_000_000_000,
        "Bytes of sealed segments that may wait here for a store that is away. A crawl that ends\n"
        "with more than half of them says so; one that begins with more first tries to send, then\n"
        "refuses. 0: as much as the disk takes.",
    )
    cache_bytes: int = _setting(
        1_000_000_000,
        "Bytes of records from the store that the archivists' pages keep in cache/; what was not\n"
        "used for the longest time goes first. 0: none.",
    )


def store_settings_of(folder: ArchiveFolder) -> StoreSettings:
    """The `[store]` section of an archive's settings.

    Raises:
        ConfigurationError: the file is not TOML, or the section says what it may not.
    """
    said = _said_in(folder)
    return _taken(StoreSettings, said.get("store", {}), f"{folder.settings_path}: store")


def find_store(folder: ArchiveFolder) -> ObjectStore | None:
    """The archive's store, or all of its stores as one, or None where it has none.

    Nothing is sent yet.

    Raises:
        ConfigurationError: the settings do not say enough of it.
    """
    stores = find_stores(folder)
    return Copies(stores) if len(stores) > 1 else stores[0] if stores else None


def find_stores(folder: ArchiveFolder) -> tuple[ObjectStore, ...]:
    """The archive's stores, in the order of its settings; nothing is sent yet.

    Raises:
        ConfigurationError: the settings do not say enough of one.
    """
    further = _said_in(folder).get("stores", [])
    if not isinstance(further, list):
        raise ConfigurationError(
            f"{folder.settings_path}: stores: write [[stores]], once for each further store"
        )
    first = store_settings_of(folder)
    places: list[tuple[str, CopySettings]] = [("store", first)] if first.kind else []
    for number, said in enumerate(further):
        where = f"stores.{number}"
        places.append((where, _taken(CopySettings, said, f"{folder.settings_path}: {where}")))
    return tuple(_store_with(where, settings, folder.path) for where, settings in places)


def _said_in(folder: ArchiveFolder) -> dict[str, Any]:
    try:
        return tomllib.loads(folder.settings_path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:  # no TOML, or no UTF-8
        raise ConfigurationError(f"{folder.settings_path}: {error}") from error


_Settings = TypeVar("_Settings", bound=CopySettings)


def _taken(kind: type[_Settings], said: Any, where: str) -> _Settings:
    try:
        unknown = sorted(set(said) - {each.name for each in fields(kind)})
        settings = kind(**{name: said[name] for name in said if name not in unknown})
    except (ValueError, TypeError, AttributeError) as error:
        raise ConfigurationError(f"{where}: {error}") from error
    if unknown:
        raise ConfigurationError(f"{where}.{unknown[0]}: unknown key")
    return settings


@functools.lru_cache(maxsize=8)  # a client of boto3's takes 50 ms to make
def _store_with(where: str, settings: CopySettings, archive: Path) -> ObjectStore:
    if settings.kind == "folder" and settings.path:
        return FolderStore(archive / settings.path, must_exist=True)
    if settings.kind == "s3" and settings.bucket:
        return _s3_store_with(settings, archive)
    needs = {"folder": "path", "s3": "bucket"}.get(settings.kind)
    raise ConfigurationError(
        f"salname.toml: a store of kind {settings.kind} needs {where}.{needs}"
        if needs
        else f"salname.toml: {where}.kind: {settings.kind!r} is not one of folder, s3"
    )


def _s3_store_with(settings: CopySettings, archive: Path) -> ObjectStore:
    from archive.s3 import Connection, NewObjects, S3Store  # boto3 takes 0.3 s to import

    return S3Store(
        bucket=settings.bucket,
        endpoint=settings.endpoint or None,
        prefix=settings.prefix,
        connection=Connection(
            region=settings.region or None,
            profile=settings.profile or None,
            ca_bundle=archive / settings.ca_bundle if settings.ca_bundle else None,
        ),
        new_objects=NewObjects(
            storage_class=settings.storage_class or None,
            lock_days=settings.lock_days,
            lock_mode=settings.lock_mode,
        ),
    )
