"""The rest of a body that is too long for memory: what follows the part of it that is held.

An answer of gigabytes is held in part (`body` of an exchange, `block` of a record). The rest lies
in a file: while it is downloaded in one without a name on the archive's disk, so that a kill
leaves nothing of it, and afterwards in the segment, where it is read in pieces.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from archive.disk import write_all

HELD_BYTES = 20_000_000  # of a record, once unpacked; pages and photos end at 16 MB by default
FIRST_BYTES = 1 << 20  # of a longer one: more than the heads of WARC and HTTP take
_PIECE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What follows the held part of a long body.

    payload_sha256  of the whole body, the held part included; lower-case hex
    pieces          gives its bytes in order, anew at each call; None where nobody kept the way
    """

    size_bytes: int
    payload_sha256: str
    pieces: Callable[[], Iterator[bytes]] | None = field(default=None, repr=False, compare=False)


class TakenBody:
    """Takes a body down as it comes: in memory, or once it is long all but its begin in a file.

    The file goes with the last `Rest` that reads from it.

    size_bytes  how much has come
    """

    def __init__(self, folder: Path, held_bytes: int) -> None:
        """Nothing has come yet.

        folder      on whose disk the rest lies meanwhile
        held_bytes  a longer one is not held
        """
        self.size_bytes = 0
        self._folder = folder
        self._held_bytes = held_bytes
        self._held: list[bytes] = []
        self._spill: _Spill | None = None
        self._sha256 = sha256()

    def append(self, piece: bytes) -> None:
        """Take the next bytes down; raises OSError where the disk does not take them."""
        self.size_bytes += len(piece)
        if not piece:
            return
        if self._spill is None and self.size_bytes <= self._held_bytes:
            self._held.append(piece)
            return
        if self._spill is None:
            self._spill = _Spill(self._folder)
            begin = b"".join(self._held)
            self._held = [begin[:FIRST_BYTES]]
            self._sha256.update(begin)
            self._spill.append(begin[FIRST_BYTES:])
        self._spill.append(piece)
        self._sha256.update(piece)

    def parts(self) -> tuple[bytes, Rest | None]:
        """The held part and, of a long one, the rest; nothing may be appended any more."""
        held = b"".join(self._held)
        if self._spill is None:
            return held, None
        return held, Rest(
            size_bytes=self._spill.size_bytes,
            payload_sha256=self._sha256.hexdigest(),
            pieces=self._spill.pieces,
        )


class _Spill:
    """A file without a name, closed when nobody knows it any more."""

    def __init__(self, folder: Path) -> None:
        self.size_bytes = 0
        with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
            self._fd = os.dup(file.fileno())

    def __del__(self) -> None:
        if (fd := getattr(self, "_fd", None)) is not None:
            os.close(fd)

    def append(self, piece: bytes) -> None:
        write_all(self._fd, piece)
        self.size_bytes += len(piece)

    def pieces(self) -> Iterator[bytes]:
        for at in range(0, self.size_bytes, _PIECE_BYTES):
            yield os.pread(self._fd, min(_PIECE_BYTES, self.size_bytes - at), at)
