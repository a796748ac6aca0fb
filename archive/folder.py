"""An archive is a folder: where its parts lie, and who may write to it."""

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.errors import ArchiveLocked, NotAnArchive, WrongUse
from archive.moments import stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveFolder:
    """The paths of one archive; `find` checks that it is one, `create` makes it."""

    path: Path

    @property
    def settings_path(self) -> Path:
        """The settings file, whose presence makes a folder an archive."""
        return self.path / "salname.toml"

    @property
    def catalogue_path(self) -> Path:
        """The SQLite catalogue; absent until the first crawl."""
        return self.path / "catalogue.sqlite"

    @property
    def segments_path(self) -> Path:
        """The folder of WARC segments: the truth."""
        return self.path / "segments"

    @property
    def search_path(self) -> Path:
        """The folder of the search index."""
        return self.path / "search"

    @property
    def exports_path(self) -> Path:
        """The folder that exports are written to unless told otherwise."""
        return self.path / "exports"

    @property
    def lock_path(self) -> Path:
        """The file whose lock the one writer holds."""
        return self.path / "lock"


def create_archive(path: Path, settings: str) -> ArchiveFolder:
    """Make an empty archive at `path`, with the text of its settings file.

    Raises:
        WrongUse: there is an archive already, or the folder holds something else.
    """
    folder = ArchiveFolder(path=path)
    if folder.settings_path.exists():
        raise WrongUse(f"{path} is an archive already; it was left as it is.")
    if path.is_file() or (path.is_dir() and any(path.iterdir())):
        raise WrongUse(f"{path} is not empty. Name a new or an empty folder.")
    folder.segments_path.mkdir(parents=True)
    folder.exports_path.mkdir()
    folder.settings_path.write_text(settings, encoding="utf-8")
    return folder


def find_archive(path: Path) -> ArchiveFolder:
    """The archive at `path`.

    Raises:
        NotAnArchive: the folder is missing or has no salname.toml.
    """
    folder = ArchiveFolder(path=path)
    if not path.is_dir():
        raise NotAnArchive(
            f"There is no folder {path}. Make an archive with `salname init {path}`, "
            "or name yours with --archive DIR."
        )
    if not folder.settings_path.exists():
        raise NotAnArchive(
            f"{path} is not an archive: it has no salname.toml. Make one with `salname init DIR`, "
            "or name yours with --archive DIR."
        )
    return folder


@contextmanager
def locked(folder: ArchiveFolder, purpose: str) -> Iterator[None]:
    """Hold the archive's write lock; it dies with this process, however that ends.

    Raises:
        ArchiveLocked: another process holds it; the text says which, since when, and for what.
    """
    with folder.lock_path.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ArchiveLocked(_holder_of(folder)) from error
        lock.seek(0)
        lock.truncate()
        json.dump(
            {
                "process": os.getpid(),
                "host": socket.gethostname(),
                "since": stamp(datetime.now(UTC)),
                "purpose": purpose,
            },
            lock,
        )
        lock.flush()
        try:
            yield
        finally:
            lock.seek(0)
            lock.truncate()


def _holder_of(folder: ArchiveFolder) -> str:
    try:
        holder = json.loads(folder.lock_path.read_text(encoding="utf-8"))
        said = (
            f"process {holder['process']} on {holder['host']}, "
            f"`{holder['purpose']}`, since {holder['since'][:19]}Z"
        )
    except (ValueError, KeyError):
        said = "another process"
    return f"{folder.path} is being written by {said}. Wait until it has ended."
