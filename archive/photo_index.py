"""Which of many pictures look like one: every hash is looked at, by its sixty-four lowest bits.

These stand in memory, 8 bytes a hash; what comes near is held against the whole hashes. Nothing is
kept on the disk: the catalogue's rows fill the index anew in a second for each million hashes.
`python -m benchmarks.photos --look-ups` measures it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from archive.photo_hash import HASH_BYTES, LIKE_VIEWS, MAYBE_BITS, VIEW_BYTES, VIEWS, bits_apart

MOST_FOUND = 20
_NEAR_BITS = 16  # of the lowest 64
_BATCH = 10_000  # rows, while the index is filled
_BLOCK = 16_384  # pictures, so that a block stays in the processor's cache
_LIKE = list(LIKE_VIEWS)
_WORDS = VIEW_BYTES // 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """A picture that looks like the one asked for, by so many of 256 bits that differ."""

    photo_id: int
    bits: int


class PhotoIndex:
    """The pictures that can be found; pictures with little contrast do not belong in it.

    views_of  the hash of a picture that was added
    """

    def __init__(self, views_of: Callable[[int], bytes]) -> None:
        self._views_of = views_of
        self._ids: list[int] = []
        self._lows = np.empty((VIEWS, _BLOCK), dtype=np.uint64)

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def size_bytes(self) -> int:
        """The memory that the index takes."""
        return int(self._lows.nbytes)

    def add(self, photo_id: int, views: bytes) -> None:
        """Let a picture be found from now on."""
        self.fill([(photo_id, views)])

    def fill(self, rows: Iterable[tuple[int, bytes]]) -> None:
        """Add many pictures; a second for each million of them."""
        left = iter(rows)
        while batch := list(islice(left, _BATCH)):
            start, end = len(self._ids), len(self._ids) + len(batch)
            if end > self._lows.shape[1]:
                grown = np.empty((VIEWS, max(end, start * 3 // 2)), dtype=np.uint64)
                grown[:, :start] = self._lows[:, :start]
                self._lows = grown
            hashes = b"".join(views for _, views in batch)
            assert len(hashes) == len(batch) * HASH_BYTES
            self._lows[:, start:end] = _lows_of(hashes)
            self._ids += [photo_id for photo_id, _ in batch]

    def find(self, views: bytes, most_bits: int = MAYBE_BITS) -> tuple[Alike, ...]:
        """The pictures that differ by so many bits at most, the nearest first, the earliest of
        equals first; 4 ms for a million hashes, 90 for a million pictures."""
        found = [
            Alike(photo_id=photo_id, bits=bits)
            for photo_id in self._near(views)
            if (bits := bits_apart(views, self._views_of(photo_id))) <= most_bits
        ]
        return tuple(sorted(found, key=lambda each: (each.bits, each.photo_id))[:MOST_FOUND])

    def _near(self, views: bytes) -> list[int]:
        asked = _lows_of(views)
        near: list[int] = []
        for start in range(0, len(self._ids), _BLOCK):
            lows = self._lows[:, start : min(start + _BLOCK, len(self._ids))]
            bits = np.minimum(
                np.minimum(
                    np.bitwise_count(lows ^ asked[0]).min(axis=0),
                    np.bitwise_count(lows[_LIKE] ^ asked[_LIKE]).min(axis=0),
                ),
                np.bitwise_count(lows[0] ^ asked).min(axis=0),
            )
            near += [self._ids[start + at] for at in np.flatnonzero(bits <= _NEAR_BITS).tolist()]
        return near


def _lows_of(hashes: bytes) -> "np.ndarray[Any, Any]":
    """The sixty-four lowest frequencies of each view as a number: a row a view, a column a picture."""
    found: np.ndarray[Any, Any] = np.frombuffer(hashes, dtype=np.uint64).reshape(-1, VIEWS, _WORDS)
    return found[:, :, 0].T
