"""Content codings undone with a limit: the crawl and a rebuild get the same bytes from a body.

Publishers lie: a body may be cut, may not have the coding that its header names, or may be a bomb.
Nothing here raises; what went wrong is said in a phrase.

Source: RFC 9110, section 8.4 (Content-Encoding); RFC 1950, 1952, 7932 (br), 8878 and 9659 (zstd).
"""

import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import brotli
import zstandard

try:
    from isal import isal_zlib as fast_zlib
except ImportError:  # pragma: no cover (no wheel for this machine)
    _IS_FAST = False
else:
    _IS_FAST = True

MAX_CONTENT_BYTES = 64 << 20
_CHUNK_BYTES = 16 * 1024
_GZIP = 31  # window bits, with a gzip header
_ZSTD_WINDOW_BYTES = 8 << 20  # RFC 9659: no more in HTTP


@dataclass(frozen=True, slots=True)
class Content:
    """A body with its codings undone.

    is_cut   there would be more: the limit was reached
    trouble  what was wrong with the body, such as `gzip: ends too early`, or None; `body` is then
             what could be had, or the bytes as received where the coding was not theirs
    """

    body: bytes
    is_cut: bool = False
    trouble: str | None = None


def content_of(
    headers: tuple[tuple[str, str], ...], body: bytes, *, limit_bytes: int = MAX_CONTENT_BYTES
) -> Content:
    """The body with the codings of all its Content-Encoding headers undone, last one first."""
    codings = [
        word.strip().lower()
        for name, value in headers
        if name.lower() == "content-encoding"
        for word in value.split(",")
    ]
    content = Content(body)
    for coding in reversed(codings):
        if coding in ("", "identity", "none") or not content.body:
            continue
        content = _undo(coding, content, limit_bytes)
    if len(content.body) > limit_bytes:
        return Content(content.body[:limit_bytes], is_cut=True, trouble=content.trouble)
    return content


def _undo(coding: str, content: Content, limit_bytes: int) -> Content:
    decode = _DECODERS.get(coding)
    if decode is None:
        return Content(content.body, content.is_cut, f"unknown coding {coding[:40]!r}")
    plain, trouble = decode(content.body, limit_bytes + 1)
    if not plain and trouble:
        return Content(content.body, content.is_cut, f"{coding}: {trouble}")
    is_cut = content.is_cut or len(plain) > limit_bytes
    said = content.trouble or (f"{coding}: {trouble}" if trouble and not is_cut else None)
    return Content(plain, is_cut, said)


def _gunzip(body: bytes, limit: int) -> tuple[bytes, str | None]:
    plain, trouble, rest = _inflate(body, _GZIP, limit)
    while rest[:2] == b"\x1f\x8b" and trouble is None and len(plain) < limit:
        more, trouble, rest = _inflate(rest, _GZIP, limit - len(plain))
        plain += more
    return plain, trouble


def _undeflate(body: bytes, limit: int) -> tuple[bytes, str | None]:
    """With the zlib wrapper that the standard asks for, or without, as some servers send it."""
    plain, trouble, _ = _inflate(body, 15, limit)
    if not plain and trouble:
        plain, trouble, _ = _inflate(body, -15, limit)
    return plain, trouble


def _inflate(body: bytes, window_bits: int, limit: int) -> tuple[bytes, str | None, bytes]:
    if window_bits == _GZIP and _IS_FAST:
        found = _inflate_with(fast_zlib, body, window_bits, limit)
        if found[1] is None:
            return found  # of a broken stream zlib saves more
    return _inflate_with(zlib, body, window_bits, limit)


def _inflate_with(
    library: ModuleType, body: bytes, window_bits: int, limit: int
) -> tuple[bytes, str | None, bytes]:
    inflater = library.decompressobj(window_bits)
    parts: list[bytes] = []
    room = limit
    try:
        for start in range(0, len(body), _CHUNK_BYTES):
            parts.append(inflater.decompress(body[start : start + _CHUNK_BYTES], room))
            room -= len(parts[-1])
            if inflater.eof:
                rest = inflater.unused_data + body[start + _CHUNK_BYTES :]
                return b"".join(parts), None, rest
            if room <= 0:
                return b"".join(parts), None, b""
    except library.error:
        return b"".join(parts), "broken", b""
    return b"".join(parts), "ends too early", b""


def _unbrotli(body: bytes, limit: int) -> tuple[bytes, str | None]:
    decoder = brotli.Decompressor()
    parts: list[bytes] = []
    room, ahead = limit, body
    try:
        while room > 0:
            parts.append(decoder.process(ahead, output_buffer_limit=room))
            room -= len(parts[-1])
            ahead = b""
            if decoder.is_finished():
                return b"".join(parts), None
            if not parts[-1]:
                return b"".join(parts), "ends too early"
    except brotli.error:
        return b"".join(parts), "broken"
    return b"".join(parts), None


def _unzstd(body: bytes, limit: int) -> tuple[bytes, str | None]:
    decoder = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES)
    parts: list[bytes] = []
    room = limit
    try:
        with decoder.stream_reader(io.BytesIO(body), read_across_frames=True) as reader:
            while room > 0 and (part := reader.read(min(room, _CHUNK_BYTES * 4))):
                parts.append(part)
                room -= len(part)
    except zstandard.ZstdError:
        return b"".join(parts), "broken"
    return b"".join(parts), None if parts else "ends too early"


_DECODERS: dict[str, Callable[[bytes, int], tuple[bytes, str | None]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
