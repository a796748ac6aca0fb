"""Zstandard frames of WARC files that others wrote: a record each, perhaps with a dictionary.

Source: RFC 8878; "Zstandard Compression for WARC Files 1.0", a proposal of the IIPC's WARC
specifications: a dictionary for all frames stands in a skippable frame at the begin of the file,
and may be compressed itself.
"""

import io
from collections.abc import Iterator
from typing import BinaryIO

import zstandard

from archive.members import End, Tear

MAGIC = b"\x28\xb5\x2f\xfd"
DICTIONARY_MAGIC = b"\x5d\x2a\x4d\x18"
_SKIPPABLE = (0x184D2A50, 0x184D2A5F)
_SLICE_BYTES = 2048  # a decoder unfolds what it is given at once: of so much 64 MB at most
_WINDOW_BYTES = 1 << 27
_MAX_DICTIONARY_BYTES = 64 << 20


def walk_frames(file: BinaryIO, offset: int) -> Iterator[bytes | End | Tear]:
    """What the frames from `offset` on hold, in pieces; behind the last one of each its End.

    A Tear comes last where a frame is broken, or the file does not end whole.
    """
    try:
        decoder = zstandard.ZstdDecompressor(
            dict_data=_dictionary_of(file), max_window_size=_WINDOW_BYTES
        )
    except zstandard.ZstdError as error:
        # At the end, since without the dictionary no frame can be read.
        yield Tear(file.seek(0, io.SEEK_END), f"its dictionary is broken ({error})")
        return
    while head := _read_at(file, offset, 8):
        if (skipped := _skippable_bytes(head)) is not None:
            offset += skipped
            continue
        inflater = decoder.decompressobj()
        file.seek(offset)
        length = 0
        while not inflater.eof:
            if not (ahead := file.read(_SLICE_BYTES)):
                yield Tear(offset, "the file ends inside a zstd frame")
                return
            length += len(ahead)
            try:
                piece = inflater.decompress(ahead)
            except zstandard.ZstdError as error:
                yield Tear(offset, f"no whole zstd frame ({error})")
                return
            if piece:
                yield piece
        length -= len(inflater.unused_data)
        yield End(offset, length)
        offset += length


def _dictionary_of(file: BinaryIO) -> zstandard.ZstdCompressionDict | None:
    head = _read_at(file, 0, 8)
    if not head.startswith(DICTIONARY_MAGIC):
        return None
    size_bytes = min((_skippable_bytes(head) or 8) - 8, _MAX_DICTIONARY_BYTES)
    held = _read_at(file, 8, size_bytes)
    if held.startswith(MAGIC):
        decoder = zstandard.ZstdDecompressor(max_window_size=_WINDOW_BYTES)
        held = decoder.decompress(held, max_output_size=_MAX_DICTIONARY_BYTES)
    return zstandard.ZstdCompressionDict(held)


def _skippable_bytes(head: bytes) -> int | None:
    """The length of a skippable frame that begins so, or None where it is no such frame."""
    first, last = _SKIPPABLE
    if len(head) == 8 and first <= int.from_bytes(head[:4], "little") <= last:
        return 8 + int.from_bytes(head[4:], "little")
    return None


def _read_at(file: BinaryIO, offset: int, size_bytes: int) -> bytes:
    file.seek(offset)
    return file.read(size_bytes)
