"""Which store an archive has: the `[store]` section of its `salname.toml`, and the store itself.

No key and no password stands in the settings: an S3 store takes them from the environment or
boto3's other usual places.
"""

import functools
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar

from archive.errors import ConfigurationError
from archive.folder import ArchiveFolder
from archive.objects import FolderStore, ObjectStore


def _setting(default: Any, says: str) -> Any:
    return field(default=default, metadata={"says": says})


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """Where sealed segments go."""

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
    prefix: str = _setting(
        "", "Of s3: what the keys begin with, such as press/; each archive has its own."
    )
    storage_class: str = _setting(
        "", "Of s3: such as STANDARD_IA; empty: the bucket's own. No class that must be thawed."
    )
    keep_days: float = _setting(
        30.0,
        "Days for which a segment that is in the store stays in segments/ too. What is older is\n"
        "read from the store, by range. A large number keeps both copies for ever.",
    )


def store_settings_of(folder: ArchiveFolder) -> StoreSettings:
    """The `[store]` section of an archive's settings.

    Raises:
        ConfigurationError: the file is not TOML, or the section says what it may not.
    """
    try:
        text = folder.settings_path.read_text(encoding="utf-8")
        said = tomllib.loads(text).get("store", {})
        unknown = sorted(set(said) - {each.name for each in fields(StoreSettings)})
        settings = StoreSettings(**{name: said[name] for name in said if name not in unknown})
    except FileNotFoundError:
        return StoreSettings()
    except (ValueError, TypeError, AttributeError) as error:
        raise ConfigurationError(f"{folder.settings_path}: {error}") from error
    if unknown:
        raise ConfigurationError(f"{folder.settings_path}: store.{unknown[0]}: unknown key")
    return settings


def find_store(folder: ArchiveFolder) -> ObjectStore | None:
    """The archive's store, or None where it has none; nothing is sent yet.

    Raises:
        ConfigurationError: the settings do not say enough of it.
    """
    return _store_with(store_settings_of(folder), folder.path)


@functools.lru_cache(maxsize=8)  # a client of boto3's takes 50 ms to make
def _store_with(settings: StoreSettings, archive: Path) -> ObjectStore | None:
    if not settings.kind:
        return None
    if settings.kind == "folder" and settings.path:
        return FolderStore(archive / settings.path, must_exist=True)
    if settings.kind == "s3" and settings.bucket:
        from archive.s3 import S3Store  # boto3 takes 0.3 s to import

        return S3Store(
            bucket=settings.bucket,
            endpoint=settings.endpoint or None,
            prefix=settings.prefix,
            region=settings.region or None,
            storage_class=settings.storage_class or None,
        )
    needs = {"folder": "store.path", "s3": "store.bucket"}.get(settings.kind)
    raise ConfigurationError(
        f"salname.toml: a store of kind {settings.kind} needs {needs}"
        if needs
        else f"salname.toml: store.kind: {settings.kind!r} is not one of folder, s3"
    )
