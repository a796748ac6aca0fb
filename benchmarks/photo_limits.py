"""How many bits may differ: learnt from one half of a set with a margin, and told of the other.

The pairs of one photograph hang together: two alike photographs bring a hundred pairs that are
taken for the same, or none. So the photographs of a half are drawn anew many times, and a limit is
taken that keeps even a bad drawing, one of twenty, to half of what is allowed.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from archive.photo_hash import (
    CENTRE,
    INNER_VIEWS,
    LIKE_VIEWS,
    MIRROR,
    MOST_CENTRE_BITS,
    MOST_INNER_BITS,
    VIEW_BYTES,
    VIEWS,
    PhotoHash,
    mirrored_bits,
)

Array = np.ndarray[Any, Any]
FALSE = 1e-4
MOST_BITS = 90
_MARGIN = 2
_DRAWINGS = 400
_OF_DRAWINGS = 95  # of 100 keep it
_FAR = 999


def bits_between(hashes: list[PhotoHash]) -> Array:
    """The bits between any two pictures, as `bits_apart` counts them; 999 where one is flat."""
    words = np.frombuffer(b"".join(each.views for each in hashes), dtype=np.uint64)
    views = words.reshape(len(hashes), VIEWS, VIEW_BYTES // 8)

    def between(here: int, there: int) -> Array:
        apart = np.bitwise_count(views[:, None, here] ^ views[None, :, there]).sum(-1)
        return np.asarray(apart, dtype=np.int16)

    inner = np.sort([between(view, view) for view in INNER_VIEWS], axis=0)
    is_alike = (between(CENTRE, CENTRE) <= MOST_CENTRE_BITS) & (inner[-2] <= MOST_INNER_BITS)
    wholes = np.minimum.reduce([between(view, view) for view in (0, *LIKE_VIEWS)])
    turned = views[:, CENTRE] ^ np.frombuffer(mirrored_bits(), dtype=np.uint64)
    centres = np.bitwise_count(views[:, None, CENTRE] ^ turned).sum(-1)
    bits = np.minimum(
        np.where(is_alike, wholes, _FAR),
        np.where(centres <= MOST_CENTRE_BITS, between(MIRROR, 0), _FAR),
    )
    for view in range(MIRROR + 1, VIEWS):
        bits = np.minimum(bits, between(view, 0))
    bits = np.minimum(bits, bits.T)
    is_flat = np.array([each.is_flat for each in hashes])
    bits[is_flat] = bits[:, is_flat] = _FAR
    return bits


@dataclass(frozen=True)
class Strangers:
    """The pairs of different pictures of a half: how many there are, and how many come near.

    pairs  between any two photographs
    near   the same within each number of bits, up to `MOST_BITS`, as the last dimension
    """

    pairs: Array
    near: Array

    @cached_property
    def limit(self) -> int:
        """The most bits that may differ, so that few enough strangers are taken for the same."""
        chance = np.random.default_rng(1)
        count = len(self.pairs)
        drawn = chance.integers(0, count, (_DRAWINGS, count))
        weights = np.stack([np.bincount(each, minlength=count) for each in drawn]).astype(float)
        of = np.einsum("di,ij,dj->d", weights, self.pairs, weights, optimize=True)
        false = np.einsum("di,ijb,dj->db", weights, self.near, weights, optimize=True)
        of[of == 0] = np.inf  # a drawing of one photograph alone has no strangers
        rates = np.percentile(false / of[:, None], _OF_DRAWINGS, axis=0)
        return _even(np.flatnonzero(rates <= FALSE / _MARGIN)[-1])

    @property
    def none(self) -> int:
        """The most bits that may differ, so that none of these is taken for the same."""
        return _even(np.flatnonzero(self.near.sum(axis=(0, 1)) == 0)[-1])

    def counts(self, most_bits: int) -> tuple[int, int]:
        """How many are taken for the same, and of how many."""
        return round(self.near[:, :, most_bits].sum() / 2), round(self.pairs.sum() / 2)


def _even(bits: int) -> int:
    """Half the bits of every view are set, so that two differ in an even number of them."""
    return int(bits) // 2 * 2


def strangers(owners: list[int], bits: Array, is_negative: Array) -> Strangers:
    """Count the different pictures by the photographs that they were made of."""
    ids, place = np.unique(owners, return_inverse=True)
    pairs = np.zeros((len(ids), len(ids)))
    near = np.zeros((len(ids), len(ids), MOST_BITS + 1))
    rows, columns = np.nonzero(is_negative)
    np.add.at(pairs, (place[rows], place[columns]), 1)
    rows, columns = np.nonzero(is_negative & (bits <= MOST_BITS))
    np.add.at(near, (place[rows], place[columns], bits[rows, columns]), 1)
    near = near.cumsum(axis=2)
    return Strangers(pairs + pairs.T, near + near.transpose(1, 0, 2))
