"""Reading WARC files that other tools wrote: wget, Browsertrix, Heritrix, warcprox, warcio.

Forgiving where ours is strict: records of WARC 1.0 and 1.1, in gzip members or
zstd frames of one record or of many, or not compressed at all; addresses in angle brackets (wget); lines that end in a bare line
feed. Damage costs the records that it touches, and reading goes on behind it.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from archive.errors import WrongUse
from archive.members import End, Tear, walk_pieces
from archive.rest import FIRST_BYTES, HELD_BYTES, Rest
from archive.warc import Record, RecordType
from archive.zstd_frames import DICTIONARY_MAGIC, MAGIC, walk_frames

_MAGIC = b"\x1f\x8b\x08"
_CHUNK_BYTES = 1 << 20
_MAX_HEAD_BYTES = 1 << 16
_BEGIN = re.compile(rb"WARC/1\.[01]\r?\n")
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_Walk = Callable[[BinaryIO, int], Iterator[bytes | End | Tear]]
_LINE = re.compile(r"\r?\n(?![ \t])")


@dataclass(frozen=True, slots=True)
class Unread:
    """Bytes of a foreign file that are no whole record, and why."""

    why: str


def walk_foreign(path: Path) -> Iterator[Record | Unread]:
    """Every record that can be read in a WARC file, in order, and what could not.

    Raises:
        WrongUse: it is no WARC file, or one that is compressed in another way.
    """
    with path.open("rb") as file:
        begin = file.read(16)
        if begin.startswith(_MAGIC):
            yield from _records_in(_unpacked(file, walk_pieces, _MAGIC))
        elif begin.startswith((MAGIC, DICTIONARY_MAGIC)):
            yield from _records_in(_unpacked(file, walk_frames, MAGIC))
        elif _BEGIN.match(begin):
            file.seek(0)
            yield from _records_in(iter(lambda: file.read(_CHUNK_BYTES), b""))
        else:
            raise WrongUse(f"{path} is no WARC file: it begins with {begin[:8]!r}.")


def _unpacked(file: BinaryIO, walk: _Walk, magic: bytes) -> Iterator[bytes | Unread]:
    """What gzip members or zstd frames hold, in order; after a broken one it goes on at the next.

    A member is given when it is whole, and one that is too long to be held piece by piece.
    """
    offset: int | None = 0
    while offset is not None:
        tear, held, size = None, deque[bytes](), 0
        for step in walk(file, offset):
            if isinstance(step, Tear):
                tear = step
                continue
            if isinstance(step, bytes):
                held.append(step)
                size += len(step)
            if isinstance(step, End) or size > HELD_BYTES:
                while held:
                    yield held.popleft()
            if isinstance(step, End):
                size = 0
        if tear is None:
            return
        yield Unread(f"byte {tear.offset}: {tear.why}")
        offset = _next_member(file, tear.offset + 1, magic)


def _next_member(file: BinaryIO, offset: int, magic: bytes) -> int | None:
    """Where the next member or frame may begin; None at the end of the file."""
    file.seek(offset)
    kept = b""
    while chunk := file.read(_CHUNK_BYTES):
        kept += chunk
        if (found := kept.find(magic)) >= 0:
            return offset + found
        offset += len(kept) - (len(magic) - 1)
        kept = kept[1 - len(magic) :]
    return None


def _records_in(pieces: Iterator[bytes | Unread]) -> Iterator[Record | Unread]:
    held, long = bytearray(), None
    for piece in pieces:
        if isinstance(piece, Unread):
            held.clear()
            long = None
            yield piece
            continue
        held += piece
        while True:
            if long is not None:
                del held[: long.take(held)]
                if long.left:
                    break
                yield long.record()
                long = None
            if (taken := _take(held)) is None:
                break
            found, used = taken
            del held[:used]
            if isinstance(found, _Long):
                long = found
            elif found is not None:
                yield found
    if held.strip() or long is not None:
        yield Unread(f"the last {len(held)} bytes are a part of a record")


class _Long:
    """A record that is too long to be held, and of which the first bytes are."""

    def __init__(self, named: dict[str, str], length: int) -> None:
        self._named = named
        self._first = b""
        self._size_bytes = length
        self.left = length

    def take(self, held: bytearray) -> int:
        """Take what belongs to it off the begin of these bytes; how many those are."""
        size = min(self.left, len(held))
        if len(self._first) < FIRST_BYTES:
            self._first += bytes(held[: min(size, FIRST_BYTES - len(self._first))])
        self.left -= size
        return size

    def record(self) -> Record | Unread:
        """The record, once nothing of it is left; whether its digest is right is not known."""
        rest = Rest(size_bytes=self._size_bytes - len(self._first), payload_sha256="")
        return _record_of(self._named, self._first, rest)


def _take(held: bytearray) -> tuple[Record | Unread | _Long | None, int] | None:
    """The first record and the bytes that it took; None where more bytes are needed.

    Of a long one, the bytes that its head took.
    """
    begin = _BEGIN.search(held)
    if begin is None:
        return (None, len(held) - 10) if len(held) > _MAX_HEAD_BYTES else None
    end = _END_OF_HEAD.search(held, begin.start())
    if end is None:
        if len(held) - begin.start() > _MAX_HEAD_BYTES:
            return Unread("the head of a record does not end"), begin.end()
        return None
    named = _fields_of(bytes(held[begin.end() : end.start()]))
    length = named.get("content-length", "")
    if not (length.isascii() and length.isdigit()):
        return Unread("a record does not say its length"), end.end()
    stop = end.end() + int(length)
    if stop - end.end() > HELD_BYTES:
        return _Long(named, stop - end.end()), end.end()
    if len(held) < stop:
        return None
    return _record_of(named, bytes(held[end.end() : stop])), stop


def _fields_of(head: bytes) -> dict[str, str]:
    lines = _LINE.split(head.decode("utf-8", "replace"))
    parted = (line.partition(":") for line in lines)
    return {
        name.strip().lower(): " ".join(value.split())
        for name, colon, value in reversed(list(parted))
        if colon
    }


def _record_of(named: dict[str, str], block: bytes, rest: Rest | None = None) -> Record | Unread:
    try:
        moment = datetime.fromisoformat(named["warc-date"])
        return Record(
            type=RecordType(named["warc-type"].lower()),
            record_id=named["warc-record-id"].strip("<>"),
            date=moment if moment.tzinfo else moment.replace(tzinfo=UTC),
            target_uri=named.get("warc-target-uri", "").strip("<>") or None,
            content_type=named.get("content-type"),
            fields=tuple(
                (name, named[name])
                for name in ("warc-payload-digest", "warc-ip-address", "warc-truncated")
                if named.get(name)
            ),
            block=block,
            rest=rest,
        )
    except (KeyError, ValueError) as error:
        return Unread(f"the head of a record is not usable ({error})")
