"""Records that were read from a store, kept here for a while: bounded, and the oldest use goes first.

Each is a file of its own that gets its name when it is whole, so that any number of processes may
read, add and let go at once. It is a view: it may be removed at any time. What it gives is held
against the record's digest by whoever reads, like what comes from the store.
"""

import contextlib
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from archive.warc import Location

_KEPT_SHARE = 7 / 8  # of the limit, after letting go
_UNSEEN_SHARE = 1 / 16  # of the limit, that a process adds before it looks again: room for two
_LARGEST_SHARE = 1 / 16  # of the limit: one video must not push everything out


@dataclass(slots=True)
class RangeCache:
    """The files in a folder, together at most `limit_bytes`; 0 keeps none.

    A cache that cannot be read or written (another user's, a full disk) is no error: the store is.
    """

    folder: Path
    limit_bytes: int
    _added_bytes: int | None = None  # since this process looked; None: it has not looked yet

    def find(self, location: Location) -> bytes | None:
        """What was kept of a location, or None; it counts as used now."""
        path = self._path_of(location)
        try:
            kept = path.read_bytes()
        except OSError:
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return kept

    def keep(self, location: Location, member: bytes) -> None:
        """Keep the bytes of a location, and let go of what was not used for the longest time."""
        if len(member) > self.limit_bytes * _LARGEST_SHARE:
            return
        with contextlib.suppress(OSError):
            self.folder.mkdir(exist_ok=True)
            fd, part = tempfile.mkstemp(dir=self.folder, prefix=".", suffix=".part")
            try:
                with os.fdopen(fd, "wb") as file:
                    file.write(member)
                Path(part).replace(self._path_of(location))
            except OSError:
                Path(part).unlink(missing_ok=True)
                raise
            if self._added_bytes is None:
                self._let_go()
            self._added_bytes = (self._added_bytes or 0) + len(member)
            if self._added_bytes > self.limit_bytes * _UNSEEN_SHARE:
                self._let_go()

    def forget(self, location: Location) -> None:
        """Remove what does not match its digest."""
        with contextlib.suppress(OSError):
            self._path_of(location).unlink(missing_ok=True)

    def _path_of(self, location: Location) -> Path:
        place = f"{location.segment} {location.offset} {location.length}"
        return self.folder / hashlib.sha256(place.encode()).hexdigest()

    def _let_go(self) -> None:
        self._added_bytes = 0
        files = []
        for path in self.folder.iterdir():
            with contextlib.suppress(FileNotFoundError):  # another process let go of it
                seen = path.stat()
                files.append((seen.st_mtime_ns, seen.st_size, path))
        total = sum(size_bytes for _, size_bytes, _ in files)
        for _, size_bytes, path in sorted(files):
            if total <= self.limit_bytes * _KEPT_SHARE:
                return
            path.unlink(missing_ok=True)
            total -= size_bytes
