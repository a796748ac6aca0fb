"""An archive is a folder: where its parts lie, and who may write to it."""

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.disk import whole_file, write_all, write_error
from archive.errors import ArchiveLocked, NotAnArchive, WrongUse
from archive.moments import stamp

_TRIES = 3
_ONLOOKER_S = 0.02


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
    def cache_path(self) -> Path:
        """The folder of records that were read from a store; it may be removed at any time."""
        return self.path / "cache"

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
        SpoolFull, ArchiveError: the folder cannot be written.
    """
    folder = ArchiveFolder(path=path)
    if folder.settings_path.exists():
        raise WrongUse(f"{path} is an archive already; it was left as it is.")
    if path.is_file() or (path.is_dir() and any(path.iterdir())):
        raise WrongUse(f"{path} is not empty. Name a new or an empty folder.")
    try:
        folder.segments_path.mkdir(parents=True)
        folder.exports_path.mkdir()
        with whole_file(folder.settings_path) as file:
            file.write(settings.encode())
    except OSError as error:
        raise write_error(path, error, "No archive was made.") from error
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
        SpoolFull, ArchiveError: the disk is full, or the folder cannot be written.
    """
    fd = -1
    try:
        fd = os.open(folder.lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        _take(fd)
        os.ftruncate(fd, 0)
        write_all(fd, _claim(purpose))
    except OSError as error:
        if fd >= 0:
            os.close(fd)
        if isinstance(error, BlockingIOError):
            raise ArchiveLocked(_bars(folder, _claim_in(folder))) from error
        raise write_error(folder.lock_path, error, "Nothing was done.") from error
    try:
        yield
    finally:
        with suppress(OSError):  # on a full disk the name of the holder stays, and bars nobody
            os.ftruncate(fd, 0)
        os.close(fd)


@contextmanager
def sending(folder: ArchiveFolder) -> Iterator[bool]:
    """Whether this process is the one that sends; the lock dies with it. It waits for nobody.

    Raises:
        SpoolFull, ArchiveError: the folder cannot be written.
    """
    path = folder.path / "sending.lock"
    try:
        file = path.open("ab")
    except OSError as error:
        raise write_error(path, error, "Nothing was sent.") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who holds the archive's write lock, as it said itself when it took it.

    since    RFC 3339, UTC
    purpose  the command, `salname crawl`
    """

    process: int
    host: str
    since: str
    purpose: str

    @property
    def sentence(self) -> str:
        """All of it, as a part of a sentence."""
        return f"process {self.process} on {self.host}, `{self.purpose}`, since {self.since[:19]}Z"


def writer_of(folder: ArchiveFolder) -> Holder | None:
    """Who writes to the archive now; None where nobody does, whatever a killed one left behind."""
    try:
        file = folder.lock_path.open("rb")
    except OSError:
        return None  # nobody ever wrote, or nobody who may not read it can tell
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return _claim_in(folder)
    return None


def _take(fd: int) -> None:
    """Lock the file, past an onlooker who tries it for an instant (`writer_of`).

    Raises:
        BlockingIOError: a writer holds it.
    """
    for _ in range(_TRIES - 1):
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_ONLOOKER_S)
        else:
            return
    fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _claim(purpose: str) -> bytes:
    holder = Holder(
        process=os.getpid(),
        host=socket.gethostname(),
        since=stamp(datetime.now(UTC)),
        purpose=purpose,
    )
    return json.dumps(asdict(holder)).encode()


def _claim_in(folder: ArchiveFolder) -> Holder | None:
    try:
        return Holder(**json.loads(folder.lock_path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _bars(folder: ArchiveFolder, holder: Holder | None) -> str:
    said = holder.sentence if holder else "another process"
    return f"{folder.path} is being written by {said}. Wait until it has ended."
