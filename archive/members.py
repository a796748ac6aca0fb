"""Gzip members: every record of a segment is one, and nothing outside this room knows how.

Members are made with ISA-L where it is installed (7 times zlib's speed for 6 % more bytes) and
always proved with zlib, which is another implementation: it must reach the end of the member,
where the CRC and the length stand. warcio and FastWARC give back a cut member as if it were whole.

Source: RFC 1952, section 2.2 (members); ISO 28500:2017, Annex D (one member a record).
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

try:
    from isal.isal_zlib import compress as _isal_compress
except ImportError:  # pragma: no cover (no wheel for this machine)
    _HAS_ISAL = False
else:
    _HAS_ISAL = True

MAX_PLAIN_BYTES = 1 << 30  # of one member; above it a member is taken for a bomb
_GZIP_WINDOW_BITS = 31
_ISAL_LEVEL = 2
_ZLIB_LEVEL = 6
_CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """One whole member: where it lies in its file, in bytes, and what it holds."""

    offset: int
    length: int
    plain: bytes


@dataclass(frozen=True, slots=True)
class Tear:
    """The first byte after the last whole member, and why no whole member is there."""

    offset: int
    why: str


def isal_member(plain: bytes) -> bytes:
    """One gzip member by ISA-L; the header's time is 0, so the same bytes give the same member."""
    return _isal_compress(plain, _ISAL_LEVEL, _GZIP_WINDOW_BITS)


def zlib_member(plain: bytes) -> bytes:
    """One gzip member by zlib; the header's time is 0."""
    return zlib.compress(plain, _ZLIB_LEVEL, wbits=_GZIP_WINDOW_BITS)


member_of = isal_member if _HAS_ISAL else zlib_member


def walk_members(file: BinaryIO, offset: int) -> Iterator[Member | Tear]:
    """Every whole member from `offset` on; a Tear comes last where the file does not end whole.

    One member is in memory at a time. `offset` must be where a member begins.
    """
    file.seek(offset)
    ahead = file.read(_CHUNK_BYTES)
    while ahead:
        inflater = zlib.decompressobj(_GZIP_WINDOW_BITS)
        parts: list[bytes] = []
        try:
            length, ahead = _inflate(inflater, file, ahead, parts)
        except zlib.error as error:
            yield Tear(offset, f"no whole gzip member ({error})")
            return
        if not inflater.eof:
            yield Tear(offset, "the file ends inside a gzip member")
            return
        yield Member(offset, length, parts[0] if len(parts) == 1 else b"".join(parts))
        offset += length
        ahead = ahead or file.read(_CHUNK_BYTES)


def plain_of(member: bytes) -> bytes:
    """What one whole member holds.

    Raises zlib.error when these bytes are not exactly one whole member.
    """
    inflater = zlib.decompressobj(_GZIP_WINDOW_BITS)
    plain = inflater.decompress(member, MAX_PLAIN_BYTES)
    if not inflater.eof or inflater.unused_data:
        raise zlib.error("not exactly one whole gzip member")
    return plain


def _inflate(
    inflater: "zlib._Decompress", file: BinaryIO, ahead: bytes, parts: list[bytes]
) -> tuple[int, bytes]:
    """Fill `parts` up to the member's end; the compressed bytes used, and those read beyond it."""
    used, room = 0, MAX_PLAIN_BYTES
    while ahead:
        parts.append(inflater.decompress(ahead, room))
        used += len(ahead)
        room -= len(parts[-1])
        if inflater.eof:
            return used - len(inflater.unused_data), inflater.unused_data
        if room <= 0:
            raise zlib.error(f"it holds more than {MAX_PLAIN_BYTES} bytes")
        ahead = file.read(_CHUNK_BYTES)
    return used, b""
